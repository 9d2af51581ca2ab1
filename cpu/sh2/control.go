package sh2

// Branches and system control as the interpreter proper does them: one
// instruction at a time, with the delay slot as an instruction of its own. s.PC
// is already that of the next instruction; in a delay slot it is the branch's
// target. What the handlers add to s.Time comes on top of the table's cycles.
//
// (SH-1/SH-2 programming manual, sections 4.4 and 6.2.)

// delayed begins a delayed branch. MAME takes a branch to 0 for none.
func (s *State) delayed(target uint32) {
	s.Delay, s.Delayed = target, uint8(bit(target != 0)|uint32(s.Model&1))
}

func bt(c *CPU, s *State, o *op) *op {
	if s.T != 0 {
		s.PC += o.imm + 2
		s.Time += 2
	}
	return next(o)
}

func bf(c *CPU, s *State, o *op) *op {
	if s.T == 0 {
		s.PC += o.imm + 2
		s.Time += 2
	}
	return next(o)
}

func bts(c *CPU, s *State, o *op) *op {
	if s.T != 0 {
		s.delayed(s.PC + 2 + o.imm)
		s.Time++
	}
	return next(o)
}

func bfs(c *CPU, s *State, o *op) *op {
	if s.T == 0 {
		s.delayed(s.PC + 2 + o.imm)
		s.Time++
	}
	return next(o)
}

func bra(c *CPU, s *State, o *op) *op { s.delayed(s.PC + 2 + o.imm); return next(o) }

func bsr(c *CPU, s *State, o *op) *op {
	s.PR = s.PC + 2
	s.delayed(s.PR + o.imm)
	return next(o)
}

func braf(c *CPU, s *State, o *op) *op { s.delayed(s.PC + 2 + *s.reg(o.n)); return next(o) }

func bsrf(c *CPU, s *State, o *op) *op {
	s.PR = s.PC + 2
	s.delayed(s.PR + *s.reg(o.n))
	return next(o)
}

func jmp(c *CPU, s *State, o *op) *op { s.delayed(*s.reg(o.n)); return next(o) }

func jsr(c *CPU, s *State, o *op) *op {
	s.PR = s.PC + 2
	s.delayed(*s.reg(o.n))
	return next(o)
}

func rts(c *CPU, s *State, o *op) *op { s.delayed(s.PR); return next(o) }

func rte(c *CPU, s *State, o *op) *op {
	pc := c.readLong(o, s.R[15])
	s.R[15] += 4
	sr := c.readLong(o, s.R[15])
	s.R[15] += 4
	s.delayed(pc)
	s.SetStatusRegister(sr)
	c.testIRQ()
	return next(o)
}

func ldcSR(c *CPU, s *State, o *op) *op {
	s.SetStatusRegister(*s.reg(o.n))
	c.testIRQ()
	return next(o)
}

func popSR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	s.SetStatusRegister(c.readLong(o, a))
	*s.reg(o.n) = a + 4
	c.testIRQ()
	return next(o)
}

// sleep repeats itself until an exception has been served (as in MAME; the
// manual's CPU resumes after it). While nothing else can happen, it does so many
// times at once.
func sleep(c *CPU, s *State, o *op) *op {
	if s.Sleep == 2 {
		s.Sleep = 0
		return next(o)
	}
	s.Sleep = 1
	s.PC -= 2
	if s.Delayed == 0 && c.limit > s.Time {
		s.Time += (c.limit - s.Time - 1) / 3 * 3
	}
	return next(o)
}

func trapa(c *CPU, s *State, o *op) *op {
	c.push(o, s.SR|s.T)
	c.push(o, s.PC)
	s.PC = c.readLong(o, s.VBR+o.imm)
	return next(o)
}

func illegal(c *CPU, s *State, o *op) *op {
	c.push(o, s.SR|s.T)
	c.push(o, s.PC-2)
	s.PC = c.readLong(o, s.VBR+4*vectorIllegal)
	return next(o)
}
