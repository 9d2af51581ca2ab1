package romset_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// made makes the archives of sets in a new folder, after edit changed them:
// archive -> name -> content.
func made(t testing.TB, layout fill.Layout, edit func(map[string]map[string][]byte), names ...string) string {
	t.Helper()
	dir := scratch(t)
	archives := map[string]map[string][]byte{}
	for name, files := range fill.NewPlan(names, layout) {
		archives[name] = map[string][]byte{}
		for n, f := range files {
			archives[name][n] = fill.FileContent("0", f)
		}
	}
	if edit != nil {
		edit(archives)
	}
	for name, files := range archives {
		writeZip(t, filepath.Join(dir, name+".zip"), zip.Store, files)
	}
	return dir
}

func writeZip(t testing.TB, path string, method uint16, files map[string][]byte) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range sortedKeys(files) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: method})
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
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, name string, paths ...string) (*romset.Loaded, error) {
	t.Helper()
	s, ok := romset.Lookup(name)
	if !ok {
		t.Fatalf("no set %s", name)
	}
	return romset.Load(s, romset.NewFinder(paths...), romset.Options{})
}

// problems returns the problems of a failed Load by file.
func problems(t testing.TB, err error) map[string]romset.Problem {
	t.Helper()
	var le *romset.LoadError
	if !errors.As(err, &le) {
		t.Fatalf("got %v, want a LoadError", err)
	}
	m := map[string]romset.Problem{}
	for _, p := range le.Problems {
		m[p.File] = p
	}
	return m
}

func TestLayouts(t *testing.T) {
	want := answers(t, "0")
	sets := strings.Fields("puckman mspacman sf2ce sf2ceua dino dinoj ssf2u redearthn arkanoidj frogger")
	for _, layout := range []fill.Layout{fill.Full, fill.Split, fill.Merged} {
		dir := made(t, layout, nil, sets...)
		finder := romset.NewFinder(t.TempDir(), dir)
		for _, name := range sets {
			if want[name] == nil {
				t.Errorf("no answer for %s", name)
			}
			for _, d := range compare(name, finder, want[name]) {
				t.Errorf("%s, %s: %s", layout, name, d)
			}
		}
	}
}

