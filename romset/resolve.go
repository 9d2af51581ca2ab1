package romset

import (
	"path"
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
	add := func(x *Set) {
		for x != nil {
			for _, have := range order {
				if have == x.Name {
					return
				}
			}
			order = append(order, x.Name)
			up, _ := Lookup(x.RomOf)
			x = up
		}
	}
	if m != s {
		add(m)
	}
	add(s)
	// a clone's BIOS is reached through its parent; a clone without a common
	// file still lives in its parent's merged archive
	if p, ok := Lookup(s.Parent); ok {
		add(p)
	}
	return order
}

// match is where a file was found.
type match struct {
	entry *archiveEntry
	how   How
}

// find looks for a file of set m in the archives that the search order names:
// first for name and checksum, then for the checksum, then for the name.
func (s *shelf) find(order []string, m *Set, f *File) match {
	known := f.Status != NoDump && (f.CRC != 0 || f.SHA1 != "")
	if known {
		for _, set := range order {
			for _, a := range s.archives(set) {
				for _, e := range a.named(m, set, f) {
					if e.size == f.Size && e.broken == nil {
						if crc, ok := e.checksum(); ok && crc == f.CRC {
							return match{e, ByNameAndCRC}
						}
					}
				}
			}
		}
		for _, set := range order {
			for _, a := range s.archives(set) {
				if e := a.withCRC(f); e != nil {
					return match{e, ByCRC}
				}
			}
		}
	}
	best := match{}
	for _, set := range order {
		for _, a := range s.archives(set) {
			for _, e := range a.named(m, set, f) {
				switch {
				case e.size == f.Size || f.Status == NoDump && f.Size == 0:
					how := ByName
					if !known {
						how = ByNameOnly
					}
					return match{e, how}
				case best.entry == nil:
					best = match{e, ByNameBadSize}
				}
			}
		}
	}
	return best
}

// named returns the entries that may be file f of set m by their name, in an
// archive of the given set. A clone's files lie in a folder of its name where
// its parent has another file of the same name.
func (a *openArchive) named(m *Set, set string, f *File) []*archiveEntry {
	if a.err != nil {
		return nil
	}
	name := strings.ToLower(f.Name)
	var list []*archiveEntry
	if set != m.Name {
		list = append(list, a.byName(m.Name+"/"+name)...)
	}
	list = append(list, a.byName(name)...)
	if set == m.Name {
		list = append(list, a.byName(m.Name+"/"+name)...) // packed with its folder
	}
	if merge := strings.ToLower(f.Merge); merge != "" && merge != name && set != m.Name {
		list = append(list, a.byName(merge)...)
	}
	return list
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

// folderOf returns the folder part of an entry's name in lower case.
func folderOf(e *archiveEntry) string {
	dir := path.Dir(strings.ToLower(e.name))
	if dir == "." {
		return ""
	}
	return dir
}
