// Package ay8910 is the sound of General Instrument's AY-3-8910 and of its
// relatives: the YM2149, and the SSG inside Yamaha's FM chips. Three square
// waves, a noise, an envelope, two ports.
//
// Sources: AY-3-8910 data sheet (General Instrument, 1979); YM2149 data sheet
// (Yamaha, 1987); counters as in MAME 0.251 and, for the SSG, ymfm.
//
// The generators step at an eighth of the clock. With pin 26 (/SEL) of a
// YM2149 low the clock is halved first: that is the board's to do.
//
// Not modelled: the AY-3-8914's order of registers, the AY8930's expanded mode,
// the phase of the prescaler at power-on.
package ay8910

// ClocksPerStep is the number of clock cycles per step of the generators.
const ClocksPerStep = 8

// Variant is a relative.
type Variant uint8

const (
	// AY8910 has an envelope of 16 steps and reads unused bits as 0.
	AY8910 Variant = iota
	// YM2149 has an envelope of 32 steps and keeps all bits.
	YM2149
	// SSG is the YM2149 in a YM2203, YM2608 or YM2610: counters differ from
	// YM2149 only while a period is being changed.
	SSG
)

// Output is what Advance makes of the three channels.
type Output uint8

const (
	// Levels are the digital levels of A, B and C, interleaved. AY8910: 0 to
	// 15. SSG: 0 to 31, fixed levels as the odd ones. YM2149: 0 to 15 where
	// fixed, 32 to 63 where the envelope is used, which has a table of its
	// own.
	Levels Output = iota
	// Separate are the voltages of A, B and C, each with a load of 1000 ohm of
	// its own, interleaved, as MAME scales them. Full scale is 32768.
	Separate
	// Tied is the voltage of all three pins tied together on 1000 ohm. Full
	// scale is 32768.
	Tied
	// Mixed is (A+B+C)*2/3 of the SSG's amplitudes. Full scale is 32768.
	Mixed
)

// Channels is the number of values that Advance makes per step.
func (o Output) Channels() int {
	if o == Levels || o == Separate {
		return 3
	}
	return 1
}

// Registers.
const (
	regNoise    = 6
	regEnable   = 7
	regLevel    = 8
	regPeriod   = 11
	regShape    = 13
	regPorts    = 14
	enablePorts = 0x40 // port A is an output; 0x80: port B
)

// used has the bits that an AY-3-8910 keeps of each register.
var used = [16]uint8{0xff, 0x0f, 0xff, 0x0f, 0xff, 0x0f, 0x1f, 0xff, 0x1f, 0x1f, 0x1f, 0xff, 0xff, 0x0f, 0xff, 0xff}

// Chip is one of the family.
type Chip struct {
	// In reads the pins of ports A (0) and B (1), and Out takes what the
	// program puts on them. An input without In reads 1s.
	In  [2]func() uint8
	Out [2]func(data uint8)

	s        *State
	variant  Variant
	output   Output
	separate *[codes]int16
	pull     *[codes]uint64
	ground   uint64
}

// New makes a chip whose state is s, and powers it on.
func New(s *State, v Variant, o Output) *Chip {
	c := &Chip{s: s, variant: v, output: o, separate: &separateYM, pull: &conductanceYM, ground: groundYM}
	if v == AY8910 {
		c.separate, c.pull, c.ground = &separateAY, &conductanceAY, groundAY
	}
	*s = State{}
	c.Reset()
	return c
}

// Reset is the /RESET line: all registers are 0, and all generators start.
func (c *Chip) Reset() {
	*c.s = State{Noise: 1}
	c.restart()
}

// Address latches a register number. Numbers above 15 select no chip.
func (c *Chip) Address(r uint8) { c.s.Address = r }

// Write writes the latched register.
func (c *Chip) Write(data uint8) {
	if c.s.Address < 16 {
		c.WriteRegister(c.s.Address, data)
	}
}

