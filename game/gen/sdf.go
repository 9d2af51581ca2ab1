package main

import "math"

// vec is a point or direction in the space of a model: x to its nose, y up, z
// towards the viewer.
type vec [3]float64

func (a vec) sub(b vec) vec       { return vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func (a vec) plus(b vec) vec      { return vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func (a vec) scale(f float64) vec { return vec{a[0] * f, a[1] * f, a[2] * f} }
func (a vec) dot(b vec) float64   { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func (a vec) length() float64     { return math.Sqrt(a.dot(a)) }
func (a vec) unit() vec           { return a.scale(1 / (a.length() + 1e-12)) }
func rotX(p vec, a float64) vec {
	s, c := math.Sincos(a)
	return vec{p[0], c*p[1] - s*p[2], s*p[1] + c*p[2]}
}
func rotY(p vec, a float64) vec {
	s, c := math.Sincos(a)
	return vec{c*p[0] + s*p[2], p[1], c*p[2] - s*p[0]}
}
func rotZ(p vec, a float64) vec {
	s, c := math.Sincos(a)
	return vec{c*p[0] - s*p[1], s*p[0] + c*p[1], p[2]}
}
func sphere(p vec, r float64) float64 { return p.length() - r }

func ellipsoid(p, r vec) float64 {
	k := vec{p[0] / r[0], p[1] / r[1], p[2] / r[2]}
	n := k.length()
	g := vec{k[0] / r[0], k[1] / r[1], k[2] / r[2]}.length()
	if g < 1e-9 {
		return -math.Min(r[0], math.Min(r[1], r[2]))
	}
	return n * (n - 1) / g
}

// capsule is a rod from a to b, ra thick at a and rb at b.
func capsule(p, a, b vec, ra, rb float64) float64 {
	ba, pa := b.sub(a), p.sub(a)
	t := clamp(pa.dot(ba) / ba.dot(ba))
	return pa.sub(ba.scale(t)).length() - (ra + (rb-ra)*t)
}

func smin(a, b, k float64) float64 {
	h := math.Max(k-math.Abs(a-b), 0) / k
	return math.Min(a, b) - h*h*k/4
}

// Materials: ramps of pens. Pen 0 is the outline.
const (
	hull  = iota // pens 1 to 5
	trim         // 6 to 9
	glass        // 10 to 12
	metal        // 13, 14
)

var ramps = [][2]int{{1, 5}, {6, 4}, {10, 3}, {13, 2}}

// model gives distance and material at a point.
type model func(p vec) (float64, int)

// render draws a model of radius 1 seen from the front and a little from
// above, and returns pens, 15 where there is nothing.
func render(w, h int, scale float64, m model) []byte {
	pens := make([]byte, w*h)
	light := vec{-0.35, 0.8, 0.5}.unit()
	const tilt = 0.32
	trace := func(sx, sy float64) (int, float64, bool) {
		o := vec{(sx - float64(w)/2) / scale, (float64(h)/2 - sy) / scale, 2.5}
		d := vec{0, 0, -1}
		o, d = rotX(o, tilt), rotX(d, tilt)
		t := 0.0
		for range 90 {
			p := o.plus(d.scale(t))
			dist, mat := m(p)
			if dist < 0.004 {
				const e = 0.01
				at := func(q vec) float64 { v, _ := m(q); return v }
				n := vec{at(p.plus(vec{e})) - at(p.sub(vec{e})), at(p.plus(vec{0, e})) - at(p.sub(vec{0, e})), at(p.plus(vec{0, 0, e})) - at(p.sub(vec{0, 0, e}))}.unit()
				diffuse := math.Max(0, n.dot(light))
				half := light.sub(d).unit()
				spec := math.Pow(math.Max(0, n.dot(half)), 24)
				rim := math.Pow(1-math.Max(0, -n.dot(d)), 3)
				return mat, 0.16 + 0.66*diffuse + 0.5*spec + 0.18*rim*math.Max(0, n[1]), true
			}
			t += dist * 0.7
			if t > 5 {
				break
			}
		}
		return 0, 0, false
	}
	const ss = 3
	for y := range h {
		for x := range w {
			var count [4]int
			var shade [4]float64
			hits := 0
			for k := range ss * ss {
				mat, v, ok := trace(float64(x)+(float64(k%ss)+0.5)/ss, float64(y)+(float64(k/ss)+0.5)/ss)
				if ok {
					count[mat]++
					shade[mat] += v
					hits++
				}
			}
			pens[y*w+x] = 15
			if hits*2 < ss*ss {
				continue
			}
			best := 0
			for i := range count {
				if count[i] > count[best] {
					best = i
				}
			}
			v := shade[best]/float64(count[best]) + bayer(x, y)*0.09
			n := ramps[best][1]
			pens[y*w+x] = byte(ramps[best][0] + max(0, min(n-1, int(v*float64(n)))))
		}
	}
	outline(pens, w, h)
	return pens
}

// outline puts pen 0 around what is drawn.
func outline(pens []byte, w, h int) {
	var edge []int
	for y := range h {
		for x := range w {
			if pens[y*w+x] != 15 {
				continue
			}
			for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				i, j := x+d[0], y+d[1]
				if i >= 0 && j >= 0 && i < w && j < h && pens[j*w+i] != 15 {
					edge = append(edge, y*w+x)
					break
				}
			}
		}
	}
	for _, i := range edge {
		pens[i] = 0
	}
}

func pick(parts ...any) (float64, int) {
	best, mat := math.Inf(1), 0
	for i := 0; i < len(parts); i += 2 {
		if d := parts[i].(float64); d < best {
			best, mat = d, parts[i+1].(int)
		}
	}
	return best, mat
}

// glider is a rider on a flying board, turned by yaw, pitch and roll.
func glider(yaw, pitch, roll, lean float64) model {
	return func(p vec) (float64, int) {
		p = rotY(p, -yaw)
		p = rotZ(p, -pitch)
		p = rotX(p, -roll)
		side := vec{p[0], p[1], math.Abs(p[2])}
		body := capsule(p, vec{-0.62, -0.12, 0}, vec{0.78, -0.16, 0}, 0.17, 0.035)
		body = smin(body, ellipsoid(p.sub(vec{-0.15, -0.14, 0}), vec{0.5, 0.13, 0.3}), 0.12)
		wing := ellipsoid(vec{side[0] + 0.18 + 0.55*side[2], side[1] + 0.12 - 0.22*side[2]*side[2], side[2] - 0.42}, vec{0.27, 0.045, 0.52})
		tip := ellipsoid(vec{side[0] + 0.66, side[1] + 0.02, side[2] - 0.86}, vec{0.24, 0.12, 0.04})
		fin := ellipsoid(vec{p[0] + 0.62 + 0.5*p[1], p[1] - 0.12, p[2]}, vec{0.17, 0.3, 0.04})
		jet := capsule(side, vec{-0.78, -0.13, 0.16}, vec{-0.45, -0.13, 0.16}, 0.085, 0.1)
		// The rider leans into the wind.
		hip := vec{-0.2, 0.06, 0}
		neck := hip.plus(vec{0.22 + lean, 0.28 - 0.3*lean, 0})
		torso := capsule(p, hip, neck, 0.12, 0.135)
		head := sphere(p.sub(neck.plus(vec{0.1, 0.13, 0})), 0.135)
		visor := ellipsoid(p.sub(neck.plus(vec{0.17, 0.13, 0})), vec{0.1, 0.055, 0.115})
		arm := capsule(side, vec{neck[0] - 0.02, neck[1] - 0.04, 0.13}, vec{0.3, 0.0, 0.12}, 0.055, 0.045)
		leg := capsule(side, vec{-0.2, 0.06, 0.09}, vec{0.02, -0.02, 0.12}, 0.08, 0.06)
		scarf := ellipsoid(vec{p[0] - neck[0] + 0.26, p[1] - neck[1] - 0.05 + 0.06*math.Sin(p[0]*9), p[2]}, vec{0.24, 0.05, 0.04})
		return pick(body, hull, wing, hull, tip, trim, fin, trim, jet, metal, torso, trim, head, hull, visor, glass, arm, metal, leg, metal, scarf, glass)
	}
}

// drone is a flying eye with flapping vanes.
func drone(flap float64) model {
	return func(p vec) (float64, int) {
		side := vec{p[0], p[1], math.Abs(p[2])}
		body := ellipsoid(p, vec{0.42, 0.36, 0.36})
		eye := sphere(p.sub(vec{0.24, 0.02, 0.2}), 0.24)
		w := rotX(side.sub(vec{-0.1, 0.1, 0.25}), -flap)
		wing := ellipsoid(w.sub(vec{0, 0, 0.4}), vec{0.26, 0.05, 0.45})
		tail := capsule(p, vec{-0.35, 0, 0}, vec{-0.85, 0.18, 0}, 0.1, 0.03)
		horn := capsule(side, vec{0.05, 0.3, 0.1}, vec{-0.15, 0.62, 0.22}, 0.07, 0.02)
		return pick(body, hull, eye, glass, wing, trim, tail, metal, horn, metal)
	}
}

// mine is a ball with spikes.
func mine(turn float64) model {
	return func(p vec) (float64, int) {
		p = rotZ(rotY(p, turn*0.7), turn)
		body := sphere(p, 0.46)
		band := math.Max(sphere(p, 0.49), math.Abs(p[1])-0.09)
		best, mat := pick(body, hull, band, trim)
		for _, d := range []vec{{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1},
			{0.6, 0.6, 0.5}, {-0.6, 0.6, 0.5}, {0.6, -0.6, 0.5}, {-0.6, -0.6, 0.5}, {0.6, 0.6, -0.5}, {-0.6, 0.6, -0.5}} {
			d = d.unit()
			if c := capsule(p, d.scale(0.4), d.scale(0.78), 0.09, 0.02); c < best {
				best, mat = c, metal
			}
			if c := sphere(p.sub(d.scale(0.8)), 0.05); c < best {
				best, mat = c, glass
			}
		}
		return best, mat
	}
}

// balloon carries a basket with a prize.
func balloon(sway float64) model {
	return func(p vec) (float64, int) {
		p = rotZ(p, sway)
		top := ellipsoid(p.sub(vec{0, 0.28, 0}), vec{0.56, 0.6, 0.56})
		angle := math.Atan2(p[2], p[0])
		mat := hull
		if math.Mod(math.Floor(angle/(math.Pi/5)+20), 2) == 0 {
			mat = trim
		}
		basket := ellipsoid(p.sub(vec{0, -0.74, 0}), vec{0.2, 0.16, 0.2})
		side := vec{math.Abs(p[0]), p[1], p[2]}
		rope := capsule(side, vec{0.3, -0.2, 0}, vec{0.14, -0.7, 0}, 0.02, 0.02)
		return pick(top, mat, basket, metal, rope, metal)
	}
}
