package toolkit

import (
	"fmt"
	"image"
	"math"
)

// Item is a row of a Form. Make one with Action, Tick, Slider, Choice, Entry,
// Heading or Note.
type Item struct {
	Label    string
	Help     string // shown while it is selected
	Disabled bool
	kind     itemKind
	turns    bool             // it is a choice: a click on its value changes it
	value    func() string    // shown at the right
	change   func(by int)     // Left and Right
	do       func()           // Accept
	Option   func()           // Delete, X
	fraction func() float64   // of a slider
	slide    func(at float64) // of a slider: the mouse's
	ticked   func() bool
	field    *Field
	active   image.Rectangle // where it was drawn last: slider, or value
}

type itemKind uint8

const (
	plainItem itemKind = iota
	heading
	note
)

// Action is a button.
func Action(label string, do func()) *Item { return &Item{Label: label, do: do} }

// Value is a button that shows something at its right.
func Value(label string, value func() string, do func()) *Item {
	return &Item{Label: label, value: value, do: do}
}

// Tick is a tick box.
func Tick(label string, get func() bool, set func(bool)) *Item {
	flip := func() { set(!get()) }
	return &Item{Label: label, ticked: get, do: flip, change: func(int) { flip() }}
}

// Slider is a number from lo to hi.
func Slider(label string, lo, hi, step int, format string, get func() int, set func(int)) *Item {
	return &Item{Label: label, value: func() string { return fmt.Sprintf(format, get()) },
		change:   func(by int) { set(min(max(get()+by*step, lo), hi)) },
		fraction: func() float64 { return float64(get()-lo) / float64(max(hi-lo, 1)) },
		slide: func(at float64) {
			steps := int(math.Round(at * float64(hi-lo) / float64(step)))
			set(min(max(lo+steps*step, lo), hi))
		}}
}

// Choice is one of several names.
func Choice(label string, names []string, get func() int, set func(int)) *Item {
	turn := func(by int) { set(((get()+by)%len(names) + len(names)) % len(names)) }
	return &Item{Label: label, value: func() string {
		if i := get(); i >= 0 && i < len(names) {
			return "‹ " + names[i] + " ›"
		}
		return "‹ ? ›"
	}, change: turn, turns: true, do: func() { turn(1) }}
}

// Entry is a text that can be edited; done is called with it when editing ends.
func Entry(label string, field *Field, done func(text string)) *Item {
	it := &Item{Label: label, field: field}
	it.do = func() { field.Edit(done) }
	return it
}

// Heading is a line that cannot be selected.
func Heading(label string) *Item { return &Item{Label: label, kind: heading} }

// Note is a text that cannot be selected.
func Note(label string) *Item { return &Item{Label: label, kind: note} }

// With adds a help text.
func (it *Item) With(help string) *Item {
	it.Help = help
	return it
}

// Form is a list of items.
type Form struct {
	Items    []*Item
	Selected int
	first    int
	rect     image.Rectangle
	row      int
	visible  int
	drag     *Item // the slider that the mouse holds
}

// editing is the field that takes all keys, or nil.
func (f *Form) editing() *Field {
	if it := f.Current(); it != nil && it.field != nil && it.field.editing {
		return it.field
	}
	return nil
}

func (f *Form) selectable(i int) bool {
	return i >= 0 && i < len(f.Items) && f.Items[i].kind == plainItem && !f.Items[i].Disabled
}

// settle moves the selection to something that can be selected.
func (f *Form) settle() {
	if f.selectable(f.Selected) {
		return
	}
	for d := range len(f.Items) {
		for _, i := range []int{f.Selected + d, f.Selected - d} {
			if f.selectable(i) {
				f.Selected = i
				return
			}
		}
	}
}

// Current is the selected item, or nil.
func (f *Form) Current() *Item {
	f.settle()
	if f.selectable(f.Selected) {
		return f.Items[f.Selected]
	}
	return nil
}

// Handle implements Widget.
func (f *Form) Handle(e Event) bool {
	it := f.Current()
	if it != nil && it.field != nil && it.field.editing {
		return it.field.Handle(e)
	}
	move := func(by, steps int) bool {
		moved := false
		for i := f.Selected + by; i >= 0 && i < len(f.Items) && steps > 0; i += by {
			if f.selectable(i) {
				f.Selected = i
				moved = true
				steps--
			}
		}
		if !moved && by < 0 {
			f.first = 0 // show the headings above
		}
		return moved
	}
	switch e.Kind {
	case Up:
		return move(-1, 1)
	case Down:
		return move(1, 1)
	case PageUp:
		return move(-1, max(f.visible-1, 1))
	case PageDown:
		return move(1, max(f.visible-1, 1))
	case Home:
		return move(-1, len(f.Items))
	case End:
		return move(1, len(f.Items))
	case Left, Right:
		if it == nil || it.change == nil {
			return false
		}
		it.change(map[Kind]int{Left: -1, Right: 1}[e.Kind])
		return true
	case Accept:
		if it == nil || it.do == nil {
			return false
		}
		it.do()
		return true
	case Option:
		if it == nil || it.Option == nil {
			return false
		}
		it.Option()
		return true
	case Char:
		if e.Rune == ' ' && it != nil && it.ticked != nil {
			it.do()
			return true
		}
	case Wheel:
		f.first = min(max(f.first+e.Steps, 0), max(len(f.Items)-f.visible, 0))
		f.Selected = min(max(f.Selected, f.first), f.first+max(f.visible-1, 0))
		f.settle()
		return true
	case MouseMove:
		if f.drag != nil {
			f.drag.slideTo(e.Pos.X)
			return true
		}
	case MouseUp:
		f.drag = nil
	case MouseDown:
		if !e.Pos.In(f.rect) || f.row == 0 {
			return false
		}
		i := f.first + (e.Pos.Y-f.rect.Min.Y)/f.row
		if !f.selectable(i) {
			return false
		}
		was := f.Selected
		f.Selected = i
		f.click(f.Items[i], e.Pos.X, was == i)
		return true
	}
	return false
}

