package tests

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"arcade/cmd/arcade/script"
	"arcade/machine"
	"arcade/romset"
	"arcade/tests/oracle"
	cpsrom "arcade/tests/roms/cps"
)

const cpsMoves = `
30 press P1 Up
40 release P1 Up
50 press Coin 1
55 release Coin 1
90 set Difficulty = 0
150 press P2 Left
200 press 1 Player Start
210 release 1 Player Start
300 release P2 Left
400 press Service 1
401 press P1 Right
600 set Demo Sounds = 32
900 press P1 Down
1000 release P1 Right
`

func TestCPSEqualsMAME(t *testing.T) {
	t.Run("demo", func(t *testing.T) {
		comparison{"sf2", oracle.Demo(t, "sf2"), 1200, cpsMoves, []string{"maincpu", "audiocpu"}, true}.run(t)
	})
	t.Run("bench", func(t *testing.T) {
		comparison{"ffight", oracle.Bench(t), 1200, strings.Replace(cpsMoves, "Difficulty", "Difficulty Level 1", 1), []string{"maincpu", "audiocpu"}, true}.run(t)
	})
}

func TestCPSSync(t *testing.T) {
	syncTest(t, "sf2", oracle.Demo(t, "sf2"), 10_000, true)
	syncTest(t, "ffight", oracle.Bench(t), 10_000, false)
}

func TestCPSDamagedStates(t *testing.T) {
	damagedStates(t, "sf2", ownCPS(t, "sf2"))
}

// The committed test program is what the compiler makes of its source.
func TestCPSProgramIsReproducible(t *testing.T) {
	gcc, err := exec.LookPath("m68k-linux-gnu-gcc")
	if err != nil {
		t.Skip("m68k-linux-gnu-gcc is not installed: ./test installs it")
	}
	version, err := exec.Command(gcc, "-dumpfullversion").Output()
	if err != nil {
		t.Fatal(err)
	}
	if v := strings.TrimSpace(string(version)); v != "12.2.0" {
		t.Skipf("the program was compiled by gcc 12.2.0, here is %s", v)
	}
	out := filepath.Join(t.TempDir(), "program.bin")
	oracle.Run(t, filepath.Join("roms", "cps", "src", "build"), out)
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, cpsrom.Program) {
		t.Error("src/build makes something else than program.bin")
	}
}

func cpsTables(t *testing.T) *cpsrom.Tables {
	t.Helper()
	tables, err := cpsrom.ReadTables(filepath.Join("..", "machine", "cps", "data"))
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// ownCPS packs the test program for a set and returns the ROM path.
func ownCPS(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	set, ok := romset.Lookup(name)
	if !ok {
		t.Fatalf("there is no set %s", name)
	}
	board, err := cpsTables(t).Board(set)
	if err != nil {
		t.Fatal(err)
	}
	if err := cpsrom.Write(dir, set, board); err != nil {
		t.Fatal(err)
	}
	return dir
}

var cpsGolden = goldenFile{"testdata/cps-golden.txt", "tests/roms/cps", "TestCPSOwnProgram"}

// The test program shows what it shows in MAME, frame by frame, on every
// CPS-B, with every mapper, memory map and bootleg's particularity. MAME's
// hashes are committed; with $ARCADE_LONG, MAME itself runs, and every set.
func TestCPSOwnProgram(t *testing.T) {
	tables := cpsTables(t)
	sets := tables.Cover()
	mame := os.Getenv("ARCADE_LONG") != ""
	if mame {
		sets = tables.Names()
	}
	if len(sets) < 60 {
		t.Fatalf("only %d sets cover everything: the tables were misread", len(sets))
	}
	known := cpsGolden.read(t)
	for _, name := range sets {
		t.Run(name, func(t *testing.T) {
			dir := ownCPS(t, name)
			set, _ := romset.Lookup(name)
			moves := cpsrom.Script(set)
			want, ok := known[name]
			if *updateGolden && !ok || mame {
				frames, _ := oracle.Frames(t, oracle.Options{Set: name, Rompath: dir, Frames: cpsrom.Frames, Input: moves})
				var hashes []string
				for _, f := range frames {
					hashes = append(hashes, f.RGB)
				}
				now := goldenOf(hashes)
				if ok && now.all != want.all {
					t.Errorf("MAME shows other pictures than those whose hashes are committed")
				}
				want = now
				if *updateGolden {
					known[name] = want
					cpsGolden.write(t, known)
				}
			} else if !ok {
				t.Fatalf("%s has no hash of this set", cpsGolden.path)
			}
			hashes := runCPS(t, name, dir, moves)
			got := goldenOf(hashes)
			if got.all == want.all {
				return
			}
			wrong := got.differences(want)
			t.Errorf("%d of %d pictures differ from MAME's, first %v", len(wrong), cpsrom.Frames, wrong[:min(8, len(wrong))])
		})
	}
}

// runCPS runs the test program and returns the SHA-1 of every picture.
func runCPS(t *testing.T, name, dir, moves string) []string {
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
	for n := range cpsrom.Frames {
		events.Apply(uint64(n), &input)
		m.Frame(&input, out)
		sum := sha1.Sum(out.Picture.AppendRGB(nil))
		hashes = append(hashes, hex.EncodeToString(sum[:]))
		different[hashes[n]] = true
	}
	if len(different) < (cpsrom.Frames-cpsrom.Start)*3/4 {
		t.Errorf("only %d different pictures: the program does not run", len(different))
	}
	return hashes
}
