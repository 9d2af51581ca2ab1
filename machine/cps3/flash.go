package cps3

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unsafe"

	"arcade/machine"
	"arcade/machine/state"
)

// The SIMMs' chips are Fujitsu 29F016A: 2 MB of 8 bits in sectors of 64 KB
// (data sheet, "Command Definitions"). Four stand side by side in a program
// SIMM, two in a row of a graphics SIMM.
//
// What programs write is kept apart from the ROM: a table says for every 4 KB of
// every chip whether they are the ROM's, erased, or a page of a store. The store
// holds storePages pages; when it is full, programming has no effect, as with a
// worn-out chip.
const (
	chipSize     = 0x200000
	sectorSize   = 0x10000
	simmCount    = 7
	chipsPerSIMM = 8
	chipCount    = simmCount * chipsPerSIMM
	graphicsSIMM = 2 // index of the first

	flashPage  = 4096
	chipPages  = chipSize / flashPage
	storePages = 512

	makerFujitsu = 0x04
	device29F016 = 0xad
)

// Entries of the table; greater ones are pages of the store.
const (
	pageROM    = 0
	pageErased = 1
	pageStored = 2
)

// Times in cycles.
const (
	chipEraseTime   = 16 * cpuClock
	sectorEraseTime = 1 * cpuClock
)

// Modes of a chip: what the next read gives or the next write means.
const (
	modeRead      = iota
	modeStatus    // reads give the status
	modeID        // reads identify the chip
	modeUnlocked1 // AA was written
	modeUnlocked2 // and 55
	modeProgram   // the next write is programmed
	modeProgram40 // the same, by the other command set
	modeErase1    // 80 was written
	modeErase2    // and AA again
	modeErase3    // and 55
	modeErasing
	modeErase20 // the first half of the other command set's erase
	modeCount
)

// flashChip is the state of one chip.
type flashChip struct {
	End    int64 // tick at which erasing ends
	Mode   uint8
	Status uint8
	Spare  [6]uint8
}

type flashState struct{ Chip [chipCount]flashChip }

type flash struct {
	b      *board
	st     *flashState
	rom    [chipCount][]byte // nil: no chip
	hash   [chipCount]uint64 // of the ROM, where hashed: see romHash
	hashed [chipCount]bool
	ready  *machine.Event
	table  *state.Tracked // an entry of 16 bits for each page of each chip
	store  *state.Tracked

	// Derived: the SIMMs as the CPU and the DMAs see them.
	data    []byte // program SIMMs, as data
	code    []byte // program SIMMs, as opcodes; may be the same memory
	g       []byte // graphics SIMMs, the chips of a pair alternating
	direct  [2]bool
	applied []byte         // the table that these were made by
	pages   map[int][]byte // and the pages of the store
}

// simms collects the chips' ROM.
func simms(c *machine.Config) (*[chipCount][]byte, error) {
	out := new([chipCount][]byte)
	for i := range out {
		name := fmt.Sprintf("simm%d.%d", i/chipsPerSIMM+1, i%chipsPerSIMM)
		if r := c.Regions[name]; r != nil {
			if len(r) != chipSize {
				return nil, fmt.Errorf("%s: memory region %q has %#x bytes, the board needs %#x", c.Set, name, len(r), chipSize)
			}
			out[i] = r
		}
	}
	for i := range 4 {
		if out[i] == nil {
			return nil, fmt.Errorf("%s: the board needs memory region \"simm1.%d\", which the set does not have", c.Set, i)
		}
	}
	return out, nil
}

