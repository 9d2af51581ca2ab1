package okim6295

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"arcade/audio/chiptest"
	"arcade/machine/state"
)

func TestStreams(t *testing.T) {
	chiptest.Each(t, "okim6295-*", func(t *testing.T, s *chiptest.Stream) {
		c := New(new(State))
		c.MapAll(s.SeededROM("romo", 1<<18))
		s.Run(t, "main", 1, func(l chiptest.Line) {
			switch l.Kind {
			case 'w', 'p':
				c.Write(uint8(l.Data))
			case 'r':
				if got := c.Status(); got != uint8(l.Data) {
					t.Errorf("status at %d is %02x, want %02x", l.Pos, got, l.Data)
				}
			default:
				t.Fatalf("line of kind %c", l.Kind)
			}
		}, func(out []int16) { c.Advance(len(out), out) })
	})
}

func TestSteps(t *testing.T) {
	x := big.NewRat(16, 1)
	for i, got := range steps {
		want := new(big.Int).Quo(x.Num(), x.Denom())
		if want.Int64() != int64(got) {
			t.Errorf("step %d is %d, want %d", i, got, want)
		}
		x.Mul(x, big.NewRat(11, 10))
	}
	// The data sheet's attenuations, in dB, within what five bits can say.
	for code, db := range []float64{0, 3.2, 6, 9.2, 12, 14.5, 18, 20.5, 24} {
		if got := -20 * math.Log10(float64(volumes[code])/32); math.Abs(got-db) > 0.1 {
			t.Errorf("code %d is -%.2f dB, want -%.1f", code, got, db)
		}
	}
}

// rom has one phrase: number 1, whose nibbles are 7 7 7 f 0 8.
func rom() []byte {
	rom := make([]byte, 1<<18)
	copy(rom[8:], []byte{0x00, 0x10, 0x00, 0x00, 0x10, 0x02})
	copy(rom[0x1000:], []byte{0x77, 0x7f, 0x08})
	return rom
}

// The samples of this phrase by hand, from the decoder's definition.
func TestPhrase(t *testing.T) {
	for _, c := range []struct {
		attenuation uint8
		want        []int16
	}{
		// Steps 16 34 73 157 337 307 (indices 0 8 16 24 32 31): 2+16+8+4, 4+34+17+8,
		// 9+73+36+18, -(19+157+78+39), 42, -38.
		{0, []int16{30, 93, 229, -64, -22, -60, 0}},
		{2, []int16{15, 46, 114, -32, -11, -30, 0}}, // halved, towards zero
		{8, []int16{1, 5, 14, -4, -1, -3, 0}},       // 2/32
		{9, []int16{0, 0, 0, 0, 0, 0, 0}},
	} {
		chip := New(new(State))
		chip.MapAll(rom())
		chip.Write(0x81)
		chip.Write(0x20 | c.attenuation)
		var got []int16
		for i := range c.want {
			if playing := chip.Status() == 0xf2; playing != (i < 6) {
				t.Errorf("before sample %d the status is %02x", i, chip.Status())
			}
			one := make([]int16, 1)
			chip.Advance(1, one)
			got = append(got, one...)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("attenuation %d: %d, want %d", c.attenuation, got, c.want)
		}
	}
}

func TestCommands(t *testing.T) {
	c := New(new(State))
	c.MapAll(rom())
	status := func(want uint8) {
		t.Helper()
		if got := c.Status(); got != want {
			t.Fatalf("status is %02x, want %02x", got, want)
		}
	}
	c.Write(0x81)
	c.Write(0xf0) // bit 7 does not start another command here
	status(0xff)
	c.Advance(2, nil)
	c.Write(0x81)
	c.Write(0x30) // both play already: nothing happens
	if c.s.Left[0] != 4 {
		t.Error("a playing voice was started again")
	}
	c.Write(0x28) // stop 0 and 2
	status(0xfa)
	c.Write(0x82) // an empty phrase
	c.Write(0x10)
	status(0xfa)
	c.Write(0x81)
	c.Reset()
	c.Write(0x10) // stops voice 1, does not start voice 0
	status(0xf0)
}

// Four voices at full loudness clip to 12 bits and one.
func TestClip(t *testing.T) {
	mem := rom()
	copy(mem[11:], []byte{0, 0x10, 0x3f})
	for i := range 64 {
		mem[0x1000+i] = 0x77
	}
	c := New(new(State))
	c.MapAll(mem)
	c.Write(0x81)
	c.Write(0xf0)
	out := make([]int16, 128)
	c.Advance(128, out)
	if slices.Max(out) != 2048 {
		t.Errorf("the loudest sample is %d", slices.Max(out))
	}
}

// A bank switch is heard in the middle of a phrase, and missing memory is 0.
func TestBanks(t *testing.T) {
	c := New(new(State))
	c.MapAll(rom()[:0x1001])
	c.Write(0x81)
	c.Write(0x10)
	out := make([]int16, 3)
	c.Advance(3, out)
	if want := []int16{30, 93, 102}; !slices.Equal(out, want) { // nibble 0: +9
		t.Errorf("%d, want %d", out, want)
	}
	c.Map(0, rom())
	c.Advance(1, out[:1])
	if want := int16(102 - (66/8 + 66 + 66/2 + 66/4)); out[0] != want {
		t.Errorf("after the switch %d, want %d", out[0], want)
	}
}

func randomState(r *rand.Rand) State {
	s := State{Pending: r.Uint32()}
	for v := range Voices {
		s.Next[v], s.Left[v] = r.Uint32(), r.Uint32()>>r.UintN(32)
		s.Signal[v], s.Step[v], s.Attenuation[v] = int16(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32())
	}
	return s
}

// From any bytes: no panic, legal states only, and the same state whether
// heard or not and in whatever steps.
func TestAnyState(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	mem := make([]byte, 1<<18)
	for i := range mem {
		mem[i] = uint8(r.Uint32())
	}
	for range 2000 {
		a := randomState(r)
		ca := &Chip{s: &a}
		ca.MapAll(mem)
		ca.Restored()
		b := a
		cb := &Chip{s: &b}
		cb.MapAll(mem)
		for range 10 {
			n := r.IntN(300)
			k := r.IntN(n + 1)
			ca.Advance(n, make([]int16, n))
			cb.Advance(k, nil)
			cb.Advance(n-k, nil)
			data := uint8(r.Uint32())
			ca.Write(data)
			cb.Write(data)
			if a != b {
				t.Fatalf("%+v, want %+v", b, a)
			}
			ca.Restored()
			if a != b {
				t.Fatal("a state that is not legal came up")
			}
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	c := New(new(State))
	c.MapAll(rom())
	out := make([]int16, 127)
	for b.Loop() {
		for v := range Voices {
			c.s.Left[v] = 1000
		}
		c.Advance(len(out), out)
	}
}

// The state may be placed in an arena: no padding, fixed sizes only.
func TestArena(t *testing.T) {
	a := state.NewArena(1 << 16)
	st := state.New[State](a, "chip")
	New(st)
	a.Seal()
}
