// Package screens has the screens of the program, made from the toolkit. They
// know no window, emulation or file: what they show and do goes through the
// interfaces of this package.
package screens

import (
	"fmt"
	"image"
	"slices"
	"strings"

	tk "arcade/cmd/arcade/toolkit"
)

// Game is a line of the game list.
type Game struct {
	Name, Title, Year, Maker string
	Parent                   string // name of the set that it is a clone of, or ""
	State                    State
	Why                      string // it cannot be played, or may not be as it should
	Builtin                  bool   // comes with the program: at the top
}

// State says whether a game can be played.
type State uint8

// The states.
const (
	Ready   State = iota // all files are there
	Doubt                // it runs, but files are not as they should be
	Missing              // files are missing
	NoBoard              // its board is not emulated
)

// Library is the collection of games.
type Library interface {
	Games() []Game // parents in order of their titles, clones anywhere
	// Generation changes whenever Games does.
	Generation() int
	// Busy says what goes on in the background, or "".
	Busy() string
	Favourite(name string) bool
	SetFavourite(name string, on bool)
	Recent() []string // names, the last one first
	Shot(name string) *image.NRGBA
	Folders() []string
	AddFolder(path string) error
	RemoveFolder(path string) error
	// Browse lists the folders in a folder of at (".." is the one above); with
	// both "" it begins at home. It returns where that is.
	Browse(at, sub string) (where string, subs []string, err error)
	Rescan()
}

// Views of the list.
const (
	viewAll = iota
	viewReady
	viewFavourites
	viewRecent
	views
)

var viewNames = [views]string{"all games", "playable", "favourites", "recently played"}

// List is the game list.
type List struct {
	Library  Library
	Start    func(name string)
	Settings func() // opens the settings
	Quit     func()
	list     tk.List
	filter   []rune
	view     int
	open     map[string]bool
	rows     []listRow
	made     made
}

type listRow struct {
	game   Game
	indent int
	clones int
}

// made is what the rows were made from.
type made struct {
	generation int
	filter     string
	view       int
	opened     int
	starred    int
	valid      bool
}

// NewList makes the screen.
func NewList(l Library, start func(name string), settings, quit func()) *List {
	s := &List{Library: l, Start: start, Settings: settings, Quit: quit, open: map[string]bool{}}
	s.list = tk.List{Len: func() int { return len(s.rows) }, Row: s.row, Accept: s.accept, Fold: s.fold}
	return s
}

// Select moves to a game.
func (s *List) Select(name string) {
	s.build()
	for i, r := range s.rows {
		if r.game.Name == name {
			s.list.Selected = i
		}
	}
}

// Current is the game that is selected.
func (s *List) Current() (Game, bool) {
	s.build()
	return s.current()
}

func (s *List) current() (Game, bool) {
	if i := s.list.Selected; i >= 0 && i < len(s.rows) {
		return s.rows[i].game, true
	}
	return Game{}, false
}

func (s *List) row(i int) tk.Row {
	r := s.rows[i]
	row := tk.Row{Text: r.game.Title, Indent: r.indent, Right: strings.Trim(r.game.Year+"  "+r.game.Maker, " ")}
	if s.Library.Favourite(r.game.Name) {
		row.Mark = "★"
	}
	if r.clones > 0 && len(s.filter) == 0 {
		row.Fold = tk.Folded
		if s.open[r.game.Name] {
			row.Fold = tk.Open
		}
	}
	switch r.game.State {
	case Missing:
		row.Dim, row.Right = true, "files missing"
	case NoBoard:
		row.Dim, row.Right = true, "not emulated yet"
	}
	return row
}

func (s *List) accept(i int) {
	if g := s.rows[i].game; s.Start != nil {
		s.Start(g.Name)
	}
}

func (s *List) fold(i int, open bool) bool {
	r := s.rows[i]
	name := r.game.Name
	if r.indent > 0 && !open {
		name = r.game.Parent
	} else if r.clones == 0 || len(s.filter) > 0 {
		return false
	}
	if s.open[name] == open {
		return false
	}
	s.open[name] = open
	s.Select(name)
	return true
}

