// Package cpu holds what all processor cores share: the view that schedulers
// and debuggers have of a core, and the memory maps that a board fills in.
//
// Each core is a package of its own (m68000, z80, sh2) and has the same parts:
// State (plain data, placed in a state arena), interrupt lines, an interpreter
// that is exact to the bus cycle, a disassembler and a trace hook.
package cpu

// Core is what a scheduler and a debugger need of a processor core.
//
// Time is counted in the core's own clock cycles since power-on. It is part of
// the core's State, as is the overshoot of the last Run.
type Core interface {
	// Run executes whole instructions (and exception sequences) until
	// Now() >= until, or until Yield is called. It returns at an instruction
	// boundary; if Now() >= until already, it executes nothing.
	Run(until int64)
	// Now is the number of clock cycles since power-on. Inside a memory or
	// port handler it is the start of the bus cycle that is being served.
	Now() int64
	// Yield makes a running Run return after the current instruction. It may
	// be called from handlers; outside Run it does nothing.
	Yield()
	// SetTime moves the core's clock to cycle t. Used for a CPU that a line
	// held in reset or off the bus while time went by.
	SetTime(t int64)
	// Reset does what the chip's reset pin does, at the current time. It
	// reads the reset vector where the chip does so.
	Reset()
	// Restored must be called after the State's bytes were replaced: it masks
	// fields to legal values (any bytes are a legal state) and drops
	// everything that is derived from them.
	Restored()

	// Registers lists all registers under MAME's names, in MAME's order.
	Registers() []Register
	// TraceRegisters is the choice that a trace line shows, in its order.
	TraceRegisters() []Register
	// PC is the address of the instruction that would be executed next.
	PC() uint32
	// Disassemble gives the instruction at addr in MAME's syntax and its
	// length in bytes. It reads without side effects: memory that only
	// handlers can read counts as zero.
	Disassemble(addr uint32) (text string, length int)
	// AddressDigits is the width of an address in a trace, in hex digits.
	AddressDigits() int
	// SetTrace installs a hook that is called before every instruction (not
	// before an exception sequence), or removes it (nil). The hook only
	// looks. It costs nothing while there is none.
	SetTrace(hook func())
}

// Register is one register as a debugger shows it.
type Register struct {
	Name   string        // MAME's name, such as "D0" or "AF2"
	Digits int           // width in hex digits
	Value  func() uint64 // current value
}
