package fm

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestTables(t *testing.T) {
	for i := range 256 {
		if want := math.Round(-256 * math.Log2(math.Sin(float64(2*i+1)*math.Pi/1024))); float64(logSine[i]) != want {
			t.Errorf("logSine[%d] is %d, want %v", i, logSine[i], want)
		}
		if want := math.Round(1024 * (math.Exp2(float64(i)/256) - 1)); float64(exponent[i]) != want {
			t.Errorf("exponent[%d] is %d, want %v", i, exponent[i], want)
		}
	}
	if power[0] != 8168 || power[1] != -8168 || power[quiet<<3-2] != 1 {
		t.Errorf("amplitudes: %d and %d, %d before silence", power[0], power[1], power[quiet<<3-2])
	}
	for a := quiet << 3; a < powerSize; a++ {
		if power[a] != 0 {
			t.Fatalf("attenuation %#x is not silent", a)
		}
	}
	if most := int(logSine[0])<<1 + 1 + MaxLevel<<3; most >= powerSize {
		t.Errorf("attenuations go up to %d", most)
	}
}

// A slot's wave is a sine, to within the steps of its tables.
func TestWave(t *testing.T) {
	for q := range uint32(1024) {
		want := 8172 * math.Sin((float64(q)+0.5)*math.Pi/512)
		if got := float64(wave(q<<10, 0, 0)); math.Abs(got-want) > 20 {
			t.Errorf("at %d: %v, want %.1f", q, got, want)
		}
		if wave(q<<10, 5, 64) != wave((q+5)<<10, 0, 64) {
			t.Errorf("at %d: modulation does not add to the phase", q)
		}
	}
}

// The patterns of the manual's families, as published: what is added at eight
// successive steps.
func TestIncrements(t *testing.T) {
	for rate, want := range map[int]uint32{
		0: 0, 1: 0, 2: 0x10101010, 3: 0x10101010, 4: 0x10101010, 5: 0x10101010, 6: 0x11101110, 7: 0x11101110,
		8: 0x10101010, 9: 0x10111010, 10: 0x11101110, 11: 0x11111110, 44: 0x10101010, 45: 0x10111010, 46: 0x11101110, 47: 0x11111110,
		48: 0x11111111, 49: 0x21112111, 50: 0x21212121, 51: 0x22212221, 52: 0x22222222, 53: 0x42224222, 54: 0x42424242, 55: 0x44424442,
		56: 0x44444444, 57: 0x84448444, 58: 0x84848484, 59: 0x88848884, 60: 0x88888888, 63: 0x88888888,
	} {
		if increments[rate] != want {
			t.Errorf("rate %d: %08x, want %08x", rate, increments[rate], want)
		}
	}
}

func TestTime(t *testing.T) {
	for first := range 3 {
		start := Time{Count: math.MaxUint32 - 3, First: first}
		now, steps := start, uint32(0)
		for i := range 40 {
			count, ok := start.count(i)
			if ok != (now.First == 0) || ok && (count != now.Count+1 || start.sample(count) != i) {
				t.Fatalf("sample %d: step %d, %v", i, count, ok)
			}
			if ok {
				steps++
			}
			now = now.After(1)
			if got := start.After(i + 1); got != now || now.Count != start.Count+steps {
				t.Fatalf("after %d: %v, want %v", i+1, got, now)
			}
		}
	}
}

// next names the steps in which step does something, and no others.
func TestNext(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var s State
		c := Channel{S: &s}
		for k := range Slots {
			s.Level[k] = uint16(r.UintN(0x400))
			s.Envelope[k] = uint8(r.UintN(4))
			c.SustainLevel[k] = uint16(r.UintN(32) << 5)
			if r.IntN(3) == 0 {
				c.SSG[k] = uint8(r.UintN(16))
			}
			for e := range 4 {
				c.Rate[k][e] = uint8(r.UintN(64))
			}
		}
		n := r.Uint32()
		for k := range Slots {
			n := n
			due := c.next(k, n)
			for range 300 {
				n++
				before := s
				c.step(k, n)
				if changed := s != before; changed != (n == due) && !(n == due && c.SSG[k] != 0) {
					t.Fatalf("step %d: changed %v, due at %d; %+v", n, changed, due, before)
				}
				if n == due {
					due = c.next(k, n)
				}
			}
		}
	}
}

// A channel goes the same way whether it is heard or not and in whatever steps.
func TestAdvance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 1500 {
		var a State
		a.Reset()
		ca := Channel{S: &a}
		p := &ca.Params
		p.Algorithm, p.Feedback, p.Halve = uint8(r.UintN(8)), uint8(r.UintN(8)), uint8(r.UintN(2))
		ssg := r.IntN(2) == 0
		for k := range Slots {
			p.Step[k] = r.Uint32() & PhaseMask
			p.TotalLevel[k] = uint16(r.UintN(64))
			p.SustainLevel[k] = uint16(r.UintN(32) << 5)
			if ssg {
				p.SSG[k] = uint8(r.UintN(16))
			}
			for e := range 4 {
				p.Rate[k][e] = uint8(20 + r.UintN(44))
			}
		}
		b, d := a, a
		cb, cd := Channel{S: &b, Params: *p}, Channel{S: &d, Params: *p}
		now := Time{r.Uint32(), r.IntN(3)}
		for range 8 {
			key := uint8(r.UintN(16))
			n := r.IntN(400)
			for _, c := range []*Channel{&ca, &cb, &cd} {
				c.S.Key = key
				c.Key(0)
			}
			ca.Advance(now, n, make([]int32, n))
			k := r.IntN(n + 1)
			cb.Advance(now, k, nil)
			cb.Changed()
			cb.Advance(now.After(k), n-k, nil)
			for i := range n {
				cd.Advance(now.After(i), 1, make([]int32, 1))
			}
			if a != b || a != d {
				t.Fatalf("%+v\n%+v\n%+v\n%+v", *p, a, b, d)
			}
			now = now.After(n)
		}
	}
}
