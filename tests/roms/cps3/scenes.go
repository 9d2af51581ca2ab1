package cps3rom

// What sprites a scene has.
const (
	plain = iota
	zoomed
	records
	blended
)

// subList is where the first sub-list is; each has 64 entries of 16 bytes.
const (
	subList     = 0x4000
	subListSize = 64 * 16
)

// record is a main record of the list.
func record(n, entries, scroll, pos, attr uint32) []uint32 {
	return []uint32{scroll<<28 | entries<<16 | (subList+n*subListSize)/16, pos, attr, 0}
}

// onScreen is a place that is at least partly visible.
func (s *Script) onScreen() uint32 { return s.r(420)<<16 | (780 + s.r(240)) }

// entry is a sprite.
func (s *Script) entry(kind int) []uint32 {
	tile := s.r(0x1000)<<17 | s.r(2)<<12 | s.r(2)<<11 | s.r(2)<<9 | s.r(0x200)
	sides := [4]uint32{0, 1, 2, 4}
	nx, ny := 1+s.r(3), 1+s.r(3)
	w, h := 16*sides[nx], 16*sides[ny]
	if kind != plain && s.r(3) != 0 {
		w, h = 1+s.r(128), 1+s.r(128)
	}
	if kind == blended {
		tile |= s.r(2) << 10
	}
	return []uint32{tile, s.onScreen(), (h-1)<<24 | (w-1)<<16 | 3<<8 | ny<<2 | nx, 0}
}

// setScrolls gives the global scrolls small values.
func (s *Script) setScrolls() {
	for i := uint32(0); i < 16; i++ {
		s.reg(2*i, (s.r(64)-32)&0x3ff)
	}
}

// spriteScene shows sprites alone.
func (s *Script) spriteScene(kind int) {
	s.setScrolls()
	var list []uint32
	n := uint32(1)
	if kind == records {
		n = 5
	}
	for i := range n {
		entries := 4 + s.r(20)
		attr, pos, scroll := uint32(0), uint32(0), uint32(0)
		if kind == records {
			attr, pos, scroll = s.rnd.Uint32(), s.r(64)<<16|s.r(64), s.r(8)
		}
		list = append(list, record(i, entries, scroll, pos, attr)...)
		var sub []uint32
		for range entries {
			sub = append(sub, s.entry(kind)...)
		}
		s.block(sprites+subList+i*subListSize, sub...)
	}
	s.block(sprites, append(list, 0x80000000, 0, 0, 0)...)
	s.listDMA()
	s.wait(1)
	// The list is a copy: what is written now is not seen.
	s.fill(sprites+subList, 64, 0x12345678, 0x1010101)
	s.wait(1)
}

// Places of tilemaps and line scroll tables in sprite RAM, in pages of 4 KB.
const (
	mapPage  = 0x40 // four of 16 KB
	linePage = 0x20
)

// band is an entry that draws lines of a tilemap.
func (s *Script) band(n, top, lines uint32) []uint32 {
	return []uint32{0, (-top - 19) & 0x3ff, (lines-1)<<24 | n<<4 | (1+s.r(3))<<2, 0}
}

// mapScene shows tilemaps in bands, with sprites between them.
func (s *Script) mapScene(lines bool) {
	for n := uint32(0); n < 4; n++ {
		t := ppu + 0x20 + 16*n
		s.w16(t, s.r(0x10000))
		s.w16(t+2, s.r(0x10000))
		s.w16(t+4, 0x1f)
		control := uint32(0x8000) | s.r(4)<<10
		if s.r(8) == 0 {
			control &^= 0x8000
		}
		if lines {
			control |= 0x4000
		}
		s.w16(t+6, control)
		s.w16(t+8, linePage<<8|(mapPage+4*n))
		var tiles []uint32
		for range 0x400 { // a quarter by hand, and the rest alike
			tiles = append(tiles, s.r(0x1000)<<17|s.rnd.Uint32()&0x1fff)
		}
		at := uint32(sprites) + (mapPage+4*n)*0x1000
		s.block(at, tiles...)
		for q := uint32(1); q < 4; q++ {
			s.emit(cmdCopy, at+q*0x1000, at, 0x400)
		}
	}
	if lines {
		s.fill(sprites+linePage*0x1000, 0x400, s.rnd.Uint32(), s.rnd.Uint32()&0xfffff)
	}
	s.setScrolls()
	var sub []uint32
	entries := uint32(0)
	for top := uint32(0); top < 224; {
		h := 1 + s.r(100)
		sub = append(sub, s.band(s.r(4), top, h)...)
		sub = append(sub, s.entry(blended)...)
		entries += 2
		if s.r(2) == 0 {
			top += h
		}
		if entries == 60 {
			break
		}
	}
	s.block(sprites+subList, sub...)
	s.block(sprites, append(record(0, entries, s.r(8), 0, 0), 0x80000000, 0, 0, 0)...)
	s.listDMA()
	s.wait(1)
	// Maps and their registers are not copied: they count when it is drawn.
	s.reg(0x20, s.r(0x400))
	s.reg(0x32, s.r(0x400))
	s.wait(1)
}

