package ym2151

import (
	"hash/crc32"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"arcade/audio/chiptest"
	"arcade/machine/state"
)

// player runs a chip the way a board does: it stops for timers.
type player struct {
	c   *Chip
	pos int64 // samples made
}

func (p *player) now() int64 { return p.pos * ClocksPerSample }

func (p *player) advance(n int, out []int16) {
	for n > 0 {
		p.c.Tick(p.now())
		m := n
		if at, ok := p.c.NextTimer(); ok {
			m = min(m, int(at/ClocksPerSample-p.pos))
		}
		if out == nil {
			p.c.Advance(m, nil)
		} else {
			p.c.Advance(m, out[:2*m])
			out = out[2*m:]
		}
		p.pos += int64(m)
		n -= m
	}
	p.c.Tick(p.now())
}

func (p *player) write(r, data uint8) {
	p.c.WriteAddress(r)
	p.c.WriteData(p.now(), data)
}

func TestStreams(t *testing.T) {
	chiptest.Each(t, "ym2151-*", func(t *testing.T, s *chiptest.Stream) {
		p := &player{c: New(new(State), nil)}
		var irq, want []int64 // positions of changes
		level := false
		look := func() {
			if p.c.IRQ() != level {
				level = !level
				irq = append(irq, p.pos)
			}
		}
		s.Run(t, "main", 2, func(l chiptest.Line) {
			switch l.Kind {
			case 'w':
				p.write(uint8(l.Reg), uint8(l.Data))
			case 'p':
				p.c.Write(p.now(), uint8(l.Reg), uint8(l.Data))
			case 'r':
				if got := p.c.Read(p.now(), uint8(l.Reg)); got != uint8(l.Data) {
					t.Errorf("port %d at %d reads %02x, want %02x", l.Reg, l.Pos, got, l.Data)
				}
			case 'i':
				if want = append(want, int64(l.Pos)); len(want)&1 != int(l.Data) {
					t.Fatal("the IRQ line changes to what it is")
				}
			}
		}, func(out []int16) {
			// The line is looked at when a position's timers and writes are
			// all done: before its sample is made.
			for n := len(out) / 2; n > 0; {
				look()
				m := n
				if at, ok := p.c.NextTimer(); ok {
					m = min(m, int(at/ClocksPerSample-p.pos))
				}
				p.advance(m, out[:2*m])
				out, n = out[2*m:], n-m
			}
		})
		if len(irq) != len(want) {
			t.Fatalf("the IRQ line changed %d times, want %d", len(irq), len(want))
		}
		for i := range irq {
			if irq[i] != want[i] {
				t.Fatalf("change %d of the IRQ line is at %d, want %d", i, irq[i], want[i])
			}
		}
	})
}

// randomWrite writes to all players, often to a register that matters.
func randomWrite(p []*player, r *rand.Rand) {
	reg, data := uint8(r.Uint32()), uint8(r.Uint32())
	switch r.IntN(8) {
	case 0:
		reg = regKey
	case 1:
		reg = []uint8{regTest, regNoise, regNAH, regNAL, regNB, regTimer, regLFRQ, regDepth, regWave}[r.IntN(9)]
	}
	for _, p := range p {
		p.write(reg, data)
	}
}

// What a chip that passes all recorded streams makes of random writes.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	p := busyChip(4)
	sum := crc32.NewIEEE()
	for i, want := range []uint32{0x4fd73a0e, 0x6d7d1fce, 0x47595ab4} {
		for range 100 {
			randomWrite([]*player{p}, r)
			out := make([]int16, 2*40)
			p.advance(40, out)
			for _, v := range out {
				sum.Write([]byte{byte(v), byte(v >> 8)})
			}
		}
		if got := sum.Sum32(); got != want {
			t.Errorf("part %d: %#08x, want %#08x", i, got, want)
		}
	}
}

// Advancing in silence, in any steps, leaves the same state bit by bit.
func TestSilentAdvance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var a, b, d State
		all := []*player{{c: New(&a, nil)}, {c: New(&b, nil)}, {c: New(&d, nil)}}
		for range 400 {
			for range r.IntN(12) {
				randomWrite(all, r)
			}
			n := r.IntN(1 << r.IntN(12))
			all[0].advance(n, make([]int16, 2*n))
			for left := n; left > 0; {
				k := 1 + r.IntN(left)
				all[1].advance(k, nil)
				left -= k
			}
			// The third is restored before every step, and heard or not.
			e := d
			all[2] = &player{c: New(&d, nil), pos: all[2].pos}
			d = e
			all[2].c.Restored()
			if r.IntN(2) == 0 {
				all[2].advance(n, nil)
			} else {
				all[2].advance(n, make([]int16, 2*n))
			}
			if a != b || a != d {
				t.Fatalf("after %d samples:\n%+v\n%+v\n%+v", n, a, b, d)
			}
		}
	}
}

// From any bytes: no panic, and only legal states.
func TestAnyState(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	out := make([]int16, 2*300)
	for range 1000 {
		var s State
		c := New(&s, nil)
		b := unsafe.Slice((*byte)(unsafe.Pointer(&s)), unsafe.Sizeof(s))
		for i := range b {
			b[i] = uint8(r.Uint32())
		}
		c.Restored()
		legal := s
		c.Restored()
		if s != legal {
			t.Fatal("restoring twice is not restoring once")
		}
		now := int64(r.Uint64() >> 2)
		c.NextTimer()
		c.Advance(300, out)
		c.Status(now)
		c.WriteData(now, uint8(r.Uint32()))
		c.Advance(300, nil)
		c.Tick(now + 100000)
		if at, ok := c.NextTimer(); ok && at <= now+100000 {
			t.Fatalf("a timer is due at %d, which is past %d", at, now+100000)
		}
		legal = s
		c.Restored()
		if s != legal {
			t.Fatal("advancing led to a state that is not legal")
		}
	}
}

