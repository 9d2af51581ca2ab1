package main

// moves writes MOVE, MOVEA, MOVEQ, MOVEM, MOVEP and the address instructions.
func moves(f *file) {
	for z := range byteSizes {
		z := size(z)
		bits := [...]uint16{0x1000, 0x3000, 0x2000}[z]
		for _, src := range all {
			if src == mA && z == byteSize {
				continue
			}
			for _, dst := range dataAlterable {
				move(f, z, bits, src, dst)
			}
			if z != byteSize {
				movea(f, z, bits, src)
			}
		}
	}
	g := f.handler("moveq", 0xf100, 0x7000)
	g.p("r := uint32(int32(int8(op)))")
	g.p("s.R[%s] = r", dstReg)
	g.logic("r", longSize)
	g.prefetch()
	g.end()
	for _, z := range wordAndLong {
		for _, m := range []mode{mAI, mPD, mDI, mIX, mAW, mAL} {
			movem(f, z, m, false)
		}
		for _, m := range []mode{mAI, mPI, mDI, mIX, mAW, mAL, mPD16, mPX} {
			movem(f, z, m, true)
		}
		movep(f, z)
	}
	for _, m := range controlModes {
		lea(f, m)
		pea(f, m)
	}
}

func move(f *file, z size, bits uint16, src, dst mode) {
	sm, sv := src.enc()
	dm, dv := dst.enc()
	swap := func(v uint16) uint16 { return v&7<<9 | v&0x38<<3 }
	g := f.handler("move"+z.String()+"_"+src.String()+"_"+dst.String(), 0xf000|sm|swap(dm), bits|sv|swap(dv))
	g.operand("v", "from", src, z, srcReg)
	memory := src >= mAI && src != mIM
	if dst == mD {
		g.logic("v", z)
		g.putD(dstReg, "v", z)
		g.prefetch()
		g.end()
		return
	}
	// The flags are set before the write, and show if it faults. Those of a
	// long are made in two halves, of which only one may be done by then.
	an := "s.R[" + dstReg + "|8]"
	extra := 2*g.words - 2 // bytes of source extension, less the opcode's
	flags := func() { g.logic("v", z) }
	first := func() {
		switch {
		case z != longSize:
			flags()
		case !memory:
		default:
			g.logic("v", wordSize)
		}
	}
	last := func() {
		if z == longSize {
			flags()
		}
	}
	switch dst {
	case mAI, mPI:
		g.p("to := %s", an)
		first()
		g.d = extra + 2
		g.writeAt("v", "to", z, "")
		if dst == mPI {
			g.p("%s = to + %s", an, step(z, dstReg))
		}
		last()
		g.prefetch()
	case mPD:
		g.p("to := %s - %s", an, step(z, dstReg))
		flags()
		g.prefetch()
		g.d = extra + 2
		if z == longSize {
			g.writeAt("v", "to", z, "Low")
			g.p("%s = to", an)
		} else {
			g.p("%s = to", an)
			g.writeAt("v", "to", z, "After")
		}
	case mDI, mIX, mAW:
		if dst == mIX {
			g.idle(2)
		}
		g.use()
		switch dst {
		case mDI:
			g.p("to := %s + uint32(int32(int16(irc)))", an)
		case mIX:
			g.p("to := s.index(%s, irc)", an)
		case mAW:
			g.p("to := uint32(int32(int16(irc)))")
		}
		partial(g, z, src, dst == mAW)
		g.fetch()
		g.d = extra + 2
		g.writeAt("v", "to", z, "")
		last()
		g.prefetch()
	case mAL:
		g.ext("toHi")
		g.p("to := toHi<<16 | irc")
		g.d = extra + 4
		if memory {
			// The lower half of the address is still in the queue when the
			// write is made.
			g.logic("v", min(z, wordSize))
			g.d = extra + 2
			g.writeAt("v", "to", z, "")
			g.fetch()
		} else {
			flags()
			g.fetch()
			g.writeAt("v", "to", z, "")
		}
		last()
		g.prefetch()
	}
	g.end()
}

// partial sets the flags as they are when a write with a displacement or
// absolute address begins.
func partial(g *fn, z size, src mode, absolute bool) {
	if z == longSize && !absolute && (src <= mA || src == mIM) {
		g.p("s.N, s.Z = v, v")
		return
	}
	g.logic("v", z)
}

