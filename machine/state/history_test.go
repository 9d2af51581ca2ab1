package state

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// Going back gives every state that was pushed, newest first, whatever else
// happened to the arena in between.
func TestHistory(t *testing.T) {
	a, c, ram, flash := build(t)
	h := a.NewHistory(1 << 20)
	slot := a.NewSlot()
	a.Save(slot)
	r := rand.New(rand.NewPCG(5, 6))
	var pushed [][]byte
	change := func() {
		for range r.IntN(4) {
			c.D[r.IntN(8)] = r.Uint32()
			ram[r.IntN(len(ram))] = byte(r.Uint32())
			at := r.IntN(len(flash.Mem))
			flash.Mem[at] = byte(r.Uint32())
			flash.Touch(uint32(at))
		}
	}
	for step := range 3000 {
		change()
		switch r.IntN(12) {
		case 0:
			a.Load(slot) // a rollback or a save file
		case 1:
			a.Save(slot)
		}
		if r.IntN(3) > 0 || h.Len() == 0 {
			h.Push(uint64(step))
			pushed = append(pushed, bytes.Clone(a.Block()))
			continue
		}
		for range r.IntN(5) {
			if _, ok := h.Pop(); !ok {
				break
			}
			pushed = pushed[:len(pushed)-1]
			if !bytes.Equal(a.Block(), pushed[len(pushed)-1]) {
				t.Fatalf("step %d: went back to another state", step)
			}
			if want, got := a.Hash(), fresh(t, a.Block()); want != got {
				t.Fatalf("step %d: hash %x after going back, %x of the same bytes", step, want, got)
			}
		}
	}
	if len(pushed) != h.Len() {
		t.Errorf("%d states are remembered, %d were pushed", h.Len(), len(pushed))
	}
}

func fresh(t *testing.T, block []byte) uint64 {
	t.Helper()
	b, _, _, _ := build(t)
	if err := b.SetBlock(block); err != nil {
		t.Fatal(err)
	}
	return b.Hash()
}

func TestHistoryKeepsItsBudget(t *testing.T) {
	a, _, ram, _ := build(t)
	h := a.NewHistory(20_000)
	r := rand.New(rand.NewPCG(7, 8))
	for i := range 500 {
		for range 20 {
			ram[r.IntN(len(ram))] = byte(r.Uint32())
		}
		h.Push(uint64(i))
		if h.Bytes() > 20_000 {
			t.Fatalf("%d bytes are used, 20000 are allowed", h.Bytes())
		}
	}
	n := h.Len()
	if n < 10 {
		t.Fatalf("only %d states fit", n)
	}
	for want := uint64(498); ; want-- {
		got, ok := h.Pop()
		if !ok {
			break
		}
		if got != want {
			t.Fatalf("went back to %d, want %d", got, want)
		}
		n--
	}
	if n != 1 {
		t.Errorf("%d states could not be reached", n-1)
	}
	if k := testing.AllocsPerRun(300, func() { ram[3]++; h.Push(1) }); k != 0 {
		t.Errorf("%v allocations a push", k)
	}
}
