package cps3

import (
	"arcade/machine/state"
)

// mapPage is the size of a page of the memory map, which is what a first write
// opens at once.
const mapPage = 0x10000

// mirrors are the address bits that do not matter, as page numbers.
var mirrors = [4]uint32{0, 0x0800, 0x2000, 0x2800}

// addRAM builds the memory that is tracked, and so comes after all other state.
func (b *board) addRAM(a *state.Arena) {
	ram := func(name string, start uint32, size int) *state.Tracked {
		t := a.Tracked(name, size)
		b.mapRAM(start, t)
		return t
	}
	b.work = ram("workram", 0x02000000, workSize)
	b.sprites = ram("spriteram", 0x04000000, spriteSize)
	b.colours = ram("colourram", 0x04080000, colourSize)
	b.ss = a.Tracked("ssram", ssSize)
	b.list = a.Tracked("spritelist", spriteSize)
	b.chars = a.Tracked("charram", charSize)
	b.chars.Guard(func(page int) {
		if uint32(page*state.PageSize)>>20 == b.window() {
			b.closePage(windowAt + uint32(page*state.PageSize)&(windowSize-1))
		}
	})
	b.mem.Handle(windowAt, windowAt+windowSize-1, nil, func(addr, v, mask uint32) {
		at := b.window()<<20 | addr&(windowSize-1)
		b.openPage(b.chars, at, addr)
		b.mem.Write(addr, v, mask)
	})
	b.mapWindow()
}

// mapRAM maps tracked memory for reading and writing as data. The first write
// to a page after a snapshot opens it; all others go straight to memory.
func (b *board) mapRAM(start uint32, t *state.Tracked) {
	end := start + uint32(len(t.Mem)) - 1
	b.mem.MapData(start, end, t.Mem)
	b.mem.Handle(start, end, nil, func(addr, v, mask uint32) {
		b.openPage(t, addr-start, addr)
		b.mem.Write(addr, v, mask)
	})
	t.Guard(func(page int) { b.closePage(start + uint32(page*state.PageSize)) })
}

// openPage lets the CPU write to the page of the map at addr, which is offset
// at in t.
func (b *board) openPage(t *state.Tracked, at, addr uint32) {
	at &^= mapPage - 1
	for i := uint32(0); i < mapPage; i += state.PageSize {
		t.Open(at + i)
	}
	page := (*[mapPage]byte)(t.Mem[at:])
	// Cores look at pages for writing at each access: nobody has to hear of it.
	for _, m := range mirrors {
		b.mem.WritePages[addr>>16|m] = page
	}
}

// closePage sends the next write there to the handler.
func (b *board) closePage(addr uint32) {
	for _, m := range mirrors {
		b.mem.WritePages[addr>>16|m] = nil
	}
}

// The window on character RAM.
const (
	windowAt   = 0x04100000
	windowSize = 0x100000
)

// window is the megabyte of character RAM that the CPU sees.
func (b *board) window() uint32 { return uint32(b.st.PPU[regCharBank]) & 7 }

// mapWindow shows the megabyte that is chosen.
func (b *board) mapWindow() {
	at := b.window() << 20
	for i := uint32(0); i < windowSize; i += mapPage {
		page := (*[mapPage]byte)(b.chars.Mem[at+i:])
		for _, m := range mirrors {
			b.mem.ReadPages[(windowAt+i)>>16|m] = page
		}
		b.closePage(windowAt + i)
	}
}
