package main

// misc writes what is left: multiplication and division, CHK, EXG, the status
// register, and everything that can trap.
func misc(f *file) {
	for _, m := range data {
		muldiv(f, m)
		chk(f, m)
		toStatus(f, m, true)
		toStatus(f, m, false)
	}
	for _, m := range dataAlterable {
		fromSR(f, m)
	}
	for i, k := range []string{"D", "A", "DA"} {
		g := f.handler("exg_"+k, 0xf1f8, [...]uint16{0xc140, 0xc148, 0xc188}[i])
		x, y := dstReg, srcReg
		if k == "A" {
			x += "|8"
		}
		if k != "D" {
			y += "|8"
		}
		g.p("s.R[%s], s.R[%s] = s.R[%s], s.R[%s]", x, y, y, x)
		g.prefetch()
		g.idle(2)
		g.end()
	}
	for i, o := range []string{"|", "&", "^"} {
		name := [...]string{"ori", "andi", "eori"}[i]
		bits := [...]uint16{0x003c, 0x023c, 0x0a3c}[i]
		immediateToStatus(f, name+"CCR", bits, o, false)
		immediateToStatus(f, name+"SR", bits|0x40, o, true)
	}
	g := f.handler("nop", 0xffff, 0x4e71)
	g.prefetch()
	g.end()

	g = f.handler("moveToUSP", 0xfff8, 0x4e60)
	g.privileged()
	g.p("s.SP2 = s.R[op&7|8]")
	g.prefetch()
	g.end()
	g = f.handler("moveFromUSP", 0xfff8, 0x4e68)
	g.privileged()
	g.p("s.R[op&7|8] = s.SP2")
	g.prefetch()
	g.end()
	for _, o := range []struct {
		name        string
		mask, match uint16
		body        string
	}{
		{"illegal", 0xffff, 0x4afc, "c.illegal(vecIllegal)"},
		{"lineA", 0xf000, 0xa000, "c.illegal(vecLineA)"},
		{"lineF", 0xf000, 0xf000, "c.illegal(vecLineF)"},
		{"trap", 0xfff0, 0x4e40, "c.trap(vecTrap + int(op&15))"},
		{"trapv", 0xffff, 0x4e76, "c.trapv()"},
		{"stop", 0xffff, 0x4e72, "c.stop()"},
		{"reset", 0xffff, 0x4e70, "c.resetOut()"},
		{"rte", 0xffff, 0x4e73, "c.rte()"},
		{"rtr", 0xffff, 0x4e77, "c.rtr()"},
	} {
		g := f.handler(o.name, o.mask, o.match)
		g.p("return %s", o.body)
		g.finish()
	}
}

func (g *fn) privileged() {
	g.p("if s.SR&srS == 0 { return c.privilege() }")
}

func muldiv(f *file, m mode) {
	for _, signed := range []bool{false, true} {
		name, bits := "mulu", uint16(0xc0c0)
		if signed {
			name, bits = "muls", 0xc1c0
		}
		mask, match := opcode(0xf1c0, bits, m)
		g := f.handler(name+"_"+m.String(), mask, match)
		g.operand("v", "ea", m, wordSize, srcReg)
		if signed {
			g.p("r := uint32(int32(int16(v)) * int32(int16(s.R[%s])))", dstReg)
			g.p("n := s.multiplySteps(bits.OnesCount32((v ^ v<<1) & 0xffff))")
		} else {
			g.p("r := v * (s.R[%s] & 0xffff)", dstReg)
			g.p("n := s.multiplySteps(bits.OnesCount32(v))")
		}
		g.p("s.R[%s] = r", dstReg)
		g.logic("r", longSize)
		g.prefetch()
		g.idle(34)
		g.extra = "2*n"
		g.end()

		name, bits = "divu", 0x80c0
		if signed {
			name, bits = "divs", 0x81c0
		}
		mask, match = opcode(0xf1c0, bits, m)
		g = f.handler(name+"_"+m.String(), mask, match)
		g.operand("v", "ea", m, wordSize, srcReg)
		g.use()
		g.p("if v == 0 { return c.zeroDivide(%s + s.inMAME(%d), %d) }", g.at(), map[bool]int{false: 140, true: 158}[signed], g.words)
		g.p("r, n := s.%s(s.R[%s], v)", name, dstReg)
		g.p("n = s.%sTime(n)", name)
		g.p("s.R[%s] = r", dstReg)
		g.extra = "n"
		g.prefetch()
		g.end()
	}
}

func chk(f *file, m mode) {
	mask, match := opcode(0xf1c0, 0x4180, m)
	g := f.handler("chk_"+m.String(), mask, match)
	g.operand("v", "ea", m, wordSize, srcReg)
	g.use()
	g.p("if n := s.chk(s.R[%s]&0xffff, v); n != 0 { return c.chkTrap(%s + n, %d) }", dstReg, g.at(), g.words)
	g.idle(6)
	g.prefetch()
	g.end()
}

// toStatus writes MOVE to CCR and MOVE to SR, which refill the queue.
func toStatus(f *file, m mode, ccr bool) {
	name, bits := "moveToSR", uint16(0x46c0)
	if ccr {
		name, bits = "moveToCCR", 0x44c0
	}
	mask, match := opcode(0xffc0, bits, m)
	g := f.handler(name+"_"+m.String(), mask, match)
	if !ccr {
		g.privileged()
	}
	g.operand("v", "ea", m, wordSize, srcReg)
	if g.queue {
		g.p("_ = irc // fetched in vain")
	}
	g.idle(4)
	if ccr {
		g.p("s.setCCR(v)")
	} else {
		g.p("c.setSR(v)")
	}
	g.p("to := %s", offset("s.PC", 2*g.words-2))
	g.p("return c.jump(to, %s, to, to)", g.at())
	g.finish()
}

func immediateToStatus(f *file, name string, bits uint16, o string, sr bool) {
	g := f.handler(name, 0xffff, bits)
	if sr {
		g.privileged()
	}
	g.ext("v")
	g.p("_ = irc // fetched in vain")
	g.idle(8)
	if sr {
		g.p("c.setSR(uint32(s.StatusRegister()) %s v)", o)
	} else {
		g.p("s.setCCR(s.ccr() %s v)", o)
	}
	g.p("return c.jump(pc, %s, pc, pc)", g.at())
	g.finish()
}

func fromSR(f *file, m mode) {
	mask, match := opcode(0xffc0, 0x40c0, m)
	g := f.handler("moveFromSR_"+m.String(), mask, match)
	g.operand("d", "ea", m, wordSize, srcReg)
	g.p("_ = d")
	g.p("r := uint32(s.StatusRegister())")
	if m == mD {
		g.putD(srcReg, "r", wordSize)
		g.prefetch()
		g.idle(2)
		g.end()
		return
	}
	g.store("r", wordSize)
}
