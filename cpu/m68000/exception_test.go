package m68000

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"arcade/cpu"
)

// rig is a 68000 whose 16 MB are behind handlers that write everything down.
// Memory is full of NOPs; vector n leads to 0x2000+n*0x10, reset to 0x1000 with
// the stack at 0x8000.
type rig struct {
	*CPU
	mem  []byte
	log  []string // bus cycles: time since start, kind, address, data, FC
	base int64
	berr func(addr uint32, write bool) bool // which cycles end in a bus error
}

func newRig() *rig {
	r := &rig{mem: make([]byte, 1<<24)}
	for a := uint32(0); a < 0x10000; a += 2 {
		r.word(a, 0x4e71)
	}
	for n := uint32(2); n < 256; n++ {
		r.long(4*n, 0x2000+n*0x10)
	}
	r.long(0, 0x8000)
	r.long(4, 0x1000)
	m := cpu.NewMap16(0)
	m.Handle(0, 0xffffff, func(addr uint32, mask uint16) uint16 {
		v := uint16(r.mem[addr])<<8 | uint16(r.mem[addr+1])
		r.cycle("r", addr, v, mask)
		return v
	}, func(addr uint32, v, mask uint16) {
		r.cycle("w", addr, v, mask)
		if mask&0xff00 != 0 {
			r.mem[addr] = uint8(v >> 8)
		}
		if mask&0xff != 0 {
			r.mem[addr+1] = uint8(v)
		}
	})
	r.CPU = New(new(State), m)
	r.Reset()
	return r
}

func (r *rig) cycle(kind string, addr uint32, v, mask uint16) {
	if r.berr != nil && r.berr(addr, kind == "w") {
		r.BusError()
		kind += "!"
	}
	switch mask {
	case 0xff00:
		kind += "u"
	case 0x00ff:
		kind += "l"
	}
	r.log = append(r.log, fmt.Sprintf("%d %s %06x %04x %d", r.Now()-r.base, kind, addr, v&mask, r.FC()))
}

func (r *rig) word(a uint32, v uint16) { r.mem[a], r.mem[a+1] = uint8(v>>8), uint8(v) }
func (r *rig) long(a, v uint32)        { r.word(a, uint16(v>>16)); r.word(a+2, uint16(v)) }

// code puts instructions at 0x1000 and starts there with a status register.
func (r *rig) code(sr uint16, words ...uint16) {
	for i, w := range words {
		r.word(0x1000+uint32(2*i), w)
	}
	s := r.State()
	s.SetStatusRegister(sr)
	s.R[15] = 0x8000
	if sr&srS == 0 {
		s.R[15], s.SP2 = 0x7000, 0x8000
	}
	s.Next = uint16(r.mem[0x1000])<<8 | uint16(r.mem[0x1001])
	s.IRC = uint16(r.mem[0x1002])<<8 | uint16(r.mem[0x1003])
	s.PC = 0x1004
	r.start()
}

// start begins a new log.
func (r *rig) start() {
	r.log, r.base = nil, r.State().Time
}

// step runs one instruction or exception sequence.
func (r *rig) step() { r.Run(r.State().Time + 1) }

// expect compares the log and the time since start.
func (r *rig) expect(t *testing.T, time int64, want ...string) {
	t.Helper()
	if got := r.State().Time - r.base; got != time {
		t.Errorf("%d clock cycles, expected %d", got, time)
	}
	if !slices.Equal(r.log, want) {
		t.Errorf("bus cycles\n%s\nexpected\n%s", strings.Join(r.log, "\n"), strings.Join(want, "\n"))
	}
}

func (r *rig) at(t *testing.T, pc uint32, sr uint16) {
	t.Helper()
	if got := r.PC(); got != pc {
		t.Errorf("PC is %x, expected %x", got, pc)
	}
	if got := r.State().StatusRegister(); got != sr {
		t.Errorf("SR is %04x, expected %04x", got, sr)
	}
}

// M68000UM section 6.3.1 and table 8-14: 40 clock cycles, with the vectors from
// program space.
func TestReset(t *testing.T) {
	r := newRig()
	r.start()
	s := r.State()
	s.SetStatusRegister(0x001f)
	s.Stopped, s.Edge, s.Traced = 1, 1, 1
	r.Reset()
	r.expect(t, 40,
		"14 r 000000 0000 6", "18 r 000002 8000 6", "22 r 000004 0000 6", "26 r 000006 1000 6",
		"30 r 001000 4e71 6", "36 r 001002 4e71 6")
	r.at(t, 0x1000, 0x271f)
	if s.R[15] != 0x8000 || s.Stopped|s.Edge|s.Traced != 0 {
		t.Errorf("state after reset %+v", s)
	}
}

