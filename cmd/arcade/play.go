package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/window"
	"arcade/machine"
	"arcade/machine/session"

	"github.com/adrg/xdg"
)

type playCmd struct {
	game
	Record string `help:"Write a replay of what is played." placeholder:"FILE"`
}

func (*playCmd) Help() string {
	return `Keys: arrows, left Ctrl and Alt, Space, left Shift, Z and X are player 1's stick and buttons; R F D G and A S Q W E Y
player 2's. 5 and 6 insert coins, 1 and 2 are the start buttons, 9 is a service credit, F2 the test switch, F3 the
reset button. P pauses, Insert goes on as fast as it can, Backspace goes back, F6 and F7 save and load, F10 shows
statistics, F11 fills the screen, F12 saves a picture, Esc opens the menu: there, all of these can be changed.

Example: arcade play puckman --rompath roms`
}

func (c *playCmd) Run() error {
	g, err := c.open()
	if err != nil {
		return err
	}
	m, err := g.Build()
	if err != nil {
		return fail(exitROMs, err)
	}
	if c.Record == "" {
		return showWindow(g.Set.Name, c.Rompath, m)
	}
	f, err := os.Create(c.Record)
	if err != nil {
		return fail(exitHost, err)
	}
	defer f.Close()
	rec, err := session.NewRecorder(f, replayMeta(g, m), nil)
	if err != nil {
		return fail(exitHost, err)
	}
	var broken error // of the recording: it must not end the game
	err = playWindow(g, m, nil, func(in *machine.Input) {
		if broken == nil {
			broken = rec.Frame(in, m.Arena.Hash)
		}
	})
	if broken == nil {
		broken = rec.Close(m.Arena.Hash())
	}
	if broken != nil && err == nil {
		err = fail(exitHost, fmt.Errorf("the replay %s ends early: %w", c.Record, broken))
	}
	return err
}

// playWindow shows a machine, or a session with it, until its window is closed.
func playWindow(g *load.Game, m *machine.Machine, s player.Session, frame func(in *machine.Input)) error {
	err := window.Play(window.PlayOptions{
		Machine: m,
		Session: s,
		Frame:   frame,
		Title:   g.Set.Description,
		Shots:   filepath.Join(xdg.UserDirs.Pictures, "arcade"),
		Tell:    func(what string) { fmt.Fprintf(os.Stderr, "arcade: %s\n", what) },
	})
	var fault *player.Fault
	if errors.As(err, &fault) {
		return fail(exitInternal, err)
	}
	return fail(exitHost, err)
}
