package cps3

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"arcade/machine/state"
)

// Whatever the CPU and the DMAs write, under whatever mirror, between snapshots,
// hashes and changes of the window: snapshots and hashes have it.
func TestSnapshotsSeeEveryWrite(t *testing.T) {
	b := makeBoard(t, made())
	fresh := makeBoard(t, made()) // its hashes are made from the bytes
	a := b.Arena
	rnd := rand.New(rand.NewPCG(8, 4))
	slots := []*state.Slot{a.NewSlot(), a.NewSlot(), a.NewSlot()}
	var blocks [3][]byte
	areas := []struct{ start, size uint32 }{
		{0x02000000, workSize}, {0x04000000, spriteSize}, {0x04080000, colourSize}, {windowAt, windowSize}, {0x05040000, ssSize},
	}
	mirrors := []uint32{0, 0x08000000, 0x20000000, 0x28000000}
	write := func() {
		r := areas[rnd.IntN(len(areas))]
		at := r.start + rnd.Uint32N(r.size)&^3
		if rnd.IntN(2) == 0 {
			at = r.start + at&0x40fc // again and again to the same two pages
		}
		shift := rnd.IntN(4) * 8
		for range 1 + rnd.IntN(8) {
			b.mem.Write((at+rnd.Uint32N(64)&^3)|mirrors[rnd.IntN(len(mirrors))], rnd.Uint32(), 0xff<<shift)
		}
	}
	for i := range blocks {
		a.Save(slots[i])
		blocks[i] = bytes.Clone(a.Block())
	}
	for step := range 1500 {
		n := rnd.IntN(len(slots))
		switch rnd.IntN(12) {
		case 0:
			a.Save(slots[n])
			blocks[n] = append(blocks[n][:0], a.Block()...)
		case 1:
			a.Load(slots[n])
			if !bytes.Equal(a.Block(), blocks[n]) {
				first, total := a.Diff(a.Block(), blocks[n], 3)
				t.Fatalf("step %d: a restored state is another in %d places: %v", step, total, first)
			}
		case 2:
			if step%8 == 0 {
				if err := fresh.Arena.SetBlock(a.Block()); err != nil {
					t.Fatal(err)
				}
				if got, want := a.Hash(), fresh.Arena.Hash(); got != want {
					t.Fatalf("step %d: the hash is %016x, from the bytes %016x", step, got, want)
				}
			} else {
				a.Hash()
			}
		case 3:
			b.writeReg(regCharBank, rnd.Uint32N(2)*9, 0xffff)
		case 4:
			b.st.PPU[regPalStart], b.st.PPU[regPalLen] = 0, uint16(rnd.Uint32N(0x2000))
			b.st.PPU[regPalette+2], b.st.PPU[regPalette+3] = uint16(rnd.Uint32()), uint16(rnd.Uint32())
			b.st.PPU[regPalette], b.st.PPU[regPalette+1] = 0x20, uint16(rnd.Uint32())
			b.paletteDMA()
		case 5:
			b.copyChars(rnd.Uint32N(charSize)&^7, rnd.Uint32(), 8*rnd.Uint32N(0x800))
		case 6:
			b.copyList()
		default:
			write()
		}
	}
}

// A write makes no more than its own 4 KB part of what is copied.
func TestWritesOpenNoMoreThanTheirPage(t *testing.T) {
	b := makeBoard(t, made())
	a := b.Arena
	slot := a.NewSlot()
	a.Save(slot)
	b.mem.Write(0x0200f000, 1, 0xff)
	for _, at := range []uint32{0x02000000, 0x0200effc, 0x02010000, 0x0a00effc} {
		if b.mem.WritePages[at>>12] != nil {
			t.Errorf("%08x is open after a write to 0200f000", at)
		}
	}
	for _, at := range []uint32{0x0200f000, 0x0200fffc, 0x0a00f000, 0x2200f000, 0x2a00f000} {
		if b.mem.WritePages[at>>12] == nil {
			t.Errorf("%08x is not open after a write to 0200f000", at)
		}
	}
	a.Save(slot)
	for _, at := range []uint32{0x0200f000, 0x2a00f000} {
		if b.mem.WritePages[at>>12] != nil {
			t.Errorf("%08x is open after a snapshot", at)
		}
	}
}
