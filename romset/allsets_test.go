package romset_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// TestAllSets compares every set with MAME's answers, in every layout, and
// writes docs/romsets.md. It takes hours, and runs if ARCADE_LONG is set.
// ROMSET_FAMILY restricts it to one source file; then no table is written.
func TestAllSets(t *testing.T) {
	if os.Getenv("ARCADE_LONG") == "" {
		t.Skip("set ARCADE_LONG to try all sets; TestRegionsAreMAMEs tries a sample")
	}
	only := os.Getenv("ROMSET_FAMILY")
	want := map[string]map[string]map[string]string{"0": answers(t, "0"), "1": answers(t, "1")}
	table := newTable()
	solid := 0
	for _, family := range families(want["0"]) {
		if only != "" && family.source != only {
			continue
		}
		t.Run(family.parent, func(t *testing.T) {
			for seed, answer := range want {
				for _, name := range family.sets {
					if answer[name] == nil {
						continue
					}
					dir := scratch(t)
					if err := fill.NewPlan([]string{name}, fill.Full).Write(dir, seed); err != nil {
						t.Fatal(err)
					}
					table.add(t, family.source, "seed "+seed, name, compare(name, romset.NewFinder(dir), answer[name]))
					os.RemoveAll(dir)
				}
			}
			for _, layout := range []fill.Layout{fill.Split, fill.Merged} {
				dir := scratch(t)
				if err := fill.NewPlan(family.sets, layout).Write(dir, "0"); err != nil {
					t.Fatal(err)
				}
				try := func(column, dir string) {
					finder := romset.NewFinder(dir)
					for _, name := range family.sets {
						table.add(t, family.source, column, name, compare(name, finder, want["0"][name]))
					}
				}
				try(string(layout), dir)
				if layout == fill.Merged {
					packed := pack7z(t, dir, "-mx=0")
					try("7z stored", packed)
					os.RemoveAll(packed)
					if solid < 60 {
						solid += len(family.sets)
						packed := pack7z(t, dir, "-mx=3", "-m0=lzma", "-ms=on")
						try("7z solid", packed)
						os.RemoveAll(packed)
					}
				}
				os.RemoveAll(dir)
			}
		})
	}
	if only == "" && !t.Failed() {
		if err := table.write(filepath.Join("..", "docs", "romsets.md")); err != nil {
			t.Error(err)
		}
	}
}

// family is a parent and its clones.
type family struct {
	parent, source string
	sets           []string
}

func families(answer map[string]map[string]string) []family {
	byParent := map[string]*family{}
	for _, name := range sortedKeys(answer) {
		s, ok := romset.Lookup(name)
		if !ok || s.Driver == nil || s.Driver.Status == "preliminary" {
			continue
		}
		parent := s.Parent
		if parent == "" {
			parent = name
		}
		f := byParent[parent]
		if f == nil {
			f = &family{parent: parent, source: s.Source}
			byParent[parent] = f
		}
		f.sets = append(f.sets, name)
	}
	var list []family
	for _, p := range sortedKeys(byParent) {
		list = append(list, *byParent[p])
	}
	return list
}

// table counts the sets that hold.
type table struct {
	hold, tried map[string]map[string]int // source -> column -> sets
}

func newTable() *table {
	return &table{map[string]map[string]int{}, map[string]map[string]int{}}
}

func (x *table) add(t *testing.T, source, column, name string, diffs []string) {
	t.Helper()
	if x.tried[source] == nil {
		x.tried[source], x.hold[source] = map[string]int{}, map[string]int{}
	}
	x.tried[source][column]++
	if len(diffs) == 0 {
		x.hold[source][column]++
	}
	for _, d := range diffs {
		t.Errorf("%s, %s: %s", name, column, d)
	}
}

func (x *table) write(path string) error {
	columns := []string{"seed 0", "seed 1", "split", "merged", "7z stored", "7z solid"}
	var b strings.Builder
	b.WriteString(tableHead)
	fmt.Fprintf(&b, "| family | sets | need a disc | %s |\n| --- | --- | --- |%s\n", strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)))
	for _, source := range sortedKeys(x.tried) {
		good, disc := 0, 0
		for _, title := range romset.All() {
			if title.Source == source && !title.IsDevice && (title.Status == "good" || title.Status == "imperfect") {
				good++
				if title.NeedsDisk {
					disc++
				}
			}
		}
		fmt.Fprintf(&b, "| %s | %d | %d |", source, good, disc)
		for _, c := range columns {
			fmt.Fprintf(&b, " %d of %d |", x.hold[source][c], x.tried[source][c])
		}
		b.WriteString("\n")
	}
	var discs []string
	for _, title := range romset.All() {
		if title.NeedsDisk && !title.IsDevice && (title.Status == "good" || title.Status == "imperfect") {
			discs = append(discs, title.Name)
		}
	}
	sort.Strings(discs)
	fmt.Fprintf(&b, "\nNot tried, as they cannot be filled without a disc image: %s.\n", strings.Join(discs, ", "))
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

const tableHead = `# ROM sets and MAME's memory

Each set is filled with made-up files of the right names and sizes and loaded. What is in memory afterwards (every
region, after interleaving and decryption, and the address spaces that are decrypted apart) is compared with what
MAME 0.251 makes of the same files. The numbers are sets of which every byte is equal. "seed" is the content of the
files: placement was derived with the first and checked with the second, in archives that hold everything; the other
columns are other ways of dividing and packing the files. This page is written by the test TestAllSets of romset.

`