// A4 on a bare carrier is a sine of 440 Hz.
func TestSine(t *testing.T) {
	p := &player{c: New(new(State), nil)}
	for _, w := range [][2]uint8{{0x20, 0xc7}, {0x28, 0x4a}, {0x40, 1}, {0x60, 0}, {0x80, 31}, {0xe0, 15}, {0x68, 127}, {0x70, 127}, {0x78, 127}, {regKey, 0x08}} {
		p.write(w[0], w[1])
	}
	const n = 55930
	out := make([]int16, 2*n)
	p.advance(n, out)
	crossings := 0
	peak := 0.0
	for i := 1; i < n; i++ {
		if out[2*i] >= 0 && out[2*i-2] < 0 {
			crossings++
		}
		peak = math.Max(peak, math.Abs(float64(out[2*i])))
		if out[2*i] != out[2*i+1] {
			t.Fatal("left is not right")
		}
	}
	if crossings < 438 || crossings > 442 {
		t.Errorf("%d periods a second", crossings)
	}
	if peak < 8100 || peak > 8176 { // -8168 becomes -8176 in the converter
		t.Errorf("the peak is %v", peak)
	}
}

// Timer A counts 1024 - NA samples, B 16 * (256 - NB) less the free divider.
func TestTimers(t *testing.T) {
	var changes []bool
	c := New(new(State), func(on bool) { changes = append(changes, on) })
	c.Advance(5, nil)
	const now = 5 * ClocksPerSample
	write := func(at int64, r, d uint8) { c.WriteAddress(r); c.WriteData(at, d) }
	write(now, regNAH, 255)
	write(now, regNAL, 1)
	write(now, regNB, 254)
	write(now, regTimer, 0x0f)
	if at, ok := c.NextTimer(); !ok || at != now+3*ClocksPerSample {
		t.Errorf("timer A is due at %d", at)
	}
	c.Tick(now + 3*ClocksPerSample)
	if got := c.Status(now + 3*ClocksPerSample); got != 0x01 {
		t.Errorf("status is %02x", got)
	}
	write(now+200, regTimer, 0x1b) // clears flag A, disables it
	if at, ok := c.NextTimer(); !ok || at != now+(32-5)*ClocksPerSample {
		t.Errorf("timer B is due at %d", at)
	}
	c.Tick(now + 27*ClocksPerSample)
	if got := c.Status(now + 27*ClocksPerSample); got != 0x02 {
		t.Errorf("status is %02x", got)
	}
	if len(changes) != 3 || !changes[0] || changes[1] || !changes[2] {
		t.Errorf("the line went %v", changes)
	}
	write(5000, regTest, 0)
	if c.Status(5063)&0x80 == 0 || c.Status(5064)&0x80 != 0 {
		t.Error("busy is not 64 cycles long")
	}
}

// busyChip has eight channels that sound.
func busyChip(con uint8) *player {
	p := &player{c: New(new(State), nil)}
	r := rand.New(rand.NewPCG(5, 6))
	for c := range uint8(8) {
		p.write(0x20+c, 0xc0|5<<3|con)
		p.write(0x28+c, uint8(r.UintN(0x70)))
		for s := c; s < 32; s += 8 {
			p.write(0x40+s, uint8(1+r.UintN(7)))
			p.write(0x60+s, uint8(r.UintN(32)))
			p.write(0x80+s, 31)
			p.write(0xa0+s, 10)
			p.write(0xc0+s, 4)
			p.write(0xe0+s, 0x25)
		}
		p.write(regKey, 0x78|c)
	}
	return p
}

func benchmark(b *testing.B, con uint8, heard bool, more ...uint8) {
	p := busyChip(con)
	for i := 0; i < len(more); i += 2 {
		p.write(more[i], more[i+1])
	}
	p.advance(2000, nil)
	start := *p.c.s
	var out []int16
	if heard {
		out = make([]int16, 2*938)
	}
	b.ResetTimer()
	for i := range b.N {
		if i%100 == 0 { // before the notes have died away
			*p.c.s = start
			p.c.Restored()
		}
		p.c.Advance(938, out)
	}
}

var lfo = []uint8{regLFRQ, 0xc8, regDepth, 0x20, regDepth, 0xa0, regPMS, 0x41, regPMS + 1, 0x41, regPMS + 2, 0x41, regPMS + 3, 0x41, regPMS + 4, 0x41, regPMS + 5, 0x41, regPMS + 6, 0x41, regPMS + 7, 0x41, 0xa0, 0x8a}

func BenchmarkHeard0(b *testing.B)   { benchmark(b, 0, true) }
func BenchmarkHeard4(b *testing.B)   { benchmark(b, 4, true) }
func BenchmarkHeard7(b *testing.B)   { benchmark(b, 7, true) }
func BenchmarkHeardLFO(b *testing.B) { benchmark(b, 4, true, lfo...) }
func BenchmarkSilent(b *testing.B)   { benchmark(b, 4, false) }
func BenchmarkSilentLFO(b *testing.B) {
	benchmark(b, 4, false, lfo...)
}

// The state may be placed in an arena: no padding, fixed sizes only.
func TestArena(t *testing.T) {
	a := state.NewArena(1 << 16)
	st := state.New[State](a, "chip")
	New(st, nil)
	a.Seal()
}
