package tests

import (
	"testing"

	"arcade/machine"
	"arcade/tests/oracle"
)

// BenchmarkFrame measures frames of the benchmark programs, whole and bare.
func BenchmarkFrame(b *testing.B) {
	for _, set := range []string{"puckman", "ffight"} {
		m, err := openGame(b, set, oracle.Bench(b)).Build()
		if err != nil {
			b.Fatal(err)
		}
		in := m.Inputs.Released()
		for range 100 {
			m.Frame(&in, nil)
		}
		for _, c := range []struct {
			name string
			out  *machine.Output
		}{
			{"whole", &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}},
			{"picture", &machine.Output{Picture: m.NewPicture()}},
			{"bare", nil},
		} {
			b.Run(set+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					m.Frame(&in, c.out)
				}
			})
		}
	}
}
