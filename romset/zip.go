package romset

import (
	"archive/zip"
	"bufio"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

// Methods of compression in zip files (APPNOTE.TXT, section 4.4.5).
const (
	zipBzip2   = 12
	zipLZMA    = 14
	zipZstdOld = 20
	zipZstd    = 93
)

type zipArchive struct {
	file   *os.File
	source io.ReaderAt
	size   int64
	when   int64       // of its last change, nanoseconds since 1970
	reader *zip.Reader // made when the first entry is read
	list   []*archiveEntry
}

func openZip(path string) (*zipArchive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	z, err := newZip(f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	z.file, z.when = f, info.ModTime().UnixNano()
	return z, nil
}

func newZip(r io.ReaderAt, size int64) (*zipArchive, error) {
	z := &zipArchive{source: r, size: size}
	var ok bool
	if z.list, ok = listZip(r, size); ok {
		return z, nil
	}
	if err := z.prepare(); err != nil {
		return nil, err
	}
	for i, f := range z.reader.File {
		if f.FileInfo().IsDir() {
			continue
		}
		e := &archiveEntry{name: f.Name, size: int64(min(f.UncompressedSize64, 1<<62)), crc: f.CRC32, hasCRC: true, index: i}
		if f.Flags&1 != 0 {
			e.broken = errEncrypted
		}
		z.list = append(z.list, e)
	}
	return z, nil
}

// prepare makes the reader that unpacks.
func (z *zipArchive) prepare() error {
	if z.reader != nil {
		return nil
	}
	reader, err := zip.NewReader(z.source, z.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return errNotZip
		}
		return err
	}
	reader.RegisterDecompressor(zip.Deflate, inflate)
	reader.RegisterDecompressor(zipBzip2, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	reader.RegisterDecompressor(zipZstd, unzstd)
	reader.RegisterDecompressor(zipZstdOld, unzstd)
	z.reader = reader
	return nil
}

func (z *zipArchive) entries() []*archiveEntry { return z.list }

func (z *zipArchive) read(want []*archiveEntry, use func(*archiveEntry, io.Reader, error) error) error {
	want = append([]*archiveEntry(nil), want...)
	sort.Slice(want, func(i, j int) bool { return want[i].index < want[j].index })
	for _, e := range want {
		if err := z.readOne(e, use); err != nil {
			return err
		}
	}
	return nil
}

func (z *zipArchive) readOne(e *archiveEntry, use func(*archiveEntry, io.Reader, error) error) error {
	if e.broken != nil {
		return use(e, nil, e.broken)
	}
	if err := z.prepare(); err != nil {
		return use(e, nil, err)
	}
	if e.index >= len(z.reader.File) {
		return use(e, nil, damagedError{})
	}
	f := z.reader.File[e.index]
	if strings.ReplaceAll(f.Name, `\`, "/") != e.name { // its list is read in two ways that must agree
		return use(e, nil, damagedError{})
	}
	var r io.ReadCloser
	var err error
	if f.Method == zipLZMA {
		r, err = openZipLZMA(f, z.size)
	} else {
		r, err = f.Open()
	}
	if errors.Is(err, zip.ErrAlgorithm) {
		err = fmt.Errorf("it is packed with method %d, which is not supported: pack it again with deflate", f.Method)
	}
	if err != nil {
		return use(e, nil, err)
	}
	defer r.Close()
	return use(e, r, nil)
}

func (z *zipArchive) close() error {
	if z.file == nil {
		return nil
	}
	return z.file.Close()
}

var inflaters sync.Pool

// inflate is deflate's decompressor, reusing its tables and window.
func inflate(r io.Reader) io.ReadCloser {
	if z, ok := inflaters.Get().(io.ReadCloser); ok {
		if z.(flate.Resetter).Reset(r, nil) == nil {
			return &pooled{z, &inflaters}
		}
	}
	return &pooled{flate.NewReader(r), &inflaters}
}

type pooled struct {
	io.ReadCloser
	pool *sync.Pool
}

func (p *pooled) Close() error {
	if p.ReadCloser == nil {
		return nil
	}
	err := p.ReadCloser.Close()
	p.pool.Put(p.ReadCloser)
	p.ReadCloser = nil
	return err
}

// maxWindow bounds the memory that a stream's header can ask for.
const maxWindow = 32 << 20

func unzstd(r io.Reader) io.ReadCloser {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return io.NopCloser(errorReader{err})
	}
	return z.IOReadCloser()
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// openZipLZMA reads an entry of method 14: a version, the size of the
// properties, the properties, and the stream (APPNOTE.TXT, section 5.8).
// archive is the size of the archive, in bytes.
func openZipLZMA(f *zip.File, archive int64) (io.ReadCloser, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(raw)
	var head [9]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, errors.New("its LZMA stream is cut off")
	}
	if binary.LittleEndian.Uint16(head[2:]) != 5 {
		return nil, errors.New("its LZMA header is damaged")
	}
	size := f.UncompressedSize64
	if f.Flags&2 != 0 { // the stream has an end mark of its own
		size = 1<<64 - 1
	}
	most := min(f.CompressedSize64, uint64(archive)) * lzmaRatio
	r, err := newLZMA(in, head[4:], size, min(f.UncompressedSize64, most))
	if err != nil {
		return nil, fmt.Errorf("its LZMA header is damaged: %w", err)
	}
	return io.NopCloser(&checked{r: r, want: f.CRC32, size: f.UncompressedSize64}), nil
}

// lzmaRatio is more than a byte of an LZMA stream can become: a match of 273
// bytes needs 14 decisions, each of which costs at least log2(2048/2017) bits.
// So a short stream needs no large dictionary, whatever its header says.
const lzmaRatio = 7168

// newLZMA opens a raw LZMA stream with the given five bytes of properties.
// size is what the stream's header is to say; length the most that comes out. No
// dictionary larger than the data, or than 64 MB, is ever allocated.
func newLZMA(r io.Reader, properties []byte, size, length uint64) (io.Reader, error) {
	var header [13]byte
	copy(header[:], properties[:5])
	dict := uint64(binary.LittleEndian.Uint32(header[1:]))
	dict = min(dict, max(length, lzma.MinDictCap), 64<<20)
	dict = max(dict, lzma.MinDictCap)
	binary.LittleEndian.PutUint32(header[1:], uint32(dict))
	binary.LittleEndian.PutUint64(header[5:], size)
	return lzma.ReaderConfig{DictCap: int(dict)}.NewReader(io.MultiReader(bytesReader(header[:]), r))
}
