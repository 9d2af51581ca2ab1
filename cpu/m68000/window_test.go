package m68000

import (
	"math/rand"
	"reflect"
	"testing"
	"unsafe"

	"arcade/cpu"
)

// flat makes a CPU over 64 KB of random program, mapped page by page in a
// random mixture of direct memory and handlers.
func flat(image []byte, mixed *rand.Rand) (*CPU, []byte) {
	mem := make([]byte, len(image))
	copy(mem, image)
	m := cpu.NewMap16(0xffff)
	for base := range uint32(256) {
		base <<= 16
		read := func(addr uint32, _ uint16) uint16 {
			return uint16(mem[addr&0xfffe])<<8 | uint16(mem[addr&0xfffe|1])
		}
		write := func(addr uint32, v, mask uint16) {
			if mask&0xff00 != 0 {
				mem[addr&0xfffe] = uint8(v >> 8)
			}
			if mask&0xff != 0 {
				mem[addr&0xfffe|1] = uint8(v)
			}
		}
		m.Handle(base, base|0xffff, read, write)
		for p := uint32(0); p < 0x10000; p += 0x1000 {
			if mixed == nil || mixed.Intn(3) > 0 {
				m.MapRead(base|p, base|p|0xfff, mem[p:p+0x1000])
			}
			if mixed == nil || mixed.Intn(3) > 0 {
				m.MapWrite(base|p, base|p|0xfff, mem[p:p+0x1000])
			}
		}
	}
	return New(new(State), m), mem
}

// Random programs come out the same through the fetch window and direct pages,
// through handlers, and through any mixture.
func TestMixedMaps(t *testing.T) {
	for seed := range int64(40) {
		rnd := rand.New(rand.NewSource(seed))
		image := make([]byte, 0x10000)
		rnd.Read(image)
		a, memA := flat(image, nil)
		b, memB := flat(image, rnd)
		for _, c := range []*CPU{a, b} {
			c.Reset()
		}
		for step := range 200 {
			level := uint8(rnd.Intn(8))
			to := a.Now() + int64(rnd.Intn(2000))
			for _, c := range []*CPU{a, b} {
				c.Run(to)
				c.SetIRQ(level)
				if c.Halted() {
					c.Reset()
				}
			}
			if *a.State() != *b.State() {
				t.Fatalf("seed %d, step %d: state\n%+v\nexpected\n%+v", seed, step, *b.State(), *a.State())
			}
		}
		if string(memA) != string(memB) {
			t.Fatalf("seed %d: memory differs", seed)
		}
	}
}

// A program goes on in other memory when the map changes under it, also while
// an instruction is being executed.
func TestMapChange(t *testing.T) {
	banks := [2][]byte{make([]byte, 0x1000), make([]byte, 0x1000)}
	put := func(b []byte, words ...uint16) {
		for i, w := range words {
			b[2*i], b[2*i+1] = uint8(w>>8), uint8(w)
		}
	}
	put(banks[0], 0, 0x8000, 0, 8, 0x33c0, 0, 0x5000, 0x7001, 0x7002) // move.w D0, $5000.l; moveq #1, D0; moveq #2, D0
	put(banks[1], 0, 0, 0, 0, 0, 0, 0, 0x7003, 0x7004)                // of which the first is too late: it has been fetched
	m := cpu.NewMap16(0)
	m.MapRead(0, 0xfff, banks[0])
	m.Handle(0x5000, 0x5fff, nil, func(uint32, uint16, uint16) { m.MapRead(0, 0xfff, banks[1]) })
	c := New(new(State), m)
	c.Reset()
	for i, want := range []uint32{0, 1, 4} {
		c.Run(c.Now() + 1)
		if got := c.State().R[0]; got != want {
			t.Errorf("instruction %d: D0 is %d, expected %d", i, got, want)
		}
	}
}

// State is put into a state arena: no padding.
func TestStateSize(t *testing.T) {
	var sum uintptr
	for f := range reflect.TypeFor[State]().Fields() {
		sum += f.Type.Size()
	}
	if got := unsafe.Sizeof(State{}); got != sum || got%8 != 0 {
		t.Errorf("State has %d bytes, its fields %d", got, sum)
	}
}

// Any bytes are a legal state.
func TestAnyState(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	image := make([]byte, 0x10000)
	rnd.Read(image)
	c, _ := flat(image, nil)
	for range 2000 {
		rnd.Read((*[unsafe.Sizeof(State{})]byte)(unsafe.Pointer(c.State()))[:])
		c.Restored()
		c.Run(c.Now() + 500)
		c.Disassemble(c.PC())
		for _, r := range c.Registers() {
			r.Value()
		}
	}
}
