package load

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arcade/machine"
	"arcade/romset"
)

// zeros makes an archive of a set whose files have the right sizes and no content.
func zeros(t *testing.T, dir, name string) {
	t.Helper()
	set, ok := romset.Lookup(name)
	if !ok {
		t.Fatalf("no set %s", name)
	}
	f, err := os.Create(filepath.Join(dir, name+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for _, file := range set.Files {
		w, err := z.Create(file.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, file.Size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// A switch that was chosen is in its position from the first frame on, in the
// input that is there before anybody presses anything.
func TestChosenSwitchesAreTheStartingState(t *testing.T) {
	dir := t.TempDir()
	zeros(t, dir, "puckman")
	lives := func(o Options) uint32 {
		g, err := OpenWith("puckman", romset.NewFinder(dir), o)
		if err != nil {
			t.Fatal(err)
		}
		m, err := g.Build()
		if err != nil {
			t.Fatal(err)
		}
		in := m.Inputs.Released()
		i, ok := m.Inputs.Find("Lives")
		if !ok {
			t.Fatal("no switch for lives")
		}
		other, _ := m.Inputs.Find("Bonus Life")
		if m.Inputs.Get(&in, other) != m.Inputs.Fields[other].Default {
			t.Error("another switch moved too")
		}
		return m.Inputs.Get(&in, i)
	}
	for position, want := range map[string]uint32{"": 8, "1": 0, "5": 12} {
		o := Options{}
		if position != "" {
			o.DIPs = map[string]string{"lives": position}
		}
		if got := lives(o); got != want {
			t.Errorf("lives %q: %#x, want %#x", position, got, want)
		}
	}
}

// Every position of every switch of every set can be chosen.
func TestAllSwitchesCanBeChosen(t *testing.T) {
	chosen := 0
	for s := range romset.Sets() {
		_, fields := Inputs(s)
		for _, sw := range s.Switches() {
			if sw.Name == "Unknown" || sw.Name == "Unused" {
				continue // not all of them are wired to anything
			}
			for _, v := range sw.Values {
				c, err := s.Choose(sw.Tag+"/"+sw.Name, fmt.Sprint(v.Value))
				if err != nil {
					t.Fatalf("%s: %v", s.Name, err)
				}
				if len(s.Ports) == 0 {
					continue // not a machine that runs by itself
				}
				if err := choose(fields, c); err != nil {
					t.Fatalf("%s: %v", s.Name, err)
				}
				chosen++
				for _, f := range fields {
					if f.Kind == machine.KindDIP && f.Port == c.Tag && f.Default&f.Mask&c.Mask != c.Value&f.Mask {
						t.Fatalf("%s: %s in position %s: %s reads %#x", s.Name, c.Name, c.To, f.Name, f.Default&f.Mask)
					}
				}
			}
		}
	}
	if chosen < 10000 {
		t.Errorf("%d positions tried", chosen)
	}
}

func TestWrongChoicesNameTheRight(t *testing.T) {
	dir := t.TempDir()
	zeros(t, dir, "puckman")
	for _, c := range []struct {
		o   Options
		say []string
	}{
		{Options{DIPs: map[string]string{"Live": "5"}}, []string{`puckman has no switch "Live"; there is Lives, `}},
		{Options{DIPs: map[string]string{"Lives": "9"}}, []string{`the switch "Lives" has no position "9"; there is 1, 2, 3, 5`}},
		{Options{BIOS: "us"}, []string{"puckman has no BIOS to choose"}},
	} {
		_, err := OpenWith("puckman", romset.NewFinder(dir), c.o)
		if !errors.Is(err, ErrChoice) {
			t.Errorf("%+v: %v", c.o, err)
			continue
		}
		for _, s := range c.say {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%q does not say %q", err, s)
			}
		}
	}
}
