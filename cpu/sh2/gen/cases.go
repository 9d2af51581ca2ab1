package main

import "math/rand/v2"

// SR with the mask at level 12, above which the blank's interrupt is not.
const masked = 0xc0

const nop = 9

// maker makes cases from a fixed sequence of random numbers.
type maker struct {
	r      *rand.Rand
	blocks []*block
}

// block begins a kind of case, named with the place in the manual (SH7604
// hardware manual; PM: SH-1/SH-2 programming manual).
func (m *maker) block(name string) { m.blocks = append(m.blocks, &block{name: name}) }

// add makes a case with random registers and data.
func (m *maker) add(code ...uint16) *testCase {
	t := &testCase{code: code}
	for i := range 15 {
		t.regs[i] = m.number()
	}
	for _, i := range []int{rPR, rGBR, rMACH, rMACL} {
		t.regs[i] = m.number()
	}
	for i := range t.data {
		t.data[i] = m.number()
	}
	t.regs[13] = 0 // what the handlers count
	t.regs[rSP] = stackTop
	t.regs[rSR] = masked | uint32(m.r.IntN(2)) | uint32(m.r.IntN(4))<<8
	b := m.blocks[len(m.blocks)-1]
	b.cases = append(b.cases, t)
	return t
}

// number is any number, with a liking for the ends of ranges.
func (m *maker) number() uint32 {
	edges := []uint32{0, 1, 0x7f, 0x80, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff8000, 0x00010000}
	switch m.r.IntN(3) {
	case 0:
		return edges[m.r.IntN(len(edges))]
	case 1:
		return edges[m.r.IntN(len(edges))] + uint32(m.r.IntN(7)) - 3
	}
	return m.r.Uint32()
}

// nops are n of them.
func nops(n int) []uint16 {
	c := make([]uint16, n)
	for i := range c {
		c[i] = nop
	}
	return c
}

func join(parts ...[]uint16) (c []uint16) {
	for _, p := range parts {
		c = append(c, p...)
	}
	return c
}

// Some instructions.
func storeB(m, n uint16) []uint16        { return []uint16{0x2000 | n<<8 | m<<4} }
func storeW(m, n uint16) []uint16        { return []uint16{0x2001 | n<<8 | m<<4} }
func storeL(m, n uint16) []uint16        { return []uint16{0x2002 | n<<8 | m<<4} }
func loadB(m, n uint16) []uint16         { return []uint16{0x6000 | n<<8 | m<<4} }
func loadW(m, n uint16) []uint16         { return []uint16{0x6001 | n<<8 | m<<4} }
func loadL(m, n uint16) []uint16         { return []uint16{0x6002 | n<<8 | m<<4} }
func storeAt(m, d, n uint16) []uint16    { return []uint16{0x1000 | n<<8 | m<<4 | d/4} }
func loadFrom(d, m, n uint16) []uint16   { return []uint16{0x5000 | n<<8 | m<<4 | d/4} }
func (m *maker) pick(n ...uint32) uint32 { return n[m.r.IntN(len(n))] }

// makeBlocks makes all cases.
func makeBlocks() []*block {
	m := &maker{r: rand.New(rand.NewPCG(1, 7604))}
	m.blank() // first: the time of their blanks is counted from the start
	m.mac()
	m.exceptions()
	m.slots()
	m.divider()
	m.dma()
	m.timers()
	return m.blocks
}

