package romset

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
)

// A Finder looks for ROM files in a list of folders, the ROM paths. Each may
// hold archives named after sets: NAME/, NAME.zip or NAME.7z, in that order of
// preference. It reads each path's list once; make a new one to see changes.
//
// A Finder may be used by several goroutines.
type Finder struct {
	paths []string
	mu    sync.Mutex
	lists []*pathList
}

// pathList is what is in one ROM path.
type pathList struct {
	path string
	err  error
	// set name in lower case -> kind -> actual name
	items map[string]map[string]string
}

var archiveKinds = []string{"folder", "zip", "7z"}

// NewFinder returns a Finder for the given ROM paths, earlier ones preferred.
func NewFinder(paths ...string) *Finder { return &Finder{paths: paths} }

// Paths returns the ROM paths.
func (f *Finder) Paths() []string { return f.paths }

func (f *Finder) load() []*pathList {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lists == nil && len(f.paths) > 0 {
		for _, p := range f.paths {
			f.lists = append(f.lists, readPath(p))
		}
	}
	return f.lists
}

func readPath(path string) *pathList {
	l := &pathList{path: path, items: map[string]map[string]string{}}
	dir, err := os.Open(path)
	if err != nil {
		l.err = err
		return l
	}
	defer dir.Close()
	items, err := dir.ReadDir(-1)
	if err != nil && len(items) == 0 {
		l.err = err
		return l
	}
	sort.Slice(items, func(i, j int) bool { return items[i].Name() < items[j].Name() })
	for _, it := range items {
		name := it.Name()
		lower := strings.ToLower(name)
		kind, stem := "", ""
		isDir := it.IsDir()
		if it.Type()&os.ModeSymlink != 0 {
			info, err := os.Stat(filepath.Join(path, name))
			isDir = err == nil && info.IsDir()
		}
		switch {
		case isDir:
			kind, stem = "folder", lower
		case strings.HasSuffix(lower, ".zip"):
			kind, stem = "zip", strings.TrimSuffix(lower, ".zip")
		case strings.HasSuffix(lower, ".7z"):
			kind, stem = "7z", strings.TrimSuffix(lower, ".7z")
		default:
			continue
		}
		kinds := l.items[stem]
		if kinds == nil {
			kinds = map[string]string{}
			l.items[stem] = kinds
		}
		if _, dup := kinds[kind]; !dup || name == stem || name == stem+"."+kind { // the exact spelling wins
			kinds[kind] = name
		}
	}
	return l
}

// archives returns the paths of all archives of a set, best first.
func (f *Finder) archives(set string) (found []archiveRef) {
	for _, l := range f.load() {
		kinds := l.items[strings.ToLower(set)]
		for _, kind := range archiveKinds {
			if name, ok := kinds[kind]; ok {
				found = append(found, archiveRef{filepath.Join(l.path, name), kind, set})
			}
		}
	}
	return found
}

type archiveRef struct{ path, kind, set string }

// Has reports whether there is an archive named after the set.
func (f *Finder) Has(set string) bool { return len(f.archives(set)) > 0 }

// A shelf is the archives opened for one question; close it afterwards.
type shelf struct {
	finder *Finder
	open   map[string][]*openArchive // by set
	openAt func(path, kind, set string) *openArchive
}

func (f *Finder) shelf() *shelf { return &shelf{f, map[string][]*openArchive{}, openAt} }

func (s *shelf) archives(set string) []*openArchive {
	list, ok := s.open[set]
	if !ok {
		for _, ref := range s.finder.archives(set) {
			list = append(list, s.openAt(ref.path, ref.kind, ref.set))
		}
		s.open[set] = list
	}
	return list
}

func (s *shelf) close() {
	for _, list := range s.open {
		for _, a := range list {
			a.close()
		}
	}
}
