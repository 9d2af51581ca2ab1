package m68000

import (
	"math/bits"
	"unsafe"
)

// The handlers read directly mapped memory themselves. The offsets come from
// masks that keep them inside the page, or were compared with the window's
// length, so there is nothing left to check here.

func be16(p unsafe.Pointer, o uint32) uint32 {
	b := (*[2]uint8)(unsafe.Add(p, uintptr(o)))
	return uint32(b[1]) | uint32(b[0])<<8
}

func be32(p unsafe.Pointer, o uint32) uint32 {
	b := (*[4]uint8)(unsafe.Add(p, uintptr(o)))
	return uint32(b[3]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[0])<<24
}

func put16(p unsafe.Pointer, o, v uint32) {
	b := (*[2]uint8)(unsafe.Add(p, uintptr(o)))
	b[0], b[1] = uint8(v>>8), uint8(v)
}

func put32(p unsafe.Pointer, o, v uint32) {
	b := (*[4]uint8)(unsafe.Add(p, uintptr(o)))
	b[0], b[1], b[2], b[3] = uint8(v>>24), uint8(v>>16), uint8(v>>8), uint8(v)
}

// halfOffset is half the offset of an even address in its page, or much more
// if the address is odd. A long word is wholly inside the page if this is
// below 0x7ff.
func halfOffset(addr uint32) uint32 { return bits.RotateLeft32(addr<<20, 11) }
