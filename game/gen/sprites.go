package main

import (
	"math"
)

// sheet places sprites among the object tiles: blocks in rows of 16 tiles.
type sheet struct {
	tiles map[int][]byte // of 16 by 16 pens, by code
	next  int            // first row that is free
	shelf map[int]*[2]int
	list  []sprite
}

// sprite is a series of frames of the same size.
type sprite struct {
	name   string
	w, h   int // in tiles
	frames []int
}

func newSheet() *sheet {
	return &sheet{tiles: map[int][]byte{}, shelf: map[int]*[2]int{}}
}

func (s *sheet) place(w, h int, pens []byte) int {
	at := s.shelf[h]
	if at == nil || at[1]+w > 16 {
		at = &[2]int{s.next, 0}
		s.shelf[h] = at
		s.next += h
	}
	code := at[0]*16 + at[1]
	at[1] += w
	for j := range h {
		for i := range w {
			t := make([]byte, 256)
			for y := range 16 {
				copy(t[y*16:], pens[((j*16+y)*w+i)*16:][:16])
			}
			s.tiles[code+j*16+i] = t
		}
	}
	return code
}

func (s *sheet) add(name string, w, h int, frames ...[]byte) {
	sp := sprite{name: name, w: w, h: h}
	for _, f := range frames {
		sp.frames = append(sp.frames, s.place(w, h, f))
	}
	s.list = append(s.list, sp)
}

// shade draws a sprite on a ramp of 15 pens; v below 0 is nothing.
func shade(w, h int, f func(x, y float64) float64) []byte {
	pens := make([]byte, w*h)
	for y := range h {
		for x := range w {
			v := f((float64(x)+0.5)/float64(w)*2-1, (float64(y)+0.5)/float64(h)*2-1)
			pens[y*w+x] = 15
			if v += bayer(x, y) * 0.07; v >= 0 {
				pens[y*w+x] = byte(math.Min(14, v*15))
			}
		}
	}
	return pens
}

func frames(n int, f func(i int, t float64) []byte) (out [][]byte) {
	for i := range n {
		out = append(out, f(i, float64(i)/float64(n)))
	}
	return out
}

