package cpu

import "encoding/binary"

// Page32 is one page of a 32-bit-wide address space, big-endian: the byte at an
// address that is a multiple of 4 is on data lines 31-24.
type Page32 = [65536]byte

// Read32 reads the long at addr, a multiple of 4. mask tells which bytes the
// CPU takes: 0xff000000 is the byte at addr, 0x0000ffff the word at addr+2.
type Read32 = func(addr, mask uint32) uint32

// Write32 writes the bytes of v that mask selects to the long at addr.
type Write32 = func(addr, v, mask uint32)

// Part32 is the grain, in bytes, at which writes to a page are direct or not.
const Part32 = 1 << partShift

const (
	partShift    = 12
	partsPerPage = 0x10000 / Part32
)

// Map32 is the memory map of a CPU with 32 address and data lines (SH-2):
// 65,536 pages of 64 KB, each direct memory or a handler, separately for reads,
// writes and instruction fetches. What is not mapped reads as the value given
// to NewMap32 and ignores writes.
//
// Some address lines may reach nothing but the chip's own decoder. They are
// given to NewMap32; what is mapped below 40000000h is then there under all
// their values, and handlers see them as 0.
//
// A Map32 is derived data: it lives outside the state arena.
type Map32 struct {
	// The pages, by bits 31-16 of the address. Cores read these themselves;
	// boards use the methods. A nil page means that a handler serves it.
	ReadPages, FetchPages [65536]*Page32
	// WritePages goes by bits 31-12, so that a snapshot can tell apart which
	// 4 KB were written; what it gives is still the page of 64 KB around them.
	WritePages [65536 * partsPerPage]*Page32

	readers                        []Read32
	writers                        []Write32
	readIndex, writeIndex, fetchBy [65536]uint8
	frozen                         [65536 / 64]uint64
	ignored                        uint32
	watchers                       []func(start, end uint32)
}

// mirrored is the end of the addresses to which ignored lines apply.
const mirrored = 0x40000000

// NewMap32 returns a map with nothing in it: reads give unmapped. ignored are
// the address bits, of 16 to 29, that do not matter below 40000000h.
func NewMap32(unmapped, ignored uint32) *Map32 {
	m := &Map32{ignored: ignored & (mirrored - 0x10000)}
	m.readers = []Read32{func(uint32, uint32) uint32 { return unmapped }}
	m.writers = []Write32{func(uint32, uint32, uint32) {}}
	return m
}

// MapData makes the pages from start to end (inclusive, whole pages) read
// directly from mem, which must be exactly as long. Fetches are as before.
func (m *Map32) MapData(start, end uint32, mem []byte) {
	m.each(start, end, mem, func(i uint32, p *Page32) { m.ReadPages[i] = p })
}

// MapFetch is the same for instruction fetches alone (encrypted CPUs).
func (m *Map32) MapFetch(start, end uint32, mem []byte) {
	m.each(start, end, mem, func(i uint32, p *Page32) { m.FetchPages[i] = p })
}

// MapRead is MapData and MapFetch.
func (m *Map32) MapRead(start, end uint32, mem []byte) {
	m.each(start, end, mem, func(i uint32, p *Page32) { m.ReadPages[i], m.FetchPages[i] = p, p })
}

// MapWrite makes the pages from start to end write directly into mem.
func (m *Map32) MapWrite(start, end uint32, mem []byte) {
	m.each(start, end, mem, m.setWrites)
}

// MapRAM maps mem for fetching, reading and writing.
func (m *Map32) MapRAM(start, end uint32, mem []byte) {
	m.each(start, end, mem, func(i uint32, p *Page32) {
		m.ReadPages[i], m.FetchPages[i] = p, p
		m.setWrites(i, p)
	})
}

// setWrites makes all of a page writable, or with nil none of it.
func (m *Map32) setWrites(i uint32, p *Page32) {
	parts := m.WritePages[i*partsPerPage:][:partsPerPage]
	for j := range parts {
		if parts[j] != p { // the table is large, and most of it is never written
			parts[j] = p
		}
	}
}

// Direct makes writes to the part around addr go directly to where p has it, or
// with nil to the page's handler, under all values of ignored lines. Watchers do
// not hear of it: whether a write is direct is looked up at each.
func (m *Map32) Direct(addr uint32, p *Page32) {
	if addr >= mirrored {
		m.WritePages[addr>>partShift] = p
		return
	}
	for a := uint32(0); ; {
		m.WritePages[(addr|a)>>partShift] = p
		if a = (a - m.ignored) & m.ignored; a == 0 {
			return
		}
	}
}

// Handle sends reads, fetches and writes of whole pages to handlers. A nil
// handler leaves that direction as it is. A map has room for 256 different
// handlers of each kind.
func (m *Map32) Handle(start, end uint32, read Read32, write Write32) {
	if read != nil {
		m.readers = append(m.readers, read)
		by := index8(len(m.readers))
		m.each(start, end, nil, func(i uint32, _ *Page32) {
			m.ReadPages[i], m.FetchPages[i], m.readIndex[i], m.fetchBy[i] = nil, nil, by, by
		})
	}
	if write != nil {
		m.writers = append(m.writers, write)
		by := index8(len(m.writers))
		m.each(start, end, nil, func(i uint32, _ *Page32) {
			m.setWrites(i, nil)
			m.writeIndex[i] = by
		})
	}
}

