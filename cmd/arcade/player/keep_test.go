package player

import (
	"slices"
	"testing"

	"arcade/machine"
)

// looks notes the frame at which it was asked to look.
type looks struct {
	m  *machine.Machine
	at []uint64
}

func (l *looks) Look() { l.at = append(l.at, l.m.FrameNumber()) }

// What the machine keeps is looked at every five seconds, after a reset and at
// the end: always at frames that were played, never at those of run-ahead.
func TestWhatIsKeptIsLookedAt(t *testing.T) {
	s := newToy(t)
	s.SetRunAhead(3)
	s.EnableRewind(1 << 20)
	kept := &looks{m: s.Machine()}
	n := 0
	play(t, Options{Session: s, Clock: &fakeClock{}, Kept: kept, Input: func() machine.Input {
		in := s.Machine().Inputs.Released()
		if n++; n == 450 {
			in.System |= machine.Reset
		}
		return in
	}}, 1000, nil)
	// 60000/1001 Hz: five seconds are 299.7 frames after the first, or after the reset.
	if want := []uint64{301, 450, 750, 1000}; !slices.Equal(kept.at, want) {
		t.Errorf("looked at after %v frames, want %v", kept.at, want)
	}
}

// broken is a session that ends in a fault.
type broken struct{ Session }

func (broken) Step(machine.Input, *machine.Output) machine.Input { panic("a fault") }

// A machine in which something went wrong is not looked at any more.
func TestAFaultyMachineIsNotKept(t *testing.T) {
	s := newToy(t)
	kept := &looks{m: s.Machine()}
	p, err := New(Options{Session: broken{s}, Clock: &fakeClock{}, Kept: kept})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(); err == nil {
		t.Fatal("the fault was not noticed")
	}
	if len(kept.at) != 0 {
		t.Errorf("looked at after %v frames", kept.at)
	}
}
