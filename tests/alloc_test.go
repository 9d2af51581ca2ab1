package tests

import (
	"path/filepath"
	"runtime"
	"testing"

	"arcade/machine"
	"arcade/machine/state"
	"arcade/tests/oracle"
)

// Frames, snapshots and restores allocate nothing, on no board: not in the
// first frames of a game, nor in hundreds.
func TestNoAllocation(t *testing.T) {
	made := func(t *testing.T) string { // code of chance: it changes banks as no program would
		dir := t.TempDir()
		oracle.Run(t, filepath.Join(oracle.Need(t), "oracle", "fill"), dir, "mspacman")
		return dir
	}
	bench := func(t *testing.T) string { return oracle.Bench(t) }
	for _, c := range []struct {
		set string
		dir func(t *testing.T) string
	}{
		{"puckman", bench},
		{"mspacman", made},
		{"ffight", bench},
		{"redearthn", bench},
	} {
		t.Run(c.set, func(t *testing.T) {
			g := openGame(t, c.set, c.dir(t))
			var first, later uint64
			// The runtime allocates too, now and then: it is what always comes
			// that counts.
			for try := range 3 {
				f, l := countAllocations(t, g.Build)
				if try == 0 {
					first, later = f, l
				}
				if first, later = min(first, f), min(later, l); first+later == 0 {
					return
				}
			}
			t.Errorf("%d allocations in the first 20 frames, %d in 300 frames with snapshots and rollbacks; want none", first, later)
		})
	}
}

func countAllocations(t *testing.T, build func() (*machine.Machine, error)) (first, later uint64) {
	m, err := build()
	if err != nil {
		t.Fatal(err)
	}
	in := m.Inputs.Released()
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	first = allocations(func() {
		for range 20 {
			m.Frame(&in, out)
		}
	})
	// As in a match: a snapshot of each frame, and a rollback now and then.
	const distance = 8
	var slots [distance]*state.Slot
	for i := range slots {
		slots[i] = m.Arena.NewSlot()
		m.Arena.Save(slots[i])
	}
	play := func(frames int) {
		for n := range frames {
			at := n % distance
			if at == 0 {
				m.Arena.Load(slots[1])
				for i := 2; i < distance; i++ {
					m.Frame(&in, nil)
					m.Arena.Save(slots[i])
				}
				m.Arena.Hash()
			}
			m.Frame(&in, out)
			m.Arena.Save(slots[at])
		}
	}
	play(5 * distance) // until the pool of saved pages is as large as it gets
	return first, allocations(func() { play(300) })
}

// allocations counts how often memory is allocated while f runs.
func allocations(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}
