package tests

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updateGolden = flag.Bool("golden", false, "run the boards' test programs in MAME and write the golden hashes anew")

// golden is what MAME shows of a test program on one set: the SHA-1 of all
// frames' hashes, and the first 16 bits of each to find a difference by.
type golden struct {
	all    string
	frames []byte
}

func goldenOf(hashes []string) golden {
	sum := sha1.Sum([]byte(strings.Join(hashes, "\n")))
	g := golden{all: hex.EncodeToString(sum[:])}
	for _, h := range hashes {
		b, err := hex.DecodeString(h[:4])
		if err != nil {
			panic(err)
		}
		g.frames = append(g.frames, b...)
	}
	return g
}

// differences are the frames that differ, as far as 16 bits tell; both have
// equally many.
func (g golden) differences(want golden) (frames []int) {
	for i := 0; i < len(g.frames); i += 2 {
		if !bytes.Equal(g.frames[i:i+2], want.frames[i:i+2]) {
			frames = append(frames, i/2)
		}
	}
	return frames
}

// goldenFile keeps the hashes of a test program, a line a set.
type goldenFile struct{ path, program, test string }

func (f goldenFile) read(t *testing.T) map[string]golden {
	t.Helper()
	out := map[string]golden{}
	file, err := os.Open(f.path)
	if err != nil {
		if *updateGolden {
			return out
		}
		t.Fatal(err)
	}
	defer file.Close()
	s := bufio.NewScanner(file)
	for s.Scan() {
		var set, all, frames string
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		if _, err := fmt.Sscan(s.Text(), &set, &all, &frames); err != nil {
			t.Fatalf("%s: %v in %.60q", f.path, err, s.Text())
		}
		b, err := base64.StdEncoding.DecodeString(frames)
		if err != nil {
			t.Fatal(err)
		}
		out[set] = golden{all, b}
	}
	if err := s.Err(); err != nil {
		t.Fatalf("%s: %v", f.path, err)
	}
	return out
}

func (f goldenFile) write(t *testing.T, all map[string]golden) {
	t.Helper()
	var names []string
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	var out strings.Builder
	fmt.Fprintf(&out, "# MAME 0.251's pictures of %s: set, SHA-1 of all frames' SHA-1, first 16 bits of each.\n", f.program)
	fmt.Fprintf(&out, "# Made by: go test ./tests -run %s -golden\n", f.test)
	for _, n := range names {
		fmt.Fprintf(&out, "%s %s %s\n", n, all[n].all, base64.StdEncoding.EncodeToString(all[n].frames))
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.path, []byte(out.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}
