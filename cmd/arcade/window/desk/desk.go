package desk

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"arcade/cmd/arcade/toolkit"
)

// Desk is a virtual desktop with a program on it.
type Desk struct {
	t      *testing.T
	number string
	x      *conn
	cmd    *exec.Cmd
	log    bytes.Buffer
	ended  chan error
	// Wait is how long Until waits.
	Wait time.Duration
}

// New starts an X server with a screen of w x h pixels. It skips the test where
// there is none.
func New(t *testing.T, w, h int) *Desk {
	t.Helper()
	if _, err := exec.LookPath("Xvfb"); err != nil {
		t.Skip("Xvfb is not installed (Debian: xvfb)")
	}
	r, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", w, h), "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{pw}
	if err := x.Start(); err != nil {
		t.Skipf("Xvfb does not start: %v", err)
	}
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	pw.Close()
	b := make([]byte, 16)
	n, _ := r.Read(b)
	d := &Desk{t: t, number: strings.TrimSpace(string(b[:n])), Wait: time.Minute}
	if d.number == "" {
		t.Skip("Xvfb does not start")
	}
	if d.x, err = dial(d.number); err != nil {
		t.Skipf("Xvfb cannot be used: %v", err)
	}
	return d
}

// Display is the value of DISPLAY.
func (d *Desk) Display() string { return ":" + d.number }

// Start starts a program. More is added to its environment.
func (d *Desk) Start(more []string, program string, args ...string) {
	d.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(append(os.Environ(), "DISPLAY="+d.Display(), "WAYLAND_DISPLAY="), more...)
	d.log.Reset()
	cmd.Stdout, cmd.Stderr = &d.log, &d.log
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.cmd = cmd
	ended := make(chan error, 1)
	d.ended = ended
	go func() { ended <- cmd.Wait() }()
	d.t.Cleanup(func() {
		cmd.Process.Kill()
		if d.t.Failed() {
			d.t.Logf("the program said: %s", d.log.String())
		}
	})
}

// Ended waits until the program has ended by itself and returns its exit code.
func (d *Desk) Ended() int {
	d.t.Helper()
	select {
	case <-d.ended:
		return d.cmd.ProcessState.ExitCode()
	case <-time.After(d.Wait):
		d.fail("the program's end")
		return -1
	}
}

// Process is the program's.
func (d *Desk) Process() *os.Process { return d.cmd.Process }

// keycodes are those of an X server with a PC's keyboard.
var keycodes = func() map[string]byte {
	m := map[string]byte{"Escape": 9, "BackSpace": 22, "Tab": 23, "Return": 36, "Control_L": 37, "Shift_L": 50, "Alt_L": 64, "space": 65,
		"Home": 110, "Up": 111, "Prior": 112, "Left": 113, "Right": 114, "End": 115, "Down": 116, "Next": 117, "Insert": 118, "Delete": 119, "period": 60}
	for row, first := range map[string]byte{"1234567890": 10, "qwertyuiop": 24, "asdfghjkl": 38, "zxcvbnm": 52} {
		for i, r := range row {
			m[string(r)] = first + byte(i)
		}
	}
	for i := range byte(10) {
		m[fmt.Sprintf("F%d", i+1)] = 67 + i
	}
	m["F11"], m["F12"] = 95, 96
	return m
}()

// Key presses or lets go a key, named as X11 names it.
func (d *Desk) Key(name string, down bool) {
	d.t.Helper()
	code, ok := keycodes[name]
	if !ok {
		d.t.Fatalf("no key %s", name)
	}
	event := byte(xproto.KeyRelease)
	if down {
		event = xproto.KeyPress
	}
	if err := d.x.fake(event, code, 0, 0); err != nil {
		d.t.Fatal(err)
	}
}

// Hold holds keys for a while, all at once.
func (d *Desk) Hold(t time.Duration, names ...string) {
	d.t.Helper()
	for _, n := range names {
		d.Key(n, true)
	}
	time.Sleep(t)
	for _, n := range names {
		d.Key(n, false)
	}
	time.Sleep(tap)
}

// tap is so long that every program sees a key, however busy the host.
const tap = 70 * time.Millisecond

