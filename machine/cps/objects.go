package cps

import "encoding/binary"

// maxObjects is the number of entries in the object list.
const maxObjects = 256

// latchObjects copies the object list, as the hardware does at the start of
// every vertical blank: objects are a frame later than the layers.
func (b *board) latchObjects() {
	base := b.st.CPSA[regObjectBase]
	if k := b.set.kludge & 15; k == 1 || k == 2 {
		base = 0x9100
	}
	copy(b.objects, b.gfxArea(base, 0x800))
}

// bandList has the numbers of the objects that are seen in a band, in the
// order in which they are drawn.
type bandList struct {
	n       int
	entries [maxObjects]uint8
}

// sortObjects makes the lists of all bands. An earlier entry is in front of a
// later one, so the last is drawn first. Where the layer below hides objects,
// it hides all of them, so the order does not matter there.
func (b *board) sortObjects() {
	bands := &b.gfx.bands
	for i := range bands {
		bands[i].n = 0
	}
	count := 0
	for count < maxObjects && !b.endsList(b.objects[8*count:]) {
		count++
	}
	for i := range count {
		n := count - 1 - i
		if b.set.kludge&0x40 != 0 {
			n = i // bootlegs that draw the list the other way round
		}
		y, rows := int(binary.BigEndian.Uint16(b.objects[8*n+2:])), int(b.objects[8*n+6]>>4)+1
		for j := range rows {
			top := (y+16*j)&0x1ff - originY
			for _, line := range [2]int{top, top + 15} {
				if uint(line) >= screenH {
					continue
				}
				if l := &bands[line/bandH]; l.n == 0 || int(l.entries[l.n-1]) != n {
					l.entries[l.n] = uint8(n)
					l.n++
				}
			}
		}
	}
}

// drawObjects draws what is in a band.
func (b *board) drawObjects(top int) {
	l := &b.gfx.bands[top/bandH]
	for _, n := range l.entries[:l.n] {
		b.drawObject(top, b.objects[8*int(n):8*int(n)+8])
	}
}

func (b *board) endsList(e []byte) bool {
	if b.set.kludge&15 == 3 {
		return binary.BigEndian.Uint16(e[2:]) >= 0x8000
	}
	return e[6] == 0xff
}

// drawObject draws one entry: x, y, code, attribute.
func (b *board) drawObject(top int, e []byte) {
	x, y := uint32(binary.BigEndian.Uint16(e)), uint32(binary.BigEndian.Uint16(e[2:]))
	attr := uint32(binary.BigEndian.Uint16(e[6:]))
	columns, rows := attr>>8&15+1, attr>>12+1
	for j := range rows {
		atY := int((y+16*j)&0x1ff) - originY - top
		if atY <= -16 || atY >= bandH {
			continue
		}
		base := b.gfx.object.before(uint32(binary.BigEndian.Uint16(e[4:])))
		if base == unmapped {
			return
		}
		if attr&0x40 != 0 {
			j = rows - 1 - j
		}
		for i := range columns {
			atX := int((x+16*i)&0x1ff) - originX
			if atX <= -16 || atX >= screenW {
				continue
			}
			if attr&0x20 != 0 {
				i = columns - 1 - i
			}
			// The low digit of a block's codes wraps.
			b.gfx.drawObjectTile(base&^15+(base+i)&15+16*j, attr, atX, atY)
		}
	}
}

// drawObjectTile draws a tile at (x, y) of the canvas.
func (g *graphics) drawObjectTile(tile, attr uint32, x, y int) {
	if tile >= g.object.tiles {
		tile %= g.object.tiles
	}
	u := g.units[2*tile : 2*tile+2]
	has := u[0] | u[1]
	if has&unitVisible == 0 {
		return
	}
	s := stamp{lines: g.lines, from: int(tile) * 32, stride: 2, words: 2, h: 16, flipX: attr&0x20 != 0, palette: uint8(attr & 31)}
	if attr&0x40 != 0 {
		s.from, s.stride = s.from+30, -2
	}
	if y < 0 {
		s.from, s.h = s.from-y*s.stride, s.h+y
		y = 0
	}
	s.h = min(s.h, bandH-y)
	switch d := at(x, y); {
	case g.hides:
		s.drawHidden(&g.canvas, d)
	case has&unitHoles == 0:
		s.draw(&g.canvas, d)
	default:
		s.drawHoles(&g.canvas, d)
	}
}
