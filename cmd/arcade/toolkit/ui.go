package toolkit

import (
	"image"
	"time"
)

// Kind is what happened.
type Kind uint8

// The kinds of events.
const (
	Up Kind = iota
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
	MouseMove
	MouseDown
	MouseUp
	Wheel
)

// Event is what a person did.
type Event struct {
	Kind  Kind
	Rune  rune // of Char
	Pad   bool // it came from a pad
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
	stack   []Screen
	message string
	until   time.Duration
	now     time.Duration
}

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
	if s := u.Top(); s != nil {
		s.Handle(u, e)
	}
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
	for i := max(first, 0); i < len(u.stack); i++ {
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
		}
		r := image.Rect(p.U(4), bottom-height, w-p.U(4), bottom)
		p.Fill(r, u.Theme.Bar)
		p.Frame(r, u.Theme.Accent)
		for i, l := range lines {
			p.Text(r.Min.X+p.U(8), r.Min.Y+p.U(4+LineHeight*i), p.S, l, u.Theme.Ink)
		}
	}
}

// Hint says what a button does on a screen.
type Hint struct{ Key, Pad, Text string }

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
	foot := image.Rect(0, h-p.Row(), w, h)
	p.Fill(foot, u.Theme.Bar)
	x := p.U(8)
	for _, hint := range hints {
		key := hint.Key
		if u.Pad && hint.Pad != "" {
			key = hint.Pad
		}
		kw, tw := p.U(Width(key)+8), p.U(Width(hint.Text)+12)
		if x+kw+tw > w {
			break
		}
		k := image.Rect(x, foot.Min.Y+p.U(2), x+kw, foot.Max.Y-p.U(2))
		p.Fill(k, u.Theme.Select)
		p.Centre(k, key, u.Theme.Ink)
		p.Left(image.Rect(x+kw+p.U(4), foot.Min.Y, x+kw+tw, foot.Max.Y), hint.Text, u.Theme.Dim)
		x += kw + tw + p.U(4)
	}
	return image.Rect(0, row, w, foot.Min.Y)
}
