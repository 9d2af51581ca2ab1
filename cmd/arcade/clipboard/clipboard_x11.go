//go:build !windows && !darwin

package clipboard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Under X11 whoever copies something becomes the owner of the selection
// CLIPBOARD, and hands it over to those who ask: see the Inter-Client
// Communication Conventions Manual, section 2. Wayland's desktops do the same for
// programs of X11, such as this one. A connection of its own is used, since the
// window's belongs to the library that draws.

// Requests, events and atoms of the core protocol that are used.
const (
	opCreateWindow      = 1
	opInternAtom        = 16
	opChangeProperty    = 18
	opGetProperty       = 20
	opSetSelectionOwner = 22
	opGetSelectionOwner = 23
	opConvertSelection  = 24
	opSendEvent         = 25

	eventSelectionClear   = 29
	eventSelectionRequest = 30
	eventSelectionNotify  = 31

	atomAtom   = 4
	atomString = 31
	inputOnly  = 2
)

var le = binary.LittleEndian

// client is a connection to an X server, with a window that is never shown.
type client struct {
	c      net.Conn
	window uint32
	seq    uint16   // of the last request
	events [][]byte // that came while an answer was waited for

	clipboard, utf8, targets, text, incr, property uint32 // atoms
}

// splitDisplay takes DISPLAY apart: [HOST]:NUMBER[.SCREEN].
func splitDisplay(display string) (host string, number int, err error) {
	i := strings.LastIndexByte(display, ':')
	if i < 0 {
		return "", 0, fmt.Errorf("%w: DISPLAY is %q, not HOST:NUMBER", ErrNone, display)
	}
	text, _, _ := strings.Cut(display[i+1:], ".")
	if number, err = strconv.Atoi(text); err != nil || number < 0 || number > 59535 {
		return "", 0, fmt.Errorf("%w: DISPLAY is %q, not HOST:NUMBER", ErrNone, display)
	}
	if host = display[:i]; host == "unix" {
		host = ""
	}
	return host, number, nil
}