func makeSprites() *sheet {
	s := newSheet()
	// Riders: five pitches, from diving to climbing, then three turns, then hurt.
	var riders [][]byte
	for i := range 5 {
		riders = append(riders, render(48, 48, 24, glider(0.18, float64(i-2)*0.3, 0.1, 0.08*float64(2-i))))
	}
	for _, yaw := range []float64{0.8, math.Pi / 2, math.Pi - 0.8} {
		riders = append(riders, render(48, 48, 24, glider(yaw, 0.06, 0.35, 0)))
	}
	riders = append(riders, render(48, 48, 24, glider(0.5, -0.75, 0.7, -0.2)))
	s.add("rider", 3, 3, riders...)
	s.add("portrait", 8, 6, render(128, 96, 62, glider(0.55, 0.12, 0.22, 0.1)))
	s.add("drone", 2, 2, frames(4, func(_ int, t float64) []byte {
		return render(32, 32, 16, drone(0.9*math.Sin(t*2*math.Pi)))
	})...)
	s.add("mine", 2, 2, frames(4, func(_ int, t float64) []byte { return render(32, 32, 17, mine(t*math.Pi/2)) })...)
	s.add("balloon", 2, 3, frames(3, func(i int, _ float64) []byte {
		return render(32, 48, 20, balloon(float64(i-1)*0.12))
	})...)

	bolt := func(long, wide float64) func(x, y float64) float64 {
		return func(x, y float64) float64 {
			d := math.Hypot(math.Max(0, math.Abs(x)-long)/(1-long), y/wide)
			if d > 1 {
				return -1
			}
			return 1.15 - d
		}
	}
	s.add("bolt", 1, 1, shade(16, 16, bolt(0.55, 0.34)), shade(16, 16, bolt(0.45, 0.42)))
	s.add("heavy", 2, 1, shade(32, 16, bolt(0.6, 0.75)), shade(32, 16, bolt(0.5, 0.9)))
	s.add("missile", 1, 1, frames(16, func(i int, _ float64) []byte {
		sin, cos := math.Sincos(float64(i) * math.Pi / 8)
		return shade(16, 16, func(x, y float64) float64 {
			u, v := x*cos-y*sin, x*sin+y*cos
			if math.Abs(v) < 0.27-0.22*math.Max(0, u) && u > -0.6 && u < 0.9 || u < -0.3 && u > -0.8 && math.Abs(v) < 0.55 {
				return clamp(0.55 - v*1.2*(cos+0.2) + 0.35*step(0.2, 0.7, u))
			}
			return -1
		})
	})...)
	s.add("flash", 2, 2, frames(3, func(_ int, t float64) []byte {
		return shade(32, 32, func(x, y float64) float64 {
			r, a := math.Hypot(x, y), math.Atan2(y, x)
			star := 0.35 + 0.6*math.Pow(math.Abs(math.Cos(a*2+t*2)), 6)
			if r > star*(1-0.25*t) {
				return -1
			}
			return 1.25 - r/star*(0.8+t*0.4)
		})
	})...)
	fire := func(px int, n int, seed int) [][]byte {
		return frames(n, func(_ int, t float64) []byte {
			return shade(px, px, func(x, y float64) float64 {
				r := math.Hypot(x, y)
				q := fbm((x+2)*8+t*3, (y+2)*8-t*9, 4096, 512, 4, seed) - 0.5
				size := 0.35 + 0.6*math.Sqrt(t+0.05)
				edge := size + q*0.75
				if r > edge || r > 0.98 {
					return -1
				}
				// It burns out from the middle.
				hole := (t - 0.45) * 1.9
				if r < hole+q*0.9 {
					return -1
				}
				return clamp((edge-r)*1.5+0.55-t*0.75+q*0.9) * (1 - 0.35*t)
			})
		})
	}
	s.add("blast", 2, 2, fire(32, 8, 5)...)
	s.add("inferno", 4, 4, fire(64, 10, 9)...)
	s.add("spark", 1, 1, frames(4, func(_ int, t float64) []byte {
		return shade(16, 16, func(x, y float64) float64 {
			r := math.Hypot(x, y)
			cross := math.Min(math.Abs(x)*3+math.Abs(y)*0.7, math.Abs(y)*3+math.Abs(x)*0.7)
			size := 0.62 * (1 - t*0.8)
			if d := math.Min(r*1.6, cross); d < size {
				return 1.1 - d/size*0.7 - t*0.3
			}
			return -1
		})
	})...)
	s.add("puff", 1, 1, frames(5, func(_ int, t float64) []byte {
		return shade(16, 16, func(x, y float64) float64 {
			q := fbm((x+2)*6, (y+2)*6+t*5, 4096, 512, 3, 31) - 0.5
			r := math.Hypot(x, y)
			if edge := 0.4 + 0.5*t + q*0.8; r > edge || r < (t-0.5)*1.4+q {
				return -1
			}
			return clamp(0.62 - 0.3*y - 0.25*x + q*0.8 - t*0.25)
		})
	})...)
	s.add("drop", 1, 1, frames(3, func(_ int, t float64) []byte {
		return shade(16, 16, func(x, y float64) float64 {
			r := math.Hypot(x, y) / (0.42 - 0.24*t)
			if r > 1 {
				return -1
			}
			return clamp(0.85 - 0.4*(x+y) - 0.3*r)
		})
	})...)
	s.add("flame", 1, 1, frames(4, func(i int, _ float64) []byte {
		return shade(16, 16, func(x, y float64) float64 {
			u := (1 - x) / 2 // from the nozzle, at the right, to the left
			q := fbm((x+2)*5, (y+2)*5, 4096, 512, 3, 90+i) - 0.5
			if w := 0.5*(1-u) + q*0.5; math.Abs(y) > w || u > 0.9 {
				return -1
			}
			return clamp(1.15 - u*0.9 - math.Abs(y)*0.9)
		})
	})...)
	s.add("bubble", 4, 4, frames(4, func(_ int, t float64) []byte {
		return shade(64, 64, func(x, y float64) float64 {
			r, a := math.Hypot(x, y), math.Atan2(y, x)
			if r > 0.94 {
				return -1
			}
			rim := step(0.72, 0.93, r)
			v := rim*(0.55+0.3*math.Cos(a*3-t*2*math.Pi)) + 0.5*step(0.3, 0.05, math.Hypot(x+0.42, y+0.46))
			if v < 0.2+0.5*math.Abs(bayer(int((x+1)*32), int((y+1)*32))) {
				return -1
			}
			return v
		})
	})...)
	s.add("ring", 4, 4, frames(6, func(_ int, t float64) []byte {
		return shade(64, 64, func(x, y float64) float64 {
			r := math.Hypot(x, y)
			mid, wide := 0.15+0.78*t, 0.16*(1-t)+0.03
			if d := math.Abs(r-mid) / wide; d < 1 {
				return 1.1 - d*0.8 - t*0.35
			}
			return -1
		})
	})...)
	s.add("bar", 1, 1, shade(16, 16, func(x, y float64) float64 { return 0.15 }))
	var letters [][]byte
	for _, r := range bigLetters {
		letters = append(letters, big(r))
	}
	s.add("letter", 2, 2, letters...)
	// Prizes: glass balls with a letter.
	var orbs [][]byte
	for i, r := range "SHRBN" {
		orbs = append(orbs, orb(r, i))
	}
	s.add("orb", 1, 1, orbs...)
	s.add("streak", 1, 1, frames(2, func(i int, _ float64) []byte {
		return shade(16, 16, func(x, y float64) float64 {
			d := math.Abs(x + y*0.45)
			if d > 0.1 || math.Abs(y) > 0.95-0.3*float64(i) {
				return -1
			}
			return 0.75 - 0.3*y
		})
	})...)
	s.add("mote", 1, 1, frames(2, func(i int, _ float64) []byte {
		return shade(16, 16, func(x, y float64) float64 {
			r := math.Hypot(x, y) * (4 + 2*float64(i))
			if r > 1 {
				return -1
			}
			return 1 - r*0.5
		})
	})...)
	s.add("petal", 1, 1, frames(4, func(i int, _ float64) []byte {
		sin, cos := math.Sincos(float64(i) * math.Pi / 4)
		return shade(16, 16, func(x, y float64) float64 {
			u, v := x*cos-y*sin, x*sin+y*cos
			r := math.Hypot(u/0.42, v/(0.24-0.05*float64(i&1)))
			if r > 1 {
				return -1
			}
			return clamp(0.8 - 0.25*r - 0.4*v)
		})
	})...)
	s.add("star", 1, 1, shade(16, 16, func(x, y float64) float64 {
		a := math.Atan2(x, -y)
		k := math.Mod(a+4*math.Pi, 2*math.Pi/5) - math.Pi/5
		r := math.Hypot(x, y) * math.Cos(k) / (1 - 0.9*math.Abs(k)) * 1.05
		if r > 0.9 {
			return -1
		}
		return clamp(0.95 - 0.35*(y+x) - r*0.3)
	}))
	return s
}

const bigLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!-'"

// orb uses three pens for each kind: 3k, 3k+1 and 3k+2; the letter is the
// lightest of all.
func orb(r rune, kind int) []byte {
	pens := make([]byte, 256)
	g := glyphs[r]
	for y := range 16 {
		for x := range 16 {
			fx, fy := (float64(x)-7.5)/8, (float64(y)-7.5)/8
			d := math.Hypot(fx, fy)
			pens[y*16+x] = 15
			if d > 1 {
				continue
			}
			v := 0.75 - 0.5*fx - 0.6*fy + bayer(x, y)*0.3
			k := 0
			if v > 0.62 {
				k = 1
			}
			if math.Hypot(fx+0.45, fy+0.5) < 0.2 {
				k = 2
			}
			if d > 0.88 {
				k = 0
			}
			pens[y*16+x] = byte(kind*3 + k)
			if dot(g, x-5, y-5) {
				pens[y*16+x] = byte(kind*3 + 2)
			} else if dot(g, x-6, y-6) {
				pens[y*16+x] = byte(kind * 3)
			}
		}
	}
	return pens
}

func ramp(stops ...rgb) (p palette) {
	for i := range 15 {
		p = append(p, gradient(float64(i)/14, stops...))
	}
	return p
}

// suit is the palette of a model: outline, then ramps.
func suit(hullC, trimC, glassC rgb) palette {
	p := palette{hex(0x0a0a16)}
	tone := func(c rgb, n int) {
		for i := range n {
			t := float64(i) / float64(n-1)
			if t < 0.6 {
				p = append(p, mix(c.mul(0.22).add(rgb{0.01, 0.01, 0.06}), c, t/0.6))
			} else {
				p = append(p, mix(c, rgb{1, 1, 1}, (t-0.6)/0.4*0.72))
			}
		}
	}
	tone(hullC, 5)
	tone(trimC, 4)
	tone(glassC, 3)
	tone(hex(0x70788c), 2)
	return p
}

