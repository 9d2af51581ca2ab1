package tests

import (
	"archive/zip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"arcade/tests/oracle"
)

// Programs made of every opcode of the Z80, prefixes and undocumented ones
// included, on the Pac-Man board, which has interrupts of all modes: every
// line of the trace equals MAME's (registers, cycles, disassembly).
func TestZ80EqualsMAME(t *testing.T) {
	frames := framesOr(12, 60)
	for seed := range uint64(framesOr(1, 6)) {
		rompath := z80Set(t, (&z80Program{rnd: rand.New(rand.NewPCG(seed, 0))}).build())
		if n := traceEqualsMAME(t, "puckman", rompath, frames, 4000); n < z80Addresses {
			t.Errorf("the program executed instructions at %d addresses only, expected %d", n, z80Addresses)
		}
	}
}

// z80Set packs a program under the name of puckman, with the rest of the set
// from the benchmark's.
func z80Set(t *testing.T, program []byte) (rompath string) {
	t.Helper()
	from, err := zip.OpenReader(filepath.Join(oracle.Bench(t), "puckman.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "puckman.zip"))
	if err != nil {
		t.Fatal(err)
	}
	to := zip.NewWriter(f)
	parts := map[string]int{}
	for i, n := range []string{"1.6e", "2.6k", "3.6f", "4.6m", "5.6h", "6.6n", "7.6j", "8.6p"} {
		parts["pm1_prg"+n] = i * 0x800
	}
	for _, file := range from.File {
		w, err := to.Create(file.Name)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := parts[file.Name]; ok {
			_, err = w.Write(program[at : at+0x800])
		} else {
			var r io.ReadCloser
			if r, err = file.Open(); err == nil {
				_, err = io.Copy(w, r)
				r.Close()
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// z80Program writes a program that goes through all opcodes with random
// operands, again and again, with the interrupt modes taking turns. RAM for
// data is 4D00-4E7F, the stack is below 4FC0. Interrupts are never disabled for
// long: MAME begins a time slice when a request is cleared, and the length of
// the slice before the end of a frame rounds its time.
type z80Program struct {
	rnd  *rand.Rand
	code []byte
}

const (
	z80Addresses = 2500 // with an instruction that is executed

	z80Size    = 0x4000
	z80Handler = 0x3838 // of interrupts in mode 2: the table is 3F00-3FFF and its neighbours
)

func (p *z80Program) emit(b ...byte)  { p.code = append(p.code, b...) }
func (p *z80Program) byte() byte      { return byte(p.rnd.Uint32()) }
func (p *z80Program) address() uint16 { return 0x4d80 + uint16(p.rnd.IntN(0x80)) }
func (p *z80Program) word(v uint16)   { p.emit(byte(v), byte(v>>8)) }
func (p *z80Program) load(op byte)    { p.emit(op); p.word(p.address()) }
func (p *z80Program) index(pre byte)  { p.emit(pre); p.load(0x21) }
func (p *z80Program) stack()          { p.emit(0x31, 0xc0, 0x4f) }
func (p *z80Program) jump(op, n byte) { p.emit(op); p.word(uint16(len(p.code)) + 2 + uint16(n)) }
func (p *z80Program) pushNext(n uint16) {
	p.emit(0x21)
	p.word(uint16(len(p.code)) + 3 + n)
	p.emit(0xe5)
}

func (p *z80Program) build() []byte {
	p.emit(0xf3, 0x31, 0xc0, 0x4f, 0xc3, 0x00, 0x01) // DI; LD SP; JP 0100
	rom := make([]byte, z80Size)
	copy(rom, p.code)
	for i := 0x08; i < 0x38; i += 8 {
		rom[i] = 0xc9
	}
	// The interrupt is acknowledged by disabling it, and the watchdog fed.
	handler := []byte{0xf5, 0xaf, 0x32, 0x00, 0x50, 0x32, 0xc0, 0x50, 0x3c, 0x32, 0x00, 0x50, 0xf1, 0xfb, 0xed, 0x4d}
	copy(rom[0x38:], handler)
	copy(rom[z80Handler:], handler)
	for i := 0x3e00; i < z80Size; i++ {
		rom[i] = z80Handler & 0xff
	}

	p.code = make([]byte, 0x100)
	p.emit(0xdd, 0x21, 0x00, 0x4e, 0xfd, 0x21, 0x00, 0x4e)       // LD IX; LD IY
	p.emit(0x3e, 0x01, 0x32, 0x00, 0x50, 0x3e, 0xff, 0xd3, 0x00) // enable; vector FF
	p.emit(0x3e, 0x3e, 0xed, 0x47, 0xed, 0x56)                   // I; IM 1
	start := uint16(len(p.code))
	// The mode changes with a count of the passes: 0, 1 or 2.
	p.emit(0x21, 0xf0, 0x4f, 0x34, 0x7e, 0xe6, 0x03) // LD HL,4FF0; INC (HL); LD A,(HL); AND 3
	p.emit(0xed, 0x46, 0x28, 0x07)                   // IM 0; JR Z
	p.emit(0xed, 0x5e, 0x3d, 0x28, 0x02, 0xed, 0x56) // IM 2; DEC A; JR Z; IM 1
	p.emit(0xfb)
	for op := range 256 {
		p.plain(byte(op))
	}
	for op := range 256 {
		p.bits(byte(op))
	}
	for op := range 256 {
		p.extended(byte(op))
	}
	for _, prefix := range []byte{0xdd, 0xfd} {
		for op := range 256 {
			p.indexed(prefix, byte(op))
		}
		for op := range 256 {
			p.index(prefix)
			p.emit(prefix, 0xcb, p.byte(), byte(op))
		}
	}
	p.emit(0xf3, 0xc3)
	p.word(start)
	if len(p.code) > z80Handler {
		panic(fmt.Sprintf("the program has %#x bytes", len(p.code)))
	}
	copy(rom[0x100:], p.code[0x100:])
	return rom
}

// plain emits an opcode, with what it needs before and after.
func (p *z80Program) plain(op byte) {
	x, z := op>>6, op&7
	switch {
	case op == 0x76:
		// Every eighth pass: LD A,(4FF0); AND 7; JR NZ; EI; HALT.
		p.emit(0x3a, 0xf0, 0x4f, 0xe6, 0x07, 0x20, 0x02, 0xfb, op)
	case op == 0xcb || op == 0xdd || op == 0xed || op == 0xfd:
	case op == 0x18 || op&0xe7 == 0x20 || op == 0x10:
		p.emit(op, 1, p.byte()&0x07|0x04) // skips or executes an INC or so
	case op == 0x02 || op == 0x0a:
		p.load(0x01)
		p.emit(op)
	case op == 0x12 || op == 0x1a:
		p.load(0x11)
		p.emit(op)
	case op == 0x22 || op == 0x2a || op == 0x32 || op == 0x3a:
		p.load(op)
	case op == 0x31:
		p.emit(0xf3, op, p.byte(), p.byte())
		p.stack()
		p.emit(0xfb)
	case x == 0 && z == 1 && op&8 == 0:
		p.emit(op, p.byte(), p.byte())
	case op == 0x33 || op == 0x3b:
		p.emit(0xf3, op)
		p.stack()
		p.emit(0xfb)
	case x == 0 && z == 6 && op != 0x36:
		p.emit(op, p.byte())
	case op == 0x36:
		p.load(0x21)
		p.emit(op, p.byte())
	case x == 1 && (z == 6 || op>>3&7 == 6), x == 2 && z == 6, op == 0x34, op == 0x35:
		p.load(0x21)
		p.emit(op)
	case x < 3:
		p.emit(op)
	default:
		p.control(op)
	}
}

// control emits the opcodes from C0 on.
func (p *z80Program) control(op byte) {
	z := op & 7
	switch {
	case z == 0: // RET cc: the address is right behind it
		p.pushNext(1)
		p.emit(op)
		p.stack()
	case op == 0xc9:
		p.pushNext(1)
		p.emit(op)
	case z == 1 && op&8 == 0: // POP
		p.emit(0xd5, op)
	case op == 0xe9: // JP (HL)
		p.emit(0x21)
		p.word(uint16(len(p.code)) + 3)
		p.emit(op)
	case op == 0xf9:
		p.emit(0xf3, op)
		p.stack()
		p.emit(0xfb)
	case z == 2 || op == 0xc3:
		p.jump(op, 0)
	case z == 4 || op == 0xcd:
		p.jump(op, 0)
		p.stack()
	case op == 0xc7 || op == 0xff: // RST 0 would start anew, RST 38 clear a request
	case op == 0xd3:
		p.emit(op, 1|p.byte())
	case op == 0xdb:
		p.emit(op, p.byte())
	case op == 0xe3:
		p.emit(0xd5, op, 0xd1)
	case z == 5:
		p.emit(op)
		p.stack()
	case z == 6:
		p.emit(op, p.byte())
	case op == 0xf3: // not for long
		p.emit(op, 0xfb)
	default:
		p.emit(op)
	}
}

func (p *z80Program) bits(op byte) {
	if op&7 == 6 {
		p.load(0x21)
	}
	p.emit(0xcb, op)
}

func (p *z80Program) extended(op byte) {
	y, z := op>>3&7, op&7
	switch {
	case op>>6 == 2 && y >= 4 && z < 4:
		p.load(0x21)
		p.load(0x11)
		p.emit(0x01, 1+p.byte()&3, p.byte()&1*(z>>1&1)) // few rounds
		if z >= 2 {
			p.emit(0x06, 1+p.byte()&3, 0x0e, 0x01)
		}
		p.emit(0xed, op)
	case op>>6 != 1:
		p.emit(0xed, op)
	case z < 2: // IN and OUT: not to the vector
		p.emit(0x01, 1|p.byte(), p.byte(), 0xed, op)
	case z == 3:
		p.emit(0xf3, 0xed)
		p.load(op)
		p.stack()
		p.emit(0xfb)
	case z == 5:
		p.pushNext(2)
		p.emit(0xed, op)
	case z == 6: // IM, and back to 1
		p.emit(0xf3, 0xed, op, 0xed, 0x56, 0xfb)
	case y == 0: // LD I,A
		p.emit(0x3e, 0x3e, 0xed, op)
	case y == 4 || y == 5: // RRD, RLD
		p.load(0x21)
		p.emit(0xed, op)
	default:
		p.emit(0xed, op)
	}
}

func (p *z80Program) indexed(prefix, op byte) {
	x, y, z := op>>6, op>>3&7, op&7
	switch {
	case op == 0xcb || op == 0xdd || op == 0xfd || op == 0xed || op == 0x76:
		// One chain of prefixes is one instruction, which MAME's trace shows
		// once, with the text of the first prefix.
		p.emit(prefix, 0x00)
	case op == 0x36:
		p.index(prefix)
		p.emit(prefix, op, p.byte(), p.byte())
	case op == 0x34, op == 0x35, x == 1 && (y == 6 || z == 6), x == 2 && z == 6:
		p.index(prefix)
		p.emit(prefix, op, p.byte())
	case op == 0xe9:
		p.emit(prefix, 0x21)
		p.word(uint16(len(p.code)) + 4)
		p.emit(prefix, op)
	case op == 0xe3:
		p.emit(0xd5, prefix, op, 0xd1)
	case op == 0xf9:
		p.emit(0xf3, prefix, op)
		p.stack()
		p.emit(0xfb)
	case op == 0x22 || op == 0x2a:
		p.emit(prefix)
		p.load(op)
	case op == 0x26 || op == 0x2e:
		p.emit(prefix, op, p.byte())
	case op == 0x21:
		p.index(prefix)
	case op == 0xe1:
		p.emit(0xc5, prefix, op)
	case op == 0xe5:
		p.emit(prefix, op, 0xe1)
	case x == 0 && (z == 1 && y&1 == 1 || z == 3 && y>>1 == 2 || (z == 4 || z == 5)), x == 1, x == 2:
		p.emit(prefix, op)
	case x == 3 && z == 1 && y&1 == 0: // POP needs its PUSH before the prefix
		p.emit(0xd5, prefix, op)
	default:
		at := len(p.code)
		p.plain(op)
		if at < len(p.code) && p.code[at] == op { // opcodes without preparation take a prefix
			body := append([]byte{prefix}, p.code[at:]...)
			if x == 3 && (z == 2 || z == 4 || op == 0xc3 || op == 0xcd) {
				body[2]++ // the address behind it
				if body[2] == 0 {
					body[3]++
				}
			}
			p.code = append(p.code[:at], body...)
		}
	}
}
