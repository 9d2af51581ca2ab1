package sh2

import (
	"encoding/binary"
	"reflect"
	"testing"

	"arcade/cpu"
)

// machine is a CPU with RAM at 0 and at 02000000h, its stack at 02001000h.
type machine struct {
	*CPU
	low, high []byte
}

func newMachine(model uint8, code ...uint16) *machine {
	m := NewMap(0)
	x := &machine{low: make([]byte, 0x10000), high: make([]byte, 0x10000)}
	m.MapRAM(0, 0xffff, x.low)
	m.MapRAM(0x02000000, 0x0200ffff, x.high)
	x.CPU = New(new(State), m)
	x.State().Model = model
	binary.BigEndian.PutUint32(x.low, 0x1000)
	binary.BigEndian.PutUint32(x.low[4:], 0x02001000)
	for v := uint32(2); v < 128; v++ {
		binary.BigEndian.PutUint32(x.low[4*v:], 0x2000+0x10*v) // each vector's handler is its own
	}
	for i, w := range code {
		binary.BigEndian.PutUint16(x.low[0x1000+2*i:], w)
	}
	for a := 0x2000; a < 0x3000; a += 2 {
		binary.BigEndian.PutUint16(x.low[a:], 0x0009)
	}
	x.Restored()
	x.Reset()
	return x
}

// step executes n instructions.
func (x *machine) step(n int) {
	for range n {
		x.Run(x.Now() + 1)
	}
}

func (x *machine) long(a uint32) uint32 { return binary.BigEndian.Uint32(x.high[a&0xffff:]) }

// took checks that an exception of a vector was taken, with PC stacked.
func (x *machine) took(t *testing.T, vector, pc uint32) {
	t.Helper()
	s := x.State()
	if s.PC != 0x2000+0x10*vector {
		t.Errorf("PC is %08x, expected that of vector %d", s.PC, vector)
	}
	if s.R[15] != 0x02000ff8 || x.long(s.R[15]) != pc {
		t.Errorf("stack pointer %08x, stacked PC %08x; expected 02000ff8 and %08x", s.R[15], x.long(s.R[15]), pc)
	}
}

// Manual, section 4.2: power-on reset.
func TestReset(t *testing.T) {
	x := newMachine(MAME)
	s := x.State()
	s.R[3], s.GBR, s.T, s.Time = 5, 6, 1, 1000
	x.Reset()
	if s.PC != 0x1000 || s.R[15] != 0x02001000 || s.StatusRegister() != 0xf0 || s.VBR != 0 || s.Time != 1000 {
		t.Errorf("after reset %+v", *s)
	}
	x = newMachine(Manual)
	if s := x.State(); s.OCRA != 0xffff || s.BCR1 != 0x03f0 || s.Model != Manual {
		t.Errorf("in the manual's model, after reset %+v", *s)
	}
}

// Manual, section 4.4.2: NMI is accepted whatever the mask, once for each edge.
func TestNMI(t *testing.T) {
	for _, model := range []uint8{MAME, Manual} {
		x := newMachine(model, 9, 9, 9)
		x.step(1)
		x.SetNMI(true)
		x.step(1)
		// The exception and the first instruction of the handler.
		if x.State().PC != 0x2000+0x10*vectorNMI+2 || x.State().StatusRegister() != 0xf0 || x.long(0x0ff8) != 0x1002 {
			t.Errorf("model %d: NMI was not taken: PC %08x", model, x.State().PC)
		}
		x.step(3)
		if x.State().PC != 0x2000+0x10*vectorNMI+8 {
			t.Errorf("model %d: NMI was taken twice", model)
		}
		if v := x.m.Read(0xfffffee0, 0xffff0000) >> 16; v != 0 {
			t.Errorf("model %d: ICR is %04x while NMI is asserted", model, v)
		}
		x.SetNMI(false)
		x.step(1)
		if v := x.m.Read(0xfffffee0, 0xffff0000) >> 16; v != 0x8000 {
			t.Errorf("model %d: ICR is %04x while NMI is not asserted", model, v)
		}
	}
}