// build makes the rows anew if anything changed.
func (s *List) build() {
	m := made{s.Library.Generation(), string(s.filter), s.view, 0, 0, true}
	for _, on := range s.open {
		if on {
			m.opened++
		}
	}
	if m == s.made {
		return
	}
	keep, had := s.current()
	s.made = m
	games := s.Library.Games()
	words := strings.Fields(strings.ToLower(string(s.filter)))
	match := func(g *Game) bool {
		switch s.view {
		case viewReady:
			if g.State > Doubt {
				return false
			}
		case viewFavourites:
			if !s.Library.Favourite(g.Name) {
				return false
			}
		}
		text := strings.ToLower(g.Title + " " + g.Name + " " + g.Maker + " " + g.Year)
		for _, w := range words {
			if !strings.Contains(text, w) {
				return false
			}
		}
		return true
	}
	s.rows = nil
	switch {
	case s.view == viewRecent:
		byName := map[string]*Game{}
		for i := range games {
			byName[games[i].Name] = &games[i]
		}
		for _, n := range s.Library.Recent() {
			if g := byName[n]; g != nil && match(g) {
				s.rows = append(s.rows, listRow{game: *g})
			}
		}
	default:
		s.group(games, match, len(words) > 0)
	}
	if had {
		for i, r := range s.rows {
			if r.game.Name == keep.Name {
				s.list.Selected = i
				return
			}
		}
	}
	s.list.Selected = min(s.list.Selected, max(len(s.rows)-1, 0))
}

