package sh2

import (
	"encoding/binary"
	"unsafe"

	"arcade/cpu"
)

// op is an instruction with its operands taken apart. Handlers do it and
// return the op that follows.
//
// The interpreter proper keeps one op for each of the 65,536 opcodes and takes
// no notice of what is returned. Blocks are rows of ops in an arena; next goes
// on to the following one.
type op struct {
	fn  handler
	imm uint32
	cyc uint8 // in a block: clock cycles from its start to the instruction's start
	n   uint8 // register; the upper bits are flags, see opSlot
	m   uint8 // register
	k   kind
}

type handler func(c *CPU, s *State, o *op) *op

const opSize = unsafe.Sizeof(op{})

// opSlot in op.n marks an instruction in a delay slot whose branch the op after
// it completes: the two cannot be parted.
const opSlot = 0x80

func next(o *op) *op { return (*op)(unsafe.Add(unsafe.Pointer(o), opSize)) }

func word(p *cpu.Page32, a uint32) uint32 {
	return uint32(binary.BigEndian.Uint16((*[2]byte)(unsafe.Add(unsafe.Pointer(p), uint16(a)))[:]))
}

func long(p *cpu.Page32, a uint32) uint32 {
	return binary.BigEndian.Uint32((*[4]byte)(unsafe.Add(unsafe.Pointer(p), uint16(a)))[:])
}

func setWord(p *cpu.Page32, a, v uint32) {
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Add(unsafe.Pointer(p), uint16(a)))[:], uint16(v))
}

func setLong(p *cpu.Page32, a, v uint32) {
	binary.BigEndian.PutUint32((*[4]byte)(unsafe.Add(unsafe.Pointer(p), uint16(a)))[:], v)
}

func extB(v uint32) uint32 { return uint32(int32(int8(v))) }
func extW(v uint32) uint32 { return uint32(int32(int16(v))) }

// bit is 1 for true.
func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
