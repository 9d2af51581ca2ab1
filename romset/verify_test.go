package romset_test

import (
	"archive/zip"
	"context"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// genuine makes an archive of a set whose files have the right sizes and
// CRCs. (The SHA-1 cannot be forged, so verdicts that need it are not good.)
func genuine(t testing.TB, s *romset.Set) map[string][]byte {
	files := map[string][]byte{}
	for i := range s.Files {
		f := &s.Files[i]
		if f.Status != romset.NoDump && f.Size >= 4 {
			b := fill.FileContent("0", f)
			forgeEnd(b, f.CRC)
			if crc32.ChecksumIEEE(b) != f.CRC {
				t.Fatalf("%s: CRC not forged", f.Name)
			}
			files[f.Name] = b
		}
	}
	return files
}

func scan(t testing.TB, index string, paths ...string) (*romset.Collection, *romset.Index) {
	t.Helper()
	x := romset.OpenIndex(index)
	c, err := x.Scan(context.Background(), romset.NewFinder(paths...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, x
}

func verdictOf(c *romset.Collection, set string) romset.Verdict {
	for _, s := range c.Sets {
		if s.Name == set {
			return s.Verdict
		}
	}
	return romset.VerdictNotFound
}

// Scanning goes by the archives' lists, so there forged files are good.
func TestScanVerdicts(t *testing.T) {
	parent, _ := romset.Lookup("puckman")
	clone, _ := romset.Lookup("pacman")
	tests := []struct {
		name          string
		parent, clone func(map[string][]byte)
		want          [2]romset.Verdict
	}{
		{"whole", nil, nil, [2]romset.Verdict{romset.VerdictGood, romset.VerdictGood}},
		{"file missing", func(z map[string][]byte) { delete(z, "pm1_prg1.6e") }, nil, [2]romset.Verdict{romset.VerdictIncomplete, romset.VerdictGood}},
		{"file cut", func(z map[string][]byte) { z["pm1_prg1.6e"] = z["pm1_prg1.6e"][:100] }, nil, [2]romset.Verdict{romset.VerdictBad, romset.VerdictGood}},
		{"file changed", func(z map[string][]byte) { z["pm1_prg1.6e"][5]++ }, nil, [2]romset.Verdict{romset.VerdictBad, romset.VerdictGood}},
		{"renamed", func(z map[string][]byte) { z["x.bin"] = z["pm1_prg1.6e"]; delete(z, "pm1_prg1.6e") }, nil, [2]romset.Verdict{romset.VerdictGood, romset.VerdictGood}},
		{"clone's own missing", nil, func(z map[string][]byte) { delete(z, "pacman.5e") }, [2]romset.Verdict{romset.VerdictGood, romset.VerdictIncomplete}},
		{"clone cut", nil, func(z map[string][]byte) { z["pacman.5e"] = z["pacman.5e"][:1] }, [2]romset.Verdict{romset.VerdictGood, romset.VerdictBad}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			p, k := genuine(t, parent), genuine(t, clone)
			for i := range clone.Files { // split
				if f := &clone.Files[i]; f.Merge != "" {
					delete(k, f.Name)
				}
			}
			if c.parent != nil {
				c.parent(p)
			}
			if c.clone != nil {
				c.clone(k)
			}
			writeZip(t, filepath.Join(dir, "puckman.zip"), zip.Deflate, p)
			writeZip(t, filepath.Join(dir, "pacman.zip"), zip.Deflate, k)
			got, _ := scan(t, filepath.Join(dir, "index"), dir)
			if v := [2]romset.Verdict{verdictOf(got, "puckman"), verdictOf(got, "pacman")}; v != c.want {
				for _, n := range []string{"puckman", "pacman"} {
					s, _ := romset.Lookup(n)
					v := romset.NewVerifier(romset.NewFinder(dir))
					for _, f := range v.Verify(s).Files {
						t.Logf("%s %s: %s %s", n, f.File, f.State, f.Where)
					}
					v.Close()
				}
				t.Errorf("got %v, want %v", v, c.want)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	dir := made(t, fill.Full, func(a map[string]map[string][]byte) {
		z := a["pacman"]
		delete(z, "pacman.6e")
		z["pacman.6f"] = z["pacman.6f"][:1000]
		z["pacman.6h"] = append(z["pacman.6h"], 1, 2)
	}, "pacman")
	s, _ := romset.Lookup("pacman")
	mspacman, _ := romset.Lookup("mspacman")
	v := romset.NewVerifier(romset.NewFinder(dir))
	defer v.Close()
	r := v.Verify(s)
	if r.Verdict != romset.VerdictBad {
		t.Errorf("verdict %s", r.Verdict)
	}
	want := map[string]romset.State{"pacman.6e": romset.StateMissing, "pacman.6f": romset.StateSize, "pacman.6h": romset.StateSize, "pacman.6j": romset.StateChecksum}
	seen := 0
	for _, f := range r.Files {
		if w, ok := want[f.File]; ok {
			seen++
			if f.State != w {
				t.Errorf("%s: %s, want %s", f.File, f.State, w)
			}
		} else if f.State != romset.StateChecksum {
			t.Errorf("%s: %s", f.File, f.State)
		}
		if f.State == romset.StateSize && f.FoundSize != map[string]int64{"pacman.6f": 1000, "pacman.6h": 4098}[f.File] {
			t.Errorf("%s: found %d bytes", f.File, f.FoundSize)
		}
		if f.State == romset.StateMissing && len(f.Looked) == 0 {
			t.Errorf("%s: looked nowhere", f.File)
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d files reported", seen, len(want))
	}
	if r := v.Verify(mspacman); r.Verdict != romset.VerdictNotFound && r.Verdict != romset.VerdictIncomplete && r.Verdict != romset.VerdictBad {
		t.Errorf("mspacman: %s", r.Verdict)
	}
	// a fix list has the files that are wrong
	var b strings.Builder
	n, err := romset.WriteFix(&b, romset.DAT{Name: "fix"}, []*romset.Report{r})
	if err != nil || n != len(s.Files) || !strings.Contains(b.String(), `name="pacman.6e"`) {
		t.Errorf("%d files, %v: %s", n, err, b.String())
	}
}

func TestIndexNoticesChanges(t *testing.T) {
	dir := t.TempDir()
	index := filepath.Join(t.TempDir(), "sub", "index")
	s, _ := romset.Lookup("puckman")
	files := genuine(t, s)
	writeZip(t, filepath.Join(dir, "puckman.zip"), zip.Deflate, files)
	c, x := scan(t, index, dir)
	if c.Opened != 1 || verdictOf(c, "puckman") != romset.VerdictGood {
		t.Fatalf("%+v", c)
	}
	if err := x.Save(); err != nil {
		t.Fatal(err)
	}
	if c, _ = scan(t, index, dir); c.Opened != 0 || verdictOf(c, "puckman") != romset.VerdictGood {
		t.Errorf("second scan: %d opened, %s", c.Opened, verdictOf(c, "puckman"))
	}
	delete(files, "pm1_prg1.6e")
	writeZip(t, filepath.Join(dir, "puckman.zip"), zip.Deflate, files)
	if c, _ = scan(t, index, dir); c.Opened != 1 || verdictOf(c, "puckman") != romset.VerdictIncomplete {
		t.Errorf("after a change: %d opened, %s", c.Opened, verdictOf(c, "puckman"))
	}
	if err := os.WriteFile(index, []byte("rubbish"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c, _ = scan(t, index, dir); c.Opened != 1 {
		t.Error("a damaged index was believed")
	}
}

func TestMergedClonesAreFound(t *testing.T) {
	parent, _ := romset.Lookup("puckman")
	clone, _ := romset.Lookup("pacman")
	files := genuine(t, parent)
	for i := range clone.Files {
		if f := &clone.Files[i]; f.Merge == "" {
			files["pacman/"+f.Name] = genuine(t, clone)[f.Name]
		}
	}
	dir := t.TempDir()
	writeZip(t, filepath.Join(dir, "puckman.zip"), zip.Deflate, files)
	c, _ := scan(t, filepath.Join(dir, "index"), dir)
	if v := verdictOf(c, "pacman"); v != romset.VerdictGood {
		t.Errorf("pacman: %s", v)
	}
}

func TestIdent(t *testing.T) {
	s, _ := romset.Lookup("puckman")
	files := genuine(t, s)
	dir := t.TempDir()
	writeZip(t, filepath.Join(dir, "stuff.zip"), zip.Deflate, map[string][]byte{"a.bin": files["pm1_prg1.6e"], "b.bin": {1, 2, 3}})
	if err := os.WriteFile(filepath.Join(dir, "broken.zip"), []byte("PK"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "loose.bin"), files["pm1_prg2.6k"], 0o644); err != nil {
		t.Fatal(err)
	}
	got := map[string]romset.Identity{}
	for _, id := range romset.Ident(dir) {
		got[filepath.Base(id.Path)+":"+id.Name] = id
	}
	if len(got) != 4 {
		t.Errorf("%v", got)
	}
	if id := got["stuff.zip:a.bin"]; len(id.Owners) == 0 || id.Owners[0].Set != "puckman" || id.Owners[0].File != "pm1_prg1.6e" {
		t.Errorf("a.bin: %+v", id)
	}
	if id := got["stuff.zip:b.bin"]; len(id.Owners) != 0 {
		t.Errorf("b.bin: %+v", id)
	}
	if id := got["broken.zip:"]; id.Error == "" {
		t.Errorf("broken.zip: %+v", id)
	}
	// a loose file is read, so its SHA-1 tells that it is forged
	if id := got["loose.bin:"]; len(id.Owners) != 0 || id.CRC == "" {
		t.Errorf("loose.bin: %+v", id)
	}
	if ids := romset.Ident(filepath.Join(dir, "nothing")); len(ids) != 1 || ids[0].Error == "" {
		t.Errorf("%+v", ids)
	}
}
