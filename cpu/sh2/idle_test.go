package sh2

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"
)

// idleProgram makes two CPUs with the same program, frozen and not, RAM at
// 02000000h and a handler at 05000000h.
func idleProgram(code ...uint16) (x [2]*CPU, ram [2][]byte, reads *[2]int) {
	reads = new([2]int)
	for i := range x {
		rom := make([]byte, 0x10000)
		binary.BigEndian.PutUint32(rom, 0x1000)
		binary.BigEndian.PutUint32(rom[4:], 0x02001000)
		binary.BigEndian.PutUint32(rom[4*67:], 0x2000) // of level 6
		back := 0xa000 | uint16(-len(code)-2)&0xfff
		for j, w := range append(append([]uint16(nil), code...), back, 9) { // BRA to the start
			binary.BigEndian.PutUint16(rom[0x1000+2*j:], w)
		}
		// The interrupt: count in R13, RTE.
		for j, w := range []uint16{0x7d01, 0x002b, 9} {
			binary.BigEndian.PutUint16(rom[0x2000+2*j:], w)
		}
		ram[i] = make([]byte, 0x10000)
		m := NewMap(0)
		m.MapRead(0, 0xffff, rom)
		m.MapRAM(0x02000000, 0x0200ffff, ram[i])
		m.Handle(0x05000000, 0x0500ffff, func(addr, mask uint32) uint32 {
			reads[i]++
			return uint32(reads[i])
		}, nil)
		if i == 0 {
			m.Freeze(0, 0xffff)
		}
		x[i] = New(new(State), m)
		x[i].Reset()
		s := x[i].State()
		s.SR = 0
		s.R[1], s.R[2], s.R[3] = 0x02000100, 0x02000200, 0x05000000
	}
	return
}

// Idle loops are skipped without a trace, and only loops that are idle.
func TestIdleLoops(t *testing.T) {
	for _, c := range []struct {
		name string
		code []uint16
		skip bool
	}{
		{"MOV.L, TST, BT", []uint16{0x6012, 0x2008, 0x89fc}, true},
		{"MOV.W, EXTU, CMP/EQ, BF/S with slot", []uint16{0x6011, 0x600d, 0x8801, 0x8ffb, 9}, true},
		{"BT/S with a load in the slot", []uint16{0x2008, 0x8dfd, 0x6012}, false},
		{"BRA to itself", []uint16{0xaffe, 9}, true},
		{"two loads, BRA", []uint16{0x6012, 0x5421, 0x304c, 0xaffb, 0x2008}, true},
		{"load of a handler", []uint16{0x6032, 0x2008, 0x8bfc}, false},
		{"counter", []uint16{0x7401, 0x6012, 0xaffc, 9}, false},
		{"store", []uint16{0x2212, 0x6012, 0x2008, 0x89fb}, false},
		{"post-increment", []uint16{0x6516, 0x2118, 0x8bfc}, false},
		{"MOVT of the round before", []uint16{0x0529, 0x6012, 0x2058, 0x8900, 0xaffa, 9}, false},
		{"ROTCL", []uint16{0x4524, 0x89fd, 0x8bfc}, false},
	} {
		x, ram, reads := idleProgram(c.code...)
		at := int64(0)
		for step := range 60 {
			at += int64(700 + 13*step)
			for i := range x {
				x[i].Run(at)
				x[i].SetIRQ(6, step%5 == 0)
				if step%7 == 3 {
					ram[i][0x103] ^= 1
					ram[i][0x101] ^= 1
				}
			}
			if *x[0].State() != *x[1].State() || reads[0] != reads[1] {
				t.Fatalf("%s: after %d cycles\nskipping %+v\nexecuted %+v", c.name, at, *x[0].State(), *x[1].State())
			}
		}
		if x[0].State().R[13] == 0 {
			t.Errorf("%s: no interrupt came", c.name)
		}
		x[0].SetIRQ(6, false)
		x[0].State().SR = 0xf0
		x[0].Restored()
		// A hundred thousand million cycles take no time if they are skipped.
		far := at + 100_000_000_000
		if !c.skip {
			far = at + 3_000_000
		}
		begin := time.Now()
		x[0].Run(far)
		if x[0].Now() < far || x[0].Now() > far+5 || time.Since(begin) > 20*time.Second {
			t.Errorf("%s: at %d after %v, expected %d", c.name, x[0].Now(), time.Since(begin), far)
		}
		if got := fmt.Sprint(idleOps(x[0]) > 0); got != fmt.Sprint(c.skip || c.name == "load of a handler") {
			t.Errorf("%s: taken for an idle loop: %s", c.name, got)
		}
	}
}

// idleOps is how many idle loops were found.
func idleOps(c *CPU) int {
	n := 0
	for _, o := range c.blocks.ops[:c.blocks.used] {
		if fmt.Sprintf("%p", o.fn) == fmt.Sprintf("%p", handler(idle)) {
			n++
		}
	}
	return n
}
