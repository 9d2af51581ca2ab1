package sh2

// Data transfer between registers and memory (SH-1/SH-2 programming manual,
// section 6.2). Each handler does the access if it is aligned and to directly
// mapped memory; else c.slow does all of the instruction.

func loadBat(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m)
	p := c.readPage(a)
	if p == nil {
		return c.slowly(o)
	}
	*s.reg(o.n) = extB(uint32(*at(p, a)))
	return next(o)
}

func loadWat(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m)
	p := c.readPage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = extW(word(p, a))
	return next(o)
}

func loadLat(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m)
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = long(p, a)
	return next(o)
}

func loadBinc(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m)
	p := c.readPage(a)
	if p == nil {
		return c.slowly(o)
	}
	v := extB(uint32(*at(p, a)))
	*s.reg(o.m) = a + 1
	*s.reg(o.n) = v
	return next(o)
}

func loadWinc(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m)
	p := c.readPage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	v := extW(word(p, a))
	*s.reg(o.m) = a + 2
	*s.reg(o.n) = v
	return next(o)
}

func loadLinc(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m)
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	v := long(p, a)
	*s.reg(o.m) = a + 4
	*s.reg(o.n) = v
	return next(o)
}

func loadBdisp(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m) + o.imm
	p := c.readPage(a)
	if p == nil {
		return c.slowly(o)
	}
	*s.reg(o.n) = extB(uint32(*at(p, a)))
	return next(o)
}

func loadWdisp(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m) + o.imm
	p := c.readPage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = extW(word(p, a))
	return next(o)
}

func loadLdisp(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m) + o.imm
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = long(p, a)
	return next(o)
}

func loadBindex(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m) + s.R[0]
	p := c.readPage(a)
	if p == nil {
		return c.slowly(o)
	}
	*s.reg(o.n) = extB(uint32(*at(p, a)))
	return next(o)
}

func loadWindex(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m) + s.R[0]
	p := c.readPage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = extW(word(p, a))
	return next(o)
}

func loadLindex(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.m) + s.R[0]
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = long(p, a)
	return next(o)
}

func loadBgbr(c *CPU, s *State, o *op) *op {
	a := s.GBR + o.imm
	p := c.readPage(a)
	if p == nil {
		return c.slowly(o)
	}
	*s.reg(o.n) = extB(uint32(*at(p, a)))
	return next(o)
}

func loadWgbr(c *CPU, s *State, o *op) *op {
	a := s.GBR + o.imm
	p := c.readPage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = extW(word(p, a))
	return next(o)
}

func loadLgbr(c *CPU, s *State, o *op) *op {
	a := s.GBR + o.imm
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = long(p, a)
	return next(o)
}

func loadWabs(c *CPU, s *State, o *op) *op {
	a := o.imm
	p := c.readPage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = extW(word(p, a))
	return next(o)
}

func loadLabs(c *CPU, s *State, o *op) *op {
	a := o.imm
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = long(p, a)
	return next(o)
}

func storeBat(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.writePage(a)
	if p == nil {
		return c.slowly(o)
	}
	*at(p, a) = uint8(*s.reg(o.m))
	return next(o)
}

func storeWat(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.writePage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	setWord(p, a, *s.reg(o.m))
	return next(o)
}

func storeLat(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, *s.reg(o.m))
	return next(o)
}

func storeBdec(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 1
	p := c.writePage(a)
	if p == nil {
		return c.slowly(o)
	}
	*at(p, a) = uint8(*s.reg(o.m))
	*s.reg(o.n) = a
	return next(o)
}

func storeWdec(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 2
	p := c.writePage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	setWord(p, a, *s.reg(o.m))
	*s.reg(o.n) = a
	return next(o)
}

func storeLdec(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 4
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, *s.reg(o.m))
	*s.reg(o.n) = a
	return next(o)
}

func storeBdisp(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) + o.imm
	p := c.writePage(a)
	if p == nil {
		return c.slowly(o)
	}
	*at(p, a) = uint8(*s.reg(o.m))
	return next(o)
}

func storeWdisp(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) + o.imm
	p := c.writePage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	setWord(p, a, *s.reg(o.m))
	return next(o)
}

func storeLdisp(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) + o.imm
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, *s.reg(o.m))
	return next(o)
}

func storeBindex(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) + s.R[0]
	p := c.writePage(a)
	if p == nil {
		return c.slowly(o)
	}
	*at(p, a) = uint8(*s.reg(o.m))
	return next(o)
}

func storeWindex(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) + s.R[0]
	p := c.writePage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	setWord(p, a, *s.reg(o.m))
	return next(o)
}

func storeLindex(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) + s.R[0]
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, *s.reg(o.m))
	return next(o)
}

func storeBgbr(c *CPU, s *State, o *op) *op {
	a := s.GBR + o.imm
	p := c.writePage(a)
	if p == nil {
		return c.slowly(o)
	}
	*at(p, a) = uint8(*s.reg(o.m))
	return next(o)
}

func storeWgbr(c *CPU, s *State, o *op) *op {
	a := s.GBR + o.imm
	p := c.writePage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	setWord(p, a, *s.reg(o.m))
	return next(o)
}

func storeLgbr(c *CPU, s *State, o *op) *op {
	a := s.GBR + o.imm
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, *s.reg(o.m))
	return next(o)
}

func popGBR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	s.GBR = long(p, a)
	*s.reg(o.n) = a + 4
	return next(o)
}

func popVBR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	s.VBR = long(p, a)
	*s.reg(o.n) = a + 4
	return next(o)
}

func popMACH(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	s.MACH = long(p, a)
	*s.reg(o.n) = a + 4
	return next(o)
}

func popMACL(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	s.MACL = long(p, a)
	*s.reg(o.n) = a + 4
	return next(o)
}

func popPR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	p := c.readPage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	s.PR = long(p, a)
	*s.reg(o.n) = a + 4
	return next(o)
}

func pushSR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 4
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, s.SR|s.T)
	*s.reg(o.n) = a
	return next(o)
}

func pushGBR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 4
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, s.GBR)
	*s.reg(o.n) = a
	return next(o)
}

func pushVBR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 4
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, s.VBR)
	*s.reg(o.n) = a
	return next(o)
}

func pushMACH(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 4
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, s.MACH)
	*s.reg(o.n) = a
	return next(o)
}

func pushMACL(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 4
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, s.MACL)
	*s.reg(o.n) = a
	return next(o)
}

func pushPR(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n) - 4
	p := c.writePage(a)
	if p == nil || a&3 != 0 {
		return c.slowly(o)
	}
	setLong(p, a, s.PR)
	*s.reg(o.n) = a
	return next(o)
}

// PC-relative loads, in the interpreter proper.

func movWPC(c *CPU, s *State, o *op) *op {
	a := s.PC + 2 + o.imm
	p := c.readPage(a)
	if p == nil || a&1 != 0 {
		return c.slowly(o)
	}
	*s.reg(o.n) = extW(word(p, a))
	return next(o)
}

func movLPC(c *CPU, s *State, o *op) *op {
	a := (s.PC+2)&^3 + o.imm
	p := c.readPage(a)
	if p == nil {
		return c.slowly(o)
	}
	*s.reg(o.n) = long(p, a)
	return next(o)
}

func movA(c *CPU, s *State, o *op) *op { s.R[0] = (s.PC+2)&^3 + o.imm; return next(o) }
