package m68000

// Vector numbers (M68000UM table 6-2).
const (
	vecBusError     = 2
	vecAddressError = 3
	vecIllegal      = 4
	vecZeroDivide   = 5
	vecCHK          = 6
	vecTRAPV        = 7
	vecPrivilege    = 8
	vecTrace        = 9
	vecLineA        = 10
	vecLineF        = 11
	vecSpurious     = 24
	vecTrap         = 32
)

// The functions here end like the handlers: they return the next opcode, and
// have moved the time. t is always the time since s.Time.

// setSR loads the status register and has the interrupts looked at.
func (c *CPU) setSR(v uint32) {
	c.s.setSystem(uint16(v))
	c.s.setCCR(v)
	c.limit = never
}

// supervise makes a copy of the status register, sets S and clears T
// (M68000UM section 6.2.3).
func (c *CPU) supervise() uint16 {
	old := c.s.StatusRegister()
	c.s.setSystem(old&^srT | srS)
	c.limit = never
	return old
}

// pushFrame writes a six-byte frame: the lower half of the program counter
// first, then the status register, then the upper half.
func (c *CPU) pushFrame(pc uint32, sr uint16, t int) bool {
	s := c.s
	s.R[15] -= 6
	sp := s.R[15]
	return c.writeW(sp+4, pc, t, 0) && c.writeW(sp, uint32(sr), t+4, 0) && c.writeW(sp+2, pc>>16, t+8, 0)
}

// enter goes to the handler that a vector names: 18 clock cycles.
func (c *CPU) enter(vector, t int) uint32 {
	s := c.s
	to, ok := c.readL(uint32(vector)*4, t, 0)
	if !ok {
		return uint32(s.Next)
	}
	t += 8
	op, ok := c.fetchAt(to, t, to)
	if !ok {
		return uint32(s.Next)
	}
	irc, ok := c.fetchAt(to+2, t+6, to+2)
	if !ok {
		return uint32(s.Next)
	}
	s.PC = to + 4
	s.IRC = uint16(irc)
	s.JumpTo = to
	s.Time += int64(t + 10)
	return op
}

// raise is exception processing of groups 1 and 2 after t clock cycles.
func (c *CPU) raise(vector int, pc uint32, t int) uint32 {
	return c.raiseWith(vector, pc, c.supervise(), t)
}

// raiseWith is raise where the status register sr has been put aside already.
func (c *CPU) raiseWith(vector int, pc uint32, sr uint16, t int) uint32 {
	c.exception = true
	c.s.JumpEnd = c.s.PC - 2
	op := uint32(0)
	if c.pushFrame(pc, sr, t) {
		op = c.enter(vector, t+12)
	} else {
		op = uint32(c.s.Next)
	}
	c.exception = false
	return op
}

// illegal is an illegal or unimplemented instruction: 34 clock cycles. The
// program counter is that of the instruction.
func (c *CPU) illegal(vector int) uint32 {
	c.aborted = true
	return c.raise(vector, c.s.PC-4, 4)
}

// privilege is a privileged instruction in user mode.
func (c *CPU) privilege() uint32 { return c.illegal(vecPrivilege) }

func (c *CPU) trap(vector int) uint32 { return c.raise(vector, c.s.PC-2, 4+c.s.inMAME(4)) }

// trapv prefetches in any case; if it traps, as a supervisor already.
func (c *CPU) trapv() uint32 {
	s := c.s
	sr := s.StatusRegister()
	if int32(s.V) < 0 {
		c.supervise()
	}
	next := uint32(s.IRC)
	irc, ok := c.fetchAt(s.PC, 0, s.PC)
	if !ok {
		return uint32(s.Next)
	}
	if int32(s.V) < 0 {
		return c.raiseWith(vecTRAPV, s.PC-2, sr, 4+s.inMAME(4))
	}
	s.IRC = uint16(irc)
	s.PC += 2
	s.Time += 4
	return next
}

// zeroDivide is the exception of DIVU and DIVS: 38 clock cycles and those of
// the operand. words is how many words of it there were.
func (c *CPU) zeroDivide(t, words int) uint32 {
	s := c.s
	s.N, s.Z, s.V, s.C = 0, 1, 0, 0
	return c.raise(vecZeroDivide, s.PC-2+uint32(2*words), t+8)
}

func (c *CPU) chkTrap(t, words int) uint32 {
	return c.raise(vecCHK, c.s.PC-2+uint32(2*words), t)
}

// traceException is what follows an instruction that began with T set.
func (c *CPU) traceException() {
	s := c.s
	pc := s.PC - 4
	if s.Stopped != 0 {
		s.Stopped = 0
		pc = s.PC
	}
	s.Next = uint16(c.raise(vecTrace, pc, 4))
}

// interrupt serves the lines' level: 44 clock cycles, of which the acknowledge
// cycle is a normal bus cycle (M68000UM section 6.3.2 and table 8-14).
func (c *CPU) interrupt() {
	s := c.s
	level := s.Level
	if level == 0 || uint16(level)<<8 <= s.SR&srI {
		level = 7 // it was an edge of level 7
	}
	if level == 7 {
		s.Edge = 0
	}
	pc := s.PC - 4
	if s.Stopped != 0 {
		s.Stopped = 0
		pc = s.PC
	}
	c.exception = true
	s.JumpEnd = pc
	sr := c.supervise()
	s.SR = s.SR&^srI | uint16(level)<<8
	s.Next = uint16(c.acknowledge(level, pc, sr))
	c.exception = false
}

