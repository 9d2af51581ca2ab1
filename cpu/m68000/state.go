package m68000

// Bits of the system byte of the status register (M68000UM section 2.1.3). The
// user byte is kept as separate flags in State.
const (
	srT    = 0x8000 // trace
	srS    = 0x2000 // supervisor
	srI    = 0x0700 // interrupt mask
	srHigh = srT | srS | srI
)

// State is everything in a 68000 that changes.
type State struct {
	Time int64 // clock cycles since power-on

	R   [16]uint32 // D0-D7, A0-A7; A7 is the stack pointer in use
	SP2 uint32     // the other one: USP in supervisor mode, SSP in user mode

	// PC is the address of the word that is prefetched next. At an
	// instruction boundary the instruction is at PC-4: Next and IRC hold its
	// first two words.
	PC uint32

	// Where the last jump came from and went to: the end of the jumping
	// instruction and the target. Only debuggers look at them.
	JumpEnd, JumpTo uint32

	N uint32 // negative: bit 31
	Z uint32 // zero if this is 0
	V uint32 // overflow: bit 31
	C uint32 // carry: 0 or 1
	X uint32 // extend: 0 or 1

	Next uint16 // the opcode that is executed next
	IRC  uint16 // the word after it
	IR   uint16 // the opcode that was executed last
	SR   uint16 // the system byte, in bits 15-8

	Level   uint8 // level on the interrupt lines, 0-7
	Edge    uint8 // 1: level 7 arrived and has not been served
	Traced  uint8 // 1: a trace exception is due
	Stopped uint8 // 1: STOP waits for an interrupt
	Halted  uint8 // 1: halted by a double bus fault, until reset
	Timing  uint8 // of some instructions: ChipTiming or MAMETiming
	Spare   [6]uint8
}

// Values of State.Timing, which is a setting: Reset leaves it alone.
const (
	// ChipTiming: as long as the chip takes, which depends on the operands.
	ChipTiming = 0
	// MAMETiming: as long as in MAME 0.251. Always the longest time: 54 clock
	// cycles for a multiplication, 140 for DIVU, 158 for DIVS, the same for all
	// bits of a data register. ADDQ.W #,An takes 4, ANDI.L #,Dn 14, BTST Dn,#
	// 8, TAS 4 more in memory; the exceptions of TRAP and TRAPV take 38, of CHK
	// 50 and of a division by 0 the time of the division and 38. Boards whose
	// pictures are compared with MAME's frame by frame need it.
	MAMETiming = 1
)

// inMAME is n with MAME's timing, else 0.
func (s *State) inMAME(n int) int {
	if s.Timing != ChipTiming {
		return n
	}
	return 0
}

// bitSteps is the time that BCHG, BCLR and BSET take for bit n of a data
// register, beyond that of the lower bits.
func (s *State) bitSteps(n uint32) int {
	if s.Timing != ChipTiming {
		return 2
	}
	return int(n >> 4 * 2)
}

// multiplySteps is the number of steps of two cycles beyond the shortest time.
func (s *State) multiplySteps(n int) int {
	if s.Timing != ChipTiming {
		return 8
	}
	return n
}

// divuTime is the time of a DIVU before the last prefetch.
func (s *State) divuTime(n int) int {
	if s.Timing != ChipTiming {
		return 136
	}
	return n
}

// divsTime is the same for DIVS.
func (s *State) divsTime(n int) int {
	if s.Timing != ChipTiming {
		return 154
	}
	return n
}

// StatusRegister is the whole status register.
func (s *State) StatusRegister() uint16 { return s.SR | uint16(s.ccr()) }

func (s *State) ccr() uint32 {
	z := uint32(0)
	if s.Z == 0 {
		z = 4
	}
	return s.X<<4 | s.N>>31<<3 | z | s.V>>31<<1 | s.C
}

func (s *State) setCCR(v uint32) {
	s.X = v >> 4 & 1
	s.N = v << 28
	s.Z = ^v & 4
	s.V = v << 30
	s.C = v & 1
}

// setSystem loads the system byte and exchanges the stack pointers if S
// changes.
func (s *State) setSystem(v uint16) {
	if (s.SR^v)&srS != 0 {
		s.R[15], s.SP2 = s.SP2, s.R[15]
	}
	s.SR = v & srHigh
}

// SetStatusRegister loads the whole status register, for tests and debuggers.
func (s *State) SetStatusRegister(v uint16) {
	s.setSystem(v)
	s.setCCR(uint32(v))
}

// USP and SSP are the two stack pointers.
func (s *State) USP() uint32 {
	if s.SR&srS != 0 {
		return s.SP2
	}
	return s.R[15]
}

// SSP is the supervisor's stack pointer.
func (s *State) SSP() uint32 {
	if s.SR&srS != 0 {
		return s.R[15]
	}
	return s.SP2
}

// index adds an index register and displacement, as an extension word says
// (M68000PRM section 2.2.8).
func (s *State) index(base, ext uint32) uint32 {
	i := s.R[ext>>12&15]
	if ext&0x800 == 0 {
		i = uint32(int32(int16(i)))
	}
	return base + i + uint32(int32(int8(ext)))
}

// condition evaluates a condition code.
func (s *State) condition(code uint32) bool {
	c, v, z, n := s.C != 0, int32(s.V) < 0, s.Z == 0, int32(s.N) < 0
	var r bool
	switch code >> 1 & 7 {
	case 0:
		r = true
	case 1:
		r = !c && !z
	case 2:
		r = !c
	case 3:
		r = !z
	case 4:
		r = !v
	case 5:
		r = !n
	case 6:
		r = n == v
	case 7:
		r = n == v && !z
	}
	return r == (code&1 == 0)
}
