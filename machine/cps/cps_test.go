package cps

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"arcade/machine"
)

// The table of a mapper's parts says what its lines say, for every code.
func TestMapperPartsAreItsLines(t *testing.T) {
	tables, err := load()
	if err != nil {
		t.Fatal(err)
	}
	const tiles = 0x100000 // no code wraps
	mapped := 0
	for _, m := range tables.mappers {
		for _, k := range []struct{ kind, shift, codes uint32 }{
			{typeObject, 1, 0x10000}, {typeScroll1, 0, 0x10000}, {typeScroll2, 1, 0x10000}, {typeScroll3, 3, 0x4000},
		} {
			got := m.of(k.kind, k.shift, tiles*64<<k.shift)
			for code := uint32(0); code < k.codes; code += 31 {
				want := unmapped
				for _, l := range m.lines {
					if c := code << k.shift; l.types&k.kind != 0 && c >= l.start && c <= l.end {
						want = (l.base + c&l.mask) >> k.shift
						mapped++
						break
					}
				}
				if n := got.tile(code); n != want {
					t.Fatalf("%s, type %x: code %x is tile %x, want %x", m.name, k.kind, code, n, want)
				}
			}
		}
	}
	if len(tables.mappers) < 50 || mapped == 0 {
		t.Errorf("%d mappers, %d codes mapped", len(tables.mappers), mapped)
	}
}

// A stamp puts on the canvas what a loop over its pixels would.
func TestStamps(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	lines := make([]uint64, 4096)
	for i := range lines {
		for x := 0; x < 64; x += 8 {
			p := uint64(rnd.IntN(16))
			if p == 15 {
				p = hole
			}
			lines[i] |= p << x
		}
	}
	mask := uint16(0x8421)
	var table priorityMask
	table.set(mask)
	for range 400 {
		s := stamp{lines: lines, from: 2000 + rnd.IntN(100), words: 1 << rnd.IntN(3), flipX: rnd.IntN(2) == 1, palette: uint8(rnd.IntN(192))}
		s.stride = 4 * (1 - 2*rnd.IntN(2))
		line := rnd.IntN(bandH)
		s.h = 1 + rnd.IntN(bandH-line)
		x := -margin + 1 + rnd.IntN(margin+screenW-1)
		var before, after canvas
		for i := range before {
			before[i] = uint8(rnd.IntN(15))
		}
		for l := range bandH {
			for i := range part {
				before[l*pitch+hidden+i] = uint8(-rnd.IntN(2))
			}
		}
		after = before
		how := rnd.IntN(4)
		switch how {
		case 0:
			s.draw(&after, at(x, line))
		case 1:
			s.drawHoles(&after, at(x, line))
		case 2:
			s.drawHidden(&after, at(x, line))
		case 3:
			s.mark(&after, at(x, line), &table)
		}
		want := before
		for j := range s.h {
			for i := range 8 * s.words {
				k := i
				if s.flipX {
					k = 8*s.words - 1 - i
				}
				pen := uint8(lines[s.from+j*s.stride+k/8] >> (k % 8 * 8))
				d := at(x+i, line+j)
				switch {
				case how == 3:
					want[d+hidden] = uint8(-(mask >> (pen & 15) & 1))
				case how > 0 && pen&15 == 15, how == 2 && want[d+hidden] != 0:
				default:
					want[d], want[d+palettes] = pen, s.palette
				}
			}
		}
		if want != after {
			t.Fatalf("stamp %d at %d, %d (%d words, %d lines, flip %v, stride %d) differs", how, x, line, s.words, s.h, s.flipX, s.stride)
		}
	}
}

func TestPaletteCopy(t *testing.T) {
	b := testBoard(t, "ffight")
	for i := range gfxRAMSize / 2 {
		binary.BigEndian.PutUint16(b.gfxram[2*i:], uint16(i))
	}
	page := func(n int) uint16 { return binary.BigEndian.Uint16(b.st.Palette[2*pageSize*n:]) }
	for _, c := range []struct {
		control, base uint16
		want          [pages]uint16 // first word of each page; ffff is not copied
	}{
		{0x3f, 0x9000, [pages]uint16{0, 0x200, 0x400, 0x600, 0x800, 0xa00}},
		{0x3f, 0x9003, [pages]uint16{0, 0x200, 0x400, 0x600, 0x800, 0xa00}}, // rounded down
		{0x2a, 0x9004, [pages]uint16{0xffff, 0x200, 0xffff, 0x600, 0xffff, 0xa00}},
		{0x30, 0x9000, [pages]uint16{0xffff, 0xffff, 0xffff, 0xffff, 0, 0x200}},
	} {
		for i := range b.st.Palette {
			b.st.Palette[i] = 0xff
		}
		b.st.CPSB[b.set.cpsb.paletteControl/2] = c.control
		b.writeIO(0x80010a, c.base, 0xffff)
		for n, want := range c.want {
			if got := page(n); got != want {
				t.Errorf("control %x, base %x: page %d begins with %x, want %x", c.control, c.base, n, got, want)
			}
		}
	}
	// Brightness 15 is full, 0 a third.
	for v, want := range map[uint16]uint32{0xffff: 0xffffff, 0x0fff: 0x555555, 0xf0f0: 0x00ff00, 0x8123: 0x0b1723} {
		if got := colour(v); got != want {
			t.Errorf("colour %04x is %06x, want %06x", v, got, want)
		}
	}
}

// What reads of a CPS-B answer, for a chip that has everything, and for those
// that lack an ID or a multiplier.
func TestCPSBReads(t *testing.T) {
	for _, c := range []struct {
		set    string
		writes map[uint32]uint16
		reads  map[uint32]uint16
	}{
		{"3wonders", map[uint32]uint16{0x4e: 300, 0x4c: 400}, map[uint32]uint16{0x72: 0x0800, 0x4a: 0xd4c0, 0x48: 1, 0x4e: 0xffff}},
		{"ffight", map[uint32]uint16{0x40: 300}, map[uint32]uint16{0x60: 4, 0x40: 90000 & 0xffff, 0x42: 0xffff}},
		{"strider", nil, map[uint32]uint16{0x40: 0, 0x42: 0xffff}},
		{"captcomm", map[uint32]uint16{0x46: 0xffff, 0x44: 0xffff}, map[uint32]uint16{0x40: 0xffff, 0x42: 1}},
	} {
		b := testBoard(t, c.set)
		for a, v := range c.writes {
			b.writeIO(0x800100+a, v, 0xffff)
		}
		for a, want := range c.reads {
			if got := b.readIO(0x800100+a, 0xffff); got != want {
				t.Errorf("%s: %x reads %04x, want %04x", c.set, 0x800100+a, got, want)
			}
		}
	}
}

func TestFrameAllocatesNothing(t *testing.T) {
	b := testBoard(t, "sf2")
	out := &machine.Output{Picture: b.NewPicture(), Sound: b.NewSound()}
	in := b.Inputs.Released()
	b.Frame(&in, out)
	if n := testing.AllocsPerRun(100, func() { b.Frame(&in, out) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}
