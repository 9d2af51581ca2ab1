package tests

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arcade/cmd/arcade/script"
	"arcade/machine"
	"arcade/romset"
	"arcade/tests/oracle"
	cps3rom "arcade/tests/roms/cps3"
)

var cps3Golden = goldenFile{"testdata/cps3-golden.txt", "tests/roms/cps3", "TestCPS3OwnProgram"}

// The test program's scenes are MAME's, picture by picture: sprites, tilemaps,
// text, zoom, both widths, each DMA, flash, EEPROM, inputs, interrupts. MAME's
// hashes are committed; with $ARCADE_LONG MAME itself runs, on more cartridges,
// and is listened to as well.
func TestCPS3OwnProgram(t *testing.T) {
	sets := []string{"redearthn", "sfiii2n"}
	mame := os.Getenv("ARCADE_LONG") != ""
	if mame || *updateGolden {
		sets = append(sets, "sfiiin", "sfiii3n", "jojon")
	}
	known := cps3Golden.read(t)
	for i, name := range sets {
		t.Run(name, func(t *testing.T) {
			// Of some seeds' scenes MAME crashes: these are good.
			s := cps3rom.NewScript([]uint64{1, 2, 3, 5}[i%4])
			set, ok := romset.Lookup(name)
			if !ok {
				t.Fatalf("there is no set %s", name)
			}
			dir := t.TempDir()
			if err := cps3rom.Write(dir, set, s); err != nil {
				t.Fatal(err)
			}
			moves := s.Moves(set)
			want, ok := known[name]
			if mame {
				comparison{name, dir, cps3rom.Frames, moves, []string{"maincpu"}, true}.runExcept(t, s.Torn)
			}
			if *updateGolden {
				frames, _ := oracle.Frames(t, oracle.Options{Set: name, Rompath: dir, Frames: cps3rom.Frames, Input: moves})
				var hashes []string
				for _, f := range frames {
					hashes = append(hashes, f.RGB)
				}
				want = goldenOf(without(hashes, s.Torn))
				known[name] = want
				cps3Golden.write(t, known)
			} else if !ok {
				t.Fatalf("%s has no hash of this set", cps3Golden.path)
			}
			got := goldenOf(without(runCPS3(t, name, dir, moves), s.Torn))
			if got.all == want.all {
				return
			}
			var wrong []string
			for _, n := range got.differences(want) {
				for _, torn := range s.Torn { // in order; these are left out of the count
					if torn <= n {
						n++
					}
				}
				scene := ""
				for _, c := range s.Scenes {
					if c.Frame <= n {
						scene = c.Name
					}
				}
				wrong = append(wrong, fmt.Sprintf("%d (%s)", n, scene))
			}
			t.Errorf("%d of %d pictures differ from MAME's, first %v", len(wrong), cps3rom.Frames, wrong[:min(8, len(wrong))])
		})
	}
}

// without leaves some frames' hashes out.
func without(hashes []string, frames []int) []string {
	var out []string
	for n, h := range hashes {
		if !slices.Contains(frames, n) {
			out = append(out, h)
		}
	}
	return out
}

// runCPS3 runs a set and returns the SHA-1 of every picture.
func runCPS3(t *testing.T, name, dir, moves string) []string {
	t.Helper()
	m, err := openGame(t, name, dir).Build()
	if err != nil {
		t.Fatal(err)
	}
	events, err := script.Parse("moves", strings.NewReader(moves), m.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	out := &machine.Output{Picture: m.NewPicture()}
	input := m.Inputs.Released()
	var hashes []string
	different := map[string]bool{}
	for n := range cps3rom.Frames {
		events.Apply(uint64(n), &input)
		m.Frame(&input, out)
		sum := sha1.Sum(out.Picture.AppendRGB(nil))
		hashes = append(hashes, hex.EncodeToString(sum[:]))
		different[hashes[n]] = true
	}
	if len(different) < 100 {
		t.Errorf("only %d different pictures: the program does not run", len(different))
	}
	return hashes
}

// The committed test program is what the compiler makes of its source.
func TestCPS3ProgramIsReproducible(t *testing.T) {
	gcc, err := exec.LookPath("sh4-linux-gnu-gcc")
	if err != nil {
		t.Skip("sh4-linux-gnu-gcc is not installed: ./test installs it")
	}
	version, err := exec.Command(gcc, "-dumpfullversion").Output()
	if err != nil {
		t.Fatal(err)
	}
	if v := strings.TrimSpace(string(version)); v != "12.2.0" {
		t.Skipf("the program was compiled by gcc 12.2.0, here is %s", v)
	}
	out := filepath.Join(t.TempDir(), "program.bin")
	oracle.Run(t, filepath.Join("roms", "cps3", "src", "build"), out)
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, cps3rom.Program) {
		t.Error("src/build makes something else than program.bin")
	}
}
