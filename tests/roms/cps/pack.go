// Package cpsrom packs the test program of this folder into the files of any
// CPS-1 set, so that MAME and this project can both run it there.
package cpsrom

import (
	"archive/zip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"arcade/romset"
)

// Program is what src/build makes of src/program.c: the start of the 68000's ROM.
//
//go:embed program.bin
var Program []byte

// boardAt is where the program looks for its Board.
const boardAt = 0x100

// Board is what the program must know of the board that it runs on; see
// src/program.c.
type Board struct {
	Seed           uint32
	CPSA           uint32
	CPSB           uint32
	LayerControl   uint32
	PaletteControl uint32
	NoAccess       [2]uint32
	More           [8]uint32
	Enables        uint16
	YMask          uint16
	Codes          [4][256]uint16
	List           uint32
	Pokes          [12]uint32
	Preset         uint32
	ListEnd        uint16
	Palette        uint16
}

// Write packs the program for a board, with random graphics, as DIR/SET.zip.
func Write(dir string, set *romset.Set, board *Board) error {
	prog := make([]byte, len(Program))
	copy(prog, Program)
	b, err := binary.Append(nil, binary.BigEndian, board)
	if err != nil {
		return err
	}
	copy(prog[boardAt:], b)

	// Chips that are known to be equal stay equal: a set may use either.
	contents := make([][]byte, len(set.Files))
	equal := map[string][]byte{}
	for i := range set.Files {
		f := &set.Files[i]
		if f.SHA1 != "" && equal[f.SHA1] == nil {
			equal[f.SHA1] = make([]byte, f.Size)
		}
		if contents[i] = equal[f.SHA1]; contents[i] == nil {
			contents[i] = make([]byte, f.Size)
		}
	}
	for _, r := range set.Regions {
		mem := make([]byte, r.Size)
		switch r.Name {
		case "maincpu":
			copy(mem, prog)
		case "gfx":
			graphics(mem)
		case "audiocpu":
			mem[0] = 0x76 // HALT
		default:
			continue
		}
		// What comes first is undone last: where a file is loaded twice, its
		// first place counts.
		for i := len(r.Pieces) - 1; i >= 0; i-- {
			unplace(contents[r.Pieces[i].File], mem, &r.Pieces[i])
		}
	}

	f, err := os.Create(filepath.Join(dir, set.Name+".zip"))
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	done := map[string]bool{}
	for i := range set.Files {
		name := set.Files[i].Name
		if done[name] {
			continue
		}
		done[name] = true
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(contents[i]),
			CompressedSize64: uint64(len(contents[i])), UncompressedSize64: uint64(len(contents[i]))})
		if err != nil {
			return err
		}
		if _, err := w.Write(contents[i]); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return check(dir, set, prog)
}

// check loads the set again: the program must be where the 68000 starts.
func check(dir string, set *romset.Set, prog []byte) error {
	l, err := romset.Load(set, romset.NewFinder(dir), romset.Options{})
	if err != nil {
		return err
	}
	for _, r := range set.Regions {
		for _, p := range r.Patches {
			if r.Name == "maincpu" && p.To < len(prog) {
				copy(prog[p.To:], p.Data) // a tile number, or what program.ld cares for
			}
		}
	}
	for i, v := range prog {
		if l.Regions["maincpu"][i] != v {
			return fmt.Errorf("%s: packed and loaded again, the program differs at %#x", set.Name, i)
		}
	}
	return nil
}

// unplace is the inverse of loading: it copies from a region what a piece
// takes from its file.
func unplace(file, region []byte, p *romset.Piece) {
	for n := range p.Count {
		f, r := file[p.From+n*p.FromStep:][:p.Unit], region[p.To+n*p.ToStep:][:p.Unit]
		copy(f, r)
		if p.Reverse {
			for i := range f {
				f[i] = r[p.Unit-1-i]
			}
		}
	}
}

// graphics fills a graphics ROM. Each eight pixels (four bytes, one a bit
// plane) are transparent, have holes, or are anything; and so are whole tiles.
func graphics(mem []byte) {
	x := uint32(0x2545f491)
	next := func() uint32 { // Marsaglia's xorshift32
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		return x
	}
	for at := 0; at+64 <= len(mem); at += 64 {
		unit := mem[at : at+64]
		kind := next()
		for i := 0; i < 64; i += 4 {
			v, r := next(), next()
			switch {
			case kind&7 == 0 || r&3 == 0:
				v = 0xffffffff
			case r&4 == 0:
				holes := r >> 8 & r >> 16 & 0xff
				v |= holes * 0x01010101
			case kind&8 == 0: // no pen 15
				v &^= r >> 8 & 0xff
				v &= ^(((v >> 8 & v) >> 16 & v) >> 24 & 0xff)
			}
			binary.LittleEndian.PutUint32(unit[i:], v)
		}
	}
}
