package session

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"arcade/machine"
	"arcade/machine/state"

	"github.com/klauspost/compress/zstd"
	"github.com/zeebo/xxh3"
)

// A replay file, all integers little-endian:
//
//	magic  8 bytes "ARCREPLY"
//	block  header: u16 version (1), u16 hash interval,
//	       u16 count, count * (str key, str value),
//	       u32 size, the starting state as a save file (size 0: power-on)
//	block  frames, up to the hash interval's worth each
//	...
//
// where str is a u16 length and that many bytes, and a block is a u32 length,
// the u64 xxh3 of its bytes, and that many bytes of zstd. A block of frames
// has a u16 count, then for each frame a bit mask of the bytes of the encoded
// input that differ from the frame before, and those bytes; then the u64 hash
// of the state after the last of them.
//
// Blocks are written as play goes on, so a file that ends early (a crash, a
// full disk) is good up to its last whole block.
const (
	replayMagic   = "ARCREPLY"
	replayVersion = 1
	// HashInterval is the number of frames between two hashes.
	HashInterval = 60
	// MaxReplayBlock bounds what a block may unpack to.
	maxReplayBlock = 64 << 20
	maskSize       = (machine.InputSize + 7) / 8
)

// Keys of a replay's description that are compared before it is played.
const (
	MetaSet      = "set"
	MetaBoard    = "board"
	MetaRevision = "revision" // behaviour revision of the board
	MetaROMs     = "roms"     // hash of all memory regions
	MetaBIOS     = "bios"
	MetaProgram  = "program" // version of arcade; for information
)

// ErrReplay is wrapped by the errors about a replay file that is damaged.
var ErrReplay = errors.New("the replay is damaged")

// ErrOtherReplay is wrapped by the errors about a replay that is whole, but
// not for this machine.
var ErrOtherReplay = errors.New("the replay does not fit")

// Meta describes the starting state of a machine for a replay or a match.
func Meta(m *machine.Machine) map[string]string {
	return map[string]string{MetaSet: m.Set, MetaBoard: m.Board, MetaRevision: strconv.Itoa(m.Revision)}
}

// Recorder writes a replay while it happens.
type Recorder struct {
	w     io.Writer
	zstd  *zstd.Encoder
	prev  [machine.InputSize]byte
	block []byte
	n     int // frames in block
	buf   []byte
}

// NewRecorder starts a replay. start is the starting state, or nil for
// power-on.
func NewRecorder(w io.Writer, meta map[string]string, start *state.File) (*Recorder, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	r := &Recorder{w: w, zstd: enc}
	le := binary.LittleEndian
	h := le.AppendUint16(nil, replayVersion)
	h = le.AppendUint16(h, HashInterval)
	h = le.AppendUint16(h, uint16(len(meta)))
	for _, k := range slices.Sorted(maps.Keys(meta)) {
		for _, s := range []string{k, meta[k]} {
			h = le.AppendUint16(h, uint16(len(s)))
			h = append(h, s...)
		}
	}
	var first []byte
	if start != nil {
		first = start.Marshal()
	}
	h = le.AppendUint32(h, uint32(len(first)))
	h = append(h, first...)
	if _, err := io.WriteString(w, replayMagic); err != nil {
		return nil, err
	}
	return r, r.write(h)
}

func (r *Recorder) write(block []byte) error {
	z := r.zstd.EncodeAll(block, r.buf[:0])
	r.buf = z
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(z)))
	head = binary.LittleEndian.AppendUint64(head, xxh3.Hash(z))
	if _, err := r.w.Write(head); err != nil {
		return err
	}
	_, err := r.w.Write(z)
	return err
}

// Frame adds a frame: its input, and a function that gives the hash of the
// state after it (called once in HashInterval frames).
func (r *Recorder) Frame(input *machine.Input, hash func() uint64) error {
	var raw [machine.InputSize]byte
	input.Append(raw[:0])
	var mask [maskSize]byte
	at := len(r.block)
	r.block = append(r.block, mask[:]...)
	for i, b := range raw {
		if b != r.prev[i] {
			r.block[at+i/8] |= 1 << (i % 8)
			r.block = append(r.block, b)
		}
	}
	r.prev = raw
	if r.n++; r.n == HashInterval {
		return r.flush(hash())
	}
	return nil
}

