package romset

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"arcade/romset/decrypt"
)

// Options change what is loaded.
type Options struct {
	BIOS string // the BIOS choice; "" is the set's default
}

// Loaded is a set in memory, as its machine sees it.
type Loaded struct {
	Set      *Set
	BIOS     string            // the BIOS choice that was loaded, or ""
	Regions  map[string][]byte // by tag, in the byte order of their buses
	Warnings []Problem         // nothing that keeps the set from running
	spaces   []decrypt.Span
}

// Space returns a part of a CPU's address space that decryption made: named
// CPU/SPACE@ADDRESS+LENGTH in hexadecimal, such as
// "maincpu/decrypted_opcodes@0+400000". Address spaces that are just regions
// are not here.
func (l *Loaded) Space(spec string) ([]byte, error) {
	name, addr, length, err := parseSpace(spec)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range l.spaces {
		s := &l.spaces[i]
		if s.Space != name {
			names = append(names, s.Space)
			continue
		}
		names = append(names, fmt.Sprintf("%s@%x+%x", s.Space, s.Addr, s.Len))
		if addr >= s.Addr && addr-s.Addr+length <= s.Len {
			data := s.Bytes()
			return data[addr-s.Addr:][:length:length], nil
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no address space is decrypted, so there is no %s; see its regions", l.Set.Name, spec)
	}
	return nil, fmt.Errorf("%s: no %s; there is %s", l.Set.Name, spec, strings.Join(names, ", "))
}

// Spaces returns the parts of address spaces that Space knows.
func (l *Loaded) Spaces() []string {
	var list []string
	for i := range l.spaces {
		s := &l.spaces[i]
		list = append(list, fmt.Sprintf("%s@%x+%x", s.Space, s.Addr, s.Len))
	}
	return list
}

func parseSpace(spec string) (name string, addr, length uint64, err error) {
	name, where, ok := strings.Cut(spec, "@")
	a, n, ok2 := strings.Cut(where, "+")
	addr, err1 := strconv.ParseUint(a, 16, 32)
	length, err2 := strconv.ParseUint(n, 16, 32)
	if !ok || !ok2 || err1 != nil || err2 != nil || !strings.Contains(name, "/") {
		return "", 0, 0, fmt.Errorf("%q is not an address space: write CPU/SPACE@ADDRESS+LENGTH in hexadecimal, such as maincpu/decrypted_opcodes@0+400000", spec)
	}
	return name, addr, length, nil
}

// Load finds the files of a set in the ROM paths of f, puts them into memory
// regions, and decrypts them. The regions are byte for byte those that MAME
// makes of the same files.
//
// It fails with a *LoadError that names every file that is missing, has the
// wrong size or cannot be read. Files with a wrong checksum are loaded, with a
// warning.
func Load(s *Set, f *Finder, o Options) (*Loaded, error) {
	bios, err := s.chooseBIOS(o.BIOS)
	if err != nil {
		return nil, err
	}
	if s.IsDevice || !s.Runnable || len(s.Regions) == 0 && len(s.Files) > 0 {
		for _, d := range s.Disks {
			if !d.Optional {
				return nil, &LoadError{s.Name, []Problem{{Kind: NeedsDisk, Set: s.Name, File: d.Name}}}
			}
		}
		return nil, fmt.Errorf("%s (%s) is not a machine that runs by itself", s.Name, s.Description)
	}
	sh := f.shelf()
	defer sh.close()
	l := &loader{set: s, bios: bios, shelf: sh}
	l.resolve()
	if !l.failed() {
		l.fill()
	}
	l.hints()
	if l.failed() {
		sort.SliceStable(l.problems, func(i, j int) bool { return l.problems[i].Fatal() && !l.problems[j].Fatal() })
		return nil, &LoadError{s.Name, l.problems}
	}
	out := &Loaded{Set: s, BIOS: bios, Regions: l.regions, Warnings: l.problems}
	image := &decrypt.Image{Regions: l.regions}
	for _, step := range s.Steps {
		if err := decrypt.Run(image, step); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	out.spaces = image.Spaces
	return out, nil
}

// CheckBIOS reports whether a set has a BIOS choice of that name ("" is the
// default); its error names those that there are.
func (s *Set) CheckBIOS(name string) error {
	_, err := s.chooseBIOS(name)
	return err
}

// chooseBIOS checks a BIOS choice.
func (s *Set) chooseBIOS(name string) (string, error) {
	if name == "" {
		return s.DefaultBIOS(), nil
	}
	var names []string
	for _, b := range s.BIOSes {
		if b.Name == name {
			return name, nil
		}
		names = append(names, b.Name)
	}
	if len(names) == 0 {
		return "", fmt.Errorf("%s has no BIOS to choose", s.Name)
	}
	return "", fmt.Errorf("%s has no BIOS %q; there is %s", s.Name, name, strings.Join(names, ", "))
}

type loader struct {
	set      *Set
	bios     string
	shelf    *shelf
	files    []SetFile
	found    []match
	regions  map[string][]byte
	problems []Problem
}

func (l *loader) failed() bool {
	for i := range l.problems {
		if l.problems[i].Fatal() {
			return true
		}
	}
	return false
}

// wanted reports whether a file belongs to the BIOS choice.
func wanted(f *File, bios string) bool { return f.BIOS == "" || f.BIOS == bios }

// needed reports whether the set does not run without f.
func needed(f *File) bool { return !f.Optional && f.Status != NoDump }

// logic reports whether f holds the equations of programmable logic devices.
// They are documentation: no machine reads them, so any content does.
func logic(f *File) bool { return strings.HasSuffix(f.Region, "plds") }

// resolve finds an entry for each file.
func (l *loader) resolve() {
	l.files = l.set.AllFiles()
	l.found = make([]match, len(l.files))
	for i, f := range l.files {
		if !wanted(f.File, l.bios) && f.Set == l.set || f.Size == 0 {
			continue
		}
		order := searchOrder(l.set, f.Set)
		m := find(l.shelf.among(order), f.Set, f.File)
		switch {
		case m.entry == nil && needed(f.File):
			l.add(Problem{Kind: Missing, Set: f.Set.Name, Looked: l.shelf.looked(order)}.expect(f.File))
		case m.entry == nil && f.Optional:
			l.add(Problem{Kind: OptionalGone, Set: f.Set.Name, Looked: l.shelf.looked(order)}.expect(f.File))
		case m.how == ByNameBadSize && needed(f.File):
			kind := WrongSize
			if logic(f.File) {
				kind = LogicSize
			}
			p := Problem{Kind: kind, Set: f.Set.Name, Where: m.entry.where(), FoundSize: m.entry.size}.expect(f.File)
			if m.entry.hasCRC {
				p.FoundCRC = crcText(m.entry.crc)
			}
			l.add(p)
		case m.how == ByNameBadSize:
			// of a chip that nobody has read, or needs
		default:
			l.found[i] = m
		}
	}
	failed := l.failed()
	for _, set := range slices.Sorted(maps.Keys(l.shelf.open)) {
		for _, a := range l.shelf.open[set] {
			for _, p := range a.complaints(failed) {
				l.add(p)
			}
		}
	}
}

func (l *loader) add(p Problem) {
	for i := range l.problems { // a file that two regions use is reported once
		q := &l.problems[i]
		if q.Kind == p.Kind && q.Set == p.Set && q.File == p.File && q.Where == p.Where && q.Cause == p.Cause {
			return
		}
	}
	l.problems = append(l.problems, p)
}

// fill makes the regions: every archive is read once, in its own order.
func (l *loader) fill() {
	l.regions = map[string][]byte{}
	type use struct {
		region *Region
		piece  *Piece
	}
	uses := map[int][]use{}
	for i := range l.set.Regions {
		r := &l.set.Regions[i]
		l.regions[r.Name] = newRegion(r)
		for j := range r.Pieces {
			uses[r.Pieces[j].File] = append(uses[r.Pieces[j].File], use{r, &r.Pieces[j]})
		}
	}
	byEntry := map[*archiveEntry][]int{}
	byArchive := map[*openArchive][]*archiveEntry{}
	for i, m := range l.found {
		if m.entry == nil {
			continue
		}
		if byEntry[m.entry] == nil {
			a := m.entry.archive
			byArchive[a] = append(byArchive[a], m.entry)
		}
		byEntry[m.entry] = append(byEntry[m.entry], i)
	}
	archives := make([]*openArchive, 0, len(byArchive))
	for a := range byArchive {
		archives = append(archives, a)
	}
	sort.Slice(archives, func(i, j int) bool { return archives[i].path < archives[j].path })
	// Pieces that overlap must land in the order of the database, but files
	// come in the order of the archives: those that something lands on are
	// kept until all are read.
	late := overlapped(l.set)
	kept := map[int][]byte{}
	var buf []byte
	for _, a := range archives {
		a.reader().read(byArchive[a], func(e *archiveEntry, r io.Reader, err error) error {
			first := byEntry[e][0]
			f := l.files[first]
			if err == nil {
				var b []byte
				if b, err = readAll(r, f.Size, buf); err == nil {
					buf = b
				}
			}
			if err != nil {
				l.unreadable(e, f, err)
				return nil
			}
			crc := crc32.ChecksumIEEE(buf)
			for _, i := range byEntry[e] {
				l.check(l.files[i], e, crc)
				for _, u := range uses[i] {
					if late[u.region.Name] {
						if kept[i] == nil {
							kept[i] = append([]byte(nil), buf...)
						}
						continue
					}
					place(l.regions[u.region.Name], buf, u.piece)
				}
			}
			return nil
		})
	}
	for i := range l.set.Regions {
		r := &l.set.Regions[i]
		if late[r.Name] {
			for j := range r.Pieces {
				if b := kept[r.Pieces[j].File]; b != nil {
					place(l.regions[r.Name], b, &r.Pieces[j])
				}
			}
		}
		for _, p := range r.Patches {
			copy(l.regions[r.Name][p.To:], p.Data)
		}
	}
}

// unreadable reports a file that was found but could not be read.
func (l *loader) unreadable(e *archiveEntry, f SetFile, err error) {
	if !needed(f.File) {
		return
	}
	var size *sizeError
	if errors.As(err, &size) {
		p := Problem{Kind: WrongSize, Set: f.Set.Name, Where: e.where(), FoundSize: size.got}.expect(f.File)
		if size.longer {
			p.FoundSize++
		}
		l.add(p)
		return
	}
	l.add(Problem{Kind: Unreadable, Set: f.Set.Name, Where: e.where(), Cause: explainOpen(err).Error()}.expect(f.File))
}

// check compares a file's checksum with the database's.
func (l *loader) check(f SetFile, e *archiveEntry, crc uint32) {
	if f.Status == NoDump || f.CRC == 0 || crc == f.CRC {
		return
	}
	l.add(Problem{Kind: WrongChecksum, Set: f.Set.Name, Where: e.where(), FoundSize: f.Size, FoundCRC: crcText(crc)}.expect(f.File))
}

// overlapped returns the regions in which pieces of different files overlap.
// They are few and small.
func overlapped(s *Set) map[string]bool {
	list := map[string]bool{}
	for i := range s.Regions {
		r := &s.Regions[i]
		for j := range r.Pieces {
			for k := range j {
				if r.Pieces[j].File != r.Pieces[k].File && meet(&r.Pieces[j], &r.Pieces[k]) {
					list[r.Name] = true
				}
			}
		}
	}
	return list
}

// meet reports whether two pieces may write the same byte.
func meet(a, b *Piece) bool {
	endA, endB := a.To+(a.Count-1)*a.ToStep+a.Unit, b.To+(b.Count-1)*b.ToStep+b.Unit
	if endA <= b.To || endB <= a.To {
		return false
	}
	if a.ToStep == b.ToStep { // lanes of one pattern
		d := ((b.To-a.To)%a.ToStep + a.ToStep) % a.ToStep
		return d < a.Unit || d+b.Unit > a.ToStep
	}
	// Lanes with steps that are multiples of each other can still miss each other.
	small, large := a, b
	if small.ToStep > large.ToStep {
		small, large = large, small
	}
	if large.ToStep%small.ToStep == 0 {
		d := ((large.To-small.To)%small.ToStep + small.ToStep) % small.ToStep
		return d < small.Unit || d+large.Unit > small.ToStep
	}
	return true
}

// looked names the places of a search, for messages.
func (s *shelf) looked(order []string) []string {
	var list []string
	for _, set := range order {
		for _, a := range s.archives(set) {
			list = append(list, a.path)
		}
	}
	for _, l := range s.finder.load() {
		if l.err != nil {
			list = append(list, fmt.Sprintf("%s (which cannot be read: %v)", l.path, explainOpen(l.err)))
		}
	}
	if len(list) == 0 {
		names := strings.Join(order, "|")
		for _, p := range s.finder.paths {
			list = append(list, fmt.Sprintf("%s (no folder, zip or 7z named %s)", p, names))
		}
	}
	if len(list) == 0 {
		list = append(list, "no ROM path at all: name one")
	}
	return list
}
