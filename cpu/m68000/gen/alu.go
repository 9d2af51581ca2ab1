package main

// alu writes the operations of two operands.
func alu(f *file) {
	for _, o := range []struct {
		name string
		bits uint16
	}{{"ADD", 0xd000}, {"SUB", 0x9000}, {"CMP", 0xb000}, {"AND", 0xc000}, {"OR", 0x8000}} {
		for _, z := range byteSizes {
			for _, m := range all {
				if m == mA && (z == byteSize || o.name == "AND" || o.name == "OR") {
					continue
				}
				toD(f, o.name, o.bits|uint16(z)<<6, z, m)
			}
		}
	}
	for _, o := range []struct {
		name string
		bits uint16
	}{{"ADD", 0xd100}, {"SUB", 0x9100}, {"EOR", 0xb100}, {"AND", 0xc100}, {"OR", 0x8100}} {
		for _, z := range byteSizes {
			modes := memAlterable
			if o.name == "EOR" {
				modes = dataAlterable
			}
			for _, m := range modes {
				fromD(f, o.name, o.bits|uint16(z)<<6, z, m)
			}
		}
	}
	for _, o := range []struct {
		name string
		bits uint16
	}{{"OR", 0x0000}, {"AND", 0x0200}, {"SUB", 0x0400}, {"ADD", 0x0600}, {"EOR", 0x0a00}, {"CMP", 0x0c00}} {
		for _, z := range byteSizes {
			for _, m := range dataAlterable {
				immediateTo(f, o.name, o.bits|uint16(z)<<6, z, m)
			}
		}
	}
	for _, o := range []struct {
		name string
		bits uint16
	}{{"ADD", 0x5000}, {"SUB", 0x5100}} {
		for _, z := range byteSizes {
			for _, m := range alterable {
				if m == mA && z == byteSize {
					continue
				}
				quick(f, o.name, o.bits|uint16(z)<<6, z, m)
			}
		}
	}
	for _, o := range []struct {
		name string
		bits uint16
	}{{"ADDA", 0xd0c0}, {"SUBA", 0x90c0}, {"CMPA", 0xb0c0}} {
		for _, z := range wordAndLong {
			for _, m := range all {
				toA(f, o.name, o.bits|uint16(z-1)<<8, z, m)
			}
		}
	}
	for _, o := range []struct {
		name string
		bits uint16
	}{{"ADDX", 0xd100}, {"SUBX", 0x9100}} {
		for _, z := range byteSizes {
			extended(f, o.name, o.bits|uint16(z)<<6, z)
		}
	}
	for _, z := range byteSizes {
		cmpm(f, z)
	}
}

var lower = map[string]string{"ADD": "add", "SUB": "sub", "CMP": "cmp", "AND": "and", "OR": "or", "EOR": "eor",
	"ADDA": "adda", "SUBA": "suba", "CMPA": "cmpa", "ADDX": "addx", "SUBX": "subx"}

// longTail is the idle time of a long operation on a data register: 4 clock
// cycles if the source is a register or immediate, else 2.
func longTail(g *fn, name string, z size, m mode) {
	if z != longSize {
		return
	}
	if name != "CMP" && (m == mD || m == mA || m == mIM) {
		g.idle(4)
	} else {
		g.idle(2)
	}
}

func toD(f *file, name string, bits uint16, z size, m mode) {
	mask, match := opcode(0xf1c0, bits, m)
	g := f.handler(lower[name]+z.String()+"_"+m.String()+"_D", mask, match)
	g.operand("v", "ea", m, z, srcReg)
	g.p("d := %s", z.low("s.R["+dstReg+"]"))
	g.compute(name, "d", "v", z)
	if name != "CMP" {
		g.putD(dstReg, "r", z)
	}
	g.prefetch()
	longTail(g, name, z, m)
	g.end()
}

// store finishes an operation on memory: prefetch, then the write, the lower
// word of a long first.
func (g *fn) store(r string, z size) {
	g.prefetch()
	order := ""
	if z == longSize {
		order = "Low"
	}
	g.d = 2*g.words - 2
	g.writeAt(r, "ea", z, order)
	g.end()
}

func fromD(f *file, name string, bits uint16, z size, m mode) {
	mask, match := opcode(0xf1c0, bits, m)
	g := f.handler(lower[name]+z.String()+"_D_"+m.String(), mask, match)
	if m == mD { // EOR only
		g.p("v := s.R[%s]", dstReg)
		g.p("d := s.R[%s]", srcReg)
		g.compute(name, "d", "v", z)
		g.putD(srcReg, "r", z)
		g.prefetch()
		longTail(g, name, z, m)
		g.end()
		return
	}
	g.operand("d", "ea", m, z, srcReg)
	g.p("v := %s", z.low("s.R["+dstReg+"]"))
	g.compute(name, "d", "v", z)
	g.store("r", z)
}

func immediateTo(f *file, name string, bits uint16, z size, m mode) {
	mask, match := opcode(0xffc0, bits, m)
	g := f.handler(lower[name]+"i"+z.String()+"_"+m.String(), mask, match)
	g.immediate("v", z)
	g.operand("d", "ea", m, z, srcReg)
	g.compute(name, "d", "v", z)
	switch {
	case m == mD:
		if name != "CMP" {
			g.putD(srcReg, "r", z)
		}
		g.prefetch()
		longTail(g, name, z, m)
		if name == "AND" && z == longSize {
			g.inMAME(-2)
		}
		g.end()
	case name == "CMP":
		g.prefetch()
		g.end()
	default:
		g.store("r", z)
	}
}

