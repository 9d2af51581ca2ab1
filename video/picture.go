// Package video holds what boards share to draw: the picture, tile decoding
// and blitting. It knows no board's registers.
package video

// Picture is a finished frame as the board makes it: not rotated, without
// borders.
type Picture struct {
	W, H int
	// Pix has W*H pixels, rows from the top, each 0x00RRGGBB.
	Pix []uint32
}

// NewPicture makes a black picture.
func NewPicture(w, h int) *Picture { return &Picture{W: w, H: h, Pix: make([]uint32, w*h)} }

// Resize changes the size; the content is lost. It allocates only if the
// picture was never that large.
func (p *Picture) Resize(w, h int) {
	if p.W == w && p.H == h {
		return
	}
	if cap(p.Pix) < w*h {
		p.Pix = make([]uint32, w*h)
	}
	p.W, p.H, p.Pix = w, h, p.Pix[:w*h]
}

// Row is row y.
func (p *Picture) Row(y int) []uint32 { return p.Pix[y*p.W : (y+1)*p.W] }

// AppendRGB appends the picture as RGB24, rows from the top.
func (p *Picture) AppendRGB(b []byte) []byte {
	for _, c := range p.Pix[:p.W*p.H] {
		b = append(b, byte(c>>16), byte(c>>8), byte(c))
	}
	return b
}
