package main

// conditions as expressions of the flags, in the order of their codes
// (M68000PRM table 3-19).
var conditions = [16]struct{ name, expr string }{
	{"T", "true"}, {"F", "false"},
	{"HI", "s.C == 0 && s.Z != 0"}, {"LS", "s.C != 0 || s.Z == 0"},
	{"CC", "s.C == 0"}, {"CS", "s.C != 0"},
	{"NE", "s.Z != 0"}, {"EQ", "s.Z == 0"},
	{"VC", "int32(s.V) >= 0"}, {"VS", "int32(s.V) < 0"},
	{"PL", "int32(s.N) >= 0"}, {"MI", "int32(s.N) < 0"},
	{"GE", "int32(s.N^s.V) >= 0"}, {"LT", "int32(s.N^s.V) < 0"},
	{"GT", "int32(s.N^s.V) >= 0 && s.Z != 0"}, {"LE", "int32(s.N^s.V) < 0 || s.Z == 0"},
}

// unary writes the operations of one operand, and those on single bits.
func unary(f *file) {
	for _, z := range byteSizes {
		for _, m := range dataAlterable {
			for _, o := range []struct {
				name string
				bits uint16
			}{{"negx", 0x4000}, {"clr", 0x4200}, {"neg", 0x4400}, {"not", 0x4600}} {
				one(f, o.name, o.bits|uint16(z)<<6, z, m)
			}
			tst(f, z, m)
		}
	}
	for _, m := range dataAlterable {
		nbcd(f, m)
		tas(f, m)
		scc(f, m)
	}
	bit(f, "btst", 0x0100, append(append([]mode{}, dataAlterable...), mPD16, mPX, mIM))
	bit(f, "bchg", 0x0140, dataAlterable)
	bit(f, "bclr", 0x0180, dataAlterable)
	bit(f, "bset", 0x01c0, dataAlterable)
	for _, z := range wordAndLong {
		g := f.handler("ext"+z.String(), 0xfff8, 0x4880|uint16(z-1)<<6)
		g.p("r := %s", (z - 1).sign("s.R[op&7]"))
		g.putD(srcReg, "r", z)
		g.logic("r", z)
		g.prefetch()
		g.end()
	}
	g := f.handler("swap", 0xfff8, 0x4840)
	g.p("r := bits.RotateLeft32(s.R[op&7], 16)")
	g.p("s.R[op&7] = r")
	g.logic("r", longSize)
	g.prefetch()
	g.end()
	bcd(f)
}

func one(f *file, name string, bits uint16, z size, m mode) {
	mask, match := opcode(0xffc0, bits, m)
	g := f.handler(name+z.String()+"_"+m.String(), mask, match)
	if name == "negx" {
		g.operand("v", "ea", m, z, srcReg)
		g.p("const d = uint32(0)")
	} else {
		g.operand("d", "ea", m, z, srcReg)
	}
	switch name {
	case "clr":
		g.p("r := uint32(0)")
		g.p("_ = d")
		g.logic("r", z)
	case "not":
		g.p("r := ^d")
		g.logic("r", z)
	case "neg":
		g.p("v := d")
		g.p("const zero = uint32(0)")
		g.compute("SUB", "zero", "v", z)
	case "negx":
		g.addWithX("SUBX", z)
	}
	if m == mD {
		g.putD(srcReg, "r", z)
		g.prefetch()
		if z == longSize {
			g.idle(2)
		}
		g.end()
		return
	}
	g.store("r", z)
}

func tst(f *file, z size, m mode) {
	mask, match := opcode(0xffc0, 0x4a00|uint16(z)<<6, m)
	g := f.handler("tst"+z.String()+"_"+m.String(), mask, match)
	g.operand("d", "ea", m, z, srcReg)
	g.logic("d", z)
	g.prefetch()
	g.end()
}

func nbcd(f *file, m mode) {
	mask, match := opcode(0xffc0, 0x4800, m)
	g := f.handler("nbcd_"+m.String(), mask, match)
	g.operand("d", "ea", m, byteSize, srcReg)
	g.p("r := s.sbcd(d, 0)")
	if m == mD {
		g.putD(srcReg, "r", byteSize)
		g.prefetch()
		g.idle(2)
		g.end()
		return
	}
	g.store("r", byteSize)
}

