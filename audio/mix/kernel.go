package mix

import "math"

// The low-pass, in output samples.
const (
	halfWidth = 16   // reach to either side
	cutoff    = 0.47 // of the output rate
	beta      = 7.5  // of the Kaiser window: 77 dB
)

// kernel resamples by a fixed ratio: a table of what each input sample, held
// for some time, adds to an output frame, for every phase between two input
// samples.
type kernel struct {
	taps   int // multiple of 4
	before int // taps before the input sample under the output frame
	bits   int // of the number of phases
	table  []float32
	// Per phase: taps coefficients, then taps differences to the next phase.
}

// newKernel makes the table for ratio input samples per output sample, each of
// them held for hold of its length: all of it, or less if it stands for others
// that were left out.
func newKernel(ratio, hold float64) *kernel {
	reach := int(math.Ceil(halfWidth * ratio))
	k := &kernel{taps: (2*reach + 1 + 3) &^ 3}
	k.before = k.taps - reach - 1
	// Between phases coefficients are interpolated; 128 phases to an output
	// sample keep the error below -95 dB.
	for float64(int(1)<<k.bits) < 128/ratio && k.bits < 13 {
		k.bits++
	}
	k.bits = max(k.bits, 4)
	phases := 1 << k.bits
	row := func(p int) []float64 {
		// A sample held from j to j+hold adds the difference of the low-pass's
		// step response at both ends.
		out := make([]float64, k.taps)
		t := float64(p)/float64(phases) + float64(k.before)
		sum := 0.0
		for i := range out {
			j := t - float64(i)
			out[i] = stepResponse(j/ratio) - stepResponse((j-hold)/ratio)
			sum += out[i]
		}
		for i := range out {
			out[i] /= sum // a constant stays what it is
		}
		return out
	}
	next := row(0)
	for p := range phases {
		this := next
		next = row(p + 1)
		for _, c := range this {
			k.table = append(k.table, float32(c))
		}
		for i, c := range this {
			k.table = append(k.table, float32(next[i]-c))
		}
	}
	return k
}

// responseSteps is the number of points of the step response per output
// sample.
const responseSteps = 512

// response has the integral of the low-pass, from -halfWidth on.
var response = integrate()

func integrate() []float64 {
	h := func(t float64) float64 {
		x := t / halfWidth
		if x <= -1 || x >= 1 {
			return 0
		}
		w := bessel(beta*math.Sqrt(1-x*x)) / bessel(beta)
		if t == 0 {
			return 2 * cutoff
		}
		return w * math.Sin(2*math.Pi*cutoff*t) / (math.Pi * t)
	}
	const n = 2 * halfWidth * responseSteps
	out := make([]float64, n+1)
	for i := range n {
		// Simpson's rule.
		a := float64(i)/responseSteps - halfWidth
		const d = 1.0 / responseSteps
		out[i+1] = out[i] + d/6*(h(a)+4*h(a+d/2)+h(a+d))
	}
	for i := range out {
		out[i] /= out[n] // exactly 1 at the end
	}
	return out
}

// bessel is the modified Bessel function of order 0.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		term *= x / (2 * k) * (x / (2 * k))
		sum += term
	}
	return sum
}

// stepResponse is the integral of the low-pass up to t.
func stepResponse(t float64) float64 {
	x := (t + halfWidth) * responseSteps
	i := int(math.Floor(x))
	switch {
	case i < 0:
		return 0
	case i >= len(response)-1:
		return 1
	}
	// Cubic, so that the table's steps do not show.
	f := x - float64(i)
	p1, p2 := response[i], response[i+1]
	p0, p3 := p1, p2
	if i > 0 {
		p0 = response[i-1]
	}
	if i+2 < len(response) {
		p3 = response[i+2]
	}
	return p1 + f/2*(p2-p0+f*(2*p0-5*p1+4*p2-p3+f*(3*(p1-p2)+p3-p0)))
}

