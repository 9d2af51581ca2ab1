package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Where tiles are: what the graphics PAL of the host board lets through.
const (
	gfxSize = 0x200000
	objects = 0x2200 // object tiles there may be, from 0
	scroll1 = 0x4400 // first tile of 8 by 8; there are 0x800
	scroll2 = 0x3000 // of 16 by 16; 0x1000
	scroll3 = 0x980  // of 32 by 32; 0x280
)

// writer collects graphics and the C source that names them.
type writer struct {
	gfx  []byte
	h, c strings.Builder
	n2   int // tiles used
	n3   int
}

// line8 writes eight pixels as four planes.
func (w *writer) line8(at int, pens []byte) {
	for p := range 4 {
		v := byte(0)
		for i := range 8 {
			v |= pens[i] >> p & 1 << (7 - i)
		}
		w.gfx[at+p] = v
	}
}

// tile writes a tile of size pixels at its place.
func (w *writer) tile(size, code int, pens []byte) {
	switch size {
	case 8:
		for y := range 8 {
			w.line8(code*64+y*8, pens[y*8:])
			w.line8(code*64+y*8+4, pens[y*8:])
		}
	default:
		for y := range size {
			for x := 0; x < size; x += 8 {
				w.line8(code*size*size/2+y*size/2+x/2, pens[y*size+x:])
			}
		}
	}
}

func (w *writer) array(name string, v []uint16) {
	fmt.Fprintf(&w.h, "extern const unsigned short %s[%d];\n", name, len(v))
	fmt.Fprintf(&w.c, "const unsigned short %s[%d] = {", name, len(v))
	for i, x := range v {
		if i%16 == 0 {
			w.c.WriteString("\n\t")
		}
		fmt.Fprintf(&w.c, "0x%04x,", x)
	}
	w.c.WriteString("\n};\n")
}

// layer writes a picture's tiles and its map, column by column as the hardware
// wants it: code and attribute.
func (w *writer) layer(name string, t *tiled, base int, used *int) {
	codes := map[string]int{}
	var m []uint16
	rows := len(t.pens) / t.cols
	for c := range t.cols {
		for r := range rows {
			i := r*t.cols + c
			key := string(t.pens[i])
			code, ok := codes[key]
			if !ok {
				code = base + *used
				*used++
				codes[key] = code
				w.tile(t.size, code, t.pens[i])
			}
			m = append(m, uint16(code), uint16(t.colors[i]))
		}
	}
	w.array(name+"_map", m)
	var p []uint16
	for i := range 32 {
		var words [16]uint16
		if i < len(t.palettes) {
			words = t.palettes[i].words()
		}
		p = append(p, words[:]...)
	}
	w.array(name+"_colors", p)
}

// Text palettes: four shades from the top of a letter to its bottom, and what
// bars are filled with.
var textPalettes = []struct {
	name     string
	top, low rgb
	fill     rgb
}{
	{"WHITE", hex(0xffffff), hex(0xa8b8d8), hex(0x38d048)},
	{"YELLOW", hex(0xfff8b0), hex(0xf0a020), hex(0xf0c020)},
	{"ROSE", hex(0xffd8d0), hex(0xf04848), hex(0xe83028)},
	{"SKY", hex(0xe0f8ff), hex(0x40a0f8), hex(0x3088f0)},
	{"LIME", hex(0xf0ffd8), hex(0x58d048), hex(0x40c8c0)},
	{"GREY", hex(0x9098a8), hex(0x586078), hex(0x787890)},
}

// Tiles of scroll 1 after the letters.
const (
	tileBar    = 0x60 // 0 to 8 pixels of a thick bar
	tileThin   = 0x70 // of a thin one
	tileLamp   = 0x80 // a round that is not won, won
	tileDigits = 0x84 // ten figures of two by two
	tilePanel  = 0xb0
)

