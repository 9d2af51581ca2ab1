package main

import (
	"fmt"
	"strconv"
	"strings"
)

// Events of a channel; see sound.c.
const (
	evRest  = 0x60
	evInst  = 0x61
	evVol   = 0x62
	evJump  = 0x63
	evEnd   = 0x64
	evSlide = 0x65
	evPan   = 0x66
	evFine  = 0x67
)

// whole is a whole note's length in units.
const whole = 96

// An op is one operator: multiple, level, attack, decays, sustain level,
// release, detune, key scaling.
type op struct{ mul, tl, ar, d1r, d2r, d1l, rr, dt, ks int }

// A patch is an instrument: algorithm, feedback, vibrato, and the operators
// M1, C1, M2, C2 as data sheets draw them.
type patch struct {
	name       string
	con, fb    int
	pms        int
	m1, c1, m2 op
	c2         op
}

var patches = []patch{
	{"brass", 4, 5, 2, op{1, 26, 18, 8, 2, 2, 6, 3, 1}, op{1, 10, 20, 6, 1, 1, 8, 0, 1}, op{1, 30, 17, 7, 2, 2, 6, 7, 1}, op{1, 10, 20, 6, 1, 1, 8, 0, 1}},
	{"bass", 0, 6, 0, op{1, 30, 31, 12, 4, 4, 8, 0, 1}, op{0, 38, 31, 14, 4, 4, 8, 0, 0}, op{3, 40, 31, 15, 6, 6, 8, 0, 1}, op{1, 4, 31, 9, 4, 2, 9, 0, 0}},
	{"pluck", 4, 3, 0, op{4, 34, 31, 15, 8, 5, 7, 2, 2}, op{1, 10, 31, 11, 7, 4, 7, 0, 1}, op{2, 38, 31, 14, 8, 6, 7, 6, 2}, op{1, 12, 31, 11, 7, 4, 7, 0, 1}},
	{"strings", 4, 4, 1, op{1, 36, 12, 4, 0, 1, 5, 3, 0}, op{1, 24, 11, 4, 0, 1, 5, 0, 0}, op{2, 40, 12, 4, 0, 1, 5, 7, 0}, op{1, 24, 11, 4, 0, 1, 5, 0, 0}},
	{"bell", 4, 2, 0, op{7, 40, 31, 10, 6, 5, 5, 2, 1}, op{2, 22, 31, 9, 6, 4, 5, 0, 1}, op{3, 36, 31, 10, 6, 5, 5, 6, 1}, op{1, 20, 31, 9, 6, 4, 5, 0, 1}},
	{"saw", 5, 6, 2, op{1, 20, 31, 4, 0, 1, 8, 0, 0}, op{1, 24, 24, 6, 1, 1, 8, 3, 0}, op{2, 32, 24, 6, 1, 1, 8, 0, 0}, op{1, 22, 24, 6, 1, 1, 8, 7, 0}},
	{"laser", 2, 7, 0, op{3, 18, 31, 10, 8, 3, 9, 0, 0}, op{1, 30, 31, 12, 8, 4, 9, 0, 0}, op{2, 26, 31, 12, 8, 4, 9, 0, 0}, op{1, 12, 31, 13, 9, 4, 10, 0, 0}},
	{"chime", 7, 0, 0, op{1, 28, 31, 12, 8, 5, 8, 0, 0}, op{2, 30, 31, 12, 8, 5, 8, 0, 0}, op{4, 34, 31, 13, 9, 5, 8, 0, 0}, op{1, 28, 31, 12, 8, 5, 8, 3, 0}},
}

// bytes is a patch as the driver wants it: feedback and algorithm, vibrato,
// which slots are heard, then six registers of each of the slots M1, M2, C1, C2.
func (p *patch) bytes() []byte {
	carriers := []byte{8, 8, 8, 8, 12, 14, 14, 15}[p.con] // bits: M1, M2, C1, C2
	if p.con == 4 {
		carriers = 8 | 4
	}
	out := []byte{byte(p.fb<<3 | p.con), byte(p.pms << 4), carriers}
	for _, o := range []op{p.m1, p.m2, p.c1, p.c2} {
		out = append(out, byte(o.dt<<4|o.mul), byte(o.tl), byte(o.ks<<6|o.ar), byte(o.d1r), byte(o.d2r), byte(o.d1l<<4|o.rr))
	}
	return out
}

