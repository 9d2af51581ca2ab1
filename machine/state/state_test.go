package state

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/zeebo/xxh3"
)

type inner struct {
	Level uint16
	Rate  uint8
	On    uint8
}

type chip struct {
	Time int64
	D    [8]uint32
	Op   [2]inner
}

func build(t *testing.T) (a *Arena, c *chip, ram []byte, flash *Tracked) {
	t.Helper()
	a = NewArena(1 << 20)
	c = New[chip](a, "maincpu")
	ram = a.Bytes("ram", 5000)
	flash = a.Tracked("flash", 61*PageSize) // not whole eights
	a.Seal()
	return
}

func TestRefusesUnsafeTypes(t *testing.T) {
	refused := func(name, want string, f func(a *Arena)) {
		t.Helper()
		defer func() {
			t.Helper()
			if got, _ := recover().(error); got == nil || !strings.Contains(got.Error(), want) {
				t.Errorf("%s: got %v, want an error with %q", name, got, want)
			}
		}()
		f(NewArena(4096))
	}
	refused("pointer", "x.P is a *int", func(a *Arena) { New[struct{ P *int }](a, "x") })
	refused("bool", "x.B is a bool", func(a *Arena) { New[struct{ B bool }](a, "x") })
	refused("int", "x.A[] is a int", func(a *Arena) { New[struct{ A [2]int }](a, "x") })
	refused("uintptr", "uintptr", func(a *Arena) { New[uintptr](a, "x") })
	refused("float", "float32", func(a *Arena) { New[struct{ F float32 }](a, "x") })
	refused("string", "string", func(a *Arena) { New[struct{ S string }](a, "x") })
	refused("slice", "[]uint8", func(a *Arena) { New[struct{ S []uint8 }](a, "x") })
	refused("gap", "3 bytes of padding before x.B", func(a *Arena) {
		New[struct {
			A uint8
			B uint32
		}](a, "x")
	})
	refused("tail", "padding at the end of x", func(a *Arena) {
		New[struct {
			A uint32
			B uint8
		}](a, "x")
	})
	refused("blank", "blank field", func(a *Arena) {
		New[struct {
			A uint8
			_ uint8
		}](a, "x")
	})
}

func TestMisuse(t *testing.T) {
	for name, f := range map[string]func(){
		"two parts named x": func() { a := NewArena(99); a.Bytes("x", 1); a.Bytes("x", 1) },
		"does not fit":      func() { NewArena(8).Bytes("x", 9) },
		"after Seal":        func() { a := NewArena(8); a.Bytes("x", 1); a.Seal(); a.Bytes("y", 1) },
		"tracked parts come last": func() {
			a := NewArena(1 << 16)
			a.Tracked("x", PageSize)
			a.Bytes("y", 1)
		},
		"never saved": func() { a := NewArena(8); a.Bytes("x", 1); a.Seal(); a.Load(a.NewSlot()) },
		"another arena": func() {
			a, b := NewArena(8), NewArena(8)
			a.Bytes("x", 1)
			a.Seal()
			b.Bytes("x", 1)
			b.Seal()
			a.Save(b.NewSlot())
		},
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, name) {
					t.Errorf("got %q, want a panic with %q", got, name)
				}
			}()
			f()
		}()
	}
}

// Slots of a random history hold what a plain copy of the block holds.
func TestSlotsAgainstCopies(t *testing.T) {
	a, c, ram, flash := build(t)
	r := rand.New(rand.NewPCG(1, 2))
	slots := make([]*Slot, 5)
	copies := make([][]byte, len(slots))
	for i := range slots {
		slots[i] = a.NewSlot()
	}
	restores := 0
	a.OnRestore(func() { restores++ })
	hashes := map[uint64]string{}
	for step := range 5000 {
		switch r.IntN(5) {
		case 0, 1:
			c.D[r.IntN(8)] = r.Uint32()
			ram[r.IntN(len(ram))] = byte(r.Uint32())
		case 2:
			at := r.IntN(len(flash.Mem))
			flash.Mem[at] = byte(r.Uint32())
			flash.Touch(uint32(at))
		case 3:
			i := r.IntN(len(slots))
			a.Save(slots[i])
			copies[i] = bytes.Clone(a.Block())
		case 4:
			i := r.IntN(len(slots))
			if copies[i] == nil {
				continue
			}
			before := restores
			a.Load(slots[i])
			if !bytes.Equal(a.Block(), copies[i]) {
				t.Fatalf("step %d: slot %d restores something else", step, i)
			}
			if restores != before+1 {
				t.Fatalf("restore hook ran %d times", restores-before)
			}
			if got := slots[i].AppendBlock(nil); !bytes.Equal(got, copies[i]) {
				t.Fatalf("step %d: AppendBlock differs", step)
			}
		}
		// Equal states have equal hashes, different states different ones.
		h, block := a.Hash(), string(a.Block())
		if old, ok := hashes[h]; ok && old != block {
			t.Fatalf("step %d: two states with hash %x", step, h)
		}
		hashes[h] = block
		if len(hashes) > 200 {
			clear(hashes)
		}
	}
	if live := len(flash.pool) - 1 - len(flash.free); live > 6*64 {
		t.Errorf("%d saved pages are in use: pages leak", live)
	}
}

