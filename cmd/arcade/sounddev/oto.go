package sounddev

import (
	"time"

	"github.com/ebitengine/oto/v3"
)

// otoBackend plays through oto: WASAPI, Core Audio, ALSA.
type otoBackend struct {
	ring   *ring
	ctx    *oto.Context
	player *oto.Player
	device int // samples in the device's own buffer
}

// openOto waits until the device is open. A process can do this once.
func openOto(r *ring, latency time.Duration) (backend, error) {
	// Half of the latency is the device's, half is ours to bridge the time
	// between two frames.
	ctx, ready, err := oto.NewContext(&oto.NewContextOptions{SampleRate: Rate, ChannelCount: 2,
		Format: oto.FormatSignedInt16LE, BufferSize: latency / 2, ApplicationName: "arcade"})
	if err != nil {
		return nil, err
	}
	<-ready
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b := &otoBackend{ring: r, ctx: ctx, player: ctx.NewPlayer(r), device: int(latency.Seconds() / 2 * Rate)}
	// The player takes whatever is there; how much that may be is decided by
	// whoever writes.
	b.player.SetBufferSize(4 * Rate)
	b.player.Play()
	return b, nil
}

func (b *otoBackend) buffered() int {
	n := (b.ring.size() + b.player.BufferedSize()) / frameSize
	if n == 0 {
		return 0 // there is a gap right now, whatever the device holds
	}
	return n + b.device
}

func (b *otoBackend) err() error { return b.ctx.Err() }

func (b *otoBackend) close() { b.player.Pause() }
