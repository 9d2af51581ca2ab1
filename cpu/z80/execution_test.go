package z80

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"
)

// UM, CPU Timing, HALT Exit: the CPU executes NOPs, so that refresh goes on,
// until an interrupt; PC and the return address are behind HALT.
func TestHalt(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, opNOP, opHALT, opNOP)
		r.s.IM, r.s.IFF1, r.s.IFF2 = 1, 1, 1
		r.c.Run(8 + 4*1000 - 1)
		r.wantTime(8 + 4*1000)
		r.wantByte("HALT", r.s.Halt, 1)
		r.wantByte("R", r.s.refresh(), uint8(1002&0x7f))
		if r.c.PC() != 0x102 {
			t.Errorf("PC() is %04x, expected the address behind HALT", r.c.PC())
		}
		r.c.SetIRQ(true)
		r.step()
		r.wantByte("HALT", r.s.Halt, 0)
		r.wantPC(0x39)
		r.wantTime(13 + 4)
		r.wantWord("return address", r.word(0x7ffe), 0x102)
	})
}

// UM, CPU Timing, HALT Exit: a maskable interrupt ends HALT only if it is
// enabled; NMI and reset always do.
func TestHaltExit(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, opHALT)
		r.c.SetIRQ(true)
		r.c.Run(4000)
		r.wantByte("HALT", r.s.Halt, 1)
		r.wantTime(4000)
		r.c.SetNMI(true)
		r.step()
		r.wantByte("HALT", r.s.Halt, 0)
		r.wantPC(0x67)
		r.wantTime(11 + 4)
		r.wantWord("return address", r.word(0x7ffe), 0x101)

		r = newRig(t, handlers, opHALT)
		r.step()
		r.c.Reset()
		r.wantByte("HALT", r.s.Halt, 0)
		r.wantPC(0)
	})
}

// EI, HALT: the interrupt is accepted in HALT and returns behind it.
func TestEIHalt(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, opEI, opHALT)
		r.s.IM = 1
		r.c.SetIRQ(true)
		r.c.Run(9)
		r.wantTime(8 + 13 + 4)
		r.wantWord("return address", r.word(0x7ffe), 0x102)
	})
}

// However HALT's time is cut into pieces, it comes to the same.
func TestHaltInPieces(t *testing.T) {
	whole := newRig(t, false, opHALT)
	whole.c.Run(10_000)
	for _, piece := range []int64{1, 3, 4, 5, 127, 999} {
		r := newRig(t, false, opHALT)
		for r.c.Now() < 10_000 {
			r.c.Run(min(r.c.Now()+piece, 10_000))
		}
		if *r.s != *whole.s {
			t.Errorf("in pieces of %d: %+v\nat once: %+v", piece, *r.s, *whole.s)
		}
	}
}

// UM, CPU Registers, Memory Refresh: seven bits count, the eighth stays as
// loaded by LD R,A. Each M1 cycle counts: two for CB, DD, ED and FD, also for
// DD CB, whose last byte is no opcode fetch.
func TestRefresh(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		for _, c := range []struct {
			program []byte
			m1      uint8
		}{
			{[]byte{0x00}, 1}, {[]byte{0x21, 0, 0}, 1}, {[]byte{0xcb, 0x00}, 2}, {[]byte{0xed, 0x44}, 2},
			{[]byte{0xdd, 0x00}, 2}, {[]byte{0xdd, 0x21, 0, 0}, 2}, {[]byte{0xfd, 0xcb, 0, 0x06}, 2},
			{[]byte{0xdd, 0xfd, 0xdd, 0x23}, 4}, {[]byte{0xed, 0xb0}, 2},
		} {
			r := newRig(t, handlers, c.program...)
			r.s.R, r.s.R7 = 0xff, 0x80
			r.s.DE = 0x4000
			r.step()
			for r.s.Chain != 0 {
				r.step()
			}
			r.wantByte(fmt.Sprintf("R after % x", c.program), r.s.refresh(), 0x80|(0x7f+c.m1)&0x7f)
		}
		// LD R,A; LD A,R
		r := newRig(t, handlers, 0xed, 0x4f, 0xed, 0x5f)
		r.s.A = 0xfe
		r.steps(2)
		r.wantByte("A", r.s.A, 0x80)
	})
}

