package main

import "math"

// A scene is what a stage is painted from.
type scene struct {
	seed              int
	sky               []rgb // from the top to the horizon
	cloud, cloudShade rgb
	cover             float64 // 0 none to 1 overcast
	sunX, sunY, sunR  float64
	sun, glow         rgb
	stars             bool
	aurora            bool
	ridge             []rgb // mountains from far to near
	city              bool
	islands           bool
	seaFar, seaNear   rgb
	foam              rgb
	cloudSea          bool
}

const (
	sceneW  = 512
	skyH    = 256
	seaTop  = 176 // horizon, in lines of scroll 2
	frontH  = 288
	skyLine = 168 // horizon, in lines of scroll 3
)

var scenes = []scene{
	{ // Dawn
		seed: 11, sky: []rgb{hex(0x1b1b4f), hex(0x4a2f78), hex(0x9b4585), hex(0xe8705f), hex(0xffb45c), hex(0xffe6a0)},
		cloud: hex(0xffc9a0), cloudShade: hex(0x7c3f7c), cover: 0.52, sunX: 330, sunY: 132, sunR: 30, sun: hex(0xfff3c0), glow: hex(0xff9a50),
		ridge:  []rgb{hex(0xb0557f), hex(0x74396f), hex(0x43275c)},
		seaFar: hex(0xff9d68), seaNear: hex(0x1b1c52), foam: hex(0xffdca0)},
	{ // Above the clouds
		seed: 23, sky: []rgb{hex(0x0d4fae), hex(0x1d78d0), hex(0x4aa6e6), hex(0x8fd0f4), hex(0xc9ecfb), hex(0xf2fbff)},
		cloud: hex(0xffffff), cloudShade: hex(0x7fa9d8), cover: 0.56, sunX: 96, sunY: 40, sunR: 20, sun: hex(0xffffff), glow: hex(0xfff4c8),
		ridge: []rgb{hex(0x9cc4e4), hex(0x6f9fce)}, islands: true,
		seaFar: hex(0xdff2ff), seaNear: hex(0x5a86c4), foam: hex(0xffffff), cloudSea: true},
	{ // Night harbour
		seed: 37, sky: []rgb{hex(0x03040f), hex(0x070b24), hex(0x0c1740), hex(0x15285c), hex(0x234078), hex(0x3a5f8c)},
		cloud: hex(0x3d5280), cloudShade: hex(0x10183a), cover: 0.40, sunX: 150, sunY: 56, sunR: 22, sun: hex(0xf6f4e2), glow: hex(0x6f8cc8),
		stars: true, aurora: true, ridge: []rgb{hex(0x16264c), hex(0x0c1530)}, city: true,
		seaFar: hex(0x35608a), seaNear: hex(0x050a20), foam: hex(0xa8d8f0)},
	{ // Title: a storm at dusk
		seed: 53, sky: []rgb{hex(0x05060f), hex(0x10142c), hex(0x20264c), hex(0x3c3c66), hex(0x7a5872), hex(0xd88a60)},
		cloud: hex(0x8c7c94), cloudShade: hex(0x14142a), cover: 0.72, sunX: 256, sunY: 164, sunR: 34, sun: hex(0xffd890), glow: hex(0xff7a40),
		ridge:  []rgb{hex(0x4c3c5c), hex(0x2a2440), hex(0x161428)},
		seaFar: hex(0xc88058), seaNear: hex(0x0c0e24), foam: hex(0xffc890)},
}

// light is how bright fluffy clouds are at a place, and how dense.
func (s *scene) clouds(x, y float64) (light, density float64) {
	// Clouds flatten towards the horizon.
	f := 1 + 2.2*step(40, skyLine, y)
	d := fbm(x, y*f, sceneW, 5, 6, s.seed)
	density = step(1-s.cover-0.05, 1-s.cover+0.16, d)
	// Lit from the side of the sun: compare with the density nearer to it.
	dx, dy := s.sunX-x, s.sunY-y
	n := math.Hypot(dx, dy) + 1
	e := fbm(x+dx/n*9, (y+dy/n*9)*f, sceneW, 5, 5, s.seed)
	light = clamp(0.5 + (d-e)*4.5)
	return light, density
}