// A reset that a handler asks for comes after the instruction.
func TestResetFromHandler(t *testing.T) {
	r := newRig()
	r.code(0x2700, 0x33c0, 0x0000, 0x5000) // move.w D0, $5000.l
	asked := false
	r.berr = func(addr uint32, write bool) bool {
		if write && !asked {
			asked = true
			r.Reset()
		}
		return false
	}
	r.step()
	r.at(t, 0x1000, 0x2704)
	if r.State().Time-r.base != 16+40 {
		t.Errorf("%d clock cycles, expected 56", r.State().Time-r.base)
	}
}

// interruptCycles are the bus cycles of table 8-14's interrupt: 44 clock
// cycles, of which the acknowledge cycle is logged by Ack.
func interruptCycles(sp, pc uint32, sr uint16, level, vector, fc int) []string {
	to := 0x2000 + vector*0x10
	return []string{
		fmt.Sprintf("6 w %06x %04x 5", sp-2, pc&0xffff),
		fmt.Sprintf("10 ack %d 7", level),
		fmt.Sprintf("18 w %06x %04x 5", sp-6, sr),
		fmt.Sprintf("22 w %06x %04x 5", sp-4, pc>>16),
		fmt.Sprintf("26 r %06x 0000 5", vector*4),
		fmt.Sprintf("30 r %06x %04x 5", vector*4+2, to),
		fmt.Sprintf("34 r %06x 4e71 6", to),
		fmt.Sprintf("40 r %06x 4e71 6", to+2),
	}
}

// M68000UM section 6.3.2: acknowledge, autovectors, user vectors, the spurious
// interrupt; section 6.2.3: the mask becomes the level, S is set, T cleared.
func TestInterrupt(t *testing.T) {
	for _, c := range []struct {
		name   string
		sr     uint16
		level  uint8
		ack    int
		vector int
		after  uint16
	}{
		{"autovector 1", 0x2000, 1, Autovector, 25, 0x2100},
		{"autovector 6 from user mode", 0x0511, 6, Autovector, 30, 0x2611},
		{"vectored", 0x2300, 4, 0x40, 0x40, 0x2400},
		{"uninitialized", 0x2000, 2, 15, 15, 0x2200},
		{"spurious", 0x2000, 5, Spurious, 24, 0x2500},
		{"level 7 ignores the mask", 0x2700, 7, Autovector, 31, 0x2700},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig()
			r.Ack = func(level uint8) int {
				r.log = append(r.log, fmt.Sprintf("%d ack %d %d", r.Now()-r.base, level, r.FC()))
				return c.ack
			}
			r.code(c.sr)
			r.SetIRQ(c.level)
			r.step()
			r.expect(t, 44, interruptCycles(0x8000, 0x1000, c.sr, int(c.level), c.vector, 5)...)
			r.at(t, 0x2000+uint32(c.vector)*0x10, c.after)
			r.SetIRQ(0)
			r.start()
			r.step()
			r.expect(t, 4, fmt.Sprintf("0 r %06x 4e71 6", 0x2004+c.vector*0x10))
		})
	}
}

// Section 6.3.2: a level at or below the mask waits until the mask is lower;
// level 7 comes once for each time it arrives.
func TestInterruptMask(t *testing.T) {
	r := newRig()
	r.code(0x2300, 0x4e71, 0x46fc, 0x2200) // nop; move #$2200, SR
	r.SetIRQ(3)
	r.step()
	r.at(t, 0x1002, 0x2300)
	r.step()
	r.at(t, 0x1006, 0x2200)
	r.step()
	r.at(t, 0x2000+27*0x10, 0x2300)

	r.code(0x2700)
	r.SetIRQ(7)
	r.step()
	r.at(t, 0x2000+31*0x10, 0x2700)
	r.step()
	r.at(t, 0x2002+31*0x10, 0x2700)
	r.SetIRQ(6)
	r.SetIRQ(7)
	r.step()
	r.at(t, 0x2000+31*0x10, 0x2700)
}