func TestUnpackedAndCaseAndPaths(t *testing.T) {
	want := answers(t, "0")["mspacman"]
	one, two := t.TempDir(), t.TempDir()
	plan := fill.NewPlan([]string{"mspacman"}, fill.Split)
	for archive, files := range plan {
		dir := filepath.Join(one, strings.ToUpper(archive))
		if archive == "puckman" {
			dir = filepath.Join(two, "PuckMan")
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for n, f := range files {
			if err := os.WriteFile(filepath.Join(dir, strings.ToUpper(n)), fill.FileContent("0", f), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, d := range compare("mspacman", romset.NewFinder(one, two), want) {
		t.Error(d)
	}
}

func TestProblems(t *testing.T) {
	const file = "pacman.6e" // 4096 bytes of pacman
	cut := func(b []byte) []byte { return b[:len(b)-1] }
	tests := []struct {
		name string
		edit func(map[string][]byte)
		kind romset.Kind
		say  []string
	}{
		{"missing", func(z map[string][]byte) { delete(z, file) }, romset.Missing,
			[]string{"pacman: missing pacman.6e (4096 bytes, CRC c1e6ab10), looked in ", "pacman.zip"}},
		{"short", func(z map[string][]byte) { z[file] = cut(z[file]) }, romset.WrongSize, []string{"should have 4096 bytes", "has 4095 bytes"}},
		{"long", func(z map[string][]byte) { z[file] = append(z[file], 0) }, romset.WrongSize, []string{"has 4097 bytes"}},
		{"empty", func(z map[string][]byte) { z[file] = nil }, romset.WrongSize, []string{"has 0 bytes"}},
		{"climbing name", func(z map[string][]byte) { z["../"+file] = z[file]; delete(z, file) }, romset.Missing, []string{"missing pacman.6e"}},
		{"absolute name", func(z map[string][]byte) { z["/"+file] = z[file]; delete(z, file) }, romset.Missing, []string{"missing pacman.6e"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			dir := made(t, fill.Full, func(a map[string]map[string][]byte) { c.edit(a["pacman"]) }, "pacman")
			_, err := load(t, "pacman", dir)
			p, ok := problems(t, err)[file]
			if !ok || p.Kind != c.kind || !p.Fatal() {
				t.Fatalf("%+v", err)
			}
			for _, s := range c.say {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q does not say %q", err, s)
				}
			}
		})
	}
}

func TestWrongChecksumRuns(t *testing.T) {
	l, err := load(t, "puckman", made(t, fill.Full, nil, "puckman"))
	if err != nil {
		t.Fatal(err)
	}
	s, _ := romset.Lookup("puckman")
	if len(l.Warnings) != len(s.Files) {
		t.Errorf("%d warnings, want one for each of the %d files", len(l.Warnings), len(s.Files))
	}
	for _, w := range l.Warnings {
		if w.Kind != romset.WrongChecksum || w.Fatal() || !strings.Contains(w.Error(), "has CRC") {
			t.Errorf("%v", w.Error())
		}
	}
}

// The message that the brief of this package gave as its example.
func TestErrorsReadLikeHelp(t *testing.T) {
	sf2ceua, _ := romset.Lookup("sf2ceua")
	sf2ce, _ := romset.Lookup("sf2ce")
	own := map[string]bool{}
	for _, f := range sf2ce.Files {
		own[f.Name] = true
	}
	dir := made(t, fill.Full, func(a map[string]map[string][]byte) { delete(a["sf2ce"], "s92e_23b.8f") }, "sf2ce")
	// a file with the checksum of sf2ceua's program in the place of sf2ce's
	var other *romset.File
	for i := range sf2ceua.Files {
		if f := &sf2ceua.Files[i]; f.Name == "s92u_23a.8f" || other == nil && strings.HasPrefix(f.Name, "s92") && !own[f.Name] && f.Size == 524288 {
			other = f
		}
	}
	if other == nil {
		t.Fatal("sf2ceua has no program of its own")
	}
	addWithCRC(t, filepath.Join(dir, "sf2ce.zip"), other.Name, int(other.Size), other.CRC)
	_, err := load(t, "sf2ce", dir)
	if err == nil {
		t.Fatal("loads without a program")
	}
	for _, s := range []string{"sf2ce: missing s92e_23b.8f (524288 bytes, CRC 0aaa1a3a), looked in ", "sf2ce.zip; your sf2ce.zip has " + other.Name + " with CRC ", "that is sf2ceua's"} {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("%q does not say %q", err, s)
		}
	}
}

// addWithCRC adds an entry to a zip whose content has the given checksum:
// zeros, and four bytes at the end that make it so.
func addWithCRC(t testing.TB, path, name string, size int, crc uint32) {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	files := map[string][]byte{name: forge(size, crc)}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		rc.Close()
		files[f.Name] = b
	}
	writeZip(t, path, zip.Store, files)
}

func TestNoPathNoSetNoBIOS(t *testing.T) {
	_, err := load(t, "puckman")
	if err == nil || !strings.Contains(err.Error(), "no ROM path") {
		t.Errorf("%v", err)
	}
	_, err = load(t, "puckman", filepath.Join(t.TempDir(), "nowhere"))
	if err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("%v", err)
	}
	_, err = load(t, "puckman", t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "no folder, zip or 7z named puckman") {
		t.Errorf("%v", err)
	}
	_, err = load(t, "jojo", t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "disc image") {
		t.Errorf("%v", err)
	}
	kof, _ := romset.Lookup("kof98")
	if _, err = romset.Load(kof, romset.NewFinder(t.TempDir()), romset.Options{BIOS: "mars"}); err == nil || !strings.Contains(err.Error(), "unibios40") {
		t.Errorf("%v", err)
	}
	pac, _ := romset.Lookup("puckman")
	if _, err = romset.Load(pac, romset.NewFinder(t.TempDir()), romset.Options{BIOS: "us"}); err == nil || !strings.Contains(err.Error(), "no BIOS to choose") {
		t.Errorf("%v", err)
	}
}

