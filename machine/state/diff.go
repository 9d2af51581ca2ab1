package state

import (
	"encoding/binary"
	"fmt"
	"reflect"
)

// Difference is one scalar that differs between two blocks.
type Difference struct {
	Name string // such as "maincpu.D[3]" or "vram+0x1a40"
	A, B uint64 // the two values, as unsigned bits
}

func (d Difference) String() string { return fmt.Sprintf("%s: %#x, %#x", d.Name, d.A, d.B) }

// Diff compares two raw blocks of this layout and names the first fields that
// differ, at most limit of them. total counts all differing scalars.
func (a *Arena) Diff(x, y []byte, limit int) (first []Difference, total int) {
	if len(x) != a.used || len(y) != a.used {
		return []Difference{{Name: "size", A: uint64(len(x)), B: uint64(len(y))}}, 1
	}
	for _, f := range a.Fields() {
		n := f.ElemSize()
		for i := range f.Count {
			o := f.Offset + i*n
			p, q := scalar(x[o:o+n]), scalar(y[o:o+n])
			if p == q {
				continue
			}
			if total++; len(first) < limit {
				first = append(first, Difference{f.element(i), p, q})
			}
		}
	}
	return first, total
}

// element names element i: memory by its offset, arrays by index.
func (f Field) element(i int) string {
	switch {
	case f.Scalar:
		return f.Name
	case f.Kind == reflect.Uint8 && f.Count > 64:
		return fmt.Sprintf("%s+%#x", f.Name, i)
	}
	return fmt.Sprintf("%s[%d]", f.Name, i)
}

func scalar(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}
