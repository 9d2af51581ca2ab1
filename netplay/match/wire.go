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
// times, less one, the input before comes again; one from 128 on, how many bytes,
// less one, differ from the input before, each of which follows as its position
// and its new value. Before the first input is one of zeros.
func appendInputs(b, inputs []byte, size int) []byte {
	var zeros [maxInput]byte
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
		at := len(b)
		b = append(b, 127)
		for i, v := range in {
			if v != prev[i] {
				b = append(b, byte(i), v)
				b[at]++
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
	var prev [maxInput]byte
	for len(b) > 0 {
		c := b[0]
		b = b[1:]
		n := int(c) + 1
		if c >= 128 {
			n = 1
			for range int(c-128) + 1 {
				if len(b) < 2 || int(b[0]) >= size {
					return dst, errWire
				}
				prev[b[0]] = b[1]
				b = b[2:]
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
	maxInput  = 128 // bytes of the inputs of all players
	maxInputs = 900 // bytes of packed inputs in a payload: one input always fits
)

func appendPlay(b []byte, epoch uint8, m *rollback.Message, withHash bool, size int, scratch []byte) ([]byte, []byte) {
	b = append(b, epoch)
	b = binary.AppendUvarint(b, uint64(m.Frame))
	b = binary.AppendVarint(b, int64(m.Advantage))
	b = binary.AppendUvarint(b, uint64(m.Stalls))
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
	small := func(limit uint64) int {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > limit {
			err = errWire
			return 0
		}
		b = b[n:]
		return int(v)
	}
	m.Frame = int32(small(math.MaxInt32))
	if err != nil {
		return 0, nil, err
	}
	m.Advantage = int16(frame(0))
	if err != nil {
		return 0, nil, err
	}
	m.Stalls = uint16(small(math.MaxUint16))
	if err != nil {
		return 0, nil, err
	}
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
