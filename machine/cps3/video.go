package cps3

import (
	"encoding/binary"

	"arcade/video"
)

// Sizes of the picture in pixels.
const (
	normalW = 384
	normalH = 224
	maxW    = 512
	maxH    = 256
)

// canvas is the line buffers: of each pixel the number of its colour. What is
// drawn may be larger than the picture, if it is shown smaller. There is room at
// both sides for tiles that are partly visible.
type canvas struct {
	pix  [areaH * pitch]uint32
	w, h int // the part that is drawn
}

const (
	areaW  = 1024
	areaH  = 512
	margin = 16 // pixels: a tile
	pitch  = margin + areaW + margin
)

// line is a line of the canvas from x = -margin on.
func (c *canvas) line(y int) *[pitch]uint32 { return (*[pitch]uint32)(c.pix[y*pitch:]) }

// colourMask: colour numbers have 17 bits.
const colourMask = colourSize/2 - 1

// one is the value of the zoom registers at which nothing is zoomed; a greater
// one shows more. maxZoom is the greatest that has a meaning.
const (
	one     = 0x40
	maxZoom = 0x80
)

// powerColour is what MAME's line buffers hold at power-on. Nothing is drawn over
// it until a program sets the zoom, which is 0 then.
const powerColour = 0x3f

// zoom is how much the picture shows, horizontally and vertically.
func (b *board) zoom() (x, y uint32) {
	return min(uint32(b.st.PPU[regZoomX])&0xff, maxZoom), min(uint32(b.st.PPU[regZoomY])&0xff, maxZoom)
}

// Draw composes the picture.
func (b *board) Draw(p *video.Picture) {
	w, h := int(b.st.W), int(b.st.H)
	p.Resize(w, h)
	clipW, clipH := min(w, int(b.st.ClipW)), min(h, int(b.st.ClipH))
	if clipW < w || clipH < h {
		clear(p.Pix)
	}
	zx, zy := b.zoom()
	c := b.canvas
	c.w, c.h = clipW, clipH
	zoomed := zx != one || zy != one
	if zoomed {
		c.w = min(int((uint32(clipW)*zx<<10+0x8000)>>16), areaW)
		c.h = min(int((uint32(clipH)*zy<<10+0x8000)>>16), areaH)
	}
	for y := range c.h {
		clear(c.line(y)[:margin+c.w])
	}
	b.drawList()
	if zoomed {
		b.showZoomed(p, clipW, clipH, zx<<10, zy<<10)
	} else {
		for y := range clipH {
			b.show(p.Row(y)[:clipW], c.line(y)[margin:])
		}
	}
	b.drawText(p, clipW, clipH)
}

// rgb is the colour of a word of colour RAM: five bits each of red, green and
// blue from the bottom, on converters whose lower three bits are grounded.
func rgb(v uint32) uint32 { return v&0x1f<<19 | v&0x3e0<<6 | v&0x7c00>>7 }

// colour is a colour of colour RAM.
func colour(ram *[colourSize]byte, n uint32) uint32 {
	return rgb(uint32(binary.BigEndian.Uint16(ram[n&colourMask*2:])))
}

// show makes colours of a line.
func (b *board) show(out, in []uint32) {
	ram := (*[colourSize]byte)(b.colours.Mem)
	in = in[:len(out)]
	for x, n := range in {
		out[x] = colour(ram, n)
	}
}

// colour is the colour with a number.
func (b *board) colour(n uint32) uint32 { return colour((*[colourSize]byte)(b.colours.Mem), n) }

// showZoomed does the same of the whole picture, which shows an area of another
// size than its own. Beyond what is drawn is the backdrop.
func (b *board) showZoomed(p *video.Picture, w, h int, stepX, stepY uint32) {
	c := b.canvas
	backdrop := b.colour(0)
	if b.st.Shown == 0 {
		backdrop = b.colour(powerColour)
	}
	for y := range h {
		row := p.Row(y)[:w]
		sy := int(uint32(y) * stepY >> 16)
		drawn := 0 // pixels
		if sy < c.h && c.w > 0 {
			drawn = min(w, int((uint32(c.w)<<16+stepX-1)/stepX))
			line := c.line(sy)[margin:]
			for x := range row[:drawn] {
				row[x] = b.colour(line[uint32(x)*stepX>>16])
			}
		}
		for x := drawn; x < w; x++ {
			row[x] = backdrop
		}
	}
}

// drawList draws the list that the DMA copied: later entries over earlier ones.
func (b *board) drawList() {
	for i := range maxRecords {
		rec := b.list.Mem[i*recordSize:]
		r := record{head: binary.BigEndian.Uint32(rec), pos: binary.BigEndian.Uint32(rec[4:]), attr: binary.BigEndian.Uint32(rec[8:])}
		if r.head&listEnd != 0 {
			return
		}
		r.scroll = b.st.Scroll[r.head>>28&7]
		at := r.head & 0x7ff0 * recordSize
		for range r.head >> 16 & 0x1ff {
			e := b.list.Mem[at&(spriteSize-recordSize):]
			at += recordSize
			b.drawEntry(&r, binary.BigEndian.Uint32(e), binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:]))
		}
	}
}

// record is a main record of the list.
type record struct {
	head, pos, attr uint32
	scroll          uint32
}

// drawEntry draws an entry of a record's sub-list.
func (b *board) drawEntry(r *record, tile, pos, shape uint32) {
	height := shape >> 2 & 3
	switch {
	case height == 0:
	case shape&3 == 0:
		y := pos + r.scroll
		for k := range shape>>24&0x7f + 1 {
			if line := (^(y - k) - 18) & 0x3ff; int(line) < b.canvas.h {
				b.drawMapLine(int(shape>>4&3), line)
			}
		}
	default:
		b.drawSprite(r, tile, pos, shape)
	}
}
