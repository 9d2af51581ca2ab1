package state

import "fmt"

// Slot is a snapshot of an arena. It belongs to the arena that made it.
type Slot struct {
	arena *Arena
	plain []byte
	pages []uint32 // page tables of all tracked parts, one after another
	used  bool
}

// NewSlot makes an empty snapshot. This is where memory is allocated; saving
// and loading allocate nothing (tracked memory: nothing once its pool has
// grown to what the slots hold).
func (a *Arena) NewSlot() *Slot {
	if !a.sealed {
		panic("state: NewSlot before Seal")
	}
	pages := 0
	for _, t := range a.tracked {
		pages += len(t.dirty)
	}
	return &Slot{arena: a, plain: make([]byte, a.plain), pages: make([]uint32, pages)}
}

// Save copies the state into s.
func (a *Arena) Save(s *Slot) {
	a.own(s)
	copy(s.plain, a.buf[:a.plain])
	for _, t := range a.tracked {
		t.save(s.pages[t.first : t.first+len(t.dirty)])
	}
	s.used = true
}

// Load replaces the state by s and runs the restore hooks.
func (a *Arena) Load(s *Slot) {
	a.own(s)
	if !s.used {
		panic("state: Load of a slot that was never saved")
	}
	copy(a.buf[:a.plain], s.plain)
	for _, t := range a.tracked {
		t.load(s.pages[t.first : t.first+len(t.dirty)])
	}
	a.restored()
}

// AppendBlock appends the raw block that s holds to dst, as Arena.Block has it.
func (s *Slot) AppendBlock(dst []byte) []byte {
	if !s.used {
		panic("state: block of a slot that was never saved")
	}
	dst = append(dst, s.plain...)
	for _, t := range s.arena.tracked {
		for _, id := range s.pages[t.first : t.first+len(t.dirty)] {
			dst = append(dst, t.pool[id].data[:]...)
		}
	}
	for len(dst)%align != 0 { // a plain arena's block is a whole number of words
		dst = append(dst, 0)
	}
	return dst
}

func (a *Arena) own(s *Slot) {
	if s.arena != a {
		panic(fmt.Sprintf("state: slot of another arena (layout %x, not %x)", s.arena.layout, a.layout))
	}
}
