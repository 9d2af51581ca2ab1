package cps3rom

import "math/rand/v2"

// KeptFrames is how long the script of NewKeptScript takes.
const KeptFrames = 90

// KeptShown is a frame in which it shows what the board has kept.
const KeptShown = 4

// NewKeptScript makes a script that shows what is in the EEPROM and in some
// places of flash, and then writes something else there. So a board that keeps
// it shows something else when it is switched on again.
func NewKeptScript() *Script {
	s := &Script{rnd: rand.New(rand.NewPCG(8, 8))}
	s.start()
	s.bank(2)
	const (
		programSIMM = 0x06000000
		far         = 4 * 0x130000 // bytes from there to what is programmed
		farErased   = 4 * 0x150000
	)
	for i := uint32(0); i < 8; i++ {
		s.show16(cell(0, i), eeprom+0x100+16*i)
		s.show16(cell(10, i), eeprom+0x202)
		s.show32(cell(20, i), simm+0x20+4*i)
		s.show32(cell(30, i), simm+2*0x10000+4*i)
		s.show32(cell(0, 10+i), programSIMM+far+4*i)
		s.show32(cell(10, 10+i), programSIMM+farErased+4*i)
	}
	s.wait(3)

	for i := uint32(0); i < 0x80; i += 4 {
		s.w32(eeprom+0x80+i, s.rnd.Uint32())
	}
	for i := uint32(0); i < 16; i++ {
		s.unlock(0xa0)
		s.command(0x10+i, s.r(0x100))
	}
	// A sector is erased, and a little of it programmed.
	s.unlock(0x80)
	s.command(0x555, 0xaa)
	s.command(0x2aa, 0x55)
	s.command(0x10000, 0x30)

	// The program SIMM is written to by a part that is played from work RAM.
	var p Script
	p.rnd = s.rnd
	all := func(at, addr, v uint32) { p.w32(programSIMM+at&^0x3fffff+4*addr, v*0x01010101) }
	unlock := func(at, v uint32) {
		all(at, 0x555, 0xaa)
		all(at, 0x2aa, 0x55)
		all(at, 0x555, v)
	}
	for i := uint32(0); i < 8; i++ {
		unlock(far, 0xa0)
		p.w32(programSIMM+far+4*i, p.rnd.Uint32())
	}
	unlock(farErased, 0x80)
	all(farErased, 0x555, 0xaa)
	all(farErased, 0x2aa, 0x55)
	p.w32(programSIMM+farErased, 0x30303030)
	p.wait(70) // an erasure takes a second
	unlock(farErased, 0xa0)
	p.w32(programSIMM+farErased+8, p.rnd.Uint32())
	s.fromRAM(&p)

	s.unlock(0xa0)
	s.command(0x10004, 0x5a)
	s.wait(1)
	loop := s.here()
	s.emit(cmdWait)
	s.emit(cmdJump, loop)
	return s
}
