package main

import (
	"fmt"
	"os"
	"path/filepath"

	"arcade/game"
)

// pack puts the parts that were built in dir together as the memory regions of
// the host board, and compresses them.
func pack(dir, file string) error {
	part := func(name string, most int) ([]byte, error) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && len(b) > most {
			err = fmt.Errorf("%s has %#x bytes, there is room for %#x", name, len(b), most)
		}
		return b, err
	}
	prog, err := part("prog.bin", 0x100000)
	if err != nil {
		return err
	}
	z80, err := part("sound.bin", musicAt)
	if err != nil {
		return err
	}
	music, err := part("music.bin", 0x8000-musicAt)
	if err != nil {
		return err
	}
	gfx, err := part("gfx.bin", gfxSize)
	if err != nil {
		return err
	}
	oki, err := part("oki.bin", 0x40000)
	if err != nil {
		return err
	}
	audio := make([]byte, 0x18000)
	copy(audio, z80)
	copy(audio[musicAt:], music)
	main := make([]byte, 0x400000)
	copy(main, prog)
	b, err := game.Pack(map[string][]byte{"maincpu": main, "audiocpu": audio, "gfx": gfx, "oki": oki})
	if err != nil {
		return err
	}
	fmt.Printf("program %d bytes, driver %d, packed %d\n", len(prog), len(z80), len(b))
	return os.WriteFile(file, b, 0o666)
}
