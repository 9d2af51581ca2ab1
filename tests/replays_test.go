package tests

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"arcade/machine/session"
	"arcade/tests/oracle"
)

// keptReplays are the replays in testdata/replays, which were recorded once and
// must give the same hashes for ever: a minute of random input on each board.
var keptReplays = []struct {
	name, set string
	bench     bool // with the benchmark's ROM files, else with the demo's
}{
	{"puckman", "puckman", false},
	{"puckman-bench", "puckman", true},
	{"sf2", "sf2", false},
	{"ffight-bench", "ffight", true},
}

// TestKeptReplays fails where emulation of a board has changed. If that is
// wanted, raise the board's behaviour revision, then record the replays anew
// with ARCADE_UPDATE=1: only those of another revision are.
func TestKeptReplays(t *testing.T) {
	shared := oracle.NeedShared(t)
	for _, k := range keptReplays {
		t.Run(k.name, func(t *testing.T) {
			rompath := filepath.Join(shared, "bench")
			if !k.bench {
				rompath = oracle.Demo(t, k.set)
			}
			g := openGame(t, k.set, rompath)
			m, err := g.Build()
			if err != nil {
				t.Fatal(err)
			}
			meta := session.Meta(m)
			meta[session.MetaROMs] = g.ROMHash()
			file := filepath.Join("testdata", "replays", k.name+".replay")
			b, err := os.ReadFile(file)
			update := os.Getenv("ARCADE_UPDATE") != ""
			if err != nil && !update {
				t.Fatal(err)
			}
			r, err := session.ReadReplay(b)
			if err == nil {
				err = r.Check(meta)
			}
			if err != nil {
				if !update {
					t.Fatal(err)
				}
				var out bytes.Buffer
				rec, err := session.NewRecorder(&out, meta, nil)
				if err != nil {
					t.Fatal(err)
				}
				inputs := session.NewRandomInputs(m.Inputs, 11)
				for range 3600 {
					in := inputs.Next()
					m.Frame(&in, nil)
					if err := rec.Frame(&in, m.Arena.Hash); err != nil {
						t.Fatal(err)
					}
				}
				if err := rec.Close(m.Arena.Hash()); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			n, err := r.Verify(m, nil)
			if err != nil {
				t.Fatalf("%v\nemulation of %s has changed: if that is wanted, raise its behaviour revision and record anew with ARCADE_UPDATE=1", err, m.Board)
			}
			if n < 60 || len(r.Inputs) != 3600 {
				t.Errorf("%d hashes of %d frames were compared", n, len(r.Inputs))
			}
		})
	}
}