func TestDamagedArchives(t *testing.T) {
	whole := made(t, fill.Full, nil, "puckman")
	good, err := os.ReadFile(filepath.Join(whole, "puckman.zip"))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		data []byte
		say  string
	}{
		"cut":   {good[:len(good)/2], "cut off or not a zip file"},
		"empty": {nil, "cut off or not a zip file"},
		"text":  {[]byte("this is no archive, whatever its name says"), "cut off or not a zip file"},
	}
	flipped := bytes.Clone(good)
	flipped[200] ^= 1 // content of the first file
	tests["one bit"] = struct {
		data []byte
		say  string
	}{flipped, "cannot be read from"}
	encrypted := bytes.Clone(good)
	for i := 0; i+4 < len(encrypted); i++ { // the flag in local and central headers
		if bytes.HasPrefix(encrypted[i:], []byte("PK\x03\x04")) {
			encrypted[i+6] |= 1
		}
		if bytes.HasPrefix(encrypted[i:], []byte("PK\x01\x02")) {
			encrypted[i+8] |= 1
		}
	}
	tests["encrypted"] = struct {
		data []byte
		say  string
	}{encrypted, "encrypted"}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "puckman.zip"), c.data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := load(t, "puckman", dir)
			if err == nil {
				t.Fatal("loads")
			}
			var le *romset.LoadError
			if !errors.As(err, &le) {
				t.Fatal(err)
			}
			said := false
			for i := range le.Problems {
				said = said || strings.Contains(le.Problems[i].Error(), c.say) && strings.Contains(le.Problems[i].Error(), "puckman.zip")
			}
			if !said {
				t.Errorf("%v\ndoes not say %q", err, c.say)
			}
		})
	}
}

// A zip that claims that a small file is huge, or that unpacks to far more
// than it should, costs no more memory than the file should have.
func TestBombsCostNothing(t *testing.T) {
	dir := made(t, fill.Full, func(a map[string]map[string][]byte) { a["puckman"]["pm1_prg1.6e"] = make([]byte, 64<<20) }, "puckman")
	path := filepath.Join(dir, "puckman.zip")
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range r.File {
		rc, _ := f.Open()
		files[f.Name], _ = io.ReadAll(rc)
		rc.Close()
	}
	r.Close()
	writeZip(t, path, zip.Deflate, files)
	lie := func(size uint32) {
		b, _ := os.ReadFile(path)
		at := bytes.LastIndex(b, []byte("pm1_prg1.6e")) - 46
		if at < 0 || !bytes.HasPrefix(b[at:], []byte("PK\x01\x02")) {
			t.Fatal("no central header")
		}
		b[at+24], b[at+25], b[at+26], b[at+27] = byte(size), byte(size>>8), byte(size>>16), byte(size>>24)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []uint32{64 << 20, 2048, 0xfffffffe} {
		lie(size)
		files = nil
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := load(t, "puckman", dir)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("size %d: loads", size)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 24<<20 {
			t.Errorf("size %d: allocates %d MB in all", size, used>>20)
		}
	}
}

func TestLinksDoNotLeadOut(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	plan := fill.NewPlan([]string{"puckman"}, fill.Full)
	set := filepath.Join(dir, "puckman")
	if err := os.Mkdir(set, 0o755); err != nil {
		t.Fatal(err)
	}
	for n, f := range plan["puckman"] {
		place := set
		if n == "pm1_prg1.6e" {
			place = outside
		}
		if err := os.WriteFile(filepath.Join(place, n), fill.FileContent("0", f), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(outside, "pm1_prg1.6e"), filepath.Join(set, "pm1_prg1.6e")); err != nil {
		t.Skip("this system has no links:", err)
	}
	_, err := load(t, "puckman", dir)
	if p := problems(t, err)["pm1_prg1.6e"]; p.Kind != romset.Missing {
		t.Errorf("%v", err)
	}
}

func TestBIOSChoice(t *testing.T) {
	dir := made(t, fill.Full, nil, "neogeo", "kof98")
	s, _ := romset.Lookup("kof98")
	regions := map[string]string{}
	for _, b := range s.BIOSes {
		l, err := romset.Load(s, romset.NewFinder(dir), romset.Options{BIOS: b.Name})
		if err != nil {
			t.Fatalf("%s: %v", b.Name, err)
		}
		h := short(l.Regions["mainbios"])
		if other, dup := regions[h]; dup {
			t.Errorf("BIOS %s and %s are the same", b.Name, other)
		}
		regions[h] = b.Name
	}
	if len(regions) < 20 {
		t.Errorf("%d BIOSes", len(regions))
	}
}