// blank: an external interrupt in loops of different kinds, and in SLEEP.
func (m *maker) blank() {
	m.block("interrupt of an external level [4.4, 5.4]")
	wait := func(body ...uint16) {
		// loop: body; TST R13,R13; BT loop
		body = append(body, 0x2dd8)
		t := m.add(append(body, 0x8900|uint16(-len(body)-2)&0xff)...)
		t.prepareBlank(m)
	}
	wait()
	wait(nop)
	wait(nop, nop)
	wait(0xa001, nop, nop)               // BRA over one
	wait(0xa000, 0x7101)                 // BRA, ADD #1,R1 in the slot
	wait(0xb001, 0x7101, nop, 0x010a)    // BSR
	wait(0x0a07, 0x0b17, 0x021a)         // MUL.L
	wait(0x611a, 0x621b, 0x632f)         // NEGC, NEG, EXTS.W
	wait(0x0002, 0x400e)                 // STC SR,R0; LDC R0,SR
	wait(0x0002, 0x400e, nop, nop)       // the same
	wait(0xa000, 0x400e)                 // LDC R0,SR in a slot
	wait(0x8d00, 0x7101, 0x7201)         // BT/S
	wait(0x8f00, 0x7101, 0x7201)         // BF/S
	wait(0x2f06, 0x60f6, 0x4f22, 0x4f26) // stack
	m.block("SLEEP [PM 6.2, 14.3]")
	for range 4 {
		m.add(append([]uint16{0x001b}, nops(m.r.IntN(4))...)...).prepareBlank(m)
	}
	m.add(0x7101, 0x001b, 0x7101).prepareBlank(m)
	m.add(0xa000, 0x7101, 0x001b, 0x7101).prepareBlank(m)
}

func (t *testCase) prepareBlank(m *maker) {
	t.blank = true
	t.vectors = []int{vecBlank}
	t.regs[rSR] = m.pick(0x00, 0x50, 0xb0, 0xa1)
	t.regs[0] = t.regs[rSR]
	t.regs[11] = 0
	t.regs[12] = ackAt
}

func (m *maker) mac() {
	for _, k := range []struct {
		name string
		code uint16
		s    uint32
	}{
		{"MAC.L S=0 [PM 6.2 MAC.L]", 0x000f, 0}, {"MAC.L S=1 [PM 6.2 MAC.L]", 0x000f, 2},
		{"MAC.W S=0 [PM 6.2 MAC.W]", 0x400f, 0}, {"MAC.W S=1 [PM 6.2 MAC.W]", 0x400f, 2},
	} {
		m.block(k.name)
		for range 150 {
			a, b := uint16(m.r.IntN(13)), uint16(m.r.IntN(13))
			code := []uint16{k.code | a<<8 | b<<4}
			if m.r.IntN(3) == 0 {
				code = append(code, code...)
			}
			t := m.add(code...)
			t.regs[a] = dataAt + uint32(m.r.IntN(4))*4
			t.regs[b] = dataAt + uint32(m.r.IntN(4))*4
			t.regs[rSR] |= k.s
		}
	}
	m.block("DIV1 Rn,Rn [PM 6.2 DIV1]")
	for range 40 {
		n := uint16(m.r.IntN(13))
		m.add(0x3004 | n<<8 | n<<4)
	}
	m.block("CMP/STR, DIV0S, DIV1 [PM 6.2]")
	for range 60 {
		a, b := uint16(m.r.IntN(13)), uint16(m.r.IntN(13))
		t := m.add(0x200c|a<<8|b<<4, 0x0029, 0x2007|a<<8|b<<4, 0x3004|a<<8|b<<4, 0x3004|a<<8|b<<4)
		t.code[1] |= uint16(m.r.IntN(13)) << 8
	}
}

// exceptions: TRAPA, RTE, illegal codes.
func (m *maker) exceptions() {
	m.block("TRAPA [4.6, PM 6.2]")
	for range 40 {
		v := 32 + m.r.IntN(32)
		t := m.add(0xc300|uint16(v), 0x7101)
		t.vectors = []int{v}
	}
	m.block("RTE [PM 6.2]")
	for range 40 {
		// The slot is a random register instruction.
		slot := []uint16{nop, 0x7101, 0x0002, 0x6203, 0x3028, 0x0008, 0x0018, 0x0029, 0x4f17}[m.r.IntN(8)]
		t := m.add(0x002b, slot, 0x7201, 0x7301)
		t.regs[rSP] = dataAt
		t.data[0] = 0 // filled in below: the address after the slot
		t.data[1] = masked | m.r.Uint32()&^0xf0
		t.rte = true
	}
	m.block("LDC SR, STC SR [PM 6.2]")
	for range 30 {
		t := m.add(0x410e, 0x0202, 0x4f03, 0x4f07, 0x0302)
		t.regs[1] = masked | m.r.Uint32()&^0xf0
	}
	m.block("illegal code [4.6]")
	for range 30 {
		code := []uint16{0x0000, 0x0001, 0x0010, 0x0030, 0x4014, 0x400c, 0x400d, 0x8200, 0x8312, 0x8a01, 0x2003, 0x3001, 0x3009,
			0xf000, 0xffff, 0x8e12, 0x0033, 0x4034}[m.r.IntN(18)]
		t := m.add(code, 0x7101, 0x7101)
		t.vectors = []int{vecIllegal}
	}
	m.block("codes beside the documented ones [A.1]")
	for _, code := range []uint16{0x00c8, 0x0f08, 0x0f18, 0x0f19, 0x0f28, 0x4150, 0x4191, 0x4295, 0x41e0, 0x4244, 0x42c4, 0x0169,
		0x012a, 0x0182, 0x0f49, 0x4188, 0x419a, 0x4168} {
		for range 2 {
			m.add(code, 0x7701)
		}
	}
}

