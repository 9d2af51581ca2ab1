package match

import (
	"encoding/binary"
	"errors"
	"math"

	"arcade/netplay/rollback"
)

const (
	flagAck = 1 << iota
	flagPlay
	flagPing
	flagEcho
)

const (
	kindHello = 1 + iota
	kindBye
	kindStart
	kindLoaded
	kindChat
	kindReady
	kindGo
	kindStop
	kindState
	kindDelay
)

var errWire = errors.New("match: the peer breaks the protocol")

// appendInputs packs inputs of size bytes each: a byte below 128 says how many
// times, less one, the input before comes again; 128 is followed by a mask of
// the bytes that differ from the input before, and those bytes. Before the
// first is zero.
func appendInputs(b, inputs []byte, size int) []byte {
	var zeros [rollback.MaxInput]byte
	prev := zeros[:size]
	run := 0
	flush := func() {
		if run > 0 {
			b = append(b, byte(run-1))
			run = 0
		}
	}
	for ; len(inputs) >= size; inputs = inputs[size:] {
		in := inputs[:size]
		if string(in) == string(prev) {
			run++ // at most MaxSend of them
			continue
		}
		flush()
		b = append(b, 128)
		at := len(b)
		for range (size + 7) / 8 {
			b = append(b, 0)
		}
		for i, v := range in {
			if v != prev[i] {
				b[at+i/8] |= 1 << (i % 8)
				b = append(b, v)
			}
		}
		prev = in
	}
	flush()
	return b
}

// unpackInputs appends what appendInputs packed, at most rollback.MaxSend inputs.
func unpackInputs(dst, b []byte, size int) ([]byte, error) {
	start := len(dst)
	var prev [rollback.MaxInput]byte
	for len(b) > 0 {
		c := b[0]
		b = b[1:]
		n := int(c) + 1
		if c >= 128 {
			n = 1
			m := (size + 7) / 8
			if c > 128 || len(b) < m {
				return dst, errWire
			}
			mask := b[:m]
			b = b[m:]
			for i := range size {
				if mask[i/8]>>(i%8)&1 != 0 {
					if len(b) == 0 {
						return dst, errWire
					}
					prev[i], b = b[0], b[1:]
				}
			}
		}
		if len(dst)-start+n*size > rollback.MaxSend*size {
			return dst, errWire
		}
		for range n {
			dst = append(dst, prev[:size]...)
		}
	}
	return dst, nil
}

const (
	hashBias  = 1024
	maxInputs = 900 // bytes of packed inputs in a payload: one input always fits
)

func appendPlay(b []byte, epoch uint8, m *rollback.Message, withHash bool, size int, scratch []byte) ([]byte, []byte) {
	b = append(b, epoch)
	b = binary.AppendVarint(b, int64(m.Frame))
	b = binary.AppendVarint(b, int64(m.Advantage))
	b = binary.LittleEndian.AppendUint16(b, m.Stalls)
	b = binary.AppendVarint(b, int64(m.Start)-int64(m.Frame))
	b = binary.AppendVarint(b, int64(m.Ack)-int64(m.Frame))
	age := int64(m.Frame) - int64(m.HashFrame) + hashBias
	if withHash && m.HashFrame >= 0 && age > 0 && age < 2*hashBias {
		b = binary.AppendUvarint(b, uint64(age))
		b = binary.LittleEndian.AppendUint64(b, m.Hash)
	} else {
		b = append(b, 0)
	}
	inputs := m.Inputs
	scratch = appendInputs(scratch[:0], inputs, size)
	for len(scratch) > maxInputs { // the later ones another time
		inputs = inputs[:len(inputs)/size/2*size]
		scratch = appendInputs(scratch[:0], inputs, size)
	}
	b = binary.AppendUvarint(b, uint64(len(scratch)))
	return append(b, scratch...), scratch
}

func takePlay(b []byte, m *rollback.Message, size int) (epoch uint8, rest []byte, err error) {
	if len(b) < 1 {
		return 0, nil, errWire
	}
	epoch, b = b[0], b[1:]
	frame := func(base int64) int32 {
		v, n := binary.Varint(b)
		if n <= 0 || v < math.MinInt32 || v > math.MaxInt32 || v+base < math.MinInt32 || v+base > math.MaxInt32 {
			err = errWire
			return 0
		}
		b = b[n:]
		return int32(v + base)
	}
	m.Frame = frame(0)
	m.Advantage = int16(frame(0))
	if err != nil || len(b) < 2 {
		return 0, nil, errWire
	}
	m.Stalls, b = binary.LittleEndian.Uint16(b), b[2:]
	m.Start = frame(int64(m.Frame))
	m.Ack = frame(int64(m.Frame))
	if err != nil {
		return 0, nil, err
	}
	age, n := binary.Uvarint(b)
	if n <= 0 || age >= 2*hashBias {
		return 0, nil, errWire
	}
	b = b[n:]
	m.HashFrame, m.Hash = -1, 0
	if age > 0 {
		f := int64(m.Frame) - int64(age) + hashBias
		if len(b) < 8 || f < 0 || f > math.MaxInt32 {
			return 0, nil, errWire
		}
		m.HashFrame, m.Hash, b = int32(f), binary.LittleEndian.Uint64(b), b[8:]
	}
	packed, n := binary.Uvarint(b)
	if n <= 0 || packed > uint64(len(b)-n) {
		return 0, nil, errWire
	}
	m.Inputs, err = unpackInputs(m.Inputs[:0], b[n:n+int(packed)], size)
	return epoch, b[n+int(packed):], err
}

func appendString(b []byte, s string) []byte {
	s = s[:min(len(s), 255)]
	return append(append(b, byte(len(s))), s...)
}

func takeString(b []byte) (string, []byte, error) {
	if len(b) < 1 || len(b) < 1+int(b[0]) {
		return "", nil, errWire
	}
	return string(b[1 : 1+int(b[0])]), b[1+int(b[0]):], nil
}
