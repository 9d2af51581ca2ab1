//go:build !windows && !darwin

package clipboard

import (
	"errors"
	"fmt"
	"io"
	"log"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Under X11 whoever copies something becomes the owner of the selection
// CLIPBOARD, and hands it over to those who ask: see the Inter-Client
// Communication Conventions Manual, section 2. Wayland's desktops do the same for
// programs of X11, such as this one. A connection of its own is used, since the
// window's belongs to the library that draws.

// client is a connection to an X server, with a window that is never shown.
type client struct {
	*xgb.Conn
	window xproto.Window

	clipboard, utf8, targets, text, incr, property xproto.Atom
}

func init() { xgb.Logger = log.New(io.Discard, "", 0) } // it writes what is returned anyway

func dial() (*client, error) {
	c, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	x := &client{Conn: c}
	if err := x.setup(); err != nil {
		c.Close()
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	return x, nil
}

// setup makes the window and asks for the names' numbers.
func (x *client) setup() error {
	info := xproto.Setup(x.Conn)
	if len(info.Roots) == 0 {
		return errors.New("the X server has no screen")
	}
	var err error
	if x.window, err = xproto.NewWindowId(x.Conn); err != nil {
		return err
	}
	root := info.DefaultScreen(x.Conn).Root
	if err := xproto.CreateWindowChecked(x.Conn, 0, x.window, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check(); err != nil {
		return err
	}
	for _, a := range []struct {
		atom *xproto.Atom
		name string
	}{{&x.clipboard, "CLIPBOARD"}, {&x.utf8, "UTF8_STRING"}, {&x.targets, "TARGETS"}, {&x.text, "text/plain;charset=utf-8"}, {&x.incr, "INCR"}, {&x.property, "ARCADE_CLIPBOARD"}} {
		r, err := xproto.InternAtom(x.Conn, false, uint16(len(a.name)), a.name).Reply()
		if err != nil {
			return err
		}
		*a.atom = r.Atom
	}
	return nil
}

func read() (string, error) {
	x, err := dial()
	if err != nil {
		return "", err
	}
	defer x.Close()
	// A program that does not answer: closing ends what waits for it.
	late := false
	var mu sync.Mutex
	timer := time.AfterFunc(wait, func() {
		mu.Lock()
		late = true
		mu.Unlock()
		x.Close()
	})
	defer timer.Stop()
	for _, target := range []xproto.Atom{x.utf8, xproto.AtomString} {
		s, ok, err := x.ask(target)
		mu.Lock()
		timeout := late
		mu.Unlock()
		if err != nil && timeout {
			return "", fmt.Errorf("%w: the program that has copied it does not answer", ErrEmpty)
		}
		if err != nil || ok {
			return s, err
		}
	}
	return "", ErrEmpty
}

var errClosed = errors.New("the X server has closed the connection")

// ask asks the owner for the text in one encoding.
func (x *client) ask(target xproto.Atom) (text string, ok bool, err error) {
	xproto.ConvertSelection(x.Conn, x.window, x.clipboard, target, x.property, xproto.TimeCurrentTime)
	for {
		e, xerr := x.WaitForEvent()
		if e == nil && xerr == nil {
			return "", false, errClosed
		}
		if n, is := e.(xproto.SelectionNotifyEvent); is && n.Target == target {
			if n.Property == xproto.AtomNone {
				return "", false, nil // there is no owner, or it has no such text
			}
			break
		}
	}
	r, err := xproto.GetProperty(x.Conn, true, x.window, x.property, xproto.GetPropertyTypeAny, 0, MaxText/4).Reply()
	switch {
	case err != nil:
		return "", false, err
	case r.Type == x.incr || r.BytesAfter > 0:
		return "", false, fmt.Errorf("the text in the clipboard is too long: at most %d bytes are taken", MaxText)
	case r.Format != 8:
		return "", false, nil
	case target == x.utf8:
		return string(r.Value), true, nil
	}
	latin1 := make([]rune, len(r.Value))
	for i, c := range r.Value {
		latin1[i] = rune(c)
	}
	return string(latin1), true, nil
}

// owner is the connection that owns the selection, or nil.
var owner struct {
	sync.Mutex
	x *client
}

func write(text string) error {
	x, err := dial()
	if err != nil {
		return err
	}
	xproto.SetSelectionOwner(x.Conn, x.window, x.clipboard, xproto.TimeCurrentTime)
	r, err := xproto.GetSelectionOwner(x.Conn, x.clipboard).Reply()
	if err == nil && r.Owner != x.window {
		err = errors.New("the X server gives the clipboard to somebody else")
	}
	if err != nil {
		x.Close()
		return err
	}
	owner.Lock()
	if owner.x != nil {
		owner.x.Close()
	}
	owner.x = x
	owner.Unlock()
	go x.serve(text)
	return nil
}

// serve hands the text over to those who ask, until another program copies
// something or the connection is closed.
func (x *client) serve(text string) {
	defer x.Close()
	for {
		e, err := x.WaitForEvent()
		if e == nil && err == nil {
			return
		}
		switch e := e.(type) {
		case xproto.SelectionClearEvent:
			return
		case xproto.SelectionRequestEvent:
			x.answer(e, text)
		}
	}
}

// answer answers a request for the text.
func (x *client) answer(e xproto.SelectionRequestEvent, text string) {
	property := e.Property
	if property == xproto.AtomNone {
		property = e.Target // a client of old
	}
	var data []byte
	kind, format := e.Target, byte(8)
	switch e.Target {
	case x.targets:
		for _, a := range []xproto.Atom{x.targets, x.utf8, x.text, xproto.AtomString} {
			data = append(data, byte(a), byte(a>>8), byte(a>>16), byte(a>>24))
		}
		kind, format = xproto.AtomAtom, 32
	case x.utf8, x.text:
		data = []byte(text)
	case xproto.AtomString:
		for _, r := range text {
			if r > 0xff {
				r = '?'
			}
			data = append(data, byte(r))
		}
	default:
		property = xproto.AtomNone // refused
	}
	if property != xproto.AtomNone {
		xproto.ChangeProperty(x.Conn, xproto.PropModeReplace, e.Requestor, property, kind, format, uint32(len(data)*8/int(format)), data)
	}
	notify := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
	xproto.SendEvent(x.Conn, false, e.Requestor, 0, string(notify.Bytes()))
}
