package cpu_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"arcade/cpu"
)

func TestMap32(t *testing.T) {
	m := cpu.NewMap32(0xdeadbeef, 0x28000000)
	rom, code, ram := make([]byte, 0x20000), make([]byte, 0x20000), make([]byte, 0x10000)
	binary.BigEndian.PutUint32(rom[0x10004:], 0x11223344)
	binary.BigEndian.PutUint32(code[0x10004:], 0x55667788)
	m.MapRead(0, 0x1ffff, rom)
	m.MapFetch(0, 0x1ffff, code)
	m.MapRAM(0x02000000, 0x0200ffff, ram)
	var last string
	m.Handle(0x05000000, 0x0500ffff, func(addr, mask uint32) uint32 {
		last = fmt.Sprintf("read %08x %08x", addr, mask)
		return 0x99aabbcc
	}, func(addr, v, mask uint32) { last = fmt.Sprintf("write %08x %08x %08x", addr, v, mask) })

	for _, alias := range []uint32{0, 0x08000000, 0x20000000, 0x28000000} {
		if v := m.Read(0x10004|alias, 0xffffffff); v != 0x11223344 {
			t.Errorf("alias %08x: read %08x", alias, v)
		}
		if v := m.Fetch(0x10006 | alias); v != 0x7788 {
			t.Errorf("alias %08x: fetched %04x", alias, v)
		}
		m.Write(0x02000010|alias, 0x01020304, 0x00ff0000)
		if ram[0x11] != 2 || ram[0x10] != 0 || ram[0x12] != 0 {
			t.Errorf("alias %08x: a byte was written as % x", alias, ram[0x10:0x14])
		}
		ram[0x11] = 0
		if v := m.Read(0x05000004|alias, 0xffff); v != 0x99aabbcc || last != "read 05000004 0000ffff" {
			t.Errorf("alias %08x: %08x after %q", alias, v, last)
		}
		m.Write(0x05000008|alias, 5, 0xff)
		if last != "write 05000008 00000005 000000ff" {
			t.Errorf("alias %08x: %q", alias, last)
		}
	}
	if v := m.Fetch(0x05000006); v != 0xbbcc || last != "read 05000004 0000ffff" {
		t.Errorf("fetched %04x after %q", v, last)
	}
	for _, a := range []uint32{0x10000000, 0x18000000, 0x03000000, 0x40000000, 0x48000000, 0xffff0000} {
		if v := m.Read(a, 0xffffffff); v != 0xdeadbeef {
			t.Errorf("%08x, where nothing is, reads %08x", a, v)
		}
		m.Write(a, 1, 0xffffffff)
	}
	m.Write(0, 0xffffffff, 0xffffffff)
	if rom[0] != 0 {
		t.Error("ROM was written")
	}
	if _, ok := m.Peek(0x05000000); ok {
		t.Error("peeked into a handler")
	}
	if v, ok := m.PeekLong(0x10004); !ok || v != 0x11223344 {
		t.Errorf("peeked %08x", v)
	}
	m.HandleFetch(0, 0xffff, nil)
	if v := m.Fetch(2); v != 0xbeef {
		t.Errorf("fetched %04x where nothing is to fetch", v)
	}
	if v := m.Read(0x0, 0xffffffff); v != 0 {
		t.Errorf("read %08x after fetches went away", v)
	}
}

// The promise of Freeze holds until the page is mapped anew; watchers are told
// of each change, mirrors included.
func TestMap32Freeze(t *testing.T) {
	m := cpu.NewMap32(0, 0x20000000)
	changes := map[uint32]int{}
	m.Watch(func(start, end uint32) { changes[start]++ })
	mem := make([]byte, 0x10000)
	m.MapRead(0x10000, 0x1ffff, mem)
	if m.Frozen(0x10000) {
		t.Error("frozen from the start")
	}
	m.Freeze(0x10000, 0x1ffff)
	for _, a := range []uint32{0x10000, 0x1ffff, 0x20010000} {
		if !m.Frozen(a) {
			t.Errorf("%08x is not frozen", a)
		}
	}
	if m.Frozen(0x20000) || m.Frozen(0) {
		t.Error("neighbours are frozen")
	}
	clear(changes)
	m.Changed(0x10000, 0x1ffff)
	if changes[0x10000] != 1 || changes[0x20010000] != 1 || !m.Frozen(0x10000) {
		t.Errorf("after Changed: %v, frozen %v", changes, m.Frozen(0x10000))
	}
	m.MapRead(0x10000, 0x1ffff, mem)
	if m.Frozen(0x10000) || m.Frozen(0x20010000) || changes[0x10000] != 2 {
		t.Error("frozen after it was mapped anew")
	}
}

// Direct goes by parts of a page, mirrors included, and nil gives them back to
// the handler.
func TestMap32Direct(t *testing.T) {
	m := cpu.NewMap32(0, 0x28000000)
	var handled []uint32
	m.Handle(0x02000000, 0x0200ffff, nil, func(addr, _, _ uint32) { handled = append(handled, addr) })
	m.Handle(0xc0000000, 0xc000ffff, nil, func(addr, _, _ uint32) { handled = append(handled, addr) })
	var ram cpu.Page32
	m.Direct(0x02003ffc, &ram)
	m.Direct(0xc0003ffc, &ram)
	for _, a := range []uint32{0x02003000, 0x2a003004, 0x02003ffc, 0xc0003008, 0x02002ffc, 0x22004000, 0xc0002ffc, 0xc0004000} {
		m.Write(a, 0x01010101, 0xffffffff)
	}
	if want := "[2002ffc 2004000 c0002ffc c0004000]"; fmt.Sprintf("%x", handled) != want {
		t.Errorf("handled %x, want %s", handled, want)
	}
	for i, v := range ram {
		if written := i >= 0x3000 && i < 0x300c || i >= 0x3ffc && i < 0x4000; written != (v == 1) {
			t.Errorf("byte %x is %x", i, v)
		}
	}
	handled = nil
	m.Direct(0x02003000, nil)
	m.Write(0x2a003000, 2, 0xff)
	if len(handled) != 1 || ram[0x3003] != 1 {
		t.Errorf("after Direct with nil, handled %x", handled)
	}
}

func TestMap32Ranges(t *testing.T) {
	m := cpu.NewMap32(0, 0x20000000)
	mem := make([]byte, 0x10000)
	for name, f := range map[string]func(){
		"not a page's start":   func() { m.MapRead(0x8000, 0x17fff, mem) },
		"not a page's end":     func() { m.MapRead(0, 0xfffe, mem) },
		"not as long":          func() { m.MapRead(0, 0x1ffff, mem) },
		"backwards":            func() { m.Handle(0x20000, 0xffff, nil, func(uint32, uint32, uint32) {}) },
		"over an ignored line": func() { m.MapRead(0x20000000, 0x2000ffff, mem) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
