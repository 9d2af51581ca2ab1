package load

import (
	"testing"

	"arcade/machine"
	_ "arcade/machine/cps"
	_ "arcade/machine/cps3"
	_ "arcade/machine/pacman"
	"arcade/romset"
)

// With nothing pressed, every port of every set of the boards that exist reads
// what it reads in MAME.
func TestPortsAtRestReadAsInMAME(t *testing.T) {
	checked := 0
	for _, title := range romset.All() {
		if _, ok := machine.FindDriver(title.Name); !ok {
			continue
		}
		set, ok := romset.Lookup(title.Name)
		if !ok {
			t.Fatalf("%s is listed and not there", title.Name)
		}
		ports, fields := Inputs(set)
		var tags []string
		for _, p := range ports {
			tags = append(tags, p.Tag)
		}
		in, err := machine.NewInputs(tags, ports, fields)
		if err != nil {
			t.Errorf("%s: %v", set.Name, err)
			continue
		}
		released := in.Released()
		var values [16]uint32
		in.Values(&released, &values)
		for i, p := range set.Ports {
			checked++
			for _, f := range fields {
				if f.Port == p.Tag && f.Kind == machine.KindAxis {
					values[i], p.Idle = values[i]&^f.Mask, p.Idle&^f.Mask
				}
			}
			if values[i] != p.Idle {
				t.Errorf("%s: port %s reads %#x at rest, in MAME %#x", set.Name, p.Tag, values[i], p.Idle)
			}
		}
	}
	if checked < 1000 {
		t.Errorf("only %d ports were checked", checked)
	}
}
