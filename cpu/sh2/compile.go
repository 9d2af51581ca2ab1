package sh2

import "encoding/binary"

// compile makes the block at pc, whose page is frozen, and returns where it
// begins. There is room for it.
func (c *CPU) compile(pc uint32) uint32 {
	b := &c.blocks
	start := b.used
	b.enter(c.hash, pc, start*uint32(opSize))
	b.exits = b.exits[:0]
	b.known, b.depth, b.plain = 0, 0, 0
	b.idle = idleLoop{start: pc, still: true}
	cyc := uint32(0)
	for count := 0; ; count++ {
		if count > 0 && (b.stops(c, pc) || count >= maxOps || cyc > maxCycles-40) {
			b.emitJump(c, pc, cyc)
			break
		}
		code, ok := c.frozenWord(pc)
		if !ok {
			b.emit(op{fn: leaveBlock, cyc: uint8(cyc)}, pc, pc)
			break
		}
		o := c.ops[code]
		flags := instructions[o.k].flags
		if flags&fBranch != 0 && flags&fSpecial == 0 {
			next, more := b.compileBranch(c, o, pc, &cyc)
			if !more {
				break
			}
			if b.used == start {
				b.emit(op{fn: nop}, pc, pc)
			}
			pc = next
			continue
		}
		if flags&fSpecial != 0 {
			b.emit(op{fn: leaveBlock, cyc: uint8(cyc)}, pc, pc)
			break
		}
		if f := &fused[o.k]; f.bt != nil {
			if code, ok := c.frozenWord(pc + 2); ok && (code>>8 == 0x89 || code>>8 == 0x8b) {
				o.fn = f.bt
				if code>>8 == 0x8b {
					o.fn = f.bf
				}
				if o.k == kCmpEQI || o.k == kTstI {
					o.m = uint8(o.imm)
				}
				b.track(&o, flags)
				o.cyc = uint8(cyc + 1)
				b.exit(pc+6+extB(uint32(code))*2, cyc+1+taken)
				b.emit(o, pc, pc)
				cyc += 2
				pc += 4
				continue
			}
		}
		b.emitPlain(c, o, pc, pc+2, pc+4, cyc)
		if b.used == start {
			b.emit(op{fn: nop}, pc, pc) // a block's first op has its address
		}
		cyc += uint32(c.cycles[o.k])
		pc += 2
	}
	b.finishExits(c)
	return start * uint32(opSize)
}

// stops tells whether a block in the making rather goes over to the block at pc
// than to repeat it.
func (b *blocks) stops(c *CPU, pc uint32) bool {
	e := &c.hash[pc>>1%hashSize]
	return e.pc == pc && b.depth == 0
}

// frozenWord reads the program word at pc if it cannot change unnoticed.
func (c *CPU) frozenWord(pc uint32) (uint16, bool) {
	p := c.m.FetchPages[pc>>16]
	if pc&1 != 0 || p == nil || !c.m.Frozen(pc) {
		return 0, false
	}
	c.blocks.use(pc)
	return binary.BigEndian.Uint16(p[pc&0xffff:]), true
}

// emit adds an op to the block. pc is where the program goes on if the block is
// not entered there after all, after if it is left after the op.
func (b *blocks) emit(o op, pc, after uint32) {
	b.ops[b.used], b.pcs[b.used], b.after[b.used] = o, pc, after
	b.used++
}

// exit notes that the next op branches to target, cyc clock cycles after the
// block's start.
func (b *blocks) exit(target, cyc uint32) {
	x := exit{from: b.used, target: target}
	if target == b.idle.start && b.idle.still {
		x.round = cyc
	}
	b.exits = append(b.exits, x)
}

// emitJump emits a jump to pc.
func (b *blocks) emitJump(c *CPU, pc, cyc uint32) {
	b.exit(pc, cyc)
	b.emit(op{fn: goTo, cyc: uint8(cyc)}, pc, pc)
}

