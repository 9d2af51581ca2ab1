package cps

// drawStarField draws the part of a star field that is on the canvas, which
// begins at line top. The fields lie behind all layers. The first uses byte 0
// of each of the ROM's 4096 entries of 8 bytes, the second byte 4.
func (b *board) drawStarField(top, first, page int, scrollX, scrollY uint16) {
	frame := int(b.FrameNumber()-1) / 16 // Draw comes after the frame was counted
	flipped := b.st.CPSA[regVideoControl]&videoFlip != 0
	for n := range 4096 {
		s := b.gfx.stars[8*n+first]
		if s&0x1f == 0x0f {
			continue
		}
		x := (n>>8*32 + int(s&0x1f) - int(scrollX)) & 0x1ff
		y := (n&0xff - int(scrollY)) & 0xff
		if flipped {
			// Not a true mirror: a pixel off in both directions. The whole
			// picture is turned round later.
			x, y = x-1, y-1
		}
		x, y = x-originX, y-originY-top
		if uint(x) >= screenW || uint(y) >= bandH {
			continue
		}
		phase := frame % 16
		if s&0x80 != 0 {
			phase = frame % 15
		}
		b.gfx.canvas.set(x, y, uint16(page*pageSize+int(s&0xe0)/2+phase))
	}
}
