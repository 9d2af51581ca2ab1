package decrypt

import (
	"fmt"
	"strings"
)

// CanUndo reports whether Undo knows how to reverse a step.
func CanUndo(text string) bool {
	switch strings.Fields(text)[0] {
	case "bits", "lines", "swap", "pang3":
		return true
	}
	return false
}

// Undo reverses a step that only crosses lines, and reports whether it can.
// The generator uses it to see how files were placed before the step.
func Undo(im *Image, text string) (bool, error) {
	words := strings.Fields(text)
	o := parse(words[1:])
	switch words[0] {
	case "swap":
		return true, Run(im, text)
	case "pang3":
		table := pang3Table()
		var back [256]byte
		for i, v := range table {
			back[v] = byte(i)
		}
		return true, pang3(im, &back)
	case "bits":
		order := o["order"]
		if order == "" {
			order = "76543210"
		}
		xor, err := o.hex("xor", 0)
		if err != nil {
			return false, err
		}
		mem, err := im.span(o)
		if err != nil {
			return false, err
		}
		t, back := byteTable(mustDigits(order)), [256]byte{}
		for i, v := range t {
			back[v] = byte(i) ^ byte(xor)
		}
		for i := o.first(); i < len(mem); i += o.step() {
			mem[i] = back[mem[i]]
		}
		return true, nil
	case "lines":
		mem, err := im.span(o)
		if err != nil {
			return false, err
		}
		order, err := letters(o["order"])
		if err != nil {
			return false, err
		}
		xor, err := o.hex("xor", 0)
		if err != nil {
			return false, err
		}
		old := append([]byte(nil), mem...)
		for a, v := range old {
			s := a&^(1<<len(order)-1) | int(reorder(uint32(a), order)) ^ xor
			if s >= len(mem) {
				return false, fmt.Errorf("lines reach outside of the region")
			}
			mem[s] = v
		}
		return true, nil
	}
	return false, nil
}
