package cputest

import (
	"path/filepath"
	"testing"
)

func TestSH2Pack(t *testing.T) { testPack(t, "sh2.cput.gz", 68_134) }

// TestSH7604Pack runs what sh2/gen recorded from MAME.
func TestSH7604Pack(t *testing.T) {
	r, err := Run(filepath.Join("..", "sh2", "testdata", "sh7604.cput.gz"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range r.Blocks {
		if b.Passed != b.Cases {
			t.Errorf("%s: %d of %d (state %d, cycles %d): %s", b.Name, b.Passed, b.Cases, b.State, b.Cycles, b.FirstFailure)
		}
	}
	if r.Total.Cases < 1500 {
		t.Errorf("%d cases, expected at least 1,500", r.Total.Cases)
	}
}
