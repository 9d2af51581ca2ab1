package cps

import "encoding/binary"

// Copies of the board with video logic of their own (MAME's fcrash driver).
// Layers, row scroll and priorities work as on the original; layer enables do
// not, objects come from another list, the palette is taken over as a whole in
// every frame, and ports are elsewhere.

// copyBoard says what is where on such a board. Offsets are CPS-B registers.
type copyBoard struct {
	plain   bool      // the registers of CPS-A and CPS-B are RAM, and can be read
	control int       // layer control
	masks   [4]int    // priority masks
	scroll  [4]uint16 // is subtracted from a layer's horizontal scroll
	list    uint32    // offset of the object list
	end     uint16    // Y of the entry that ends it, or 0: all of it is drawn
	listX   int       // is added to an object's position
	ram     uint32    // where its object RAM is, or 0 if the list is in graphics RAM
	bright  bool      // colours have no brightness
	level   uint8     // of the interrupt at vertical blank
	latch   uint32    // address of the sound latch
	latch2  uint32    // of the second latch, or 0
	sound   copySound
	note    string // what is left out
}

// copySound is a kind of sound board.
type copySound uint8

const (
	originalSound copySound = iota
	kodbSound               // chips at other addresses
	noSound                 // with chips that are not emulated
)

const (
	noteFinalCrash = "the sound board (Z80, two YM2203, two MSM5205) is not emulated: there is no sound"
	noteFightBLB   = "the sound board (Z80 and an MSM6295 with banks) is not emulated: there is no sound"
)

// copyBoards are found by a set's memory map.
var copyBoards = map[string]*copyBoard{
	"fcrash": {plain: true, control: 0x20, masks: [4]int{0x26, 0x30, 0x28, 0x32}, scroll: [4]uint16{0, 62, 60, 64}, list: 0x50c8,
		level: 2, latch: 0x880006, sound: noSound, note: noteFinalCrash},
	"ffightblb": {plain: true, control: 0x20, masks: [4]int{0x26, 0x30, 0x28, 0x32}, scroll: [4]uint16{0, 0, 8, 4}, list: 0x5008, listX: -56,
		level: 2, latch: 0x880006, sound: noSound, note: noteFightBLB},
	"cawingbl": {plain: true, control: 0x0c, masks: [4]int{0x0a, 0x08, 0x06, 0x04}, scroll: [4]uint16{0, 63, 62, 65}, list: 0x1000, end: 0x8000,
		level: 6, latch: 0x880006, sound: noSound, note: noteFinalCrash},
	"kodb": {plain: true, control: 0x20, masks: [4]int{0x2e, 0x2c, 0x2a, 0x28}, list: 0x1000, end: 0xffff, ram: 0x900000,
		level: 2, latch: 0x880006, sound: kodbSound},
	"mtwinsb": {control: 0x12, masks: [4]int{0x14, 0x16, 0x18, 0x1a}, list: 0x1000, end: 0x8000, ram: 0x990000,
		level: 2, latch: 0x800006},
	"sf2m1": {control: 0x26, masks: [4]int{0x28, 0x2a, 0x2c, 0x2e}, scroll: [4]uint16{0, 62, 60, 64}, list: 0x1000, end: 0x8000, ram: 0x990000,
		level: 2, latch: 0x800006, latch2: 0x800188},
	"sgyxz": {plain: true, control: 0x20, masks: [4]int{0x38, 0x3a, 0x3c, 0x3e}, scroll: [4]uint16{0, 64, 64, 64},
		list: 0x1000, end: 0x8000, bright: true, level: 2, latch: 0x88000e, latch2: 0x890000},
	"wofabl": {plain: true, control: 0x20, masks: [4]int{0x38, 0x3a, 0x3c, 0x3e}, scroll: [4]uint16{0, 64, 64, 64},
		list: 0x1000, end: 0x8000, bright: true, level: 2, latch: 0x880006, latch2: 0x890000},
	"wofr1bl": {control: 0x26, masks: [4]int{0x28, 0x2a, 0x2c, 0x2e}, scroll: [4]uint16{0, 64, 64, 64}, list: 0x1000, end: 0x8000, listX: 2, ram: 0x990000,
		bright: true, level: 2, latch: 0x800006},
}

const (
	copyRAMSize = 0x4000
	copyEntries = 2048   // most entries of a list
	wofr1blList = 0x3000 // wofr1bl: the list after a write to 990000
)

