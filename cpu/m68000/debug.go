package m68000

import (
	"fmt"

	"arcade/cpu"
)

var _ cpu.Core = (*CPU)(nil)

// PC implements cpu.Core.
func (c *CPU) PC() uint32 {
	if c.s.Stopped != 0 {
		// STOP is not followed by prefetches.
		return c.s.PC
	}
	return c.s.PC - 4
}

// AddressDigits implements cpu.Core.
func (c *CPU) AddressDigits() int { return 6 }

// Registers implements cpu.Core. IR is the opcode that was executed last.
// PREF_ADDR and PREF_DATA are MAME's one word of prefetch: the word behind that
// instruction, also if it jumped; but where MAME skips a word, that one.
func (c *CPU) Registers() []cpu.Register {
	s := c.s
	reg := func(name string, digits int, v func() uint32) cpu.Register {
		return cpu.Register{Name: name, Digits: digits, Value: func() uint64 { return uint64(v()) }}
	}
	list := make([]cpu.Register, 0, 24)
	for i := range s.R {
		list = append(list, reg(registerName(i), 8, func() uint32 { return s.R[i] }))
	}
	return append(list,
		reg("IR", 4, func() uint32 { return uint32(s.IR) }),
		reg("PC", 8, c.PC),
		reg("PREF_ADDR", 8, c.prefetchAddress),
		reg("PREF_DATA", 4, func() uint32 {
			if at := c.prefetchAddress(); at != s.PC-4 {
				v, _ := c.m.Peek(at & 0xfffffe)
				return uint32(v)
			}
			return uint32(s.Next)
		}),
		reg("SP", 8, func() uint32 { return s.R[15] }),
		reg("SR", 4, func() uint32 { return uint32(s.StatusRegister()) }),
		reg("SSP", 8, s.SSP),
		reg("USP", 8, s.USP),
	)
}

func (c *CPU) prefetchAddress() uint32 {
	s := c.s
	if s.Stopped == 0 && s.JumpTo == s.PC-4 && jumps(s.IR) {
		return s.JumpEnd
	}
	if s.Stopped == 0 && skips(s.IR) {
		return c.PC() - 2
	}
	return c.PC()
}

// skips tells whether an opcode is of a conditional branch with a word of
// displacement, which MAME skips unread if it does not branch.
func skips(op uint16) bool {
	return op>>12 == 6 && op&0xff == 0 && op >= 0x6200 || op&0xf0f8 == 0x50c8
}

// jumps tells whether an opcode is of an instruction that can jump.
func jumps(op uint16) bool {
	return op>>12 == 6 || op&0xf0f8 == 0x50c8 || op&0xff80 == 0x4e80 || op >= 0x4e73 && op <= 0x4e77
}

func registerName(i int) string {
	if i < 8 {
		return fmt.Sprintf("D%d", i)
	}
	return fmt.Sprintf("A%d", i-8)
}

// TraceRegisters implements cpu.Core.
func (c *CPU) TraceRegisters() []cpu.Register {
	all := c.Registers()
	list := append(make([]cpu.Register, 0, 17), all[:15]...)
	for _, r := range all {
		if r.Name == "SP" || r.Name == "SR" {
			list = append(list, r)
		}
	}
	return list
}