func TestSetBlock(t *testing.T) {
	a, c, _, flash := build(t)
	c.D[3] = 7
	flash.Mem[5000] = 9
	flash.Touch(5000)
	h, block := a.Hash(), bytes.Clone(a.Block())
	b, d, _, _ := build(t)
	if err := b.SetBlock(block); err != nil || d.D[3] != 7 || b.Hash() != h {
		t.Fatalf("err %v, D3 %d, hash %x, want %x", err, d.D[3], b.Hash(), h)
	}
	if err := b.SetBlock(block[:100]); err == nil || b.Hash() != h {
		t.Fatal("a short block was taken")
	}
	if a.Layout() != b.Layout() {
		t.Error("equal arenas have different layouts")
	}
	other := NewArena(64)
	other.Bytes("ram", 8)
	other.Seal()
	if other.Layout() == a.Layout() {
		t.Error("different arenas have the same layout")
	}
}

func TestDiffNamesFields(t *testing.T) {
	a, c, ram, flash := build(t)
	x := bytes.Clone(a.Block())
	c.D[3] = 5
	c.Op[1].Rate = 2
	ram[0x1040] = 1
	flash.Mem[0x2001] = 8
	diff, n := a.Diff(x, a.Block(), 10)
	var got []string
	for _, d := range diff {
		got = append(got, d.String())
	}
	want := "maincpu.D[3]: 0x0, 0x5 maincpu.Op[1].Rate: 0x0, 0x2 ram+0x1040: 0x0, 0x1 flash+0x2001: 0x0, 0x8"
	if strings.Join(got, " ") != want || n != 4 {
		t.Errorf("got  %s (%d)\nwant %s", strings.Join(got, " "), n, want)
	}
	if diff, n := a.Diff(x, a.Block(), 1); len(diff) != 1 || n != 4 {
		t.Errorf("limit 1: %d shown of %d", len(diff), n)
	}
}

func TestFileByName(t *testing.T) {
	a, c, ram, flash := build(t)
	c.Time, c.D[7], c.Op[0].Level, ram[9], flash.Mem[3] = -5, 77, 3, 4, 5
	flash.Touch(3)
	b := a.NewFile(map[string]string{"set": "puckman"}).Marshal()
	f, err := ParseFile(b)
	if err != nil || f.Meta["set"] != "puckman" {
		t.Fatal(err, f)
	}
	same, _, _, _ := build(t)
	if r := same.LoadFile(f); !r.Empty() || same.Hash() != a.Hash() {
		t.Errorf("report %v", r)
	}

	// A newer program: a field more, one fewer, one longer, another order.
	type newer struct {
		D    [10]uint32
		Time int64
		New  uint64
	}
	n := NewArena(1 << 20)
	nram := n.Bytes("ram", 5000)
	nc := New[newer](n, "maincpu")
	n.Seal()
	nc.New, nc.D[9] = 11, 12
	r := n.LoadFile(f)
	if nc.Time != -5 || nc.D[7] != 77 || nc.D[9] != 12 || nc.New != 11 || nram[9] != 4 {
		t.Errorf("loaded %+v", nc)
	}
	if got := strings.Join(r.Missing, " "); got != "maincpu.New" {
		t.Errorf("missing %s", got)
	}
	if got := strings.Join(r.Changed, " "); got != "maincpu.D" {
		t.Errorf("changed %s", got)
	}
	if got := strings.Join(r.Unknown, " "); got != "maincpu.Op[0].Level maincpu.Op[0].Rate maincpu.Op[0].On maincpu.Op[1].Level maincpu.Op[1].Rate maincpu.Op[1].On flash" {
		t.Errorf("unknown %s", got)
	}
	if !strings.Contains(r.String(), "maincpu.New") {
		t.Errorf("report %q", r)
	}
}

func TestDamagedFiles(t *testing.T) {
	a, _, _, _ := build(t)
	whole := a.NewFile(map[string]string{"set": "puckman"}).Marshal()
	for n := range whole {
		if _, err := ParseFile(whole[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	accepted := 0
	for range 3000 {
		b := bytes.Clone(whole)
		for range 1 + r.IntN(3) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		if bytes.Equal(b, whole) {
			continue // the same bit twice
		}
		if _, err := ParseFile(b); err == nil {
			t.Fatal("a damaged file passed its checksum")
		}
		// A hostile file has a right checksum: it must be refused or loaded, whatever it says.
		binary.LittleEndian.PutUint64(b[8:], xxh3.Hash(b[16:]))
		if f, err := ParseFile(b); err == nil {
			fresh, _, _, _ := build(t)
			fresh.LoadFile(f)
			accepted++
		}
	}
	t.Logf("%d of 3000 damaged files with a repaired checksum were loaded", accepted)
}

func TestSaveAllocatesNothing(t *testing.T) {
	a, c, _, flash := build(t)
	slots := [4]*Slot{a.NewSlot(), a.NewSlot(), a.NewSlot(), a.NewSlot()}
	frame := func() {
		c.Time++
		flash.Mem[int(c.Time)*777%len(flash.Mem)]++
		flash.Touch(uint32(int(c.Time) * 777 % len(flash.Mem)))
		a.Save(slots[c.Time%4])
		if c.Time%3 == 0 {
			a.Load(slots[c.Time%4])
		}
		a.Hash()
	}
	for range 1000 {
		frame()
	}
	if n := testing.AllocsPerRun(1000, frame); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func BenchmarkSaveTracked10MB(b *testing.B) {
	a := NewArena(12 << 20)
	New[chip](a, "cpu")
	t := a.Tracked("flash", 10<<20)
	a.Seal()
	slots := [8]*Slot{}
	for i := range slots {
		slots[i] = a.NewSlot()
	}
	i := 0
	for b.Loop() {
		t.Mem[i*4096*3%len(t.Mem)]++
		t.Touch(uint32(i * 4096 * 3 % len(t.Mem)))
		a.Save(slots[i%8])
		i++
	}
}
