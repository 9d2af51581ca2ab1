package ym2610

import (
	"hash/crc32"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"unsafe"

	"arcade/audio/ay8910"
	"arcade/audio/chiptest"
	"arcade/machine/state"
)

// player runs a chip the way a board does: it stops for timers, and keeps the
// SSG in step.
type player struct {
	c     *Chip
	pos   int64 // samples made
	steps int64 // of the SSG
	ssg   []int16
	heard bool
	look  func() // before every sample that follows writes or timers
}

func (p *player) now() int64 { return p.pos * ClocksPerSample }

func (p *player) advance(n int, out []int16) {
	for n > 0 {
		p.c.Tick(p.now())
		if p.look != nil {
			p.look()
		}
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
		// The SSG makes the steps before what comes at the new position.
		k := int((p.now()+ClocksPerStep-1)/ClocksPerStep - p.steps)
		p.steps += int64(k)
		if p.heard {
			s := make([]int16, k)
			p.c.AdvanceSSG(k, s)
			p.ssg = append(p.ssg, s...)
		} else {
			p.c.AdvanceSSG(k, nil)
		}
	}
	p.c.Tick(p.now())
}

func (p *player) write(r uint16, data uint8) {
	port := uint8(r >> 8 << 1)
	p.c.Write(p.now(), port, uint8(r))
	p.c.Write(p.now(), port+1, data)
}

func config(b bool, a, d []byte) Config {
	return Config{B: b, ROMA: a, ROMB: d, SSG: ay8910.Mixed}
}

// memory makes the memory of a stream, which takes its time, if the stream
// writes to the register that starts playing.
func memory(s *chiptest.Stream, seed string, register uint32) []byte {
	for _, l := range s.Lines {
		if l.Kind == 'w' && l.Reg == register || l.Kind == 'p' {
			return s.SeededROM(seed, 1<<24)
		}
	}
	return nil
}

