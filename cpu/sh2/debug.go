package sh2

import (
	"fmt"
	"strings"

	"arcade/cpu"
)

// PC implements cpu.Core. In a delay slot it is the slot's
// address, in a memory handler that it calls, the branch's target.
func (c *CPU) PC() uint32 {
	s := c.s
	if c.cur == nil || !c.inBlock {
		return s.PC
	}
	if after := c.pcAfter(c.cur); after != inSlot {
		return after
	}
	// The op after the slot is the branch.
	jump := next(c.cur)
	target := *s.reg(jump.n)
	switch jump.k {
	case kRts:
		target = s.PR
	case kBraF, kBsrF:
		target += jump.imm
	}
	if target == 0 {
		return c.pcAfter(jump)
	}
	return target
}

// AddressDigits implements cpu.Core.
func (c *CPU) AddressDigits() int { return 8 }

func (c *CPU) register(name string) cpu.Register {
	s := c.s
	r := cpu.Register{Name: name, Digits: 8}
	fields := map[string]*uint32{"PR": &s.PR, "GBR": &s.GBR, "VBR": &s.VBR, "MACH": &s.MACH, "MACL": &s.MACL, "SP": &s.R[15]}
	for i := range s.R {
		fields[fmt.Sprintf("R%d", i)] = &s.R[i]
	}
	switch p := fields[name]; {
	case name == "SR":
		r.Value = func() uint64 { return uint64(s.StatusRegister()) }
	case name == "PC":
		// MAME shows it as it is on the address lines.
		r.Value = func() uint64 { return uint64(c.PC() & 0xc7ffffff) }
	default:
		r.Value = func() uint64 { return uint64(*p) }
	}
	return r
}

const general = "R0 R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R11 R12 R13 R14 R15 "

func (c *CPU) registers(names string) []cpu.Register {
	var list []cpu.Register
	for _, name := range strings.Fields(names) {
		list = append(list, c.register(name))
	}
	return list
}

// Registers implements cpu.Core. MAME's EA is left out: it is a variable of its
// interpreter, and nothing in the chip.
func (c *CPU) Registers() []cpu.Register {
	return c.registers("PC SR PR GBR VBR MACH MACL " + general + "SP")
}

// TraceRegisters implements cpu.Core.
func (c *CPU) TraceRegisters() []cpu.Register {
	return c.registers(general + "SR PR GBR VBR MACH MACL")
}

// Disassemble implements cpu.Core.
func (c *CPU) Disassemble(addr uint32) (text string, length int) {
	code, _ := c.m.Peek(addr &^ 1)
	return disassemble(addr, code), 2
}

// disassemble writes an instruction as MAME does. In the table's operands n and
// m are registers, i a number, d2 and d4 displacements of two or four digits,
// pcw and pcl program-relative data, b8 and b12 branch targets, c the code.
func disassemble(pc uint32, code uint16) string {
	k := kindOf(code, false)
	o := decode(code, k)
	name, operands := instructions[k].syntax, ""
	if k == kIllegal {
		switch code >> 12 {
		case 0x3:
			name = "??????  m,n"
		case 0x8:
			name = "invalid c"
		case 0xf:
			name = "unknown c"
		}
	}
	if len(name) > 8 {
		name, operands = name[:8], name[8:]
	}
	var b strings.Builder
	b.WriteString(name)
	reg := func(r uint8) { fmt.Fprintf(&b, "R%d", r&15) }
	n, m := uint8(code>>8), uint8(code>>4)
	for operands != "" {
		rest, found := operands, true
		cut := func(prefix string) bool {
			rest, found = strings.CutPrefix(operands, prefix)
			return found
		}
		switch {
		case cut("n"):
			reg(n)
		case cut("m"):
			reg(m)
		case cut("i"):
			fmt.Fprintf(&b, "$%02X", code&0xff)
		case cut("d2"):
			fmt.Fprintf(&b, "$%02X", o.imm)
		case cut("d4"):
			fmt.Fprintf(&b, "$%04X", o.imm)
		case cut("pcw"):
			fmt.Fprintf(&b, "@($%04X,PC)", o.imm)
		case cut("pcl"):
			fmt.Fprintf(&b, "@($%04X,PC)", o.imm)
		case cut("b8"), cut("b12"):
			fmt.Fprintf(&b, "$%08X", pc+4+o.imm)
		case cut("c"):
			fmt.Fprintf(&b, "$%04X", code)
		default:
			b.WriteByte(operands[0])
			rest = operands[1:]
		}
		operands = rest
	}
	switch instructions[k].form {
	case formPCW:
		fmt.Fprintf(&b, " [%08X]", pc+4+o.imm)
	case formPCL, formPCA:
		fmt.Fprintf(&b, " [%08X]", (pc+4)&^3+o.imm)
	}
	return b.String()
}
