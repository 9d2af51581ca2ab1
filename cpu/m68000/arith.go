package m68000

import "math/bits"

// sized cuts v to a width and returns it with the operand's sign in bit 31.
func sized(v, width uint32) (r, top uint32) {
	top = v << (32 - width)
	return top >> (32 - width), top
}

// The shifts below take a value of width bits and a count of 0 to 63, set the
// flags and return the result (M68000PRM, ASL to ROXR). A count of 0 leaves X
// and clears C, but the rotates with X copy X into C.

func (s *State) asl(v, n, width uint32) uint32 {
	var wide uint64
	if n <= 32 {
		wide = uint64(v) << n
	}
	r, top := sized(uint32(wide), width)
	s.N, s.Z, s.V, s.C = top, top, 0, 0
	if n > 0 {
		s.C = uint32(wide>>width) & 1
		if n > width {
			s.C = 0
		}
		s.X = s.C
	}
	// Overflow: the sign was not the same all the time.
	switch {
	case n >= width:
		if v != 0 {
			s.V = 1 << 31
		}
	default:
		x := int64(uint64(v) << (64 - width))
		if x<<n>>n != x {
			s.V = 1 << 31
		}
	}
	return r
}

func (s *State) lsl(v, n, width uint32) uint32 {
	r := s.asl(v, n, width)
	s.V = 0
	return r
}

func (s *State) asr(v, n, width uint32) uint32 {
	signed := int64(int32(v<<(32-width))) >> (32 - width)
	r, top := sized(uint32(signed>>n), width)
	s.N, s.Z, s.V, s.C = top, top, 0, 0
	if n > 0 {
		s.C = uint32(signed>>(n-1)) & 1
		s.X = s.C
	}
	return r
}

func (s *State) lsr(v, n, width uint32) uint32 {
	r, top := sized(uint32(uint64(v)>>n), width)
	s.N, s.Z, s.V, s.C = top, top, 0, 0
	if n > 0 {
		s.C = uint32(uint64(v)>>(n-1)) & 1
		s.X = s.C
	}
	return r
}

func (s *State) rol(v, n, width uint32) uint32 {
	k := n & (width - 1)
	r, top := sized(v<<k|v>>(width-k), width)
	s.N, s.Z, s.V, s.C = top, top, 0, 0
	if n > 0 {
		s.C = r & 1
	}
	return r
}

func (s *State) ror(v, n, width uint32) uint32 {
	k := n & (width - 1)
	r, top := sized(v>>k|v<<(width-k), width)
	s.N, s.Z, s.V, s.C = top, top, 0, 0
	if n > 0 {
		s.C = top >> 31
	}
	return r
}

// roxl rotates the width+1 bits of X and v.
func (s *State) roxl(v, n, width uint32) uint32 {
	k := n % (width + 1)
	x := uint64(s.X)<<width | uint64(v)
	x = x<<k | x>>(width+1-k)
	return s.rotatedX(x, width)
}

func (s *State) roxr(v, n, width uint32) uint32 {
	k := n % (width + 1)
	x := uint64(s.X)<<width | uint64(v)
	x = x>>k | x<<(width+1-k)
	return s.rotatedX(x, width)
}

func (s *State) rotatedX(x uint64, width uint32) uint32 {
	r, top := sized(uint32(x), width)
	s.X = uint32(x>>width) & 1
	s.N, s.Z, s.V, s.C = top, top, 0, s.X
	return r
}

// abcd adds two decimal digits and X. N and V, which the manual leaves
// undefined, are those of the correction by 6 and 60 that the chip adds to the
// binary sum.
func (s *State) abcd(v, d uint32) uint32 {
	sum := v + d + s.X
	carry := (v&d | ^sum&(v|d)) & 0x88
	decimal := ((sum + 0x66) ^ sum) & 0x110 >> 1
	fix := carry | decimal
	r := sum + fix - fix>>2
	s.C = (carry | sum&^r) >> 7 & 1
	s.X = s.C
	s.N = r << 24
	s.Z |= s.N
	s.V = (^sum & r) << 24
	return r & 0xff
}

// sbcd subtracts v and X from d.
func (s *State) sbcd(v, d uint32) uint32 {
	diff := d - v - s.X
	borrow := (^d&v | diff&^d | diff&v) & 0x88
	r := diff - (borrow - borrow>>2)
	s.C = (borrow | ^diff&r) >> 7 & 1
	s.X = s.C
	s.N = r << 24
	s.Z |= s.N
	s.V = (diff &^ r) << 24
	return r & 0xff
}

// divu divides and returns the quotient and remainder, and the clock cycles
// before the last prefetch. The chip subtracts and shifts bit by bit: a step
// takes less time when the bit shifted out decides it.
func (s *State) divu(d, v uint32) (r uint32, n int) {
	if d>>16 >= v {
		s.N, s.Z, s.V, s.C = 1<<31, 1, 1<<31, 0
		return d, 6
	}
	half := 38 - 2 // of the time, without the prefetch
	rest, by := d, v<<16
	for range 15 {
		out := rest >> 31
		rest <<= 1
		switch {
		case out != 0:
			rest -= by
		case rest >= by:
			rest -= by
			half++
		default:
			half += 2
		}
	}
	q, rem := d/v, d%v
	s.N, s.Z, s.V, s.C = q<<16, q, 0, 0
	return rem<<16 | q, 2 * half
}

// divs divides with signs.
func (s *State) divs(d, v uint32) (r uint32, n int) {
	a, b := int64(int32(d)), int64(int16(v))
	half := 6 - 2
	if a < 0 {
		half++
	}
	ua, ub := uint32(abs(a)), uint32(abs(b))
	if ua>>16 >= ub {
		s.N, s.Z, s.V, s.C = 1<<31, 1, 1<<31, 0
		return d, 2 * (half + 2)
	}
	uq := ua / ub
	half += 55
	if b >= 0 {
		if a >= 0 {
			half--
		} else {
			half++
		}
	}
	// One more for each 0 among the upper 15 bits of the quotient.
	half += 15 - bits.OnesCount32(uq&0xfffe)
	q, rem := a/b, a%b
	if q != int64(int16(q)) {
		s.N, s.Z, s.V, s.C = 1<<31, 1, 1<<31, 0
		return d, 2 * half
	}
	s.N, s.Z, s.V, s.C = uint32(q)<<16, uint32(q)&0xffff, 0, 0
	return uint32(rem)<<16 | uint32(q)&0xffff, 2 * half
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// chk compares a word with 0 and an upper bound. It returns the idle time
// before the exception, or 0 if the word is within the bounds.
func (s *State) chk(d, bound uint32) int {
	s.Z, s.V, s.C = d, 0, 0
	a, b := int16(d), int16(bound)
	switch {
	case a > b, b-a < 0: // the difference of 16 bits may have the wrong sign
		s.N = 0
		if a < 0 {
			s.N = 1 << 31
		}
		return 8 + s.inMAME(12)
	case a < 0:
		s.N = 1 << 31
		return 10 + s.inMAME(10)
	}
	s.N = 0
	return 0
}
