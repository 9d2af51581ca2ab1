package nvram

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"arcade/machine"

	"github.com/klauspost/compress/zstd"
	"github.com/zeebo/xxh3"
)

// A file of a part whose size varies:
//
//	magic  8 bytes "ARCNVRAM"
//	sum    u64 little-endian: xxh3 of all that follows
//	zstd of what the part gave
//
// Of a part of fixed size the file is the content and nothing else, as MAME has
// it: such files can be carried from one program to the other.
const magic = "ARCNVRAM"

// maxContent bounds what a file may unpack to.
const maxContent = 16 << 20

// pack makes the content of a file.
func pack(k *machine.Kept, content []byte) []byte {
	if k.Size > 0 {
		return content
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // options are constants
	}
	z := enc.EncodeAll(content, nil)
	out := binary.LittleEndian.AppendUint64([]byte(magic), xxh3.Hash(z))
	return append(out, z...)
}

// unpack is the inverse of pack.
func unpack(k *machine.Kept, file []byte) ([]byte, error) {
	if k.Size > 0 {
		return file, nil // the part checks it
	}
	if len(file) < len(magic)+8 || string(file[:len(magic)]) != magic {
		return nil, fmt.Errorf("it should begin with %q", magic)
	}
	z := file[len(magic)+8:]
	if want, got := binary.LittleEndian.Uint64(file[len(magic):]), xxh3.Hash(z); want != got {
		return nil, fmt.Errorf("its checksum says %016x, its content has %016x", want, got)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxContent))
	if err != nil {
		panic(err) // options are constants
	}
	defer dec.Close()
	content, err := dec.DecodeAll(z, nil)
	if err != nil {
		return nil, fmt.Errorf("it cannot be unpacked: %w", err)
	}
	return content, nil
}

// errDamaged is wrapped by the errors about a file that is there and can be
// read, but is no good.
var errDamaged = errors.New("the file is damaged")

// read gives a part what its file has. used is false if there is no file.
func read(dir string, k *machine.Kept) (used bool, err error) {
	name := filepath.Join(dir, k.Name)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err // names the file
	}
	content, err := unpack(k, b)
	if err == nil {
		err = k.Set(content)
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w: %w", name, errDamaged, err)
	}
	return true, nil
}

// replace writes a file so that whoever reads it, at any time and also after a
// power cut, finds what was there before or what is there now, and all of it.
func replace(name string, content []byte) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	// One writer a process: the number makes the name this one's own.
	f, err := os.OpenFile(fmt.Sprintf("%s.new-%d", name, os.Getpid()), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	syncFolder(dir)
	return nil
}

// syncFolder has the names in a folder written to the disk, on systems that can.
func syncFolder(dir string) {
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = d.Sync() // Windows refuses
	_ = d.Close()
}

// aside renames a file that is no good, to a name that is free.
func aside(name string) (to string, err error) {
	for n := 1; ; n++ {
		to = name + ".bad"
		if n > 1 {
			to = fmt.Sprintf("%s.bad%d", name, n)
		}
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			return to, os.Rename(name, to)
		} else if err != nil {
			return "", err
		}
	}
}
