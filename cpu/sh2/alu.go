package sh2

// Arithmetic, logic and shifts (SH-1/SH-2 programming manual, section 6.2).

func movI(c *CPU, s *State, o *op) *op { *s.reg(o.n) = o.imm; return next(o) }
func mov(c *CPU, s *State, o *op) *op  { *s.reg(o.n) = *s.reg(o.m); return next(o) }
func movt(c *CPU, s *State, o *op) *op { *s.reg(o.n) = s.T; return next(o) }
func nop(c *CPU, s *State, o *op) *op  { return next(o) }

func swapB(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.m)
	*s.reg(o.n) = v&0xffff0000 | v>>8&0xff | v&0xff<<8
	return next(o)
}

func swapW(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.m)
	*s.reg(o.n) = v>>16 | v<<16
	return next(o)
}

func xtrct(c *CPU, s *State, o *op) *op {
	*s.reg(o.n) = *s.reg(o.n)>>16 | *s.reg(o.m)<<16
	return next(o)
}

func add(c *CPU, s *State, o *op) *op  { *s.reg(o.n) += *s.reg(o.m); return next(o) }
func addI(c *CPU, s *State, o *op) *op { *s.reg(o.n) += o.imm; return next(o) }

func addc(c *CPU, s *State, o *op) *op {
	v := uint64(*s.reg(o.n)) + uint64(*s.reg(o.m)) + uint64(s.T)
	*s.reg(o.n), s.T = uint32(v), uint32(v>>32)
	return next(o)
}

func addv(c *CPU, s *State, o *op) *op {
	a, b := *s.reg(o.n), *s.reg(o.m)
	v := a + b
	*s.reg(o.n), s.T = v, (a^v)&(b^v)>>31
	return next(o)
}

func sub(c *CPU, s *State, o *op) *op { *s.reg(o.n) -= *s.reg(o.m); return next(o) }

func subc(c *CPU, s *State, o *op) *op {
	v := uint64(*s.reg(o.n)) - uint64(*s.reg(o.m)) - uint64(s.T)
	*s.reg(o.n), s.T = uint32(v), uint32(v>>32)&1
	return next(o)
}

func subv(c *CPU, s *State, o *op) *op {
	a, b := *s.reg(o.n), *s.reg(o.m)
	v := a - b
	*s.reg(o.n), s.T = v, (a^b)&(a^v)>>31
	return next(o)
}

func neg(c *CPU, s *State, o *op) *op { *s.reg(o.n) = -*s.reg(o.m); return next(o) }

func negc(c *CPU, s *State, o *op) *op {
	v := -uint64(*s.reg(o.m)) - uint64(s.T)
	*s.reg(o.n), s.T = uint32(v), uint32(v>>32)&1
	return next(o)
}

func cmpEQI(c *CPU, s *State, o *op) *op { s.T = bit(s.R[0] == o.imm); return next(o) }
func cmpEQ(c *CPU, s *State, o *op) *op  { s.T = bit(*s.reg(o.n) == *s.reg(o.m)); return next(o) }
func cmpHS(c *CPU, s *State, o *op) *op  { s.T = bit(*s.reg(o.n) >= *s.reg(o.m)); return next(o) }
func cmpHI(c *CPU, s *State, o *op) *op  { s.T = bit(*s.reg(o.n) > *s.reg(o.m)); return next(o) }
func cmpPZ(c *CPU, s *State, o *op) *op  { s.T = bit(int32(*s.reg(o.n)) >= 0); return next(o) }
func cmpPL(c *CPU, s *State, o *op) *op  { s.T = bit(int32(*s.reg(o.n)) > 0); return next(o) }

func cmpGE(c *CPU, s *State, o *op) *op {
	s.T = bit(int32(*s.reg(o.n)) >= int32(*s.reg(o.m)))
	return next(o)
}

func cmpGT(c *CPU, s *State, o *op) *op {
	s.T = bit(int32(*s.reg(o.n)) > int32(*s.reg(o.m)))
	return next(o)
}

func cmpSTR(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n) ^ *s.reg(o.m)
	s.T = bit((v-0x01010101)&^v&0x80808080 != 0) // a byte of v is 0
	return next(o)
}

func div0U(c *CPU, s *State, o *op) *op {
	s.SR &^= srM | srQ
	s.T = 0
	return next(o)
}

func div0S(c *CPU, s *State, o *op) *op {
	q, m := *s.reg(o.n)>>31, *s.reg(o.m)>>31
	s.SR = s.SR&^(srM|srQ) | q*srQ | m*srM
	s.T = q ^ m
	return next(o)
}

// div1 is one step of a non-restoring division. If Rm is Rn, the chip divides by
// what it was before the step, MAME (and the public SH-4 test suite) by what it
// is after its shift; no program does that.
func div1(c *CPU, s *State, o *op) *op {
	n, d := *s.reg(o.n), *s.reg(o.m)
	m := s.SR / srM & 1
	out := n >> 31
	n = n<<1 | s.T
	if o.n == o.m && s.Model == MAME {
		d = n
	}
	var v, carry uint32
	if s.SR/srQ&1 == m {
		v = n - d
		carry = bit(v > n)
	} else {
		v = n + d
		carry = bit(v < n)
	}
	q := out ^ m ^ carry
	*s.reg(o.n) = v
	s.SR = s.SR&^srQ | q*srQ
	s.T = bit(q == m)
	return next(o)
}

func dt(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n) - 1
	*s.reg(o.n), s.T = v, bit(v == 0)
	return next(o)
}

