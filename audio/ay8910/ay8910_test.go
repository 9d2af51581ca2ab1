package ay8910

import (
	"hash/crc32"
	"math/big"
	"math/rand/v2"
	"testing"
	"unsafe"

	"arcade/audio/chiptest"
	"arcade/machine/state"
)

func TestStreams(t *testing.T) {
	for pattern, v := range map[string]Variant{"ay8910-*": AY8910, "ym2149-*": SSG, "ym2149m-*": YM2149} {
		t.Run(pattern[:len(pattern)-2], func(t *testing.T) {
			chiptest.Each(t, pattern, func(t *testing.T, s *chiptest.Stream) {
				c := New(new(State), v, Levels)
				s.Run(t, "levels", 3, func(l chiptest.Line) {
					if l.Kind != 'w' {
						t.Fatalf("line of kind %c", l.Kind)
					}
					c.Address(uint8(l.Reg))
					c.Write(uint8(l.Data))
				}, func(out []int16) { c.Advance(len(out)/3, out) })
			})
		})
	}
}

// Resistances in ohm: pull-up of each level, constant pull-up and pull-down.
var (
	ohmsAY      = []int64{15950, 15350, 15090, 14760, 14275, 13620, 12890, 11370, 10600, 8590, 7190, 5985, 4820, 3945, 3017, 2345}
	ohmsYMFixed = []int64{73770, 37586, 27458, 21451, 15864, 12371, 8922, 6796, 4763, 3521, 2403, 1737, 1123, 762, 438, 251}
	ohmsYM      = []int64{
		103350, 73770, 52657, 37586, 32125, 27458, 24269, 21451, 18447, 15864, 14009, 12371, 10506, 8922, 7787, 6796,
		5689, 4763, 4095, 3521, 2909, 2403, 2043, 1737, 1397, 1123, 925, 762, 578, 438, 332, 251,
	}
)

func one(ohm int64) *big.Rat { return big.NewRat(1, ohm) }

func sum(x ...*big.Rat) *big.Rat {
	s := new(big.Rat)
	for _, v := range x {
		s.Add(s, v)
	}
	return s
}

func truncated(r *big.Rat) int64 { return new(big.Int).Quo(r.Num(), r.Denom()).Int64() }

func TestVoltages(t *testing.T) {
	for _, c := range []struct {
		name     string
		ohms     []int64
		up, down int64
		offAt0   bool
		separate []int16
		pull     []uint64
		ground   uint64
	}{
		{"AY, fixed", ohmsAY, 800000, 8000000, true, separateAY[:16], conductanceAY[:16], groundAY},
		{"AY, envelope", ohmsAY, 800000, 8000000, false, separateAY[32:], conductanceAY[32:], groundAY},
		{"YM, fixed", ohmsYMFixed, 630, 801, false, separateYM[:16], conductanceYM[:16], groundYM},
		{"YM, envelope", ohmsYM, 630, 801, false, separateYM[32:], conductanceYM[32:], groundYM},
	} {
		unit := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 48))
		half := big.NewRat(1, 2)
		round := func(r *big.Rat) uint64 { return uint64(truncated(sum(new(big.Rat).Mul(r, unit), half))) }
		if want := round(sum(one(c.down), one(c.down), one(c.down), one(1000))); c.ground != want {
			t.Errorf("%s: to ground %d, want %d", c.name, c.ground, want)
		}
		var v []*big.Rat
		for j, ohm := range c.ohms {
			w := one(ohm)
			if j > 0 || !c.offAt0 {
				w = sum(w, one(c.up))
			}
			if c.pull[j] != round(w) {
				t.Errorf("%s: level %d pulls with %d, want %d", c.name, j, c.pull[j], round(w))
			}
			v = append(v, new(big.Rat).Quo(w, sum(w, one(c.down), one(1000))))
		}
		low, span := v[0], new(big.Rat).Sub(v[len(v)-1], v[0])
		for j := range v {
			x := new(big.Rat).Quo(new(big.Rat).Sub(v[j], low), span)
			x.Sub(x, big.NewRat(1, 4)).Mul(x, big.NewRat(32767, 2))
			if got := int64(c.separate[j]); got != truncated(x) {
				t.Errorf("%s: level %d alone is %d, want %d", c.name, j, got, truncated(x))
			}
		}
	}
}