func newFlash(a *state.Arena, b *board, chips *[chipCount][]byte) *flash {
	f := &flash{b: b, rom: *chips, st: state.New[flashState](a, "flash"), pages: map[int][]byte{}}
	f.ready = b.Scheduler.NewEvent(a, "flash.ready", f.finish)
	f.data = make([]byte, 2*simmSize)
	f.code = f.data
	if b.cart.mode == opcodes || f.rom[chipsPerSIMM] == nil {
		f.code = make([]byte, 2*simmSize)
	}
	for simm := range 2 {
		part := f.data[simm*simmSize:][:simmSize]
		for lane := range 4 {
			if chip := f.rom[simm*chipsPerSIMM+lane]; chip != nil {
				for i, v := range chip {
					part[4*i+lane] = v
				}
			} else {
				for i := lane; i < len(part); i += 4 {
					part[i] = 0xff // the bus floats
				}
			}
		}
		at := flashAt + uint32(simm)*simmSize
		for i := uint32(0); i < simmSize; i += 4 {
			v := binary.BigEndian.Uint32(part[i:])
			if &f.code[0] != &f.data[0] && f.rom[simm*chipsPerSIMM] != nil {
				binary.BigEndian.PutUint32(f.code[uint32(simm)*simmSize+i:], v^b.cart.mask(at+i))
			}
			binary.BigEndian.PutUint32(part[i:], v^b.cart.dataMask(at+i))
		}
	}
	pairs := 0
	for f.pairROM(pairs) != nil {
		pairs++
	}
	f.g = make([]byte, pairs*2*chipSize)
	for p := range pairs {
		part := f.g[p*2*chipSize:][:2*chipSize]
		even, odd := f.pairROM(p)[:chipSize], f.rom[f.pair(p)+1][:chipSize]
		for i := range even {
			part[2*i], part[2*i+1] = even[i], odd[i]
		}
	}
	for simm := range uint32(2) {
		start := flashAt + simm*simmSize
		f.b.mem.Handle(start, start+simmSize-1, nil, f.writeProgram)
		f.mapSIMM(simm) // comes after, because it ends with a promise that mapping breaks
	}
	b.mem.Handle(graphicsAt, graphicsAt+graphicsWindow-1, f.readGraphics, f.writeGraphics)
	b.mem.HandleFetch(graphicsAt, graphicsAt+graphicsWindow-1, nil)
	return f
}

// pair is the number of the first chip of a pair of graphics chips.
func (f *flash) pair(p int) int { return graphicsSIMM*chipsPerSIMM + 2*p }

func (f *flash) pairROM(p int) []byte {
	c := f.pair(p)
	if c+1 >= chipCount || f.rom[c+1] == nil {
		return nil
	}
	return f.rom[c]
}

// addStores adds the memory that holds what is written. It is tracked.
func (f *flash) addStores(a *state.Arena) {
	f.table = a.Tracked("flash.table", (chipCount*chipPages*2+state.PageSize-1)&^(state.PageSize-1))
	f.store = a.Tracked("flash.store", storePages*flashPage)
	f.applied = make([]byte, len(f.table.Mem))
}

// mapSIMM shows a program SIMM to the CPU: its memory, or if a chip does not
// give that now, the chips themselves.
func (f *flash) mapSIMM(simm uint32) {
	direct := true
	for lane := range 4 {
		direct = direct && givesContent(f.st.Chip[simm*chipsPerSIMM+uint32(lane)].Mode)
	}
	if direct == f.direct[simm] {
		return
	}
	f.direct[simm] = direct
	at := simm * simmSize
	start, end := flashAt+at, flashAt+at+simmSize-1
	m := f.b.mem
	if direct {
		m.MapData(start, end, f.data[at:at+simmSize])
	} else {
		m.Handle(start, end, f.readProgram, nil)
	}
	m.MapFetch(start, end, f.code[at:at+simmSize])
	if direct {
		m.Freeze(start, end)
	}
}

func (f *flash) entry(chip int, addr uint32) uint16 {
	return binary.LittleEndian.Uint16(f.table.Mem[2*(chip*chipPages+int(addr/flashPage)):])
}

func (f *flash) setEntry(chip, page int, v uint16) {
	at := 2 * (chip*chipPages + page)
	f.table.Touch(uint32(at))
	binary.LittleEndian.PutUint16(f.table.Mem[at:], v)
	binary.LittleEndian.PutUint16(f.applied[at:], v)
	if i := at / 2; v >= pageStored {
		f.pages[i] = append(f.pages[i][:0], f.stored(v)...)
	} else {
		delete(f.pages, i)
	}
}

// stored is a page of the store by its table entry.
func (f *flash) stored(entry uint16) []byte {
	at := int(entry-pageStored) % storePages * flashPage
	return f.store.Mem[at : at+flashPage]
}

// content is the byte in a chip.
func (f *flash) content(chip int, addr uint32) uint8 {
	switch e := f.entry(chip, addr); {
	case e == pageErased:
		return 0xff
	case e >= pageStored:
		return f.stored(e)[addr%flashPage]
	case f.rom[chip] == nil:
		return 0xff
	}
	return f.rom[chip][addr]
}

