package cputest

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Magic numbers of the parts of an upstream .json.bin file. A part begins with
// its length and its magic number; all numbers are little-endian.
const (
	binFile         = 0x1a3f5d71
	binCase         = 0xabc12367
	binName         = 0x89abcdef
	binState        = 0x01234567
	binTransactions = 0x456789ab
)

// m68000BinRegs is the order of the registers in these files.
var m68000BinRegs = strings.Fields("d0 d1 d2 d3 d4 d5 d6 d7 a0 a1 a2 a3 a4 a5 a6 usp ssp sr pc pf0 pf1")

// binReader reads one file; after an error all numbers are 0.
type binReader struct {
	b   []byte
	err error
}

func (r *binReader) take(n int) []byte {
	if r.err == nil && n > len(r.b) {
		r.err = fmt.Errorf("it ends too early: %d bytes are missing", n-len(r.b))
	}
	if r.err != nil {
		return make([]byte, min(n, 8))
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

func (r *binReader) u32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

// part reads the head of a part.
func (r *binReader) part(magic uint32) {
	r.u32() // length
	if got := r.u32(); r.err == nil && got != magic {
		r.err = fmt.Errorf("magic number %08x where %08x was expected", got, magic)
	}
}

// count reads a number of things of which each has at least size bytes.
func (r *binReader) count(size int) int {
	n := r.u32()
	if r.err == nil && uint64(n)*uint64(size) > uint64(len(r.b)) {
		r.err = fmt.Errorf("it claims %d entries, more than fit into it", n)
		return 0
	}
	return int(n)
}

func (r *binReader) name() string {
	r.part(binName)
	n := r.count(1)
	if r.err != nil {
		return ""
	}
	return string(r.take(n))
}

// state reads registers, in the order of m68000Regs, and memory words.
func (r *binReader) state() (regs []uint32, cells [][2]uint32) {
	r.part(binState)
	v := map[string]uint32{}
	for _, name := range m68000BinRegs {
		v[name] = r.u32()
	}
	for _, name := range m68000Regs {
		regs = append(regs, v[name])
	}
	for range r.count(6) {
		p := r.take(6)
		cells = append(cells, [2]uint32{binary.LittleEndian.Uint32(p), uint32(binary.LittleEndian.Uint16(p[4:]))})
	}
	return regs, cells
}

func (r *binReader) next() Case {
	r.part(binCase)
	c := Case{Name: r.name()}
	var before, after [][2]uint32
	c.Before, before = r.state()
	c.After, after = r.state()
	at := map[uint32]int{}
	for _, m := range before {
		at[m[0]] = len(c.Cells)
		c.Cells = append(c.Cells, Cell{Addr: m[0], Before: uint16(m[1]), After: uint16(m[1])})
	}
	for _, m := range after {
		i, ok := at[m[0]]
		if !ok {
			i = len(c.Cells)
			c.Cells = append(c.Cells, Cell{Addr: m[0], Unset: true})
		}
		c.Cells[i].After = uint16(m[1])
	}
	r.part(binTransactions)
	c.Cycles = int(r.u32())
	for range r.count(5) {
		b := Bus{Kind: r.take(1)[0]}
		b.Clocks = uint8(r.u32())
		if b.Kind != 0 {
			fc := r.u32()
			b.Addr, b.Data, b.Driven = r.u32(), r.u32(), true
			uds, lds := r.u32(), r.u32()
			b.Aux = uint8(fc&7 | uds&1<<3 | lds&1<<4)
		}
		if b.Kind == 4 || b.Kind == 5 {
			c.Flags |= 1
		}
		c.Bus = append(c.Bus, b)
	}
	return c
}

// runM68000Bin runs a file of SingleStepTests/m68000. They come without a
// register list: it is always the same.
func runM68000Bin(path string, o Options) (*Report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	run, err := newRunner(Suite{CPU: "m68000", Regs: m68000Regs})
	if err != nil {
		return nil, err
	}
	report := &Report{CPU: "m68000"}
	name := strings.TrimSuffix(filepath.Base(path), ".json.bin")
	if o.Only != nil && !o.Only(name) {
		return report, nil
	}
	r := &binReader{b: data}
	if m := r.u32(); m != binFile {
		return nil, fmt.Errorf("%s: not a file of the 68000 suite: it begins with %08x instead of %08x", path, m, uint32(binFile))
	}
	n := r.count(64)
	report.run(run, name, func(yield func(*Case) bool) {
		for range n {
			c := r.next()
			if r.err != nil || !yield(&c) {
				return
			}
		}
	}, o)
	if r.err != nil {
		return nil, fmt.Errorf("%s: damaged after %d cases: %w", path, report.Total.Cases, r.err)
	}
	return report, nil
}
