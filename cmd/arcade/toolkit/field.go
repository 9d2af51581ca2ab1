package toolkit

import (
	"image"
	"slices"
)

// Field is a line of text that can be edited: typed on a keyboard, or with a
// pad as in a table of high scores (up and down change the letter, right goes
// on).
type Field struct {
	text    []rune
	cursor  int
	editing bool
	before  []rune
	done    func(text string)
	// Max is the most runes, 0 for 200.
	Max int
}

// NewField makes a field.
func NewField(text string) *Field { return &Field{text: []rune(text)} }

// Text is what is in it.
func (f *Field) Text() string { return string(f.text) }

// SetText replaces it.
func (f *Field) SetText(s string) {
	f.text = []rune(s)
	f.cursor = len(f.text)
}

// Edit begins to edit; done is called when that ends with Accept.
func (f *Field) Edit(done func(text string)) {
	f.editing, f.done = true, done
	f.before = slices.Clone(f.text)
	f.cursor = len(f.text)
}

// Editing reports whether it takes all keys.
func (f *Field) Editing() bool { return f.editing }

// wheel are the letters that a pad turns through.
var wheel = []rune(" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/:#@~\\")

// Handle implements Widget.
func (f *Field) Handle(e Event) bool {
	if !f.editing {
		return false
	}
	limit := f.Max
	if limit == 0 {
		limit = 200
	}
	switch e.Kind {
	case Char:
		if len(f.text) < limit {
			f.text = slices.Insert(f.text, f.cursor, e.Rune)
			f.cursor++
		}
	case Paste:
		r := []rune(e.Text)
		r = r[:min(len(r), max(limit-len(f.text), 0))]
		f.text = slices.Insert(f.text, f.cursor, r...)
		f.cursor += len(r)
	case Erase:
		if f.cursor > 0 {
			f.cursor--
			f.text = slices.Delete(f.text, f.cursor, f.cursor+1)
		}
	case Option:
		if f.cursor < len(f.text) {
			f.text = slices.Delete(f.text, f.cursor, f.cursor+1)
		} else if e.Pad && f.cursor > 0 {
			f.cursor--
			f.text = f.text[:f.cursor]
		}
	case Left:
		f.cursor = max(f.cursor-1, 0)
	case Right:
		f.cursor++
		if f.cursor > len(f.text) {
			f.cursor = len(f.text)
			if e.Pad && len(f.text) < limit {
				f.text = append(f.text, 'a')
			}
		}
	case Home:
		f.cursor = 0
	case End:
		f.cursor = len(f.text)
	case Up, Down:
		if !e.Pad {
			return true
		}
		if f.cursor == len(f.text) {
			f.text = append(f.text, 'a')
			return true
		}
		by := 1
		if e.Kind == Up {
			by = len(wheel) - 1
		}
		i := max(slices.Index(wheel, f.text[f.cursor]), 0)
		f.text[f.cursor] = wheel[(i+by)%len(wheel)]
	case Accept:
		f.editing = false
		if f.done != nil {
			f.done(f.Text())
		}
	case Back:
		f.editing = false
		f.text = f.before
		f.cursor = len(f.text)
	default:
		return false
	}
	return true
}

// Draw implements Widget.
func (f *Field) Draw(p *Painter, r image.Rectangle, focus bool) {
	box := image.Rect(r.Min.X, r.Min.Y+p.U(1), r.Max.X, r.Max.Y-p.U(1))
	p.Fill(box, p.Back)
	c := p.Dim
	if f.editing {
		c = p.Accent
	}
	p.Frame(box, c)
	in := box.Inset(p.U(4))
	in.Min.Y, in.Max.Y = box.Min.Y, box.Max.Y
	// What is left of the cursor is always seen.
	from := 0
	room := in.Dx()/p.S - 14
	for from < f.cursor && Width(string(f.text[from:f.cursor])) > room {
		from++
	}
	p.Left(in, string(f.text[from:]), p.Ink)
	if f.editing {
		x := in.Min.X + p.U(Width(string(f.text[from:f.cursor])))
		p.Fill(image.Rect(x, in.Min.Y+p.U(2), x+p.U(1), in.Max.Y-p.U(2)), p.Accent)
		if f.cursor < len(f.text) {
			w := p.U(GlyphOf(f.text[f.cursor]).Advance)
			p.Fill(image.Rect(x, in.Max.Y-p.U(3), x+w, in.Max.Y-p.U(2)), p.Accent)
		}
	}
}
