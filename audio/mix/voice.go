package mix

import (
	"errors"
	"fmt"
	"math"
)

// voice is one stream on its way through the mixer.
//
// Samples become one or two lanes: one if both speakers hear the same up to
// loudness, else left and right. Lanes are halved in rate while that is far
// above the output's, then resampled.
type voice struct {
	channels int
	gain     [2][]float32 // of each channel, into each lane
	lanes    int
	out      [2]float32 // of the one lane into left and right
	in       [2]float32 // last value pushed, per lane, as heard
	offset   [2]float32 // what is left of a splice
	decay    float32    // of offset, per sample
	splice   bool
	halves   []*half
	k        *kernel
	nominal  float64 // input samples per output frame at speed 1, in units of 2^-fracBits
	step     int64   // the same at the present speed
	pos      int64   // of the next frame's window in buf, same units
	buf      [2][]float32
	last     int // one past the last sample in buf that is not 0
	staging  [2][]float32
}

// fracBits is the precision of positions. A year of sound is off by less than
// a sample.
const fracBits = 40

// spliceTime is the time constant, in seconds, with which a jump is smoothed.
const spliceTime = 0.002

func newVoice(s Stream, rate int) (*voice, error) {
	if s.Channels < 1 || s.Channels > 64 {
		return nil, fmt.Errorf("%d channels; there can be 1 to 64", s.Channels)
	}
	hz := s.Rate
	if !(hz >= 1000 && hz <= 4e6) {
		return nil, fmt.Errorf("%v samples a second; 1000 to 4 million are possible", hz)
	}
	v := &voice{channels: s.Channels, decay: float32(math.Exp(-1 / (spliceTime * hz)))}
	if err := v.route(s.Routes); err != nil {
		return nil, err
	}
	for hz/float64(rate) >= 2.4 {
		v.halves = append(v.halves, newHalf(hz, float64(rate), v.lanes))
		hz /= 2
	}
	v.k = newKernel(hz/float64(rate), math.Ldexp(1, -len(v.halves)))
	v.nominal = math.Ldexp(hz/float64(rate), fracBits)
	v.step = int64(math.Round(v.nominal))
	for l := range v.lanes {
		v.buf[l] = make([]float32, 0, v.k.taps+int(hz/8))
	}
	v.reset()
	return v, nil
}

// route turns routes into lanes.
func (v *voice) route(routes []Route) error {
	left, right := make([]float64, v.channels), make([]float64, v.channels)
	for _, r := range routes {
		if r.Channel < 0 || r.Channel >= v.channels {
			return fmt.Errorf("a route from channel %d of %d", r.Channel, v.channels)
		}
		left[r.Channel] += float64(r.Left)
		right[r.Channel] += float64(r.Right)
	}
	// Both sides hear the same up to loudness if all 2x2 determinants vanish.
	// Then the louder side is the one lane.
	most := 0 // channel that is loudest on that side
	one := true
	for i := range left {
		if !(math.Abs(left[i])+math.Abs(right[i]) < math.MaxFloat32) {
			return errors.New("a gain that is no number")
		}
		if max(math.Abs(left[i]), math.Abs(right[i])) > max(math.Abs(left[most]), math.Abs(right[most])) {
			most = i
		}
		for j := range left {
			one = one && left[i]*right[j] == left[j]*right[i]
		}
	}
	v.lanes, v.out = 2, [2]float32{1, 1}
	if one {
		v.lanes = 1
		switch l, r := left[most], right[most]; {
		case l == 0 && r == 0:
		case math.Abs(l) >= math.Abs(r):
			v.out[1] = float32(r / l)
		default:
			v.out[0] = float32(l / r)
			left, right = right, left
		}
	}
	for lane, g := range [2][]float64{left, right} {
		for _, x := range g {
			v.gain[lane] = append(v.gain[lane], float32(x))
		}
	}
	return nil
}

