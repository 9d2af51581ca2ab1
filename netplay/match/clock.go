package match

import (
	"math"
	"slices"
	"time"
)

// roundTrip measures the way to the peer and back.
type roundTrip struct {
	samples [32]time.Duration
	n       int
}

func (r *roundTrip) add(d time.Duration) {
	r.samples[r.n%len(r.samples)] = d
	r.n++
}

// measure is the median of the newest samples, and how far nine in ten of them
// are above the least at most.
func (r *roundTrip) measure() (median, jitter time.Duration) {
	k := min(r.n, len(r.samples))
	if k == 0 {
		return 0, 0
	}
	s := r.samples
	slices.Sort(s[:k])
	return s[k/2], s[(k-1)*9/10] - s[0]
}

// AutoDelay is an input delay in frames for a round trip: a third of what there
// is to hide, or what leaves at most six frames to predict; at least one.
func AutoDelay(rtt, jitter time.Duration, rate float64) int {
	late := math.Ceil((rtt/2 + jitter).Seconds() * rate)
	return int(min(max(math.Ceil(late/3), late-6, 1), 10))
}

func (m *Match) autoDelay() int {
	rtt, jitter := m.rtt.measure()
	return AutoDelay(rtt, jitter, m.cfg.Rate)
}
