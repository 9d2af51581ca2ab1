package sh2

import (
	"encoding/binary"
	"math"
	"unsafe"

	"arcade/cpu"
)

// CPU is an SH-2.
type CPU struct {
	m *cpu.Map32
	s *State

	// Time limits of the run that is under way.
	limit     int64 // nothing happens before it but what the CPU does itself
	stepLimit int64 // the interpreter proper runs while Time is below it
	fast      int64 // blocks are entered while Time is below it
	event     int64 // the next event of the on-chip modules

	reads     unsafe.Pointer // the map's ReadPages
	writes    unsafe.Pointer // the map's WritePages
	base      unsafe.Pointer // of the arena of blocks
	hash      *[hashSize]entry
	pend      uintptr // the op that a stub is to deal with, from base
	target    uint32  // the address that a stub is to deal with
	inBlock   bool
	stop      bool // the run is to end after the present instruction
	yield     bool
	fault     bool // the present instruction made an address error
	flush     bool // the blocks are no longer valid
	disturbed bool // a memory handler ran since the last round of an idle loop

	slowStub, missStub, exitStub op

	// The fetch window: directly mapped program memory, from address winBase.
	win     unsafe.Pointer
	winBase uint32
	winSize uint32 // in bytes; 0: no window

	ops    *opTable
	cycles *cycleTable
	model  uint8 // for which ops and cycles are

	cur       *op   // while a memory handler runs: the instruction
	sub       int64 // and where in the block it began
	fetchMask uint32
	chip      bool // with on-chip modules
	trace     func()
	blocks    blocks

	// Ack is called when an interrupt of the external lines is accepted. In
	// vector mode (ICR bit 0) its result is the vector number. It may be nil.
	Ack func(level int) uint8
	// DMAReady tells whether channel ch can transfer its next unit of size
	// bytes; if not, it waits for DMARequest. nil: always.
	DMAReady func(ch int, source, dest uint32, size int) bool
	// DMAFilter may change what a DMA channel has read, before it is written:
	// boards whose DMA sees memory otherwise than the CPU. It may be nil.
	DMAFilter func(source, dest, v uint32, size int) uint32
	// Misaligned, if set, serves accesses of 2 or 4 bytes to addresses that
	// are not a multiple of that. The chip cannot do them; recorded traces of
	// other CPUs have them. A fetch is a read of 2 bytes.
	Misaligned func(addr uint32, size int, write bool, v uint32) uint32
}

// NewMap returns a memory map as an SH7604 needs it: below 40000000h address
// lines 29 (cache or not) and 27 do not matter; from there to BFFFFFFFh, where
// the cache is controlled, reads give A5A5A5A5h as in MAME. The board maps
// external memory below 8000000h, and what it likes from C0000000h.
func NewMap(unmapped uint32) *cpu.Map32 {
	m := cpu.NewMap32(unmapped, 0x28000000)
	m.Handle(0x40000000, 0xbfffffff, func(uint32, uint32) uint32 { return 0xa5a5a5a5 }, func(uint32, uint32, uint32) {})
	return m
}

// New makes an SH7604 on a memory map that NewMap made. It takes the on-chip
// modules' page, FFFF0000h, of the map. st is cleared; call Reset before Run.
func New(st *State, m *cpu.Map32) *CPU {
	c := newCPU(st, m)
	c.chip, c.fetchMask = true, 0xc7ffffff
	c.forget() // makes room for blocks, so that no frame has to
	m.Handle(0xffff0000, 0xffffffff, c.moduleRead, c.moduleWrite)
	return c
}

// NewCore makes an SH-2 core without on-chip modules, on any map.
func NewCore(st *State, m *cpu.Map32) *CPU {
	c := newCPU(st, m)
	c.fetchMask = math.MaxUint32
	return c
}

