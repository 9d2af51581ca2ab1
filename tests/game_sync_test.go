package tests

import (
	"testing"

	"arcade/cmd/arcade/load"
	"arcade/machine/session"
	"arcade/romset"
)

// The game rolls back like any other. Its sound program is at the chips at all
// times, also in instructions that go beyond the end of a frame.
func TestGameSync(t *testing.T) {
	g, err := load.Open("galeride", romset.NewFinder(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	frames := 500
	if long() {
		frames = 10_000
	}
	r, err := (&session.SyncTest{Build: g.Build, Frames: frames, Distance: 8, Seed: 1}).Run()
	if err != nil {
		t.Fatal(err)
	}
	if !r.Controls {
		t.Error("no control changed the state")
	}
}
