package cputest

import (
	"fmt"
	"strings"

	"arcade/cpu"
	"arcade/cpu/m68000"
)

func init() { runners["m68000"] = newM68000Runner }

// m68000Regs are the registers of a case in the pack's order.
var m68000Regs = strings.Fields("d0 d1 d2 d3 d4 d5 d6 d7 a0 a1 a2 a3 a4 a5 a6 usp ssp pc sr pf0 pf1")

// m68000Runner has two CPUs over the same 16 MB: one whose every access goes
// through handlers that write it down, and one with direct pages.
type m68000Runner struct {
	state [2]m68000.State
	cpus  [2]*m68000.CPU
	mem   []byte
	log   []m68000Access
}

// m68000Access is a bus cycle that the core made.
type m68000Access struct {
	at    int64
	addr  uint32
	data  uint16 // the halves that are not in mask are 0
	mask  uint16
	fc    uint8
	write bool
}

func newM68000Runner(s Suite) (runner, error) {
	if strings.Join(s.Regs, " ") != strings.Join(m68000Regs, " ") {
		return nil, fmt.Errorf("cputest: a 68000 case has registers %v, expected %v", s.Regs, m68000Regs)
	}
	r := &m68000Runner{mem: make([]byte, 1<<24)}
	slow := cpu.NewMap16(0)
	slow.Handle(0, 0xffffff, func(addr uint32, mask uint16) uint16 {
		v := uint16(r.mem[addr])<<8 | uint16(r.mem[addr+1])
		r.access(addr, v, mask, false)
		return v
	}, func(addr uint32, v, mask uint16) {
		r.access(addr, v, mask, true)
		if mask&0xff00 != 0 {
			r.mem[addr] = uint8(v >> 8)
		}
		if mask&0x00ff != 0 {
			r.mem[addr+1] = uint8(v)
		}
	})
	fast := cpu.NewMap16(0)
	fast.MapRAM(0, 0xffffff, r.mem)
	r.cpus[0] = m68000.New(&r.state[0], slow)
	r.cpus[1] = m68000.New(&r.state[1], fast)
	return r, nil
}

func (r *m68000Runner) access(addr uint32, v, mask uint16, write bool) {
	c := r.cpus[0]
	r.log = append(r.log, m68000Access{c.Now(), addr, v & mask, mask, c.FC(), write})
}

func (r *m68000Runner) run(c *Case) Result {
	res := Result{State: true, Bus: true, Cycles: true}
	for i, core := range r.cpus {
		for _, cell := range c.Cells {
			r.mem[cell.Addr&0xfffffe] = uint8(cell.Before >> 8)
			r.mem[cell.Addr&0xfffffe|1] = uint8(cell.Before)
		}
		s := &r.state[i]
		setM68000(s, c.Before)
		r.log = r.log[:0]
		core.Restored()
		core.Run(1)
		how := [2]string{"through handlers", "through pages"}[i]
		fail := func(ok *bool, format string, args ...any) {
			*ok = false
			if res.Detail == "" {
				res.Detail = how + ": " + fmt.Sprintf(format, args...)
			}
		}
		got := getM68000(s)
		for j, want := range c.After {
			if got[j] != want {
				fail(&res.State, "%s is %x, expected %x", m68000Regs[j], got[j], want)
			}
		}
		for _, cell := range c.Cells {
			a := cell.Addr & 0xfffffe
			if v := uint16(r.mem[a])<<8 | uint16(r.mem[a+1]); v != cell.After {
				fail(&res.State, "memory %06x is %04x, expected %04x", a, v, cell.After)
			}
		}
		if s.Time != int64(c.Cycles) {
			fail(&res.Cycles, "%d clock cycles, expected %d", s.Time, c.Cycles)
		}
		if i == 0 {
			if what := r.compareBus(c); what != "" {
				fail(&res.Bus, "%s", what)
			}
		}
	}
	return res
}

// compareBus compares the bus cycles with the record, and returns the first
// difference. Cycles that a fault cut short (kinds 4 and 5) reach no handler:
// they only take their time.
func (r *m68000Runner) compareBus(c *Case) string {
	next, at := 0, int64(0)
	for _, b := range c.Bus {
		start := at
		at += int64(b.Clocks)
		if b.Kind != 1 && b.Kind != 2 {
			continue
		}
		want := m68000Access{at: start, addr: b.Addr & 0xfffffe, fc: b.Aux & 7, write: b.Kind == 1}
		if b.Aux&8 != 0 {
			want.mask |= 0xff00
		}
		if b.Aux&16 != 0 {
			want.mask |= 0x00ff
		}
		want.data = uint16(b.Data) & want.mask
		if next >= len(r.log) {
			return fmt.Sprintf("no bus cycle %v", want)
		}
		if r.log[next] != want {
			return fmt.Sprintf("bus cycle %d is %v, expected %v", next, r.log[next], want)
		}
		next++
	}
	if next < len(r.log) {
		return fmt.Sprintf("bus cycle %v was not expected", r.log[next])
	}
	return ""
}

func (a m68000Access) String() string {
	kind := "read"
	if a.write {
		kind = "write"
	}
	return fmt.Sprintf("%s %06x=%04x mask %04x FC %d at %d", kind, a.addr, a.data, a.mask, a.fc, a.at)
}

func setM68000(s *m68000.State, v []uint32) {
	*s = m68000.State{}
	s.SetStatusRegister(uint16(v[18]))
	copy(s.R[:], v[:15])
	s.R[15], s.SP2 = v[15], v[16]
	if v[18]&0x2000 != 0 {
		s.R[15], s.SP2 = v[16], v[15]
	}
	s.PC, s.Next, s.IRC = v[17], uint16(v[19]), uint16(v[20])
}

func getM68000(s *m68000.State) []uint32 {
	v := append(make([]uint32, 0, len(m68000Regs)), s.R[:15]...)
	return append(v, s.USP(), s.SSP(), s.PC, uint32(s.StatusRegister()), uint32(s.Next), uint32(s.IRC))
}
