package main

import (
	"os"
	"path/filepath"
	"strings"

	"arcade/romset"

	"github.com/adrg/xdg"
)

// romPaths are the folders where ROM files are looked for: those given, or else
// $ARCADE_ROMPATH (a list), ./roms and the user's data folder.
func romPaths(given []string) *romset.Finder {
	var out []string
	for _, g := range given {
		out = append(out, strings.FieldsFunc(g, func(r rune) bool { return r == ';' })...)
	}
	if len(out) > 0 {
		return romset.NewFinder(out...)
	}
	if env := os.Getenv("ARCADE_ROMPATH"); env != "" {
		out = append(out, filepath.SplitList(env)...)
	}
	return romset.NewFinder(append(out, "roms", filepath.Join(xdg.DataHome, "arcade", "roms"))...)
}
