package z80

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

const (
	opNOP  = 0x00
	opHALT = 0x76
	opDI   = 0xf3
	opEI   = 0xfb
	opRET  = 0xc9
)

// interrupted is a rig with an interrupt request that comes next, in the given
// mode. SP is 0x8000 and the interrupted instruction at 0x0100.
func interrupted(t *testing.T, handlers bool, mode uint8, acks ...uint8) *rig {
	r := newRig(t, handlers)
	r.s.IM, r.s.IFF1, r.s.IFF2, r.s.I = mode, 1, 1, 0x12
	r.acks = acks
	r.c.SetIRQ(true)
	return r
}

// UM, Interrupt Response, Mode 1: an RST 38h; the acknowledge cycle has two
// wait states, so it takes 11 + 2 T-states. Then comes a NOP at 0x38.
func TestMode1(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := interrupted(t, handlers, 1)
		r.step()
		r.wantPC(0x39)
		r.wantTime(13 + 4)
		r.wantWord("SP", r.s.SP, 0x7ffe)
		r.wantWord("return address", r.word(0x7ffe), 0x100)
		r.wantWord("WZ", r.s.WZ, 0x38)
		r.wantByte("IFF1", r.s.IFF1, 0)
		r.wantByte("IFF2", r.s.IFF2, 0)
		r.wantByte("R", r.s.R, 2)
		if handlers {
			r.wantBus("ack 0000 at 0", "write 7fff at 7", "write 7ffe at 10", "fetch 0038 at 13")
		}
	})
}

// UM, Interrupt Response, Mode 2: 19 T-states, seven of them for the vector.
// The device gives the table's lower address byte; an odd one works as well.
func TestMode2(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		for _, vector := range []uint8{0x40, 0x41, 0xff} {
			r := interrupted(t, handlers, 2, vector)
			at := 0x1200 + int(vector)
			r.mem[at], r.mem[at+1] = 0x78, 0x56
			r.step()
			r.wantPC(0x5679)
			r.wantTime(19 + 4)
			r.wantWord("return address", r.word(0x7ffe), 0x100)
			r.wantWord("WZ", r.s.WZ, 0x5678)
			r.wantByte("R", r.s.R, 2)
			if handlers {
				r.wantBus("ack 0000 at 0", "write 7fff at 7", "write 7ffe at 10",
					fmt.Sprintf("read %04x at 13", at), fmt.Sprintf("read %04x at 16", at+1), "fetch 5678 at 19")
			}
		}
	})
}

// UM, Interrupt Response, Mode 0: the instruction on the data bus, two
// T-states longer than usual. All eight RST.
func TestMode0Restart(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		for op := 0xc7; op <= 0xff; op += 8 {
			r := interrupted(t, handlers, 0, uint8(op))
			r.step()
			r.wantPC(uint16(op&0x38) + 1)
			r.wantTime(13 + 4)
			r.wantWord("return address", r.word(0x7ffe), 0x100)
			r.wantByte("R", r.s.R, 2)
			if handlers {
				r.wantBus("ack 0000 at 0", "write 7fff at 7", "write 7ffe at 10", fmt.Sprintf("fetch %04x at 13", op&0x38))
			}
		}
	})
}

// UM, Interrupt Response, Mode 0: "a 3-byte call to any location". PC does not
// move while the bytes come from the device.
func TestMode0Call(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := interrupted(t, handlers, 0, 0xcd, 0x34, 0x52)
		r.step()
		r.wantPC(0x5235)
		r.wantTime(17 + 2 + 4)
		r.wantWord("return address", r.word(0x7ffe), 0x100)
		r.wantByte("R", r.s.R, 2)
		if handlers {
			r.wantBus("ack 0000 at 0", "ack 0000 at 6", "ack 0000 at 9",
				"write 7fff at 13", "write 7ffe at 16", "fetch 5234 at 19")
		}
	})
}

