package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/media"
	"arcade/machine"
	"arcade/machine/session"
)

type replayCmd struct {
	File    string    `arg:"" help:"Replay file."`
	Rompath []string  `help:"Folder with ROM sets (folders, zip, 7z); may be repeated." placeholder:"DIR" sep:"none"`
	Verify  bool      `help:"Play it without a window and compare every hash."`
	Info    bool      `help:"Only show what the replay says of itself."`
	Png     frameList `help:"Save these frames as PNG, without a window: 10,60 or 5-9 or all." placeholder:"LIST"`
	Out     string    `help:"Folder for --png." placeholder:"DIR" default:"."`
	From    int       `help:"Frame to begin at."`
	Take    bool      `name:"take-over" help:"Play on yourself from the frame that --from names."`
}

func (*replayCmd) Help() string {
	return `Plays a replay in a window; Insert goes on fast, P pauses, Esc ends. After its end the controls are yours; with
--take-over they are yours from the frame that --from names.

With --verify it runs without a window, compares all hashes, and ends with exit code 1 if one differs. A replay can only be
played with the ROM files and the behaviour revision of the board that it was recorded with: then it comes out the same
for ever.

Example: arcade replay game.replay --rompath roms --verify`
}

func (c *replayCmd) Run() error {
	b, err := os.ReadFile(c.File)
	if err != nil {
		return fail(exitInput, err)
	}
	r, err := session.ReadReplay(b)
	if err != nil {
		return fail(exitInput, fmt.Errorf("%s: %w", c.File, err))
	}
	if c.Info {
		for _, key := range []string{session.MetaSet, session.MetaBoard, session.MetaRevision, session.MetaBIOS, session.MetaROMs, session.MetaProgram} {
			fmt.Printf("%-9s %s\n", key, r.Meta[key])
		}
		fmt.Printf("%-9s %d\n", "frames", len(r.Inputs))
		if r.Cut != nil {
			fmt.Printf("%-9s %v\n", "damage", r.Cut)
		}
		return nil
	}
	paths := game{Set: r.Meta[session.MetaSet], Rompath: c.Rompath}
	g, err := paths.open()
	if err != nil {
		return err
	}
	m, err := g.Build()
	if err != nil {
		return fail(exitROMs, err)
	}
	if err := r.Check(replayMeta(g, m)); err != nil {
		return fail(exitInput, fmt.Errorf("%s: %w", c.File, err))
	}
	if r.Cut != nil && !c.Verify {
		fmt.Fprintf(os.Stderr, "arcade: warning: %s: %v; the %d frames before that are played\n", c.File, r.Cut, len(r.Inputs))
	}
	switch {
	case c.Verify:
		return c.verify(r, m)
	case c.Png.all || len(c.Png.ranges) > 0:
		return c.pictures(r, m)
	}
	return c.watch(r, g, m)
}

func (c *replayCmd) verify(r *session.Replay, m *machine.Machine) error {
	bar := newProgress(len(r.Inputs), "frames")
	n, err := r.Verify(m, bar.set)
	bar.done()
	var mismatch *session.Mismatch
	switch {
	case errors.As(err, &mismatch):
		return fail(exitCheck, fmt.Errorf("%s: %w", c.File, err))
	case err != nil:
		return fail(exitInput, fmt.Errorf("%s: %w", c.File, err))
	}
	fmt.Printf("%s: %d frames of %s, all %d hashes are right\n", c.File, len(r.Inputs), r.Meta[session.MetaSet], n)
	return nil
}

func (c *replayCmd) pictures(r *session.Replay, m *machine.Machine) error {
	if err := os.MkdirAll(c.Out, 0o777); err != nil {
		return fail(exitHost, err)
	}
	p, err := session.NewReplayer(m, r)
	if err != nil {
		return fail(exitInput, err)
	}
	bar := newProgress(p.Len(), "frames")
	shown := &machine.Output{Picture: m.NewPicture()}
	for n := range uint64(p.Len()) {
		var out *machine.Output
		if c.Png.has(n) {
			out = shown
		}
		p.Step(machine.Input{}, out)
		if out != nil {
			if err := media.WritePNG(filepath.Join(c.Out, fmt.Sprintf("frame-%06d.png", n)), out.Picture); err != nil {
				return fail(exitHost, err)
			}
		}
		bar.set(int(n) + 1)
	}
	bar.done()
	return nil
}

func (c *replayCmd) watch(r *session.Replay, g *load.Game, m *machine.Machine) error {
	p, err := session.NewReplayer(m, r)
	if err != nil {
		return fail(exitInput, err)
	}
	if c.From > 0 {
		if c.From > p.Len() {
			return fail(exitUsage, fmt.Errorf("--from %d: the replay has %d frames", c.From, p.Len()))
		}
		bar := newProgress(c.From, "frames")
		p.Seek(c.From, bar.set)
		bar.done()
	}
	if c.Take {
		p.TakeOver()
	}
	w := gameWindow(g.Set.Name, m)
	w.Session = p
	return runWindow(w)
}
