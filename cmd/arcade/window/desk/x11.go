// Package desk is a virtual desktop for tests: an X server without a screen
// (Xvfb), real events of keys and the mouse (XTEST, as xdotool sends them), and
// a look at the pixels. It speaks X11 itself, since starting a program for each
// key and picture would cost more time than what is tested.
package desk

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"net"
	"sync"
)

var le = binary.LittleEndian

// conn is a connection to an X server.
type conn struct {
	mu    sync.Mutex
	c     net.Conn
	root  uint32
	xtest byte
	seq   uint16 // of the last request
}

// Opcodes of the core protocol that are used.
const (
	opConfigureWindow  = 12
	opGetGeometry      = 14
	opQueryTree        = 15
	opSetInputFocus    = 42
	opGetImage         = 73
	opQueryExtension   = 98
	xtestFakeInput     = 2
	eventKeyPress      = 2
	eventKeyRelease    = 3
	eventButtonPress   = 4
	eventButtonRelease = 5
	eventMotion        = 6
)

func dial(display string) (*conn, error) {
	c, err := net.Dial("unix", "/tmp/.X11-unix/X"+display)
	if err != nil {
		return nil, err
	}
	// The byte order, protocol 11.0, no authorisation.
	if _, err := c.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return nil, err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil, err
	}
	body := make([]byte, 4*int(le.Uint16(head[6:])))
	if _, err := io.ReadFull(c, body); err != nil {
		return nil, err
	}
	if head[0] != 1 {
		return nil, fmt.Errorf("the X server refuses: %q", body)
	}
	vendor, formats := int(le.Uint16(body[16:])), int(body[21])
	screen := body[32+(vendor+3)/4*4+8*formats:]
	x := &conn{c: c, root: le.Uint32(screen)}
	r, err := x.call(opQueryExtension, 0, append(le.AppendUint16(le.AppendUint16(nil, 5), 0), "XTEST\x00\x00\x00"...))
	if err != nil {
		return nil, err
	}
	if r[8] == 0 {
		return nil, fmt.Errorf("the X server has no XTEST")
	}
	x.xtest = r[9]
	return x, nil
}

// send sends a request that has no answer.
func (x *conn) send(op, detail byte, body []byte) error {
	b := append([]byte{op, detail, 0, 0}, body...)
	le.PutUint16(b[2:], uint16(len(b)/4))
	x.seq++
	_, err := x.c.Write(b)
	return err
}

// call sends a request and waits for its answer. Nothing else comes: no events
// were asked for.
func (x *conn) call(op, detail byte, body []byte) ([]byte, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.send(op, detail, body); err != nil {
		return nil, err
	}
	for {
		r := make([]byte, 32)
		if _, err := io.ReadFull(x.c, r); err != nil {
			return nil, err
		}
		late := le.Uint16(r[2:]) != x.seq // an error about a request before
		switch r[0] {
		case 0:
			if late {
				continue
			}
			return nil, fmt.Errorf("the X server reports error %d for request %d", r[1], r[10])
		case 1:
			more := make([]byte, 4*int(le.Uint32(r[4:])))
			_, err := io.ReadFull(x.c, more)
			return append(r, more...), err
		}
	}
}

func (x *conn) fake(event, detail byte, rootX, rootY int) error {
	b := make([]byte, 32)
	b[0], b[1] = event, detail
	le.PutUint32(b[8:], x.root)
	le.PutUint16(b[20:], uint16(rootX))
	le.PutUint16(b[22:], uint16(rootY))
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.send(x.xtest, xtestFakeInput, b)
}

// image is what is on the root window.
func (x *conn) image(r image.Rectangle) (*image.NRGBA, error) {
	b := le.AppendUint32(nil, x.root)
	for _, v := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		b = le.AppendUint16(b, uint16(v))
	}
	reply, err := x.call(opGetImage, 2, le.AppendUint32(b, ^uint32(0)))
	if err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for i, p := 0, reply[32:]; i < len(img.Pix) && i+3 < len(p); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = p[i+2], p[i+1], p[i], 255
	}
	return img, nil
}

// window is the largest window on the root, and where it is.
func (x *conn) window() (id uint32, at image.Rectangle, err error) {
	r, err := x.call(opQueryTree, 0, le.AppendUint32(nil, x.root))
	if err != nil {
		return 0, at, err
	}
	for i := range int(le.Uint16(r[16:])) {
		w := le.Uint32(r[32+4*i:])
		g, err := x.call(opGetGeometry, 0, le.AppendUint32(nil, w))
		if err != nil {
			continue // it is gone
		}
		p := image.Pt(int(int16(le.Uint16(g[12:]))), int(int16(le.Uint16(g[14:]))))
		rect := image.Rectangle{p, p.Add(image.Pt(int(le.Uint16(g[16:])), int(le.Uint16(g[18:]))))}
		if rect.Dx() > at.Dx() && rect.Dx() > 20 {
			id, at = w, rect
		}
	}
	if id == 0 {
		return 0, at, fmt.Errorf("there is no window")
	}
	return id, at, nil
}

// place moves and sizes a window, and gives it the keyboard.
func (x *conn) place(id uint32, r image.Rectangle) error {
	b := le.AppendUint32(nil, id)
	b = le.AppendUint32(b, 1|2|4|8)
	for _, v := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		b = le.AppendUint32(b, uint32(v))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.send(opConfigureWindow, 0, b); err != nil {
		return err
	}
	return x.send(opSetInputFocus, 1, append(le.AppendUint32(nil, id), 0, 0, 0, 0))
}
