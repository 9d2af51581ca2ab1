package tests

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"arcade/cmd/arcade/nvram"
	"arcade/cmd/arcade/player"
	"arcade/machine"
	"arcade/machine/session"
	"arcade/romset"
	"arcade/tests/oracle"
	cps3rom "arcade/tests/roms/cps3"
)

// keptROM packs the program that writes to all that a CPS-3 board keeps.
func keptROM(t *testing.T, name string) string {
	t.Helper()
	set, ok := romset.Lookup(name)
	if !ok {
		t.Fatalf("there is no set %s", name)
	}
	dir := t.TempDir()
	if err := cps3rom.Write(dir, set, cps3rom.NewKeptScript()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fastClock is a clock on which nobody waits.
type fastClock struct{ now time.Duration }

func (c *fastClock) Now() time.Duration { return c.now }

func (c *fastClock) SleepUntil(t time.Duration) { c.now = max(c.now, t) }

// playKept switches a machine on, plays it as the window does, with its files
// in a folder, and leaves. It returns the picture of a frame.
func playKept(t *testing.T, m *machine.Machine, folder string, frames, shown int) *machine.Output {
	t.Helper()
	store, warnings := nvram.Open(folder, m, func(text string) { t.Error(text) })
	if store == nil || len(warnings) > 0 {
		t.Fatalf("a store %v, warnings %q", store, warnings)
	}
	out := &machine.Output{Picture: m.NewPicture()}
	var p *player.Player
	n := 0
	p, err := player.New(player.Options{Session: picturing{session.NewLocal(m), func() *machine.Output {
		if n == shown {
			return out
		}
		return nil
	}}, Clock: &fastClock{}, Kept: store, Frame: func(*machine.Input) {
		if n++; n == frames {
			p.Stop()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// picturing is a local session that leaves a picture somewhere else, too.
type picturing struct {
	*session.Local
	out func() *machine.Output
}

func (p picturing) Step(in machine.Input, out *machine.Output) machine.Input {
	if o := p.out(); o != nil {
		out = o
	}
	return p.Local.Step(in, out)
}

// A CPS-3 game is played, left and played again, here and in MAME. Each time
// the same is seen, which the second time is what was kept; and the files have
// the same in them, in the same order.
func TestCPS3KeepsWhatMAMEKeeps(t *testing.T) {
	oracle.Need(t)
	sets := []string{"redearthn"}
	if os.Getenv("ARCADE_LONG") != "" {
		sets = append(sets, "sfiii2n", "sfiii3n", "jojon")
	}
	for _, name := range sets {
		t.Run(name, func(t *testing.T) {
			dir := keptROM(t, name)
			theirs, ours := t.TempDir(), t.TempDir()
			g := openGame(t, name, dir)
			seen := map[string]bool{}
			for start := range 2 {
				frames, _ := oracle.Frames(t, oracle.Options{Set: name, Rompath: dir, Frames: cps3rom.KeptFrames, Args: []string{"--", "-nvram_directory", theirs}})
				m, err := g.Build()
				if err != nil {
					t.Fatal(err)
				}
				out := playKept(t, m, ours, cps3rom.KeptFrames, cps3rom.KeptShown)
				sum := sha1.Sum(out.Picture.AppendRGB(nil))
				got, want := hex.EncodeToString(sum[:]), frames[cps3rom.KeptShown].RGB
				if got != want {
					t.Errorf("start %d: the picture is not MAME's", start+1)
				}
				seen[got] = true
			}
			if len(seen) != 2 {
				t.Error("what was kept is not seen at the second start")
			}
			compareKept(t, g.Config.Regions, filepath.Join(theirs, name), ours)
			m, err := g.Build()
			if err != nil {
				t.Fatal(err)
			}
			if err := nvram.Read(ours, m); err != nil {
				t.Fatal(err)
			}
			checkComesBack(t, m, func(c machine.Config) (*machine.Machine, error) { return g.Driver.New(&c) }, g.Config)
			for i := range m.Kept {
				if k := &m.Kept[i]; k.Name == "flash" {
					compareFlash(t, g.Config.Regions, filepath.Join(theirs, name), k.Save())
				}
			}
		})
	}
}

// compareKept compares the EEPROM's files, and the sizes of the others.
func compareKept(t *testing.T, regions map[string][]byte, theirs, ours string) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join(theirs, "eeprom"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(ours, "eeprom"))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the EEPROM's file is not MAME's (%v):\n%x\n%x", err, got, want)
	}
	if bytes.Equal(want, make([]byte, len(want))) {
		t.Error("the EEPROM is empty")
	}
	file, err := os.ReadFile(filepath.Join(ours, "flash"))
	if err != nil || len(file) > 4096 {
		t.Errorf("the file of flash has %d bytes, %v", len(file), err)
	}
	for name, r := range regions {
		for at := 0; at+32 <= len(r); at += 32 {
			if part := r[at : at+32]; !bytes.Equal(part, bytes.Repeat(part[:1], 32)) && bytes.Contains(file, part) {
				t.Fatalf("the file of flash has a piece of the ROM %s, from %#x on", name, at)
			}
		}
	}
}

// compareFlash applies what the board keeps of its flash to the ROM: what comes
// of it is what MAME's files have.
func compareFlash(t *testing.T, regions map[string][]byte, theirs string, d []byte) {
	t.Helper()
	const page = 4096
	le := binary.LittleEndian
	chips := map[string][]byte{}
	changed := 0
	for d = d[1:]; len(d) > 0; {
		name := fmt.Sprintf("simm%d.%d", d[0]/8+1, d[0]%8)
		chip := bytes.Clone(regions[name])
		pages := int(le.Uint16(d[9:]))
		for d = d[11:]; pages > 0; pages-- {
			at, n := page*int(le.Uint16(d)), int(le.Uint16(d[3:]))
			if d[2] == 1 {
				copy(chip[at:at+page], bytes.Repeat([]byte{0xff}, page))
			}
			if d = d[5:]; n > 0 {
				values := d[page/8:]
				for i := range page {
					if d[i/8]>>(i%8)&1 != 0 {
						chip[at+i], values = values[0], values[1:]
					}
				}
				d = values
			}
			changed++
		}
		chips[name] = chip
	}
	if len(chips) != 6 || changed < 6*17 {
		t.Errorf("%d chips and %d pages changed, the program writes to six chips and erases a sector of each", len(chips), changed)
	}
	compared := 0
	for name, rom := range regions {
		want, err := os.ReadFile(filepath.Join(theirs, name))
		if err != nil {
			continue // no chip
		}
		compared++
		got := chips[name]
		if got == nil {
			got = rom
		}
		if !bytes.Equal(got, want) {
			at := 0
			for at < len(want) && at < len(got) && got[at] == want[at] {
				at++
			}
			t.Errorf("%s is not what MAME has, from %#x on", name, at)
		}
	}
	if compared < 6 {
		t.Errorf("only %d of MAME's files were compared", compared)
	}
}
