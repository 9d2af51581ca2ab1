package main

import "encoding/binary"

// Where things are.
const (
	dataAt     = 0x02001000 // data of a case
	stackAt    = 0x02001fe0 // what is below its stack pointer
	stackTop   = 0x02002000
	regionLong = 8     // longs of each of them
	handlersAt = 0x400 // exception handlers
	programAt  = 0x600
	romSize    = 0x80000
	ackAt      = 0x05100000 // a write here releases the blank's interrupt
)

// Vectors. All handlers count in R13 and return.
const (
	vecIllegal = 4
	vecTrap    = 40 // and every other that is not named
	vecPlain   = 72
	vecClear   = 73 // read the byte at R12, write R11 there, read it again
	vecBlank   = 70 // level 12's auto-vector: write R11 to the long at R12
	vecSkip    = 74 // go on two instructions later than it was to
)

// block is a kind of case.
type block struct {
	name  string
	cases []*testCase
}

// testCase is one case. The program sets the registers to regs and the data;
// before and after are what the trace shows.
type testCase struct {
	regs    [23]uint32 // R0-R15, PC (not used), PR, GBR, VBR, MACH, MACL, SR
	data    [regionLong]uint32
	code    []uint16
	vectors []int // that it needs
	blank   bool  // it waits for the blank's interrupt
	rte     bool  // its first long of data is to be the address after the second instruction

	start, end    uint32
	before, after [23]uint32
	begin, cycles int64
	dump          []uint32 // data and stack afterwards
	done          bool
}

// Indices of regs.
const (
	rSP   = 15
	rPC   = 16
	rPR   = 17
	rGBR  = 18
	rVBR  = 19
	rMACH = 20
	rMACL = 21
	rSR   = 22
)

// handlers are the exception handlers, by vector.
func handlers() (code []uint16, at map[int]uint32) {
	at = map[int]uint32{}
	add := func(vector int, words ...uint16) {
		at[vector] = handlersAt + uint32(len(code))*2
		code = append(code, 0x7d01) // ADD #1,R13
		code = append(code, words...)
		code = append(code, 0x002b, 0x0009) // RTE, NOP
	}
	add(vecPlain)
	add(vecClear, 0x60c0, 0x2cb0, 0x60c0) // MOV.B @R12,R0; MOV.B R11,@R12; MOV.B @R12,R0
	add(vecBlank, 0x2cb2)                 // MOV.L R11,@R12
	add(vecSkip, 0x60f2, 0x7004, 0x2f02)  // MOV.L @R15,R0; ADD #4,R0; MOV.L R0,@R15
	return code, at
}

// handlerOf is which handler serves a vector.
func handlerOf(vector int) int {
	switch vector {
	case vecClear, vecBlank:
		return vector
	case vecIllegal, vecSkip:
		return vecSkip
	}
	return vecPlain
}

// asm writes instructions into a ROM. Literals are gathered until flush.
type asm struct {
	rom      []byte
	pc       uint32
	literals []literal
}

type literal struct{ at, v uint32 }

func (a *asm) word(code ...uint16) {
	for _, w := range code {
		binary.BigEndian.PutUint16(a.rom[a.pc:], w)
		a.pc += 2
	}
}

func (a *asm) long(v uint32) { a.word(uint16(v>>16), uint16(v)) }

// load is MOV.L #v,Rn by way of a literal.
func (a *asm) load(n int, v uint32) {
	a.literals = append(a.literals, literal{a.pc, v})
	a.word(0xd000 | uint16(n)<<8)
}

// flush places the literals, which the program must not run into.
func (a *asm) flush() {
	if a.pc&2 != 0 {
		a.word(9)
	}
	for _, l := range a.literals {
		disp := (a.pc - (l.at+4)&^3) / 4
		if disp > 255 {
			panic("literal too far")
		}
		a.rom[l.at+1] = byte(disp)
		a.long(l.v)
	}
	a.literals = nil
}

// store writes v to an address with a move of size bytes. It uses R0 and R1.
func (a *asm) store(addr, v uint32, size int) {
	a.load(0, v)
	a.load(1, addr)
	a.word(0x2100 | map[int]uint16{1: 0, 2: 1, 4: 2}[size])
}

// skipLiterals places the literals in the midst of the program.
func (a *asm) skipLiterals() {
	from := a.pc
	a.word(0, 9) // BRA, NOP
	a.flush()
	binary.BigEndian.PutUint16(a.rom[from:], 0xa000|uint16(a.pc-from-4)/2)
}

// program is the ROM and what reading the trace needs to know of it.
type program struct {
	rom    []byte
	dumped uint32 // address of the instruction that reads memory back to R0
}