// mml translates a melody: notes c to b with + and -, lengths 1 to 32 with
// dots, ^ for a longer note, r rest, o < > octaves, l usual length.
func mml(text string, transpose int) ([]byte, error) {
	var out []byte
	octave, usual := 4, whole/8
	i := 0
	num := func() (int, bool) {
		j := i
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		n, err := strconv.Atoi(text[j:i])
		return n, err == nil
	}
	length := func() int {
		n, ok := num()
		d := usual
		if ok {
			d = whole / n
		}
		for add := d / 2; i < len(text) && text[i] == '.'; i++ {
			d += add
			add /= 2
		}
		return d
	}
	for i < len(text) {
		c := text[i]
		i++
		switch {
		case c == ' ' || c == '|':
		case c == 'o':
			octave, _ = num()
		case c == '<':
			octave--
		case c == '>':
			octave++
		case c == 'l':
			n, _ := num()
			usual = whole / n
		case c == 'r':
			out = append(out, evRest, byte(length()))
		case c == '^':
			out[len(out)-1] += byte(length())
		case c >= 'a' && c <= 'g':
			n := []int{9, 11, 0, 2, 4, 5, 7}[c-'a']
			for i < len(text) && (text[i] == '+' || text[i] == '-') {
				if text[i] == '+' {
					n++
				} else {
					n--
				}
				i++
			}
			// The chip counts from C sharp of octave 0.
			s := octave*12 + n - 1 + transpose
			if s < 0 || s >= evRest {
				return nil, fmt.Errorf("note %d of %q is out of range", s, text)
			}
			out = append(out, byte(s), byte(length()))
		default:
			return nil, fmt.Errorf("%q in %q", c, text)
		}
	}
	return out, nil
}

// A tune is a melody over chords, one a bar.
type tune struct {
	name    string
	bpm     int
	loop    bool
	chords  string
	melody  string
	lead    int
	arp     int // instrument of broken chords, or -1
	bass    string
	drums   string
	fill    string
	leadVol int
}