// All three at full level, tied together: 32767*w/t.
func TestOutputs(t *testing.T) {
	w := sum(one(251), one(630))
	w.Mul(w, big.NewRat(3, 1))
	all := sum(w, big.NewRat(3, 801), one(1000))
	loud := int16(truncated(w.Quo(w, all).Mul(w, big.NewRat(32767, 1))))
	for _, c := range []struct {
		v    Variant
		o    Output
		want []int16
	}{
		{YM2149, Tied, []int16{loud}},
		{YM2149, Separate, []int16{12287, 12287, 12287}},
		{AY8910, Separate, []int16{12287, 12287, 12287}},
		{YM2149, Levels, []int16{15, 15, 15}},
		{SSG, Levels, []int16{31, 31, 31}},
		{SSG, Mixed, []int16{32764}},
	} {
		chip := New(new(State), c.v, c.o)
		chip.WriteRegister(regEnable, 0x3f) // constantly on
		for i := range uint8(3) {
			chip.WriteRegister(regLevel+i, 15)
		}
		out := make([]int16, c.o.Channels())
		chip.Advance(1, out)
		for i := range c.want {
			if out[i] != c.want[i] {
				t.Errorf("variant %d, output %d: %d, want %d", c.v, c.o, out, c.want)
			}
		}
	}
}

// A tone of period TP turns over every TP steps; periods 0 and 1 are the same.
func TestTone(t *testing.T) {
	for _, tp := range []int{0, 1, 2, 7, 300} {
		c := New(new(State), AY8910, Levels)
		c.WriteRegister(0, uint8(tp))
		c.WriteRegister(1, uint8(tp>>8))
		c.WriteRegister(regEnable, 0x3e)
		c.WriteRegister(regLevel, 9)
		out := make([]int16, 3*2000)
		c.Advance(2000, out)
		for i := range 2000 {
			if want := 9 * ((i + 1) / max(tp, 1) & 1); int(out[3*i]) != want {
				t.Fatalf("period %d, step %d: %d, want %d", tp, i, out[3*i], want)
			}
		}
	}
}

// The shapes of the envelope as the data sheet draws them: the first three
// ramps, as up, down, high or low.
func TestShapes(t *testing.T) {
	for shape, want := range []string{
		"\\__", "\\__", "\\__", "\\__", "/__", "/__", "/__", "/__",
		"\\\\\\", "\\__", "\\/\\", "\\^^", "///", "/^^", "/\\/", "/__",
	} {
		for v, last := range map[Variant]int{AY8910: 15, YM2149: 31, SSG: 31} {
			c := New(new(State), v, Levels)
			c.WriteRegister(regEnable, 0x3f)
			c.WriteRegister(regLevel, 0x10)
			c.WriteRegister(regPeriod, 1)
			c.WriteRegister(regShape, uint8(shape))
			width := 1
			if v == AY8910 {
				width = 2
			}
			out := make([]int16, 3*width*(last+1)*3)
			c.Advance(len(out)/3, out)
			for i := range want {
				for j := range last + 1 {
					// Steps are counted before the level is taken.
					at := width*(i*(last+1)+j) - 1
					if at < 0 {
						continue
					}
					level := map[byte]int{'\\': last - j, '/': j, '_': 0, '^': last}[want[i]]
					if v == YM2149 {
						level += envelopeCode
					}
					if got := int(out[3*at]); got != level {
						t.Fatalf("variant %d, shape %d, ramp %d, step %d: %d, want %d", v, shape, i, j, got, level)
					}
				}
			}
		}
	}
}

func TestPorts(t *testing.T) {
	c := New(new(State), AY8910, Levels)
	var got []uint8
	c.Out[0] = func(v uint8) { got = append(got, v) }
	c.In[1] = func() uint8 { return 0x5a }
	read := func(r uint8) uint8 { c.Address(r); return c.Read() }
	if a, b := read(14), read(15); a != 0xff || b != 0x5a {
		t.Errorf("inputs read %02x %02x", a, b)
	}
	c.WriteRegister(14, 0x11) // still an input
	c.WriteRegister(regEnable, 0x40)
	c.WriteRegister(14, 0x22)
	c.WriteRegister(regEnable, 0)
	if string(got) != "\x11\x22\xff" {
		t.Errorf("port A put out %x", got)
	}
	c.WriteRegister(1, 0xff)
	if read(1) != 0x0f || read(0x11) != 0xff {
		t.Error("unused bits or another chip's address were read")
	}
	c.Address(0x10)
	c.Write(0x77)
	if read(0) != 0 {
		t.Error("another chip's address was written")
	}
	y := New(new(State), YM2149, Levels)
	y.WriteRegister(1, 0xff)
	if y.ReadRegister(1) != 0xff {
		t.Error("the YM2149 lost bits")
	}
}

