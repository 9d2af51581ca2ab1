package ym2610

// segment is a run of samples of a block in which the LFO's values stay.
type segment struct {
	end int   // sample after the last
	am  uint8 // 0 to 63
	pm  int8  // -7 to 7
}

// lfoLimits has, by rate, the count at which the LFO moves on. It restarts from
// lfoStart.
var lfoLimits = [8]int{109, 78, 72, 68, 63, 45, 9, 6}

const lfoStart = 2

// modulators moves the LFO n samples on, and fills segments.
func (c *Chip) modulators(n int) {
	s := c.s
	c.segments = c.segmentRoom[:0]
	if s.Reg[regLFO]&8 == 0 {
		s.LFO, s.LFOCount = 0, 0
		c.segments = append(c.segments, segment{end: n, am: 63})
		return
	}
	limit := lfoLimits[s.Reg[regLFO]&7]
	for at := 0; at < n; {
		count := int(s.LFOCount)
		stay := min(limit-count, n-at) // samples before the one in which it moves
		if stay > 0 {
			s.LFOCount = uint8(count + stay)
			at += stay
		} else {
			s.LFOCount = lfoStart
			s.LFO = (s.LFO + 1) & 127
			at++
		}
		am, pm := lfo(s.LFO)
		if k := len(c.segments); k > 0 && c.segments[k-1].am == am && c.segments[k-1].pm == pm {
			c.segments[k-1].end = at
		} else {
			c.segments = append(c.segments, segment{at, am, pm})
		}
	}
}

// lfo gives the modulation at a position.
func lfo(position uint8) (am uint8, pm int8) {
	am = position & 63
	if position&0x40 == 0 {
		am ^= 63
	}
	pm = int8(position >> 2 & 7)
	if position&0x20 != 0 {
		pm ^= 7
	}
	if position&0x40 != 0 {
		pm = -pm
	}
	return am, pm
}