// Manual, section 5.2.3: auto-vectors are 64 + level/2; with VECMD the vector
// comes from outside. A level must be above the mask; the mask becomes it.
func TestExternalInterrupts(t *testing.T) {
	for level := 1; level < 16; level++ {
		for _, vectored := range []bool{false, true} {
			x := newMachine(MAME, 9, 9)
			want := uint32(64 + level/2)
			asked := 0
			x.Ack = func(l int) uint8 { asked = l; return 100 }
			if vectored {
				x.m.Write(0xfffffee0, 0x00010000, 0xffff0000)
				want = 100
			}
			x.SetIRQ(level, true)
			x.step(1)
			if x.State().PC != 0x1002 {
				t.Fatalf("level %d went through the mask of 15", level)
			}
			s := x.State()
			s.SR = uint32(level) << 4
			s.TestIRQ = 1
			x.step(1)
			if s.PC != 0x1004 {
				t.Fatalf("level %d went through a mask of the same level", level)
			}
			s.PC, s.SR, s.TestIRQ = 0x1002, uint32(level-1)<<4, 1
			x.step(1)
			x.took(t, want, 0x1004)
			if asked != level || s.SR != uint32(level)<<4 {
				t.Errorf("level %d: acknowledged %d, SR %03x", level, asked, s.SR)
			}
		}
	}
}

// Manual, section 5.6: no interrupt between LDC and the instruction after it.
func TestInterruptsAfterLDC(t *testing.T) {
	for _, c := range []struct {
		model uint8
		pc    uint32
	}{{MAME, 0x1002}, {Manual, 0x1004}} {
		x := newMachine(c.model, 0x400e, 9, 9, 9) // LDC R0,SR
		x.SetIRQ(6, true)
		x.step(1)
		if c.model == Manual {
			if x.State().PC != 0x1002 {
				t.Errorf("an interrupt came right after LDC")
			}
			x.step(1)
		}
		x.took(t, 67, c.pc)
	}
}

// Manual, section 4.3: address errors. MAME drops the low bits.
func TestAddressErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		code uint16
		addr uint32
		bad  bool
	}{
		{"MOV.L @R1,R2", 0x6212, 0x02000402, true}, {"MOV.L R2,@R1", 0x2122, 0x02000401, true},
		{"MOV.W @R1,R2", 0x6211, 0x02000403, true}, {"MOV.W R2,@R1", 0x2121, 0x02000401, true},
		{"MOV.W @R1,R2", 0x6211, 0x02000402, false}, {"MOV.B @R1,R2", 0x6210, 0x02000403, false},
		{"LDS.L @R1+,PR", 0x4126, 0x02000402, true},
	} {
		x := newMachine(Manual, c.code, 9)
		x.State().R[1] = c.addr
		x.step(1)
		if c.bad {
			x.took(t, vectorAddressError, 0x1002)
		} else if x.State().PC != 0x1002 {
			t.Errorf("%s at %08x made an error", c.name, c.addr)
		}
		x = newMachine(MAME, c.code, 9)
		x.State().R[1] = c.addr
		binary.BigEndian.PutUint32(x.high[0x400:], 0x11223344)
		x.step(1)
		if s := x.State(); s.PC != 0x1002 {
			t.Errorf("%s at %08x: PC %08x in MAME's model", c.name, c.addr, s.PC)
		} else if c.code == 0x6212 && s.R[2] != 0x11223344 {
			t.Errorf("%s at %08x read %08x", c.name, c.addr, s.R[2])
		}
	}
	x := newMachine(Manual, 0x402b, 9) // JMP @R0 to an odd address
	x.State().R[0] = 0x1235
	x.step(3)
	x.took(t, vectorAddressError, 0x1235)
}

// Manual, section 4.6.2: illegal slot instructions.
func TestSlotIllegal(t *testing.T) {
	for _, slot := range []uint16{0xa000, 0xb000, 0x402b, 0x000b, 0x8900, 0x8d00, 0x002b, 0xc320, 0x0000, 0xffff} {
		x := newMachine(Manual, 0xa003, slot) // BRA 100a
		x.step(2)
		x.took(t, vectorSlotIllegal, 0x100a)
	}
	// Not in a slot: vector 4 with the instruction's address (section 4.6.3).
	x := newMachine(Manual, 0xffff)
	x.step(1)
	x.took(t, vectorIllegal, 0x1000)
}

