package ay8910

// Every generator counts up towards its period, so a period that is lowered
// acts at once. Each function moves a generator by any number of steps.

// tonePeriod is a channel's period in steps.
func (c *Chip) tonePeriod(i int) uint32 {
	r := &c.s.Reg
	return max(1, uint32(r[2*i])|uint32(r[2*i+1]&15)<<8)
}

func (c *Chip) tone(i int, n uint32) {
	s := c.s
	period, count := c.tonePeriod(i), uint32(s.Tone[i])
	if count+n < period {
		s.Tone[i] = uint16(count + n)
		return
	}
	var turns uint32
	if c.variant == SSG {
		// The counter restarts from 0, however late it is.
		late := n - max(1, period-min(period, count))
		turns, count = 1+late/period, late%period
	} else {
		// What is too much counts on.
		turns, count = (count+n)/period, (count+n)%period
	}
	s.Tone[i] = uint16(count)
	s.Square ^= uint8(turns&1) << i
}

// noise moves the noise: it shifts in every second period.
func (c *Chip) noise(n uint32) {
	s := c.s
	period, count := c.noisePeriod(), uint32(s.NoiseCount)
	if count+n < period {
		s.NoiseCount = uint8(count + n)
		return
	}
	late := n - max(1, period-min(period, count))
	turns := 1 + late/period
	s.NoiseCount = uint8(late % period)
	if c.variant != SSG {
		turns += uint32(s.NoiseHalf)
		s.NoiseHalf = uint8(turns & 1)
		turns /= 2
	}
	s.Noise = shift(s.Noise, turns)
}

// noisePeriod is the length of half a shift, in the SSG of a whole one.
func (c *Chip) noisePeriod() uint32 {
	period := max(1, uint32(c.s.Reg[regNoise]&31))
	if c.variant == SSG {
		return 2 * period
	}
	return period
}

// shift shifts the noise register of 17 bits n times. The new bit is bit 0 XOR
// bit 3, so 14 can be made at once.
func shift(r, n uint32) uint32 {
	for ; n > 0; n -= min(n, 14) {
		k := min(n, 14)
		r = r>>k | (r^r>>3)&(1<<k-1)<<(17-k)
	}
	return r
}

// Bits of register 13.
const (
	shapeHold      = 1
	shapeAlternate = 2
	shapeAttack    = 4
	shapeContinue  = 8
)

// restart is a write to register 13. The period's counter goes on.
func (c *Chip) restart() {
	s := c.s
	s.Step = 0
	s.Holding = 0
	s.Attack = s.Reg[regShape] / shapeAttack & 1
}

// lastStep is the number of the last step of an envelope's ramp.
func (c *Chip) lastStep() uint8 {
	if c.variant == AY8910 {
		return 15
	}
	return 31
}

// envelopePeriod is the length of a step of the envelope.
func (c *Chip) envelopePeriod() uint32 {
	period := uint32(c.s.Reg[regPeriod]) | uint32(c.s.Reg[regPeriod+1])<<8
	if c.variant == AY8910 {
		period *= 2
	}
	return max(1, period)
}

func (c *Chip) envelope(n uint32) {
	s := c.s
	if s.Holding != 0 && c.variant != SSG {
		return // the counter stands, too
	}
	period := c.envelopePeriod()
	if s.EnvelopeCount+n < period {
		s.EnvelopeCount += n
		return
	}
	late := n - max(1, period-min(period, s.EnvelopeCount))
	steps := 1 + late/period
	s.EnvelopeCount = late % period
	if s.Holding != 0 {
		return
	}
	last := uint32(c.lastStep())
	for steps > 0 {
		left := last - uint32(s.Step)
		if steps <= left {
			s.Step += uint8(steps)
			return
		}
		steps -= left + 1
		c.rampEnd()
		if s.Holding != 0 {
			if c.variant != SSG {
				s.EnvelopeCount = 0
			}
			return
		}
	}
}

// rampEnd is where a ramp of the envelope is over.
func (c *Chip) rampEnd() {
	s := c.s
	shape := s.Reg[regShape]
	if shape&shapeContinue == 0 {
		// Down to 0, or up and then 0.
		s.Attack, s.Holding, s.Step = 0, 1, c.lastStep()
		return
	}
	if shape&shapeAlternate != 0 {
		s.Attack ^= 1
	}
	s.Step = 0
	if shape&shapeHold != 0 {
		s.Holding, s.Step = 1, c.lastStep()
	}
}

// envelopeLevel is the level of the ramp.
func (c *Chip) envelopeLevel() uint8 {
	if c.s.Attack != 0 {
		return c.s.Step
	}
	return c.lastStep() - c.s.Step
}

// advance moves all generators by n steps.
func (c *Chip) advance(n int) {
	if n <= 0 {
		return
	}
	for i := range c.s.Tone {
		c.tone(i, uint32(n))
	}
	c.noise(uint32(n))
	c.envelope(uint32(n))
}

// steady is the number of steps until a generator that is heard turns over:
// from that step on the levels may be others.
func (c *Chip) steady() int {
	s := c.s
	steps := uint32(1 << 30)
	until := func(period, count uint32) { steps = min(steps, max(1, period-min(period, count))) }
	noise, envelope := false, false
	for i := range s.Tone {
		level := s.Reg[regLevel+i]
		if level&0x1f == 0 {
			continue
		}
		off := s.Reg[regEnable] >> i
		if off&1 == 0 {
			until(c.tonePeriod(i), uint32(s.Tone[i]))
		}
		noise = noise || off&8 == 0
		envelope = envelope || level&0x10 != 0
	}
	if noise {
		until(c.noisePeriod(), uint32(s.NoiseCount))
	}
	if envelope && s.Holding == 0 {
		until(c.envelopePeriod(), s.EnvelopeCount)
	}
	return int(steps)
}
