package state

import (
	"encoding/binary"

	"github.com/zeebo/xxh3"
)

// PageSize is the size of a page of tracked memory, in bytes.
const PageSize = 4096

// Tracked is memory that is saved by page: only pages that were written since
// the last Save or Load are copied. Whoever writes to Mem says so with Touch, or
// once for many writes with Open.
//
// A saved page is immutable and shared by all slots that hold the same
// content; it returns to a free list when no slot refers to it.
type Tracked struct {
	Mem    []byte
	name   string
	offset int
	first  int // index of its first page in the page tables of slots

	dirty   []uint8   // page differs from the saved page in current (or has none)
	current []uint32  // saved page that Mem's page equals, unless dirty
	stale   []uint8   // hashes must be made anew
	watch   [][]uint8 // the same news for each History
	open    []uint8   // page is written without telling: it has all three marks
	guards  []func(page int)
	hashes  []byte // 8 bytes a page

	pool []savedPage // index 0 is "none"
	free []uint32
}

type savedPage struct {
	data *[PageSize]byte
	refs int32
}

// Tracked places n bytes of tracked memory in the arena. Tracked parts come
// after all others.
func (a *Arena) Tracked(name string, n int) *Tracked {
	if n%PageSize != 0 {
		panic("state: tracked part " + name + " is not a whole number of pages")
	}
	pages := n / PageSize
	t := &Tracked{
		name:    name,
		dirty:   make([]uint8, pages),
		current: make([]uint32, pages),
		stale:   make([]uint8, pages),
		open:    make([]uint8, pages),
		hashes:  make([]byte, 8*pages),
		pool:    make([]savedPage, 1),
	}
	for _, o := range a.tracked {
		t.first += len(o.dirty)
	}
	a.tracked = append(a.tracked, t)
	t.Mem = a.Bytes(name, n)
	t.offset = a.parts[len(a.parts)-1].Offset
	t.touchAll()
	return t
}

// Touch says that the byte at offset was or will be written.
func (t *Tracked) Touch(offset uint32) {
	p := offset / PageSize
	t.dirty[p], t.stale[p] = 1, 1
	for _, w := range t.watch {
		w[p] = 1
	}
}

// TouchRange says that n bytes from offset on were or will be written.
func (t *Tracked) TouchRange(offset, n int) {
	for p := offset / PageSize; p <= (offset+n-1)/PageSize && n > 0; p++ {
		t.Touch(uint32(p * PageSize))
	}
}

// Open says that the page of the byte at offset is written to from now on
// without further news, until the functions given to Guard hear of it.
func (t *Tracked) Open(offset uint32) {
	t.Touch(offset)
	t.open[offset/PageSize] = 1
}

// Guard registers a function that is called with the number of an open page
// when somebody has taken note of its content: from then on, writes to it have
// to be told again. It must not touch the memory.
func (t *Tracked) Guard(closed func(page int)) { t.guards = append(t.guards, closed) }

// noted ends the time in which a page is open.
func (t *Tracked) noted(page int) {
	if t.open[page] == 0 {
		return
	}
	t.open[page] = 0
	for _, closed := range t.guards {
		closed(page)
	}
}

func (t *Tracked) touchAll() { t.TouchRange(0, len(t.Mem)) }

func (t *Tracked) page(i int) *[PageSize]byte {
	return (*[PageSize]byte)(t.Mem[i*PageSize:])
}

// same reports whether the eight pages from i on are as a page table has them.
// Most always are: what is looked at one by one takes most of a snapshot's time.
func (t *Tracked) same(table []uint32, i int) bool {
	return i+8 <= len(table) && binary.LittleEndian.Uint64(t.dirty[i:]) == 0 &&
		[8]uint32(table[i:]) == [8]uint32(t.current[i:])
}

// save stores the pages as they are into the page table of a slot.
func (t *Tracked) save(table []uint32) {
	for i := 0; i < len(table); i++ {
		if i%8 == 0 && t.same(table, i) {
			i += 7
			continue
		}
		if t.dirty[i] != 0 {
			t.release(t.current[i])
			t.current[i] = t.store(t.page(i))
			t.dirty[i] = 0
			t.noted(i)
		}
		if table[i] != t.current[i] {
			t.release(table[i])
			table[i] = t.current[i]
			t.pool[table[i]].refs++
		}
	}
}

// load brings Mem to the content of a page table.
func (t *Tracked) load(table []uint32) {
	for i := 0; i < len(table); i++ {
		if i%8 == 0 && t.same(table, i) {
			i += 7
			continue
		}
		want := table[i]
		if t.dirty[i] == 0 && t.current[i] == want {
			continue
		}
		*t.page(i) = *t.pool[want].data
		t.pool[want].refs++
		t.release(t.current[i])
		t.current[i] = want
		t.dirty[i], t.stale[i] = 0, 1
		t.noted(i)
		for _, w := range t.watch {
			w[i] = 1
		}
	}
}

// store copies a page into the pool; the caller owns one reference.
func (t *Tracked) store(p *[PageSize]byte) uint32 {
	if len(t.free) == 0 {
		// A chunk at a time: after the first frames there is no allocation.
		const chunk = 64
		mem := make([][PageSize]byte, chunk)
		for i := range mem {
			t.pool = append(t.pool, savedPage{data: &mem[i]})
			t.free = append(t.free, uint32(len(t.pool)-1))
		}
	}
	id := t.free[len(t.free)-1]
	t.free = t.free[:len(t.free)-1]
	*t.pool[id].data = *p
	t.pool[id].refs = 1
	return id
}

func (t *Tracked) release(id uint32) {
	if id == 0 {
		return
	}
	if t.pool[id].refs--; t.pool[id].refs == 0 {
		t.free = append(t.free, id)
	}
}

func (t *Tracked) hash() uint64 {
	for i, s := range t.stale {
		if s != 0 {
			binary.LittleEndian.PutUint64(t.hashes[8*i:], xxh3.Hash(t.page(i)[:]))
			t.stale[i] = 0
			t.noted(i)
		}
	}
	return xxh3.Hash(t.hashes)
}
