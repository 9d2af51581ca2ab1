package state

import (
	"encoding/binary"

	"github.com/klauspost/compress/s2"
)

// chunk is the grain of a History's deltas, in bytes.
const chunk = 64

// History remembers past states of an arena as compressed differences, within
// a budget of memory. It is what rewinding is made of: Push after every frame,
// Pop to go back by one.
//
// A delta has the old content of every 64-byte chunk that a frame changed.
// Plain parts are compared with a copy; of tracked parts only pages that were
// touched are looked at.
type History struct {
	a       *Arena
	budget  int
	used    int      // bytes of all deltas
	deltas  [][]byte // a ring of compressed deltas and their labels
	labels  []uint64
	first   int // oldest
	n       int
	shadow  []byte // the newest pushed state
	started bool
	touched [][]uint8 // per tracked part: pages touched since the last Push
	plain   []byte    // scratch: a delta before compression
	packed  []byte    // scratch
	free    [][]byte  // buffers of dropped deltas
}

// NewHistory remembers states of a within the given number of bytes (besides
// one copy of the state).
func (a *Arena) NewHistory(budget int) *History {
	if !a.sealed {
		panic("state: NewHistory before Seal")
	}
	h := &History{a: a, budget: budget, shadow: make([]byte, a.used), deltas: make([][]byte, 1024), labels: make([]uint64, 1024)}
	for _, t := range a.tracked {
		pages := make([]uint8, len(t.dirty))
		h.touched = append(h.touched, pages)
		t.watch = append(t.watch, pages)
	}
	return h
}

// Len is the number of states that Pop can go back by.
func (h *History) Len() int { return h.n }

// Bytes is the memory that the deltas take.
func (h *History) Bytes() int { return h.used }

// Clear forgets everything.
func (h *History) Clear() {
	for h.n > 0 {
		h.drop()
	}
	h.started = false
}

// Push remembers the state as it is now. label comes back from Pop: the frame
// number, say.
func (h *History) Push(label uint64) {
	if !h.started {
		copy(h.shadow, h.a.buf)
		h.started = true
		for i, pages := range h.touched {
			for p := range pages {
				h.noted(i, p)
			}
		}
		h.append(nil, label)
		return
	}
	h.plain = h.diff(h.plain[:0])
	h.packed = s2.Encode(h.packed[:cap(h.packed)], h.plain)
	h.append(h.packed, label)
}

// diff appends the old content of all changed chunks to b and brings the
// shadow up to date.
func (h *History) diff(b []byte) []byte {
	now := h.a.buf
	last := 0 // end of the last changed run
	run := func(from, to int) {
		b = binary.AppendUvarint(b, uint64(from-last))
		b = binary.AppendUvarint(b, uint64(to-from))
		b = append(b, h.shadow[from:to]...)
		copy(h.shadow[from:to], now[from:to])
		last = to
	}
	scan := func(from, to int) {
		start := -1
		for at := from; at < to; at += chunk {
			end := min(at+chunk, to)
			if string(now[at:end]) != string(h.shadow[at:end]) {
				if start < 0 {
					start = at
				}
				continue
			}
			if start >= 0 {
				run(start, at)
				start = -1
			}
		}
		if start >= 0 {
			run(start, to)
		}
	}
	scan(0, h.a.plain)
	for i, t := range h.a.tracked {
		for p, touched := range h.touched[i] {
			if touched != 0 {
				scan(t.offset+p*PageSize, t.offset+(p+1)*PageSize)
				h.noted(i, p)
			}
		}
	}
	return b
}

// noted says that the shadow has a page of a tracked part as it is.
func (h *History) noted(part, page int) {
	h.touched[part][page] = 0
	h.a.tracked[part].noted(page)
}

// append adds a delta as the newest and drops old ones that are over budget.
func (h *History) append(delta []byte, label uint64) {
	if h.n == len(h.deltas) {
		grown, labels := make([][]byte, 2*h.n), make([]uint64, 2*h.n)
		for i := range h.n {
			grown[i], labels[i] = h.deltas[(h.first+i)%h.n], h.labels[(h.first+i)%h.n]
		}
		h.deltas, h.labels, h.first = grown, labels, 0
	}
	var buf []byte
	if n := len(h.free); n > 0 {
		buf, h.free = h.free[n-1], h.free[:n-1]
	}
	at := (h.first + h.n) % len(h.deltas)
	h.deltas[at], h.labels[at] = append(buf[:0], delta...), label
	h.used += len(delta)
	h.n++
	for h.used > h.budget && h.n > 1 {
		h.drop()
	}
}

// drop forgets the oldest delta.
func (h *History) drop() {
	d := h.deltas[h.first]
	h.used -= len(d)
	h.free = append(h.free, d)
	h.deltas[h.first] = nil
	h.first = (h.first + 1) % len(h.deltas)
	h.n--
}

// Pop makes the state that was pushed before the newest one the machine's
// state, forgets the newest, and returns the label of the one that is now
// current. With fewer than two states left it changes nothing and reports
// false. The machine's own state since the last Push is lost.
func (h *History) Pop() (label uint64, ok bool) {
	if h.n < 2 {
		return 0, false
	}
	at := (h.first + h.n - 1) % len(h.deltas)
	plain, err := s2.Decode(h.plain[:cap(h.plain)], h.deltas[at])
	if err != nil {
		panic("state: a delta that this process made does not unpack: " + err.Error())
	}
	h.plain = plain
	pos := 0
	for b := plain; len(b) > 0; {
		gap, n := binary.Uvarint(b)
		b = b[n:]
		size, n := binary.Uvarint(b)
		b = b[n:]
		pos += int(gap)
		copy(h.shadow[pos:pos+int(size)], b[:size])
		h.touch(pos, int(size))
		pos += int(size)
		b = b[size:]
	}
	h.used -= len(h.deltas[at])
	h.free = append(h.free, h.deltas[at])
	h.deltas[at] = nil
	h.n--
	h.restore()
	return h.labels[(h.first+h.n-1)%len(h.deltas)], true
}

// touch tells the tracked parts that bytes of the block will change.
func (h *History) touch(offset, n int) {
	for _, t := range h.a.tracked {
		from, to := max(offset, t.offset), min(offset+n, t.offset+len(t.Mem))
		if from < to {
			t.TouchRange(from-t.offset, to-from)
		}
	}
}

// restore makes the shadow the machine's state.
func (h *History) restore() {
	copy(h.a.buf[:h.a.plain], h.shadow)
	for i, t := range h.a.tracked {
		for p, touched := range h.touched[i] {
			if touched != 0 {
				from := t.offset + p*PageSize
				copy(h.a.buf[from:from+PageSize], h.shadow[from:])
				t.dirty[p], t.stale[p] = 1, 1
				h.noted(i, p)
			}
		}
	}
	h.a.restored()
}
