package player

import (
	"math"
	"sync"
	"time"
)

// display measures the host's display and lets the loop follow it where its
// rate is within 1 % of the machine's: then every picture is shown exactly
// once. The sound is resampled by the same ratio.
type display struct {
	mu      sync.Mutex
	machine float64 // frames a second
	enabled bool
	last    time.Duration
	mean    float64 // of the intervals, in seconds
	spread  float64 // smoothed square of their distance from the mean
	n       int     // intervals in a row that looked like a display
	tick    chan struct{}
}

const (
	lockWithin = 0.01
	settled    = 240    // intervals before the measure counts
	steady     = 1.5e-3 // seconds: a real display's ticks are steadier than this
)

func (d *display) init(machine float64) {
	d.machine = machine
	d.tick = make(chan struct{}, 1)
}

// DisplayTick tells that the display has shown a picture, now. The window
// calls it once for every picture of the display.
func (p *Player) DisplayTick(now time.Duration) {
	d := &p.display
	d.mu.Lock()
	dt := (now - d.last).Seconds()
	d.last = now
	switch {
	case dt <= 0 || dt > 0.1:
		d.n, d.mean, d.spread = 0, 0, 0
	case d.n == 0:
		d.mean = dt
		d.n = 1
	default:
		k := max(1/float64(d.n+1), 1.0/600)
		diff := dt - d.mean
		d.mean += diff * k
		d.spread += (diff*diff - d.spread) / 120
		d.n++
	}
	locked := d.isLocked()
	d.mu.Unlock()
	if locked {
		select {
		case d.tick <- struct{}{}:
		default:
		}
	}
}

// SetDisplayLock allows the loop to follow the display.
func (p *Player) SetDisplayLock(on bool) {
	p.display.mu.Lock()
	p.display.enabled = on
	p.display.mu.Unlock()
}

func (d *display) isLocked() bool {
	return d.enabled && d.n >= settled && math.Abs(1/d.mean/d.machine-1) < lockWithin && d.spread < steady*steady
}

func (d *display) locked() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.isLocked()
}

// ratio is the speed of emulation compared with the machine's own.
func (d *display) ratio() float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.isLocked() {
		return 1
	}
	return 1 / d.mean / d.machine
}

// wait waits for the display's next picture. It reports false, at once or
// after 1.5 frames, if there is no display to follow.
func (d *display) wait(period time.Duration) bool {
	if !d.locked() {
		return false
	}
	t := time.NewTimer(period * 3 / 2)
	defer t.Stop()
	select {
	case <-d.tick:
		return true
	case <-t.C:
		// It stopped: minimised, covered, switched off. Measure anew.
		d.mu.Lock()
		d.n = 0
		d.mu.Unlock()
		return false
	}
}
