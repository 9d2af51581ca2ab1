package m68000

import (
	"unsafe"

	"arcade/cpu"
)

// Function codes (M68000UM table 3-2), without the supervisor bit.
const (
	fcData    = 1
	fcProgram = 2
	fcSuper   = 4
	fcCPU     = 7
)

// access is what a bus cycle is, for the special status word of a fault.
type access struct {
	addr    uint32
	stacked uint32 // program counter in the frame
	t       int    // time of the cycle's start, within the instruction
	fc      uint8  // fcData or fcProgram
	write   bool
}

// begin makes the time and function code visible to a handler.
func (c *CPU) begin(t int, fc uint8) {
	c.sub = int64(t)
	c.fc = fc
	if c.s.SR&srS != 0 {
		c.fc |= fcSuper
	}
}

// end is after a handler; it is false if the handler asked for a bus error.
func (c *CPU) end(a access) bool {
	c.sub = 0
	if !c.berr {
		return true
	}
	c.berr = false
	c.groupZero(vecBusError, a)
	return false
}

func (c *CPU) handlerRead(addr uint32, mask uint16, program bool) uint16 {
	i := addr >> 12 & 0xfff
	p := c.m.ReadPages[i]
	if program {
		p = c.m.FetchPages[i]
	}
	if p != nil {
		return uint16(be16(unsafe.Pointer(p), addr&0xffe))
	}
	return c.m.ReadFuncs[i](addr&0xfffffe, mask)
}

func (c *CPU) read8(addr uint32, t, d int, fc uint8) (uint32, bool) {
	c.begin(t, fc)
	shift, mask := uint32(8), uint16(0xff00)
	if addr&1 != 0 {
		shift, mask = 0, 0x00ff
	}
	v := c.handlerRead(addr, mask, fc == fcProgram)
	return uint32(v>>shift) & 0xff, c.end(access{addr: addr, stacked: c.s.PC + uint32(d), t: t, fc: fc})
}

func (c *CPU) read16(addr uint32, t, d int, fc uint8) (uint32, bool) {
	a := access{addr: addr, stacked: c.s.PC + uint32(d), t: t, fc: fc}
	if addr&1 != 0 {
		c.groupZero(vecAddressError, a)
		return 0, false
	}
	c.begin(t, fc)
	v := c.handlerRead(addr, 0xffff, fc == fcProgram)
	return uint32(v), c.end(a)
}

// The following serve what the handlers' own look at the pages did not: words
// at odd addresses, long words across pages, and memory behind functions.
// t is the time within the instruction, d the distance from PC to the program
// counter that a fault's frame shows. ok is false if there was a fault, which
// has then been processed.

func (c *CPU) readB(addr uint32, t, d int) (v uint32, ok bool) { return c.read8(addr, t, d, fcData) }
func (c *CPU) readPB(addr uint32, t, d int) (v uint32, ok bool) {
	return c.read8(addr, t, d, fcProgram)
}
func (c *CPU) readW(addr uint32, t, d int) (v uint32, ok bool) { return c.read16(addr, t, d, fcData) }
func (c *CPU) readPW(addr uint32, t, d int) (v uint32, ok bool) {
	return c.read16(addr, t, d, fcProgram)
}
func (c *CPU) readL(addr uint32, t, d int) (v uint32, ok bool) { return c.read32(addr, t, d, fcData) }
func (c *CPU) readPL(addr uint32, t, d int) (v uint32, ok bool) {
	return c.read32(addr, t, d, fcProgram)
}

func (c *CPU) read32(addr uint32, t, d int, fc uint8) (uint32, bool) {
	hi, ok := c.read16(addr, t, d, fc)
	if !ok {
		return 0, false
	}
	lo, ok := c.read16(addr+2, t+4, d, fc)
	return hi<<16 | lo, ok
}

// readLLow reads the lower word first.
func (c *CPU) readLLow(addr uint32, t, d int) (uint32, bool) {
	lo, ok := c.read16(addr+2, t, d, fcData)
	if !ok {
		return 0, false
	}
	hi, ok := c.read16(addr, t+4, d, fcData)
	return hi<<16 | lo, ok
}

// write puts halves of v on the bus.
func (c *CPU) write(a access, v, mask uint16) bool {
	c.begin(a.t, fcData)
	i := a.addr >> 12 & 0xfff
	if p := c.m.WritePages[i]; p != nil {
		o := a.addr & 0xffe
		if mask&0xff00 != 0 {
			p[o] = uint8(v >> 8)
		}
		if mask&0xff != 0 {
			p[o|1] = uint8(v)
		}
	} else {
		c.m.WriteFuncs[i](a.addr&0xfffffe, v, mask)
	}
	return c.end(a)
}

