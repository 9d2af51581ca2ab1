package z80

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Text and length of every instruction are MAME's.
func TestDisassemble(t *testing.T) {
	file, err := os.ReadFile("testdata/disasm.txt")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, false)
	n := 0
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		var at, length int
		var memory string
		if _, err := fmt.Sscanf(line, "%x %s %d", &at, &memory, &length); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		bytes, err := hex.DecodeString(memory)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		copy(r.mem[at:], bytes)
		want := line[len("0000 00000000 1 "):]
		if text, l := r.c.Disassemble(uint32(at)); text != want || l != length {
			t.Errorf("%s: %q (%d bytes), expected %q (%d bytes)", memory, text, l, want, length)
		}
	}
	if n != 7*256+12 {
		t.Errorf("%d instructions", n)
	}
}

// Instructions that wrap around the end of memory, and memory that only
// handlers know, which counts as zero and is not touched.
func TestDisassembleEdges(t *testing.T) {
	r := newRig(t, false)
	r.mem[0xffff], r.mem[0], r.mem[1] = 0xc3, 0x34, 0x12
	if text, n := r.c.Disassemble(0xffff); text != "jp   $1234" || n != 3 {
		t.Errorf("%q, %d", text, n)
	}
	r = newRig(t, true, 0xc3)
	if text, n := r.c.Disassemble(0x100); text != "nop" || n != 1 || len(r.log) > 0 {
		t.Errorf("%q, %d; %q", text, n, r.log)
	}
}