var tunes = []tune{
	{"SONG_TITLE", 104, true, "Em C D Bm Em C D E Am C G D Am Bm Em E",
		"o4e2b4.a8|g2e4g4|f+4.g8a4f+4|b2^4r4|>e2d4<b4|>c4.<b8a4g4|a4.b8>d4<f+4|e2^4r4|" +
			">c4.<b8a4e4|g4.a8b4>c4|d4.<b8g4b4|a2f+4d4|>c4<b8a8e4a4|b4>d8f+8<b4f+4|g4.f+8e4b4|e2^4r4",
		0, 4, "1.......5...1.5.", "k.h.h.h.s.h.h.h.", "k.h.s.h.s.ttttss", 10},
	{"SONG_DAWN", 148, true, "Am F G Em Am F G Am F G Em Am F G Am E",
		"o5a4.e8a8b8>c4<|>c4.<a8f4a4|b4.g8b8>c8d4<|b2r8e8g8b8|>c4.<b8a8b8>c4<|>f4.e8d8c8<a4|b8>c8d4.<b8>d4<|a2^4r4|" +
			"a8a8>c8f4.e8c8<|b8b8>d8g4.f8d8<|>e4.d8<b4>e4<|>c2<a4r4|f8g8a8>c4.<a8>c8<|g8a8b8>d4.<b8>d8<|>e4.c8e4a4<|g+2b4r4",
		0, 2, "1.1.1.5.1.1.8.5.", "k.h.s.h.k.khs.h.", "k.hks.hks.ssttss", 8},
	{"SONG_CLOUDS", 126, true, "C G Am F C G F G Am Em F C Dm G C C",
		"o5e4g4>c4.<b8|b4.a8g4d4|c4e4a4.g8|f4.e8f4a4|g4e4g4>c4<|b4.>c8d4<g4|a8b8>c4<a8g8f4|g2^4r4|" +
			">c4<b8a8e4a4|b4.g8e4g4|a4>c4<f4a4|g2e4r4|d8e8f8g8a4f4|g8a8b8>c8d4<b4|>c4.<g8e4g4|>c2^4r4<",
		4, 2, "1...5...8...5...", "k.h.s.hhk.k.s.h.", "k.h.s.hhs.t.tts.", 8},
	{"SONG_HARBOUR", 160, true, "Dm Dm Bb C Dm Dm Gm A Bb C Dm F Gm Gm A A",
		"o5d8r8d8f8a4.g8|f8g8f8e8d2|d8f8b-4.a8f4|g8e8c4e8g8>c4<|>d4.c8<a4f4|a8g8f8e8d4a4|b-4.a8g4d4|a2e4c+4|" +
			">d4.<b-8f4b-4|>e4.c8<g4>c4<|>f4e8d8<a4>d4<|>c4<a4f4a4|b-8a8g8a8b-4>d4<|g8a8b-8>c8d4<b-4|a8>c+8e4.c+8<a4|a2^4r4",
		5, 2, "1.118.1.1.118.5.", "k.hhs.hok.hhs.ho", "kkhhs.hokttss.ss", 10},
	{"SONG_VERSUS", 150, false, "Am F E E", "o5a8a8>c8e4.c8<a8|>f8f8e8c4.<a8f8|e8g+8b8>e8<b8>e8g+8b8|>e2<r2", 0, 2, "1.1.1.1.1.1.1.1.", "k.s.k.s.k.s.ksss", "c...............", 6},
	{"SONG_WIN", 138, true, "C F G C Am F G C", "o5c8c8c8e8g4>c4<|a4.f8a4>c4<|b8b8>c8d8<b4g4|>c2^4r4<|a8b8>c4<a4e4|f8g8a4f4>c4<|b4.a8g4b4|>c2^4r4<",
		0, 4, "1...5...1...5.5.", "k.h.s.h.k.k.s.h.", "c.h.s.h.k.t.t.ss", 8},
	{"SONG_OVER", 84, false, "Am F Dm E Am Am", "o4a4.b8>c4<a4|f4.g8a4f4|d4.e8f4d4|e2g+4r4|a1|r1", 3, 4, "1...............", "................", "................", 6},
	{"SONG_NAME", 112, true, "F G Em Am F G C C", "o5a4>c4<a4f4|b4>d4<b4g4|g4b4g4e4|a2e4r4|a4>c4<f4a4|g4b4d4g4|e4g4>c4<g4|e2^4r4", 4, 2, "1...5...1...5...", "k...h...s...h...", "k...h...s...h.h.", 8},
}