// slots: what stands in delay slots.
func (m *maker) slots() {
	m.block("delay slots [4.6.2, PM 4.4]")
	for _, code := range [][]uint16{
		{0xa001, 0xc700, nop, nop, nop},                 // BRA, MOVA
		{0xa002, 0xc701, nop, nop, nop, nop},            // the same, odd word
		{0xa001, 0xd100, nop, 0x1234, nop, nop, nop},    // BRA, MOV.L @(0,PC)
		{0xa002, 0x9101, nop, nop, 0x2345, nop, nop},    // BRA, MOV.W @(2,PC)
		{0xb001, 0x012a, nop, nop, nop},                 // BSR, STS PR
		{0xb002, 0x412a, nop, nop, nop},                 // BSR, LDS PR
		{0xa001, 0xa001, nop, nop, nop, nop},            // BRA, BRA
		{0xa001, 0xb001, nop, nop, nop, nop},            // BRA, BSR
		{0xa001, 0x8901, nop, nop, nop, nop, nop},       // BRA, BT
		{0xa001, 0x8b01, nop, nop, nop, nop, nop},       // BRA, BF
		{0xa001, 0x8d01, nop, nop, nop, nop, nop},       // BRA, BT/S
		{0x8d01, 0x8f01, nop, nop, nop, nop, nop, nop},  // BT/S, BF/S
		{0x8d01, 0x0018, nop, 0x7101, nop},              // BT/S, SETT
		{0x8f01, 0x0018, nop, 0x7101, nop},              // BF/S, SETT
		{0x8f01, 0x0008, nop, 0x7101, nop},              // BF/S, CLRT
		{0x8d01, 0x0129, nop, 0x7101},                   // BT/S, MOVT
		{0x8f01, 0x0129, nop, 0x7101},                   // BF/S, MOVT
		{0x8901, nop, nop, nop, 0x8b01, nop, nop, nop},  // BT, BF
		{0xc702, 0x402b, 0x7001, nop, nop, nop, nop},    // MOVA, JMP @R0, ADD #1,R0 in the slot
		{0xc702, 0x400b, 0x402a, nop, nop, nop, nop},    // MOVA, JSR @R0, LDS R0,PR
		{0xc702, 0x402a, 0x000b, 0x412a, nop, nop, nop}, // MOVA, LDS R0,PR; RTS, LDS R1,PR
		{0xe002, 0x0023, 0x7002, nop, nop, nop},         // MOV #2,R0; BRAF R0
		{0xe002, 0x0003, 0x002a, nop, nop, nop},         // BSRF R0, STS PR,R0
		{0xa001, 0x002b, nop, nop},                      // BRA, RTE: see below
	} {
		for range 3 {
			t := m.add(code...)
			if code[1] == 0x002b {
				t.regs[rSP] = dataAt
				t.rte = true
				t.data[1] = masked
			}
		}
	}
	m.block("TRAPA in a delay slot [4.6.2]")
	for range 6 {
		t := m.add(0xa001, 0xc300|vecTrap, nop, nop, nop)
		t.vectors = []int{vecTrap}
	}
	m.block("illegal code in a delay slot [4.6.2]")
	for range 6 {
		t := m.add(0xa001, 0xffff, nop, nop, nop, nop)
		t.vectors = []int{vecIllegal}
	}
}

