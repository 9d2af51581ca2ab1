package m68000

import (
	"bufio"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// checkDisasm checks a line of MAME's dasm command:
//
//	900000: 45B5 5407                chk.w   INVALID 35, D2
func checkDisasm(t *testing.T, line string) bool {
	t.Helper()
	if len(line) < 34 {
		return true
	}
	var addr uint32
	for _, r := range line[:6] {
		addr = addr<<4 | uint32(strings.IndexRune("0123456789ABCDEF", r))
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(line[8:33]), " ", ""))
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	raw = append(raw, make([]byte, 10)...)
	d := disassembler{at: addr, next: addr, peek: func(a uint32) uint16 {
		i := a - addr
		return uint16(raw[i])<<8 | uint16(raw[i+1])
	}}
	text, n := d.instruction()
	want := strings.TrimRight(line[33:], " \n")
	if strings.TrimRight(text, " ") != want || n != len(raw)-10 {
		t.Errorf("%s:\n got %q, %d bytes\nwant %q, %d bytes", line[:33], text, n, want, len(raw)-10)
		return false
	}
	return true
}

// The lines are what MAME 0.251 makes of every kind of instruction, with each
// addressing mode.
func TestDisassembleLikeMAME(t *testing.T) {
	f, err := os.Open("testdata/disasm.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, bad := 0, 0
	for s := bufio.NewScanner(f); s.Scan(); n++ {
		if !checkDisasm(t, s.Text()) {
			if bad++; bad > 30 {
				break
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d lines", n)
	}
}
