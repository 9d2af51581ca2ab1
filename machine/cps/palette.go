package cps

import "encoding/binary"

const (
	pages       = 6 // objects, scroll 1 to 3, stars 1 and 2
	pageSize    = 512
	colours     = pages * pageSize
	backdropPen = colours - 1
)

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
		for i := range pageSize {
			at := (src + uint32(2*i)) & 0x3fffe
			v := uint16(0)
			if at < gfxRAMSize {
				v = binary.BigEndian.Uint16(b.gfxram[at:])
			}
			n := page*pageSize + i
			if b.st.Palette[n] != v {
				b.st.Palette[n] = v
				b.gfx.rgb[n] = colour(v)
				b.gfx.stale[n/16] = 1
			}
		}
		src += 2 * pageSize
	}
}

// colour makes RGB of a palette word: 4 bits of brightness, red, green, blue
// each. Brightness 15 is full, 0 a third.
func colour(v uint16) uint32 {
	bright := uint32(15 + v>>12*2)
	r, g, b := uint32(v>>8&15)*17*bright/45, uint32(v>>4&15)*17*bright/45, uint32(v&15)*17*bright/45
	return r<<16 | g<<8 | b
}

// derivePalette makes all colours anew, after a restore.
func (b *board) derivePalette() {
	for i, v := range b.st.Palette {
		if c := colour(v); b.gfx.rgb[i] != c {
			b.gfx.rgb[i] = c
			b.gfx.stale[i/16] = 1
		}
	}
}
