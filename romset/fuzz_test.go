package romset

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// fuzzBudget is what reading a hostile archive may allocate in all, whatever
// its headers claim: dictionaries, lists and the library's buffers.
const fuzzBudget = 256 << 20

// exercise reads every entry of an archive as a loader does.
func exercise(t *testing.T, open func() (archive, error)) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a, err := open()
	if err == nil {
		o := &openArchive{path: "x", kind: "zip", opened: a}
		o.setEntries(a.entries())
		for _, e := range o.list {
			if !safeName(e.name) {
				t.Errorf("the name %q was kept", e.name)
			}
		}
		var buf []byte
		list := o.list
		if len(list) > 64 {
			list = list[:64]
		}
		a.read(list, func(e *archiveEntry, r io.Reader, err error) error {
			if err != nil {
				return nil
			}
			if b, err := readAll(r, 2048, buf); err == nil {
				buf = b
			}
			return nil
		})
		a.read(list, func(e *archiveEntry, r io.Reader, err error) error {
			if err == nil {
				digest(r, e.size, 4096)
			}
			return nil
		})
		a.close()
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > fuzzBudget {
		t.Errorf("%d MB allocated", used>>20)
	}
}

// seeds adds the small archives of testdata to a corpus.
func seeds(f *testing.F, pattern string) {
	files, err := filepath.Glob(filepath.Join("testdata", "archives", "tiny", pattern))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds:", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// corpus adds what earlier fuzzing found interesting: testdata/corpus holds it
// packed, each input with its length in front. With ARCADE_KEEP_CORPUS it is
// packed anew from that folder of the fuzzer's ($(go env GOCACHE)/fuzz/arcade/romset).
func corpus(f *testing.F, name string) {
	file := filepath.Join("testdata", "corpus", name+".zst")
	if from := os.Getenv("ARCADE_KEEP_CORPUS"); from != "" {
		if err := keepCorpus(filepath.Join(from, name), file); err != nil {
			f.Fatal(err)
		}
	}
	packed, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	z, err := zstd.NewReader(nil)
	if err != nil {
		f.Fatal(err)
	}
	defer z.Close()
	b, err := z.DecodeAll(packed, nil)
	if err != nil {
		f.Fatal(err)
	}
	for len(b) > 0 {
		n, k := binary.Uvarint(b)
		if k <= 0 || n > uint64(len(b)-k) {
			f.Fatal("the corpus is damaged")
		}
		f.Add(b[k:][:n])
		b = b[k+int(n):]
	}
}

// keepCorpus packs the inputs in a folder of the fuzzer's.
func keepCorpus(from, file string) error {
	inputs, err := filepath.Glob(filepath.Join(from, "*"))
	if err != nil {
		return err
	}
	sort.Strings(inputs)
	var b []byte
	for _, name := range inputs {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, quoted, _ := strings.Cut(string(text), "[]byte(")
		data, err := strconv.Unquote(strings.TrimSuffix(strings.TrimSpace(quoted), ")"))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		b = binary.AppendUvarint(b, uint64(len(data)))
		b = append(b, data...)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, z.EncodeAll(b, nil), 0o644)
}

func FuzzZip(f *testing.F) {
	seeds(f, "*.zip")
	corpus(f, "FuzzZip")
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, n := range []string{"a", "../b", "/c", `d\e`, "f/g"} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: method})
			if err != nil {
				f.Fatal(err)
			}
			w.Write(bytes.Repeat([]byte(n), 700))
		}
		z.Close()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		exercise(t, func() (archive, error) { return orNil(newZip(bytes.NewReader(data), int64(len(data)))) })
	})
}

func Fuzz7z(f *testing.F) {
	seeds(f, "*.7z")
	corpus(f, "Fuzz7z")
	f.Fuzz(func(t *testing.T, data []byte) {
		fix7z(data)
		exercise(t, func() (archive, error) { return orNil(new7z(bytes.NewReader(data), int64(len(data)))) })
	})
}
