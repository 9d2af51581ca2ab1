package cps3

import "arcade/machine"

// The chips' commands (29F016A data sheet, "Command Definitions"), and those of
// the other command set that MAME's chips know too.

// unlock tells whether v is written to the address that commands begin with.
func unlock1(addr uint32) bool { return addr&0xfff == 0x555 || addr&0xfff == 0xaaa }

func unlock2(addr uint32) bool {
	return addr&0xffff == 0x2aa || addr&0xffff == 0x2aaa || addr&0xfff == 0x555
}

// write is a write cycle of a chip.
func (f *flash) write(chip int, addr uint32, v uint8) {
	if f.rom[chip] == nil {
		return
	}
	c := &f.st.Chip[chip]
	old := c.Mode
	switch c.Mode {
	case modeRead, modeStatus, modeID:
		f.command(c, addr, v)
	case modeUnlocked1:
		c.Mode = modeRead
		if unlock2(addr) && v == 0x55 {
			c.Mode = modeUnlocked2
		}
	case modeUnlocked2:
		c.Mode = modeRead
		if unlock1(addr) {
			switch v {
			case 0x90:
				c.Mode = modeID
			case 0xa0:
				c.Mode = modeProgram
			case 0x80:
				c.Mode = modeErase1
			}
		}
	case modeProgram:
		c.Mode = modeRead
		f.program(chip, addr, v)
	case modeProgram40:
		c.Mode, c.Status = modeStatus, 0x80
		f.program(chip, addr, v)
	case modeErase1:
		c.Mode = modeRead
		if unlock1(addr) && v == 0xaa {
			c.Mode = modeErase2
		}
	case modeErase2:
		c.Mode = modeRead
		if unlock2(addr) && v == 0x55 {
			c.Mode = modeErase3
		}
	case modeErase3:
		c.Mode = modeRead
		switch {
		case v == 0x10 && unlock1(addr):
			f.startErase(chip, 0, 1)
		case v == 0x30:
			f.startErase(chip, addr&(chipSize-sectorSize), 0)
		}
	case modeErase20:
		c.Mode = modeRead
		if v == 0xd0 {
			f.eraseSectors(chip, addr&(chipSize-sectorSize), 0)
			c.Mode, c.Status = modeStatus, 0x80
		}
	}
	if givesContent(old) != givesContent(c.Mode) {
		f.written(chip)
	}
}

// givesContent tells whether reads in a mode give what is stored. In the middle of
// a sequence of commands they do.
func givesContent(mode uint8) bool {
	return mode != modeStatus && mode != modeID && mode != modeErasing
}

// written has the CPU see the chip, or its content again.
func (f *flash) written(chip int) {
	if simm := uint32(chip / chipsPerSIMM); simm < graphicsSIMM {
		f.mapSIMM(simm)
	}
}

// command is a write to a chip that expects one.
func (f *flash) command(c *flashChip, addr uint32, v uint8) {
	switch v {
	case 0xf0, 0xff:
		c.Mode = modeRead
	case 0x90:
		c.Mode = modeID
	case 0x10, 0x40:
		c.Mode = modeProgram40
	case 0x50:
		c.Mode, c.Status = modeStatus, 0x80
	case 0x70:
		c.Mode = modeStatus
	case 0x20:
		c.Mode = modeErase20
	case 0xaa:
		if unlock1(addr) {
			c.Mode = modeUnlocked1
		}
	}
}

func (f *flash) startErase(chip int, sector uint32, whole uint8) {
	c := &f.st.Chip[chip]
	c.Mode, c.Status = modeErasing, 1<<3
	time := int64(sectorEraseTime)
	if whole != 0 {
		time = chipEraseTime
	}
	c.End = f.b.Scheduler.Now() + time
	f.eraseSectors(chip, sector, whole)
	f.plan()
}

func (f *flash) eraseSectors(chip int, sector uint32, whole uint8) {
	if whole != 0 {
		f.erase(chip, 0, chipPages)
		return
	}
	f.erase(chip, int(sector/flashPage), sectorSize/flashPage)
}

