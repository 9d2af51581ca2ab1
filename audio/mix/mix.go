// Package mix is the host's side of sound: it turns the integer streams that
// sound chips make at their own rates into one stereo stream at the rate of a
// sound device or file. Unlike the chips it computes with floating point: what
// it does never gets back into a machine.
//
// Each stream goes through a polyphase windowed-sinc filter that passes what
// both rates can carry. All streams are aligned to the centre of their filters,
// so their delays are equal: Latency seconds of the slowest stream.
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

const (
	phases = 512 // positions between two input samples that have a filter of their own
	taps   = 24  // filter length in samples of the lower rate
	one    = 1 << 32
)

// Mixer mixes streams.
type Mixer struct {
	rate    int
	in      []*input
	speed   float64
	ramp    float32 // gain now, on its way to target
	target  float32
	clipped int
}

// input is a stream with its filter and what of it is not used up yet.
type input struct {
	Stream
	n      int          // filter length in input samples
	filter []float32    // phases+1 filters of n
	gain   [][2]float32 // of each channel, to the left and to the right
	buf    [][]float32  // the channels summed up for one side each, or for both where they are equal
	pos    int64        // of the next output's first filter tap in buf, 32.32 fixed point
	step   int64        // input samples for one output sample
}

// New makes a mixer for a device of rate samples a second.
func New(rate int, streams []Stream) (*Mixer, error) {
	m := &Mixer{rate: rate, speed: 1, ramp: 1, target: 1}
	if rate < 8000 || rate > 384000 {
		return nil, fmt.Errorf("mix: a rate of %d samples a second; 8000 to 384000 are possible", rate)
	}
	for _, s := range streams {
		if s.Rate < 1000 || s.Rate > 4e6 || s.Channels < 1 {
			return nil, fmt.Errorf("mix: a stream of %v samples a second and %d channels", s.Rate, s.Channels)
		}
		in := &input{Stream: s, gain: make([][2]float32, s.Channels)}
		for _, r := range s.Routes {
			if r.Channel < 0 || r.Channel >= s.Channels {
				return nil, fmt.Errorf("mix: a route from channel %d of %d", r.Channel, s.Channels)
			}
			in.gain[r.Channel][0] += r.Left
			in.gain[r.Channel][1] += r.Right
		}
		sides := 1
		for _, g := range in.gain {
			if g[0] != g[1] {
				sides = 2
			}
		}
		in.buf = make([][]float32, sides)
		in.design(float64(rate))
		// Silence before the first sample, so that it stands in the middle of
		// the first output's filter.
		for c := range in.buf {
			in.buf[c] = make([]float32, in.n/2, 4*in.n+8192)
		}
		m.in = append(m.in, in)
	}
	m.SetSpeed(1)
	return m, nil
}

// design computes the filters: a sinc that cuts off a little below half of the
// lower rate, under a Kaiser window.
func (in *input) design(out float64) {
	low := min(in.Rate, out)
	in.n = int(math.Ceil(taps*in.Rate/low/4)) * 4
	cutoff := 0.9 * low / in.Rate // of half the input rate
	const beta = 7
	half := float64(in.n) / 2
	in.filter = make([]float32, (phases+1)*in.n)
	for p := range phases + 1 {
		f := in.filter[p*in.n : (p+1)*in.n]
		sum := 0.0
		v := make([]float64, in.n)
		for i := range v {
			x := float64(i) - half - float64(p)/phases + 1
			x-- // tap half is the sample at the output's own time
			v[i] = sinc(x*cutoff) * kaiser(x/half, beta)
			sum += v[i]
		}
		for i := range v {
			f[i] = float32(v[i] / sum) // a constant comes out as it went in
		}
	}
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func kaiser(x, beta float64) float64 {
	if x < -1 || x > 1 {
		return 0
	}
	return bessel(beta*math.Sqrt(1-x*x)) / bessel(beta)
}

// bessel is the modified Bessel function of the first kind, order 0.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x / 2 / k * x / 2 / k
		sum += term
	}
	return sum
}

