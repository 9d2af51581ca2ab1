package session

import (
	"slices"
	"testing"

	"arcade/machine"
	"arcade/machine/machinetest"
)

func toy(t *testing.T) (*machine.Machine, *RandomInputs, *machine.Output) {
	t.Helper()
	m, err := machinetest.New(machinetest.None)
	if err != nil {
		t.Fatal(err)
	}
	return m, NewRandomInputs(m.Inputs, 4), &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
}

// Run-ahead shows, at frame n, the picture of frame n+k with the same input
// held, and changes neither state nor sound.
func TestRunAhead(t *testing.T) {
	for k := range MaxRunAhead + 1 {
		plain, inputs, want := toy(t)
		m, _, got := toy(t)
		l := NewLocal(m)
		l.SetRunAhead(k)
		slot := plain.Arena.NewSlot()
		for n := range 200 {
			in := inputs.Next()
			l.Step(in, got)
			plain.Frame(&in, want)
			if plain.Arena.Hash() != m.Arena.Hash() {
				t.Fatalf("run-ahead %d, frame %d: another state", k, n)
			}
			if !slices.Equal(want.Sound.Streams[0], got.Sound.Streams[0]) {
				t.Fatalf("run-ahead %d, frame %d: other samples", k, n)
			}
			if k > 0 {
				plain.Arena.Save(slot)
				in.System &^= machine.Reset
				for range k {
					plain.Frame(&in, &machine.Output{Picture: want.Picture})
				}
				plain.Arena.Load(slot)
			}
			if !slices.Equal(want.Picture.Pix, got.Picture.Pix) {
				t.Fatalf("run-ahead %d, frame %d: another picture", k, n)
			}
		}
	}
}

func TestDelay(t *testing.T) {
	m, _, _ := toy(t)
	l := NewLocal(m)
	l.SetDelay(3)
	in := m.Inputs.Released()
	var seen []uint32
	for n := range 10 {
		if n == 6 {
			l.SetDelay(1)
		}
		in.Seats[0].Buttons, in.System = uint32(n+1), uint32(n+1)&^machine.Reset
		got := l.Step(in, nil)
		seen = append(seen, got.Seats[0].Buttons)
		if got.System != in.System {
			t.Error("the host's switches were delayed")
		}
	}
	if want := []uint32{0, 0, 0, 1, 2, 3, 6, 7, 8, 9}; !slices.Equal(seen, want) {
		t.Errorf("inputs arrived as %v, want %v", seen, want)
	}
}

func TestRewind(t *testing.T) {
	m, inputs, out := toy(t)
	l := NewLocal(m)
	l.EnableRewind(RewindBudget)
	type moment struct {
		hash   uint64
		pixels []uint32
	}
	var past []moment
	for range 500 {
		l.Step(inputs.Next(), out)
		past = append(past, moment{m.Arena.Hash(), slices.Clone(out.Picture.Pix)})
	}
	back := func(n int) {
		for range n {
			if !l.Rewind(out) {
				t.Fatalf("no way back with %d frames left", len(past))
			}
			past = past[:len(past)-1]
			now := past[len(past)-1]
			if m.Arena.Hash() != now.hash || !slices.Equal(now.pixels, out.Picture.Pix) {
				t.Fatalf("%d frames from the start: another state or picture", len(past))
			}
		}
	}
	back(200)
	for range 50 { // play on from there, another way
		l.Step(inputs.Next(), out)
		past = append(past, moment{m.Arena.Hash(), slices.Clone(out.Picture.Pix)})
	}
	back(340)
	for l.Rewind(out) {
	}
	if l.CanRewind() != 0 {
		t.Error("stuck")
	}
}
