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
	n   uint8 // register, times 4: where it is in State
	m   uint8 // the same
	k   kind
}

type handler func(c *CPU, s *State, o *op) *op

const opSize = unsafe.Sizeof(op{})

func next(o *op) *op { return (*op)(unsafe.Add(unsafe.Pointer(o), opSize)) }

// inSlot as the address after an op marks an instruction in a delay slot whose
// branch the next op completes: the two cannot be parted.
const inSlot = 1

// reg is a register by op.n or op.m.
func (s *State) reg(r uint8) *uint32 { return (*uint32)(unsafe.Add(unsafe.Pointer(s), r)) }

// readPage is the page of memory that reads at a use, or nil.
func (c *CPU) readPage(a uint32) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add(c.reads, uintptr(a>>16)*unsafe.Sizeof(c.reads)))
}

// writePage is the page of memory that writes at a use, or nil.
func (c *CPU) writePage(a uint32) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add(c.writes, uintptr(a/cpu.Part32)*unsafe.Sizeof(c.writes)))
}

// slowly is what a handler returns when its memory access is not to directly
// mapped memory or not aligned, before it has done anything. Handlers call
// nothing themselves, which makes them a good deal faster.
func (c *CPU) slowly(o *op) *op {
	c.pend = uintptr(unsafe.Pointer(o)) - uintptr(c.base)
	return &c.slowStub
}

// at is the byte at address a in its page.
func at(p unsafe.Pointer, a uint32) *uint8 { return (*uint8)(unsafe.Add(p, uint16(a))) }

func word(p unsafe.Pointer, a uint32) uint32 {
	return uint32(binary.BigEndian.Uint16((*[2]byte)(unsafe.Add(p, uint16(a)))[:]))
}

func long(p unsafe.Pointer, a uint32) uint32 {
	return binary.BigEndian.Uint32((*[4]byte)(unsafe.Add(p, uint16(a)))[:])
}

func setWord(p unsafe.Pointer, a, v uint32) {
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Add(p, uint16(a)))[:], uint16(v))
}

func setLong(p unsafe.Pointer, a, v uint32) {
	binary.BigEndian.PutUint32((*[4]byte)(unsafe.Add(p, uint16(a)))[:], v)
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
