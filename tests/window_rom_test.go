package tests

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arcade/romset"
)

// showPorts is a Z80 program for Pac-Man boards that shows the bits of both
// input ports, of the DIP switches, and of a counter, as rows of blocks. The
// counter counts while the stick is held to the right: it is what a save state
// brings back.
var showPorts = []byte{
	0xf3,             // DI
	0x31, 0xf0, 0x4f, // LD SP,4FF0
	0x21, 0x00, 0x44, // LD HL,4400    the colour of all tiles
	0x36, 0x01, // fill: LD (HL),1
	0x23,       // INC HL
	0x7c,       // LD A,H
	0xfe, 0x48, // CP 48
	0x20, 0xf8, // JR NZ,fill
	0x32, 0xc0, 0x50, // loop: LD (50C0),A    the watchdog
	0x3a, 0x00, 0x50, // LD A,(5000)
	0x21, 0x48, 0x41, // LD HL,4148
	0xcd, 0x46, 0x00, // CALL show
	0x3a, 0x40, 0x50, // LD A,(5040)
	0x21, 0x88, 0x41, // LD HL,4188
	0xcd, 0x46, 0x00, // CALL show
	0x3a, 0x80, 0x50, // LD A,(5080)
	0x21, 0xc8, 0x41, // LD HL,41C8
	0xcd, 0x46, 0x00, // CALL show
	0x3a, 0x00, 0x50, // LD A,(5000)
	0xcb, 0x57, // BIT 2,A
	0x20, 0x07, // JR NZ,same
	0x2a, 0x00, 0x4c, // LD HL,(4C00)
	0x23,             // INC HL
	0x22, 0x00, 0x4c, // LD (4C00),HL
	0x3a, 0x01, 0x4c, // same: LD A,(4C01)
	0x21, 0x08, 0x42, // LD HL,4208
	0xcd, 0x46, 0x00, // CALL show
	0x18, 0xc9, // JR loop
	0x06, 0x08, // show: LD B,8
	0x07,       // bit: RLCA
	0x0e, 0x00, // LD C,0
	0x30, 0x02, // JR NC,put
	0x0e, 0x01, // LD C,1
	0x71,       // put: LD (HL),C
	0x23,       // INC HL
	0x10, 0xf5, // DJNZ bit
	0xc9, // RET
}

// writeShowPorts packs the program as puckman.zip.
func writeShowPorts(t *testing.T, folder string) {
	t.Helper()
	set, ok := romset.Lookup("puckman")
	if !ok {
		t.Fatal("no set puckman")
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(folder, "puckman.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for _, file := range set.Files {
		b := make([]byte, file.Size)
		switch {
		case strings.HasSuffix(file.Name, "prg1.6e"):
			copy(b, showPorts)
		case strings.HasSuffix(file.Name, "chg1.5e"):
			for i := range 16 {
				b[16+i] = 0xff // tile 1 is full
			}
		case strings.HasSuffix(file.Name, ".7f"):
			b[1] = 0xff // white
		case strings.HasSuffix(file.Name, ".4a"):
			b[4+3] = 1
		}
		w, err := z.Create(file.Name)
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// windowProgram copies the program into a folder of its own, so that it can be a
// portable one. The tests have nothing of the user's.
func windowProgram(t *testing.T, folder string) string {
	t.Helper()
	b, err := os.ReadFile(program(t, "1.0-test"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "arcade")
	if err := os.WriteFile(file, b, 0o777); err != nil {
		t.Fatal(err)
	}
	return file
}
