package sh2

// The on-chip modules' registers, FFFFFE00h to FFFFFFFFh (manual, appendix B).
// Accesses come as longs with a mask; most registers are bytes and words.

const modulesBase = 0xfffffe00

func (c *CPU) moduleRead(addr, mask uint32) uint32 {
	if addr < modulesBase {
		return 0
	}
	if addr >= 0xffffff00 && addr&^0x23 != 0xffffff40 {
		return c.read32(addr&0xff, mask)
	}
	var v uint32
	if mask>>16 != 0 {
		v = uint32(c.read16(addr&0x1ff, uint16(mask>>16))) << 16
	}
	if mask&0xffff != 0 {
		v |= uint32(c.read16(addr&0x1ff+2, uint16(mask)))
	}
	return v
}

func (c *CPU) moduleWrite(addr, v, mask uint32) {
	if addr < modulesBase {
		return
	}
	if addr >= 0xffffff00 && addr&^0x23 != 0xffffff40 {
		c.write32(addr&0xff, v, mask)
		return
	}
	if mask>>16 != 0 {
		c.write16(addr&0x1ff, uint16(v>>16), uint16(mask>>16))
	}
	if mask&0xffff != 0 {
		c.write16(addr&0x1ff+2, uint16(v), uint16(mask))
	}
}

// pair makes a word of two byte registers.
func pair(high, low uint8) uint16 { return uint16(high)<<8 | uint16(low) }

// read16 reads a word below FFFFFF00h, or of the user break controller. off
// counts from FFFFFE00h.
func (c *CPU) read16(off uint32, mask uint16) uint16 {
	s := c.s
	switch off {
	case 0x00:
		return pair(s.SMR, s.BRR)
	case 0x02:
		return pair(s.SCR, s.TDR)
	case 0x04:
		return pair(s.SSR|0x84, 0) // the transmitter is always empty, RDR is 0
	case 0x10:
		return pair(s.TIER, s.FTCSR)
	case 0x12:
		c.syncFRT()
		return s.FRC
	case 0x14:
		if s.TOCR&0x10 != 0 {
			return s.OCRB
		}
		return s.OCRA
	case 0x16:
		return pair(s.TCR, s.TOCR|0xe0)
	case 0x18:
		return s.ICR
	case 0x60:
		return s.IPRB & 0xff00
	case 0x62:
		return s.VCRA & 0x7f7f
	case 0x64:
		return s.VCRB
	case 0x66:
		return s.VCRC & 0x7f7f
	case 0x68:
		return s.VCRD & 0x7f00
	case 0x70:
		return uint16(s.DMA[0].DRCR)
	case 0x72:
		return uint16(s.DMA[1].DRCR) << 8
	case 0x80:
		c.syncWDT()
		return pair(s.WTCSR|0x18, s.WTCNT)
	case 0x82:
		return uint16(s.RSTCSR | 0x1f)
	case 0x90:
		return uint16(s.SBYCR)
	case 0x92:
		return uint16(s.CCR&^0x30) << 8
	case 0xe0:
		v := s.INTCICR & 0x0101
		if s.Lines>>levelNMI == 0 {
			v |= 0x8000
		}
		return v
	case 0xe2:
		return s.IPRA & 0xfff0
	case 0xe4:
		return s.VCRWDT & 0x7f7f
	}
	if s.Model == Manual { // MAME 0.251 has no user break controller
		switch off {
		case 0x140:
			return s.BARAH
		case 0x142:
			return s.BARAL
		case 0x160:
			return s.BARBH
		case 0x162:
			return s.BARBL
		}
	}
	return 0
}

// store16 replaces the bits of r that mask selects.
func store16(r *uint16, v, mask uint16) { *r = *r&^mask | v&mask }

// storePair does the same with two byte registers.
func storePair(high, low *uint8, v, mask uint16) {
	if mask&0xff00 != 0 {
		*high = uint8(v >> 8)
	}
	if mask&0x00ff != 0 {
		*low = uint8(v)
	}
}

