package cps3

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"arcade/machine"

	"github.com/zeebo/xxh3"
)

// What the board keeps without power: the EEPROM, and what was written to
// flash. (The cartridge's FRAM would too; MAME has it as RAM, and games touch it
// in their memory test only.)

// keep adds both.
func (b *board) keep(c *machine.Config) error {
	err := b.Keep(c, machine.Kept{Name: "eeprom", Size: 2 * eepromWords, Save: b.eepromBytes, Load: b.setEEPROM})
	if err != nil {
		return err
	}
	return b.Keep(c, machine.Kept{Name: "flash", Save: b.flash.differences, Load: b.flash.setDifferences})
}

// eepromBytes is the content of the EEPROM as MAME stores it on a PC: longs, the
// lowest byte first; the first word of two is the upper half of a long.
func (b *board) eepromBytes() []byte {
	out := make([]byte, 0, 2*eepromWords)
	for i := 0; i < eepromWords; i += 2 {
		out = binary.LittleEndian.AppendUint32(out, uint32(b.st.EEPROM[i])<<16|uint32(b.st.EEPROM[i+1]))
	}
	return out
}

func (b *board) setEEPROM(in []byte) error {
	for i := 0; i < eepromWords; i += 2 {
		v := binary.LittleEndian.Uint32(in[2*i:])
		b.st.EEPROM[i], b.st.EEPROM[i+1] = uint16(v>>16), uint16(v)
	}
	return nil
}

// The differences of flash, all integers little-endian:
//
//	u8 version 1
//	for each chip in which something differs, in ascending order:
//	  u8  chip (8 a SIMM, from 0), u64 xxh3 of its ROM, u16 number of pages
//	  for each page of 4 KB that differs, in ascending order:
//	    u16 page, u8 base (0: the ROM's page, 1: an erased one), u16 count
//	    if count is not 0: a bit for each byte that is not as in the base (512
//	    bytes, the lowest bit first), and those count bytes
//
// The base is the one to which fewer bytes differ. So nothing of the ROM is
// in there that was not written by the program, and it is of no use without
// the ROM.
const differencesVersion = 1

// What a page's differences are relative to.
const (
	baseROM = iota
	baseErased
	baseCount
)

const maskSize = flashPage / 8

// erasedPage is what a page is after erasing.
var erasedPage = func() (p [flashPage]byte) {
	for i := range p {
		p[i] = 0xff
	}
	return p
}()

// romHash is the xxh3 of a chip's ROM, computed once.
func (f *flash) romHash(chip int) uint64 {
	if !f.hashed[chip] {
		f.hashed[chip], f.hash[chip] = true, xxh3.Hash(f.rom[chip])
	}
	return f.hash[chip]
}

// romPage is a page of a chip's ROM.
func (f *flash) romPage(chip, page int) []byte {
	return f.rom[chip][page*flashPage:][:flashPage]
}

// pageContent is what a page of a chip holds.
func (f *flash) pageContent(chip, page int) []byte {
	switch e := f.entry(chip, uint32(page*flashPage)); {
	case e == pageROM:
		return f.romPage(chip, page)
	case e == pageErased:
		return erasedPage[:]
	default:
		return f.stored(e)
	}
}

// differences is what was written to flash, or nil if all is as in the ROM.
func (f *flash) differences() []byte {
	var out []byte
	le := binary.LittleEndian
	for chip := range f.rom {
		if f.rom[chip] == nil {
			continue
		}
		head, pages := -1, 0
		for page := range chipPages {
			if f.entry(chip, uint32(page*flashPage)) == pageROM {
				continue
			}
			content := f.pageContent(chip, page)
			base, n := baseROM, distance(content, f.romPage(chip, page), flashPage+1)
			if n == 0 {
				continue
			}
			if m := distance(content, erasedPage[:], n); m < n {
				base, n = baseErased, m
			}
			if pages++; pages == 1 {
				if out == nil {
					out = append(out, differencesVersion)
				}
				out = append(out, uint8(chip))
				out = le.AppendUint64(out, f.romHash(chip))
				head = len(out)
				out = le.AppendUint16(out, 0)
			}
			out = le.AppendUint16(out, uint16(page))
			out = append(out, uint8(base))
			out = le.AppendUint16(out, uint16(n))
			out = appendDifferent(out, content, f.base(chip, page, base), n)
		}
		if pages > 0 {
			le.PutUint16(out[head:], uint16(pages))
		}
	}
	return out
}

// base is a page that differences are relative to.
func (f *flash) base(chip, page, base int) []byte {
	if base == baseErased {
		return erasedPage[:]
	}
	return f.romPage(chip, page)
}

// distance is the number of bytes in which two pages differ, or any number from
// limit on if it is not below that.
func distance(a, b []byte, limit int) int {
	n := 0
	for i := 0; i < flashPage && n < limit; i += 8 {
		x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:])
		for ; x != 0; x >>= 8 {
			if uint8(x) != 0 {
				n++
			}
		}
	}
	return n
}

