package romset

import (
	"embed"
	"fmt"
	"iter"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"arcade/romset/internal/pack"
)

//go:generate go run ./gen -out data

//go:embed data/*.zst
var data embed.FS

// entry is a line of the index: where the rest of a set is.
type entry struct {
	Title
	Group  string // file in data
	Record int
}

// database decodes the embedded files on demand.
type database struct {
	index   func() *index
	mu      sync.Mutex
	groups  map[string]*pack.Decoder
	sets    map[string]*Set
	devices map[string][]*Set
}

type index struct {
	entries []entry // by name
	titles  []Title
	byName  map[string]int
}

var db = &database{
	index:   sync.OnceValue(loadIndex),
	groups:  map[string]*pack.Decoder{},
	sets:    map[string]*Set{},
	devices: map[string][]*Set{},
}

// open decompresses one file of the database. It is part of the program, so
// damage is a bug, not an error to report.
func open(name string) *pack.Decoder {
	compressed, err := data.ReadFile(path.Join("data", name))
	if err != nil {
		panic("romset: " + err.Error())
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic("romset: " + err.Error())
	}
	defer z.Close()
	raw, err := z.DecodeAll(compressed, nil)
	if err != nil {
		panic("romset: " + name + ": " + err.Error())
	}
	d, err := pack.NewDecoder(raw)
	if err != nil {
		panic("romset: " + name + ": " + err.Error())
	}
	return d
}

func loadIndex() *index {
	d := open("index.zst")
	x := &index{entries: make([]entry, d.Len()), titles: make([]Title, d.Len()), byName: make(map[string]int, d.Len())}
	for i := range x.entries {
		if err := d.Record(i, &x.entries[i]); err != nil {
			panic("romset: index: " + err.Error())
		}
		x.titles[i] = x.entries[i].Title
		x.byName[x.titles[i].Name] = i
	}
	return x
}

// All returns the titles of all sets in the order of their names, BIOSes and
// devices included. The slice is shared: do not change it.
func All() []Title { return db.index().titles }

// LookupTitle returns the title of a set.
func LookupTitle(name string) (Title, bool) {
	x := db.index()
	i, ok := x.byName[strings.ToLower(name)]
	if !ok {
		return Title{}, false
	}
	return x.titles[i], true
}

// Lookup returns the set of that name (upper and lower case are the same).
func Lookup(name string) (*Set, bool) {
	x := db.index()
	i, ok := x.byName[strings.ToLower(name)]
	if !ok {
		return nil, false
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.set(&x.entries[i]), true
}

// set decodes a set; db.mu is held.
func (d *database) set(e *entry) *Set {
	if s := d.sets[e.Name]; s != nil {
		return s
	}
	group := d.groups[e.Group]
	if group == nil {
		group = open(e.Group + ".zst")
		d.groups[e.Group] = group
	}
	s := &Set{}
	if err := group.Record(e.Record, s); err != nil {
		panic("romset: " + e.Name + ": " + err.Error())
	}
	d.sets[e.Name] = s
	return s
}

// Sets iterates over all sets in the order of their names.
func Sets() iter.Seq[*Set] {
	return func(yield func(*Set) bool) {
		for _, t := range All() {
			if s, ok := Lookup(t.Name); !ok || !yield(s) {
				return
			}
		}
	}
}

// Match returns the titles whose names match a glob pattern such as "sf2*"
// (see path.Match), in the order of their names.
func Match(pattern string) ([]Title, error) {
	pattern = strings.ToLower(pattern)
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, fmt.Errorf("the pattern %q is not valid: use * for any letters, ? for one, [abc] for one of several", pattern)
	}
	var list []Title
	for _, t := range All() {
		if ok, _ := path.Match(pattern, t.Name); ok {
			list = append(list, t)
		}
	}
	return list, nil
}

// Clones returns the titles of the clones of a set.
func Clones(parent string) []Title {
	var list []Title
	for _, t := range All() {
		if t.Parent == parent {
			list = append(list, t)
		}
	}
	return list
}

// DeviceSets returns the device sets that have files of their own, in the
// order in which a Piece counts their files.
func (s *Set) DeviceSets() []*Set {
	db.mu.Lock()
	list, ok := db.devices[s.Name]
	db.mu.Unlock()
	if ok {
		return list
	}
	seen := map[string]bool{}
	var walk func(names []string)
	walk = func(names []string) {
		for _, n := range names {
			if seen[n] {
				continue
			}
			seen[n] = true
			d, ok := Lookup(n)
			if !ok {
				continue
			}
			if len(d.Files) > 0 {
				list = append(list, d)
			}
			walk(d.Devices)
		}
	}
	walk(s.Devices)
	db.mu.Lock()
	db.devices[s.Name] = list
	db.mu.Unlock()
	return list
}

// A SetFile is a file and the set that lists it: the set asked about, or one
// of its devices.
type SetFile struct {
	*File
	Set *Set
}

// AllFiles returns the files of the set and then those of its devices.
func (s *Set) AllFiles() []SetFile {
	var list []SetFile
	for _, m := range append([]*Set{s}, s.DeviceSets()...) {
		for i := range m.Files {
			list = append(list, SetFile{&m.Files[i], m})
		}
	}
	return list
}

// DefaultBIOS returns the name of the BIOS choice that is used if none is
// asked for, or "" if the set has no choice.
func (s *Set) DefaultBIOS() string {
	for _, b := range s.BIOSes {
		if b.Default {
			return b.Name
		}
	}
	if len(s.BIOSes) > 0 {
		return s.BIOSes[0].Name // MAME marks none where it is the first
	}
	return ""
}

// Near returns up to five names that a user may have meant by name, best first.
func Near(name string) []string {
	name = strings.ToLower(name)
	type guess struct {
		name string
		cost int
	}
	var list []guess
	limit := 1 + len(name)/3
	for _, t := range All() {
		if t.IsDevice {
			continue
		}
		cost := distance(name, t.Name)
		if strings.HasPrefix(t.Name, name) && len(name) >= 3 {
			cost = 1
		}
		if d := strings.ToLower(t.Description); len(name) >= 4 && strings.Contains(strings.ReplaceAll(d, " ", ""), name) {
			cost = min(cost, 2)
		}
		if cost <= limit {
			list = append(list, guess{t.Name, cost})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].cost < list[j].cost })
	names := []string{}
	for _, g := range list[:min(5, len(list))] {
		names = append(names, g.name)
	}
	return slices.Clip(names)
}

// distance counts the letters to insert, delete, change or exchange with their
// neighbour to make b of a.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(last[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