// divider: the division unit.
func (m *maker) divider() {
	small := func() uint32 {
		if m.r.IntN(2) == 0 {
			return uint32(m.r.IntN(2001) - 1000)
		}
		return m.number()
	}
	m.block("DIVU 32/32 [10.3.2]")
	for range 80 {
		// DVCR, DVSR, DVDNT; all registers read back.
		t := m.add(join(storeAt(0, 8, 10), storeAt(1, 0, 10), storeAt(2, 4, 10), loadFrom(4, 10, 3), loadFrom(0x10, 10, 4),
			loadFrom(0x14, 10, 5), loadFrom(8, 10, 6), loadFrom(0x18, 10, 7), loadFrom(0x1c, 10, 8), loadFrom(0x24, 10, 9))...)
		t.regs[0], t.regs[10] = 1, 0xffffff00 // 1 clears OVF in MAME
		t.regs[1], t.regs[2] = small(), small()
		for t.regs[1] == 0xffffffff {
			t.regs[1] = small() // MAME ends when it divides the least number by that
		}
	}
	m.block("DIVU 64/32 [10.3.1]")
	for range 100 {
		t := m.add(join(storeAt(0, 8, 10), storeAt(1, 0, 10), storeAt(2, 0x10, 10), storeAt(3, 0x14, 10), loadFrom(0x10, 10, 4),
			loadFrom(0x14, 10, 5), loadFrom(8, 10, 6), loadFrom(0x18, 10, 7), loadFrom(0x1c, 10, 8))...)
		t.regs[0], t.regs[10] = 1, 0xffffff00 // 1 clears OVF in MAME
		t.regs[1] = small()
		t.regs[3] = m.number()
		t.regs[2] = m.pick(0, 0xffffffff, uint32(int32(t.regs[3])>>31), uint32(int32(t.regs[1])>>1), m.number())
		for t.regs[1] == 0xffffffff {
			t.regs[1] = small()
		}
	}
	m.block("DIVU by bytes and words, VCRDIV [10.2]")
	for range 30 {
		size := m.r.IntN(2)
		st := [](func(m, n uint16) []uint16){storeB, storeW}[size]
		ld := [](func(m, n uint16) []uint16){loadB, loadW}[size]
		t := m.add(join(storeAt(0, 8, 10), storeAt(1, 0, 10), storeAt(2, 0xc, 10), loadFrom(0xc, 10, 3), storeAt(4, 0x10, 10),
			st(5, 9), loadFrom(0, 10, 6), ld(9, 7), loadFrom(0x10, 10, 8))...)
		t.regs[0], t.regs[10] = 1, 0xffffff00 // 1 clears OVF in MAME
		t.regs[9] = 0xffffff00 + m.pick(0, 0x10, 0x0c)
		if size == 0 {
			t.regs[9] += uint32(m.r.IntN(4))
		} else {
			t.regs[9] += uint32(m.r.IntN(2)) * 2
		}
	}
}

