package cps

import "encoding/binary"

// tilemap is a scroll layer as it is drawn: 64 x 64 tiles of 8, 16 or 32 pixels
// that wrap at all sides.
type tilemap struct {
	size    uint          // log2 of a tile's size
	entries *[0x4000]byte // code and attribute of each tile
	mapping *mapping
	page    uint32 // number of its first palette of 16
	x, y    uint16 // scroll position
	hides   *[4]*priorityMask
}

// entry is the number of the map entry of a column and row.
func (t *tilemap) entry(column, row uint32) uint32 {
	switch t.size {
	case 3:
		return row&0x1f + column*0x20 + row&0x20*0x40
	case 4:
		return row&0x0f + column*0x10 + row&0x30*0x40
	}
	return row&0x07 + column*0x08 + row&0x38*0x40
}

// drawTiles draws the picture's lines from y0 to before y1 of a layer; the
// canvas begins at line top.
func (g *graphics) drawTiles(t *tilemap, top, y0, y1 int, scrollX uint16) {
	size := 1 << t.size
	mask := 64<<t.size - 1
	left := (originX + int(scrollX)) & mask
	for y := y0; y < y1; {
		mapY := (y + originY + int(t.y)) & mask
		inside := mapY & (size - 1)
		h := min(size-inside, y1-y)
		row := uint32(mapY >> t.size)
		column := uint32(left >> t.size)
		for x := -(left & (size - 1)); x < screenW; x += size {
			g.drawTile(t, at(x, y-top), h, inside, column&63, row)
			column++
		}
		y += h
	}
}

// drawTile draws h lines of a tile, from line inside on, at a place of the
// canvas.
func (g *graphics) drawTile(t *tilemap, place, h, inside int, column, row uint32) {
	e := t.entries[t.entry(column, row)&0xfff*4:]
	code, attr := uint32(binary.BigEndian.Uint16(e)), uint32(binary.BigEndian.Uint16(e[2:]))
	if t.size == 5 {
		code &= 0x3fff
	}
	var hide *priorityMask
	if t.hides != nil {
		hide = t.hides[attr>>7&3]
	}
	tile := t.mapping.tile(code)
	if tile == unmapped {
		if hide != nil {
			s := stamp{lines: nothing[:], words: 1 << (t.size - 3), h: h}
			s.mark(&g.canvas, place, hide)
		}
		return
	}
	s := stamp{lines: g.lines, words: 1 << (t.size - 3), h: h, flipX: attr&0x20 != 0}
	s.palette = uint8(t.page + attr&31)
	line := inside
	if attr&0x40 != 0 {
		line = 1<<t.size - 1 - inside
	}
	var has uint8
	switch t.size {
	case 3:
		// The ROM has two alternatives of each tile side by side; even columns
		// show the left one.
		s.stride = 2
		s.from = int(tile*16+column&1) + line*2
		has = g.units[tile]
	case 4:
		s.stride = 2
		s.from = int(tile*32) + line*2
		u := g.units[2*tile : 2*tile+2]
		has = u[0] | u[1]
	default:
		s.stride = 4
		s.from = int(tile*128) + line*4
		u := g.units[8*tile : 8*tile+8]
		has = u[0] | u[1] | u[2] | u[3] | u[4] | u[5] | u[6] | u[7]
	}
	if attr&0x40 != 0 {
		s.stride = -s.stride
	}
	if hide != nil {
		s.mark(&g.canvas, place, hide)
	}
	switch {
	case has&unitVisible == 0:
	case has&unitHoles == 0:
		s.draw(&g.canvas, place)
	default:
		s.drawHoles(&g.canvas, place)
	}
}

// nothing is a line of a tile that no ROM has.
var nothing = [4]uint64{hole * lanes, hole * lanes, hole * lanes, hole * lanes}

// prepareMasks spreads the priority masks. Groups that hide nothing have none,
// and it returns nil if no group hides anything.
func (g *graphics) prepareMasks(masks [4]uint16) *[4]*priorityMask {
	any := false
	for i, m := range masks {
		g.masks[i] = nil
		if m == 0 {
			continue
		}
		any = true
		t := &g.maskTables[i]
		if g.maskValues[i] != m {
			g.maskValues[i] = m
			t.set(m)
		}
		g.masks[i] = t
	}
	if !any {
		return nil
	}
	return &g.masks
}
