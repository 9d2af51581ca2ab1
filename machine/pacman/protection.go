package pacman

// What relatives of the board add to its memory map.

// protection names an addition.
type protection uint8

const (
	none       protection = iota
	makeTrax              // counter and answer tables behind 5004, 5080 and 50C0 (Crush Roller, Make Trax)
	magicBrush            // fixed answers at 5080-50FF
	msPacMan              // auxiliary board that overlays decoded ROM
)

// mapProtection puts the addition on top of the plain map.
func (b *board) mapProtection() {
	if b.set.protection != msPacMan {
		return
	}
	// Everything that is not RAM or I/O comes from the low (as loaded) or the
	// high (decoded) 64 KB of the region.
	rom := b.rom[int(b.st.Bank)<<16:]
	b.mem.MapRead(0x0000, 0x3fff, rom[:0x4000])
	b.mem.MapRead(0x8000, 0xbfff, rom[0x8000:0xc000])
	for _, w := range msWindows {
		page := w.addr &^ 0xff
		b.mem.HandleRead(page, page+0xff, b.msReads)
		b.mem.HandleWrite(page, page+0xff, b.msWrites)
	}
}

// msWindows are the 8-byte windows of the Ms. Pac-Man auxiliary board: any
// access to one clears or sets its overlay latch.
var msWindows = [...]struct {
	addr uint16
	bank uint8
}{
	{0x0038, 0}, {0x03b0, 0}, {0x1600, 0}, {0x2120, 0}, {0x3ff0, 0}, {0x3ff8, 1}, {0x8000, 0}, {0x97f0, 0},
}

// msTouch changes the overlay if addr is in a window.
func (b *board) msTouch(addr uint16) {
	for _, w := range msWindows {
		if addr&^7 == w.addr && b.st.Bank != w.bank {
			b.st.Bank = w.bank
			b.mapProtection()
		}
	}
}

// msRead serves the pages that have windows. The access that changes the
// overlay already sees the new one.
func (b *board) msRead(addr uint16) uint8 {
	b.msTouch(addr)
	return b.rom[int(b.st.Bank)<<16+int(addr)]
}

// protected serves reads of 5080-50FF on boards with a protection.
func (b *board) protected(addr uint16) uint8 {
	dsw1, dsw2 := uint8(b.Ports[portDSW1]), uint8(b.Ports[portDSW2])
	second := addr&0x40 != 0 // 50C0-50FF
	switch b.set.protection {
	case makeTrax:
		if second {
			return b.mtRead2(addr & 0x3f)
		}
		return dsw1&0x3f | b.mtRead1(addr&0x3f)
	case magicBrush:
		return brushRead(addr&0x7f, dsw1)
	}
	if second {
		return dsw2
	}
	return dsw1
}

// mtTable has the answers of the Make Trax chip while it is enabled, at
// 5080 (bits 7-6) and 50C0.
var mtTable = [30][2]uint8{
	{0x00, 0x1f}, {0xc0, 0x3f}, {0x00, 0x2f}, {0x40, 0x2f}, {0xc0, 0x0f}, {0x40, 0x0f}, {0x00, 0x0f}, {0xc0, 0x3f},
	{0x00, 0x0f}, {0x40, 0x0f}, {0x00, 0x1c}, {0xc0, 0x3c}, {0x00, 0x2c}, {0x40, 0x2c}, {0xc0, 0x0c}, {0x40, 0x0c},
	{0x00, 0x0c}, {0xc0, 0x3c}, {0x00, 0x0c}, {0x40, 0x0c}, {0x00, 0x11}, {0xc0, 0x31}, {0x00, 0x21}, {0x40, 0x21},
	{0xc0, 0x01}, {0x40, 0x01}, {0x00, 0x01}, {0xc0, 0x31}, {0x00, 0x01}, {0x40, 0x01},
}

// mtStep is how many writes of 1 move the Make Trax chip to its next answer.
const mtStep = 60

// mtWrite is a write to 5004, which the chip listens to.
func (b *board) mtWrite(v uint8) {
	if v == 0 {
		b.st.MTEnable, b.st.MTCount, b.st.MTIndex = 0, 0, 0
		return
	}
	b.st.MTEnable = 1
	if b.st.MTCount++; b.st.MTCount >= mtStep {
		b.st.MTCount = 0
		b.st.MTIndex = (b.st.MTIndex + 1) % uint32(len(mtTable))
	}
}

func (b *board) mtRead1(offset uint16) uint8 {
	if b.st.MTEnable != 0 {
		return mtTable[b.st.MTIndex][0]
	}
	switch offset {
	case 0x01, 0x04:
		return 0x40
	case 0x05, 0x0e, 0x10:
		return 0xc0
	}
	return 0
}

func (b *board) mtRead2(offset uint16) uint8 {
	if b.st.MTEnable != 0 {
		return mtTable[b.st.MTIndex][1]
	}
	switch offset {
	case 0x00:
		return 0x1f
	case 0x09:
		return 0x30
	case 0x0c:
		return 0x00
	}
	return 0x20
}

// brushRead is what Magic Brush boards answer at 5080-50FF.
func brushRead(offset uint16, dsw1 uint8) uint8 {
	switch offset {
	case 0x00, 0x04, 0x07, 0x0e, 0x0f:
		return 0xc0 | dsw1&0x3f
	case 0x40, 0x41, 0x47, 0x49, 0x4d, 0x5d:
		return 0x00
	case 0x42, 0x43, 0x46, 0x4c, 0x50:
		return 0x02
	case 0x7f:
		return 0x10
	}
	return dsw1 & 0x3f
}