// UM, CPU Timing: WAIT stretches the cycle that is under way; all that comes
// later is later.
func TestWait(t *testing.T) {
	// LD A,(0x4000); LD (0x4001),A; OUT (0x12),A; IN A,(0x13); INC (HL)
	r := newRig(t, true, 0x3a, 0x00, 0x40, 0x32, 0x01, 0x40, 0xd3, 0x12, 0xdb, 0x13, 0x34)
	r.hook = func(kind string, addr uint16) {
		switch {
		case kind == "read" && addr == 0x4000:
			r.c.Wait(3)
		case kind == "write" && addr == 0x4001, kind == "out", kind == "in":
			r.c.Wait(1)
		case kind == "fetch" && addr == 0x10a:
			r.c.Wait(2)
		}
	}
	r.s.HL = 0x4002
	r.c.Run(1)
	r.wantTime(13 + 3)
	r.log = nil
	r.c.Run(17)
	r.wantTime(16 + 13 + 1)
	r.wantBus("fetch 0103 at 16", "read 0104 at 20", "read 0105 at 23", "write 4001 at 26")
	r.log = nil
	r.c.Run(31)
	r.wantTime(30 + 11 + 1)
	r.wantBus("fetch 0106 at 30", "read 0107 at 34", "out 0012 at 37")
	r.log = nil
	r.c.Run(43)
	r.wantTime(42 + 11 + 1)
	r.wantBus("fetch 0108 at 42", "read 0109 at 46", "in 0013 at 49")
	r.log = nil
	r.c.Run(55)
	r.wantTime(54 + 11 + 2)
	r.wantBus("fetch 010a at 54", "read 4002 at 60", "write 4002 at 64")
}

// Wait states in an interrupt's own cycles.
func TestWaitInAcknowledge(t *testing.T) {
	r := interrupted(t, true, 2, 0x40)
	r.hook = func(kind string, addr uint16) {
		if kind == "ack" {
			r.c.Wait(5)
		}
	}
	r.step()
	r.wantTime(19 + 5 + 4)
	r.wantBus("ack 0000 at 0", "write 7fff at 12", "write 7ffe at 15", "read 1240 at 18", "read 1241 at 21", "fetch 0000 at 24")
}

// UM, Input or Output Cycles and the instructions IN and OUT: A8-A15 hold A
// with a port in the instruction, B with one in C; block output shows B after
// it was counted down, block input before.
func TestPortAddress(t *testing.T) {
	for _, c := range []struct {
		program []byte
		want    string
	}{
		{[]byte{0xdb, 0x12}, "in a112 at 7"}, {[]byte{0xd3, 0x12}, "out a112 at 7"},
		{[]byte{0xed, 0x78}, "in b1c1 at 8"}, {[]byte{0xed, 0x79}, "out b1c1 at 8"},
		{[]byte{0xed, 0xa2}, "in b1c1 at 9"}, {[]byte{0xed, 0xa3}, "out b0c1 at 12"},
	} {
		r := newRig(t, true, c.program...)
		r.s.A, r.s.BC, r.s.HL = 0xa1, 0xb1c1, 0x4000
		r.step()
		if !slices.Contains(r.log, c.want) {
			t.Errorf("% x: %q, expected %q among them", c.program, r.log, c.want)
		}
	}
}

// Young, section 3.4: of the ED opcodes that mean nothing, each is two NOPs.
func TestUndefinedED(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		n := 0
		for op := range 256 {
			if op >= 0x40 && op < 0x80 && op != 0x77 && op != 0x7f || op >= 0xa0 && op < 0xc0 && op&4 == 0 {
				continue
			}
			n++
			r := newRig(t, handlers, 0xed, byte(op))
			r.s.A, r.s.F, r.s.BC, r.s.DE, r.s.HL = 1, 0xff, 2, 3, 4
			want := *r.s
			want.PC += 2
			want.R += 2
			want.Cycles = 8
			r.step()
			if *r.s != want {
				t.Errorf("ED %02X: %+v\nexpected %+v", op, *r.s, want)
			}
		}
		if n != 256-62-16 {
			t.Errorf("%d opcodes were tried", n)
		}
	})
}

