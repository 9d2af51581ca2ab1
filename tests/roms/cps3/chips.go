package cps3rom

// Scenes about everything but pictures: what is read is shown as text.

// listScene tries when the list is copied, and how far.
func (s *Script) listScene() {
	s.setScrolls()
	show := func(n uint32) {
		var sub []uint32
		for range 8 {
			sub = append(sub, s.entry(plain)...)
		}
		s.block(sprites+subList+n*subListSize, sub...)
		list := record(n, 8, s.r(8), 0, 0)
		s.block(sprites, append(list, 0x80000000, 0, 0, 0)...)
	}
	for i, values := range [][]uint32{{8}, {9, 8}, {1, 8}, {9, 0}, {9, 0x18}, {0xffff, 0xfff8}, {9, 1, 8}, {8, 9, 8, 9, 8}} {
		show(uint32(i))
		for _, v := range values {
			s.reg(0x82, v)
		}
		s.show16(cell(1, uint32(i)), ppu+0x0c)
		// Too late, if the copy is made at once.
		s.fill(sprites+subList+uint32(i)*subListSize, 4, 0, 0)
		s.poll(cell(10, uint32(i)))
		s.wait(1)
	}
	// A record whose address has lower bits; an empty one; the end mark in the
	// first record still lets the copy be made.
	show(0)
	s.w32(sprites, 8<<16|(subList/16+3))
	s.listDMA()
	s.wait(1)
	s.block(sprites, 0, 0, 0, 0, 4<<16|subList/16, 0, 0, 0, 0x80000000, 0, 0, 0)
	s.listDMA()
	s.wait(1)
	s.w32(sprites, 0x80000000)
	s.listDMA()
	s.wait(1)
}

// readScene reads everything that can be read.
func (s *Script) readScene() {
	s.clearText()
	s.block(work+0x1000, 0x01234567, 0x89abcdef)
	s.block(cartRAM, 0x13579bdf, 0x2468ace0)
	s.block(cache+0x40, 0xe0123456, 0x789abcde)
	s.w16(cache+0x44, 0x4321)
	s.w8(cartRAM+3, 0xaa)
	s.w8(text+2*0x3000+1, 0x5a)
	s.w16(text+2*0x3001, 0xa5c3)
	at := []uint32{
		0x00000000, 0x00000200, 0x00000404, work + 0x1000, work + 0x1004, 0x20000000 + work + 0x1004, 0x08000000 + work + 0x1000,
		cartRAM, cartRAM + 4, cartRAM + 0x400, sprites + 4, colours + 0x1234, 0x24000000, ppu, ppu + 0x0c, ppu + 0x20, ppu + 0xb0,
		voices + 0x0c, voices + 0x200, chars + 0x10000, inputs, inputs + 4, inputs + 8, 0x05000a00, 0x05000a1c, 0x05000a20,
		text + 2*0x3000, text + 2*0x3002, textReg, 0x05100000, 0x06000000, 0x06000010, 0x26000010, 0x0e000010, 0x06ffff00,
		0x07000000, 0x07ff000c, 0x10000000, 0x30000000, 0x40000000, 0x80000000, 0xc0000040, 0xc0000044, 0xc0000400, 0xd0000000,
		0x06800000, 0x06fffffc, codeAt,
	}
	for i, a := range at {
		s.show32(cell(10*uint32(i%4), uint32(i/4)), a)
	}
	for i := uint32(0); i < 4; i++ {
		s.show8(cell(10*i, 14), work+0x1000+i)
		s.show16(cell(10*i, 15), work+0x1000+2*i)
		s.show8(cell(10*i, 16), 0x06000010+i)
		s.show8(cell(10*i, 17), text+2*0x3000+i)
		s.show16(cell(10*i, 18), inputs+2*i)
	}
	s.wait(1)
	// Each bank of the graphics SIMMs' window, empty sockets too.
	for i := uint32(0); i < 32; i++ {
		s.bank(i)
		s.show32(cell(10*(i%4), i/4), simm+8*i)
	}
	s.show16(cell(0, 16), simm+2)
	s.show8(cell(10, 16), simm+0x100001)
	s.wait(1)
	s.call(codeAt, cell(1, 18))
	// Code in the cache, which is decrypted there too. What runs was written by
	// a copy of flash, which is decrypted when it is read.
	s.wait(1)
	// What is pressed.
	for range 12 {
		s.show32(cell(1, 20), inputs)
		s.show32(cell(11, 20), inputs+4)
		s.wait(1)
	}
}

func (s *Script) eepromScene() {
	s.clearText()
	for i := uint32(0); i < 0x80; i += 4 {
		if i%8 == 0 {
			s.w32(eeprom+0x80+i, s.rnd.Uint32())
		} else {
			s.w16(eeprom+0x180+i, 0)
			s.w16(eeprom+0x80+i, s.rnd.Uint32())
			s.w16(eeprom+0x80+i+2, s.rnd.Uint32())
		}
	}
	n := uint32(0)
	for i := uint32(0); i < 0x80; i += 6 {
		s.show16(cell(0, n), eeprom+0x100+i)
		s.show16(cell(10, n), eeprom+0x202)
		s.show32(cell(20, n), eeprom+0x100+i&^3)
		s.show16(cell(30, n), eeprom+0x202)
		n++
	}
	s.show32(cell(0, 24), eeprom+0x200)
	s.show16(cell(10, 24), eeprom+0x200)
	s.show32(cell(20, 24), eeprom+0x80)
	s.wait(1)
}

// bank shows a half of a pair of graphics chips.
func (s *Script) bank(n uint32) { s.reg(0x88, n+2) }

// command writes a command's value to both chips of a pair.
func (s *Script) command(addr, v uint32) { s.w16(simm+2*addr, v<<8|v) }

