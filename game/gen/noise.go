package main

import "math"

// rgb is a colour, each component 0 to 1.
type rgb [3]float64

func hex(v uint32) rgb {
	return rgb{float64(v>>16&255) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}
}

func (c rgb) mul(f float64) rgb { return rgb{c[0] * f, c[1] * f, c[2] * f} }
func (c rgb) add(d rgb) rgb     { return rgb{c[0] + d[0], c[1] + d[1], c[2] + d[2]} }

func mix(a, b rgb, t float64) rgb {
	t = clamp(t)
	return rgb{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t, a[2] + (b[2]-a[2])*t}
}

func clamp(v float64) float64 { return math.Max(0, math.Min(1, v)) }

// step rises smoothly from 0 at a to 1 at b.
func step(a, b, v float64) float64 {
	t := clamp((v - a) / (b - a))
	return t * t * (3 - 2*t)
}

// gradient is a colour on a scale with equal distances.
func gradient(t float64, stops ...rgb) rgb {
	t = clamp(t) * float64(len(stops)-1)
	i := min(int(t), len(stops)-2)
	return mix(stops[i], stops[i+1], t-float64(i))
}

// hash is a random number 0 to 1 for a place.
func hash(x, y, seed int) float64 {
	h := uint32(x)*0x8da6b343 ^ uint32(y)*0xd8163841 ^ uint32(seed)*0xcb1ab31f
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h *= 0x297a2d39
	h ^= h >> 15
	return float64(h>>8) / (1 << 24)
}

// noise is value noise with cells of size 1, that repeats after px cells to the
// right.
func noise(x, y float64, px, seed int) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	u, v := x-fx, y-fy
	u, v = u*u*u*(u*(u*6-15)+10), v*v*v*(v*(v*6-15)+10)
	at := func(i, j int) float64 { return hash(((ix+i)%px+px)%px, iy+j, seed) }
	top := at(0, 0) + (at(1, 0)-at(0, 0))*u
	bottom := at(0, 1) + (at(1, 1)-at(0, 1))*u
	return top + (bottom-top)*v
}

// fbm sums octaves of noise; x repeats after the given width.
func fbm(x, y, width float64, cells int, octaves, seed int) float64 {
	sum, amp, total := 0.0, 1.0, 0.0
	for o := range octaves {
		f := float64(int(cells)<<o) / width
		sum += amp * noise(x*f, y*f, cells<<o, seed+o*17)
		total += amp
		amp *= 0.5
	}
	return sum / total
}

// bayer is the threshold of ordered dithering, -0.5 to 0.5.
func bayer(x, y int) float64 {
	v := 0
	for b := range 3 {
		xb, yb := x>>b&1, y>>b&1
		v = v<<2 | (xb^yb)<<1 | yb
	}
	return (float64(v)+0.5)/64 - 0.5
}