func tas(f *file, m mode) {
	mask, match := opcode(0xffc0, 0x4ac0, m)
	g := f.handler("tas_"+m.String(), mask, match)
	if m == mD {
		g.p("d := s.R[op&7] & 0xff")
		g.logic("d", byteSize)
		g.p("s.R[op&7] |= 0x80")
		g.prefetch()
		g.end()
		return
	}
	// One indivisible bus cycle: read, 2 clock cycles, write.
	g.operand("d", "ea", m, byteSize, srcReg)
	g.logic("d", byteSize)
	g.idle(2)
	g.writeAt("d|0x80", "ea", byteSize, "")
	g.prefetch()
	g.inMAME(4)
	g.end()
}

func scc(f *file, m mode) {
	if m == mD {
		for i, c := range conditions {
			g := f.handler("s"+c.name+"_D", 0xfff8, 0x50c0|uint16(i)<<8)
			switch c.name {
			case "T":
				g.p("s.R[op&7] |= 0xff")
				g.idle(2)
			case "F":
				g.p("s.R[op&7] &^= 0xff")
			default:
				g.p("t := uint32(0)")
				g.p("if %s { t = 2 }", c.expr)
				g.p("s.R[op&7] = s.R[op&7]&^0xff | -(t>>1)&0xff")
				g.extra = "t"
			}
			// The time is that after the prefetch.
			extra := g.extra
			t := g.t
			g.extra, g.t = "", 0
			g.prefetch()
			g.extra, g.t = extra, g.t+t
			g.end()
		}
		return
	}
	mask, match := opcode(0xf0c0, 0x50c0, m)
	g := f.handler("scc_"+m.String(), mask, match)
	g.operand("d", "ea", m, byteSize, srcReg)
	g.p("_ = d")
	g.p("r := uint32(0)")
	g.p("if s.condition(op>>8) { r = 0xff }")
	g.store("r", byteSize)
}

// bit writes the instruction with its bit number in a register and in the
// program.
func bit(f *file, name string, bits uint16, modes []mode) {
	for _, dynamic := range []bool{true, false} {
		for _, m := range modes {
			if m == mIM && !dynamic {
				continue
			}
			n, mk, mt := name, uint16(0xf1c0), bits
			if !dynamic {
				n, mk, mt = name+"i", 0xffc0, 0x0800|bits&0xc0
			}
			mask, match := opcode(mk, mt, m)
			g := f.handler(n+"_"+m.String(), mask, match)
			if dynamic {
				g.p("n := s.R[%s]", dstReg)
			} else {
				g.ext("n")
			}
			r := map[string]string{"bchg": "d ^ b", "bclr": "d &^ b", "bset": "d | b"}[name]
			if m == mD {
				g.p("n &= 31")
				g.p("b := uint32(1) << n")
				g.p("d := s.R[%s]", srcReg)
				g.p("s.Z = d & b")
				if r != "" {
					g.p("s.R[%s] = %s", srcReg, r)
				}
				g.prefetch()
				switch name {
				case "btst":
					g.idle(2)
				case "bclr":
					g.idle(4)
					g.extra = "s.bitSteps(n)"
				default:
					g.idle(2)
					g.extra = "s.bitSteps(n)"
				}
				g.end()
				continue
			}
			g.operand("d", "ea", m, byteSize, srcReg)
			g.p("b := uint32(1) << (n&7)")
			g.p("s.Z = d & b")
			if r == "" {
				g.prefetch()
				if m == mIM {
					g.idle(2)
					g.inMAME(-2)
				}
				g.end()
				continue
			}
			g.p("r := %s", r)
			g.store("r", byteSize)
		}
	}
}

func bcd(f *file) {
	for _, o := range []struct {
		name string
		bits uint16
	}{{"abcd", 0xc100}, {"sbcd", 0x8100}} {
		g := f.handler(o.name+"_D", 0xf1f8, o.bits)
		g.p("r := s.%s(s.R[%s]&0xff, s.R[%s]&0xff)", o.name, srcReg, dstReg)
		g.putD(dstReg, "r", byteSize)
		g.prefetch()
		g.idle(2)
		g.end()

		g = f.handler(o.name+"_PD", 0xf1f8, o.bits|8)
		g.idle(2)
		for _, x := range [][3]string{{"v", "from", srcReg}, {"d", "ea", dstReg}} {
			g.p("%s := s.R[%s|8] - %s", x[1], x[2], step(byteSize, x[2]))
			g.p("s.R[%s|8] = %s", x[2], x[1])
			g.readAt(x[0], x[1], byteSize, false, "")
		}
		g.p("r := s.%s(v, d)", o.name)
		g.store("r", byteSize)
	}
}
