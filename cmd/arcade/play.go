package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/nvram"
	"arcade/cmd/arcade/settings"
	"arcade/cmd/arcade/window"
	"arcade/machine"
	"arcade/machine/session"
	"arcade/machine/state"
	"arcade/romset"
)

type playCmd struct {
	game
	Record     string `help:"Write a replay of what is played." placeholder:"FILE"`
	NoNVRAM    bool   `name:"no-nvram" xor:"nvram" help:"Start as from the factory; what the game keeps (settings in an EEPROM, records) is neither read nor written."`
	ClearNVRAM bool   `name:"clear-nvram" xor:"nvram" help:"Start as from the factory; the files of what the game kept get the ending .old."`
}

func (*playCmd) Help() string {
	return `Keys: arrows, left Ctrl and Alt, Space, left Shift, Z and X are player 1's stick and buttons; R F D G and A S Q W E Y
player 2's. 5 and 6 insert coins, 1 and 2 are the start buttons, 9 is a service credit, F2 the test switch, F3 the
reset button. P pauses, Insert goes on as fast as it can, Backspace goes back, F6 and F7 save and load, F10 shows
statistics, F11 fills the screen, F12 saves a picture, Esc opens the menu: there, all of these can be changed.

Example: arcade play puckman --rompath roms`
}

func (c *playCmd) Run() error {
	o, err := c.withSettings()
	if err != nil {
		return err
	}
	g, err := c.openWith(o)
	if err != nil {
		return err
	}
	m, err := g.Build()
	if err != nil {
		return fail(exitROMs, err)
	}
	kept := settings.FindFolders().NVRAM(g.Set.Name)
	if c.ClearNVRAM {
		if err := nvram.Clear(kept, m); err != nil {
			return fail(exitHost, err)
		}
	}
	if c.Record == "" {
		w := gameWindow(g.Set.Name, m)
		w.ROMPaths, w.DIPs, w.NoNVRAM = romFolders(c.Rompath), named(g.Set, o.DIPs), c.NoNVRAM
		return runWindow(w)
	}
	// What the game kept is part of where the replay starts.
	var start *state.File
	if !c.NoNVRAM {
		start = withKept(kept, m)
	}
	if start == nil && o.ManualTimes {
		start = m.Arena.NewFile(session.Meta(m))
	}
	f, err := os.Create(c.Record)
	if err != nil {
		return fail(exitHost, err)
	}
	defer f.Close()
	rec, err := session.NewRecorder(f, replayMeta(g, m), start)
	if err != nil {
		return fail(exitHost, err)
	}
	var broken error // of the recording: it must not end the game
	w := gameWindow(g.Set.Name, m)
	w.NoNVRAM = c.NoNVRAM
	w.Frame = func(in *machine.Input) {
		if broken == nil {
			broken = rec.Frame(in, m.Arena.Hash)
		}
	}
	err = runWindow(w)
	if broken == nil {
		broken = rec.Close(m.Arena.Hash())
	}
	if broken != nil && err == nil {
		err = fail(exitHost, fmt.Errorf("the replay %s ends early: %w", c.Record, broken))
	}
	return err
}

// withSettings are the BIOS and the switches of the game's settings file, and
// over them those of the command line.
func (c *playCmd) withSettings() (load.Options, error) {
	set, err := load.Lookup(c.Set)
	if err != nil {
		return load.Options{}, fail(exitROMs, err)
	}
	given, err := c.choices()
	if err != nil {
		return given, err
	}
	own := settings.Default()
	for _, p := range settings.Load(own, settings.FindFolders().GameFile(set.Name), true) {
		fmt.Fprintf(os.Stderr, "arcade: warning: %s\n", p)
	}
	for name, position := range own.DIPs {
		same := slices.ContainsFunc(slices.Collect(maps.Keys(given.DIPs)), func(n string) bool { return strings.EqualFold(n, name) })
		if _, err := set.Choose(name, position); err != nil { // a mistake in a file must not keep anybody from playing
			fmt.Fprintf(os.Stderr, "arcade: warning: the settings of the game: %v\n", err)
		} else if !same {
			given.DIPs[name] = position
		}
	}
	if given.BIOS == "" {
		given.BIOS = own.BIOS
	}
	return given, nil
}

// named are positions of switches under the database's own spelling.
func named(set *romset.Set, dips map[string]string) map[string]string {
	out := map[string]string{}
	for name, position := range dips {
		if c, err := set.Choose(name, position); err == nil {
			out[c.Name] = c.To
		}
	}
	return out
}

// gameWindow is the window for a game that was loaded already.
func gameWindow(set string, m *machine.Machine) window.Options {
	return window.Options{Start: set, Open: func(string) (*machine.Machine, []string, error) { return m, nil, nil }}
}
