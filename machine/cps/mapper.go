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
	lines []mapperLine
	tiles uint32 // tiles of this type in the region; codes wrap
}

// unmapped is the answer for a code that no ROM has: all pens are 15.
const unmapped = ^uint32(0)

func (m *mapper) of(kind, shift uint32, regionSize int) mapping {
	out := mapping{shift: shift, tiles: uint32(regionSize) / (64 << shift)}
	for _, l := range m.lines {
		if l.types&kind != 0 {
			out.lines = append(out.lines, l)
		}
	}
	return out
}

// tile gives the number of the tile that a code stands for, before wrapping,
// or unmapped.
func (m *mapping) tile(code uint32) uint32 {
	c := code << m.shift
	for i := range m.lines {
		l := &m.lines[i]
		if c >= l.start && c <= l.end {
			return (l.base + c&l.mask) >> m.shift
		}
	}
	return unmapped
}