// mapCopy maps what these boards have besides.
func (b *board) mapCopy() {
	c, m := b.set.copy, b.mem
	if c != nil && c.note != "" {
		b.Notes = append(b.Notes, c.note)
	}
	switch b.set.memory {
	case "sgyxz", "wofabl": // programs that never write them
		b.st.CPSB[0x3c/2], b.st.CPSB[0x3e/2] = 0x1ff, 0x1ff
	}
	switch b.set.memory {
	case "fcrash", "ffightblb", "cawingbl", "kodb", "sgyxz", "wofabl":
		m.Handle(0x880000, 0x880fff, b.readCopy, b.writeCopy)
		m.Handle(0x890000, 0x890fff, nil, b.writeCopy)
	}
	switch b.set.memory {
	case "cawingbl":
		m.Handle(0x882000, 0x882fff, b.readCopy, func(addr uint32, v, mask uint16) {
			if addr == 0x882006 && mask&0xff00 != 0 {
				b.latch.Sync(uint64(v >> 8))
			}
		})
	case "kodb":
		m.Handle(0x980000, 0x980fff, nil, b.writeCopyVideo)
	case "mtwinsb", "sf2m1", "wofr1bl", "varthb":
		m.Handle(0x980000, 0x980fff, nil, b.writeCopyVideo)
	}
	if b.set.memory == "wofr1bl" {
		m.Handle(0xf1c000, 0xf1cfff, func(addr uint32, _ uint16) uint16 {
			switch addr {
			case 0xf1c000:
				return b.boardPort(portIN2)
			case 0xf1c006:
				return uint16(b.eeprom.DO())
			}
			return 0
		}, func(addr uint32, v, mask uint16) {
			if addr == 0xf1c006 && mask&0xff != 0 {
				b.eeprom.Write(v&0x80 != 0, v&0x40 != 0, v&1 != 0)
			}
		})
	}
}

// objectRAM is where a copy has RAM of its own for objects; 0: nowhere.
func (s *set) objectRAM() uint32 {
	switch {
	case s.memory == "varthb":
		return 0x990000
	case s.copy != nil:
		return s.copy.ram
	}
	return 0
}

// readCopy serves 880000-880fff and 882000-882fff.
func (b *board) readCopy(addr uint32, _ uint16) uint16 {
	switch at := addr & 0xffe; b.set.memory {
	case "sgyxz":
		switch at {
		case 0x000:
			return uint16(b.Ports[portIN1])
		case 0x006:
			return uint16(b.Ports[portIN0])
		case 0x008, 0x00a, 0x00c:
			return b.wide(portDSWA + int(at-8)/2)
		}
	case "wofabl":
		switch at {
		case 0x000:
			return uint16(b.Ports[portIN1])
		case 0x008:
			return uint16(b.Ports[portIN0])
		case 0x00a, 0x00c, 0x00e:
			return b.wide(portDSWA + int(at-10)/2)
		}
	default:
		switch at {
		case 0x000:
			return uint16(b.Ports[portIN1])
		case 0x008:
			return b.wide(portIN0)
		case 0x00a, 0x00c, 0x00e:
			return b.wide(portDSWA + int(at-10)/2)
		}
	}
	return 0
}

// writeCopy serves 880000-880fff and 890000-890fff.
func (b *board) writeCopy(addr uint32, v, mask uint16) {
	if mask&0xff == 0 {
		return
	}
	switch addr {
	case b.set.copy.latch:
		b.latch.Sync(uint64(v & 0xff))
	case b.set.copy.latch2:
		b.latch2.Sync(uint64(v & 0xff))
	}
}

// writeCopyVideo serves 980000-980fff: scroll and layer registers.
func (b *board) writeCopyVideo(addr uint32, v, _ uint16) {
	at := int(addr & 0xfff)
	a := &b.st.CPSA
	if b.set.memory == "kodb" {
		switch at {
		case 0x00c:
			b.st.CPSB[b.set.copy.control/2] = v
		case 0x020, 0x022:
			b.st.CPSB[b.set.copy.masks[1+(at-0x020)/2]/2] = v
		}
		return
	}
	if at < 0x00c {
		var minus [6]uint16
		if b.set.memory == "mtwinsb" {
			minus = [6]uint16{1: 62, 3: 60, 5: 64}
			a[regScroll3Base] = 0x9100
		}
		v -= minus[at/2]
		switch at {
		case 0x000:
			a[regScroll1Y] = v
		case 0x002:
			a[regScroll1X] = v
		case 0x004:
			a[regScroll2Y] = v
			a[regRowScroll] = v
		case 0x006:
			a[regScroll2X] = v
		case 0x008:
			a[regScroll3Y] = v
		case 0x00a:
			a[regScroll3X] = v
		}
		return
	}
	switch {
	case b.set.memory == "sf2m1" && at == 0x00c:
		if v < uint16(len(sf2m1Orders)) {
			v = sf2m1Orders[v]
		}
		b.st.CPSB[b.set.copy.control/2] = v
	case b.set.memory == "sf2m1" && at == 0x166:
		b.st.CPSB[b.set.copy.control/2] = v
	case b.set.memory == "sf2m1" && (at == 0x016 || at == 0x036):
		a[regScroll3Base] = v
	case b.set.memory == "wofr1bl" && at == 0x00c:
		b.presetOrder(v)
	}
}