// Press presses keys, one after another.
func (d *Desk) Press(names ...string) {
	d.t.Helper()
	for _, n := range names {
		d.Hold(tap, n)
	}
}

// Type types letters and digits.
func (d *Desk) Type(text string) {
	d.t.Helper()
	for _, r := range text {
		d.Press(map[rune]string{' ': "space"}[r] + strings.TrimSpace(string(r)))
	}
}

// Move moves the mouse.
func (d *Desk) Move(p image.Point) {
	d.t.Helper()
	if err := d.x.fake(xproto.MotionNotify, 0, p.X, p.Y); err != nil {
		d.t.Fatal(err)
	}
	time.Sleep(tap)
}

// Click clicks where a text is; button 3 is the right one.
func (d *Desk) Click(p image.Point, button byte) {
	d.t.Helper()
	d.Move(p)
	for _, e := range []byte{xproto.ButtonPress, xproto.ButtonRelease} {
		if err := d.x.fake(e, button, 0, 0); err != nil {
			d.t.Fatal(err)
		}
		time.Sleep(2 * tap)
	}
}

// Place moves and sizes the program's window, and gives it the keyboard.
func (d *Desk) Place(r image.Rectangle) {
	d.t.Helper()
	id, _, err := d.x.window()
	if err == nil {
		err = d.x.place(id, r)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// Window is where the program's window is.
func (d *Desk) Window() (image.Rectangle, bool) {
	_, r, err := d.x.window()
	return r, err == nil
}

// Look is what the program's window shows, or nil if there is none.
func (d *Desk) Look() *image.NRGBA {
	r, ok := d.Window()
	if !ok {
		return nil
	}
	return d.LookAt(r)
}

// LookAt is what is seen in a part of the desktop.
func (d *Desk) LookAt(r image.Rectangle) *image.NRGBA {
	img, err := d.x.image(r)
	if err != nil {
		return nil
	}
	return img
}

// Until looks again and again until something is seen, and returns that.
func (d *Desk) Until(what string, seen func(img *image.NRGBA) bool) *image.NRGBA {
	d.t.Helper()
	for deadline := time.Now().Add(d.Wait); ; {
		if img := d.Look(); img != nil && seen(img) {
			return img
		}
		select {
		case err := <-d.ended:
			d.ended <- err
			d.t.Fatalf("the program ended before this was seen: %s", what)
		case <-time.After(60 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			d.fail(what)
		}
	}
}

// Still waits until the picture stays the same, and returns it.
func (d *Desk) Still() *image.NRGBA {
	d.t.Helper()
	var last *image.NRGBA
	same := 0
	return d.Until("a picture that stays", func(img *image.NRGBA) bool {
		if last != nil && bytes.Equal(last.Pix, img.Pix) {
			same++
		} else {
			same = 0
		}
		last = img
		return same >= 5
	})
}

// Save writes what is seen to $ARCADE_SHOTS, if that is set.
func (d *Desk) Save(name string) {
	dir := os.Getenv("ARCADE_SHOTS")
	img := d.Look()
	if dir == "" || img == nil {
		return
	}
	if f, err := os.Create(filepath.Join(dir, name+".png")); err == nil {
		png.Encode(f, img)
		f.Close()
	}
}

func (d *Desk) fail(what string) {
	d.t.Helper()
	d.Save("failed-" + strings.ReplaceAll(d.t.Name(), "/", "-"))
	d.t.Fatalf("waited in vain for: %s (ARCADE_SHOTS=DIR saves what was seen)", what)
}

// Text waits for a text anywhere in the window, in the toolkit's font at any
// scale, and returns its middle on the desktop.
func (d *Desk) Text(text string) image.Point {
	d.t.Helper()
	var at image.Point
	d.Until("the text "+text, func(img *image.NRGBA) bool {
		r, ok := Shown(img, text)
		at = r.Min.Add(r.Size().Div(2))
		return ok
	})
	w, _ := d.Window()
	return at.Add(w.Min)
}

// ClickIn clicks on a text in a part of the window.
func (d *Desk) ClickIn(part image.Rectangle, text string) {
	d.t.Helper()
	var at image.Point
	d.Until("the text "+text, func(img *image.NRGBA) bool {
		r, ok := Find(img.SubImage(part).(*image.NRGBA), text, toolkit.Scale(img.Rect.Dx(), img.Rect.Dy(), 0))
		at = r.Min.Add(r.Size().Div(2))
		return ok
	})
	w, _ := d.Window()
	d.Click(at.Add(w.Min), 1)
}

// ClickText clicks on a text.
func (d *Desk) ClickText(text string) {
	d.t.Helper()
	d.Click(d.Text(text), 1)
}

// Small makes the program's window this small, whatever size it wishes for: what
// draws it here is a processor.
func (d *Desk) Small(r image.Rectangle) {
	d.t.Helper()
	deadline := time.Now().Add(d.Wait)
	for steady := 0; steady < 8; time.Sleep(100 * time.Millisecond) {
		if w, _ := d.Window(); w == r {
			steady++
			continue
		}
		steady = 0
		d.Place(r)
		if time.Now().After(deadline) {
			d.fail("a window of another size")
		}
	}
}

// Choose selects the row that begins with a text by pressing Down; after the
// last one it begins again at the first.
func (d *Desk) Choose(text string) {
	d.t.Helper()
	d.ChooseBy(text, func(down bool) {
		if down {
			d.Press("Down")
		} else {
			d.Press("Home")
		}
	})
}

// ChooseBy is Choose with something else than keys: move moves down, or once
// that has no effect, up.
func (d *Desk) ChooseBy(text string, move func(down bool)) {
	d.t.Helper()
	down := true
	for deadline := time.Now().Add(d.Wait); time.Now().Before(deadline); {
		img := d.Look()
		if img == nil {
			continue
		}
		if r, ok := Shown(img, text); ok && img.NRGBAAt(r.Min.X-2, r.Min.Y+r.Dy()/2) == toolkit.Dark.Select {
			return
		}
		move(down)
		// What it does may take a while to be seen.
		seen := false
		for wait := time.Now().Add(time.Second); !seen && time.Now().Before(wait); time.Sleep(20 * time.Millisecond) {
			now := d.Look()
			seen = now != nil && !bytes.Equal(now.Pix, img.Pix)
		}
		if !seen {
			down = !down
		}
	}
	d.fail("the row " + text + ", selected")
}

// Shown looks for a text in a window that fills a picture.
func Shown(img *image.NRGBA, text string) (image.Rectangle, bool) {
	return Find(img, text, toolkit.Scale(img.Rect.Dx(), img.Rect.Dy(), 0))
}

// Find looks for a text of the toolkit in a picture: pixels of one colour in
// the shape of its letters, and of others around them.
func Find(img *image.NRGBA, text string, scale int) (image.Rectangle, bool) {
	w := toolkit.Width(text)
	mask := make([]bool, w*toolkit.LineHeight)
	x := 0
	for _, r := range text {
		g := toolkit.GlyphOf(r)
		for y, bits := range g.Rows {
			for i := range min(g.Advance, 16) {
				if bits&(0x8000>>i) != 0 {
					mask[y*w+x+i] = true
				}
			}
		}
		x += g.Advance
	}
	var on, off []image.Point
	for i, m := range mask {
		if p := image.Pt(i%w, i/w); m {
			on = append(on, p)
		} else {
			off = append(off, p)
		}
	}
	if len(on) == 0 {
		return image.Rectangle{}, false
	}
	b := img.Bounds()
	at := func(x, y int, p image.Point) color.NRGBA {
		i := img.PixOffset(x+p.X*scale, y+p.Y*scale)
		return color.NRGBA{img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3]}
	}
	for y := b.Min.Y; y+toolkit.LineHeight*scale <= b.Max.Y; y++ {
	next:
		for x := b.Min.X; x+w*scale <= b.Max.X; x++ {
			ink := at(x, y, on[0])
			if ink == at(x, y, off[0]) {
				continue
			}
			for _, p := range on {
				if at(x, y, p) != ink {
					continue next
				}
			}
			for _, p := range off {
				if at(x, y, p) == ink {
					continue next
				}
			}
			return image.Rect(x, y, x+w*scale, y+toolkit.LineHeight*scale), true
		}
	}
	return image.Rectangle{}, false
}
