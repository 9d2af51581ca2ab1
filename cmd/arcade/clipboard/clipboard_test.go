package clipboard

import "testing"

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "",
		" \r\n\n":                           "",
		"203.0.113.5:27886#abc\r\n":         "203.0.113.5:27886#abc",
		"\n  one\ttwo \nthree":              "one two",
		"a\x1b[2Jb\x00":                     "a[2Jb",
		"bad \xff utf8":                     "bad  utf8",
		"[fd00::2]:27886#k3t9abcdefghijkl ": "[fd00::2]:27886#k3t9abcdefghijkl",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
