// Package session runs machines: sync tests, replays, rewind, run-ahead. It
// knows no clock, window or socket.
package session

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"arcade/machine"
	"arcade/machine/state"
)

// SyncTest proves that a machine is a pure function of its state and inputs.
type SyncTest struct {
	Build    func() (*machine.Machine, error)
	Frames   int
	Distance int    // frames that are rolled back after every frame
	Seed     uint64 // of the random inputs
	// Progress, if set, is called now and then with the number of frames done.
	Progress func(done int)
}

// Every how many frames a second, freshly built machine takes over the state,
// and every how many it is asked whether inputs matter.
const (
	freshEvery = 16
	inputEvery = 8
)

// Mismatch is a broken promise, with the place where it was seen.
type Mismatch struct {
	Frame  uint64 // the frame that came out differently
	What   string // what was compared
	Fields []state.Difference
	Total  int // differing scalars in all
}

func (m *Mismatch) Error() string {
	s := fmt.Sprintf("frame %d: %s", m.Frame, m.What)
	if m.Total > 0 {
		var names []string
		for _, d := range m.Fields {
			names = append(names, d.String())
		}
		s += fmt.Sprintf(" (%d values differ, first: %s)", m.Total, strings.Join(names, "; "))
	}
	return s
}

// moment is what is remembered of a frame of the first run.
type moment struct {
	before *state.Slot
	input  machine.Input
	hash   uint64 // of the state after the frame
	pixels []uint32
	sound  [][]int16
}

// SyncResult tells how much a passed test is worth.
type SyncResult struct {
	// Controls: something other than the reset button changed the state. A
	// program that never reads its controls leaves this false.
	Controls bool
	Hash     uint64 // of the last state
}

// Run runs the test. The error is a *Mismatch if the machine broke its
// promise, or if no input at all changed its state.
func (t *SyncTest) Run() (SyncResult, error) {
	var result SyncResult
	if t.Distance < 1 {
		return result, fmt.Errorf("session: a sync test of distance %d: at least 1 is needed", t.Distance)
	}
	m, err := t.Build()
	if err != nil {
		return result, err
	}
	inputs := NewRandomInputs(m.Inputs, t.Seed)
	ring := make([]moment, t.Distance+1)
	for i := range ring {
		ring[i].before = m.Arena.NewSlot()
	}
	at := func(frame int) *moment { return &ring[frame%len(ring)] }
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	reset := false // the reset button changed the state

	for f := range t.Frames {
		now := at(f)
		m.Arena.Save(now.before)
		now.input = inputs.Next()
		m.Frame(&now.input, out)
		now.hash = m.Arena.Hash()
		now.keep(out)
		m.Arena.Save(at(f + 1).before)

		first := f + 1 - t.Distance
		if first < 0 {
			continue
		}
		runner := m
		if f%freshEvery == freshEvery-1 {
			if runner, err = t.Build(); err != nil {
				return result, err
			}
			if err := runner.Arena.SetBlock(at(first).before.AppendBlock(nil)); err != nil {
				return result, err
			}
		} else {
			m.Arena.Load(at(first).before)
		}
		if err := t.replay(runner, m, at, first, f, runner != m); err != nil {
			return result, err
		}
		if f%inputEvery == 0 && !result.Controls {
			matters, withReset := t.inputMatters(m, at, first, f)
			result.Controls = matters && !withReset
			reset = reset || matters
		}
		if runner != m || f%inputEvery == 0 {
			m.Arena.Load(at(f + 1).before)
		}
		if t.Progress != nil && f%64 == 0 {
			t.Progress(f)
		}
	}
	result.Hash = m.Arena.Hash()
	if !result.Controls && !reset {
		return result, &Mismatch{Frame: uint64(t.Frames), What: "the inputs never changed the state: this test proves nothing"}
	}
	return result, nil
}