// finishExits ties the branches out of the block to their targets. Where there
// is no block yet, an op comes in between that makes it when it is needed.
func (b *blocks) finishExits(c *CPU) {
	for _, x := range b.exits {
		e := &c.hash[x.target>>1%hashSize]
		if x.round != 0 && e.pc == x.target {
			b.ops[x.from].imm = b.used * uint32(opSize)
			b.emit(op{fn: idle, imm: e.off, cyc: uint8(x.round)}, x.target, x.target)
			continue
		}
		if e.pc == x.target {
			b.ops[x.from].imm = e.off
			continue
		}
		b.ops[x.from].imm = b.used * uint32(opSize)
		b.emit(op{fn: resolve, imm: x.target, cyc: uint8(x.from), n: uint8(x.from >> 8), m: uint8(x.from >> 16)}, x.target, x.target)
	}
}

// emitPlain emits an instruction that is no branch: that at pc, or in the delay
// slot of the branch there. after is where the program goes on, base what PC
// counts as in operands.
func (b *blocks) emitPlain(c *CPU, o op, pc, after, base, cyc uint32) {
	o.cyc = uint8(cyc)
	flags := instructions[o.k].flags
	switch o.k {
	case kNop:
		return
	case kMovA:
		o.fn, o.imm, o.k = movI, base&^3+o.imm, kMovI
	case kMovWPC:
		o.imm += base
		o.fn, o.k = loadWabs, kLoadWAbs
		if v, ok := c.frozenData(o.imm); ok && o.imm&1 == 0 {
			o.fn, o.k, o.imm = movI, kMovI, extW(v>>(^o.imm&2*8))
		}
	case kMovLPC:
		o.imm += base &^ 3
		o.fn, o.k = loadLabs, kLoadLAbs
		if v, ok := c.frozenData(o.imm); ok {
			o.fn, o.k, o.imm = movI, kMovI, v
		}
	}
	b.track(&o, flags)
	if last := b.used - 1; b.plain == last {
		// With the instruction before: see pairs_gen.go. The op itself stays, for
		// those who come upon it otherwise.
		if fn := pairs[b.ops[last].k][o.k]; fn != nil {
			b.ops[last].fn = fn
			b.emit(o, pc, after)
			return
		}
	}
	b.plain = b.used
	b.emit(o, pc, after)
}

// frozenData reads the long at a if it cannot change unnoticed.
func (c *CPU) frozenData(a uint32) (uint32, bool) {
	p := c.m.ReadPages[a>>16]
	if p == nil || !c.m.Frozen(a) {
		return 0, false
	}
	c.blocks.use(a)
	return binary.BigEndian.Uint32(p[a&0xfffc:]), true
}

// track notes what becomes of the registers whose value is known, and whether
// the block so far does the same each time.
func (b *blocks) track(o *op, flags uint32) {
	b.idle.track(o, flags)
	if flags&fWN != 0 {
		b.known &^= 1 << (o.n >> 2)
	}
	if flags&fWM != 0 {
		b.known &^= 1 << (o.m >> 2)
	}
	if flags&fW0 != 0 {
		b.known &^= 1
	}
	switch {
	case o.k == kMovI:
		b.known |= 1 << (o.n >> 2)
		b.value[o.n>>2] = o.imm
	case o.k == kMov && b.known>>(o.m>>2)&1 != 0:
		b.known |= 1 << (o.n >> 2)
		b.value[o.n>>2] = b.value[o.m&15]
	}
}

