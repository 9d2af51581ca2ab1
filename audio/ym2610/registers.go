package ym2610

// Registers. Those of FM channels are for channel 0 and slot S1.
const (
	regControlB = 0x10
	regPanB     = 0x11
	regStartB   = 0x12
	regEndB     = 0x14
	regDeltaN   = 0x19
	regLevelB   = 0x1b
	regEndFlags = 0x1c
	regLFO      = 0x22
	regNAH      = 0x24
	regNAL      = 0x25
	regNB       = 0x26
	regTimer    = 0x27
	regKey      = 0x28
	regDT       = 0x30 // and MUL
	regTL       = 0x40
	regAR       = 0x50 // and KS
	regDR       = 0x60 // and AM
	regSR       = 0x70
	regSL       = 0x80 // and RR
	regSSG      = 0x90
	regFLow     = 0xa0
	regFHigh    = 0xa4 // and block
	regMulti    = 0xa8 // multi-frequency: low bytes, high ones from ac
	regFB       = 0xb0 // and algorithm
	regPan      = 0xb4 // LR, AMS, PMS

	regKeyA    = 0x100
	regTotalA  = 0x101
	regLevelA  = 0x108 // and LR
	regStartA  = 0x110 // low bytes, high ones from 118
	regEndA    = 0x120 // low bytes, high ones from 128
	highByteA  = 8     // from a low to a high byte
	chipID     = 1
	addressID  = 0xff
	csmChannel = 2 // of CSM and of multi-frequency mode
)

// channelRegister is the number of a channel's register.
func channelRegister(channel, r int) int {
	if channel >= 3 {
		return r + 0x100 + channel - 3
	}
	return r + channel
}

// Write writes a port (A1 A0) at cycle now of the master clock: 0 and 2 select
// a register of bank 0 and 1, 1 and 3 write it.
func (c *Chip) Write(now int64, port, data uint8) {
	s := c.s
	bank := uint16(port&2) << 7
	switch {
	case port&1 == 0:
		s.Address = bank | uint16(data)
	case s.Address&0x100 != bank:
		// Selected through the other bank: the data is lost.
	default:
		c.timer.Tick(now)
		c.timer.Written(now)
		if bank == 0 {
			c.write0(now, uint8(s.Address), data)
		} else {
			c.write1(uint8(s.Address), data)
		}
	}
}

// Read reads a port (A1 A0) at cycle now of the master clock.
func (c *Chip) Read(now int64, port uint8) uint8 {
	s := c.s
	switch port & 3 {
	case 0: // status 0
		c.timer.Tick(now)
		return c.timer.Status(now)
	case 1:
		switch {
		case s.Address < 0x0e:
			return c.ssg.ReadRegister(uint8(s.Address))
		case s.Address < 0x10:
			return 0xff // there are no I/O ports
		case s.Address == addressID:
			return chipID
		}
	case 2: // status 1
		return s.EndFlags & s.EndMask
	}
	return 0
}

func (c *Chip) write0(now int64, r, data uint8) {
	s := c.s
	switch {
	case r < 0x0e:
		c.ssg.WriteRegister(r, data)
	case r < 0x10:
	case r == regControlB:
		s.Reg[r] = data
		c.controlB(data)
	case r == regEndFlags:
		s.EndMask = ^data & endMask
		s.EndFlags &^= data
	case r == regLFO:
		s.Reg[r] = data
	case r == regNAH:
		s.Timer.NA = s.Timer.NA&3 | uint16(data)<<2
	case r == regNAL:
		s.Timer.NA = s.Timer.NA&^3 | uint16(data&3)
	case r == regNB:
		s.Timer.NB = data
	case r == regTimer:
		c.timer.Write(now, data)
		c.dirty |= 1 << csmChannel // the mode has bits there
	case r == regKey:
		c.key(data)
	case r >= regDT:
		c.writeFM(0, r, data)
	default:
		s.Reg[r] = data
	}
}

func (c *Chip) write1(r, data uint8) {
	switch {
	case r == regKeyA&0xff:
		c.keyA(data)
	case r >= regDT:
		c.writeFM(1, r, data)
	default:
		c.s.Reg[0x100|int(r)] = data
	}
}

// key is a write to register 28: S4 to S1 in bits 7 to 4.
func (c *Chip) key(data uint8) {
	channel := data & 3
	if channel == 3 {
		return
	}
	if data&4 != 0 {
		channel += 3
	}
	if c.missing>>channel&1 == 0 {
		c.s.Channel[channel].Key = data >> 4
	}
}

// writeFM writes an FM register of a bank.
func (c *Chip) writeFM(bank int, r, data uint8) {
	s := c.s
	reg := bank<<8 | int(r)
	channel := int(r & 3)
	if channel == 3 || r >= 0xb8 {
		return
	}
	if r&0xf0 == regFLow {
		// The high byte waits for the low one.
		latch := &s.Latch[2*bank+int(r>>3&1)]
		if r&4 != 0 {
			*latch = data&0x3f | 0x80
			return
		}
		if *latch == 0 {
			return
		}
		s.Reg[reg+4] = *latch & 0x3f
		*latch = 0
		if r >= regMulti {
			channel = csmChannel
		}
	}
	s.Reg[reg] = data
	c.dirty |= 1 << (3*bank + channel)
}
