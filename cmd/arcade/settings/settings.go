// Package settings holds what a person can set, and reads and writes it as
// TOML. A file that has mistakes is read as far as it makes sense: each mistake
// is named with its line, and the default is used.
package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"arcade/cmd/arcade/inputmap"

	"github.com/adrg/xdg"
)

// Settings are all of them. The zero value is of no use: see Default.
type Settings struct {
	ROMPaths []string

	Scaling     string // fit, integer, fill
	Aspect      string // monitor, pixels
	Rotation    string // auto, right, half, left
	Shader      string // none, sharp-bilinear, scanlines, crt
	Fullscreen  bool
	DisplayLock bool
	UIScale     int

	Volume  int // percent
	Latency int // milliseconds
	Mute    bool

	SOCD       string
	Bindings   inputmap.Bindings // entries that differ from the defaults
	Autofire   map[inputmap.Action]inputmap.Autofire
	MousePace  int // percent
	RunAhead   int // frames
	Rewind     bool
	MenuPauses bool
	BlurPauses bool

	BIOS string            // of a game: the BIOS choice, "" for the default
	DIPs map[string]string // of a game: switch -> position
}

// Rotations are the names of Rotation, in steps of 90 degrees clockwise.
var Rotations = []string{"auto", "right", "half", "left"}

// Names of the other choices.
var (
	Scalings = []string{"fit", "integer", "fill"}
	Aspects  = []string{"monitor", "pixels"}
	Shaders  = []string{"none", "sharp-bilinear", "scanlines", "crt"}
)

// Default are the settings of a new installation.
func Default() *Settings {
	return &Settings{Scaling: "fit", Aspect: "monitor", Rotation: "auto", Shader: "sharp-bilinear", DisplayLock: true,
		Volume: 100, Latency: 40, SOCD: "neutral", MousePace: 100, Rewind: true, MenuPauses: true,
		Bindings: inputmap.Bindings{}, Autofire: map[inputmap.Action]inputmap.Autofire{}, DIPs: map[string]string{}}
}

// option is one key of the file.
type option struct {
	key  string // with its table: "video.shader"
	doc  string
	game bool // may also stand in the file of a game
	get  func(s *Settings) string
	set  func(s *Settings, v any) error
}

func boolean(key, doc string, game bool, at func(s *Settings) *bool) option {
	return option{key, doc, game, func(s *Settings) string { return strconv.FormatBool(*at(s)) }, func(s *Settings, v any) error {
		b, ok := v.(bool)
		if !ok {
			return fmt.Errorf("it should be true or false")
		}
		*at(s) = b
		return nil
	}}
}

func number(key, doc string, game bool, lo, hi int, at func(s *Settings) *int) option {
	return option{key, doc, game, func(s *Settings) string { return strconv.Itoa(*at(s)) }, func(s *Settings, v any) error {
		n, ok := v.(int64)
		if !ok || n < int64(lo) || n > int64(hi) {
			return fmt.Errorf("it should be a whole number from %d to %d", lo, hi)
		}
		*at(s) = int(n)
		return nil
	}}
}

func name(key, doc string, game bool, names []string, at func(s *Settings) *string) option {
	return option{key, doc + " One of " + strings.Join(names, ", ") + ".", game, func(s *Settings) string { return strconv.Quote(*at(s)) }, func(s *Settings, v any) error {
		t, ok := v.(string)
		if !ok || !slices.Contains(names, t) {
			return fmt.Errorf("it should be one of %s", strings.Join(names, ", "))
		}
		*at(s) = t
		return nil
	}}
}

// biosKey is of no use but for one game.
const biosKey = "play.bios"

// fits reports whether the option may stand in the file of a game, or in that of the program.
func (o *option) fits(game bool) bool {
	if o.key == biosKey {
		return game
	}
	return !game || o.game
}

// text is an option of games: any text, as only a game's own list tells whether it is right.
func text(key, doc string, at func(s *Settings) *string) option {
	return option{key, doc, true, func(s *Settings) string { return strconv.Quote(*at(s)) }, func(s *Settings, v any) error {
		t, ok := v.(string)
		if !ok {
			return fmt.Errorf("it should be a text in quotes")
		}
		*at(s) = t
		return nil
	}}
}

