// Package pacman is the Namco Pac-Man board of 1980 and the boards that copy
// it: a Z80, 36x28 tiles, 8 sprites and the three-voice WSG.
//
// It reads like the schematic: this file has the clocks, the memory map and
// the latches; video.go the picture; protection.go what copies and relatives
// add; sets.go which set is which board.
//
// Sources: Pac-Man service manual (Bally Midway, 1980), schematics; behaviour
// compared with MAME 0.251.
package pacman

import (
	"arcade/audio/namco"
	"arcade/cpu"
	"arcade/cpu/z80"
	"arcade/machine"
	"arcade/machine/parts"
	"arcade/machine/state"
)

// Clocks: everything comes from one 18.432 MHz crystal. The scheduler's tick is
// a cycle of the Z80.
const (
	crystal    = 18_432_000
	cpuClock   = crystal / 6   // Z80
	pixelClock = crystal / 3   // video
	wsgRate    = crystal / 192 // samples a second of the WSG
	hTotal     = 384           // pixels a line, 288 of them visible
	vTotal     = 264           // lines a frame, 224 of them visible
)

// revision is raised whenever emulation of this family changes.
const revision = 3

// Input ports, in the order of machine.Machine.Ports.
const (
	portIN0 = iota
	portIN1
	portDSW1
	portDSW2
)

var portTags = []string{"IN0", "IN1", "DSW1", "DSW2"}

// Outputs of the addressable latch at 5000-5007 (LS259 at 8K).
const (
	latchIRQ   = iota // vertical blank interrupt enable
	latchSound        // sound enable
	latchAux          // not connected on most boards
	latchFlip         // flip screen
	latchLamp1        // start lamps
	latchLamp2
	latchLockout // coin lockout coil (Ms. Pac-Man boards)
	latchCounter // coin counter
)

// board is a Pac-Man board.
type board struct {
	*machine.Machine
	set  *set
	cpu  *z80.CPU
	mem  *cpu.Map8
	wsg  *namco.Chip
	due  *machine.SampleClock
	dog  *parts.Watchdog
	st   *boardState
	ram  []byte    // 4000-4FFF: tile codes, colours, nothing, work RAM with sprite attributes
	rom  []byte    // region "maincpu"
	open [256]byte // what 4800-4BFF reads

	// Handlers of the pages with windows of the Ms. Pac-Man auxiliary board.
	// They are values here because making them where the map changes allocates.
	msReads  func(addr uint16) uint8
	msWrites func(addr uint16, v uint8)

	gfx graphics
}

// boardState is what the board's own latches and small RAMs hold.
type boardState struct {
	SpritePos [16]uint8 // 5060-506F: sprite positions, 8 pairs
	Latch     [8]uint8  // LS259 outputs
	Vector    uint8     // interrupt vector latch, written through port 0
	Bank      uint8     // Ms. Pac-Man auxiliary board: 1 shows the decoded ROM
	MTEnable  uint8     // Make Trax protection: enabled
	MTCount   uint8     // writes of 1 since the index moved
	MTIndex   uint32    // index into its answer tables
}

func init() {
	machine.Register(machine.Driver{Name: "pacman", Sets: setNames(), New: New})
}

// New builds a board for one set.
func New(c *machine.Config) (*machine.Machine, error) {
	s, err := findSet(c.Set)
	if err != nil {
		return nil, err
	}
	a := state.NewArena(1 << 16)
	b := &board{set: s}
	b.Machine = machine.New(a, machine.Clock(cpuClock), machine.Screen{
		W: screenW, H: screenH, Rotate: 90,
		Refresh: machine.Raster(pixelClock, hTotal, vTotal),
	})
	b.MatchMAME((vTotal - screenH) * hTotal * cpuClock / pixelClock)
	b.Set, b.Board, b.Revision = c.Set, "pacman", revision
	if b.Inputs, err = machine.NewInputs(portTags, c.Ports, c.Fields); err != nil {
		return nil, err
	}
	if b.rom, err = c.Region("maincpu", 0); err != nil {
		return nil, err
	}
	if len(b.rom) < s.romSize() {
		return nil, c.RegionTooSmall("maincpu", len(b.rom), s.romSize())
	}
	waves, err := c.Region("namco", 0x200)
	if err != nil {
		return nil, err
	}
	if err := b.gfx.build(c, s); err != nil {
		return nil, err
	}

	b.st = state.New[boardState](a, "board")
	b.ram = a.Bytes("ram", 0x1000)
	for i := range b.open {
		b.open[i] = 0xbf
	}
	b.mem = cpu.NewMap8(0)
	b.cpu = z80.New(state.New[z80.State](a, "maincpu"), b.mem, z80.IO{
		In:  func(uint16) uint8 { return 0 }, // no port can be read; MAME's unmapped value
		Out: b.writePort,
		Ack: func() uint8 { return b.st.Vector },
	})
	b.cpu.State().Rules = z80.MAMERules
	b.Scheduler.AddCPU(a, "maincpu", b.cpu, machine.Clock(cpuClock))
	b.wsg = namco.New(state.New[namco.State](a, "namco"), waves[:0x100], namco.MAME)
	b.due = b.Scheduler.NewSampleClock(a, "namco.clock", machine.Hz(wsgRate))
	b.dog = parts.NewWatchdog(a, 16, b.Machine.Reset)
	b.Streams = []machine.Stream{{
		Name: "namco", Rate: machine.Hz(wsgRate), Channels: 1,
		Routes: []machine.Route{{Left: true, Right: true, Level: machine.Rational{Num: 256, Den: 3 * 32768}}},
	}}

	b.msReads, b.msWrites = b.msRead, func(addr uint16, _ uint8) { b.msTouch(addr) }
	b.mapMemory()
	a.OnRestore(func() {
		for i := range b.st.Latch {
			b.st.Latch[i] &= 1
		}
		b.st.Bank &= 1
		b.st.MTEnable &= 1
		b.st.MTIndex %= uint32(len(mtTable))
		b.wsg.Restored()
		b.mapProtection() // no other part of the map ever changes
	})

	b.AddSpace("maincpu/program", 0x10000, func(addr uint32) uint8 { return b.mem.Read(uint16(addr)) })
	b.AddBytes("share:videoram", b.ram[:0x400])
	b.AddBytes("share:colorram", b.ram[0x400:0x800])
	b.AddBytes("share:spriteram", b.ram[0xff0:])
	b.AddBytes("share:spriteram2", b.st.SpritePos[:])
	b.Finish(b)
	return b.Machine, nil
}