// An interrupt that a handler raises is taken after the present instruction,
// also in the middle of a long run.
func TestInterruptFromHandler(t *testing.T) {
	r := newRig()
	r.code(0x2000, 0x33c0, 0x0000, 0x5000)
	r.berr = func(addr uint32, write bool) bool {
		if addr == 0x5000 && write {
			r.SetIRQ(4)
		}
		return false
	}
	var seen []uint32
	r.SetTrace(func() { seen = append(seen, r.PC()) })
	r.Run(r.State().Time + 16 + 44 + 1)
	if want := []uint32{0x1000, 0x2000 + 28*0x10}; !slices.Equal(seen, want) {
		t.Errorf("instructions at %x, expected %x", seen, want)
	}
}

// M68000PRM STOP: the status register is loaded and the CPU waits; the
// interrupt returns behind the instruction.
func TestStop(t *testing.T) {
	r := newRig()
	r.code(0x2700, 0x4e72, 0x2300)
	r.step()
	r.expect(t, 4)
	r.at(t, 0x1004, 0x2300)
	r.Run(r.base + 1000)
	r.SetIRQ(3)
	r.Run(r.base + 2000)
	r.expect(t, 2000)
	r.SetIRQ(4)
	r.Run(r.base + 2001)
	if got := r.State().Time - r.base; got != 2044 {
		t.Errorf("%d clock cycles, expected 2044", got)
	}
	r.at(t, 0x2000+28*0x10, 0x2400)
	if pc := uint32(r.mem[0x7ffc])<<8 | uint32(r.mem[0x7ffd]); pc != 0 || r.mem[0x7ffe] != 0x10 || r.mem[0x7fff] != 4 {
		t.Errorf("return address %x", r.mem[0x7ffc:0x8000])
	}
}

// M68000UM section 6.3.8: trace after the instruction; not after one that was
// aborted; after the exception of a group 2 instruction; before an interrupt.
func TestTrace(t *testing.T) {
	vec := func(n uint32) uint32 { return 0x2000 + n*0x10 }
	for _, c := range []struct {
		name  string
		sr    uint16
		code  []uint16
		level uint8
		pcs   []uint32 // after each step
		ret   uint32   // what the last frame returns to
	}{
		{"nop", 0xa000, []uint16{0x4e71}, 0, []uint32{0x1002, vec(9)}, 0x1002},
		{"T set by the instruction", 0x2000, []uint16{0x46fc, 0xa000, 0x4e71}, 0, []uint32{0x1004, 0x1006, vec(9)}, 0x1006},
		{"T cleared by the instruction", 0xa000, []uint16{0x46fc, 0x2000}, 0, []uint32{0x1004, vec(9)}, 0x1004},
		{"illegal", 0xa000, []uint16{0x4afc}, 0, []uint32{vec(4), vec(4) + 2}, 0x1000},
		{"privilege", 0x8000, []uint16{0x4e70}, 0, []uint32{vec(8), vec(8) + 2}, 0x1000},
		{"trap", 0xa000, []uint16{0x4e41}, 0, []uint32{vec(33), vec(9)}, vec(33)},
		{"zero divide", 0xa000, []uint16{0x80c0}, 0, []uint32{vec(5), vec(9)}, vec(5)},
		{"before an interrupt", 0xa000, []uint16{0x4e71}, 2, []uint32{0x1002, vec(9), vec(26)}, vec(9)},
		{"stop", 0xa000, []uint16{0x4e72, 0x2000}, 0, []uint32{0x1004, vec(9)}, 0x1004},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig()
			r.code(c.sr, c.code...)
			for i, pc := range c.pcs {
				r.step()
				r.SetIRQ(c.level)
				if r.PC() != pc {
					t.Fatalf("step %d leads to %x, expected %x", i, r.PC(), pc)
				}
			}
			sp := r.State().R[15]
			if ret := uint32(r.mem[sp+4])<<8 | uint32(r.mem[sp+5]); ret != c.ret {
				t.Errorf("return address %x, expected %x", ret, c.ret)
			}
		})
	}
}

