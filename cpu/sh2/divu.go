package sh2

// The division unit (manual, section 10).

// Bits of DVCR.
const (
	divOVF   = 1
	divOVFIE = 2
)

func (c *CPU) readDIVU(off uint32) uint32 {
	s := c.s
	if s.Model == Manual {
		// The CPU waits for the result (section 10.3.4).
		s.Time = max(s.Time, s.DIVReady)
		off &= 0x1f
	}
	switch off {
	case 0x00:
		return s.DVSR
	case 0x04, 0x14, 0x1c:
		return s.DVDNTL
	case 0x08:
		return s.DVCR & (divOVF | divOVFIE)
	case 0x0c:
		return s.VCRDIV & 0x7f
	case 0x10, 0x18:
		return s.DVDNTH
	}
	return 0
}

func (c *CPU) writeDIVU(off, v, mask uint32) {
	s := c.s
	if s.Model == Manual {
		s.Time = max(s.Time, s.DIVReady)
		off &= 0x1f
	}
	switch off {
	case 0x00:
		store32(&s.DVSR, v, mask)
	case 0x04:
		store32(&s.DVDNTL, v, mask)
		c.divide(int64(int32(s.DVDNTL)))
	case 0x08:
		if mask&0xff != 0 {
			if s.Model == Manual {
				s.DVCR = v & (divOVF | divOVFIE)
			} else {
				// In MAME 0.251 a one clears OVF or sets OVFIE.
				s.DVCR = s.DVCR&^(v&divOVF) | v&divOVFIE
			}
			c.request()
		}
	case 0x0c:
		store32(&s.VCRDIV, v, mask)
		c.request()
	case 0x10:
		store32(&s.DVDNTH, v, mask)
	case 0x14:
		store32(&s.DVDNTL, v, mask)
		c.divide(int64(uint64(s.DVDNTH)<<32 | uint64(s.DVDNTL)))
	}
}

// divide divides by DVSR: quotient to DVDNTL, remainder to DVDNTH. It overflows
// if the quotient has more than 32 bits; then both become 7FFFFFFFh in MAME,
// and on the chip the nearest quotient. (MAME 0.251 ends if 80000000h, as a
// 32-bit dividend, is divided by -1.)
func (c *CPU) divide(dividend int64) {
	s := c.s
	const cycles, overflowCycles = 39, 6
	s.DIVReady = c.Now() + cycles
	if d := int64(int32(s.DVSR)); d != 0 {
		// -1 is apart: the least int64 cannot be negated.
		q, r := -dividend, int64(0)
		if d != -1 {
			q, r = dividend/d, dividend%d
		}
		if q == int64(int32(q)) && (d != -1 || dividend != -1<<63) {
			s.DVDNTL, s.DVDNTH = uint32(q), uint32(r)
			return
		}
	}
	s.DVCR |= divOVF
	s.DIVReady = c.Now() + overflowCycles
	if s.Model == Manual {
		if s.DVCR&divOVFIE == 0 {
			s.DVDNTL = 0x7fffffff + bit((dividend < 0) != (int32(s.DVSR) < 0))
		}
	} else {
		s.DVDNTL, s.DVDNTH = 0x7fffffff, 0x7fffffff
	}
	c.request()
}