func TestStreams(t *testing.T) {
	chiptest.Each(t, "ym2610*", func(t *testing.T, s *chiptest.Stream) {
		p := &player{heard: true}
		p.c = New(new(State), config(s.Chip == "ym2610b", memory(s, "roma", regKeyA), memory(s, "romb", regControlB)))
		var irq, want []int64 // positions of changes
		level := false
		p.look = func() {
			if p.c.IRQ() != level {
				level = !level
				irq = append(irq, p.pos)
			}
		}
		s.Run(t, "main", 2, func(l chiptest.Line) {
			switch l.Kind {
			case 'w':
				p.write(uint16(l.Reg), uint8(l.Data))
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
		}, func(out []int16) { p.advance(len(out)/2, out) })
		s.Compare(t, "ssg", 1, p.ssg)
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

func TestStepsA(t *testing.T) {
	x := big.NewRat(16, 1)
	for i, got := range stepsA {
		if want := new(big.Int).Quo(x.Num(), x.Denom()); want.Int64() != int64(got) {
			t.Errorf("step %d is %d, want %d", i, got, want)
		}
		x.Mul(x, big.NewRat(11, 10))
	}
}

// A sample of ADPCM-A by hand: bytes 77 08, then the end.
func TestADPCMA(t *testing.T) {
	rom := make([]byte, 0x300)
	rom[0x100], rom[0x101] = 0x77, 0x08
	p := &player{c: New(new(State), config(false, rom, nil))}
	for _, w := range [][2]uint16{{regStartA + 2, 1}, {regEndA + 2, 1}, {regTotalA, 63}, {regLevelA + 2, 0x80 | 31}, {regKeyA, 4}} {
		p.write(w[0], uint8(w[1]))
	}
	// Steps 16 and 34 (index 9 after a 7), 15/8 each; then 80 (index 18) by 1/8
	// and 73 (17) by -1/8; loudness 16*15/32, low two bits lost.
	signal := []int{0, 0, 30, 30, 30, 30 + 37*15/8, 30 + 37*15/8, 30 + 37*15/8}
	signal[5] = 30 + 15*37/8
	signal[6], signal[7] = signal[5], signal[5]
	signal = append(signal, signal[5]+88/8, signal[5]+88/8, signal[5]+88/8, signal[5]+88/8-80/8)
	out := make([]int16, 2*len(signal))
	p.advance(len(signal), out)
	for i, s := range signal {
		if want := s * 240 >> 5 &^ 3; int(out[2*i]) != want || out[2*i+1] != 0 {
			t.Errorf("sample %d is %d, want %d", i, out[2*i:2*i+2], want)
		}
	}
	p.advance(2000, nil)
	if got := p.c.Read(0, 2); got != 4 {
		t.Errorf("end flags are %02x", got)
	}
	p.write(regEndFlags, 4)
	if got := p.c.Read(0, 2); got != 0 {
		t.Errorf("end flags are %02x after they were cleared", got)
	}
}

// A sample of ADPCM-B by hand: at half speed, byte 7f, then zeros.
func TestADPCMB(t *testing.T) {
	rom := make([]byte, 0x200)
	rom[0x100] = 0x7f
	p := &player{c: New(new(State), config(false, nil, rom))}
	for _, w := range [][2]uint16{{regStartB, 1}, {regEndB, 1}, {regDeltaN + 1, 0x80}, {regLevelB, 128}, {regPanB, 0x40}, {regControlB, startB}} {
		p.write(w[0], uint8(w[1]))
	}
	first := 15 * 127 / 8
	second := first - 15*(127*153/64)/8
	out := make([]int16, 2*6)
	p.advance(6, out)
	for i, want := range []int{0, 0, first / 2, first, (first + second) >> 1, second} {
		if int(out[2*i+1]) != want>>2 || out[2*i] != 0 {
			t.Errorf("sample %d is %d, want %d", i, out[2*i:2*i+2], want>>2)
		}
	}
	p.advance(1100, nil)
	if got := p.c.Read(0, 2); got != 0x80 {
		t.Errorf("end flags are %02x", got)
	}
}

func TestPorts(t *testing.T) {
	c := New(new(State), config(false, nil, nil))
	c.Write(0, 0, 0x02)
	c.Write(0, 1, 0xa5)
	if got := c.Read(0, 1); got != 0xa5 {
		t.Errorf("an SSG register reads %02x", got)
	}
	if c.Read(191, 0) != 0x80 || c.Read(192, 0) != 0 {
		t.Error("busy is not 192 cycles long")
	}
	c.Write(1000, 2, 0x02)
	c.Write(1000, 1, 0x11) // lost: the address belongs to the other bank
	if c.Read(1000, 0) != 0 || c.Read(1000, 1) != 0 || c.Read(1000, 3) != 0 {
		t.Error("a write through the wrong port was taken")
	}
	c.Write(0, 0, 0xff)
	if c.Read(0, 1) != 1 {
		t.Error("no chip id")
	}
}

// randomWrite writes to all players, often to a register that matters.
func randomWrite(p []*player, r *rand.Rand) {
	reg, data := uint16(r.UintN(0x1c0)), uint8(r.Uint32())
	switch r.IntN(10) {
	case 0:
		reg, data = regKey, data|0x10
	case 1:
		reg = []uint16{regLFO, regNAH, regNAL, regNB, regTimer, regEndFlags, regControlB, regKeyA}[r.IntN(8)]
	case 2:
		reg = uint16(regFHigh + r.IntN(3) + r.IntN(2)*0x100)
		for _, p := range p {
			p.write(reg, data)
		}
		reg, data = reg-4, uint8(r.Uint32())
	case 3:
		reg = regStartB + uint16(r.UintN(4))
		data >>= 6 // short samples, which end
	case 4:
		reg, data = 0x110+uint16(r.UintN(32)), data>>6
	case 5:
		reg = regSSG + uint16(r.UintN(16)+r.UintN(2)*0x100)
	}
	for _, p := range p {
		p.write(reg, data)
	}
}

func randomROM(r *rand.Rand) []byte {
	rom := make([]byte, 0x5000)
	for i := range rom {
		rom[i] = uint8(r.Uint32())
	}
	return rom
}

// Advancing in silence, in any steps, leaves the same state bit by bit.
func TestSilentAdvance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 20 {
		rom := randomROM(r)
		var a, b, d State
		cfg := config(i&1 == 0, rom, rom)
		all := []*player{{c: New(&a, cfg)}, {c: New(&b, cfg)}, {c: New(&d, cfg)}}
		for range 400 {
			for range r.IntN(12) {
				randomWrite(all, r)
			}
			n := r.IntN(1 << r.IntN(12))
			all[0].advance(n, make([]int16, 2*n))
			for left := n; left > 0; {
				k := 1 + r.IntN(left)
				if left < 200 {
					k = 1
				}
				all[1].advance(k, nil)
				left -= k
			}
			// The third is restored before every step, and heard or not.
			e := d
			all[2] = &player{c: New(&d, cfg), pos: all[2].pos, steps: all[2].steps}
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
	for i := range 600 {
		var s State
		c := New(&s, config(i&1 == 0, make([]byte, 100), nil))
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
		c.Advance(300, out)
		c.AdvanceSSG(300, out[:300])
		for port := range uint8(4) {
			c.Read(now, port)
			c.Write(now, port, uint8(r.Uint32()))
		}
		c.Advance(300, nil)
		legal = s
		c.Restored()
		if s != legal {
			t.Fatalf("advancing led to a state that is not legal:\n%+v\n%+v", legal, s)
		}
	}
}

// What a chip that passes all recorded streams makes of random writes.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	rom := randomROM(r)
	p := &player{c: New(new(State), config(true, rom, rom)), heard: true}
	for i, want := range []uint32{0x8d95c094, 0x7fb8ede1, 0x50388c95} {
		sum := crc32.NewIEEE()
		put := func(out []int16) {
			for _, v := range out {
				sum.Write([]byte{byte(v), byte(v >> 8)})
			}
		}
		for range 400 {
			randomWrite([]*player{p}, r)
			out := make([]int16, 2*40)
			p.advance(40, out)
			put(out)
			put(p.ssg)
			p.ssg = p.ssg[:0]
		}
		if got := sum.Sum32(); got != want {
			t.Errorf("part %d: %#08x, want %#08x", i, got, want)
		}
	}
}

// The state may be placed in an arena: no padding, fixed sizes only.
func TestArena(t *testing.T) {
	a := state.NewArena(1 << 16)
	New(state.New[State](a, "chip"), config(false, nil, nil))
	a.Seal()
	for _, p := range a.Parts() {
		if !strings.HasPrefix(p.Name, "chip") {
			t.Errorf("part %s", p.Name)
		}
	}
}

func benchmark(b *testing.B, heard bool) {
	rom := randomROM(rand.New(rand.NewPCG(9, 9)))
	for i := range rom {
		rom[i] &= 0x99
	}
	p := &player{c: New(new(State), config(false, rom, rom))}
	for bank := range uint16(2) {
		for ch := uint16(1); ch < 3; ch++ {
			r := bank<<8 + ch
			p.write(r+0xa4, uint8(0x22+ch))
			p.write(r+0xa0, 0x40)
			p.write(r+0xb0, 5<<3|4)
			for s := uint16(0); s < 16; s += 4 {
				for _, w := range [][2]uint16{{0x30, 1 + s/4}, {0x40, 16}, {0x50, 31}, {0x60, 10}, {0x70, 4}, {0x80, 0x25}} {
					p.write(r+s+w[0], uint8(w[1]))
				}
			}
			p.write(regKey, uint8(0xf0|bank<<2|ch))
		}
	}
	for i := range uint16(6) {
		p.write(regEndA+i, 0x4f)
		p.write(regTotalA, 50)
	}
	p.write(regKeyA, 63)
	for _, w := range [][2]uint16{{regEndB, 0x4f}, {regDeltaN + 1, 0x50}, {regLevelB, 128}, {regPanB, 0xc0}, {regControlB, startB | repeatB}} {
		p.write(w[0], uint8(w[1]))
	}
	p.advance(2000, nil)
	start := *p.c.s
	var out []int16
	if heard {
		out = make([]int16, 2*938)
	}
	b.ResetTimer()
	for i := range b.N {
		if i%30 == 0 { // before the notes have died away
			*p.c.s = start
			p.c.Restored()
		}
		p.c.Advance(938, out)
	}
}

func BenchmarkHeard(b *testing.B)  { benchmark(b, true) }
func BenchmarkSilent(b *testing.B) { benchmark(b, false) }