func (c *CPU) acknowledge(level uint8, pc uint32, sr uint16) uint32 {
	s := c.s
	s.R[15] -= 6
	sp := s.R[15]
	if !c.writeW(sp+4, pc, 6, 0) {
		return uint32(s.Next)
	}
	vector := Autovector
	if c.Ack != nil {
		c.sub, c.fc = 10, fcCPU
		vector = c.Ack(level)
		c.sub = 0
	}
	switch {
	case vector == Spurious:
		vector = vecSpurious
	case vector < 0:
		vector = vecSpurious + int(level)
	}
	if !c.writeW(sp, uint32(sr), 18, 0) || !c.writeW(sp+2, pc>>16, 22, 0) {
		return uint32(s.Next)
	}
	return c.enter(vector&0xff, 26)
}

// groupZero processes a bus or address error: 54 clock cycles after the bus
// cycle that was not completed, which takes 4. Afterwards
// s.Next is the first opcode of the exception's handler.
func (c *CPU) groupZero(vector int, a access) {
	s := c.s
	c.aborted = true
	if c.fatal {
		c.halt(a.t)
		return
	}
	status := uint32(s.IR)&^0x1f | uint32(a.fc)
	if s.SR&srS != 0 {
		status |= fcSuper
	}
	if !a.write {
		status |= 0x10
	}
	if c.exception {
		status |= 0x08
	}
	c.fatal = true
	wasException := c.exception
	c.exception = true
	s.Time += int64(a.t + 4)
	sr := c.supervise()
	s.R[15] -= 14
	sp := s.R[15]
	ir := uint32(s.IR)
	t := 8
	for _, w := range [...]struct{ offset, v uint32 }{
		{12, a.stacked}, {8, uint32(sr)}, {10, a.stacked >> 16}, {6, ir}, {4, a.addr}, {0, status}, {2, a.addr >> 16},
	} {
		if !c.writeW(sp+w.offset, w.v, t, 0) {
			return
		}
		t += 4
	}
	op := c.enter(vector, t)
	if s.Halted == 0 {
		s.Next = uint16(op)
	}
	c.fatal = false
	c.exception = wasException
}

// halt is what a fault in the processing of a fault leads to (M68000UM section
// 5.4.3.1, double bus fault).
func (c *CPU) halt(t int) {
	c.s.Time += int64(t)
	c.s.Halted = 1
	c.s.Next = c.s.IR
	c.fatal, c.exception = false, false
	c.limit = never
}

// Reset implements cpu.Core: 40 clock cycles from the release of the pin
// (M68000UM section 6.3.1). Called by a handler, it takes place when the
// instruction is over.
func (c *CPU) Reset() {
	if c.running {
		c.resetAsked, c.limit = true, never
		return
	}
	s := c.s
	s.setSystem(srS | srI)
	s.Edge, s.Traced, s.Stopped, s.Halted = 0, 0, 0, 0
	s.IR = 0
	c.dropWindow()
	c.fatal, c.exception = true, true
	c.limit = never
	if op, ok := c.resetVector(); ok {
		s.Next = uint16(op)
	}
	c.fatal, c.exception = false, false
}

func (c *CPU) resetVector() (uint32, bool) {
	s := c.s
	s.PC = 0
	var w [4]uint32
	for i := range w {
		v, ok := c.fetchAt(uint32(2*i), 14+4*i, 0)
		if !ok {
			return 0, false
		}
		w[i] = v
	}
	s.R[15] = w[0]<<16 | w[1]
	to := w[2]<<16 | w[3]
	op, ok := c.fetchAt(to, 30, to)
	if !ok {
		return 0, false
	}
	irc, ok := c.fetchAt(to+2, 36, to)
	if !ok {
		return 0, false
	}
	s.PC = to + 4
	s.IRC = uint16(irc)
	s.Time += 40
	return op, true
}

// stop loads the status register and waits. The queue stays as it is: the
// next instruction has not been fetched.
func (c *CPU) stop() uint32 {
	s := c.s
	if s.SR&srS == 0 {
		return c.privilege()
	}
	c.setSR(uint32(s.IRC))
	s.Stopped = 1
	s.Time += 4
	return uint32(s.IR)
}

// resetOut is the RESET instruction.
func (c *CPU) resetOut() uint32 {
	s := c.s
	if s.SR&srS == 0 {
		return c.privilege()
	}
	if c.ResetOut != nil {
		c.sub = 4
		c.ResetOut()
		c.sub = 0
	}
	next := uint32(s.IRC)
	irc, ok := c.fetchAt(s.PC, 128, s.PC)
	if !ok {
		return uint32(s.Next)
	}
	s.IRC = uint16(irc)
	s.PC += 2
	s.Time += 132
	return next
}

// rte and rtr read the frame from its lowest address.
func (c *CPU) rte() uint32 {
	if c.s.SR&srS == 0 {
		return c.privilege()
	}
	return c.popFrame(true)
}

func (c *CPU) rtr() uint32 { return c.popFrame(false) }

func (c *CPU) popFrame(system bool) uint32 {
	s := c.s
	sp := s.R[15]
	var w [3]uint32
	for i := range w {
		v, ok := c.readW(sp+uint32(2*i), 4*i, -2)
		if !ok {
			return uint32(s.Next)
		}
		w[i] = v
	}
	s.R[15] = sp + 6
	if system {
		c.setSR(w[0])
	} else {
		s.setCCR(w[0])
	}
	return c.jump(w[1]<<16|w[2], 12, s.PC-2, s.PC-2)
}

// dbccExpired is the end of a loop: the word at the branch's target was
// fetched, then the one that follows.
func (c *CPU) dbccExpired(to uint32) uint32 {
	s := c.s
	if _, ok := c.fetchAt(to, 2, s.PC); !ok {
		return uint32(s.Next)
	}
	return c.jump(s.PC, 6, s.PC, s.PC-2) // MAME skips the displacement unread
}