func extsB(c *CPU, s *State, o *op) *op { *s.reg(o.n) = extB(*s.reg(o.m)); return next(o) }
func extsW(c *CPU, s *State, o *op) *op { *s.reg(o.n) = extW(*s.reg(o.m)); return next(o) }
func extuB(c *CPU, s *State, o *op) *op { *s.reg(o.n) = *s.reg(o.m) & 0xff; return next(o) }
func extuW(c *CPU, s *State, o *op) *op { *s.reg(o.n) = *s.reg(o.m) & 0xffff; return next(o) }

func mulL(c *CPU, s *State, o *op) *op { s.MACL = *s.reg(o.n) * *s.reg(o.m); return next(o) }

func mulsW(c *CPU, s *State, o *op) *op {
	s.MACL = extW(*s.reg(o.n)) * extW(*s.reg(o.m))
	return next(o)
}

func muluW(c *CPU, s *State, o *op) *op {
	s.MACL = *s.reg(o.n) & 0xffff * (*s.reg(o.m) & 0xffff)
	return next(o)
}

func dmulsL(c *CPU, s *State, o *op) *op {
	v := uint64(int64(int32(*s.reg(o.n))) * int64(int32(*s.reg(o.m))))
	s.MACH, s.MACL = uint32(v>>32), uint32(v)
	return next(o)
}

func dmuluL(c *CPU, s *State, o *op) *op {
	v := uint64(*s.reg(o.n)) * uint64(*s.reg(o.m))
	s.MACH, s.MACL = uint32(v>>32), uint32(v)
	return next(o)
}

func clrMAC(c *CPU, s *State, o *op) *op { s.MACH, s.MACL = 0, 0; return next(o) }
func clrT(c *CPU, s *State, o *op) *op   { s.T = 0; return next(o) }
func setT(c *CPU, s *State, o *op) *op   { s.T = 1; return next(o) }

func and(c *CPU, s *State, o *op) *op  { *s.reg(o.n) &= *s.reg(o.m); return next(o) }
func or(c *CPU, s *State, o *op) *op   { *s.reg(o.n) |= *s.reg(o.m); return next(o) }
func xor(c *CPU, s *State, o *op) *op  { *s.reg(o.n) ^= *s.reg(o.m); return next(o) }
func not(c *CPU, s *State, o *op) *op  { *s.reg(o.n) = ^*s.reg(o.m); return next(o) }
func tst(c *CPU, s *State, o *op) *op  { s.T = bit(*s.reg(o.n)&*s.reg(o.m) == 0); return next(o) }
func andI(c *CPU, s *State, o *op) *op { s.R[0] &= o.imm; return next(o) }
func orI(c *CPU, s *State, o *op) *op  { s.R[0] |= o.imm; return next(o) }
func xorI(c *CPU, s *State, o *op) *op { s.R[0] ^= o.imm; return next(o) }
func tstI(c *CPU, s *State, o *op) *op { s.T = bit(s.R[0]&o.imm == 0); return next(o) }

func rotl(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n)
	*s.reg(o.n), s.T = v<<1|v>>31, v>>31
	return next(o)
}

func rotr(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n)
	*s.reg(o.n), s.T = v>>1|v<<31, v&1
	return next(o)
}

func rotcl(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n)
	*s.reg(o.n), s.T = v<<1|s.T, v>>31
	return next(o)
}

func rotcr(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n)
	*s.reg(o.n), s.T = v>>1|s.T<<31, v&1
	return next(o)
}

func shll(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n)
	*s.reg(o.n), s.T = v<<1, v>>31
	return next(o)
}

func shlr(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n)
	*s.reg(o.n), s.T = v>>1, v&1
	return next(o)
}

func shar(c *CPU, s *State, o *op) *op {
	v := *s.reg(o.n)
	*s.reg(o.n), s.T = uint32(int32(v)>>1), v&1
	return next(o)
}

func shll2(c *CPU, s *State, o *op) *op  { *s.reg(o.n) <<= 2; return next(o) }
func shll8(c *CPU, s *State, o *op) *op  { *s.reg(o.n) <<= 8; return next(o) }
func shll16(c *CPU, s *State, o *op) *op { *s.reg(o.n) <<= 16; return next(o) }
func shlr2(c *CPU, s *State, o *op) *op  { *s.reg(o.n) >>= 2; return next(o) }
func shlr8(c *CPU, s *State, o *op) *op  { *s.reg(o.n) >>= 8; return next(o) }
func shlr16(c *CPU, s *State, o *op) *op { *s.reg(o.n) >>= 16; return next(o) }

func ldcGBR(c *CPU, s *State, o *op) *op  { s.GBR = *s.reg(o.n); return next(o) }
func ldcVBR(c *CPU, s *State, o *op) *op  { s.VBR = *s.reg(o.n); return next(o) }
func ldsMACH(c *CPU, s *State, o *op) *op { s.MACH = *s.reg(o.n); return next(o) }
func ldsMACL(c *CPU, s *State, o *op) *op { s.MACL = *s.reg(o.n); return next(o) }
func ldsPR(c *CPU, s *State, o *op) *op   { s.PR = *s.reg(o.n); return next(o) }
func stcSR(c *CPU, s *State, o *op) *op   { *s.reg(o.n) = s.SR | s.T; return next(o) }
func stcGBR(c *CPU, s *State, o *op) *op  { *s.reg(o.n) = s.GBR; return next(o) }
func stcVBR(c *CPU, s *State, o *op) *op  { *s.reg(o.n) = s.VBR; return next(o) }
func stsMACH(c *CPU, s *State, o *op) *op { *s.reg(o.n) = s.MACH; return next(o) }
func stsMACL(c *CPU, s *State, o *op) *op { *s.reg(o.n) = s.MACL; return next(o) }
func stsPR(c *CPU, s *State, o *op) *op   { *s.reg(o.n) = s.PR; return next(o) }
