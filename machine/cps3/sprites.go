package cps3

import (
	"encoding/binary"
	"math/bits"
)

// Bits of the first long of a sprite and of a tilemap's entry.
const (
	tileShift   = 17
	tileFlipX   = 1 << 12
	tileFlipY   = 1 << 11
	tileBlend   = 1 << 10
	tileSix     = 1 << 9 // palettes of 64 colours instead of 256
	tilePalette = 0x1ff
)

const (
	tileSide  = 16
	tileBytes = tileSide * tileSide
	tileCount = charSize / tileBytes
)

// pen is how a tile's pixels become colour numbers.
type pen struct {
	base  uint32 // of its palette
	blend uint32 // bits of the pixel that choose another copy of the palette, or 0
	shift uint32 // how far to the left
	also  uint32 // set as well wherever a pixel is blended
}

// newPen: attr has the bits of a tilemap's entry.
func newPen(attr uint32) pen {
	p := pen{base: attr & tilePalette << 8}
	if attr&tileSix != 0 {
		p.base = attr & tilePalette << 6
	}
	if attr&tileBlend != 0 {
		if attr&tileSix != 0 {
			p.blend, p.shift = 15, 13
		} else {
			p.blend, p.shift, p.also = 1, 15, attr&1<<16
		}
	}
	return p
}

// drawSprite draws a sprite of up to 4 x 4 tiles, enlarged or reduced.
// Coordinates grow to the right and upwards.
func (b *board) drawSprite(r *record, tile, pos, shape uint32) {
	sides := [4]int{0, 1, 2, 4}
	nx, ny := sides[shape&3], sides[shape>>2&3]
	w, h := int(shape>>16&0x7f)+1, int(shape>>24&0x7f)+1
	attr := tile
	if r.attr>>30&1 != 0 {
		attr = attr&^tileSix | r.attr>>25&1*tileSix
	}
	if r.attr>>29&1 != 0 {
		attr = attr&^tilePalette | r.attr>>16&tilePalette
	}
	attr |= r.attr >> 26 & 1 * tileBlend
	flipX := (tile&tileFlipX != 0) != (r.attr>>28&1 != 0)
	flipY := (tile&tileFlipY != 0) != (r.attr>>27&1 != 0)

	// From one tile to the next, in 1/65536 pixel.
	xi, yi := w<<16/nx, h<<16/ny
	tw, th := tileExtent(xi), tileExtent(yi)
	if tw == 0 || th == 0 {
		return
	}
	x, y := int(pos>>16&0x3ff), int(pos&0x3ff)
	if flipX {
		x += (nx-1)*xi>>16 - w/2
	} else {
		x += w/2 - nx*xi>>16
	}
	y += h / 2
	if flipY {
		y -= (ny - 1) * yi >> 16
	}
	x += int(r.pos>>16&0x3ff) + int(r.scroll>>16) + 1
	y += int(r.pos&0x3ff) + int(r.scroll&0xffff)
	p := newPen(attr)
	n := tile >> tileShift
	for i := range nx {
		dx := i * xi >> 16
		if flipX {
			dx = -dx
		}
		for j := range ny {
			dy := j * yi >> 16
			if flipY {
				dy = -dy
			}
			src := (*[tileBytes]byte)(b.chars.Mem[n%tileCount*tileBytes:])
			n++
			sx, sy := signed10(x+dx), signed10(0x3ff-17-(y-dy))
			if tw == tileSide && th == tileSide {
				b.canvas.tile(src, sx, sy, flipX, flipY, &p)
			} else {
				b.canvas.zoomedTile(src, sx, sy, tw, th, flipX, flipY, &p)
			}
		}
	}
}

// tileExtent is how many pixels a tile takes, of a step from tile to tile.
func tileExtent(step int) int {
	s := step / tileSide
	if s&0xffff != 0 {
		s += 0x1000
	}
	return (tileSide*s + 0x8000) >> 16
}

// signed10 takes ten bits as a number from -512 to 511.
func signed10(v int) int { return (v&0x3ff ^ 0x200) - 0x200 }

