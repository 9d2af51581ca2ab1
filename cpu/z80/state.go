// Package z80 is an interpreter of the Zilog Z80 (NMOS), exact to the bus
// cycle: the same accesses in the same order at the same T-state as the chip,
// all documented and undocumented opcodes and flags, and the internal latches
// that show in them (WZ, also called MEMPTR, and Q).
//
// Sources: Z80 CPU User Manual UM008011 ("UM0080": instruction set, machine
// cycles, interrupts); Sean Young, "The Undocumented Z80 Documented" 0.91; the
// public research on WZ, Q and the flags of interrupted block instructions.
//
// The instructions are in exec_gen.go, which the command in gen writes: run
// go generate after changing it.
//
// Inside a handler, State.PC is behind the bytes of the instruction that were
// read so far, or behind the whole instruction.
//
// What is not modelled:
//
//	| what                                                  | UM0080                          |
//	| ----------------------------------------------------- | ------------------------------- |
//	| BUSREQ and BUSACK: a board suspends the CPU           | Bus Request/Acknowledge Cycle   |
//	| addresses on the bus during refresh (R counts)        | Instruction Fetch               |
//	| fetches of the NOPs in HALT (time and R count)        | HALT Exit                       |
//	| the ignored opcode fetch of NMI (time and R count)    | Nonmaskable Interrupt Response  |
//	| mode 0: further bytes of an instruction are asked of  | Interrupt Response, Mode 0      |
//	| the device (IO.Ack), not read from memory at PC       |                                 |
//	| the three clock cycles of RESET                       | Pin Functions, RESET            |
//	| power-down, and OUT (C),255, of CMOS parts            | Power-Down Acknowledge Cycle    |
package z80

//go:generate go run ./gen

// Bits of F.
const (
	flagC = 0x01 // carry
	flagN = 0x02 // subtract
	flagP = 0x04 // parity or overflow
	flagX = 0x08 // bit 3 of a result
	flagH = 0x10 // half carry
	flagY = 0x20 // bit 5 of a result
	flagZ = 0x40
	flagS = 0x80
)

// State is everything in a Z80 that changes. Register pairs have their first
// name in the upper byte.
type State struct {
	Cycles int64 // T-states since power-on

	BC, DE, HL         uint16
	IX, IY, SP, PC     uint16
	WZ                 uint16 // internal address latch
	AF2, BC2, DE2, HL2 uint16 // the alternate set

	A, F  uint8
	Q     uint8 // F if the last instruction changed it, else 0
	I     uint8
	R     uint8 // counts M1 cycles; bit 7 is in R7
	R7    uint8 // bit 7 of R as last loaded
	IM    uint8 // 0, 1, 2
	IFF1  uint8 // 0 or 1, like all that follow
	IFF2  uint8
	EI    uint8 // the last instruction was EI: no interrupt yet
	P     uint8 // the last instruction was LD A,I or LD A,R
	Halt  uint8 // in HALT; PC is after it
	IRQ   uint8 // the INT line is asserted
	NMI   uint8 // an edge of the NMI line waits to be served
	Line  uint8 // the NMI line as last seen
	Chain uint8 // between the prefixes of a long chain of DD and FD
	Rules uint8 // ChipRules or MAMERules
	Spare [7]uint8
}

// Values of State.Rules, which is a setting: Reset leaves it alone.
const (
	// ChipRules: all that is known of the chip.
	ChipRules = 0
	// MAMERules: as in MAME 0.251 where that differs. A block instruction that
	// repeats leaves bits 5 and 3 of F (and with INIR, INDR, OTIR and OTDR H
	// and P/V, and WZ) as a single step makes them, and IN r,(C) makes WZ
	// from BC when r is loaded already. No program is known that can tell,
	// but a trace shows it: boards that are compared with MAME need this.
	MAMERules = 1
)