// plan schedules the end of whichever erasure ends first.
func (f *flash) plan() {
	first := machine.Never
	for i := range f.st.Chip {
		if c := &f.st.Chip[i]; c.Mode == modeErasing {
			first = min(first, c.End)
		}
	}
	if first == machine.Never {
		f.ready.Cancel()
		return
	}
	f.ready.At(first, 0)
}

// finish ends the erasures that are over.
func (f *flash) finish(uint64) {
	now := f.b.Scheduler.Now()
	for i := range f.st.Chip {
		if c := &f.st.Chip[i]; c.Mode == modeErasing && c.End <= now {
			c.Mode = modeRead
			f.written(i)
		}
	}
	f.plan()
}

// read is a read cycle of a chip.
func (f *flash) read(chip int, addr uint32) uint8 {
	c := &f.st.Chip[chip]
	switch c.Mode {
	case modeStatus:
		return c.Status
	case modeID:
		switch addr {
		case 0:
			return makerFujitsu
		case 1:
			return device29F016
		}
		return 0
	case modeErasing:
		c.Status ^= 1<<6 | 1<<2 // toggles at each read, of any sector as in MAME
		return c.Status
	}
	return f.content(chip, addr)
}

// reset is the chips' reset pin.
func (f *flash) reset() {
	for i := range f.st.Chip {
		if c := &f.st.Chip[i]; c.Mode != modeRead {
			c.Mode = modeRead
			f.written(i)
		}
	}
	f.ready.Cancel()
}

// readProgram serves a program SIMM of which a chip is in another mode.
func (f *flash) readProgram(addr, mask uint32) uint32 {
	at := addr - flashAt
	chip := int(at/simmSize) * chipsPerSIMM
	var v uint32
	for lane := range 4 {
		if mask>>(24-8*lane)&0xff != 0 {
			v |= uint32(f.read(chip+lane, at%simmSize/4)) << (24 - 8*lane)
		}
	}
	return v ^ f.b.cart.dataMask(addr)
}

// writeProgram serves both program SIMMs. Writes are never encrypted.
func (f *flash) writeProgram(addr, v, mask uint32) {
	at := addr - flashAt
	chip := int(at/simmSize) * chipsPerSIMM
	for lane := range 4 {
		if mask>>(24-8*lane)&0xff != 0 {
			f.write(chip+lane, at%simmSize/4, uint8(v>>(24-8*lane)))
		}
	}
}

// The window on the graphics SIMMs: half of a pair of chips.
const (
	graphicsAt     = 0x04200000
	graphicsWindow = 0x200000
)

// graphicsChip is the even chip that an address of the window reaches, and the
// address in it; or false where there is no socket.
func (f *flash) graphicsChip(addr uint32) (chip int, at uint32, ok bool) {
	bank := int(f.b.st.PPU[regGfxBank]&0x3f) - 2
	chip = f.pair(bank / 2)
	at = addr&(graphicsWindow-1)/2 + uint32(bank&1)*(chipSize/2)
	return chip, at, bank >= 0 && chip+1 < chipCount
}

func (f *flash) readGraphics(addr, mask uint32) uint32 {
	chip, at, ok := f.graphicsChip(addr)
	if !ok || f.rom[chip] == nil {
		return 0xffffffff
	}
	var v uint32
	for lane := range 4 {
		if mask>>(24-8*lane)&0xff != 0 {
			v |= uint32(f.read(chip+lane&1, at+uint32(lane)/2)) << (24 - 8*lane)
		}
	}
	return v
}

func (f *flash) writeGraphics(addr, v, mask uint32) {
	chip, at, ok := f.graphicsChip(addr)
	if !ok {
		return
	}
	for lane := range 4 {
		if mask>>(24-8*lane)&0xff != 0 {
			f.write(chip+lane&1, at+uint32(lane)/2, uint8(v>>(24-8*lane)))
		}
	}
}
