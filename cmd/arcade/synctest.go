package main

import (
	"errors"
	"fmt"
	"os"

	"arcade/machine/session"
)

type synctestCmd struct {
	game
	Frames   int    `required:"" help:"How many frames to run."`
	Distance int    `required:"" help:"How many frames to roll back after each."`
	Seed     uint64 `default:"1" help:"Seed of the random inputs."`
}

func (*synctestCmd) Help() string {
	return `Runs the game with random inputs. After every frame the last DISTANCE frames are rolled back and run again
without picture and sound; every 16th time in a freshly built machine, where the last of them is also drawn and heard.
States, pictures and samples must come out the same. A difference is named by frame and field, and ends the program
with exit code 1. So does a game whose state no input ever changed, since that would prove nothing.

Example: arcade synctest puckman --rompath roms --frames 10000 --distance 8`
}

func (c *synctestCmd) Run() error {
	g, err := c.open()
	if err != nil {
		return err
	}
	bar := newProgress(c.Frames, "frames")
	test := session.SyncTest{Build: g.Build, Frames: c.Frames, Distance: c.Distance, Seed: c.Seed, Progress: bar.set}
	result, err := test.Run()
	bar.done()
	var mismatch *session.Mismatch
	if errors.As(err, &mismatch) {
		return fail(exitCheck, fmt.Errorf("%s is not in sync: %w", c.Set, err))
	}
	if err != nil {
		return err
	}
	if !result.Controls {
		fmt.Fprintf(os.Stderr, "arcade: note: only the reset button changed the state; %s did not look at its controls\n", c.Set)
	}
	fmt.Printf("%s: %d frames, each rolled back by %d and run again: no difference; state %016x\n", c.Set, c.Frames, c.Distance, result.Hash)
	return nil
}
