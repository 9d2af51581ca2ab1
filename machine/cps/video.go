package cps

import (
	"encoding/binary"
	"math/bits"
	"unsafe"

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

// graphics is what is derived from the graphics ROM.
type graphics struct {
	// lines has eight pixels in each element, the leftmost in the upper four
	// bits. Element n is made from bytes 4n to 4n+3 of the region.
	lines  []uint32
	object mapping
	scroll [4]mapping // 1 to 3
	stars  []byte     // region "stars", or nil
	rgb    [colours]uint32
	hide   []uint8 // scratch: pixels at which objects are hidden
	hides  bool    // hide has something in it
	units  []uint8 // of each 64 bytes of the region: whether pens are 15, or are not
	pairs  [colours / 16]pairs
	stale  [colours / 16]uint8 // a colour has changed since pairs was made
}

func (g *graphics) build(rom []byte, m *mapper) {
	// spread puts bit 7-x of a byte at bit 4(7-x): one plane of eight pixels.
	var spread [256]uint32
	for b := range spread {
		for x := range 8 {
			spread[b] |= uint32(b) >> (7 - x) & 1 << (4 * (7 - x))
		}
	}
	g.lines = make([]uint32, len(rom)/4)
	for i := range g.lines {
		b := rom[4*i : 4*i+4]
		g.lines[i] = spread[b[0]] | spread[b[1]]<<1 | spread[b[2]]<<2 | spread[b[3]]<<3
	}
	g.units = make([]uint8, len(g.lines)/16)
	for i := range g.units {
		for _, w := range g.lines[16*i : 16*i+16] {
			if t := ^w; (t-0x11111111)&^t&0x88888888 != 0 {
				g.units[i] |= unitHoles
			}
			if w != transparent {
				g.units[i] |= unitVisible
			}
		}
	}
	for i := range g.stale {
		g.stale[i] = 1
	}
	g.object = m.of(typeObject, 1, len(rom))
	g.scroll[1] = m.of(typeScroll1, 0, len(rom))
	g.scroll[2] = m.of(typeScroll2, 1, len(rom))
	g.scroll[3] = m.of(typeScroll3, 3, len(rom))
	g.hide = make([]uint8, screenW*screenH)
}

// What a unit of 64 bytes of graphics has.
const (
	unitHoles   = 1 << iota // pixels with pen 15
	unitVisible             // pixels with others
)

// mirror turns a line of eight pixels round.
func mirror(w uint32) uint32 {
	w = bits.ReverseBytes32(w)
	return w>>4&0x0f0f0f0f | w&0x0f0f0f0f<<4
}

// transparent is a line of eight pens 15.
const transparent = 0xffffffff

// pairs has the colours of two neighbouring pixels for each byte of a line, in
// memory order: the left pixel, in the upper half of the byte, comes first.
// Pen 15 is 0, so that a pair can be OR-ed over what keep leaves.
type pairs = [256]uint64

// keep has ones where a pixel of a pair is transparent.
var keep = func() (t [256]uint64) {
	for i := range t {
		if i>>4 == 15 {
			t[i] |= 0xffffffff
		}
		if i&15 == 15 {
			t[i] |= 0xffffffff << 32
		}
	}
	return t
}()

// eight is eight pixels of the picture as four pairs. (All processors that Go
// and this program support store the lower half of a word first.)
type eight = [4]uint64

func eightAt(row *[screenW]uint32, x int) *eight {
	return (*eight)(unsafe.Pointer((*[8]uint32)(row[x : x+8])))
}

// put draws eight pixels, none of them transparent.
func put(d *eight, w uint32, c *pairs) {
	d[0] = c[w>>24]
	d[1] = c[w>>16&0xff]
	d[2] = c[w>>8&0xff]
	d[3] = c[w&0xff]
}

// putHoles draws eight pixels, some of them perhaps transparent.
func putHoles(d *eight, w uint32, c *pairs) {
	over(&d[0], uint8(w>>24), c)
	over(&d[1], uint8(w>>16), c)
	over(&d[2], uint8(w>>8), c)
	over(&d[3], uint8(w), c)
}

// pairs gives the pairs of palette n, and makes them if one of its colours
// has changed.
func (b *board) pairs(n uint32) *pairs {
	g := &b.gfx
	t := &g.pairs[n]
	if g.stale[n] == 0 {
		return t
	}
	g.stale[n] = 0
	pens := b.pens(n)
	for left := range 15 {
		for right := range 15 {
			t[left<<4|right] = uint64(pens[left]) | uint64(pens[right])<<32
		}
		t[left<<4|15] = uint64(pens[left])
		t[15<<4|left] = uint64(pens[left]) << 32
	}
	return t
}

// putClipped draws those of eight pixels whose x is on the screen.
func putClipped(row *[screenW]uint32, x int, w uint32, pens *[16]uint32) {
	for i := range 8 {
		if p := w >> 28; p != 15 && uint(x+i) < screenW {
			row[x+i] = pens[p]
		}
		w <<= 4
	}
}

func (b *board) pens(n uint32) *[16]uint32 { return (*[16]uint32)(b.gfx.rgb[n*16 : n*16+16]) }

// Draw composes the picture as MAME does: at the end of the frame, from
// registers, RAM and palette as they are then, and objects as they were latched
// at its start.
func (b *board) Draw(p *video.Picture) {
	p.Resize(screenW, screenH)
	backdrop := b.gfx.rgb[backdropPen]
	first := p.Pix[:screenW]
	for i := range first {
		first[i] = backdrop
	}
	for y := 1; y < screenH; y++ {
		copy(p.Pix[y*screenW:(y+1)*screenW], first)
	}
	if b.gfx.stars != nil {
		b.drawStars(p)
	}
	control := b.layerControl()
	b.gfx.hides = false
	objects := false // have been drawn: a pixel takes one object only, seen or hidden
	for i := range 4 {
		layer := int(control >> (6 + 2*i) & 3)
		if layer == 0 {
			if !objects {
				b.drawObjects(p)
			}
			objects = true
			continue
		}
		below := !objects && i < 3 && control>>(8+2*i)&3 == 0 // objects are drawn next
		if b.layerEnabled(layer, control) {
			b.drawLayer(p, layer, below)
		} else if below {
			b.gfx.hides = false
		}
	}
	if b.st.CPSA[regVideoControl]&videoFlip != 0 {
		flip(p)
	}
}

// flip turns the picture by 180 degrees.
func flip(p *video.Picture) {
	for i, j := 0, len(p.Pix)-1; i < j; i, j = i+1, j-1 {
		p.Pix[i], p.Pix[j] = p.Pix[j], p.Pix[i]
	}
}

func (b *board) layerControl() uint16 { return b.cpsb(b.set.cpsb.layerControl) }

func (b *board) layerEnabled(layer int, control uint16) bool {
	if control&b.set.cpsb.enable[layer] == 0 {
		return false
	}
	v := b.st.CPSA[regVideoControl]
	return layer == 1 || layer == 2 && v&videoScroll2 != 0 || layer == 3 && v&videoScroll3 != 0
}

// tilemap is a scroll layer as it is drawn.
type tilemap struct {
	layer   int
	size    uint // log2 of a tile's size
	entries []byte
	mapping *mapping
	page    uint32 // number of its first palette of 16
	masks   *[4]uint16
}

func (b *board) drawLayer(p *video.Picture, layer int, below bool) {
	t := tilemap{layer: layer, size: uint(layer) + 2, mapping: &b.gfx.scroll[layer], page: uint32(layer) * 32}
	t.entries = b.gfxArea(b.st.CPSA[regScroll1Base+layer-1], 0x4000)
	if below {
		masks := b.priorityMasks()
		b.gfx.hides = masks != [4]uint16{}
		if b.gfx.hides {
			clear(b.gfx.hide)
			t.masks = &masks
		}
	}
	x, y := b.scrollOf(layer)
	if layer != 2 || b.st.CPSA[regVideoControl]&videoRowScroll == 0 {
		b.drawBand(p, &t, 0, screenH, x, y)
		return
	}
	// Row scroll: each screen line has an offset of its own; lines with equal
	// offsets are drawn together.
	table := b.gfxArea(b.st.CPSA[regOtherBase], 0x800)
	first := uint32(b.st.CPSA[regRowScroll])
	offset := func(line int) uint16 {
		return binary.BigEndian.Uint16(table[(uint32(line+originY)+first)&0x3ff*2:])
	}
	for line := 0; line < screenH; {
		o, end := offset(line), line+1
		for end < screenH && offset(end) == o {
			end++
		}
		b.drawBand(p, &t, line, end, x+o, y)
		line = end
	}
}

// drawBand draws the picture's lines from y0 to before y1 of a layer.
func (b *board) drawBand(p *video.Picture, t *tilemap, y0, y1 int, scrollX, scrollY uint16) {
	size := 1 << t.size
	mask := 64<<t.size - 1
	for y := y0; y < y1; {
		mapY := (y + originY + int(scrollY)) & mask
		inside := mapY & (size - 1)
		h := min(size-inside, y1-y)
		row := uint32(mapY >> t.size)
		left := (originX + int(scrollX)) & mask
		for x := -(left & (size - 1)); x < screenW; x += size {
			column := uint32((x+left)>>t.size) & 63
			b.drawTile(p, t, x, y, h, inside, column, row)
		}
		y += h
	}
}

// entry is the number of the map entry of a column and row.
func (t *tilemap) entry(column, row uint32) uint32 {
	switch t.layer {
	case 1:
		return row&0x1f + column*0x20 + row&0x20*0x40
	case 2:
		return row&0x0f + column*0x10 + row&0x30*0x40
	}
	return row&0x07 + column*0x08 + row&0x38*0x40
}

// drawTile draws h lines of a tile, from line inside on, at (x, y).
func (b *board) drawTile(p *video.Picture, t *tilemap, x, y, h, inside int, column, row uint32) {
	e := binary.BigEndian.Uint32(t.entries[t.entry(column, row)*4:])
	code, attr := e>>16, e
	if t.layer == 3 {
		code &= 0x3fff
	}
	tile := t.mapping.tile(code)
	if t.masks != nil {
		if m := t.masks[attr>>7&3]; m != 0 {
			b.hideTile(t, m, tile, attr, x, y, h, inside, column)
		}
	}
	if tile == unmapped {
		return
	}
	if tile >= t.mapping.tiles {
		tile %= t.mapping.tiles
	}
	var has uint8
	units := b.gfx.units
	switch t.layer {
	case 1:
		has = units[tile]
	case 2:
		has = units[2*tile] | units[2*tile+1]
	default:
		for _, u := range units[8*tile : 8*tile+8] {
			has |= u
		}
	}
	if has&unitVisible == 0 {
		return
	}
	pens := t.page + attr&31
	c := b.pairs(pens)
	flipX, holes := attr&0x20 != 0, has&unitHoles != 0
	line, step := inside, 1
	if attr&0x40 != 0 {
		line, step = 1<<t.size-1-inside, -1
	}
	n := 1 << (t.size - 3) // words of a line
	stride := max(n, 2)    // in the ROM; scroll 1 uses one word of two
	at := int(tile)<<(2*t.size-3) + line*stride
	if t.layer == 1 {
		at = int(tile)*16 + line*2 + int(column&1)
	}
	if x >= 0 && x <= screenW-1<<t.size {
		s := sprite{b.gfx.lines, at, stride * step, n, flipX}
		if holes {
			s.drawHoles(unsafe.Pointer(&p.Pix[y*screenW+x]), h, c)
		} else {
			s.draw(unsafe.Pointer(&p.Pix[y*screenW+x]), h, c)
		}
		return
	}
	colours := b.pens(pens)
	for i := range h {
		row := (*[screenW]uint32)(p.Pix[(y+i)*screenW:])
		for k := range n {
			w := b.gfx.lines[at+k]
			if flipX {
				w = mirror(b.gfx.lines[at+n-1-k])
			}
			putClipped(row, x+8*k, w, colours)
		}
		at += stride * step
	}
}

// sprite is a rectangle of graphics that is wholly on the screen.
type sprite struct {
	lines  []uint32
	at     int // element of its first line's first eight pixels
	stride int // from a line to the next
	words  int // of eight pixels in a line
	flipX  bool
}

// draw draws h lines without transparent pixels at d.
func (s *sprite) draw(d unsafe.Pointer, h int, c *pairs) {
	at, last := s.at, s.words-1
	for range h {
		words := s.lines[at : at+s.words]
		for k := range words {
			w := words[k]
			if s.flipX {
				w = mirror(words[last-k])
			}
			put((*eight)(unsafe.Add(d, 32*k)), w, c)
		}
		at += s.stride
		d = unsafe.Add(d, 4*screenW)
	}
}

// drawHoles draws h lines, some of whose pixels are transparent.
func (s *sprite) drawHoles(d unsafe.Pointer, h int, c *pairs) {
	at, last := s.at, s.words-1
	for range h {
		words := s.lines[at : at+s.words]
		for k := range words {
			w := words[k]
			if s.flipX {
				w = mirror(words[last-k])
			}
			if w != transparent {
				e := (*eight)(unsafe.Add(d, 32*k))
				over(&e[0], uint8(w>>24), c)
				over(&e[1], uint8(w>>16), c)
				over(&e[2], uint8(w>>8), c)
				over(&e[3], uint8(w), c)
			}
		}
		at += s.stride
		d = unsafe.Add(d, 4*screenW)
	}
}

// over draws two pixels over what is there.
func over(d *uint64, pair uint8, c *pairs) { *d = *d&keep[pair] | c[pair] }

// tileLine is a line of a tile: one, two or four times eight pixels. Scroll 1
// has two alternatives of each tile side by side; even columns use the left.
func (b *board) tileLine(t *tilemap, tile uint32, line int, column uint32) []uint32 {
	switch t.layer {
	case 1:
		n := int(tile)*16 + line*2 + int(column&1)
		return b.gfx.lines[n : n+1]
	case 2:
		n := int(tile)*32 + line*2
		return b.gfx.lines[n : n+2]
	}
	n := int(tile)*128 + line*4
	return b.gfx.lines[n : n+4]
}

// hideTile marks the pixels of a tile at which objects are hidden: those whose
// pen has its bit set in the mask of the tile's priority group. That may be
// pen 15, too.
func (b *board) hideTile(t *tilemap, mask uint16, tile, attr uint32, x, y, h, inside int, column uint32) {
	wordsOf := 1 << (t.size - 3)
	for i := range h {
		line := inside + i
		if attr&0x40 != 0 {
			line = 1<<t.size - 1 - line
		}
		hide := b.gfx.hide[(y+i)*screenW:][:screenW]
		for k := range wordsOf {
			w := uint32(transparent)
			if tile != unmapped {
				words := b.tileLine(t, tile%t.mapping.tiles, line, column)
				w = words[k]
				if attr&0x20 != 0 {
					w = mirror(words[wordsOf-1-k])
				}
			}
			for n := range 8 {
				if at := x + 8*k + n; uint(at) < screenW {
					hide[at] = uint8(mask >> (w >> 28) & 1)
				}
				w <<= 4
			}
		}
	}
}
