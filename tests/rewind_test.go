package tests

import (
	"path/filepath"
	"testing"

	"arcade/machine"
	"arcade/machine/session"
	"arcade/tests/oracle"
)

// A minute of play can be gone back on every board, in the memory that the
// program gives to it, whatever the players do.
func TestRewindOfAMinute(t *testing.T) {
	shared := oracle.NeedShared(t)
	for _, k := range []struct{ set, rompath string }{
		{"puckman", oracle.Demo(t, "puckman")}, {"sf2", oracle.Demo(t, "sf2")}, {"ffight", filepath.Join(shared, "bench")},
	} {
		t.Run(k.set, func(t *testing.T) {
			m, err := openGame(t, k.set, k.rompath).Build()
			if err != nil {
				t.Fatal(err)
			}
			l := session.NewLocal(m)
			l.EnableRewind(session.RewindBudget)
			inputs := session.NewRandomInputs(m.Inputs, 3)
			frames := 60 * int(m.Screen.Refresh.Num/m.Screen.Refresh.Den+1)
			out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
			var hashes []uint64
			for range frames + 2 {
				l.Step(inputs.Next(), out)
				hashes = append(hashes, m.Arena.Hash())
			}
			if n := l.CanRewind(); n < frames {
				t.Fatalf("%d frames can be gone back, a minute has %d", n, frames)
			}
			t.Logf("%d frames", l.CanRewind())
			for n := len(hashes) - 2; n >= len(hashes)-1-frames; n-- {
				if !l.Rewind(out) {
					t.Fatalf("no way back at frame %d", n)
				}
				if n%60 == 0 && m.Arena.Hash() != hashes[n] {
					t.Fatalf("frame %d is another than it was", n)
				}
			}
		})
	}
}
