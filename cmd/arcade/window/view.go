package window

import (
	"math"
	"slices"

	"arcade/machine"
	"arcade/video"

	"github.com/hajimehoshi/ebiten/v2"
)

// Scaling says how large the picture is.
type Scaling uint8

// The modes.
const (
	ScaleFit     Scaling = iota // as large as the window allows
	ScaleInteger                // every pixel is equally large
	ScaleFill                   // the whole window, whatever its shape
)

// Aspect says what shape the picture has.
type Aspect uint8

// The shapes.
const (
	AspectMonitor Aspect = iota // 4:3, or 3:4 on a monitor that stands upright
	AspectPixels                // square pixels
)

// Video is how the picture is shown.
type Video struct {
	Scaling Scaling
	Aspect  Aspect
	Turn    int // degrees clockwise, on top of the game's own
	Shader  Shader
}

// place is where on the screen a picture goes, in device pixels, and how far
// it is turned.
type place struct {
	x, y, w, h float64
	turn       int // 0, 90, 180, 270 degrees clockwise
}

// fit computes the place of a picture of srcW x srcH pixels on a screen.
func fit(v Video, s machine.Screen, srcW, srcH, screenW, screenH int) place {
	turn := ((s.Rotate+v.Turn)%360 + 360) % 360
	w, h := float64(srcW), float64(srcH) // as they are seen
	aspect := 4.0 / 3
	if v.Aspect == AspectPixels {
		aspect = w / h
	}
	if turn%180 != 0 {
		w, h, aspect = h, w, 1/aspect
	}
	p := place{turn: turn}
	p.w, p.h = float64(screenW), float64(screenH)
	switch v.Scaling {
	case ScaleFill:
	default:
		if p.w > p.h*aspect {
			p.w = p.h * aspect
		} else {
			p.h = p.w / aspect
		}
		if v.Scaling == ScaleInteger && p.w >= w && p.h >= h {
			p.w, p.h = whole(w, h, aspect, float64(screenW), float64(screenH))
		}
		p.w, p.h = math.Round(p.w), math.Round(p.h)
	}
	p.x, p.y = math.Floor((float64(screenW)-p.w)/2), math.Floor((float64(screenH)-p.h)/2)
	return p
}

// whole finds the largest multiples of w and h that fit and whose shape is
// nearest to aspect.
func whole(w, h, aspect, maxW, maxH float64) (float64, float64) {
	for n := math.Floor(maxH / h); n >= 1; n-- {
		m := max(1, math.Round(n*h*aspect/w))
		if m*w <= maxW {
			return m * w, n * h
		}
	}
	return w, h
}

// view is a machine's picture as a texture.
type view struct {
	img     *ebiten.Image
	pix     []byte
	last    []uint32 // the picture that is in it
	shaders shaders
}

// upload copies a picture into the texture and reports whether it is another
// than before.
func (v *view) upload(p *video.Picture) bool {
	changed := false
	if v.img == nil || v.img.Bounds().Dx() != p.W || v.img.Bounds().Dy() != p.H {
		if v.img != nil {
			v.img.Deallocate()
		}
		v.img = ebiten.NewImageWithOptions(pictureBounds(p), &ebiten.NewImageOptions{Unmanaged: true})
		v.pix = make([]byte, 4*p.W*p.H)
		v.last, changed = make([]uint32, p.W*p.H), true
	}
	if !changed && slices.Equal(p.Pix[:p.W*p.H], v.last) {
		return false
	}
	copy(v.last, p.Pix)
	for i, c := range v.last {
		d := v.pix[4*i : 4*i+4 : 4*i+4]
		d[0], d[1], d[2], d[3] = byte(c>>16), byte(c>>8), byte(c), 255
	}
	v.img.WritePixels(v.pix)
	return true
}

// geometry maps the picture's pixels to its place on the screen.
func (p place) geometry(srcW, srcH int) (g ebiten.GeoM) {
	w, h := float64(srcW), float64(srcH)
	g.Translate(-w/2, -h/2)
	g.Rotate(float64(p.turn) * math.Pi / 180)
	if p.turn%180 != 0 {
		w, h = h, w
	}
	g.Scale(p.w/w, p.h/h)
	g.Translate(p.x+p.w/2, p.y+p.h/2)
	return g
}