func (v *voice) reset() {
	v.in, v.offset, v.splice = [2]float32{}, [2]float32{}, false
	for _, h := range v.halves {
		h.reset()
	}
	// Silence before the beginning, so that frame 0 stands for time 0.
	v.pos, v.last = 0, 0
	for l := range v.lanes {
		v.buf[l] = v.buf[l][:v.k.before]
		clear(v.buf[l])
	}
}

// push turns samples into lanes, at the end of buf.
func (v *voice) push(samples []int16) {
	n := len(samples) / v.channels
	if n == 0 {
		return
	}
	quiet := true
	for l := range v.lanes {
		dst := v.grow(l, n)
		g := v.gain[l]
		switch v.channels {
		case 1:
			g0 := g[0]
			for i, s := range samples[:len(dst)] {
				dst[i] = float32(s) * g0
			}
		case 2:
			g0, g1 := g[0], g[1]
			samples := samples[:2*len(dst)]
			for i := range dst {
				dst[i] = float32(float32(samples[2*i])*g0) + float32(float32(samples[2*i+1])*g1)
			}
		default:
			for i := range dst {
				var sum float32
				for c, s := range samples[i*v.channels : (i+1)*v.channels] {
					sum += float32(float32(s) * g[c])
				}
				dst[i] = sum
			}
		}
		if v.splice {
			v.offset[l] = v.in[l] - dst[0]
		}
		v.smooth(l, dst)
		v.in[l] = dst[n-1]
		quiet = quiet && allZero(dst)
	}
	v.splice = false
	if len(v.halves) > 0 {
		v.decimate(&quiet)
	}
	if !quiet {
		v.last = len(v.buf[0])
	}
}

// grow gives room for n samples: in buf, or in staging if they must be
// decimated first.
func (v *voice) grow(l, n int) []float32 {
	if len(v.halves) > 0 {
		if cap(v.staging[l]) < n {
			v.staging[l] = make([]float32, n)
		}
		v.staging[l] = v.staging[l][:n]
		return v.staging[l]
	}
	b := v.buf[l]
	for cap(b) < len(b)+n {
		b = append(b[:cap(b)], 0)[:len(b)]
	}
	v.buf[l] = b[:len(b)+n]
	return v.buf[l][len(b):]
}

func (v *voice) decimate(quiet *bool) {
	for l := range v.lanes {
		x := v.staging[l]
		for _, h := range v.halves {
			x = h.run(l, x)
		}
		*quiet = *quiet && allZero(x)
		v.buf[l] = append(v.buf[l], x...)
	}
}

// smooth adds what is left of a splice.
func (v *voice) smooth(l int, dst []float32) {
	off := v.offset[l]
	if off == 0 {
		return
	}
	for i := range dst {
		dst[i] += off
		off *= v.decay
	}
	if off > -1e-6 && off < 1e-6 {
		off = 0
	}
	v.offset[l] = off
}

func allZero(x []float32) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}

// ready is the number of frames whose windows lie within buf.
func (v *voice) ready() int {
	room := int64(len(v.buf[0])-v.k.taps+1) << fracBits
	if room <= v.pos {
		return 0
	}
	return int((room-1-v.pos)/v.step) + 1
}

// pull adds len(dst)/2 frames to dst.
func (v *voice) pull(dst []float32) {
	n := int64(len(dst) / 2)
	if int64(v.last)<<fracBits > v.pos { // else silence only
		if v.lanes == 1 {
			v.k.mono(dst, v.buf[0], v.pos, v.step, v.out[0], v.out[1])
		} else {
			v.k.stereo(dst, v.buf[0], v.buf[1], v.pos, v.step)
		}
	}
	v.pos += n * v.step
	// Drop what no window reaches any more.
	drop := min(int(v.pos>>fracBits), len(v.buf[0]))
	for l := range v.lanes {
		v.buf[l] = v.buf[l][:copy(v.buf[l], v.buf[l][drop:])]
	}
	v.pos -= int64(drop) << fracBits
	v.last = max(0, v.last-drop)
}
