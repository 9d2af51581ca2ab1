package cps3rom

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"arcade/romset"
)

// Commands of the program, as in src/program.c.
const (
	cmdWait = iota
	cmdWrite8
	cmdWrite16
	cmdWrite32
	cmdBlock
	cmdFill
	cmdShow8
	cmdShow16
	cmdShow32
	cmdJump
	cmdCall
	cmdPoll
	cmdCopy
)

// Addresses on the board.
const (
	work    = 0x02000000
	scratch = 0x02000008
	dmas    = 0x02000004
	cartRAM = 0x03000000
	sprites = 0x04000000
	colours = 0x04080000
	ppu     = 0x040c0000
	voices  = 0x040e0000
	chars   = 0x04100000
	simm    = 0x04200000
	inputs  = 0x05000000
	eeprom  = 0x05001000
	text    = 0x05040000
	textReg = 0x05050000
	cache   = 0xc0000000
)

// Script is what the program plays: scenes, each of which sets up what it tests
// by random numbers and shows it for a frame or more.
type Script struct {
	words  []uint32
	rnd    *rand.Rand
	Frames int // how long it takes
	Scenes []Scene
	// Torn are the frames whose picture is the first wide one. MAME draws only
	// its left part; what is to the right is left over from long ago.
	Torn []int
}

// Scene is where a scene begins.
type Scene struct {
	Name  string
	Frame int
}

func (s *Script) emit(words ...uint32)   { s.words = append(s.words, words...) }
func (s *Script) w8(addr, v uint32)      { s.emit(cmdWrite8, addr, v) }
func (s *Script) w16(addr, v uint32)     { s.emit(cmdWrite16, addr, v&0xffff) }
func (s *Script) w32(addr, v uint32)     { s.emit(cmdWrite32, addr, v) }
func (s *Script) show8(cell, a uint32)   { s.emit(cmdShow8, cell, a) }
func (s *Script) show16(cell, a uint32)  { s.emit(cmdShow16, cell, a) }
func (s *Script) show32(cell, a uint32)  { s.emit(cmdShow32, cell, a) }
func (s *Script) poll(cell uint32)       { s.emit(cmdPoll, cell) }
func (s *Script) call(addr, cell uint32) { s.emit(cmdCall, addr, cell) }
func (s *Script) fill(addr, longs, v, step uint32) {
	s.emit(cmdFill, addr, longs, v, step)
}

func (s *Script) block(addr uint32, data ...uint32) {
	s.emit(cmdBlock, addr, uint32(len(data)))
	s.emit(data...)
}

// here is the address of the next command.
func (s *Script) here() uint32 { return flashAt + 4*uint32(len(s.words)) }

func (s *Script) wait(frames int) {
	for range frames {
		s.emit(cmdWait)
		s.Frames++
	}
}

// r is a random number below n.
func (s *Script) r(n uint32) uint32 { return s.rnd.Uint32N(n) }

// reg writes a register of the PPU.
func (s *Script) reg(offset, v uint32) { s.w16(ppu+offset, v) }

// cell is a place on the text layer.
func cell(x, y uint32) uint32 { return 64*y + x }

func (s *Script) scene(name string, f func()) {
	s.Scenes = append(s.Scenes, Scene{name, s.Frames})
	f()
}

// Frames is how long the script of any seed takes at most, with an end at which
// nothing changes.
const Frames = 360

// NewScript makes the script. seed chooses the random numbers.
func NewScript(seed uint64) *Script {
	s := &Script{rnd: rand.New(rand.NewPCG(seed, 1))}
	s.scene("start", s.start)
	for range 3 {
		s.scene("sprites", func() { s.spriteScene(plain) })
		s.scene("zoomed sprites", func() { s.spriteScene(zoomed) })
		s.scene("records", func() { s.spriteScene(records) })
		s.scene("blend", func() { s.spriteScene(blended) })
		s.scene("tilemaps", func() { s.mapScene(false) })
		s.scene("line scroll", func() { s.mapScene(true) })
		s.scene("full-screen zoom", s.zoomScene)
		s.scene("text", s.textScene)
		s.scene("wide", s.wideScene)
		s.scene("palette DMA", s.paletteScene)
		s.scene("character DMA", s.charScene)
	}
	s.scene("list DMA", s.listScene)
	s.scene("reads", s.readScene)
	s.scene("EEPROM", s.eepromScene)
	s.scene("flash", s.flashScene)
	s.scene("voices", s.voiceScene)
	s.scene("interrupts", s.interruptScene)
	loop := s.here()
	s.emit(cmdWait)
	s.reg(0x20, 1)
	s.emit(cmdJump, loop)
	s.Frames++
	return s
}

