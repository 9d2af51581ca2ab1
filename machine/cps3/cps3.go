// Package cps3 is Capcom's CPS-3: an encrypted SH-2, a PPU that draws one list
// of sprites and tilemap bands from RAM that DMA fills, a layer of text, and 16
// voices of PCM.
//
// This file has the clocks, the memory map and the interrupts; cart.go the
// cipher of the security cartridge; sets.go which set is what; flash.go the
// SIMMs; io.go inputs, EEPROM and SCSI; nvram.go what is kept without power;
// ppu.go the PPU's registers, dma.go its DMA; video.go, sprites.go, tilemap.go
// and text.go the picture; sound.go the voices; ram.go how RAM is tracked.
//
// Moments of composition are MAME's: the whole picture is made at the end of a
// frame, from registers and memory as they are then, except for the list of
// sprites and the global scrolls, which are as last copied by DMA.
//
// Not modelled: the CD drive (sets without one are complete), wait states of the
// bus, screen flip and line zoom, which MAME has not either.
//
// Sources: SH7604 Hardware Manual; data sheets of the 29F016A, 33C93A and 93C46;
// behaviour compared with MAME 0.251.
package cps3

import (
	"arcade/audio/cps3"
	"arcade/cpu"
	"arcade/cpu/sh2"
	"arcade/machine"
	"arcade/machine/state"
)

// Clocks in Hz. The scheduler's tick is a cycle of the CPU.
const (
	cpuClock   = 25_000_000
	pixelClock = 8_590_909 // 42.954545 MHz / 5
	hTotal     = 546
	vTotal     = 264
)

// revision is raised whenever emulation of this family changes.
const revision = 1

// Sizes of memory in bytes.
const (
	biosSize    = 0x80000
	workSize    = 0x80000
	spriteSize  = 0x80000
	colourSize  = 0x40000
	charSize    = 0x800000
	ssSize      = 0x8000
	simmSize    = 0x800000 // of a program SIMM
	flashAt     = 0x06000000
	cacheAt     = 0xc0000000
	cacheSize   = 0x400
	framSize    = 0x400
	eepromWords = 64
)

// Interrupt levels.
const (
	levelDMA   = 10
	levelBlank = 12
)

// Input ports, in the order of machine.Machine.Ports.
const (
	portInputs = iota
	portExtra
)

var portTags = []string{"INPUTS", "EXTRA"}

type board struct {
	*machine.Machine
	set  *set
	cart cart
	cpu  *sh2.CPU
	mem  *cpu.Map32
	st   *boardState
	bios []byte

	work    *state.Tracked
	sprites *state.Tracked // sprite RAM: lists, tilemaps, line scroll
	list    *state.Tracked // the list as the list DMA copied it
	colours *state.Tracked
	chars   *state.Tracked // character RAM
	ss      *state.Tracked // RAM of the text layer
	shown   uint32         // the megabyte of character RAM that is mapped

	flash   *flash
	scsi    *scsi
	dmaDone *machine.Event

	sound    *cps3.Chip
	soundDue *machine.SampleClock

	canvas *canvas
}

// boardState is what the board's registers and small memories hold.
type boardState struct {
	ListBusy int64            // tick until which the list DMA is busy
	Table    uint32           // character DMA: G address of the table of pairs
	Scroll   [8]uint32        // global scrolls as the list DMA copied them, X in bits 31-16
	PPU      [ppuWords]uint16 // registers as written
	EEPROM   [eepromWords]uint16
	Cache    [cacheSize]uint8 // the CPU's cache, used as RAM
	FRAM     [framSize]uint8  // of the cartridge
	SS       [ssRegs]uint8    // registers of the text layer
	Latch    uint16           // word that was read from the EEPROM
	Outputs  uint16
	W, H     uint16 // size of the picture
	ClipW    uint16 // columns that are drawn: the width before the last change
	ClipH    uint16
	ListEdge uint8 // last value of the list DMA's register
	DMA      uint8 // status bits of the DMAs that are under way
	Shown    uint8 // a picture has been drawn since power-on
	Spare    [7]uint8
}

func init() {
	machine.Register(machine.Driver{Name: "cps3", Sets: setNames(), New: New, Instead: instead(), ManualTimes: true})
}

// New builds a board for one set.
func New(c *machine.Config) (*machine.Machine, error) {
	b, err := newBoard(c)
	if err != nil {
		return nil, err
	}
	return b.Machine, nil
}

