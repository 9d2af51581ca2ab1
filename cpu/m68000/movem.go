package m68000

import (
	"math/bits"
	"unsafe"
)

// The bus cycles of MOVEM. list is the register list, ea the first address, t
// the time when they begin, d as for readW. They return the time afterwards.

// inPage tells whether n bytes from the even address ea are in one page.
func inPage(ea, n uint32) bool { return ea&1 == 0 && ea&0xfff+n <= 0x1000 }

func (c *CPU) storeW(list, ea uint32, t, d int) (int, bool) {
	s := c.s
	m := uint16(list)
	n := bits.OnesCount16(m)
	if p := c.m.WritePages[ea>>12&0xfff]; p != nil && inPage(ea, uint32(2*n)) {
		for o := ea & 0xffe; m != 0; m &= m - 1 {
			put16(unsafe.Pointer(p), o, s.R[bits.TrailingZeros16(m)&15])
			o += 2
		}
		return t + 4*n, true
	}
	for ; m != 0; m &= m - 1 {
		if !c.writeW(ea, s.R[bits.TrailingZeros16(m)&15], t, d) {
			return t, false
		}
		ea += 2
		t += 4
	}
	return t, true
}

func (c *CPU) storeL(list, ea uint32, t, d int) (int, bool) {
	s := c.s
	m := uint16(list)
	n := bits.OnesCount16(m)
	if p := c.m.WritePages[ea>>12&0xfff]; p != nil && inPage(ea, uint32(4*n)) {
		for o := ea & 0xffe; m != 0; m &= m - 1 {
			put32(unsafe.Pointer(p), o, s.R[bits.TrailingZeros16(m)&15])
			o += 4
		}
		return t + 8*n, true
	}
	for ; m != 0; m &= m - 1 {
		if !c.writeL(ea, s.R[bits.TrailingZeros16(m)&15], t, d) {
			return t, false
		}
		ea += 4
		t += 8
	}
	return t, true
}

// storeDownW and storeDownL are for -(An): the list is the other way round, A7
// is first, and long words go lower word first.

func (c *CPU) storeDownW(list, ea uint32, t, d int) (int, bool) {
	s := c.s
	m := uint16(list)
	n := bits.OnesCount16(m)
	if low := ea - uint32(2*n); c.m.WritePages[low>>12&0xfff] != nil && inPage(low, uint32(2*n)) {
		p := unsafe.Pointer(c.m.WritePages[low>>12&0xfff])
		for o := low&0xffe + uint32(2*n); m != 0; m &= m - 1 {
			o -= 2
			put16(p, o, s.R[15-bits.TrailingZeros16(m)&15])
		}
		return t + 4*n, true
	}
	for ; m != 0; m &= m - 1 {
		ea -= 2
		if !c.writeW(ea, s.R[15-bits.TrailingZeros16(m)&15], t, d) {
			return t, false
		}
		t += 4
	}
	return t, true
}

func (c *CPU) storeDownL(list, ea uint32, t, d int) (int, bool) {
	s := c.s
	m := uint16(list)
	n := bits.OnesCount16(m)
	if low := ea - uint32(4*n); c.m.WritePages[low>>12&0xfff] != nil && inPage(low, uint32(4*n)) {
		p := unsafe.Pointer(c.m.WritePages[low>>12&0xfff])
		for o := low&0xffe + uint32(4*n); m != 0; m &= m - 1 {
			o -= 4
			put32(p, o, s.R[15-bits.TrailingZeros16(m)&15])
		}
		return t + 8*n, true
	}
	for ; m != 0; m &= m - 1 {
		ea -= 4
		if !c.writeLLow(ea, s.R[15-bits.TrailingZeros16(m)&15], t, d) {
			return t, false
		}
		t += 8
	}
	return t, true
}

// The loads read one word more than they need, behind the last.

func (c *CPU) loadW(list, ea uint32, t, d int) (int, bool) {
	s := c.s
	m := uint16(list)
	n := bits.OnesCount16(m)
	if p := c.m.ReadPages[ea>>12&0xfff]; p != nil && inPage(ea, uint32(2*n+2)) {
		for o := ea & 0xffe; m != 0; m &= m - 1 {
			s.R[bits.TrailingZeros16(m)&15] = uint32(int32(int16(be16(unsafe.Pointer(p), o))))
			o += 2
		}
		return t + 4*n + 4, true
	}
	return c.loadWords(m, ea, t, d, fcData)
}

func (c *CPU) loadL(list, ea uint32, t, d int) (int, bool) {
	s := c.s
	m := uint16(list)
	n := bits.OnesCount16(m)
	if p := c.m.ReadPages[ea>>12&0xfff]; p != nil && inPage(ea, uint32(4*n+2)) {
		for o := ea & 0xffe; m != 0; m &= m - 1 {
			s.R[bits.TrailingZeros16(m)&15] = be32(unsafe.Pointer(p), o)
			o += 4
		}
		return t + 8*n + 4, true
	}
	return c.loadLongs(m, ea, t, d, fcData)
}

func (c *CPU) loadPW(list, ea uint32, t, d int) (int, bool) {
	return c.loadWords(uint16(list), ea, t, d, fcProgram)
}

func (c *CPU) loadPL(list, ea uint32, t, d int) (int, bool) {
	return c.loadLongs(uint16(list), ea, t, d, fcProgram)
}

func (c *CPU) loadWords(m uint16, ea uint32, t, d int, fc uint8) (int, bool) {
	for ; m != 0; m &= m - 1 {
		v, ok := c.read16(ea, t, d, fc)
		if !ok {
			return t, false
		}
		c.s.R[bits.TrailingZeros16(m)&15] = uint32(int32(int16(v)))
		ea += 2
		t += 4
	}
	_, ok := c.read16(ea, t, d, fc)
	return t + 4, ok
}

func (c *CPU) loadLongs(m uint16, ea uint32, t, d int, fc uint8) (int, bool) {
	for ; m != 0; m &= m - 1 {
		v, ok := c.read32(ea, t, d, fc)
		if !ok {
			return t, false
		}
		c.s.R[bits.TrailingZeros16(m)&15] = v
		ea += 4
		t += 8
	}
	_, ok := c.read16(ea, t, d, fc)
	return t + 4, ok
}
