// Package sounddev plays stereo sound on the host's device with little of it
// buffered. Without a device everything goes on: what is written is dropped.
package sounddev

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Rate is the rate of the device in samples a second.
const Rate = 48000

// DefaultLatency is all that is buffered between a frame and the speaker.
const DefaultLatency = 40 * time.Millisecond

// backend is a way to reach a device. It takes what is in a ring.
type backend interface {
	// buffered is the number of samples that were written and are not heard
	// yet; 0 if there is a gap right now.
	buffered() int
	err() error
	close()
}

// Device is an open sound device. Its methods may be called from any
// goroutine.
type Device struct {
	ring    *ring
	backend backend // set once, before ready
	ready   atomic.Bool
	mu      sync.Mutex
	err     error
	closed  bool
}

// Open starts to open the host's device and returns at once; Ready and Err
// tell what became of it. latency is all that may be buffered, the device's
// own buffer included; 0 is DefaultLatency. A process should do this once.
func Open(latency time.Duration) *Device {
	if latency == 0 {
		latency = DefaultLatency
	}
	d := &Device{ring: newRing()}
	go func() {
		b, err := openNative(d.ring, latency)
		if b == nil && err == nil {
			b, err = openOto(d.ring, latency)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		switch {
		case err != nil:
			d.err = fmt.Errorf("no sound device: %w; the game goes on without sound", err)
		case d.closed:
			b.close()
		default:
			d.backend = b
			d.ready.Store(true)
		}
	}()
	return d
}

// Err is why there is no sound, or nil if there is or may be yet.
func (d *Device) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil && d.backend != nil && !d.closed {
		if err := d.backend.err(); err != nil {
			d.err = fmt.Errorf("the sound device is gone: %w; the game goes on without sound", err)
			d.ready.Store(false)
		}
	}
	return d.err
}

// Rate is in samples a second.
func (d *Device) Rate() int { return Rate }

// Ready reports whether the device plays.
func (d *Device) Ready() bool { return d.ready.Load() }

// Write adds interleaved stereo samples. It never waits; more than a quarter
// of a second is dropped, oldest first.
func (d *Device) Write(samples []int16) {
	if d.ready.Load() {
		d.ring.write(samples)
	}
}

// Buffered is the number of stereo samples written that are not heard yet; 0
// while there is a gap. ok is false if nothing plays.
func (d *Device) Buffered() (n int, ok bool) {
	if !d.ready.Load() {
		return 0, false
	}
	return d.backend.buffered(), true
}

// Close stops the sound.
func (d *Device) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	d.closed = true
	d.ready.Store(false)
	d.ring.close()
	if d.backend != nil {
		d.backend.close()
	}
}
