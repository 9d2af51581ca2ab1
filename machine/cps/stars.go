package cps

import "arcade/video"

// drawStars draws the two star fields, behind all layers. The first uses byte
// 0 of each of the ROM's 4096 entries of 8 bytes, the second byte 4.
func (b *board) drawStars(p *video.Picture) {
	control := b.layerControl()
	// As in MAME, the enable of field 1 shows field 2 and the other way round;
	// no set has different bits for the two.
	if control&b.set.cpsb.stars[0] != 0 {
		b.drawStarField(p, 4, 5, b.st.CPSA[regStars2X], b.st.CPSA[regStars2Y])
	}
	if control&b.set.cpsb.stars[1] != 0 {
		b.drawStarField(p, 0, 4, b.st.CPSA[regStars1X], b.st.CPSA[regStars1Y])
	}
}

func (b *board) drawStarField(p *video.Picture, first, page int, scrollX, scrollY uint16) {
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
		phase := frame % 16
		if s&0x80 != 0 {
			phase = frame % 15
		}
		if x -= originX; uint(x) >= screenW {
			continue
		}
		if y -= originY; uint(y) >= screenH {
			continue
		}
		p.Pix[y*screenW+x] = b.gfx.rgb[page*512+int(s&0xe0)/2+phase]
	}
}
