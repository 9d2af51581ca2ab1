package sh2

// Idle loops: programs wait in loops that do nothing but read memory until an
// interrupt handler changes it. When such a loop has gone round once without
// a change, and without calling a memory handler, it will do the same again
// until something happens; the time until then is skipped in whole rounds.
// Nobody can tell: the clock and all registers are those of the last round.

// idleLoop tells, while a block is made, whether it is such a loop so far.
type idleLoop struct {
	start   uint32 // program address of the block
	still   bool   // each round does the same
	read    uint32 // registers that were read before they were written
	written uint32
}

// tBit stands for T in the sets of registers.
const tBit = 1 << 16

// track adds an instruction. A loop does the same each time if it only loads
// and computes, and what it takes over from the round before it does not change.
func (l *idleLoop) track(o *op, flags uint32) {
	if !l.still {
		return
	}
	x := &accesses[o.k]
	ok := false
	switch {
	case o.k == kMovI, o.k == kMov:
		ok = true
	case o.k == kDiv0U, o.k == kDiv0S, o.k == kDiv1: // these have to do with M and Q
	case flags&fMem != 0:
		ok = x.size != 0 && !x.store && x.by != byMInc && x.reg == 0
	default:
		ok = flags&fAlu != 0
	}
	if !ok {
		l.still = false
		return
	}
	var read, written uint32
	n, m := uint32(1)<<(o.n>>2), uint32(1)<<(o.m>>2)
	if flags&fRN != 0 {
		read |= n
	}
	if flags&fRM != 0 {
		read |= m
	}
	if flags&fR0 != 0 {
		read |= 1
	}
	switch o.k {
	case kMovT, kAddC, kSubC, kNegC, kRotCL, kRotCR:
		read |= tBit
	}
	if flags&fWN != 0 {
		written |= n
	}
	if flags&fW0 != 0 {
		written |= 1
	}
	if flags&fWT != 0 {
		written |= tBit
	}
	l.add(read, written)
}

// add adds what an instruction reads and writes.
func (l *idleLoop) add(read, written uint32) {
	l.read |= read &^ l.written
	l.written |= written
	if l.read&l.written != 0 {
		l.still = false
	}
}

// idle goes round a loop once more, or as often as there is time for. o.cyc is
// the clock cycles of a round.
func idle(c *CPU, s *State, o *op) *op {
	if c.disturbed {
		c.disturbed = false
		return c.opAt(o.imm)
	}
	if round := int64(o.cyc); s.Time < c.fast {
		s.Time += (c.fast - s.Time + round - 1) / round * round
	}
	c.pend = uintptr(o.imm)
	return &c.exitStub
}