func (c *CPU) write16(off uint32, v, mask uint16) {
	s := c.s
	switch off {
	case 0x00:
		storePair(&s.SMR, &s.BRR, v, mask)
	case 0x02:
		storePair(&s.SCR, &s.TDR, v, mask)
	case 0x04:
		if mask&0xff00 != 0 {
			s.SSR = uint8(v >> 8)
		}
	case 0x10, 0x12, 0x14, 0x16:
		c.writeFRT(off, v, mask)
	case 0x60:
		store16(&s.IPRB, v, mask)
		c.request()
	case 0x62:
		store16(&s.VCRA, v, mask)
		c.request()
	case 0x64:
		store16(&s.VCRB, v, mask)
		c.request()
	case 0x66:
		store16(&s.VCRC, v, mask)
		c.request()
	case 0x68:
		store16(&s.VCRD, v, mask)
		c.request()
	case 0x70:
		if mask&0x00ff != 0 {
			s.DMA[0].DRCR = uint8(v) & 3
			c.request()
		}
	case 0x72:
		if mask&0xff00 != 0 {
			s.DMA[1].DRCR = uint8(v>>8) & 3
			c.request()
		}
	case 0x80:
		c.writeWDT(v, mask)
	case 0x82:
		c.writeRSTCSR(v, mask)
	case 0x90:
		if mask == 0x00ff { // the clock multiplier in the upper half has no effect
			s.SBYCR = uint8(v)
		}
	case 0x92:
		if mask&0xff00 != 0 {
			s.CCR = uint8(v >> 8)
		}
	case 0xe0:
		store16(&s.INTCICR, v, mask)
	case 0xe2:
		store16(&s.IPRA, v, mask)
		c.request()
	case 0xe4:
		store16(&s.VCRWDT, v, mask)
		c.request()
	case 0x140:
		store16(&s.BARAH, v, mask)
	case 0x142:
		store16(&s.BARAL, v, mask)
	case 0x160:
		store16(&s.BARBH, v, mask)
	case 0x162:
		store16(&s.BARBL, v, mask)
	}
}

// read32 reads a long from FFFFFF00h on. off counts from there.
func (c *CPU) read32(off, mask uint32) uint32 {
	s := c.s
	if off < 0x40 {
		return c.readDIVU(off)
	}
	switch off {
	case 0x80, 0x90:
		return s.DMA[off>>4&1].SAR
	case 0x84, 0x94:
		return s.DMA[off>>4&1].DAR
	case 0x88, 0x98:
		return s.DMA[off>>4&1].TCR
	case 0x8c, 0x9c:
		return s.DMA[off>>4&1].CHCR
	case 0xa0, 0xa8:
		return s.VCRDMA[off>>3&1] & 0x7f
	case 0xb0:
		return s.DMAOR & 0xf
	case 0xe0:
		return s.BCR1 &^ 0xe008
	case 0xe4:
		return s.BCR2
	case 0xe8:
		return s.WCR
	case 0xec:
		return s.MCR &^ 0x103
	case 0xf0:
		return s.RTCSR & 0xf8
	case 0xf4:
		return s.RTCNT
	case 0xf8:
		return s.RTCOR
	}
	return 0
}

// store32 replaces the bits of r that mask selects.
func store32(r *uint32, v, mask uint32) { *r = *r&^mask | v&mask }

