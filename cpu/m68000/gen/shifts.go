package main

// shifts writes the shifts and rotates.
func shifts(f *file) {
	for i, kind := range []string{"as", "ls", "rox", "ro"} {
		for _, left := range []bool{false, true} {
			name, dir := kind+"r", uint16(0)
			if left {
				name, dir = kind+"l", 0x100
			}
			for _, z := range byteSizes {
				bits := 0xe000 | dir | uint16(z)<<6 | uint16(i)<<3
				g := f.handler(name+z.String()+"_imm", 0xf1f8, bits)
				g.p("n := (op>>9-1)&7 + 1")
				shift(g, name, z)

				g = f.handler(name+z.String()+"_reg", 0xf1f8, bits|0x20)
				g.p("n := s.R[%s] & 63", dstReg)
				g.p("r := s.%s(%s, n, %d)", name, z.low("s.R["+srcReg+"]"), z.bits())
				shiftEnd(g, z)
			}
			for _, m := range memAlterable {
				mask, match := opcode(0xffc0, 0xe0c0|dir|uint16(i)<<9, m)
				g := f.handler(name+"_"+m.String(), mask, match)
				g.operand("d", "ea", m, wordSize, srcReg)
				g.p("r := s.%s(d, 1, 16)", name)
				g.store("r", wordSize)
			}
		}
	}
}

// shift emits a shift by 1 to 8 of a data register.
func shift(g *fn, name string, z size) {
	reg := "s.R[" + srcReg + "]"
	b := z.bits()
	g.p("v := %s", z.low(reg))
	switch name {
	case "lsl", "asl":
		g.p("wide := uint64(v) << n")
		g.p("r := uint32(wide)")
		g.p("s.C = uint32(wide>>%d) & 1", b)
		g.p("s.X = s.C")
		g.p("s.N, s.Z = %s, %s", z.up("r"), z.up("r"))
		if name == "lsl" {
			g.p("s.V = 0")
		} else {
			// Overflow if the sign changed at any time: the bits that were
			// shifted through it are not all equal.
			g.p("top := int64(uint64(v) << %d)", 64-b)
			g.p("s.V = 0")
			g.p("if top<<n>>n != top { s.V = 1 << 31 }")
		}
	case "lsr":
		g.p("r := v >> n")
		g.p("s.C = v >> (n-1) & 1")
		g.p("s.X = s.C")
		g.p("s.N, s.Z, s.V = %s, %s, 0", z.up("r"), z.up("r"))
	case "asr":
		g.p("signed := int32(%s)", z.sign("v"))
		g.p("r := uint32(signed >> n)")
		g.p("s.C = uint32(signed >> (n-1)) & 1")
		g.p("s.X = s.C")
		g.p("s.N, s.Z, s.V = %s, %s, 0", z.up("r"), z.up("r"))
	case "rol", "ror":
		switch {
		case z == longSize && name == "rol":
			g.p("r := bits.RotateLeft32(v, int(n))")
		case z == longSize:
			g.p("r := bits.RotateLeft32(v, -int(n))")
		case name == "rol":
			g.p("n &= %d", b-1)
			g.p("r := (v<<n | v>>(%d-n)) & %s", b, z.mask())
		default:
			g.p("n &= %d", b-1)
			g.p("r := (v>>n | v<<(%d-n)) & %s", b, z.mask())
		}
		if name == "rol" {
			g.p("s.C = r & 1")
		} else {
			g.p("s.C = r >> %d & 1", b-1)
		}
		g.p("s.N, s.Z, s.V = %s, %s, 0", z.up("r"), z.up("r"))
		if z == byteSize {
			g.p("n = (op>>9-1)&7 + 1")
		}
	default:
		g.p("r := s.%s(v, n, %d)", name, b)
	}
	shiftEnd(g, z)
}

func shiftEnd(g *fn, z size) {
	g.putD(srcReg, "r", z)
	g.prefetch()
	if z == longSize {
		g.idle(4)
	} else {
		g.idle(2)
	}
	g.extra = "int(2*n)"
	g.end()
}
