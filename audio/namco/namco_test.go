package namco

import (
	"math/rand/v2"
	"slices"
	"testing"

	"arcade/audio/chiptest"
	"arcade/machine/state"
)

func TestStreams(t *testing.T) {
	chiptest.Each(t, "wsg-*", func(t *testing.T, s *chiptest.Stream) {
		for _, track := range []struct {
			name string
			rule Rule
		}{{"main", Board}, {"mame", MAME}} {
			c := New(new(State), s.ROM(256), track.rule)
			c.Enable(true)
			s.Run(t, track.name, 1, func(w chiptest.Line) { c.Write(uint8(w.Reg), uint8(w.Data)) }, func(out []int16) { c.Advance(len(out), out) })
		}
	})
}

// A voice of frequency F repeats every 2^20/F samples, and the sum is linear.
func TestTone(t *testing.T) {
	prom := make([]byte, 256)
	for i := range 32 {
		prom[i] = byte(i) >> 1
	}
	c := New(new(State), prom, MAME)
	c.Enable(true)
	for i, n := range []uint8{0, 0, 0, 8, 0} { // 0x8000: the next sample of the waveform every time
		c.Write(0x10+uint8(i), n)
	}
	c.Write(0x15, 3)
	out := make([]int16, 64)
	c.Advance(64, out)
	for i, v := range out {
		if want := (int16(i%32)>>1 - 8) * 3; v != want {
			t.Fatalf("sample %d is %d, want %d", i, v, want)
		}
	}
	c.Enable(false)
	phase := c.s.Phase[0]
	c.Advance(10, out[:10])
	if slices.Max(out[:10]) != 0 || slices.Min(out[:10]) != 0 || c.s.Phase[0] != phase {
		t.Error("heard or moved while off")
	}
}

// Advancing in silence, in any steps, leaves the same state.
func TestSilentAdvance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, rule := range []Rule{MAME, Board} {
		var a, b State
		ca, cb := New(&a, make([]byte, 256), rule), New(&b, make([]byte, 256), rule)
		for range 2000 {
			reg, data, n := uint8(r.Uint32()), uint8(r.Uint32()), r.IntN(200)
			ca.Write(reg, data)
			cb.Write(reg, data)
			ca.Enable(reg > 40)
			cb.Enable(reg > 40)
			ca.Advance(n, make([]int16, n))
			k := r.IntN(n + 1)
			cb.Advance(k, nil)
			cb.Advance(n-k, nil)
			if a != b {
				t.Fatalf("%+v, want %+v", b, a)
			}
		}
	}
}

// On the board a write to an accumulator's cells sets it; in MAME it does not.
// Voices 1 and 2 have no cell for the lowest nibble.
func TestPhaseWrites(t *testing.T) {
	for rule, want := range map[Rule][Voices]uint32{MAME: {}, Board: {0x54321, 0xa9870, 0xedcb0}} {
		var s State
		c := New(&s, make([]byte, 256), rule)
		for i := range uint8(5) {
			c.Write(i, i+1)
		}
		for i := range uint8(4) {
			c.Write(0x06+i, i+7)
			c.Write(0x0b+i, i+11)
		}
		if s.Phase != want {
			t.Errorf("rule %d: phases are %05x, want %05x", rule, s.Phase, want)
		}
	}
}

// Any bytes are a legal state.
func TestAnyState(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	out := make([]int16, 100)
	for range 1000 {
		s := State{On: uint8(r.Uint32()), Spare: uint8(r.Uint32())}
		for v := range Voices {
			s.Phase[v], s.Frequency[v] = r.Uint32(), r.Uint32()
			s.Waveform[v], s.Volume[v] = uint8(r.Uint32()), uint8(r.Uint32())
		}
		c := New(&s, make([]byte, 256), Board)
		c.Restored()
		c.Advance(len(out), out)
		if slices.Min(out) < -360 {
			t.Fatalf("%+v: sample of %d", s, slices.Min(out))
		}
		again := s
		c.Restored()
		if s != again {
			t.Fatal("advancing led to a state that is not legal")
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	var s State
	c := New(&s, make([]byte, 256), MAME)
	c.Enable(true)
	for v := range Voices {
		s.Frequency[v], s.Volume[v] = 0x1234, 9
	}
	out := make([]int16, 1584)
	for b.Loop() {
		c.Advance(len(out), out)
	}
}

// The state may be placed in an arena: no padding, fixed sizes only.
func TestArena(t *testing.T) {
	a := state.NewArena(1 << 16)
	st := state.New[State](a, "chip")
	New(st, make([]byte, 256), MAME)
	a.Seal()
}
