package tests

import (
	"math/rand/v2"
	"testing"

	"arcade/cmd/arcade/load"
	"arcade/machine"
	"arcade/romset"
)

// Every set of every board runs with made-up content, and does not panic
// whatever the program does.
func TestAllSetsRun(t *testing.T) {
	frames := framesOr(20, 600)
	for _, d := range machine.Drivers() {
		for _, name := range d.Sets {
			set, ok := romset.Lookup(name)
			if !ok {
				t.Errorf("%s is no set of the database", name)
				continue
			}
			rnd := rand.NewChaCha8([32]byte([]byte((name + "................................")[:32])))
			regions := map[string][]byte{}
			for _, r := range set.Regions {
				b := make([]byte, r.Size)
				rnd.Read(b)
				regions[r.Name] = b
			}
			ports, fields := load.Inputs(set)
			m, err := d.New(&machine.Config{Set: name, Regions: regions, Ports: ports, Fields: fields})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
			in := m.Inputs.Released()
			for i := range frames {
				if i%10 == 9 {
					m.Frame(&in, out)
				} else {
					m.Frame(&in, nil)
				}
			}
		}
	}
}
