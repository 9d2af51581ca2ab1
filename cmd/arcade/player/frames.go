package player

import (
	"sync"

	"arcade/video"
)

// frames hands finished pictures from the emulation to the window: one is
// being drawn, one is finished, one is being shown. Neither side ever waits
// for the other.
type frames struct {
	mu    sync.Mutex
	pics  [3]*video.Picture
	back  int // the emulation's
	ready int // the newest finished one
	front int // the window's
	fresh bool
	count uint64 // pictures finished so far
}

func newFrames(make func() *video.Picture) *frames {
	f := &frames{back: 0, ready: 1, front: 2}
	for i := range f.pics {
		f.pics[i] = make()
	}
	return f
}

// drawing is the picture to draw into.
func (f *frames) drawing() *video.Picture { return f.pics[f.back] }

// finish publishes the picture that was drawn.
func (f *frames) finish() {
	f.mu.Lock()
	f.back, f.ready, f.fresh = f.ready, f.back, true
	f.count++
	f.mu.Unlock()
}

// newest is the newest finished picture. It stays as it is until the next
// call. fresh is false if it is the one that the last call returned.
func (f *frames) newest() (p *video.Picture, fresh bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fresh = f.fresh
	if fresh {
		f.front, f.ready, f.fresh = f.ready, f.front, false
	}
	return f.pics[f.front], fresh
}