// group puts clones under their parents.
func (s *List) group(games []Game, match func(*Game) bool, filtered bool) {
	clones := map[string][]*Game{}
	names := map[string]bool{}
	for i := range games {
		names[games[i].Name] = true
	}
	var tops []*Game
	for i := range games {
		g := &games[i]
		if g.Parent != "" && names[g.Parent] {
			clones[g.Parent] = append(clones[g.Parent], g)
		} else {
			tops = append(tops, g)
		}
	}
	slices.SortStableFunc(tops, func(a, b *Game) int {
		switch {
		case a.Builtin && !b.Builtin:
			return -1
		case b.Builtin && !a.Builtin:
			return 1
		}
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	for _, g := range tops {
		var under []*Game
		for _, c := range clones[g.Name] {
			if match(c) {
				under = append(under, c)
			}
		}
		indent := 1
		switch {
		case match(g):
			s.rows = append(s.rows, listRow{game: *g, clones: len(under)})
			if !filtered && !s.open[g.Name] {
				continue
			}
		default:
			// The parent is not part of this view: its clones stand alone.
			indent = 0
		}
		for _, c := range under {
			s.rows = append(s.rows, listRow{game: *c, indent: indent})
		}
	}
}

var listHints = []tk.Hint{{Key: "Enter", Pad: "A", Text: "play", Does: tk.Accept}, {Key: "Tab", Pad: "RB", Text: "view", Does: tk.Next},
	{Key: "Ins", Pad: "Y", Text: "favourite", Does: tk.Mark}, {Key: "F1", Pad: "X", Text: "friends, settings", Does: tk.Option},
	{Key: "a-z", Pad: "Start", Text: "find", Does: tk.Find}, {Key: "Esc", Pad: "B", Text: "quit", Does: tk.Back}}

// Draw implements toolkit.Screen.
func (s *List) Draw(u *tk.UI, p *tk.Painter) {
	s.build()
	title := "ARCADE  " + viewNames[s.view]
	if len(s.filter) > 0 {
		title += ": " + string(s.filter) + "_"
	}
	right := fmt.Sprintf("%d", len(s.rows))
	if b := s.Library.Busy(); b != "" {
		right = b
	}
	r := tk.DrawFrame(u, p, title, right, listHints)
	side := r
	if r.Dx() > r.Dy() && r.Dx() >= p.U(440) {
		r.Max.X -= r.Dx() * 3 / 8
		side.Min.X = r.Max.X
	} else {
		r.Max.Y -= min(r.Dy()*2/5, p.U(190))
		side.Min.Y = r.Max.Y
	}
	if len(s.rows) == 0 {
		text := "Nothing here."
		if len(s.Library.Folders()) == 0 || s.view == viewAll && len(s.filter) == 0 {
			text = "No game was found. F1 (X on a pad) opens the settings, where folders with ROM files can be added."
		}
		for i, l := range tk.Wrap(text, r.Dx()/p.S-24) {
			p.Text(r.Min.X+p.U(12), r.Min.Y+p.U(12+tk.LineHeight*i), p.S, l, p.Dim)
		}
	}
	s.list.Draw(p, r, true)
	s.drawSide(p, side)
}

// drawSide shows what is known about the selected game.
func (s *List) drawSide(p *tk.Painter, r image.Rectangle) {
	p.Fill(r, p.Panel)
	g, ok := s.current()
	if !ok {
		return
	}
	in := r.Inset(p.U(8))
	type line struct {
		text string
		bad  bool
		dim  bool
	}
	lines := []line{{text: g.Title}}
	about := strings.Trim(g.Name+"  "+g.Year+"  "+g.Maker, " ")
	lines = append(lines, line{text: about, dim: true})
	if g.Parent != "" {
		lines = append(lines, line{text: "a version of " + g.Parent, dim: true})
	}
	switch g.State {
	case Ready:
		lines = append(lines, line{text: "ready to play"})
	default:
		lines = append(lines, line{text: g.Why, bad: g.State != Doubt})
	}
	shot := s.Library.Shot(g.Name)
	y := in.Min.Y
	if shot != nil {
		area := in
		if r.Dx() < r.Dy()*2 {
			area.Max.Y = in.Min.Y + in.Dy()*3/5
			y = area.Max.Y + p.U(6)
		} else {
			area.Min.X = in.Max.X - in.Dx()*2/5
			in.Max.X = area.Min.X - p.U(8)
		}
		p.Picture(tk.Fit(area, shot.Rect.Dx(), shot.Rect.Dy()), shot)
	}
	for i, l := range lines {
		c := p.Ink
		switch {
		case l.bad:
			c = p.Bad
		case l.dim:
			c = p.Dim
		case i > 0:
			c = p.Good
		}
		for _, t := range tk.Wrap(l.text, max(in.Dx()/p.S, 40)) {
			if y+p.U(tk.LineHeight) > in.Max.Y {
				return
			}
			p.Text(in.Min.X, y, p.S, t, c)
			y += p.U(tk.LineHeight)
		}
	}
}

// Handle implements toolkit.Screen.
func (s *List) Handle(u *tk.UI, e tk.Event) {
	s.build()
	switch e.Kind {
	case tk.Char:
		if len(s.filter) < 40 && (e.Rune != ' ' || len(s.filter) > 0) {
			s.filter = append(s.filter, e.Rune)
			s.list.Selected = 0
		}
		return
	case tk.Erase:
		if n := len(s.filter); n > 0 {
			s.filter = s.filter[:n-1]
		}
		return
	case tk.Back:
		if len(s.filter) > 0 {
			s.filter = nil
			return
		}
		u.Push(tk.Ask("Quit", "Leave arcade?", func(i int) {
			if i == 0 && s.Quit != nil {
				s.Quit()
			}
		}, "Quit", "Stay"))
		return
	case tk.Next:
		s.view = (s.view + 1) % views
		return
	case tk.Prev:
		s.view = (s.view + views - 1) % views
		return
	case tk.Mark:
		if g, ok := s.current(); ok {
			s.Library.SetFavourite(g.Name, !s.Library.Favourite(g.Name))
			s.made.valid = false
		}
		return
	case tk.Find:
		u.Push(tk.NewKeyboard("Find", string(s.filter), func(text string) {
			s.filter = []rune(strings.TrimLeft(text, " "))
			s.list.Selected = 0
		}, nil))
		return
	case tk.Option:
		if s.Settings != nil {
			s.Settings()
		}
		return
	}
	s.list.Handle(e)
}
