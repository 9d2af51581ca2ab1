package sh2

import "unsafe"

// Ops that only blocks have. A branch out of a block adds the cycles since the
// block's start to the time; if the limit is near, it leaves the blocks with PC
// at the target.

// branch goes to the op at byte o.imm of the arena, extra cycles after the
// start of o.
func (c *CPU) branch(s *State, o *op, extra int64) *op {
	s.Time += int64(o.cyc) + extra
	to := (*op)(unsafe.Add(c.base, uintptr(o.imm)))
	if s.Time >= c.fast {
		c.pend = uintptr(o.imm)
		return &c.exitStub
	}
	return to
}

// jump goes to the program address pc, at the start of o.
func (c *CPU) jump(s *State, o *op, pc uint32) *op {
	s.Time += int64(o.cyc)
	e := &c.hash[pc>>1%hashSize]
	if e.pc != pc || s.Time >= c.fast {
		c.pend, c.target = uintptr(unsafe.Pointer(o))-uintptr(c.base), pc
		return &c.missStub
	}
	return (*op)(unsafe.Add(c.base, uintptr(e.off)))
}

// leaveBlock is where a block has nothing more to say.
func leaveBlock(c *CPU, s *State, o *op) *op {
	s.Time += int64(o.cyc)
	s.PC = c.pcOf(o)
	return nil
}

func goTo(c *CPU, s *State, o *op) *op    { return c.branch(s, o, 0) }
func goToPR(c *CPU, s *State, o *op) *op  { return c.jump(s, o, s.PR) }
func goToReg(c *CPU, s *State, o *op) *op { return c.jump(s, o, *s.reg(o.n)) }
func goToRel(c *CPU, s *State, o *op) *op { return c.jump(s, o, o.imm+*s.reg(o.n)) }
func setPR(c *CPU, s *State, o *op) *op   { s.PR = o.imm; return next(o) }

func callReg(c *CPU, s *State, o *op) *op {
	s.PR = o.imm
	return c.jump(s, o, *s.reg(o.n))
}

func callRel(c *CPU, s *State, o *op) *op {
	s.PR = o.imm
	return c.jump(s, o, o.imm+*s.reg(o.n))
}

// returnTo is RTS where the block knows its caller: it goes on with the next op.
func returnTo(c *CPU, s *State, o *op) *op {
	if s.PR != o.imm || s.Time >= c.fast {
		return c.jump(s, o, s.PR)
	}
	return next(o)
}

// Conditional branches, with and without the comparison before.

const taken = 3 // cycles of BT and BF

func ifT(c *CPU, s *State, o *op) *op {
	if s.T != 0 {
		return c.branch(s, o, taken)
	}
	return next(o)
}

func ifNotT(c *CPU, s *State, o *op) *op {
	if s.T == 0 {
		return c.branch(s, o, taken)
	}
	return next(o)
}

// skipIfNotT and skipIfT are BT/S and BF/S: if they do not branch, they go over
// the two ops that are the delay slot and the branch.
func skipIfNotT(c *CPU, s *State, o *op) *op {
	if s.T == 0 {
		return (*op)(unsafe.Add(unsafe.Pointer(o), 3*opSize))
	}
	return next(o)
}

func skipIfT(c *CPU, s *State, o *op) *op {
	if s.T != 0 {
		return (*op)(unsafe.Add(unsafe.Pointer(o), 3*opSize))
	}
	return next(o)
}

func ifCmpEQ(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n) == *s.reg(o.m) {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpEQ(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n) == *s.reg(o.m) {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifCmpHS(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n) >= *s.reg(o.m) {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpHS(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n) >= *s.reg(o.m) {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifCmpHI(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n) > *s.reg(o.m) {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpHI(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n) > *s.reg(o.m) {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifCmpGE(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) >= int32(*s.reg(o.m)) {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpGE(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) >= int32(*s.reg(o.m)) {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifCmpGT(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) > int32(*s.reg(o.m)) {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpGT(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) > int32(*s.reg(o.m)) {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifCmpPZ(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) >= 0 {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpPZ(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) >= 0 {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifCmpPL(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) > 0 {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpPL(c *CPU, s *State, o *op) *op {
	if int32(*s.reg(o.n)) > 0 {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifTst(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n)&*s.reg(o.m) == 0 {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotTst(c *CPU, s *State, o *op) *op {
	if *s.reg(o.n)&*s.reg(o.m) == 0 {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifCmpEQI(c *CPU, s *State, o *op) *op {
	if s.R[0] == uint32(int32(int8(o.m))) {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotCmpEQI(c *CPU, s *State, o *op) *op {
	if s.R[0] == uint32(int32(int8(o.m))) {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifTstI(c *CPU, s *State, o *op) *op {
	if s.R[0]&uint32(o.m) == 0 {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotTstI(c *CPU, s *State, o *op) *op {
	if s.R[0]&uint32(o.m) == 0 {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

func ifDT(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n) - 1
	*s.reg(o.n) = v
	if v == 0 {
		s.T = 1
		return c.branch(s, o, taken)
	}
	s.T = 0
	return next(o)
}

func ifNotDT(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n) - 1
	*s.reg(o.n) = v
	if v == 0 {
		s.T = 1
		return next(o)
	}
	s.T = 0
	return c.branch(s, o, taken)
}

// fused has the ops that do a comparison and the BT or BF after it.
var fused = [256]struct{ bt, bf handler }{
	kCmpEQ:  {ifCmpEQ, ifNotCmpEQ},
	kCmpHS:  {ifCmpHS, ifNotCmpHS},
	kCmpHI:  {ifCmpHI, ifNotCmpHI},
	kCmpGE:  {ifCmpGE, ifNotCmpGE},
	kCmpGT:  {ifCmpGT, ifNotCmpGT},
	kCmpPZ:  {ifCmpPZ, ifNotCmpPZ},
	kCmpPL:  {ifCmpPL, ifNotCmpPL},
	kTst:    {ifTst, ifNotTst},
	kCmpEQI: {ifCmpEQI, ifNotCmpEQI},
	kTstI:   {ifTstI, ifNotTstI},
	kDt:     {ifDT, ifNotDT},
}
