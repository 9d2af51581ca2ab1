package z80

// indexCB executes DD CB d op. The opcode comes last and is no M1 cycle.
func (c *CPU) indexCB(base, pc uint16) {
	s := c.s
	s.Q = 0
	s.PC = pc + 3
	addr := base + uint16(int8(c.read(pc+1, 4)))
	s.WZ = addr
	op := c.read(pc+2, 7)
	v := c.read(addr, 12)
	n := op >> 3 & 7
	switch op >> 6 {
	case 0:
		v = s.rot(n, v)
	case 1:
		s.bit(n, v, uint8(addr>>8))
		s.Cycles += 16
		return
	case 2:
		v &^= 1 << n
	case 3:
		v |= 1 << n
	}
	c.write(addr, v, 16)
	if op&7 != 6 {
		s.setReg(op&7, v)
	}
	s.Cycles += 19
}

// execED executes the instruction after an ED prefix.
func (c *CPU) execED() {
	s := c.s
	pc := s.PC // after the prefix
	op := c.fetch(pc, 4)
	s.R++
	s.Q = 0
	s.PC = pc + 1
	y := op >> 3 & 7
	switch {
	case op>>6 == 2 && op&7 < 4 && y >= 4:
		c.block(op, pc-1)
		return
	case op>>6 != 1:
		s.Cycles += 8
		return
	}
	switch op & 7 {
	case 0: // IN r,(C)
		v := c.in(s.BC, 8)
		s.WZ = s.BC + 1
		if y != 6 {
			s.setReg(y, v)
		}
		if s.Rules == MAMERules {
			s.WZ = s.BC + 1
		}
		f := s.F&flagC | sz53p[v]
		s.F, s.Q = f, f
		s.Cycles += 12
	case 1: // OUT (C),r
		var v uint8
		if y != 6 {
			v = s.getReg(y)
		}
		s.WZ = s.BC + 1
		c.out(s.BC, v, 8)
		s.Cycles += 12
	case 2: // SBC HL,rr and ADC HL,rr
		v := [4]uint16{s.BC, s.DE, s.HL, s.SP}[y>>1]
		if y&1 == 0 {
			s.sbc16(v)
		} else {
			s.adc16(v)
		}
		s.Cycles += 15
	case 3: // LD (nn),rr and LD rr,(nn)
		addr := c.word(pc+1, 8)
		s.PC = pc + 3
		s.WZ = addr + 1
		p := [4]*uint16{&s.BC, &s.DE, &s.HL, &s.SP}[y>>1]
		if y&1 == 0 {
			c.write(addr, uint8(*p), 14)
			c.write(addr+1, uint8(*p>>8), 17)
		} else {
			*p = c.word(addr, 14)
		}
		s.Cycles += 20
	case 4: // NEG
		v := s.A
		s.A = -v
		f := sz53[s.A] | flagN | (v^s.A)&flagH | v&s.A>>5&flagP
		if v != 0 {
			f |= flagC
		}
		s.F, s.Q = f, f
		s.Cycles += 8
	case 5: // RETN, RETI
		s.IFF1 = s.IFF2
		s.PC = c.word(s.SP, 8)
		s.SP += 2
		s.WZ = s.PC
		s.Cycles += 14
		c.limit = never // an interrupt may be enabled now
		if op == 0x4d && c.io.RETI != nil {
			c.io.RETI()
		}
	case 6: // IM
		s.IM = [4]uint8{0, 0, 1, 2}[y&3]
		s.Cycles += 8
	case 7:
		c.special(y)
	}
}

