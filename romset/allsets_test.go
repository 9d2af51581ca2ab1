package romset_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// TestAllSets compares every set with MAME's answers, in every layout, and
// writes docs/romsets.md. It takes half an hour on a computer that has nothing
// else to do, and runs if ARCADE_LONG is set.
// ROMSET_FAMILY restricts it to one source file, ROMSET_COLUMN to one column of
// the table; then no table is written.
//
// With ROMSET_RESULTS it notes in that file what it has tried, begins where an
// earlier run ended, and ends in good time before the test's deadline: it can be
// run in parts. The file is of use for this database and these answers only.
func TestAllSets(t *testing.T) {
	if os.Getenv("ARCADE_LONG") == "" {
		t.Skip("set ARCADE_LONG to try all sets; TestRegionsAreMAMEs tries a sample")
	}
	only := os.Getenv("ROMSET_FAMILY")
	want := map[string]map[string]map[string]string{"0": answers(t, "0"), "1": answers(t, "1")}
	all := families(want["0"])
	packSolid := solidFamilies(all)
	table := openTable(t, os.Getenv("ROMSET_RESULTS"))
	complete := true
	late := func() bool { // the deadline is near
		end, ok := t.Deadline()
		complete = complete && !(ok && time.Until(end) < 15*time.Second)
		return !complete
	}
	for _, family := range all {
		if only != "" && family.source != only {
			continue
		}
		if late() {
			break
		}
		t.Run(family.parent, func(t *testing.T) {
			contents := map[string]func(*romset.File) []byte{"0": fill.Remembering("0"), "1": fill.Remembering("1")}
			for _, seed := range []string{"0", "1"} {
				column := "seed " + seed
				for _, name := range table.todo(column, family) {
					if want[seed][name] == nil || late() {
						continue
					}
					dir := scratch(t)
					if err := fill.NewPlan([]string{name}, fill.Full).WriteWith(dir, contents[seed]); err != nil {
						t.Fatal(err)
					}
					table.add(t, column, name, compare(name, romset.NewFinder(dir), want[seed][name]))
					os.RemoveAll(dir)
				}
			}
			try := func(column string, lay func() string) {
				names := table.todo(column, family)
				if len(names) == 0 || late() {
					return
				}
				dir := lay()
				finder := romset.NewFinder(dir)
				for _, name := range names {
					if !late() {
						table.add(t, column, name, compare(name, finder, want["0"][name]))
					}
				}
				os.RemoveAll(dir)
			}
			zips := func(layout fill.Layout) string {
				dir := scratch(t)
				if err := fill.NewPlan(family.sets, layout).WriteWith(dir, contents["0"]); err != nil {
					t.Fatal(err)
				}
				return dir
			}
			packed := func(options ...string) func() string {
				return func() string {
					dir := zips(fill.Merged)
					defer os.RemoveAll(dir)
					return pack7z(t, dir, options...)
				}
			}
			try("split", func() string { return zips(fill.Split) })
			try("merged", func() string { return zips(fill.Merged) })
			try("7z stored", packed("-mx=0"))
			if packSolid[family.parent] {
				try("7z solid", packed("-mx=3", "-m0=lzma", "-ms=on"))
			}
		})
	}
	if only == "" && os.Getenv("ROMSET_COLUMN") == "" && table.holds() {
		if err := table.write(filepath.Join("..", "docs", "romsets.md")); err != nil {
			t.Error(err)
		}
	}
}

// solidFamilies picks families with 60 sets and more among them, small ones of
// all sources in turn: packing takes long.
func solidFamilies(all []family) map[string]bool {
	const large = 3 << 20
	bySource := map[string][]family{}
	for _, f := range all {
		if f.source == "neogeo/neogeo.cpp" && len(bySource[f.source]) > 0 {
			continue // every family has the BIOSes
		}
		bySource[f.source] = append(bySource[f.source], f)
	}
	for _, list := range bySource {
		sort.SliceStable(list, func(i, j int) bool { return list[i].size() < list[j].size() })
	}
	picked := map[string]bool{}
	for n, round := 0, 0; n < 60; round++ {
		for _, source := range sortedKeys(bySource) {
			if list := bySource[source]; round < len(list) && (round < 1 || list[round].size() < large) {
				picked[list[round].parent] = true
				n += len(list[round].sets)
			}
		}
	}
	return picked
}

// family is a parent and its clones.
type family struct {
	parent, source string
	sets           []string
}

// size is what the files of all its sets come to, in bytes.
func (f family) size() (n int64) {
	for _, name := range f.sets {
		s, _ := romset.Lookup(name)
		for _, file := range s.AllFiles() {
			n += file.Size
		}
	}
	return n
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
	path        string                    // of the results so far; "" keeps none
	hold, tried map[string]map[string]int // source -> column -> sets
	seen        map[string]bool           // what an earlier run tried, column and set
}