func (s *scene) ridgeHeight(i int, x float64) float64 {
	v := fbm(x, float64(i)*97, sceneW, 4+i*2, 6, s.seed+100+i*31)
	w := fbm(x, 900+float64(i)*57, sceneW, 16, 4, s.seed+300+i*31)
	return (v*0.75 + math.Abs(w-0.5)*0.5) * float64(84-i*16)
}

// background paints scroll 3: 512 by 256.
func (s *scene) background() *image {
	m := newImage(sceneW, skyH)
	m.paint(func(x, y float64) (rgb, float64) {
		c := gradient(y/skyLine, s.sky...)
		dx := math.Abs(x - s.sunX)
		dx = math.Min(dx, sceneW-dx)
		r := math.Hypot(dx, y-s.sunY)
		if s.stars {
			ix, iy := int(x), int(y)
			if h := hash(ix, iy, s.seed+7); h > 0.9965 && y < skyLine-10 {
				c = mix(c, hex(0xe8f0ff), (h-0.9965)/0.0035*(1-y/skyLine))
			}
		}
		if s.aurora {
			band := 70 + 34*math.Sin(x*2*math.Pi/sceneW*2+1) + 26*(fbm(x, 40, sceneW, 6, 3, s.seed+9)-0.5)
			d := y - band
			if d > -70 && d < 14 {
				ray := 0.35 + 0.65*fbm(x, 0, sceneW, 48, 2, s.seed+5)
				a := step(14, 0, d) * step(-70, -4, d) * ray
				c = c.add(mix(hex(0x20e0a0), hex(0x8040d0), step(-5, -60, d)).mul(a * 0.55))
			}
		}
		c = c.add(s.glow.mul(0.75 * math.Exp(-math.Max(0, r-s.sunR)/46)))
		if r < s.sunR+1 {
			disc := s.sun
			if s.stars { // the moon has seas
				disc = mix(disc, hex(0x9aa4c0), step(0.45, 0.7, fbm(x, y, sceneW, 30, 3, 77)))
			}
			c = mix(c, disc, step(s.sunR+1, s.sunR-1, r))
		}
		light, density := s.clouds(x, y)
		cl := mix(s.cloudShade, s.cloud, light)
		cl = cl.add(s.glow.mul(0.4 * light * math.Exp(-r/80)))
		fade := 0.9 - 0.45*step(skyLine-60, skyLine, y)
		c = mix(c, cl, density*fade)
		for i, rc := range s.ridge {
			top := skyLine + 6 - s.ridgeHeight(i, x)
			if y > top {
				slope := s.ridgeHeight(i, x+2) - s.ridgeHeight(i, x-2)
				lit := clamp(0.5 + slope*0.13*sign(x-s.sunX))
				tex := fbm(x, y*1.4, sceneW, 40, 4, s.seed+400+i)
				k := rc.mul(0.72 + 0.38*lit + 0.34*(tex-0.5))
				// Haze at the foot.
				k = mix(k, s.sky[len(s.sky)-1], 0.55*step(skyLine-22, skyLine+8, y)*float64(len(s.ridge)-i)/float64(len(s.ridge)))
				c = mix(c, k, step(top, top+1.2, y))
			}
		}
		return c, 1
	})
	return m
}

func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