func dial() (*client, error) {
	host, number, err := splitDisplay(os.Getenv("DISPLAY"))
	if err != nil {
		return nil, err
	}
	var c net.Conn
	if host == "" {
		path := fmt.Sprintf("/tmp/.X11-unix/X%d", number)
		if c, err = net.DialTimeout("unix", path, wait); err != nil {
			c, err = net.DialTimeout("unix", "@"+path, wait)
		}
	} else {
		c, err = net.DialTimeout("tcp", net.JoinHostPort(host, strconv.Itoa(6000+number)), wait)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	x := &client{c: c}
	c.SetDeadline(time.Now().Add(wait))
	if err := x.setup(host, number); err != nil {
		c.Close()
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	return x, nil
}

// setup greets the server, makes the window and asks for the names' numbers.
func (x *client) setup(host string, number int) error {
	name, cookie := "", cookie(host, number)
	if cookie != "" {
		name = "MIT-MAGIC-COOKIE-1"
	}
	b := []byte{'l', 0, 11, 0, 0, 0} // little-endian, protocol 11.0
	b = le.AppendUint16(le.AppendUint16(b, uint16(len(name))), uint16(len(cookie)))
	b = append(padded(append(b, 0, 0), name), padded(nil, cookie)...)
	if _, err := x.c.Write(b); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(x.c, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(le.Uint16(head[6:])))
	if _, err := io.ReadFull(x.c, body); err != nil {
		return err
	}
	if head[0] != 1 {
		return fmt.Errorf("the X server refuses: %.*q", int(head[1]), body)
	}
	if len(body) < 32 {
		return errors.New("the X server's greeting is too short")
	}
	x.window = le.Uint32(body[4:])
	screen := 32 + (int(le.Uint16(body[16:]))+3)/4*4 + 8*int(body[21])
	if len(body) < screen+4 {
		return errors.New("the X server has no screen")
	}
	w := le.AppendUint32(le.AppendUint32(nil, x.window), le.Uint32(body[screen:]))
	for _, v := range []uint16{0, 0, 1, 1, 0, inputOnly} { // place, size, border, class
		w = le.AppendUint16(w, v)
	}
	if err := x.send(opCreateWindow, 0, le.AppendUint32(le.AppendUint32(w, 0), 0)); err != nil {
		return err
	}
	for _, a := range []struct {
		atom *uint32
		name string
	}{{&x.clipboard, "CLIPBOARD"}, {&x.utf8, "UTF8_STRING"}, {&x.targets, "TARGETS"}, {&x.text, "text/plain;charset=utf-8"}, {&x.incr, "INCR"}, {&x.property, "ARCADE_CLIPBOARD"}} {
		r, err := x.call(opInternAtom, 0, padded(le.AppendUint16(le.AppendUint16(nil, uint16(len(a.name))), 0), a.name))
		if err != nil {
			return err
		}
		*a.atom = le.Uint32(r[8:])
	}
	return nil
}

// padded appends a string and zeros up to a multiple of four.
func padded(b []byte, s string) []byte {
	return append(append(b, s...), make([]byte, -len(s)&3)...)
}

// cookie is what proves to the server that this user may use it, or "".
func cookie(host string, number int) string {
	file := os.Getenv("XAUTHORITY")
	if file == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		file = filepath.Join(home, ".Xauthority")
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	if host == "" || host == "localhost" {
		host, _ = os.Hostname()
	}
	return findCookie(b, host, number)
}

// findCookie looks in a file of Xau: a family, then an address, a display, a
// name and data, each with its length before it, big-endian.
func findCookie(b []byte, host string, number int) string {
	any := ""
	for len(b) >= 2 {
		family := binary.BigEndian.Uint16(b)
		b = b[2:]
		var part [4]string
		for i := range part {
			if len(b) < 2 || len(b) < 2+int(binary.BigEndian.Uint16(b)) {
				return any
			}
			n := 2 + int(binary.BigEndian.Uint16(b))
			part[i], b = string(b[2:n]), b[n:]
		}
		if part[2] != "MIT-MAGIC-COOKIE-1" || part[1] != "" && part[1] != strconv.Itoa(number) {
			continue
		}
		if part[0] == host || family == 65535 { // FamilyWild
			return part[3]
		}
		if any == "" {
			any = part[3]
		}
	}
	return any
}

// send sends a request.
func (x *client) send(op, detail byte, body []byte) error {
	b := append([]byte{op, detail, 0, 0}, body...)
	le.PutUint16(b[2:], uint16(len(b)/4))
	x.seq++
	_, err := x.c.Write(b)
	return err
}

// next is the next answer or event, at least 32 bytes.
func (x *client) next() ([]byte, error) {
	r := make([]byte, 32)
	if _, err := io.ReadFull(x.c, r); err != nil {
		return nil, err
	}
	if r[0] != 1 { // an event or an error; GenericEvent, which is longer, was not asked for
		return r, nil
	}
	n := 4 * int(le.Uint32(r[4:]))
	if n > 2*MaxText {
		return nil, errors.New("the X server's answer is too long")
	}
	more := make([]byte, n)
	_, err := io.ReadFull(x.c, more)
	return append(r, more...), err
}

// call sends a request and waits for its answer.
func (x *client) call(op, detail byte, body []byte) ([]byte, error) {
	if err := x.send(op, detail, body); err != nil {
		return nil, err
	}
	for {
		r, err := x.next()
		switch {
		case err != nil:
			return nil, err
		case r[0] > 1:
			x.events = append(x.events, r)
		case le.Uint16(r[2:]) != x.seq: // an error about a request before
		case r[0] == 0:
			return nil, fmt.Errorf("the X server reports error %d for request %d", r[1], r[10])
		default:
			return r, nil
		}
	}
}

// event waits for the next event.
func (x *client) event() ([]byte, error) {
	if len(x.events) > 0 {
		e := x.events[0]
		x.events = x.events[1:]
		return e, nil
	}
	for {
		r, err := x.next()
		if err != nil || r[0] > 1 {
			return r, err
		}
	}
}

// words appends 32-bit numbers.
func words(v ...uint32) (b []byte) {
	for _, n := range v {
		b = le.AppendUint32(b, n)
	}
	return b
}

func read() (string, error) {
	x, err := dial()
	if err != nil {
		return "", err
	}
	defer x.c.Close()
	for _, target := range []uint32{x.utf8, atomString} {
		s, ok, err := x.ask(target)
		var late net.Error
		if errors.As(err, &late) && late.Timeout() {
			return "", fmt.Errorf("%w: the program that has copied it does not answer", ErrEmpty)
		}
		if err != nil || ok {
			return s, err
		}
	}
	return "", ErrEmpty
}

// ask asks the owner for the text in one encoding.
func (x *client) ask(target uint32) (text string, ok bool, err error) {
	if err := x.send(opConvertSelection, 0, words(x.window, x.clipboard, target, x.property, 0)); err != nil {
		return "", false, err
	}
	for {
		e, err := x.event()
		if err != nil {
			return "", false, err
		}
		if e[0]&0x7f != eventSelectionNotify || le.Uint32(e[16:]) != target {
			continue
		}
		if le.Uint32(e[20:]) == 0 {
			return "", false, nil // there is no owner, or it has no such text
		}
		break
	}
	r, err := x.call(opGetProperty, 1, words(x.window, x.property, 0, 0, MaxText/4))
	if err != nil {
		return "", false, err
	}
	n := int(le.Uint32(r[16:]))
	switch {
	case le.Uint32(r[8:]) == x.incr || le.Uint32(r[12:]) > 0:
		return "", false, fmt.Errorf("the text in the clipboard is too long: at most %d bytes are taken", MaxText)
	case r[1] != 8 || n > len(r)-32:
		return "", false, nil
	case target == x.utf8:
		return string(r[32 : 32+n]), true, nil
	}
	latin1 := make([]rune, n)
	for i, c := range r[32 : 32+n] {
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
	if err := x.own(); err != nil {
		x.c.Close()
		return err
	}
	owner.Lock()
	if owner.x != nil {
		owner.x.c.Close()
	}
	owner.x = x
	owner.Unlock()
	go x.serve(text)
	return nil
}

// own makes this connection the owner of the selection.
func (x *client) own() error {
	if err := x.send(opSetSelectionOwner, 0, words(x.window, x.clipboard, 0)); err != nil {
		return err
	}
	r, err := x.call(opGetSelectionOwner, 0, words(x.clipboard))
	if err != nil {
		return err
	}
	if le.Uint32(r[8:]) != x.window {
		return errors.New("the X server gives the clipboard to somebody else")
	}
	return x.c.SetDeadline(time.Time{})
}

// serve hands the text over to those who ask, until another program copies
// something or the connection is closed.
func (x *client) serve(text string) {
	defer x.c.Close()
	for {
		e, err := x.event()
		if err != nil {
			return
		}
		switch e[0] & 0x7f {
		case eventSelectionClear:
			return
		case eventSelectionRequest:
			if x.answer(e, text) != nil {
				return
			}
		}
	}
}

// answer answers a request for the text.
func (x *client) answer(e []byte, text string) error {
	requestor, selection, target, property := le.Uint32(e[12:]), le.Uint32(e[16:]), le.Uint32(e[20:]), le.Uint32(e[24:])
	if property == 0 {
		property = target // a client of old
	}
	var data []byte
	kind, format := target, uint32(8)
	switch target {
	case x.targets:
		data, kind, format = words(x.targets, x.utf8, x.text, atomString), atomAtom, 32
	case x.utf8, x.text:
		data = []byte(text)
	case atomString:
		for _, r := range text {
			if r > 0xff {
				r = '?'
			}
			data = append(data, byte(r))
		}
	default:
		property = 0 // refused
	}
	if property != 0 {
		b := append(words(requestor, property, kind, format, uint32(len(data))*8/format), padded(nil, string(data))...)
		if err := x.send(opChangeProperty, 0, b); err != nil {
			return err
		}
	}
	notify := append([]byte{eventSelectionNotify, 0, 0, 0}, words(le.Uint32(e[4:]), requestor, selection, target, property, 0, 0)...)
	return x.send(opSendEvent, 0, append(words(requestor, 0), notify...))
}
