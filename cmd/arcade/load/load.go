// Package load turns a set's name and ROM paths into a machine: it finds the
// files, builds the memory regions, and hands both to the board's driver.
package load

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"arcade/game"
	"arcade/machine"
	"arcade/romset"

	"github.com/zeebo/xxh3"
)

// Game is a set that is loaded and can be built into machines.
type Game struct {
	Set      *romset.Set
	Driver   *machine.Driver
	Config   machine.Config
	Warnings []string // what is wrong, and yet runs
}

// ErrNoBoard is wrapped by the error about a set whose board is not emulated.
var ErrNoBoard = errors.New("its board is not emulated yet")

// ErrNoSet is wrapped by the error about a name that is no set's.
var ErrNoSet = errors.New("no such set")

// ErrChoice is wrapped by the error about a BIOS or a switch that the set does not have.
var ErrChoice = errors.New("no such choice")

// choose puts a switch into a position, for good. Switches that share bits with it follow.
func choose(fields []machine.Field, c romset.Choice) error {
	wired := uint32(0)
	for i := range fields {
		f := &fields[i]
		if f.Kind != machine.KindDIP || f.Port != c.Tag {
			continue
		}
		wired |= f.Mask
		shared := f.Mask & c.Mask
		f.Default = f.Default&^shared | c.Value&shared
	}
	if c.Mask&^wired != 0 {
		return fmt.Errorf("the switch %q is not connected", c.Name)
	}
	return nil
}

// Lookup finds a set by name; its error suggests names that are near.
func Lookup(name string) (*romset.Set, error) {
	if name == game.Name {
		return game.Set()
	}
	if set, ok := romset.Lookup(name); ok {
		return set, nil
	}
	msg := fmt.Sprintf("there is no set called %q", name)
	if near := romset.Near(name); len(near) > 0 {
		msg += "; did you mean " + strings.Join(near, ", ") + "?"
	}
	return nil, fmt.Errorf("%w: %s", ErrNoSet, msg)
}

// Options are what a person may choose of a machine before it is switched on.
type Options struct {
	BIOS string            // the BIOS choice; "" is the set's default
	DIPs map[string]string // switch -> position, as romset.Set.Choose understands them
	// ManualTimes: see machine.Config.
	ManualTimes bool
}

// Open loads a set's files, with the default BIOS and switches.
func Open(name string, paths *romset.Finder) (*Game, error) { return OpenWith(name, paths, Options{}) }

// OpenWith loads a set's files, or the game that comes with the program. The chosen positions of switches become the
// defaults of their fields: they are set whenever nothing is pressed.
func OpenWith(name string, paths *romset.Finder, o Options) (*Game, error) {
	set, err := Lookup(name)
	if err != nil {
		return nil, err
	}
	board := set.Name // the set whose board it is
	if name == game.Name {
		board = game.Host
	}
	driver, ok := machine.FindDriver(board)
	if !ok {
		if other, found := machine.Instead(set.Name); found {
			return nil, fmt.Errorf("%s (%s): %w: it needs a disc drive; play %s instead, the same game without a disc", set.Name, set.Description, ErrNoBoard, other)
		}
		return nil, fmt.Errorf("%s (%s): %w (it is one of %s); `arcade list` shows what can be played", set.Name, set.Description, ErrNoBoard, set.Source)
	}
	choices, err := set.ChooseAll(o.DIPs)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrChoice, err)
	}
	if err := set.CheckBIOS(o.BIOS); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrChoice, err)
	}
	if o.ManualTimes && !driver.ManualTimes {
		return nil, fmt.Errorf("%w: %s (%s): instructions of its CPUs take MAME's times only; the manual's are there on CPS-3", ErrChoice, set.Name, set.Description)
	}
	loaded := &romset.Loaded{}
	if name == game.Name {
		loaded.Regions, err = game.Regions()
	} else {
		loaded, err = romset.Load(set, paths, romset.Options{BIOS: o.BIOS})
	}
	if err != nil {
		return nil, err
	}
	g := &Game{Set: set, Driver: driver}
	for _, w := range loaded.Warnings {
		g.Warnings = append(g.Warnings, w.Error())
	}
	ports, fields := Inputs(set)
	for _, c := range choices {
		if err := choose(fields, c); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrChoice, set.Name, err)
		}
	}
	g.Config = machine.Config{Set: board, Regions: loaded.Regions, Ports: ports, Fields: fields, ManualTimes: o.ManualTimes}
	if loaded.BIOS != set.DefaultBIOS() {
		g.Config.BIOS = loaded.BIOS
	}
	if len(set.Displays) > 0 {
		g.Config.Rotate = set.Displays[0].Rotate
	}
	return g, nil
}

// ROMHash is a hash of all memory regions: of what the game is made of.
func (g *Game) ROMHash() string {
	h := xxh3.New()
	for _, name := range slices.Sorted(maps.Keys(g.Config.Regions)) {
		fmt.Fprintf(h, "%s %d\n", name, len(g.Config.Regions[name]))
		h.Write(g.Config.Regions[name])
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// Build powers a machine on.
func (g *Game) Build() (*machine.Machine, error) {
	c := g.Config
	m, err := g.Driver.New(&c)
	if err == nil {
		m.Set = g.Set.Name
	}
	return m, err
}