func (r *Recorder) flush(hash uint64) error {
	b := binary.LittleEndian.AppendUint16(nil, uint16(r.n))
	b = append(b, r.block...)
	b = binary.LittleEndian.AppendUint64(b, hash)
	r.block, r.n = r.block[:0], 0
	return r.write(b)
}

// Close writes what is left. hash is that of the state now.
func (r *Recorder) Close(hash uint64) error {
	if r.n > 0 {
		return r.flush(hash)
	}
	return nil
}

// Replay is a recorded game.
type Replay struct {
	Meta   map[string]string
	Start  *state.File // nil: power-on
	Inputs []machine.Input
	Hashes []ReplayHash // in order of frames
	// Cut is why the file ends early, or nil: the frames before are good.
	Cut error
}

// ReplayHash is the state's hash after a frame.
type ReplayHash struct {
	Frame int // counted from 0 at the replay's start
	Hash  uint64
}

// ReadReplay reads a replay file. A file that ends within a block, or whose
// later blocks are damaged, gives the frames before that and sets Cut.
func ReadReplay(b []byte) (*Replay, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxReplayBlock))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	if len(b) < len(replayMagic) || string(b[:len(replayMagic)]) != replayMagic {
		return nil, fmt.Errorf("%w: it does not begin with %q; is it a replay at all?", ErrReplay, replayMagic)
	}
	b = b[len(replayMagic):]
	h, b, err := nextBlock(dec, b)
	if err != nil {
		return nil, fmt.Errorf("%w: its header: %v", ErrReplay, err)
	}
	r, err := parseReplayHeader(h)
	if err != nil {
		return nil, err
	}
	var prev [machine.InputSize]byte
	for len(b) > 0 {
		var block []byte
		if block, b, err = nextBlock(dec, b); err == nil {
			err = r.parseFrames(block, &prev)
		}
		if err != nil {
			r.Cut = fmt.Errorf("%w after frame %d: %v", ErrReplay, len(r.Inputs), err)
			break
		}
	}
	return r, nil
}

func nextBlock(dec *zstd.Decoder, b []byte) (block, rest []byte, err error) {
	if len(b) < 12 {
		return nil, nil, fmt.Errorf("the file ends within a block")
	}
	n := binary.LittleEndian.Uint32(b)
	sum := binary.LittleEndian.Uint64(b[4:])
	b = b[12:]
	if uint64(n) > uint64(len(b)) {
		return nil, nil, fmt.Errorf("the file ends within a block: %d of %d bytes are there", len(b), n)
	}
	if got := xxh3.Hash(b[:n]); got != sum {
		return nil, nil, fmt.Errorf("a block's checksum says %016x, its content has %016x", sum, got)
	}
	block, err = dec.DecodeAll(b[:n], nil)
	return block, b[n:], err
}

func parseReplayHeader(h []byte) (*Replay, error) {
	bad := func(what string) (*Replay, error) {
		return nil, fmt.Errorf("%w: its header ends within %s", ErrReplay, what)
	}
	le := binary.LittleEndian
	if len(h) < 6 {
		return bad("the version")
	}
	if v := le.Uint16(h); v != replayVersion {
		return nil, fmt.Errorf("%w: its format is version %d, this program reads version %d", ErrOtherReplay, v, replayVersion)
	}
	r := &Replay{Meta: map[string]string{}}
	n := int(le.Uint16(h[4:]))
	h = h[6:]
	str := func() (s string, ok bool) {
		if len(h) < 2 || len(h) < 2+int(le.Uint16(h)) {
			return "", false
		}
		s, h = string(h[2:2+int(le.Uint16(h))]), h[2+int(le.Uint16(h)):]
		return s, true
	}
	for range n {
		k, ok1 := str()
		v, ok2 := str()
		if !ok1 || !ok2 {
			return bad("the description")
		}
		r.Meta[k] = v
	}
	if len(h) < 4 || uint64(len(h)-4) != uint64(le.Uint32(h)) {
		return bad("the starting state")
	}
	if h = h[4:]; len(h) > 0 {
		f, err := state.ParseFile(h)
		if err != nil {
			return nil, fmt.Errorf("%w: its starting state: %v", ErrReplay, err)
		}
		r.Start = f
	}
	return r, nil
}

