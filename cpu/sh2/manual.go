package sh2

// The manual's model: one instruction of the five-stage pipeline after another,
// with all of the program and its data in the cache (manual, section 2.4 and
// appendix A; SH-1/SH-2 programming manual, section 7).

// interruptCycles is the time from the acceptance of an interrupt to the first
// instruction of its handler, with memory accesses of one cycle (section 5.5).
const interruptCycles = 13

// exceptionCycles is the same for address errors and illegal instructions.
const exceptionCycles = 8

// Time from the start of an instruction until the multiplier is free.
const (
	mulWordCycles = 3
	mulLongCycles = 4
)

// stepManual executes one instruction.
func (c *CPU) stepManual() {
	s := c.s
	c.fault = false
	pc := s.PC
	slot := s.Delayed != 0
	if pc&1 != 0 || pc >= 0xffffff00 {
		s.Delay, s.Delayed = 0, 0
		c.exception(vectorAddressError)
		s.Time += exceptionCycles
		return
	}
	o := &c.ops[c.fetch(pc)]
	flags := instructions[o.k].flags
	s.Shielded = uint8(bit(flags&fShield != 0))
	if slot {
		s.PC, s.Delay, s.Delayed = s.Delay, 0, 0
		if flags&fBranch != 0 {
			c.exception(vectorSlotIllegal)
			s.Time += exceptionCycles
			s.Loading = 16
			return
		}
	} else {
		s.PC = pc + 2
	}

	// A register that the instruction before loads is there a cycle later.
	l := s.Loading
	if l < 16 && (flags&fRN != 0 && o.n>>2 == l || flags&fRM != 0 && o.m>>2 == l || flags&fR0 != 0 && l == 0) {
		s.Time++
	}
	if flags&(fMul|fMac) != 0 {
		s.Time = max(s.Time, s.MACReady)
	}
	// Program words are fetched in pairs, when the even one of two is three
	// stages behind: an access by the odd one has to wait.
	if flags&fMem != 0 && pc&2 != 0 {
		s.Time++
	}
	begin := s.Time
	if o.fn(c, s, o) == &c.slowStub {
		c.slow(s, o)
	}
	s.Time += int64(c.cycles[o.k])

	s.Loading = 16
	if x := &accesses[o.k]; flags&fMem != 0 && x.size != 0 && !x.store && x.reg == 0 {
		s.Loading = o.n >> 2
	}
	if flags&fMul != 0 {
		s.MACReady = begin + mulLongCycles
		if o.k == kMulsW || o.k == kMuluW || o.k == kMacW {
			s.MACReady = begin + mulWordCycles
		}
	}
	if c.fault {
		c.fault = false
		s.Delay, s.Delayed = 0, 0
		s.Shielded = 0
		c.exception(vectorAddressError)
		s.Time += exceptionCycles
	}
}