// writeB writes a byte, which the chip puts on both halves of the data bus
// (M68000UM table 3-1).
func (c *CPU) writeB(addr, v uint32, t, d int) bool {
	mask := uint16(0xff00)
	if addr&1 != 0 {
		mask = 0x00ff
	}
	v &= 0xff
	return c.write(access{addr, c.s.PC + uint32(d), t, fcData, true}, uint16(v<<8|v), mask)
}

func (c *CPU) writeW(addr, v uint32, t, d int) bool {
	a := access{addr, c.s.PC + uint32(d), t, fcData, true}
	if addr&1 != 0 {
		c.groupZero(vecAddressError, a)
		return false
	}
	return c.write(a, uint16(v), 0xffff)
}

func (c *CPU) writeL(addr, v uint32, t, d int) bool {
	return c.writeW(addr, v>>16, t, d) && c.writeW(addr+2, v, t+4, d)
}

// writeLLow writes the lower word first.
func (c *CPU) writeLLow(addr, v uint32, t, d int) bool {
	return c.writeW(addr+2, v, t, d) && c.writeW(addr, v>>16, t+4, d)
}

// writeBAfter and writeWAfter are for MOVE to -(An), where a fault finds the
// next opcode in the instruction register.

func (c *CPU) writeBAfter(addr, v uint32, t, d int, next uint32) bool {
	op := c.s.IR
	c.s.IR = uint16(next)
	ok := c.writeB(addr, v, t, d)
	c.s.IR = op
	return ok
}

func (c *CPU) writeWAfter(addr, v uint32, t, d int, next uint32) bool {
	op := c.s.IR
	c.s.IR = uint16(next)
	ok := c.writeW(addr, v, t, d)
	c.s.IR = op
	return ok
}

// fetch reads a word of the program that lies outside the window, or moves the
// window there.
func (c *CPU) fetch(addr uint32, t int) (uint32, bool) {
	return c.fetchAt(addr, t, addr)
}

// fetchAt is fetch where the address may be odd; stacked is the program
// counter that a fault's frame shows.
func (c *CPU) fetchAt(addr uint32, t int, stacked uint32) (uint32, bool) {
	a := access{addr: addr, stacked: stacked, t: t, fc: fcProgram}
	if addr&1 != 0 {
		c.groupZero(vecAddressError, a)
		return 0, false
	}
	if c.moveWindow(addr) {
		return be16(c.win, addr-c.winBase), true
	}
	c.begin(t, fcProgram)
	v := c.m.ReadFuncs[addr>>12&0xfff](addr&0xfffffe, 0xffff)
	return uint32(v), c.end(a)
}

// reach is how many pages a window extends from the page that is asked for, at
// most, to either side.
const reach = 32

// moveWindow puts the fetch window over the directly mapped memory at addr:
// the page, and its neighbours as far as they are neighbours in the host's
// memory too. It reports whether there is such memory.
func (c *CPU) moveWindow(addr uint32) bool {
	page := addr >> 12 & 0xfff
	p := c.m.FetchPages[page]
	if p == nil {
		return false
	}
	first, last := page, page
	base := p
	for last < 0xfff && last-page < reach && adjacent(p, c.m.FetchPages[last+1]) {
		last++
		p = c.m.FetchPages[last]
	}
	for first > 0 && page-first < reach && adjacent(c.m.FetchPages[first-1], base) {
		first--
		base = c.m.FetchPages[first]
	}
	c.win = unsafe.Pointer(base)
	c.winBase = addr&0xff000000 | first<<12
	c.winSize = (last - first + 1) << 12
	c.winJump = c.winSize - 2
	return true
}

// adjacent tells whether b follows a in the same piece of memory. Pieces of a
// map are slices of host memory; two that touch by chance are also good, since
// the window then keeps only one of them alive but the map keeps both.
func adjacent(a, b *cpu.Page16) bool {
	return a != nil && b != nil && unsafe.Add(unsafe.Pointer(a), len(a)) == unsafe.Pointer(b)
}

// dropWindow forgets the window: the map has changed.
func (c *CPU) dropWindow() {
	c.winSize, c.winJump = 0, 0
}

// jump continues at address to, which may be odd or outside the window. end is
// the end of the jumping instruction.
func (c *CPU) jump(to uint32, t int, stacked, end uint32) uint32 {
	s := c.s
	op, ok := c.fetchAt(to, t, stacked)
	if !ok {
		return uint32(s.Next)
	}
	irc, ok := c.fetchAt(to+2, t+4, to+2)
	if !ok {
		return uint32(s.Next)
	}
	s.PC = to + 4
	s.JumpEnd, s.JumpTo = end, to
	s.IRC = uint16(irc)
	s.Time += int64(t + 8)
	return op
}