// options are all keys with fixed names, in the order of the file.
var options = []option{
	{"paths.roms", "Folders in which ROM files are looked for, before $ARCADE_ROMPATH, ./roms and the user's data folder.", false,
		func(s *Settings) string { return quoteList(s.ROMPaths) }, func(s *Settings, v any) (err error) {
			s.ROMPaths, err = stringList(v)
			return err
		}},
	name("video.scaling", "Size of the picture: as large as it fits, in whole multiples of its pixels, or the whole window.", true, Scalings, func(s *Settings) *string { return &s.Scaling }),
	name("video.aspect", "Shape of the picture: that of the monitor (4:3), or square pixels.", true, Aspects, func(s *Settings) *string { return &s.Aspect }),
	name("video.rotation", "Turns the picture, on top of what the game wants.", true, Rotations, func(s *Settings) *string { return &s.Rotation }),
	name("video.shader", "How pixels are drawn.", true, Shaders, func(s *Settings) *string { return &s.Shader }),
	boolean("video.fullscreen", "Fill the screen from the start.", false, func(s *Settings) *bool { return &s.Fullscreen }),
	boolean("video.display_lock", "Follow the display where its rate is within 1 % of the game's.", true, func(s *Settings) *bool { return &s.DisplayLock }),
	number("video.ui_scale", "Size of menus; 0 chooses by the size of the window.", false, 0, 12, func(s *Settings) *int { return &s.UIScale }),
	number("sound.volume", "In percent.", true, 0, 100, func(s *Settings) *int { return &s.Volume }),
	number("sound.latency", "Most sound that waits to be heard, in milliseconds. Takes effect at the next start.", false, 20, 250, func(s *Settings) *int { return &s.Latency }),
	boolean("sound.mute", "No sound.", false, func(s *Settings) *bool { return &s.Mute }),
	name("input.socd", "What two opposite directions at once give: neither, the one pressed last, the one pressed first, up (left and right give neither), or both.", true, inputmap.SOCDNames, func(s *Settings) *string { return &s.SOCD }),
	number("input.mouse", "Speed of the mouse as a dial or stick, in percent.", true, 1, 1000, func(s *Settings) *int { return &s.MousePace }),
	number("play.run_ahead", "Frames by which the picture comes early, to hide the game's own lag.", true, 0, 4, func(s *Settings) *int { return &s.RunAhead }),
	boolean("play.rewind", "Remember the last minutes, to go back.", true, func(s *Settings) *bool { return &s.Rewind }),
	boolean("play.menu_pauses", "The game stands still while a menu is open.", false, func(s *Settings) *bool { return &s.MenuPauses }),
	text(biosKey, "The BIOS that the game starts with; `arcade info SET` lists them. Empty: the usual one.", func(s *Settings) *string { return &s.BIOS }),
	boolean("play.blur_pauses", "The game stands still while another window has the keyboard.", false, func(s *Settings) *bool { return &s.BlurPauses }),
}

// Tables whose keys have names of their own.
const (
	bindingsTable = "input.bindings"
	autofireTable = "input.autofire"
	dipsTable     = "dips"
)

func quoteList(list []string) string {
	var q []string
	for _, s := range list {
		q = append(q, strconv.Quote(s))
	}
	return "[" + strings.Join(q, ", ") + "]"
}

func stringList(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("it should be a list of texts, such as [\"a\", \"b\"]")
	}
	var out []string
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			return nil, fmt.Errorf("it should be a list of texts, such as [\"a\", \"b\"]")
		}
		out = append(out, s)
	}
	return out, nil
}