// The manual's pipeline: section 2.4, and 7 of the programming manual.
func TestManualCycles(t *testing.T) {
	for _, c := range []struct {
		name string
		code []uint16
		want int64
	}{
		{"ALU", []uint16{0x321c, 0x321c}, 2},
		{"load, then use", []uint16{0x6212, 0x332c}, 3},
		{"load, then another register", []uint16{0x6212, 0x331c}, 2},
		{"load at an odd word", []uint16{9, 0x6212}, 3},
		{"MUL.L, STS", []uint16{0x0217, 0x031a}, 5},
		{"MULU.W, STS", []uint16{0x221e, 0x031a}, 4},
		{"MULU.W, 2 NOP, STS", []uint16{0x221e, 9, 9, 0x031a}, 4},
		{"OR #imm,R0", []uint16{0xcb01}, 1},
		{"BRA, slot", []uint16{0xa000, 9}, 3},
	} {
		x := newMachine(Manual, c.code...)
		x.State().R[1] = 0x02000400
		x.step(len(c.code))
		if got := x.Now(); got != c.want {
			t.Errorf("%s: %d cycles, expected %d", c.name, got, c.want)
		}
	}
}

// Manual, section 10.3.4: the CPU waits for the division unit; 10.3.3: overflow.
func TestManualDivision(t *testing.T) {
	for _, c := range []struct {
		divisor, dividend, quotient uint32
		control                     uint32
		wait                        int64
	}{
		{7, 0xfffffc18, 0xffffff72, 0, 39}, {0, 5, 0x7fffffff, 1, 6}, {0, 0xfffffffb, 0x80000000, 1, 6},
		{0xffffffff, 0x80000000, 0x7fffffff, 1, 6},
	} {
		x := newMachine(Manual)
		x.m.Write(0xffffff00, c.divisor, 0xffffffff)
		x.m.Write(0xffffff04, c.dividend, 0xffffffff)
		if v := x.m.Read(0xffffff14, 0xffffffff); v != c.quotient {
			t.Errorf("%d / %d is %08x, expected %08x", int32(c.dividend), int32(c.divisor), v, c.quotient)
		}
		if v := x.m.Read(0xffffff08, 0xffffffff); v != c.control || x.Now() != c.wait {
			t.Errorf("%d / %d: DVCR %x after %d cycles, expected %x and %d", int32(c.dividend), int32(c.divisor), v, x.Now(), c.control, c.wait)
		}
	}
}

// The quotient that has no 32 bits does not stop the program.
func TestDivisionByMinusOne(t *testing.T) {
	x := newMachine(MAME)
	for _, c := range [][3]uint32{{0x80000000, 0, 0}, {0, 0x80000000, 0}, {0, 1, 0xffffffff}} {
		x.m.Write(0xffffff00, 0xffffffff, 0xffffffff)
		x.m.Write(0xffffff10, c[0], 0xffffffff)
		x.m.Write(0xffffff14, c[1], 0xffffffff)
		want := c[2]
		if want == 0 {
			want = 0x7fffffff
		}
		if c[0] == 0 && c[1] == 0x80000000 {
			want = 0x80000000 // 80000000h / -1 as 64 bits: -80000000h
		}
		if v := x.m.Read(0xffffff14, 0xffffffff); v != want {
			t.Errorf("%08x%08x / -1 is %08x, expected %08x", c[0], c[1], v, want)
		}
	}
}

// Manual, section 11.3: input capture on the chosen edge.
func TestInputCapture(t *testing.T) {
	x := newMachine(MAME)
	x.m.Write(0xfffffe10, 0x80000000, 0xff000000) // ICIE
	x.m.Write(0xfffffe60, 0x05004a00, 0xffff0000)
	x.m.Write(0xfffffe64, 0x00004b00, 0x0000ffff) // VCRC: capture 4B
	s := x.State()
	s.SR = 0
	x.Run(160)
	x.SetFTI(true)
	if s.FTCSR&frtICF != 0 {
		t.Error("captured on the rising edge")
	}
	x.SetFTI(false)
	if s.ICR == 0 || s.FTCSR&frtICF == 0 {
		t.Errorf("ICR %d, FTCSR %02x after the falling edge", s.ICR, s.FTCSR)
	}
	x.step(1)
	if s.PC != 0x2000+0x10*0x4b {
		t.Errorf("PC is %08x, expected the capture's handler", s.PC)
	}
}

