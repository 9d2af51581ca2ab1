package z80

import (
	"fmt"
	"slices"
	"testing"

	"arcade/cpu"
)

// rig is a Z80 with 64 KB of RAM, and a record of what it does on the bus.
// Vectors cite the Z80 CPU User Manual UM0080 ("UM") by section.
type rig struct {
	t    *testing.T
	s    *State
	c    *CPU
	m    *cpu.Map8
	mem  []byte
	log  []string // with handlers: "fetch 0100 at 0" and so on
	acks []uint8  // what the interrupting device gives, in order; then 0xff
	hook func(kind string, addr uint16)
}

// newRig makes a rig whose accesses all go through handlers (and are written
// down), or all to direct pages. The program lies at 0x0100.
func newRig(t *testing.T, handlers bool, program ...byte) *rig {
	r := &rig{t: t, s: new(State), m: cpu.NewMap8(0xff), mem: make([]byte, 0x10000)}
	copy(r.mem[0x100:], program)
	r.m.MapRAM(0, 0xffff, r.mem)
	if handlers {
		read := func(kind string) func(uint16) uint8 {
			return func(addr uint16) uint8 { r.note(kind, addr); return r.mem[addr] }
		}
		r.m.HandleRead(0, 0xffff, read("read"))
		r.m.HandleFetch(0, 0xffff, read("fetch"))
		r.m.HandleWrite(0, 0xffff, func(addr uint16, v uint8) { r.note("write", addr); r.mem[addr] = v })
	}
	r.c = New(r.s, r.m, IO{
		In:   func(port uint16) uint8 { r.note("in", port); return 0x5a },
		Out:  func(port uint16, v uint8) { r.note("out", port) },
		RETI: func() { r.note("reti", 0) },
		Ack: func() uint8 {
			r.note("ack", 0)
			v := uint8(0xff)
			if len(r.acks) > 0 {
				v, r.acks = r.acks[0], r.acks[1:]
			}
			return v
		},
	})
	r.c.Reset()
	r.s.PC, r.s.SP = 0x100, 0x8000
	return r
}

func (r *rig) note(kind string, addr uint16) {
	r.log = append(r.log, fmt.Sprintf("%s %04x at %d", kind, addr, r.c.Now()))
	if r.hook != nil {
		r.hook(kind, addr)
	}
}

// step executes one instruction, with the interrupt before it, and forgets
// what came before. Time starts at 0.
func (r *rig) step() {
	r.log = nil
	r.c.SetTime(0)
	r.c.Run(1)
}

func (r *rig) steps(n int) {
	for range n {
		r.step()
	}
}

func (r *rig) wantPC(pc uint16) {
	r.t.Helper()
	if r.s.PC != pc {
		r.t.Errorf("PC is %04x, expected %04x", r.s.PC, pc)
	}
}

func (r *rig) wantTime(n int64) {
	r.t.Helper()
	if r.c.Now() != n {
		r.t.Errorf("%d T-states, expected %d", r.c.Now(), n)
	}
}

func (r *rig) wantBus(want ...string) {
	r.t.Helper()
	if !slices.Equal(r.log, want) {
		r.t.Errorf("bus activity:\n%q\nexpected:\n%q", r.log, want)
	}
}

func (r *rig) wantByte(what string, got, want uint8) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s is %02x, expected %02x", what, got, want)
	}
}

func (r *rig) wantWord(what string, got, want uint16) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s is %04x, expected %04x", what, got, want)
	}
}

func (r *rig) word(addr uint16) uint16 { return uint16(r.mem[addr]) | uint16(r.mem[addr+1])<<8 }

// both runs a test through handlers and through direct pages.
func both(t *testing.T, test func(t *testing.T, handlers bool)) {
	t.Run("handlers", func(t *testing.T) { test(t, true) })
	t.Run("pages", func(t *testing.T) { test(t, false) })
}