func randomWrite(r *rand.Rand, chips ...*Chip) {
	reg, data := uint8(r.UintN(14)), uint8(r.Uint32())>>r.UintN(8)
	for _, c := range chips {
		c.WriteRegister(reg, data)
	}
}

// Advancing in silence, in any steps, leaves the same state bit by bit; and
// runs of equal levels hide nothing that single steps would show.
func TestSilentAdvance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, v := range []Variant{AY8910, YM2149, SSG} {
		var a, b, d State
		ca, cb, cd := New(&a, v, Levels), New(&b, v, Levels), New(&d, v, Levels)
		for range 3000 {
			randomWrite(r, ca, cb, cd)
			n := r.IntN(1 << r.IntN(11))
			out := make([]int16, 3*n)
			ca.Advance(n, out)
			k := r.IntN(n + 1)
			cb.Advance(k, nil)
			cb.Advance(n-k, nil)
			for i := range n {
				one := make([]int16, 3)
				cd.Advance(1, one)
				if [3]int16(one) != [3]int16(out[3*i:]) {
					t.Fatalf("variant %d, step %d of %d: %d, want %d", v, i, n, out[3*i:3*i+3], one)
				}
			}
			if a != b || a != d {
				t.Fatalf("variant %d, %d steps:\n%+v\n%+v\n%+v", v, n, a, b, d)
			}
		}
	}
}

// From any bytes: no panic, and only legal states.
func TestAnyState(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	out := make([]int16, 3*500)
	for i := range 3000 {
		var s State
		c := New(&s, Variant(i%3), Output(i/3%4))
		b := unsafe.Slice((*byte)(unsafe.Pointer(&s)), unsafe.Sizeof(s))
		for i := range b {
			b[i] = uint8(r.Uint32())
		}
		c.Restored()
		before := s
		c.Advance(500, out[:500*c.output.Channels()])
		after := s
		s = before
		c.Advance(500, nil)
		if s != after {
			t.Fatalf("%+v\n%+v", s, after)
		}
		c.Restored()
		if s != after {
			t.Fatal("advancing led to a state that is not legal")
		}
	}
}

// What chips that pass all recorded streams make of random writes.
func TestGolden(t *testing.T) {
	for v, want := range map[Variant]uint32{AY8910: 0x498a3f79, YM2149: 0xde835945, SSG: 0xe456d263} {
		r := rand.New(rand.NewPCG(5, 6))
		c := New(new(State), v, Levels)
		sum := crc32.NewIEEE()
		for range 1000 {
			randomWrite(r, c)
			out := make([]int16, 3*50)
			c.Advance(50, out)
			for _, x := range out {
				sum.Write([]byte{byte(x)})
			}
		}
		if got := sum.Sum32(); got != want {
			t.Errorf("variant %d: %#08x, want %#08x", v, got, want)
		}
	}
}

func benchmark(b *testing.B, o Output, heard bool) {
	c := New(new(State), SSG, o)
	for r, d := range []uint8{0xfd, 0, 0x7e, 0, 0x3f, 1, 12, 0x30, 12, 0x10, 9, 0x40, 0, 8} {
		c.WriteRegister(uint8(r), d)
	}
	var out []int16
	if heard {
		out = make([]int16, 4224*o.Channels())
	}
	for b.Loop() {
		c.Advance(4224, out) // a frame of a Neo Geo
	}
}

func BenchmarkMixed(b *testing.B)    { benchmark(b, Mixed, true) }
func BenchmarkSeparate(b *testing.B) { benchmark(b, Separate, true) }
func BenchmarkTied(b *testing.B)     { benchmark(b, Tied, true) }
func BenchmarkSilent(b *testing.B)   { benchmark(b, Mixed, false) }

// The state may be placed in an arena: no padding, fixed sizes only.
func TestArena(t *testing.T) {
	a := state.NewArena(1 << 16)
	st := state.New[State](a, "chip")
	New(st, YM2149, Tied)
	a.Seal()
}
