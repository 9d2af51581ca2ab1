package cputest

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// packReader reads a pack block by block. Its format is described with the
// packs: one gzip stream, little-endian, nothing padded.
type packReader struct {
	Suite
	widths     []int // of registers, in bytes
	aw, dw, cw int   // bytes of an address, a datum, a memory cell
	clk        uint8 // default clocks of a bus entry
	blocks     uint32
	in         *bufio.Reader
	b          []byte // the rest of the present block
	bad        bool   // b was too short
	regs       [2][]uint32
	cells      []Cell
	bus        []Bus
	ios        []IO
}

const maxBlock = 64 << 20 // bytes of a block; the largest known has 2 MB

func newPackReader(r io.Reader) (*packReader, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("not a gzip stream: %w", err)
	}
	p := &packReader{in: bufio.NewReaderSize(z, 1<<20)}
	head := p.need(5)
	if p.bad || string(head[:4]) != "CPUT" {
		return nil, errors.New(`it does not begin with "CPUT"`)
	}
	if head[4] != 1 {
		return nil, fmt.Errorf("format version %d, this program reads version 1", head[4])
	}
	p.CPU = p.headStr()
	for n := p.need(1)[0]; n > 0; n-- {
		p.Regs = append(p.Regs, p.headStr())
		w := int(p.need(1)[0])
		if w != 1 && w != 2 && w != 4 {
			return nil, fmt.Errorf("register %s has a width of %d bytes", p.Regs[len(p.Regs)-1], w)
		}
		p.widths = append(p.widths, w)
	}
	t := p.need(8)
	p.aw, p.dw, p.cw, p.clk, p.blocks = int(t[0]), int(t[1]), int(t[2]), t[3], binary.LittleEndian.Uint32(t[4:])
	if p.bad {
		return nil, errors.New("it ends within its header")
	}
	for _, w := range []int{p.aw, p.dw, p.cw} {
		if w < 1 || w > 4 {
			return nil, fmt.Errorf("a width of %d bytes in its header", w)
		}
	}
	p.regs[0], p.regs[1] = make([]uint32, len(p.Regs)), make([]uint32, len(p.Regs))
	return p, nil
}

// need reads n bytes of the header.
func (p *packReader) need(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(p.in, b); err != nil {
		p.bad = true
	}
	return b
}

func (p *packReader) headStr() string { return string(p.need(int(p.need(1)[0]))) }

// block reads the next block; cases then yields its cases.
func (p *packReader) block() (name string, cases uint32, err error) {
	name = p.headStr()
	t := p.need(8)
	cases = binary.LittleEndian.Uint32(t)
	size := binary.LittleEndian.Uint32(t[4:])
	if p.bad {
		return "", 0, io.ErrUnexpectedEOF
	}
	if size > maxBlock {
		return "", 0, fmt.Errorf("block %q claims %d bytes, at most %d are possible", name, size, maxBlock)
	}
	p.b = p.need(int(size))
	if p.bad {
		return "", 0, io.ErrUnexpectedEOF
	}
	return name, cases, nil
}

func (p *packReader) u(width int) uint32 {
	if len(p.b) < width {
		p.bad, p.b = true, nil
		return 0
	}
	var v uint32
	for i := range width {
		v |= uint32(p.b[i]) << (8 * i)
	}
	p.b = p.b[width:]
	return v
}

// next reads a case into c, whose slices are valid until the next call.
func (p *packReader) next(c *Case) bool {
	n := int(p.u(1))
	if len(p.b) < n {
		p.bad = true
		return false
	}
	c.Name, p.b = string(p.b[:n]), p.b[n:]
	c.Flags = uint8(p.u(1))
	c.Cycles = int(p.u(2))
	c.Before, c.After = p.regs[0], p.regs[1]
	for i, w := range p.widths {
		c.Before[i] = p.u(w)
	}
	copy(c.After, c.Before)
	var mask [32]byte
	for i := range (len(p.Regs) + 7) / 8 {
		mask[i] = byte(p.u(1))
	}
	for i, w := range p.widths {
		if mask[i/8]>>(i%8)&1 != 0 {
			c.After[i] = p.u(w)
		}
	}
	p.cells, p.bus, p.ios = p.cells[:0], p.bus[:0], p.ios[:0]
	for range p.u(1) {
		cell := Cell{Addr: p.u(p.aw)}
		f := p.u(1)
		if f&1 != 0 {
			cell.Before = uint16(p.u(p.cw))
		}
		cell.Unset = f&1 == 0
		cell.After = cell.Before
		if f&2 != 0 {
			cell.After = uint16(p.u(p.cw))
		}
		p.cells = append(p.cells, cell)
	}
	addr, aux := uint32(0), uint8(0)
	for range p.u(1) {
		op := p.u(1)
		e := Bus{Kind: uint8(op & 15), Clocks: p.clk}
		if op&0x10 != 0 {
			e.Clocks = uint8(p.u(1))
		}
		if op&0x20 != 0 {
			addr = p.u(p.aw)
		}
		if op&0x40 != 0 {
			e.Data, e.Driven = p.u(p.dw), true
		}
		if op&0x80 != 0 {
			aux = uint8(p.u(1))
		}
		e.Addr, e.Aux = addr, aux
		p.bus = append(p.bus, e)
	}
	for range p.u(1) {
		p.ios = append(p.ios, IO{Write: p.u(1) != 0, Addr: p.u(p.aw), Data: p.u(p.dw)})
	}
	c.Cells, c.Bus, c.IO = p.cells, p.bus, p.ios
	return !p.bad
}

func runPack(path string, o Options) (*Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := newPackReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: the pack cannot be read: %w", path, err)
	}
	run, err := newRunner(p.Suite)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	report := &Report{CPU: p.CPU}
	for range p.blocks {
		name, cases, err := p.block()
		if err != nil {
			return nil, fmt.Errorf("%s: the pack is damaged after %d blocks: %w", path, len(report.Blocks), err)
		}
		if o.Only != nil && !o.Only(name) {
			continue
		}
		left := cases
		var c Case
		report.run(run, name, func(yield func(*Case) bool) {
			for ; left > 0 && p.next(&c) && yield(&c); left-- {
			}
		}, o)
		if p.bad || left > 0 || len(p.b) > 0 {
			return nil, fmt.Errorf("%s: the pack is damaged in block %q", path, strings.ToValidUTF8(name, "?"))
		}
	}
	return report, nil
}
