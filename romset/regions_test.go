package romset_test

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// allSets asks for the test of every set, which takes an hour or so.
var allSets = os.Getenv("ROMSET_ALL") != ""

// answers reads what MAME made of made-up files: set -> region or space ->
// "size hash".
func answers(t testing.TB, seed string) map[string]map[string]string {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("testdata", "regions-"+seed+".zst"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	raw, err := z.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		w := strings.Fields(lines.Text())
		if len(w) != 4 || w[0] == "#" {
			continue
		}
		if m[w[0]] == nil {
			m[w[0]] = map[string]string{}
		}
		m[w[0]][w[1]] = w[2] + " " + w[3]
	}
	return m
}

func short(b []byte) string {
	sum := sha1.Sum(b)
	return fmt.Sprintf("%d %s", len(b), hex.EncodeToString(sum[:])[:16])
}

// compare loads a set and compares its regions and spaces with MAME's. It
// returns what differs.
func compare(name string, finder *romset.Finder, want map[string]string) (diffs []string) {
	set, ok := romset.Lookup(name)
	if !ok {
		return []string{"not in the database"}
	}
	l, err := romset.Load(set, finder, romset.Options{})
	if err != nil {
		return []string{err.Error()}
	}
	got := map[string]string{}
	for tag, b := range l.Regions {
		got[tag] = short(b)
	}
	for tag, w := range want {
		if strings.Contains(tag, "@") {
			b, err := l.Space(tag)
			if err != nil {
				diffs = append(diffs, err.Error())
				continue
			}
			got[tag] = short(b)
		}
		if got[tag] != w {
			diffs = append(diffs, fmt.Sprintf("%s: %s, want %s", tag, got[tag], w))
		}
		delete(got, tag)
	}
	for tag := range got {
		diffs = append(diffs, tag+": MAME has no such region")
	}
	sort.Strings(diffs)
	return diffs
}

func scratch(t testing.TB) string {
	dir, err := os.MkdirTemp(os.Getenv("ROMSET_SCRATCH"), "romset")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestRegionsAreMAMEs(t *testing.T) {
	for _, seed := range []string{"0"} {
		want := answers(t, seed)
		names := make([]string, 0, len(want))
		for n := range want {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, name := range names {
			if !allSets && !sampled(name) {
				continue
			}
			if only := os.Getenv("ROMSET_ONLY"); only != "" {
				if s, _ := romset.Lookup(name); s.Source != only && name != only {
					continue
				}
			}
			t.Run(seed+"/"+name, func(t *testing.T) {
				dir := scratch(t)
				if err := fill.NewPlan([]string{name}, fill.Full).Write(dir, seed); err != nil {
					t.Fatal(err)
				}
				for _, d := range compare(name, romset.NewFinder(dir), want[name]) {
					t.Error(d)
				}
			})
		}
	}
}

// sampled picks the sets that are tried every time: one or two of each kind of
// loading and of each cipher.
func sampled(name string) bool {
	for _, s := range strings.Fields(sample) {
		if s == name {
			return true
		}
	}
	return false
}

const sample = `puckman mspacman pacplus jumpshot eyes ponpoko mspactwin porky theglobp acitya pengomc1
	sf2 dino fcrash sf2bhh arkanoid`
