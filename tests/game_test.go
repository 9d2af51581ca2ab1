package tests

import (
	"archive/zip"
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"arcade/cmd/arcade/script"
	"arcade/game"
	"arcade/machine"
	"arcade/machine/session"
	"arcade/romset"
	"arcade/tests/oracle"
)

// The replay is of a match of two players, from power-on: made by
// "arcade record galeride --frames 3600 --input tests/testdata/galeride.txt".
const (
	gameReplay = "testdata/replays/galeride.replay"
	gameMoves  = "testdata/galeride.txt"
	gameFrames = 3600
)

// gameStatus is struct status of game/src/game.h.
type gameStatus struct {
	Overruns, Most, State, Stage uint16
	Wins                         [2]uint16
	Frames, Credits              uint16
}

const (
	gameStateBoot  = 0
	gameStateTitle = 1
	gameStateDemo  = 3
	gameStateFight = 6
)

func newOwnGame(t testing.TB) *machine.Machine {
	t.Helper()
	m, err := openGame(t, game.Name, t.TempDir()).Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func ownGameStatus(t testing.TB, m *machine.Machine) (s gameStatus) {
	t.Helper()
	var ram []byte
	for _, mem := range m.Memory {
		if mem.Name == "maincpu/program" {
			ram = mem.Read(game.Overruns, binary.Size(s))
		}
	}
	if _, err := binary.Decode(ram, binary.BigEndian, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func gameScript(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(gameMoves)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// packGame writes the game as the files of its host, for MAME.
func packGame(t testing.TB) string {
	t.Helper()
	set, ok := romset.Lookup(game.Host)
	if !ok {
		t.Fatalf("there is no set %s", game.Host)
	}
	regions, err := game.Regions()
	if err != nil {
		t.Fatal(err)
	}
	contents := make([][]byte, len(set.Files))
	for i, f := range set.Files {
		contents[i] = make([]byte, f.Size)
	}
	for _, r := range set.Regions {
		mem, ok := regions[r.Name]
		if !ok {
			continue
		}
		for i := range r.Pieces {
			p := &r.Pieces[i]
			for n := range p.Count {
				f, m := contents[p.File][p.From+n*p.FromStep:][:p.Unit], mem[p.To+n*p.ToStep:][:p.Unit]
				for k := range f {
					if p.Reverse {
						f[k] = m[p.Unit-1-k]
					} else {
						f[k] = m[k]
					}
				}
			}
		}
	}
	dir := t.TempDir()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, f := range set.Files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(contents[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, set.Name+".zip"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What MAME reads from the host's files is what is embedded.
func TestGamePacked(t *testing.T) {
	want, err := game.Regions()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(game.Packed()); n > 2<<20 {
		t.Errorf("the embedded game has %d bytes, too many", n)
	}
	set, _ := romset.Lookup(game.Host)
	got, err := romset.Load(set, romset.NewFinder(packGame(t)), romset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, mem := range want {
		if !bytes.Equal(got.Regions[name], mem) {
			t.Errorf("region %s is not the same after it was packed and loaded", name)
		}
	}
}

// A match of two players: every picture and sample is what it was when the
// digests were stored (ARCADE_UPDATE=1 stores them anew), every picture is
// MAME's, and each frame's work was done in time.
func TestGameMatch(t *testing.T) {
	m := newOwnGame(t)
	moves, err := script.Parse(gameMoves, strings.NewReader(gameScript(t)), m.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	heard := newListener(t, m)
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	input := m.Inputs.Released()
	pictures, samples := sha1.New(), sha1.New()
	var hashes []string
	seen := map[string]bool{}
	states := map[uint16]int{}
	most := uint16(0)
	for n := range uint64(gameFrames) {
		moves.Apply(n, &input)
		m.Frame(&input, out)
		heard.frame(out.Sound)
		sum := sha1.Sum(out.Picture.AppendRGB(nil))
		pictures.Write(sum[:])
		hashes = append(hashes, hex.EncodeToString(sum[:]))
		seen[hashes[n]] = true
		for _, s := range out.Sound.Streams {
			for _, v := range s {
				samples.Write([]byte{byte(v >> 8), byte(v)})
			}
		}
		s := ownGameStatus(t, m)
		states[s.State]++
		most = max(most, s.Most)
	}
	s := ownGameStatus(t, m)
	if s.Overruns != 0 {
		t.Errorf("%d frames took too long", s.Overruns)
	}
	if states[gameStateTitle] == 0 || states[gameStateFight] < 2000 || s.Wins[0]+s.Wins[1] == 0 {
		t.Errorf("the match did not take place: states %v, rounds won %v", states, s.Wins)
	}
	if most < 100 {
		t.Errorf("at most %d objects were shown at once, expected hundreds", most)
	}
	if len(seen) < gameFrames*3/4 {
		t.Errorf("only %d different pictures", len(seen))
	}

	file := filepath.Join("testdata", "galeride.sum")
	sums := "pictures " + hex.EncodeToString(pictures.Sum(nil)) + "\nsound " + hex.EncodeToString(samples.Sum(nil)) + "\n"
	if os.Getenv("ARCADE_UPDATE") != "" {
		if err := os.WriteFile(file, []byte(sums), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != sums {
		t.Errorf("the match looks or sounds otherwise than before: now\n%sthen\n%sif that is wanted, store it with ARCADE_UPDATE=1", sums, want)
	}

	t.Run("sound", func(t *testing.T) {
		sound := heard.out
		// Every second after the first two is loud enough to hear, and nothing
		// is cut off.
		for at := 2 * 48000; at+48000 <= len(sound)/2; at += 48000 {
			sum, clipped := 0.0, 0
			for _, v := range sound[2*at : 2*(at+48000)] {
				sum += float64(v) * float64(v)
				if v == math.MaxInt16 || v == math.MinInt16 {
					clipped++
				}
			}
			if rms := math.Sqrt(sum / 96000); rms < 300 || clipped > 0 {
				t.Errorf("second %d: level %.0f, %d samples clipped", at/48000, rms, clipped)
			}
		}
	})
	t.Run("MAME", func(t *testing.T) {
		input := regexp.MustCompile(`(P[12] Button 3)`).ReplaceAllString(gameScript(t), "$1 (Cheat)")
		frames, _ := oracle.Frames(t, oracle.Options{Set: game.Host, Rompath: packGame(t), Frames: gameFrames, Input: input})
		wrong := []int{}
		for i, f := range frames {
			if f.RGB != hashes[i] {
				wrong = append(wrong, i)
			}
		}
		if len(wrong) > 0 {
			t.Errorf("%d of %d pictures differ from MAME's, first %v", len(wrong), len(frames), wrong[:min(8, len(wrong))])
		}
	})
}

// The recorded match, as a replay: its inputs, from power-on, give the hashes
// that it was recorded with.
func TestGameReplay(t *testing.T) {
	g := openGame(t, game.Name, t.TempDir())
	m, err := g.Build()
	if err != nil {
		t.Fatal(err)
	}
	meta := session.Meta(m)
	meta[session.MetaROMs] = g.ROMHash()
	if os.Getenv("ARCADE_UPDATE") != "" {
		recordGame(t, m, meta)
		if m, err = g.Build(); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(gameReplay)
	if err != nil {
		t.Fatal(err)
	}
	r, err := session.ReadReplay(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(meta); err != nil {
		t.Fatalf("%v\nif the game was built anew, record it with ARCADE_UPDATE=1", err)
	}
	n, err := r.Verify(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n < 60 || len(r.Inputs) != gameFrames {
		t.Errorf("%d hashes of %d frames were compared", n, len(r.Inputs))
	}
}

func recordGame(t *testing.T, m *machine.Machine, meta map[string]string) {
	t.Helper()
	moves, err := script.Parse(gameMoves, strings.NewReader(gameScript(t)), m.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	rec, err := session.NewRecorder(&out, meta, nil)
	if err != nil {
		t.Fatal(err)
	}
	input := m.Inputs.Released()
	for n := range uint64(gameFrames) {
		moves.Apply(n, &input)
		m.Frame(&input, nil)
		if err := rec.Frame(&input, m.Arena.Hash); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.Close(m.Arena.Hash()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(gameReplay, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Left alone, the game shows its title, how it is played, a demo and scores,
// and is never late. With random inputs it is never late either.
func TestGameIsNeverLate(t *testing.T) {
	frames := 4500
	if os.Getenv("ARCADE_LONG") != "" {
		frames = 100_000
	}
	t.Run("attract", func(t *testing.T) {
		m := newOwnGame(t)
		input := m.Inputs.Released()
		seen := map[uint16]bool{}
		for range frames {
			m.Frame(&input, nil)
			seen[ownGameStatus(t, m).State] = true
		}
		for s := uint16(gameStateTitle); s <= gameStateDemo+1; s++ {
			if !seen[s] {
				t.Errorf("state %d was never on", s)
			}
		}
		if s := ownGameStatus(t, m); s.Overruns != 0 {
			t.Errorf("%d frames took too long", s.Overruns)
		}
	})
	t.Run("random", func(t *testing.T) {
		m := newOwnGame(t)
		inputs := session.NewRandomInputs(m.Inputs, 5)
		for range frames {
			in := inputs.Next()
			m.Frame(&in, nil)
		}
		if s := ownGameStatus(t, m); s.Overruns != 0 || s.State == gameStateBoot {
			t.Errorf("%d frames took too long; state %d", s.Overruns, s.State)
		}
	})
}

// The embedded file is what the compilers make of the sources.
func TestGameIsReproducible(t *testing.T) {
	if os.Getenv("ARCADE_LONG") == "" {
		t.Skip("painting the graphics takes 20 seconds: set ARCADE_LONG=1")
	}
	for _, tool := range []string{"m68k-linux-gnu-gcc", "sdcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: ./test installs it", tool)
		}
	}
	version, err := exec.Command("m68k-linux-gnu-gcc", "-dumpfullversion").Output()
	if err != nil {
		t.Fatal(err)
	}
	if v := strings.TrimSpace(string(version)); v != "12.2.0" {
		t.Skipf("the game was compiled by gcc 12.2.0, here is %s", v)
	}
	out := filepath.Join(t.TempDir(), "game.pack")
	oracle.Run(t, filepath.Join("..", "game", "build"), out)
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, game.Packed()) {
		t.Error("game/build makes something else than game/galeride.pack")
	}
}
