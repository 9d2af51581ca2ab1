package fm

// SSG-EG, of OPN chips: the envelope repeats, in the shapes of the SSG's
// envelope. Mode bits: 3 on, 2 attack (begin inverted), 1 alternate, 0 hold.

const (
	ssgEnd    = 0x200 // level at which a period ends
	ssgSilent = 0x380 // levels above are silent, inverted or not
)

// period ends a period of a slot whose SSG-EG is on, in a sample that it enters
// with a level of ssgEnd or more.
func (c *Channel) period(k int) {
	s := c.S
	m := uint8(1) << k
	mode := c.SSG[k]
	if mode&1 != 0 {
		inverted := mode>>2&1 != mode>>1&1
		s.Inverted &^= m
		if inverted {
			s.Inverted |= m
		}
		if s.Envelope[k] != Attack {
			s.Level[k] = MaxLevel
			if inverted {
				s.Level[k] = ssgEnd
			}
		}
	} else {
		if mode&2 != 0 {
			s.Inverted ^= m
		}
		if s.Envelope[k] == Decay || s.Envelope[k] == Sustain {
			c.attack(k)
		}
		if mode&2 == 0 {
			s.Phase[k] = 0
		}
	}
	if s.Envelope[k] == Release {
		s.Level[k] = MaxLevel
	}
}
