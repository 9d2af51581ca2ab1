package main

import "math"

// rate is the OKI's with pin 7 high, in Hz.
const rate = 1000000.0 / 132

// encode makes ADPCM of samples from -1 to 1, choosing for each the nibble
// whose decoding comes nearest.
func encode(in []float64) []byte {
	signal, index := 0, 0
	out := make([]byte, (len(in)+1)/2)
	steps := [8]int{-1, -1, -1, -1, 2, 4, 6, 8}
	for i := range len(out) * 2 {
		v := 0.0
		if i < len(in) {
			v = in[i]
		}
		want := int(math.Round(math.Max(-1, math.Min(1, v)) * 2000))
		s := int(16 * math.Pow(1.1, float64(index)))
		best, nibble, got := 1<<30, 0, 0
		for n := range 16 {
			d := s / 8
			if n&4 != 0 {
				d += s
			}
			if n&2 != 0 {
				d += s / 2
			}
			if n&1 != 0 {
				d += s / 4
			}
			if n&8 != 0 {
				d = -d
			}
			g := max(-2048, min(2047, signal+d))
			e := g - want
			if e < 0 {
				e = -e
			}
			if e < best {
				best, nibble, got = e, n, g
			}
		}
		signal = got
		index = max(0, min(48, index+steps[nibble&7]))
		out[i/2] |= byte(nibble << (4 - i%2*4))
	}
	return out
}

// rng is a reproducible source of noise, -1 to 1.
type rng uint32

func (r *rng) next() float64 {
	x := uint32(*r)
	x ^= x << 13
	x ^= x >> 17
	x ^= x << 5
	*r = rng(x)
	return float64(int32(x)) / (1 << 31)
}

func seconds(s float64, f func(t float64) float64) []float64 {
	out := make([]float64, int(s*rate))
	for i := range out {
		out[i] = f(float64(i) / rate)
	}
	// It ends in silence, without a click.
	for i := range min(40, len(out)) {
		out[len(out)-1-i] *= float64(i) / 40
	}
	return out
}

// lowpass is a one-pole filter with a cutoff that may move, in Hz.
func lowpass(in []float64, cutoff func(t float64) float64) []float64 {
	y := 0.0
	for i, v := range in {
		a := 1 - math.Exp(-2*math.Pi*cutoff(float64(i)/rate)/rate)
		y += a * (v - y)
		in[i] = y
	}
	return in
}

func normalize(in []float64, peak float64) []float64 {
	top := 1e-9
	for _, v := range in {
		top = math.Max(top, math.Abs(v))
	}
	for i := range in {
		in[i] *= peak / top
	}
	return in
}

// A phone is a stage of speech: formants in Hz, how loud voice and breath are,
// how long it lasts.
type phone struct {
	f1, f2, f3    float64
	voice, breath float64
	dur           float64
}

var phones = map[string]phone{
	"a": {760, 1250, 2550, 1, 0, 0.17}, "e": {540, 1850, 2500, 1, 0, 0.13}, "i": {300, 2250, 2950, 1, 0, 0.13}, "o": {500, 880, 2500, 1, 0, 0.16},
	"u": {320, 820, 2300, 1, 0, 0.14}, "au": {720, 1150, 2500, 1, 0, 0.12}, "w": {300, 640, 2200, 0.8, 0, 0.08}, "r": {380, 1150, 1600, 0.8, 0, 0.09},
	"l": {380, 1050, 2700, 0.8, 0, 0.08}, "n": {280, 1500, 2500, 0.55, 0, 0.11}, "m": {270, 1000, 2200, 0.55, 0, 0.1}, "d": {280, 1750, 2600, 0.12, 0.12, 0.05},
	"g": {260, 1500, 2200, 0.08, 0.2, 0.05}, "f": {400, 1500, 2900, 0, 0.28, 0.11}, "s": {300, 2400, 3400, 0, 0.5, 0.12}, "y": {290, 2200, 2900, 0.8, 0, 0.07},
	"t": {300, 1900, 3100, 0, 0.5, 0.04}, ".": {500, 1500, 2500, 0, 0, 0.05}, "h": {600, 1400, 2500, 0.1, 0.3, 0.06},
}

// speak makes a voice of phones: a buzz and breath through three resonators.
func speak(pitch, fall, slow float64, words ...string) []float64 {
	var out []float64
	r := rng(99)
	phase := 0.0
	var y [3][2]float64
	total := 0.0
	for _, w := range words {
		total += phones[w].dur * slow
	}
	t := 0.0
	prev := phones[words[0]]
	prev.voice, prev.breath = 0, 0
	for _, w := range words {
		p := phones[w]
		n := int(p.dur * slow * rate)
		for i := range n {
			k := math.Min(1, float64(i)/(0.035*rate)) // from one to the next
			mixf := func(a, b float64) float64 { return a + (b-a)*k }
			f := pitch * (1 - fall*t/total) * (1 + 0.012*math.Sin(2*math.Pi*5*t))
			phase += f / rate
			phase -= math.Floor(phase)
			glottis := 0.0
			if phase < 0.6 {
				s := math.Sin(math.Pi * phase / 0.6)
				glottis = s*s*(phase*2) - 0.22
			}
			src := glottis*mixf(prev.voice, p.voice) + r.next()*0.45*mixf(prev.breath, p.breath)
			sum := 0.0
			for j, c := range [3]float64{mixf(prev.f1, p.f1), mixf(prev.f2, p.f2), mixf(prev.f3, p.f3)} {
				band := 70 + 30*float64(j)
				a := math.Exp(-math.Pi * band / rate)
				b := 2 * a * math.Cos(2*math.Pi*c/rate)
				v := (1-a)*src*1.6 + b*y[j][0] - a*a*y[j][1]
				y[j][1], y[j][0] = y[j][0], v
				sum += v * [3]float64{1, 0.75, 0.45}[j] * float64(1-2*(j&1))
			}
			out = append(out, sum)
			t += 1 / rate
		}
		prev = p
	}
	for i := range min(120, len(out)) {
		out[len(out)-1-i] *= float64(i) / 120
	}
	return normalize(out, 0.95)
}