// put sets what a file says under a key.
func (s *Settings) put(table, key string, v any, game bool) error {
	full := key
	if table != "" {
		full = table + "." + key
	}
	switch table {
	case bindingsTable, autofireTable:
		// What only one game has may stand in the file of that game: see Check.
		if !game && !inputmap.Known(inputmap.Action(key)) {
			return errors.New("neither a control nor a hotkey has this name (what only one game has belongs into the file of that game)")
		}
	}
	switch table {
	case bindingsTable:
		names, err := stringList(v)
		if err != nil {
			return err
		}
		sources := []inputmap.Source{}
		for _, n := range names {
			src, err := inputmap.ParseSource(n)
			if err != nil {
				return err
			}
			sources = append(sources, src)
		}
		s.Bindings[inputmap.Action(key)] = sources
		return nil
	case autofireTable:
		list, ok := v.([]any)
		if ok && len(list) == 2 {
			on, ok1 := list[0].(int64)
			off, ok2 := list[1].(int64)
			if ok1 && ok2 && on >= 1 && off >= 1 && on <= 600 && off <= 600 {
				s.Autofire[inputmap.Action(key)] = inputmap.Autofire{On: int(on), Off: int(off)}
				return nil
			}
		}
		return errors.New("it should be two numbers of frames, such as [2, 2]: so long pressed, so long not")
	case dipsTable:
		t, ok := v.(string)
		if !ok || !game {
			return fmt.Errorf("it should be the name of a position, in the file of a game")
		}
		s.DIPs[key] = t
		return nil
	}
	for _, o := range options {
		if o.key == full {
			switch {
			case o.fits(game):
			case game:
				return fmt.Errorf("it cannot be set for one game")
			default:
				return fmt.Errorf("it can only be set for one game, in the file of that game")
			}
			return o.set(s, v)
		}
	}
	return errUnknown(full)
}

// isTable reports whether a table has a meaning.
func isTable(name string) bool {
	switch name {
	case bindingsTable, autofireTable, dipsTable:
		return true
	}
	for _, o := range options {
		if strings.HasPrefix(o.key, name+".") {
			return true
		}
	}
	return false
}

// errNoTable is the error about a table without a meaning.
func errNoTable(name string) error {
	names := []string{bindingsTable, autofireTable, dipsTable}
	for _, o := range options {
		if t, _, _ := strings.Cut(o.key, "."); !slices.Contains(names, t) {
			names = append(names, t)
		}
	}
	slices.Sort(names)
	return fmt.Errorf("there is no such table; those that there are: %s", strings.Join(names, ", "))
}

// errUnknown is the error about a key that does not exist.
func errUnknown(key string) error {
	best, most := "", 4
	for _, o := range options {
		if d := distance(o.key, key); d < most {
			best, most = o.key, d
		}
	}
	if best != "" {
		return fmt.Errorf("there is no such setting; did you mean %s?", best)
	}
	return fmt.Errorf("there is no such setting")
}

// distance is the number of letters to change, insert or delete.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := last
			if a[i] != b[j] {
				d = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// Folders are where things are kept.
type Folders struct {
	Config, Data, State string
}

// portableMark is a file beside the program that keeps everything there.
const portableMark = "arcade-portable"

// FindFolders finds the folders: those of the XDG specification, or beside the
// program if a file "arcade-portable" is there.
func FindFolders() Folders {
	if exe, err := os.Executable(); err == nil {
		dir := filepath.Dir(exe)
		if _, err := os.Stat(filepath.Join(dir, portableMark)); err == nil {
			return Folders{filepath.Join(dir, "config"), filepath.Join(dir, "data"), filepath.Join(dir, "state")}
		}
	}
	return Folders{filepath.Join(xdg.ConfigHome, "arcade"), filepath.Join(xdg.DataHome, "arcade"), filepath.Join(xdg.StateHome, "arcade")}
}

// File is the file of the settings for all games.
func (f Folders) File() string { return filepath.Join(f.Config, "settings.toml") }

// GameFile is the file of the settings of one game.
func (f Folders) GameFile(set string) string { return filepath.Join(f.Config, "games", set+".toml") }

// Saves is the folder of a game's save states.
func (f Folders) Saves(set string) string { return filepath.Join(f.Data, "saves", set) }

// NVRAM is the folder of what a game's board keeps without power.
func (f Folders) NVRAM(set string) string { return filepath.Join(f.Data, "nvram", set) }

// Shots is the folder of screenshots.
func (f Folders) Shots() string { return filepath.Join(f.Data, "screenshots") }