func movea(f *file, z size, bits uint16, src mode) {
	sm, sv := src.enc()
	g := f.handler("movea"+z.String()+"_"+src.String(), 0xf1c0|sm, bits|0x0040|sv)
	g.operand("v", "from", src, z, srcReg)
	g.p("s.R[%s|8] = %s", dstReg, z.sign("v"))
	g.prefetch()
	g.end()
}

// movem writes MOVEM. The bus cycles themselves are made by methods, since
// their number is in the register list.
func movem(f *file, z size, m mode, load bool) {
	name, bits := "movem"+z.String(), uint16(0x4880)
	if load {
		name, bits = name+"_load", 0x4c80
	}
	if z == longSize {
		bits |= 0x40
	}
	mask, match := opcode(0xffc0, bits, m)
	g := f.handler(name+"_"+m.String(), mask, match)
	g.ext("list")
	if m == mPI || m == mPD {
		g.p("ea := s.R[op&7|8]")
	} else {
		g.address("ea", m, z, srcReg)
	}
	// The program counter in a fault's frame is that after all words.
	d := 2 * g.words
	g.ok = true
	method := "store"
	switch {
	case m == mPD:
		method = "storeDown"
	case m.pcRelative():
		method = "loadP"
	case load:
		method = "load"
	}
	g.p("t, ok := c.%s%s(list, ea, %d, %d)", method, z, g.t, d)
	g.p("if !ok {")
	g.p(fault)
	switch m {
	case mPI:
		n := map[size]int{wordSize: 1, longSize: 2}[z]
		g.p("s.R[op&7|8] = ea + uint32(bits.OnesCount16(uint16(list)))<<%d", n)
	case mPD:
		n := map[size]int{wordSize: 1, longSize: 2}[z]
		g.p("s.R[op&7|8] = ea - uint32(bits.OnesCount16(uint16(list)))<<%d", n)
	}
	g.t, g.extra = 0, "t"
	g.prefetch()
	g.end()
}

func movep(f *file, z size) {
	n := int(z) * 2
	bits := uint16(0x0108)
	if z == longSize {
		bits = 0x0148
	}
	g := f.handler("movep"+z.String()+"_load", 0xf1f8, bits)
	g.address("ea", mDI, z, srcReg)
	for i := range n {
		v := string(rune('h' + i))
		g.readAt(v, "ea", byteSize, false, "")
		if i < n-1 {
			g.p("ea += 2")
		}
	}
	if z == wordSize {
		g.p("r := h<<8 | i")
	} else {
		g.p("r := h<<24 | i<<16 | j<<8 | k")
	}
	g.putD(dstReg, "r", z)
	g.prefetch()
	g.end()

	g = f.handler("movep"+z.String()+"_store", 0xf1f8, bits|0x80)
	g.address("ea", mDI, z, srcReg)
	g.p("v := s.R[%s]", dstReg)
	for i := range n {
		v := "v"
		if sh := 8 * (n - 1 - i); sh > 0 {
			v = map[int]string{8: "v>>8", 16: "v>>16", 24: "v>>24"}[sh]
		}
		g.writeAt(v, "ea", byteSize, "")
		if i < n-1 {
			g.p("ea += 2")
		}
	}
	g.prefetch()
	g.end()
}

func lea(f *file, m mode) {
	mask, match := opcode(0xf1c0, 0x41c0, m)
	g := f.handler("lea_"+m.String(), mask, match)
	g.address("ea", m, longSize, srcReg)
	if m == mIX || m == mPX {
		g.idle(2)
	}
	g.p("s.R[%s|8] = ea", dstReg)
	g.prefetch()
	g.end()
}

func pea(f *file, m mode) {
	mask, match := opcode(0xffc0, 0x4840, m)
	g := f.handler("pea_"+m.String(), mask, match)
	g.address("ea", m, longSize, srcReg)
	if m == mIX || m == mPX {
		g.idle(2)
	}
	g.p("sp := s.R[15] - 4")
	g.p("s.R[15] = sp")
	g.d = 2 * g.words
	if m == mAW || m == mAL {
		g.writeAt("ea", "sp", longSize, "")
		g.prefetch()
	} else {
		g.prefetch()
		g.writeAt("ea", "sp", longSize, "")
	}
	g.end()
}