func (w *writer) text() {
	blank := make([]byte, 64)
	for i := range blank {
		blank[i] = 15
	}
	for code := range 0x800 {
		w.tile(8, scroll1+code, blank)
	}
	for r := range glyphs {
		w.tile(8, scroll1+int(r)-0x20, small(r))
	}
	bar := func(code, top, bottom int) {
		for n := range 9 {
			pens := make([]byte, 64)
			for y := range 8 {
				for x := range 8 {
					p := 15
					switch {
					case y == top || y == bottom:
						p = 0
					case y > top && y < bottom && x < n:
						p = 6
						if y == top+1 {
							p = 5
						} else if y == bottom-1 {
							p = 7
						}
					case y > top && y < bottom:
						p = 8 + (y-top)&1
					}
					pens[y*8+x] = byte(p)
				}
			}
			w.tile(8, scroll1+code+n, pens)
		}
	}
	bar(tileBar, 0, 7)
	bar(tileThin, 1, 5)
	for n := range 2 {
		pens := make([]byte, 64)
		for y := range 8 {
			for x := range 8 {
				dx, dy := 2*x-7, 2*y-7
				d := dx*dx + dy*dy
				p := 15
				switch {
				case d < 26 && n == 1:
					p = 6 - min(1, max(0, -(dx+dy)/4))
				case d < 26:
					p = 8
				case d < 52:
					p = 0
				}
				pens[y*8+x] = byte(p)
			}
		}
		w.tile(8, scroll1+tileLamp+n, pens)
	}
	for d := range 10 {
		g := glyphs[rune('0'+d)]
		pens := make([]byte, 256)
		for y := range 16 {
			for x := range 16 {
				f := field(g, (float64(x)+0.5-2.5)/2.2, (float64(y)+0.5-0.5)/2.15)
				p := 15
				if f > 0 {
					p = 1 + y/4
				} else if f > -0.55 {
					p = 0
				}
				pens[y*16+x] = byte(p)
			}
		}
		for q := range 4 {
			t := make([]byte, 64)
			for y := range 8 {
				copy(t[y*8:], pens[(q/2*8+y)*16+q%2*8:][:8])
			}
			w.tile(8, scroll1+tileDigits+d*4+q, t)
		}
	}
	panel := make([]byte, 64)
	for i := range panel {
		panel[i] = 15
		if (i+i/8)&1 == 0 {
			panel[i] = 10
		}
	}
	w.tile(8, scroll1+tilePanel, panel)

	var words []uint16
	for i, t := range textPalettes {
		fmt.Fprintf(&w.h, "#define %s %d\n", t.name, i)
		p := palette{hex(0x080818)}
		for k := range 4 {
			p = append(p, mix(t.top, t.low, float64(k)/3))
		}
		p = append(p, mix(t.fill, rgb{1, 1, 1}, 0.55), t.fill, t.fill.mul(0.6), hex(0x30303c), hex(0x24242e), hex(0x05060c))
		for len(p) < 15 {
			p = append(p, rgb{})
		}
		x := p.words()
		words = append(words, x[:]...)
	}
	w.array("text_colors", words)
	for _, d := range []struct {
		name string
		v    int
	}{{"TILE_BAR", tileBar}, {"TILE_THIN", tileThin}, {"TILE_LAMP", tileLamp}, {"TILE_DIGITS", tileDigits}, {"TILE_PANEL", tilePanel}, {"SCROLL1", scroll1}} {
		fmt.Fprintf(&w.h, "#define %s 0x%x\n", d.name, d.v)
	}
}

// scenePictures paints a stage's two layers; the last one is the title's, with
// the logo.
func scenePictures(i int) (back, front *image) {
	back, front = scenes[i].background(), scenes[i].foreground()
	if i == len(scenes)-1 {
		logo(front, "GALE", 192, 34, 9.2, hex(0xfff6c0), hex(0xf09020), hex(0x602010))
		logo(front, "RIDERS", 196, 104, 7.6, hex(0xd8f4ff), hex(0x2878d8), hex(0x0c1c58))
	}
	return back, front
}

func writeAssets(dir string) error {
	w := &writer{gfx: make([]byte, gfxSize)}
	w.h.WriteString("/* Made by game/gen. */\n")
	w.c.WriteString("/* Made by game/gen. */\n#include \"assets.h\"\n")
	for i := range w.gfx {
		w.gfx[i] = 0xff
	}
	s := makeSprites()
	if s.next*16 > objects {
		return fmt.Errorf("sprites need %#x tiles, there are %#x", s.next*16, objects)
	}
	for code, pens := range s.tiles {
		w.tile(16, code, pens)
	}
	for _, sp := range s.list {
		var codes []uint16
		for _, f := range sp.frames {
			codes = append(codes, uint16(f))
		}
		w.array("spr_"+sp.name, codes)
		fmt.Fprintf(&w.h, "#define SIZE_%s 0x%x%x00\n", strings.ToUpper(sp.name), sp.h-1, sp.w-1)
	}
	var words []uint16
	for i, p := range objectPalettes {
		fmt.Fprintf(&w.h, "#define PAL_%s %d\n", p.name, i)
		x := p.p.words()
		words = append(words, x[:]...)
	}
	w.array("object_colors", words)
	w.text()
	w.n2, w.n3 = 1, 0 // tile 0 of scroll 2 stays empty
	for i := range scenes {
		back, front := scenePictures(i)
		w.layer(fmt.Sprintf("back%d", i), quantize(back, 32, 30, 0.045), scroll3, &w.n3)
		w.layer(fmt.Sprintf("front%d", i), quantize(front, 16, 30, 0.05), scroll2, &w.n2)
	}
	if w.n2 > 0x1000 || w.n3 > 0x280 {
		return fmt.Errorf("the stages need %#x and %#x tiles", w.n2, w.n3)
	}
	fmt.Printf("tiles: objects %#x, scroll 2 %#x, scroll 3 %#x\n", s.next*16, w.n2, w.n3)
	for name, b := range map[string][]byte{"gfx.bin": w.gfx, "assets.h": []byte(w.h.String()), "assets.c": []byte(w.c.String())} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
			return err
		}
	}
	return nil
}