// Young, section 3.7: of several DD and FD the last counts, each takes 4
// T-states, and no interrupt is accepted among them; before ED they do
// nothing.
func TestPrefixes(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		for _, c := range []struct {
			program []byte
			time    int64
			changed func(r *rig) uint16
		}{
			{[]byte{0xdd, 0xfd, 0x21, 0x34, 0x12}, 18, func(r *rig) uint16 { return r.s.IY }},
			{[]byte{0xfd, 0xfd, 0xdd, 0x21, 0x34, 0x12}, 22, func(r *rig) uint16 { return r.s.IX }},
			{[]byte{0xfd, 0x01, 0x34, 0x12}, 14, func(r *rig) uint16 { return r.s.BC }},
			{[]byte{0xdd, 0xed, 0x5b, 0x00, 0x40}, 24, func(r *rig) uint16 { return r.s.DE }}, // LD DE,(0x4000)
		} {
			r := newRig(t, handlers, c.program...)
			r.mem[0x4000], r.mem[0x4001] = 0x34, 0x12
			r.s.IM, r.s.IFF1 = 1, 1
			before := *r.s
			r.s.EI = 1 // the interrupt waits for the end of this instruction
			r.c.SetIRQ(true)
			r.c.SetTime(0)
			for r.s.PC < 0x100+uint16(len(c.program)) {
				r.c.Run(r.c.Now() + 1)
			}
			r.wantTime(c.time)
			r.wantWord(fmt.Sprintf("register after % x", c.program), c.changed(r), 0x1234)
			changed := 0
			for _, p := range [][2]uint16{{before.BC, r.s.BC}, {before.DE, r.s.DE}, {before.HL, r.s.HL}, {before.IX, r.s.IX}, {before.IY, r.s.IY}} {
				if p[0] != p[1] {
					changed++
				}
			}
			if changed != 1 || r.s.SP != 0x8000 {
				t.Errorf("% x: %d pairs changed, SP is %04x", c.program, changed, r.s.SP)
			}
			r.step()
			r.wantWord("return address", r.word(0x7ffe), 0x100+uint16(len(c.program)))
		}
	})
}

// Memory full of prefixes is one endless instruction to the chip. Run comes
// back all the same, and neither INT nor NMI gets in.
func TestEndlessPrefixes(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers)
		for i := range r.mem {
			r.mem[i] = 0xdd ^ byte(i&1)<<5
		}
		r.s.IM, r.s.IFF1 = 1, 1
		hooks := 0
		r.c.SetTrace(func() { hooks++ })
		r.c.Run(1000)
		r.c.SetIRQ(true)
		r.c.SetNMI(true)
		r.c.Run(100_000)
		r.wantWord("SP", r.s.SP, 0x8000)
		r.wantTime(100_000)
		r.wantByte("R", r.s.refresh(), 25_000&0x7f)
		if hooks != 1 {
			t.Errorf("a chain of prefixes was traced %d times", hooks)
		}

		// The state of that moment can be saved; with an instruction at the
		// chain's end, the interrupt comes behind it.
		saved := *r.s
		pc := r.s.PC
		r.mem[pc] = 0x23
		*r.s = saved
		r.c.Restored()
		r.c.Run(r.c.Now() + 7)
		r.wantWord("return address", r.word(0x7ffe), pc+1)
		r.wantPC(0x66 + 1)
	})
}

