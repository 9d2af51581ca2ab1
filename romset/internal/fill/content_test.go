package fill

import (
	"encoding/hex"
	"testing"
)

// The expected bytes come from Python 3: random.Random("0/abc").randbytes(11).hex()
func TestContentIsPythons(t *testing.T) {
	for _, c := range []struct {
		seed, key string
		size      int
		want      string
	}{
		{"0", "abc", 11, "6e56bd1d622180ec52f378"},
		{"seed", "", 4, "ebe078ea"},
		{"1", "f6b9610c9f896c495041ba56a654776a521c356b", 9, "a6f0c7de96af74ace5"},
	} {
		if got := hex.EncodeToString(Content(c.seed, c.key, c.size)); got != c.want {
			t.Errorf("Content(%q, %q, %d) = %s, want %s", c.seed, c.key, c.size, got, c.want)
		}
	}
	if got := Content("0", "abc", 5000); hex.EncodeToString(got[4990:]) != "43df31241e8dd0858e2b" {
		t.Errorf("the end of a long file: %x", got[4990:])
	}
}
