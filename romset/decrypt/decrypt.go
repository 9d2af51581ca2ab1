// Package decrypt turns the ROM of protected boards into what their CPUs and
// video chips see: one file per cipher or board. What comes out is byte for
// byte what MAME 0.251 has in its memory regions and address spaces.
//
// A step is a line of text, a name and its arguments, that the ROM set
// database has for a set: "cmc42 key=f8", "kabuki 01234567 54163072 5151 51".
package decrypt

import (
	"fmt"
	"strings"
	"sync"
)

// An Image is the memory of a machine that is being loaded.
type Image struct {
	Regions map[string][]byte // by tag, in the byte order of the bus
	Spaces  []Span            // what steps made besides regions
}

// A Span is a part of an address space that differs from any region: opcodes
// that are decrypted otherwise than data, say.
type Span struct {
	Space string // CPU/SPACE as MAME names it, such as "maincpu/decrypted_opcodes"
	Addr  uint64
	Len   uint64
	Bytes func() []byte // computes it when first called
}

// add makes a span that is computed when it is wanted.
func (im *Image) add(space string, addr, length uint64, compute func() []byte) {
	im.Spaces = append(im.Spaces, Span{space, addr, length, sync.OnceValue(compute)})
}

// region returns a region and checks its size, as steps index freely.
func (im *Image) region(tag string, atLeast int) ([]byte, error) {
	r := im.Regions[tag]
	if len(r) < atLeast {
		return nil, fmt.Errorf("region %s has %d bytes, not %d", tag, len(r), atLeast)
	}
	return r, nil
}

// A step is the code of a cipher. args are the words after its name.
type step func(im *Image, args []string) error

// entry is a step and the regions that it changes, which its arguments may name.
type entry struct {
	run     step
	touches func(args []string) []string
}

var steps = map[string]entry{}

// register adds a step; files of this package call it for their ciphers.
func register(name string, touches func([]string) []string, run step) bool {
	steps[name] = entry{run, touches}
	return true
}

// touch lists regions.
func touch(regions ...string) func([]string) []string {
	return func([]string) []string { return regions }
}

// touchIn is for steps that have the region as an option.
func touchIn(args []string) []string { return []string{parse(args)["in"]} }

// Run applies a step.
func Run(im *Image, text string) error {
	words := strings.Fields(text)
	if len(words) == 0 || steps[words[0]].run == nil {
		return fmt.Errorf("decrypt: no step %q", text)
	}
	if err := steps[words[0]].run(im, words[1:]); err != nil {
		return fmt.Errorf("decrypt: %s: %w", text, err)
	}
	return nil
}

// Touches returns the regions that a step changes, for the generator: their
// placement cannot be read off MAME's memory.
func Touches(text string) []string {
	words := strings.Fields(text)
	if len(words) == 0 || steps[words[0]].touches == nil {
		return nil
	}
	return steps[words[0]].touches(words[1:])
}