// openTable reads what earlier runs found out.
func openTable(t *testing.T, path string) *table {
	t.Helper()
	x := &table{path: path, hold: map[string]map[string]int{}, tried: map[string]map[string]int{}, seen: map[string]bool{}}
	if path == "" {
		return x
	}
	b, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if column, name, ok := strings.Cut(line, "\t"); ok && !x.seen[line] {
			x.seen[line] = true
			x.count(column, name, true)
		}
	}
	return x
}

// todo lists the sets of a family that were not yet tried in a column.
func (x *table) todo(column string, f family) (names []string) {
	if only := os.Getenv("ROMSET_COLUMN"); only != "" && only != column {
		return nil
	}
	for _, n := range f.sets {
		if !x.seen[column+"\t"+n] {
			names = append(names, n)
		}
	}
	return names
}

func (x *table) count(column, name string, good bool) {
	set, _ := romset.Lookup(name)
	source := set.Source
	if x.tried[source] == nil {
		x.tried[source], x.hold[source] = map[string]int{}, map[string]int{}
	}
	x.tried[source][column]++
	if good {
		x.hold[source][column]++
	}
}

func (x *table) add(t *testing.T, column, name string, diffs []string) {
	t.Helper()
	x.count(column, name, len(diffs) == 0)
	for _, d := range diffs {
		t.Errorf("%s, %s: %s", name, column, d)
	}
	if x.path == "" || len(diffs) > 0 {
		return
	}
	file, err := os.OpenFile(x.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := fmt.Fprintf(file, "%s\t%s\n", column, name); err != nil {
		t.Fatal(err)
	}
}

// holds reports whether every comparison came out equal.
func (x *table) holds() bool {
	for source, columns := range x.tried {
		for column, n := range columns {
			if x.hold[source][column] != n {
				return false
			}
		}
	}
	return len(x.tried) > 0
}

func (x *table) write(path string) error {
	columns := []string{"seed 0", "seed 1", "split", "merged", "7z stored", "7z solid"}
	var b strings.Builder
	b.WriteString(tableHead)
	fmt.Fprintf(&b, "| family | sets | need a disc | %s |\n| --- | --- | --- |%s\n", strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)))
	total := map[string]int{}
	left := 0
	for _, source := range sortedKeys(x.tried) {
		good, disc := 0, 0
		for _, title := range romset.All() {
			if counts(title) && title.Source == source {
				good++
				if title.NeedsDisk {
					disc++
				}
			}
		}
		total["sets"] += good
		total["discs"] += disc
		fmt.Fprintf(&b, "| %s | %d | %d |", source, good, disc)
		for _, c := range columns {
			fmt.Fprintf(&b, " %d of %d |", x.hold[source][c], x.tried[source][c])
			total["hold "+c] += x.hold[source][c]
			total[c] += x.tried[source][c]
			if !strings.HasPrefix(c, "seed 1") && c != "7z solid" {
				left += good - disc - x.tried[source][c]
			}
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "| all | %d | %d |", total["sets"], total["discs"])
	for _, c := range columns {
		fmt.Fprintf(&b, " %d of %d |", total["hold "+c], total[c])
	}
	b.WriteString("\n")
	if left > 0 {
		fmt.Fprintf(&b, "\nThis table is not complete: %d comparisons were not made yet.\n", left)
	}
	var discs []string
	for _, title := range romset.All() {
		if counts(title) && title.NeedsDisk {
			discs = append(discs, title.Name)
		}
	}
	sort.Strings(discs)
	fmt.Fprintf(&b, "\nNot tried, as they cannot be filled without a disc image: %s.\n", strings.Join(discs, ", "))
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// counts reports whether a set is one of those that are to load as in MAME.
func counts(t romset.Title) bool {
	return !t.IsDevice && (t.Status == "good" || t.Status == "imperfect")
}

// MAME was asked about every set, and every set is placed.
func TestEverySetIsPlaced(t *testing.T) {
	want := answers(t, "0")
	sets, discs := 0, 0
	for _, title := range romset.All() {
		if !counts(title) {
			continue
		}
		sets++
		if title.NeedsDisk {
			discs++
			continue
		}
		if want[title.Name] == nil {
			t.Errorf("%s: MAME's answer is not known", title.Name)
		}
		s, _ := romset.Lookup(title.Name)
		if len(s.Regions) == 0 {
			t.Errorf("%s: no regions", title.Name)
		}
		for _, r := range s.Regions {
			if _, ok := want[title.Name][r.Name]; !ok {
				t.Errorf("%s: MAME has no region %s", title.Name, r.Name)
			}
		}
	}
	if sets != 1319 {
		t.Errorf("%d sets, MAME 0.251 has 1319", sets)
	}
	t.Logf("%d sets, %d of them on disc", sets, discs)
}

const tableHead = `# ROM sets and MAME's memory

Each set is filled with made-up files of the right names and sizes and loaded. What is in memory afterwards (every
region, after interleaving and decryption, and the address spaces that are decrypted apart) is compared with what
MAME 0.251 makes of the same files. The numbers are sets of which every byte is equal. "seed" is the content of the
files: placement was derived with the first and checked with the second, in archives that hold everything; the other
columns are other ways of dividing and packing the files. This page is written by the test TestAllSets of romset.

`
