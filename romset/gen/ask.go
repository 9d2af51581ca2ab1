package main

import (
	"archive/zip"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"arcade/romset"
	"arcade/romset/internal/fill"
	"arcade/romset/internal/mame"
)

type generator struct {
	answers  map[string]*answer // read so far
	supposed []string           // sets placed without asking
	cache    string
	scratch  string
	sets     map[string]*romset.Set
	spaces   map[string][]string
}

// An answer is what is kept of one run of MAME.
type answer struct {
	Regions []answerRegion
	Spaces  []answerSpace
	Ports   []mame.Port
	Has     []string
	Derived map[string]derived // by region; not for check seeds
}

type answerRegion struct {
	Tag       string
	Size      int
	Width     int
	BigEndian bool
	SHA1      string
}

type answerSpace struct{ Spec, SHA1 string }

func (g *generator) answerPath(set, seed, bios string) string {
	if bios != "" {
		set += "@" + bios
	}
	return filepath.Join(g.cache, seed, set+".json")
}

func (g *generator) answer(set, seed, bios string) (*answer, error) {
	b, err := os.ReadFile(g.answerPath(set, seed, bios))
	if err != nil {
		return nil, err
	}
	a := &answer{}
	return a, json.Unmarshal(b, a)
}

// known reports whether there is an answer for a set.
func (g *generator) known(s *romset.Set, seed string) bool {
	_, err := os.Stat(g.answerPath(s.Name, seed, ""))
	return err == nil
}

// cached is answer for relatives, which are asked for again and again.
func (g *generator) cached(s *romset.Set, seed string) (*answer, error) {
	if a := g.answers[s.Name]; a != nil {
		return a, nil
	}
	a, err := g.answer(s.Name, seed, "")
	if err == nil {
		if g.answers == nil {
			g.answers = map[string]*answer{}
		}
		g.answers[s.Name] = a
	}
	return a, err
}

// choices lists the BIOS choices to ask about: the default, and for a set that
// has BIOS files of its own, each of them.
func (g *generator) choices(s *romset.Set, all bool) []string {
	list := []string{""}
	if !all {
		return list
	}
	own := map[string]bool{}
	for _, f := range s.Files {
		if f.BIOS != "" && f.Merge == "" {
			own[f.BIOS] = true
		}
	}
	for _, b := range s.BIOSes {
		if own[b.Name] {
			list = append(list, b.Name)
		}
	}
	return list
}

// ask runs MAME unless its answer is known.
func (g *generator) ask(s *romset.Set, seed, bios string, derive bool) error {
	path := g.answerPath(s.Name, seed, bios)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if !s.Runnable || needsDisk(s) {
		return nil
	}
	start := time.Now()
	dir, err := os.MkdirTemp(g.scratch, "gen")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	roms, work := filepath.Join(dir, "roms"), filepath.Join(dir, "work")
	for _, d := range []string{roms, work} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return err
		}
	}
	files, err := g.fillSet(s, seed, roms)
	if err != nil {
		return err
	}
	var args []string
	if bios != "" {
		args = []string{"-bios", bios}
	}
	got, err := mame.Ask(work, s.Name, roms, g.spaces[s.Source], args...)
	if err != nil {
		return err
	}
	asked := time.Since(start)
	a := answer{Has: got.Has, Ports: got.Ports}
	sort.Strings(a.Has)
	sort.Slice(got.Regions, func(i, j int) bool { return got.Regions[i].Tag < got.Regions[j].Tag })
	raw := map[string][]byte{}
	for _, r := range got.Regions {
		a.Regions = append(a.Regions, answerRegion{r.Tag, r.Size, r.Width, r.BigEndian, hash(r.Data)})
		raw[r.Tag] = r.Data
	}
	if derive {
		if err := undo(s, raw); err != nil {
			return err
		}
		a.Derived = map[string]derived{}
		hidden := opaque(s)
		f := newFinder(files)
		for tag, data := range raw {
			if !slices.Contains(hidden, tag) {
				d, ok := g.guess(s, seed, tag, data, files)
				if !ok {
					d = f.derive(data)
				}
				a.Derived[tag] = d
			}
		}
	}
	for _, sp := range got.Spaces {
		a.Spaces = append(a.Spaces, answerSpace{sp.Spec, hash(sp.Data)})
	}
	b, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	unknown := ""
	for tag, d := range a.Derived {
		if d.Unknown > 0 {
			unknown += fmt.Sprintf(" %s?", tag)
		}
		if len(d.Pieces) > 64 || len(d.Patches) > 32 {
			unknown += fmt.Sprintf(" %s:%d+%d", tag, len(d.Pieces), len(d.Patches))
		}
	}
	log.Printf("%s %s %s: %.1fs + %.1fs%s", seed, s.Name, bios, asked.Seconds(), time.Since(start).Seconds()-asked.Seconds(), unknown)
	return os.WriteFile(path, b, 0o644)
}

func hash(b []byte) string {
	sum := sha1.Sum(b)
	return hex.EncodeToString(sum[:])
}

func needsDisk(s *romset.Set) bool {
	for _, d := range s.Disks {
		if !d.Optional && d.Status != romset.NoDump {
			return true
		}
	}
	return false
}

// deviceSets returns the device sets with files that s has, in the order in
// which Set.AllFiles numbers their files.
func (g *generator) deviceSets(s *romset.Set) []*romset.Set {
	var list []*romset.Set
	seen := map[string]bool{}
	var walk func(names []string)
	walk = func(names []string) {
		for _, n := range names {
			d := g.sets[n]
			if d == nil || seen[n] {
				continue
			}
			seen[n] = true
			if len(d.Files) > 0 {
				list = append(list, d)
			}
			walk(d.Devices)
		}
	}
	walk(s.Devices)
	return list
}

// fillSet makes up the files of a set and its devices, in full, and returns
// those that MAME can have loaded.
func (g *generator) fillSet(s *romset.Set, seed, dir string) ([]source, error) {
	var files []source
	n := 0
	for _, m := range append([]*romset.Set{s}, g.deviceSets(s)...) {
		f, err := os.Create(filepath.Join(dir, m.Name+".zip"))
		if err != nil {
			return nil, err
		}
		z := zip.NewWriter(f)
		done := map[string]bool{}
		for _, file := range m.Files {
			index := n
			n++
			if file.Size == 0 || done[file.Name] {
				continue
			}
			done[file.Name] = true
			data := fill.Content(seed, fill.Key(file.SHA1, file.CRC, file.Name), int(file.Size))
			w, err := z.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Store})
			if err != nil {
				return nil, err
			}
			if _, err := w.Write(data); err != nil {
				return nil, err
			}
			files = append(files, source{index, data})
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return files, nil
}
