package window

import (
	"image"
	"image/color"

	"arcade/cmd/arcade/toolkit"

	"github.com/hajimehoshi/ebiten/v2"
)

// canvas is a toolkit.Canvas on the window.
type canvas struct {
	screen *ebiten.Image
	clip   *ebiten.Image
	white  *ebiten.Image
	glyphs map[rune]*ebiten.Image
	pics   map[*image.NRGBA]*ebiten.Image
}

func newCanvas() *canvas {
	c := &canvas{white: ebiten.NewImage(1, 1), glyphs: map[rune]*ebiten.Image{}, pics: map[*image.NRGBA]*ebiten.Image{}}
	c.white.Fill(color.White)
	return c
}

// on makes the canvas draw on a screen.
func (c *canvas) on(screen *ebiten.Image) *canvas {
	c.screen, c.clip = screen, screen
	if len(c.pics) > 64 {
		for _, img := range c.pics {
			img.Deallocate()
		}
		clear(c.pics)
	}
	return c
}

// Size implements toolkit.Canvas.
func (c *canvas) Size() (w, h int) { return c.screen.Bounds().Dx(), c.screen.Bounds().Dy() }

// Clip implements toolkit.Canvas.
func (c *canvas) Clip(r image.Rectangle) {
	c.clip = c.screen.SubImage(r.Intersect(c.screen.Bounds())).(*ebiten.Image)
}

// Fill implements toolkit.Canvas.
func (c *canvas) Fill(r image.Rectangle, col color.NRGBA) {
	if r.Empty() {
		return
	}
	o := &ebiten.DrawImageOptions{}
	o.GeoM.Scale(float64(r.Dx()), float64(r.Dy()))
	o.GeoM.Translate(float64(r.Min.X), float64(r.Min.Y))
	o.ColorScale.ScaleWithColor(col)
	c.clip.DrawImage(c.white, o)
}

// Text implements toolkit.Canvas.
func (c *canvas) Text(x, y, scale int, s string, col color.NRGBA) {
	o := &ebiten.DrawImageOptions{}
	o.ColorScale.ScaleWithColor(col)
	for _, r := range s {
		g := toolkit.GlyphOf(r)
		if r != ' ' {
			o.GeoM.Reset()
			o.GeoM.Scale(float64(scale), float64(scale))
			o.GeoM.Translate(float64(x), float64(y))
			c.clip.DrawImage(c.glyph(r, g), o)
		}
		x += g.Advance * scale
	}
}

func (c *canvas) glyph(r rune, g *toolkit.Glyph) *ebiten.Image {
	if img := c.glyphs[r]; img != nil {
		return img
	}
	src := image.NewAlpha(image.Rect(0, 0, 16, toolkit.LineHeight))
	for y, bits := range g.Rows {
		for x := range 16 {
			if bits&(0x8000>>x) != 0 {
				src.Pix[y*src.Stride+x] = 255
			}
		}
	}
	img := ebiten.NewImageFromImage(src)
	c.glyphs[r] = img
	return img
}

// Picture implements toolkit.Canvas.
func (c *canvas) Picture(r image.Rectangle, p *image.NRGBA) {
	img := c.pics[p]
	if img == nil {
		img = ebiten.NewImageFromImage(p)
		c.pics[p] = img
	}
	o := &ebiten.DrawImageOptions{Filter: ebiten.FilterLinear}
	o.GeoM.Scale(float64(r.Dx())/float64(p.Rect.Dx()), float64(r.Dy())/float64(p.Rect.Dy()))
	o.GeoM.Translate(float64(r.Min.X), float64(r.Min.Y))
	c.clip.DrawImage(img, o)
}