func newCPU(st *State, m *cpu.Map32) *CPU {
	c := &CPU{s: st, m: m, reads: unsafe.Pointer(&m.ReadPages), writes: unsafe.Pointer(&m.WritePages)}
	c.slowStub.fn = func(c *CPU, s *State, _ *op) *op { return c.slow(s, c.pended()) }
	c.missStub.fn = (*CPU).miss
	c.exitStub.fn = func(c *CPU, s *State, _ *op) *op {
		s.PC = c.pcOf(c.pended())
		return nil
	}
	*st = State{SR: srI, FRTEvent: never, WDTEvent: never, DMAEvent: [2]int64{never, never}, InternalLevel: -1, Loading: 16}
	m.Watch(c.changed)
	c.Restored()
	return c
}

// State is the CPU's state, for tests and debuggers. After changing it, call
// Restored.
func (c *CPU) State() *State { return c.s }

// Now implements cpu.Core.
func (c *CPU) Now() int64 { return c.s.Time + c.sub }

// SetTime implements cpu.Core. Events of on-chip modules move along with it.
func (c *CPU) SetTime(t int64) {
	s := c.s
	d := t - s.Time
	for _, e := range []*int64{&s.FRTEvent, &s.WDTEvent, &s.DMAEvent[0], &s.DMAEvent[1]} {
		if *e != never {
			*e += d
		}
	}
	s.FRTBase += d
	s.MACReady += d
	s.DIVReady += d
	s.Time = t
	c.schedule()
}

// Yield implements cpu.Core.
func (c *CPU) Yield() {
	c.yield = true
	c.stopNow()
}

// stopNow ends the inner loops after the present instruction.
func (c *CPU) stopNow() {
	c.stop = true
	c.limit, c.stepLimit, c.fast = math.MinInt64, math.MinInt64, math.MinInt64
}

// SetTrace implements cpu.Core.
func (c *CPU) SetTrace(hook func()) {
	c.trace = hook
	c.stopNow()
}

// Restored implements cpu.Core. Blocks of frozen memory are kept: a board whose
// frozen memory may be another one after a restore calls its map's Changed.
func (c *CPU) Restored() {
	s := c.s
	const far = math.MaxInt64 >> 2
	s.Time &= far
	for _, t := range []*int64{&s.FRTBase, &s.MACReady, &s.DIVReady} {
		*t = min(max(*t, 0), s.Time+1<<10)
	}
	// An event may be overdue by an instruction, but not so long that catching
	// up would take for ever.
	for _, e := range []*int64{&s.FRTEvent, &s.WDTEvent, &s.DMAEvent[0], &s.DMAEvent[1]} {
		if *e < 0 || *e > far {
			*e = never
		}
		*e = max(*e, s.Time-1<<10)
	}
	s.T &= 1
	s.SR &= srHigh
	s.Wires &= 0x1ffff
	s.Lines &= 0x1ffff
	for i := range s.DMA {
		d := &s.DMA[i]
		d.Mode &= 0x3f
		d.Active = min(d.Active, 2)
		d.Requests &= 1
		if d.Active != 1 {
			s.DMAEvent[i] = never
		} else if s.DMAEvent[i] == never {
			s.DMAEvent[i] = s.Time
		}
		if d.Active == 0 {
			s.Halted &^= 1 << i
		}
	}
	s.Halted &= 3
	for _, f := range []*uint8{&s.Delayed, &s.TestIRQ, &s.PendingNMI, &s.Model, &s.FTI, &s.Shielded} {
		*f &= 1
	}
	s.Sleep = min(s.Sleep, 2)
	s.Delay *= uint32(s.Delayed)
	s.Loading = min(s.Loading, 16)
	s.InternalLevel = min(max(s.InternalLevel, -1), 15)
	s.InternalVector &= 0x7f
	if c.ops == nil || c.model != s.Model {
		c.model = s.Model
		c.ops, c.cycles = opTables[s.Model](), cyclesOf(s.Model)
	}
	c.winSize = 0
	c.schedule()
	c.stopNow()
}

// Reset implements cpu.Core: a power-on reset (manual, section 4.2).
func (c *CPU) Reset() {
	old := c.s
	*old = State{Time: old.Time, SR: srI, Wires: old.Wires, Model: old.Model, FTI: old.FTI,
		FRTBase: old.Time, FRTEvent: never, WDTEvent: never, DMAEvent: [2]int64{never, never}, InternalLevel: -1, Loading: 16}
	if old.Model == Manual {
		c.resetModules()
	}
	c.schedule()
	old.PC = c.readLong(c.opNone(), 0)
	old.R[15] = c.readLong(c.opNone(), 4)
	c.stopNow()
}

