package machine

import (
	"arcade/cpu"
	"arcade/machine/state"
)

// MapTracked16 maps tracked memory for fetching, reading and writing, from
// start on. After each snapshot the first write to a page goes through a
// handler that opens it, and all others go straight to memory: so a snapshot
// copies only what has changed, and a write costs nothing.
func MapTracked16(m *cpu.Map16, start uint32, t *state.Tracked) {
	end := start + uint32(len(t.Mem)) - 1
	m.MapRead(start, end, t.Mem)
	page := func(i int) *cpu.Page16 { return (*cpu.Page16)(t.Mem[i*state.PageSize:]) }
	m.Handle(start, end, nil, func(addr uint32, v, mask uint16) {
		at := addr - start
		t.Open(at)
		// Cores look at pages for writing at each access: nobody has to hear of it.
		m.WritePages[addr>>12] = page(int(at / state.PageSize))
		m.Write(addr, v, mask)
	})
	t.Guard(func(i int) {
		// Unless something else has been mapped over it.
		if w := &m.WritePages[int(start>>12)+i]; *w == page(i) {
			*w = nil
		}
	})
}
