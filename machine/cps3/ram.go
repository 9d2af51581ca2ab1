package cps3

import (
	"arcade/cpu"
	"arcade/machine/state"
)

// The map tells for every page of tracked memory whether writes to it are
// direct.
const _ = -uint(cpu.Part32 ^ state.PageSize)

// mapPage is the size of a page of the memory map.
const mapPage = len(cpu.Page32{})

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
		if at := uint32(page * state.PageSize); at/windowSize == b.shown {
			b.mem.Direct(windowAt+at%windowSize, nil)
		}
	})
	b.mem.Handle(windowAt, windowAt+windowSize-1, nil, func(addr, v, mask uint32) {
		b.openPage(b.chars, b.shown*windowSize+addr%windowSize, addr)
		b.mem.Write(addr, v, mask)
	})
	b.shown = ^b.window()
	b.mapWindow()
}

// mapRAM maps tracked memory for reading and writing as data. The first write
// to 4 KB after a snapshot opens them; all others go straight to memory.
func (b *board) mapRAM(start uint32, t *state.Tracked) {
	end := start + uint32(len(t.Mem)) - 1
	b.mem.MapData(start, end, t.Mem)
	b.mem.Handle(start, end, nil, func(addr, v, mask uint32) {
		b.openPage(t, addr-start, addr)
		b.mem.Write(addr, v, mask)
	})
	t.Guard(func(page int) { b.mem.Direct(start+uint32(page*state.PageSize), nil) })
}

// openPage lets the CPU write to the 4 KB of the map at addr, which are at
// offset at in t.
func (b *board) openPage(t *state.Tracked, at, addr uint32) {
	t.Open(at)
	b.mem.Direct(addr, (*cpu.Page32)(t.Mem[at&^(uint32(mapPage)-1):]))
}

// The window on character RAM.
const (
	windowAt   = 0x04100000
	windowSize = 0x100000
)

// window is the megabyte of character RAM that the CPU sees.
func (b *board) window() uint32 { return uint32(b.st.PPU[regCharBank]) & 7 }

// mapWindow shows the megabyte that is chosen, if it is another one.
func (b *board) mapWindow() {
	w := b.window()
	if b.shown == w {
		return
	}
	b.shown = w
	b.mem.MapData(windowAt, windowAt+windowSize-1, b.chars.Mem[w*windowSize:][:windowSize])
	for at := uint32(0); at < windowSize; at += state.PageSize {
		b.mem.Direct(windowAt+at, nil)
	}
}
