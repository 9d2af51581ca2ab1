package session

import (
	"arcade/machine"
	"arcade/machine/state"
)

// Limits of a local session.
const (
	MaxRunAhead = 4
	MaxDelay    = 15
	// RewindBudget is the memory that rewinding may take, in bytes: more than
	// a minute on every board.
	RewindBudget = 64 << 20
)

// Local plays a machine for one host: with run-ahead, with an artificial delay
// to practise for a match, and with rewinding. It knows no clock: whoever owns
// it calls Step once a frame.
type Local struct {
	m        *machine.Machine
	runAhead int
	delay    []machine.Input // the last inputs, newest last
	history  *state.History
	inputs   []machine.Input // input that led to each state of history; a ring by label
	slot     *state.Slot
	label    uint64
	shown    machine.Output
}

// NewLocal makes a session. The machine may be in any state.
func NewLocal(m *machine.Machine) *Local {
	return &Local{m: m, slot: m.Arena.NewSlot()}
}

// Machine is the machine that is played.
func (l *Local) Machine() *machine.Machine { return l.m }

// SetRunAhead makes the picture come n frames early (0 to MaxRunAhead), to hide
// the machine's own lag: each frame is followed by n more with the same input,
// the last of which is shown, and then taken back. Sound stays that of the
// real frames, which follow one another without a gap.
func (l *Local) SetRunAhead(n int) { l.runAhead = min(max(n, 0), MaxRunAhead) }

// SetDelay makes inputs arrive n frames late (0 to MaxDelay), as in a match.
func (l *Local) SetDelay(n int) {
	n = min(max(n, 0), MaxDelay)
	for len(l.delay) > n {
		l.delay = l.delay[1:]
	}
	for len(l.delay) < n {
		first := l.m.Inputs.Released()
		if len(l.delay) > 0 {
			first = l.delay[0]
		}
		l.delay = append([]machine.Input{first}, l.delay...)
	}
}

// EnableRewind starts to remember the past, within budget bytes; 0 stops it.
func (l *Local) EnableRewind(budget int) {
	if budget == 0 {
		l.history, l.inputs = nil, nil
		return
	}
	l.history = l.m.Arena.NewHistory(budget)
	l.inputs = make([]machine.Input, 1<<14)
	l.remember(l.m.Inputs.Released())
}

func (l *Local) remember(in machine.Input) {
	if l.history == nil {
		return
	}
	l.label++
	l.inputs[l.label%uint64(len(l.inputs))] = in
	l.history.Push(l.label)
}

// Step runs a frame and returns the input that was in force, for a recorder.
func (l *Local) Step(input machine.Input, out *machine.Output) machine.Input {
	if n := len(l.delay); n > 0 {
		first := l.delay[0]
		copy(l.delay, l.delay[1:])
		l.delay[n-1] = input
		// The host's own switches are not delayed: they are no player's.
		first.System, first.DIPs = input.System, input.DIPs
		input = first
	}
	if l.runAhead == 0 || out == nil || out.Picture == nil {
		l.m.Frame(&input, out)
		l.remember(input)
		return input
	}
	l.shown = machine.Output{Sound: out.Sound}
	l.m.Frame(&input, &l.shown)
	l.remember(input)
	l.m.Arena.Save(l.slot)
	ahead := input
	ahead.System &^= machine.Reset
	for range l.runAhead - 1 {
		l.m.Frame(&ahead, nil)
	}
	l.shown = machine.Output{Picture: out.Picture}
	l.m.Frame(&ahead, &l.shown)
	l.m.Arena.Load(l.slot)
	return input
}

// CanRewind is the number of frames that Rewind can go back.
func (l *Local) CanRewind() int {
	if l.history == nil {
		return 0
	}
	return max(l.history.Len()-2, 0)
}

// Rewind goes back one frame and shows it. It reports false, and changes
// nothing, when there is no more past.
func (l *Local) Rewind(out *machine.Output) bool {
	if l.CanRewind() == 0 {
		return false
	}
	// Two back, and one forward again with its own input: that makes its
	// picture, whatever way the board draws.
	label, _ := l.history.Pop()
	in := l.inputs[label%uint64(len(l.inputs))]
	l.history.Pop()
	l.m.Frame(&in, out)
	l.label = label
	l.history.Push(label)
	return true
}
