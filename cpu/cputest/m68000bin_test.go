package cputest

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// binFileOf makes an upstream file with one case: NOP at 0x1000.
func binFileOf(cycles uint32) []byte {
	var b []byte
	u32 := func(v ...uint32) {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, x)
		}
	}
	u32(binFile, 1, 0, binCase, 0, binName, 3)
	b = append(b, "NOP"...)
	state := func(pc, pf0, pf1 uint32) {
		u32(0, binState)
		u32(make([]uint32, 17)...)
		u32(0x2700, pc, pf0, pf1, 1, 0x1004)
		b = binary.LittleEndian.AppendUint16(b, 0xabcd)
	}
	state(0x1004, 0x4e71, 0x7001)
	state(0x1006, 0x7001, 0xabcd)
	u32(0, binTransactions, cycles, 1)
	b = append(b, 2)
	u32(4, 6, 0x1004, 0xabcd, 1, 1)
	return b
}

func TestM68000Bin(t *testing.T) {
	dir := t.TempDir()
	run := func(data []byte) (*Report, error) {
		path := filepath.Join(dir, "NOP.json.bin")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return Run(dir, Options{})
	}
	r, err := run(binFileOf(4))
	if err != nil {
		t.Fatal(err)
	}
	if b := r.Blocks[0]; b.Name != "NOP" || b.Cases != 1 || b.Passed != 1 {
		t.Errorf("block %+v, expected one case NOP that passes", b)
	}
	if r, err = run(binFileOf(6)); err != nil {
		t.Fatal(err)
	}
	if b := r.Blocks[0]; b.Passed != 0 || b.State != 1 || b.Cycles != 0 || !strings.Contains(b.FirstFailure, "4 clock cycles, expected 6") {
		t.Errorf("block %+v, expected a failure of the cycle count alone", b)
	}
	whole := binFileOf(4)
	for n := range whole {
		if _, err := run(whole[:n]); err == nil {
			t.Fatalf("no error with only %d of %d bytes", n, len(whole))
		}
	}
}
