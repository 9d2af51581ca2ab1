package toolkit

import "image"

// Keyboard is a dialog for a line of text with keys on the screen, for whoever
// has only a pad or a mouse at hand; typing works too.
type Keyboard struct {
	title   string
	text    []rune
	before  string
	changed func(text string)
	done    func(text string) // may be nil
	row     int
	col     int
	shift   bool
	rects   [][]image.Rectangle
}

// keyRows are the keys; those of more than one letter are special.
var keyRows = [][]string{
	{"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"},
	{"q", "w", "e", "r", "t", "y", "u", "i", "o", "p"},
	{"a", "s", "d", "f", "g", "h", "j", "k", "l", "-"},
	{"z", "x", "c", "v", "b", "n", "m", ".", "_", "/"},
	{":", "\\", "~", "'", "!", "@", "#", "&", "(", ")"},
	{keyShift, keySpace, keyErase, keyDone},
}

const (
	keyShift = "ABC"
	keySpace = "space"
	keyErase = "erase"
	keyDone  = "OK"
)

// NewKeyboard makes one. changed is told every text on the way, done the last
// one; with Back the text is again what it was, and done is not called.
func NewKeyboard(title, text string, changed, done func(text string)) *Keyboard {
	if changed == nil {
		changed = func(string) {}
	}
	return &Keyboard{title: title, text: []rune(text), before: text, changed: changed, done: done, row: 1}
}

// Overlay marks it as one.
func (*Keyboard) Overlay() {}

// Handle implements Screen.
func (k *Keyboard) Handle(u *UI, e Event) {
	move := func(row, col int) {
		was := len(keyRows[k.row])
		k.row = (k.row + row + len(keyRows)) % len(keyRows)
		n := len(keyRows[k.row])
		if n != was {
			k.col = k.col * n / was
		}
		k.col = (k.col + col + n) % n
	}
	switch e.Kind {
	case Up:
		move(-1, 0)
	case Down:
		move(1, 0)
	case Left:
		move(0, -1)
	case Right:
		move(0, 1)
	case Accept:
		k.press(u, keyRows[k.row][k.col])
	case Mark:
		k.press(u, keySpace)
	case Erase, Option:
		k.press(u, keyErase)
	case Next, Prev:
		k.press(u, keyShift)
	case Find:
		k.press(u, keyDone)
	case Back:
		k.changed(k.before)
		u.Pop()
	case Char:
		k.write(e.Rune)
		// Enter after typing means that it is done.
		k.row, k.col = len(keyRows)-1, len(keyRows[len(keyRows)-1])-1
	case Paste:
		for _, r := range e.Text {
			k.write(r)
		}
		k.row, k.col = len(keyRows)-1, len(keyRows[len(keyRows)-1])-1
	case MouseDown:
		for row, rects := range k.rects {
			for col, r := range rects {
				if e.Pos.In(r) {
					k.row, k.col = row, col
					k.press(u, keyRows[row][col])
					return
				}
			}
		}
	}
}

func (k *Keyboard) write(r rune) {
	if len(k.text) < 200 {
		k.text = append(k.text, r)
		k.changed(string(k.text))
	}
}

func (k *Keyboard) press(u *UI, key string) {
	switch key {
	case keyShift:
		k.shift = !k.shift
	case keySpace:
		k.write(' ')
	case keyErase:
		if n := len(k.text); n > 0 {
			k.text = k.text[:n-1]
			k.changed(string(k.text))
		}
	case keyDone:
		u.Pop()
		if k.done != nil {
			k.done(string(k.text))
		}
	default:
		k.write([]rune(k.label(key))[0])
	}
}

// label is what a key shows.
func (k *Keyboard) label(key string) string {
	if c := key[0]; k.shift && len(key) == 1 && c >= 'a' && c <= 'z' {
		return string(rune(c - 'a' + 'A'))
	}
	return key
}

// Draw implements Screen: at the bottom, so that what is changed is seen above.
func (k *Keyboard) Draw(u *UI, p *Painter) {
	w, h := p.Size()
	width := min(w-p.U(8), p.U(400))
	row := p.Row() + p.U(2)
	height := row*(len(keyRows)+1) + p.U(16)
	r := image.Rect((w-width)/2, h-height-p.U(4), (w+width)/2, h-p.U(4))
	if r.Min.Y < 0 {
		r = r.Add(image.Pt(0, -r.Min.Y))
	}
	p.Fill(r, u.Theme.Back)
	p.Fill(r, u.Theme.Panel)
	p.Frame(r, u.Theme.Accent)
	in := r.Inset(p.U(6))
	line := image.Rect(in.Min.X, in.Min.Y, in.Max.X, in.Min.Y+p.Row())
	title := k.title + ": "
	tw := min(p.U(Width(title)), line.Dx()/2)
	p.Left(image.Rect(line.Min.X, line.Min.Y, line.Min.X+tw, line.Max.Y), title, u.Theme.Accent)
	// The end of a long text is what is being written.
	text := k.text
	for Width(string(text))+8 > (line.Dx()-tw)/p.S && len(text) > 0 {
		text = text[1:]
	}
	p.Left(image.Rect(line.Min.X+tw, line.Min.Y, line.Max.X, line.Max.Y), string(text)+"_", u.Theme.Ink)
	k.rects = k.rects[:0]
	y := line.Max.Y + p.U(4)
	for i, keys := range keyRows {
		var rects []image.Rectangle
		for j, key := range keys {
			b := image.Rect(in.Min.X+in.Dx()*j/len(keys)+p.U(1), y, in.Min.X+in.Dx()*(j+1)/len(keys)-p.U(1), y+row-p.U(2))
			c := u.Theme.Bar
			if i == k.row && j == k.col {
				c = u.Theme.Select
			}
			p.Fill(b, c)
			if i == k.row && j == k.col {
				p.Frame(b, u.Theme.Accent)
			}
			p.Centre(b, k.label(key), u.Theme.Ink)
			rects = append(rects, b)
		}
		k.rects = append(k.rects, rects)
		y += row
	}
}
