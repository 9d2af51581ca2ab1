// Package library is the collection of games: what the database knows, what is
// in the ROM folders, what a person likes and played last.
package library

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/screens"
	"arcade/cmd/arcade/settings"
	"arcade/game"
	"arcade/machine"
	"arcade/romset"
)

// Library implements screens.Library. Its methods may be called from any
// goroutine.
type Library struct {
	mu      sync.Mutex
	folders settings.Folders
	extra   []string // ROM paths besides the settings'
	paths   *[]string
	games   []screens.Game
	gen     int
	busy    string
	scan    int // number of the running scan
	marks   marks
	shots   map[string]*image.NRGBA
}

// marks is what is remembered between two starts, in a file of the program's
// own.
type marks struct {
	Favourites []string `json:"favourites"`
	Recent     []string `json:"recent"`
}

const mostRecent = 50

// New makes a library and starts to look for games. paths are the ROM folders
// of the settings, extra those besides.
func New(f settings.Folders, paths *[]string, extra []string) *Library {
	l := &Library{folders: f, paths: paths, extra: extra, shots: map[string]*image.NRGBA{}, games: []screens.Game{own}}
	if b, err := os.ReadFile(l.marksFile()); err == nil {
		// A damaged file is as good as none.
		_ = json.Unmarshal(b, &l.marks)
	}
	l.Rescan()
	return l
}

func (l *Library) marksFile() string { return filepath.Join(l.folders.State, "library.json") }

// Finder looks for ROM files in all folders.
func (l *Library) Finder() *romset.Finder {
	l.mu.Lock()
	defer l.mu.Unlock()
	return romset.NewFinder(append(slices.Clone(*l.paths), l.extra...)...)
}

// Open loads a game's files, with the BIOS of its settings, and builds its machine.
func (l *Library) Open(name string) (*machine.Machine, []string, error) {
	own := settings.Default()
	settings.Load(own, l.folders.GameFile(name), true) // mistakes are reported when the rest of it is used
	g, err := load.OpenWith(name, l.Finder(), load.Options{BIOS: own.BIOS})
	if err != nil {
		return nil, nil, err
	}
	m, err := g.Build()
	return m, g.Warnings, err
}

// Rescan looks through the folders in the background.
func (l *Library) Rescan() {
	finder := l.Finder()
	l.mu.Lock()
	l.scan++
	mine := l.scan
	l.busy = "looking for games"
	l.mu.Unlock()
	go func() {
		index := romset.OpenIndex(filepath.Join(l.folders.State, "roms.index"))
		c, err := index.Scan(context.Background(), finder, func(done, total int) {
			l.mu.Lock()
			if l.scan == mine {
				l.busy = fmt.Sprintf("looking for games: %d of %d", done, total)
			}
			l.mu.Unlock()
		})
		// Without the index the next start only takes longer.
		_ = index.Save()
		games := []screens.Game{own}
		if err == nil {
			games = append(games, list(c)...)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.scan == mine {
			l.games, l.busy = games, ""
			l.gen++
		}
	}()
}

// own is the game that comes with the program, and needs no files.
var own = screens.Game{Name: game.Name, Title: game.Title, Year: game.Year, Maker: game.Maker, Builtin: true}

// list makes the games of the list: those of which something is there, and all
// others of the boards that are emulated.
func list(c *romset.Collection) []screens.Game {
	found := map[string]*romset.SetState{}
	for i := range c.Sets {
		found[c.Sets[i].Name] = &c.Sets[i]
	}
	emulated := map[string]bool{}
	for _, d := range machine.Drivers() {
		for _, s := range d.Sets {
			emulated[s] = true
		}
	}
	var out []screens.Game
	for _, t := range romset.All() {
		if t.IsBIOS || t.IsDevice {
			continue
		}
		s := found[t.Name]
		if s == nil && !emulated[t.Name] {
			continue
		}
		g := screens.Game{Name: t.Name, Title: t.Description, Year: t.Year, Maker: t.Manufacturer, Parent: t.Parent}
		switch {
		case !emulated[t.Name]:
			g.State, g.Why = screens.NoBoard, "its board ("+t.Source+") is not emulated yet"
		case s == nil || s.Verdict == romset.VerdictNotFound:
			g.State, g.Why = screens.Missing, fmt.Sprintf("its files were not found: put %s.zip into a ROM folder", t.Name)
		case s.Verdict == romset.VerdictIncomplete:
			g.State, g.Why = screens.Missing, fmt.Sprintf("%d of its %d files are missing; `arcade verify %s` names them", s.Missing, s.Files, t.Name)
		case s.Verdict == romset.VerdictBad:
			g.State, g.Why = screens.Doubt, fmt.Sprintf("%d of its %d files are not as they should be; it may run", s.Missing, s.Files)
		}
		out = append(out, g)
	}
	return out
}

// Games implements screens.Library.
func (l *Library) Games() []screens.Game {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.games
}

// Generation implements screens.Library.
func (l *Library) Generation() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gen
}

