package sh2

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// randomBoard runs random programs: ROM at 0, RAM at 0x02000000, and everywhere
// else handlers that write accesses down and now and then assert interrupts.
type randomBoard struct {
	c   *CPU
	st  State
	rom []byte
	ram []byte
	log []string
}

func newRandomBoard(rom, ram []byte, frozen bool) *randomBoard {
	b := &randomBoard{rom: rom, ram: append([]byte(nil), ram...)}
	m := NewMap(0)
	hash := func(a uint32) uint32 {
		a = (a ^ a>>15) * 0x2c1b3c6d
		return a ^ a>>13
	}
	note := func(kind string, addr, v, mask uint32) {
		if len(b.log) < 1<<14 {
			b.log = append(b.log, fmt.Sprintf("%s %08x %08x %08x at %d, pc %08x", kind, addr, v, mask, b.c.Now(), b.c.PC()))
		}
		switch hash(addr^v) % 61 {
		case 0:
			b.c.SetIRQ(int(addr>>3&15), v&1 != 0)
		case 1:
			b.c.Yield()
		case 2:
			b.c.SetNMI(v&2 != 0)
		}
	}
	m.Handle(0, 0x0fffffff&^0x08000000, func(addr, mask uint32) uint32 {
		v := hash(addr)
		note("read", addr, v, mask)
		return v
	}, func(addr, v, mask uint32) { note("write", addr, v, mask) })
	m.HandleFetch(0, 0x07ffffff, func(addr, mask uint32) uint32 { return hash(addr + 1) })
	m.MapRead(0, 0xffff, rom)
	m.MapRAM(0x02000000, 0x0200ffff, b.ram)
	if frozen {
		m.Freeze(0, 0xffff)
	}
	b.c = New(&b.st, m)
	return b
}

// randomProgram fills ROM with instructions of all kinds, exception vectors
// included.
func randomProgram(r *rand.Rand) []byte {
	rom := make([]byte, 0x10000)
	var paired []kind // those that may be done two at once
	for a := range pairs {
		for _, fn := range pairs[a] {
			if fn != nil {
				paired = append(paired, kind(a))
				break
			}
		}
	}
	for i := 0; i < len(rom); i += 2 {
		var code uint16
		switch r.IntN(40) {
		case 0:
			code = uint16(r.Uint32())
		case 1, 2, 3:
			code = []uint16{0x0009, 0x8900, 0x8b00, 0x8d00, 0x8f00, 0xa000, 0xb000, 0x000b}[r.IntN(8)]
			if code >= 0xa000 {
				code |= uint16(r.IntN(64)-32) & 0xfff
			} else if code >= 0x8000 {
				code |= uint16(r.IntN(32)-16) & 0xff
			}
		default:
			in := &instructions[1+r.IntN(int(kTrapa))]
			if r.IntN(2) == 0 {
				in = &instructions[paired[r.IntN(len(paired))]]
			}
			code = in.match | uint16(r.Uint32())&^in.exact
		}
		binary.BigEndian.PutUint16(rom[i:], code)
	}
	for i := 0; i < 0x400; i += 4 {
		binary.BigEndian.PutUint32(rom[i:], uint32(0x400+r.IntN(0x7e00)*2))
	}
	return rom
}

func randomRegisters(r *rand.Rand, s *State) {
	value := func() uint32 {
		switch r.IntN(8) {
		case 0:
			return r.Uint32()
		case 1:
			return uint32(r.IntN(64))
		case 2:
			return uint32(r.IntN(0x8000)) * 2
		default:
			return 0x02000000 + uint32(r.IntN(0x4000))*4
		}
	}
	for i := range s.R {
		s.R[i] = value()
	}
	s.R[15] = 0x02008000
	s.PR, s.GBR, s.VBR, s.MACH, s.MACL = value(), value(), 0, r.Uint32(), r.Uint32()
	s.PC = 0x400 + uint32(r.IntN(0x7000))*2
	s.SetStatusRegister(r.Uint32())
}

// The decoded blocks come to the same state as the interpreter proper, with the
// same accesses at the same times, however the run is cut up.
func TestBlocksEqualInterpreter(t *testing.T) {
	entered := uint32(0)
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 4))
		rom := randomProgram(r)
		ram := make([]byte, 0x10000)
		for i := range ram {
			ram[i] = byte(r.Uint32())
		}
		a, b := newRandomBoard(rom, ram, true), newRandomBoard(rom, ram, false)
		for round := range 40 {
			randomRegisters(r, &a.st)
			a.st.VBR = 0
			b.st = a.st
			a.c.Restored()
			b.c.Restored()
			for range 6 {
				t := a.st.Time + int64(r.IntN(1500))
				a.c.Run(t)
				b.c.Run(t)
				if level := r.IntN(40); level < 16 {
					on := r.IntN(2) == 0
					a.c.SetIRQ(level, on)
					b.c.SetIRQ(level, on)
				}
				if a.st != b.st {
					break
				}
			}
			for i := range min(len(a.log), len(b.log)) {
				if a.log[i] != b.log[i] {
					t.Fatalf("seed %d round %d: access %d is\n%s in blocks,\n%s in the interpreter", seed, round, i, a.log[i], b.log[i])
				}
			}
			if a.st != b.st {
				t.Fatalf("seed %d round %d: states differ\nblocks:      %+v\ninterpreter: %+v", seed, round, a.st, b.st)
			}
			if string(a.ram) != string(b.ram) {
				t.Fatalf("seed %d round %d: RAM differs", seed, round)
			}
		}
		entered += a.c.blocks.used
	}
	if entered < 30_000 {
		t.Errorf("only %d ops were decoded: the test compares the interpreter with itself", entered)
	}
}

// Any bytes are a state that runs without a panic.
func TestRandomStates(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 9))
		rom := randomProgram(r)
		b := newRandomBoard(rom, make([]byte, 0x10000), seed%2 == 0)
		for range 10 {
			raw := unsafe.Slice((*byte)(unsafe.Pointer(&b.st)), unsafe.Sizeof(b.st))
			for i := range raw {
				raw[i] = byte(r.Uint32())
			}
			if r.IntN(2) == 0 {
				b.st.Time &= 0xffffffff
				b.st.PC &= 0xfffe
				b.st.Halted = 0
			}
			b.c.Restored()
			for range 5 {
				t := b.st.Time
				b.c.Run(t + int64(r.IntN(3000)))
				if b.st.Time < t {
					panic("time went back")
				}
			}
			b.c.Registers()
		}
	}
}