// A sample is one phrase of the OKI.
type sample struct {
	name string
	data []float64
}

func samples() []sample {
	r := rng(1)
	white := func(s, decay float64) []float64 {
		return seconds(s, func(t float64) float64 { return r.next() * math.Exp(-t/decay) })
	}
	rumble := func(s, decay, from, to float64) []float64 {
		return normalize(lowpass(white(s, decay), func(t float64) float64 { return to + (from-to)*math.Exp(-t/0.12) }), 0.95)
	}
	add := func(a, b []float64) []float64 {
		for i := range b {
			if i < len(a) {
				a[i] += b[i]
			}
		}
		return a
	}
	tone := func(s, f0, f1, sweep, decay float64) []float64 {
		phase := 0.0
		return seconds(s, func(t float64) float64 {
			phase += (f1 + (f0-f1)*math.Exp(-t/sweep)) / rate
			return math.Sin(2*math.Pi*phase) * math.Exp(-t/decay)
		})
	}
	hat := func(s, decay float64) []float64 {
		x := white(s, decay)
		for i := len(x) - 1; i > 0; i-- {
			x[i] -= x[i-1]
		}
		return normalize(x, 0.6)
	}
	return []sample{
		{"DRUM_KICK", normalize(tone(0.2, 190, 48, 0.03, 0.08), 0.95)},
		{"DRUM_SNARE", normalize(add(tone(0.17, 260, 180, 0.02, 0.05), white(0.17, 0.06)), 0.9)},
		{"DRUM_HAT", hat(0.05, 0.015)},
		{"DRUM_OPEN", hat(0.2, 0.08)},
		{"DRUM_TOM", normalize(tone(0.26, 220, 105, 0.08, 0.11), 0.9)},
		{"DRUM_CRASH", hat(0.9, 0.32)},
		{"OKI_HIT", normalize(add(rumble(0.16, 0.05, 2600, 500), tone(0.16, 420, 130, 0.03, 0.05)), 0.95)},
		{"OKI_CRACK", rumble(0.35, 0.11, 3000, 350)},
		{"OKI_BOOM", normalize(add(rumble(0.9, 0.3, 2200, 130), tone(0.9, 110, 34, 0.15, 0.3)), 0.95)},
		{"OKI_SPLASH", normalize(lowpass(seconds(0.5, func(t float64) float64 {
			return r.next() * math.Exp(-t/0.16) * (0.6 + 0.4*math.Sin(2*math.Pi*(14+20*t)*t))
		}), func(t float64) float64 { return 700 + 2400*math.Exp(-math.Abs(t-0.08)/0.1) }), 0.85)},
		{"OKI_THUNDER", normalize(lowpass(seconds(1.4, func(t float64) float64 {
			return r.next() * (math.Exp(-t/0.06) + 0.7*math.Exp(-t/0.5)*(0.6+0.4*math.Sin(t*31)*math.Sin(t*17)))
		}), func(t float64) float64 { return 170 + 2600*math.Exp(-t/0.05) }), 0.95)},
		{"OKI_OUCH1", speak(165, 0.35, 0.9, "h", "a", "au", "u")},
		{"OKI_OUCH2", speak(215, 0.35, 0.9, "h", "o", "u")},
		{"OKI_ROUND", speak(120, 0.25, 1.15, "r", "au", "u", "n", "d")},
		{"OKI_GO", speak(140, 0.3, 1.3, "f", "l", "a", "i")},
		{"OKI_DOWN", speak(112, 0.35, 1.25, "d", "au", "u", "n")},
		{"OKI_DRAW", speak(112, 0.3, 1.3, "d", "r", "o", "a")},
	}
}

// okiROM puts the phrases into the sample ROM: first a table, then data.
func okiROM() ([]byte, []string) {
	rom := make([]byte, 0x40000)
	at := 0x400
	var names []string
	for i, s := range samples() {
		b := encode(s.data)
		end := at + len(b) - 1
		e := rom[(i+1)*8:]
		e[0], e[1], e[2] = byte(at>>16), byte(at>>8), byte(at)
		e[3], e[4], e[5] = byte(end>>16), byte(end>>8), byte(end)
		copy(rom[at:], b)
		at = end + 1
		names = append(names, s.name)
	}
	return rom, names
}
