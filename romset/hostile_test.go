package romset_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// zip64 makes a zip in which every size and offset is in a zip64 field,
// as programs write it that do not know beforehand how long things will be.
func zip64(files map[string][]byte) []byte {
	le := binary.LittleEndian
	var b, dir []byte
	n := uint64(0)
	for _, name := range sortedKeys(files) {
		data := files[name]
		at := uint64(len(b))
		common := le.AppendUint16(nil, 45)                         // version needed
		common = append(common, 0, 0, 0, 0, 0, 0, 0x21, 0)         // flags, method, time, date
		common = le.AppendUint32(common, crc32.ChecksumIEEE(data)) // crc
		common = append(common, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
		common = le.AppendUint16(common, uint16(len(name)))
		sizes := le.AppendUint64(le.AppendUint64(nil, uint64(len(data))), uint64(len(data)))
		b = append(append(b, "PK\x03\x04"...), common...)
		b = le.AppendUint16(b, 20)
		b = append(b, name...)
		b = le.AppendUint16(le.AppendUint16(b, 1), 16)
		b = append(append(b, sizes...), data...)

		dir = append(append(dir, "PK\x01\x02"...), 45, 0)
		dir = append(dir, common...)
		dir = le.AppendUint16(dir, 28)
		dir = append(dir, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // comment, disk, attributes
		dir = le.AppendUint32(dir, 0xffffffff)
		dir = append(dir, name...)
		dir = le.AppendUint16(le.AppendUint16(dir, 1), 24)
		dir = le.AppendUint64(append(dir, sizes...), at)
		n++
	}
	start := uint64(len(b))
	b = append(b, dir...)
	end := uint64(len(b))
	b = le.AppendUint64(append(b, "PK\x06\x06"...), 44)
	b = append(b, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	b = le.AppendUint64(le.AppendUint64(b, n), n)
	b = le.AppendUint64(le.AppendUint64(b, end-start), start)
	b = append(b, "PK\x06\x07\x00\x00\x00\x00"...)
	b = le.AppendUint32(le.AppendUint64(b, end), 1)
	b = append(b, "PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00"...)
	return b
}

// contents makes up the files of a set.
func contents(set string) map[string][]byte {
	out := map[string][]byte{}
	for n, f := range fill.NewPlan([]string{set}, fill.Full)[set] {
		out[n] = fill.FileContent("0", f)
	}
	return out
}

func TestZip64(t *testing.T) {
	b := zip64(contents("puckman"))
	if r, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil || len(r.File) != len(contents("puckman")) {
		t.Fatalf("the test's own archive is wrong: %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "puckman.zip"), b, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, d := range compare("puckman", romset.NewFinder(dir), answers(t, "0")["puckman"]) {
		t.Error(d)
	}
}

// A name that is twice in an archive: the one with the right checksum counts,
// wherever it stands.
func TestDuplicateNames(t *testing.T) {
	s, _ := romset.Lookup("puckman")
	right := genuine(t, s)
	const file = "pm1_prg1.6e"
	wrong := bytes.Repeat([]byte{1}, len(right[file]))
	for _, order := range [][][]byte{{right[file], wrong}, {wrong, right[file]}, {wrong[:100], right[file]}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "puckman.zip")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		add := func(name string, b []byte) {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(b); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range sortedKeys(right) {
			if n != file {
				add(n, right[n])
			}
		}
		add(file, order[0])
		add(strings.ToUpper(file), order[1])
		if err := errors.Join(z.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		l, err := load(t, "puckman", dir)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(l.Regions["maincpu"][:len(right[file])], right[file]) {
			t.Error("the wrong one of two was loaded")
		}
		if len(l.Warnings) != 0 {
			t.Errorf("%v", l.Warnings)
		}
	}
}

// TestArchivesAreNamed checks that the owner of a bad archive hears which one
// it is and what is wrong with it, from Load and from Verify.
func TestArchivesAreNamed(t *testing.T) {
	files := contents("puckman")
	var whole bytes.Buffer
	z := zip.NewWriter(&whole)
	for _, n := range sortedKeys(files) {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[n]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	seven, err := os.ReadFile(filepath.Join("testdata", "archives", "lzma2.7z"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file string
		make       func(path string) error
		say        []string
	}{
		{"truncated zip", "puckman.zip", func(p string) error { return os.WriteFile(p, whole.Bytes()[:whole.Len()-30], 0o644) },
			[]string{"cut off or not a zip file"}},
		{"truncated 7z", "puckman.7z", func(p string) error { return os.WriteFile(p, seven[:len(seven)-30], 0o644) },
			[]string{"cut off, damaged or not a 7z file"}},
		{"a zip named 7z", "puckman.7z", func(p string) error { return os.WriteFile(p, whole.Bytes(), 0o644) },
			[]string{"not a 7z file"}},
		{"nested", "puckman.zip", func(p string) error {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			w, err := z.Create("roms/puckman.7z")
			if err != nil {
				return err
			}
			if _, err := w.Write(seven); err != nil {
				return err
			}
			return errors.Join(z.Close(), os.WriteFile(p, b.Bytes(), 0o644))
		}, []string{"archives in archives are not looked into", "roms/puckman.7z"}},
		{"a link to itself", "puckman.zip", func(p string) error { return os.Symlink(p, p) }, []string{"symbolic link"}},
		{"forbidden", "puckman.zip", func(p string) error {
			if os.Getuid() <= 0 {
				return errors.New("its user may read everything")
			}
			return os.WriteFile(p, whole.Bytes(), 0)
		}, []string{"may not be read"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, c.file)
			if err := c.make(path); err != nil {
				t.Skip("this system cannot make such a file:", err)
			}
			_, err := load(t, "puckman", dir)
			var le *romset.LoadError
			if !errors.As(err, &le) {
				t.Fatalf("%v", err)
			}
			said := false // in one line
			for line := range strings.Lines(err.Error()) {
				all := strings.Contains(line, path)
				for _, s := range c.say {
					all = all && strings.Contains(line, s)
				}
				said = said || all
			}
			if !said {
				t.Errorf("%v\ndoes not say %q of %s", err, c.say, path)
			}
			s, _ := romset.Lookup("puckman")
			v := romset.NewVerifier(romset.NewFinder(dir))
			defer v.Close()
			r := v.Verify(s)
			if len(r.Archives) == 0 || !strings.Contains(r.Archives[0].Error(), c.say[0]) || r.Archives[0].Where != path {
				t.Errorf("verify says %+v", r.Archives)
			}
			if r.Verdict != romset.VerdictIncomplete && r.Verdict != romset.VerdictNotFound {
				t.Errorf("verdict %q", r.Verdict)
			}
		})
	}
}