// sf2m1Orders are layer controls that the board knows by a number.
var sf2m1Orders = [6]uint16{0x078e, 0x12c0, 0x06ce, 0x09ce, 0x12ce, 0x0b4e}

// presetOrder sets layer control and priority masks by a number (wofr1bl).
func (b *board) presetOrder(n uint16) {
	if int(n) >= len(wofr1blPresets) || wofr1blPresets[n].control == 0 {
		return
	}
	p, c := wofr1blPresets[n], b.set.copy
	b.st.CPSB[c.control/2] = p.control
	for i, m := range p.masks {
		if m >= 0 {
			b.st.CPSB[c.masks[i+1]/2] = uint16(m)
		}
	}
}

// wofr1blPresets: a negative mask stays as it is.
var wofr1blPresets = [16]struct {
	control uint16
	masks   [3]int
}{
	0x0: {0x12ce, [3]int{0x001f, 0x01ff, 0x7fff}},
	0x1: {0x138e, [3]int{0x003f, 0x01ff, 0x7fff}},
	0x2: {0x12ce, [3]int{-1, 0x0780, 0x0000}},
	0x3: {0x1c8e, [3]int{0x07ff, 0x0780, 0x0000}},
	0x4: {0x12ce, [3]int{-1, 0x0000, 0x7fff}},
	0x6: {0x12ce, [3]int{-1, 0x0781, 0x001f}},
	0x8: {0x12ce, [3]int{-1, 0x0000, 0x001f}},
	0xa: {0x12ce, [3]int{-1, 0x40ff, 0x7fff}},
	0xe: {0x12ce, [3]int{-1, -1, -1}},
	0xf: {0x138e, [3]int{0x7fff, 0x7fff, 0x7fff}},
}

// copyScrollOf is scrollOf on these boards.
func (b *board) copyScrollOf(layer int) uint16 {
	x := b.st.CPSA[regScroll1X+2*(layer-1)]
	if layer == 2 && b.st.CPSA[regVideoControl]&videoRowScroll != 0 {
		return x
	}
	return x - b.set.copy.scroll[layer]
}

// copyMasks is priorityMasks on these boards.
func (b *board) copyMasks() (masks [4]uint16) {
	for i, r := range b.set.copy.masks {
		masks[i] = b.st.CPSB[r/2]
	}
	return masks
}

// copyWholePalette takes the palette over.
func (b *board) copyWholePalette() {
	src := uint32(b.st.CPSA[regPaletteBase]) << 8 & 0x1ffff
	copy(b.st.Palette[:], b.gfxram[src:])
	if b.set.copy.bright {
		for i := 0; i < len(b.st.Palette); i += 2 {
			b.st.Palette[i] |= 0xf0
		}
	}
}

// drawCopyObjects draws the part of the object list that is on the canvas,
// which begins at line top. A later entry is in front of an earlier one. The
// list is as it is now, not as it was at the start of the frame.
func (b *board) drawCopyObjects(top int) {
	c := b.set.copy
	ram, base := b.gfxram, c.list
	if c.ram != 0 {
		ram = b.extra
	}
	if b.set.memory == "wofr1bl" && binary.BigEndian.Uint16(ram) != 0 {
		base = wofr1blList
	}
	// An entry is Y, code, attribute and X; the base is that of the codes.
	list := ram[base-2:]
	n := 0
	for ; n < copyEntries; n++ {
		if 8*n+8 > len(list) {
			return // no end: nothing is drawn
		}
		if c.end != 0 && binary.BigEndian.Uint16(list[8*n:]) == c.end {
			break
		}
	}
	for i := range n {
		e := list[8*i : 8*i+8]
		y := 256 - int(binary.BigEndian.Uint16(e)&0x1ff) - 16 - originY - top
		code, attr := uint32(binary.BigEndian.Uint16(e[2:])), uint32(binary.BigEndian.Uint16(e[4:]))
		x := int(binary.BigEndian.Uint16(e[6:])&0x1ff) + 49 + c.listX - originX
		if x <= -16 || x >= screenW || y <= -16 || y >= bandH || code >= b.gfx.object.tiles {
			continue
		}
		b.gfx.drawObjectTile(code, attr, x, y)
	}
}
