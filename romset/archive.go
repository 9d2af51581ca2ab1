package romset

import (
	"errors"
	"fmt"
	"hash/crc32"
	"hash/maphash"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// An archive is one place that holds files of a set: a folder, a zip or a 7z.
type archive interface {
	// entries lists what is inside, without unpacking anything.
	entries() []*archiveEntry
	// read calls f with each of the entries in the order of the archive, so
	// that a solid block is unpacked once. An error of the archive is given to
	// f in place of a reader. It stops at the first error that f returns.
	read(want []*archiveEntry, f func(*archiveEntry, io.Reader, error) error) error
	close() error
}

// An archiveEntry is one file in an archive.
type archiveEntry struct {
	archive *openArchive
	name    string // with slashes, as the archive has it
	lower   string // name in lower case, after lookup
	size    int64  // as the archive claims
	crc     uint32
	hasCRC  bool
	broken  error // why it cannot be read, if that shows before reading
	index   int

	nextName, nextCRC int32 // chains of the archive's tables
}

// base is the name without folders.
func (e *archiveEntry) base() string { return path.Base(e.name) }

// where names the entry in messages: "roms/sf2.zip: sf2e_30g.11e".
func (e *archiveEntry) where() string {
	if e.archive.kind == "folder" {
		return filepath.Join(e.archive.path, filepath.FromSlash(e.name))
	}
	return e.archive.path + ": " + e.name
}

// An openArchive is an archive and what is known of it. The list of its
// entries may come from an index; then it is only opened to read from it.
type openArchive struct {
	path string
	kind string // folder, zip or 7z
	set  string // the set that it is named after
	err  error  // why it could not be opened; then it has no entries

	list    []*archiveEntry
	ignored []string // names that lead out of the archive

	opened  archive
	once    sync.Once
	names   []int32    // hash table of names in lower case: positions in list, from 1
	crcs    []int32    // hash table of checksums
	folders bool       // some names have a folder
	measure sync.Mutex // held while checksums of a folder are computed
}

// openAt opens the archive at a path and lists it.
func openAt(path, kind, set string) *openArchive {
	a := &openArchive{path: path, kind: kind, set: set}
	opened, err := openKind(path, kind)
	if err != nil {
		a.err = explainOpen(err)
		return a
	}
	a.opened = opened
	a.setEntries(opened.entries())
	return a
}

func openKind(path, kind string) (archive, error) {
	switch kind {
	case "zip":
		return orNil(openZip(path))
	case "7z":
		return orNil(open7z(path))
	}
	return orNil(openFolder(path))
}

// orNil keeps a nil pointer from becoming an interface that is not nil.
func orNil[T archive](a T, err error) (archive, error) {
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (a *openArchive) setEntries(list []*archiveEntry) {
	for _, e := range list {
		e.archive = a
		e.name = strings.ReplaceAll(e.name, `\`, "/")
		if !safeName(e.name) {
			a.ignored = append(a.ignored, e.name)
			continue
		}
		a.list = append(a.list, e)
	}
}

// reader returns the archive, opened.
func (a *openArchive) reader() archive {
	if a.opened == nil {
		opened, err := openKind(a.path, a.kind)
		if err != nil {
			return unopened{explainOpen(err)}
		}
		a.opened = opened
	}
	return a.opened
}

// unopened stands for an archive that was there when it was listed.
type unopened struct{ err error }

func (u unopened) entries() []*archiveEntry { return nil }
func (u unopened) close() error             { return nil }
func (u unopened) read(want []*archiveEntry, use func(*archiveEntry, io.Reader, error) error) error {
	for _, e := range want {
		if err := use(e, nil, u.err); err != nil {
			return err
		}
	}
	return nil
}

var nameSeed = maphash.MakeSeed()

// lookup prepares for byName and byCRC: two hash tables that are chained
// through the entries, as a scan makes thousands of them.
func (a *openArchive) lookup() {
	a.once.Do(func() {
		size := 4
		for size < 2*len(a.list) {
			size *= 2
		}
		tables := make([]int32, 2*size)
		a.names, a.crcs = tables[:size], tables[size:]
		for i := len(a.list) - 1; i >= 0; i-- {
			e := a.list[i]
			e.lower = strings.ToLower(e.name)
			a.folders = a.folders || strings.Contains(e.lower, "/")
			head := &a.names[a.nameSlot(e.lower)]
			e.nextName, *head = *head, int32(i+1)
			if e.hasCRC {
				head = &a.crcs[int(e.crc)&(size-1)]
				e.nextCRC, *head = *head, int32(i+1)
			}
		}
	})
}

func (a *openArchive) nameSlot(lower string) int {
	return int(maphash.String(nameSeed, lower)) & (len(a.names) - 1)
}

func (a *openArchive) hasFolders() bool {
	a.lookup()
	return a.folders
}

// byName returns the entries of a name in lower case.
func (a *openArchive) byName(lower string) (found []*archiveEntry) {
	a.lookup()
	for i := a.names[a.nameSlot(lower)]; i != 0; {
		e := a.list[i-1]
		if e.lower == lower {
			found = more(found, a.list[i-1:i:i])
		}
		i = e.nextName
	}
	return found
}

// byCRC returns the entries whose list gives that checksum.
func (a *openArchive) byCRC(crc uint32) (found []*archiveEntry) {
	a.lookup()
	for i := a.crcs[int(crc)&(len(a.crcs)-1)]; i != 0; {
		e := a.list[i-1]
		if e.crc == crc {
			found = more(found, a.list[i-1:i:i])
		}
		i = e.nextCRC
	}
	return found
}

// more appends one entry; the first needs no new list.
func more(found, one []*archiveEntry) []*archiveEntry {
	if found == nil {
		return one
	}
	return append(found, one...)
}

// complaints says what is wrong with the archive as a whole. incomplete is
// whether something was looked for in vain: then archives inside of it matter.
func (a *openArchive) complaints(incomplete bool) (list []Problem) {
	bad := func(cause string) {
		list = append(list, Problem{Kind: BadArchive, Set: a.set, Where: a.path, Cause: cause})
	}
	if a.err != nil {
		bad(a.err.Error())
	}
	for _, name := range a.ignored {
		bad(fmt.Sprintf("the name %q leads out of the archive and was ignored", name))
	}
	if !incomplete {
		return list
	}
	for _, e := range a.list {
		switch strings.ToLower(path.Ext(e.name)) {
		case ".zip", ".7z", ".rar":
			bad(fmt.Sprintf("it holds %s, and archives in archives are not looked into: unpack that one", e.name))
		}
	}
	return list
}

func (a *openArchive) close() {
	if a.opened != nil {
		a.opened.close()
		a.opened = nil
	}
}

// safeName reports whether a name stays inside its archive. Nothing is ever
// written, so such a name does no harm; but it is no file of a ROM set.
func safeName(name string) bool {
	if name == "" || strings.HasPrefix(name, "/") || strings.ContainsRune(name, 0) || len(name) > 1 && name[1] == ':' {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return false
		}
	}
	return true
}

// explainOpen says what an error while opening an archive means to its owner.
func explainOpen(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	switch {
	case errors.Is(err, os.ErrPermission):
		return errors.New("it may not be read: check its permissions")
	case errors.Is(err, errNotZip):
		return errors.New("it is cut off or not a zip file: copy it again")
	case errors.Is(err, errNot7z):
		return fmt.Errorf("it is cut off, damaged or not a 7z file: copy it again (%w)", err)
	}
	return err
}

var (
	errNotZip    = errors.New("not a zip file")
	errNot7z     = errors.New("not a 7z file")
	errEncrypted = errors.New("it is encrypted: pack it again without a password")
)

// readAll reads exactly size bytes into buf, which is made larger if need be.
// Whatever the archive claims, no more than size+1 bytes are unpacked.
func readAll(r io.Reader, size int64, buf []byte) ([]byte, error) {
	if int64(cap(buf)) < size {
		buf = make([]byte, size)
	}
	buf = buf[:size]
	n, err := io.ReadFull(r, buf)
	if err == io.ErrUnexpectedEOF || err == io.EOF && size > 0 {
		return nil, &sizeError{int64(n), false}
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	// reading the end makes the archive check its own checksum
	var one [1]byte
	switch n, err := r.Read(one[:]); {
	case n > 0:
		return nil, &sizeError{size, true}
	case err != nil && err != io.EOF:
		return nil, err
	}
	return buf, nil
}

// A sizeError is a file that is shorter or longer than it should be.
type sizeError struct {
	got    int64
	longer bool
}

func (e *sizeError) Error() string {
	if e.longer {
		return fmt.Sprintf("it is longer than %d bytes", e.got)
	}
	return fmt.Sprintf("it ends after %d bytes", e.got)
}

// checksum computes an entry's CRC-32 by reading it; folders need that.
func (e *archiveEntry) checksum() (uint32, bool) {
	if e.archive.kind == "folder" { // others never change
		e.archive.measure.Lock()
		defer e.archive.measure.Unlock()
	}
	if e.hasCRC || e.broken != nil {
		return e.crc, e.hasCRC
	}
	e.archive.reader().read([]*archiveEntry{e}, func(_ *archiveEntry, r io.Reader, err error) error {
		if err == nil {
			h := crc32.NewIEEE()
			if _, err = io.Copy(h, io.LimitReader(r, e.size)); err == nil {
				e.crc, e.hasCRC = h.Sum32(), true
			}
		}
		if err != nil {
			e.broken = err
		}
		return nil
	})
	return e.crc, e.hasCRC
}
