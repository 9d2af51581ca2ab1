// Package namco is the three-voice waveform sound generator (WSG) of Namco's
// Pac-Man board, which other boards have too: an adder and a small RAM that
// serve the voices in turn, a PROM with eight waveforms of 32 samples of 4
// bits, and a 4-bit volume for each voice.
//
// Sources: schematics of the Pac-Man board (Bally Midway 1980); comparison
// with MAME 0.251.
package namco

// Rule says what happens to a voice that cannot be heard.
type Rule uint8

const (
	// MAME: a voice's accumulator stands still while its volume or frequency
	// is 0 or sound is off, and cannot be written.
	MAME Rule = iota
	// Board: accumulators always advance, as nothing on the board stops them,
	// and can be written.
	Board
)

// Voices is the number of voices.
const Voices = 3

// State is everything in the chip that changes.
type State struct {
	Phase     [Voices]uint32 // 20-bit accumulator, as the board has it
	Frequency [Voices]uint32 // added to it for every sample
	Waveform  [Voices]uint8  // 0 to 7
	Volume    [Voices]uint8  // 0 to 15
	On        uint8          // sound enable, 0 or 1
	Spare     uint8          // keeps the size even, without padding
}

const phaseMask = 1<<20 - 1

// Chip is a WSG.
type Chip struct {
	s    *State
	rule Rule
	wave [8][32]int16 // samples, -8 to 7
}

// New makes a chip with the waveform PROM, of 256 bytes whose low nibbles
// count.
func New(s *State, prom []byte, rule Rule) *Chip {
	c := &Chip{s: s, rule: rule}
	for i := range c.wave {
		for j := range c.wave[i] {
			c.wave[i][j] = int16(prom[32*i+j]&15) - 8
		}
	}
	return c
}

// Restored masks the state to legal values: any bytes are a legal state.
func (c *Chip) Restored() {
	for v := range Voices {
		c.s.Phase[v] &= phaseMask
		c.s.Frequency[v] &= phaseMask
		c.s.Waveform[v] &= 7
		c.s.Volume[v] &= 15
	}
	c.s.On &= 1
}

// Enable is the sound enable line.
func (c *Chip) Enable(on bool) {
	c.s.On = 0
	if on {
		c.s.On = 1
	}
}

// Write writes a register, 00 to 1f; only the low nibble counts. The registers
// of the accumulators (00-04, 06-09, 0b-0e) are cells of the same RAM, so on
// the board a write sets them; MAME ignores it.
func (c *Chip) Write(register, data uint8) {
	data &= 15
	r := register & 31
	switch {
	case r == 0x05:
		c.s.Waveform[0] = data & 7
	case r == 0x0a:
		c.s.Waveform[1] = data & 7
	case r == 0x0f:
		c.s.Waveform[2] = data & 7
	case r == 0x15:
		c.s.Volume[0] = data
	case r == 0x1a:
		c.s.Volume[1] = data
	case r == 0x1f:
		c.s.Volume[2] = data
	case r >= 0x1b: // voices 1 and 2 lack the lowest nibble
		setNibble(&c.s.Frequency[2], r-0x1b+1, data)
	case r >= 0x16:
		setNibble(&c.s.Frequency[1], r-0x16+1, data)
	case r >= 0x10:
		setNibble(&c.s.Frequency[0], r-0x10, data)
	case c.rule == MAME:
	case r >= 0x0b:
		setNibble(&c.s.Phase[2], r-0x0b+1, data)
	case r >= 0x06:
		setNibble(&c.s.Phase[1], r-0x06+1, data)
	default:
		setNibble(&c.s.Phase[0], r, data)
	}
}

func setNibble(v *uint32, nibble, data uint8) {
	*v = *v&^(15<<(4*nibble)) | uint32(data)<<(4*nibble)
}

// Advance makes n samples at the board's rate of 96 kHz (main crystal / 192),
// each the sum of (sample - 8) * volume over
// the voices: -360 to 315. With out nil the state comes out the same, and
// nothing is computed for the ear. out has n samples.
func (c *Chip) Advance(n int, out []int16) {
	clear(out)
	s := c.s
	for v := range Voices {
		f, volume := s.Frequency[v], int16(s.Volume[v])
		audible := f != 0 && volume != 0 && s.On != 0
		if c.rule == MAME && !audible {
			continue
		}
		if s.On != 0 && volume != 0 && out != nil {
			wave := &c.wave[s.Waveform[v]&7]
			phase := s.Phase[v]
			for i := range out {
				out[i] += wave[phase>>15&31] * volume
				phase += f
			}
		}
		s.Phase[v] = (s.Phase[v] + uint32(n)*f) & phaseMask
	}
}
