package window

import (
	"strings"

	"arcade/cmd/arcade/nvram"
	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/toolkit"
)

// openKept gives a game of one's own what its board kept without power, and has
// changes of that stored. Matches and replays begin with what they agreed on or
// recorded, and store nothing.
func (g *game) openKept() player.Keeper {
	if g.local == nil || g.o.NoNVRAM {
		return nil
	}
	s, warnings := nvram.Open(g.o.Folders.NVRAM(g.name), g.m, func(text string) {
		g.o.Tell("warning: " + text)
		g.later(func() { g.ui.Say(text) })
	})
	if s == nil {
		return nil
	}
	for _, w := range warnings {
		g.o.Tell("warning: " + w)
	}
	if len(warnings) > 0 {
		text := strings.Join(warnings, "\n")
		g.later(func() { g.ui.Push(toolkit.Tell("What the game kept", text)) })
	}
	g.kept = s
	return s
}

// closeKept stores what is left to be stored; the loop has ended before.
func (g *game) closeKept() {
	if g.kept == nil {
		return
	}
	if err := g.kept.Close(); err != nil {
		text := err.Error()
		g.o.Tell("warning: " + text)
		g.later(func() { g.ui.Push(toolkit.Tell("What the game keeps", text)) })
	}
	g.kept = nil
}
