package ym2151

// segment is a run of samples of a block in which the LFO's values stay.
type segment struct {
	end int   // sample after the last
	am  uint8 // 0 to 127*255/128
	pm  int8
}

// modulators moves LFO and noise n samples on, and fills segments. Where the
// noise is heard it fills noise as well.
func (c *Chip) modulators(n int, heard bool) {
	s := c.s
	shifter := s.Noise
	segments := c.segmentRoom[:0]
	rate := uint32(s.Reg[regLFRQ])
	step := (16 + rate&15) << (rate >> 4)
	held := s.Reg[regTest]&2 != 0
	value := s.LFO >> 22
	for at := 0; at < n; {
		// How long the LFO's next value lasts.
		first := (s.LFO + step) & lfoMask
		m := n - at
		if held {
			first, s.LFO = 0, 0
		} else if left := ((first>>22+1)<<22 - first + step - 1) / step; uint32(m) > left {
			m = int(left)
		}
		if v := first >> 22; v != value {
			next := s.LFONoise[lfoNoiseNext]
			if v != (value+1)&0xff {
				next = s.LFONoise[lfoNoiseZero]
			}
			s.LFONoise[lfoNoiseNow] = next
			value = v
		}
		if !held {
			s.LFO = (s.LFO + uint32(m)*step) & lfoMask
		}
		shifter = shift(shifter, 2*m)
		b := uint8(shifter >> 17)
		s.LFONoise[lfoNoiseNext] = b
		if value == 0xff {
			s.LFONoise[lfoNoiseZero] = b
		}
		at += m
		am, pm := c.lfo(value)
		if k := len(segments); k > 0 && segments[k-1].am == am && segments[k-1].pm == pm {
			segments[k-1].end = at
		} else {
			segments = append(segments, segment{at, am, pm})
		}
	}
	c.segments = segments
	if heard {
		c.noiseSamples(n)
	} else {
		c.noiseSilent(n)
	}
	s.Noise = shifter
}

// lfo gives the modulation at a value of the LFO.
func (c *Chip) lfo(value uint32) (am uint8, pm int8) {
	s := c.s
	if s.AMD|s.PMD == 0 {
		return 0, 0
	}
	var a, p int32
	i := int32(value)
	switch s.Reg[regWave] & 3 {
	case 0: // saw
		a, p = 255-i, int32(int8(i))
	case 1: // square
		a, p = 255, 127
		if i >= 128 {
			a, p = 0, -128
		}
	case 2: // triangle
		a = 254 - 2*i
		if i >= 128 {
			a = 2*i - 256
		}
		switch {
		case i < 64:
			p = 2*i + 1
		case i < 128:
			p = 254 - 2*i
		case i < 192:
			p = 255 - 2*i
		default:
			p = 2*i - 512
		}
	case 3: // noise
		a = int32(s.LFONoise[lfoNoiseNow])
		p = int32(int8(a))
	}
	return uint8(a * int32(s.AMD) >> 7), int8(p * int32(s.PMD) >> 7)
}

// shift shifts the noise register n times. The new bit is NOT (bit 16 XOR bit
// 13), so 14 bits can be made at once.
func shift(r uint32, n int) uint32 {
	for ; n >= 14; n -= 14 {
		r = (r<<14 | ^(r>>3^r)&(1<<14-1)) & noiseMask
	}
	if n > 0 {
		r = (r<<n | ^(r>>(17-n)^r>>(14-n))&(1<<n-1)) & noiseMask
	}
	return r
}

// noiseSamples makes the noise of n samples.
func (c *Chip) noiseSamples(n int) {
	s := c.s
	limit := 31 - s.Reg[regNoise]&31
	r, wait, bit := s.Noise, s.NoiseWait, s.NoiseOut
	for i := range c.noise[:n] {
		for range 2 {
			r = r<<1 | ^(r>>16^r>>13)&1
			if wait >= limit {
				wait = 0
				bit = uint8(r >> 17 & 1)
			} else {
				wait++
			}
		}
		c.noise[i] = bit
	}
	s.NoiseWait, s.NoiseOut = wait, bit
}

// noiseSilent leaves the noise output as noiseSamples does.
func (c *Chip) noiseSilent(n int) {
	s := c.s
	limit := int(31 - s.Reg[regNoise]&31)
	wait := int(s.NoiseWait)
	before := max(limit-wait, 0) // shifts before the one that latches
	if 2*n <= before {
		s.NoiseWait = uint8(wait + 2*n)
		return
	}
	left := 2*n - before - 1
	s.NoiseWait = uint8(left % (limit + 1))
	s.NoiseOut = uint8(shift(s.Noise, 2*n-int(s.NoiseWait)) >> 17 & 1)
}
