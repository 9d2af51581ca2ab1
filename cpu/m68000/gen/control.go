package main

// control writes branches, jumps, calls and returns.
func control(f *file) {
	for i, c := range conditions {
		if c.name != "F" {
			bcc(f, i, c.name, c.expr)
		}
		dbcc(f, i, c.name, c.expr)
	}
	bsr(f)
	for _, m := range controlModes {
		jmp(f, m)
		jsr(f, m)
	}
	g := f.handler("rts", 0xffff, 0x4e75)
	g.p("sp := s.R[15]")
	g.readAt("to", "sp", longSize, false, "")
	g.p("s.R[15] = sp + 4")
	g.jump("to", "s.PC-2", "s.PC-2")
	g.finish()

	g = f.handler("link", 0xfff8, 0x4e50)
	g.p("sp := s.R[15] - 4")
	g.p("an := s.R[op&7|8]")
	g.ext("by")
	g.d = 0
	g.writeAt("an", "sp", longSize, "")
	g.p("s.R[op&7|8] = sp")
	g.p("s.R[15] = sp + uint32(int32(int16(by)))")
	g.prefetch()
	g.end()

	g = f.handler("unlk", 0xfff8, 0x4e58)
	g.p("sp := s.R[op&7|8]")
	g.d = 0
	g.readAt("v", "sp", longSize, false, "")
	g.p("s.R[15] = sp + 4")
	g.p("s.R[op&7|8] = v")
	g.prefetch()
	g.end()
}

func bcc(f *file, code int, name, expr string) {
	bits := 0x6000 | uint16(code)<<8
	// Short: the displacement is in the opcode.
	g := f.handler("b"+name+"_B", 0xff00, bits)
	taken := func(to, end string) {
		g.idle(2)
		g.p("to := %s", to)
		g.jump("to", "s.PC-2", end)
	}
	if name != "T" {
		g.p("if %s {", expr)
		h := *g
		taken("s.PC - 2 + uint32(int32(int8(op)))", "s.PC-2")
		body := g.b
		*g = h
		g.b = body + "}\n"
		g.idle(4)
		g.prefetch()
		g.end()
	} else {
		taken("s.PC - 2 + uint32(int32(int8(op)))", "s.PC-2")
		g.finish()
	}
	// Word: it is in the queue.
	g = f.handler("b"+name+"_W", 0xffff, bits)
	if name != "T" {
		g.p("if %s {", expr)
		h := *g
		taken("s.PC - 2 + uint32(int32(int16(s.IRC)))", "s.PC")
		body := g.b
		*g = h
		g.b = body + "}\n"
		g.idle(4)
		g.ext("by")
		g.p("_ = by")
		g.prefetch()
		g.end()
	} else {
		taken("s.PC - 2 + uint32(int32(int16(s.IRC)))", "s.PC")
		g.finish()
	}
}

func dbcc(f *file, code int, name, expr string) {
	g := f.handler("db"+name, 0xfff8, 0x50c8|uint16(code)<<8)
	if name != "F" {
		// Condition true: on to the next instruction.
		if name != "T" {
			g.p("if %s {", expr)
		}
		g.idle(4)
		g.ext("by")
		g.p("_ = by")
		g.prefetch()
		g.p("s.IRC = uint16(irc)")
		g.p("s.PC = pc + 4")
		g.p("s.Time += 12")
		g.p("return next")
		if name == "T" {
			g.finish()
			return
		}
		g.p("}")
	}
	body, ok := g.b, g.ok
	*g = fn{f: g.f, name: g.name, d: -2, ok: ok, b: body}
	g.p("d := s.R[op&7]")
	g.p("n := (d - 1) & 0xffff")
	g.p("to := s.PC - 2 + uint32(int32(int16(s.IRC)))")
	g.p("if to&1 != 0 { return c.jump(to, 2, s.PC, s.PC) }")
	g.p("s.R[op&7] = d&^0xffff | n")
	g.p("if n != 0xffff {")
	g.idle(2)
	g.jump("to", "s.PC", "s.PC")
	g.p("}")
	// The counter ran out: the branch was prefetched in vain.
	g.p("return c.dbccExpired(to)")
	g.finish()
}

func bsr(f *file) {
	for _, short := range []bool{true, false} {
		name, mask, by, back := "bsr_B", uint16(0xff00), "int8(op)", "s.PC - 2"
		if !short {
			name, mask, by, back = "bsr_W", 0xffff, "int16(s.IRC)", "s.PC"
		}
		g := f.handler(name, mask, 0x6100)
		g.idle(2)
		g.p("sp := s.R[15] - 4")
		g.p("back := %s", back)
		g.d = 0
		g.ok = true
		g.writeAt("back", "sp", longSize, "")
		g.p("s.R[15] = sp")
		g.p("to := s.PC - 2 + uint32(int32(%s))", by)
		g.jump("to", "to", "back")
		g.finish()
	}
}

// target computes the address that JMP and JSR go to, and returns the bytes
// of their extension that a fault's program counter counts.
func target(g *fn, m mode) {
	switch m {
	case mAI:
		g.p("to := s.R[op&7|8]")
	case mDI:
		g.idle(2)
		g.p("to := s.R[op&7|8] + uint32(int32(int16(s.IRC)))")
	case mIX:
		g.idle(6)
		g.p("to := s.index(s.R[op&7|8], uint32(s.IRC))")
	case mAW:
		g.idle(2)
		g.p("to := uint32(int32(int16(s.IRC)))")
	case mAL:
		g.ext("hi")
		g.p("to := hi<<16 | irc")
	case mPD16:
		g.idle(2)
		g.p("to := s.PC - 2 + uint32(int32(int16(s.IRC)))")
	case mPX:
		g.idle(6)
		g.p("to := s.index(s.PC - 2, uint32(s.IRC))")
	}
}

// backFrom is the end of a JMP or JSR, relative to s.PC.
func backFrom(m mode) int { return map[mode]int{mAI: -2, mAL: 2}[m] }

func jmp(f *file, m mode) {
	mask, match := opcode(0xffc0, 0x4ec0, m)
	g := f.handler("jmp_"+m.String(), mask, match)
	target(g, m)
	g.jump("to", "s.PC-2", offset("s.PC", backFrom(m)))
	g.finish()
}

// jsr fetches the first word at the target before it pushes the return
// address.
func jsr(f *file, m mode) {
	mask, match := opcode(0xffc0, 0x4e80, m)
	g := f.handler("jsr_"+m.String(), mask, match)
	target(g, m)
	back := backFrom(m)
	g.ok = true
	g.p("var next, word uint32")
	g.p("if o := to - c.winBase; o < c.winSize && to&1 == 0 {")
	g.p("next = be16(c.win, o)")
	g.p("} else if next, ok = c.fetchAt(to, %s, %s); !ok {", g.at(), offset("s.PC", back))
	g.p(fault)
	g.t += 4
	g.p("sp := s.R[15] - 4")
	g.p("s.R[15] = sp")
	g.d = back
	g.p("back := %s", offset("s.PC", back))
	g.writeAt("back", "sp", longSize, "")
	g.p("if o := to + 2 - c.winBase; o < c.winSize {")
	g.p("word = be16(c.win, o)")
	g.p("} else if word, ok = c.fetch(to+2, %s); !ok {", g.at())
	g.p(fault)
	g.t += 4
	g.p("s.JumpEnd, s.JumpTo = back, to")
	g.p("s.IRC = uint16(word)")
	g.p("s.PC = to + 4")
	g.time(0)
	g.p("return next")
	g.finish()
}
