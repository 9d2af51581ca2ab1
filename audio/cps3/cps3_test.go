package cps3

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"arcade/machine/state"
)

// set writes a voice's registers.
func set(c *Chip, v uint32, start, end, loop, step uint32, looped bool, left, right int16) {
	swap := func(x uint32) uint32 { return x<<16 | x>>16 }
	w := func(r, data uint32) { c.Write(8*v+r, data, 0xffffffff) }
	w(regStart, swap(start+base))
	w(regEnd, swap(end+base))
	w(regLoop, 0)
	if looped {
		w(regLoop, 1)
	}
	w(regStep, step<<16|(loop+base)&0xffff)
	w(regLoopHi, (loop+base)>>16)
	w(regVolume, uint32(uint16(left))<<16|uint32(uint16(right)))
}

func key(c *Chip, voices uint16) { c.Write(regKey, uint32(voices)<<16, 0xffffffff) }

func TestVoice(t *testing.T) {
	mem := []byte{2, 1, 4, 3, 6, 5, 8, 7} // heard as 1 2 3 4 ...
	for _, test := range []struct {
		name   string
		step   uint32
		looped bool
		want   []int16
	}{
		{"one shot", 0x1000, false, []int16{2, 3, 4, 5, 6, 0, 0, 0, 0, 0}},
		{"loop", 0x1000, true, []int16{2, 3, 4, 5, 6, 4, 5, 6, 4, 5}},
		{"half speed", 0x800, true, []int16{2, 2, 3, 3, 4, 4, 5, 5, 6, 6}},
		{"fast", 0x3000, true, []int16{2, 5, 5, 5, 5, 5, 5, 5, 5, 5}},
	} {
		c := New(new(State), mem)
		set(c, 3, 1, 6, 3, test.step, test.looped, 256, -512)
		key(c, 1<<3)
		out := make([]int16, 20)
		c.Advance(10, out)
		for i, want := range test.want {
			if out[2*i] != want || out[2*i+1] != -2*want {
				t.Errorf("%s: sample %d is %d, want %d", test.name, i, out[2*i:2*i+2], want)
			}
		}
	}
}

func TestKey(t *testing.T) {
	c := New(new(State), []byte{2, 1, 4, 3})
	set(c, 0, 0, 4, 0, 0x1000, false, 256, 256)
	key(c, 1)
	c.Advance(2, nil)
	key(c, 1) // no edge: goes on
	out := make([]int16, 2)
	c.Advance(1, out)
	if out[0] != 3 {
		t.Errorf("keyed on twice: %d", out[0])
	}
	key(c, 0)
	c.Advance(1, out)
	if out[0] != 0 {
		t.Errorf("keyed off: %d", out[0])
	}
	key(c, 1)
	c.Advance(1, out)
	if out[0] != 1 {
		t.Errorf("keyed on again: %d", out[0])
	}
	if c.Read(regKey) != 1<<16 || c.Read(regVolume) != 0x1000100 || c.Read(0x84) != 0 {
		t.Error("registers do not read back")
	}
	c.Write(regVolume, 0xffffffff, 0xff)
	if c.Read(regVolume) != 0x10001ff {
		t.Errorf("a byte written gives %08x", c.Read(regVolume))
	}
}

func TestClip(t *testing.T) {
	c := New(new(State), slices.Repeat([]byte{127}, 8))
	for v := range uint32(Voices) {
		set(c, v, 0, 8, 0, 0, true, 32767, -32768)
	}
	key(c, 0xffff)
	out := make([]int16, 2)
	c.Advance(1, out)
	if out[0] != 32767 || out[1] != -32768 {
		t.Errorf("the loudest is %d", out)
	}
}

func randomize(s *State, r *rand.Rand) {
	b := unsafe.Slice((*byte)(unsafe.Pointer(s)), unsafe.Sizeof(*s))
	for i := range b {
		b[i] = uint8(r.Uint32())
	}
}

// Advancing in silence, in any steps, leaves the same state bit by bit: from any
// state, sensible or not.
func TestSilentAdvance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	mem := make([]byte, 1000)
	for i := range mem {
		mem[i] = uint8(r.Uint32())
	}
	for i := range 4000 {
		var a, b, d State
		ca, cb, cd := New(&a, mem), New(&b, mem), New(&d, mem)
		randomize(&a, r)
		ca.Restored()
		if i&3 != 0 { // mostly sensible
			for v := range uint32(Voices) {
				start, length := r.Uint32N(500), r.Uint32N(500)
				set(ca, v, start, start+length, start+r.Uint32N(length+1), r.Uint32()>>r.UintN(32)&0xffff, r.IntN(2) == 0, int16(r.Uint32()), int16(r.Uint32()))
				a.Position[v] = r.Uint32N(600)
			}
		}
		b, d = a, a
		n := r.IntN(700)
		out := make([]int16, 2*n)
		ca.Advance(n, out)
		k := r.IntN(n + 1)
		cb.Advance(k, nil)
		cb.Advance(n-k, nil)
		for i := range n {
			one := make([]int16, 2)
			cd.Advance(1, one)
			if one[0] != out[2*i] || one[1] != out[2*i+1] {
				t.Fatalf("sample %d is %d or %d", i, one, out[2*i:2*i+2])
			}
		}
		if a != b || a != d {
			t.Fatalf("%d samples:\n%+v\n%+v\n%+v", n, a, b, d)
		}
		ca.Restored()
		if a != d {
			t.Fatal("advancing led to a state that is not legal")
		}
	}
}

// The state may be placed in an arena: no padding, fixed sizes only.
func TestArena(t *testing.T) {
	a := state.NewArena(1 << 16)
	New(state.New[State](a, "chip"), nil)
	a.Seal()
}

func benchmark(b *testing.B, out []int16) {
	c := New(new(State), make([]byte, 1<<20))
	for v := range uint32(Voices) {
		set(c, v, v<<12, v<<12+0x4000, v<<12+0x100, 0x700+v*16, true, 1000, 1000)
	}
	key(c, 0xffff)
	for b.Loop() {
		c.Advance(626, out)
	}
}

func BenchmarkHeard(b *testing.B)  { benchmark(b, make([]int16, 2*626)) }
func BenchmarkSilent(b *testing.B) { benchmark(b, nil) }
