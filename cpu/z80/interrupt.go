package z80

import "arcade/cpu"

// acceptNMI takes 11 T-states: an opcode fetch that is ignored (5) and two
// writes (UM0080, CPU Timing, Non-Maskable Interrupt Response). IFF2 keeps
// what RETN gives back (Interrupt Enable/Disable).
func (c *CPU) acceptNMI() {
	s := c.s
	s.NMI, s.Halt, s.EI, s.P, s.Q = 0, 0, 0, 0, 0
	s.IFF1 = 0
	s.R++
	c.push(s.PC, 5)
	s.PC, s.WZ = 0x66, 0x66
	s.Cycles += 11
}

// acceptIRQ serves INT: the acknowledge cycle has two wait states of its own
// (UM0080, CPU Timing, Interrupt Request/Acknowledge Cycle).
func (c *CPU) acceptIRQ() {
	s := c.s
	if s.P != 0 {
		// NMOS parts: an interrupt right after LD A,I or LD A,R clears P/V,
		// since IFF2 is cleared before the flag is made (Young, section 5.2).
		s.F &^= flagP
	}
	s.Halt, s.P, s.Q = 0, 0, 0
	s.IFF1, s.IFF2 = 0, 0
	s.R++
	vector := c.acknowledge(0)
	switch s.IM {
	case 0:
		c.acceptIM0(vector)
	case 1:
		c.push(s.PC, 7)
		s.PC, s.WZ = 0x38, 0x38
		s.Cycles += 13
	case 2:
		c.push(s.PC, 7)
		s.PC = c.word(uint16(s.I)<<8|uint16(vector), 13)
		s.WZ = s.PC
		s.Cycles += 19
	}
}

// acknowledge gets a byte from the interrupting device at T-state t.
func (c *CPU) acknowledge(t int64) uint8 {
	c.sub = t
	v := c.io.Ack()
	c.sub = 0
	return v
}

// acceptIM0 executes the instruction that the device puts on the bus (UM0080,
// Interrupt Response, Mode 0). Nearly always it is an RST.
func (c *CPU) acceptIM0(op uint8) {
	s := c.s
	if op&0xc7 == 0xc7 {
		c.push(s.PC, 7)
		s.PC = uint16(op & 0x38)
		s.WZ = s.PC
		s.Cycles += 13
		return
	}
	// Anything else runs as if it lay before PC, two T-states longer: PC does
	// not count the bytes that come from the device.
	if c.injected == nil {
		c.injected = newInjected()
	}
	j := c.injected
	j.get(c, op)
	s.PC -= uint16(j.n)
	s.R-- // exec counts it
	s.Cycles += 2
	real, limit := c.m, c.limit
	j.over(real, s.PC)
	c.m = &j.m
	c.limit = never
	c.exec()
	for s.Chain != 0 {
		// Four prefixes at most; what is behind them comes from memory.
		s.Chain = 0
		c.limit = s.Cycles + 1
		c.exec()
	}
	c.m = real
	if !c.stop {
		c.limit = limit
	}
}

// injected is an instruction from an interrupting device, as memory that lies
// over the board's.
type injected struct {
	bytes [4]uint8
	n     int // bytes of the instruction
	next  int // the byte that is read next
	base  uint16
	m     cpu.Map8
	real  *cpu.Map8
	fetch func(addr uint16) uint8
	read  func(addr uint16) uint8
}

func newInjected() *injected {
	j := new(injected)
	// The bytes of an instruction are read in order and before its data, so
	// that each is served once and data at the same address is the board's.
	serve := func(addr uint16, other func(*cpu.Map8, uint16) uint8) uint8 {
		if j.next < j.n && addr == j.base+uint16(j.next) {
			j.next++
			return j.bytes[j.next-1]
		}
		return other(j.real, addr)
	}
	j.fetch = func(addr uint16) uint8 { return serve(addr, (*cpu.Map8).Fetch) }
	j.read = func(addr uint16) uint8 { return serve(addr, (*cpu.Map8).Read) }
	return j
}

// get asks the device for the rest of the instruction that begins with op.
func (j *injected) get(c *CPU, op uint8) {
	j.bytes[0], j.n, j.next = op, 1, 0
	for t := int64(6); j.n < len(j.bytes) && j.n < length(j.bytes[:j.n]); j.n++ {
		if op == 0x10 {
			t++ // DJNZ decides first
		}
		j.bytes[j.n] = c.acknowledge(t)
		t += 3
		if j.n == 1 && (op == 0xed || op&0xdf == 0xdd) {
			t++ // it was an opcode fetch
		}
	}
}

// over lays the instruction at base over a map.
func (j *injected) over(real *cpu.Map8, base uint16) {
	j.real, j.base = real, base
	j.m = *real
	for i := range uint16(j.n) {
		page := (base + i) >> 8
		j.m.FetchPages[page], j.m.FetchFuncs[page] = nil, j.fetch
		j.m.ReadPages[page], j.m.ReadFuncs[page] = nil, j.read
	}
}

// length is the number of bytes of the instruction that begins with b, as far
// as b tells.
func length(b []uint8) int {
	op := b[0]
	y, z := op>>3&7, op&7
	switch {
	case op == 0xed:
		if len(b) > 1 && b[1]&0xc7 == 0x43 {
			return 4
		}
		return 2
	case op&0xdf == 0xdd:
		if len(b) == 1 {
			return 2
		}
		n := 1 + length(b[1:])
		next := b[1]
		memory := next>>6 == 1 && next != 0x76 && (next&7 == 6 || next>>3&7 == 6) || next>>6 == 2 && next&7 == 6
		if memory || next >= 0x34 && next <= 0x36 {
			return n + 1
		}
		if next == 0xcb {
			return 4
		}
		return n
	case op < 0x40:
		switch {
		case z == 0 && y >= 2, z == 6:
			return 2
		case z == 1 && y&1 == 0, z == 2 && y >= 4:
			return 3
		}
	case op >= 0xc0:
		switch {
		case z == 6, op == 0xcb, op == 0xd3, op == 0xdb:
			return 2
		case z == 2, z == 4, op == 0xc3, op == 0xcd:
			return 3
		}
	}
	return 1
}
