package toolkit

import (
	"errors"
	"image"
	"time"
)

// Kind is what happened.
type Kind uint8

// The kinds of events.
const (
	None Kind = iota // nothing
	Up
	Down
	Left
	Right
	PageUp
	PageDown
	Home
	End
	Accept // Enter, A
	Back   // Esc, B, the right mouse button
	Option // Delete, X: the other thing that can be done here
	Mark   // Insert, Y
	Next   // Tab, RB
	Prev   // Shift+Tab, LB
	Char   // a character was typed
	Erase  // Backspace
	Find   // F3, Start: look for something
	Paste  // Ctrl+V: what was copied, in Text
	MouseMove
	MouseDown
	MouseUp
	Wheel
)

// Event is what a person did.
type Event struct {
	Kind  Kind
	Rune  rune   // of Char
	Text  string // of Paste: one line
	Pad   bool   // it came from a pad
	Pos   image.Point
	Steps int // of Wheel: rows down
}

// Mouse reports whether the event has a position.
func (e Event) Mouse() bool { return e.Kind >= MouseMove }

// Widget is something on a screen.
type Widget interface {
	Draw(p *Painter, r image.Rectangle, focus bool)
	// Handle reports whether the event meant something here.
	Handle(e Event) bool
}

// Screen is all that is seen at a time.
type Screen interface {
	Draw(ui *UI, p *Painter)
	Handle(ui *UI, e Event)
}

// Overlay is a Screen that leaves something of what is below it visible.
type Overlay interface{ Overlay() }

// UI is a stack of screens, the topmost of which is used, and a message line.
type UI struct {
	Theme   Theme
	More    int // a person's wish for the scale, 0 for none
	Pad     bool
	Clip    Clipboard // the host's; nil: none
	stack   []Screen
	message string
	until   time.Duration
	now     time.Duration
	hints   []hintRect // of the topmost screen: a click on one does what it says
}

// Clipboard is the host's. Handing over what was copied may take the other
// program a while: done is called later, at a time when the UI may be used, with
// the first line of the text.
type Clipboard interface {
	Copy(text string) error
	Paste(done func(line string, err error))
}

// Copy puts a text into the clipboard, and says so, or why not.
func (u *UI) Copy(text string) {
	err := errNoClipboard
	if u.Clip != nil {
		err = u.Clip.Copy(text)
	}
	if err != nil {
		u.Say("Not copied: " + err.Error())
		return
	}
	u.Say("Copied " + text)
}

// Paste calls done with the line in the clipboard. If there is none, it says why.
func (u *UI) Paste(done func(line string)) {
	if u.Clip == nil {
		u.Say("Nothing to paste: " + errNoClipboard.Error())
		return
	}
	u.Clip.Paste(func(line string, err error) {
		if err != nil {
			u.Say("Nothing to paste: " + err.Error())
			return
		}
		done(line)
	})
}

var errNoClipboard = errors.New("there is no clipboard here")

// NewUI makes a UI without a screen.
func NewUI() *UI { return &UI{Theme: Dark} }

// Push shows a screen on top of the others.
func (u *UI) Push(s Screen) { u.stack = append(u.stack, s) }

// Pop goes back to the screen below.
func (u *UI) Pop() {
	if len(u.stack) > 0 {
		u.stack = u.stack[:len(u.stack)-1]
	}
}

// Reset leaves only the given screens.
func (u *UI) Reset(s ...Screen) { u.stack = append([]Screen(nil), s...) }

// Top is the topmost screen, or nil.
func (u *UI) Top() Screen {
	if len(u.stack) == 0 {
		return nil
	}
	return u.stack[len(u.stack)-1]
}

// Depth is the number of screens.
func (u *UI) Depth() int { return len(u.stack) }

// Say shows a message for some seconds.
func (u *UI) Say(message string) { u.message, u.until = message, u.now+4*time.Second }

// Message is what the message line says now.
func (u *UI) Message() string {
	if u.now < u.until {
		return u.message
	}
	return ""
}

// Tick tells the time since some fixed moment.
func (u *UI) Tick(now time.Duration) { u.now = now }

// Now is what Tick told.
func (u *UI) Now() time.Duration { return u.now }

// Handle gives an event to the topmost screen.
func (u *UI) Handle(e Event) {
	if !e.Mouse() {
		u.Pad = e.Pad
	}
	s := u.Top()
	if s == nil {
		return
	}
	if e.Kind == MouseDown {
		for _, h := range u.hints {
			if e.Pos.In(h.rect) {
				e = Event{Kind: h.does, Rune: h.char}
				break
			}
		}
	}
	s.Handle(u, e)
}

