package fm

// Channel computes a channel. Params may be changed between calls; Changed
// must be called then, and after the state was restored.
type Channel struct {
	Params
	S *State

	// Noise replaces C2's wave, as in channel 7 of the OPM: a bit a sample, 1
	// is negative. It must be at least as long as out.
	Noise []uint8

	// Derived from state and parameters.
	fresh bool          // due is valid
	due   [Slots]uint32 // number of the step in which the envelope does something next
	att   [Slots]uint32 // attenuation * 8
}

// Changed tells that parameters or state were changed from outside.
func (c *Channel) Changed() { c.fresh = false }

// Advance makes n samples and adds them to out. With out nil the state comes
// out the same; then only what the state depends on is computed: phases,
// envelopes, and the wave of M1 where it is fed back.
func (c *Channel) Advance(t Time, n int, out []int32) {
	if n <= 0 {
		return
	}
	if c.S.Inverted != 0 {
		for k, mode := range c.SSG {
			if mode&8 == 0 {
				c.S.Inverted &^= 1 << k
			}
		}
	}
	if !c.fresh {
		for k := range Slots {
			c.due[k] = c.next(k, t.Count)
		}
		c.fresh = true
	}
	for k := range Slots {
		c.attenuate(k)
	}
	switch {
	case (c.SSG[0]|c.SSG[1]|c.SSG[2]|c.SSG[3])&8 != 0:
		c.advanceSSG(t, n, out)
	case out == nil:
		c.advanceSilent(t, n)
	default:
		c.advanceHeard(t, n, out)
	}
}

// advanceHeard computes from one change of an envelope to the next.
func (c *Channel) advanceHeard(t Time, n int, out []int32) {
	var at [Slots]int
	for k := range Slots {
		at[k] = t.sample(c.due[k])
	}
	for i := 0; ; {
		j := min(n, at[0], at[1], at[2], at[3])
		if j > i {
			c.run(i, j, out)
			i = j
		}
		if i == n {
			return
		}
		for k := range Slots {
			if at[k] == i {
				c.step(k, c.due[k])
				c.due[k] = c.next(k, c.due[k])
				at[k] = t.sample(c.due[k])
				c.attenuate(k)
			}
		}
	}
}

// advanceSilent goes slot by slot, since only M1 has a wave to compute.
func (c *Channel) advanceSilent(t Time, n int) {
	i := 0
	for at := t.sample(c.due[M1]); at < n; at = t.sample(c.due[M1]) {
		c.feedback(at - i)
		i = at
		c.step(M1, c.due[M1])
		c.due[M1] = c.next(M1, c.due[M1])
		c.attenuate(M1)
	}
	c.feedback(n - i)
	end := t.After(n).Count
	for k := C1; k < Slots; k++ {
		for int32(c.due[k]-end) <= 0 {
			c.step(k, c.due[k])
			c.due[k] = c.next(k, c.due[k])
		}
		c.S.Phase[k] = (c.S.Phase[k] + uint32(n)*c.Step[k]) & PhaseMask
	}
}

// advanceSSG is for channels with SSG-EG, where a slot at the end of a period
// has to be looked at in every sample.
func (c *Channel) advanceSSG(t Time, n int, out []int32) {
	ended := func(k int) bool { return c.SSG[k]&8 != 0 && c.S.Level[k] >= ssgEnd }
	var at [Slots]int
	for k := range Slots {
		at[k] = t.sample(c.due[k])
		if ended(k) {
			at[k] = 0
		}
	}
	for i := 0; ; {
		j := min(n, at[0], at[1], at[2], at[3])
		if j > i {
			c.run(i, j, out)
			i = j
		}
		if i == n {
			break
		}
		count, step := t.count(i)
		for k := range Slots {
			if at[k] != i {
				continue
			}
			before, inverted := *c.S, c.S.Inverted
			if ended(k) {
				c.period(k)
			}
			if step {
				c.step(k, count)
			}
			c.attenuate(k)
			now := count
			if !step {
				now = t.After(i).Count
			}
			c.due[k] = c.next(k, now)
			at[k] = t.sample(c.due[k])
			still := before.Level[k] == c.S.Level[k] && before.Envelope[k] == c.S.Envelope[k] && inverted == c.S.Inverted && c.SSG[k]&1 != 0
			if ended(k) && !still {
				at[k] = min(at[k], i+1)
			}
		}
	}
}

// run makes samples i to j, in which attenuations do not change.
func (c *Channel) run(i, j int, out []int32) {
	if out == nil {
		c.rest(j - i)
		return
	}
	if c.Noise != nil {
		c.noise(out[i:j], c.Noise[i:j])
		return
	}
	if c.quiet() {
		c.rest(j - i)
		return
	}
	c.render(out[i:j])
}

// quiet reports whether no slot is heard that could be.
func (c *Channel) quiet() bool {
	m := carriers[c.Algorithm&7]
	for k, a := range c.att {
		if m>>k&1 != 0 && a < quiet<<3 {
			return false
		}
	}
	return true
}

// rest makes n samples that nobody hears.
func (c *Channel) rest(n int) {
	c.feedback(n)
	for k := C1; k < Slots; k++ {
		c.S.Phase[k] = (c.S.Phase[k] + uint32(n)*c.Step[k]) & PhaseMask
	}
}

// noise makes samples in which C2 is noise: linear, not a wave.
func (c *Channel) noise(out []int32, negative []uint8) {
	a := c.att[C2]
	c.att[C2] = MaxLevel << 3
	if c.quiet() {
		c.rest(len(out))
	} else {
		c.render(out)
	}
	c.att[C2] = a
	v := int32(a>>3^MaxLevel) * 2
	for i, neg := range negative[:len(out)] {
		out[i] += (v ^ -int32(neg)) + int32(neg)
	}
}

// feedback makes n samples of M1 alone.
func (c *Channel) feedback(n int) {
	if n <= 0 {
		return
	}
	s := c.S
	p, step, a := s.Phase[M1], c.Step[M1], c.att[M1]
	older, newer := int32(s.Feedback[0]), int32(s.Feedback[1])
	switch {
	case a >= quiet<<3:
		p += uint32(n) * step
		older, newer = newer, 0
		if n > 1 {
			older = 0
		}
	case c.Feedback == 0:
		if n > 2 { // only the last two outputs are remembered
			p += uint32(n-2) * step
			n = 2
		}
		for range n {
			p += step
			older, newer = newer, wave(p, 0, a)
		}
	default:
		shift := 10 - c.Feedback&7
		for range n {
			p += step
			older, newer = newer, wave(p, (older+newer)>>shift, a)
		}
	}
	s.Phase[M1] = p & PhaseMask
	s.Feedback = [2]int16{int16(older), int16(newer)}
}

// wave is the output of a slot.
func wave(phase uint32, modulation int32, att uint32) int32 {
	return int32(power[(uint32(sine[(phase>>10+uint32(modulation))&0x3ff])+att)&(powerSize-1)])
}
