package romset

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A folder holds the files of a set unpacked, clones perhaps in subfolders.
// Access goes through os.Root, so links cannot lead out of it.
type folder struct {
	root *os.Root
	list []*archiveEntry
}

// Limits of what is looked at in a folder.
const (
	maxFolderDepth = 2
	maxFolderFiles = 20000
)

func openFolder(path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	f := &folder{root: root}
	if err := f.scan(".", 0); err != nil {
		root.Close()
		return nil, err
	}
	return f, nil
}

func (f *folder) scan(dir string, depth int) error {
	items, err := fs.ReadDir(f.root.FS(), filepath.ToSlash(dir))
	if err != nil {
		return err
	}
	for _, it := range items {
		name := it.Name()
		if dir != "." {
			name = dir + "/" + name
		}
		if it.IsDir() {
			if depth+1 < maxFolderDepth {
				f.scan(name, depth+1) // an unreadable subfolder is as good as none
			}
			continue
		}
		info, err := f.root.Stat(filepath.FromSlash(name)) // follows links, but not out of the folder
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if len(f.list) == maxFolderFiles {
			return nil
		}
		f.list = append(f.list, &archiveEntry{name: name, size: info.Size(), index: len(f.list)})
	}
	return nil
}

func (f *folder) entries() []*archiveEntry { return f.list }

func (f *folder) read(want []*archiveEntry, use func(*archiveEntry, io.Reader, error) error) error {
	for _, e := range want {
		file, err := f.root.Open(filepath.FromSlash(e.name))
		if err != nil {
			err = explainOpen(err)
		}
		err = use(e, file, err)
		if file != nil {
			file.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) close() error { return f.root.Close() }
