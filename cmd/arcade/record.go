package main

import (
	"bufio"
	"fmt"
	"os"

	"arcade/cmd/arcade/load"
	"arcade/machine"
	"arcade/machine/session"
)

type recordCmd struct {
	game
	Frames int    `required:"" help:"How many frames to record."`
	Input  string `help:"Input script." placeholder:"FILE"`
	Out    string `required:"" help:"Replay file to write." placeholder:"FILE"`
	keptFlag
}

func (*recordCmd) Help() string {
	return `Runs a game without a window, with the inputs of a script, and writes a replay: a small file with the starting state,
the inputs of every frame and hashes of the state, which "arcade replay" plays and verifies.

Example: arcade record puckman --rompath roms --frames 3600 --input moves.txt --out game.replay`
}

func (c *recordCmd) Run() error {
	g, m, moves, err := c.build(c.Input)
	if err != nil {
		return err
	}
	start, err := c.start(m)
	if err != nil {
		return err
	}
	if start == nil && g.Config.ManualTimes { // else a replay starts as the machine does by default
		start = m.Arena.NewFile(session.Meta(m))
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return fail(exitHost, err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	rec, err := session.NewRecorder(w, replayMeta(g, m), start)
	if err != nil {
		return fail(exitHost, err)
	}
	bar := newProgress(c.Frames, "frames")
	input := m.Inputs.Released()
	for n := range uint64(c.Frames) {
		moves.Apply(n, &input)
		m.Frame(&input, nil)
		if err := rec.Frame(&input, m.Arena.Hash); err != nil {
			return fail(exitHost, err)
		}
		bar.set(int(n) + 1)
	}
	bar.done()
	if err := rec.Close(m.Arena.Hash()); err != nil {
		return fail(exitHost, err)
	}
	if err := w.Flush(); err != nil {
		return fail(exitHost, err)
	}
	if err := f.Close(); err != nil {
		return fail(exitHost, err)
	}
	fmt.Printf("%s: %d frames of %s\n", c.Out, c.Frames, c.Set)
	return nil
}

// replayMeta describes what a replay of a game depends on.
func replayMeta(g *load.Game, m *machine.Machine) map[string]string {
	meta := session.Meta(m)
	meta[session.MetaROMs] = g.ROMHash()
	meta[session.MetaBIOS] = g.Config.BIOS
	meta[session.MetaProgram] = versionString()
	return meta
}
