package romset_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// A fate is what happened to a file before its set is judged.
type fate int

const (
	untouched fate = iota
	renamed
	gone
	cut
	longer
	changed
	swapped // with another file of the set that has the same size
	foreign // replaced by a file of another set
	allFates
)

// small makes a copy of a set whose files are a few bytes long and have
// checksums to match: genuine files, as far as a verdict can tell. It returns
// their content by name.
func small(s *romset.Set) (*romset.Set, map[string][]byte) {
	c := *s
	c.Files = slices.Clone(s.Files)
	content := map[string][]byte{}
	for i := range c.Files {
		f := &c.Files[i]
		if f.Size == 0 {
			continue
		}
		b := content[f.Name]
		if b == nil {
			b = fill.Content("0", fill.Key(f.SHA1, f.CRC, f.Name), 40+int(f.Size%13))
			content[f.Name] = b
		}
		f.Size = int64(len(b))
		if f.Status != romset.NoDump {
			sum := sha1.Sum(b)
			f.CRC, f.SHA1 = crc32.ChecksumIEEE(b), string(sum[:])
		}
	}
	return &c, content
}

// expected is what should be said of a file with that fate.
func expected(s *romset.Set, f *romset.File, what fate) romset.State {
	spare := f.BIOS != "" && f.BIOS != s.DefaultBIOS()
	wrong := func(state romset.State) romset.State {
		if spare {
			return romset.StateOtherBIOS
		}
		return state
	}
	switch {
	case f.Status == romset.NoDump:
		return romset.StateNoDump
	case what == gone && !spare && f.Optional:
		return romset.StateOptional
	case what == gone:
		return wrong(romset.StateMissing)
	case what == cut || what == longer:
		return wrong(romset.StateSize)
	case what == changed || what == foreign:
		return wrong(romset.StateChecksum)
	case f.Status == romset.Bad:
		return romset.StateBadDump
	case what == renamed || what == swapped:
		return romset.StateRenamed
	}
	return romset.StateGood
}

// TestVerdictsOfEverySet lets chance decide what happens to each file of each
// set, and checks what is said of each. Without ARCADE_LONG it takes every third
// set.
func TestVerdictsOfEverySet(t *testing.T) {
	sets, files := 0, 0
	seen := map[fate]int{}
	verdicts := map[romset.Verdict]int{}
	dir := scratch(t)
	n := 0
	for s := range romset.Sets() {
		n++
		if len(s.Files) == 0 || os.Getenv("ARCADE_LONG") == "" && n%3 != 0 {
			continue
		}
		rng := rand.New(rand.NewPCG(1, uint64(crc32.ChecksumIEEE([]byte(s.Name)))))
		for round := range 3 { // whole, a little wrong, all wrong
			c, content := small(s)
			archive, fates := decide(rng, content, []int{0, 8, 1}[round])
			where := filepath.Join(dir, fmt.Sprint(s.Name, round))
			if err := os.Mkdir(where, 0o755); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(where, s.Name+".zip")
			writeZip(t, path, zip.Store, archive)
			v := romset.NewVerifier(romset.NewFinder(where))
			r := v.Verify(c)
			v.Close()
			os.RemoveAll(where)
			sets++
			own := r.Files[:len(c.Files)] // after these come those of devices
			missing, bad, doubtful, mine, found := false, false, false, 0, 0
			for i := range r.Files {
				got := &r.Files[i]
				if i < len(own) {
					f := &c.Files[i]
					files++
					seen[fates[f.Name]]++
					if want := expected(c, f, fates[f.Name]); f.Size > 0 && got.State != want {
						t.Errorf("%s: %s (%d): %q, want %q", s.Name, f.Name, fates[f.Name], got.State, want)
					}
					checkFound(t, s.Name, path, archive, got)
					if f.Merge == "" && f.Size > 0 {
						mine++
						if got.Where != "" {
							found++
						}
					}
				}
				switch got.State {
				case romset.StateMissing:
					missing = true
				case romset.StateSize, romset.StateChecksum, romset.StateUnreadable:
					bad = true
				case romset.StateBadDump, romset.StateNoDump:
					doubtful = true
				}
			}
			want := romset.VerdictGood
			switch {
			case bad:
				want = romset.VerdictBad
			case missing && mine > 0 && found == 0:
				want = romset.VerdictNotFound
			case missing:
				want = romset.VerdictIncomplete
			case doubtful:
				want = romset.VerdictBest
			}
			verdicts[want]++
			if r.Verdict != want {
				t.Errorf("%s: %q, want %q", s.Name, r.Verdict, want)
			}
		}
	}
	for f := range allFates {
		if seen[f] == 0 {
			t.Errorf("nothing had fate %d", f)
		}
	}
	if len(verdicts) != 5 {
		t.Errorf("only these verdicts: %v", verdicts)
	}
	t.Logf("%d times a set, %d files, fates %v, verdicts %v", sets, files, seen, verdicts)
}

// checkFound checks what a report says of the file that was found.
func checkFound(t *testing.T, set, path string, archive map[string][]byte, r *romset.FileReport) {
	t.Helper()
	if r.Where == "" {
		if r.State == romset.StateMissing && !slices.Contains(r.Looked, path) {
			t.Errorf("%s: %s: looked in %q", set, r.File, r.Looked)
		}
		return
	}
	b, ok := archive[r.Found]
	if !ok || r.Where != path+": "+r.Found || r.FoundSize != int64(len(b)) {
		t.Errorf("%s: %s: found as %q with %d bytes in %q", set, r.File, r.Found, r.FoundSize, r.Where)
	}
	sum := sha1.Sum(b)
	if r.FoundSHA1 != "" && (r.FoundSHA1 != hex.EncodeToString(sum[:]) || r.FoundCRC != fmt.Sprintf("%08x", crc32.ChecksumIEEE(b))) {
		t.Errorf("%s: %s: found with CRC %s, SHA-1 %s", set, r.File, r.FoundCRC, r.FoundSHA1)
	}
}

