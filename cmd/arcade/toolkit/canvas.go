package toolkit

import (
	"image"
	"image/color"
)

// Canvas is what is drawn on. Coordinates are pixels of the display.
type Canvas interface {
	Size() (w, h int)
	// Fill fills a rectangle; colours may be transparent.
	Fill(r image.Rectangle, c color.NRGBA)
	// Text draws a line of text; x, y is its upper left corner.
	Text(x, y, scale int, s string, c color.NRGBA)
	// Picture draws a picture into a rectangle.
	Picture(r image.Rectangle, p *image.NRGBA)
	// Clip limits drawing to a rectangle, until the next Clip.
	Clip(r image.Rectangle)
}

// Theme has the colours.
type Theme struct {
	Back, Panel, Bar, Ink, Dim, Accent, Select, Good, Bad, Shade color.NRGBA
}

// Dark is the theme.
var Dark = Theme{
	Back:   color.NRGBA{0x0e, 0x12, 0x1a, 0xff},
	Panel:  color.NRGBA{0x18, 0x1f, 0x2c, 0xf4},
	Bar:    color.NRGBA{0x22, 0x2c, 0x3e, 0xff},
	Ink:    color.NRGBA{0xe8, 0xec, 0xf2, 0xff},
	Dim:    color.NRGBA{0x8a, 0x96, 0xa8, 0xff},
	Accent: color.NRGBA{0xff, 0xb4, 0x20, 0xff},
	Select: color.NRGBA{0x2c, 0x4a, 0x7c, 0xff},
	Good:   color.NRGBA{0x70, 0xd0, 0x70, 0xff},
	Bad:    color.NRGBA{0xf0, 0x70, 0x60, 0xff},
	Shade:  color.NRGBA{0, 0, 0, 0xa0},
}

// Scale is how many pixels of the display one of the toolkit's has: so many
// that text is as large as it should be, and a menu still fits. more is a
// person's wish, 0 for none.
func Scale(w, h int, more int) int {
	if more > 0 {
		return min(more, max(1, min(w/240, h/160)))
	}
	return max(1, int(min(float64(w)/560, float64(h)/360)+0.35))
}

// Painter draws for widgets: a Canvas with a scale and a theme.
type Painter struct {
	Canvas
	Theme
	S int // scale
}

// U is n of the toolkit's pixels in those of the display.
func (p *Painter) U(n int) int { return n * p.S }

// Row is the height of a row of a list or form.
func (p *Painter) Row() int { return p.U(LineHeight + 4) }

// Left draws text at the left of a rectangle, cut to fit, in the middle of its
// height.
func (p *Painter) Left(r image.Rectangle, s string, c color.NRGBA) {
	p.Text(r.Min.X, r.Min.Y+(r.Dy()-p.U(LineHeight))/2, p.S, Cut(s, r.Dx()/p.S), c)
}

// Right draws text at the right of a rectangle and returns its width.
func (p *Painter) Right(r image.Rectangle, s string, c color.NRGBA) int {
	s = Cut(s, r.Dx()/p.S)
	w := p.U(Width(s))
	p.Text(r.Max.X-w, r.Min.Y+(r.Dy()-p.U(LineHeight))/2, p.S, s, c)
	return w
}

// Centre draws text in the middle of a rectangle.
func (p *Painter) Centre(r image.Rectangle, s string, c color.NRGBA) {
	s = Cut(s, r.Dx()/p.S)
	w := p.U(Width(s))
	p.Text(r.Min.X+(r.Dx()-w)/2, r.Min.Y+(r.Dy()-p.U(LineHeight))/2, p.S, s, c)
}

// Frame draws the outline of a rectangle.
func (p *Painter) Frame(r image.Rectangle, c color.NRGBA) {
	u := p.S
	p.Fill(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+u), c)
	p.Fill(image.Rect(r.Min.X, r.Max.Y-u, r.Max.X, r.Max.Y), c)
	p.Fill(image.Rect(r.Min.X, r.Min.Y, r.Min.X+u, r.Max.Y), c)
	p.Fill(image.Rect(r.Max.X-u, r.Min.Y, r.Max.X, r.Max.Y), c)
}

// Memory is a Canvas in memory, for tests and screenshots.
type Memory struct {
	*image.NRGBA
	clip image.Rectangle
}

// NewMemory makes a canvas of w x h pixels.
func NewMemory(w, h int) *Memory {
	r := image.Rect(0, 0, w, h)
	return &Memory{image.NewNRGBA(r), r}
}

// Size implements Canvas.
func (m *Memory) Size() (w, h int) { return m.Rect.Dx(), m.Rect.Dy() }

// Clip implements Canvas.
func (m *Memory) Clip(r image.Rectangle) { m.clip = r.Intersect(m.Rect) }

// Fill implements Canvas.
func (m *Memory) Fill(r image.Rectangle, c color.NRGBA) {
	r = r.Intersect(m.clip)
	a := int(c.A)
	if a == 255 && !r.Empty() {
		// The first line, and copies of it.
		first := m.Pix[m.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
		for i := 0; i < len(first); i += 4 {
			first[i], first[i+1], first[i+2], first[i+3] = c.R, c.G, c.B, 255
		}
		for y := r.Min.Y + 1; y < r.Max.Y; y++ {
			copy(m.Pix[m.PixOffset(r.Min.X, y):], first)
		}
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			d := m.Pix[m.PixOffset(x, y):][:4:4]
			for i, v := range [3]uint8{c.R, c.G, c.B} {
				d[i] = uint8((int(d[i])*(255-a) + int(v)*a) / 255)
			}
			d[3] = 255
		}
	}
}

// Text implements Canvas.
func (m *Memory) Text(x, y, scale int, s string, c color.NRGBA) {
	for _, r := range s {
		g := GlyphOf(r)
		for row, bits := range g.Rows {
			for col := 0; bits != 0; col++ {
				if bits&0x8000 != 0 {
					m.Fill(image.Rect(x+col*scale, y+row*scale, x+(col+1)*scale, y+(row+1)*scale), c)
				}
				bits <<= 1
			}
		}
		x += g.Advance * scale
	}
}

// Picture implements Canvas.
func (m *Memory) Picture(r image.Rectangle, p *image.NRGBA) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if image.Pt(x, y).In(m.clip) {
				m.SetNRGBA(x, y, p.NRGBAAt(p.Rect.Min.X+(x-r.Min.X)*p.Rect.Dx()/r.Dx(), p.Rect.Min.Y+(y-r.Min.Y)*p.Rect.Dy()/r.Dy()))
			}
		}
	}
}

// Fit is the largest rectangle within r of the shape of w x h, in its middle.
func Fit(r image.Rectangle, w, h int) image.Rectangle {
	fw, fh := r.Dx(), r.Dx()*h/max(w, 1)
	if fh > r.Dy() {
		fw, fh = r.Dy()*w/max(h, 1), r.Dy()
	}
	x, y := r.Min.X+(r.Dx()-fw)/2, r.Min.Y+(r.Dy()-fh)/2
	return image.Rect(x, y, x+fw, y+fh)
}
