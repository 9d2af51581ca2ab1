package cputest

import (
	"fmt"
	"slices"

	"arcade/cpu"
	"arcade/cpu/sh2"
)

func init() { runners["sh7604"] = newSH7604Runner }

// sh7604Regs are the registers of a case: those of the SH-2, and the level of an
// external interrupt (0: none) with the clock cycle when it is asserted. It is
// released when the program writes to sh7604Ack.
var sh7604Regs = append(slices.Clone(sh2Regs), "irqlevel", "irqat")

const sh7604Ack = 0x05100000

// sh7604Runner runs cases that need the on-chip modules, recorded from MAME. A
// case is over after as many clock cycles as it says; the CPU must then be at
// an instruction's end. It is run through handlers, through pages, and through
// pages whose program does not change.
type sh7604Runner struct {
	state [3]sh2.State
	cpus  [3]*sh2.CPU
	maps  [3]*cpu.Map32
	rom   []byte // 512 KB at 0
	ram   []byte // 64 KB at 02000000h
}

func newSH7604Runner(s Suite) (runner, error) {
	if !slices.Equal(s.Regs, sh7604Regs) {
		return nil, fmt.Errorf("cputest: an SH7604 case has registers %v, expected %v", s.Regs, sh7604Regs)
	}
	r := &sh7604Runner{rom: make([]byte, 0x80000), ram: make([]byte, 0x10000)}
	for i := range r.cpus {
		m := sh2.NewMap(0)
		if i == 0 {
			mem := func(addr uint32) []byte {
				if addr < 0x80000 {
					return r.rom[addr : addr+4]
				}
				return r.ram[addr&0xffff:][:4]
			}
			read := func(addr, mask uint32) uint32 {
				b := mem(addr)
				return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
			}
			m.Handle(0, 0x7ffff, read, nil)
			m.Handle(0x02000000, 0x0200ffff, read, func(addr, v, mask uint32) {
				for k, b := 0, mem(addr); k < 4; k++ {
					if shift := 24 - 8*k; mask>>shift&0xff != 0 {
						b[k] = uint8(v >> shift)
					}
				}
			})
		} else {
			m.MapRead(0, 0x7ffff, r.rom)
			m.MapRAM(0x02000000, 0x0200ffff, r.ram)
		}
		if i == 2 {
			m.Freeze(0, 0x7ffff)
		}
		r.maps[i] = m
		r.cpus[i] = sh2.New(&r.state[i], m)
		m.Handle(sh7604Ack, sh7604Ack+0xffff, nil, func(addr, v, mask uint32) {
			for level := 1; level < 16; level++ {
				r.cpus[i].SetIRQ(level, false)
			}
		})
	}
	return r, nil
}

// cell is the byte of a memory cell.
func (r *sh7604Runner) cell(addr uint32) *uint8 {
	if addr < uint32(len(r.rom)) {
		return &r.rom[addr]
	}
	return &r.ram[addr&0xffff]
}

func (r *sh7604Runner) run(c *Case) Result {
	res := Result{State: true, Bus: true, Cycles: true}
	regs := len(sh2Regs)
	for i, core := range r.cpus {
		for _, cell := range c.Cells {
			*r.cell(cell.Addr) = uint8(cell.Before)
		}
		r.maps[i].Changed(0, 0x7ffff)
		s := &r.state[i]
		core.Reset()
		s.Time, s.Wires = 0, 0
		core.SetTime(0)
		copySH2(s, c.Before)
		core.Restored()
		if level := int(c.Before[regs]); level != 0 {
			core.Run(int64(c.Before[regs+1]))
			core.SetIRQ(level, true)
		}
		core.Run(int64(c.Cycles))
		fail := func(ok *bool, format string, args ...any) {
			*ok = false
			if res.Detail == "" {
				how := [3]string{"through handlers", "through pages", "with a fixed program"}[i]
				res.Detail = how + ": " + fmt.Sprintf(format, args...)
			}
		}
		got := getSH2(s)
		for j, want := range c.After[:regs] {
			if got[j] != want {
				fail(&res.State, "%s is %08x, expected %08x", sh7604Regs[j], got[j], want)
			}
		}
		for _, cell := range c.Cells {
			if v := *r.cell(cell.Addr); v != uint8(cell.After) {
				fail(&res.State, "memory %08x is %02x, expected %02x", cell.Addr, v, cell.After)
			}
		}
		if s.Time != int64(c.Cycles) {
			fail(&res.Cycles, "%d clock cycles, expected %d", s.Time, c.Cycles)
		}
	}
	for _, cell := range c.Cells {
		*r.cell(cell.Addr) = 0
	}
	return res
}
