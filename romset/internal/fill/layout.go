package fill

import (
	"archive/zip"
	"os"
	"path/filepath"
	"sort"

	"arcade/romset"
)

// A Layout is a way of dividing files among archives.
type Layout string

const (
	Full   Layout = "full"   // every set holds all of its files
	Split  Layout = "split"  // what a parent or BIOS has under the same name is only there
	Merged Layout = "merged" // clones live in their parent's archive, in a folder where names clash
)

// A Plan maps archive names (without extension) to file names to files.
type Plan map[string]map[string]*romset.File

// NewPlan divides the files of sets, of their devices and of what they take
// files from.
func NewPlan(names []string, layout Layout) Plan {
	sets := map[string]*romset.Set{}
	var order []*romset.Set
	var add func(name string)
	add = func(name string) {
		s, ok := romset.Lookup(name)
		if !ok || sets[s.Name] != nil {
			return
		}
		sets[s.Name] = s
		order = append(order, s)
		for _, d := range s.DeviceSets() {
			add(d.Name)
		}
		add(s.RomOf)
		add(s.Parent)
	}
	for _, n := range names {
		add(n)
	}
	plan := Plan{}
	for _, s := range order {
		for i := range s.Files {
			f := &s.Files[i]
			if f.Status == romset.NoDump && f.Size == 0 {
				continue
			}
			home, name := s, f.Name
			archive := s.Name
			if layout != Full && f.Merge == f.Name {
				home = origin(sets, sets[s.RomOf], f.Name)
				archive = home.Name
			}
			if layout == Merged && home.Parent != "" {
				archive = home.Parent // which the database need not have
				if clash(sets[archive], plan[archive], f) {
					name = home.Name + "/" + name
				}
			}
			if plan[archive] == nil {
				plan[archive] = map[string]*romset.File{}
			}
			if plan[archive][name] == nil {
				plan[archive][name] = f
			}
		}
	}
	return plan
}

// origin climbs to the set that really has a merged file.
func origin(sets map[string]*romset.Set, s *romset.Set, name string) *romset.Set {
	for {
		merged := false
		for i := range s.Files {
			if s.Files[i].Name == name {
				merged = s.Files[i].Merge == name && s.RomOf != ""
				break
			}
		}
		if !merged {
			return s
		}
		s = sets[s.RomOf]
	}
}

func clash(parent *romset.Set, have map[string]*romset.File, f *romset.File) bool {
	if parent != nil {
		for i := range parent.Files {
			if p := &parent.Files[i]; p.Name == f.Name && p.SHA1 != f.SHA1 {
				return true
			}
		}
	}
	other := have[f.Name]
	return other != nil && other.SHA1 != f.SHA1
}

// Write makes the archives of a plan as uncompressed zips in dir.
func (p Plan) Write(dir, seed string) error {
	return p.WriteWith(dir, func(f *romset.File) []byte { return FileContent(seed, f) })
}

// Remembering is FileContent that makes each file but once, for plans with much in common.
func Remembering(seed string) func(*romset.File) []byte {
	made := map[string][]byte{}
	return func(f *romset.File) []byte {
		key := Key(f.SHA1, f.CRC, f.Name)
		if b, ok := made[key]; ok && len(b) == int(f.Size) {
			return b
		}
		made[key] = FileContent(seed, f)
		return made[key]
	}
}

// WriteWith is Write for content of another kind.
func (p Plan) WriteWith(dir string, content func(*romset.File) []byte) error {
	for name, files := range p {
		f, err := os.Create(filepath.Join(dir, name+".zip"))
		if err != nil {
			return err
		}
		z := zip.NewWriter(f)
		for _, n := range Names(files) {
			w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store})
			if err != nil {
				return err
			}
			if _, err := w.Write(content(files[n])); err != nil {
				return err
			}
		}
		if err := z.Close(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Names returns the file names of an archive in order.
func Names(files map[string]*romset.File) []string {
	list := make([]string, 0, len(files))
	for n := range files {
		list = append(list, n)
	}
	sort.Strings(list)
	return list
}

// FileContent returns the made-up content of a file.
func FileContent(seed string, f *romset.File) []byte {
	return Content(seed, Key(f.SHA1, f.CRC, f.Name), int(f.Size))
}
