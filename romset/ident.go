package romset

import (
	"crypto/sha1"
	"encoding/hex"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
)

// An Identity tells what a file is, whatever its name.
type Identity struct {
	Path   string  `json:"path"`           // the file, or the archive
	Name   string  `json:"name,omitempty"` // the name inside of the archive
	Size   int64   `json:"size"`
	CRC    string  `json:"crc,omitempty"`
	SHA1   string  `json:"sha1,omitempty"`  // of files that were read
	Owners []Owner `json:"owners"`          // parents first; empty if nobody has it
	Error  string  `json:"error,omitempty"` // why it could not be read
}

// Ident identifies files, the files in archives, and everything in folders,
// in the order of their paths. In archives the checksums of their own lists
// are believed. Files of a size that no ROM has are not read.
func Ident(paths ...string) []Identity {
	var files []string
	var out []Identity
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				out = append(out, Identity{Path: path, Error: explainOpen(err).Error(), Owners: []Owner{}})
				return nil
			}
			if d.Type().IsRegular() || path == p && !d.IsDir() {
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			out = append(out, Identity{Path: p, Error: explainOpen(err).Error(), Owners: []Owner{}})
		}
	}
	x := &identifier{sizes: knownSizes()}
	results := make([][]Identity, len(files))
	work := make(chan int)
	var wg sync.WaitGroup
	for range min(8, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			buf := make([]byte, 1<<20)
			for i := range work {
				results[i] = x.file(files[i], buf)
			}
		})
	}
	for i := range files {
		work <- i
	}
	close(work)
	wg.Wait()
	for _, r := range results {
		out = append(out, r...)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

// An identifier remembers whose files are, as collections have many copies of some.
type identifier struct {
	sizes  map[int64]bool // that some file of the database has
	owners sync.Map       // dumpKey -> []Owner
}

func (x *identifier) identify(crc uint32, size int64) []Owner {
	key := dumpKey{crc, size}
	if list, ok := x.owners.Load(key); ok {
		return list.([]Owner)
	}
	list := Identify(crc, size)
	x.owners.Store(key, list)
	return list
}

func knownSizes() map[int64]bool {
	sizes := map[int64]bool{}
	for k := range dumps() {
		sizes[k.size] = true
	}
	return sizes
}

func (x *identifier) file(path string, buf []byte) []Identity {
	kind := ""
	switch strings.ToLower(filepath.Ext(path)) {
	case ".zip":
		kind = "zip"
	case ".7z":
		kind = "7z"
	}
	if kind == "" {
		return []Identity{x.plain(path, buf)}
	}
	a := openAt(path, kind, "")
	defer a.close()
	if a.err != nil {
		return []Identity{{Path: path, Error: a.err.Error(), Owners: []Owner{}}}
	}
	var list []Identity
	for _, e := range a.list {
		id := Identity{Path: path, Name: e.name, Size: e.size, Owners: []Owner{}}
		if e.broken != nil {
			id.Error = e.broken.Error()
		} else if x.sizes[e.size] {
			if crc, ok := e.checksum(); ok {
				id.CRC = crcText(crc)
				id.Owners = append(id.Owners, x.identify(crc, e.size)...)
			}
		} else if e.hasCRC {
			id.CRC = crcText(e.crc)
		}
		list = append(list, id)
	}
	return list
}

func (x *identifier) plain(path string, buf []byte) Identity {
	id := Identity{Path: path, Owners: []Owner{}}
	f, err := os.Open(path)
	if err != nil {
		id.Error = explainOpen(err).Error()
		return id
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		id.Error = "not a file"
		return id
	}
	id.Size = info.Size()
	if !x.sizes[id.Size] {
		return id
	}
	crc, sha := crc32.NewIEEE(), sha1.New()
	if _, err := io.CopyBuffer(io.MultiWriter(crc, sha), struct{ io.Reader }{f}, buf); err != nil {
		id.Error = explainOpen(err).Error()
		return id
	}
	id.CRC, id.SHA1 = crcText(crc.Sum32()), hex.EncodeToString(sha.Sum(nil))
	for _, o := range x.identify(crc.Sum32(), id.Size) {
		if o.SHA1 == "" || o.SHA1 == id.SHA1 {
			id.Owners = append(id.Owners, o)
		}
	}
	return id
}
