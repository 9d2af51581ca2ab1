package cps3

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"arcade/machine"
)

// made is a set with ROM of random bytes: SIMM 1, and a pair of graphics chips.
func made() *machine.Config {
	c := &machine.Config{Set: "redearthn", Regions: map[string][]byte{"bios": make([]byte, biosSize)}}
	src := rand.NewChaCha8([32]byte{1})
	for _, name := range []string{"simm1.0", "simm1.1", "simm1.2", "simm1.3", "simm3.0", "simm3.1"} {
		c.Regions[name] = make([]byte, chipSize)
		src.Read(c.Regions[name])
	}
	return c
}

func makeBoard(t testing.TB, c *machine.Config) *board {
	t.Helper()
	b, err := newBoard(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// scribble changes flash in all ways that there are.
func scribble(b *board, rnd *rand.Rand) {
	f := b.flash
	chips := []int{0, 1, 2, 3, 16, 17}
	for range 1 + rnd.IntN(40) {
		chip := chips[rnd.IntN(len(chips))]
		at := rnd.Uint32N(chipSize)
		switch rnd.IntN(4) {
		case 0:
			f.eraseSectors(chip, at&^(sectorSize-1), 0)
		case 1: // what is there already
			f.program(chip, at, f.content(chip, at))
		default:
			for i := range rnd.Uint32N(300) {
				f.program(chip, (at+i)%chipSize, uint8(rnd.Uint32()))
			}
		}
	}
	for i := range b.st.EEPROM {
		b.st.EEPROM[i] = uint16(rnd.Uint32())
	}
}

func sameFlash(t *testing.T, got, want *board) {
	t.Helper()
	for chip, rom := range got.flash.rom {
		if rom == nil {
			continue
		}
		for page := range chipPages {
			if !bytes.Equal(got.flash.pageContent(chip, page), want.flash.pageContent(chip, page)) {
				t.Fatalf("chip %d, page %d is another", chip, page)
			}
		}
	}
	if !bytes.Equal(got.flash.data, want.flash.data) || !bytes.Equal(got.flash.code, want.flash.code) || !bytes.Equal(got.flash.g, want.flash.g) {
		t.Fatal("the CPU or the DMAs see something else")
	}
	if got.st.EEPROM != want.st.EEPROM {
		t.Fatal("the EEPROM is another")
	}
}

func TestWhatIsKeptComesBack(t *testing.T) {
	c := made()
	fresh := makeBoard(t, c)
	for seed := range uint64(3) {
		b := makeBoard(t, c)
		scribble(b, rand.New(rand.NewPCG(seed, 1)))
		kept := b.NVRAM()
		again := *c
		again.NVRAM = kept
		r := makeBoard(t, &again)
		sameFlash(t, r, b)
		if !bytes.Equal(r.NVRAM(), kept) {
			t.Error("kept twice, it is not the same")
		}
		// From one state into another, through a snapshot.
		if err := fresh.Arena.SetBlock(r.Arena.Block()); err != nil {
			t.Fatal(err)
		}
		sameFlash(t, fresh, b)
	}
	// Loading replaces everything that was there.
	dirty, clean := makeBoard(t, c), makeBoard(t, c)
	scribble(dirty, rand.New(rand.NewPCG(7, 7)))
	for i := range dirty.Kept {
		if err := dirty.Kept[i].Set(clean.Kept[i].Save()); err != nil {
			t.Fatal(err)
		}
	}
	sameFlash(t, dirty, clean)
}

func TestNothingOfTheROMIsKept(t *testing.T) {
	c := made()
	b := makeBoard(t, c)
	if d := b.flash.differences(); d != nil {
		t.Fatalf("a fresh board keeps %d bytes of flash", len(d))
	}
	f := b.flash
	f.program(0, 0x1234, f.rom[0][0x1234]) // stored, but as in the ROM
	if d := f.differences(); d != nil {
		t.Errorf("a page that was programmed as in the ROM is kept")
	}
	f.program(1, 0x8000, ^f.rom[1][0x8000])
	f.eraseSectors(2, 0x30000, 0)
	f.program(2, 0x30005, 0x42)
	d := f.differences()
	for _, chip := range []int{1, 2} {
		for at := 0; at+16 <= chipSize; at += 16 {
			if bytes.Contains(d, f.rom[chip][at:at+16]) {
				t.Fatalf("16 bytes of chip %d's ROM, from %#x on, are in what is kept", chip, at)
			}
		}
	}
	if most := 1 + 2*11 + 17*5 + 2*(maskSize+1); len(d) > most {
		t.Errorf("two bytes and an erased sector take %d bytes, at most %d are needed", len(d), most)
	}
}

func TestDamagedDifferencesAreRefused(t *testing.T) {
	c := made()
	b, r := makeBoard(t, c), makeBoard(t, c)
	rnd := rand.New(rand.NewPCG(3, 3))
	scribble(b, rnd)
	d := b.flash.differences()
	for range 300 {
		cut := d[:1+rnd.IntN(len(d)-1)]
		if err := r.flash.setDifferences(cut); err == nil {
			// Cut between two chips it is whole; anything else is not.
			if whole := r.flash.differences(); !bytes.Equal(whole, cut) && len(cut) > 1 {
				t.Fatalf("%d of %d bytes are taken, and are not what is there then", len(cut), len(d))
			}
			if err := r.flash.setDifferences(nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 300 {
		bad := bytes.Clone(d)
		for range 1 + rnd.IntN(4) {
			bad[rnd.IntN(len(bad))] = uint8(rnd.Uint32())
		}
		if err := r.flash.setDifferences(bad); err == nil {
			_ = r.flash.differences() // must not panic
			if err := r.flash.setDifferences(nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	sameFlash(t, r, makeBoard(t, c))
	other := made()
	other.Regions["simm1.1"][77] ^= 1
	b.flash.program(1, 0, ^b.flash.content(1, 0))
	if err := makeBoard(t, other).flash.setDifferences(b.flash.differences()); err == nil || !strings.Contains(err.Error(), "simm1.1") {
		t.Errorf("differences to another ROM: %v", err)
	}
	if err := r.Kept[0].Set(make([]byte, 127)); r.Kept[0].Name != "eeprom" || err == nil || !strings.Contains(err.Error(), "127 bytes are there, 128 are expected") {
		t.Errorf("127 bytes for %s: %v", r.Kept[0].Name, err)
	}
}

// FuzzDifferences gives anything to a board as what was written to its flash.
func FuzzDifferences(f *testing.F) {
	c := made()
	b := makeBoard(f, c)
	scribble(b, rand.New(rand.NewPCG(9, 9)))
	f.Add([]byte{})
	f.Add(b.flash.differences())
	b.flash.erase(0, 0, chipPages)
	f.Add(b.flash.differences())
	r := makeBoard(f, c)
	f.Fuzz(func(t *testing.T, d []byte) {
		if r.flash.setDifferences(d) != nil {
			return
		}
		kept := r.flash.differences()
		if err := r.flash.setDifferences(kept); err != nil {
			t.Fatalf("what it keeps is refused: %v", err)
		}
		if !bytes.Equal(r.flash.differences(), kept) {
			t.Fatal("kept twice, it is not the same")
		}
	})
}

// BenchmarkDifferences is what a look every few seconds costs: with nothing
// written, and with all of the store in use.
func BenchmarkDifferences(b *testing.B) {
	board := makeBoard(b, made())
	b.Run("none", func(b *testing.B) {
		for b.Loop() {
			board.flash.differences()
		}
	})
	for i := range storePages {
		board.flash.program(i%4, uint32(i/4*flashPage), 1)
		board.flash.program(i%4, uint32(i/4*flashPage), 2)
	}
	b.Run("full", func(b *testing.B) {
		for b.Loop() {
			board.flash.differences()
		}
	})
}
