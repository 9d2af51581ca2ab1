package cputest

import (
	"os"
	"path/filepath"
	"testing"
)

// pack finds a pack of the reference data, or skips the test.
func pack(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("ARCADE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(dir, "cputests", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no reference data: set ARCADE_SHARED to its folder, or put it beside the repository as ../shared (%v)", err)
	}
	return path
}

func TestZ80Pack(t *testing.T) { testPack(t, "z80.cput.gz", 401_000) }

func testPack(t *testing.T, name string, cases int) {
	t.Helper()
	r, err := Run(pack(t, name), Options{})
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, b := range r.Blocks {
		if b.Passed+b.Skipped != b.Cases && shown < 30 {
			t.Errorf("%s: %d of %d (state %d, bus %d, cycles %d): %s", b.Name, b.Passed, b.Cases, b.State, b.Bus, b.Cycles, b.FirstFailure)
			shown++
		}
	}
	t.Logf("%d of %d passed, %d skipped", r.Total.Passed, r.Total.Cases, r.Total.Skipped)
	if r.Total.Cases != cases || r.Total.Passed+r.Total.Skipped != cases {
		t.Errorf("%d of %d passed, expected all of %d", r.Total.Passed, r.Total.Cases, cases)
	}
}
