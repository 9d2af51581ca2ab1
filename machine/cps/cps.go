// Package cps is Capcom's CPS-1: a 68000 with three scroll layers and 256
// objects made by the CPS-A and CPS-B chips, and a Z80 with a YM2151 and an
// MSM6295 for sound.
//
// This file has the clocks, the memory map and the interrupts; cpsb.go the chip
// that differs from game to game; video.go, objects.go, stars.go and palette.go
// the picture; sound.go the sound board; bootleg.go what copies changed; and
// tables.go, with the tables in data, which set is what.
//
// Moments of composition are MAME's: the picture is made at the end of a frame
// from registers as they are then, objects are those latched at its start.
//
// Sources: public schematics of the A-board, B-boards and C-boards; PAL
// equations; behaviour compared with MAME 0.251.
package cps

import (
	"arcade/audio/okim6295"
	"arcade/audio/ym2151"
	"arcade/cpu"
	"arcade/cpu/m68000"
	"arcade/cpu/z80"
	"arcade/machine"
	"arcade/machine/parts"
	"arcade/machine/state"
)

// Clocks in Hz. The scheduler's tick is a pixel's half: the 16 MHz crystal of
// the video side. The 68000 runs at 10 or 12 MHz, see the set.
const (
	masterClock = 16_000_000
	pixelClock  = 8_000_000
	soundClock  = 3_579_545 // Z80 and YM2151
	okiClock    = 1_000_000
	hTotal      = 512
	vTotal      = 262
	blankLine   = 240 // where vertical blank begins, and a frame
)

// revision is raised whenever emulation of this family changes.
const revision = 5

const (
	gfxRAMSize  = 0x30000
	workRAMSize = 0x10000
)

// Input ports, in the order of machine.Machine.Ports.
const (
	portIN0 = iota
	portIN1
	portIN2
	portIN3
	portDSWA
	portDSWB
	portDSWC
	portDIAL0
	portDIAL1
)

var portTags = []string{"IN0", "IN1", "IN2", "IN3", "DSWA", "DSWB", "DSWC", "DIAL0", "DIAL1"}

// Registers of CPS-A, as indices of words.
const (
	regObjectBase = iota
	regScroll1Base
	regScroll2Base
	regScroll3Base
	regOtherBase
	regPaletteBase
	regScroll1X
	regScroll1Y
	regScroll2X
	regScroll2Y
	regScroll3X
	regScroll3Y
	regStars1X
	regStars1Y
	regStars2X
	regStars2Y
	regRowScroll
	regVideoControl
)

type board struct {
	*machine.Machine
	set   *set
	cpu   *m68000.CPU
	mem   *cpu.Map16
	st    *boardState
	rom   []byte
	ports int // input ports that the set has, as bits

	extra   []byte // more RAM of bootlegs, or nil
	gfxram  []byte
	workram []byte
	objects []byte // the object list as latched
	gfx     graphics
	eeprom  *parts.EEPROM93C46 // or nil

	sound   *machine.CPU
	z80     *z80.CPU
	ym      *ym2151.Chip
	ymDue   *machine.SampleClock
	ymTimer *machine.Event
	zmem    *cpu.Map8
	zram    []byte
	zrom    []byte

	oki       *okim6295.Chip
	okiDue    [2]*machine.SampleClock // for each level of pin 7
	okiStream int                     // added to the number of its streams
	latch     *machine.Event
	latch2    *machine.Event
	raster    *machine.Event // or nil
}

// boardState is what the board's registers hold.
type boardState struct {
	CPSA       [32]uint16
	CPSB       [32]uint16
	Palette    paletteRAM
	Protection uint16    // of some bootlegs
	Coins      uint16    // coin control
	Dial       [2]uint16 // uPD4701A: the port's value at the last reset of its counter
	Latch      uint8     // sound command
	Latch2     uint8     // second latch
	Bank       uint8     // of the Z80's ROM
	Pin7       uint8     // of the MSM6295
	Raster     uint8     // level 4 is requested
	Blanked    uint8     // level 2 is requested
	Spare      [2]uint8
}

