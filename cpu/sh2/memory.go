package sh2

import "unsafe"

// Accesses that are not to directly mapped memory, not aligned, or made by
// instructions that are too seldom for a fast path of their own.

// at notes which instruction makes an access, for Now and PC.
func (c *CPU) at(o *op) {
	c.cur, c.sub = o, int64(o.cyc)
	c.disturbed = true
}

func (c *CPU) readByte(o *op, a uint32) uint32 {
	if p := c.m.ReadPages[a>>16]; p != nil {
		return uint32(p[uint16(a)])
	}
	c.at(o)
	shift := ^a & 3 * 8
	v := c.m.Read(a, 0xff<<shift) >> shift & 0xff
	c.cur, c.sub = nil, 0
	return v
}

func (c *CPU) readWord(o *op, a uint32) uint32 {
	if a&1 != 0 {
		if v, done := c.misaligned(o, a, 2, false, 0); done {
			return v
		}
		a &^= 1
	}
	if p := c.m.ReadPages[a>>16]; p != nil {
		return word(unsafe.Pointer(p), a)
	}
	c.at(o)
	shift := ^a & 2 * 8
	v := c.m.Read(a, 0xffff<<shift) >> shift & 0xffff
	c.cur, c.sub = nil, 0
	return v
}

func (c *CPU) readLong(o *op, a uint32) uint32 {
	if a&3 != 0 {
		if v, done := c.misaligned(o, a, 4, false, 0); done {
			return v
		}
		a &^= 3
	}
	if p := c.m.ReadPages[a>>16]; p != nil {
		return long(unsafe.Pointer(p), a)
	}
	c.at(o)
	v := c.m.Read(a, 0xffffffff)
	c.cur, c.sub = nil, 0
	return v
}

func (c *CPU) writeByte(o *op, a, v uint32) {
	if c.fault {
		return
	}
	if p := c.writePage(a); p != nil {
		*at(p, a) = uint8(v)
		return
	}
	c.at(o)
	shift := ^a & 3 * 8
	c.m.Write(a, v&0xff<<shift, 0xff<<shift)
	c.cur, c.sub = nil, 0
}

func (c *CPU) writeWord(o *op, a, v uint32) {
	if c.fault {
		return
	}
	if a&1 != 0 {
		if _, done := c.misaligned(o, a, 2, true, v&0xffff); done {
			return
		}
		a &^= 1
	}
	if p := c.writePage(a); p != nil {
		setWord(p, a, v)
		return
	}
	c.at(o)
	shift := ^a & 2 * 8
	c.m.Write(a, v&0xffff<<shift, 0xffff<<shift)
	c.cur, c.sub = nil, 0
}

func (c *CPU) writeLong(o *op, a, v uint32) {
	if c.fault {
		return
	}
	if a&3 != 0 {
		if _, done := c.misaligned(o, a, 4, true, v); done {
			return
		}
		a &^= 3
	}
	if p := c.writePage(a); p != nil {
		setLong(p, a, v)
		return
	}
	c.at(o)
	c.m.Write(a, v, 0xffffffff)
	c.cur, c.sub = nil, 0
}

// misaligned deals with an access to an address that is not a multiple of its
// size. Unless it is done with it, the access goes to the address below, as in
// MAME. (Manual, section 4.3: address errors.)
func (c *CPU) misaligned(o *op, a uint32, size int, write bool, v uint32) (uint32, bool) {
	if c.Misaligned != nil {
		c.at(o)
		v = c.Misaligned(a, size, write, v)
		c.cur, c.sub = nil, 0
		return v, true
	}
	if c.s.Model == Manual {
		c.fault = true
		return 0, true
	}
	return 0, false
}

func (c *CPU) push(o *op, v uint32) {
	c.s.R[15] -= 4
	c.writeLong(o, c.s.R[15], v)
}

// done ends an instruction that may have made accesses through handlers: if one
// of them asked for it, the block is left.
func (c *CPU) done(o *op) *op {
	if c.stop {
		return c.leave(o)
	}
	return next(o)
}

// leave ends a block after o. In the interpreter proper, which looks at c.stop
// itself, it has no effect.
func (c *CPU) leave(o *op) *op {
	if !c.inBlock || c.pcAfter(o) == inSlot {
		return next(o)
	}
	c.s.Time += int64(o.cyc) + int64(c.cycles[o.k])
	c.s.PC = c.pcAfter(o)
	return nil
}

// Ways to make an address.
const (
	byM     = iota // Rm
	byMInc         // Rm, which then goes on
	byMDisp        // Rm + imm
	byM0           // Rm + R0
	byN            // Rn
	byNInc         // Rn, which then goes on
	byNDec         // Rn after it went back
	byNDisp        // Rn + imm
	byN0           // Rn + R0
	byGBR          // GBR + imm
	byPC           // PC-relative
	byAbs          // imm
)

// access says what kind of access an instruction makes that slow does.
type access struct {
	by    uint8
	size  uint8
	store bool
	reg   uint8 // a control register, or 0 for Rn (load) or Rm (store)
}

