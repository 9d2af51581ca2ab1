package romset

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/bodgit/sevenzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

type sevenZip struct {
	file   *os.File
	reader *sevenzip.Reader
	list   []*archiveEntry
}

// The list of files in a 7z is itself compressed. No honest one needs more
// than this when unpacked.
const maxHeader = 16 << 20

var (
	opening7z    sync.Mutex   // held while headerBudget is in force
	headerBudget atomic.Int64 // bytes that a header may unpack to; negative: no header is being read
	register7z   sync.Once
)

func open7z(path string) (*sevenZip, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	z, err := new7z(f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	z.file = f
	return z, nil
}

func new7z(r io.ReaderAt, size int64) (z *sevenZip, err error) {
	register7z.Do(registerMethods)
	opening7z.Lock()
	defer opening7z.Unlock()
	headerBudget.Store(maxHeader)
	defer headerBudget.Store(-1)
	defer func() {
		if p := recover(); p != nil { // the library trusts headers more than we do
			z, err = nil, fmt.Errorf("%w: %v", errNot7z, p)
		}
	}()
	if err := check7z(r, size); err != nil {
		return nil, err
	}
	reader, err := sevenzip.NewReader(r, size)
	if err != nil {
		var re *sevenzip.ReadError
		if errors.As(err, &re) && re.Encrypted {
			return nil, errEncrypted
		}
		return nil, fmt.Errorf("%w: %v", errNot7z, err)
	}
	z = &sevenZip{reader: reader}
	for i, f := range reader.File {
		if f.FileInfo().IsDir() {
			continue
		}
		z.list = append(z.list, &archiveEntry{name: f.Name, size: int64(min(f.UncompressedSize, 1<<62)), crc: f.CRC32,
			hasCRC: f.CRC32 != 0 || f.UncompressedSize == 0, index: i})
	}
	return z, nil
}

func (z *sevenZip) entries() []*archiveEntry { return z.list }

// read opens entries in the order in which they are packed: the library then
// goes on in the same solid block instead of unpacking it again.
func (z *sevenZip) read(want []*archiveEntry, use func(*archiveEntry, io.Reader, error) error) error {
	want = append([]*archiveEntry(nil), want...)
	sort.Slice(want, func(i, j int) bool { return want[i].index < want[j].index })
	for _, e := range want {
		if err := z.readOne(e, use); err != nil {
			return err
		}
	}
	return nil
}

func (z *sevenZip) readOne(e *archiveEntry, use func(*archiveEntry, io.Reader, error) error) error {
	if e.broken != nil {
		return use(e, nil, e.broken)
	}
	r, err := z.open(e)
	if err != nil {
		return use(e, nil, err)
	}
	defer r.Close()
	// the library checks no checksum of single files
	c := &checked{r: r, want: e.crc, size: uint64(e.size)}
	if !e.hasCRC {
		return use(e, guarded{r}, nil)
	}
	return use(e, guarded{c}, nil)
}

func (z *sevenZip) open(e *archiveEntry) (r io.ReadCloser, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, damagedError{}
		}
	}()
	r, err = z.reader.File[e.index].Open()
	return r, explain7z(err)
}

func explain7z(err error) error {
	var re *sevenzip.ReadError
	if errors.As(err, &re) {
		if re.Encrypted {
			return errEncrypted
		}
		return fmt.Errorf("it is damaged: %w", re.Err)
	}
	return err
}

// guarded turns a panic of a decompressor into an error.
type guarded struct{ r io.Reader }

func (g guarded) Read(b []byte) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, err = 0, damagedError{}
		}
	}()
	for range 100 { // a reader that gives nothing and no error would be asked for ever
		n, err = g.r.Read(b)
		if n > 0 || err != nil || len(b) == 0 {
			break
		}
	}
	if n == 0 && err == nil && len(b) > 0 {
		err = damagedError{}
	}
	if err != nil && err != io.EOF {
		err = explain7z(err)
	}
	return n, err
}

func (z *sevenZip) close() error {
	if z.file == nil {
		return nil
	}
	return z.file.Close()
}

// maxDictionary is the most memory that one solid block may ask for. 7-Zip's
// "ultra" uses 64 MB; ROM sets gain nothing from more than their own size.
const maxDictionary = 128 << 20

// registerMethods replaces the decompressors that believe a header's claim of
// how much memory they need.
func registerMethods() {
	sevenzip.RegisterDecompressor([]byte{0x03, 0x01, 0x01}, method(func(properties []byte, size uint64, r io.Reader) (io.Reader, error) {
		if len(properties) != 5 {
			return nil, errors.New("its LZMA properties are damaged")
		}
		if binary.LittleEndian.Uint32(properties[1:]) > maxDictionary && size > maxDictionary {
			return nil, errDictionary
		}
		return newLZMA(r, properties, size, size)
	}))
	sevenzip.RegisterDecompressor([]byte{0x21}, method(func(properties []byte, size uint64, r io.Reader) (io.Reader, error) {
		if len(properties) != 1 || properties[0] > 40 {
			return nil, errors.New("its LZMA2 properties are damaged")
		}
		dict := uint64(1<<32 - 1)
		if p := properties[0]; p < 40 {
			dict = uint64(2|p&1) << (p/2 + 11)
		}
		if dict = min(dict, max(size, lzma.MinDictCap)); dict > maxDictionary {
			return nil, errDictionary
		}
		return lzma.Reader2Config{DictCap: int(dict)}.NewReader2(r)
	}))
	sevenzip.RegisterDecompressor([]byte{0x04, 0xf7, 0x11, 0x01}, method(func(_ []byte, _ uint64, r io.Reader) (io.Reader, error) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}))
	unsupported := func([]byte, uint64, []io.ReadCloser) (io.ReadCloser, error) {
		return nil, errors.New("it is packed with a method that is not supported: pack it again with LZMA2")
	}
	for _, id := range []string{
		"\x03\x04\x01",                         // PPMd, whose model may be 4 GB
		"\x04\xf7\x11\x02", "\x04\xf7\x11\x04", // Brotli, LZ4
		// filters for programs and sound, which never end on damaged input
		"\x03", "\x03\x03\x01\x03", "\x03\x03\x01\x1b", "\x03\x03\x02\x05", "\x03\x03\x05\x01", "\x03\x03\x08\x05", "\x0a",
	} {
		sevenzip.RegisterDecompressor([]byte(id), unsupported)
	}
}

var errDictionary = fmt.Errorf("unpacking it needs more than %d MB: pack it again with a smaller dictionary", maxDictionary>>20)

// method adapts a decompressor of one stream to the library's form, and keeps
// headers within their budget.
func method(open func(properties []byte, size uint64, r io.Reader) (io.Reader, error)) sevenzip.Decompressor {
	return func(properties []byte, size uint64, readers []io.ReadCloser) (io.ReadCloser, error) {
		if len(readers) != 1 {
			return nil, errors.New("its compression needs one stream")
		}
		var in io.Reader = readers[0]
		if _, ok := in.(io.ByteReader); !ok {
			in = bufio.NewReader(in)
		}
		if left := headerBudget.Load(); left >= 0 && size > uint64(left) {
			return nil, errors.New("its list of files is too long")
		}
		r, err := open(properties, size, in)
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{r, readers[0]}, nil
	}
}
