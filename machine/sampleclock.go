package machine

import "arcade/machine/state"

// SampleClock tells how many samples a sound chip owes: those between its last
// update and the present moment, at the chip's native rate.
//
// Sample k covers the time from k/rate on and is made with the registers as
// they are before that moment: a write at time t acts from sample
// floor(t*rate)+1 on, as in MAME.
type SampleClock struct {
	s    *Scheduler
	rate Rational // samples a tick
	st   *sampleClockState
}

type sampleClockState struct {
	Done int64 // samples made since power-on
}

// NewSampleClock makes a clock of rate samples a second.
func (s *Scheduler) NewSampleClock(a *state.Arena, name string, rate Rational) *SampleClock {
	c := &SampleClock{s: s, rate: rate.over(s.hz), st: state.New[sampleClockState](a, name)}
	a.OnRestore(func() {
		// Any bytes are a legal state: nobody owes a year of samples. But more
		// samples than are due are nothing wrong: an instruction that goes
		// beyond the end of a frame may have asked for them.
		if due := c.due(); c.st.Done > due+maxOwed || c.st.Done < due-maxOwed {
			c.st.Done = due
		}
	})
	return c
}

// maxOwed is more than any chip's samples of a frame.
const maxOwed = 1 << 14

func (c *SampleClock) due() int64 { return c.rate.floor(c.s.Now()) + 1 }

// Owed is the number of samples that the chip must make now to be up to date;
// it counts them as made.
func (c *SampleClock) Owed() int {
	due := c.due()
	n := due - c.st.Done
	if n <= 0 {
		return 0
	}
	c.st.Done = due
	return int(n)
}

// Done is the number of samples made since power-on.
func (c *SampleClock) Done() int64 { return c.st.Done }
