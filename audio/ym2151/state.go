package ym2151

import "arcade/audio/fm"

// State is everything in the chip that changes.
type State struct {
	Timer     fm.TimerState
	LFO       uint32 // counter of 30 bits
	Noise     uint32 // shift register: the last 25 bits, newest at 0
	EGCount   uint32 // envelope steps made
	Channel   [Channels]fm.State
	Reg       [256]uint8
	Address   uint8
	EGDivider uint8 // samples since the last envelope step: 0, 1, 2
	AMD       uint8 // LFO depths, behind one register
	PMD       uint8
	NoiseWait uint8    // shifts since the noise output changed last
	NoiseOut  uint8    // 1: negative
	LFONoise  [3]uint8 // LFO waveform 3: see lfoNoise...
	Spare     [3]uint8
}

// The LFO's noise waveform is latched when the LFO's value changes: LFONoise
// has the byte that is heard, the one that will be at the next value, and the
// one for value 0, which an LFO reset jumps to.
const (
	lfoNoiseNow = iota
	lfoNoiseNext
	lfoNoiseZero
)

// Registers that are not one of eight or 32.
const (
	regTest  = 0x01 // bit 1: LFO reset
	regKey   = 0x08
	regNoise = 0x0f
	regNAH   = 0x10
	regNAL   = 0x11
	regNB    = 0x12
	regTimer = 0x14
	regLFRQ  = 0x18
	regDepth = 0x19
	regWave  = 0x1b // CT and LFO waveform
	regPan   = 0x20 // RL, FB, CON
	regKC    = 0x28
	regKF    = 0x30
	regPMS   = 0x38 // and AMS
	regDT1   = 0x40 // and MUL
	regTL    = 0x60
	regAR    = 0x80 // and KS
	regD1R   = 0xa0 // and AMS-EN
	regD2R   = 0xc0 // and DT2
	regD1L   = 0xe0 // and RR
)

const (
	lfoMask   = 1<<30 - 1
	noiseMask = 1<<25 - 1
)

func (s *State) restored() {
	s.LFO &= lfoMask
	s.Noise &= noiseMask
	for i := range s.Channel {
		s.Channel[i].Restored()
		s.Channel[i].Inverted = 0
	}
	s.Timer.Restored()
	s.EGDivider = min(s.EGDivider, 2)
	s.AMD &= 0x7f
	s.PMD &= 0x7f
	s.NoiseWait &= 31
	s.NoiseOut &= 1
}
