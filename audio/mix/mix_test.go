package mix

import (
	"hash/crc32"
	"math"
	"math/rand/v2"
	"testing"
)

const unit = 1. / 32768

var mono = []Route{{0, unit, unit}}

func mixer(t testing.TB, rate int, streams ...Stream) *Mixer {
	t.Helper()
	m, err := New(rate, streams)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// play runs a sine through the mixer and gives the left output.
func play(t testing.TB, rate int, in, frequency, seconds float64, chunk int) []float64 {
	t.Helper()
	m := mixer(t, rate, Stream{Rate: in, Channels: 1, Routes: mono})
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

// passes is how much of a frequency, in cycles per output sample, the low-pass
// lets through.
func passes(f float64) float64 {
	sum := 0.0
	for i := 1; i < len(response); i++ {
		t := (float64(i)-0.5)/responseSteps - halfWidth
		sum += (response[i] - response[i-1]) * math.Cos(2*math.Pi*f*t)
	}
	return sum
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// A sine comes out as the staircase of its samples, through the low-pass, at
// its own time, with little else: the sum of the sine and its images.
func TestSine(t *testing.T) {
	for _, c := range []struct {
		rate     int
		in, freq float64
	}{{48000, 96000, 1000}, {48000, 55930.390625, 440}, {48000, 7575.757575, 1000}, {48000, 7575.757575, 3100}, {44100, 55930.39, 9000},
		{48000, 192000, 12000}, {48000, 250000, 5000}, {48000, 24038.46, 5000}, {96000, 37286.93, 11000}} {
		out := play(t, c.rate, c.in, c.freq, 0.5, 931)
		if want := float64(c.rate) / 2; math.Abs(float64(len(out))-want) > 0.01*want {
			t.Errorf("%v: %d samples, want about %v", c, len(out), want)
		}
		type part struct{ f, amplitude float64 }
		var parts []part
		for k := -40; k <= 40; k++ {
			f := c.freq + float64(k)*c.in
			if a := 16000 * sinc(f/c.in) * passes(f/float64(c.rate)); math.Abs(a) > 0.1 {
				parts = append(parts, part{f, a})
			}
		}
		var err2, sig2 float64
		for i := 2000; i < len(out)-2000; i++ {
			want := 0.0
			for _, p := range parts {
				want += p.amplitude * math.Sin(2*math.Pi*p.f*(float64(i)/float64(c.rate)-0.5/c.in))
			}
			err2 += (out[i] - want) * (out[i] - want)
			sig2 += want * want
		}
		if db := 10 * math.Log10(err2/sig2); db > -70 {
			t.Errorf("%v: the error is at %.1f dB", c, db)
		}
	}
}

// The low-pass keeps what is heard and removes what would fold.
func TestLowPass(t *testing.T) {
	for _, c := range []struct{ f, min, max float64 }{{0, -0.001, 0.001}, {0.2, -0.01, 0.01}, {0.39, -0.1, 0.1}, {0.55, -999, -70}, {0.8, -999, -75}, {2, -999, -80}} {
		if db := 20 * math.Log10(math.Abs(passes(c.f))); db < c.min || db > c.max {
			t.Errorf("at %v of the rate: %.3f dB", c.f, db)
		}
	}
}

// What the output cannot carry is not heard.
func TestAliasing(t *testing.T) {
	for _, c := range []struct{ in, freq float64 }{{192000, 31000}, {192000, 60000}, {250000, 110000}, {96000, 30000}, {55930.39, 27000}} {
		var sum float64
		out := play(t, 48000, c.in, c.freq, 0.3, 4000)
		for _, v := range out[1000:] {
			sum += v * v
		}
		if rms := math.Sqrt(sum / float64(len(out))); rms > 4 {
			t.Errorf("a tone of %v Hz leaves %.1f", c.freq, rms)
		}
	}
}

// A constant stays what it is, at any speed.
func TestConstant(t *testing.T) {
	for _, speed := range []float64{MinSpeed, 0.9973, 1, 1.00001, MaxSpeed, math.NaN()} {
		for _, rate := range []float64{7575.7, 48000, 55930.39, 96000, 250000} {
			m := mixer(t, 48000, Stream{Rate: rate, Channels: 1, Routes: mono})
			m.SetSpeed(speed)
			s := make([]int16, int(rate/10))
			for i := range s {
				s[i] = 12345
			}
			m.Push(0, s)
			out := m.Pull(nil, m.Ready())
			for i := 400; i < len(out); i++ {
				if d := math.Abs(float64(out[i]) - 12345*32767./32768); d > 1.5 {
					t.Fatalf("speed %v, %v Hz, sample %d: %d", speed, rate, i, out[i])
				}
			}
		}
	}
}

// Output comes at the rate that the speed asks for.
func TestSpeed(t *testing.T) {
	for _, speed := range []float64{0.99, 1, 1.01} {
		m := mixer(t, 48000, Stream{Rate: 55930.39, Channels: 1, Routes: mono})
		m.SetSpeed(speed)
		n := 0
		for range 600 {
			m.Push(0, make([]int16, 938))
			k := m.Ready()
			m.Pull(nil, k)
			n += k
		}
		want := 600 * 938 * 48000 / 55930.39 / speed
		if math.Abs(float64(n)-want) > 40 {
			t.Errorf("speed %v: %d frames, want %.0f", speed, n, want)
		}
	}
}

func TestChunksDoNotMatter(t *testing.T) {
	for _, in := range []float64{7575.7, 55930.39, 96000, 250000} {
		a, b := play(t, 48000, in, 700, 0.3, 931), play(t, 48000, in, 700, 0.3, 17)
		if len(a) != len(b) {
			t.Fatalf("%v Hz: %d and %d samples", in, len(a), len(b))
		}
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("%v Hz: sample %d differs", in, i)
			}
		}
	}
}

// Routes mean the same however many lanes they take.
func TestRoutes(t *testing.T) {
	for _, routes := range [][]Route{
		{{0, 1, 0}, {1, 0, 1}},
		{{0, 0.5, 0.5}, {1, 0.25, 0.25}},
		{{0, 0.5, -0.25}, {1, 0.25, -0.125}},
		{{0, 0, 0.5}},
		{{1, 0.1, 0.7}},
		{{0, 0.1, 0.2}, {0, 0.3, 0.1}, {1, 0.2, 0.2}},
		{{0, -0.3, 0.6}, {1, 0.2, -0.4}, {2, 0.1, -0.2}},
		nil,
	} {
		channels := 3
		if len(routes) < 3 {
			channels = 2
		}
		scaled := append([]Route(nil), routes...)
		var left, right float64
		level := []float64{10000, -7000, 4000}
		for i := range scaled {
			left += level[scaled[i].Channel] * float64(scaled[i].Left)
			right += level[scaled[i].Channel] * float64(scaled[i].Right)
			scaled[i].Left *= unit
			scaled[i].Right *= unit
		}
		m := mixer(t, 48000, Stream{Rate: 48000, Channels: channels, Routes: scaled})
		s := make([]int16, 0, 3000)
		for range 1000 {
			for c := range channels {
				s = append(s, int16(level[c]))
			}
		}
		m.Push(0, s)
		out := m.Pull(nil, m.Ready())
		if l, r := float64(out[1000]), float64(out[1001]); math.Abs(l-left) > 2 || math.Abs(r-right) > 2 {
			t.Errorf("%v: %v and %v, want %.1f and %.1f", routes, l, r, left, right)
		}
	}
}

// A stream that is silent costs nothing and hides nothing.
func TestSilence(t *testing.T) {
	m := mixer(t, 48000, Stream{Rate: 7575.7, Channels: 1, Routes: mono})
	m.Push(0, make([]int16, 2000))
	if m.voices[0].last != 0 {
		t.Error("silence is not known as such")
	}
	out := m.Pull(nil, m.Ready())
	m.Push(0, []int16{20000})
	m.Push(0, make([]int16, 100))
	at := len(out)
	out = m.Pull(out, m.Ready())
	most := int16(0)
	for _, v := range out[at:] {
		most = max(most, v)
	}
	if most < 15000 {
		t.Errorf("a lone sample came out as %d", most)
	}
	m.Push(0, make([]int16, 100))
	m.Pull(nil, m.Ready())
	if m.voices[0].last != 0 {
		t.Error("silence after a sound is not known as such")
	}
}

// The edge of a jump that a rollback makes is gone; what follows is right soon.
func TestSplice(t *testing.T) {
	m := mixer(t, 48000, Stream{Rate: 55930.39, Channels: 1, Routes: mono})
	level := func(v int16) []int16 {
		s := make([]int16, 1000)
		for i := range s {
			s[i] = v
		}
		return s
	}
	m.Push(0, level(15000))
	m.Splice()
	m.Push(0, level(-15000))
	out := m.Pull(nil, m.Ready())
	out = out[400:]
	for i := 2; i < len(out); i += 2 {
		if d := math.Abs(float64(out[i]) - float64(out[i-2])); d > 400 {
			t.Fatalf("a step of %v at %d", d, i/2)
		}
	}
	if end := out[len(out)-2]; end > -14900 {
		t.Errorf("ends at %d", end)
	}
}

func TestVolumeFades(t *testing.T) {
	m := mixer(t, 48000, Stream{Rate: 48000, Channels: 1, Routes: mono})
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

func TestClipping(t *testing.T) {
	m := mixer(t, 48000, Stream{Rate: 48000, Channels: 1, Routes: []Route{{0, 2 * unit, -2 * unit}}})
	s := make([]int16, 200)
	for i := range s {
		s[i] = 30000
	}
	m.Push(0, s)
	out := m.Pull(nil, m.Ready())
	if out[200] != 32767 || out[201] != -32768 || m.Clipped() < 100 {
		t.Errorf("%d %d, %d clipped", out[200], out[201], m.Clipped())
	}
	m.Reset()
	if m.Ready() != 0 {
		t.Error("something is left after a reset")
	}
}

func TestErrors(t *testing.T) {
	if _, err := New(100, nil); err == nil {
		t.Error("a rate of 100 was taken")
	}
	for _, s := range []Stream{
		{Rate: 48000, Channels: 1, Routes: []Route{{1, 1, 1}}},
		{Rate: 48000, Channels: 0},
		{Rate: math.NaN(), Channels: 1},
		{Rate: 1e9, Channels: 1},
		{Rate: 48000, Channels: 1, Routes: []Route{{0, float32(math.Inf(1)), 0}}},
	} {
		if _, err := New(48000, []Stream{s}); err == nil {
			t.Errorf("%v was taken", s)
		}
	}
}

// Every machine computes the same, on every processor.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := mixer(t, 48000,
		Stream{Rate: 3579545. / 64, Channels: 2, Routes: []Route{{0, 0.3 * unit, 0}, {1, 0, 0.3 * unit}}},
		Stream{Rate: 1e6 / 132, Channels: 1, Routes: []Route{{0, 0.2 * unit, 0.2 * unit}}},
		Stream{Rate: 250000, Channels: 1, Routes: []Route{{0, 0.1 * unit, 0.2 * unit}}})
	var out []int16
	for f := range 30 {
		if f == 20 {
			m.Splice()
			m.SetSpeed(1.003)
		}
		for i, n := range []int{2 * 938, 127, 4193} {
			s := make([]int16, n)
			for j := range s {
				s[j] = int16(r.Uint32())
			}
			m.Push(i, s)
		}
		out = m.Pull(out, m.Ready())
	}
	sum := crc32.NewIEEE()
	for _, v := range out {
		sum.Write([]byte{byte(v), byte(v >> 8)})
	}
	if got, want := sum.Sum32(), uint32(0xea633259); got != want {
		t.Errorf("%d values, checksum %#08x, want %#08x", len(out), got, want)
	}
}