// Any instruction from the device does what it does in memory before PC,
// two T-states later.
func TestMode0Anything(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	try := func(bytes ...uint8) {
		t.Helper()
		var seed State
		seed.BC, seed.DE, seed.HL = 0x4000|uint16(rnd.Uint32()&0xfff), 0x5000|uint16(rnd.Uint32()&0xfff), 0x6000|uint16(rnd.Uint32()&0xfff)
		seed.IX, seed.IY, seed.SP = 0x7080, 0x7180, 0x8000
		seed.A, seed.F, seed.R = uint8(rnd.Uint32()), uint8(rnd.Uint32()), 0x10
		for len(bytes) < 4 {
			bytes = append(bytes, uint8(rnd.Uint32()))
		}
		if bytes[0] != 0xed && bytes[0]&0xdf != 0xdd {
			bytes[2] = 0x44 // addresses of LD and CALL are away from the program
		} else {
			bytes[3] = bytes[3]&0xc7 | 0x40
		}

		// In memory, right before PC.
		in := newRig(t, false)
		at := uint16(0x300)
		copy(in.mem[at:], bytes)
		text, _ := in.c.Disassemble(uint32(at))
		n := length(bytes)
		*in.s = seed
		in.s.PC = at
		in.c.Restored()
		in.c.Run(1)

		// From the device.
		ack := newRig(t, true)
		*ack.s = seed
		ack.acks = append([]uint8(nil), bytes...)
		ack.s.PC, ack.s.IFF1, ack.s.IFF2, ack.s.IRQ = at+uint16(n), 1, 1, 1
		ack.c.Restored()
		ack.c.limit = never
		ack.c.acceptIRQ()

		want, got := *in.s, *ack.s
		want.Cycles += 2
		got.IRQ = 0
		if bytes[0] == 0xf3 || bytes[0] == 0xfb {
			got.IFF1, got.IFF2 = want.IFF1, want.IFF2
		}
		if left := 4 - len(ack.acks); left != n {
			t.Errorf("% x (%s): %d bytes were taken, expected %d", bytes, text, left, n)
		}
		if got != want {
			t.Errorf("% x (%s):\n     got %+v\nexpected %+v", bytes, text, got, want)
		}
		copy(in.mem[at:], make([]byte, 4))
		if !slices.Equal(in.mem, ack.mem) {
			t.Errorf("% x (%s): memory differs", bytes, text)
		}
	}
	for op := range 256 {
		b := uint8(op)
		try(b)
		try(0xcb, b)
		try(0xed, b)
		if b != 0xdd && b != 0xfd && b != 0xed { // of several prefixes the last counts
			try(0xdd, b)
			try(0xfd, b)
		}
		try(0xdd, 0xcb, uint8(rnd.Uint32()), b)
	}
}

// UM, CPU Timing, Nonmaskable Interrupt Response: a fetch that is ignored (5),
// two writes; IFF1 is cleared, IFF2 keeps what RETN restores (Interrupt
// Enable/Disable, Table 3).
func TestNMI(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		for iff := range uint8(2) {
			r := newRig(t, handlers)
			r.mem[0x66], r.mem[0x67] = 0xed, 0x45 // RETN
			r.s.IFF1, r.s.IFF2 = iff, iff
			r.c.SetNMI(true)
			r.step()
			r.wantPC(0x100) // RETN ran
			r.wantTime(11 + 14)
			r.wantByte("IFF1", r.s.IFF1, iff)
			r.wantByte("R", r.s.R, 3)
			if handlers {
				r.wantBus("write 7fff at 5", "write 7ffe at 8", "fetch 0066 at 11", "fetch 0067 at 15",
					"read 7ffe at 19", "read 7fff at 22")
			}
		}
	})
}

// UM, Pin Functions, NMI: negative edge-triggered, so that a line that stays
// asserted counts once; recognised whatever IFF1 is, and before INT.
func TestNMIEdge(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers)
		r.s.IM, r.s.IFF1, r.s.IFF2 = 1, 1, 1
		r.c.SetIRQ(true)
		r.c.SetNMI(true)
		r.step()
		r.wantPC(0x67)
		r.wantByte("IFF1", r.s.IFF1, 0)
		r.wantByte("IFF2", r.s.IFF2, 1)
		r.c.SetNMI(true)
		r.step()
		r.wantPC(0x68)
		r.c.SetNMI(false)
		r.step()
		r.wantPC(0x69)
		r.c.SetNMI(true)
		r.c.SetNMI(false) // a pulse is remembered
		r.step()
		r.wantPC(0x67)
	})
}

// An NMI edge that comes with the writes of an interrupt sequence is served
// before the first instruction.
func TestNMIDuringSequence(t *testing.T) {
	r := interrupted(t, true, 1)
	r.hook = func(kind string, addr uint16) {
		if kind == "write" && addr == 0x7ffe {
			r.c.SetNMI(true)
		}
	}
	r.c.Run(20)
	r.wantPC(0x67)
	r.wantTime(13 + 11 + 4)
	r.wantWord("return address", r.word(0x7ffc), 0x38)
}

// UM, Interrupt Enable/Disable: an interrupt is accepted only after the
// instruction that follows EI.
func TestEIDelay(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, opEI, opNOP, opNOP)
		r.s.IM = 1
		r.c.SetIRQ(true)
		r.step()
		r.wantPC(0x101)
		r.wantByte("IFF1", r.s.IFF1, 1)
		r.wantByte("IFF2", r.s.IFF2, 1)
		r.step()
		r.wantPC(0x102)
		r.step()
		r.wantPC(0x39)
		r.wantWord("return address", r.word(0x7ffe), 0x102)
	})
}

// The same in one Run, with EI and RET as handlers end: the stack does not
// grow, since RET comes before the next interrupt.
func TestEIReturn(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := interrupted(t, handlers, 1)
		r.mem[0x38], r.mem[0x39] = opEI, opRET
		r.c.Run(40 * 27) // the interrupt 13, EI 4, RET 10
		if r.s.SP != 0x8000 {
			t.Errorf("SP is %04x: interrupts came before RET", r.s.SP)
		}
		r.wantTime(40 * 27)
		r.wantByte("R", r.s.R, 40*3)
	})
}

