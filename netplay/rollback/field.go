package rollback

import (
	"encoding/binary"
	"fmt"
)

// Predict says how an unknown value is guessed.
type Predict uint8

const (
	// Hold repeats the last known value: right for buttons and sticks.
	Hold Predict = iota
	// Velocity goes on by the last known change: right for dials, trackballs,
	// mice and guns, whose values are positions.
	Velocity
)

// Field is a little-endian integer in a player's input that is predicted in a
// way of its own. Bytes that are in no field are held. Fields must not overlap.
type Field struct {
	Offset  int // in bytes
	Size    int // 1, 2 or 4 bytes
	Predict Predict
	// Bits is how many of its bits count, from the lowest; the others are held.
	// 0 means all.
	Bits int
	// Signed says that the value is in two's complement of Bits bits. It
	// matters to a field with ends only.
	Signed bool
	// Ends says that the value stops at its smallest and largest, like a gun or
	// a stick. Otherwise it wraps round, like a dial.
	Ends bool
}

func (f *Field) check(inputSize int) error {
	if f.Size != 1 && f.Size != 2 && f.Size != 4 || f.Offset < 0 || f.Offset > inputSize-f.Size {
		return fmt.Errorf("rollback: a field of %d bytes at %d in an input of %d", f.Size, f.Offset, inputSize)
	}
	if f.Bits < 0 || f.Bits > f.Size*8 {
		return fmt.Errorf("rollback: a field of %d bits in %d bytes", f.Bits, f.Size)
	}
	if f.Predict > Velocity {
		return fmt.Errorf("rollback: a field is predicted in way %d; there are Hold and Velocity", f.Predict)
	}
	return nil
}

// bits is the number of bits that count, 1 to 32.
func (f *Field) bits() int {
	if f.Bits == 0 {
		return f.Size * 8
	}
	return f.Bits
}

// raw is the whole integer in b.
func (f *Field) raw(b []byte) uint32 {
	switch f.Size {
	case 1:
		return uint32(b[f.Offset])
	case 2:
		return uint32(binary.LittleEndian.Uint16(b[f.Offset:]))
	}
	return binary.LittleEndian.Uint32(b[f.Offset:])
}

// extend makes a number of the bits that count.
func (f *Field) extend(v uint32) int64 {
	shift := 64 - f.bits()
	if f.Signed {
		return int64(uint64(v)<<shift) >> shift
	}
	return int64(uint64(v) << shift >> shift)
}

// predict writes the value after steps frames into out: before and last are the
// two newest known inputs.
func (f *Field) predict(before, last, out []byte, steps int32) {
	a, b := f.extend(f.raw(before)), f.extend(f.raw(last))
	change := b - a
	if !f.Ends { // a dial takes the short way round
		shift := 64 - f.bits()
		change = change << shift >> shift
	}
	v := b + change*int64(steps)
	if f.Ends {
		least, most := int64(0), int64(1)<<f.bits()-1
		if f.Signed {
			least, most = -1<<(f.bits()-1), 1<<(f.bits()-1)-1
		}
		v = min(max(v, least), most)
	}
	mask := uint32(1<<f.bits() - 1)
	w := f.raw(out)&^mask | uint32(v)&mask
	switch f.Size {
	case 1:
		out[f.Offset] = byte(w)
	case 2:
		binary.LittleEndian.PutUint16(out[f.Offset:], uint16(w))
	default:
		binary.LittleEndian.PutUint32(out[f.Offset:], w)
	}
}