func appendDifferent(out, page, base []byte, n int) []byte {
	if n == 0 {
		return out
	}
	mask := len(out)
	out = append(out, make([]byte, maskSize)...)
	le := binary.LittleEndian
	for at := 0; at < flashPage; at += 8 {
		if le.Uint64(page[at:]) == le.Uint64(base[at:]) {
			continue
		}
		for i := at; i < at+8; i++ {
			if page[i] != base[i] {
				out[mask+i/8] |= 1 << (i % 8)
				out = append(out, page[i])
			}
		}
	}
	return out
}

// change is a page of differences.
type change struct {
	chip, page int
	content    *[flashPage]byte // nil: erased
}

// setDifferences makes flash hold what differences gave.
func (f *flash) setDifferences(b []byte) error {
	changes, err := f.parse(b)
	if err != nil {
		return err
	}
	for chip := range f.rom {
		for page := range chipPages {
			if f.entry(chip, uint32(page*flashPage)) != pageROM {
				f.put(chip, page, pageROM)
			}
		}
	}
	slot := uint16(pageStored)
	for _, c := range changes {
		if c.content == nil {
			f.put(c.chip, c.page, pageErased)
			continue
		}
		f.store.Touch(uint32(slot-pageStored) * flashPage)
		copy(f.stored(slot), c.content[:])
		f.put(c.chip, c.page, slot)
		slot++
	}
	return nil
}

// put makes a page what an entry of the table says, and shows it.
func (f *flash) put(chip, page int, entry uint16) {
	f.setEntry(chip, page, entry)
	if f.rom[chip] != nil {
		f.showPage(chip, page)
		f.changed(chip, uint32(page*flashPage), flashPage)
	}
}

// parse reads differences, and checks all of them.
func (f *flash) parse(b []byte) ([]change, error) {
	if len(b) == 0 {
		return nil, nil
	}
	r := &reader{b: b}
	if v := r.u8(); v != differencesVersion {
		return nil, fmt.Errorf("it has version %d, this program reads version %d", v, differencesVersion)
	}
	var out []change
	stored, lastChip := 0, -1
	for len(r.b) > 0 && !r.short {
		chip, hash, pages := int(r.u8()), r.u64(), int(r.u16())
		switch {
		case r.short:
		case chip <= lastChip:
			return nil, fmt.Errorf("chip %d comes after chip %d", chip, lastChip)
		case chip >= chipCount || f.rom[chip] == nil:
			return nil, fmt.Errorf("it has a chip simm%d.%d, which this set does not have", chip/chipsPerSIMM+1, chip%chipsPerSIMM)
		case f.romHash(chip) != hash:
			return nil, fmt.Errorf("it belongs to other ROM files: simm%d.%d was another", chip/chipsPerSIMM+1, chip%chipsPerSIMM)
		}
		lastChip = chip
		lastPage := -1
		for ; pages > 0 && !r.short; pages-- {
			page, base, n := int(r.u16()), int(r.u8()), int(r.u16())
			switch {
			case r.short:
				continue
			case page <= lastPage || page >= chipPages:
				return nil, fmt.Errorf("chip %d: page %d comes after page %d of %d", chip, page, lastPage, chipPages)
			case base >= baseCount || n > flashPage:
				return nil, fmt.Errorf("chip %d, page %d: base %d with %d differences", chip, page, base, n)
			}
			lastPage = page
			c := change{chip: chip, page: page}
			if n == 0 && base == baseROM {
				return nil, fmt.Errorf("chip %d, page %d: nothing differs", chip, page)
			}
			if n > 0 {
				c.content = new([flashPage]byte)
				copy(c.content[:], f.base(chip, page, base))
				if !r.different(c.content, n) {
					return nil, fmt.Errorf("chip %d, page %d: its mask and its %d bytes do not fit together", chip, page, n)
				}
				stored++
			}
			out = append(out, c)
		}
	}
	if r.short {
		return nil, fmt.Errorf("it is cut off")
	}
	if stored > storePages {
		return nil, fmt.Errorf("it has %d pages, there is room for %d", stored, storePages)
	}
	return out, nil
}

// reader takes integers off the front of b; short is set once b was too short.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if r.short || n > len(r.b) {
		r.short = true
		return make([]byte, n)
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) u8() uint8   { return r.take(1)[0] }
func (r *reader) u16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }
func (r *reader) u64() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }

// different reads a page's n bytes that differ from its base.
func (r *reader) different(page *[flashPage]byte, n int) bool {
	if n == 0 {
		return true
	}
	mask, values := r.take(maskSize), r.take(n)
	count := 0
	for _, m := range mask {
		count += bits.OnesCount8(m)
	}
	if count != n {
		return r.short // that is said instead
	}
	for i := range page {
		if mask[i/8]>>(i%8)&1 != 0 {
			page[i], values = values[0], values[1:]
		}
	}
	return true
}
