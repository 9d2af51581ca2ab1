package cpu

// Page16 is one page of a 16-bit-wide address space, big-endian: the byte at an
// even address is on data lines 15-8.
type Page16 = [4096]byte

// Read16 reads the word at the even address addr. mask tells which halves the
// CPU takes: 0xff00 (UDS), 0x00ff (LDS) or 0xffff.
type Read16 = func(addr uint32, mask uint16) uint16

// Write16 writes the halves of v that mask selects to the even address addr.
type Write16 = func(addr uint32, v, mask uint16)

// Map16 is the memory map of a CPU with 24 address lines and 16 data lines
// (68000): 4096 pages of 4 KB, each direct memory or a handler, separately for
// reads (and fetches) and writes. What is not mapped reads as the value given
// to NewMap16 and ignores writes.
//
// A Map16 is derived data: it lives outside the state arena.
type Map16 struct {
	// The pages, by bits 23-12 of the address, and the handlers of those that
	// are nil. Cores read these themselves; boards use the methods.
	ReadPages, WritePages, FetchPages [4096]*Page16
	ReadFuncs                         [4096]Read16
	WriteFuncs                        [4096]Write16

	watchers []func()
}

// NewMap16 returns a map with nothing in it: reads give unmapped.
func NewMap16(unmapped uint16) *Map16 {
	m := new(Map16)
	m.Handle(0, 0xffffff, func(uint32, uint16) uint16 { return unmapped }, func(uint32, uint16, uint16) {})
	return m
}

// MapRead makes the pages from start to end (inclusive, whole pages) read and
// fetch directly from mem, which must be exactly as long.
func (m *Map16) MapRead(start, end uint32, mem []byte) {
	eachPage16(start, end, mem, func(i uint32, p *Page16) { m.ReadPages[i], m.FetchPages[i] = p, p })
	m.changed()
}

// MapFetch gives the program memory of its own (encrypted program ROM): for
// fetches and for what the CPU reads relative to its program counter.
func (m *Map16) MapFetch(start, end uint32, mem []byte) {
	eachPage16(start, end, mem, func(i uint32, p *Page16) { m.FetchPages[i] = p })
	m.changed()
}

// MapWrite makes the pages from start to end write directly into mem.
func (m *Map16) MapWrite(start, end uint32, mem []byte) {
	eachPage16(start, end, mem, func(i uint32, p *Page16) { m.WritePages[i] = p })
	m.changed()
}

// MapRAM maps mem for fetching, reading and writing.
func (m *Map16) MapRAM(start, end uint32, mem []byte) {
	m.MapRead(start, end, mem)
	m.MapWrite(start, end, mem)
}

// Handle sends reads, fetches and writes of whole pages to handlers. A nil
// handler leaves that direction as it is.
func (m *Map16) Handle(start, end uint32, read Read16, write Write16) {
	for i := start >> 12 & 0xfff; i <= end>>12&0xfff; i++ {
		if read != nil {
			m.ReadPages[i], m.FetchPages[i], m.ReadFuncs[i] = nil, nil, read
		}
		if write != nil {
			m.WritePages[i], m.WriteFuncs[i] = nil, write
		}
	}
	m.changed()
}

// Watch has f called after each change of the map. A
// core uses it to forget what it derived from the map.
func (m *Map16) Watch(f func()) { m.watchers = append(m.watchers, f) }

func (m *Map16) changed() {
	for _, f := range m.watchers {
		f()
	}
}

// ReadPage is the page that reads at addr use, or nil where a handler serves them.
func (m *Map16) ReadPage(addr uint32) *Page16 { return m.ReadPages[addr>>12&0xfff] }

// WritePage is the page that writes at addr use, or nil where a handler serves them.
func (m *Map16) WritePage(addr uint32) *Page16 { return m.WritePages[addr>>12&0xfff] }

// FetchPage is the page that fetches at addr use, or nil where a handler serves them.
func (m *Map16) FetchPage(addr uint32) *Page16 { return m.FetchPages[addr>>12&0xfff] }

// Read reads a word as the CPU does; see Read16.
func (m *Map16) Read(addr uint32, mask uint16) uint16 {
	if p := m.ReadPages[addr>>12&0xfff]; p != nil {
		return uint16(p[addr&0xffe])<<8 | uint16(p[addr&0xffe+1])
	}
	return m.ReadFuncs[addr>>12&0xfff](addr&0xfffffe, mask)
}

// Fetch reads an instruction word as the CPU does.
func (m *Map16) Fetch(addr uint32) uint16 {
	if p := m.FetchPages[addr>>12&0xfff]; p != nil {
		return uint16(p[addr&0xffe])<<8 | uint16(p[addr&0xffe+1])
	}
	return m.ReadFuncs[addr>>12&0xfff](addr&0xfffffe, 0xffff)
}

// Write writes a word, or half of one, as the CPU does; see Write16.
func (m *Map16) Write(addr uint32, v, mask uint16) {
	p := m.WritePages[addr>>12&0xfff]
	if p == nil {
		m.WriteFuncs[addr>>12&0xfff](addr&0xfffffe, v, mask)
		return
	}
	if mask&0xff00 != 0 {
		p[addr&0xffe] = uint8(v >> 8)
	}
	if mask&0x00ff != 0 {
		p[addr&0xffe+1] = uint8(v)
	}
}

// Peek reads the word at addr without side effects; ok is false where only a
// handler knows it.
func (m *Map16) Peek(addr uint32) (v uint16, ok bool) {
	if p := m.FetchPages[addr>>12&0xfff]; p != nil {
		return uint16(p[addr&0xffe])<<8 | uint16(p[addr&0xffe+1]), true
	}
	return 0, false
}

func eachPage16(start, end uint32, mem []byte, set func(i uint32, p *Page16)) {
	if start&0xfff != 0 || end&0xfff != 0xfff || int(end)-int(start)+1 != len(mem) {
		panic("cpu: Map16 range is not whole pages of exactly the memory's length")
	}
	for i := start >> 12; i <= end>>12; i++ {
		o := i<<12 - start
		set(i&0xfff, (*Page16)(mem[o:o+4096]))
	}
}
