package romset

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"arcade/romset/internal/pack"
)

// An Index remembers what is in archives, so that only those that changed are
// opened again: it goes by path, size and time of change.
type Index struct {
	file string
	mu   sync.Mutex
	have map[string]*indexed
	used map[string]bool
}

// indexed is what an index file has of an archive.
type indexed struct {
	Path    string
	Size    int64
	Changed int64 // nanoseconds since 1970
	Error   string
	Ignored []string
	Entries string // see packEntries
}

// indexFormat is raised whenever indexed or what it means changes.
const indexFormat = 3

// packEntries writes a list of entries: for each its index, size, checksum (one
// more than it, or 0 if unknown), name and why it cannot be read.
func packEntries(list []*archiveEntry) string {
	b := make([]byte, 0, 48*len(list))
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, e := range list {
		crc := uint64(0)
		if e.hasCRC {
			crc = uint64(e.crc) + 1
		}
		b = binary.AppendUvarint(b, uint64(e.index))
		b = binary.AppendUvarint(b, uint64(e.size))
		b = binary.AppendUvarint(b, crc)
		text(e.name)
		if e.broken != nil {
			text(e.broken.Error())
		} else {
			text("")
		}
	}
	return string(b)
}

// unpackEntries reads what packEntries wrote; damage ends the list.
func unpackEntries(a *openArchive, s string) (list []*archiveEntry) {
	number := func() (v uint64, ok bool) {
		for i := 0; i < len(s) && i < 10; i++ {
			v |= uint64(s[i]&0x7f) << (7 * i)
			if s[i] < 0x80 {
				s = s[i+1:]
				return v, true
			}
		}
		return 0, false
	}
	text := func() (string, bool) {
		n, ok := number()
		if !ok || n > uint64(len(s)) {
			return "", false
		}
		v := s[:n]
		s = s[n:]
		return v, true
	}
	for s != "" {
		index, ok1 := number()
		size, ok2 := number()
		crc, ok3 := number()
		name, ok4 := text()
		broken, ok5 := text()
		if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
			return list
		}
		e := &archiveEntry{archive: a, name: name, size: int64(size), index: int(index), hasCRC: crc != 0}
		if crc != 0 {
			e.crc = uint32(crc - 1)
		}
		if broken != "" {
			e.broken = errors.New(broken)
		}
		list = append(list, e)
	}
	return list
}

type indexHeader struct{ Format int }

// OpenIndex reads an index file. One that is missing, damaged or of another
// version counts as empty: everything is looked at again.
func OpenIndex(file string) *Index {
	x := &Index{file: file, have: map[string]*indexed{}, used: map[string]bool{}}
	raw, err := os.ReadFile(file)
	if err != nil {
		return x
	}
	d, err := pack.NewDecoder(raw)
	if err != nil || d.Len() == 0 {
		return x
	}
	var h indexHeader
	if d.Record(0, &h) != nil || h.Format != indexFormat {
		return x
	}
	for i := 1; i < d.Len(); i++ {
		a := &indexed{}
		if d.Record(i, a) != nil {
			continue
		}
		x.have[a.Path] = a
	}
	return x
}

// Save writes the index file, without archives that the last scan did not see.
func (x *Index) Save() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := pack.NewEncoder()
	e.Add(indexHeader{indexFormat})
	paths := make([]string, 0, len(x.have))
	for p := range x.have {
		if x.used[p] {
			paths = append(paths, p)
		}
	}
	sort.Strings(paths)
	for _, p := range paths {
		e.Add(*x.have[p])
	}
	if err := os.MkdirAll(filepath.Dir(x.file), 0o755); err != nil {
		return fmt.Errorf("the index cannot be kept in %s: %w", x.file, err)
	}
	temp := x.file + ".new"
	if err := os.WriteFile(temp, e.Bytes(), 0o644); err != nil {
		return fmt.Errorf("the index cannot be kept in %s: %w", x.file, err)
	}
	return os.Rename(temp, x.file)
}

// A SetState is what a scan found out about a set by the lists of its archives.
type SetState struct {
	Title
	Verdict Verdict `json:"verdict"`
	Missing int     `json:"missing"` // files missing, wrong or unreadable
	Files   int     `json:"files"`   // files that the set needs
}

// Playable reports whether Load would find all files.
func (s *SetState) Playable() bool {
	return !s.IsDevice && !s.NeedsDisk && (s.Verdict == VerdictGood || s.Verdict == VerdictBest)
}

// A Collection is what is in the ROM paths.
type Collection struct {
	Sets     []SetState `json:"sets"`               // every game and BIOS of which something is there, by name
	Archives int        `json:"archives"`           // archives looked at
	Opened   int        `json:"opened"`             // of these, opened because they were new or changed
	Problems []Problem  `json:"problems,omitempty"` // archives that cannot be opened, and ROM paths that cannot be read
}