func (s *Script) unlock(v uint32) {
	s.command(0x555, 0xaa)
	s.command(0x2aa, 0x55)
	s.command(0x555, v)
}

// flashScene identifies, programs and erases chips of SIMM 3, and of SIMM 1 with
// the script in work RAM meanwhile.
func (s *Script) flashScene() {
	s.clearText()
	s.bank(2)
	s.unlock(0x90)
	for i := uint32(0); i < 4; i++ {
		s.show16(cell(10*i, 0), simm+2*i)
	}
	s.command(0, 0xf0)
	s.show32(cell(0, 1), simm)
	for i := uint32(0); i < 8; i++ {
		s.unlock(0xa0)
		s.command(0x10+i, s.r(0x100))
		s.show16(cell(10*(i%4), 2+i/4), simm+0x20+2*i)
	}
	// One chip of the pair alone.
	s.w8(simm+2*0x555, 0xaa)
	s.w8(simm+2*0x2aa, 0x55)
	s.w8(simm+2*0x555, 0xa0)
	s.w8(simm+2*0x30, 0x77)
	s.show16(cell(0, 4), simm+2*0x30)
	s.wait(1)
	s.unlock(0x80)
	s.command(0x555, 0xaa)
	s.command(0x2aa, 0x55)
	s.command(0x10000, 0x30)
	for i := uint32(0); i < 8; i++ {
		s.show16(cell(10*(i%4), 5+i/4), simm+2*0x10000+2*(i%2))
	}
	s.show16(cell(0, 7), simm)
	s.wait(70)
	s.show16(cell(10, 7), simm+2*0x10000)
	s.show16(cell(20, 7), simm+2*0x20000)
	// What was programmed is seen by the DMA.
	s.charDMA([]uint32{0<<21 | 0x1f, 0x1000 / 8, source(0x400000)})
	s.reg(0x86, 0)
	for i := uint32(0); i < 8; i++ {
		s.show32(cell(10*(i%4), 8+i/4), chars+0x1020+4*i)
	}
	s.wait(1)

	// The program SIMM: this part is played from work RAM.
	var p Script
	p.rnd = s.rnd
	const at = 0x06400000
	all := func(addr, v uint32) { p.w32(at&^0x3fffff+4*addr, v*0x01010101) }
	unlock := func(v uint32) {
		all(0x555, 0xaa)
		all(0x2aa, 0x55)
		all(0x555, v)
	}
	unlock(0x90)
	p.show32(cell(0, 12), 0x06000000)
	p.show32(cell(10, 12), 0x06000004)
	p.show32(cell(20, 12), 0x06000008)
	p.show16(cell(30, 12), 0x06000002)
	all(0, 0xf0)
	for i := uint32(0); i < 4; i++ {
		unlock(0xa0)
		p.w32(at+4*i, p.rnd.Uint32())
		p.show32(cell(10*i, 13), at+4*i)
	}
	// One lane of four.
	p.w8(0x06000000+4*0x555+2, 0xaa)
	p.w8(0x06000000+4*0x2aa+2, 0x55)
	p.w8(0x06000000+4*0x555+2, 0xa0)
	p.w8(at+0x12, 0x42)
	p.show32(cell(0, 14), at+0x10)
	p.wait(1)
	unlock(0x80)
	all(0x555, 0xaa)
	all(0x2aa, 0x55)
	p.w32(at, 0x30303030)
	for i := uint32(0); i < 4; i++ {
		p.show32(cell(10*i, 15), at+8*(i%2))
	}
	p.show32(cell(0, 16), 0x06000000)
	p.wait(70)
	p.show32(cell(10, 16), 0x06000004)
	p.show32(cell(20, 16), at+0x100)
	s.fromRAM(&p)
	s.wait(1)
}

// fromRAM copies a script to work RAM and goes on there: while flash is written
// nothing can be read from it.
func (s *Script) fromRAM(p *Script) {
	const ram = work + 0x10000
	back := s.here() + 4*(3+uint32(len(p.words))+2+2)
	p.emit(cmdJump, back)
	s.block(ram, p.words...)
	s.emit(cmdJump, ram)
	s.Frames += p.Frames
}

// voiceScene plays all voices.
func (s *Script) voiceScene() {
	for frame := range 40 {
		if frame%4 == 0 {
			s.w32(voices+0x200, s.rnd.Uint32()&0xffff0000)
		}
		for range 4 {
			v := voices + 32*s.r(16)
			from := 0x400000 + s.r(0x100000)
			to := from + 0x200 + s.r(0x3000)
			loop := from + s.r(to-from)
			s.w32(v+4, from<<16|from>>16)
			s.w32(v+8, s.r(2))
			s.w32(v+12, (0x400+s.r(0x2000))<<16|loop&0xffff)
			s.w32(v+16, loop>>16)
			s.w32(v+20, to<<16|to>>16)
			s.w32(v+24, to<<16|to>>16)
			s.w32(v+28, s.r(0x1000)<<16|s.r(0x1000))
		}
		s.wait(1)
	}
	s.w32(voices+0x200, 0)
}

// interruptScene counts the interrupts of DMAs that overlap.
func (s *Script) interruptScene() {
	s.clearText()
	s.show32(cell(0, 0), dmas)
	s.charDMA(nil)
	s.show32(cell(10, 0), dmas)
	s.reg(0xac, 4)
	s.reg(0xae, 2)
	s.show16(cell(0, 1), ppu+0x0c)
	s.reg(0x98, listAt/4>>16|0x40)
	s.show16(cell(10, 1), ppu+0x0c)
	s.poll(cell(20, 1))
	s.show32(cell(30, 1), dmas)
	s.wait(2)
}
