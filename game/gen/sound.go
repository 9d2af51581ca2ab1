package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// Where the driver looks for music in its ROM; see sound.c.
const (
	musicAt   = 0x2000
	firstSong = 1
	firstOKI  = 0x10
	firstFX   = 0x30
	stopAll   = 0x7f
	parts     = 7     // channels of a song
	tickRate  = 120.5 // Hz: the YM2151's timer B at 227
)

// writeSound writes samples, music as a part of the Z80's ROM, and the names of
// the commands.
func writeSound(dir string) error {
	oki, phrases := okiROM()
	var h strings.Builder
	h.WriteString("/* Made by game/gen: commands for the sound Z80. */\n")
	drum := map[byte]byte{}
	for i, name := range phrases {
		fmt.Fprintf(&h, "#define %s 0x%02x\n", name, firstOKI+i)
		if k, ok := map[string]byte{"DRUM_KICK": 'k', "DRUM_SNARE": 's', "DRUM_HAT": 'h', "DRUM_OPEN": 'o', "DRUM_TOM": 't', "DRUM_CRASH": 'c'}[name]; ok {
			drum[k] = byte(i + 1)
		}
	}
	// A header of pointers, then patches, songs and effects.
	music := make([]byte, 0x6000)
	at := 0
	put := func(b ...byte) {
		copy(music[at:], b)
		at += len(b)
	}
	word := func(v int) { put(byte(v), byte(v>>8)) }
	songsAt := 8
	effectsAt := songsAt + len(tunes)*(1+2*parts)
	fx := effects()
	patchesAt := effectsAt + 2*len(fx)
	dataAt := patchesAt + 27*len(patches)
	word(musicAt + songsAt)
	word(musicAt + effectsAt)
	word(musicAt + patchesAt)
	put(byte(len(tunes)), byte(len(fx)))
	var data []byte
	for i := range tunes {
		t := &tunes[i]
		chans, err := t.channels(drum)
		if err != nil {
			return err
		}
		fmt.Fprintf(&h, "#define %s 0x%02x\n", t.name, firstSong+i)
		// Units a tick, in 1/256: a quarter has whole/4 units.
		put(byte(math.Round(float64(t.bpm) / 60 * whole / 4 / tickRate * 256)))
		for _, c := range chans {
			start := musicAt + dataAt + len(data)
			word(start)
			data = append(data, c...)
			if t.loop {
				data = append(data, evJump, byte(start), byte(start>>8))
			} else {
				data = append(data, evEnd)
			}
		}
	}
	for i, f := range fx {
		fmt.Fprintf(&h, "#define %s 0x%02x\n", f.name, firstFX+i)
		word(musicAt + dataAt + len(data))
		data = append(data, f.data...)
	}
	fmt.Fprintf(&h, "#define SOUND_LAST 0x%02x\n#define SOUND_STOP 0x%02x\n", firstFX+len(fx)-1, stopAll)
	fmt.Fprintf(&h, "#define FIRST_SONG %d\n#define FIRST_OKI %d\n#define FIRST_FX %d\n", firstSong, firstOKI, firstFX)
	for i := range patches {
		put(patches[i].bytes()...)
	}
	if at != dataAt || dataAt+len(data) > len(music) {
		return fmt.Errorf("music: %d bytes of tables instead of %d, %d of data", at, dataAt, len(data))
	}
	put(data...)
	for name, b := range map[string][]byte{"oki.bin": oki, "music.bin": music, "sounds.h": []byte(h.String())} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
			return err
		}
	}
	return nil
}