// Scan looks at every archive in the ROM paths that is named after a set, and
// judges the sets by their lists: nothing is unpacked, except that files in
// folders are read once for their checksums. progress, if not nil, is called
// now and then from one goroutine.
func (x *Index) Scan(ctx context.Context, f *Finder, progress func(done, total int)) (*Collection, error) {
	c := &Collection{}
	var refs []archiveRef
	for _, l := range f.load() {
		if l.err != nil {
			c.Problems = append(c.Problems, Problem{Kind: BadArchive, Where: l.path, Cause: explainOpen(l.err).Error()})
		}
		for stem := range l.items {
			if _, ok := LookupTitle(stem); ok {
				for _, kind := range archiveKinds {
					if name, ok := l.items[stem][kind]; ok {
						refs = append(refs, archiveRef{filepath.Join(l.path, name), kind, stem})
					}
				}
			}
		}
	}
	sort.Slice(refs, func(i, j int) bool { return refs[i].path < refs[j].path })
	c.Archives = len(refs)
	archives := make([]listed, len(refs))
	// Workers take the next one themselves and tell of many at once: handing
	// each over would take longer than listing it.
	const atOnce = 16
	finished := make(chan int, len(refs)/atOnce+runtime.GOMAXPROCS(0)+1)
	var next, opened atomic.Int64
	var wg sync.WaitGroup
	for range min(8, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			mine := 0
			defer func() { finished <- mine }()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(refs) {
					return
				}
				archives[i] = x.list(refs[i])
				if archives[i].opened {
					opened.Add(1)
				}
				if mine++; mine == atOnce {
					finished <- mine
					mine = 0
				}
			}
		})
	}
	go func() {
		wg.Wait()
		close(finished)
	}()
	done := 0
	for n := range finished {
		done += n
		if progress != nil && n > 0 {
			progress(done, len(refs))
		}
	}
	c.Opened = int(opened.Load())
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	byPath := map[string]*openArchive{}
	x.mu.Lock()
	x.used = map[string]bool{}
	for _, l := range archives {
		a := l.archive
		byPath[a.path] = a
		x.used[a.path] = true
		if a.err != nil {
			c.Problems = append(c.Problems, Problem{Kind: BadArchive, Set: a.set, Where: a.path, Cause: a.err.Error()})
		}
	}
	x.mu.Unlock()
	c.judge(f, func(path, kind, set string) *openArchive {
		if a := byPath[path]; a != nil {
			return a
		}
		return &openArchive{path: path, kind: kind, set: set} // named like no set
	})
	for _, l := range archives {
		l.archive.close() // folders were read for their checksums
	}
	x.learn(archives)
	return c, nil
}

// listed is an archive that a scan looked at.
type listed struct {
	archive       *openArchive
	opened        bool
	size, changed int64 // its stamp
	err           error
}

// list returns an archive's list, from the index if it did not change.
func (x *Index) list(ref archiveRef) (l listed) {
	x.mu.Lock()
	have := x.have[ref.path]
	x.mu.Unlock()
	if have == nil && ref.kind == "zip" { // opening it tells its stamp too
		l.archive = openAt(ref.path, ref.kind, ref.set)
		if z, ok := l.archive.opened.(*zipArchive); ok {
			l.size, l.changed = z.size, z.when
		} else {
			l.size, l.changed, l.err = stamp(ref.path, ref.kind)
		}
	} else {
		l.size, l.changed, l.err = stamp(ref.path, ref.kind)
		if l.err == nil && have != nil && have.Size == l.size && have.Changed == l.changed {
			l.archive = have.open(ref)
			l.archive.lookup()
			return l
		}
		l.archive = openAt(ref.path, ref.kind, ref.set)
	}
	l.opened = true
	l.archive.close() // reading opens it again
	l.archive.lookup()
	return l
}

// stamp tells whether an archive changed. A folder's is made of its files'.
func stamp(path, kind string) (size, changed int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, err
	}
	if kind != "folder" {
		return info.Size(), info.ModTime().UnixNano(), nil
	}
	changed = info.ModTime().UnixNano()
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if rel, _ := filepath.Rel(path, p); d.IsDir() && filepath.Dir(rel) != "." && rel != "." {
			return filepath.SkipDir
		}
		if info, err := d.Info(); err == nil {
			size += info.Size() + 1
			changed = changed*31 + info.ModTime().UnixNano()
		}
		return nil
	})
	return size, changed, err
}

func (h *indexed) open(ref archiveRef) *openArchive {
	a := &openArchive{path: ref.path, kind: ref.kind, set: ref.set, ignored: h.Ignored}
	if h.Error != "" {
		a.err = errors.New(h.Error)
		return a
	}
	a.list = unpackEntries(a, h.Entries)
	return a
}

// learn keeps the lists, with the checksums that judging needed.
func (x *Index) learn(list []listed) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, l := range list {
		a := l.archive
		switch {
		case l.err != nil:
			delete(x.have, a.path)
			continue
		case !l.opened && a.kind != "folder":
			continue
		}
		h := &indexed{Path: a.path, Size: l.size, Changed: l.changed, Ignored: a.ignored, Entries: packEntries(a.list)}
		if a.err != nil {
			h.Error = a.err.Error()
		}
		x.have[a.path] = h
	}
}

// judge fills in the sets.
func (c *Collection) judge(f *Finder, list func(path, kind, set string) *openArchive) {
	titles := All()
	states := make([]*SetState, len(titles))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(8, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			sh := f.shelf()
			sh.openAt = list
			for {
				i := int(next.Add(1)) - 1
				if i >= len(titles) {
					return
				}
				if t := titles[i]; !t.IsDevice && near(sh, t) {
					states[i] = stateOfSet(sh, t)
				}
			}
		})
	}
	wg.Wait()
	for _, s := range states {
		if s != nil {
			c.Sets = append(c.Sets, *s)
		}
	}
}

// stateOfSet judges a set by the lists of its archives, or returns nil if
// nothing of it is there.
func stateOfSet(sh *shelf, t Title) *SetState {
	s, _ := Lookup(t.Name)
	v, list := states(sh, s)
	if v == VerdictNotFound {
		return nil
	}
	state := &SetState{Title: t, Verdict: v}
	for _, file := range list {
		switch file {
		case StateNoDump, StateOptional, StateOtherBIOS:
			continue
		}
		state.Files++
		if !file.OK() {
			state.Missing++
		}
	}
	return state
}

// near reports whether files of a set can be there at all: there is an archive
// named after it or, as merged archives hold clones, after its parent.
func near(sh *shelf, t Title) bool {
	return sh.finder.Has(t.Name) || t.Parent != "" && sh.finder.Has(t.Parent)
}