// SCF and CCF behind prefixes: Q comes from the instruction before them.
func TestQBehindPrefixes(t *testing.T) {
	for _, prefixes := range [][]byte{{}, {0xdd}, {0xdd, 0xfd}, {0xfd, 0xfd, 0xdd, 0xdd, 0xfd}} {
		for q := range 2 {
			r := newRig(t, true, append(slices.Clone(prefixes), 0x37)...)
			r.s.F = flagX | flagY
			r.s.Q = uint8(q) * r.s.F
			for range prefixes {
				r.step()
			}
			if r.s.PC <= 0x100+uint16(len(prefixes)) {
				r.step()
			}
			r.wantPC(0x101 + uint16(len(prefixes)))
			want := uint8(flagX | flagY)
			if q == 1 {
				want = 0
			}
			r.wantByte(fmt.Sprintf("bits 5 and 3 after % x SCF", prefixes), r.s.F&(flagX|flagY), want)
		}
	}
}

// Yield ends Run with the instruction in which it was called; before Run it
// does nothing.
func TestYield(t *testing.T) {
	r := newRig(t, true, opNOP, 0x77, opNOP, opNOP)
	r.s.HL = 0x4000
	r.hook = func(kind string, addr uint16) {
		if kind == "write" {
			r.c.Yield()
		}
	}
	r.c.Yield()
	r.c.Run(1000)
	r.wantPC(0x102)
	r.wantTime(11)
	r.c.Run(1000)
	r.wantTime(1000 - (1000-11)%4 + 4)
}

// Run does nothing if its time has come.
func TestRunNothing(t *testing.T) {
	r := newRig(t, false, opNOP)
	r.c.SetTime(100)
	r.c.Run(100)
	r.wantPC(0x100)
	r.wantTime(100)
}

// Reset does what the pin does (UM, Pin Functions, RESET) and leaves time and
// the other registers alone.
func TestReset(t *testing.T) {
	r := newRig(t, false)
	*r.s = State{Cycles: 77, BC: 1, SP: 2, PC: 3, A: 4, I: 5, R: 6, R7: 7, IM: 2, IFF1: 1, IFF2: 1, EI: 1, P: 1, Halt: 1, NMI: 1, Chain: 1, IRQ: 1, Line: 1}
	r.c.Reset()
	if want := (State{Cycles: 77, BC: 1, SP: 2, A: 4, IRQ: 1, Line: 1}); *r.s != want {
		t.Errorf("%+v\nexpected %+v", *r.s, want)
	}
}

// random is a rig with random registers and memory, and ports and interrupts
// that depend on time alone.
func random(t *testing.T, handlers bool, seed uint64) *rig {
	rnd := rand.New(rand.NewPCG(seed, 1))
	r := newRig(t, handlers)
	for i := range r.mem {
		r.mem[i] = byte(rnd.Uint32())
	}
	for i := range unsafe.Sizeof(*r.s) {
		(*[unsafe.Sizeof(State{})]byte)(unsafe.Pointer(r.s))[i] = byte(rnd.Uint32())
	}
	r.c.Restored()
	r.c.SetTime(0)
	r.s.IRQ = 0
	return r
}

// lines drives the interrupt lines between two pieces.
func (r *rig) lines(rnd *rand.Rand) {
	r.c.SetIRQ(rnd.Uint32()&3 == 0)
	r.c.SetNMI(rnd.Uint32()&15 == 0)
}

// Random programs come to the same through handlers and through pages, traced
// and not, at once and from copies of the state: nothing is hidden outside it.
func TestTheSameEveryWay(t *testing.T) {
	for seed := range uint64(40) {
		rigs := []*rig{random(t, true, seed), random(t, false, seed), random(t, false, seed), random(t, false, seed)}
		rigs[2].c.SetTrace(func() {})
		var rnds []*rand.Rand
		for range rigs {
			rnds = append(rnds, rand.New(rand.NewPCG(seed, 2)))
		}
		for piece := range 200 {
			for i, r := range rigs {
				r.log = r.log[:0]
				r.lines(rnds[i])
				if i == 3 {
					state, mem := *r.s, r.mem
					rigs[3] = newRig(t, false)
					r = rigs[3]
					copy(r.mem, mem)
					*r.s = state
					r.c.Restored()
				}
				r.c.Run(int64(piece+1) * 97)
			}
			for i, r := range rigs[1:] {
				if *r.s != *rigs[0].s {
					t.Fatalf("seed %d, way %d, piece %d:\n%+v\nexpected\n%+v", seed, i+1, piece, *r.s, *rigs[0].s)
				}
			}
		}
		for i, r := range rigs[1:] {
			if !slices.Equal(r.mem, rigs[0].mem) {
				t.Fatalf("seed %d, way %d: memory differs", seed, i+1)
			}
		}
	}
}