// Table 8-14: the trace exception takes 34 clock cycles.
func TestTraceCycles(t *testing.T) {
	r := newRig()
	r.code(0xa010)
	r.step()
	r.start()
	r.step()
	r.expect(t, 34,
		"4 w 007ffe 1002 5", "8 w 007ffa a010 5", "12 w 007ffc 0000 5",
		"16 r 000024 0000 5", "20 r 000026 2090 5", "24 r 002090 4e71 6", "30 r 002092 4e71 6")
}

// M68000UM section 6.3.6 and table 6-3: privileged instructions.
func TestPrivilege(t *testing.T) {
	for _, op := range []uint16{0x4e70, 0x4e72, 0x4e73, 0x46c0, 0x4e60, 0x4e68, 0x007c, 0x027c, 0x0a7c} {
		r := newRig()
		r.code(0x0004, op, 0x0000)
		r.step()
		r.expect(t, 34,
			"4 w 007ffe 1000 5", "8 w 007ffa 0004 5", "12 w 007ffc 0000 5",
			"16 r 000020 0000 5", "20 r 000022 2080 5", "24 r 002080 4e71 6", "30 r 002082 4e71 6")
		if usp := r.State().USP(); usp != 0x7000 {
			t.Errorf("%04x: USP %x", op, usp)
		}
	}
}

// Table 8-14: a division by zero takes 38 clock cycles and the operand's.
func TestZeroDivide(t *testing.T) {
	r := newRig()
	r.code(0x2000, 0x80fc, 0x0000) // divu.w #0, D0
	r.step()
	r.expect(t, 42,
		"0 r 001004 4e71 6",
		"12 w 007ffe 1004 5", "16 w 007ffa 2000 5", "20 w 007ffc 0000 5",
		"24 r 000014 0000 5", "28 r 000016 2050 5", "32 r 002050 4e71 6", "38 r 002052 4e71 6")
}

// frame checks the 14 bytes of figure 6-8 and where the CPU went.
func (r *rig) frame(t *testing.T, vector uint32, status uint16, addr uint32, ir, sr uint16, pc uint32) {
	t.Helper()
	if r.PC() != 0x2000+vector*0x10 {
		t.Errorf("PC is %x, expected the handler of vector %d", r.PC(), vector)
	}
	sp := r.State().R[15]
	w := func(o uint32) uint16 { return uint16(r.mem[sp+o])<<8 | uint16(r.mem[sp+o+1]) }
	got := fmt.Sprintf("status %04x, address %04x%04x, IR %04x, SR %04x, PC %04x%04x",
		w(0)&0x1f, w(2), w(4), w(6), w(8), w(10), w(12))
	want := fmt.Sprintf("status %04x, address %08x, IR %04x, SR %04x, PC %08x", status, addr, ir, sr, pc)
	if got != want {
		t.Errorf("frame: %s\nexpected: %s", got, want)
	}
	if w(0)&^0x1f != ir&^0x1f {
		t.Errorf("the upper bits of the status word %04x are not those of the opcode %04x", w(0), ir)
	}
}