// objectPalettes are page 0, in the order of the names in the source.
var objectPalettes = []struct {
	name string
	p    palette
}{
	{"P1", suit(hex(0xd83838), hex(0xf8c030), hex(0x60e8ff))},
	{"P2", suit(hex(0x3070e8), hex(0xe8f0f8), hex(0xffc840))},
	{"CPU1", suit(hex(0x3c9c48), hex(0xd8a050), hex(0xfff080))},
	{"CPU2", suit(hex(0xc860b0), hex(0x70e0d0), hex(0xffffff))},
	{"CPU3", suit(hex(0xd88828), hex(0x583878), hex(0x80ff90))},
	{"CPU4", suit(hex(0xc8d0dc), hex(0x409090), hex(0xff6060))},
	{"CPU5", suit(hex(0x343444), hex(0xc02030), hex(0xff4020))},
	{"BOLT1", ramp(hex(0x601008), hex(0xd02818), hex(0xff8830), hex(0xffe080), hex(0xffffff))},
	{"BOLT2", ramp(hex(0x081860), hex(0x1850d8), hex(0x30a8ff), hex(0xa0f0ff), hex(0xffffff))},
	{"FIRE", ramp(hex(0x180c10), hex(0x581818), hex(0xb83010), hex(0xf08018), hex(0xffd050), hex(0xfffbe0))},
	{"SMOKE", ramp(hex(0x181820), hex(0x48485a), hex(0x8c8c9c), hex(0xd4d4dc))},
	{"SHIELD", ramp(hex(0x103050), hex(0x2080b0), hex(0x60e0e0), hex(0xe8ffff))},
	{"DRONE", suit(hex(0x8844b8), hex(0xe05070), hex(0xf8f040))},
	{"MINE", suit(hex(0x586070), hex(0xd83020), hex(0xff6030))},
	{"BALLOON", suit(hex(0xe8e0d0), hex(0xe04848), hex(0xffffff))},
	{"SPRAY", ramp(hex(0x386890), hex(0x80b8dc), hex(0xe8f8ff))},
	{"GOLD", ramp(hex(0x181008), hex(0x5c3408), hex(0xb87418), hex(0xf8c840), hex(0xffffe0))},
	{"RED", ramp(hex(0x180408), hex(0x600818), hex(0xc02030), hex(0xf86858), hex(0xffe8d8))},
	{"BLUE", ramp(hex(0x040818), hex(0x0c2064), hex(0x2868d0), hex(0x68c0f8), hex(0xe8ffff))},
	{"ORBS", palette{
		hex(0x803000), hex(0xf08020), hex(0xfff0c0), hex(0x480870), hex(0xb040e0), hex(0xf8d8ff), hex(0x085020), hex(0x28b050), hex(0xd8ffd8),
		hex(0x083868), hex(0x2890e0), hex(0xd8f8ff), hex(0x680818), hex(0xe83050), hex(0xffe0e0)}},
	{"GREEN", ramp(hex(0x04180c), hex(0x0c5c2c), hex(0x28b860), hex(0x88f8a0), hex(0xf0fff0))},
	{"BLACK", ramp(hex(0x000000), hex(0x202028))},
}
