package romset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// The library that reads 7z archives believes the counts in their headers and
// makes tables of that size at once. So headers are walked through here first
// (7zFormat.txt of the LZMA SDK): nothing may claim to have more parts than the
// header has bytes, and nothing may be there that 7-Zip does not write.

// Limits of one block ("folder"): 7-Zip's own worst is BCJ2 with encryption.
const (
	maxCoders  = 8
	maxStreams = 8
)

// IDs of the parts of a header.
const (
	z7End, z7Header, z7Main, z7Files                = 0x00, 0x01, 0x04, 0x05
	z7Pack, z7Unpack, z7Sub                         = 0x06, 0x07, 0x08
	z7Size, z7CRC, z7Folder, z7UnpackSize, z7Number = 0x09, 0x0a, 0x0b, 0x0c, 0x0d
	z7Names, z7Encoded                              = 0x11, 0x17
)

// headerWalker reads a header; after an error everything reads as 0.
type headerWalker struct {
	rest []byte
	err  error
}

func (h *headerWalker) fail() uint64 {
	if h.err == nil {
		h.err = errNot7z
	}
	h.rest = nil
	return 0
}

func (h *headerWalker) byte() byte {
	if len(h.rest) == 0 {
		h.fail()
		return 0
	}
	b := h.rest[0]
	h.rest = h.rest[1:]
	return b
}

func (h *headerWalker) skip(n uint64) []byte {
	if n > uint64(len(h.rest)) {
		h.fail()
		return nil
	}
	b := h.rest[:n]
	h.rest = h.rest[n:]
	return b
}

// number reads a variable-length number: the leading ones of the first byte
// count the bytes that follow.
func (h *headerWalker) number() uint64 {
	first := h.byte()
	var v uint64
	for i := range 8 {
		mask := byte(0x80) >> i
		if first&mask == 0 {
			return v | uint64(first&(mask-1))<<(8*i)
		}
		v |= uint64(h.byte()) << (8 * i)
	}
	return v
}

// count reads the number of parts that take at least one byte each.
func (h *headerWalker) count() int {
	n := h.number()
	if n > uint64(len(h.rest)) {
		return int(h.fail())
	}
	return int(n)
}

func (h *headerWalker) expect(id byte) {
	if h.byte() != id {
		h.fail()
	}
}

// digests walks through checksums of n streams, and tells which have one.
func (h *headerWalker) digests(n int) []bool {
	defined := make([]bool, n)
	count := n
	if all := h.byte(); all == 0 {
		count = 0
		bits := h.skip(uint64(n+7) / 8)
		for i := range defined {
			if i/8 < len(bits) && bits[i/8]>>(7-i%8)&1 != 0 {
				defined[i] = true
				count++
			}
		}
	} else {
		for i := range defined {
			defined[i] = true
		}
	}
	h.skip(4 * uint64(count))
	return defined
}

// block is what of a folder matters here.
type block struct {
	methods    []string
	properties []byte // of the first coder
	outs       int
	packed     int
	hasCRC     bool
}

func (h *headerWalker) block() (b block) {
	coders := h.number()
	if coders == 0 || coders > maxCoders {
		h.fail()
		return b
	}
	ins := 0
	for i := range int(coders) {
		flags := h.byte()
		if flags&0xc0 != 0 {
			h.fail()
		}
		b.methods = append(b.methods, string(h.skip(uint64(flags&15))))
		in, out := uint64(1), uint64(1)
		if flags&0x10 != 0 {
			in, out = h.number(), h.number()
		}
		if in == 0 || in > maxStreams || out != 1 {
			h.fail()
			return b
		}
		ins += int(in)
		b.outs += int(out)
		if flags&0x20 != 0 {
			n := h.number()
			if n > 64 {
				h.fail()
			}
			if p := h.skip(n); i == 0 {
				b.properties = p
			}
		}
	}
	if ins < b.outs {
		h.fail()
		return b
	}
	for range b.outs - 1 {
		in, out := h.number(), h.number()
		if in >= uint64(ins) || out >= uint64(b.outs) {
			h.fail()
		}
	}
	b.packed = ins - (b.outs - 1)
	if b.packed > 1 {
		for range b.packed {
			if h.number() >= uint64(ins) {
				h.fail()
			}
		}
	}
	return b
}

// streams is what of a StreamsInfo matters here.
type streams struct {
	packPos   uint64
	packSizes []uint64
	blocks    []block
	sizes     []uint64 // unpacked, of all outputs of all blocks
}