// mapMemory wires the address decoder. A15 does not reach the board, and A13
// does not reach its RAM half, except on boards with more ROM.
func (b *board) mapMemory() {
	m := b.mem
	m.MapRead(0x0000, 0x3fff, b.rom[:0x4000])
	m.HandleWrite(0x0000, 0x3fff, func(uint16, uint8) {})
	high := b.rom[:0x4000]
	if b.set.board == woodpek {
		high = b.rom[0x8000:0xc000]
	}
	m.MapRead(0x8000, 0xbfff, high)
	m.HandleWrite(0x8000, 0xbfff, func(uint16, uint8) {})
	for _, base := range []uint16{0x4000, 0x6000, 0xc000, 0xe000} {
		m.MapRAM(base, base+0x7ff, b.ram[:0x800])
		for page := base + 0x800; page < base+0xc00; page += 0x100 {
			m.MapRead(page, page+0xff, b.open[:])
		}
		m.HandleWrite(base+0x800, base+0xbff, func(uint16, uint8) {})
		m.MapRAM(base+0xc00, base+0xfff, b.ram[0xc00:])
		m.HandleRead(base+0x1000, base+0x1fff, b.readIO)
		m.HandleWrite(base+0x1000, base+0x1fff, b.writeIO)
	}
	b.mapProtection()
}

// readIO serves 5000-5FFF: only A6 and A7 are decoded.
func (b *board) readIO(addr uint16) uint8 {
	switch addr >> 6 & 3 {
	case 0:
		return uint8(b.Ports[portIN0])
	case 1:
		return uint8(b.Ports[portIN1])
	case 2:
		if b.set.protection != none {
			return b.protected(addr)
		}
		return uint8(b.Ports[portDSW1])
	}
	if b.set.protection != none {
		return b.protected(addr)
	}
	return uint8(b.Ports[portDSW2])
}

// writeIO serves 5000-5FFF.
func (b *board) writeIO(addr uint16, v uint8) {
	switch addr >> 6 & 3 {
	case 0:
		b.writeLatch(addr&7, v&1)
	case 1:
		switch addr >> 4 & 3 {
		case 0, 1:
			b.syncSound()
			b.wsg.Write(uint8(addr&0x1f), v)
		case 2:
			b.st.SpritePos[addr&15] = v
		}
	case 3:
		b.dog.Kick()
	}
}

func (b *board) writeLatch(bit uint16, v uint8) {
	b.st.Latch[bit] = v
	switch bit {
	case latchIRQ:
		if v == 0 {
			b.cpu.SetIRQ(false) // the request stays until it is disabled
			b.BeginSlice()
		}
	case latchSound:
		b.syncSound()
		b.wsg.Enable(v != 0)
	case latchLamp1:
		if b.set.protection == makeTrax {
			b.mtWrite(v)
		}
	}
}

// writePort serves Z80 OUT: any port with A7-A0 = 0 is the vector latch.
func (b *board) writePort(port uint16, v uint8) {
	if uint8(port) == 0 {
		b.st.Vector = b.set.vector(v)
	}
}

// Reset is the board's reset line: it clears the latches.
func (b *board) Reset() {
	b.syncSound()
	b.st.Latch = [8]uint8{}
	b.st.Bank = 1
	b.wsg.Enable(false)
	b.cpu.SetIRQ(false)
	b.mapProtection()
}

// Blank is the start of vertical blank.
func (b *board) Blank() {
	b.dog.Blank()
	if b.st.Latch[latchIRQ] != 0 {
		b.cpu.SetIRQ(true)
	}
}

// EndFrame brings the sound up to the end of the frame.
func (b *board) EndFrame() { b.syncSound() }

func (b *board) syncSound() {
	if n := b.due.Owed(); n > 0 {
		b.wsg.Advance(n, b.Samples(0, n))
	}
}
