package tests

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"slices"
	"testing"
)

// sound is mono sound from -1 to 1.
type sound struct {
	rate int
	v    []float64
}

// readWAV reads 16-bit PCM and mixes its channels down.
func readWAV(name string) (sound, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return sound{}, err
	}
	if len(b) < 44 || string(b[:4]) != "RIFF" || string(b[8:16]) != "WAVEfmt " {
		return sound{}, errors.New(name + " is not a WAV file")
	}
	le := binary.LittleEndian
	channels, rate := int(le.Uint16(b[22:])), int(le.Uint32(b[24:]))
	data := b[44:]
	s := sound{rate: rate}
	for i := 0; i+2*channels <= len(data); i += 2 * channels {
		sum := 0.0
		for c := range channels {
			sum += float64(int16(le.Uint16(data[i+2*c:]))) / 32768
		}
		s.v = append(s.v, sum/float64(channels))
	}
	return s, nil
}

// lowPass removes what is above the given frequency (windowed sinc).
func (s sound) lowPass(hz float64) sound {
	const half = 96
	var f [2*half + 1]float64
	sum := 0.0
	for i := range f {
		x := float64(i-half) * 2 * hz / float64(s.rate)
		f[i] = 0.5 + 0.5*math.Cos(math.Pi*float64(i-half)/(half+1))
		if x != 0 {
			f[i] *= math.Sin(math.Pi*x) / (math.Pi * x)
		}
		sum += f[i]
	}
	out := sound{s.rate, make([]float64, len(s.v))}
	for i := range out.v {
		acc := 0.0
		for j, c := range f {
			if k := i + j - half; k >= 0 && k < len(s.v) {
				acc += c * s.v[k]
			}
		}
		out.v[i] = acc / sum
	}
	return out
}

// onset is the time in seconds of the first sample that is heard.
func (s sound) onset() float64 {
	for i, v := range s.v {
		if math.Abs(v-s.v[0]) > 0.002 {
			return float64(i) / float64(s.rate)
		}
	}
	return math.Inf(1)
}

// level is the RMS in dB, without the constant part.
func (s sound) level() float64 {
	mean := 0.0
	for _, v := range s.v {
		mean += v
	}
	mean /= float64(len(s.v))
	sum := 0.0
	for _, v := range s.v {
		sum += (v - mean) * (v - mean)
	}
	return 10 * math.Log10(sum/float64(len(s.v))+1e-15)
}

// correlation compares two windows without their constant parts.
func correlation(a, b []float64) float64 {
	var ma, mb float64
	for i := range a {
		ma += a[i]
		mb += b[i]
	}
	ma /= float64(len(a))
	mb /= float64(len(a))
	var ab, aa, bb float64
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		ab += x * y
		aa += x * x
		bb += y * y
	}
	return ab / math.Sqrt(aa*bb+1e-30)
}

// silent reports whether nothing but a constant is there.
func silent(v []float64) bool { return sound{v: v}.level() < -100 }

// compareSound checks the onset, the level, and from MAME's onset on the
// correlation of one-second windows, each aligned by up to 25 ms. What is left at
// the end counts as a window if it is a quarter of a second; silence does not.
func compareSound(t *testing.T, got, want sound) {
	t.Helper()
	if d := math.Abs(got.onset() - want.onset()); d > 1./59 {
		t.Errorf("sound begins at %.4f s, in MAME at %.4f s", got.onset(), want.onset())
	}
	n := min(len(got.v), len(want.v))
	got.v, want.v = got.v[:n], want.v[:n]
	if d := got.level() - want.level(); math.Abs(d) > 1 || math.IsNaN(d) {
		t.Errorf("sound is %.2f dB louder than MAME's", d)
	}
	if want.level() < -100 {
		t.Fatal("MAME was silent: this comparison proves nothing")
	}
	onset := int(want.onset() * float64(want.rate))
	got, want = got.lowPass(6000), want.lowPass(6000)
	var all []float64
	most := got.rate / 40
	for at := max(onset, most); at+got.rate/4+most <= n; at += got.rate {
		best := -1.0
		size := min(got.rate, n-most-at)
		w := want.v[at : at+size]
		if silent(w) && silent(got.v[at:at+size]) {
			continue
		}
		try := func(from, to, step int) (where int) {
			for d := from; d <= to; d += step {
				if c := correlation(got.v[at+d:at+d+size], w); c > best {
					best, where = c, d
				}
			}
			return where
		}
		d := try(-most, most, 3)
		try(max(d-2, -most), min(d+2, most), 1)
		all = append(all, best)
	}
	if len(all) == 0 {
		t.Fatal("MAME is heard for less than a quarter of a second: this comparison proves nothing")
	}
	slices.Sort(all)
	median := all[len(all)/2]
	t.Logf("sound: onset %.4f and %.4f s, level %.2f and %.2f dB, correlation of %d windows: median %.4f, worst %.4f", got.onset(), want.onset(), got.level(), want.level(), len(all), median, all[0])
	if median < 0.98 {
		t.Errorf("the median correlation with MAME's sound is %.4f, at least 0.98 is wanted", median)
	}
}
