package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
)

// The pack's registers: those of the SH-2 packs, and when and on which level an
// external interrupt is asserted (level 0: none). It is released when something
// is written to 05100000h.
var registers = strings.Fields("r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 pc pr gbr vbr mach macl sr irqlevel irqat")

// blankAt is the clock cycle of the n-th blank: 546 x 264 pixels of 42.954545/5
// MHz in cycles of 25 MHz, as MAME rounds it.
func blankAt(n int64) int64 { return n * 546 * 264 * 5 * 25_000_000 / 42_954_545 }

// writePack writes the cases. Cycles are clock cycles; the run is over when so
// many have gone by.
func writePack(path string, blocks []*block, rom []byte) error {
	var b bytes.Buffer
	le := binary.LittleEndian
	str := func(s string) {
		b.WriteByte(byte(len(s)))
		b.WriteString(s)
	}
	u32 := func(v uint32) { b.Write(le.AppendUint32(nil, v)) }
	b.WriteString("CPUT\x01")
	str("sh7604")
	b.WriteByte(byte(len(registers)))
	for _, r := range registers {
		str(r)
		b.WriteByte(4)
	}
	b.Write([]byte{4, 4, 1, 0})
	u32(uint32(len(blocks)))
	for _, bl := range blocks {
		str(bl.name)
		u32(uint32(len(bl.cases)))
		sizeAt := b.Len()
		u32(0)
		for _, t := range bl.cases {
			if err := t.write(&b, rom); err != nil {
				return fmt.Errorf("%s: %w", bl.name, err)
			}
		}
		le.PutUint32(b.Bytes()[sizeAt:], uint32(b.Len()-sizeAt-4))
	}
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, z.Bytes(), 0o644)
}

func (t *testCase) write(b *bytes.Buffer, rom []byte) error {
	le := binary.LittleEndian
	if t.cycles > 0xffff {
		return fmt.Errorf("a case of %d cycles", t.cycles)
	}
	b.Write([]byte{0, 0})
	b.Write(le.AppendUint16(nil, uint16(t.cycles)))
	before, after := append([]uint32(nil), t.before[:]...), append([]uint32(nil), t.after[:]...)
	level, at := uint32(0), int64(0)
	if t.blank {
		level = 12
		for n := int64(1); at <= 0; n++ {
			at = blankAt(n) - t.begin
		}
		if at > t.cycles {
			return fmt.Errorf("the blank is %d cycles after the start, the end %d", at, t.cycles)
		}
	}
	before = append(before, level, uint32(at))
	after = append(after, level, uint32(at))
	for _, v := range before {
		b.Write(le.AppendUint32(nil, v))
	}
	var mask [4]byte
	for i := range before {
		if before[i] != after[i] {
			mask[i/8] |= 1 << (i % 8)
		}
	}
	b.Write(mask[:])
	for i := range before {
		if before[i] != after[i] {
			b.Write(le.AppendUint32(nil, after[i]))
		}
	}
	var cells bytes.Buffer
	n := 0
	cell := func(addr uint32, before, after byte) {
		cells.Write(le.AppendUint32(nil, addr))
		n++
		if before == after {
			cells.Write([]byte{1, before})
		} else {
			cells.Write([]byte{3, before, after})
		}
	}
	fromROM := func(from, to uint32) {
		for ; from < to; from++ {
			cell(from, rom[from], rom[from])
		}
	}
	fromROM(t.start, t.end)
	if len(t.vectors) > 0 {
		code, _ := handlers()
		fromROM(handlersAt, handlersAt+uint32(len(code))*2)
	}
	for _, v := range t.vectors {
		fromROM(uint32(v)*4, uint32(v)*4+4)
	}
	long := func(addr, before, after uint32) {
		for i := range uint32(4) {
			cell(addr+i, byte(before>>(24-8*i)), byte(after>>(24-8*i)))
		}
	}
	for i := range uint32(regionLong) {
		long(dataAt+4*i, t.data[i], t.dump[i])
		long(stackAt+4*i, 0x5ac10000+i, t.dump[regionLong+i])
	}
	if n > 255 {
		return fmt.Errorf("%d bytes of memory", n)
	}
	b.WriteByte(byte(n))
	b.Write(cells.Bytes())
	b.Write([]byte{0, 0})
	return nil
}