// replay runs frames first to last again, bare, and compares. When the
// machine is a fresh one, the last frame is drawn and heard.
func (t *SyncTest) replay(runner, m *machine.Machine, at func(int) *moment, first, last int, fresh bool) error {
	for f := first; f <= last; f++ {
		then := at(f)
		var out *machine.Output
		if fresh && f == last {
			out = &machine.Output{Picture: runner.NewPicture(), Sound: runner.NewSound()}
		}
		runner.Frame(&then.input, out)
		if runner.Arena.Hash() != then.hash {
			e := &Mismatch{Frame: uint64(f), What: fmt.Sprintf("run again from frame %d, the state is another", first)}
			if fresh {
				e.What += " (in a freshly built machine)"
			}
			want := at(f + 1).before.AppendBlock(nil)
			e.Fields, e.Total = m.Arena.Diff(want, runner.Arena.Block(), 5)
			if e.Total == 0 {
				e.What += "; only the hash differs: tracked memory was written without Touch"
			}
			return e
		}
		if out == nil {
			continue
		}
		if !slices.Equal(then.pixels, out.Picture.Pix[:out.Picture.W*out.Picture.H]) {
			return &Mismatch{Frame: uint64(f), What: "drawn again from the same state, the picture is another"}
		}
		for i, s := range out.Sound.Streams {
			if !slices.Equal(then.sound[i], s) {
				return &Mismatch{Frame: uint64(f), What: fmt.Sprintf("heard again from the same state, stream %q is another", runner.Streams[i].Name)}
			}
		}
	}
	if runner == m {
		return nil
	}
	// The fresh machine's block must be the first one's, byte for byte.
	if want := at(last + 1).before.AppendBlock(nil); !bytes.Equal(want, runner.Arena.Block()) {
		e := &Mismatch{Frame: uint64(last), What: "a freshly built machine ends in another state"}
		e.Fields, e.Total = m.Arena.Diff(want, runner.Arena.Block(), 5)
		return e
	}
	return nil
}

// inputMatters runs the same frames without any input and tells whether the
// state comes out differently, and whether the reset button was among the
// inputs.
func (t *SyncTest) inputMatters(m *machine.Machine, at func(int) *moment, first, last int) (matters, reset bool) {
	released := m.Inputs.Released()
	m.Arena.Load(at(first).before)
	for f := first; f <= last; f++ {
		reset = reset || at(f).input.System&machine.Reset != 0
		m.Frame(&released, nil)
	}
	return m.Arena.Hash() != at(last).hash, reset
}

// keep copies a frame's picture and samples.
func (o *moment) keep(out *machine.Output) {
	o.pixels = append(o.pixels[:0], out.Picture.Pix[:out.Picture.W*out.Picture.H]...)
	if o.sound == nil {
		o.sound = make([][]int16, len(out.Sound.Streams))
	}
	for i, s := range out.Sound.Streams {
		o.sound[i] = append(o.sound[i][:0], s...)
	}
}

// RandomInputs makes inputs that look like an impatient player's: every field
// of a machine is used, some held for a while.
type RandomInputs struct {
	layout *machine.Inputs
	rnd    *rand.Rand
	now    machine.Input
}

// NewRandomInputs starts a sequence that depends on the seed alone.
func NewRandomInputs(layout *machine.Inputs, seed uint64) *RandomInputs {
	return &RandomInputs{layout, rand.New(rand.NewPCG(seed, 0x61726361)), layout.Released()}
}

// resetOdds: the reset button is pressed in one of so many frames.
const resetOdds = 701

// Next is the input of the next frame.
func (r *RandomInputs) Next() machine.Input {
	r.now.System &^= machine.Reset
	if r.rnd.IntN(resetOdds) == 0 {
		r.now.System |= machine.Reset
	}
	for i, f := range r.layout.Fields {
		var odds int // one in so many frames
		switch {
		case f.Kind == machine.KindDIP:
			odds = 997
		case f.Kind == machine.KindAxis:
			odds = 3
		case f.Kind == machine.KindSystem && f.Bit&(machine.Coin1|machine.Coin2|machine.Coin3|machine.Coin4) == 0:
			odds = 499
		default:
			odds = 11
		}
		if r.rnd.IntN(odds) != 0 {
			continue
		}
		v := r.layout.Get(&r.now, i)
		switch f.Kind {
		case machine.KindDIP:
			if len(f.Settings) > 0 {
				v = f.Settings[r.rnd.IntN(len(f.Settings))].Value
			}
		case machine.KindAxis:
			v += uint32(r.rnd.IntN(17)) - 8
		default:
			v ^= 1
		}
		r.layout.Set(&r.now, i, v)
	}
	return r.now
}
