package sounddev

import (
	"io"
	"sync"
)

const (
	frameSize = 4 // bytes of a stereo sample
	ringSize  = Rate / 4 * frameSize
)

// ring is what was written and not taken yet, as bytes.
type ring struct {
	mu      sync.Mutex
	buf     [ringSize]byte
	at, n   int
	closed  bool
	arrived chan struct{} // has something after a write or close
}

func newRing() *ring { return &ring{arrived: make(chan struct{}, 1)} }

func (r *ring) write(samples []int16) {
	r.mu.Lock()
	for _, s := range samples {
		if r.n == ringSize {
			r.at = (r.at + frameSize) % ringSize
			r.n -= frameSize
		}
		i := (r.at + r.n) % ringSize
		r.buf[i], r.buf[i+1] = byte(s), byte(uint16(s)>>8)
		r.n += 2
	}
	r.mu.Unlock()
	r.signal()
}

func (r *ring) signal() {
	select {
	case r.arrived <- struct{}{}:
	default:
	}
}

func (r *ring) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// take moves whole samples into b, as many as there are and fit.
func (r *ring) take(b []byte) (n int, closed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b = b[:min(len(b), r.n)/frameSize*frameSize]
	n = copy(b, r.buf[r.at:min(r.at+r.n, ringSize)])
	n += copy(b[n:], r.buf[:len(b)-n])
	r.at = (r.at + n) % ringSize
	r.n -= n
	return n, r.closed
}

// Read implements io.Reader: it waits for data, so that the reader's goroutine
// need not poll.
func (r *ring) Read(b []byte) (int, error) {
	for {
		n, closed := r.take(b)
		switch {
		case n > 0:
			return n, nil
		case closed:
			return 0, io.EOF
		}
		<-r.arrived
	}
}

func (r *ring) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.signal()
}