// assemble lays out the ROM: each case, with what sets it up and what reads
// memory back.
func assemble(blocks []*block) program {
	a := &asm{rom: make([]byte, romSize)}
	code, at := handlers()
	for vector := range 256 {
		a.long(at[handlerOf(vector)])
	}
	a.pc = 0
	a.long(programAt)
	a.long(stackTop)
	a.pc = handlersAt
	a.word(code...)

	// Reading back, with R14 as the return address, and the modules to rest.
	a.pc = 0x500
	back := a.pc
	var dumped uint32
	a.load(0, 0xf0)
	a.word(0x400e) // LDC R0,SR
	a.load(1, dataAt)
	a.load(2, stackAt)
	a.word(0xe300 | regionLong)
	dumped = a.pc
	a.word(0x6016, 0x4310, 0x8bfc) // MOV.L @R1+,R0; DT R3; BF
	a.word(0x6123, 0xe300|regionLong)
	second := a.pc
	a.word(0x6016, 0x4310, 0x8bfc)
	if second != dumped+10 {
		panic("layout")
	}
	for _, m := range []struct {
		addr uint32
		size int
		v    uint32
	}{{0xfffffe10, 2, 0}, {0xfffffe16, 2, 0}, {0xfffffe60, 2, 0}, {0xfffffee2, 2, 0}, {0xfffffe80, 2, 0xa500}, {0xfffffe82, 2, 0xa500}, {0xfffffe82, 2, 0x5a00},
		{0xffffff8c, 4, 0}, {0xffffff9c, 4, 0}, {0xffffffb0, 4, 0}, {0xffffff08, 4, 0}} {
		a.store(m.addr, m.v, m.size)
	}
	a.word(0x4e2b, 9) // JMP @R14; NOP
	a.flush()
	if a.pc > programAt {
		panic("layout")
	}

	a.pc = programAt
	for _, b := range blocks {
		for _, t := range b.cases {
			a.testCase(t, back)
		}
	}
	a.burst(0) // 2^24 units: the CPU stands still for the rest of the time
	a.word(0xaffe, 9)
	a.flush()
	return program{a.rom, dumped}
}

// burst has channel 0 stop the CPU for 2 (n + 1) cycles.
func (a *asm) burst(n uint32) {
	a.store(0xffffff80, 0x02003000, 4)
	a.store(0xffffff84, 0x02003000, 4)
	a.store(0xffffff88, n, 4)
	a.store(0xffffffb0, 1, 4)
	a.store(0xffffff8c, 0x0211, 4)
	a.word(9, 9)
	a.store(0xffffff8c, 0, 4)
}

func (a *asm) testCase(t *testCase, back uint32) {
	if t.blank {
		a.burst(208_300) // most of a frame
		a.store(ackAt, 0, 4)
		a.skipLiterals()
	}
	// Data and stack.
	table := a.pc
	a.load(1, 0)
	a.load(2, dataAt)
	a.word(0xe300 | regionLong)
	a.word(0x6016, 0x2202, 0x7204, 0x4310, 0x8bfa) // MOV.L @R1+,R0; MOV.L R0,@R2; ADD #4,R2; DT R3; BF
	a.load(2, stackAt)
	a.word(0xe300 | regionLong)
	a.word(0x6016, 0x2202, 0x7204, 0x4310, 0x8bfa)
	if a.pc&2 == 0 {
		a.word(9) // so that the case begins at a multiple of 4
	}
	regs := a.pc
	a.load(15, 0)
	a.word(0x4f06, 0x4f16, 0x4f26, 0x4f17, 0x4f27, 0x4f07) // MACH MACL PR GBR VBR SR
	for n := range uint16(15) {
		a.word(0x60f6 | n<<8) // MOV.L @R15+,Rn
	}
	a.word(0x6ff2) // MOV.L @R15,R15
	t.start = a.pc
	if t.rte {
		t.data[0] = t.start + 4
	}
	a.word(t.code...)
	t.end = a.pc
	next := a.pc
	a.load(14, 0)
	a.load(0, back)
	a.word(0x402b, 9) // JMP @R0; NOP
	a.flush()
	fix := func(load, v uint32) { // the literal of a load
		at := (load+4)&^3 + uint32(a.rom[load+1])*4
		binary.BigEndian.PutUint32(a.rom[at:], v)
	}
	fix(table, a.pc)
	for _, v := range t.data {
		a.long(v)
	}
	for i := range uint32(regionLong) {
		a.long(0x5ac10000 + i)
	}
	fix(regs, a.pc)
	for _, i := range []int{rMACH, rMACL, rPR, rGBR, rVBR, rSR} {
		a.long(t.regs[i])
	}
	for _, v := range t.regs[:16] {
		a.long(v)
	}
	fix(next, a.pc)
}