func (h *headerWalker) streams(fileSize uint64) (s streams) {
	id := h.byte()
	if id == z7Pack {
		s.packPos = h.number()
		n := h.count()
		total := s.packPos
		for id = h.byte(); id != z7End && h.err == nil; id = h.byte() {
			switch id {
			case z7Size:
				for range n {
					size := h.number()
					s.packSizes = append(s.packSizes, size)
					if total += size; size > fileSize || total > fileSize {
						h.fail()
					}
				}
			case z7CRC:
				h.digests(n)
			default:
				h.fail()
			}
		}
		id = h.byte()
	}
	if id == z7Unpack {
		h.expect(z7Folder)
		n := h.count()
		h.expect(0) // not in another stream
		packed := 0
		for i := 0; i < n && h.err == nil; i++ {
			b := h.block()
			packed += b.packed
			s.blocks = append(s.blocks, b)
		}
		if packed > len(s.packSizes) {
			h.fail()
		}
		h.expect(z7UnpackSize)
		for _, b := range s.blocks {
			for range b.outs {
				size := h.number()
				if size > 1<<40 {
					h.fail()
				}
				s.sizes = append(s.sizes, size)
			}
		}
		if id = h.byte(); id == z7CRC {
			for i, defined := range h.digests(n) {
				if i < len(s.blocks) {
					s.blocks[i].hasCRC = defined
				}
			}
			id = h.byte()
		}
		if id != z7End {
			h.fail()
		}
		id = h.byte()
	}
	if id == z7Sub {
		h.substreams(s.blocks)
		id = h.byte()
	}
	if id != z7End {
		h.fail()
	}
	return s
}

// substreams walks through how many files each block has, their sizes but for
// the last of each block, and the checksums that are not those of blocks.
func (h *headerWalker) substreams(blocks []block) {
	counts := make([]int, len(blocks))
	for i := range counts {
		counts[i] = 1
	}
	id := h.byte()
	if id == z7Number {
		total := 0
		for i := range counts {
			counts[i] = h.count()
			if total += counts[i]; total > len(h.rest)+len(blocks) {
				h.fail()
				return
			}
		}
		id = h.byte()
	}
	sizes, sums := 0, 0
	for i, n := range counts {
		sizes += max(n-1, 0)
		if n != 1 || !blocks[i].hasCRC {
			sums += n
		}
	}
	switch {
	case id == z7Size:
		for range sizes {
			h.number()
		}
		id = h.byte()
	case sizes > 0:
		h.fail()
		return
	}
	if id == z7CRC {
		if sums > len(h.rest) {
			h.fail()
			return
		}
		h.digests(sums)
		id = h.byte()
	}
	if id != z7End {
		h.fail()
	}
}

// files walks through the list of files.
func (h *headerWalker) files() {
	n := h.number()
	if n > uint64(len(h.rest))/2 { // each has a name of at least one character's end
		h.fail()
		return
	}
	for id := h.number(); id != z7End && h.err == nil; id = h.number() {
		h.skip(h.number())
	}
}

// check7z refuses archives whose headers are not plausible.
func check7z(r io.ReaderAt, size int64) error {
	var head [32]byte
	if _, err := r.ReadAt(head[:], 0); err != nil || string(head[:6]) != "7z\xbc\xaf\x27\x1c" {
		return errNot7z
	}
	offset, length := binary.LittleEndian.Uint64(head[12:]), binary.LittleEndian.Uint64(head[20:])
	if offset > uint64(size) || length == 0 || length > maxHeader || 32+offset+length > uint64(size) {
		return errNot7z
	}
	header := make([]byte, length)
	if _, err := r.ReadAt(header, int64(32+offset)); err != nil && err != io.EOF {
		return errNot7z
	}
	if header[0] == z7Encoded {
		var err error
		if header, err = decodeHeader(r, header[1:], uint64(size)); err != nil {
			return err
		}
	}
	h := &headerWalker{rest: header}
	h.expect(z7Header)
	id := h.byte()
	if id == z7Main {
		h.streams(uint64(size))
		id = h.byte()
	}
	if id == z7Files {
		h.files()
		id = h.byte()
	}
	if id != z7End {
		h.fail()
	}
	return h.err
}

// decodeHeader unpacks a header that is packed itself.
func decodeHeader(r io.ReaderAt, info []byte, fileSize uint64) ([]byte, error) {
	h := &headerWalker{rest: info}
	s := h.streams(fileSize)
	if h.err != nil {
		return nil, h.err
	}
	if len(s.blocks) != 1 || len(s.packSizes) < 1 {
		return nil, errNot7z
	}
	b := s.blocks[0]
	for _, m := range b.methods {
		if m == "\x06\xf1\x07\x01" {
			return nil, errEncrypted
		}
	}
	if len(b.methods) != 1 || s.sizes[0] > maxHeader {
		return nil, fmt.Errorf("%w: its list of files is packed in an unusual way", errNot7z)
	}
	var in io.Reader = io.NewSectionReader(r, int64(32+s.packPos), int64(s.packSizes[0]))
	var err error
	switch b.methods[0] {
	case "\x00":
	case "\x03\x01\x01":
		if len(b.properties) != 5 {
			return nil, errNot7z
		}
		in, err = newLZMA(in, b.properties, s.sizes[0], s.sizes[0])
	case "\x21":
		in, err = lzma.Reader2Config{DictCap: int(max(s.sizes[0], lzma.MinDictCap))}.NewReader2(in)
	default:
		err = errors.New("its list of files is packed in an unusual way")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errNot7z, err)
	}
	header, err := readAll(io.LimitReader(in, int64(s.sizes[0])), int64(s.sizes[0]), nil)
	if err != nil || len(header) == 0 {
		return nil, errNot7z
	}
	return header, nil
}