// Moves is an input script that presses all controls of a set, in ever other
// combinations, while the program shows them.
func (s *Script) Moves(set *romset.Set) string {
	var first int
	for _, c := range s.Scenes {
		if c.Name == "reads" {
			first = c.Frame
		}
	}
	var out strings.Builder
	for frame := first; frame < first+20; frame++ {
		n := 0
		for _, p := range set.Ports {
			for _, f := range p.Fields {
				if f.Type == "UNKNOWN" || f.Type == "UNUSED" || f.Name == "" {
					continue
				}
				switch n++; (frame*7 + n*13) % 5 {
				case 0:
					fmt.Fprintf(&out, "%d press %s\n", frame, f.Name)
				case 2:
					fmt.Fprintf(&out, "%d release %s\n", frame, f.Name)
				}
			}
		}
	}
	return out.String()
}

// width sets the CRTC.
func (s *Script) width(wide bool) {
	h := [4]uint32{42, 111, 495, 454}
	clock := uint32(0x63)
	if wide {
		h, clock = [4]uint32{35, 118, 613, 454}, 0x65
	}
	for i, v := range h {
		s.reg(0x60+2*uint32(i), v)
	}
	for i, v := range [4]uint32{3, 21, 245, 262} {
		s.reg(0x70+2*uint32(i), v)
	}
	s.reg(0x80, clock)
}

func (s *Script) start() {
	s.width(false)
	s.zoom(0x40, 0x40)
	for i := uint32(0); i < 0x60; i += 2 {
		s.reg(i, 0)
	}
	s.reg(0x84, 0x0800)
	s.clearText()
	// All of the colours, and all of the characters from the first megabyte.
	s.palette(coloursAt/2, 0, 0x10000, 0, 0, 0)
	s.palette(coloursAt/2+0x10000, 0x10000, 0x10000, 0, 0, 0)
	var list []uint32
	for i := uint32(0); i < 8; i++ {
		list = append(list, 0<<21|(tilesSize/8-1), i*tilesSize/8, source(tilesAt))
	}
	s.charDMA(list)
	s.wait(2)
}

// clearText empties the text layer, but for digits, which are tiles 0 to 15.
// Tile 16 is empty.
func (s *Script) clearText() {
	for i := uint32(0); i < 0x20; i += 1 {
		s.w8(textReg+2*i+1, 0)
	}
	s.fill(text, 0x1000, 0x00100000, 0)
	s.fill(text+2*0x2000, 0x200, 0, 0)
	digits := [16]string{
		"75557", "26227", "71747", "71717", "55711", "74717", "74757", "71111",
		"75757", "75717", "75755", "65656", "74447", "65556", "74747", "74744"}
	for n, rows := range digits {
		for y := uint32(0); y < 8; y++ {
			var v uint32
			if int(y) < len(rows) {
				bits := uint32(rows[y] - '0')
				for x := uint32(0); x < 3; x++ {
					v |= bits >> (2 - x) & 1 << (4 * x)
				}
			}
			s.textRow(uint32(n), y, v)
		}
	}
	for y := uint32(0); y < 8; y++ {
		s.textRow(16, y, 0)
	}
}

// textRow writes eight pixels of a tile, the left one in the lowest bits.
func (s *Script) textRow(tile, y, v uint32) {
	at := text + 2*(0x4000+32*tile+4*y)
	s.w32(at, v&0xff<<16|v>>8&0xff)
	s.w32(at+4, v>>16&0xff<<16|v>>24)
}

func (s *Script) zoom(x, y uint32) {
	s.reg(0x6e, x)
	s.reg(0x7e, y)
}

// source is the third long of a character DMA's record.
func source(g uint32) uint32 { return (g + 0x400000) / 2 }

// listAt is where lists of the character DMA are: near the end of character RAM.
const listAt = 0x7f0000

// charDMA writes and starts a list, and waits for its end.
func (s *Script) charDMA(list []uint32) {
	s.reg(0x86, listAt>>20)
	s.block(chars+listAt&0xfffff, append(list, 1<<24)...)
	s.reg(0x96, listAt/4)
	s.reg(0x98, listAt/4>>16|0x40)
	s.poll(cell(40, 27))
}

// palette starts a palette DMA, source in words, and waits for its end.
func (s *Script) palette(from, to, n, red, green, blue uint32) {
	from += 0x200000
	s.reg(0xa0, from>>16)
	s.reg(0xa2, from)
	s.reg(0xa4, to>>16)
	s.reg(0xa6, to)
	s.reg(0xa8, red<<8|green)
	s.reg(0xaa, blue)
	s.reg(0xac, n)
	s.reg(0xae, n>>16|2)
	s.poll(cell(40, 26))
}

// listDMA copies the list.
func (s *Script) listDMA() {
	s.reg(0x82, 8)
	s.reg(0x82, 9)
	s.reg(0x82, 8)
	s.poll(cell(40, 25))
	s.reg(0x82, 0)
}
