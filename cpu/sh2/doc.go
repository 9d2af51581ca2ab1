// Package sh2 is an interpreter of the Hitachi SH-2 as the SH7604 has it: the
// core with its interrupts and exceptions, and the on-chip modules that boards
// use.
//
// Sources: SH7604 Hardware Manual (Hitachi, ADE-602-085), cited as "manual";
// SH-1/SH-2 Programming Manual (ADE-602-063); MAME 0.251's interpreter, observed.
//
// By default (State.Model MAME) everything is as in MAME 0.251 without its
// recompiler, to the clock cycle, its simplifications included; the table says
// which they are. The model Manual follows the chip where the table says so.
//
//	| what                          | MAME (default)                | Manual             | manual      |
//	| ----------------------------- | ----------------------------- | ------------------ | ----------- |
//	| load-use, multiplier and      | none                          | modelled           | 2.4, PM 7   |
//	| fetch stalls                  |                               |                    |             |
//	| OR #imm,R0; OR.B; JMP         | 3, 1, 1 cycles                | 1, 3, 2            | A.1         |
//	| interrupt entry               | 0 cycles                      | 13                 | 5.5         |
//	| address errors                | none: low address bits drop   | vector 9           | 4.3         |
//	| branch in a delay slot        | executes                      | vector 6           | 4.6.2       |
//	| undefined code in one         | vector 4                      | vector 6           | 4.6.2       |
//	| codes beside documented ones  | some execute as neighbours    | illegal            | A.1         |
//	| interrupts after LDC, STS ... | accepted                      | one later          | 5.6         |
//	| branch to address 0           | does nothing                  | branches           |             |
//	| return from SLEEP             | executes SLEEP once more      | goes on after it   | 14.3        |
//	| DIV1 Rn,Rn                    | Rn after its shift            | before             | PM 6.2      |
//	| MAC.L S=1, MACH               | 16 bits unsigned              | signed             | PM 6.2      |
//	| MAC.W S=1, overflow           | MACH kept                     | MACH bit 0 set     | PM 6.2      |
//	| DIVU time                     | at once                       | 39 or 6 cycles     | 10.3.4      |
//	| DIVU overflow                 | both results 7FFFFFFF         | nearest quotient   | 10.3.3      |
//	| DIVU interrupt                | none                          | modelled           | 10.4        |
//	| DVCR                          | ones clear OVF, set OVFIE     | plain              | 10.2.3      |
//	| requests of modules           | once, until worked out anew   | held               | 5.2         |
//	| DMA: SAR, DAR afterwards      | as before                     | advanced           | 9.2         |
//	| registers after reset         | 0                             | appendix B         | B           |
//
// What is modelled in neither:
//
//	| what                                                          | manual  |
//	| ------------------------------------------------------------- | ------- |
//	| the cache: all accesses go through; the address array reads   | 8       |
//	| A5A5A5A5; the data array is there if the board maps memory    |         |
//	| at C0000000                                                   |         |
//	| bus states and waits, SDRAM, refresh counter                  | 7       |
//	| user break controller (registers only)                        | 6       |
//	| serial interface (registers only; transmitter always empty)   | 13      |
//	| DMA request pins and modes: a transfer starts when enabled;   | 9.3     |
//	| CPU.DMAReady holds it back; DMA address errors; round robin   |         |
//	| the timer's external clock, output pins and TEMP latch        | 11.3    |
//	| reset by the watchdog timer (WOVF is set)                     | 12.3.1  |
//	| manual reset, standby, module stop, clock multiplier          | 3, 14   |
//	| misaligned access to on-chip registers, TAS's bus lock        | 4.3     |
//
// The interpreter proper executes one instruction at a time. Program memory that
// the board froze (cpu.Map32.Freeze) is decoded into blocks, which are several
// times as fast and come to the same state; see block.go.
package sh2

//go:generate go run ./gen/pairs
//go:generate go run ./gen testdata/sh7604.cput.gz
