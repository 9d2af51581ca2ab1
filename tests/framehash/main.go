// Command framehash runs a set and prints the hashes of every frame. The tests
// build it for several processors and compare what it prints.
//
//	framehash SET ROMPATH FRAMES [SCRIPT]
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"strconv"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/script"
	"arcade/machine"
	_ "arcade/machine/cps"
	_ "arcade/machine/cps3"
	_ "arcade/machine/pacman"
	"arcade/romset"

	"github.com/zeebo/xxh3"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "framehash:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("usage: framehash SET ROMPATH FRAMES [SCRIPT]")
	}
	frames, err := strconv.ParseUint(args[2], 10, 32)
	if err != nil {
		return err
	}
	g, err := load.Open(args[0], romset.NewFinder(args[1]))
	if err != nil {
		return err
	}
	m, err := g.Build()
	if err != nil {
		return err
	}
	var moves *script.Script
	if len(args) > 3 {
		f, err := os.Open(args[3])
		if err != nil {
			return err
		}
		defer f.Close()
		if moves, err = script.Parse(args[3], f, m.Inputs); err != nil {
			return err
		}
	}
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	input := m.Inputs.Released()
	for n := range frames {
		moves.Apply(n, &input)
		m.Frame(&input, out)
		var sound []byte
		for _, s := range out.Sound.Streams {
			for _, v := range s {
				sound = binary.LittleEndian.AppendUint16(sound, uint16(v))
			}
		}
		fmt.Printf("%d %016x %016x %016x\n", n, m.Arena.Hash(), xxh3.Hash(out.Picture.AppendRGB(nil)), xxh3.Hash(sound))
	}
	return nil
}