// click is what a click on an item does; again tells that it was selected
// before.
func (f *Form) click(it *Item, x int, again bool) {
	inside := x >= it.active.Min.X && x < it.active.Max.X
	switch {
	case it.slide != nil:
		if inside {
			f.drag = it
			it.slideTo(x)
		}
	case it.change != nil && it.ticked == nil && it.turns:
		// A choice: its left half goes back.
		if inside && x < it.active.Min.X+it.active.Dx()/2 {
			it.change(-1)
		} else if inside || again {
			it.change(1)
		}
	case it.do != nil:
		it.do()
	}
}

func (it *Item) slideTo(x int) {
	if w := it.active.Dx(); w > 0 {
		it.slide(min(max(float64(x-it.active.Min.X)/float64(w), 0), 1))
	}
}

// Draw implements Widget.
func (f *Form) Draw(p *Painter, r image.Rectangle, focus bool) {
	f.settle()
	help := ""
	if it := f.Current(); it != nil {
		help = it.Help
	}
	if help != "" {
		lines := Wrap(help, max(r.Dx()/p.S-16, 40))
		box := r
		box.Min.Y = r.Max.Y - p.U(LineHeight*len(lines)+6)
		p.Fill(box, p.Panel)
		for i, l := range lines {
			p.Text(box.Min.X+p.U(8), box.Min.Y+p.U(3+LineHeight*i), p.S, l, p.Dim)
		}
		r.Max.Y = box.Min.Y
	}
	f.rect, f.row = r, p.Row()
	f.visible = max(r.Dy()/f.row, 1)
	f.first = min(max(f.first, f.Selected-f.visible+1), f.Selected)
	f.first = min(max(f.first, 0), max(len(f.Items)-f.visible, 0))
	p.Clip(r)
	for i := f.first; i < min(len(f.Items), f.first+f.visible+1); i++ {
		y := r.Min.Y + (i-f.first)*f.row
		f.Items[i].draw(p, image.Rect(r.Min.X, y, r.Max.X-p.U(4), y+f.row), i == f.Selected && f.selectable(i), focus)
	}
	if n := len(f.Items); n > f.visible {
		bar := image.Rect(r.Max.X-p.U(3), r.Min.Y, r.Max.X, r.Max.Y)
		p.Fill(bar, p.Bar)
		top := r.Min.Y + r.Dy()*f.first/n
		p.Fill(image.Rect(bar.Min.X, top, bar.Max.X, top+r.Dy()*f.visible/n), p.Dim)
	}
	w, h := p.Size()
	p.Clip(image.Rect(0, 0, w, h))
}

func (it *Item) draw(p *Painter, r image.Rectangle, selected, focus bool) {
	if selected {
		p.Fill(r, p.Select)
		if focus {
			p.Fill(image.Rect(r.Min.X, r.Min.Y, r.Min.X+p.U(3), r.Max.Y), p.Accent)
		}
	}
	in := image.Rect(r.Min.X+p.U(12), r.Min.Y, r.Max.X-p.U(8), r.Max.Y)
	c := p.Ink
	switch {
	case it.kind == heading:
		p.Left(in, it.Label, p.Accent)
		return
	case it.kind == note, it.Disabled:
		c = p.Dim
	}
	right := in
	right.Min.X = in.Min.X + in.Dx()*9/20
	switch {
	case it.field != nil:
		it.field.Draw(p, right, selected && focus)
		in.Max.X = right.Min.X - p.U(8)
	case it.ticked != nil:
		box := image.Rect(r.Max.X-p.U(22), r.Min.Y+(r.Dy()-p.U(12))/2, r.Max.X-p.U(10), r.Min.Y+(r.Dy()+p.U(12))/2)
		p.Frame(box, p.Dim)
		if it.ticked() {
			p.Fill(box.Inset(p.U(3)), p.Accent)
		}
		in.Max.X = box.Min.X - p.U(8)
	case it.fraction != nil:
		w := p.Right(right, it.value(), p.Accent)
		track := image.Rect(right.Min.X, r.Min.Y+r.Dy()/2-p.U(2), right.Max.X-max(w, p.U(48))-p.U(8), r.Min.Y+r.Dy()/2+p.U(2))
		if track.Dx() > 0 {
			it.active = track
			p.Fill(track, p.Bar)
			at := track.Min.X + int(float64(track.Dx())*it.fraction())
			p.Fill(image.Rect(track.Min.X, track.Min.Y, at, track.Max.Y), p.Accent)
			p.Fill(image.Rect(at-p.U(2), track.Min.Y-p.U(3), at+p.U(2), track.Max.Y+p.U(3)), p.Ink)
		}
		in.Max.X = right.Min.X - p.U(8)
	case it.value != nil:
		w := p.Right(right, it.value(), p.Accent)
		it.active = image.Rect(right.Max.X-w, r.Min.Y, right.Max.X, r.Max.Y)
		in.Max.X -= w + p.U(8)
	}
	p.Left(in, it.Label, c)
}

// SetChange says what Left and Right do to an item.
func (it *Item) SetChange(change func(by int)) { it.change = change }
