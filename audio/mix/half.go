package mix

import "math"

// half halves a rate: a half-band low-pass, of whose coefficients every other
// is 0 but for the one in the middle, which is 1/2.
type half struct {
	side []float32 // the coefficients that are not 0, without the middle
	lane [2]halfLane
}

// halfLane is what a lane's next output needs: samples of even and odd number.
type halfLane struct {
	even, odd []float32
	out       []float32
	second    bool // the next sample is an odd one
}

// newHalf makes the filter for halving hz on the way to rate. It must keep
// what the output can have, and remove what would fold onto it.
func newHalf(hz, rate float64, lanes int) *half {
	pass := 0.42 * rate / hz // as far from 0 as the stop band is from 1/2
	const down = 84.0        // dB
	n := (down - 8) / (2.285 * 2 * math.Pi * (0.5 - 2*pass))
	m := 2 * max(1, int(math.Ceil((n+2)/8))) // coefficients to either side; even
	const b = 0.1102 * (down - 8.7)
	sum := 0.0
	side := make([]float64, 2*m)
	for i := range side {
		t := float64(2*i+1) - float64(2*m) // distance from the middle
		x := t / float64(2*m)
		side[i] = math.Sin(math.Pi*t/2) / (math.Pi * t) * bessel(b*math.Sqrt(1-x*x)) / bessel(b)
		sum += side[i]
	}
	h := &half{}
	for _, s := range side {
		h.side = append(h.side, float32(s/sum/2)) // 1/2 in the middle, 1/2 beside it
	}
	for l := range lanes {
		n := 2*m + int(hz/16)
		h.lane[l] = halfLane{even: make([]float32, 0, n), odd: make([]float32, 0, n), out: make([]float32, 0, n)}
	}
	h.reset()
	return h
}

// reset starts with silence, so that the first output stands under the first
// input.
func (h *half) reset() {
	m := len(h.side) / 2
	for i := range h.lane {
		// The first input is an odd one: it is in the middle of an output.
		l := &h.lane[i]
		l.even, l.odd, l.second = l.even[:min(m, cap(l.even))], l.odd[:min(m-1, cap(l.odd))], true
		clear(l.even)
		clear(l.odd)
	}
}

// run takes samples of a lane and gives those of half the rate that are
// complete. They are valid until the next call.
func (h *half) run(lane int, x []float32) []float32 {
	l := &h.lane[lane]
	even, odd := l.even, l.odd
	if l.second && len(x) > 0 {
		odd = append(odd, x[0])
		x = x[1:]
	}
	for ; len(x) >= 2; x = x[2:] {
		even = append(even, x[0])
		odd = append(odd, x[1])
	}
	l.second = len(x) == 1
	if l.second {
		even = append(even, x[0])
	}
	out := l.out[:0]
	m := len(h.side) / 2
	n := max(0, min(len(even)-2*m+1, len(odd)-m+1))
	for i := range n {
		y := dot(even[i:i+2*m], h.side)
		out = append(out, odd[i+m-1]/2+y)
	}
	l.even = even[:copy(even, even[n:])]
	l.odd = odd[:copy(odd, odd[n:])]
	l.out = out
	return out
}