// Control registers in access.reg.
const (
	regSR = iota + 1
	regGBR
	regVBR
	regMACH
	regMACL
	regPR
)

func (s *State) control(reg uint8) *uint32 {
	return [...]*uint32{regGBR: &s.GBR, regVBR: &s.VBR, regMACH: &s.MACH, regMACL: &s.MACL, regPR: &s.PR}[reg]
}

// slow does all of an instruction that loads or stores, after its handler found
// that the access is not an ordinary one.
func (c *CPU) slow(s *State, o *op) *op {
	x := &accesses[o.k]
	n, m := s.reg(o.n), s.reg(o.m)
	size := uint32(x.size)
	var a uint32
	switch x.by {
	case byM, byMInc:
		a = *m
	case byMDisp:
		a = *m + o.imm
	case byM0:
		a = *m + s.R[0]
	case byN, byNInc:
		a = *n
	case byNDec:
		a = *n - size
	case byNDisp:
		a = *n + o.imm
	case byN0:
		a = *n + s.R[0]
	case byGBR:
		a = s.GBR + o.imm
	case byPC:
		a = s.PC + 2
		if size == 4 {
			a &^= 3
		}
		a += o.imm
	case byAbs:
		a = o.imm
	}
	if x.store {
		v := *m
		switch x.reg {
		case 0:
		case regSR:
			v = s.SR | s.T
		default:
			v = *s.control(x.reg)
		}
		switch size {
		case 1:
			c.writeByte(o, a, v)
		case 2:
			c.writeWord(o, a, v)
		case 4:
			c.writeLong(o, a, v)
		}
		if x.by == byNDec {
			*n = a
		}
		return c.done(o)
	}
	var v uint32
	switch size {
	case 1:
		v = extB(c.readByte(o, a))
	case 2:
		v = extW(c.readWord(o, a))
	case 4:
		v = c.readLong(o, a)
	}
	switch x.by {
	case byMInc:
		*m = a + size
	case byNInc:
		*n = a + size
	}
	if x.reg == 0 {
		*n = v
	} else {
		*s.control(x.reg) = v
	}
	return c.done(o)
}

// Instructions that read and write memory, or read it twice.

func tasB(c *CPU, s *State, o *op) *op {
	a := *s.reg(o.n)
	v := c.readByte(o, a)
	s.T = bit(v == 0)
	c.writeByte(o, a, v|0x80)
	return c.done(o)
}

func andB(c *CPU, s *State, o *op) *op {
	a := s.GBR + s.R[0]
	c.writeByte(o, a, c.readByte(o, a)&o.imm)
	return c.done(o)
}

func orB(c *CPU, s *State, o *op) *op {
	a := s.GBR + s.R[0]
	c.writeByte(o, a, c.readByte(o, a)|o.imm)
	return c.done(o)
}

func xorB(c *CPU, s *State, o *op) *op {
	a := s.GBR + s.R[0]
	c.writeByte(o, a, c.readByte(o, a)^o.imm)
	return c.done(o)
}

func tstB(c *CPU, s *State, o *op) *op {
	s.T = bit(c.readByte(o, s.GBR+s.R[0])&o.imm == 0)
	return c.done(o)
}

// macL: with S, the sum is limited to 48 bits. MAME takes the accumulator's
// upper part as unsigned there.
func macL(c *CPU, s *State, o *op) *op {
	a := c.readLong(o, *s.reg(o.n))
	*s.reg(o.n) += 4
	b := c.readLong(o, *s.reg(o.m))
	*s.reg(o.m) += 4
	v := int64(int32(a)) * int64(int32(b))
	if s.SR&srS == 0 {
		v += int64(uint64(s.MACH)<<32 | uint64(s.MACL))
	} else {
		high := s.MACH & 0xffff
		if s.Model == Manual {
			high = extW(high)
		}
		v += int64(uint64(high)<<32 | uint64(s.MACL))
		if v < -1<<47 {
			v = 1 << 47 // as 48 bits: the least number
		} else if v >= 1<<47 {
			v = 1<<47 - 1
		}
	}
	s.MACH, s.MACL = uint32(v>>32), uint32(v)
	return c.done(o)
}

// macW: with S, MACL alone is summed, and limited to 32 bits. The chip then
// notes an overflow in MACH, MAME does not.
func macW(c *CPU, s *State, o *op) *op {
	a := c.readWord(o, *s.reg(o.n))
	*s.reg(o.n) += 2
	b := c.readWord(o, *s.reg(o.m))
	*s.reg(o.m) += 2
	v := int64(int16(a)) * int64(int16(b))
	if s.SR&srS == 0 {
		v += int64(uint64(s.MACH)<<32 | uint64(s.MACL))
		s.MACH, s.MACL = uint32(v>>32), uint32(v)
		return c.done(o)
	}
	v += int64(int32(s.MACL))
	limited := min(max(v, -1<<31), 1<<31-1)
	if v != limited && s.Model == Manual {
		s.MACH |= 1
	}
	s.MACL = uint32(limited)
	return c.done(o)
}
