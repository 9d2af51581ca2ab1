package z80

import (
	"math"

	"arcade/cpu"
)

// IO is how the CPU reaches what is not in its memory map. Nil functions stand
// for nothing: ports read 0xff and ignore writes, the interrupting device puts
// 0xff on the bus.
type IO struct {
	In   func(port uint16) uint8    // A15-A8 hold B or A, as on the bus
	Out  func(port uint16, v uint8) // the same
	Ack  func() uint8               // interrupt acknowledge: what the device puts on the bus; mode 0: again for each further byte
	RETI func()                     // RETI was executed: for daisy chains
}

// CPU is a Z80.
type CPU struct {
	s     *State
	m     *cpu.Map8
	io    IO
	limit int64 // exec runs while Cycles < limit
	stop  bool  // Yield was called
	sub   int64 // T-states into the instruction, while a handler runs
	trace func()

	injected *injected // IM 0
}

// never as a limit makes exec return after the instruction.
const never = math.MinInt64

// New makes a Z80 whose state is s.
func New(s *State, m *cpu.Map8, io IO) *CPU {
	c := &CPU{s: s, m: m, io: io}
	if c.io.In == nil {
		c.io.In = func(uint16) uint8 { return 0xff }
	}
	if c.io.Out == nil {
		c.io.Out = func(uint16, uint8) {}
	}
	if c.io.Ack == nil {
		c.io.Ack = func() uint8 { return 0xff }
	}
	s.power()
	return c
}

// power sets what MAME sets at power-on; the chip's manual leaves most of it
// undefined.
func (s *State) power() {
	*s = State{IX: 0xffff, IY: 0xffff, F: flagZ}
}

// Reset implements cpu.Core: UM008011, section Pin Functions, RESET.
func (c *CPU) Reset() {
	s := c.s
	s.PC, s.WZ = 0, 0
	s.I, s.R, s.R7 = 0, 0, 0
	s.IM, s.IFF1, s.IFF2 = 0, 0, 0
	s.EI, s.P, s.Halt, s.NMI, s.Q, s.Chain = 0, 0, 0, 0, 0, 0
	c.limit = never
}

// Restored implements cpu.Core.
func (c *CPU) Restored() {
	s := c.s
	s.Cycles &= math.MaxInt64 >> 1
	if s.IM > 2 {
		s.IM = 0
	}
	if s.Rules > MAMERules {
		s.Rules = ChipRules
	}
	for _, f := range []*uint8{&s.IFF1, &s.IFF2, &s.EI, &s.P, &s.Halt, &s.IRQ, &s.NMI, &s.Line, &s.Chain} {
		*f &= 1
	}
	c.sub, c.limit = 0, never
}

// State is the CPU's state, for tests and debuggers.
func (c *CPU) State() *State { return c.s }

// Now implements cpu.Core.
func (c *CPU) Now() int64 { return c.s.Cycles + c.sub }

// SetTime implements cpu.Core.
func (c *CPU) SetTime(t int64) { c.s.Cycles = t }

// Yield implements cpu.Core.
func (c *CPU) Yield() { c.stop, c.limit = true, never }

// Wait inserts n wait states into the bus cycle that a handler serves.
func (c *CPU) Wait(n int) { c.s.Cycles += int64(n) }

// SetIRQ drives the INT line. It is level-triggered: a request that goes away
// before it is accepted is forgotten.
func (c *CPU) SetIRQ(asserted bool) {
	c.s.IRQ = 0
	if asserted {
		c.s.IRQ = 1
		c.limit = never
	}
}

// SetNMI drives the NMI line. Its edge from released to asserted is remembered.
func (c *CPU) SetNMI(asserted bool) {
	line := uint8(0)
	if asserted {
		line = 1
	}
	if line > c.s.Line {
		c.s.NMI = 1
		c.limit = never
	}
	c.s.Line = line
}

// SetTrace implements cpu.Core.
func (c *CPU) SetTrace(hook func()) { c.trace, c.limit = hook, never }

// Run implements cpu.Core. An interrupt sequence and the instruction after it
// are not parted. Within a long chain of prefixes, which is one instruction to
// the chip, it may return after any prefix.
func (c *CPU) Run(until int64) {
	s := c.s
	c.stop = false
	for s.Cycles < until && !c.stop {
		c.limit = until
		if s.Chain != 0 {
			c.proceed()
			continue
		}
		if s.NMI != 0 {
			c.acceptNMI()
		} else if s.IRQ != 0 && s.IFF1 != 0 && s.EI == 0 {
			c.acceptIRQ()
		}
		if s.NMI != 0 {
			continue // it came with the writes to the stack
		}
		if s.EI|s.P != 0 || c.trace != nil {
			s.EI, s.P = 0, 0
			c.limit = never // one instruction
		}
		if c.trace != nil {
			c.trace()
		}
		if s.Halt != 0 {
			c.halted()
			continue
		}
		c.exec()
	}
}

// proceed goes on within a chain of prefixes: no interrupt is accepted there.
func (c *CPU) proceed() {
	s := c.s
	s.Chain, s.EI, s.P, s.Halt = 0, 0, 0, 0
	if s.NMI|s.IRQ != 0 || c.trace != nil {
		c.limit = never
	}
	c.exec()
}

// halted executes NOPs up to the limit, or a single one.
func (c *CPU) halted() {
	n := max((c.limit-c.s.Cycles+3)/4, 1)
	if c.limit == never {
		n = 1
	}
	c.s.Cycles += 4 * n
	c.s.R += uint8(n)
	c.s.Q = 0
}

// read reads memory at T-state t of the instruction.
func (c *CPU) read(addr uint16, t int64) uint8 {
	if p := c.m.ReadPages[addr>>8]; p != nil {
		return p[uint8(addr)]
	}
	return c.readSlow(addr, t)
}

// write writes memory at T-state t of the instruction.
func (c *CPU) write(addr uint16, v uint8, t int64) {
	if p := c.m.WritePages[addr>>8]; p != nil {
		p[uint8(addr)] = v
		return
	}
	c.writeSlow(addr, v, t)
}

func (c *CPU) readSlow(addr uint16, t int64) uint8 {
	c.sub = t
	v := c.m.ReadFuncs[addr>>8](addr)
	c.sub = 0
	return v
}

func (c *CPU) writeSlow(addr uint16, v uint8, t int64) {
	c.sub = t
	c.m.WriteFuncs[addr>>8](addr, v)
	c.sub = 0
}

func (c *CPU) fetchSlow(addr uint16, t int64) uint8 {
	c.sub = t
	v := c.m.FetchFuncs[addr>>8](addr)
	c.sub = 0
	return v
}

func (c *CPU) fetch(addr uint16, t int64) uint8 {
	if p := c.m.FetchPages[addr>>8]; p != nil {
		return p[uint8(addr)]
	}
	return c.fetchSlow(addr, t)
}

func (c *CPU) in(port uint16, t int64) uint8 {
	c.sub = t
	v := c.io.In(port)
	c.sub = 0
	return v
}

func (c *CPU) out(port uint16, v uint8, t int64) {
	c.sub = t
	c.io.Out(port, v)
	c.sub = 0
}

// push writes a word to the stack, the upper byte at T-state t.
func (c *CPU) push(v uint16, t int64) {
	s := c.s
	s.SP--
	c.write(s.SP, uint8(v>>8), t)
	s.SP--
	c.write(s.SP, uint8(v), t+3)
}

// word reads a word, the lower byte at T-state t.
func (c *CPU) word(addr uint16, t int64) uint16 {
	return uint16(c.read(addr, t)) | uint16(c.read(addr+1, t+3))<<8
}
