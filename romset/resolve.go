package romset

import (
	"slices"
	"strings"
)

// How says by what a file was recognised.
type How uint8

const (
	NotFound      How = iota
	ByNameAndCRC      // name and checksum are as expected
	ByCRC             // the checksum is as expected, the name is another
	ByName            // the name is as expected, the checksum is another
	ByNameOnly        // the name is as expected, and no checksum is known
	ByNameBadSize     // the name is as expected, the size is another: it cannot be used
)

// searchOrder returns the sets in whose archives the files of m (the set
// itself or one of its devices) are looked for.
func searchOrder(s, m *Set) []string {
	var order []string
	add := func(name string) {
		for name != "" && !slices.Contains(order, name) {
			order = append(order, name)
			up, ok := Lookup(name)
			if !ok {
				return // a parent of another family: only its archive matters
			}
			name = up.RomOf
		}
	}
	if m != s {
		add(m.Name)
	}
	add(s.Name)
	// a clone's BIOS is reached through its parent; a clone without a common
	// file still lives in its parent's merged archive
	add(s.Parent)
	return order
}

// match is where a file was found.
type match struct {
	entry *archiveEntry
	how   How
}

// find looks for a file of set m in archives: first for name and checksum,
// then for the checksum, then for the name.
func find(archives []*openArchive, m *Set, f *File) match {
	known := f.Status != NoDump && (f.CRC != 0 || f.SHA1 != "")
	var byName, badSize *archiveEntry
	for _, a := range archives {
		for _, e := range a.named(m, f) {
			switch {
			case e.size == f.Size || f.Status == NoDump && f.Size == 0:
				if known && e.broken == nil {
					if crc, ok := e.checksum(); ok && crc == f.CRC {
						return match{e, ByNameAndCRC}
					}
				}
				if byName == nil {
					byName = e
				}
			case badSize == nil:
				badSize = e
			}
		}
	}
	if known {
		for _, a := range archives {
			if e := a.withCRC(f); e != nil {
				return match{e, ByCRC}
			}
		}
	}
	switch {
	case byName != nil && known:
		return match{byName, ByName}
	case byName != nil:
		return match{byName, ByNameOnly}
	case badSize != nil:
		return match{badSize, ByNameBadSize}
	}
	return match{}
}

// among returns the archives of several sets.
func (s *shelf) among(order []string) []*openArchive {
	var list []*openArchive
	for _, set := range order {
		list = append(list, s.archives(set)...)
	}
	return list
}

// named returns the entries that may be file f of set m by their name. A clone's files lie in a folder of its name where
// its parent has another file of the same name.
func (a *openArchive) named(m *Set, f *File) []*archiveEntry {
	if a.err != nil {
		return nil
	}
	name := strings.ToLower(f.Name)
	list := a.byName(name)
	if a.hasFolders() {
		inFolder := a.byName(m.Name + "/" + name)
		if a.set != m.Name {
			list = both(inFolder, list)
		} else {
			list = both(list, inFolder) // packed with its folder
		}
	}
	if f.Merge != "" && a.set != m.Name {
		if merge := strings.ToLower(f.Merge); merge != name {
			list = both(list, a.byName(merge))
		}
	}
	return list
}

// both joins lists, mostly without making a new one.
func both(a, b []*archiveEntry) []*archiveEntry {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	return append(append(make([]*archiveEntry, 0, len(a)+len(b)), a...), b...)
}

// withCRC returns an entry with the size and checksum of f. In folders, files
// of that size are read to learn their checksums.
func (a *openArchive) withCRC(f *File) *archiveEntry {
	if a.err != nil {
		return nil
	}
	if a.kind == "folder" {
		for _, e := range a.list {
			if e.size == f.Size {
				if crc, ok := e.checksum(); ok && crc == f.CRC {
					return e
				}
			}
		}
		return nil
	}
	for _, e := range a.byCRC(f.CRC) {
		if e.size == f.Size && e.broken == nil {
			return e
		}
	}
	return nil
}