// program stores a byte, if there is room.
func (f *flash) program(chip int, addr uint32, v uint8) {
	e := f.entry(chip, addr)
	page := int(addr / flashPage)
	if e < pageStored {
		n, ok := f.free()
		if !ok {
			return
		}
		new := f.stored(n)
		if e == pageROM {
			copy(new, f.rom[chip][page*flashPage:])
		} else {
			for i := range new {
				new[i] = 0xff
			}
		}
		f.setEntry(chip, page, n)
		e = n
	}
	f.stored(e)[addr%flashPage] = v
	f.pages[chip*chipPages+page][addr%flashPage] = v
	f.store.Touch(uint32(int(e-pageStored)%storePages*flashPage) + addr%flashPage)
	f.show(chip, addr, v)
	f.changed(chip, addr, 1)
}

// free finds an unused page of the store.
func (f *flash) free() (uint16, bool) {
	var used [storePages]bool
	for i := 0; i < len(f.table.Mem); i += 2 {
		if e := binary.LittleEndian.Uint16(f.table.Mem[i:]); e >= pageStored {
			used[int(e-pageStored)%storePages] = true
		}
	}
	for i, u := range used {
		if !u {
			at := i * flashPage
			f.store.Touch(uint32(at))
			return uint16(i + pageStored), true
		}
	}
	return 0, false
}

func (f *flash) erase(chip, page, n int) {
	for i := page; i < page+n; i++ {
		f.setEntry(chip, i, pageErased)
		f.showPage(chip, i)
	}
	f.changed(chip, uint32(page*flashPage), n*flashPage)
}

// show brings what the CPU or the DMAs see of a byte up to date.
func (f *flash) show(chip int, addr uint32, v uint8) {
	simm, c := chip/chipsPerSIMM, chip%chipsPerSIMM
	if simm >= graphicsSIMM {
		if at := (chip-graphicsSIMM*chipsPerSIMM)/2*2*chipSize + int(2*addr) + c&1; at < len(f.g) {
			f.g[at] = v
		}
		return
	}
	if c >= 4 {
		return
	}
	at := simm*simmSize + int(4*addr)
	shift := (3 - c) * 8
	if &f.code[0] != &f.data[0] {
		f.code[at+c] = v ^ uint8(f.b.cart.mask(flashAt+uint32(at))>>shift)
	}
	f.data[at+c] = v ^ uint8(f.b.cart.dataMask(flashAt+uint32(at))>>shift)
}

func (f *flash) showPage(chip, page int) {
	for a := uint32(page * flashPage); a < uint32((page+1)*flashPage); a++ {
		f.show(chip, a, f.content(chip, a))
	}
}

// changed tells the CPU that n bytes of a chip from addr on are others.
func (f *flash) changed(chip int, addr uint32, n int) {
	if simm := uint32(chip / chipsPerSIMM); simm < graphicsSIMM && f.direct[simm] {
		start := flashAt + simm*simmSize + 4*addr
		f.b.mem.Changed(start, start+uint32(4*n)-1)
	}
}

// restored brings everything that is derived up to date.
func (f *flash) restored() {
	for i := range f.st.Chip {
		c := &f.st.Chip[i]
		c.Mode %= modeCount
		if f.rom[i] == nil {
			c.Mode = modeRead
		}
		c.End = min(c.End, f.b.Scheduler.Now()+chipEraseTime)
	}
	for simm := range uint32(2) {
		f.mapSIMM(simm)
	}
	f.plan()
	same := bytes.Equal(f.table.Mem, f.applied)
	if same && len(f.pages) == 0 {
		return
	}
	words := func(b []byte) []uint16 { return unsafe.Slice((*uint16)(unsafe.Pointer(&b[0])), len(b)/2) }
	now, was := words(f.table.Mem), words(f.applied)
	for i := range chipCount * chipPages {
		chip, page := i/chipPages, i%chipPages
		if now[i] == was[i] && (now[i] < pageStored || bytes.Equal(f.pages[i], f.stored(now[i]))) {
			continue
		}
		if now[i] >= pageStored {
			f.pages[i] = append(f.pages[i][:0], f.stored(now[i])...)
		} else {
			delete(f.pages, i)
		}
		if f.rom[chip] != nil {
			f.showPage(chip, page)
			f.changed(chip, uint32(page*flashPage), flashPage)
		}
	}
	copy(f.applied, f.table.Mem)
}
