package tests

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"arcade/tests/oracle"
)

// lateProgram is a Z80 program whose interrupt handler clears the request
// late, at another time in every frame of 50,688 cycles. It shows a tile that
// changes every frame.
var lateProgram = map[int][]byte{
	0x000: {
		0xf3,             // DI
		0x31, 0xf0, 0x4f, // LD SP,4FF0h
		0xed, 0x56, // IM 1
		0x3e, 0x01, // LD A,1
		0x32, 0x80, 0x44, // LD (4480h),A: the tile's colour
		0x32, 0x00, 0x50, // LD (5000h),A: interrupts on
		0xfb,       // EI
		0x18, 0x13, // JR 24h
	},
	0x024: {
		0x13,             // INC DE
		0x32, 0xc0, 0x50, // LD (50C0h),A: watchdog
		0xdd, 0x23, // INC IX: ten cycles
		0x00,       // NOP
		0x18, 0xf7, // JR 24h
	},
	0x038: {
		0xc5, 0xe5, 0xf5, // PUSH BC, HL, AF
		0x2a, 0x00, 0x4c, // LD HL,(4C00h)
		0x44, 0x4d, // LD B,H; LD C,L
		0x29, 0x29, 0x09, // HL times 5
		0x01, 0x19, 0x36, // LD BC,3619h
		0x09,             // ADD HL,BC
		0x22, 0x00, 0x4c, // LD (4C00h),HL: a random number
		0x7c,             // LD A,H
		0x32, 0x80, 0x40, // LD (4080h),A: the tile
		0x06, 0x06, 0x4c, // LD B,6; LD C,H: 40,000 to 46,500 cycles
		0x0b, 0x78, 0xb1, // DEC BC; LD A,B; OR C
		0x20, 0xfb, // JR NZ,-3
		0xaf,             // XOR A
		0x32, 0x00, 0x50, // LD (5000h),A: the request is cleared
		0x3c,             // INC A
		0x32, 0x00, 0x50, // LD (5000h),A: interrupts on
		0xf1, 0xe1, 0xc1, // POP AF, HL, BC
		0xfb, 0xc9, // EI; RET
	},
}

// MAME ends a CPU's slice when the program clears the interrupt request, and by
// how long the last slice of a frame is it rounds the cycle in which it ends.
func TestPacmanClearsInterruptsLate(t *testing.T) {
	dir := oracle.Demo(t, "puckman")
	name := filepath.Join(dir, "puckman.zip")
	from, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	out, err := os.Create(filepath.Join(t.TempDir(), "puckman.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	to := zip.NewWriter(out)
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "pm1_prg1.6e" {
			clear(b)
			for at, code := range lateProgram {
				copy(b[at:], code)
			}
		}
		w, err := to.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	comparison{"puckman", filepath.Dir(out.Name()), 300, "", []string{"maincpu"}, false}.run(t)
}