// dma: the DMA controller.
func (m *maker) dma() {
	// R0 SAR, R1 DAR, R2 TCR, R3 CHCR, R4 DMAOR, R5 VCRDMA, R6 IPRA.
	for _, k := range []struct {
		name      string
		burst, ie uint32
	}{
		{"DMA, cycle steal [9.3.4]", 0, 0}, {"DMA, burst [9.3.4]", 0x10, 0},
		{"DMA, interrupt at the end [9.3.6, 5.2]", 0, 4}, {"DMA, burst, interrupt at the end [9.3.6, 5.2]", 0x10, 4},
	} {
		m.block(k.name)
		for range 50 {
			ch := uint16(m.r.IntN(2))
			o, v := ch*16, 0x20+ch*8
			units := 1 + m.r.IntN(3)
			size := uint32(m.r.IntN(4))
			if size == 3 {
				units = 4
			}
			wait := nops(m.r.IntN(3) + (units+1)*2 + 4)
			if m.r.IntN(4) == 0 {
				wait = wait[:m.r.IntN(4)] // the end is not waited for
			}
			t := m.add(join(storeW(6, 11), storeAt(5, v, 10), storeAt(0, o, 10), storeAt(1, o+4, 10), storeAt(2, o+8, 10),
				storeAt(4, 0x30, 10), storeAt(3, o+12, 10), wait,
				loadFrom(o, 10, 0), loadFrom(o+4, 10, 1), loadFrom(o+8, 10, 2), loadFrom(o+12, 10, 3), loadFrom(0x30, 10, 4),
				storeAt(14, o+12, 10), []uint16{nop})...)
			t.regs[14] = 0 // cancels it
			modes := []uint32{0, 1, 2}
			t.regs[10], t.regs[11] = 0xffffff80, 0xfffffee2
			t.regs[0] = dataAt + uint32(m.r.IntN(8)) + m.pick(0, 0x20000000)
			t.regs[1] = dataAt + 16 + uint32(m.r.IntN(6)) + m.pick(0, 0x20000000)
			if size == 3 {
				t.regs[0], t.regs[1] = dataAt, dataAt+16
				modes = modes[:2]
			}
			t.regs[2] = uint32(units)
			t.regs[3] = m.pick(modes...)<<14 | m.pick(modes...)<<12 | size<<10 | 0x200 | k.burst | k.ie | 1
			t.regs[4] = 1
			t.regs[5] = vecPlain
			t.regs[6] = m.pick(0xd00, 0xe00, 0xf00, 0xc00)
			t.vectors = []int{vecPlain}
		}
	}
	m.block("DMA, cancelled and again [9.3.6]")
	for range 20 {
		wait := func() []uint16 { return nops(1 + m.r.IntN(6)) }
		t := m.add(join(storeAt(0, 0, 10), storeAt(1, 4, 10), storeAt(2, 8, 10), storeAt(4, 0x30, 10), storeAt(3, 12, 10), wait(),
			storeAt(5, 12, 10), wait(), loadFrom(12, 10, 6), storeAt(3, 12, 10), wait(), loadFrom(12, 10, 7), loadFrom(8, 10, 8),
			storeAt(14, 12, 10))...)
		t.regs[10], t.regs[14] = 0xffffff80, 0
		t.regs[0], t.regs[1], t.regs[2] = dataAt, dataAt+16, 2+uint32(m.r.IntN(3))
		t.regs[3], t.regs[4], t.regs[5] = 0x5a01, 1, m.pick(0x5a00, 0x5a01, 0x5a02, 0)
	}
}

