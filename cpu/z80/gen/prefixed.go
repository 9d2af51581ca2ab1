package main

// bitInstructions emits the instructions behind a CB prefix; s.PC is at the opcode.
func bitInstructions() {
	p("// execCB executes the instruction after a CB prefix.")
	p("func (c *CPU) execCB() {\ns, m := c.s, c.m\npc := s.PC\nvar op uint8")
	p("if p := m.FetchPages[pc>>8]; p != nil { op = p[uint8(pc)] } else { op = c.fetchSlow(pc, 4) }")
	p("s.R++\ns.PC = pc + 1\nswitch op {")
	for op := range 256 {
		x, y, z := op>>6, op>>3&7, op&7
		p("case %#02x:", op)
		setsQ = false
		if z == 6 {
			p("hl := s.HL")
			p("var v uint8")
			read("v", "hl", 8)
		} else {
			p("v := %s", get[z])
		}
		xy := "v"
		if z == 6 {
			xy = "uint8(s.WZ>>8)"
		}
		bitOperation(x, y, xy)
		switch {
		case z == 6 && x == 1:
			cycles(12)
		case z == 6:
			write("hl", "v", 12)
			cycles(15)
		default:
			if x != 1 {
				p("%s", set(z, "v"))
			}
			cycles(8)
		}
		if !setsQ {
			p("s.Q = 0")
		}
	}
	p("}\n}")
}

// bitOperation emits a rotation, BIT, RES or SET of the declared v. Bits 5 and
// 3 of F after BIT come from xy.
func bitOperation(x, y int, xy string) {
	switch x {
	case 0:
		carry := "v >> 7"
		if y&1 == 1 {
			carry = "v & 1"
		}
		p("carry := %s", carry)
		p("v = %s", [8]string{"v<<1 | carry", "v>>1 | carry<<7", "v<<1 | s.F&flagC", "v>>1 | s.F<<7",
			"v << 1", "v>>1 | v&0x80", "v<<1 | 1", "v >> 1"}[y])
		flags("sz53p[v] | carry")
	case 1:
		p("f := s.F&flagC | flagH | %s&(flagY|flagX)", xy)
		if y == 7 {
			p("f |= v & flagS")
		}
		p("if v&%#02x == 0 { f |= flagZ | flagP }", 1<<y)
		p("s.F, s.Q = f, f")
		setsQ = true
	case 2:
		p("v &^= %#02x", 1<<y)
	case 3:
		p("v |= %#02x", 1<<y)
	}
}

// indexed emits the instructions behind a DD or FD prefix. T-states count from
// the end of the prefix.
func indexed() {
	p("// index executes the instruction op, fetched at pc after a DD or FD prefix,")
	p("// with *i in the place of HL. It reports false, and has done nothing, if the")
	p("// instruction has nothing to do with HL: then the prefix is a NOP.")
	p("func (c *CPU) index(i *uint16, pc uint16, op uint8) bool {\ns, m := c.s, c.m\nswitch op {\ndefault:\nreturn false")
	high, low := get[4], get[5]
	pair := pairs[2]
	get[4], get[5], pairs[2] = "uint8(*i>>8)", "uint8(*i)", "*i"
	defer func() { get[4], get[5], pairs[2] = high, low, pair }()
	for op := range 256 {
		setsQ = false
		before := out.Len()
		p("case %#02x:\ns.R++", op)
		if !indexedInstruction(op) {
			out.Truncate(before)
			continue
		}
		if !setsQ {
			p("s.Q = 0")
		}
	}
	p("}\nreturn true\n}")
}

func length(n int) { p("s.PC = pc + %d", n) }

// displaced reads the displacement into the declared addr.
func displaced(length_ int) {
	length(length_)
	p("var d uint8")
	read("d", "(pc+1)", 4)
	p("addr := *i + uint16(int8(d))")
	p("s.WZ = addr")
}

// setIndexed is set for the halves of the index register.
func setIndexed(r int, v string) {
	switch r {
	case 4:
		p("*i = *i&0xff | uint16(%s)<<8", v)
	case 5:
		p("*i = *i&0xff00 | uint16(%s)", v)
	default:
		p("%s", set(r, v))
	}
}