// tile draws a tile in its own size.
func (c *canvas) tile(src *[tileBytes]byte, x, y int, flipX, flipY bool, p *pen) {
	if x <= -tileSide || x >= c.w || y <= -tileSide || y >= c.h {
		return
	}
	for line := max(y, 0); line < min(y+tileSide, c.h); line++ {
		row := line - y
		if flipY {
			row = tileSide - 1 - row
		}
		c.tileRow((*[tileSide]byte)(src[row*tileSide:]), x, line, flipX, p)
	}
}

// tileRow draws a row of a tile; x is above -16.
func (c *canvas) tileRow(src *[tileSide]byte, x, line int, flipX bool, p *pen) {
	left, right := binary.LittleEndian.Uint64(src[:8]), binary.LittleEndian.Uint64(src[8:])
	if left|right == 0 {
		return
	}
	if flipX {
		left, right = bits.ReverseBytes64(right), bits.ReverseBytes64(left)
	}
	out := c.pix[line*pitch+margin+x:][:tileSide]
	if p.blend != 0 {
		blend8((*[8]uint32)(out), left, p)
		blend8((*[8]uint32)(out[8:]), right, p)
		return
	}
	draw8((*[8]uint32)(out), left, p.base)
	draw8((*[8]uint32)(out[8:]), right, p.base)
}

// lanes is a one in each byte.
const lanes = 0x0101010101010101

// draw8 draws eight pixels, of which 0 is transparent.
func draw8(out *[8]uint32, v uint64, base uint32) {
	if v == 0 {
		return
	}
	if (v-lanes)&^v&(0x80*lanes) == 0 {
		out[0], out[1] = base|uint32(v&0xff), base|uint32(v>>8&0xff)
		out[2], out[3] = base|uint32(v>>16&0xff), base|uint32(v>>24&0xff)
		out[4], out[5] = base|uint32(v>>32&0xff), base|uint32(v>>40&0xff)
		out[6], out[7] = base|uint32(v>>48&0xff), base|uint32(v>>56)
		return
	}
	// Without branches, which nobody could predict, and unrolled.
	out[0] = over(out[0], base, uint32(v&0xff))
	out[1] = over(out[1], base, uint32(v>>8&0xff))
	out[2] = over(out[2], base, uint32(v>>16&0xff))
	out[3] = over(out[3], base, uint32(v>>24&0xff))
	out[4] = over(out[4], base, uint32(v>>32&0xff))
	out[5] = over(out[5], base, uint32(v>>40&0xff))
	out[6] = over(out[6], base, uint32(v>>48&0xff))
	out[7] = over(out[7], base, uint32(v>>56))
}

// over is what a pixel becomes under another, of which 0 is transparent.
func over(under, base, n uint32) uint32 {
	keep := uint32(int32(n-1) >> 31)
	return under&keep | (base|n)&^keep
}

func blend8(out *[8]uint32, v uint64, p *pen) {
	for i := range out {
		if n := uint32(v & 0xff); n != 0 {
			out[i] |= n&p.blend<<p.shift | p.also
		}
		v >>= 8
	}
}

// zoomedTile draws a tile in w x h pixels, at most 128 x 128.
func (c *canvas) zoomedTile(src *[tileBytes]byte, x, y, w, h int, flipX, flipY bool, p *pen) {
	left, right := max(x, 0), min(x+w, c.w)
	if left >= right {
		return
	}
	var column [128]uint8
	zoomSteps(column[:w], flipX)
	var rows [128]uint8
	zoomSteps(rows[:h], flipY)
	from := column[left-x : right-x]
	for line := max(y, 0); line < min(y+h, c.h); line++ {
		row := (*[tileSide]byte)(src[int(rows[line-y])*tileSide:])
		out := c.pix[line*pitch+margin+left:][:len(from)]
		if p.blend != 0 {
			for i, s := range from {
				if n := uint32(row[s&15]); n != 0 {
					out[i] |= n&p.blend<<p.shift | p.also
				}
			}
			continue
		}
		for i, s := range from {
			if n := uint32(row[s&15]); n != 0 {
				out[i] = p.base | n
			}
		}
	}
}

// zoomSteps computes which of the 16 pixels is shown at each place.
func zoomSteps(out []uint8, flip bool) {
	n := len(out)
	step := tileSide << 16 / n
	at := 0
	if flip {
		at, step = (n-1)*step, -step
	}
	for i := range out {
		out[i] = uint8(at>>16) & 15
		at += step
	}
}
