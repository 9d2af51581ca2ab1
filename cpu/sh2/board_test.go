package sh2

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"arcade/cpu"
)

// board is as much of a CPS-3 as its programs need to run: memory, registers
// that read as they were written or as nothing, the interrupt of the blank, and
// the time that the sprite list's copy takes.
type board struct {
	st   State
	c    *CPU
	m    *cpu.Map32
	ram  []byte
	ppu  [0x100]byte
	busy int64 // until when the list is copied
	at   int64 // the next blank, as a count
}

const (
	redEarthKey1 = 0x9e300ab1
	redEarthKey2 = 0xa175b82c
)

// cipher is the board's: it decrypts the longs at address at in place.
func cipher(mem []byte, at uint32) {
	rotl := func(v uint16, n int) uint16 { return v<<n | v>>(16-n) }
	mix := func(v, k uint16) uint16 {
		s := v + rotl(v, 2)
		return rotl(s, 4) ^ s&(v^k)
	}
	for i := 0; i < len(mem); i += 4 {
		a := at + uint32(i) ^ redEarthKey1
		v := mix(^uint16(a), uint16(redEarthKey2&0xffff))
		v = mix(v^uint16(a>>16)^0xffff, uint16(redEarthKey2>>16))
		mask := v ^ uint16(a) ^ uint16(redEarthKey2&0xffff)
		b := mem[i:]
		binary.BigEndian.PutUint32(b, binary.BigEndian.Uint32(b)^uint32(mask)<<16^uint32(mask))
	}
}

// loadBoard makes a board from a set of Red Earth.
func loadBoard(t testing.TB, path string) *board {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	read := func(name string) []byte {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	bios := read("redearth_asia_nocd.29f400.u2")
	cipher(bios, 0)
	flash := make([]byte, 0x800000)
	for chip := range 4 {
		for i, v := range read(fmt.Sprintf("redearth-simm1.%d", chip)) {
			flash[i*4+chip] = v
		}
	}
	cipher(flash, 0x06000000)
	return newBoard(bios, flash)
}

func newBoard(bios, flash []byte) *board {
	b := &board{m: NewMap(0), ram: make([]byte, 0x80000), at: 1}
	m := b.m
	m.MapRead(0, 0x7ffff, bios)
	m.MapRead(0x06000000, 0x067fffff, flash)
	m.MapData(0x02000000, 0x0207ffff, b.ram)
	m.MapWrite(0x02000000, 0x0207ffff, b.ram)
	for _, r := range [][2]uint32{{0x04000000, 0x0407ffff}, {0x04080000, 0x040bffff}, {0x040e0000, 0x040effff},
		{0x04100000, 0x041fffff}, {0x05040000, 0x0504ffff}} {
		mem := make([]byte, r[1]-r[0]+1)
		m.MapData(r[0], r[1], mem)
		m.MapWrite(r[0], r[1], mem)
	}
	m.Handle(0x040c0000, 0x040cffff, func(addr, mask uint32) uint32 {
		if addr == 0x040c000c && b.c.Now() < b.busy {
			return 0x00010000
		}
		return 0
	}, func(addr, v, mask uint32) {
		if addr == 0x040c0080 && mask == 0xffff {
			if old := b.ppu[0]; old&9 == 9 && v&9 == 8 {
				b.busy = b.c.Now() + 100
			}
			b.ppu[0] = uint8(v)
		}
	})
	m.Handle(0x05000000, 0x0500ffff, func(addr, mask uint32) uint32 {
		if addr < 0x05000008 {
			return 0xffffffff
		}
		return 0
	}, nil)
	m.Handle(0x05100000, 0x0510ffff, nil, func(addr, v, mask uint32) { b.c.SetIRQ(12, false) })
	m.Freeze(0, 0x7ffff)
	m.Freeze(0x06000000, 0x067fffff)
	b.c = New(&b.st, m)
	b.c.Reset()
	return b
}

// blank is when the n-th vertical blank begins, in CPU cycles, as MAME counts
// them: a cycle that is not over by then is not begun.
func blank(n int64) int64 {
	// 546 pixels of 42.954545/5 MHz, 264 lines, in cycles of 25 MHz: 419466.67.
	const num, den = 546 * 264 * 5 * 25_000_000, 42_954_545
	return n * num / den
}

// run goes on until cycle t.
func (b *board) run(t int64) {
	for b.c.Now() < t {
		b.c.Run(min(t, blank(b.at)))
		if b.c.Now() >= blank(b.at) {
			b.c.SetIRQ(12, true)
			b.at++
		}
	}
}

// shared finds a file of the reference data, or skips the test.
func shared(t testing.TB, path ...string) string {
	t.Helper()
	dir := os.Getenv("ARCADE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	p := filepath.Join(append([]string{dir}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("no reference data: set ARCADE_SHARED to its folder, or put it beside the repository as ../shared (%v)", err)
	}
	return p
}
