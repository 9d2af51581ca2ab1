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

// The sample: every kind of loading and every cipher. TestAllSets tries the rest.
func TestRegionsAreMAMEs(t *testing.T) {
	only := os.Getenv("ROMSET_ONLY") // sets or sources to try instead, separated by commas
	names := strings.Fields(sample)
	want := answers(t, "0")
	if only != "" {
		names = nil
		for _, n := range sortedKeys(want) {
			s, _ := romset.Lookup(n)
			if list := "," + only + ","; strings.Contains(list, ","+n+",") || strings.Contains(list, ","+s.Source+",") {
				names = append(names, n)
			}
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			dir := scratch(t)
			if err := fill.NewPlan([]string{name}, fill.Full).Write(dir, "0"); err != nil {
				t.Fatal(err)
			}
			if want[name] == nil {
				t.Fatal("MAME's answer is not known")
			}
			for _, d := range compare(name, romset.NewFinder(dir), want[name]) {
				t.Error(d)
			}
		})
	}
}

const sample = `puckman mspacman pacplus jumpshot eyes ponpoko mspactwin porky theglobp acitya pengomc1 mspacmbe rocktrv2 mspackpls
	sf2 dino fcrash sf2bhh pang3 sf2rk sgyxz arkanoid tetrsark block2
	mooncrst moonqsr checkman dingoe victoryc highroll superbon scobrae mimonkey mshuttle mshuttlej harem anteater losttomb devilfsh frogger bmxstunts
	ssf2u gigaman2 redearthn sfiii2n
	nam1975 kof98 kof2000 kof10th kog lans2004 samsho5b jockeygp mslug5 matrimbl cthd2003 ct2k3sp svcplus kof2002b kf2k5uni`