// A chain of EI puts the interrupt off until an instruction that is not EI
// has ended.
func TestEIChain(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, opEI, opEI, opEI, opEI, opNOP)
		r.s.IM = 1
		r.c.SetIRQ(true)
		r.c.Run(21) // five instructions and the interrupt with its first NOP
		r.wantTime(20 + 13 + 4)
		r.wantWord("return address", r.word(0x7ffe), 0x105)
	})
}

// EI and DI: no interrupt between them, and none after.
func TestEIDI(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, opEI, opDI)
		r.s.IM = 1
		r.c.SetIRQ(true)
		r.c.Run(400)
		r.wantWord("SP", r.s.SP, 0x8000)
	})
}

// UM, Pin Functions, INT: level-triggered. A request that ends before it can
// be accepted leaves nothing behind, and one that stays is accepted again.
func TestIRQLevel(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, opNOP, opEI, opNOP, opNOP, opNOP)
		r.s.IM = 1
		r.c.SetIRQ(true)
		r.step()
		r.c.SetIRQ(false)
		r.steps(4)
		r.wantPC(0x105)
		r.wantWord("SP", r.s.SP, 0x8000)

		r.mem[0x38] = opEI
		r.c.SetIRQ(true)
		r.steps(3)
		r.wantWord("SP", r.s.SP, 0x7ffc)
		r.wantWord("second return address", r.word(0x7ffc), 0x3a)
	})
}

// A handler that asserts the line is followed by the interrupt right after its
// instruction, not later.
func TestIRQFromHandler(t *testing.T) {
	r := newRig(t, true, 0x77, opNOP, opNOP) // LD (HL),A
	r.s.IM, r.s.IFF1, r.s.HL = 1, 1, 0x4000
	r.hook = func(kind string, addr uint16) {
		if kind == "write" && addr == 0x4000 {
			r.c.SetIRQ(true)
		}
	}
	r.c.Run(100)
	r.wantWord("return address", r.word(0x7ffe), 0x101)
}

// Young, section 5.2: LD A,I and LD A,R copy IFF2 to P/V; on NMOS parts an
// interrupt accepted right after them clears it.
func TestLoadIThenInterrupt(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		for _, op := range []byte{0x57, 0x5f} {
			for _, irq := range []bool{false, true} {
				r := newRig(t, handlers, 0xed, op, opNOP)
				r.mem[0x38] = opNOP
				r.s.IM, r.s.IFF1, r.s.IFF2 = 1, 1, 1
				r.step()
				r.wantByte("P/V", r.s.F&flagP, flagP)
				r.c.SetIRQ(irq)
				r.step()
				want := uint8(flagP)
				if irq {
					want = 0
				}
				r.wantByte("P/V", r.s.F&flagP, want)

				// One instruction later it is too late.
				r = newRig(t, handlers, 0xed, op, opNOP, opNOP)
				r.s.IM, r.s.IFF1, r.s.IFF2 = 1, 1, 1
				r.steps(2)
				r.c.SetIRQ(irq)
				r.step()
				r.wantByte("P/V", r.s.F&flagP, flagP)
			}
		}
		r := newRig(t, handlers, 0xed, 0x57)
		r.s.F = 0xff
		r.step()
		r.wantByte("P/V without IFF2", r.s.F&flagP, 0)
	})
}

// UM, Interrupt Enable/Disable: RETN copies IFF2 to IFF1; the chip does the
// same for RETI and for the undocumented copies (Young, section 5.3). RETI
// alone tells the daisy chain.
func TestReturns(t *testing.T) {
	for _, op := range []byte{0x45, 0x4d, 0x55, 0x5d, 0x65, 0x6d, 0x75, 0x7d} {
		r := newRig(t, true, 0xed, op)
		r.s.IFF2 = 1
		r.mem[0x8000], r.mem[0x8001] = 0x34, 0x12
		r.step()
		r.wantPC(0x1234)
		r.wantTime(14)
		r.wantByte("IFF1", r.s.IFF1, 1)
		calls := r.log[len(r.log)-1] == "reti 0000 at 14"
		if calls != (op == 0x4d) {
			t.Errorf("ED %02X: RETI callback %v; log %q", op, calls, r.log)
		}
	}
}

// An interrupt that waits while it is disabled comes right after RETN has
// enabled it again, and not an instruction later as after EI.
func TestRETNEnables(t *testing.T) {
	both(t, func(t *testing.T, handlers bool) {
		r := newRig(t, handlers, 0xed, 0x45)
		r.s.IM, r.s.IFF2 = 1, 1
		r.mem[0x8000], r.mem[0x8001] = 0x34, 0x12
		r.c.SetIRQ(true)
		r.c.Run(15)
		r.wantPC(0x39)
		r.wantWord("return address", r.word(0x8000), 0x1234)
	})
}
