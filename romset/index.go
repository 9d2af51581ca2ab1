package romset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"sync"

	"github.com/klauspost/compress/zstd"

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
	Entries []indexedEntry
}

type indexedEntry struct {
	Name   string
	Size   int64
	CRC    uint32
	HasCRC bool
	Broken string
	Index  int
}

// indexFormat is raised whenever indexed or what it means changes.
const indexFormat = 1

type indexHeader struct{ Format int }

// OpenIndex reads an index file. One that is missing, damaged or of another
// version counts as empty: everything is looked at again.
func OpenIndex(file string) *Index {
	x := &Index{file: file, have: map[string]*indexed{}, used: map[string]bool{}}
	packed, err := os.ReadFile(file)
	if err != nil {
		return x
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return x
	}
	defer z.Close()
	raw, err := z.DecodeAll(packed, nil)
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
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	packed := z.EncodeAll(e.Bytes(), nil)
	if err := os.MkdirAll(filepath.Dir(x.file), 0o755); err != nil {
		return fmt.Errorf("the index cannot be kept in %s: %w", x.file, err)
	}
	temp := x.file + ".new"
	if err := os.WriteFile(temp, packed, 0o644); err != nil {
		return fmt.Errorf("the index cannot be kept in %s: %w", x.file, err)
	}
	return os.Rename(temp, x.file)
}

// A SetState is what a scan found out about a set by the lists of its archives.
type SetState struct {
	Title
	Verdict Verdict
	Missing int // files missing, wrong or unreadable
	Files   int // files that the set needs
}

// Playable reports whether Load would find all files.
func (s *SetState) Playable() bool {
	return !s.IsDevice && !s.NeedsDisk && (s.Verdict == VerdictGood || s.Verdict == VerdictBest)
}

// A Collection is what is in the ROM paths.
type Collection struct {
	Sets     []SetState // every game and BIOS of which something is there, by name
	Archives int        // archives looked at
	Opened   int        // of these, opened because they were new or changed
	Problems []Problem  // archives that cannot be opened, and ROM paths that cannot be read
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
	archives := make([]*openArchive, len(refs))
	work := make(chan int)
	finished := make(chan bool)
	var wg sync.WaitGroup
	for range min(8, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range work {
				a, opened := x.list(refs[i])
				archives[i] = a
				finished <- opened
			}
		})
	}
	go func() {
		defer close(work)
		for i := range refs {
			select {
			case work <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		wg.Wait()
		close(finished)
	}()
	done := 0
	for opened := range finished {
		done++
		if opened {
			c.Opened++
		}
		if progress != nil && (done == len(refs) || done%16 == 0) {
			progress(done, len(refs))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	byPath := map[string]*openArchive{}
	x.mu.Lock()
	x.used = map[string]bool{}
	for _, a := range archives {
		byPath[a.path] = a
		x.used[a.path] = true
		if a.err != nil {
			c.Problems = append(c.Problems, Problem{Kind: BadArchive, Set: a.set, Where: a.path, Cause: a.err.Error()})
		}
	}
	x.mu.Unlock()
	sh := f.shelf()
	sh.openAt = func(path, kind, set string) *openArchive {
		if a := byPath[path]; a != nil {
			return a
		}
		return openAt(path, kind, set)
	}
	defer sh.close()
	c.judge(sh)
	x.learn(archives)
	return c, nil
}

// list returns an archive's list, from the index if it did not change.
func (x *Index) list(ref archiveRef) (a *openArchive, opened bool) {
	size, changed, err := stamp(ref.path, ref.kind)
	if err == nil {
		x.mu.Lock()
		have := x.have[ref.path]
		x.mu.Unlock()
		if have != nil && have.Size == size && have.Changed == changed {
			return have.open(ref), false
		}
	}
	a = openAt(ref.path, ref.kind, ref.set)
	a.close() // reading opens it again
	return a, true
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
	entries := make([]archiveEntry, len(h.Entries))
	a.list = make([]*archiveEntry, len(h.Entries))
	for i, e := range h.Entries {
		entries[i] = archiveEntry{archive: a, name: e.Name, size: e.Size, crc: e.CRC, hasCRC: e.HasCRC, index: e.Index}
		if e.Broken != "" {
			entries[i].broken = errors.New(e.Broken)
		}
		a.list[i] = &entries[i]
	}
	return a
}

// learn keeps the lists, with the checksums that judging needed.
func (x *Index) learn(archives []*openArchive) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, a := range archives {
		size, changed, err := stamp(a.path, a.kind)
		if err != nil {
			delete(x.have, a.path)
			continue
		}
		if h := x.have[a.path]; h != nil && h.Size == size && h.Changed == changed && a.kind != "folder" {
			continue
		}
		h := &indexed{Path: a.path, Size: size, Changed: changed, Ignored: a.ignored}
		if a.err != nil {
			h.Error = a.err.Error()
		}
		for _, e := range a.list {
			ie := indexedEntry{Name: e.name, Size: e.size, CRC: e.crc, HasCRC: e.hasCRC, Index: e.index}
			if e.broken != nil {
				ie.Broken = e.broken.Error()
			}
			h.Entries = append(h.Entries, ie)
		}
		x.have[a.path] = h
	}
}

// judge fills in the sets.
func (c *Collection) judge(sh *shelf) {
	for _, t := range All() {
		if t.IsDevice || !near(sh, t) {
			continue
		}
		s, _ := Lookup(t.Name)
		r := judge(sh, s, nil)
		if r.Verdict == VerdictNotFound {
			continue
		}
		state := SetState{Title: t, Verdict: r.Verdict}
		for i := range r.Files {
			switch r.Files[i].State {
			case StateNoDump, StateOptional, StateOtherBIOS:
				continue
			}
			state.Files++
			if !r.Files[i].ok() {
				state.Missing++
			}
		}
		c.Sets = append(c.Sets, state)
	}
}

// near reports whether files of a set can be there at all: there is an archive
// named after it or, as merged archives hold clones, after its parent.
func near(sh *shelf, t Title) bool {
	return sh.finder.Has(t.Name) || t.Parent != "" && sh.finder.Has(t.Parent)
}
