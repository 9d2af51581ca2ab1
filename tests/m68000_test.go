package tests

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"arcade/cpu"
	"arcade/cpu/m68000"
	cpsrom "arcade/tests/roms/cps"
)

// TestM68000TraceEqualsMAME runs every kind of instruction, with every
// addressing mode, on the CPS-1 board here and in MAME: each takes the same
// time and leaves the same registers.
func TestM68000TraceEqualsMAME(t *testing.T) {
	cases := []struct {
		data      uint32 // in the data registers, counting up
		extension uint16 // in all extension words
	}{{0x0002, 0x0010}, {0xfff0, 0x0002}, {0x6660, 0x0004}} // no overflow of a division: MAME leaves N alone there
	if framesOr(1, 2) == 1 {
		cases = cases[:1]
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%x-%x", c.data, c.extension), func(t *testing.T) {
			saved := cpsrom.Program
			defer func() { cpsrom.Program = saved }()
			cpsrom.Program = everyInstruction(c.data, c.extension)
			traceEqualsMAME(t, "sf2", ownCPS(t, "sf2"), 7, 1000)
		})
	}
}

// everyInstruction is a program of thousands of instructions, each after a load
// of all registers but A7.
func everyInstruction(data uint32, extension uint16) []byte {
	const handler, start, registers = 0x980, 0xa00, 0x7f000
	p := make([]byte, 0x80000)
	at := start
	word := func(words ...uint16) {
		for _, w := range words {
			binary.BigEndian.PutUint16(p[at:], w)
			at += 2
		}
	}
	for v := range 64 {
		binary.BigEndian.PutUint32(p[4*v:], handler)
	}
	binary.BigEndian.PutUint32(p[0:], 0xfff000)
	binary.BigEndian.PutUint32(p[4:], start)
	binary.BigEndian.PutUint16(p[handler:], 0x4e73) // RTE
	for i := range uint32(15) {
		v := data + 2*i
		if i >= 8 {
			v = 0xff8000 + 0x40*i
		}
		binary.BigEndian.PutUint32(p[registers+4*i:], v)
	}
	load := func() {
		word(0x4cf9, 0x7fff, registers>>16, registers&0xffff) // MOVEM.L registers,D0-A6
	}
	memory := make([]byte, 0x10000)
	m := cpu.NewMap16(0)
	m.MapRAM(0, 0xffff, memory)
	core := m68000.New(new(m68000.State), m)
	for op := range 0x10000 {
		if mode, reg := op>>3&7, op&7; mode < 7 && reg != 1 && reg != 4 {
			continue // two registers are as good as eight
		}
		top, upper := op>>12, op>>9&7
		if top != 0 && top != 4 && upper != 0 && upper != 5 {
			continue
		}
		switch {
		case top == 6, top == 10, top == 15, op&0xf0f8 == 0x50c8: // branches, lines A and F
			continue
		case op >= 0x4e40 && op < 0x4f00 && op != 0x4e71, op&0xffc0 == 0x46c0, op&0xf13f == 0x003c:
			continue // control, and what changes SR: below
		}
		for i := range 5 {
			binary.BigEndian.PutUint16(memory[2*i:], extension)
		}
		binary.BigEndian.PutUint16(memory, uint16(op))
		text, size := core.Disassemble(0)
		if strings.Contains(text, "dc.w") || strings.Contains(text, "illegal") || strings.Contains(text, "A7") {
			continue
		}
		load()
		word(0x44fc, 0) // MOVE #0,CCR
		copy(p[at:], memory[:size])
		at += size
	}
	for _, c := range [][]uint16{
		{0x4e40}, {0x4e50, 0xfff0}, {0x4e58}, {0x46fc, 0x2700}, {0x027c, 0xf7ff}, {0x007c, 0x2700}, {0x0a7c, 0}, // TRAP, LINK, UNLK, SR
		{0x023c, 0x00ff}, {0x003c, 0}, {0x4e76}, {0x44fc, 2, 0x4e76}, {0x4e60}, {0x4e68}, {0x40c0}, {0x40d0}, {0x44d0}, // CCR, TRAPV, USP
		{0x51c8, 2}, {0x50c8, 2}, {0x57c8, 2}, {0x6602, 0x4e71}, {0x6702, 0x4e71}, {0x6600, 2}, {0x6700, 2}, {0x6000, 2}, // DBcc, Bcc
		{0x6100, 2, 0x588f}, {0x4eba, 2, 0x588f}, {0x487a, 4, 0x4e75}, {0x487a, 6, 0x40e7, 0x4e77}, // BSR, JSR, RTS, RTR
	} {
		load()
		word(c...)
	}
	word(0x60fe) // BRA to itself
	return p
}
