package main

import (
	"fmt"
	goimage "image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
)

// look writes pictures to look at: the stages as they will be seen, the sprites.
func look(dir string) error {
	save := func(name string, m *goimage.NRGBA) error {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		defer f.Close()
		return png.Encode(f, m)
	}
	set := func(m *goimage.NRGBA, x, y int, c rgb) {
		m.SetNRGBA(x, y, color.NRGBA{uint8(clamp(c[0]) * 255), uint8(clamp(c[1]) * 255), uint8(clamp(c[2]) * 255), 255})
	}
	for i := range scenes {
		back, front := scenePictures(i)
		m := goimage.NewNRGBA(goimage.Rect(0, 0, sceneW, frontH))
		for _, t := range []*tiled{quantize(back, 32, 30, 0.045), quantize(front, 16, 30, 0.05)} {
			for k, pens := range t.pens {
				for p, v := range pens {
					if v != 15 {
						set(m, k%t.cols*t.size+p%t.size, k/t.cols*t.size+p/t.size, t.palettes[t.colors[k]][v])
					}
				}
			}
		}
		if err := save(fmt.Sprintf("scene%d.png", i), m); err != nil {
			return err
		}
	}
	s := makeSprites()
	m := goimage.NewNRGBA(goimage.Rect(0, 0, 256, s.next*16))
	for code, pens := range s.tiles {
		p := objectPalettes[0].p
		for p2, v := range pens {
			c := hex(0x506070)
			if v != 15 {
				c = p[v]
			}
			set(m, code%16*16+p2%16, code/16*16+p2/16, c)
		}
	}
	return save("sprites.png", m)
}