// phase splits a position into the coefficients of its phase, the differences
// to the next, and how far it is between the two.
func (k *kernel) phase(pos int64) (c, d []float32, f float32) {
	// Positions have fracBits of fraction: the top bits are the phase.
	frac := uint64(pos) << (64 - fracBits)
	at := int(frac>>(64-uint(k.bits)&63)) * 2 * k.taps
	// 24 more bits are as many as a float32 holds.
	f = float32(int32(frac<<uint(k.bits&63)>>40)) * (1.0 / (1 << 24))
	return k.table[at : at+k.taps], k.table[at+k.taps : at+2*k.taps], f
}

// mono adds a lane to both sides of dst.
func (k *kernel) mono(dst, x []float32, pos, step int64, left, right float32) {
	for ; len(dst) >= 2; dst = dst[2:] {
		c, d, f := k.phase(pos)
		w := x[pos>>fracBits:]
		var y float32
		if f == 0 { // always, where the rate is a multiple of the output's
			y = dot(w[:len(c)], c)
		} else {
			y = dotBetween(w[:len(c)], c, d, f)
		}
		dst[0] += float32(y * left)
		dst[1] += float32(y * right)
		pos += step
	}
}

// stereo adds two lanes to dst.
func (k *kernel) stereo(dst, x, y []float32, pos, step int64) {
	for ; len(dst) >= 2; dst = dst[2:] {
		c, d, f := k.phase(pos)
		at := pos >> fracBits
		l, r := dotBetween2(x[at:][:len(c)], y[at:][:len(c)], c, d, f)
		dst[0] += l
		dst[1] += r
		pos += step
	}
}

// The loops below work on four elements at a time: sums that do not wait for
// each other. Lengths are multiples of four.

func dot(x, c []float32) float32 {
	var a0, a1, a2, a3 float32
	c = c[:len(x)]
	for i := 3; i < len(x); i += 4 {
		a0 += float32(x[i-3] * c[i-3])
		a1 += float32(x[i-2] * c[i-2])
		a2 += float32(x[i-1] * c[i-1])
		a3 += float32(x[i] * c[i])
	}
	return (a0 + a1) + (a2 + a3)
}

func dotBetween(x, c, d []float32, f float32) float32 {
	// The dot product is linear: two sums, joined at the end.
	var a0, a1, b0, b1 float32
	c, d = c[:len(x)], d[:len(x)]
	for i := 3; i < len(x); i += 4 {
		x0, x1, x2, x3 := x[i-3], x[i-2], x[i-1], x[i]
		a0 += float32(x0 * c[i-3])
		b0 += float32(x0 * d[i-3])
		a1 += float32(x1 * c[i-2])
		b1 += float32(x1 * d[i-2])
		a0 += float32(x2 * c[i-1])
		b0 += float32(x2 * d[i-1])
		a1 += float32(x3 * c[i])
		b1 += float32(x3 * d[i])
	}
	return (a0 + a1) + float32(f*(b0+b1))
}

func dotBetween2(x, y, c, d []float32, f float32) (l, r float32) {
	var l0, l1, r0, r1 float32
	y, c, d = y[:len(x)], c[:len(x)], d[:len(x)]
	for i := 3; i < len(x); i += 4 {
		c0 := c[i-3] + float32(f*d[i-3])
		l0 += float32(x[i-3] * c0)
		r0 += float32(y[i-3] * c0)
		c1 := c[i-2] + float32(f*d[i-2])
		l1 += float32(x[i-2] * c1)
		r1 += float32(y[i-2] * c1)
		c2 := c[i-1] + float32(f*d[i-1])
		l0 += float32(x[i-1] * c2)
		r0 += float32(y[i-1] * c2)
		c3 := c[i] + float32(f*d[i])
		l1 += float32(x[i] * c3)
		r1 += float32(y[i] * c3)
	}
	return l0 + l1, r0 + r1
}