// indexedInstruction emits op, if it has to do with HL.
func indexedInstruction(op int) bool {
	x, y, z := op>>6, op>>3&7, op&7
	half := func(r int) bool { return r == 4 || r == 5 }
	switch {
	case op == 0x76:
		return false
	case x == 1 && y == 6: // LD (IX+d),r: H and L are themselves
		displaced(2)
		write("addr", [8]string{4: "uint8(s.HL>>8)", 5: "uint8(s.HL)"}[z]+map[bool]string{false: get[z]}[half(z)], 12)
		cycles(15)
	case x == 1 && z == 6: // LD r,(IX+d)
		displaced(2)
		p("var v uint8")
		read("v", "addr", 12)
		p("%s", set(y, "v"))
		cycles(15)
	case x == 1 && (half(y) || half(z)):
		length(1)
		if y != z {
			setIndexed(y, get[z])
		}
		cycles(4)
	case x == 2 && z == 6:
		displaced(2)
		p("var v uint8")
		read("v", "addr", 12)
		alu(y)
		cycles(15)
	case x == 2 && half(z):
		length(1)
		p("v := %s", get[z])
		alu(y)
		cycles(4)
	case x == 0 && z == 1 && y&1 == 1: // ADD IX,rr
		length(1)
		add16("*i", pairs[y>>1])
		cycles(11)
	case x == 0 && (z == 4 || z == 5) && half(y): // INC and DEC of halves
		length(1)
		p("v := %s %s 1", get[y], [2]string{"+", "-"}[z-4])
		setIndexed(y, "v")
		flags("s.F&flagC | " + [2]string{"incF", "decF"}[z-4] + "[v]")
		cycles(4)
	case x == 0 && z == 6 && half(y): // LD IXH,n
		length(2)
		p("var v uint8")
		read("v", "(pc+1)", 4)
		setIndexed(y, "v")
		cycles(7)
	case op == 0x34, op == 0x35: // INC (IX+d), DEC (IX+d)
		displaced(2)
		p("var v uint8")
		read("v", "addr", 12)
		p("v%s", [2]string{"++", "--"}[op-0x34])
		flags("s.F&flagC | " + [2]string{"incF", "decF"}[op-0x34] + "[v]")
		write("addr", "v", 16)
		cycles(19)
	default:
		return indexedSingle(op)
	}
	return true
}

// indexedSingle emits the instructions that come once.
func indexedSingle(op int) bool {
	switch op {
	case 0x21: // LD IX,nn
		length(3)
		word("(pc+1)", "(pc+2)", 4)
		p("*i = nn")
		cycles(10)
	case 0x22: // LD (nn),IX
		length(3)
		word("(pc+1)", "(pc+2)", 4)
		p("s.WZ = nn + 1")
		write("nn", "uint8(*i)", 10)
		write("(nn+1)", "uint8(*i>>8)", 13)
		cycles(16)
	case 0x2a: // LD IX,(nn)
		length(3)
		word("(pc+1)", "(pc+2)", 4)
		p("s.WZ = nn + 1")
		read("lo", "nn", 10)
		read("hi", "(nn+1)", 13)
		p("*i = uint16(hi)<<8 | uint16(lo)")
		cycles(16)
	case 0x23, 0x2b: // INC IX, DEC IX
		length(1)
		p("*i%s", map[int]string{0x23: "++", 0x2b: "--"}[op])
		cycles(6)
	case 0x36: // LD (IX+d),n: the sum is made while n is read
		displaced(3)
		p("var v uint8")
		read("v", "(pc+2)", 7)
		write("addr", "v", 12)
		cycles(15)
	case 0xcb:
		p("c.indexCB(*i, pc)")
		setsQ = true
	case 0xe1: // POP IX
		length(1)
		pop(4)
		p("*i = nn")
		cycles(10)
	case 0xe3: // EX (SP),IX
		length(1)
		p("sp := s.SP")
		word("sp", "(sp+1)", 4)
		write("(sp+1)", "uint8(*i>>8)", 11)
		write("sp", "uint8(*i)", 14)
		p("*i, s.WZ = nn, nn")
		cycles(19)
	case 0xe5: // PUSH IX
		length(1)
		p("v := *i")
		push("v", 5)
		cycles(11)
	case 0xe9: // JP (IX)
		p("s.PC = *i")
		cycles(4)
	case 0xf9: // LD SP,IX
		length(1)
		p("s.SP = *i")
		cycles(6)
	default:
		return false
	}
	return true
}
