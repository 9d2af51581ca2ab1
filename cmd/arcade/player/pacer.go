package player

import (
	"math/bits"
	"time"

	"arcade/machine"
)

// Clock is time as the loop sees it. Tests have one of their own.
type Clock interface {
	// Now is the time since some fixed moment. It never goes back.
	Now() time.Duration
	// SleepUntil returns at t or soon after, or at once if t is past.
	SleepUntil(t time.Duration)
}

// SystemClock is the host's monotonic clock.
type SystemClock struct{ start time.Time }

// NewSystemClock makes a clock that starts now.
func NewSystemClock() *SystemClock { return &SystemClock{time.Now()} }

// Now implements Clock.
func (c *SystemClock) Now() time.Duration { return time.Since(c.start) }

// SleepUntil implements Clock.
func (c *SystemClock) SleepUntil(t time.Duration) {
	if d := t - c.Now(); d > 0 {
		sleep(d)
	}
}

// pacer says when each frame is due: at exactly rate frames a second, with no
// error that adds up. One frame lasts whole + part/num nanoseconds.
type pacer struct {
	whole     time.Duration
	part, num int64
	due       time.Duration // of the next frame
	frac      int64
}

// newPacer paces rate * numerator / denominator frames a second.
func newPacer(rate machine.Rational, numerator, denominator int64) pacer {
	num, den := reduce(rate.Num, rate.Den)
	a, b := reduce(num, denominator)
	c, d := reduce(numerator, den)
	num, den = a*c, b*d
	// den can be as large as a second's attoseconds: see machine.Raster.
	hi, lo := bits.Mul64(uint64(den), uint64(time.Second))
	whole, part := bits.Div64(hi, lo, uint64(num))
	return pacer{whole: time.Duration(whole), part: int64(part), num: num}
}

func reduce(a, b int64) (int64, int64) {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x, b / x
}

// restart makes the next frame due at t.
func (p *pacer) restart(t time.Duration) { p.due, p.frac = t, 0 }

// advance goes on to the frame after.
func (p *pacer) advance() {
	p.due += p.whole
	if p.frac += p.part; p.frac >= p.num {
		p.frac -= p.num
		p.due++
	}
}
