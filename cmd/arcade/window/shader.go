package window

import (
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

// ShaderNames are the shaders' names in settings.
var ShaderNames = []string{"none", "sharp-bilinear", "scanlines", "crt"}

func pictureBounds(p *video.Picture) image.Rectangle { return image.Rect(0, 0, p.W, p.H) }

// draw shows the texture at its place.
func (v *view) draw(screen *ebiten.Image, p place) {
	o := &ebiten.DrawImageOptions{GeoM: p.geometry(v.img.Bounds().Dx(), v.img.Bounds().Dy())}
	screen.DrawImage(v.img, o)
}
