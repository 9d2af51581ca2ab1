package main

import (
	"math"
)

// image is a picture of true colours; pixels of alpha below a half are not
// there.
type image struct {
	w, h  int
	pix   []rgb
	alpha []float64
}

func newImage(w, h int) *image {
	return &image{w: w, h: h, pix: make([]rgb, w*h), alpha: make([]float64, w*h)}
}

// paint sets every pixel.
func (m *image) paint(f func(x, y float64) (rgb, float64)) {
	for y := range m.h {
		for x := range m.w {
			m.pix[y*m.w+x], m.alpha[y*m.w+x] = f(float64(x)+0.5, float64(y)+0.5)
		}
	}
}

// over paints on top of what is there.
func (m *image) over(x, y int, c rgb, a float64) {
	if x < 0 || y < 0 || x >= m.w || y >= m.h || a <= 0 {
		return
	}
	i := y*m.w + x
	if m.alpha[i] < 0.5 {
		m.pix[i], m.alpha[i] = c, a
		return
	}
	m.pix[i] = mix(m.pix[i], c, a)
}

// cpsColor finds the colour word that is nearest: brightness, red, green, blue,
// four bits each.
func cpsColor(c rgb) uint16 {
	best, word := math.Inf(1), uint16(0)
	for b := 15; b >= 0; b-- {
		scale := 17 * float64(15+2*b) / 45
		w, e := uint16(b)<<12, 0.0
		for i := range 3 {
			v := clamp(c[i]) * 255
			n := math.Min(15, math.Round(v/scale))
			d := n*scale - v
			e += d * d
			w |= uint16(n) << (8 - 4*i)
		}
		if e < best-1e-9 {
			best, word = e, w
		}
	}
	return word
}

func fromCPS(w uint16) rgb {
	scale := float64(15+2*int(w>>12)) / 45 / 15
	return rgb{float64(w>>8&15) * scale, float64(w>>4&15) * scale, float64(w&15) * scale}
}

func distance(a, b rgb) float64 {
	r, g, bl := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return 2*r*r + 4*g*g + 3*bl*bl
}

type palette []rgb // up to 15

func (p palette) nearest(c rgb) (int, float64) {
	best, at := math.Inf(1), 0
	for i, q := range p {
		if d := distance(c, q); d < best {
			best, at = d, i
		}
	}
	return at, best
}

// makePalette chooses n colours for pixels: k-means from seeds that are spread
// over the sorted range.
func makePalette(pix []rgb, n int) palette {
	if len(pix) == 0 {
		return palette{{}}
	}
	var p palette
	// The farthest point from all chosen ones, again and again.
	mean := rgb{}
	for _, c := range pix {
		mean = mean.add(c)
	}
	p = append(p, mean.mul(1/float64(len(pix))))
	far := make([]float64, len(pix))
	for i, c := range pix {
		far[i] = distance(c, p[0])
	}
	for len(p) < n {
		at := 0
		for i := range far {
			if far[i] > far[at] {
				at = i
			}
		}
		if far[at] < 1e-6 {
			break
		}
		p = append(p, pix[at])
		for i, c := range pix {
			far[i] = math.Min(far[i], distance(c, pix[at]))
		}
	}
	sum, count := make([]rgb, len(p)), make([]float64, len(p))
	for range 6 {
		clear(sum)
		clear(count)
		for _, c := range pix {
			i, _ := p.nearest(c)
			sum[i] = sum[i].add(c)
			count[i]++
		}
		for i := range p {
			if count[i] > 0 {
				p[i] = sum[i].mul(1 / count[i])
			}
		}
	}
	for i := range p {
		p[i] = fromCPS(cpsColor(p[i]))
	}
	return p
}

// tiled is an image as tiles, each with one of a few palettes.
type tiled struct {
	size     int
	cols     int
	pens     [][]byte // of each tile
	colors   []int    // its palette
	empty    []bool
	palettes []palette
}

// quantize makes tiles of an image with at most n palettes of 15 colours.
func quantize(m *image, size, n int, dither float64) *tiled {
	t := &tiled{size: size, cols: m.w / size}
	rows := m.h / size
	samples := make([][]rgb, t.cols*rows)
	for i := range samples {
		x0, y0 := i%t.cols*size, i/t.cols*size
		for y := range size {
			for x := range size {
				at := (y0+y)*m.w + x0 + x
				if m.alpha[at] >= 0.5 && (size < 32 || (x+y)&1 == 0) {
					samples[i] = append(samples[i], m.pix[at])
				}
			}
		}
	}
	// First the tiles are sorted into groups by mean colour, then by how well a
	// group's palette fits.
	group := make([]int, len(samples))
	var means []rgb
	var of []int
	for i, s := range samples {
		if len(s) == 0 {
			continue
		}
		mean := rgb{}
		for _, c := range s {
			mean = mean.add(c)
		}
		means = append(means, mean.mul(1/float64(len(s))))
		of = append(of, i)
	}
	centres := makePalette(means, n)
	for k, i := range of {
		group[i], _ = centres.nearest(means[k])
	}
	for round := range 4 {
		t.palettes = make([]palette, n)
		for g := range n {
			var all []rgb
			for _, i := range of {
				if group[i] == g {
					all = append(all, samples[i]...)
				}
			}
			if len(all) > 1500 {
				var few []rgb
				for k := 0; k < len(all); k += len(all)/1500 + 1 {
					few = append(few, all[k])
				}
				all = few
			}
			t.palettes[g] = makePalette(all, 15)
		}
		if round == 3 {
			break
		}
		for _, i := range of {
			best := math.Inf(1)
			for g, p := range t.palettes {
				e := 0.0
				for k := 0; k < len(samples[i]); k += len(samples[i])/24 + 1 {
					_, d := p.nearest(samples[i][k])
					e += d
				}
				if e < best {
					best, group[i] = e, g
				}
			}
		}
	}
	for i := range samples {
		x0, y0 := i%t.cols*size, i/t.cols*size
		pens := make([]byte, size*size)
		p := t.palettes[group[i]]
		for y := range size {
			for x := range size {
				at := (y0+y)*m.w + x0 + x
				if m.alpha[at] < 0.5 {
					pens[y*size+x] = 15
					continue
				}
				d := bayer(x, y) * dither
				c := m.pix[at]
				k, _ := p.nearest(rgb{c[0] + d, c[1] + d, c[2] + d})
				pens[y*size+x] = byte(k)
			}
		}
		t.pens = append(t.pens, pens)
		t.colors = append(t.colors, group[i])
		t.empty = append(t.empty, len(samples[i]) == 0)
	}
	return t
}

// words are a palette's 16 colour words.
func (p palette) words() (w [16]uint16) {
	for i, c := range p {
		w[i] = cpsColor(c)
	}
	return w
}
