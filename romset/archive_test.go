package romset_test

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// put copies an archive of testdata into a new ROM path as a set's.
func put(t testing.TB, file, set string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "archives", file))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, set+filepath.Ext(file)), b, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The archives of testdata hold the made-up files of puckman, packed by 7-Zip
// and Python in every way that they offer.
func TestArchiveFormats(t *testing.T) {
	want := answers(t, "0")["puckman"]
	for _, file := range []string{"lzma2.7z", "lzma.7z", "stored.7z", "bzip2.7z", "deflate.7z", "lzma.zip", "bzip2.zip"} {
		for _, d := range compare("puckman", romset.NewFinder(put(t, file, "puckman")), want) {
			t.Errorf("%s: %s", file, d)
		}
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "puckman.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	z.RegisterCompressor(93, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
	files := fill.NewPlan([]string{"puckman"}, fill.Full)["puckman"]
	for _, n := range fill.Names(files) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: 93})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(fill.FileContent("0", files[n])); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, d := range compare("puckman", romset.NewFinder(dir), want) {
		t.Errorf("zstd: %s", d)
	}
}

func TestArchivesThatCannotBeRead(t *testing.T) {
	for file, say := range map[string]string{
		"encrypted.7z":      "encrypted",
		"encrypted-list.7z": "encrypted",
		"ppmd.7z":           "not supported",
	} {
		_, err := load(t, "puckman", put(t, file, "puckman"))
		var le *romset.LoadError
		if !errors.As(err, &le) {
			t.Errorf("%s: %v", file, err)
			continue
		}
		said := false
		for i := range le.Problems {
			text := le.Problems[i].Error()
			said = said || strings.Contains(text, say) && strings.Contains(text, "puckman.7z")
		}
		if !said {
			t.Errorf("%s: %v\ndoes not say %q", file, err, say)
		}
	}
}

// pack7z packs a folder's zips again as 7z archives, with 7-Zip.
func pack7z(t testing.TB, dir string, options ...string) string {
	t.Helper()
	tool := ""
	for _, name := range []string{"7zz", "7z", "7za"} {
		if p, err := exec.LookPath(name); err == nil {
			tool = p
			break
		}
	}
	if tool == "" {
		t.Skip("7-Zip is not installed")
	}
	out := scratch(t)
	zips, _ := filepath.Glob(filepath.Join(dir, "*.zip"))
	for _, path := range zips {
		work := scratch(t)
		if msg, err := exec.Command(tool, "x", "-bd", "-y", "-o"+work, path).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, msg)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".zip") + ".7z"
		cmd := exec.Command(tool, append([]string{"a", "-bd", filepath.Join(out, name), "."}, options...)...)
		cmd.Dir = work
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, msg)
		}
	}
	return out
}

func TestMerged7z(t *testing.T) {
	want := answers(t, "0")
	sets := strings.Fields("puckman pacman sf2ceua")
	dir := pack7z(t, made(t, fill.Merged, nil, sets...), "-mx=1", "-ms=on")
	for _, name := range sets {
		for _, d := range compare(name, romset.NewFinder(dir), want[name]) {
			t.Errorf("%s: %s", name, d)
		}
	}
}
