package toolkit

import (
	"image"
	"time"
)

// Page is a screen with a title and a form.
type Page struct {
	Title string
	Form
	Hints []Hint
	// Closed, if not nil, is called when the page is left with Back.
	Closed func()
	// Leaving, if not nil, is asked before the page is left with Back; false
	// keeps it.
	Leaving func() bool
	// Update, if not nil, is called before the page is drawn.
	Update func()
	// Grab, if not nil, sees events first.
	Grab func(e Event) bool
}

var pageHints = []Hint{{Key: "Enter", Pad: "A", Text: "choose"}, {Key: "← →", Pad: "← →", Text: "change"}, {Key: "Esc", Pad: "B", Text: "back", Does: Back}}

// Draw implements Screen.
func (g *Page) Draw(u *UI, p *Painter) {
	if g.Update != nil {
		g.Update()
	}
	hints := g.Hints
	if hints == nil {
		hints = pageHints
	}
	r := DrawFrame(u, p, g.Title, "", hints)
	g.Form.Draw(p, column(p, r), true)
}

// column is the part of a wide screen that is used: lines that are too long are
// hard to read.
func column(p *Painter, r image.Rectangle) image.Rectangle {
	if w := p.U(640); r.Dx() > w {
		r.Min.X += (r.Dx() - w) / 2
		r.Max.X = r.Min.X + w
	}
	r.Min.Y += p.U(4)
	return r
}

// Handle implements Screen.
func (g *Page) Handle(u *UI, e Event) {
	if g.Grab != nil && g.Grab(e) {
		return
	}
	was := g.Form.editing()
	if g.Form.Handle(e) {
		// Who has no keys at hand gets some on the screen.
		if f := g.Form.editing(); f != nil && was == nil && (e.Pad || e.Mouse()) {
			label := g.Form.Current().Label
			done := f.done
			f.editing = false
			u.Push(NewKeyboard(label, f.Text(), nil, func(text string) {
				f.SetText(text)
				done(text)
			}))
		}
		return
	}
	if e.Kind == Back {
		if g.Leaving != nil && !g.Leaving() {
			return
		}
		u.Pop()
		if g.Closed != nil {
			g.Closed()
		}
	}
}

// Dialog asks something.
type Dialog struct {
	Title, Text string
	Buttons     []string
	Cancel      int // the button that Back means; -1: none, one must be chosen
	Done        func(button int)
	// Deaf, if set, is until when nothing is heard, on the UI's clock: for a
	// dialog that comes up while a person is busy with a game's buttons.
	Deaf     time.Duration
	selected int
	rects    []image.Rectangle
}

// Overlay marks it as one.
func (*Dialog) Overlay() {}

// Ask makes a dialog. The first button is selected, the last is what Back
// means.
func Ask(title, text string, done func(button int), buttons ...string) *Dialog {
	return &Dialog{Title: title, Text: text, Buttons: buttons, Cancel: len(buttons) - 1, Done: done}
}

// Tell makes a dialog that only tells something.
func Tell(title, text string) *Dialog { return Ask(title, text, nil, "OK") }

func (d *Dialog) close(u *UI, button int) {
	u.Pop()
	if d.Done != nil {
		d.Done(button)
	}
}

// Handle implements Screen.
func (d *Dialog) Handle(u *UI, e Event) {
	if u.Now() < d.Deaf {
		return
	}
	switch e.Kind {
	case Left, Prev, Up:
		d.selected = max(d.selected-1, 0)
	case Right, Next, Down:
		d.selected = min(d.selected+1, len(d.Buttons)-1)
	case Accept:
		d.close(u, d.selected)
	case Back:
		if d.Cancel >= 0 {
			d.close(u, d.Cancel)
		}
	case MouseDown:
		for i, r := range d.rects {
			if e.Pos.In(r) {
				d.close(u, i)
				return
			}
		}
	}
}

// Draw implements Screen.
func (d *Dialog) Draw(u *UI, p *Painter) {
	w, h := p.Size()
	p.Fill(image.Rect(0, 0, w, h), u.Theme.Shade)
	width := min(w-p.U(16), p.U(420))
	lines := Wrap(d.Text, width/p.S-24)
	if most := max((h-p.U(96)-(len(d.Buttons)-1)*p.Row())/p.U(LineHeight), 1); len(lines) > most {
		lines = append(lines[:most-1], "…")
	}
	wide := p.U(24)
	for _, b := range d.Buttons {
		wide += p.U(Width(b) + 24 + 8)
	}
	stacked := wide > width
	height := p.U(LineHeight*len(lines)+24) + 2*p.Row() + p.U(8)
	if stacked {
		height += (len(d.Buttons) - 1) * (p.Row() + p.U(4))
	}
	r := image.Rect((w-width)/2, (h-height)/2, (w+width)/2, (h+height)/2)
	p.Fill(r, u.Theme.Back)
	p.Fill(r, u.Theme.Panel)
	p.Frame(r, u.Theme.Accent)
	in := r.Inset(p.U(12))
	p.Left(image.Rect(in.Min.X, r.Min.Y+p.U(4), in.Max.X, r.Min.Y+p.U(4)+p.Row()), d.Title, u.Theme.Accent)
	for i, l := range lines {
		p.Text(in.Min.X, r.Min.Y+p.U(8)+p.Row()+p.U(LineHeight*i), p.S, l, u.Theme.Ink)
	}
	d.rects = d.rects[:0]
	x := in.Max.X
	for i := len(d.Buttons) - 1; i >= 0; i-- {
		bw := p.U(Width(d.Buttons[i]) + 24)
		x -= bw
		b := image.Rect(x, r.Max.Y-p.Row()-p.U(8), x+bw, r.Max.Y-p.U(8))
		if stacked {
			up := (len(d.Buttons) - 1 - i) * (p.Row() + p.U(4))
			b = image.Rect(in.Min.X, b.Min.Y-up, in.Max.X, b.Max.Y-up)
		}
		c := u.Theme.Bar
		if i == d.selected {
			c = u.Theme.Select
		}
		p.Fill(b, c)
		if i == d.selected {
			p.Frame(b, u.Theme.Accent)
		}
		p.Centre(b, d.Buttons[i], u.Theme.Ink)
		d.rects = append([]image.Rectangle{b}, d.rects...)
		x -= p.U(8)
	}
}