func (s *Script) zoomScene() {
	s.mapScene(true)
	for range 4 {
		x := 0x20 + s.r(0x80)
		y := 0x20 + s.r(0x80)
		switch s.r(4) {
		case 0:
			x = 0x40
		case 1:
			y = 0x40
		}
		s.zoom(x, y)
		s.wait(1)
	}
	s.zoom(0x40, 0x40)
}

// textScene fills the text layer with random tiles.
func (s *Script) textScene() {
	var tiles []uint32
	for range 0x400 {
		tiles = append(tiles, s.rnd.Uint32()&0x00ff00ff)
	}
	s.block(text+2*0x4800, tiles...)
	s.fill(text, 0x1000, s.rnd.Uint32(), s.rnd.Uint32())
	for range 2 {
		if s.r(2) == 0 {
			s.fill(text+2*0x2000, 0x200, s.rnd.Uint32(), s.rnd.Uint32())
		}
		s.w16(textReg+2*0x12, s.r(0x80))
		v := -(s.r(0x400))
		s.w16(textReg+2*0x10, v&0xff)
		s.w16(textReg+2*0x11, v>>8&0xff)
		s.wait(1)
	}
	s.clearText()
}

// clean empties MAME's line buffers, wherever they may show what an earlier
// picture left, which nobody should imitate.
func (s *Script) clean() {
	s.w32(sprites, 0x80000000)
	s.listDMA()
	s.zoom(0x80, 0x80)
	s.wait(1)
	s.zoom(0x40, 0x40)
}

func (s *Script) wideScene() {
	s.mapScene(false)
	s.emit(cmdCopy, scratch, sprites, 1)
	again := func() {
		s.emit(cmdCopy, sprites, scratch, 1)
		s.listDMA()
	}
	s.clean()
	again()
	s.width(true)
	s.Torn = append(s.Torn, s.Frames)
	s.wait(3)
	for range 2 {
		s.clean()
		again()
		s.zoom(0x30+s.r(0x20), 0x30+s.r(0x20))
		s.wait(1)
	}
	s.clean()
	again()
	s.zoom(0x40, 0x50)
	s.wait(1)
	s.zoom(0x40, 0x40)
	s.width(false)
	s.wait(3)
}

// paletteScene copies colours with fades, from and to odd places.
func (s *Script) paletteScene() {
	s.spriteScene(plain)
	for range 3 {
		fade := func() uint32 { return s.r(0x80) }
		s.palette(coloursAt/2+s.r(0x8000), s.r(0x20000), 1+s.r(0x18000), fade(), fade(), fade())
		s.wait(1)
	}
	// The processor may write colours too, in any size.
	s.w8(colours+s.r(4), s.r(0x100))
	s.w16(colours, s.r(0x8000))
	s.fill(colours+4*s.r(0x1000), 0x1000, s.rnd.Uint32(), s.rnd.Uint32())
	s.wait(1)
	s.palette(coloursAt/2, 0, 0x10000, 0, 0, 0)
	s.palette(coloursAt/2+0x10000, 0x10000, 0x10000, 0, 0, 0)
}

// charScene unpacks anything into characters and shows them.
func (s *Script) charScene() {
	var list []uint32
	packed := func() uint32 { return source((packedAt + s.r(packedEnd-packedAt-0x8000)) &^ 1) }
	for range 8 {
		command := [5]uint32{0, 2, 3, 4, 2 + s.r(2)}[s.r(5)]
		length := 8 * (1 + s.r(0x400))
		dest := s.r(0x80000)
		list = append(list, command<<21|(length/8-1), dest/8, packed())
		if s.r(4) == 0 {
			list = append(list, s.r(2)<<21|7, 0x1000/8, source(middleAt+0x100))
		}
	}
	s.charDMA(list)
	s.mapScene(false)
	s.reg(0x86, s.r(7))
	s.w8(chars+s.r(0x1000), s.r(0x100))
	s.fill(chars+4*s.r(0x1000), 0x200, s.rnd.Uint32(), s.rnd.Uint32())
	s.show32(cell(1, 1), chars+0x2000)
	s.wait(1)
}