func quick(f *file, name string, bits uint16, z size, m mode) {
	mask, match := opcode(0xf1c0, bits, m)
	g := f.handler(lower[name]+"q"+z.String()+"_"+m.String(), mask, match)
	g.p("v := (op>>9-1)&7 + 1")
	if m == mA {
		g.p("s.R[%s|8] %s= v", srcReg, map[string]string{"ADD": "+", "SUB": "-"}[name])
		g.prefetch()
		g.idle(4)
		if name == "ADD" && z == wordSize {
			g.inMAME(-4)
		}
		g.end()
		return
	}
	g.operand("d", "ea", m, z, srcReg)
	g.compute(name, "d", "v", z)
	if m != mD {
		g.store("r", z)
		return
	}
	g.putD(srcReg, "r", z)
	g.prefetch()
	if z == longSize {
		g.idle(4)
	}
	g.end()
}

func toA(f *file, name string, bits uint16, z size, m mode) {
	mask, match := opcode(0xf1c0, bits, m)
	g := f.handler(lower[name]+z.String()+"_"+m.String(), mask, match)
	g.operand("v", "ea", m, z, srcReg)
	if z == wordSize {
		g.p("v = %s", z.sign("v"))
	}
	switch name {
	case "ADDA":
		g.p("s.R[%s|8] += v", dstReg)
	case "SUBA":
		g.p("s.R[%s|8] -= v", dstReg)
	case "CMPA":
		g.p("d := s.R[%s|8]", dstReg)
		g.compute("CMP", "d", "v", longSize)
	}
	g.prefetch()
	switch {
	case name == "CMPA", z == longSize && m != mD && m != mA && m != mIM:
		g.idle(2)
	default:
		g.idle(4)
	}
	g.end()
}

// addWithX emits r := d op v op X with the flags; Z is only cleared.
func (g *fn) addWithX(name string, z size) {
	sign := "+"
	if name == "SUBX" {
		sign = "-"
	}
	if z == longSize {
		g.p("wide := uint64(d) %s uint64(v) %s uint64(s.X)", sign, sign)
		g.p("r := uint32(wide)")
		g.p("s.C = uint32(wide>>32)&1")
	} else {
		g.p("r := d %s v %s s.X", sign, sign)
		g.p("s.C = r>>%d&1", z.bits())
	}
	g.p("s.X = s.C")
	g.p("s.N = %s", z.up("r"))
	g.p("s.Z |= s.N")
	if name == "ADDX" {
		g.p("s.V = %s", z.up("(d^r)&(v^r)"))
	} else {
		g.p("s.V = %s", z.up("(d^v)&(d^r)"))
	}
}

func extended(f *file, name string, bits uint16, z size) {
	g := f.handler(lower[name]+z.String()+"_D", 0xf1f8, bits)
	g.p("v, d := %s, %s", z.low("s.R["+srcReg+"]"), z.low("s.R["+dstReg+"]"))
	g.addWithX(name, z)
	g.putD(dstReg, "r", z)
	g.prefetch()
	if z == longSize {
		g.idle(4)
	}
	g.end()

	g = f.handler(lower[name]+z.String()+"_PD", 0xf1f8, bits|8)
	g.idle(2)
	for _, o := range [][3]string{{"v", "from", srcReg}, {"d", "ea", dstReg}} {
		g.p("%s := s.R[%s|8] - %s", o[1], o[2], step(z, o[2]))
		g.d = 0
		if z == longSize {
			g.readAt(o[0], o[1], z, false, "Low")
			g.p("s.R[%s|8] = %s", o[2], o[1])
		} else {
			g.p("s.R[%s|8] = %s", o[2], o[1])
			g.readAt(o[0], o[1], z, false, "")
		}
	}
	g.addWithX(name, z)
	if z != longSize {
		g.store("r", z)
		return
	}
	// The lower word is written before the prefetch, the upper after it.
	g.p("low := ea + 2")
	g.writeAt("r", "low", wordSize, "")
	g.prefetch()
	g.writeAt("r>>16", "ea", wordSize, "")
	g.end()
}

func cmpm(f *file, z size) {
	g := f.handler("cmpm"+z.String(), 0xf1f8, 0xb108|uint16(z)<<6)
	for _, o := range [][3]string{{"v", "from", srcReg}, {"d", "ea", dstReg}} {
		g.p("%s := s.R[%s|8]", o[1], o[2])
		g.d = 0
		count := func() { g.p("s.R[%s|8] = %s + %s", o[2], o[1], step(z, o[2])) }
		switch {
		case o[0] == "d":
		case z == longSize:
			// A fault here finds the register half counted up.
			g.p("s.R[%s|8] = %s + 2", o[2], o[1])
		default:
			count()
		}
		g.readAt(o[0], o[1], z, false, "")
		if z == longSize || o[0] == "d" {
			count()
		}
	}
	g.compute("CMP", "d", "v", z)
	g.prefetch()
	g.end()
}
