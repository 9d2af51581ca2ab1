package cputest

import (
	"fmt"
	"strings"

	"arcade/cpu"
	"arcade/cpu/z80"
)

func init() { runners["z80"] = newZ80Runner }

// z80Regs are the registers of a case in the pack's order.
var z80Regs = []string{"pc", "sp", "ix", "iy", "af_", "bc_", "de_", "hl_", "wz",
	"a", "f", "b", "c", "d", "e", "h", "l", "i", "r", "im", "iff1", "iff2", "ei", "p", "q"}

// z80Runner has two CPUs over the same 64 KB: one whose every access goes
// through handlers that write it down, and one with direct pages.
type z80Runner struct {
	state [2]z80.State
	cpus  [2]*z80.CPU
	mem   []byte
	log   []z80Access
	c     *Case
	ports int // entries of c.IO used
	fault string
}

// z80Access is an access that the core made.
type z80Access struct {
	kind uint8 // as in the bus record: 5 read, 6 write, 9 in, 10 out; m1 is apart
	m1   bool
	at   int64
	addr uint16
	data uint8
	ir   uint16 // for M1: the refresh address
}

func newZ80Runner(s Suite) (runner, error) {
	if strings.Join(s.Regs, " ") != strings.Join(z80Regs, " ") {
		return nil, fmt.Errorf("cputest: a Z80 case has registers %v, expected %v", s.Regs, z80Regs)
	}
	r := &z80Runner{mem: make([]byte, 0x10000)}
	io := z80.IO{In: r.in, Out: r.out}
	slow := cpu.NewMap8(0)
	slow.HandleRead(0, 0xffff, func(addr uint16) uint8 { return r.access(5, false, addr, r.mem[addr]) })
	slow.HandleFetch(0, 0xffff, func(addr uint16) uint8 { return r.access(5, true, addr, r.mem[addr]) })
	slow.HandleWrite(0, 0xffff, func(addr uint16, v uint8) { r.mem[addr] = r.access(6, false, addr, v) })
	fast := cpu.NewMap8(0)
	fast.MapRAM(0, 0xffff, r.mem)
	r.cpus[0] = z80.New(&r.state[0], slow, io)
	r.cpus[1] = z80.New(&r.state[1], fast, io)
	return r, nil
}

func (r *z80Runner) access(kind uint8, m1 bool, addr uint16, v uint8) uint8 {
	s := &r.state[0]
	r.log = append(r.log, z80Access{kind, m1, r.cpus[0].Now(), addr, v, uint16(s.I)<<8 | uint16(s.R&0x7f|s.R7&0x80)})
	return v
}

func (r *z80Runner) in(port uint16) uint8 {
	var v uint8
	if r.ports < len(r.c.IO) && !r.c.IO[r.ports].Write && r.c.IO[r.ports].Addr == uint32(port) {
		v = uint8(r.c.IO[r.ports].Data)
	} else {
		r.fault = fmt.Sprintf("input from port %04x is not in the record", port)
	}
	r.ports++
	r.access(9, false, port, v)
	return v
}

func (r *z80Runner) out(port uint16, v uint8) {
	if r.ports >= len(r.c.IO) || r.c.IO[r.ports] != (IO{true, uint32(port), uint32(v)}) {
		r.fault = fmt.Sprintf("output of %02x to port %04x is not in the record", v, port)
	}
	r.ports++
	r.access(10, false, port, v)
}

func (r *z80Runner) run(c *Case) Result {
	r.c = c
	res := Result{State: true, Bus: true, Cycles: true}
	for i, core := range r.cpus {
		for _, cell := range c.Cells {
			r.mem[cell.Addr&0xffff] = uint8(cell.Before)
		}
		setZ80(&r.state[i], c.Before)
		r.log, r.ports, r.fault = r.log[:0], 0, ""
		core.Restored()
		core.Run(1)
		how := [2]string{"through handlers", "through pages"}[i]
		fail := func(ok *bool, format string, args ...any) {
			*ok = false
			if res.Detail == "" {
				res.Detail = how + ": " + fmt.Sprintf(format, args...)
			}
		}
		got := getZ80(&r.state[i])
		for j, want := range c.After {
			if got[j] != want {
				fail(&res.State, "%s is %x, expected %x", z80Regs[j], got[j], want)
			}
		}
		for _, cell := range c.Cells {
			if v := r.mem[cell.Addr&0xffff]; v != uint8(cell.After) {
				fail(&res.State, "memory %04x is %02x, expected %02x", cell.Addr, v, cell.After)
			}
		}
		if n := r.state[i].Cycles; n != int64(c.Cycles) {
			fail(&res.Cycles, "%d T-states, expected %d", n, c.Cycles)
		}
		if r.fault == "" && r.ports != len(c.IO) {
			r.fault = fmt.Sprintf("%d accesses to ports, expected %d", r.ports, len(c.IO))
		}
		if r.fault != "" {
			fail(&res.Bus, "%s", r.fault)
		}
		if i == 0 {
			if what := r.compareBus(c); what != "" {
				fail(&res.Bus, "%s", what)
			}
		}
	}
	return res
}