func init() {
	machine.Register(machine.Driver{Name: "cps1", Sets: setNames(), New: New})
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
	a := state.NewArena(2 << 20)
	b := &board{set: s}
	b.Machine = machine.New(a, machine.Hz(masterClock), machine.Screen{
		W: screenW, H: screenH, Rotate: c.Rotate, Refresh: s.refresh(),
	})
	b.Set, b.Board, b.Revision = c.Set, "cps1", revision
	if b.Inputs, err = machine.NewInputs(portTags, c.Ports, c.Fields); err != nil {
		return nil, err
	}
	for _, p := range c.Ports {
		for i, tag := range portTags {
			if p.Tag == tag {
				b.ports |= 1 << i
			}
		}
	}
	if b.rom, err = c.Region("maincpu", 0); err != nil {
		return nil, err
	}
	if len(b.rom) < 0x400000 {
		return nil, c.RegionTooSmall("maincpu", len(b.rom), 0x400000)
	}
	gfx, err := c.Region("gfx", 0)
	if err != nil {
		return nil, err
	}
	if len(gfx) < 0x20000 {
		return nil, c.RegionTooSmall("gfx", len(gfx), 0x20000)
	}
	b.gfx.build(gfx, s.mapper)
	b.gfx.stars = c.Regions["stars"]
	if b.gfx.stars != nil && len(b.gfx.stars) < 0x8000 {
		return nil, c.RegionTooSmall("stars", len(b.gfx.stars), 0x8000)
	}

	b.st = state.New[boardState](a, "board")
	b.mem = cpu.NewMap16(0)
	b.cpu = m68000.New(state.New[m68000.State](a, "maincpu"), b.mem)
	b.cpu.State().Timing = m68000.MAMETiming
	b.cpu.Ack = b.acknowledge
	b.Scheduler.AddCPU(a, "maincpu", b.cpu, machine.Clock(s.mhz*1_000_000))
	b.objects = a.Bytes("objects", 0x800)
	if s.has("eeprom") {
		b.eeprom = parts.NewEEPROM93C46(a, "eeprom", s.memory != "wofr1bl")
	}
	if s.has("raster") {
		b.raster = b.Scheduler.NewEvent(a, "raster", func(uint64) {
			b.st.Raster = 1
			b.interrupt()
		})
	}
	if err := b.addSound(a, c); err != nil {
		return nil, err
	}
	b.addRAM(a)
	b.power()
	if err := b.keep(c); err != nil {
		return nil, err
	}
	b.planRaster()
	a.OnRestore(func() {
		b.st.Bank &= 1
		b.st.Pin7 &= 1
		b.restoredSound()
	})

	b.AddSpace("maincpu/program", 0x1000000, func(addr uint32) uint8 {
		v := b.mem.Read(addr&^1, 0xff00>>(addr&1*8))
		return uint8(v >> (8 - addr&1*8))
	})
	if b.z80 != nil {
		b.AddSpace("audiocpu/program", 0x10000, func(addr uint32) uint8 { return b.zmem.Read(uint16(addr)) })
	}
	b.AddBytes("share:gfxram", b.gfxram)
	b.AddBytes("share:mainram", b.workram)
	b.Finish(b)
	return b, nil
}

// power sets the registers as MAME has them at power-on.
func (b *board) power() {
	b.st.CPSA[regObjectBase] = 0x9200
	b.st.CPSA[regScroll1Base] = 0x9000
	b.st.CPSA[regScroll2Base] = 0x9040
	b.st.CPSA[regScroll3Base] = 0x9080
	b.st.CPSA[regOtherBase] = 0x9100
}

// addRAM builds the 68000's memory. It is tracked, and so comes after all
// other state.
func (b *board) addRAM(a *state.Arena) {
	m := b.mem
	m.MapRead(0x000000, 0x3fffff, b.rom[:0x400000])
	m.Handle(0x800000, 0x800fff, b.readIO, b.writeIO)
	ram := func(name string, size int, starts ...uint32) []byte {
		t := a.Tracked(name, size)
		for _, start := range starts {
			machine.MapTracked16(m, start, t)
		}
		return t.Mem
	}
	size := gfxRAMSize
	if b.set.memory == "sf2m1" {
		size = 0x40000
	}
	b.gfxram = ram("gfxram", size, 0x900000)
	b.workram = ram("workram", workRAMSize, 0xff0000)
	switch at := b.set.objectRAM(); {
	case b.set.memory == "kodb":
		b.extra = ram("objectram", copyRAMSize, at, at+copyRAMSize) // seen twice, in front of graphics RAM
	case at != 0:
		b.extra = ram("objectram", copyRAMSize, at)
	case b.set.memory == "sf2m10":
		b.extra = ram("extra", 0x100000, 0xe00000)
		ram("extra2", 0x1000, 0xfef000)
	}
	b.mapQuirks()
}

// gfxArea is n bytes of graphics RAM at a base register's address, rounded
// down to a multiple of n. Where the board has no RAM there are zeros.
func (b *board) gfxArea(base uint16, n uint32) []byte {
	at := uint32(base) << 8 & 0x3ffff &^ (n - 1)
	if int(at+n) > len(b.gfxram) {
		return noRAM[:n]
	}
	return b.gfxram[at : at+n]
}

var noRAM [0x4000]byte

// wide is how an 8-bit port shows on the 16-bit bus.
func (b *board) wide(port int) uint16 {
	v := uint16(uint8(b.Ports[port]))
	if b.set.bothHalves {
		return v<<8 | v
	}
	return v<<8 | 0xff
}

