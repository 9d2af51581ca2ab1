package window

import (
	"image"
	"image/color"
	"slices"

	"arcade/cmd/arcade/toolkit"

	"github.com/hajimehoshi/ebiten/v2"
)

// canvas is a toolkit.Canvas on the window. It first only notes what is drawn:
// where that is the same as for the picture of the display before, nothing is
// drawn anew, and a screen that nobody touches costs next to nothing.
type canvas struct {
	w, h   int
	ops    []op // of this picture
	last   []op // of the one that was drawn
	clip   *ebiten.Image
	white  *ebiten.Image
	glyphs map[rune]*ebiten.Image
	pics   map[*image.NRGBA]*ebiten.Image
}

// op is one call of a method.
type op struct {
	kind  opKind
	rect  image.Rectangle // of a text: its upper left corner
	scale int
	text  string
	color color.NRGBA
	pic   *image.NRGBA
}

type opKind uint8

const (
	opFill opKind = iota
	opText
	opPicture
	opClip
)

func newCanvas() *canvas {
	c := &canvas{white: ebiten.NewImage(1, 1), glyphs: map[rune]*ebiten.Image{}, pics: map[*image.NRGBA]*ebiten.Image{}}
	c.white.Fill(color.White)
	return c
}

// begin begins a picture of w x h pixels.
func (c *canvas) begin(w, h int) {
	if w != c.w || h != c.h {
		c.last = append(c.last[:0], op{scale: -1}) // like nothing else
	}
	c.w, c.h, c.ops = w, h, c.ops[:0]
	if len(c.pics) > 64 {
		for _, img := range c.pics {
			img.Deallocate()
		}
		clear(c.pics)
	}
}

// changed reports whether it is another picture than the one before.
func (c *canvas) changed() bool { return !slices.Equal(c.ops, c.last) }

// Size implements toolkit.Canvas.
func (c *canvas) Size() (w, h int) { return c.w, c.h }

// Clip implements toolkit.Canvas.
func (c *canvas) Clip(r image.Rectangle) { c.ops = append(c.ops, op{kind: opClip, rect: r}) }

// Fill implements toolkit.Canvas.
func (c *canvas) Fill(r image.Rectangle, col color.NRGBA) {
	c.ops = append(c.ops, op{kind: opFill, rect: r, color: col})
}

// Text implements toolkit.Canvas.
func (c *canvas) Text(x, y, scale int, s string, col color.NRGBA) {
	c.ops = append(c.ops, op{kind: opText, rect: image.Rect(x, y, x, y), scale: scale, text: s, color: col})
}

// Picture implements toolkit.Canvas.
func (c *canvas) Picture(r image.Rectangle, p *image.NRGBA) {
	c.ops = append(c.ops, op{kind: opPicture, rect: r, pic: p})
}

// draw draws what was noted.
func (c *canvas) draw(screen *ebiten.Image) {
	c.clip = screen
	for i := range c.ops {
		switch o := &c.ops[i]; o.kind {
		case opClip:
			c.clip = screen.SubImage(o.rect.Intersect(screen.Bounds())).(*ebiten.Image)
		case opFill:
			c.fill(o.rect, o.color)
		case opText:
			c.write(o)
		case opPicture:
			c.picture(o.rect, o.pic)
		}
	}
	c.ops, c.last = c.last, c.ops
}

func (c *canvas) fill(r image.Rectangle, col color.NRGBA) {
	if r.Empty() {
		return
	}
	o := &ebiten.DrawImageOptions{}
	o.GeoM.Scale(float64(r.Dx()), float64(r.Dy()))
	o.GeoM.Translate(float64(r.Min.X), float64(r.Min.Y))
	o.ColorScale.ScaleWithColor(col)
	c.clip.DrawImage(c.white, o)
}

func (c *canvas) write(t *op) {
	x, y, scale := t.rect.Min.X, t.rect.Min.Y, t.scale
	o := &ebiten.DrawImageOptions{}
	o.ColorScale.ScaleWithColor(t.color)
	for _, r := range t.text {
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

func (c *canvas) picture(r image.Rectangle, p *image.NRGBA) {
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
