package ym2610

import (
	"arcade/audio/ay8910"
	"arcade/audio/fm"
)

// State is everything in the chip that changes.
type State struct {
	Timer     fm.TimerState
	EGCount   uint32 // envelope steps made
	Channel   [Channels]fm.State
	A         [6]AState
	B         BState
	SSG       ay8910.State
	Address   uint16 // latch of 9 bits
	Reg       [0x200]uint8
	Latch     [4]uint8 // high bytes of frequencies with bit 7, until the low byte comes: A4-A6, AC-AE, 1A4-1A6, 1AC-1AE
	EGDivider uint8    // samples since the last envelope step: 0, 1, 2
	LFOCount  uint8    // samples since the LFO moved, and a little
	LFO       uint8    // position, 7 bits
	BEnded    uint8    // ADPCM-B has come to its end
	BSeen     uint8    // the same when last looked at
	EndFlags  uint8    // bits 7 and 5..0
	EndMask   uint8    // those that are shown
	Spare     [3]uint8
}

// AState is a channel of ADPCM-A.
type AState struct {
	Address uint32 // of the next byte, 24 bits
	Signal  int16  // accumulator, 12 bits
	Step    uint8  // index of the step size, 0 to 48
	Byte    uint8  // the one fetched last
	Low     uint8  // 1: its low nibble is next
	Playing uint8
	Spare   [2]uint8
}

// BState is ADPCM-B.
type BState struct {
	Address  uint32 // of the byte being played, 24 bits
	Step     uint32 // step size, 127 to 24576
	Signal   int16  // accumulator
	Before   int16  // the accumulator before that
	Position uint16 // between the two
	Byte     uint8
	Low      uint8 // 1: the low nibble is next
	Playing  uint8
	Spare    [3]uint8
}

const (
	addressMask = 1<<24 - 1
	endMask     = 0xbf // end flags that there are
)

// reset is the state at power-on.
func (s *BState) reset() { *s = BState{Step: minStepB} }

func (s *State) restored() {
	s.Timer.Restored()
	for i := range s.Channel {
		s.Channel[i].Restored()
	}
	for i := range s.A {
		a := &s.A[i]
		a.Address &= addressMask
		a.Signal = a.Signal << 4 >> 4
		a.Step = min(a.Step, lastStepA)
		a.Low &= 1
		a.Playing &= 1
	}
	s.B.Address &= addressMask
	s.B.Step = max(minStepB, min(s.B.Step, maxStepB))
	s.B.Low &= 1
	s.B.Playing &= 1
	s.Address &= 0x1ff
	s.EGDivider = min(s.EGDivider, 2)
	s.LFOCount &= 127
	s.LFO &= 127
	s.BEnded &= 1
	s.BSeen &= 1
	s.EndFlags &= endMask
	s.EndMask &= endMask
}