// Any bytes are a legal state: each runs, and time goes on.
func TestAnyState(t *testing.T) {
	for seed := range uint64(300) {
		r := random(t, seed&1 == 0, seed)
		r.s.Cycles = int64(rand.New(rand.NewPCG(seed, 3)).Uint64())
		r.c.Restored()
		start := r.c.Now()
		if start < 0 || start > math.MaxInt64/2 {
			t.Fatalf("the clock stands at %d", start)
		}
		r.c.Run(start + 2000)
		if now := r.c.Now(); now < start+2000 || now > start+2100 {
			t.Errorf("seed %d: %d T-states in a Run of 2000", seed, now-start)
		}
	}
}

// Nothing is allocated while it runs.
func TestNoAllocation(t *testing.T) {
	r := random(t, false, 1)
	r.c.io.In = func(uint16) uint8 { return 0 }
	r.c.io.Out = func(uint16, uint8) {}
	r.c.io.Ack = func() uint8 { return 0xcd }
	r.c.io.RETI = nil
	rnd := rand.New(rand.NewPCG(1, 1))
	if n := testing.AllocsPerRun(1000, func() {
		r.lines(rnd)
		r.c.Run(r.c.Now() + 500)
	}); n != 0 {
		t.Errorf("%v allocations in 500 T-states", n)
	}
}

// The few instructions that MAME 0.251 executes otherwise than the chip.
func TestMAMERules(t *testing.T) {
	for _, c := range []struct {
		program    []byte
		chip, mame State // AF, WZ
	}{
		// LDIR and LDDR of a zero: P/V; bits 5 and 3 are PC's.
		{[]byte{0xed, 0xb0}, State{F: 0x2c, WZ: 0x2801}, State{F: 0x04, WZ: 0x2801}},
		{[]byte{0xed, 0xb8}, State{F: 0x2c, WZ: 0x2801}, State{F: 0x04, WZ: 0x2801}},
		// INIR: parity of (5a+12)&7 ^ 2, which is even; the repetition turns it
		// over, since that of B&7 is odd.
		{[]byte{0xed, 0xb2}, State{F: 0x28, WZ: 0x2801}, State{F: 0x04, WZ: 0x0312}},
		{[]byte{0xed, 0x40}, State{F: 0x0c, WZ: 0x0312}, State{F: 0x0c, WZ: 0x5a12}},                   // IN B,(C)
		{[]byte{0xed, 0x78}, State{A: 0x5a, F: 0x0c, WZ: 0x0312}, State{A: 0x5a, F: 0x0c, WZ: 0x0312}}, // IN A,(C)
	} {
		for rules, want := range []State{c.chip, c.mame} {
			r := newRig(t, true)
			copy(r.mem[0x2800:], c.program)
			r.s.Rules = uint8(rules)
			r.s.PC, r.s.BC, r.s.DE, r.s.HL, r.s.F = 0x2800, 0x0311, 0x4000, 0x5000, 0
			r.step()
			if r.s.A != want.A || r.s.F != want.F || r.s.WZ != want.WZ {
				t.Errorf("% x, rules %d: A %02x, F %02x, WZ %04x, expected %02x, %02x, %04x", c.program, rules, r.s.A, r.s.F, r.s.WZ, want.A, want.F, want.WZ)
			}
			r.c.Reset()
			r.wantByte("the rules after reset", r.s.Rules, uint8(rules))
		}
	}
}