// Busy implements screens.Library.
func (l *Library) Busy() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.busy
}

// Favourite implements screens.Library.
func (l *Library) Favourite(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Contains(l.marks.Favourites, name)
}

// SetFavourite implements screens.Library.
func (l *Library) SetFavourite(name string, on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.marks.Favourites = slices.DeleteFunc(l.marks.Favourites, func(n string) bool { return n == name })
	if on {
		l.marks.Favourites = append(l.marks.Favourites, name)
	}
	l.gen++
	l.saveMarks()
}

// Recent implements screens.Library.
func (l *Library) Recent() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.marks.Recent)
}

// Played remembers that a game was started.
func (l *Library) Played(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := slices.DeleteFunc(l.marks.Recent, func(n string) bool { return n == name })
	l.marks.Recent = append([]string{name}, r...)
	l.marks.Recent = l.marks.Recent[:min(len(l.marks.Recent), mostRecent)]
	l.gen++
	l.saveMarks()
}

// saveMarks writes the program's own file. That it cannot be written is no
// reason to disturb anybody.
func (l *Library) saveMarks() {
	b, err := json.MarshalIndent(l.marks, "", "  ")
	if err == nil && os.MkdirAll(filepath.Dir(l.marksFile()), 0o777) == nil {
		_ = os.WriteFile(l.marksFile(), b, 0o666)
	}
}

// Shot is the newest screenshot of a game, or nil.
func (l *Library) Shot(name string) *image.NRGBA {
	l.mu.Lock()
	defer l.mu.Unlock()
	if pic, ok := l.shots[name]; ok {
		return pic
	}
	files, _ := filepath.Glob(filepath.Join(l.folders.Shots(), name+"-[0-9]*.png"))
	slices.Sort(files)
	var pic *image.NRGBA
	if n := len(files); n > 0 {
		pic = ReadPNG(files[n-1])
	}
	l.shots[name] = pic
	return pic
}

// ForgetShot makes Shot look again.
func (l *Library) ForgetShot(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.shots, name)
}

// ReadPNG reads a picture, or gives nil.
func ReadPNG(file string) *image.NRGBA {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil || img.Bounds().Dx() > 4096 || img.Bounds().Dy() > 4096 {
		return nil
	}
	out := image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// Folders implements screens.Library.
func (l *Library) Folders() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(slices.Clone(*l.paths), l.extra...)
}

// Browse implements screens.Library.
func (l *Library) Browse(at, sub string) (string, []string, error) {
	where := filepath.Join(at, sub)
	if at == "" && sub == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = string(filepath.Separator)
		}
		where = home
	}
	entries, err := os.ReadDir(where)
	if err != nil {
		return "", nil, fmt.Errorf("the folder cannot be read: %w", err)
	}
	var subs []string
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(where, e.Name())) // through links
		if err == nil && info.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			subs = append(subs, e.Name())
		}
	}
	return where, subs, nil
}

// AddFolder implements screens.Library.
func (l *Library) AddFolder(path string) error {
	path = strings.TrimSpace(path)
	if rest, ok := strings.CutPrefix(path, "~"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = home + rest
		}
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("there is no folder %s: check the spelling", path)
	case !info.IsDir():
		return fmt.Errorf("%s is a file: give the folder that it is in", path)
	}
	l.mu.Lock()
	if !slices.Contains(*l.paths, path) {
		*l.paths = append(*l.paths, path)
	}
	l.mu.Unlock()
	l.Rescan()
	return nil
}

// RemoveFolder implements screens.Library.
func (l *Library) RemoveFolder(path string) error {
	l.mu.Lock()
	i := slices.Index(*l.paths, path)
	if i < 0 {
		l.mu.Unlock()
		return fmt.Errorf("%s comes from the command line, from $ARCADE_ROMPATH or is one of the usual places; only folders of the settings can be removed", path)
	}
	*l.paths = slices.Delete(*l.paths, i, i+1)
	l.mu.Unlock()
	l.Rescan()
	return nil
}

// SetPaths makes another list the ROM folders of the settings.
func (l *Library) SetPaths(paths *[]string) {
	l.mu.Lock()
	l.paths = paths
	l.mu.Unlock()
}
