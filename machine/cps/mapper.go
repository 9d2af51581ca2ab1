package cps

// Types of graphics, as the mapper sees them.
const (
	typeObject  = 0x01
	typeScroll1 = 0x02
	typeScroll2 = 0x04
	typeScroll3 = 0x08
)

// mapping is a mapper's answer for one type of graphics.
type mapping struct {
	shift uint32 // a code in units of 64 bytes is shifted by so much
	tiles uint32 // tiles of this type in the region; codes wrap
	// parts has the bank of each 1024 units: all ranges are whole multiples.
	parts [128]mapperPart
}

type mapperPart struct{ base, mask uint32 } // mask 0: no ROM answers

// unmapped is the answer for a code that no ROM has: all pens are 15.
const unmapped = ^uint32(0)

func (m *mapper) of(kind, shift uint32, regionSize int) mapping {
	out := mapping{shift: shift, tiles: uint32(regionSize) / (64 << shift)}
	for i := range out.parts {
		for _, l := range m.lines {
			if at := uint32(i) << 10; l.types&kind != 0 && at >= l.start && at <= l.end {
				out.parts[i] = mapperPart{l.base, l.mask}
				break // the first that fits
			}
		}
	}
	return out
}

// tile gives the number of the tile that a code stands for, or unmapped.
func (m *mapping) tile(code uint32) uint32 {
	n := m.before(code)
	if n >= m.tiles && n != unmapped {
		n %= m.tiles
	}
	return n
}

// before is tile before the number wraps at the end of the ROM.
func (m *mapping) before(code uint32) uint32 {
	c := code << m.shift
	p := m.parts[c>>10&127]
	if p.mask == 0 {
		return unmapped
	}
	return (p.base + c&p.mask) >> m.shift
}