var roots = map[string]int{"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "Bb": 10}

// chord gives root, third and fifth in semitones from C.
func chord(name string) (root, third, fifth int) {
	third = 4
	if n, ok := strings.CutSuffix(name, "m"); ok {
		name, third = n, 3
	}
	root = roots[name]
	return root, root + third, root + 7
}

// channels writes a tune out: lead, its echo, bass, broken chords, two voices
// of strings, drums.
func (t *tune) channels(drum map[byte]byte) ([][]byte, error) {
	lead, err := mml(t.melody, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	bars := strings.Fields(t.chords)
	total := 0
	for i := 1; i < len(lead); i += 2 {
		total += int(lead[i])
	}
	if total != len(bars)*whole {
		return nil, fmt.Errorf("%s: the melody has %d units, the chords %d", t.name, total, len(bars)*whole)
	}
	// The echo comes an eighth later; what is left of the end is cut.
	echo := []byte{evInst, byte(t.lead), evVol, byte(t.leadVol + 3), evPan, 0x80, evFine, 3, evRest, whole / 8}
	left := total - whole/8
	for i := 0; i < len(lead) && left > 0; i += 2 {
		d := min(int(lead[i+1]), left)
		echo = append(echo, lead[i], byte(d))
		left -= d
	}
	head := append([]byte{evInst, byte(t.lead), evVol, byte(max(0, t.leadVol-8)), evPan, 0xc0}, lead...)
	bass := []byte{evInst, 1, evVol, 0, evPan, 0xc0}
	arp := []byte{evInst, byte(max(0, t.arp)), evVol, 12, evPan, 0x40}
	low := []byte{evInst, 3, evVol, 9, evPan, 0x80}
	high := []byte{evInst, 3, evVol, 9, evPan, 0x40}
	var drums []byte
	for n, name := range bars {
		root, third, fifth := chord(name)
		base := 2*12 + root - 1
		if root > 7 {
			base -= 12
		}
		// A letter plays until the next one.
		for i := 0; i < 16; {
			j := i + 1
			for j < 16 && t.bass[j] == '.' {
				j++
			}
			at := map[byte]int{'1': 0, '5': 7, '8': 12}[t.bass[i]]
			bass = append(bass, byte(base+at), byte((j-i)*whole/16))
			i = j
		}
		for i := range 8 {
			k := []int{root, third, fifth, root + 12, fifth, third, root + 12, fifth}[i]
			arp = append(arp, byte(5*12+k-1), whole/8)
		}
		low = append(low, byte(4*12+third%12-1), whole)
		high = append(high, byte(4*12+fifth%12-1), whole)
		pattern := t.drums
		if n%4 == 3 {
			pattern = t.fill
		}
		for i := 0; i < 16; {
			j := i + 1
			for j < 16 && pattern[j] == '.' {
				j++
			}
			if pattern[i] == '.' {
				drums = append(drums, evRest, byte((j-i)*whole/16))
			} else {
				drums = append(drums, drum[pattern[i]], byte((j-i)*whole/16))
			}
			i = j
		}
	}
	return [][]byte{head, echo, bass, arp, low, high, drums}, nil
}

// An effect is what a YM channel of its own plays.
type effect struct {
	name string
	data []byte
}

// slide is a change of pitch a tick, in 1/64 semitone.
func slide(v int) []byte { return []byte{evSlide, byte(v), byte(v >> 8)} }

func effects() []effect {
	cat := func(parts ...[]byte) (out []byte) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return append(out, evEnd)
	}
	start := func(inst, vol int) []byte {
		return []byte{evInst, byte(inst), evVol, byte(vol), evPan, 0xc0}
	}
	return []effect{
		{"SFX_SHOT1", cat(start(6, 14), slide(-90), []byte{70, 8})},
		{"SFX_SHOT2", cat(start(6, 14), slide(-80), []byte{66, 8})},
		{"SFX_SPREAD", cat(start(6, 10), slide(-60), []byte{74, 5, 70, 9})},
		{"SFX_MISSILE", cat(start(5, 16), slide(30), []byte{30, 18})},
		{"SFX_DASH", cat(start(5, 10), slide(70), []byte{34, 12})},
		{"SFX_PICKUP", cat(start(7, 0), slide(0), []byte{59, 4, 63, 4, 66, 4, 71, 14})},
		{"SFX_COIN", cat(start(7, 0), slide(0), []byte{71, 4, 76, 24})},
		{"SFX_CURSOR", cat(start(7, 8), slide(0), []byte{68, 4})},
		{"SFX_SELECT", cat(start(7, 0), slide(0), []byte{64, 4, 71, 4, 76, 12})},
		{"SFX_NOVA", cat(start(6, 2), slide(-25), []byte{80, 24, 60, 30})},
		{"SFX_WARN", cat(start(5, 8), slide(0), []byte{70, 5, evRest, 3, 70, 5, evRest, 3, 70, 5})},
		{"SFX_GUARD", cat(start(7, 2), slide(40), []byte{60, 10})},
	}
}
