package cps

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"arcade/machine"
)

// testBoard is a board with random graphics and empty programs.
func testBoard(t testing.TB, name string) *board {
	t.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	gfx := make([]byte, 0x200000)
	for i := 0; i < len(gfx); i += 4 {
		v := rnd.Uint32()
		if rnd.IntN(4) == 0 {
			v |= 0x01010101 * (rnd.Uint32() & 0xff)
		}
		binary.LittleEndian.PutUint32(gfx[i:], v)
	}
	rom := make([]byte, 0x400000)
	binary.BigEndian.PutUint32(rom[0:], 0xfff000)
	binary.BigEndian.PutUint32(rom[4:], 0x100)
	binary.BigEndian.PutUint16(rom[0x100:], 0x60fe) // BRA to itself
	regions := map[string][]byte{"maincpu": rom, "gfx": gfx, "audiocpu": make([]byte, 0x18000), "oki": make([]byte, 0x40000), "stars": gfx[:0x8000]}
	b, err := newBoard(&machine.Config{Set: name, Regions: regions})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A picture with everything on: three layers, 256 objects of which most have
// holes, and all palettes.
func BenchmarkDraw(b *testing.B) {
	board := testBoard(b, "ffight")
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range board.gfxram {
		board.gfxram[i] = uint8(rnd.Uint32())
	}
	// Codes that the mapper (S224B) knows.
	for i := 0; i < 0x4000; i += 4 {
		binary.BigEndian.PutUint16(board.gfxram[i:], uint16(0x4400+rnd.IntN(0x800)))
		binary.BigEndian.PutUint16(board.gfxram[0x4000+i:], uint16(0x3000+rnd.IntN(0x1000)))
		binary.BigEndian.PutUint16(board.gfxram[0x8000+i:], uint16(0x980+rnd.IntN(0x200)))
	}
	for i := range 256 {
		e := board.objects[8*i:]
		binary.BigEndian.PutUint16(e, uint16(originX+rnd.IntN(screenW)))
		binary.BigEndian.PutUint16(e[2:], uint16(originY+rnd.IntN(screenH)))
		binary.BigEndian.PutUint16(e[4:], uint16(rnd.IntN(0x2200)))
		binary.BigEndian.PutUint16(e[6:], uint16(rnd.IntN(128)))
	}
	board.st.CPSA[regScroll1Base], board.st.CPSA[regScroll2Base], board.st.CPSA[regScroll3Base] = 0x9000, 0x9040, 0x9080
	board.st.CPSA[regScroll1X], board.st.CPSA[regScroll2X], board.st.CPSA[regScroll3X] = 3, 5, 7
	board.st.CPSA[regVideoControl] = 0x0e
	chip := board.set.cpsb
	board.st.CPSB[chip.paletteControl/2] = 0x3f
	board.copyPalette()
	// Objects in front of scroll 2, which hides none of them.
	board.st.CPSB[chip.layerControl/2] = 0x3e | 3<<6 | 2<<8 | 0<<10 | 1<<12
	p := board.NewPicture()
	b.Run("layers", func(b *testing.B) {
		for range b.N {
			board.Draw(p)
		}
	})
	board.st.CPSB[chip.priority[1]/2] = 0x00ff
	b.Run("masks", func(b *testing.B) {
		for range b.N {
			board.Draw(p)
		}
	})
}
