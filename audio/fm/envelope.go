package fm

// Time is where the envelope generator stands: it makes a step in every third
// sample.
type Time struct {
	Count uint32 // steps made so far
	First int    // samples before the one with the next step: 0, 1, 2
}

// After is the time n samples later.
func (t Time) After(n int) Time {
	if n <= t.First {
		return Time{t.Count, t.First - n}
	}
	steps := uint32(n-t.First+2) / 3
	return Time{t.Count + steps, t.First + 3*int(steps) - n}
}

// sample is the index of the sample in which step number count is made.
func (t Time) sample(count uint32) int {
	d := count - t.Count - 1
	if d > farAway {
		return never
	}
	return t.First + 3*int(d)
}

// count is the number of the step made in a sample, if there is one.
func (t Time) count(sample int) (uint32, bool) {
	d := uint32(sample - t.First)
	if sample < t.First || d%3 != 0 {
		return 0, false
	}
	return t.Count + 1 + d/3, true
}

// never is a sample that nobody asks for.
const never = 1<<31 - 1

// farAway is a number of steps after which envelopes that stand still are
// looked at again; far more than anybody advances at once.
const farAway = 1 << 28

// increments has what an envelope step adds, by rate and by three bits of the
// step count: a hexadecimal digit each, index 0 lowest.
var increments = makeIncrements()

func makeIncrements() (t [64]uint32) {
	for rate := uint(2); rate < 64; rate++ {
		for i := range uint(8) {
			t[rate] |= increment(rate, i) << (4 * i)
		}
	}
	return t
}

func increment(rate, i uint) uint32 {
	unit := uint32(1)
	switch {
	case rate >= 60:
		return 8
	case rate >= 48:
		unit <<= rate>>2 - 12
	case rate >= 8:
		unit = 0 // every second step is left out, and more or less of the others
	case rate >= 6:
		return bit(i&3 != 0)
	default:
		return bit(i&1 != 0)
	}
	more := false
	switch rate & 3 {
	case 0:
		more = rate < 48 && i&1 != 0
	case 1:
		more = i&3 == 3
		if rate < 48 {
			more = i&1 != 0 || i == 4
		}
	case 2:
		more = i&1 != 0
		if rate < 48 {
			more = i&3 != 0
		}
	case 3:
		more = i&3 != 0
		if rate < 48 {
			more = i != 0
		}
	}
	if unit == 0 {
		return bit(more)
	}
	return unit << bit(more)
}

func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// EffectiveRate adds the key scaling to a rate of registers (doubled, or
// 4*RR+2): 0 to 63.
func EffectiveRate(raw, scale uint32) uint8 {
	if raw == 0 {
		return 0
	}
	return uint8(min(raw+scale, 63))
}

// step makes envelope step number n of a slot.
func (c *Channel) step(k int, n uint32) {
	s := c.S
	level := s.Level[k]
	state := s.Envelope[k] & 3
	if state == Attack && level == 0 {
		state = Decay
	}
	if state == Decay && level >= c.SustainLevel[k] {
		state = Sustain
	}
	s.Envelope[k] = state
	rate := uint(c.Rate[k][state] & 63)
	index := n
	if shift := rate >> 2; shift < 11 {
		if n&(1<<(11-shift)-1) != 0 {
			return
		}
		index = n >> (11 - shift)
	}
	inc := increments[rate] >> (index & 7 << 2) & 15
	switch {
	case state == Attack:
		if rate < 62 {
			level += uint16(int32(^uint32(level)*inc) >> 4) // the complement is negative
		}
	case c.SSG[k]&8 != 0:
		if level < ssgEnd {
			level += uint16(4 * inc)
		}
	default:
		level += uint16(inc)
	}
	s.Level[k] = min(level, MaxLevel)
}

// next is the number of the first step after n in which the slot's envelope
// does anything.
func (c *Channel) next(k int, n uint32) uint32 {
	level, state := c.S.Level[k], c.S.Envelope[k]&3
	switch {
	case state == Attack && level == 0, state == Decay && level >= c.SustainLevel[k]:
		return n + 1
	}
	rate := uint(c.Rate[k][state] & 63)
	switch {
	case rate < 2, state == Attack && rate >= 62, state != Attack && (level == MaxLevel || level >= ssgEnd && c.SSG[k]&8 != 0):
		return n + farAway + 2
	case rate >= 48:
		return n + 1
	}
	shift := 11 - rate>>2
	n = (n>>shift + 1) << shift
	if increments[rate]>>(n>>shift&7<<2)&15 == 0 {
		n += 1 << shift // no two neighbours are 0
	}
	return n
}

// Key looks at the key bits, once a sample: those of the registers and csm's.
func (c *Channel) Key(csm uint8) {
	s := c.S
	on := (s.Key | csm) & 15
	changed := on ^ s.On
	if changed == 0 {
		return
	}
	s.On = on
	c.fresh = false
	for k := range Slots {
		m := uint8(1) << k
		switch {
		case changed&m == 0:
		case on&m != 0:
			if s.Envelope[k] != Attack {
				s.Phase[k] = 0
				s.Inverted &^= m
				if c.SSG[k]&(8|4) == 8|4 {
					s.Inverted |= m
				}
				c.attack(k)
			}
		case s.Envelope[k] != Release:
			s.Envelope[k] = Release
			if s.Inverted&m != 0 {
				s.Level[k] = (ssgEnd - s.Level[k]) & MaxLevel
				s.Inverted &^= m
			}
		}
	}
}

// attack starts the attack.
func (c *Channel) attack(k int) {
	c.S.Envelope[k] = Attack
	if c.Rate[k][Attack] >= 62 {
		c.S.Level[k] = 0
	}
}

// attenuate computes the slot's whole attenuation.
func (c *Channel) attenuate(k int) {
	level := c.S.Level[k]
	a := uint32(MaxLevel)
	if c.SSG[k]&8 == 0 || level <= ssgSilent {
		if c.S.Inverted>>k&1 != 0 {
			level = (ssgEnd - level) & MaxLevel
		}
		a = min(uint32(level)+uint32(c.AM[k])+uint32(c.TotalLevel[k]), MaxLevel)
	}
	c.att[k] = a << 3
}
