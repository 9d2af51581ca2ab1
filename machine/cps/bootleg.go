package cps

import (
	"strconv"
	"strings"
)

// What copies of the board, and a few odd originals, have that the rest does
// not. Each is named in a set's columns "map", "kludge" and "quirks".

// scrollOf is the scroll position of a layer. Bootlegs whose own video board
// counts differently write other values; column kludge has the rule.
func (b *board) scrollOf(layer int) (x, y uint16) {
	if b.set.copy != nil {
		return b.copyScrollOf(layer), b.st.CPSA[regScroll1Y+2*(layer-1)]
	}
	x, y = b.st.CPSA[regScroll1X+2*(layer-1)], b.st.CPSA[regScroll1Y+2*(layer-1)]
	if b.set.kludge == 0x88 {
		return x + [4]uint16{0, 4, 6, 10}[layer], y
	}
	return x - scrollKludges[b.set.kludge&15][layer], y
}

// scrollKludges are subtracted from a layer's horizontal scroll.
var scrollKludges = [16][4]uint16{
	0x1: {0, 12, 14, 16},
	0x2: {0, 16, 16, 16},
	0x3: {0, 8, 11, 12},
	0xe: {0, 70, 64, 70},
	0xf: {0, 64, 64, 64},
}

// Registers that 3wondersb's own board forces, as MAME has it: when a picture is
// made, after its base addresses and flip have been read.
const (
	forcedPaletteControl = 0x003f
	forcedVideoControl   = 0x003e
	forcedScroll2Base    = 0x90c0
	forcedScroll3Base    = 0x9100
	forcedPaletteBase    = 0x9140
)

// endFrameKludges is what MAME does just before a picture is made.
func (b *board) endFrameKludges() {
	if b.set.copy != nil {
		b.copyWholePalette()
	}
	if b.set.kludge == 0x88 {
		b.st.CPSB[0x30/2] = forcedPaletteControl
		b.st.CPSA[regPaletteBase] = forcedPaletteBase
	}
	if b.set.kludge&0x80 != 0 {
		b.copyPalette()
	}
}

// blankKludges is what it does just after.
func (b *board) blankKludges() {
	if b.set.kludge == 0x88 {
		b.st.CPSA[regVideoControl] = forcedVideoControl
		b.st.CPSA[regScroll2Base] = forcedScroll2Base
		b.st.CPSA[regScroll3Base] = forcedScroll3Base
	}
}

// enables is the video control register as far as it enables layers.
func (b *board) enables() uint16 {
	if b.set.kludge == 0x88 {
		return forcedVideoControl
	}
	return b.st.CPSA[regVideoControl]
}

// varthb2Bases: on this board writes to the base registers have fixed effects.
var varthb2Bases = map[int]uint16{
	regObjectBase: 0x9100, regScroll1Base: 0x90c0, regScroll2Base: 0x9040, regScroll3Base: 0x9080, regPaletteBase: 0x9000,
}

// readBootleg serves reads of 800000-800fff that differ from the original's.
func (b *board) readBootleg(at uint32) (uint16, bool) {
	if c := b.set.copy; c != nil && c.plain {
		switch {
		case at >= 0x100 && at < 0x140:
			return b.st.CPSA[(at-0x100)/2], true
		case at >= 0x140 && at < 0x180:
			return b.st.CPSB[(at-0x140)/2], true
		case at < 0x100 && b.set.memory != "kodb":
			return 0, true
		}
		return 0, false
	}
	switch b.set.memory {
	case "mtwinsb", "varthb":
		if at > 0 && at < 0x008 {
			return 0, true
		}
	case "sf2m1":
		if at == 0x012 {
			v := b.boardPort(portIN2) & 0xff
			return v<<8 | v, true
		}
	case "sf2m3":
		switch {
		case at < 0x008 || at >= 0x018 && at < 0x020:
			return 0, true
		case at == 0x010:
			return uint16(b.Ports[portIN1]), true
		case at >= 0x028 && at < 0x030:
			return b.wide([4]int{portIN0, portDSWA, portDSWB, portDSWC}[at>>1&3]), true
		case at == 0x186:
			v := b.boardPort(portIN2) & 0xff
			return v<<8 | v, true
		}
	}
	return 0, false
}

