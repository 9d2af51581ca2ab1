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
	"arcade/netplay/rollback"
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
	input  machine.Input
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

// syncRun is a test while it runs.
type syncRun struct {
	*SyncTest
	m      *machine.Machine
	s      *rollback.Session
	slots  [rollback.Slots]*state.Slot // states before frames, as the session asks
	hashes [rollback.Slots]uint64
	frames [rollback.Slots]int32 // of slots and hashes
	past   []moment
	now    *state.Slot // scratch
	out    *machine.Output
}

// Run runs the test. The error is a *Mismatch if the machine broke its
// promise, or if no input at all changed its state.
func (t *SyncTest) Run() (SyncResult, error) {
	var result SyncResult
	m, err := t.Build()
	if err != nil {
		return result, err
	}
	s, err := rollback.New(rollback.Config{Players: []int{rollback.Local}, InputSize: machine.InputSize, HashInterval: 1, SyncTest: t.Distance})
	if err != nil {
		return result, err
	}
	if t.Distance < 1 {
		return result, fmt.Errorf("session: a sync test of distance %d: at least 1 is needed", t.Distance)
	}
	r := &syncRun{SyncTest: t, m: m, s: s, past: make([]moment, rollback.Slots), now: m.Arena.NewSlot(),
		out: &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}}
	for i := range r.slots {
		r.slots[i], r.frames[i] = m.Arena.NewSlot(), -1
	}
	inputs := NewRandomInputs(m.Inputs, t.Seed)
	reset := false // the reset button changed the state
	var encoded [machine.InputSize]byte
	for f := range int32(t.Frames) {
		r.at(f).input = inputs.Next()
		if err := s.AddInput(0, r.at(f).input.Append(encoded[:0])); err != nil {
			return result, err
		}
		if err := r.execute(s.Tick()); err != nil {
			return result, err
		}
		first := f + 1 - int32(t.Distance)
		if first < 0 {
			continue
		}
		m.Arena.Save(r.now)
		if f%freshEvery == freshEvery-1 {
			if err := r.fresh(first, f); err != nil {
				return result, err
			}
		}
		if f%inputEvery == 0 && !result.Controls {
			matters, withReset := r.inputMatters(first, f)
			result.Controls = matters && !withReset
			reset = reset || matters
			m.Arena.Load(r.now)
		}
		if t.Progress != nil && f%64 == 0 {
			t.Progress(int(f))
		}
	}
	result.Hash = m.Arena.Hash()
	if !result.Controls && !reset {
		return result, &Mismatch{Frame: uint64(t.Frames), What: "the inputs never changed the state: this test proves nothing"}
	}
	return result, nil
}

func (r *syncRun) at(frame int32) *moment { return &r.past[int(frame)%len(r.past)] }

// execute does what the session asks: frames are run whole the first time and
// bare again after each rollback.
func (r *syncRun) execute(requests []rollback.Request) error {
	for _, q := range requests {
		switch q.Kind {
		case rollback.Load:
			r.m.Arena.Load(r.slots[q.Slot])
		case rollback.Save:
			hash := r.m.Arena.Hash()
			if r.frames[q.Slot] == q.Frame && r.hashes[q.Slot] != hash {
				return r.mismatch(q.Frame-1, r.slots[q.Slot], r.m, fmt.Sprintf("run again from frame %d, the state is another", r.s.Frame()-1-int32(r.Distance)))
			}
			r.m.Arena.Save(r.slots[q.Slot])
			r.frames[q.Slot], r.hashes[q.Slot] = q.Frame, hash
			r.s.SetHash(q.Frame, hash)
		case rollback.Advance:
			var in machine.Input
			in.Decode(q.Inputs)
			if q.Again {
				r.m.Frame(&in, nil)
				continue
			}
			r.m.Frame(&in, r.out)
			r.at(q.Frame).keep(r.out)
		}
	}
	if d := r.s.Desync(); d != nil {
		return &Mismatch{Frame: uint64(d.Frame), What: "the library saw a difference: " + d.Error()}
	}
	return nil
}

func (r *syncRun) mismatch(frame int32, want *state.Slot, got *machine.Machine, what string) error {
	e := &Mismatch{Frame: uint64(frame), What: what}
	e.Fields, e.Total = r.m.Arena.Diff(want.AppendBlock(nil), got.Arena.Block(), 5)
	if e.Total == 0 {
		e.What += "; only the hash differs: tracked memory was written without Touch"
	}
	return e
}

// fresh runs the last frames in a machine that is built now. The last of them
// is drawn and heard.
func (r *syncRun) fresh(first, last int32) error {
	m, err := r.Build()
	if err != nil {
		return err
	}
	start := r.slots[int(first)%rollback.Slots]
	if err := m.Arena.SetBlock(start.AppendBlock(nil)); err != nil {
		return err
	}
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	for f := first; f < last; f++ {
		m.Frame(&r.at(f).input, nil)
		if slot := int(f+1) % rollback.Slots; m.Arena.Hash() != r.hashes[slot] {
			return r.mismatch(f, r.slots[slot], m, fmt.Sprintf("run again from frame %d, the state is another (in a freshly built machine)", first))
		}
	}
	then := r.at(last)
	m.Frame(&then.input, out)
	if !bytes.Equal(r.now.AppendBlock(nil), m.Arena.Block()) {
		return r.mismatch(last, r.now, m, "a freshly built machine ends in another state")
	}
	if !slices.Equal(then.pixels, out.Picture.Pix[:out.Picture.W*out.Picture.H]) {
		return &Mismatch{Frame: uint64(last), What: "drawn again from the same state, the picture is another"}
	}
	for i, s := range out.Sound.Streams {
		if !slices.Equal(then.sound[i], s) {
			return &Mismatch{Frame: uint64(last), What: fmt.Sprintf("heard again from the same state, stream %q is another", m.Streams[i].Name)}
		}
	}
	return nil
}

// inputMatters runs the same frames without any input and tells whether the
// state comes out differently, and whether the reset button was among the
// inputs. It leaves the machine in another state.
func (r *syncRun) inputMatters(first, last int32) (matters, reset bool) {
	released := r.m.Inputs.Released()
	after := r.m.Arena.Hash()
	r.m.Arena.Load(r.slots[int(first)%rollback.Slots])
	for f := first; f <= last; f++ {
		reset = reset || r.at(f).input.System&machine.Reset != 0
		r.m.Frame(&released, nil)
	}
	return r.m.Arena.Hash() != after, reset
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