// HandleFetch sends instruction fetches of whole pages to a handler; nil means
// that nothing is there to fetch.
func (m *Map32) HandleFetch(start, end uint32, fetch Read32) {
	by := uint8(0)
	if fetch != nil {
		m.readers = append(m.readers, fetch)
		by = index8(len(m.readers))
	}
	m.each(start, end, nil, func(i uint32, _ *Page32) { m.FetchPages[i], m.fetchBy[i] = nil, by })
}

func index8(n int) uint8 {
	if n > 256 {
		panic("cpu: a Map32 has room for 256 handlers of a kind")
	}
	return uint8(n - 1)
}

// Freeze promises that the memory which is now mapped for reads and fetches
// from start to end does not change without a call of Changed, so that a core
// may keep what it decoded. Mapping a page anew ends its promise.
func (m *Map32) Freeze(start, end uint32) {
	m.each(start, end, nil, func(i uint32, _ *Page32) { m.frozen[i/64] |= 1 << (i % 64) })
}

// Frozen tells whether the page at addr is under the promise of Freeze.
func (m *Map32) Frozen(addr uint32) bool { return m.frozen[addr>>22]>>(addr>>16&63)&1 != 0 }

// Changed tells cores that frozen memory from start to end has changed. The
// promise holds again from now on.
func (m *Map32) Changed(start, end uint32) {
	m.aliases(func(alias uint32) {
		for _, f := range m.watchers {
			f(start|alias, end|alias)
		}
	}, end)
}

// Watch has f called after each change of the map or of frozen memory, with the
// first and last address of what changed. A core uses it to forget what it
// derived from there. f must not change the map.
func (m *Map32) Watch(f func(start, end uint32)) { m.watchers = append(m.watchers, f) }

// each does set with each page from start to end and with their mirrors, then
// tells the watchers. mem may be nil.
func (m *Map32) each(start, end uint32, mem []byte, set func(i uint32, p *Page32)) {
	if start > end || start&0xffff != 0 || end&0xffff != 0xffff || mem != nil && uint64(end-start)+1 != uint64(len(mem)) {
		panic("cpu: Map32 range is not whole pages of exactly the memory's length")
	}
	if m.ignored != 0 && start < mirrored && (end >= mirrored || (start|end)&m.ignored != 0) {
		panic("cpu: Map32 range goes over address lines that it ignores")
	}
	m.aliases(func(alias uint32) {
		for i := start >> 16; i <= end>>16; i++ {
			var p *Page32
			if mem != nil {
				p = (*Page32)(mem[i<<16-start:])
			}
			j := i | alias>>16
			m.frozen[j/64] &^= 1 << (j % 64)
			set(j, p)
		}
		for _, f := range m.watchers {
			f(start|alias, end|alias)
		}
	}, end)
}

// aliases calls f with each combination of ignored bits, or with 0 alone for
// addresses to which that does not apply.
func (m *Map32) aliases(f func(alias uint32), end uint32) {
	if end >= mirrored {
		f(0)
		return
	}
	for a := uint32(0); ; {
		f(a)
		if a = (a - m.ignored) & m.ignored; a == 0 {
			return
		}
	}
}

// bus is the address as handlers see it.
func (m *Map32) bus(addr uint32) uint32 {
	if addr < mirrored {
		addr &^= m.ignored
	}
	return addr &^ 3
}

// Read reads the bytes that mask selects of the long at addr; see Read32.
func (m *Map32) Read(addr, mask uint32) uint32 {
	if p := m.ReadPages[addr>>16]; p != nil {
		return binary.BigEndian.Uint32(p[addr&0xfffc:])
	}
	return m.readers[m.readIndex[addr>>16]](m.bus(addr), mask)
}

// Write writes the bytes of v that mask selects to the long at addr; see
// Write32.
func (m *Map32) Write(addr, v, mask uint32) {
	p := m.WritePages[addr>>partShift]
	if p == nil {
		m.writers[m.writeIndex[addr>>16]](m.bus(addr), v, mask)
		return
	}
	b := p[addr&0xfffc:]
	binary.BigEndian.PutUint32(b, binary.BigEndian.Uint32(b)&^mask|v&mask)
}

// Fetch reads the instruction word at addr.
func (m *Map32) Fetch(addr uint32) uint16 {
	if p := m.FetchPages[addr>>16]; p != nil {
		return binary.BigEndian.Uint16(p[addr&0xfffe:])
	}
	shift := ^addr & 2 * 8
	return uint16(m.readers[m.fetchBy[addr>>16]](m.bus(addr), 0xffff<<shift) >> shift)
}

// Peek reads the instruction word at addr without side effects; ok is false
// where only a handler knows it.
func (m *Map32) Peek(addr uint32) (v uint16, ok bool) {
	if p := m.FetchPages[addr>>16]; p != nil {
		return binary.BigEndian.Uint16(p[addr&0xfffe:]), true
	}
	return 0, false
}

// PeekLong reads the long at addr as data, without side effects.
func (m *Map32) PeekLong(addr uint32) (v uint32, ok bool) {
	if p := m.ReadPages[addr>>16]; p != nil {
		return binary.BigEndian.Uint32(p[addr&0xfffc:]), true
	}
	return 0, false
}
