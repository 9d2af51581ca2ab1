package cps

import (
	"encoding/binary"
	"math/bits"
)

// A canvas is a band of the picture before colours: of each pixel the pen (0 to
// 15) and the number of its palette of 16, a byte each, so that eight pixels
// fit a word of 64 bits and are handled together. Each line has three parts of
// the same length: pens, palettes, and ff where objects are hidden. There is room
// at both sides for tiles that are partly visible.
type canvas [bandH * pitch]byte

const (
	bandH    = 32 // divides screenH
	margin   = 32 // pixels: the widest tile
	part     = margin + screenW + margin
	palettes = part // from a pixel's pen to its palette
	hidden   = 2 * part
	pitch    = 3 * part
)

// at is the place of a pixel's pen: x from -margin, line from 0.
func at(x, line int) int { return line*pitch + margin + x }

// lanes is a one in each byte of a word.
const lanes = 0x01010101_01010101

// hole is how a transparent pixel is stored: pen 15, and bit 7.
const hole = 0x8f

func get(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

func put(b []byte, v uint64) { binary.LittleEndian.PutUint64(b, v) }

// fill gives all pixels a pen, which counts through all palettes.
func (c *canvas) fill(pen uint16) {
	for x := 0; x < part; x += 8 {
		put(c[x:x+8], uint64(pen&15)*lanes)
		put(c[palettes+x:palettes+x+8], uint64(pen>>4)*lanes)
	}
	for line := pitch; line < len(c); line += pitch {
		copy(c[line:], c[:hidden])
	}
}

// hideNothing clears the marks of hidden objects.
func (c *canvas) hideNothing() {
	for line := 0; line < len(c); line += pitch {
		clear(c[line+hidden : line+pitch])
	}
}

// show makes colours of the visible part of a line.
func (c *canvas) show(out []uint32, line int, colour *[4096]uint32) {
	d := at(0, line)
	row := (*[screenW]uint32)(out)
	pens, numbers := (*[screenW]byte)(c[d:]), (*[screenW]byte)(c[d+palettes:])
	for x := 0; x <= screenW-8; x += 8 {
		const even = 0x00ff00ff_00ff00ff
		a, b := get(pens[x:x+8]), get(numbers[x:x+8])
		v, w := a&even|b&even<<4, a>>8&even|b>>8&even<<4
		o := (*[8]uint32)(row[x : x+8])
		o[0], o[1] = colour[v&0xfff], colour[w&0xfff]
		o[2], o[3] = colour[v>>16&0xfff], colour[w>>16&0xfff]
		o[4], o[5] = colour[v>>32&0xfff], colour[w>>32&0xfff]
		o[6], o[7] = colour[v>>48&0xfff], colour[w>>48&0xfff]
	}
}

// showFlipped does the same from right to left.
func (c *canvas) showFlipped(out []uint32, line int, colour *[4096]uint32) {
	d := at(0, line)
	pens, numbers := c[d:d+screenW], c[d+palettes:d+palettes+screenW]
	for x := range screenW {
		out[screenW-1-x] = colour[uint32(numbers[x])<<4|uint32(pens[x]&15)]
	}
}

// set changes one pixel.
func (c *canvas) set(x, line int, pen uint16) {
	d := at(x, line)
	c[d], c[d+palettes] = uint8(pen&15), uint8(pen>>4)
}

// A stamp is a rectangle of graphics that goes onto a canvas.
type stamp struct {
	lines   []uint64
	from    int   // element of lines with the first eight pixels
	stride  int   // elements from a line to the next
	words   int   // of eight pixels in a line
	h       int   // lines
	flipX   bool  // the words, and the pixels in them, are in the opposite order
	palette uint8 // number of its palette of 16
}

// column is the place in lines at which the k-th eight pixels of a line begin.
func (s *stamp) column(k int) int {
	if s.flipX {
		k = s.words - 1 - k
	}
	return s.from + k
}

// The loops below go down a column of eight pixels. What is left of the canvas
// is a slice that gets shorter, and a line's part of it an array: so there is
// one check of bounds a line, and all that is needed stays in registers.

// column of the canvas at place d: to the end of the stamp's last line.
func (s *stamp) below(c *canvas, d, last int) []byte {
	return c[d : d+(s.h-1)*pitch+last+8]
}

// draw puts a stamp without holes at place d.
func (s *stamp) draw(c *canvas, d int) {
	palette := uint64(s.palette) * lanes
	lines, stride, flipX := s.lines, s.stride, s.flipX
	for k := range s.words {
		from, to := s.column(k), s.below(c, d+8*k, palettes)
		for {
			q := lines[from]
			from += stride
			if flipX {
				q = bits.ReverseBytes64(q)
			}
			p := (*[palettes + 8]byte)(to)
			put(p[:8], q)
			put(p[palettes:], palette)
			if len(to) < pitch {
				break
			}
			to = to[pitch:]
		}
	}
}

// drawHoles puts a stamp that may have transparent pixels.
func (s *stamp) drawHoles(c *canvas, d int) {
	palette := uint64(s.palette) * lanes
	lines, stride, flipX := s.lines, s.stride, s.flipX
	for k := range s.words {
		from, to := s.column(k), s.below(c, d+8*k, palettes)
		for {
			q := lines[from]
			from += stride
			if flipX {
				q = bits.ReverseBytes64(q)
			}
			keep := q >> 7 & lanes * 0xff
			p := (*[palettes + 8]byte)(to)
			put(p[:8], get(p[:8])&keep|q&^keep)
			put(p[palettes:], get(p[palettes:])&keep|palette&^keep)
			if len(to) < pitch {
				break
			}
			to = to[pitch:]
		}
	}
}

// drawHidden does the same, and leaves pixels alone that hide objects.
func (s *stamp) drawHidden(c *canvas, d int) {
	palette := uint64(s.palette) * lanes
	lines, stride, flipX := s.lines, s.stride, s.flipX
	for k := range s.words {
		from, to := s.column(k), s.below(c, d+8*k, hidden)
		for {
			q := lines[from]
			from += stride
			if flipX {
				q = bits.ReverseBytes64(q)
			}
			p := (*[hidden + 8]byte)(to)
			keep := q>>7&lanes*0xff | get(p[hidden:])
			put(p[:8], get(p[:8])&keep|q&^keep)
			put(p[palettes:palettes+8], get(p[palettes:palettes+8])&keep|palette&^keep)
			if len(to) < pitch {
				break
			}
			to = to[pitch:]
		}
	}
}

// priorityMask is one of the CPS-B's masks, spread: the pens of two
// neighbouring pixels, of which the lower four bits are the left one, to ff
// where objects are hidden.
type priorityMask [256]uint16

func (t *priorityMask) set(mask uint16) {
	for pens := range t {
		t[pens] = mask>>(pens&15)&1*0xff | mask>>(pens>>4)&1*0xff00
	}
}

// mark marks from place d on where the stamp's pens hide objects.
func (s *stamp) mark(c *canvas, d int, t *priorityMask) {
	for k := range s.words {
		from := s.column(k)
		for line := d; line < d+s.h*pitch; line += pitch {
			q := s.lines[from] & (15 * lanes)
			from += s.stride
			if s.flipX {
				q = bits.ReverseBytes64(q)
			}
			q |= q >> 4 // two pens in every other byte
			p := c[line+hidden : line+hidden+8]
			put(p, uint64(t[q&0xff])|uint64(t[q>>16&0xff])<<16|uint64(t[q>>32&0xff])<<32|uint64(t[q>>48&0xff])<<48)
		}
		d += 8
	}
}