// timers: the free-running timer and the watchdog timer.
func (m *maker) timers() {
	wait := func() []uint16 {
		// MOV #n,R0; loop: DT R0; BF loop: 4 cycles each
		return append([]uint16{0xe000 | uint16(1+m.r.IntN(30)), 0x4010, 0x8bfd}, nops(m.r.IntN(4))...)
	}
	frt := func(vector uint32, more ...[]uint16) *testCase {
		// R8 TIER and FTCSR, R9 FRC, R10 OCRA/B, R12 TCR and TOCR, R14 IPRB and VCRC.
		code := join(storeW(4, 12), storeW(3, 10), storeW(2, 9), storeW(1, 8))
		code = join(append([][]uint16{code}, more...)...)
		t := m.add(code...)
		t.regs[8], t.regs[9], t.regs[10], t.regs[12] = 0xfffffe10, 0xfffffe12, 0xfffffe14, 0xfffffe16
		t.regs[1] = m.pick(0, 0x0800, 0x0400, 0x0200, 0x0e00) | m.pick(0, 1)
		t.regs[2] = uint32(m.r.IntN(4))
		t.regs[3] = t.regs[2] + uint32(1+m.r.IntN(12))
		t.regs[4] = 0
		t.regs[5], t.regs[6] = vector|vector<<8, m.pick(0xd00, 0xe00, 0xf00, 0xc00)
		t.regs[11] = 0xfffffe60
		t.regs[14] = 0xfffffe66
		t.vectors = []int{int(vector)}
		return t
	}
	m.block("FRT, polled [11.3]")
	for range 40 {
		t := frt(vecPlain, wait(), loadW(9, 7), loadW(8, 6), wait(), loadW(9, 5), loadW(10, 4), wait(), loadW(12, 3), loadW(9, 2), loadW(8, 1))
		t.regs[4] = m.pick(0, 0, 0, 0x0100)
	}
	m.block("FRT, overflow [11.3]")
	for range 20 {
		t := frt(vecPlain, wait(), loadW(9, 7), loadW(8, 6), storeW(13, 8), loadW(8, 5), wait(), loadW(8, 4))
		t.regs[2] = 0x10000 - uint32(1+m.r.IntN(10))
		t.regs[3] = m.pick(0, 2, 0xfffe, 0x8000)
	}
	m.block("FRT, interrupt [11.4, 5.2]")
	for range 40 {
		t := frt(vecPlain, storeW(5, 14), storeW(6, 11), wait(), loadW(9, 7), loadW(8, 6), wait(), loadW(9, 5))
		t.regs[1] &^= 0x0200 // overflow has another vector
	}
	m.block("WDT, polled [12.2]")
	wdt := func(more ...[]uint16) *testCase {
		t := m.add(join(append([][]uint16{storeW(2, 8), storeW(1, 8)}, more...)...)...)
		t.regs[8] = 0xfffffe80
		t.regs[1] = 0x5a00 | 0x100 - uint32(1+m.r.IntN(40))
		t.regs[2] = 0xa520 | m.pick(0, 0, 0, 1)
		t.regs[3], t.regs[4] = 0xa500, 0xa520
		t.regs[9] = 0xfffffee2
		t.regs[10] = 0xfffffee4
		t.regs[5], t.regs[6] = m.pick(0xd0, 0xe0, 0xf0, 0xc0), vecPlain<<8
		t.regs[11] = 0xfffffe82
		t.vectors = []int{vecPlain}
		return t
	}
	for range 30 {
		wdt(wait(), loadW(8, 7), wait(), loadW(8, 6), storeW(4, 8), loadW(8, 5), storeW(3, 8), loadW(8, 4), loadW(11, 3))
	}
	m.block("WDT, interval interrupt [12.3.2, 5.2]")
	for range 30 {
		wdt(storeW(6, 10), storeW(5, 9), wait(), loadW(8, 7), wait(), storeW(3, 8), loadW(8, 6))
	}
	m.block("WDT, watchdog mode [12.3.1]")
	for range 15 {
		t := wdt(wait(), loadW(11, 7), wait(), loadW(11, 6), storeW(3, 8), storeW(14, 11), loadW(11, 5))
		t.regs[2] |= 0x40
		t.regs[14] = m.pick(0xa500, 0xa580, 0x5a60, 0x5a00)
	}
	m.block("registers of INTC, BSC and others [5.3, 7.2, 14.2]")
	for _, reg := range []uint32{0xfffffee0, 0xfffffe62, 0xfffffe64, 0xfffffe66, 0xfffffe68, 0xfffffee4, 0xfffffe70, 0xfffffe72, 0xfffffe90,
		0xfffffe92, 0xfffffe00, 0xfffffe02, 0xfffffe04, 0xffffff40, 0xffffff42, 0xffffff60, 0xffffff62} {
		for range 4 {
			t := m.add(join(storeW(1, 8), loadW(8, 2), storeB(3, 8), loadW(8, 4), loadB(8, 5))...)
			t.regs[8] = reg
		}
	}
	for _, reg := range []uint32{0xffffffe0, 0xffffffe4, 0xffffffe8, 0xffffffec, 0xfffffff0, 0xfffffff4, 0xfffffff8, 0xffffffa0, 0xffffffa8,
		0xffffff80, 0xffffff84, 0xffffff88, 0xffffff94, 0xffffff98} {
		for range 4 {
			t := m.add(join(storeL(1, 8), loadL(8, 2), storeW(3, 9), loadL(8, 4), storeL(6, 8), loadL(8, 7))...)
			t.regs[8], t.regs[9] = reg, reg+2
			t.regs[6] = m.r.Uint32()                  // not the key
			t.regs[1] = 0xa55a0000 | t.regs[1]&0xffff // the key of the BSC
		}
	}
}
