package cps

import (
	"encoding/binary"

	"arcade/video"
)

// The visible part of the 512 x 262 raster.
const (
	screenW = 384
	screenH = 224
	originX = 64 // screen coordinates of the first visible pixel
	originY = 16
)

// Video control, CPS-A 22.
const (
	videoRowScroll = 1 << 0
	videoScroll2   = 1 << 2
	videoScroll3   = 1 << 3
	videoFlip      = 1 << 15
)

// graphics is what is derived from the graphics ROM, and scratch space.
type graphics struct {
	// lines has the pens of eight pixels in each element, the leftmost in the
	// lowest byte; those with pen 15 have bit 7 set, too. Element n is made from bytes 4n to 4n+3 of the region.
	lines  []uint64
	units  []uint8 // of each 64 bytes of the region: unitHoles, unitVisible
	object mapping
	scroll [4]mapping // 1 to 3
	stars  []byte     // region "stars", or nil

	colours palette
	canvas  canvas
	hides   bool // some pixels of the canvas hide objects
	bands   [screenH / bandH]bandList

	masks      [4]*priorityMask // of each priority group, or nil
	maskTables [4]priorityMask
	maskValues [4]uint16 // what maskTables were made from
}

// What a unit of 64 bytes of graphics has.
const (
	unitHoles   = 1 << iota // pixels with pen 15
	unitVisible             // pixels with others
)

func (g *graphics) build(rom []byte, m *mapper) {
	// spread puts bit 7-x of a byte at bit 8x: one plane of eight pixels.
	var spread [256]uint64
	for b := range spread {
		for x := range 8 {
			spread[b] |= uint64(b) >> (7 - x) & 1 << (8 * x)
		}
	}
	g.lines = make([]uint64, len(rom)/64*16)
	g.units = make([]uint8, len(rom)/64)
	for i := range g.lines {
		b := rom[4*i : 4*i+4]
		w := spread[b[0]] | spread[b[1]]<<1 | spread[b[2]]<<2 | spread[b[3]]<<3
		for x := 0; x < 64; x += 8 {
			if w>>x&15 == 15 {
				w |= hole << x
				g.units[i/16] |= unitHoles
			} else {
				g.units[i/16] |= unitVisible
			}
		}
		g.lines[i] = w
	}
	g.object = m.of(typeObject, 1, len(rom))
	g.scroll[1] = m.of(typeScroll1, 0, len(rom))
	g.scroll[2] = m.of(typeScroll2, 1, len(rom))
	g.scroll[3] = m.of(typeScroll3, 3, len(rom))
}

// Draw composes the picture as MAME does: at the end of the frame, from
// registers, RAM and palette as they are then, and objects as they were latched
// at its start. It works in bands of a few lines: a band, as pen numbers, stays
// in the processor's nearest cache while layers are put on top of each other.
func (b *board) Draw(p *video.Picture) {
	p.Resize(screenW, screenH)
	s := b.newScene()
	pens := b.gfx.colours.update(&b.st.Palette)
	flip := b.st.CPSA[regVideoControl]&videoFlip != 0
	for y := 0; y < screenH; y += bandH {
		b.drawBand(&s, y)
		for line := range bandH {
			if flip {
				b.gfx.canvas.showFlipped(p.Row(screenH-1-y-line), line, pens)
			} else {
				b.gfx.canvas.show(p.Row(y+line), line, pens)
			}
		}
	}
}

// scene is what the registers say about a picture.
type scene struct {
	layers [4]layer // from rear to front
	stars  [2]bool
	first  uint32 // row scroll: first entry, and table
	rows   []byte
}

// layer is one of the four layers as the draw order names them.
type layer struct {
	draw bool
	kind int // 0 for objects, 1 to 3 for scroll layers
	tilemap
}

func (b *board) newScene() scene {
	control := b.layerControl()
	s := scene{first: uint32(b.st.CPSA[regRowScroll])}
	if b.gfx.stars != nil {
		s.stars = [2]bool{control&b.set.cpsb.stars[0] != 0, control&b.set.cpsb.stars[1] != 0}
	}
	if b.st.CPSA[regVideoControl]&videoRowScroll != 0 {
		s.rows = b.gfxArea(b.st.CPSA[regOtherBase], 0x800)
	}
	objects := false
	for i := range s.layers {
		l := &s.layers[i]
		l.kind = int(control >> (6 + 2*i) & 3)
		if l.kind == 0 {
			// A pixel takes one object only, seen or hidden: the second time,
			// objects would change nothing.
			if l.draw = !objects; l.draw && b.set.copy == nil {
				b.sortObjects()
			}
			objects = true
			continue
		}
		l.draw = b.layerEnabled(l.kind, control)
		l.tilemap = tilemap{size: uint(l.kind) + 2, mapping: &b.gfx.scroll[l.kind], page: uint32(l.kind) * pageSize / 16}
		l.entries = (*[0x4000]byte)(b.gfxArea(b.st.CPSA[regScroll1Base+l.kind-1], 0x4000))
		l.x, l.y = b.scrollOf(l.kind)
	}
	for i := range 3 {
		// The layer just below the objects hides them with some of its pens.
		if l := &s.layers[i]; l.draw && l.kind != 0 && s.layers[i+1].kind == 0 && s.layers[i+1].draw {
			l.hides = b.gfx.prepareMasks(b.priorityMasks())
		}
	}
	return s
}

func (b *board) layerControl() uint16 {
	if b.set.copy != nil {
		return b.cpsb(b.set.copy.control)
	}
	return b.cpsb(b.set.cpsb.layerControl)
}

func (b *board) layerEnabled(layer int, control uint16) bool {
	if b.set.copy != nil {
		return true
	}
	if control&b.set.cpsb.enable[layer] == 0 {
		return false
	}
	v := b.enables()
	return layer == 1 || layer == 2 && v&videoScroll2 != 0 || layer == 3 && v&videoScroll3 != 0
}

// drawBand draws the picture's lines from y on, at the top of the canvas.
func (b *board) drawBand(s *scene, y int) {
	g := &b.gfx
	g.canvas.fill(backdropPen)
	// As in MAME, the enable of field 1 shows field 2 and the other way round;
	// no set has different bits for the two.
	if s.stars[0] {
		b.drawStarField(y, 4, 5, b.st.CPSA[regStars2X], b.st.CPSA[regStars2Y])
	}
	if s.stars[1] {
		b.drawStarField(y, 0, 4, b.st.CPSA[regStars1X], b.st.CPSA[regStars1Y])
	}
	g.hides = false
	for i := range s.layers {
		l := &s.layers[i]
		switch {
		case !l.draw:
		case l.kind == 0 && b.set.copy != nil:
			b.drawCopyObjects(y)
		case l.kind == 0:
			b.drawObjects(y)
		default:
			if l.hides != nil {
				g.hides = true
				g.canvas.hideNothing()
			}
			if l.kind == 2 && s.rows != nil {
				b.drawRows(s, &l.tilemap, y)
			} else {
				g.drawTiles(&l.tilemap, y, y, y+bandH, l.x)
			}
		}
	}
}

// drawRows draws a layer whose lines have horizontal offsets of their own;
// lines with equal offsets are drawn together.
func (b *board) drawRows(s *scene, t *tilemap, y int) {
	offset := func(line int) uint16 {
		return binary.BigEndian.Uint16(s.rows[(uint32(line+originY)+s.first)&0x3ff*2:])
	}
	for line := y; line < y+bandH; {
		o, end := offset(line), line+1
		for end < y+bandH && offset(end) == o {
			end++
		}
		b.gfx.drawTiles(t, y, line, end, t.x+o)
		line = end
	}
}
