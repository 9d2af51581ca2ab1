package fm

// render makes len(out) samples with the algorithm. Each has a loop of its
// own, so that everything stays in registers.
func (c *Channel) render(out []int32) {
	s := c.S
	p0, p1, p2, p3 := s.Phase[M1], s.Phase[C1], s.Phase[M2], s.Phase[C2]
	s0, s1, s2, s3 := c.Step[M1], c.Step[C1], c.Step[M2], c.Step[C2]
	a0, a1, a2, a3 := c.att[M1], c.att[C1], c.att[M2], c.att[C2]
	older, newer := int32(s.Feedback[0]), int32(s.Feedback[1])
	shift, enable := 10-c.Feedback&7, int32(-1)
	if c.Feedback == 0 {
		enable = 0
	}
	half := c.Halve & 1
	switch c.Algorithm & 7 {
	case 0: // M1 - C1 - M2 - C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			m := wave(p1, newer>>1, a1)
			m = wave(p2, m>>1, a2)
			out[i] += wave(p3, m>>1, a3) >> half
		}
	case 1: // (M1 + C1) - M2 - C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			m := newer + wave(p1, 0, a1)
			m = wave(p2, m>>1, a2)
			out[i] += wave(p3, m>>1, a3) >> half
		}
	case 2: // (M1 + (C1 - M2)) - C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			m := wave(p1, 0, a1)
			m = newer + wave(p2, m>>1, a2)
			out[i] += wave(p3, m>>1, a3) >> half
		}
	case 3: // ((M1 - C1) + M2) - C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			m := wave(p1, newer>>1, a1) + wave(p2, 0, a2)
			out[i] += wave(p3, m>>1, a3) >> half
		}
	case 4: // M1 - C1, M2 - C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			m := wave(p2, 0, a2)
			out[i] += wave(p1, newer>>1, a1)>>half + wave(p3, m>>1, a3)>>half
		}
	case 5: // M1 - C1, M1 - M2, M1 - C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			m := newer >> 1
			out[i] += wave(p1, m, a1)>>half + wave(p2, m, a2)>>half + wave(p3, m, a3)>>half
		}
	case 6: // M1 - C1, M2, C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			out[i] += wave(p1, newer>>1, a1)>>half + wave(p2, 0, a2)>>half + wave(p3, 0, a3)>>half
		}
	case 7: // M1, C1, M2, C2
		for i := range out {
			p0, p1, p2, p3 = p0+s0, p1+s1, p2+s2, p3+s3
			older, newer = newer, wave(p0, (older+newer)>>shift&enable, a0)
			out[i] += newer>>half + wave(p1, 0, a1)>>half + wave(p2, 0, a2)>>half + wave(p3, 0, a3)>>half
		}
	}
	s.Phase = [Slots]uint32{p0 & PhaseMask, p1 & PhaseMask, p2 & PhaseMask, p3 & PhaseMask}
	s.Feedback = [2]int16{int16(older), int16(newer)}
}
