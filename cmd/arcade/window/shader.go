package window

import (
	_ "embed"
	"image"

	"arcade/video"

	"github.com/hajimehoshi/ebiten/v2"
)

// Shader is how the picture's pixels become those of the display.
type Shader uint8

// The shaders.
const (
	ShaderNearest   Shader = iota // hard edges
	ShaderSharp                   // hard edges that are smooth where pixels do not meet
	ShaderScanlines               // dark lines between those of the picture
	ShaderCRT                     // a curved tube with a mask and some glow
)

//go:embed shaders/sharp.kage
var sharpSource []byte

//go:embed shaders/scanlines.kage
var scanlinesSource []byte

//go:embed shaders/crt.kage
var crtSource []byte

func pictureBounds(p *video.Picture) image.Rectangle { return image.Rect(0, 0, p.W, p.H) }

// shaders compiles what is used. One that the graphics driver refuses is
// replaced by hard edges.
type shaders struct {
	made [4]*ebiten.Shader
	bad  [4]bool
}

func (s *shaders) get(which Shader) *ebiten.Shader {
	which &= 3
	if which == ShaderNearest || s.bad[which] {
		return nil
	}
	if s.made[which] == nil {
		src := [4][]byte{nil, sharpSource, scanlinesSource, crtSource}[which]
		made, err := ebiten.NewShader(src)
		if err != nil {
			s.bad[which] = true
			return nil
		}
		s.made[which] = made
	}
	return s.made[which]
}

// draw shows the texture at its place.
func (v *view) draw(screen *ebiten.Image, p place, which Shader) {
	w, h := v.img.Bounds().Dx(), v.img.Bounds().Dy()
	shader := v.shaders.get(which)
	if shader == nil {
		screen.DrawImage(v.img, &ebiten.DrawImageOptions{GeoM: p.geometry(w, h)})
		return
	}
	o := &ebiten.DrawRectShaderOptions{GeoM: p.geometry(w, h)}
	o.Images[0] = v.img
	// Display pixels for one of the picture, along its own axes.
	sx, sy := float32(p.w)/float32(w), float32(p.h)/float32(h)
	if p.turn%180 != 0 {
		sx, sy = float32(p.h)/float32(w), float32(p.w)/float32(h)
	}
	o.Uniforms = map[string]any{"Scale": []float32{sx, sy}}
	screen.DrawRectShader(w, h, shader, o)
}