func newBoard(c *machine.Config) (*board, error) {
	s, err := findSet(c.Set)
	if err != nil {
		return nil, err
	}
	a := state.NewArena(32 << 20)
	b := &board{set: s, cart: s.cart, canvas: new(canvas)}
	b.Machine = machine.New(a, machine.Clock(cpuClock), machine.Screen{
		W: normalW, H: normalH, Rotate: c.Rotate, Refresh: machine.Raster(pixelClock, hTotal, vTotal),
	})
	b.Set, b.Board, b.Revision = c.Set, "cps3", revision
	if b.Inputs, err = machine.NewInputs(portTags, c.Ports, c.Fields); err != nil {
		return nil, err
	}
	if b.bios, err = c.Region("bios", biosSize); err != nil {
		return nil, err
	}
	chips, err := simms(c)
	if err != nil {
		return nil, err
	}

	b.st = state.New[boardState](a, "board")
	b.st.W, b.st.H, b.st.ClipW, b.st.ClipH = normalW, normalH, normalW, normalH
	b.mem = sh2.NewMap(0)
	cpuState := state.New[sh2.State](a, "maincpu")
	b.mapROM()
	b.cpu = sh2.New(cpuState, b.mem)
	if c.ManualTimes {
		cpuState.Model = sh2.Manual
		b.cpu.Restored()
	}
	// The cartridge's CPU decrypts what it fetches, and MAME has that as a space
	// of its own, in which what is inside the chip is not.
	b.mem.HandleFetch(0x40000000, 0xbfffffff, nil)
	b.mem.HandleFetch(0xffff0000, 0xffffffff, nil)
	b.cpu.DMAFilter = b.filterDMA
	b.Scheduler.AddCPU(a, "maincpu", b.cpu, machine.Clock(cpuClock))
	b.dmaDone = b.Scheduler.NewEvent(a, "dma", func(uint64) {
		b.st.DMA = 0
		b.cpu.SetIRQ(levelDMA, true)
	})
	b.scsi = newSCSI(a, b.Scheduler)
	b.flash = newFlash(a, b, chips)
	b.addSound(a)
	b.addRAM(a)
	b.flash.addStores(a)
	b.powerList()
	if err := b.keep(c); err != nil {
		return nil, err
	}
	a.OnRestore(b.restored)

	b.AddBytes("share:mainram", b.work.Mem)
	b.AddBytes("share:spriteram", b.sprites.Mem)
	b.AddBytes("share:colourram", b.colours.Mem)
	b.AddBytes("charram", b.chars.Mem)
	b.AddBytes("ssram", b.ss.Mem)
	b.AddSpace("maincpu/program", 0x08000000, func(addr uint32) uint8 {
		shift := ^addr & 3 * 8
		return uint8(b.mem.Read(addr&^3, 0xff<<shift) >> shift)
	})
	b.AddSpace("maincpu/decrypted_opcodes", 0x08000000, func(addr uint32) uint8 {
		v, _ := b.mem.Peek(addr)
		return uint8(v >> (^addr & 1 * 8))
	})
	b.Finish(b)
	return b, nil
}

// mapROM maps the boot ROM and the handlers of everything that is no RAM.
func (b *board) mapROM() {
	m := b.mem
	m.MapRead(0, biosSize-1, b.bios)
	m.Freeze(0, biosSize-1)
	m.Handle(0x03000000, 0x0300ffff, b.readFRAM, b.writeFRAM)
	m.HandleFetch(0x03000000, 0x0300ffff, nil)
	m.Handle(0x040c0000, 0x040cffff, b.readPPU, b.writePPU)
	m.Handle(0x040e0000, 0x040effff, b.readSound, b.writeSound)
	m.Handle(0x05000000, 0x0500ffff, b.readIO, b.writeIO)
	m.Handle(0x05040000, 0x0504ffff, b.readSS, b.writeSS)
	m.Handle(0x05050000, 0x0505ffff, func(uint32, uint32) uint32 { return 0 }, b.writeSSRegs)
	for _, start := range []uint32{0x040c0000, 0x040e0000, 0x05000000, 0x05040000, 0x05050000} {
		m.HandleFetch(start, start|0xffff, nil)
	}
	m.Handle(0x05100000, 0x0513ffff, nil, b.acknowledge)
	m.Handle(0x05140000, 0x0514ffff, b.readSCSI, b.writeSCSI)
	m.HandleFetch(0x05140000, 0x0514ffff, nil)
	m.Handle(cacheAt, cacheAt|0xffff, b.readCache, b.writeCache)
	m.HandleFetch(cacheAt, cacheAt|0xffff, b.fetchCache)
}

// acknowledge serves 05100000-0513ffff: any write there ends a request.
func (b *board) acknowledge(addr, _, _ uint32) {
	switch addr {
	case 0x05100000:
		b.cpu.SetIRQ(levelBlank, false)
	case 0x05110000:
		b.cpu.SetIRQ(levelDMA, false)
	}
}

// Blank is the start of vertical blank.
func (b *board) Blank() { b.cpu.SetIRQ(levelBlank, true) }

// Reset is the board's reset line.
func (b *board) Reset() {
	b.cpu.SetIRQ(levelBlank, false)
	b.cpu.SetIRQ(levelDMA, false)
	b.dmaDone.Cancel()
	b.st.DMA, b.st.ListBusy, b.st.ListEdge = 0, 0, 0
	b.st.Table = 0
	b.scsi.reset()
	b.flash.reset()
}

// EndFrame brings the sound up to the end of the frame, and takes notice of a
// new size of the picture: it is drawn in that size from now on, but this once
// only as far as the old one went, as in MAME.
func (b *board) EndFrame() {
	b.syncSound()
	b.st.ClipW, b.st.ClipH = b.st.W, b.st.H
	if zx, zy := b.zoom(); zx != 0 && zy != 0 {
		b.st.Shown = 1
	}
	b.resize()
}

// restored makes any bytes a legal state and rebuilds what is derived.
func (b *board) restored() {
	s := b.st
	s.W, s.ClipW = legalSize(s.W, maxW), legalSize(s.ClipW, maxW)
	s.H, s.ClipH = legalSize(s.H, maxH), legalSize(s.ClipH, maxH)
	s.DMA &= statusChars | statusPalette
	b.sound.Restored()
	b.flash.restored()
	b.mapWindow()
}

func legalSize(n, limit uint16) uint16 { return min(max(n, 1), limit) }
