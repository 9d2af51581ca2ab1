package sh2

// The free-running timer (manual, section 11) and the watchdog timer (section
// 12), as MAME times them.

// Bits of FTCSR and TIER, and CCLRA of FTCSR.
const (
	frtICF   = 0x80
	frtOCFA  = 0x08
	frtOCFB  = 0x04
	frtOVF   = 0x02
	frtCCLRA = 0x01

	frtFlags = frtICF | frtOCFA | frtOCFB | frtOVF
)

// frtShift is the clock's divisor as a power of two, 0 for the external clock.
func (s *State) frtShift() uint { return [4]uint{3, 5, 7, 0}[s.TCR&3] }

// syncFRT brings FRC up to date. The prescaler starts afresh whenever FRC was
// seen to move, as in MAME.
func (c *CPU) syncFRT() {
	s := c.s
	if ticks := (c.Now() - s.FRTBase) >> s.frtShift(); ticks > 0 {
		if s.frtShift() != 0 {
			s.FRC += uint16(ticks)
		}
		s.FRTBase = c.Now()
	}
}

// planFRT finds FRC's next event, counted from the time now, which may lie a
// little before c.Now.
func (c *CPU) planFRT(now int64) {
	s := c.s
	const none = 0xfffff
	delta := int64(none)
	if s.FTCSR&frtOCFA == 0 {
		delta = int64(s.OCRA - s.FRC)
	}
	if s.FTCSR&frtOCFB == 0 && (s.OCRA <= s.OCRB || s.FTCSR&frtCCLRA == 0) {
		delta = min(delta, int64(s.OCRB-s.FRC))
	}
	if s.FTCSR&(frtOVF|frtCCLRA) == 0 {
		delta = min(delta, 0x10000-int64(s.FRC))
	}
	s.FRTEvent = never
	if shift := s.frtShift(); delta != none && shift != 0 {
		s.FRTBase = c.Now()
		s.FRTEvent = now + delta<<shift
	}
	c.schedule()
}

// matchFRT serves a compare match or an overflow.
func (c *CPU) matchFRT() {
	s := c.s
	at := s.FRTEvent
	c.syncFRT()
	frc := s.FRC
	if frc == s.OCRB {
		s.FTCSR |= frtOCFB
	}
	if frc == 0 {
		s.FTCSR |= frtOVF
	}
	if frc == s.OCRA {
		s.FTCSR |= frtOCFA
		if s.FTCSR&frtCCLRA != 0 {
			s.FRC = 0
		}
	}
	c.request()
	c.planFRT(at)
}

// writeFRT writes TIER and FTCSR, FRC, OCRA or OCRB, or TCR and TOCR.
func (c *CPU) writeFRT(off uint32, v, mask uint16) {
	s := c.s
	c.syncFRT()
	switch off {
	case 0x10:
		if mask&0xff00 != 0 {
			s.TIER = uint8(v >> 8)
		}
		if mask&0x00ff != 0 {
			s.FTCSR = uint8(v)&frtCCLRA | s.FTCSR&uint8(v)&frtFlags | uint8(v)&0x70
		}
	case 0x12:
		store16(&s.FRC, v, mask)
	case 0x14:
		if s.TOCR&0x10 != 0 {
			store16(&s.OCRB, v, mask)
		} else {
			store16(&s.OCRA, v, mask)
		}
	case 0x16:
		if mask&0xff00 != 0 {
			s.TCR = uint8(v>>8) & 0x83
			c.planFRT(c.Now())
		}
		if mask&0x00ff != 0 {
			s.TOCR = uint8(v) & 0x13
		}
	}
	c.planFRT(c.Now())
	c.request()
}

// SetFTI drives the input capture pin of the free-running timer.
func (c *CPU) SetFTI(high bool) {
	s := c.s
	level := uint8(bit(high))
	if s.FTI == level {
		return
	}
	s.FTI = level
	if s.TCR>>7 != level {
		return
	}
	c.syncFRT()
	s.ICR = s.FRC
	s.FTCSR |= frtICF
	c.request()
}

// Bits of WTCSR.
const (
	wdtOVF    = 0x80
	wdtWatch  = 0x40 // watchdog, not interval timer
	wdtEnable = 0x20
)

// wdtShift is the clock's divisor as a power of two.
func (s *State) wdtShift() uint { return [8]uint{1, 6, 7, 8, 9, 10, 12, 13}[s.WTCSR&7] }

// syncWDT brings WTCNT up to date.
func (c *CPU) syncWDT() {
	s := c.s
	if s.WDTEvent != never {
		s.WTCNT = uint8(0x100 - max(s.WDTEvent-c.Now(), 0)>>s.wdtShift())
	}
}

func (c *CPU) planWDT(now int64) {
	s := c.s
	s.WDTEvent = now + (0x100-int64(s.WTCNT))<<s.wdtShift()
	c.schedule()
}

func (c *CPU) overflowWDT() {
	s := c.s
	at := s.WDTEvent
	s.WTCNT = 0
	if s.WTCSR&wdtWatch != 0 {
		s.RSTCSR |= 0x80
		s.WDTEvent = never
		return
	}
	s.WTCSR |= wdtOVF
	c.request()
	c.planWDT(at)
}

// writeWDT writes WTCNT or WTCSR, depending on the upper byte (manual, section
// 12.2.4).
func (c *CPU) writeWDT(v, mask uint16) {
	s := c.s
	store16(&s.WTCSRKey, v, mask)
	low := uint8(s.WTCSRKey)
	switch s.WTCSRKey >> 8 {
	case 0x5a:
		s.WTCNT = low
		if s.WTCSR&wdtEnable != 0 {
			c.planWDT(c.Now())
		}
	case 0xa5:
		c.syncWDT()
		s.WTCSR = s.WTCSR&low&wdtOVF | low&^wdtOVF
		if s.WTCSR&wdtEnable != 0 {
			c.planWDT(c.Now())
		} else {
			s.WTCNT, s.WDTEvent = 0, never
			c.schedule()
		}
		c.request()
	}
}

// writeRSTCSR clears WOVF or sets the reset bits, depending on the upper byte.
func (c *CPU) writeRSTCSR(v, mask uint16) {
	s := c.s
	store16(&s.RSTCSRKey, v, mask)
	switch s.RSTCSRKey >> 8 {
	case 0xa5:
		s.RSTCSR &= uint8(s.RSTCSRKey) | 0x7f
	case 0x5a:
		s.RSTCSR = s.RSTCSR&0x80 | uint8(s.RSTCSRKey)&0x60
	}
}
