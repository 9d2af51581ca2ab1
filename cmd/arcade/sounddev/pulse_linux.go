package sounddev

import (
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/jfreymuth/pulse"
	"github.com/jfreymuth/pulse/proto"
)

// pulseBackend talks to PulseAudio (or PipeWire) itself. Through oto, what is
// not there at the moment when the server asks becomes a gap, although the
// server has some milliseconds left; here it only comes a little later.
type pulseBackend struct {
	ring    *ring
	client  *pulse.Client
	stream  *pulse.PlaybackStream
	queue   int          // samples that the server holds when it is full
	pending atomic.Int64 // samples that it asked for and has not got
	timer   *time.Timer
}

// prebuffer is how many samples the server waits for after it ran dry. With 0
// it would go on as if it had played something, and throw away what comes
// until that is made up for.
const prebuffer = Rate / 125

// openNative connects to a sound server. A nil backend without an error means
// that there is none, and that oto should try.
func openNative(r *ring, latency time.Duration) (backend, error) {
	if os.Getenv("PULSE_SERVER") == "" {
		if _, err := os.Stat(filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "pulse", "native")); err != nil {
			if cards, _ := filepath.Glob("/dev/snd/pcm*p"); len(cards) == 0 {
				return nil, errors.New("neither a sound server nor a sound card was found")
			}
			return nil, nil
		}
	}
	client, err := pulse.NewClient(pulse.ClientApplicationName("arcade"))
	if err != nil {
		return nil, nil
	}
	b := &pulseBackend{ring: r, client: client, timer: time.NewTimer(time.Hour)}
	b.stream, err = client.NewPlayback(b, pulse.PlaybackStereo, pulse.PlaybackSampleRate(Rate), pulse.PlaybackMediaName("arcade"),
		pulse.PlaybackLatency(latency.Seconds()),
		pulse.PlaybackRawOption(func(o *proto.CreatePlaybackStream) { o.BufferPrebufferLength = prebuffer * frameSize }))
	if err != nil {
		client.Close()
		return nil, err
	}
	b.queue = b.stream.BufferSize()
	// Start waits until something is played.
	r.write(make([]int16, 2*max(b.queue/2, 2*prebuffer)))
	b.stream.Start()
	return b, nil
}

// Format implements pulse.Reader.
func (b *pulseBackend) Format() byte { return proto.FormatInt16LE }

// Read implements pulse.Reader: the server wants len(p) bytes. It waits a
// little for some, but not long, since the caller hears of further requests
// only between two calls.
func (b *pulseBackend) Read(p []byte) (int, error) {
	b.pending.Store(int64(len(p) / frameSize))
	n, closed := b.ring.take(p)
	if n == 0 && !closed {
		b.timer.Reset(2 * time.Millisecond)
		select {
		case <-b.ring.arrived:
			b.timer.Stop()
		case <-b.timer.C:
		}
		n, closed = b.ring.take(p)
	}
	b.pending.Add(-int64(n / frameSize))
	if closed {
		return n, pulse.EndOfData
	}
	return n, nil
}

func (b *pulseBackend) buffered() int {
	return max(b.queue-int(b.pending.Load())+b.ring.size()/frameSize, 0)
}

func (b *pulseBackend) err() error { return b.stream.Error() }

func (b *pulseBackend) close() { b.client.Close() }
