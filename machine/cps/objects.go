package cps

import (
	"encoding/binary"
	"unsafe"

	"arcade/video"
)

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

// drawObjects draws the latched list. An earlier entry is in front of a later
// one, so it begins with the last. Where the layer below hides objects, it
// hides all of them, so the order does not matter there.
func (b *board) drawObjects(p *video.Picture) {
	count := 0
	for count < maxObjects && !b.endsList(b.objects[8*count:]) {
		count++
	}
	for i := range count {
		n := count - 1 - i
		if b.set.kludge&0x40 != 0 {
			n = i // bootlegs that draw the list the other way round
		}
		b.drawObject(p, b.objects[8*n:])
	}
}

func (b *board) endsList(e []byte) bool {
	if b.set.kludge&15 == 3 {
		return binary.BigEndian.Uint16(e[2:]) >= 0x8000
	}
	return e[6] == 0xff
}

// drawObject draws one entry: x, y, code, attribute.
func (b *board) drawObject(p *video.Picture, e []byte) {
	x, y := uint32(binary.BigEndian.Uint16(e)), uint32(binary.BigEndian.Uint16(e[2:]))
	code, attr := uint32(binary.BigEndian.Uint16(e[4:])), uint32(binary.BigEndian.Uint16(e[6:]))
	base := b.gfx.object.tile(code)
	if base == unmapped {
		return
	}
	columns, rows := attr>>8&15+1, attr>>12+1
	for j := range rows {
		for i := range columns {
			ci, cj := i, j
			if attr&0x20 != 0 {
				ci = columns - 1 - i
			}
			if attr&0x40 != 0 {
				cj = rows - 1 - j
			}
			// The low digit of a block's codes wraps.
			tile := base&^15 + (base+ci)&15 + 16*cj
			b.drawObjectTile(p, tile, attr, int((x+16*i)&0x1ff)-originX, int((y+16*j)&0x1ff)-originY)
		}
	}
}

func (b *board) drawObjectTile(p *video.Picture, tile, attr uint32, x, y int) {
	if x <= -16 || x >= screenW || y <= -16 || y >= screenH {
		return
	}
	if tile >= b.gfx.object.tiles {
		tile %= b.gfx.object.tiles
	}
	has := b.gfx.units[2*tile] | b.gfx.units[2*tile+1]
	if has&unitVisible == 0 {
		return
	}
	pens := b.pens(attr & 31)
	c := b.pairs(attr & 31)
	holes, whole := has&unitHoles != 0, x >= 0 && x <= screenW-16
	if whole && !b.gfx.hides && y >= 0 && y <= screenH-16 {
		s := sprite{b.gfx.lines, int(tile) * 32, 2, 2, attr&0x20 != 0}
		if attr&0x40 != 0 {
			s.at, s.stride = s.at+30, -2
		}
		if holes {
			s.drawHoles(unsafe.Pointer(&p.Pix[y*screenW+x]), 16, c)
		} else {
			s.draw(unsafe.Pointer(&p.Pix[y*screenW+x]), 16, c)
		}
		return
	}
	lines := (*[32]uint32)(b.gfx.lines[tile*32 : tile*32+32])
	var turn uint
	if attr&0x40 != 0 {
		turn = 15
	}
	flipX := attr&0x20 != 0
	for line := max(y, 0); line < min(y+16, screenH); line++ {
		n := (uint(line-y) ^ turn) & 15
		left, right := lines[2*n], lines[2*n+1]
		if flipX {
			left, right = mirror(right), mirror(left)
		}
		row := (*[screenW]uint32)(p.Pix[line*screenW:])
		if b.gfx.hides {
			hide := (*[screenW]uint8)(b.gfx.hide[line*screenW:])
			putUnhidden(row, hide, x, left, pens, c)
			putUnhidden(row, hide, x+8, right, pens, c)
			continue
		}
		putClipped(row, x, left, pens)
		putClipped(row, x+8, right, pens)
	}
}

// putUnhidden draws eight pixels of an object where no pixel of the layer
// below hides them.
func putUnhidden(row *[screenW]uint32, hide *[screenW]uint8, x int, w uint32, pens *[16]uint32, c *pairs) {
	if w == transparent {
		return
	}
	if uint(x) <= screenW-8 && binary.LittleEndian.Uint64(hide[x:x+8]) == 0 {
		putHoles(eightAt(row, x), w, c)
		return
	}
	for i := range 8 {
		if p := w >> 28; p != 15 && uint(x+i) < screenW && hide[x+i] == 0 {
			row[x+i] = pens[p]
		}
		w <<= 4
	}
}