// Read reads the latched register.
func (c *Chip) Read() uint8 {
	if c.s.Address < 16 {
		return c.ReadRegister(c.s.Address)
	}
	return 0xff
}

// WriteRegister writes register r, 0 to 15.
func (c *Chip) WriteRegister(r, data uint8) {
	s := c.s
	r &= 15
	before := s.Reg[r]
	s.Reg[r] = data
	switch {
	case r == regShape:
		c.restart()
	case r == regEnable:
		for p, out := range c.Out {
			// A port that becomes an output shows what it holds; pins of one
			// that becomes an input are pulled up.
			m := uint8(enablePorts) << p
			if out == nil || data&m == before&m {
				continue
			}
			if data&m != 0 {
				out(s.Reg[regPorts+p])
			} else {
				out(0xff)
			}
		}
	case r >= regPorts:
		if p := r - regPorts; c.Out[p] != nil && s.Reg[regEnable]&(enablePorts<<p) != 0 {
			c.Out[p](data)
		}
	}
}

// ReadRegister reads register r, 0 to 15. Ports read their pins, also where
// they are outputs.
func (c *Chip) ReadRegister(r uint8) uint8 {
	r &= 15
	if r >= regPorts {
		if in := c.In[r-regPorts]; in != nil {
			return in()
		}
		if c.s.Reg[regEnable]&(enablePorts<<(r-regPorts)) == 0 {
			return 0xff
		}
	}
	if c.variant == AY8910 {
		return c.s.Reg[r] & used[r]
	}
	return c.s.Reg[r]
}

// Advance makes n steps. With out nil the state comes out the same, and
// nothing is computed for the ear. Otherwise out has n values, or 3n (see
// Output).
func (c *Chip) Advance(n int, out []int16) {
	if out == nil {
		c.advance(n)
		return
	}
	for n > 0 {
		// Nothing changes until a generator that is heard turns over.
		quiet := min(c.steady()-1, n)
		if quiet > 0 {
			out = c.fill(out, quiet)
			c.advance(quiet)
			n -= quiet
		}
		if n > 0 {
			c.advance(1)
			out = c.fill(out, 1)
			n--
		}
	}
}

// fill writes n steps of the present levels and returns the rest of out.
func (c *Chip) fill(out []int16, n int) []int16 {
	var code [3]uint8
	for i := range code {
		code[i] = c.code(i)
	}
	var v [3]int16
	switch c.output {
	case Tied:
		w := c.pull[code[0]] + c.pull[code[1]] + c.pull[code[2]]
		v[0] = int16(32767 * w / (w + c.ground))
	case Mixed:
		v[0] = int16((amplitude[level5(code[0])] + amplitude[level5(code[1])] + amplitude[level5(code[2])]) * 2 / 3)
	case Separate:
		for i, k := range code {
			v[i] = c.separate[k]
		}
	default:
		for i, k := range code {
			v[i] = int16(c.digital(k))
		}
	}
	if c.output.Channels() == 1 {
		for i := range out[:n] {
			out[i] = v[0]
		}
		return out[n:]
	}
	for i := range n {
		out[3*i], out[3*i+1], out[3*i+2] = v[0], v[1], v[2]
	}
	return out[3*n:]
}

// code is the level that a channel's converter gets.
func (c *Chip) code(i int) uint8 {
	s := c.s
	r := s.Reg[regEnable] >> i
	on := (s.Square>>i | r) & (uint8(s.Noise) | r>>3) & 1
	l := s.Reg[regLevel+i]
	if l&0x10 != 0 {
		return envelopeCode + c.envelopeLevel()*on
	}
	return l & 15 * on
}

// level5 is a level of 5 bits.
func level5(code uint8) uint8 {
	if code >= envelopeCode {
		return code & 31
	}
	if code == 0 {
		return 0
	}
	return 2*code&31 + 1
}

// digital is a level in Levels.
func (c *Chip) digital(code uint8) uint8 {
	switch c.variant {
	case AY8910:
		return code & 15
	case SSG:
		return level5(code)
	}
	return code
}
