// Package cps3rom packs the test program of this folder, with the script of
// scenes that it plays, into the files of any CPS-3 set without a CD, so that
// MAME and this project can both run it there.
package cps3rom

import (
	"archive/zip"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"

	"arcade/romset"
	"arcade/romset/decrypt"
)

// Program is what src/build makes of src/program.c: the start of the boot ROM.
//
//go:embed program.bin
var Program []byte

const (
	chipSize = 0x200000
	flashAt  = 0x06000000
)

// Write packs the program and a script for a set as DIR/SET.zip.
func Write(dir string, set *romset.Set, s *Script) error {
	regions := map[string][]byte{}
	for _, r := range set.Regions {
		regions[r.Name] = make([]byte, r.Size)
	}
	if len(regions["bios"]) < len(Program) {
		return fmt.Errorf("%s has no boot ROM that the program fits in", set.Name)
	}
	graphics(regions)
	copy(regions["bios"], Program)
	flash := make([]byte, 4*chipSize)
	if 4*len(s.words) > codeAt-flashAt {
		return fmt.Errorf("the script has %d longs: too many", len(s.words))
	}
	for i, w := range s.words {
		binary.BigEndian.PutUint32(flash[4*i:], w)
	}
	code := flash[codeAt-flashAt:]
	for i, w := range flashCode {
		binary.BigEndian.PutUint16(code[2*i:], w)
	}
	deal(regions, flash)

	// The cipher is its own inverse: what the board would make of the plain
	// program is what the board makes the plain program of.
	im := &decrypt.Image{Regions: regions}
	for _, step := range set.Steps {
		if err := decrypt.Run(im, step); err != nil {
			return err
		}
	}
	for _, span := range im.Spaces {
		if span.Addr != flashAt {
			continue
		}
		if b := span.Bytes(); span.Space == "maincpu/program" {
			copy(flash[:codeAt-flashAt], b)
		} else {
			copy(code, b[codeAt-flashAt:len(flash)])
		}
	}
	deal(regions, flash)
	return pack(filepath.Join(dir, set.Name+".zip"), set, regions)
}

// deal spreads program flash over the four chips of SIMM 1.
func deal(regions map[string][]byte, flash []byte) {
	for c := range 4 {
		chip := regions[fmt.Sprintf("simm1.%d", c)]
		for i := range chip {
			chip[i] = flash[4*i+c]
		}
	}
}

// flashCode is a function that returns 1234, at codeAt.
var flashCode = []uint16{0xe012, 0x4018, 0x000b, 0x7034}

const codeAt = flashAt + 0x7f0000

// Places in the graphics SIMMs, which count as one array of bytes.
const (
	tilesAt   = 0
	tilesSize = 0x100000
	packedAt  = 0x100000 // for the decompressors, which take anything
	packedEnd = 0x140000
	coloursAt = 0x140000 // 2 bytes each
	middleAt  = 0x1000000
)

// graphics fills the first megabytes of the graphics SIMMs.
func graphics(regions map[string][]byte) {
	rnd := rand.New(rand.NewPCG(3, 0))
	set := func(at int, v uint8) {
		pair := at / (2 * chipSize)
		name := fmt.Sprintf("simm%d.%d", 3+pair/4, pair%4*2+at&1)
		regions[name][at%(2*chipSize)/2] = v
	}
	for tile := range tilesSize / 256 {
		kind := rnd.IntN(6)
		for i := range 256 {
			x, y := i%16, i/16
			v := uint8(rnd.Uint32())
			switch kind {
			case 0: // 8 bits, no holes
				v |= 1
			case 1: // 6 bits, with holes
				v &= 0x3f
			case 2: // a disc
				if d := (2*x-15)*(2*x-15) + (2*y-15)*(2*y-15); d > 225 {
					v = 0
				}
			case 3: // a gradient that shows flips
				v = uint8(x + 16*y)
			case 4: // mostly holes
				if v&3 != 0 {
					v = 0
				}
			case 5: // lines
				if y&3 != 0 {
					v = 0
				}
			}
			set(tilesAt+256*tile+i, v)
		}
	}
	for i := packedAt; i < coloursAt+0x40000; i++ {
		set(i, uint8(rnd.Uint32()))
	}
	for i := range 0x10000 {
		set(middleAt+i, uint8(rnd.Uint32()))
	}
}

func pack(name string, set *romset.Set, regions map[string][]byte) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	left := maps.Clone(regions)
	for i := range set.Files {
		file := &set.Files[i]
		data, ok := left[file.Region]
		if !ok || len(data) != int(file.Size) {
			return fmt.Errorf("%s: %s is no file that fills a region of its own", set.Name, file.Name)
		}
		delete(left, file.Region)
		w, err := z.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(data)})
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}
