package cps3

import "encoding/binary"

// ppuWords is the number of the PPU's registers.
const ppuWords = 0xb0 / 2

// Registers of the PPU, as indices of words.
const (
	regTilemap  = 0x20 / 2 // four times eight words
	regHBlank   = 0x62 / 2
	regHEnd     = 0x64 / 2
	regZoomX    = 0x6e / 2
	regVBlank   = 0x72 / 2
	regVEnd     = 0x74 / 2
	regZoomY    = 0x7e / 2
	regListDMA  = 0x82 / 2
	regCharBank = 0x86 / 2
	regGfxBank  = 0x88 / 2
	regCharLow  = 0x96 / 2
	regCharHigh = 0x98 / 2
	regPalette  = 0xa0 / 2 // source, destination, fade, length: two words each
	regFadeRG   = 0xa8 / 2
	regFadeB    = 0xaa / 2
	regPalLen   = 0xac / 2
	regPalStart = 0xae / 2
)

// Bits of the status word at 040c000c.
const (
	statusList = 1 << iota
	statusChars
	statusPalette
)

// Times that MAME takes, in cycles: the data is there at once.
const (
	listTime = 100
	dmaTime  = 2500
)

// readPPU serves 040cxxxx: the status of the DMAs is all that can be read.
func (b *board) readPPU(addr, _ uint32) uint32 {
	if addr&0xffff != 0x000c {
		return 0
	}
	v := uint32(b.st.DMA)
	if b.cpu.Now() < b.st.ListBusy {
		v |= statusList
	}
	return v << 16
}

// writePPU serves 040cxxxx.
func (b *board) writePPU(addr, v, mask uint32) {
	at := addr & 0xffff
	if at >= 2*ppuWords {
		return
	}
	if mask>>16 != 0 {
		b.writeReg(at/2, v>>16, mask>>16)
	}
	if mask&0xffff != 0 {
		b.writeReg(at/2+1, v, mask)
	}
}

func (b *board) writeReg(n, v, mask uint32) {
	r := &b.st.PPU[n]
	*r = merge(*r, v, mask)
	switch n {
	case regListDMA:
		old := b.st.ListEdge
		b.st.ListEdge = uint8(*r)
		if old&9 == 9 && *r&9 == 8 && b.cpu.Now() >= b.st.ListBusy {
			b.copyList()
			b.st.ListBusy = b.cpu.Now() + listTime
		}
	case regCharBank:
		b.mapWindow()
	case regCharHigh:
		if *r&0x40 != 0 && mask&0x40 != 0 {
			b.charDMA(uint32(*r)&0x3f<<16 | uint32(b.st.PPU[regCharLow]))
			b.startDMA(statusChars)
		}
	case regPalStart:
		if *r&2 != 0 && mask&2 != 0 {
			b.paletteDMA()
			b.startDMA(statusPalette)
		}
	}
}

// startDMA makes a DMA busy, and the interrupt due when it is over. One that
// starts while another is busy makes both last longer.
func (b *board) startDMA(status uint8) {
	b.st.DMA |= status
	b.dmaDone.At(b.Scheduler.Now()+dmaTime, 0)
}

// The list: main records of 16 bytes, each with a sub-list.
const (
	recordSize = 16
	maxRecords = 0x200
	listEnd    = 0x80000000
)

// powerList makes the copy empty, as it is at power-on.
func (b *board) powerList() {
	binary.BigEndian.PutUint32(b.list.Mem, listEnd)
}

// copyList is the list DMA.
func (b *board) copyList() {
	copyPart := func(at, n uint32) {
		n = min(n, spriteSize-at)
		b.list.TouchRange(int(at), int(n))
		copy(b.list.Mem[at:at+n], b.sprites.Mem[at:at+n])
	}
	for i := uint32(0); i < maxRecords; i++ {
		at := i * recordSize
		copyPart(at, recordSize)
		head := binary.BigEndian.Uint32(b.sprites.Mem[at:])
		if head&listEnd != 0 {
			break
		}
		copyPart(head&0x7fff*16, head>>16&0x1ff*recordSize)
	}
	for i := range b.st.Scroll {
		b.st.Scroll[i] = uint32(b.st.PPU[2*i])<<16 | uint32(b.st.PPU[2*i+1])
	}
}

// resize computes the picture's size from the CRTC's registers. As in MAME,
// only another width counts, and takes the height along.
func (b *board) resize() {
	r := &b.st.PPU
	w := int(r[regHEnd]) - int(r[regHBlank])
	h := int(r[regVEnd]) - int(r[regVBlank])
	if w <= 0 || w == int(b.st.W) {
		return
	}
	b.st.W = uint16(min(w, maxW))
	if h > 0 {
		b.st.H = uint16(min(h, maxH))
	}
}
