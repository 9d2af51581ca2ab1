package session

import (
	"testing"

	"arcade/machine"
	"arcade/machine/machinetest"
)

func TestReplayerSeeksAndIsTakenOver(t *testing.T) {
	b, _ := record(t, 2500, false)
	r, err := ReadReplay(b)
	if err != nil {
		t.Fatal(err)
	}
	// The states before every frame, by playing straight on.
	straight, _ := machinetest.New(machinetest.None)
	var want []uint64
	for i := range r.Inputs {
		want = append(want, straight.Arena.Hash())
		straight.Frame(&r.Inputs[i], nil)
	}
	m, _ := machinetest.New(machinetest.None)
	p, err := NewReplayer(m, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []int{100, 1900, 1899, 650, 0, 2499, 1201, 1200} {
		p.Seek(to, nil)
		if p.Position() != to || m.Arena.Hash() != want[to] {
			t.Fatalf("sought frame %d, came to %d with another state", to, p.Position())
		}
	}
	p.TakeOver()
	var in machine.Input
	in.Seats[0].Buttons = machine.Up
	if got := p.Step(in, nil); got != in || !p.Done() {
		t.Error("the player's input did not count after taking over")
	}
	p.Seek(900, nil)
	if m.Arena.Hash() != want[900] || p.Done() {
		t.Error("there is no way back into the replay")
	}
}
