package sh2

import "math/bits"

// Vector numbers (manual, section 4.1.3).
const (
	vectorIllegal      = 4
	vectorSlotIllegal  = 6
	vectorAddressError = 9
	vectorDMAError     = 10
	vectorNMI          = 11
	vectorAuto         = 64 // of external level 0 or 1
)

// levelNMI is the interrupt level of NMI.
const levelNMI = 16

// SetIRQ asserts or releases the request of an external interrupt level, 1 to
// 15 (the IRL pins). Several may be asserted; the highest counts. A level is
// held until it is released.
func (c *CPU) SetIRQ(level int, asserted bool) {
	c.wire(uint32(1)<<(level&15), asserted)
}

// SetNMI drives the NMI line. It is served once when it is asserted.
func (c *CPU) SetNMI(asserted bool) { c.wire(1<<levelNMI, asserted) }

// wire changes a line. The CPU looks at it between instructions.
func (c *CPU) wire(mask uint32, asserted bool) {
	w := c.s.Wires &^ mask
	if asserted {
		w |= mask
	}
	if w != c.s.Wires {
		c.s.Wires = w
		c.stopNow()
	}
}

// lines takes notice of changed lines. New requests are looked at at once, or
// if a delay slot comes next, after it.
func (c *CPU) lines() {
	s := c.s
	rise := s.Wires &^ s.Lines
	s.Lines = s.Wires
	if rise == 0 {
		return
	}
	if rise>>levelNMI != 0 {
		s.PendingNMI = 1
	}
	if s.Delayed != 0 || s.Shielded != 0 {
		s.TestIRQ = 1
		return
	}
	c.checkPending()
}

// testIRQ has requests looked at after the present instruction.
func (c *CPU) testIRQ() {
	c.s.TestIRQ = 1
	c.stopNow()
}

// checkPending accepts the highest request if the mask allows it. A module's
// request goes before an external one of the same level, as in MAME.
func (c *CPU) checkPending() {
	s := c.s
	if s.PendingNMI != 0 {
		s.PendingNMI = 0
		c.interrupt(levelNMI, vectorNMI)
		return
	}
	level := int(s.InternalLevel)
	if external := s.Lines & 0xffff; external != 0 {
		level = max(level, bits.Len32(external)-1)
	}
	if level < 1 || uint32(level) <= s.SR&srI>>4 {
		return
	}
	if level == int(s.InternalLevel) {
		s.InternalLevel = -1
		c.interrupt(level, uint32(s.InternalVector))
		if s.Model == Manual {
			c.request() // it is there until its cause is removed
		}
		return
	}
	vector := uint32(vectorAuto + level/2)
	if c.Ack != nil {
		if v := c.Ack(level); s.INTCICR&1 != 0 {
			vector = uint32(v)
		}
	}
	c.interrupt(level, vector)
}

// interrupt begins the processing of an interrupt (manual, section 4.4).
func (c *CPU) interrupt(level int, vector uint32) {
	s := c.s
	if s.Model == Manual {
		if s.Sleep == 1 {
			s.PC += 2
			s.Sleep = 0
		}
		s.Time += interruptCycles
	}
	c.exception(vector)
	s.SR = s.SR&^srI | uint32(min(level, 15))<<4
	if s.Sleep == 1 {
		s.Sleep = 2
	}
}

// exception stacks SR and PC and goes to a vector.
func (c *CPU) exception(vector uint32) {
	s := c.s
	o := c.opNone()
	c.fault = false
	c.push(o, s.SR|s.T)
	c.push(o, s.PC)
	s.PC = c.readLong(o, s.VBR+4*vector)
}
