// Package state keeps all mutable emulated state of a machine in one block of
// bytes, so that saving, restoring, hashing and comparing it are simple and
// fast.
//
// Parts are parcelled out while the machine is built, then the arena is
// sealed. A part is a struct of fixed-size integers (New), plain memory
// (Bytes), or tracked memory (Tracked): large memory that changes little and
// is saved by dirty page.
//
// Bytes of a state may come from files and from other people, so any bytes
// are a legal state: owners register a hook with OnRestore that masks fields
// to legal values and rebuilds what is derived from them.
package state

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/zeebo/xxh3"
)

// align is the alignment of every part, in bytes: enough for a uint64.
const align = 8

// Arena is the block of bytes that holds a machine's state.
type Arena struct {
	words   []uint64 // backing of buf: makes it 8-aligned
	buf     []byte
	used    int // bytes taken by parts
	plain   int // bytes before the first tracked part (known once sealed)
	parts   []Part
	tracked []*Tracked
	hooks   []func()
	sealed  bool
	layout  uint64
}

// Part is one named piece of an arena.
type Part struct {
	Name   string
	Type   reflect.Type // a struct or scalar type; [n]uint8 for memory
	Offset int          // from the start of the block, in bytes
}

// Size is the part's size in bytes.
func (p Part) Size() int { return int(p.Type.Size()) }

// NewArena makes an arena for at most limit bytes. Memory that is never
// touched costs nothing.
func NewArena(limit int) *Arena {
	a := &Arena{words: make([]uint64, (limit+7)/8)}
	a.buf = unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(a.words))), len(a.words)*8)
	return a
}

// New places a value of type T in the arena and returns it, zeroed. T is a
// fixed-size integer, or arrays and structs of them without padding. New
// panics, naming the field, if T holds anything else (pointer, bool, int,
// uint, uintptr, float, string ...) or padding: such a type is a programming
// error that shows the first time its machine is built.
func New[T any](a *Arena, name string) *T {
	t := reflect.TypeFor[T]()
	if err := check(t, name); err != nil {
		panic(err)
	}
	return (*T)(unsafe.Pointer(&a.take(name, t)[0]))
}

// Bytes places n bytes of memory in the arena and returns them, zeroed.
func (a *Arena) Bytes(name string, n int) []byte {
	return a.take(name, reflect.ArrayOf(n, reflect.TypeFor[uint8]()))
}

func (a *Arena) take(name string, t reflect.Type) []byte {
	if a.sealed {
		panic("state: part " + name + " after Seal")
	}
	if len(a.tracked) > 0 && !isTrackedName(a, name) {
		panic("state: part " + name + " after a tracked part: tracked parts come last")
	}
	for _, p := range a.parts {
		if p.Name == name {
			panic("state: two parts named " + name)
		}
	}
	size := int(t.Size())
	if size == 0 {
		panic("state: part " + name + " is empty")
	}
	start := (a.used + align - 1) &^ (align - 1)
	if start+size > len(a.buf) {
		panic(fmt.Sprintf("state: part %s (%d bytes) does not fit: %d of %d bytes are taken", name, size, a.used, len(a.buf)))
	}
	a.parts = append(a.parts, Part{name, t, start})
	a.used = start + size
	return a.buf[start:a.used:a.used]
}

// isTrackedName reports whether name is the tracked part being added now.
func isTrackedName(a *Arena, name string) bool {
	return a.tracked[len(a.tracked)-1].name == name && a.tracked[len(a.tracked)-1].Mem == nil
}

// Seal ends construction: the block is trimmed to what is used, and no part
// can be added any more.
func (a *Arena) Seal() {
	if a.sealed {
		panic("state: sealed twice")
	}
	a.sealed = true
	a.used = (a.used + align - 1) &^ (align - 1)
	a.buf = a.buf[:a.used:a.used]
	a.plain = a.used
	if len(a.tracked) > 0 {
		a.plain = a.tracked[0].offset
	}
	h := xxh3.New()
	for _, p := range a.parts {
		fmt.Fprintf(h, "%s %d %s\n", p.Name, p.Offset, describe(p.Type))
	}
	a.layout = h.Sum64()
}

// Size is the size of the whole state in bytes.
func (a *Arena) Size() int { return a.used }

// Parts lists the parts in the order of their offsets.
func (a *Arena) Parts() []Part { return a.parts }

// Block is the raw state. Writing to it goes behind the back of tracked parts:
// use SetBlock to replace it.
func (a *Arena) Block() []byte { return a.buf }

// Layout is a fingerprint of names, types and offsets of all parts. Two arenas
// with equal fingerprints can exchange raw blocks.
func (a *Arena) Layout() uint64 { return a.layout }

// OnRestore registers a hook that is called after the state's bytes were
// replaced, in the order of registration. It must accept any bytes.
func (a *Arena) OnRestore(hook func()) { a.hooks = append(a.hooks, hook) }

func (a *Arena) restored() {
	for _, hook := range a.hooks {
		hook()
	}
}

// SetBlock replaces the whole state with a raw block that an arena with the
// same layout wrote, and runs the restore hooks. It refuses a block of another
// size and changes nothing then.
func (a *Arena) SetBlock(block []byte) error {
	if len(block) != len(a.buf) {
		return fmt.Errorf("state: a block of %d bytes is expected, this one has %d", len(a.buf), len(block))
	}
	copy(a.buf, block)
	for _, t := range a.tracked {
		t.touchAll()
	}
	a.restored()
	return nil
}

// Hash is the xxh3 of the state. Tracked parts enter by the cached hashes of
// their pages, so it costs what has changed.
func (a *Arena) Hash() uint64 {
	h := xxh3.Hash(a.buf[:a.plain])
	for _, t := range a.tracked {
		h = h*0x9e3779b97f4a7c15 + t.hash()
	}
	return h
}
