package cps3

import (
	"encoding/binary"

	"arcade/video"
)

// Places in the text layer's RAM.
const (
	textScroll  = 0x2000 // of each line: two bytes, of which the first counts
	textTiles   = 0x4000
	textLines   = 512
	textColumns = 64
	textSide    = 8
	textBytes   = 32 // of a tile: four a row, the left pixel in the lower half
)

// drawText draws the layer of text over everything.
func (b *board) drawText(p *video.Picture, w, h int) {
	ram := (*[ssSize]byte)(b.ss.Mem)
	colours := (*[colourSize]byte)(b.colours.Mem)
	// Of the vertical scroll only the choice of the map's half is effective.
	scroll := -(int(b.st.SS[ssScrollY]) | int(b.st.SS[ssScrollY+1])<<8) & 0x100
	palette := uint32(b.st.SS[ssPaletteTop]) * 32
	for y := range h {
		row := p.Row(y)[:w]
		at := y + scroll
		cells := ram[at/textSide%textColumns*textColumns*2:][:textColumns*2]
		left := int(ram[textScroll+(at+textLines-1)%textLines*2])
		for x, i := -left, 0; x < w; x, i = x+textSide, i+1 {
			if x <= -textSide {
				continue
			}
			cell := uint32(binary.LittleEndian.Uint16(cells[i%textColumns*2:]))
			line := uint32(y) & 7
			if cell&0x4000 != 0 {
				line ^= 7
			}
			pixels := binary.LittleEndian.Uint32(ram[textTiles+cell&0x1ff*textBytes+line*4:])
			if pixels == 0 {
				continue
			}
			base := (cell>>9&0x1f + palette) * 16
			for k := range textSide {
				place := k
				if cell&0x8000 != 0 {
					place = textSide - 1 - k
				}
				if n := pixels & 15; n != 0 && uint(x+place) < uint(w) {
					row[x+place] = colour(colours, base+n)
				}
				pixels >>= 4
			}
		}
	}
}