func (r *Replay) parseFrames(b []byte, prev *[machine.InputSize]byte) error {
	short := errors.New("a block of frames is too short")
	if len(b) < 2 {
		return short
	}
	n := int(binary.LittleEndian.Uint16(b))
	b = b[2:]
	raw := *prev
	inputs := make([]machine.Input, 0, min(n, HashInterval))
	for range n {
		if len(b) < maskSize {
			return short
		}
		mask := b[:maskSize]
		b = b[maskSize:]
		for i := range raw {
			if mask[i/8]>>(i%8)&1 != 0 {
				if len(b) == 0 {
					return short
				}
				raw[i], b = b[0], b[1:]
			}
		}
		var in machine.Input
		in.Decode(raw[:])
		inputs = append(inputs, in)
	}
	if len(b) != 8 || n == 0 {
		return errors.New("a block of frames has the wrong length")
	}
	*prev = raw
	r.Inputs = append(r.Inputs, inputs...)
	r.Hashes = append(r.Hashes, ReplayHash{len(r.Inputs) - 1, binary.LittleEndian.Uint64(b)})
	return nil
}

// Check compares the replay's description with a machine's and names the
// first difference, with what to do.
func (r *Replay) Check(meta map[string]string) error {
	for _, c := range []struct{ key, what, advice string }{
		{MetaSet, "set", "start it with that set"},
		{MetaBoard, "board", "it was made by a program that had this set on another board"},
		{MetaRevision, "behaviour revision", "emulation of this board has changed since; play it with the version of arcade that recorded it"},
		{MetaROMs, "content of the ROM files", "the files of one of the two are not those of the set; `arcade verify` says which"},
		{MetaBIOS, "BIOS", "choose that BIOS"},
	} {
		want, ok := r.Meta[c.key]
		have := meta[c.key]
		if ok && want != have {
			program := r.Meta[MetaProgram]
			if program != "" {
				program = " (recorded by arcade " + program + ")"
			}
			return fmt.Errorf("%w: its %s is %q, here it is %q%s: %s", ErrOtherReplay, c.what, want, have, program, c.advice)
		}
	}
	return nil
}

// Begin brings a machine that was just built to the replay's start.
func (r *Replay) Begin(m *machine.Machine) error {
	if r.Start == nil {
		return nil
	}
	if report := m.Arena.LoadFile(r.Start); !report.Empty() {
		return fmt.Errorf("%w: its starting state is of another layout: %v", ErrOtherReplay, report)
	}
	return nil
}

// Verify plays the whole replay on a machine that was just built and compares
// every hash. It returns how many hashes were compared.
func (r *Replay) Verify(m *machine.Machine, progress func(frame int)) (int, error) {
	if err := r.Begin(m); err != nil {
		return 0, err
	}
	next := 0
	for i := range r.Inputs {
		m.Frame(&r.Inputs[i], nil)
		if next < len(r.Hashes) && r.Hashes[next].Frame == i {
			if got := m.Arena.Hash(); got != r.Hashes[next].Hash {
				from := 0
				if next > 0 {
					from = r.Hashes[next-1].Frame + 1
				}
				return next, &Mismatch{Frame: uint64(i), What: fmt.Sprintf(
					"the replay says state %016x, the machine has %016x: they part between frames %d and %d", r.Hashes[next].Hash, got, from, i)}
			}
			next++
		}
		if progress != nil && i%64 == 0 {
			progress(i)
		}
	}
	return next, r.Cut
}
