// Package online is a match as the program plays it: it brings together a game,
// package match, and the network, records what is played, and remembers peers.
// It knows no window: a loop, with or without one, calls Poll and Tick.
package online

import (
	"encoding/binary"
	"math/bits"

	"arcade/machine"
	"arcade/machine/state"
	"arcade/netplay/rollback"
)

// inputSize is what each player sends a frame: a seat, and what the host owns.
const inputSize = machine.SeatSize + machine.SystemSize

// guestCoins are the system bits that a guest may press as well.
const guestCoins = machine.Coin1 | machine.Coin2 | machine.Coin3 | machine.Coin4

// game is a machine as a match sees it.
type game struct {
	m     *machine.Machine
	base  machine.Input // what is sent as zeros
	slots [rollback.Slots]*state.Slot
	out   *machine.Output // where frames that are run for the first time go, or nil
	ran   int             // frames that went there since it was set
	again bool            // a frame was run again since
}

func newGame(m *machine.Machine, base machine.Input) *game {
	g := &game{m: m, base: base}
	for i := range g.slots {
		g.slots[i] = m.Arena.NewSlot()
	}
	return g
}

func (g *game) Save(slot int)                 { g.m.Arena.Save(g.slots[slot]) }
func (g *game) Load(slot int)                 { g.m.Arena.Load(g.slots[slot]) }
func (g *game) Hash() uint64                  { return g.m.Arena.Hash() }
func (g *game) AppendState(b []byte) []byte   { return append(b, g.m.Arena.Block()...) }
func (g *game) SetState(b []byte) error       { return g.m.Arena.SetBlock(b) }
func (g *game) Advance(in []byte, shown bool) { g.advance(decode(&g.base, in), shown) }

func (g *game) advance(in machine.Input, shown bool) {
	if !shown {
		g.again = true
		g.m.Frame(&in, nil)
		return
	}
	g.ran++
	g.m.Frame(&in, g.out)
}

// encode is what a player sends. Everything that is as in base is sent as zero,
// since frames before the first sample are zeros: nothing is pressed then, and
// the switches are where they should be. Axes are sent as differences, whose
// changes can be predicted.
func encode(b []byte, base, in *machine.Input, seat int) []byte {
	s := in.Seats[seat]
	s.Buttons ^= base.Seats[seat].Buttons
	for i := range s.Axes {
		s.Axes[i] -= base.Seats[seat].Axes[i]
	}
	host := *in
	host.System ^= base.System
	for i := range host.DIPs {
		host.DIPs[i] ^= base.DIPs[i]
	}
	return host.AppendSystem(s.Append(b))
}

// decode makes a frame's input of what both players sent.
func decode(base *machine.Input, both []byte) machine.Input {
	in := *base
	for p := range 2 {
		s := &in.Seats[p]
		from := base.Seats[p]
		s.Decode(both[p*inputSize:])
		s.Buttons ^= from.Buttons
		for i := range s.Axes {
			s.Axes[i] += from.Axes[i]
		}
	}
	in.DecodeSystem(both[machine.SeatSize:]) // player 1 is the host
	in.System ^= base.System
	for i := range in.DIPs {
		in.DIPs[i] ^= base.DIPs[i]
	}
	in.System |= binary.LittleEndian.Uint32(both[inputSize+machine.SeatSize:]) & guestCoins
	return in
}

// own is the input of this side: a guest's first seat, which its keys are
// mapped to, is the game's second.
func own(in machine.Input, base *machine.Input, seat int) machine.Input {
	if seat == 0 {
		return in
	}
	first, s := in.Seats[0], &in.Seats[seat]
	s.Buttons |= first.Buttons
	for i := range s.Axes {
		if s.Axes[i] == base.Seats[seat].Axes[i] {
			s.Axes[i] += first.Axes[i] - base.Seats[0].Axes[i]
		}
	}
	return in
}

// fields says how inputs are predicted: buttons are held, dials go on turning.
func fields(inputs *machine.Inputs) []rollback.Field {
	var out []rollback.Field
	seen := map[uint8]bool{}
	for _, f := range inputs.Fields {
		if f.Kind != machine.KindAxis || !f.Range.Relative || seen[f.Axis] {
			continue
		}
		seen[f.Axis] = true
		out = append(out, rollback.Field{Offset: 4 + 2*int(f.Axis), Size: 2, Bits: min(bits.OnesCount32(f.Mask), 16), Predict: rollback.Velocity})
	}
	return out
}
