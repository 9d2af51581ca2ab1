package session

import (
	"arcade/machine"
	"arcade/machine/state"
)

// keyInterval is the number of frames between two states that a Replayer keeps
// for seeking.
const keyInterval = 600

// Replayer plays a replay, as a session: with seeking, and with a player who
// takes over.
type Replayer struct {
	m     *machine.Machine
	r     *Replay
	pos   int // frame that comes next
	taken bool
	keys  []*state.Slot // states before frames 0, keyInterval, 2*keyInterval ...
}

// NewReplayer brings a machine that was just built to the replay's start. The
// replay must have passed Check.
func NewReplayer(m *machine.Machine, r *Replay) (*Replayer, error) {
	if err := r.Begin(m); err != nil {
		return nil, err
	}
	return &Replayer{m: m, r: r}, nil
}

// Machine is the machine that is played.
func (p *Replayer) Machine() *machine.Machine { return p.m }

// Position is the frame that comes next, from the replay's start.
func (p *Replayer) Position() int { return p.pos }

// Len is the number of frames of the replay.
func (p *Replayer) Len() int { return len(p.r.Inputs) }

// Done reports whether the replay is over, or was left by TakeOver.
func (p *Replayer) Done() bool { return p.taken || p.pos >= len(p.r.Inputs) }

// TakeOver leaves the replay: from the next frame on the inputs given to Step
// count.
func (p *Replayer) TakeOver() { p.taken = true }

// Step runs a frame: with the replay's input, or after its end or TakeOver with
// the one given. It returns the input that was in force.
func (p *Replayer) Step(in machine.Input, out *machine.Output) machine.Input {
	if !p.Done() {
		in = p.r.Inputs[p.pos]
		if p.pos%keyInterval == 0 && p.pos/keyInterval == len(p.keys) {
			slot := p.m.Arena.NewSlot()
			p.m.Arena.Save(slot)
			p.keys = append(p.keys, slot)
		}
	}
	p.pos++
	p.m.Frame(&in, out)
	return in
}

// Seek goes to a frame of the replay, forward or back; progress, which may be
// nil, is called now and then on a long way. It returns to the replay if it was
// left.
func (p *Replayer) Seek(frame int, progress func(at int)) {
	frame = min(max(frame, 0), len(p.r.Inputs))
	key := min(frame/keyInterval, len(p.keys)-1)
	if frame < p.pos || p.taken || key*keyInterval > p.pos {
		if key < 0 {
			key = 0
		}
		if key < len(p.keys) {
			p.m.Arena.Load(p.keys[key])
			p.pos = key * keyInterval
		}
	}
	p.taken = false
	for p.pos < frame {
		p.Step(machine.Input{}, nil)
		if progress != nil && p.pos%256 == 0 {
			progress(p.pos)
		}
	}
}
