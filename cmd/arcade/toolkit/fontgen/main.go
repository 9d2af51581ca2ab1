// Command fontgen packs the bitmap font of the toolkit into one file. It is a
// module of its own, so that the program does not depend on what the font is
// made from.
//
//	go run . ../font.zst
//
// The file is zstd of: for each glyph, in order of the rune, u16 rune, u8
// advance in pixels (6 or 12), u8 rows, then u16 for each row from the top
// (bit 15 is the leftmost pixel). The rows begin at the top of the line.
package main

import (
	"encoding/binary"
	"image"
	"log"
	"os"

	"github.com/hajimehoshi/bitmapfont/v3"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// The line is 16 pixels high, its baseline is at 12.
const rows, baseline = 16, 12

func main() {
	faces := []font.Face{bitmapfont.Face, bitmapfont.FaceSC, bitmapfont.FaceTC}
	var out []byte
	count := 0
	for r := rune(0x20); r < 0xfffe; r++ {
		if r >= 0x7f && r < 0xa0 || r >= 0xd800 && r < 0xf900 {
			continue
		}
		for _, f := range faces {
			g, advance, ok := glyph(f, r)
			if !ok {
				continue
			}
			out = binary.LittleEndian.AppendUint16(out, uint16(r))
			out = append(out, byte(advance), rows)
			for _, row := range g {
				out = binary.LittleEndian.AppendUint16(out, row)
			}
			count++
			break
		}
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], enc.EncodeAll(out, nil), 0o666); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d glyphs", count)
}

// glyph renders a rune; ok is false if the face has no picture of it.
func glyph(f font.Face, r rune) (g [rows]uint16, advance int, ok bool) {
	dr, mask, maskp, adv, ok := f.Glyph(fixed.P(2, baseline), r)
	if !ok {
		return g, 0, false
	}
	any := r == ' ' || r == 0x3000 || r == 0xa0
	for y := dr.Min.Y; y < dr.Max.Y; y++ {
		for x := dr.Min.X; x < dr.Max.X; x++ {
			p := image.Pt(x, y).Sub(dr.Min).Add(maskp)
			if _, _, _, a := mask.At(p.X, p.Y).RGBA(); a == 0 {
				continue
			}
			any = true
			if x-2 >= 0 && x-2 < 16 && y >= 0 && y < rows {
				g[y] |= 0x8000 >> (x - 2)
			}
		}
	}
	return g, adv.Round(), any
}
