package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/settings"
	"arcade/cmd/arcade/window"

	"github.com/adrg/xdg"
)

// browseCmd is what happens without a verb.
type browseCmd struct {
	Rompath []string `help:"Folder with ROM sets; may be repeated." placeholder:"DIR" sep:"none"`
}

func (*browseCmd) Help() string {
	return `Shows the game list. Keys, pads and the mouse work everywhere: arrows move, Enter starts a game, letters find one, Tab
changes the view, F1 opens the settings. Esc opens the menu of a game and leaves a screen.

Settings are in arcade/settings.toml below $XDG_CONFIG_HOME (~/.config), or beside the program if a file arcade-portable is there.`
}

func (c *browseCmd) Run() error { return runWindow(window.Options{ROMPaths: romFolders(c.Rompath)}) }

// runWindow opens the window, with the user's settings.
func runWindow(o window.Options) error {
	o.Folders = settings.FindFolders()
	o.Tell = func(what string) { fmt.Fprintf(os.Stderr, "arcade: %s\n", what) }
	if o.Start == "" {
		o.Online = &matches{}
	}
	err := window.Run(o)
	var fault *player.Fault
	if errors.As(err, &fault) {
		return fail(exitInternal, err)
	}
	return fail(exitHost, err)
}

// romFolders are the folders of romPaths.
func romFolders(given []string) []string {
	var out []string
	for _, g := range given {
		out = append(out, strings.FieldsFunc(g, func(r rune) bool { return r == ';' })...)
	}
	if len(out) > 0 {
		return out
	}
	if env := os.Getenv("ARCADE_ROMPATH"); env != "" {
		out = append(out, filepath.SplitList(env)...)
	}
	return append(out, "roms", filepath.Join(xdg.DataHome, "arcade", "roms"))
}
