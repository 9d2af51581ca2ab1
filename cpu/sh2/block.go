package sh2

import "unsafe"

// Blocks: what the program in frozen memory comes to, decoded once. A block
// goes on over conditional branches that are not taken, and into subroutines and
// jumps whose target is known. Each of its ops knows the clock cycles since the
// block's start, so that time is counted, and compared with the limit, only
// where a branch leads out of it.
//
// Blocks are derived data, and only a faster way to the same state: they follow
// MAME's model, instruction by instruction, including the cycle at which a
// memory handler is called.

const (
	maxCycles = 250 // of a block
	maxOps    = 120 // instructions of a block; each makes 4 ops at most
	arenaSize = 1 << 19
	hashSize  = 1 << 15
	maxCalls  = 8 // subroutines within each other in a block
)

// entry says where the block of a program address begins, in bytes from the
// arena's start.
type entry struct{ pc, off uint32 }

type blocks struct {
	ops        []op
	pcs        []uint32 // of each op: its program address
	after      []uint32 // of each op: the program address after it
	used       uint32
	entries    int
	generation uint32             // counts how often they were forgotten
	pages      [65536 / 64]uint64 // those from which blocks were made
	exits      []exit             // of the block being made
	known      uint32             // registers with a known value, while a block is made
	value      [16]uint32
	idle       idleLoop
	plain      uint32           // the last plain instruction that is not half of a pair, or 0
	calls      [maxCalls]uint32 // return addresses
	depth      int
}

// exit is a branch out of the block that is being made. If it goes to the
// block's start, and all between would be the same each time, round is how many
// clock cycles that takes.
type exit struct{ from, target, round uint32 }

func (b *blocks) uses(start, end uint32) bool {
	for i := start >> 16; i <= end>>16; i++ {
		if b.pages[i/64]>>(i%64)&1 != 0 {
			return true
		}
	}
	return false
}

func (b *blocks) use(addr uint32) { b.pages[addr>>22] |= 1 << (addr >> 16 & 63) }

// index is an op's place in the arena.
func (c *CPU) index(o *op) uintptr { return (uintptr(unsafe.Pointer(o)) - uintptr(c.base)) / opSize }

// pcOf is the program address of an op. For the first of a block, it is the
// block's.
func (c *CPU) pcOf(o *op) uint32 { return c.blocks.pcs[c.index(o)] }

// pcAfter is the program address after an op that is not a branch: after a delay
// slot, the branch's target.
func (c *CPU) pcAfter(o *op) uint32 { return c.blocks.after[c.index(o)] }

// pended is the op that a stub is to deal with.
func (c *CPU) pended() *op { return (*op)(unsafe.Add(c.base, c.pend)) }

func (c *CPU) opAt(off uint32) *op { return (*op)(unsafe.Add(c.base, uintptr(off))) }

// noPC marks free entries: no instruction is at an odd address.
const noPC = 1

// forget drops all blocks.
func (c *CPU) forget() {
	b := &c.blocks
	if b.ops == nil {
		b.ops, b.pcs, b.after = make([]op, arenaSize), make([]uint32, arenaSize), make([]uint32, arenaSize)
		c.base = unsafe.Pointer(&b.ops[0])
		c.hash = new([hashSize]entry)
		b.exits = make([]exit, 0, 4*maxOps)
		// What a free entry leads to.
		b.ops[0] = op{fn: leaveBlock}
		b.pcs[0] = noPC
	}
	for i := range c.hash {
		c.hash[i] = entry{pc: noPC}
	}
	b.used, b.entries = 1, 0
	b.generation++
	clear(b.pages[:])
	c.flush = false
}

// runBlocks runs blocks from s.PC on, as long as there are any and until c.fast.
func (c *CPU) runBlocks() {
	if c.flush || c.blocks.ops == nil {
		c.forget()
	}
	s := c.s
	off, ok := c.block(s.PC)
	if !ok {
		return
	}
	c.inBlock, c.disturbed = true, true
	// Unrolled: what an op takes is mostly the time of its jumps.
	for o := c.opAt(off); ; {
		if o = o.fn(c, s, o); o == nil {
			break
		}
		if o = o.fn(c, s, o); o == nil {
			break
		}
		if o = o.fn(c, s, o); o == nil {
			break
		}
		if o = o.fn(c, s, o); o == nil {
			break
		}
		if o = o.fn(c, s, o); o == nil {
			break
		}
		if o = o.fn(c, s, o); o == nil {
			break
		}
		if o = o.fn(c, s, o); o == nil {
			break
		}
		if o = o.fn(c, s, o); o == nil {
			break
		}
	}
	c.inBlock = false
}

// block finds or makes the block at pc.
func (c *CPU) block(pc uint32) (off uint32, ok bool) {
	for i := pc >> 1; ; i++ {
		e := &c.hash[i%hashSize]
		if e.pc == pc {
			return e.off, true
		}
		if e.pc == noPC {
			break
		}
	}
	if pc&1 != 0 || pc == 0 || c.flush || !c.m.Frozen(pc) || c.m.FetchPages[pc>>16] == nil {
		return 0, false
	}
	b := &c.blocks
	if b.entries >= hashSize/2 || b.used+8*maxOps > arenaSize {
		c.forget()
	}
	return c.compile(pc), true
}

// enter files a block.
func (b *blocks) enter(hash *[hashSize]entry, pc, off uint32) {
	for i := pc >> 1; ; i++ {
		if e := &hash[i%hashSize]; e.pc == noPC {
			*e = entry{pc, off}
			b.entries++
			return
		}
	}
}

// miss goes on at c.target, for which the hash table gave no block.
func (c *CPU) miss(s *State, _ *op) *op {
	target := c.target
	if target == 0 {
		// MAME takes a branch to 0 for none.
		s.PC = c.pcAfter(c.pended())
		return nil
	}
	if s.Time < c.fast {
		if off, ok := c.block(target); ok {
			return c.opAt(off)
		}
	}
	s.PC = target
	return nil
}

// resolve goes on at an exit that is taken for the first time, and ties it to
// the block there.
func resolve(c *CPU, s *State, o *op) *op {
	b := &c.blocks
	target := o.imm
	from := uint32(o.cyc) | uint32(o.n)<<8 | uint32(o.m)<<16
	generation := b.generation
	off, ok := c.block(target)
	if !ok {
		s.PC = target
		return nil
	}
	if b.generation == generation {
		b.ops[from].imm = off
	}
	return c.opAt(off)
}
