package state

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/zeebo/xxh3"
)

// A save file, all integers little-endian:
//
//	magic   8 bytes "ARCSTATE"
//	sum     u64     xxh3 of all that follows
//	payload zstd of:
//	  version u16   1
//	  meta    u16 count, count * (str key, str value)
//	  fields  u32 count, count * (str name, u8 kind, u8 scalar, u32 elements)
//	  data            the elements of all fields, in order, without gaps
//
// where str is a u16 length and that many bytes, and kind counts 1 to 8:
// u8 i8 u16 i16 u32 i32 u64 i64.

const (
	fileMagic   = "ARCSTATE"
	fileVersion = 1
	// maxFile bounds what a save file may unpack to.
	maxFile = 256 << 20
)

var fileKinds = [...]reflect.Kind{1: reflect.Uint8, reflect.Int8, reflect.Uint16, reflect.Int16,
	reflect.Uint32, reflect.Int32, reflect.Uint64, reflect.Int64}

// ErrDamaged is wrapped by every error about a save file that is not whole.
var ErrDamaged = errors.New("the save file is damaged")

// File is a save file in memory: named fields with their values.
type File struct {
	Meta   map[string]string
	fields []Field // offsets into data
	data   []byte
}

// NewFile copies the state into a file with the given description (set,
// behaviour revision and whatever else the caller wants to check later).
func (a *Arena) NewFile(meta map[string]string) *File {
	f := &File{Meta: meta}
	for _, field := range a.Fields() {
		at := len(f.data)
		f.data = append(f.data, a.buf[field.Offset:field.Offset+field.Size()]...)
		field.Offset = at
		f.fields = append(f.fields, field)
	}
	return f
}

// Marshal gives the bytes of a save file.
func (f *File) Marshal() []byte {
	le := binary.LittleEndian
	str := func(b []byte, s string) []byte { return append(le.AppendUint16(b, uint16(len(s))), s...) }
	p := le.AppendUint16(nil, fileVersion)
	p = le.AppendUint16(p, uint16(len(f.Meta)))
	for _, k := range sortedKeys(f.Meta) {
		p = str(str(p, k), f.Meta[k])
	}
	p = le.AppendUint32(p, uint32(len(f.fields)))
	for _, field := range f.fields {
		p = str(p, field.Name)
		p = append(p, kindCode(field.Kind), boolByte(field.Scalar))
		p = le.AppendUint32(p, uint32(field.Count))
	}
	p = append(p, f.data...)
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // options are constants
	}
	z := enc.EncodeAll(p, nil)
	out := le.AppendUint64([]byte(fileMagic), xxh3.Hash(z))
	return append(out, z...)
}

// ParseFile reads a save file. Its errors wrap ErrDamaged, unless the file is
// of a version that this program does not know.
func ParseFile(b []byte) (*File, error) {
	damaged := func(format string, args ...any) (*File, error) {
		return nil, fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
	}
	if len(b) < 16 || string(b[:8]) != fileMagic {
		return damaged("it does not begin with %q", fileMagic)
	}
	if want, got := binary.LittleEndian.Uint64(b[8:]), xxh3.Hash(b[16:]); want != got {
		return damaged("its checksum says %016x, its content has %016x", want, got)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxFile))
	if err != nil {
		panic(err) // options are constants
	}
	defer dec.Close()
	p, err := dec.DecodeAll(b[16:], nil)
	if err != nil {
		return damaged("unpacking: %v", err)
	}
	r := reader{b: p}
	if v := r.u16(); !r.bad && v != fileVersion {
		return nil, fmt.Errorf("the save file has format version %d; this program reads version %d: use a newer program", v, fileVersion)
	}
	f := &File{Meta: map[string]string{}}
	for range r.u16() {
		k := r.str()
		f.Meta[k] = r.str()
	}
	size := 0
	for n := r.u32(); n > 0 && !r.bad; n-- {
		field := Field{Name: r.str(), Offset: size}
		kind := r.u8()
		field.Scalar = r.u8() != 0
		count := r.u32()
		if r.bad || kind == 0 || int(kind) >= len(fileKinds) || count > maxFile || (field.Scalar && count != 1) {
			return damaged("field %q has kind %d and %d elements", field.Name, kind, count)
		}
		field.Kind, field.Count = fileKinds[kind], int(count)
		size += field.Size()
		if size > maxFile {
			return damaged("its fields add up to more than %d bytes", maxFile)
		}
		f.fields = append(f.fields, field)
	}
	if r.bad || len(r.b) != size {
		return damaged("its fields need %d bytes, %d are there", size, len(r.b))
	}
	f.data = r.b
	return f, nil
}

// Report tells what did not fit when a file was loaded.
type Report struct {
	Missing []string // fields of the machine that the file lacks: they keep their reset value
	Unknown []string // fields of the file that the machine lacks: ignored
	Changed []string // fields of another type or length: taken as far as they fit
}

// Empty reports whether everything fitted.
func (r Report) Empty() bool { return len(r.Missing)+len(r.Unknown)+len(r.Changed) == 0 }

func (r Report) String() string {
	var parts []string
	add := func(what string, names []string) {
		if len(names) == 0 {
			return
		}
		shown := names
		if len(shown) > 5 {
			shown = append(append([]string{}, names[:5]...), fmt.Sprintf("and %d more", len(names)-5))
		}
		parts = append(parts, what+" "+strings.Join(shown, ", "))
	}
	add("not in the file, so as after a reset:", r.Missing)
	add("not known to this program, so ignored:", r.Unknown)
	add("of another size, so taken in part:", r.Changed)
	return strings.Join(parts, "; ")
}

// LoadFile replaces the state by what the file has, field by field by name,
// and runs the restore hooks. Call it on a machine that was just reset, since
// fields that the file lacks keep the values that they have.
func (a *Arena) LoadFile(f *File) Report {
	var report Report
	have := make(map[string]Field, len(f.fields))
	for _, field := range f.fields {
		have[field.Name] = field
	}
	block := append([]byte(nil), a.buf...)
	for _, want := range a.Fields() {
		got, ok := have[want.Name]
		if !ok {
			report.Missing = append(report.Missing, want.Name)
			continue
		}
		delete(have, want.Name)
		if got.Kind != want.Kind {
			report.Changed = append(report.Changed, want.Name)
			continue
		}
		if got.Count != want.Count {
			report.Changed = append(report.Changed, want.Name)
		}
		n := min(got.Size(), want.Size())
		copy(block[want.Offset:want.Offset+n], f.data[got.Offset:])
	}
	for _, field := range f.fields { // in file order, not map order
		if _, left := have[field.Name]; left {
			report.Unknown = append(report.Unknown, field.Name)
			delete(have, field.Name)
		}
	}
	if err := a.SetBlock(block); err != nil {
		panic(err) // block has our own size
	}
	return report
}

func kindCode(k reflect.Kind) uint8 {
	for i, have := range fileKinds {
		if have == k && i > 0 {
			return uint8(i)
		}
	}
	panic("state: kind " + k.String() + " passed the check of types")
}

func boolByte(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// reader takes values off the front of b; bad is set once b was too short.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if r.bad || n > len(r.b) {
		r.bad = true
		return make([]byte, min(n, 8))
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) u8() uint8   { return r.take(1)[0] }
func (r *reader) u16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }
func (r *reader) u32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

func (r *reader) str() string {
	n := int(r.u16())
	if r.bad {
		return ""
	}
	return string(r.take(n))
}
