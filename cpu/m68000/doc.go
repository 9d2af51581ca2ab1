// Package m68000 is an interpreter of the Motorola 68000, exact to the bus: the
// same bus cycles as the chip in the same order and at the same clock cycle,
// with their sizes, strobes and function codes; the two words of prefetch;
// bus and address errors with the frames that the chip writes at each point of
// an instruction; the flags and times that the manual leaves undefined.
//
// Sources: M68000 8-/16-/32-Bit Microprocessors User's Manual, ninth edition
// (M68000UM); M68000 Family Programmer's Reference Manual (M68000PRM); the
// microprogram in US patent 4,325,121; and, for what these do not say, the
// public reference traces, which pass without exception.
//
// The instructions are in the files *_gen.go, one function for each operation,
// size and addressing mode. The command in gen writes them: run go generate
// after changing it. A handler reads directly mapped memory in line and leaves
// everything else (handlers, odd addresses, long words across pages) to the
// methods in bus.go. Time within an instruction is a constant that is passed to
// these methods; only at its end is State.Time moved.
//
// What is not modelled:
//
//	| what                                                       | manual                            |
//	| ---------------------------------------------------------- | --------------------------------- |
//	| the interrupt lines are looked at between instructions,    | M68000UM section 6.3.2            |
//	| not two clock cycles before the end of the last bus cycle  |                                   |
//	| an autovectored acknowledge cycle takes 4 clock cycles: it | M68000UM section 5.1.4 and        |
//	| does not wait for the E clock (10 to 19 on the chip)       | appendix B                        |
//	| bus arbitration: a board moves the clock with SetTime      | M68000UM section 5.2              |
//	| rerunning a bus cycle (BERR with HALT), the HALT pin as    | M68000UM sections 5.4.2, 5.4.3    |
//	| an input, single-stepping with it                          |                                   |
//	| the lock of the read-modify-write cycle of TAS (AS stays   | M68000UM section 5.1.3            |
//	| asserted): it is a read and a write                        |                                   |
//	| a bus cycle that an address error cuts short is seen by no | M68000UM section 6.3.10           |
//	| memory; on the chip, AS is not asserted either             |                                   |
//	| bus errors leave registers as an address error at the same | M68000UM section 6.3.9.1          |
//	| place would; the manual calls them unpredictable           |                                   |
//	| timing of the function code, VMA, E and BG pins            | M68000UM section 10               |
//
// Flags after a division by zero are not in the traces; the manual leaves N, Z
// and V undefined, here they are cleared.
package m68000

//go:generate go run ./gen
