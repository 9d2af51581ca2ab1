package nvram

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"arcade/machine"
)

// memory is a part of a board for tests. Its content may not begin with '!'.
type memory struct{ b []byte }

func (m *memory) part(name string, size int) machine.Kept {
	return machine.Kept{Name: name, Size: size, Save: func() []byte { return bytes.Clone(m.b) }, Load: func(b []byte) error {
		if len(b) > 0 && b[0] == '!' {
			return errors.New("it begins with !")
		}
		m.b = bytes.Clone(b)
		return nil
	}}
}

// board is a machine with an EEPROM of 8 bytes and flash.
func board() (m *machine.Machine, eeprom, flash *memory) {
	eeprom, flash = &memory{b: []byte("factory.")}, &memory{}
	return &machine.Machine{Kept: []machine.Kept{eeprom.part("eeprom", 8), flash.part("flash", 0)}}, eeprom, flash
}

func open(t *testing.T, dir string, m *machine.Machine) (*Store, []string) {
	t.Helper()
	s, warnings := Open(dir, m, func(text string) { t.Errorf("told: %s", text) })
	if s == nil {
		t.Fatal("there is no store")
	}
	return s, warnings
}

func closeStore(t *testing.T, s *Store) {
	t.Helper()
	s.Look()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestContentsComeBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nvram", "toy")
	m, eeprom, flash := board()
	s, warnings := open(t, dir, m)
	closeStore(t, s)
	if len(warnings) > 0 || files(t, dir) != "" {
		t.Errorf("nothing was changed; warnings %q, files %q", warnings, files(t, dir))
	}
	s, _ = open(t, dir, m)
	eeprom.b, flash.b = []byte("changed1"), bytes.Repeat([]byte("different"), 1000)
	closeStore(t, s)
	if got := files(t, dir); got != "eeprom flash" {
		t.Errorf("files %q", got)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "eeprom")); err != nil || string(b) != "changed1" {
		t.Errorf("the EEPROM's file is not its content: %q, %v", b, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "flash")); err != nil || info.Size() > 200 {
		t.Errorf("flash is not packed: %v, %v", info, err)
	}
	again, eeprom2, flash2 := board()
	s, warnings = open(t, dir, again)
	if len(warnings) > 0 || string(eeprom2.b) != "changed1" || !bytes.Equal(flash2.b, flash.b) {
		t.Errorf("read: %q, %d bytes; %q", eeprom2.b, len(flash2.b), warnings)
	}
	read, eeprom3, flash3 := board()
	if err := Read(dir, read); err != nil || string(eeprom3.b) != "changed1" || !bytes.Equal(flash3.b, flash.b) {
		t.Errorf("read without writing: %q, %d bytes; %v", eeprom3.b, len(flash3.b), err)
	}
	// Back to the ROM: no differences, no file.
	flash2.b, eeprom2.b = nil, []byte("changed2")
	closeStore(t, s)
	if got := files(t, dir); got != "eeprom" {
		t.Errorf("files %q", got)
	}
	if err := Clear(dir, m); err != nil || files(t, dir) != "eeprom.old" {
		t.Errorf("cleared: %q, %v", files(t, dir), err)
	}
	if s, w := Open(dir, &machine.Machine{}, nil); s != nil || w != nil {
		t.Error("a board that keeps nothing has a store")
	}
}

func TestOnlyChangesAreWritten(t *testing.T) {
	dir := t.TempDir()
	m, eeprom, _ := board()
	s, _ := open(t, dir, m)
	eeprom.b = []byte("changed1")
	s.Look()
	file := filepath.Join(dir, "eeprom")
	wait(t, "the file", func() bool { b, _ := os.ReadFile(file); return string(b) == "changed1" })
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, long, long); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		s.Look()
	}
	closeStore(t, s)
	if info, err := os.Stat(file); err != nil || info.ModTime().After(long.Add(time.Minute)) {
		t.Errorf("it was written again, though nothing had changed: %v, %v", info, err)
	}
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited for %s", what)
		}
	}
}

func TestDamagedFilesAreKeptAside(t *testing.T) {
	good := func(k int) []byte {
		m, _, _ := board()
		return pack(&m.Kept[k], bytes.Repeat([]byte("what was there "), 50))
	}
	flipped := func(at int) []byte {
		b := good(1)
		b[at] ^= 4
		return b
	}
	for name, c := range map[string]struct {
		file    string
		content []byte
		want    string
	}{
		"too short":      {"eeprom", []byte("1234567"), "7 bytes are there, 8 are expected"},
		"too long":       {"eeprom", []byte("123456789"), "9 bytes are there, 8 are expected"},
		"empty":          {"eeprom", nil, "0 bytes are there, 8 are expected"},
		"refused":        {"eeprom", []byte("!2345678"), "it begins with !"},
		"no magic":       {"flash", []byte("something else altogether"), "it should begin with \"ARCNVRAM\""},
		"empty flash":    {"flash", nil, "it should begin with"},
		"cut":            {"flash", good(1)[:30], "its checksum says"},
		"a bit":          {"flash", flipped(24), "its checksum says"},
		"the checksum":   {"flash", flipped(9), "its checksum says"},
		"refused inside": {"flash", pack(&machine.Kept{}, []byte("!")), "it begins with !"},
		"not packed":     {"flash", append(pack(&machine.Kept{}, nil)[:8], 0xce, 0x5e, 0x9c, 0x0a, 0x65, 0xb5, 0x22, 0x2d), "its checksum says"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			// Another bad file was there before: it stays.
			before := filepath.Join(dir, c.file+".bad")
			bad := filepath.Join(dir, c.file)
			if err := errors.Join(os.WriteFile(before, []byte("older"), 0o666), os.WriteFile(bad, c.content, 0o666)); err != nil {
				t.Fatal(err)
			}
			strict, _, _ := board()
			if err := Read(dir, strict); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), bad) {
				t.Errorf("read strictly: %v", err)
			}
			m, eeprom, flash := board()
			s, warnings := open(t, dir, m)
			if len(warnings) != 1 {
				t.Fatalf("warnings %q", warnings)
			}
			for _, part := range []string{bad + ":", c.want, "as from the factory", "kept as " + c.file + ".bad2"} {
				if !strings.Contains(warnings[0], part) {
					t.Errorf("the warning %q lacks %q", warnings[0], part)
				}
			}
			if string(eeprom.b) != "factory." || flash.b != nil {
				t.Errorf("the machine starts with %q and %q", eeprom.b, flash.b)
			}
			eeprom.b, flash.b = []byte("changed1"), []byte("changed2")
			closeStore(t, s)
			kept, err := os.ReadFile(bad + ".bad2")
			if err != nil || !bytes.Equal(kept, c.content) {
				t.Errorf("what was kept aside: %q, %v", kept, err)
			}
			if older, err := os.ReadFile(before); err != nil || string(older) != "older" {
				t.Errorf("what had been kept aside before: %q, %v", older, err)
			}
			again, eeprom2, flash2 := board()
			if err := Read(dir, again); err != nil || string(eeprom2.b) != "changed1" || string(flash2.b) != "changed2" {
				t.Errorf("afterwards: %q, %q, %v", eeprom2.b, flash2.b, err)
			}
		})
	}
}