func (c *CPU) write32(off, v, mask uint32) {
	s := c.s
	if off < 0x40 {
		c.writeDIVU(off, v, mask)
		return
	}
	switch off {
	case 0x80, 0x90:
		store32(&s.DMA[off>>4&1].SAR, v, mask)
	case 0x84, 0x94:
		store32(&s.DMA[off>>4&1].DAR, v, mask)
	case 0x88, 0x98:
		d := &s.DMA[off>>4&1]
		store32(&d.TCR, v, mask)
		d.TCR &= 0xffffff
	case 0x8c, 0x9c:
		c.writeCHCR(int(off>>4&1), v, mask)
	case 0xa0, 0xa8:
		store32(&s.VCRDMA[off>>3&1], v, mask)
		c.request()
	case 0xb0:
		c.writeDMAOR(v, mask)
	case 0xe0:
		s.writeKeyed(&s.BCR1, v, mask)
	case 0xe4:
		s.writeKeyed(&s.BCR2, v, mask)
	case 0xe8:
		store32(&s.WCR, v, mask)
	case 0xec:
		store32(&s.MCR, v, mask)
	case 0xf0:
		store32(&s.RTCSR, v, mask)
	case 0xf4:
		store32(&s.RTCNT, v&0xff, mask)
	case 0xf8:
		store32(&s.RTCOR, v&0xff, mask)
	}
}

// writeKeyed writes a register of the bus state controller: a long needs A55Ah
// in its upper half (manual, section 7.2.1). MAME 0.251 stores all of it.
func (s *State) writeKeyed(r *uint32, v, mask uint32) {
	if s.Model == Manual {
		if mask == 0xffffffff && v>>16 != 0xa55a {
			return
		}
		mask &= 0xffff
		v &= 0xffff
	}
	store32(r, v, mask)
}

// resetModules gives registers the values that the manual says they have after
// a reset and MAME does not (appendix B).
func (c *CPU) resetModules() {
	s := c.s
	s.TIER, s.OCRA, s.OCRB = 0x01, 0xffff, 0xffff
	s.BCR1, s.BCR2, s.WCR = 0x03f0, 0x00fc, 0xaaff
}

// request works out which module requests an interrupt, of what level and
// vector (manual, section 5.2). In MAME a request that was served is gone until
// this is done again, and that of a DMA channel for good.
func (c *CPU) request() {
	s := c.s
	level, vector := uint16(0), uint32(0)
	if pending := s.TIER & s.FTCSR & (frtICF | frtOCFA | frtOCFB | frtOVF); pending != 0 {
		if l := s.IPRB >> 8 & 15; l > level {
			level = l
			switch {
			case pending&frtICF != 0:
				vector = uint32(s.VCRC >> 8)
			case pending&(frtOCFA|frtOCFB) != 0:
				vector = uint32(s.VCRC)
			default:
				vector = uint32(s.VCRD >> 8)
			}
		}
	}
	if s.WTCSR&wdtOVF != 0 {
		if l := s.IPRA >> 4 & 15; l > level {
			level, vector = l, uint32(s.VCRWDT>>8)
		}
	}
	for i := range s.DMA {
		d := &s.DMA[i]
		if d.CHCR&(dmaIE|dmaTE) != dmaIE|dmaTE || d.Requests == 0 && s.Model == MAME {
			continue
		}
		if l := s.IPRA >> 8 & 15; l > level {
			level, vector = l, s.VCRDMA[i]
			d.Requests = 0
		}
		break
	}
	if s.Model == Manual && s.DVCR&3 == 3 {
		if l := s.IPRA >> 12; l >= level && l > 0 {
			level, vector = l, s.VCRDIV
		}
	}
	s.InternalLevel, s.InternalVector = int8(level), uint8(vector&0x7f)
	c.testIRQ()
}

// schedule finds the next event of the modules.
func (c *CPU) schedule() {
	s := c.s
	c.event = min(s.FRTEvent, s.WDTEvent, s.DMAEvent[0], s.DMAEvent[1])
	c.stopNow()
}

// events serves the earliest event.
func (c *CPU) events() {
	s := c.s
	switch c.event {
	case s.FRTEvent:
		c.matchFRT()
	case s.WDTEvent:
		c.overflowWDT()
	case s.DMAEvent[0]:
		c.transfer(0)
	default:
		c.transfer(1)
	}
	c.schedule()
}
