// Package desk is a virtual desktop for tests: an X server without a screen
// (Xvfb), real events of keys and the mouse (XTEST, as xdotool sends them), and
// a look at the pixels. It speaks X11 itself, since starting a program for each
// key and picture would cost more time than what is tested.
package desk

import (
	"errors"
	"image"
	"io"
	"log"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// conn is a connection to an X server.
type conn struct {
	c    *xgb.Conn
	root xproto.Window
}

func init() { xgb.Logger = log.New(io.Discard, "", 0) } // it writes what is returned anyway

func dial(display string) (*conn, error) {
	c, err := xgb.NewConnDisplay(":" + display)
	if err != nil {
		return nil, err
	}
	if err := xtest.Init(c); err != nil {
		return nil, err
	}
	return &conn{c, xproto.Setup(c).DefaultScreen(c).Root}, nil
}

func (x *conn) fake(event, detail byte, rootX, rootY int) error {
	return xtest.FakeInputChecked(x.c, event, detail, 0, x.root, int16(rootX), int16(rootY), 0).Check()
}

// image is what is on the root window.
func (x *conn) image(r image.Rectangle) (*image.NRGBA, error) {
	reply, err := xproto.GetImage(x.c, xproto.ImageFormatZPixmap, xproto.Drawable(x.root), int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), ^uint32(0)).Reply()
	if err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for i, p := 0, reply.Data; i < len(img.Pix) && i+3 < len(p); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = p[i+2], p[i+1], p[i], 255
	}
	return img, nil
}

// window is the largest window on the root, and where it is.
func (x *conn) window() (id xproto.Window, at image.Rectangle, err error) {
	tree, err := xproto.QueryTree(x.c, x.root).Reply()
	if err != nil {
		return 0, at, err
	}
	for _, w := range tree.Children {
		g, err := xproto.GetGeometry(x.c, xproto.Drawable(w)).Reply()
		if err != nil {
			continue // it is gone
		}
		p := image.Pt(int(g.X), int(g.Y))
		rect := image.Rectangle{p, p.Add(image.Pt(int(g.Width), int(g.Height)))}
		if rect.Dx() > at.Dx() && rect.Dx() > 20 {
			id, at = w, rect
		}
	}
	if id == 0 {
		return 0, at, errors.New("there is no window")
	}
	return id, at, nil
}

// place moves and sizes a window, and gives it the keyboard.
func (x *conn) place(id xproto.Window, r image.Rectangle) error {
	values := []uint32{uint32(r.Min.X), uint32(r.Min.Y), uint32(r.Dx()), uint32(r.Dy())}
	const what = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
	if err := xproto.ConfigureWindowChecked(x.c, id, what, values).Check(); err != nil {
		return err
	}
	xproto.SetInputFocus(x.c, xproto.InputFocusPointerRoot, id, xproto.TimeCurrentTime) // refused while it is not shown yet
	return nil
}
