package cps3

import "encoding/binary"

// Bits of a tilemap's fourth register.
const (
	mapEnable     = 1 << 15
	mapLineScroll = 1 << 14
	mapFlipX      = 1 << 11
	mapFlipY      = 1 << 10
)

// mapTiles is how many tiles a tilemap is wide and high.
const mapTiles = 64

// drawMapLine draws line y of the canvas from a tilemap.
func (b *board) drawMapLine(n int, y uint32) {
	r := b.st.PPU[regTilemap+8*n:][:5]
	control := r[3]
	if control&mapEnable == 0 {
		return
	}
	line := (y + uint32(r[1]) + 4) & 0x3ff
	if control&mapFlipY != 0 {
		line ^= 0x3ff
	}
	scroll := uint32(r[0])
	if control&mapLineScroll != 0 {
		at := uint32(r[4])>>8&0x7f<<12 + 4*((line+16)&0x3ff)
		scroll += uint32(binary.BigEndian.Uint16(b.sprites.Mem[at&(spriteSize-4):])) & 0x3ff
	}
	row := uint32(r[4])&0x7f<<12 + (line>>4+1)&(mapTiles-1)*mapTiles*4
	tiles := (*[mapTiles * 4]byte)(b.sprites.Mem[row&(spriteSize-1):])
	inTile := line & 15
	c := b.canvas
	column := scroll >> 4
	var last uint32
	p := newPen(0)
	for x := -int(scroll & 15); x < c.w; x += tileSide {
		i := column
		column++
		if control&mapFlipX != 0 {
			i ^= mapTiles - 1
		}
		e := binary.BigEndian.Uint32(tiles[i&(mapTiles-1)*4:])
		if attr := e & (tilePalette | tileSix | tileBlend); attr != last {
			p, last = newPen(attr), attr
		}
		from := inTile
		if e&tileFlipY != 0 {
			from = tileSide - 1 - from
		}
		src := (*[tileSide]byte)(b.chars.Mem[e>>tileShift*tileBytes+from*tileSide:])
		c.tileRow(src, x, int(y), (e&tileFlipX != 0) != (control&mapFlipX != 0), &p)
	}
}
