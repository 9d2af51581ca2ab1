package tests

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/base64"
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

const cps3GoldenFile = "testdata/cps3-golden.txt"

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
	known := readCPS3Golden(t)
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
				writeCPS3Golden(t, known)
			} else if !ok {
				t.Fatalf("%s has no hash of this set", cps3GoldenFile)
			}
			got := goldenOf(without(runCPS3(t, name, dir, moves), s.Torn))
			if got.all == want.all {
				return
			}
			var wrong []string
			at := 0
			for n := range cps3rom.Frames {
				if slices.Contains(s.Torn, n) {
					continue
				}
				if !bytes.Equal(got.frames[2*at:2*at+2], want.frames[2*at:2*at+2]) {
					scene := ""
					for _, c := range s.Scenes {
						if c.Frame <= n {
							scene = c.Name
						}
					}
					wrong = append(wrong, fmt.Sprintf("%d (%s)", n, scene))
				}
				at++
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

func readCPS3Golden(t *testing.T) map[string]golden {
	t.Helper()
	out := map[string]golden{}
	f, err := os.Open(cps3GoldenFile)
	if err != nil {
		if *updateGolden {
			return out
		}
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		var set, all, frames string
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		if _, err := fmt.Sscan(s.Text(), &set, &all, &frames); err != nil {
			t.Fatalf("%s: %v in %.60q", cps3GoldenFile, err, s.Text())
		}
		b, err := base64.StdEncoding.DecodeString(frames)
		if err != nil {
			t.Fatal(err)
		}
		out[set] = golden{all, b}
	}
	return out
}

func writeCPS3Golden(t *testing.T, all map[string]golden) {
	t.Helper()
	var names []string
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	var out strings.Builder
	out.WriteString("# MAME 0.251's pictures of tests/roms/cps3: set, SHA-1 of all frames' SHA-1, first 16 bits of each.\n")
	out.WriteString("# Made by: go test ./tests -run TestCPS3OwnProgram -golden\n")
	for _, n := range names {
		fmt.Fprintf(&out, "%s %s %s\n", n, all[n].all, base64.StdEncoding.EncodeToString(all[n].frames))
	}
	if err := os.WriteFile(cps3GoldenFile, []byte(out.String()), 0o666); err != nil {
		t.Fatal(err)
	}
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
