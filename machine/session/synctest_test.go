package session

import (
	"errors"
	"strings"
	"testing"

	"arcade/machine/machinetest"
)

func TestSyncTestPasses(t *testing.T) {
	r, err := (&SyncTest{Build: machinetest.Build(machinetest.None), Frames: 600, Distance: 8, Seed: 1}).Run()
	if err != nil {
		t.Fatal(err)
	}
	if !r.Controls {
		t.Error("the controls are said to do nothing")
	}
	again, err := (&SyncTest{Build: machinetest.Build(machinetest.None), Frames: 600, Distance: 3, Seed: 1}).Run()
	if err != nil || again.Hash != r.Hash {
		t.Errorf("another distance: state %x, want %x (%v)", again.Hash, r.Hash, err)
	}
	other, err := (&SyncTest{Build: machinetest.Build(machinetest.None), Frames: 600, Distance: 8, Seed: 2}).Run()
	if err != nil || other.Hash == r.Hash {
		t.Errorf("another seed gives the same state (%v)", err)
	}
}

// Every planted fault is caught, and named.
func TestSyncTestCatches(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault machinetest.Fault
		want  []string
	}{
		{"non-determinism", machinetest.NonDeterminism, []string{"run again from frame", "maincpu.Acc"}},
		{"stale bank pointer", machinetest.StaleBank, []string{"run again from frame", "maincpu.Acc"}},
		{"dead input", machinetest.DeadInput, []string{"the inputs never changed the state"}},
		{"picture", machinetest.DirtyPicture, []string{"the picture is another"}},
		{"sound", machinetest.DirtySound, []string{`stream "stream" is another`}},
		{"untracked write", machinetest.UntrackedWrite, []string{"flash+0x"}},
		{"age", machinetest.FreshOnly, []string{"freshly built", "board.Pad[0]"}},
	} {
		_, err := (&SyncTest{Build: machinetest.Build(c.fault), Frames: 400, Distance: 8, Seed: 1}).Run()
		var m *Mismatch
		if !errors.As(err, &m) {
			t.Errorf("%s: not caught (%v)", c.name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(m.Error(), want) {
				t.Errorf("%s: %q does not say %q", c.name, m, want)
			}
		}
	}
}

// A game that looks at nothing but the reset button passes, and is told apart.
func TestSyncTestDeadControls(t *testing.T) {
	r, err := (&SyncTest{Build: machinetest.Build(machinetest.DeadControls), Frames: 2000, Distance: 8, Seed: 1}).Run()
	if err != nil {
		t.Fatal(err)
	}
	if r.Controls {
		t.Error("dead controls are said to matter")
	}
}
