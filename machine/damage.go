package machine

import "math/rand/v2"

// Damage runs a machine from states with random faults: states come from files
// and from other people, so any bytes are a legal state. It takes rounds
// states, flips from one bit up to a quarter of the bytes, restores each and
// runs it for the given number of frames. It returns how many it ran; a
// machine that does not keep the promise panics.
func Damage(m *Machine, rounds, frames int, seed uint64) int {
	rnd := rand.New(rand.NewPCG(seed, 0x64616d61))
	released := m.Inputs.Released()
	out := &Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	for range 10 {
		m.Frame(&released, nil)
	}
	whole := append([]byte(nil), m.Arena.Block()...)
	for i := range rounds {
		block := append([]byte(nil), whole...)
		faults := 1
		switch i % 4 {
		case 1:
			faults = 1 + rnd.IntN(16)
		case 2:
			faults = 1 + rnd.IntN(1000)
		case 3:
			faults = 1 + rnd.IntN(len(block)/4)
		}
		for range faults {
			// Half of the faults hit the small parts, where registers are.
			at := rnd.IntN(len(block))
			if rnd.IntN(2) == 0 {
				at = rnd.IntN(min(len(block), 2048))
			}
			block[at] = byte(rnd.Uint32())
		}
		if err := m.Arena.SetBlock(block); err != nil {
			panic(err) // the block has the right size
		}
		for n := range frames {
			if n == frames-1 {
				m.Frame(&released, out)
			} else {
				m.Frame(&released, nil)
			}
		}
	}
	return rounds
}
