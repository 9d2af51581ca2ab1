package cputest

import (
	"fmt"
	"math/bits"
	"strings"

	"arcade/cpu"
	"arcade/cpu/sh2"
)

func init() { runners["sh2"] = newSH2Runner }

// sh2Regs are the registers of a case in the pack's order.
var sh2Regs = strings.Fields("r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 pc pr gbr vbr mach macl sr")

const (
	sh2Steps    = 4 // instructions of a case
	sh2PageSize = 0x10000
)

// Kinds of bus entries.
const (
	sh2Write = 1
	sh2Read  = 2
	sh2Fetch = 3
)

// sh2Runner has two cores, on flat 32-bit buses without anything on the chip:
// one whose every access goes through handlers that write it down, and one with
// direct pages wherever the case has memory.
type sh2Runner struct {
	state [2]sh2.State
	cpus  [2]*sh2.CPU
	pages [2]*cpu.Map32
	mem   map[uint32]*[sh2PageSize]byte
	free  []*[sh2PageSize]byte
	log   []sh2Access
}

// sh2Access is an access that the core made.
type sh2Access struct {
	kind uint8
	size uint8
	addr uint32
	data uint32
}

func newSH2Runner(s Suite) (runner, error) {
	if strings.Join(s.Regs, " ") != strings.Join(sh2Regs, " ") {
		return nil, fmt.Errorf("cputest: an SH-2 case has registers %v, expected %v", s.Regs, sh2Regs)
	}
	r := &sh2Runner{mem: map[uint32]*[sh2PageSize]byte{}}
	for i := range r.cpus {
		m := cpu.NewMap32(0, 0)
		r.pages[i] = m
		r.unmap(0, 0xffffffff, i)
		r.cpus[i] = sh2.NewCore(&r.state[i], m)
		r.cpus[i].Misaligned = func(addr uint32, size int, write bool, v uint32) uint32 {
			if write {
				r.put(addr, size, v)
				r.note(sh2Write, addr, size, v)
				return 0
			}
			v = r.get(addr, size)
			r.note(sh2Read, addr, size, v)
			return v
		}
	}
	return r, nil
}

// unmap sends accesses to the handlers.
func (r *sh2Runner) unmap(start, end uint32, i int) {
	lanes := func(addr, mask uint32) (uint32, int, int) {
		skip := bits.LeadingZeros32(mask) / 8
		size := bits.OnesCount32(mask) / 8
		return addr + uint32(skip), size, bits.TrailingZeros32(mask)
	}
	read := func(kind uint8) cpu.Read32 {
		return func(addr, mask uint32) uint32 {
			a, size, shift := lanes(addr, mask)
			v := r.get(a, size)
			r.note(kind, a, size, v)
			return v << shift
		}
	}
	r.pages[i].Handle(start, end, read(sh2Read), func(addr, v, mask uint32) {
		a, size, shift := lanes(addr, mask)
		v = v & mask >> shift
		r.put(a, size, v)
		r.note(sh2Write, a, size, v)
	})
	r.pages[i].HandleFetch(start, end, read(sh2Fetch))
}

func (r *sh2Runner) note(kind uint8, addr uint32, size int, v uint32) {
	r.log = append(r.log, sh2Access{kind, uint8(size), addr, v})
}

// at is the byte at addr.
func (r *sh2Runner) at(addr uint32) *uint8 {
	p := r.mem[addr/sh2PageSize]
	if p == nil {
		if n := len(r.free); n > 0 {
			p, r.free = r.free[n-1], r.free[:n-1]
		} else {
			p = new([sh2PageSize]byte)
		}
		r.mem[addr/sh2PageSize] = p
	}
	return &p[addr%sh2PageSize]
}

func (r *sh2Runner) get(addr uint32, size int) (v uint32) {
	for i := range uint32(size) {
		v = v<<8 | uint32(*r.at(addr + i))
	}
	return v
}