// decide gives one in so many files (0: none) a fate, and returns the archive
// that comes of it. Files that another has the content of are left alone: what
// is missing under one name would be found under the other.
func decide(rng *rand.Rand, content map[string][]byte, one int) (archive map[string][]byte, fates map[string]fate) {
	archive, fates = map[string][]byte{}, map[string]fate{}
	copies := map[string]int{}
	for _, b := range content {
		copies[string(b)]++
	}
	names := sortedKeys(content)
	for _, n := range names {
		archive[n] = content[n]
	}
	bySize := map[int]string{} // a file that waits for another to swap with
	for _, n := range names {
		b := content[n]
		if one == 0 || rng.IntN(one) > 0 || copies[string(b)] > 1 {
			continue
		}
		switch f := fate(rng.IntN(int(allFates))); f {
		case renamed:
			delete(archive, n)
			archive["zz-"+n] = b
			fates[n] = f
		case gone:
			delete(archive, n)
			fates[n] = f
		case cut:
			archive[n] = b[:rng.IntN(len(b))]
			fates[n] = f
		case longer:
			archive[n] = append(bytes.Clone(b), 1)
			fates[n] = f
		case changed:
			archive[n] = bytes.Clone(b)
			archive[n][rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			fates[n] = f
		case foreign:
			archive[n] = fill.Content("another set's", n, len(b))
			fates[n] = f
		case swapped:
			other, ok := bySize[len(b)]
			if !ok {
				bySize[len(b)] = n
				continue
			}
			delete(bySize, len(b))
			archive[n], archive[other] = archive[other], archive[n]
			fates[n], fates[other] = f, f
		}
	}
	return archive, fates
}

// TestFilesOfOtherSetsAreNamed puts a file of one set in the place of another
// set's: the report says whose it is.
func TestFilesOfOtherSetsAreNamed(t *testing.T) {
	// every set has one small file replaced by the next set's
	var last *romset.File
	var lastSet *romset.Set
	tried := 0
	dir := scratch(t)
	for s := range romset.Sets() {
		i := slices.IndexFunc(s.Files, func(f romset.File) bool {
			return f.Status == romset.Good && f.Size >= 256 && f.Size <= 4096 && f.Merge == "" && f.BIOS == ""
		})
		if i < 0 || s.IsDevice {
			continue
		}
		f := &s.Files[i]
		if last != nil && last.CRC != f.CRC && !slices.ContainsFunc(s.Files, func(o romset.File) bool { return o.CRC == last.CRC }) {
			tried++
			path := filepath.Join(dir, s.Name+".zip")
			writeZip(t, path, zip.Store, map[string][]byte{f.Name: forge(int(last.Size), last.CRC)})
			v := romset.NewVerifier(romset.NewFinder(dir))
			r := v.Verify(s).Files[i]
			v.Close()
			os.Remove(path)
			want := romset.StateChecksum
			if last.Size != f.Size {
				want = romset.StateSize
			}
			is := slices.ContainsFunc(r.Is, func(o romset.Owner) bool { return o.Set == lastSet.Name && o.File == last.Name })
			if r.State != want || !is && want == romset.StateChecksum {
				t.Errorf("%s: %s of %s in place of %s: %s, %v", s.Name, last.Name, lastSet.Name, f.Name, r.State, r.Is)
			}
		}
		last, lastSet = f, s
	}
	if tried < 300 {
		t.Errorf("%d sets tried", tried)
	}
}

// TestIdentKnowsEveryFile names the files of every set after nothing, and asks
// whose they are. Their archives' lists are genuine; what is packed is not.
func TestIdentKnowsEveryFile(t *testing.T) {
	dir := scratch(t)
	names := map[string]map[string][]string{} // archive -> name in it -> the name it should have
	files := 0
	for s := range romset.Sets() {
		if len(s.Files) == 0 {
			continue
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		names[s.Name] = map[string][]string{}
		for i := range s.Files {
			f := &s.Files[i]
			if f.Size == 0 || f.Status == romset.NoDump {
				continue
			}
			n := fmt.Sprintf("%d.bin", i)
			w, err := z.CreateRaw(&zip.FileHeader{Name: n, Method: zip.Deflate, CRC32: f.CRC, CompressedSize64: 2, UncompressedSize64: uint64(f.Size)})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte{3, 0}); err != nil {
				t.Fatal(err)
			}
			names[s.Name][n] = append(names[s.Name][n], f.Name)
			files++
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.Name+".zip"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := 0
	for _, id := range romset.Ident(dir) {
		got++
		set := filepath.Base(id.Path)
		set = set[:len(set)-len(".zip")]
		want := names[set][id.Name]
		if !slices.ContainsFunc(id.Owners, func(o romset.Owner) bool { return o.Set == set && slices.Contains(want, o.File) }) {
			s, _ := romset.Lookup(set)
			// a file that the set has under several names is told by the first
			same := slices.ContainsFunc(id.Owners, func(o romset.Owner) bool {
				return o.Set == set && slices.ContainsFunc(s.Files, func(f romset.File) bool { return f.Name == o.File && fmt.Sprintf("%08x", f.CRC) == id.CRC })
			})
			if !same {
				t.Errorf("%s of %s: %v %s", want, set, id.Owners, id.Error)
			}
		}
	}
	if got != files || files < 10000 {
		t.Errorf("%d files identified of %d", got, files)
	}
}
