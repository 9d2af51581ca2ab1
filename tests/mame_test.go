package tests

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arcade/audio/mix"
	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/script"
	"arcade/machine"
	_ "arcade/machine/cps"
	_ "arcade/machine/cps3"
	_ "arcade/machine/pacman"
	"arcade/romset"
	"arcade/tests/oracle"
)

// comparison is one program that is run in MAME and here.
type comparison struct {
	set     string
	rompath string
	frames  int
	input   string
	cpus    []string // whose registers are compared in every frame
	sound   bool
}

// openGame loads a set for a test.
func openGame(t testing.TB, set, rompath string) *load.Game {
	t.Helper()
	g, err := load.Open(set, romset.NewFinder(rompath))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (c comparison) run(t *testing.T) {
	t.Helper()
	c.runExcept(t, nil)
}

// runExcept does not look at the pictures of some frames, which MAME leaves to
// chance.
func (c comparison) runExcept(t *testing.T, frames []int) {
	t.Helper()
	var args []string
	if c.sound {
		args = append(args, "--wav", "sound.wav")
	}
	want, dir := oracle.Frames(t, oracle.Options{Set: c.set, Rompath: c.rompath, Frames: c.frames, Input: c.input, Args: args})
	m, err := openGame(t, c.set, c.rompath).Build()
	if err != nil {
		t.Fatal(err)
	}
	moves, err := script.Parse("input", strings.NewReader(c.input), m.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	heard := newListener(t, m)
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	input := m.Inputs.Released()
	pictures, registers := 0, 0
	seen := map[string]bool{}
	for n, w := range want {
		moves.Apply(uint64(n), &input)
		m.Frame(&input, out)
		heard.frame(out.Sound)
		sum := sha1.Sum(out.Picture.AppendRGB(nil))
		rgb := hex.EncodeToString(sum[:])
		seen[rgb] = true
		if rgb != w.RGB && !slices.Contains(frames, n) {
			if pictures++; pictures <= 3 {
				t.Errorf("frame %d: another picture than MAME's", n)
			}
		}
		for _, tag := range c.cpus {
			if what := differentRegisters(t, m, tag, w.Regs[tag]); what != "" {
				if registers++; registers <= 3 {
					t.Errorf("frame %d: %s", n, what)
				}
			}
		}
	}
	if pictures+registers > 0 {
		t.Errorf("%d of %d pictures and %d sets of registers differ", pictures, len(want), registers)
	}
	if len(seen) < c.frames/20 {
		t.Errorf("only %d different pictures in %d frames: the program does too little to prove anything", len(seen), c.frames)
	}
	if c.sound {
		mame, err := readWAV(filepath.Join(dir, "sound.wav"))
		if err != nil {
			t.Fatal(err)
		}
		compareSound(t, heard.sound(), mame)
	}
}

func differentRegisters(t *testing.T, m *machine.Machine, tag string, want map[string]string) string {
	t.Helper()
	cp, err := m.CPU(tag)
	if err != nil {
		t.Fatal(err)
	}
	var wrong []string
	found := 0
	for _, r := range cp.Core().Registers() {
		w, ok := want[r.Name]
		if !ok {
			continue
		}
		found++
		if got := fmt.Sprintf("%x", r.Value()); got != w {
			wrong = append(wrong, fmt.Sprintf("%s is %s, in MAME %s", r.Name, got, w))
		}
	}
	if _, ok := want["EA"]; ok {
		found++ // the SH-2's last address: no register, but a variable of MAME's interpreter
	}
	if found != len(want) {
		wrong = append(wrong, fmt.Sprintf("%d of MAME's %d registers were found", found, len(want)))
	}
	if len(wrong) == 0 {
		return ""
	}
	return tag + ": " + strings.Join(wrong, "; ")
}

// listener mixes a machine's sound as the program does.
type listener struct {
	mixer *mix.Mixer
	out   []int16
}

func newListener(t *testing.T, m *machine.Machine) *listener {
	t.Helper()
	mixer, err := load.NewMixer(48000, m)
	if err != nil {
		t.Fatal(err)
	}
	return &listener{mixer: mixer}
}

func (l *listener) frame(s *machine.Sound) {
	for i, samples := range s.Streams {
		l.mixer.Push(i, samples)
	}
	l.out = l.mixer.Pull(l.out, l.mixer.Ready())
}

func (l *listener) sound() sound {
	s := sound{rate: 48000}
	for i := 0; i < len(l.out); i += 2 {
		s.v = append(s.v, (float64(l.out[i])+float64(l.out[i+1]))/65536)
	}
	return s
}