// compareBus lays the accesses out in T-states and compares them with the
// record. Returns the first difference.
func (r *z80Runner) compareBus(c *Case) string {
	next := 0
	addr := uint32(0)
	var queue [4]Bus // the T-states of the access that goes on
	left := 0
	for t, want := range c.Bus {
		if next < len(r.log) && r.log[next].at == int64(t) {
			a := r.log[next]
			next++
			pins := Bus{Addr: uint32(a.addr)}
			switch {
			case a.m1:
				queue = [4]Bus{pins, {Kind: 5, Addr: pins.Addr}, {Addr: uint32(a.ir), Data: uint32(a.data), Driven: true}, {Addr: uint32(a.ir)}}
			case a.kind == 5:
				queue = [4]Bus{pins, {Kind: 5, Addr: pins.Addr}, {Addr: pins.Addr, Data: uint32(a.data), Driven: true}}
			case a.kind == 6:
				queue = [4]Bus{pins, {Kind: 6, Addr: pins.Addr, Data: uint32(a.data), Driven: true}, pins}
			case a.kind == 9:
				queue = [4]Bus{pins, pins, {Kind: 9, Addr: pins.Addr}, {Addr: pins.Addr, Data: uint32(a.data), Driven: true}}
			case a.kind == 10:
				queue = [4]Bus{pins, pins, {Kind: 10, Addr: pins.Addr, Data: uint32(a.data), Driven: true}, pins}
			}
			left = 4
			if !a.m1 && a.kind < 9 {
				left = 3
			}
		}
		got := Bus{Addr: addr}
		if left > 0 {
			got = queue[0]
			copy(queue[:], queue[1:])
			left--
		}
		addr = got.Addr
		if got.Kind != want.Kind || got.Addr != want.Addr || got.Driven != want.Driven || got.Data != want.Data {
			return fmt.Sprintf("T-state %d: %s, expected %s", t, z80Pins(got), z80Pins(want))
		}
	}
	if next != len(r.log) {
		return fmt.Sprintf("%d accesses, of which %d fit the record", len(r.log), next)
	}
	return ""
}

func z80Pins(b Bus) string {
	s := map[uint8]string{0: "idle", 5: "read", 6: "write", 9: "in", 10: "out"}[b.Kind]
	s += fmt.Sprintf(" %04x", b.Addr)
	if b.Driven {
		s += fmt.Sprintf("=%02x", b.Data)
	}
	return s
}

func setZ80(s *z80.State, v []uint32) {
	pair := func(i int) uint16 { return uint16(v[i]<<8 | v[i+1]&0xff) }
	*s = z80.State{PC: uint16(v[0]), SP: uint16(v[1]), IX: uint16(v[2]), IY: uint16(v[3]),
		AF2: uint16(v[4]), BC2: uint16(v[5]), DE2: uint16(v[6]), HL2: uint16(v[7]), WZ: uint16(v[8]),
		A: uint8(v[9]), F: uint8(v[10]), BC: pair(11), DE: pair(13), HL: pair(15), I: uint8(v[17]), R: uint8(v[18]), R7: uint8(v[18]),
		IM: uint8(v[19]), IFF1: uint8(v[20]), IFF2: uint8(v[21]), EI: uint8(v[22]), P: uint8(v[23]), Q: uint8(v[24])}
}

func getZ80(s *z80.State) [25]uint32 {
	hi := func(p uint16) uint32 { return uint32(p >> 8) }
	lo := func(p uint16) uint32 { return uint32(p & 0xff) }
	return [25]uint32{uint32(s.PC), uint32(s.SP), uint32(s.IX), uint32(s.IY), uint32(s.AF2), uint32(s.BC2), uint32(s.DE2), uint32(s.HL2), uint32(s.WZ),
		uint32(s.A), uint32(s.F), hi(s.BC), lo(s.BC), hi(s.DE), lo(s.DE), hi(s.HL), lo(s.HL), uint32(s.I), uint32(s.R&0x7f | s.R7&0x80),
		uint32(s.IM), uint32(s.IFF1), uint32(s.IFF2), uint32(s.EI), uint32(s.P), uint32(s.Q)}
}