// TestAnyCutIsNoticed cuts and damages a packed file everywhere.
func TestAnyCutIsNoticed(t *testing.T) {
	k := &machine.Kept{}
	rnd := rand.New(rand.NewPCG(1, 2))
	content := make([]byte, 3000)
	for i := range content {
		content[i] = uint8(rnd.Uint32N(3))
	}
	whole := pack(k, content)
	if got, err := unpack(k, whole); err != nil || !bytes.Equal(got, content) {
		t.Fatalf("packed and unpacked it is another: %v", err)
	}
	for n := range whole {
		if _, err := unpack(k, whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are taken", n, len(whole))
		}
		bad := bytes.Clone(whole)
		bad[n] ^= 1 << rnd.UintN(8)
		if _, err := unpack(k, bad); err == nil {
			t.Errorf("a wrong bit in byte %d is not noticed", n)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	k := &machine.Kept{}
	f.Add([]byte{})
	f.Add(pack(k, nil))
	f.Add(pack(k, []byte("some content")))
	f.Fuzz(func(t *testing.T, file []byte) {
		content, err := unpack(k, file)
		if err != nil {
			return
		}
		if again, err := unpack(k, pack(k, content)); err != nil || !bytes.Equal(again, content) {
			t.Fatalf("packed again it is another: %v", err)
		}
	})
}

// TestReadersSeeWholeFiles reads a file again and again while it is written:
// there is always one, and always one whole version.
func TestReadersSeeWholeFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows replaces no file that somebody reads")
	}
	file := filepath.Join(t.TempDir(), "flash")
	version := func(n int) []byte { return bytes.Repeat(fmt.Appendf(nil, "%09d\n", n), 5000) }
	if err := replace(file, version(0)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		var err error
		for n := 1; n <= 150 && err == nil; n++ {
			err = replace(file, version(n))
		}
		done <- err
	}()
	reads, last := 0, ""
	for {
		select {
		case err := <-done:
			if err != nil || reads == 0 {
				t.Errorf("%d reads, %v", reads, err)
			}
			if got := files(t, filepath.Dir(file)); got != "flash" {
				t.Errorf("left over: %q", got)
			}
			return
		default:
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("for a moment there was no file: %v", err)
		}
		if len(b) != 50000 || !bytes.Equal(b[:10], b[len(b)-10:]) || string(b[:10]) < last {
			t.Fatalf("%d bytes, from %q to %q, after %q", len(b), b[:min(10, len(b))], b[max(0, len(b)-10):], last)
		}
		reads, last = reads+1, string(b[:10])
	}
}

func TestFailuresAreToldOnceAndTriedAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "toy")
	m, eeprom, _ := board()
	told := make(chan string, 10)
	s, warnings := Open(dir, m, func(text string) { told <- text })
	if len(warnings) > 0 {
		t.Fatal(warnings)
	}
	// A file is where the folder should be.
	if err := os.WriteFile(dir, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	eeprom.b = []byte("changed1")
	s.Look()
	if text := <-told; !strings.Contains(text, "not stored") || !strings.Contains(text, dir) {
		t.Errorf("told %q", text)
	}
	for range 3 {
		s.Look()
		time.Sleep(10 * time.Millisecond)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	s.Look()
	wait(t, "the file", func() bool { b, _ := os.ReadFile(filepath.Join(dir, "eeprom")); return string(b) == "changed1" })
	if len(told) > 0 {
		t.Errorf("told again: %q", <-told)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeReadIsNotTouched(t *testing.T) {
	dir := t.TempDir()
	// A folder in place of the file: it exists, and cannot be read.
	if err := os.MkdirAll(filepath.Join(dir, "eeprom", "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	m, eeprom, flash := board()
	s, warnings := open(t, dir, m)
	if len(warnings) != 1 || !strings.Contains(warnings[0], "not stored until the file can be read") {
		t.Errorf("warnings %q", warnings)
	}
	eeprom.b, flash.b = []byte("changed1"), []byte("changed2")
	closeStore(t, s)
	if got := files(t, dir); got != "eeprom flash" || files(t, filepath.Join(dir, "eeprom")) != "sub" {
		t.Errorf("files %q", got)
	}
}