// readIO serves 800000-800fff.
func (b *board) readIO(addr uint32, mask uint16) uint16 {
	at := addr & 0xffe
	if v, ok := b.readBootleg(at); ok {
		return v
	}
	switch {
	case at < 0x008:
		return uint16(b.Ports[portIN1])
	case at >= 0x018 && at < 0x020:
		return b.wide([4]int{portIN0, portDSWA, portDSWB, portDSWC}[at>>1&3])
	case at == 0x052 || at == 0x054 || at == 0x05a || at == 0x05c:
		return b.readDial(at)
	case at == 0x17a && b.eeprom != nil:
		return uint16(b.eeprom.DO())
	case at == 0x17a && b.set.has("no-17a"):
		return 0
	case at >= b.set.cpsbBase && at < b.set.cpsbBase+0x40:
		return b.readCPSB(at - b.set.cpsbBase)
	case b.set.cpsbAlso && at >= 0x1c0 && at < 0x200:
		return b.readCPSB(at - 0x1c0)
	}
	return 0
}

// writeIO serves 800000-800fff.
func (b *board) writeIO(addr uint32, v, mask uint16) {
	at := addr & 0xffe
	if b.writeBootleg(at, v, mask) {
		return
	}
	switch {
	case at >= 0x030 && at < 0x038:
		if mask&0xff00 != 0 {
			b.st.Coins = v & 0xff00
		}
	case at == 0x040:
		b.st.Dial[0] = uint16(b.Ports[portDIAL0])
	case at == 0x048:
		b.st.Dial[1] = uint16(b.Ports[portDIAL1])
	case at >= 0x100 && at < 0x140:
		b.writeCPSA(int(at-0x100)/2, v, mask)
	case at == 0x17a && b.eeprom != nil:
		if mask&0xff != 0 {
			b.eeprom.Write(v&0x80 != 0, v&0x40 != 0, v&1 != 0)
		}
	case at >= 0x180 && at < 0x188 && b.set.memory != "sf2m3":
		if mask&0xff != 0 {
			b.latch.Sync(uint64(v & 0xff))
		} else {
			b.latch.Sync(uint64(v >> 8))
		}
	case at >= 0x188 && at < 0x190 && b.set.memory != "sf2m3":
		if mask&0xff != 0 {
			b.latch2.Sync(uint64(v & 0xff))
		}
	case at >= b.set.cpsbBase && at < b.set.cpsbBase+0x40:
		b.writeCPSB(at-b.set.cpsbBase, v, mask)
	case b.set.cpsbAlso && at >= 0x1c0 && at < 0x200:
		b.writeCPSB(at-0x1c0, v, mask)
	}
}

// writeCPSA writes a register. That of the palette base starts the copy.
func (b *board) writeCPSA(n int, v, mask uint16) {
	if b.set.memory == "varthb2" {
		if fixed, ok := varthb2Bases[n]; ok {
			b.st.CPSA[n] = fixed
			return
		}
	}
	b.st.CPSA[n] = b.st.CPSA[n]&^mask | v&mask
	if n == regPaletteBase {
		b.copyPalette()
	}
}

// readDial serves the uPD4701A of Forgotten Worlds: two 12-bit counters, the
// lower eight bits and the upper four apart.
func (b *board) readDial(at uint32) uint16 {
	i := 0
	if at >= 0x05a {
		i = 1
	}
	count := (uint16(b.Ports[portDIAL0+i]) - b.st.Dial[i]) & 0xfff
	if at == 0x052 || at == 0x05a {
		return count & 0xff
	}
	return count >> 8
}

// Blank is the start of vertical blank: objects are latched and level 2 is
// requested.
func (b *board) Blank() {
	b.blankKludges()
	b.planRaster()
	b.latchObjects()
	b.st.Blanked = 1
	b.interrupt()
}

// planRaster schedules level 4, on the one board that uses it: at the start of
// line 0.
func (b *board) planRaster() {
	if b.raster != nil {
		start, _, _ := b.FrameStart()
		b.raster.At(start+(vTotal-blankLine)*hTotal*masterClock/pixelClock, 0)
	}
}

// interrupt drives the interrupt lines by the two request flip-flops.
func (b *board) interrupt() {
	switch {
	case b.st.Raster != 0:
		b.cpu.SetIRQ(4)
	case b.st.Blanked != 0:
		b.cpu.SetIRQ(b.set.blankLevel())
	default:
		b.cpu.SetIRQ(0)
	}
}

// acknowledge: every interrupt acknowledge clears both requests.
func (b *board) acknowledge(uint8) int {
	b.st.Raster, b.st.Blanked = 0, 0
	b.interrupt()
	return m68000.Autovector
}

// Reset is the board's reset line.
func (b *board) Reset() {
	b.st.Raster, b.st.Blanked = 0, 0
	b.interrupt()
	b.resetSound()
}

// EndFrame brings the sound up to the end of the frame.
func (b *board) EndFrame() {
	b.endFrameKludges()
	b.syncSound()
}
