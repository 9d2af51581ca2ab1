// Gen makes the graphics, samples and music of the game, and packs it.
//
//	gen assets DIR       write graphics, samples, music and C source into DIR
//	gen pack DIR FILE    put what was built in DIR into FILE
//	gen look DIR         write pictures of the graphics into DIR
//
// Everything is computed; there is no picture or recording to begin with.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "gen: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "assets":
		if err := writeAssets(args[1]); err != nil {
			return err
		}
		return writeSound(args[1])
	case len(args) == 3 && args[0] == "pack":
		return pack(args[1], args[2])
	case len(args) == 2 && args[0] == "look":
		return look(args[1])
	}
	return fmt.Errorf("use: gen assets DIR, gen pack DIR FILE, gen look DIR")
}