// foreground paints scroll 2: 512 by 288, the sea and what stands in it.
func (s *scene) foreground() *image {
	m := newImage(sceneW, frontH)
	m.paint(func(x, y float64) (rgb, float64) {
		if s.cloudSea {
			edge := seaTop - 4 + 16*(fbm(x, 0, sceneW, 12, 4, s.seed+1)-0.5)
			if y < edge {
				return rgb{}, 0
			}
			z := 26 / (y - seaTop + 22)
			d := fbm(x, 900*z, sceneW, 12, 5, s.seed+2)
			e := fbm(x+5, 900*z-12, sceneW, 12, 5, s.seed+2)
			light := clamp(0.58 + (d-e)*3 - (y-edge)/(frontH-seaTop)*0.25)
			if y-edge < 7 {
				light = clamp(light + 0.35*(1-(y-edge)/7))
			}
			c := mix(s.seaNear, s.seaFar, light)
			return mix(c, s.foam, step(0.7, 0.95, light)), 1
		}
		if y < seaTop {
			return rgb{}, 0
		}
		z := (y - seaTop) / (frontH - seaTop) // 0 far, 1 near
		depth := 1 / (z + 0.09)
		c := mix(s.seaFar, s.seaNear, math.Pow(z, 0.55))
		// Waves: long crests, finer with distance.
		w1 := fbm(x, depth*150, sceneW, 6+int(10*(1-z)), 4, s.seed+60)
		w2 := fbm(x+30, depth*260+40, sceneW, 24, 3, s.seed+61)
		wave := w1*0.65 + w2*0.35
		c = c.mul(0.72 + 0.6*wave)
		c = mix(c, s.foam, step(0.60, 0.74, wave)*(0.25+0.45*(1-z)))
		// The sun's path.
		dx := math.Abs(x - s.sunX)
		dx = math.Min(dx, sceneW-dx)
		path := math.Exp(-dx * dx / (2 * math.Pow(16+z*54, 2)))
		c = mix(c, s.sun, path*step(0.50, 0.66, wave)*0.85)
		if y < seaTop+2 {
			c = mix(c, s.foam, 0.5)
		}
		return c, 1
	})
	if s.city {
		s.paintCity(m)
	}
	if s.islands {
		for i, at := range [][3]float64{{70, 92, 46}, {250, 58, 30}, {372, 120, 54}} {
			s.paintIsland(m, at[0], at[1], at[2], i)
		}
	} else if !s.city {
		s.paintRocks(m)
	}
	return m
}

// paintRocks sets stacks of rock into the sea, lit from the sun's side.
func (s *scene) paintRocks(m *image) {
	base := s.ridge[len(s.ridge)-1]
	for i, r := range [][3]float64{{40, 26, 74}, {76, 15, 40}, {226, 12, 30}, {452, 30, 92}, {488, 18, 50}} {
		cx, half, height := r[0], r[1], r[2]
		for y := seaTop - int(height); y < seaTop+8; y++ {
			t := float64(seaTop+8-y) / (height + 8)
			for x := int(cx - 2*half); x < int(cx+2*half); x++ {
				n := fbm(float64(x), float64(y), sceneW, 24, 5, s.seed+500+i)
				w := half * (1.15 - 0.75*t - 0.25*t*t) * (0.75 + 0.6*n)
				d := (float64(x) - cx) / w
				if math.Abs(d) > 1 || t > 0.86+0.3*(n-0.3) {
					continue
				}
				side := clamp(0.5 + 0.5*d*sign(s.sunX-cx))
				crack := fbm(float64(x)*1.3, float64(y)*0.5, sceneW, 50, 3, s.seed+600)
				c := mix(base.mul(0.45), mix(base, s.glow, 0.55), side*side*(0.5+0.8*crack))
				if t < 0.1 {
					c = mix(c, s.foam, 0.6*step(0.1, 0.02, t)*n*1.6)
				}
				xx := (x + sceneW) % sceneW
				m.over(xx, y, c, 1)
			}
		}
	}
}

