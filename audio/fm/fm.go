// Package fm is what Yamaha's four-operator FM chips (OPM, OPN) have in common:
// the arithmetic of operators and algorithms, and the envelope generator. A
// chip package keeps registers, LFO, timers and ports; it turns its registers
// into the Params of each channel and lets Channel do the work.
//
// Words: an operator is a slot. The four slots of a channel are counted in the
// order in which they are computed: M1, C1, M2, C2 (on OPN chips S1, S2, S3,
// S4). Attenuation is in 3/32 dB: 0x3ff is 96 dB.
//
// Sources: YM2151 and YM2608 application manuals; the arithmetic as found in
// the die shots and measurements of the emulation community, and as in ymfm.
// Not modelled: the pipeline, in which some modulators reach their target one
// sample later than here.
package fm

// Slots of a channel.
const (
	M1 = iota
	C1
	M2
	C2
	Slots
)

// Envelope states.
const (
	Attack = iota
	Decay
	Sustain
	Release
)

const (
	// MaxLevel is the level of silence.
	MaxLevel = 0x3ff
	// quiet is the attenuation from which on every amplitude is 0, as all 13
	// bits are shifted out.
	quiet = 0x340
)

// State is what changes in a channel. Any bytes are legal after Restored.
type State struct {
	Phase    [Slots]uint32 // 20 bits
	Level    [Slots]uint16 // of the envelope: 0 (loud) to MaxLevel
	Feedback [2]int16      // the last two outputs of M1, older first
	Envelope [Slots]uint8  // Attack, Decay, Sustain, Release
	Key      uint8         // key bits of the registers, a bit a slot
	On       uint8         // key bits as last looked at
	Inverted uint8         // SSG-EG: output inverted, a bit a slot
	Spare    uint8
}

// PhaseMask has the bits of a phase.
const PhaseMask = 1<<20 - 1

// Reset silences the channel.
func (s *State) Reset() {
	*s = State{}
	for k := range Slots {
		s.Level[k] = MaxLevel
		s.Envelope[k] = Release
	}
}

// Restored brings the state to legal values.
func (s *State) Restored() {
	for k := range Slots {
		s.Phase[k] &= PhaseMask
		s.Level[k] &= MaxLevel
		s.Envelope[k] &= 3
	}
	for i, v := range s.Feedback {
		s.Feedback[i] = max(-8168, min(v, 8168))
	}
	s.Key &= 15
	s.On &= 15
	s.Inverted &= 15
}

// Params is what registers say about a channel.
type Params struct {
	Algorithm    uint8           // CON, 0 to 7
	Feedback     uint8           // FB, 0 to 7
	Halve        uint8           // 1: outputs are halved before they are added up (OPN)
	Step         [Slots]uint32   // added to the phase in every sample
	TotalLevel   [Slots]uint16   // attenuation
	SustainLevel [Slots]uint16   // level at which decay ends
	Rate         [Slots][4]uint8 // effective rate, 0 to 63, by envelope state
	AM           [Slots]uint16   // attenuation that the LFO adds
	SSG          [Slots]uint8    // SSG-EG mode; bit 3: on
}

// carriers has the slots that are heard, by algorithm.
var carriers = [8]uint8{1 << C2, 1 << C2, 1 << C2, 1 << C2, 1<<C1 | 1<<C2, 1<<C1 | 1<<M2 | 1<<C2, 1<<C1 | 1<<M2 | 1<<C2, 15}

// Detune gives the signed change of a phase step: key is the key code of 5
// bits, dt the register's 3 bits.
func Detune(key, dt uint32) int32 {
	d := int32(detune[key&31][dt&3])
	if dt&4 != 0 {
		return -d
	}
	return d
}

// Multiple applies MUL to a phase step.
func Multiple(step, mul uint32) uint32 {
	if mul == 0 {
		return step >> 1
	}
	return step * mul
}
