package m68000

import (
	"strings"
	"testing"

	"arcade/cpu"
)

// The values are what MAME 0.251 shows: IR is the opcode executed last, and the
// prefetched word stays that behind a jump.
func TestRegistersLikeMAME(t *testing.T) {
	m := cpu.NewMap16(0)
	rom := make([]byte, 0x1000)
	copy(rom[4:], []byte{0, 0, 0x05, 0x22})
	// clr.w (A0)+; subq.l #1, D1; bne $522; lea
	copy(rom[0x522:], []byte{0x42, 0x58, 0x53, 0x81, 0x66, 0xfa, 0x41, 0xf9})
	m.MapRead(0, 0xfff, rom)
	c := New(new(State), m)
	c.Reset()
	names := []string{}
	for _, r := range c.Registers() {
		names = append(names, r.Name)
	}
	if got, want := strings.Join(names, " "), "D0 D1 D2 D3 D4 D5 D6 D7 A0 A1 A2 A3 A4 A5 A6 A7 IR PC PREF_ADDR PREF_DATA SP SR SSP USP"; got != want {
		t.Errorf("registers %s\nexpected  %s", got, want)
	}
	for _, want := range []struct{ ir, pc, addr, data uint64 }{
		{0x4258, 0x524, 0x524, 0x5381},
		{0x5381, 0x526, 0x526, 0x66fa},
		{0x66fa, 0x522, 0x528, 0x41f9},
	} {
		c.Run(c.Now() + 1)
		got := map[string]uint64{}
		for _, r := range c.Registers() {
			got[r.Name] = r.Value()
		}
		if got["IR"] != want.ir || got["PC"] != want.pc || got["PREF_ADDR"] != want.addr || got["PREF_DATA"] != want.data {
			t.Errorf("IR %x PC %x PREF_ADDR %x PREF_DATA %x, expected %x", got["IR"], got["PC"], got["PREF_ADDR"], got["PREF_DATA"], want)
		}
	}
	if n := len(c.TraceRegisters()); n != 17 || c.TraceRegisters()[15].Name != "SP" {
		t.Errorf("%d trace registers, expected D0-D7 A0-A6 SP SR", n)
	}
	if text, n := c.Disassemble(0x526); text != "bne     $522" || n != 2 {
		t.Errorf("%q, %d bytes", text, n)
	}
}