// opNone stands for the instruction where there is none.
func (c *CPU) opNone() *op { return &c.ops[0] }

// Run implements cpu.Core.
func (c *CPU) Run(until int64) {
	s := c.s
	c.yield = false
	for s.Time < until && !c.yield {
		c.stop = false
		if s.Time >= c.event {
			c.events()
			continue
		}
		if s.Wires != s.Lines {
			c.lines()
			if c.stop {
				continue
			}
		}
		limit := min(until, c.event)
		if s.Halted != 0 {
			s.Time = limit
			continue
		}
		c.limit = limit
		switch {
		case c.trace != nil:
			c.limit = math.MinInt64
			c.trace()
			c.single()
		case s.Model == Manual:
			c.single()
		case s.TestIRQ != 0:
			c.limit = math.MinInt64
			c.step(math.MinInt64)
		default:
			c.execute()
		}
		if s.TestIRQ != 0 && s.Delayed == 0 && s.Shielded == 0 {
			s.TestIRQ = 0
			c.checkPending()
		}
	}
	c.limit, c.stepLimit, c.fast = math.MinInt64, math.MinInt64, math.MinInt64
}

// single executes one instruction.
func (c *CPU) single() {
	if c.s.Model == Manual {
		c.stepManual()
	} else {
		c.step(math.MinInt64)
	}
}

// execute runs until c.limit, or until c.stop.
func (c *CPU) execute() {
	s := c.s
	for {
		c.fast = c.limit - maxCycles - 1
		blocks := c.m.Frozen(s.PC)
		if blocks && s.Delayed == 0 && s.Time < c.fast {
			c.runBlocks()
			if c.stop || s.Time >= c.limit {
				return
			}
		}
		// An instruction that no block has, or the rest if little is left.
		switch {
		case s.Time >= c.fast:
			c.step(c.limit)
		case blocks:
			c.step(math.MinInt64)
		default:
			c.step(s.Time + maxCycles)
		}
		if c.stop || s.TestIRQ != 0 || s.Time >= c.limit {
			return
		}
	}
}

// step is the interpreter proper in MAME's model. It runs at least one
// instruction, and while Time is below until.
func (c *CPU) step(until int64) {
	s := c.s
	c.stepLimit = until
	ops, cycles := c.ops, c.cycles
	for {
		pc := s.PC
		var code uint16
		if off := pc - c.winBase; off < c.winSize {
			code = binary.BigEndian.Uint16((*[2]byte)(unsafe.Add(c.win, off&^1))[:])
		} else {
			code = c.fetch(pc)
		}
		if s.Delayed != 0 {
			s.PC, s.Delay, s.Delayed = s.Delay, 0, 0
		} else {
			s.PC = pc + 2
		}
		o := &ops[code]
		if o.fn(c, s, o) == &c.slowStub {
			c.slow(s, o)
		}
		s.Time += int64(cycles[o.k])
		if s.Time >= c.stepLimit {
			return
		}
	}
}

// fetch reads the instruction at pc, and moves the window there.
func (c *CPU) fetch(pc uint32) uint16 {
	if c.Misaligned != nil && pc&1 != 0 {
		return uint16(c.Misaligned(pc, 2, false, 0))
	}
	a := pc
	if a < 0x40000000 {
		a &= c.fetchMask
	}
	p := c.m.FetchPages[a>>16]
	if p == nil || c.Misaligned != nil {
		c.winSize = 0
		return c.m.Fetch(a)
	}
	c.win, c.winBase, c.winSize = unsafe.Pointer(p), pc&^0xffff, 0x10000
	return c.m.Fetch(a)
}

// changed forgets what was derived from a part of the map.
func (c *CPU) changed(start, end uint32) {
	c.winSize = 0
	if c.blocks.uses(start, end) {
		c.flush = true
		c.stopNow()
	}
}