// writeBootleg serves writes to 800000-800fff that differ.
func (b *board) writeBootleg(at uint32, v, mask uint16) bool {
	switch b.set.memory {
	case "mtwinsb", "sf2m1", "wofr1bl", "varthb":
		switch {
		case at == 0x006:
			if mask&0xff != 0 {
				b.latch.Sync(uint64(v & 0xff))
			}
			return true
		case at == 0x008 && b.set.memory == "wofr1bl":
			b.st.CPSA[regScroll3Base] = v
			return true
		case at == 0x188 && b.set.memory == "varthb":
			if v > 0x9000 {
				b.st.CPSA[regScroll3Base] = v
			}
			return true
		case at >= 0x180 && at < 0x188:
			return true
		}
	case "sf2m3":
		switch {
		case at >= 0x190 && at < 0x198:
			if mask&0xff != 0 {
				b.latch.Sync(uint64(v & 0xff))
			}
			return true
		case at >= 0x198 && at < 0x1a0:
			if mask&0xff != 0 {
				b.latch2.Sync(uint64(v & 0xff))
			}
			return true
		case at >= 0x1a0 && at < 0x1c4:
			b.writeCPSA(int(at-0x1a0)/2, v, mask)
			return true
		case at == 0x1c4:
			b.writeCPSB(0x14, v, mask)
			return true
		}
	case "sf2m10":
		if at >= 0x1a2 && at < 0x1b4 {
			b.writeCPSA(int(at-0x1a2)/2, v, mask)
			return true
		}
	}
	return false
}

// mapQuirks maps what lies elsewhere.
func (b *board) mapQuirks() {
	m := b.mem
	if b.set.copy != nil || b.set.memory == "varthb" {
		b.mapCopy()
	}
	if b.set.memory == "sf2m10" {
		m.Handle(0xf1c000, 0xf1cfff, func(addr uint32, _ uint16) uint16 {
			if addr != 0xf1c000 {
				return 0
			}
			v := b.boardPort(portIN2) & 0xff
			return v<<8 | v
		}, nil)
	}
	if text, ok := b.set.quirk("prot-200000"); ok {
		m.Handle(0x200000, 0x2fffff, fixedWords(text), nil)
	}
	if text, ok := b.set.quirk("prot-180000"); ok {
		m.Handle(0x180000, 0x1fffff, fixedWords(text), nil)
	}
	if b.set.has("pic-sf2ceblp") || b.set.has("pic-pang3b4") {
		m.Handle(0x576000, 0x576fff, nil, func(addr uint32, v, mask uint16) {
			if addr == 0x5762b0 {
				b.st.Protection = v
			}
		})
		m.Handle(0x57a000, 0x57afff, func(addr uint32, _ uint16) uint16 {
			if addr != 0x57a2b0 {
				return 0
			}
			return b.answer()
		}, nil)
	}
	if b.set.has("dinohunt") {
		m.Handle(0xf18000, 0xf19fff, func(uint32, uint16) uint16 { return 0x00ff }, nil)
		m.Handle(0xfc0000, 0xfc0fff, func(addr uint32, _ uint16) uint16 {
			if addr != 0xfc0000 {
				return 0
			}
			return b.boardPort(portIN2)
		}, nil)
	}
	if b.set.has("m48t35") {
		for i := 1; i < len(b.workram); i += 2 {
			b.workram[i] = 0xff // as MAME has an empty one
		}
		// The low bytes of work RAM are the battery RAM's: as long as nobody
		// sets its clock it is RAM like the other half.
		b.Notes = append(b.Notes, "the calendar of the battery RAM does not run")
	}
}

// answer is what the PIC of two bootlegs says to the last word written.
func (b *board) answer() uint16 {
	v := b.st.Protection
	if b.set.has("pic-sf2ceblp") {
		switch v {
		case 0x0000:
			return 0x1992
		case 0x0004:
			return 0x0408
		}
		return 0xffff
	}
	switch {
	case v <= 7:
		return v + 0x20
	case v == 0x17:
		return 0x7321
	}
	return 0xffff
}

// fixedWords serves reads by a list such as "201200=0002,281200=0040"; all
// other words are 0.
func fixedWords(text string) func(addr uint32, mask uint16) uint16 {
	words := map[uint32]uint16{}
	for _, w := range strings.Split(text, ",") {
		a, v, _ := strings.Cut(w, "=")
		addr, err1 := strconv.ParseUint(a, 16, 24)
		value, err2 := strconv.ParseUint(v, 16, 16)
		if err1 != nil || err2 != nil {
			panic("cps: a protection table has " + w)
		}
		words[uint32(addr)] = uint16(value)
	}
	return func(addr uint32, _ uint16) uint16 { return words[addr] }
}
