package m68000

import (
	"math"
	"unsafe"

	"arcade/cpu"
)

// Answers of an interrupt acknowledge cycle other than a vector number.
const (
	Autovector = -1 // VPA: the vector is 24 + level
	Spurious   = -2 // BERR: nobody answered, the vector is 24
)

// CPU is a 68000.
type CPU struct {
	s     *State
	m     *cpu.Map16
	limit int64 // the handlers run while Time < limit

	// The fetch window: directly mapped program memory, from address winBase.
	win     unsafe.Pointer
	winBase uint32
	winSize uint32 // in bytes; 0: no window
	winJump uint32 // winSize-2: where two words can be fetched at once

	sub        int64 // clock cycles into the instruction, while a handler runs
	fc         uint8 // function code of the bus cycle that a handler serves
	berr       bool  // a handler asked for a bus error
	exception  bool  // in exception processing
	fatal      bool  // in that of a bus or address error, or reset
	aborted    bool  // the instruction was not completed: no trace
	yield      bool
	running    bool // in Run
	resetAsked bool // Reset was called while running
	trace      func()

	// Ack serves an interrupt acknowledge cycle: it returns a vector number
	// from 0 to 255, Autovector or Spurious. nil means Autovector.
	Ack func(level uint8) int
	// ResetOut is called when the RESET instruction pulls the reset line of
	// the board low, for 124 clock cycles. It may be nil.
	ResetOut func()
}

// never as a limit ends the run after the present instruction.
const never = math.MinInt64

// New makes a 68000 on a memory map. st is cleared; call Reset before Run.
func New(st *State, m *cpu.Map16) *CPU {
	fillTable()
	c := &CPU{s: st, m: m}
	*st = State{SR: srS | srI} // with Z set, as in MAME; the chip's flags are random
	m.Watch(c.dropWindow)
	return c
}

// State is the CPU's state, for tests and debuggers. After changing it, call
// Restored.
func (c *CPU) State() *State { return c.s }

// Now implements cpu.Core.
func (c *CPU) Now() int64 { return c.s.Time + c.sub }

// SetTime implements cpu.Core.
func (c *CPU) SetTime(t int64) { c.s.Time = t }

// Yield implements cpu.Core.
func (c *CPU) Yield() { c.yield, c.limit = true, never }

// Wait makes the bus cycle that a handler serves n clock cycles longer (DTACK
// comes late).
func (c *CPU) Wait(n int64) { c.s.Time += n }

// FC is the function code of the bus cycle that a handler serves: 1 user data,
// 2 user program, 5 supervisor data, 6 supervisor program, 7 interrupt
// acknowledge (M68000UM table 3-2).
func (c *CPU) FC() uint8 { return c.fc }

// BusError, called from a memory handler, ends the bus cycle with a bus error.
// What the handler returns is ignored.
func (c *CPU) BusError() { c.berr = true }

// SetIRQ drives the interrupt lines: level 0 (none) to 7. Levels 1 to 6 are
// served while they are above the mask; level 7 also when it arrives
// (M68000UM section 6.3.2).
func (c *CPU) SetIRQ(level uint8) {
	level &= 7
	if level == 7 && c.s.Level != 7 {
		c.s.Edge = 1
	}
	c.s.Level = level
	c.limit = never
}

// Halted tells whether a double bus fault has stopped the CPU until it is
// reset.
func (c *CPU) Halted() bool { return c.s.Halted != 0 }

// Restored implements cpu.Core.
func (c *CPU) Restored() {
	s := c.s
	s.Time &= math.MaxInt64 >> 1
	s.PC &^= 1
	s.C &= 1
	s.X &= 1
	s.SR &= srHigh
	s.Level &= 7
	for _, f := range []*uint8{&s.Edge, &s.Traced, &s.Stopped, &s.Halted} {
		*f &= 1
	}
	c.dropWindow()
	c.limit = never
}

// SetTrace implements cpu.Core.
func (c *CPU) SetTrace(hook func()) { c.trace, c.limit = hook, never }

// Run implements cpu.Core.
func (c *CPU) Run(until int64) {
	s := c.s
	c.yield, c.running = false, true
	for s.Time < until && !c.yield {
		if s.Halted != 0 {
			s.Time = until
			break
		}
		if s.Traced != 0 {
			s.Traced = 0
			c.traceException()
			continue
		}
		if c.pending() {
			c.interrupt()
			continue
		}
		if s.Stopped != 0 {
			s.Time = until
			break
		}
		c.limit = until
		if c.trace != nil {
			c.limit = never
			c.trace()
		}
		traced := s.SR&srT != 0
		if traced {
			c.limit = never
		}
		c.aborted = false
		op := uint32(s.Next)
		for {
			s.IR = uint16(op)
			op = table[op&0xffff](c, s, op)
			if s.Time >= c.limit {
				break
			}
		}
		s.Next = uint16(op)
		if traced && !c.aborted {
			s.Traced = 1
		}
		if c.resetAsked {
			c.resetNow()
		}
	}
	c.running = false
	c.limit = never
}

// resetNow is the reset that a handler asked for.
func (c *CPU) resetNow() {
	c.resetAsked, c.running = false, false
	c.Reset()
	c.running = true
}

// pending tells whether an interrupt is to be served.
func (c *CPU) pending() bool {
	s := c.s
	return uint16(s.Level)<<8 > s.SR&srI || s.Edge != 0
}
