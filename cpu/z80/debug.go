package z80

import "arcade/cpu"

// PC implements cpu.Core. While halted it is behind HALT, as on the chip and in
// MAME, though what is executed are NOPs.
func (c *CPU) PC() uint32 { return uint32(c.s.PC) }

// AddressDigits implements cpu.Core.
func (c *CPU) AddressDigits() int { return 4 }

// Registers implements cpu.Core.
func (c *CPU) Registers() []cpu.Register {
	s := c.s
	byteOf := func(name string, v func() uint8) cpu.Register {
		return cpu.Register{Name: name, Digits: 2, Value: func() uint64 { return uint64(v()) }}
	}
	bit := func(name string, v *uint8) cpu.Register {
		return cpu.Register{Name: name, Digits: 1, Value: func() uint64 { return uint64(*v) }}
	}
	half := func(name string, p *uint16, shift int) cpu.Register {
		return cpu.Register{Name: name, Digits: 2, Value: func() uint64 { return uint64(uint8(*p >> shift)) }}
	}
	pair := func(name string, p *uint16) cpu.Register {
		return cpu.Register{Name: name, Digits: 4, Value: func() uint64 { return uint64(*p) }}
	}
	return []cpu.Register{
		byteOf("A", func() uint8 { return s.A }), c.af(), pair("AF2", &s.AF2),
		half("B", &s.BC, 8), pair("BC", &s.BC), pair("BC2", &s.BC2), half("C", &s.BC, 0),
		half("D", &s.DE, 8), pair("DE", &s.DE), pair("DE2", &s.DE2), half("E", &s.DE, 0),
		half("H", &s.HL, 8), bit("HALT", &s.Halt), pair("HL", &s.HL), pair("HL2", &s.HL2),
		byteOf("I", func() uint8 { return s.I }), bit("IFF1", &s.IFF1), bit("IFF2", &s.IFF2), bit("IM", &s.IM),
		pair("IX", &s.IX), pair("IY", &s.IY), half("L", &s.HL, 0),
		pair("PC", &s.PC),
		byteOf("R", s.refresh), pair("SP", &s.SP), pair("WZ", &s.WZ),
	}
}

func (c *CPU) af() cpu.Register {
	return cpu.Register{Name: "AF", Digits: 4, Value: func() uint64 { return uint64(c.s.A)<<8 | uint64(c.s.F) }}
}

// TraceRegisters implements cpu.Core.
func (c *CPU) TraceRegisters() []cpu.Register {
	byName := map[string]cpu.Register{}
	for _, r := range c.Registers() {
		byName[r.Name] = r
	}
	var out []cpu.Register
	for _, n := range []string{"AF", "BC", "DE", "HL", "IX", "IY", "SP", "AF2", "BC2", "DE2", "HL2", "WZ", "I", "R", "IM", "IFF1", "IFF2"} {
		out = append(out, byName[n])
	}
	return out
}
