package cps

import "encoding/binary"

const (
	pages       = 6 // objects, scroll 1 to 3, stars 1 and 2
	pageSize    = 512
	colours     = pages * pageSize
	backdropPen = colours - 1
)

// paletteRAM is the colours as the program wrote them: two bytes each.
type paletteRAM [2 * colours]uint8

// copyPalette is what a write to CPS-A's palette base starts: pages that are
// chosen by the CPS-B's palette control are copied from graphics RAM. The
// source goes on by a page for every page that is copied, and for every page
// after the first copied one.
func (b *board) copyPalette() {
	control := b.cpsb(b.set.cpsb.paletteControl)
	src := uint32(b.st.CPSA[regPaletteBase]) << 8 & 0x3fc00
	copied := false
	for page := range pages {
		if control>>page&1 == 0 {
			if copied {
				src += 2 * pageSize
			}
			continue
		}
		copied = true
		to := b.st.Palette[2*pageSize*page:][:2*pageSize]
		if at := src & 0x3ffff; int(at)+len(to) <= len(b.gfxram) {
			copy(to, b.gfxram[at:])
		} else {
			clear(to) // no RAM there
		}
		src += 2 * pageSize
	}
}

// palette is what is derived from the palette RAM: RGB. It is brought up to
// date when a picture is drawn.
type palette struct {
	of  paletteRAM // what rgb was made from
	rgb [4096]uint32
}

func (p *palette) update(ram *paletteRAM) *[4096]uint32 {
	if p.of == *ram {
		return &p.rgb
	}
	for i := 0; i < len(ram); i += 2 {
		v := binary.BigEndian.Uint16(ram[i : i+2])
		if v != binary.BigEndian.Uint16(p.of[i:i+2]) {
			p.rgb[i/2] = colour(v)
		}
	}
	p.of = *ram
	return &p.rgb
}

// colour makes RGB of a palette word: 4 bits of brightness, red, green, blue
// each. Brightness 15 is full, 0 a third.
func colour(v uint16) uint32 {
	bright := uint32(15 + v>>12*2)
	r, g, b := uint32(v>>8&15)*17*bright/45, uint32(v>>4&15)*17*bright/45, uint32(v&15)*17*bright/45
	return r<<16 | g<<8 | b
}