// Draw draws the topmost screen, those that are seen through it, and the
// message line.
func (u *UI) Draw(c Canvas) {
	w, h := c.Size()
	p := &Painter{Canvas: c, Theme: u.Theme, S: Scale(w, h, u.More)}
	first := len(u.stack) - 1
	for first > 0 {
		if _, ok := u.stack[first].(Overlay); !ok {
			break
		}
		first--
	}
	u.hints = u.hints[:0]
	for i := max(first, 0); i < len(u.stack); i++ {
		u.hints = u.hints[:0]
		c.Clip(image.Rect(0, 0, w, h))
		u.stack[i].Draw(u, p)
	}
	c.Clip(image.Rect(0, 0, w, h))
	if m := u.Message(); m != "" {
		lines := Wrap(m, max(w/p.S-24, 60))
		height := p.U(8 + LineHeight*len(lines))
		bottom := h - p.U(4)
		if len(u.stack) > 0 {
			bottom = h - p.Row() - p.U(4)
			if _, ok := u.Top().(Overlay); ok { // which is further down
				bottom = height + p.U(4)
			}
		}
		r := image.Rect(p.U(4), bottom-height, w-p.U(4), bottom)
		p.Fill(r, u.Theme.Bar)
		p.Frame(r, u.Theme.Accent)
		for i, l := range lines {
			p.Text(r.Min.X+p.U(8), r.Min.Y+p.U(4+LineHeight*i), p.S, l, u.Theme.Ink)
		}
	}
}

// Hint says what a button does on a screen. A click on it does the same.
type Hint struct {
	Key, Pad, Text string
	Does           Kind // None: it only tells
	Char           rune // of a Char
}

// hintRect is where a hint is that can be clicked.
type hintRect struct {
	rect image.Rectangle
	does Kind
	char rune
}

// hintRows is in how many rows hints are shown where one is too narrow.
const hintRows = 3

// DrawFrame draws a screen's title and hints and returns the space between.
func DrawFrame(u *UI, p *Painter, title, right string, hints []Hint) image.Rectangle {
	w, h := p.Size()
	row := p.Row() + p.U(4)
	p.Fill(image.Rect(0, 0, w, h), u.Theme.Back)
	bar := image.Rect(0, 0, w, row)
	p.Fill(bar, u.Theme.Bar)
	in := bar.Inset(p.U(8))
	in.Min.Y, in.Max.Y = bar.Min.Y, bar.Max.Y
	rw := 0
	if right != "" {
		rw = p.Right(in, right, u.Theme.Dim) + p.U(8)
	}
	in.Max.X -= rw
	p.Left(in, title, u.Theme.Accent)
	return image.Rect(0, row, w, drawHints(u, p, hints))
}

// drawHints draws them at the bottom, in as many rows as they need, and returns
// where they begin.
func drawHints(u *UI, p *Painter, hints []Hint) int {
	w, h := p.Size()
	key := func(hint Hint) string {
		if u.Pad && hint.Pad != "" {
			return hint.Pad
		}
		return hint.Key
	}
	wide := func(hint Hint) int { return p.U(Width(key(hint)) + 8 + Width(hint.Text) + 16) }
	rows, x := 1, p.U(8)
	for _, hint := range hints {
		if x+wide(hint) > w && x > p.U(8) {
			rows, x = rows+1, p.U(8)
		}
		x += wide(hint)
	}
	rows = min(rows, hintRows, max(h/p.Row()/4, 1))
	top := h - rows*p.Row()
	p.Fill(image.Rect(0, top, w, h), u.Theme.Bar)
	x = p.U(8)
	y := top
	for _, hint := range hints {
		if x+wide(hint) > w && x > p.U(8) {
			if y += p.Row(); y >= h {
				break
			}
			x = p.U(8)
		}
		kw := p.U(Width(key(hint)) + 8)
		k := image.Rect(x, y+p.U(2), x+kw, y+p.Row()-p.U(2))
		p.Fill(k, u.Theme.Select)
		p.Centre(k, key(hint), u.Theme.Ink)
		all := image.Rect(x, y, min(x+wide(hint)-p.U(8), w), y+p.Row())
		p.Left(image.Rect(k.Max.X+p.U(4), all.Min.Y, w, all.Max.Y), hint.Text, u.Theme.Dim)
		if hint.Does != None {
			u.hints = append(u.hints, hintRect{all, hint.Does, hint.Char})
		}
		x += wide(hint)
	}
	return top
}
