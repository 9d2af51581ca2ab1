package z80

// parity is flagP if v has an even number of ones.
func parity(v uint8) uint8 {
	v ^= v >> 4
	v ^= v >> 2
	v ^= v >> 1
	return ^v & 1 << 2
}

// adc16 is ADC HL,rr.
func (s *State) adc16(b uint16) {
	a := s.HL
	s.WZ = a + 1
	r := uint32(a) + uint32(b) + uint32(s.F&flagC)
	f := uint8(r>>8)&(flagS|flagY|flagX) | uint8(r>>16) | uint8((uint32(a)^uint32(b)^r)>>8)&flagH |
		uint8((uint32(a)^r)&(uint32(b)^r)>>13)&flagP
	if uint16(r) == 0 {
		f |= flagZ
	}
	s.HL = uint16(r)
	s.F, s.Q = f, f
}

// sbc16 is SBC HL,rr.
func (s *State) sbc16(b uint16) {
	a := s.HL
	s.WZ = a + 1
	r := uint32(a) - uint32(b) - uint32(s.F&flagC)
	f := uint8(r>>8)&(flagS|flagY|flagX) | uint8(r>>16)&flagC | flagN | uint8((uint32(a)^uint32(b)^r)>>8)&flagH |
		uint8((uint32(a)^uint32(b))&(uint32(a)^r)>>13)&flagP
	if uint16(r) == 0 {
		f |= flagZ
	}
	s.HL = uint16(r)
	s.F, s.Q = f, f
}

// daa is DAA (UM008011, DAA, and Young, section 4.7).
func (s *State) daa() {
	a, f := s.A, s.F
	var fix uint8
	if f&flagH != 0 || a&15 > 9 {
		fix = 6
	}
	carry := f & flagC
	if carry != 0 || a > 0x99 {
		fix |= 0x60
		carry = flagC
	}
	var r uint8
	if f&flagN != 0 {
		r = a - fix
	} else {
		r = a + fix
	}
	s.A = r
	f = sz53p[r] | f&flagN | carry | (a^r)&flagH
	s.F, s.Q = f, f
}

// rot does operation n of the RLC, RRC, RL, RR, SLA, SRA, SLL, SRL block.
func (s *State) rot(n, v uint8) uint8 {
	var carry, r uint8
	switch n & 7 {
	case 0:
		carry, r = v>>7, v<<1|v>>7
	case 1:
		carry, r = v&1, v>>1|v<<7
	case 2:
		carry, r = v>>7, v<<1|s.F&1
	case 3:
		carry, r = v&1, v>>1|s.F<<7
	case 4:
		carry, r = v>>7, v<<1
	case 5:
		carry, r = v&1, v>>1|v&0x80
	case 6:
		carry, r = v>>7, v<<1|1
	case 7:
		carry, r = v&1, v>>1
	}
	f := sz53p[r] | carry
	s.F, s.Q = f, f
	return r
}

// bit is BIT n: bits 5 and 3 of F come from xy.
func (s *State) bit(n, v, xy uint8) {
	r := v & (1 << (n & 7))
	f := s.F&flagC | flagH | xy&(flagY|flagX) | r&flagS
	if r == 0 {
		f |= flagZ | flagP
	}
	s.F, s.Q = f, f
}

// getReg is register z of the usual order B C D E H L - A.
func (s *State) getReg(z uint8) uint8 {
	switch z & 7 {
	case 0:
		return uint8(s.BC >> 8)
	case 1:
		return uint8(s.BC)
	case 2:
		return uint8(s.DE >> 8)
	case 3:
		return uint8(s.DE)
	case 4:
		return uint8(s.HL >> 8)
	case 5:
		return uint8(s.HL)
	}
	return s.A
}

func (s *State) setReg(z, v uint8) {
	switch z & 7 {
	case 0:
		s.BC = s.BC&0xff | uint16(v)<<8
	case 1:
		s.BC = s.BC&0xff00 | uint16(v)
	case 2:
		s.DE = s.DE&0xff | uint16(v)<<8
	case 3:
		s.DE = s.DE&0xff00 | uint16(v)
	case 4:
		s.HL = s.HL&0xff | uint16(v)<<8
	case 5:
		s.HL = s.HL&0xff00 | uint16(v)
	default:
		s.A = v
	}
}
