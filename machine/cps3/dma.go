package cps3

import "encoding/binary"

// The PPU's DMAs. They read the graphics SIMMs as one array of bytes, G, which
// they see from address 400000h on.

// paletteDMA copies colours from G to colour RAM, fading them on the way.
func (b *board) paletteDMA() {
	r := &b.st.PPU
	long := func(n int) uint32 { return uint32(r[n])<<16 | uint32(r[n+1]) }
	source := long(regPalette)&0x07ffffff - 0x200000 // in words
	dest := long(regPalette + 2)
	n := uint32(r[regPalLen]) | uint32(r[regPalStart])&1<<16
	f := fader{red: uint32(r[regFadeRG]) >> 8, green: uint32(r[regFadeRG]), blue: uint32(r[regFadeB])}
	if from := dest & (colourSize/2 - 2) * 2; from+2*n+4 <= colourSize {
		b.colours.TouchRange(int(from), int(2*n+4))
	} else {
		b.colours.TouchRange(0, colourSize)
	}
	g := b.flash.g
	for i := range n {
		at := uint64((source+i)^1) * 2
		var c uint32
		if at < uint64(len(g)) {
			c = uint32(g[at])<<8 | uint32(g[at+1])
		}
		binary.BigEndian.PutUint16(b.colours.Mem[((dest+i)^1)&(colourSize/2-1)*2:], uint16(f.fade(c)))
	}
}

// fader has seven bits for each component: 6 enables, 5 chooses towards white
// instead of black, 4-0 how near.
type fader struct{ red, green, blue uint32 }

func (f fader) fade(c uint32) uint32 {
	if (f.red|f.green|f.blue)&0x40 == 0 {
		return c
	}
	return c&0x8000 | component(c&31, f.red) | component(c>>5&31, f.green)<<5 | component(c>>10&31, f.blue)<<10
}

func component(c, f uint32) uint32 {
	level := f & 31
	switch {
	case f&0x40 == 0:
		return c
	case f&0x20 == 0:
		return c * level >> 5
	}
	return 31 - (31-c)*(31-level)>>5
}

// Commands of the character DMA.
const (
	charCopy  = 0
	charSix   = 2 // 6-bit decompression
	charEight = 3 // 8-bit decompression
	charTable = 4
)

// maxCharList is the most longs of a list that are read.
const maxCharList = 0x1000

// charDMA works through a list of records in character RAM, from the long with
// index at on.
func (b *board) charDMA(at uint32) {
	long := func(i uint32) uint32 { return binary.BigEndian.Uint32(b.chars.Mem[i*4&(charSize-4):]) }
	for i := uint32(0); i < maxCharList; i += 3 {
		head := long(at + i)
		if head>>24&1 != 0 {
			return
		}
		length := (head&0x1fffff + 1) * 8
		dest := long(at+i+1) * 8 & (charSize - 1)
		source := long(at+i+2)*2 - 0x400000
		switch head >> 21 & 7 {
		case charCopy:
			b.copyChars(dest, source, length)
		case charSix:
			b.unpackSix(dest, source, length)
		case charEight:
			b.unpackEight(dest, source, length)
		case charTable:
			b.st.Table = source
		}
	}
}

func (b *board) copyChars(dest, source, length uint32) {
	for n := uint32(0); n < length; {
		at := (dest + n) & (charSize - 1)
		part := min(length-n, charSize-at)
		b.chars.TouchRange(int(at), int(part))
		out := b.chars.Mem[at : at+part]
		done := 0
		if from := uint64(source + n); from < uint64(len(b.flash.g)) {
			done = copy(out, b.flash.g[from:])
		}
		clear(out[done:])
		n += part
	}
}

// unpacker writes what a decoder makes.
type unpacker struct {
	b      *board
	g      []byte
	source uint32
	dest   uint32 // next byte in character RAM
	left   int64  // bytes that are missing to the length
}

func (b *board) unpacker(dest, source, length uint32) unpacker {
	end := min(int(dest)+int(length)+0x200, charSize) // a run may go over
	b.chars.TouchRange(int(dest), end-int(dest))
	return unpacker{b, b.flash.g, source, dest, int64(length)}
}

func (u *unpacker) next() uint8 {
	v := u.at(u.source)
	u.source++
	return v
}

func (u *unpacker) at(a uint32) uint8 {
	if uint64(a) < uint64(len(u.g)) {
		return u.g[a]
	}
	return 0
}

func (u *unpacker) put(v uint8) {
	if u.dest < charSize {
		u.b.chars.Mem[u.dest] = v
		u.dest++
	}
	u.left--
}

func (u *unpacker) full() bool { return u.left <= 0 || u.dest >= charSize }

// pair is an entry of the table of pairs.
func (u *unpacker) pair(n uint8) (uint8, uint8) {
	a := u.b.st.Table + 2*uint32(n&0x7f)
	return u.at(a), u.at(a + 1)
}

// unpackSix: a byte below 80h is an item, others name a pair of items. An item
// with bit 6 repeats the last pixel.
func (b *board) unpackSix(dest, source, length uint32) {
	u := b.unpacker(dest, source, length)
	last := uint8(0)
	item := func(v uint8) {
		if v&0x40 == 0 {
			last = v
			u.put(v)
			return
		}
		for range int(v&0x3f) + 1 {
			u.put(last & 0x3f)
		}
	}
	for !u.full() {
		v := u.next()
		if v < 0x80 {
			item(v)
			continue
		}
		first, second := u.pair(v)
		item(first)
		if !u.full() {
			item(second)
		}
	}
}

// unpackEight: a control byte says of eight items whether each is a pixel or
// names a pair of them. Two equal pixels are followed by how many more there are.
func (b *board) unpackEight(dest, source, length uint32) {
	u := b.unpacker(dest, source, length)
	const none = -1
	newest, before := none, none-1
	pixel := func(v uint8) {
		if newest == before {
			for range uint8(v + 1) {
				u.put(uint8(newest))
			}
			before = none
			return
		}
		before, newest = newest, int(v)
		u.put(v)
	}
	for !u.full() {
		control := u.next()
		for i := 0; i < 8 && !u.full(); i++ {
			v := u.next()
			if control<<i&0x80 == 0 {
				pixel(v)
				continue
			}
			first, second := u.pair(v)
			pixel(first)
			pixel(second)
		}
	}
}
