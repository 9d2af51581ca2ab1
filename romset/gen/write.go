package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/klauspost/compress/zstd"

	"arcade/romset"
	"arcade/romset/internal/pack"
)

// indexEntry has the fields of romset's entry.
type indexEntry struct {
	romset.Title
	Group  string
	Record int
}

// groupOf names the database file of a set.
func groupOf(s *romset.Set) string {
	if s.IsDevice {
		return "devices"
	}
	return strings.TrimSuffix(strings.ReplaceAll(s.Source, "/", "_"), ".cpp")
}

// write makes the database: a file for each family, and the index.
func write(dir string, sets []*romset.Set) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	groups := map[string]*pack.Encoder{}
	records := map[string]int{}
	index := pack.NewEncoder()
	for _, s := range sets {
		g := groupOf(s)
		if groups[g] == nil {
			groups[g] = pack.NewEncoder()
		}
		e := indexEntry{Group: g, Record: records[g], Title: romset.Title{Name: s.Name, Description: s.Description, Year: s.Year,
			Manufacturer: s.Manufacturer, Source: s.Source, Parent: s.Parent, RomOf: s.RomOf, IsBIOS: s.IsBIOS, IsDevice: s.IsDevice,
			NeedsDisk: needsDisk(s)}}
		if s.Driver != nil {
			e.Status = s.Driver.Status
		}
		records[g]++
		groups[g].Add(*s)
		index.Add(e)
	}
	groups["index"] = index
	names := make([]string, 0, len(groups))
	for g := range groups {
		names = append(names, g)
	}
	sort.Strings(names)
	total := 0
	for _, g := range names {
		n, err := compress(filepath.Join(dir, g+".zst"), groups[g].Bytes())
		if err != nil {
			return err
		}
		total += n
	}
	log.Printf("database: %d sets, %d files, %d bytes", len(sets), len(names), total)
	return nil
}

func compress(path string, raw []byte) (int, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	if err != nil {
		return 0, err
	}
	out := z.EncodeAll(raw, nil)
	log.Printf("%-28s %9d -> %8d", filepath.Base(path), len(raw), len(out))
	return len(out), os.WriteFile(path, out, 0o644)
}

// writeAnswers keeps what MAME made of made-up files, shortened: the tests
// compare with it, so MAME need not be asked again.
func (g *generator) writeAnswers(dir string, games []*romset.Set, seeds []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, seed := range seeds {
		var b bytes.Buffer
		fmt.Fprintf(&b, "# SET REGION|SPACE SIZE SHA1 (first 16 digits) of made-up files of seed %s, by MAME 0.251\n", seed)
		for _, s := range games {
			a, err := g.answer(s.Name, seed, "")
			if err != nil {
				continue
			}
			for _, r := range a.Regions {
				fmt.Fprintf(&b, "%s %s %d %s\n", s.Name, r.Tag, r.Size, r.SHA1[:16])
			}
			for _, sp := range a.Spaces {
				_, length, _ := strings.Cut(sp.Spec, "+")
				var n int
				fmt.Sscanf(length, "%x", &n)
				fmt.Fprintf(&b, "%s %s %d %s\n", s.Name, sp.Spec, n, sp.SHA1[:16])
			}
		}
		if _, err := compress(filepath.Join(dir, "regions-"+seed+".zst"), b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
