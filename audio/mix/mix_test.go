package mix

import (
	"math"
	"testing"
)

// play runs a sine through the mixer and gives the left output.
func play(t testing.TB, rate int, in, frequency, seconds float64, chunk int) []float64 {
	t.Helper()
	m, err := New(rate, []Stream{{Rate: in, Channels: 1, Routes: []Route{{0, 1. / 32768, 1. / 32768}}}})
	if err != nil {
		t.Fatal(err)
	}
	var out []int16
	n := int(in * seconds)
	for at := 0; at < n; at += chunk {
		var s []int16
		for i := at; i < min(at+chunk, n); i++ {
			s = append(s, int16(math.Round(16000*math.Sin(2*math.Pi*frequency*float64(i)/in))))
		}
		m.Push(0, s)
		out = m.Pull(out, m.Ready())
	}
	var left []float64
	for i := 0; i < len(out); i += 2 {
		if out[i] != out[i+1] {
			t.Fatal("the two sides differ")
		}
		left = append(left, float64(out[i]))
	}
	return left
}

// A sine comes out as the same sine, at the same time, with little else.
func TestSine(t *testing.T) {
	for _, c := range []struct {
		rate     int
		in, freq float64
	}{{48000, 96000, 1000}, {48000, 55930.390625, 440}, {48000, 7575.757575, 1000}, {44100, 55930.39, 9000}, {48000, 192000, 12000}, {48000, 24038.46, 5000}} {
		out := play(t, c.rate, c.in, c.freq, 0.5, 931)
		if want := float64(c.rate) / 2; math.Abs(float64(len(out))-want) > 0.01*want {
			t.Errorf("%v: %d samples, want about %v", c, len(out), want)
		}
		var err2, sig2 float64
		for i := 2000; i < len(out)-2000; i++ {
			want := 16000 * math.Sin(2*math.Pi*c.freq*float64(i)/float64(c.rate))
			err2 += (out[i] - want) * (out[i] - want)
			sig2 += want * want
		}
		if db := 10 * math.Log10(err2/sig2); db > -52 {
			t.Errorf("%v: the error is at %.1f dB", c, db)
		}
	}
}

// What the output cannot carry is not heard.
func TestAliasing(t *testing.T) {
	var sum float64
	out := play(t, 48000, 192000, 31000, 0.3, 4000)
	for _, v := range out[1000:] {
		sum += v * v
	}
	if rms := math.Sqrt(sum / float64(len(out))); rms > 16 {
		t.Errorf("a tone of 31 kHz leaves %.1f", rms)
	}
}

func TestChunksDoNotMatter(t *testing.T) {
	a, b := play(t, 48000, 55930.39, 700, 0.5, 931), play(t, 48000, 55930.39, 700, 0.5, 17)
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("sample %d differs", i)
		}
	}
}

func TestErrors(t *testing.T) {
	if _, err := New(100, nil); err == nil {
		t.Error("a rate of 100 was taken")
	}
	if _, err := New(48000, []Stream{{Rate: 48000, Channels: 1, Routes: []Route{{1, 1, 1}}}}); err == nil {
		t.Error("a route from nowhere was taken")
	}
}

func TestVolumeFades(t *testing.T) {
	m, err := New(48000, []Stream{{Rate: 48000, Channels: 1, Routes: []Route{{0, 1. / 32768, 1. / 32768}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := make([]int16, 4800)
	for i := range s {
		s[i] = 20000
	}
	m.Push(0, s)
	out := m.Pull(nil, 1000)
	m.SetVolume(0)
	out = m.Pull(out, 2000)
	for i := 200; i+2 < len(out); i += 2 {
		if d := math.Abs(float64(out[i]) - float64(out[i+2])); d > 200 {
			t.Fatalf("a step of %v at %d", d, i/2)
		}
	}
	if out[len(out)-1] != 0 {
		t.Error("not silent in the end")
	}
}

// BenchmarkCPS1 mixes a frame of a YM2151 and an OKI.
func BenchmarkCPS1(b *testing.B) {
	m, err := New(48000, []Stream{{Rate: 55930.39, Channels: 2, Routes: []Route{{0, 1e-5, 1e-5}, {1, 1e-5, 1e-5}}}, {Rate: 7575.7575, Channels: 1, Routes: []Route{{0, 1e-5, 1e-5}}}})
	if err != nil {
		b.Fatal(err)
	}
	ym, oki := make([]int16, 2*938), make([]int16, 127)
	var out []int16
	b.ReportAllocs()
	for b.Loop() {
		m.Push(0, ym)
		m.Push(1, oki)
		out = m.Pull(out[:0], m.Ready())
	}
}