// frames pushes and pulls frames of noise, without an allocation once it runs.
func frames(b *testing.B, streams []Stream, samples []int) {
	m := mixer(b, 48000, streams...)
	r := rand.New(rand.NewPCG(1, 2))
	var in [][]int16
	for _, n := range samples {
		s := make([]int16, n)
		for i := range s {
			s[i] = int16(r.Uint32())
		}
		in = append(in, s)
	}
	out := make([]int16, 0, 4000)
	frame := func() {
		for i, s := range in {
			m.Push(i, s)
		}
		out = m.Pull(out[:0], m.Ready())
	}
	frame()
	if n := testing.AllocsPerRun(50, frame); n != 0 {
		b.Errorf("%v allocations a frame", n)
	}
	for b.Loop() {
		frame()
	}
}

func BenchmarkCPS1(b *testing.B) { // a YM2151 and an MSM6295
	frames(b, []Stream{
		{Rate: 55930.39, Channels: 2, Routes: []Route{{0, 1e-5, 1e-5}, {1, 1e-5, 1e-5}}},
		{Rate: 7575.7575, Channels: 1, Routes: []Route{{0, 1e-5, 1e-5}}},
	}, []int{2 * 938, 127})
}

func BenchmarkStereo(b *testing.B) {
	frames(b, []Stream{{Rate: 55930.39, Channels: 2, Routes: []Route{{0, 1e-5, 0}, {1, 0, 1e-5}}}}, []int{2 * 938})
}

func BenchmarkPacMan(b *testing.B) {
	frames(b, []Stream{{Rate: 96000, Channels: 1, Routes: mono}}, []int{1584})
}

func BenchmarkSSG(b *testing.B) {
	frames(b, []Stream{{Rate: 250000, Channels: 1, Routes: mono}}, []int{4224})
}
