package machine

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"arcade/cpu"
	"arcade/machine/state"
)

// Writes through the map, snapshots, hashes and a history in any order: the
// memory is always what a plain copy of it is, and so is each snapshot.
func TestMapTracked16(t *testing.T) {
	const start, mirror, size = 0x900000, 0xa00000, 4 * state.PageSize
	type world struct {
		a *state.Arena
		t *state.Tracked
		m *cpu.Map16
	}
	build := func() world {
		a := state.NewArena(1 << 16)
		tr := a.Tracked("ram", size)
		m := cpu.NewMap16(0)
		MapTracked16(m, start, tr)
		MapTracked16(m, mirror, tr)
		a.Seal()
		return world{a, tr, m}
	}
	w, plain := build(), make([]byte, size)
	var slots [3]*state.Slot
	var saved [3][]byte
	for i := range slots {
		slots[i] = w.a.NewSlot()
	}
	h := w.a.NewHistory(1 << 20)
	var past [][]byte
	rnd := rand.New(rand.NewPCG(1, 2))
	opened := 0
	for step := range 20000 {
		switch k := rnd.IntN(40); {
		case k == 0:
			i := rnd.IntN(len(slots))
			w.a.Save(slots[i])
			saved[i] = bytes.Clone(plain)
		case k == 1:
			if i := rnd.IntN(len(slots)); saved[i] != nil {
				w.a.Load(slots[i])
				copy(plain, saved[i])
				h.Clear()
				past = nil
			}
		case k == 2:
			fresh := build()
			if err := fresh.a.SetBlock(bytes.Clone(w.a.Block())); err != nil {
				t.Fatal(err)
			}
			if got, want := w.a.Hash(), fresh.a.Hash(); got != want {
				t.Fatalf("step %d: hash %x, of a fresh arena with the same bytes %x", step, got, want)
			}
		case k == 3:
			h.Push(uint64(step))
			past = append(past, bytes.Clone(plain))
		case k == 4 && len(past) > 1:
			if _, ok := h.Pop(); !ok {
				t.Fatalf("step %d: nothing to go back to", step)
			}
			past = past[:len(past)-1]
			copy(plain, past[len(past)-1])
		default:
			at, mask := uint32(rnd.IntN(size))&^1, [3]uint16{0xffff, 0xff00, 0x00ff}[rnd.IntN(3)]
			v := uint16(rnd.Uint32())
			base := uint32(start)
			if rnd.IntN(3) == 0 {
				base = mirror
			}
			if w.m.WritePage(base+at) != nil {
				opened++
			}
			w.m.Write(base+at, v, mask)
			if mask&0xff00 != 0 {
				plain[at] = uint8(v >> 8)
			}
			if mask&0xff != 0 {
				plain[at+1] = uint8(v)
			}
		}
		if !bytes.Equal(w.t.Mem, plain) {
			t.Fatalf("step %d: memory differs", step)
		}
	}
	if opened < 5000 {
		t.Errorf("only %d writes went straight to memory", opened)
	}
	for i, s := range slots {
		if saved[i] != nil && !bytes.Equal(s.AppendBlock(nil), saved[i]) {
			t.Errorf("slot %d is not what was saved", i)
		}
	}
}

// Memory that is mapped over tracked memory afterwards stays mapped.
func TestMapTracked16Covered(t *testing.T) {
	a := state.NewArena(1 << 16)
	other := a.Bytes("other", state.PageSize)
	tr := a.Tracked("ram", 2*state.PageSize)
	m := cpu.NewMap16(0)
	MapTracked16(m, 0, tr)
	a.Seal()
	m.Write(0x10, 0x1234, 0xffff)
	m.MapRAM(0, 0xfff, other)
	a.Save(a.NewSlot())
	m.Write(0x10, 0xabcd, 0xffff)
	if tr.Mem[0x10] != 0x12 || other[0x10] != 0xab {
		t.Errorf("tracked memory has %02x, what covers it %02x", tr.Mem[0x10], other[0x10])
	}
}