// DMA waits for its device, and shows what it reads to the filter.
func TestDMARequest(t *testing.T) {
	x := newMachine(MAME)
	ready := 1
	x.DMAReady = func(ch int, source, dest uint32, size int) bool {
		if ch != 0 || source&0xffff0000 != 0x02000000 || size != 2 {
			t.Errorf("channel %d, source %08x, size %d", ch, source, size)
		}
		ready--
		return ready >= 0
	}
	x.DMAFilter = func(source, dest, v uint32, size int) uint32 { return v ^ 0x8000 }
	binary.BigEndian.PutUint32(x.high[0x100:], 0x12345678)
	for a, v := range map[uint32]uint32{0x80: 0x02000100, 0x84: 0x02000200, 0x88: 2, 0xb0: 1} {
		x.m.Write(0xffffff00+a, v, 0xffffffff)
	}
	x.m.Write(0xffffff8c, 0x5601, 0xffffffff)
	x.Run(100)
	if v := x.long(0x200); v != 0x92340000 || x.State().DMA[0].Active != dmaWaits {
		t.Errorf("%08x was copied, expected the first word alone", v)
	}
	ready = 10
	x.DMARequest()
	x.Run(200)
	if v := x.long(0x200); v != 0x9234d678 || x.State().DMA[0].CHCR&dmaTE == 0 {
		t.Errorf("%08x was copied, CHCR %x", v, x.State().DMA[0].CHCR)
	}
}

// Manual, section 8: cached and cache-through addresses are the same memory.
func TestAddressSpaces(t *testing.T) {
	x := newMachine(MAME)
	x.m.Write(0x22000100, 0xcafe0123, 0xffffffff)
	for _, a := range []uint32{0x02000100, 0x0a000100, 0x2a000100} {
		if v := x.m.Read(a, 0xffffffff); v != 0xcafe0123 {
			t.Errorf("%08x at %08x", v, a)
		}
	}
	for a, want := range map[uint32]uint32{0x12000100: 0, 0x40000000: 0xa5a5a5a5, 0xbffffffc: 0xa5a5a5a5, 0xc0000000: 0, 0xfffffc00: 0} {
		if v := x.m.Read(a, 0xffffffff); v != want {
			t.Errorf("%08x at %08x, expected %08x", v, a, want)
		}
	}
	// Fetches ignore line 28 as well.
	s := x.State()
	s.PC = 0x10001000
	x.step(1)
	if s.PC != 0x2000+0x10*vectorIllegal || x.long(s.R[15]) != 0x10001000 {
		t.Errorf("PC %08x: expected the illegal instruction 0000 at 1000", s.PC)
	}
}

// Frozen memory that changes, and says so, is decoded anew.
func TestChangedProgram(t *testing.T) {
	x := newMachine(MAME, 0x7101, 0xaffd, 9) // ADD #1,R1; BRA back
	x.m.Freeze(0, 0xffff)
	x.Run(4000)
	s := x.State()
	if s.R[1] < 900 {
		t.Fatalf("R1 is %d after 4,000 cycles", s.R[1])
	}
	x.low[0x1001] = 0xff // ADD #-1
	x.m.Changed(0, 0xffff)
	before := s.R[1]
	x.Run(8000)
	if s.R[1] > before-900 {
		t.Errorf("R1 went from %d to %d", before, s.R[1])
	}
	// A branch to a page that is no longer mapped.
	x.m.HandleFetch(0, 0xffff, nil)
	x.Run(9000)
	if s.PC == 0x1000 {
		t.Error("the old program still runs")
	}
}

// The state has no padding: any bytes of it count.
func TestStateLayout(t *testing.T) {
	typ := reflect.TypeFor[State]()
	end := uintptr(0)
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Offset != end {
			t.Errorf("%d bytes of padding before %s", f.Offset-end, f.Name)
		}
		end = f.Offset + f.Type.Size()
	}
	if end != typ.Size() {
		t.Errorf("%d bytes of padding at the end", typ.Size()-end)
	}
	if f := typ.Field(0); f.Name != "R" {
		t.Errorf("the first field is %s: handlers expect R there", f.Name)
	}
}

// A core without modules leaves the whole space to the map.
func TestNewCore(t *testing.T) {
	m := cpu.NewMap32(0x12345678, 0)
	c := NewCore(new(State), m)
	c.Reset()
	if s := c.State(); s.PC != 0x12345678 {
		t.Errorf("PC %08x", s.PC)
	}
	if v := m.Read(0xffffff00, 0xffffffff); v != 0x12345678 {
		t.Errorf("%08x where the modules would be", v)
	}
}

// Nothing is allocated while it runs.
func TestAllocations(t *testing.T) {
	for _, frozen := range []bool{true, false} {
		c := newKernel(frozen)
		c.Run(100_000)
		if n := testing.AllocsPerRun(20, func() { c.Run(c.Now() + 10_000) }); n != 0 {
			t.Errorf("frozen %v: %v allocations a run", frozen, n)
		}
	}
}