// special is ED 47, 4F, 57, 5F, 67, 6F, 77, 7F.
func (c *CPU) special(y uint8) {
	s := c.s
	s.Cycles += 9
	switch y {
	case 0: // LD I,A
		s.I = s.A
	case 1: // LD R,A
		s.R, s.R7 = s.A, s.A
	case 2, 3: // LD A,I and LD A,R
		s.A = s.I
		if y == 3 {
			s.A = s.refresh()
		}
		f := s.F&flagC | sz53[s.A] | s.IFF2<<2
		s.F, s.Q = f, f
		s.P = 1
		c.limit = never
	case 4, 5: // RRD and RLD
		s.Cycles -= 9
		v := c.read(s.HL, 8)
		a := s.A
		if y == 4 {
			s.A = a&0xf0 | v&15
			v = v>>4 | a<<4
		} else {
			s.A = a&0xf0 | v>>4
			v = v<<4 | a&15
		}
		s.WZ = s.HL + 1
		f := s.F&flagC | sz53p[s.A]
		s.F, s.Q = f, f
		c.write(s.HL, v, 15)
		s.Cycles += 18
	default:
		s.Cycles--
	}
}

// refresh is the value of R.
func (s *State) refresh() uint8 { return s.R&0x7f | s.R7&0x80 }

// block executes LDI, CPI, INI, OUTI and their relatives; pc is the address of
// the prefix.
func (c *CPU) block(op uint8, pc uint16) {
	s := c.s
	step := uint16(1)
	if op&8 != 0 {
		step = 0xffff
	}
	repeat := op&16 != 0
	again := false
	var io uint8 // the byte of INI and OUTI
	s.Cycles += 16
	const base = -16 // T-states are counted from the instruction's start
	switch op & 3 {
	case 0: // LDI
		v := c.read(s.HL, base+8)
		c.write(s.DE, v, base+11)
		s.HL += step
		s.DE += step
		s.BC--
		n := s.A + v
		f := s.F&(flagS|flagZ|flagC) | n&flagX | n<<4&flagY
		if s.BC != 0 {
			f |= flagP
			again = repeat
		}
		s.F = f
	case 1: // CPI
		v := c.read(s.HL, base+8)
		s.HL += step
		s.BC--
		s.WZ += step
		r := s.A - v
		h := (s.A ^ v ^ r) & flagH
		n := r - h>>4
		f := s.F&flagC | flagN | h | sz53[r]&(flagS|flagZ) | n&flagX | n<<4&flagY
		if s.BC != 0 {
			f |= flagP
			again = repeat && r != 0
		}
		s.F = f
	case 2: // INI
		v := c.in(s.BC, base+9)
		s.WZ = s.BC + step
		s.BC -= 0x100
		c.write(s.HL, v, base+13)
		s.HL += step
		s.blockIO(v, uint16(v)+uint16(uint8(s.BC)+uint8(step)))
		again = repeat && s.BC>>8 != 0
		io = v
	case 3: // OUTI
		v := c.read(s.HL, base+9)
		s.BC -= 0x100
		s.WZ = s.BC + step
		c.out(s.BC, v, base+12)
		s.HL += step
		s.blockIO(v, uint16(v)+s.HL&0xff)
		again = repeat && s.BC>>8 != 0
		io = v
	}
	if again {
		s.PC = pc
		s.Cycles += 5
		if s.Rules == ChipRules || op&2 == 0 {
			s.WZ = pc + 1
		}
		if s.Rules == ChipRules {
			s.F = s.F&^(flagY|flagX) | uint8(pc>>8)&(flagY|flagX)
			if op&2 != 0 {
				s.interruptedIO(io)
			}
		}
	}
	s.Q = s.F
}

// blockIO makes the flags of INI, OUTI and their relatives (Young, section 4.3).
func (s *State) blockIO(v uint8, k uint16) {
	b := uint8(s.BC >> 8)
	f := sz53[b] | v>>6&flagN | parity(uint8(k)&7^b)
	if k > 0xff {
		f |= flagH | flagC
	}
	s.F = f
}

// interruptedIO changes the flags of an iteration that is not the last.
func (s *State) interruptedIO(v uint8) {
	b := uint8(s.BC >> 8)
	f := s.F
	if f&flagC != 0 {
		f &^= flagH
		if v&0x80 != 0 {
			f ^= parity((b-1)&7) ^ flagP
			if b&15 == 0 {
				f |= flagH
			}
		} else {
			f ^= parity((b+1)&7) ^ flagP
			if b&15 == 15 {
				f |= flagH
			}
		}
	} else {
		f ^= parity(b&7) ^ flagP
	}
	s.F, s.Q = f, f
}
