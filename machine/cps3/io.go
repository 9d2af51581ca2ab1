package cps3

import "encoding/binary"

// readIO serves 0500xxxx: inputs and the EEPROM.
func (b *board) readIO(addr, mask uint32) uint32 {
	switch at := addr & 0xffff; {
	case at == 0x0000:
		return b.Ports[portInputs]
	case at == 0x0004:
		return b.Ports[portExtra]
	case at >= 0x0a00 && at < 0x0a20:
		return 0xffffffff // switches of the development board, all off
	case at >= 0x1100 && at < 0x1180:
		// The chip is read into a latch; the program comes for it later.
		i := (at - 0x1100) / 2
		if mask&0xffff0000 == 0 {
			i++
		}
		b.st.Latch = b.st.EEPROM[i]
	case at == 0x1200 && mask&0xffff0000 == 0:
		return uint32(b.st.Latch)
	}
	return 0
}

// writeIO serves 0500xxxx.
func (b *board) writeIO(addr, v, mask uint32) {
	switch at := addr & 0xffff; {
	case at == 0x0008:
		b.st.Outputs = merge(b.st.Outputs, v>>16, mask>>16)
	case at >= 0x1080 && at < 0x1100:
		i := (at - 0x1080) / 2
		b.st.EEPROM[i] = merge(b.st.EEPROM[i], v>>16, mask>>16)
		b.st.EEPROM[i+1] = merge(b.st.EEPROM[i+1], v, mask)
	}
}

// merge replaces the bits of mask in a word.
func merge(old uint16, v, mask uint32) uint16 {
	return old&^uint16(mask) | uint16(v)&uint16(mask)
}

// ssRegs is the number of registers of the text layer.
const ssRegs = 0x16

// Registers of the text layer.
const (
	ssScrollY    = 0x10 // low byte, high byte
	ssPaletteTop = 0x12
)

// readSS serves the text layer's RAM: a byte on the lower half of each word.
func (b *board) readSS(addr, _ uint32) uint32 {
	p := b.ss.Mem[addr&0xffff/2:]
	return uint32(p[0])<<16 | uint32(p[1])
}

func (b *board) writeSS(addr, v, mask uint32) {
	n := addr & 0xffff / 2
	b.ss.Touch(n)
	if mask&0x00ff0000 != 0 {
		b.ss.Mem[n] = uint8(v >> 16)
	}
	if mask&0x000000ff != 0 {
		b.ss.Mem[n+1] = uint8(v)
	}
}

func (b *board) writeSSRegs(addr, v, mask uint32) {
	n := addr & 0xffff / 2
	if n >= ssRegs {
		return
	}
	if mask&0x00ff0000 != 0 {
		b.st.SS[n] = uint8(v >> 16)
	}
	if mask&0x000000ff != 0 {
		b.st.SS[n+1] = uint8(v)
	}
}

// The cartridge's FRAM.

func (b *board) readFRAM(addr, _ uint32) uint32 { return readSmall(b.st.FRAM[:], addr) }

func (b *board) writeFRAM(addr, v, mask uint32) { writeSmall(b.st.FRAM[:], addr, v, mask) }

// The CPU's cache as RAM: what is executed there is decrypted.

func (b *board) readCache(addr, _ uint32) uint32 { return readSmall(b.st.Cache[:], addr) }

func (b *board) writeCache(addr, v, mask uint32) { writeSmall(b.st.Cache[:], addr, v, mask) }

func (b *board) fetchCache(addr, _ uint32) uint32 {
	if addr >= cacheAt+cacheSize {
		return 0
	}
	return readSmall(b.st.Cache[:], addr) ^ b.cart.mask(addr)
}

// readSmall reads memory that fills only the start of its page.
func readSmall(mem []byte, addr uint32) uint32 {
	at := addr & 0xffff
	if int(at) >= len(mem) {
		return 0
	}
	return binary.BigEndian.Uint32(mem[at:])
}

func writeSmall(mem []byte, addr, v, mask uint32) {
	at := addr & 0xffff
	if int(at) >= len(mem) {
		return
	}
	p := mem[at:]
	binary.BigEndian.PutUint32(p, binary.BigEndian.Uint32(p)&^mask|v&mask)
}