// paintIsland hangs an island with trees into the air.
func (s *scene) paintIsland(m *image, cx, cy, half float64, i int) {
	for y := int(cy - 34); y < int(cy+half*1.3); y++ {
		for x := int(cx - half - 10); x < int(cx+half+10); x++ {
			fx, fy := float64(x), float64(y)
			d := (fx - cx) / half
			if math.Abs(d) > 1 {
				continue
			}
			n := fbm(fx, fy, sceneW, 40, 4, s.seed+700+i)
			top := cy - 5*(1-d*d) + 5*(fbm(fx, 3, sceneW, 30, 2, s.seed+i)-0.5)
			bottom := cy + half*(1-math.Pow(math.Abs(d), 1.5))*(0.55+0.75*fbm(fx, 9, sceneW, 44, 3, s.seed+800+i))
			xx := (x + sceneW) % sceneW
			switch {
			case fy >= top && fy < bottom:
				lit := clamp(0.62 - 0.45*d + 0.5*(n-0.5))
				c := mix(hex(0x4a3a50), hex(0xc8a884), lit*(1-0.6*(fy-top)/(bottom-top+1)))
				if depth := fy - top; depth < 5+5*n {
					c = mix(hex(0x1c6a3c), hex(0x9ada58), clamp(0.9-depth/9+0.5*(n-0.5)))
				}
				m.over(xx, y, c, 1)
			}
		}
	}
	// Trees: round crowns.
	for k := range int(half / 4) {
		tx := cx + (hash(k, i, s.seed+5)-0.5)*1.6*half
		d := (tx - cx) / half
		r := 4 + 5*hash(k, i, s.seed+6)
		ty := cy - 5*(1-d*d) - r*0.8
		for y := int(ty - r); y <= int(ty+r+4); y++ {
			for x := int(tx - r); x <= int(tx+r); x++ {
				fx, fy := (float64(x)+0.5-tx)/r, (float64(y)+0.5-ty)/r
				xx := (x + sceneW) % sceneW
				if q := fx*fx + fy*fy; q < 1 {
					l := clamp(0.55 - 0.4*fx - 0.5*fy + 0.5*(hash(x, y, 3)-0.5))
					m.over(xx, y, gradient(l, hex(0x0c3a2c), hex(0x1f7a3c), hex(0x7ccc50)), 1)
				} else if math.Abs(fx) < 0.2 && fy > 0 {
					m.over(xx, y, hex(0x4a3428), 1)
				}
			}
		}
	}
}

// paintCity builds a skyline with lit windows and its reflection.
func (s *scene) paintCity(m *image) {
	x := 0
	for b := 0; x < sceneW; b++ {
		w := 14 + int(hash(b, 1, s.seed)*26)
		h := 24 + int(hash(b, 2, s.seed)*hash(b, 3, s.seed)*110)
		if hash(b, 4, s.seed) < 0.2 {
			h /= 3
		}
		tone := mix(hex(0x0a1026), hex(0x1a2a50), hash(b, 5, s.seed))
		neon := []rgb{hex(0xff4090), hex(0x40e0ff), hex(0xffb040), hex(0x80ff90)}[int(hash(b, 6, s.seed)*4)]
		for i := range w - 2 {
			for j := range h {
				px, py := (x+i)%sceneW, seaTop-h+j
				c := tone
				if i < 2 {
					c = mix(tone, hex(0x6f8cc8), 0.5)
				}
				if i >= 3 && i < w-4 && j > 4 && (i-3)%4 < 2 && j%5 < 3 {
					k := hash((i-3)/4, j/5+b*64, s.seed+8)
					switch {
					case k > 0.62:
						c = mix(hex(0xffd880), hex(0xff9040), hash(i/4, j/5, b))
					case k > 0.55:
						c = hex(0x80c8ff)
					default:
						c = tone.mul(0.6)
					}
				}
				if j < 2 && h > 60 {
					c = neon
				}
				m.over(px, py, c, 1)
				// What the water shows of it.
				ry := seaTop + 1 + j/3
				if ry < frontH && hash(px/3, ry, 5) > 0.4 {
					m.over((px+int(3*math.Sin(float64(ry))))&(sceneW-1), ry, c.mul(0.9), 0.45*(1-float64(j)/float64(h)))
				}
			}
		}
		if h > 80 { // an aerial
			for j := range 14 {
				m.over((x+w/2)%sceneW, seaTop-h-j, hex(0x40507c), 1)
			}
			m.over((x+w/2)%sceneW, seaTop-h-14, hex(0xff4040), 1)
		}
		x += w
		if x+14 > sceneW {
			break
		}
	}
}
