// Package mix is the host's side of sound: it takes the integer streams of
// sound chips at their native rates, brings them to the rate of a device or
// file, and adds them up. Unlike the chips it computes with floating point:
// what it does never gets back into a machine.
//
// # What a stream means
//
// A sample of a stream is a level that the chip's converter holds until the
// next one. The mixer hears that staircase through an ideal converter of the
// output rate: a low-pass just below half the output rate. So a slow stream
// keeps the bright edge that its steps have on the board (and in MAME), while
// nothing above half the output rate folds down into the audible range.
//
// # Numbers
//
// The low-pass is a Kaiser-windowed sinc over 2*halfWidth output samples: flat
// to 0.39 of the output rate (18.7 kHz at 48 kHz), and more than 70 dB down
// where it would fold below that. Output frame n stands for time n/rate of the
// streams, and is ready once the streams have come halfWidth output samples
// (0.33 ms at 48 kHz) further: that is the whole latency.
//
// The same samples give the same output on every processor: products are
// rounded before they are added, so that no compiler fuses the two.
package mix

import (
	"fmt"
	"math"
)

// Stream describes one input.
type Stream struct {
	Rate     float64 // samples a second
	Channels int     // interleaved
	Routes   []Route
}

// Route sends a channel to the two outputs: a sample of value v adds v * Left
// and v * Right, where 1 is full scale.
type Route struct {
	Channel     int
	Left, Right float32
}

// Limits of SetSpeed.
const (
	MinSpeed = 0.98
	MaxSpeed = 1.02
)

// fadeTime is how long SetVolume takes from silence to full, in seconds.
const fadeTime = 0.005

// Mixer mixes streams to stereo. It belongs to one goroutine.
type Mixer struct {
	rate    int
	voices  []*voice
	sum     []float32 // of Pull
	volume  float32   // now, on its way to target
	target  float32
	clipped int
}

// New makes a mixer for a device of rate frames a second.
func New(rate int, streams []Stream) (*Mixer, error) {
	if rate < 8000 || rate > 384000 {
		return nil, fmt.Errorf("mix: a rate of %d samples a second; 8000 to 384000 are possible", rate)
	}
	m := &Mixer{rate: rate, volume: 1, target: 1}
	for i, s := range streams {
		v, err := newVoice(s, rate)
		if err != nil {
			return nil, fmt.Errorf("mix: stream %d: %w", i, err)
		}
		m.voices = append(m.voices, v)
	}
	return m, nil
}

// Push adds samples of a stream, interleaved. Every stream must be pushed for
// every frame that is to be heard. Frames that are not to be heard (those run
// again after a rollback, or skipped) are just not pushed: see Splice. What is
// not pulled is kept, without limit.
func (m *Mixer) Push(stream int, samples []int16) { m.voices[stream].push(samples) }

// Splice tells that the samples pushed next do not follow from the last ones,
// as when a rollback has changed the past or frames were skipped. The jump is
// smoothed out within some milliseconds instead of clicking.
func (m *Mixer) Splice() {
	for _, v := range m.voices {
		v.splice = true
	}
}

// SetSpeed bends the rate, from the next frame on: at 1.01 the input is used up
// one percent faster, and sounds as much higher. For pacing; it is limited to
// MinSpeed and MaxSpeed.
func (m *Mixer) SetSpeed(speed float64) {
	if !(speed >= MinSpeed) { // also what is no number
		speed = MinSpeed
	}
	speed = min(speed, MaxSpeed)
	for _, v := range m.voices {
		v.step = int64(math.Round(v.nominal * speed))
	}
}

// SetVolume fades to a gain of 0 to 1 within some milliseconds.
func (m *Mixer) SetVolume(v float64) { m.target = float32(min(max(v, 0), 1)) }

// Latency is the time in seconds by which Pull lags behind Push.
func (m *Mixer) Latency() float64 { return halfWidth / float64(m.rate) }

// Clipped is the number of output samples so far that were too loud.
func (m *Mixer) Clipped() int { return m.clipped }

// Reset forgets all that was pushed, and starts again in silence.
func (m *Mixer) Reset() {
	for _, v := range m.voices {
		v.reset()
	}
}

// Ready is the number of output frames that can be pulled now.
func (m *Mixer) Ready() int {
	if len(m.voices) == 0 {
		return 0
	}
	n := math.MaxInt32
	for _, v := range m.voices {
		n = min(n, v.ready())
	}
	return n
}

// Pull appends n frames of two samples each to dst, rounded and clipped. n must
// not be more than Ready.
func (m *Mixer) Pull(dst []int16, n int) []int16 {
	if cap(m.sum) < 2*n {
		m.sum = make([]float32, 2*n)
	}
	sum := m.sum[:2*n]
	clear(sum)
	for _, v := range m.voices {
		v.pull(sum)
	}
	at := len(dst)
	for cap(dst) < at+2*n {
		dst = append(dst[:cap(dst)], 0)
	}
	dst = dst[:at+2*n]
	out := dst[at:]
	fade := float32(1 / (fadeTime * float64(m.rate)))
	for i := 0; i+1 < len(sum) && i+1 < len(out); i += 2 {
		if m.volume != m.target {
			m.volume = min(max(m.target, m.volume-fade), m.volume+fade)
		}
		scale := m.volume * 32767
		out[i], out[i+1] = m.clip(float32(sum[i]*scale)), m.clip(float32(sum[i+1]*scale))
	}
	return dst
}

func (m *Mixer) clip(v float32) int16 {
	switch {
	case v > 32767:
		m.clipped++
		return 32767
	case v < -32768:
		m.clipped++
		return -32768
	case v < 0:
		return int16(v - 0.5)
	}
	return int16(v + 0.5)
}
