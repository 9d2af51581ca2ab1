// Package toolkit is a small set of things to put on a screen: list, form
// (buttons, tick boxes, sliders, choices, text fields), dialog, message line.
// Everything is driven by keys, pads or the mouse alike, and drawn on a Canvas,
// which a window or a picture in memory provides: it knows no window.
package toolkit

import (
	_ "embed"
	"encoding/binary"
	"sync"

	"github.com/klauspost/compress/zstd"
)

//go:generate sh -c "cd fontgen && go run . ../font.zst"

// font.zst is made of free bitmap fonts; fontgen tells how, and FONT-LICENSES
// which.
//
//go:embed font.zst
var packedFont []byte

// LineHeight is the height of a line of text, at scale 1.
const LineHeight = 16

// Glyph is the picture of a rune, 16 rows from the top; bit 15 is the leftmost
// pixel.
type Glyph struct {
	Rows    [LineHeight]uint16
	Advance int
}

var font = sync.OnceValue(func() map[rune]*Glyph {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err) // options are constants
	}
	defer dec.Close()
	b, err := dec.DecodeAll(packedFont, nil)
	if err != nil {
		panic("toolkit: the font that was built in is damaged: " + err.Error())
	}
	const size = 4 + 2*LineHeight
	out := make(map[rune]*Glyph, len(b)/size)
	glyphs := make([]Glyph, len(b)/size)
	for i := range glyphs {
		r := b[i*size : (i+1)*size]
		g := &glyphs[i]
		g.Advance = int(r[2])
		for y := range g.Rows {
			g.Rows[y] = binary.LittleEndian.Uint16(r[4+2*y:])
		}
		out[rune(binary.LittleEndian.Uint16(r))] = g
	}
	return out
})

// GlyphOf is the picture of a rune; runes that the font lacks look like '?'.
func GlyphOf(r rune) *Glyph {
	if g := font()[r]; g != nil {
		return g
	}
	return font()['?']
}

// HasGlyph reports whether the font has a rune.
func HasGlyph(r rune) bool { return font()[r] != nil }

// Width is the width of a text in pixels, at scale 1.
func Width(s string) int {
	w := 0
	for _, r := range s {
		w += GlyphOf(r).Advance
	}
	return w
}

// Cut shortens a text to a width in pixels at scale 1, with dots at the end if
// something is missing.
func Cut(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	w := Width("…")
	for i, r := range s {
		w += GlyphOf(r).Advance
		if w > width {
			if i == 0 && Width("…") > width {
				return ""
			}
			return s[:i] + "…"
		}
	}
	return s
}

// Wrap breaks a text into lines of at most width pixels at scale 1: at spaces
// where it can, and within words that are longer (or have no spaces).
func Wrap(s string, width int) []string {
	var out []string
	line, lineW := "", 0
	word, wordW := "", 0
	flush := func() {
		if lineW+wordW > width && line != "" {
			out = append(out, trimRight(line))
			line, lineW = "", 0
		}
		line, lineW = line+word, lineW+wordW
		word, wordW = "", 0
	}
	for _, r := range s {
		if r == '\n' {
			flush()
			out = append(out, trimRight(line))
			line, lineW = "", 0
			continue
		}
		w := GlyphOf(r).Advance
		if wordW+w > width && word != "" {
			flush()
		}
		word, wordW = word+string(r), wordW+w
		if r == ' ' || r >= 0x2e80 {
			flush()
		}
	}
	flush()
	if line != "" || len(out) == 0 {
		out = append(out, trimRight(line))
	}
	return out
}

func trimRight(s string) string {
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}
