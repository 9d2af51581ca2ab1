package m68000

import "sync"

// handler executes the instruction op, which is in the queue with the word
// after it, and returns the next opcode.
type handler = func(c *CPU, s *State, op uint32) uint32

// pattern is a set of opcodes: those whose bits in mask are those of match.
type pattern struct {
	mask, match uint16
	h           handler
}

// table has the handler of each opcode. It is filled once and never changes.
var table [65536]handler

var fillTable = sync.OnceFunc(func() {
	for i := range table {
		table[i] = illegal
	}
	for _, p := range patterns {
		// All subsets of the bits that are free.
		free := ^p.mask
		for sub := free; ; sub = (sub - 1) & free {
			table[p.match|sub] = p.h
			if sub == 0 {
				break
			}
		}
	}
})