// M68000UM section 6.3.9: bus errors. The status word has read/write in bit 4,
// not-an-instruction in bit 3 and the function code.
func TestBusError(t *testing.T) {
	at := func(a uint32, write bool) func(uint32, bool) bool {
		return func(addr uint32, w bool) bool { return addr == a && w == write }
	}
	t.Run("read", func(t *testing.T) {
		r := newRig()
		r.code(0x0011, 0x3210) // move.w (A0), D1
		r.State().R[8] = 0x5000
		r.berr = at(0x5000, false)
		r.step()
		r.frame(t, 2, 0x11, 0x5000, 0x3210, 0x0011, 0x1002)
		if got := r.State().Time - r.base; got != 58 {
			t.Errorf("%d clock cycles, expected 4 and 54", got)
		}
		r.at(t, 0x2020, 0x2011)
	})
	t.Run("second half of a long read", func(t *testing.T) {
		r := newRig()
		r.code(0x2700, 0x2218) // move.l (A0)+, D1
		r.State().R[8] = 0x5000
		r.berr = at(0x5002, false)
		r.step()
		r.frame(t, 2, 0x15, 0x5002, 0x2218, 0x2700, 0x1002)
		if v := r.State().R[8]; v != 0x5000 {
			t.Errorf("A0 is %x", v)
		}
	})
	t.Run("byte write", func(t *testing.T) {
		r := newRig()
		r.code(0x2700, 0x1080) // move.b D0, (A0)
		r.State().R[8] = 0x5001
		r.berr = at(0x5000, true)
		r.step()
		r.frame(t, 2, 0x05, 0x5001, 0x1080, 0x2704, 0x1004)
	})
	t.Run("fetch", func(t *testing.T) {
		r := newRig()
		r.code(0x2700, 0x4ef8, 0x5000) // jmp $5000.w
		r.berr = at(0x5000, false)
		r.step()
		r.frame(t, 2, 0x16, 0x5000, 0x4ef8, 0x2700, 0x1002)
	})
	t.Run("in exception processing", func(t *testing.T) {
		r := newRig()
		r.code(0x2700, 0x4e40) // trap #0
		r.berr = at(0x80, false)
		r.step()
		r.frame(t, 2, 0x1d, 0x80, 0x4e40, 0x2700, 0x1004)
	})
	t.Run("double", func(t *testing.T) {
		r := newRig()
		r.code(0x2700, 0x3210)
		r.State().R[8] = 0x5000
		r.berr = func(addr uint32, write bool) bool { return addr == 0x5000 || addr == 8 }
		r.step()
		if !r.Halted() {
			t.Fatal("not halted by a bus error in the processing of a bus error")
		}
		n := len(r.log)
		r.SetIRQ(7)
		r.Run(r.Now() + 1000)
		if len(r.log) != n {
			t.Errorf("bus cycles while halted: %v", r.log[n:])
		}
		r.berr = nil
		r.Reset()
		r.at(t, 0x1000, 0x2700)
		if r.Halted() {
			t.Error("halted after a reset")
		}
	})
	t.Run("reset vector", func(t *testing.T) {
		r := newRig()
		r.berr = at(4, false)
		r.Reset()
		if !r.Halted() {
			t.Error("not halted by a bus error in the reset sequence")
		}
	})
}

// M68000UM section 6.3.10: address errors where the reference traces have none:
// at the target of a vector, of a stack that is odd, and in their processing.
func TestAddressError(t *testing.T) {
	t.Run("odd vector", func(t *testing.T) {
		r := newRig()
		r.long(0x80, 0x3001)
		r.code(0x2700, 0x4e40)
		r.step()
		r.frame(t, 3, 0x1e, 0x3001, 0x4e40, 0x2700, 0x3001)
	})
	t.Run("odd stack", func(t *testing.T) {
		r := newRig()
		r.code(0x0000, 0x4850) // pea (A0)
		r.State().R[15] = 0x6001
		r.step()
		r.frame(t, 3, 0x01, 0x5ffd, 0x4850, 0x0000, 0x1004)
	})
	t.Run("double", func(t *testing.T) {
		r := newRig()
		r.code(0x2700, 0x4e40)
		r.State().R[15] = 0x6001
		r.step()
		if !r.Halted() {
			t.Error("not halted by an odd supervisor stack")
		}
	})
}

// M68000PRM RESET: the line is low for 124 of the 132 clock cycles.
func TestResetInstruction(t *testing.T) {
	r := newRig()
	r.code(0x2700, 0x4e70)
	r.ResetOut = func() { r.log = append(r.log, fmt.Sprint(r.Now()-r.base, " out")) }
	r.step()
	r.expect(t, 132, "4 out", "128 r 001004 4e71 6")
}

// M68000UM section 5.1.3: the read-modify-write cycle of TAS, 10 clock cycles.
func TestTAS(t *testing.T) {
	r := newRig()
	r.code(0x2700, 0x4ad0) // tas (A0)
	r.State().R[8] = 0x5001
	r.step()
	r.expect(t, 14, "0 rl 005000 0071 5", "6 wl 005000 00f1 5", "10 r 001004 4e71 6")
}

// A handler can hold the bus: DTACK comes late (M68000UM section 5.5.1).
func TestWait(t *testing.T) {
	r := newRig()
	r.code(0x2700, 0x2010) // move.l (A0), D0
	r.State().R[8] = 0x5000
	r.berr = func(addr uint32, _ bool) bool {
		if addr == 0x5000 {
			r.Wait(6)
		}
		return false
	}
	r.step()
	if got := r.State().Time - r.base; got != 18 {
		t.Errorf("%d clock cycles, expected 12 and 6", got)
	}
	if !strings.HasPrefix(r.log[1], "10 r 005002") {
		t.Errorf("second bus cycle %q, expected at 10", r.log[1])
	}
}
