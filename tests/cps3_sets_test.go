package tests

import (
	"crypto/sha1"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"arcade/machine"
	"arcade/machine/session"
	"arcade/tests/oracle"
)

// Each set without a CD, in files with the right names and made-up content: what
// the CPU reads as data and as opcodes is what MAME decrypts, and the game runs
// for 600 frames, whatever its program does. A sample without $ARCADE_LONG.
func TestCPS3FilledSets(t *testing.T) {
	dir := oracle.Need(t)
	names := []string{"sfiii2n"}
	if os.Getenv("ARCADE_LONG") != "" {
		for _, d := range machine.Drivers() {
			if d.Name == "cps3" {
				names = d.Sets
			}
		}
	}
	if len(names) != framesOr(1, 14) {
		t.Fatalf("%d sets, there are 14", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			roms := t.TempDir()
			oracle.Run(t, filepath.Join(dir, "oracle", "fill"), roms, name)
			m, err := openGame(t, name, roms).Build()
			if err != nil {
				t.Fatal(err)
			}
			decryptedAsMAME(t, m, name, roms)
			out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
			inputs := session.NewRandomInputs(m.Inputs, 600)
			start := m.Arena.Hash()
			frames := framesOr(60, 600)
			for range frames {
				in := inputs.Next()
				m.Frame(&in, out)
			}
			if m.Arena.Hash() == start {
				t.Errorf("after %d frames the state is as it was", frames)
			}
		})
	}
}

// decryptedAsMAME runs a CPS-3's first frames and compares the registers, and what
// the CPU sees of its boot ROM and program: that may have sent commands to the
// flash chips by then, as in MAME.
func decryptedAsMAME(t *testing.T, m *machine.Machine, name, roms string) {
	t.Helper()
	const frames = 2
	parts := []struct {
		space   string
		from, n int
	}{
		{"maincpu/program", 0, 0x80000},
		{"maincpu/program", 0x06000000, 0x01000000},
		{"maincpu/decrypted_opcodes", 0, 0x80000},
		{"maincpu/decrypted_opcodes", 0x06000000, 0x01000000},
	}
	spec := func(i int) string { return fmt.Sprintf("%s@%x+%x", parts[i].space, parts[i].from, parts[i].n) }
	var args []string
	for i := range parts {
		args = append(args, "--mem", spec(i))
	}
	want, _ := oracle.Frames(t, oracle.Options{Set: name, Rompath: roms, Frames: frames, Args: args})
	in := m.Inputs.Released()
	for n, w := range want {
		m.Frame(&in, nil)
		if what := differentRegisters(t, m, "maincpu", w.Regs["maincpu"]); what != "" {
			t.Errorf("frame %d: %s", n, what)
		}
		for i, p := range parts {
			at := slices.IndexFunc(m.Memory, func(s machine.Memory) bool { return s.Name == p.space })
			if at < 0 {
				t.Fatalf("the board has no address space %s", p.space)
			}
			if got := fmt.Sprintf("%x", sha1.Sum(m.Memory[at].Read(p.from, p.n))); got != w.Mem[spec(i)] {
				t.Errorf("frame %d: %s: SHA-1 %s, in MAME %s", n, spec(i), got, w.Mem[spec(i)])
			}
		}
	}
}
