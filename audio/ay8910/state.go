package ay8910

// State is everything in the chip that changes.
type State struct {
	Noise         uint32    // shift register of 17 bits; the output is bit 0
	EnvelopeCount uint32    // steps into the envelope's period
	Tone          [3]uint16 // steps into the periods of A, B, C
	Reg           [16]uint8
	Address       uint8
	Square        uint8 // outputs of the tone generators, a bit each
	NoiseCount    uint8 // steps into the noise's period
	NoiseHalf     uint8 // 1: half of a shift has passed
	Step          uint8 // of the envelope's ramp, from 0
	Attack        uint8 // 1: the ramp goes up
	Holding       uint8 // 1: the envelope stands at the end of a ramp
	Spare         [3]uint8
}

// Restored brings the state to legal values: any bytes are a legal state.
func (c *Chip) Restored() {
	s := c.s
	s.Noise &= 1<<17 - 1
	s.EnvelopeCount &= 1<<17 - 1
	for i := range s.Tone {
		s.Tone[i] &= 0xfff
	}
	s.Square &= 7
	s.NoiseCount &= 63
	s.NoiseHalf &= 1
	s.Step = min(s.Step, c.lastStep())
	s.Attack &= 1
	s.Holding &= 1
}