func (r *sh2Runner) put(addr uint32, size int, v uint32) {
	for i := range uint32(size) {
		*r.at(addr + i) = uint8(v >> (8 * (uint32(size) - 1 - i)))
	}
}

func (r *sh2Runner) run(c *Case) Result {
	res := Result{State: true, Bus: true, Cycles: true}
	for i, core := range r.cpus {
		for _, cell := range c.Cells {
			*r.at(cell.Addr) = uint8(cell.Before)
		}
		if i == 1 {
			for page, mem := range r.mem {
				r.pages[1].MapRAM(page*sh2PageSize, page*sh2PageSize+sh2PageSize-1, mem[:])
			}
		}
		s := &r.state[i]
		core.Reset()
		s.Time = 0
		copySH2(s, c.Before)
		core.Restored()
		r.log = r.log[:0]
		for range sh2Steps {
			core.Run(core.Now() + 1)
		}
		how := [2]string{"through handlers", "through pages"}[i]
		fail := func(ok *bool, format string, args ...any) {
			*ok = false
			if res.Detail == "" {
				res.Detail = how + ": " + fmt.Sprintf(format, args...)
			}
		}
		got := getSH2(s)
		for j, want := range c.After {
			if got[j] != want {
				fail(&res.State, "%s is %08x, expected %08x", sh2Regs[j], got[j], want)
			}
		}
		for _, cell := range c.Cells {
			if v := *r.at(cell.Addr); v != uint8(cell.After) {
				fail(&res.State, "memory %08x is %02x, expected %02x", cell.Addr, v, cell.After)
			}
		}
		if i == 0 {
			if what := r.compareBus(c); what != "" {
				fail(&res.Bus, "%s", what)
			}
		}
	}
	r.clear(c)
	return res
}

// clear empties the memory.
func (r *sh2Runner) clear(c *Case) {
	for page, mem := range r.mem {
		r.pages[1].ReadPages[page], r.pages[1].FetchPages[page] = nil, nil
		for part := uint32(0); part < sh2PageSize; part += cpu.Part32 {
			r.pages[1].Direct(page*sh2PageSize+part, nil)
		}
		r.free = append(r.free, mem)
	}
	for _, cell := range c.Cells {
		*r.at(cell.Addr) = 0
	}
	for _, a := range r.log {
		if a.kind == sh2Write {
			r.put(a.addr, int(a.size), 0)
		}
	}
	clear(r.mem)
}

// compareBus compares the accesses with the record, and returns the first
// difference.
func (r *sh2Runner) compareBus(c *Case) string {
	for i, b := range c.Bus {
		want := sh2Access{b.Kind, b.Aux, b.Addr, b.Data}
		if i >= len(r.log) {
			return fmt.Sprintf("no %v", want)
		}
		got := r.log[i]
		if got.kind == sh2Read && got.addr&1 != 0 && want.kind == sh2Fetch {
			got.kind = sh2Fetch // at an odd address it looks like a read
		}
		if got != want {
			return fmt.Sprintf("access %d is %v, expected %v", i, got, want)
		}
	}
	if len(r.log) > len(c.Bus) {
		return fmt.Sprintf("%v was not expected", r.log[len(c.Bus)])
	}
	return ""
}

func (a sh2Access) String() string {
	kind := [...]string{"access", "write", "read", "fetch"}[a.kind&3]
	return fmt.Sprintf("%s of %d bytes at %08x: %0*x", kind, a.size, a.addr, 2*a.size, a.data)
}

// copySH2 loads the registers of a case.
func copySH2(s *sh2.State, v []uint32) {
	copy(s.R[:], v[:16])
	s.PC, s.PR, s.GBR, s.VBR, s.MACH, s.MACL = v[16], v[17], v[18], v[19], v[20], v[21]
	s.SetStatusRegister(v[22])
}

func getSH2(s *sh2.State) []uint32 {
	v := append(make([]uint32, 0, len(sh2Regs)), s.R[:]...)
	pc := s.PC
	return append(v, pc, s.PR, s.GBR, s.VBR, s.MACH, s.MACL, s.StatusRegister())
}
