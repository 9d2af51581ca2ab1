package window

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"

	"arcade/video"
)

// saveShot writes a picture as PNG, as a person sees it, under a new name.
func saveShot(folder, set string, p *video.Picture, turn int) (string, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	for n := 0; ; n++ {
		name := filepath.Join(folder, fmt.Sprintf("%s-%04d.png", set, n))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if os.IsExist(err) && n < 9999 {
			continue
		}
		if err != nil {
			return "", err
		}
		if err := png.Encode(f, turned(p, turn)); err != nil {
			f.Close()
			return "", err
		}
		return name, f.Close()
	}
}

// turned is a picture as it is seen on a monitor that is turned clockwise.
func turned(p *video.Picture, turn int) *image.NRGBA {
	w, h := p.W, p.H
	if turn%180 != 0 {
		w, h = h, w
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range p.H {
		for x, c := range p.Row(y) {
			dx, dy := x, y
			switch turn {
			case 90:
				dx, dy = p.H-1-y, x
			case 180:
				dx, dy = p.W-1-x, p.H-1-y
			case 270:
				dx, dy = y, p.W-1-x
			}
			img.SetNRGBA(dx, dy, color.NRGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255})
		}
	}
	return img
}