// SetSpeed bends the rate: at 1.01 the input is used up one percent faster.
// For pacing; it is limited to 0.98 to 1.02.
func (m *Mixer) SetSpeed(speed float64) {
	m.speed = min(max(speed, 0.98), 1.02)
	for _, in := range m.in {
		in.step = int64(math.Round(in.Rate / float64(m.rate) * m.speed * one))
	}
}

// SetVolume fades to a gain of 0 to 1 within some milliseconds.
func (m *Mixer) SetVolume(v float64) { m.target = float32(min(max(v, 0), 1)) }

// Latency is the delay in seconds that the filters add.
func (m *Mixer) Latency() float64 {
	worst := 0.0
	for _, in := range m.in {
		worst = max(worst, float64(in.n/2)/in.Rate)
	}
	return worst
}

// Clipped is the number of output samples so far that were too loud.
func (m *Mixer) Clipped() int { return m.clipped }

// Push adds samples of a stream, interleaved.
func (m *Mixer) Push(stream int, samples []int16) {
	in := m.in[stream]
	n := len(samples) / in.Channels
	for side, b := range in.buf {
		at := len(b)
		for cap(b) < at+n {
			b = append(b[:cap(b)], 0)
		}
		b = b[:at+n]
		d := b[at:]
		clear(d)
		for c, g := range in.gain {
			if g[side] == 0 {
				continue
			}
			src := samples[c:]
			for i := range d {
				d[i] += float32(src[i*in.Channels]) * g[side]
			}
		}
		in.buf[side] = b
	}
}

// Ready is the number of output frames that can be pulled now.
func (m *Mixer) Ready() int {
	ready := math.MaxInt32
	for _, in := range m.in {
		have := int64(len(in.buf[0])-in.n)<<32 - in.pos
		if have < 0 {
			return 0
		}
		ready = min(ready, int(have/in.step)+1)
	}
	if len(m.in) == 0 {
		return 0
	}
	return ready
}

// Pull appends n frames of two samples each to dst. n must not be more than
// Ready.
func (m *Mixer) Pull(dst []int16, n int) []int16 {
	at := len(dst)
	for cap(dst) < at+2*n {
		dst = append(dst[:cap(dst)], 0)
	}
	dst = dst[:at+2*n]
	fade := float32(1) / float32(m.rate) * 200 // 5 ms from silence to full
	for i := at; i < len(dst); i += 2 {
		var left, right float32
		for _, in := range m.in {
			first := int(in.pos >> 32)
			phase := int(uint32(in.pos)) >> (32 - 9)
			f := in.filter[phase*in.n : (phase+1)*in.n]
			v := dot(f, in.buf[0][first:first+in.n])
			left += v
			if len(in.buf) > 1 {
				v = dot(f, in.buf[1][first:first+in.n])
			}
			right += v
			in.pos += in.step
		}
		if m.ramp != m.target {
			m.ramp = min(max(m.target, m.ramp-fade), m.ramp+fade)
		}
		dst[i], dst[i+1] = m.clip(left*m.ramp), m.clip(right*m.ramp)
	}
	m.discard()
	return dst
}

// dot is the scalar product of two slices of equal length, a multiple of 4.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	return s0 + s1 + (s2 + s3)
}

func (m *Mixer) clip(v float32) int16 {
	v *= 32767
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

// discard forgets input that no output needs any more.
func (m *Mixer) discard() {
	for _, in := range m.in {
		used := min(int(in.pos>>32), len(in.buf[0]))
		if used < 4096 && len(in.buf[0])+4096 < cap(in.buf[0]) {
			continue
		}
		for c, b := range in.buf {
			in.buf[c] = b[:copy(b, b[used:])]
		}
		in.pos -= int64(used) << 32
	}
}
