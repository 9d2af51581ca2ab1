package toolkit

import (
	"image"
	"image/color"
)

// Row is one line of a List.
type Row struct {
	Text   string
	Right  string
	Indent int
	Mark   string // in front, such as a star
	Dim    bool
	Fold   Fold
	Color  color.NRGBA // of Right; zero: dim
}

// Fold says whether a row has others under it.
type Fold uint8

// The states of folding.
const (
	NoFold Fold = iota
	Folded
	Open
)

// List is a long list of which one row is selected.
type List struct {
	Len      func() int
	Row      func(i int) Row
	Accept   func(i int)
	Fold     func(i int, open bool) bool // Left and Right; reports whether it did anything
	Selected int
	first    int
	rect     image.Rectangle
	row      int
	visible  int
	mark     int // width of the mark of folding, in pixels of the display
}

// Handle implements Widget.
func (l *List) Handle(e Event) bool {
	n := l.Len()
	move := func(by int) bool {
		l.Selected = min(max(l.Selected+by, 0), max(n-1, 0))
		return true
	}
	switch e.Kind {
	case Up:
		if l.Selected == 0 {
			return false
		}
		return move(-1)
	case Down:
		if l.Selected >= n-1 {
			return false
		}
		return move(1)
	case PageUp:
		return move(-max(l.visible-1, 1))
	case PageDown:
		return move(max(l.visible-1, 1))
	case Home:
		return move(-n)
	case End:
		return move(n)
	case Left, Right:
		return l.Fold != nil && n > 0 && l.Fold(l.Selected, e.Kind == Right)
	case Accept:
		if n > 0 && l.Accept != nil {
			l.Accept(l.Selected)
		}
		return true
	case Wheel:
		if !e.Pos.In(l.rect) {
			return false
		}
		l.first = min(max(l.first+e.Steps, 0), max(n-l.visible, 0))
		l.Selected = min(max(l.Selected, l.first), l.first+max(l.visible-1, 0))
		return move(0)
	case MouseDown:
		if !e.Pos.In(l.rect) || l.row == 0 {
			return false
		}
		i := l.first + (e.Pos.Y-l.rect.Min.Y)/l.row
		if i >= n {
			return true
		}
		// A click on the mark folds; else the first selects, the second accepts.
		if fold := l.Row(i).Fold; fold != NoFold && l.Fold != nil && e.Pos.X < l.rect.Min.X+l.mark {
			l.Selected = i
			l.Fold(i, fold == Folded)
			return true
		}
		if i == l.Selected && l.Accept != nil {
			l.Accept(i)
		}
		l.Selected = i
		return true
	}
	return false
}

// Draw implements Widget.
func (l *List) Draw(p *Painter, r image.Rectangle, focus bool) {
	n := l.Len()
	l.rect, l.row, l.mark = r, p.Row(), p.U(20)
	l.visible = max(r.Dy()/l.row, 1)
	l.Selected = min(max(l.Selected, 0), max(n-1, 0))
	l.first = min(max(l.first, l.Selected-l.visible+1), l.Selected)
	l.first = min(max(l.first, 0), max(n-l.visible, 0))
	p.Clip(r)
	for i := l.first; i < min(n, l.first+l.visible+1); i++ {
		y := r.Min.Y + (i-l.first)*l.row
		line := image.Rect(r.Min.X, y, r.Max.X-p.U(4), y+l.row)
		row := l.Row(i)
		c := p.Ink
		if row.Dim {
			c = p.Theme.Dim
		}
		if i == l.Selected {
			p.Fill(line, p.Select)
			if focus {
				p.Fill(image.Rect(line.Min.X, line.Min.Y, line.Min.X+p.U(3), line.Max.Y), p.Accent)
			}
		}
		in := image.Rect(line.Min.X+p.U(8+row.Indent*14), line.Min.Y, line.Max.X-p.U(4), line.Max.Y)
		switch row.Fold {
		case Folded:
			p.Left(in, "+", p.Accent)
		case Open:
			p.Left(in, "-", p.Accent)
		}
		in.Min.X += p.U(12)
		if row.Mark != "" {
			p.Left(in, row.Mark, p.Accent)
			in.Min.X += p.U(Width(row.Mark) + 4)
		}
		if row.Right != "" {
			right := row.Color
			if right.A == 0 {
				right = p.Dim
			}
			side := in
			side.Min.X = max(side.Min.X, in.Max.X-in.Dx()*2/5)
			in.Max.X -= p.Right(side, row.Right, right) + p.U(8)
		}
		p.Left(in, row.Text, c)
	}
	if n > l.visible {
		bar := image.Rect(r.Max.X-p.U(3), r.Min.Y, r.Max.X, r.Max.Y)
		p.Fill(bar, p.Bar)
		top := r.Min.Y + r.Dy()*l.first/n
		p.Fill(image.Rect(bar.Min.X, top, bar.Max.X, max(top+r.Dy()*l.visible/n, top+p.U(6))), p.Dim)
	}
	w, h := p.Size()
	p.Clip(image.Rect(0, 0, w, h))
}