// compileBranch emits a branch with its delay slot. It returns where the block
// goes on, if it does.
func (b *blocks) compileBranch(c *CPU, o op, pc uint32, cyc *uint32) (next uint32, more bool) {
	at := *cyc
	cond := o.k == kBt || o.k == kBf || o.k == kBts || o.k == kBfs
	if o.k == kBt || o.k == kBf {
		fn := ifT
		if o.k == kBf {
			fn = ifNotT
		}
		b.exit(pc+4+o.imm, at+taken)
		b.emit(op{fn: fn, cyc: uint8(at)}, pc, pc)
		*cyc++
		return pc + 2, true
	}

	refuse := func() (uint32, bool) {
		b.emit(op{fn: leaveBlock, cyc: uint8(at)}, pc, pc)
		return 0, false
	}
	code, ok := c.frozenWord(pc + 2)
	if !ok {
		return refuse()
	}
	slot := c.ops[code]
	flags := instructions[slot.k].flags
	if flags&(fBranch|fSpecial) != 0 {
		return refuse()
	}
	slotCycles := uint32(c.cycles[slot.k])
	if cond {
		if pc+4+o.imm == 0 {
			return refuse()
		}
		return b.compileSlotted(c, o, slot, pc, cyc)
	}

	// Where it goes to, if that is known.
	target, static := pc+4+o.imm, o.k == kBra || o.k == kBsr
	if reg := o.n >> 2; instructions[o.k].flags&fRN != 0 && b.known>>reg&1 != 0 {
		target, static = b.value[reg], true
		if o.k == kBraF || o.k == kBsrF {
			target += pc + 4
		}
	}
	if static && target == 0 {
		return refuse()
	}
	call := o.k == kBsr || o.k == kBsrF || o.k == kJsr
	if o.k != kBra {
		b.idle.still = false // to be simple
	}
	slotAt := at + uint32(c.cycles[o.k])
	end := slotAt + slotCycles
	if static {
		if call {
			b.emit(op{fn: setPR, imm: pc + 4, cyc: uint8(at)}, pc, pc)
		}
		b.emitPlain(c, slot, pc, target, target+2, slotAt)
		*cyc = end
		if call && b.depth < maxCalls {
			b.calls[b.depth] = pc + 4
			b.depth++
		}
		return target, true
	}

	// The slot comes first, so it must not have to do with the branch.
	writesReg := flags&fWN != 0 && slot.n == o.n || flags&fWM != 0 && slot.m == o.n || flags&fW0 != 0 && o.n == 0
	if flags&fPcRel != 0 || o.k != kRts && writesReg ||
		call && flags&(fRPR|fWPR) != 0 || o.k == kRts && flags&fWPR != 0 {
		return refuse()
	}
	if slot.k != kNop {
		b.emitPlain(c, slot, pc, inSlot, 0, slotAt)
	}
	jump := op{cyc: uint8(end), n: o.n, k: o.k}
	switch o.k {
	case kJmp:
		jump.fn = goToReg
	case kJsr:
		jump.fn, jump.imm = callReg, pc+4
	case kBraF:
		jump.fn, jump.imm = goToRel, pc+4
	case kBsrF:
		jump.fn, jump.imm = callRel, pc+4
	case kRts:
		jump.fn = goToPR
		if b.depth > 0 {
			b.depth--
			jump.fn, jump.imm = returnTo, b.calls[b.depth]
			b.emit(jump, pc, pc+4)
			*cyc = end
			return jump.imm, true
		}
	}
	b.emit(jump, pc, pc+4) // for what comes after a branch to 0, see miss
	return 0, false
}

// compileSlotted emits BT/S or BF/S.
func (b *blocks) compileSlotted(c *CPU, o, slot op, pc uint32, cyc *uint32) (next uint32, more bool) {
	at := *cyc
	flags := instructions[slot.k].flags
	slotCycles := uint32(c.cycles[slot.k])
	target := pc + 4 + o.imm
	b.idle.add(tBit, 0)
	if flags&fAlu != 0 && flags&(fWT|fPcRel) == 0 && slotCycles == 1 {
		// It makes no difference when such a slot is done.
		b.emitPlain(c, slot, pc, 0, 0, at)
		fn := ifT
		if o.k == kBfs {
			fn = ifNotT
		}
		b.exit(target, at+taken)
		b.emit(op{fn: fn, cyc: uint8(at)}, pc, pc) // 3 cycles if taken: the branch's 2 and the slot's
		*cyc += 2
		return pc + 4, true
	}
	fn := skipIfNotT
	if o.k == kBfs {
		fn = skipIfT
	}
	known := b.known
	b.emit(op{fn: fn, cyc: uint8(at)}, pc, pc)
	b.emitPlain(c, slot, pc, target, target+2, at+2)
	b.emitJump(c, target, at+2+slotCycles)
	b.known = known
	b.emitPlain(c, slot, pc, pc+4, pc+6, at+1)
	*cyc = at + 1 + slotCycles
	return pc + 4, true
}
