package cpu

// Page8 is one page of an 8-bit address space.
type Page8 = [256]byte

// Map8 is the memory map of a CPU with 16 address lines and 8 data lines
// (Z80): 256 pages of 256 bytes. Each page is direct memory or a handler,
// separately for opcode fetches (Z80: M1 cycles), reads and writes. What is
// not mapped reads as Unmapped and ignores writes.
//
// A Map8 is derived data: it lives outside the state arena. A board that
// switches banks maps pages anew when the bank register is written and again
// in its after-restore hook.
//
// The page tables are exported for cores, whose inner loops look pages up
// themselves; boards use the methods. A nil page means that its function
// serves the access.
type Map8 struct {
	FetchPages, ReadPages, WritePages [256]*Page8
	FetchFuncs, ReadFuncs             [256]func(addr uint16) uint8
	WriteFuncs                        [256]func(addr uint16, v uint8)
}

// NewMap8 returns a map with nothing in it: reads give unmapped.
func NewMap8(unmapped uint8) *Map8 {
	m := new(Map8)
	open := func(uint16) uint8 { return unmapped }
	m.HandleRead(0, 0xffff, open)
	m.HandleWrite(0, 0xffff, func(uint16, uint8) {})
	return m
}

// MapRead makes the pages from start to end (inclusive, whole pages) read and
// fetch directly from mem, which must be exactly as long.
func (m *Map8) MapRead(start, end uint16, mem []byte) {
	m.MapData(start, end, mem)
	m.MapFetch(start, end, mem)
}

// MapData is MapRead without opcode fetches.
func (m *Map8) MapData(start, end uint16, mem []byte) {
	eachPage8(start, end, mem, func(i int, p *Page8) { m.ReadPages[i] = p })
}

// MapFetch gives opcode fetches memory of their own (encrypted CPUs).
func (m *Map8) MapFetch(start, end uint16, mem []byte) {
	eachPage8(start, end, mem, func(i int, p *Page8) { m.FetchPages[i] = p })
}

// MapWrite makes the pages from start to end write directly into mem.
func (m *Map8) MapWrite(start, end uint16, mem []byte) {
	eachPage8(start, end, mem, func(i int, p *Page8) { m.WritePages[i] = p })
}

// MapRAM maps mem for fetching, reading and writing.
func (m *Map8) MapRAM(start, end uint16, mem []byte) {
	m.MapRead(start, end, mem)
	m.MapWrite(start, end, mem)
}

// HandleRead sends reads and opcode fetches of whole pages to fn.
func (m *Map8) HandleRead(start, end uint16, fn func(addr uint16) uint8) {
	for i := int(start >> 8); i <= int(end>>8); i++ {
		m.FetchPages[i], m.ReadPages[i] = nil, nil
		m.FetchFuncs[i], m.ReadFuncs[i] = fn, fn
	}
}

// HandleFetch sends opcode fetches alone to fn.
func (m *Map8) HandleFetch(start, end uint16, fn func(addr uint16) uint8) {
	for i := int(start >> 8); i <= int(end>>8); i++ {
		m.FetchPages[i], m.FetchFuncs[i] = nil, fn
	}
}

// HandleWrite sends writes to whole pages to fn.
func (m *Map8) HandleWrite(start, end uint16, fn func(addr uint16, v uint8)) {
	for i := int(start >> 8); i <= int(end>>8); i++ {
		m.WritePages[i], m.WriteFuncs[i] = nil, fn
	}
}

// Fetch reads the opcode byte at addr.
func (m *Map8) Fetch(addr uint16) uint8 {
	if p := m.FetchPages[addr>>8]; p != nil {
		return p[uint8(addr)]
	}
	return m.FetchFuncs[addr>>8](addr)
}

// Read reads the byte at addr.
func (m *Map8) Read(addr uint16) uint8 {
	if p := m.ReadPages[addr>>8]; p != nil {
		return p[uint8(addr)]
	}
	return m.ReadFuncs[addr>>8](addr)
}

// Write writes the byte at addr.
func (m *Map8) Write(addr uint16, v uint8) {
	if p := m.WritePages[addr>>8]; p != nil {
		p[uint8(addr)] = v
		return
	}
	m.WriteFuncs[addr>>8](addr, v)
}

// Peek reads the byte at addr without side effects; ok is false where only a
// handler knows it.
func (m *Map8) Peek(addr uint16) (v uint8, ok bool) {
	if p := m.ReadPages[addr>>8]; p != nil {
		return p[uint8(addr)], true
	}
	return 0, false
}

func eachPage8(start, end uint16, mem []byte, set func(i int, p *Page8)) {
	if start&0xff != 0 || end&0xff != 0xff || int(end)-int(start)+1 != len(mem) {
		panic("cpu: Map8 range is not whole pages of exactly the memory's length")
	}
	for i := int(start >> 8); i <= int(end>>8); i++ {
		o := i<<8 - int(start)
		set(i, (*Page8)(mem[o:o+256]))
	}
}
