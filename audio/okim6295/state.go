package okim6295

// State is everything in the chip that changes.
type State struct {
	Next        [Voices]uint32 // address of the next nibble: 18 bits of byte address, then 0 for the high one
	Left        [Voices]uint32 // nibbles still to play; 0: the voice is off
	Pending     uint32         // first byte of a command (bit 7 is set) or 0
	Signal      [Voices]int16  // 12 bits
	Step        [Voices]uint8  // index of the step size, 0 to 48
	Attenuation [Voices]uint8  // code, 0 to 15
}

const (
	addressMask = 1<<18 - 1
	nibbleMask  = 1<<19 - 1
	maxLeft     = 1 << 19
)

// Restored brings the state to legal values: any bytes are a legal state.
func (c *Chip) Restored() {
	s := c.s
	for v := range Voices {
		s.Next[v] &= nibbleMask
		s.Left[v] = min(s.Left[v], maxLeft)
		s.Signal[v] = max(-2048, min(s.Signal[v], 2047))
		s.Step[v] = min(s.Step[v], lastStep)
		s.Attenuation[v] &= 15
	}
	s.Pending &= 0xff
	if s.Pending < 0x80 {
		s.Pending = 0
	}
}
