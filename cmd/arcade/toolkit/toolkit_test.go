package toolkit

import (
	"image"
	"strings"
	"testing"
)

func TestFontHasTheWorldsScripts(t *testing.T) {
	for _, s := range []string{"Street Fighter II' (ETC 910204)", "ストリートファイター", "街頭霸王 快打旋風", "스트리트 파이터", "Привет", "Ελληνικά", "äöüßéèñ", "‹›…★✓←→"} {
		for _, r := range s {
			if r != ' ' && !HasGlyph(r) {
				t.Errorf("the font lacks %q (%U)", r, r)
			}
		}
	}
	if Width("AB") != 12 || Width("あ") != 12 {
		t.Errorf("A and B are %d wide, あ %d", Width("AB"), Width("あ"))
	}
}

func TestCutAndWrap(t *testing.T) {
	for _, w := range []int{0, 5, 6, 20, 60, 300} {
		if got := Cut("a rather long text", w); Width(got) > w {
			t.Errorf("cut to %d it is %d wide: %q", w, Width(got), got)
		}
	}
	text := "It breaks at spaces, but averyveryverylongwordisbroken somewhere; 漢字は何処でも。"
	lines := Wrap(text, 90)
	for _, l := range lines {
		if Width(l) > 90 {
			t.Errorf("a line is %d wide: %q", Width(l), l)
		}
	}
	if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
		t.Errorf("wrapping changed the text: %q", got)
	}
}

func key(k Kind) Event { return Event{Kind: k} }

func TestListMovesFoldsAndClicks(t *testing.T) {
	rows := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	accepted, folded := -1, 0
	l := &List{Len: func() int { return len(rows) }, Row: func(i int) Row { return Row{Text: rows[i]} },
		Accept: func(i int) { accepted = i }, Fold: func(int, bool) bool { folded++; return true }}
	ui := NewUI()
	c := NewMemory(300, 100)
	p := &Painter{Canvas: c, Theme: ui.Theme, S: 1}
	draw := func() { l.Draw(p, image.Rect(0, 0, 300, 100), true) }
	draw()
	for _, k := range []Kind{Down, Down, Right, Accept} {
		l.Handle(key(k))
	}
	if l.Selected != 2 || accepted != 2 || folded != 1 {
		t.Errorf("selected %d, accepted %d, folded %d times", l.Selected, accepted, folded)
	}
	l.Handle(key(End))
	draw()
	if l.Selected != 7 || l.first != 3 {
		t.Errorf("at the end: selected %d, first %d", l.Selected, l.first)
	}
	l.Handle(Event{Kind: MouseDown, Pos: image.Pt(50, 25)})
	if l.Selected != 4 || accepted != 2 {
		t.Errorf("a click selected %d and accepted %d", l.Selected, accepted)
	}
	l.Handle(Event{Kind: MouseDown, Pos: image.Pt(50, 25)})
	if accepted != 4 {
		t.Errorf("the second click accepted %d", accepted)
	}
	rows = nil
	draw()
	for _, k := range []Kind{Up, Down, PageUp, PageDown, Home, End, Accept} {
		l.Handle(key(k))
	}
	if l.Selected != 0 {
		t.Errorf("in an empty list %d is selected", l.Selected)
	}
}

func TestFormChangesValues(t *testing.T) {
	var on bool
	volume, choice, pressed, cleared := 50, 0, 0, 0
	entered := ""
	field := NewField("ab")
	action := Action("go", func() { pressed++ })
	action.Option = func() { cleared++ }
	f := &Form{Items: []*Item{Heading("top"), Tick("tick", func() bool { return on }, func(b bool) { on = b }),
		Slider("volume", 0, 100, 10, "%d %%", func() int { return volume }, func(v int) { volume = v }),
		Note("a note"), Choice("choice", []string{"x", "y", "z"}, func() int { return choice }, func(i int) { choice = i }),
		action, Entry("name", field, func(s string) { entered = s })}}
	c := NewMemory(400, 200)
	p := &Painter{Canvas: c, Theme: Dark, S: 1}
	f.Draw(p, image.Rect(0, 0, 400, 200), true)
	if f.Selected != 1 {
		t.Fatalf("a heading is selected (%d)", f.Selected)
	}
	f.Handle(Event{Kind: Char, Rune: ' '})
	f.Handle(key(Down))
	for range 7 {
		f.Handle(key(Right))
	}
	f.Handle(key(Down))
	f.Handle(key(Left))
	f.Handle(key(Down))
	f.Handle(key(Accept))
	f.Handle(key(Option))
	f.Handle(key(Down))
	f.Handle(key(Accept))
	for _, e := range []Event{{Kind: Char, Rune: '漢'}, key(Left), key(Left), key(Erase), {Kind: Char, Rune: 'Z'}} {
		f.Handle(e)
	}
	f.Draw(p, image.Rect(0, 0, 400, 200), true)
	f.Handle(key(Accept))
	if !on || volume != 100 || choice != 2 || pressed != 1 || cleared != 1 || entered != "Zb漢" {
		t.Errorf("tick %v, volume %d, choice %d, pressed %d, cleared %d, entered %q", on, volume, choice, pressed, cleared, entered)
	}
	// Every item can be reached with the mouse.
	f.Handle(Event{Kind: MouseDown, Pos: image.Pt(50, 25)})
	if on {
		t.Error("a click does not change the tick box")
	}
}

func TestFieldWithAPad(t *testing.T) {
	f := NewField("")
	got := ""
	f.Edit(func(s string) { got = s })
	pad := func(k Kind) { f.Handle(Event{Kind: k, Pad: true}) }
	pad(Up)    // a
	pad(Down)  // b
	pad(Right) // after it: a
	pad(Right)
	pad(Down) // the last letter
	pad(Accept)
	if got != "ba" && got != "bb" && got != "baa" {
		t.Errorf("the pad wrote %q", got)
	}
	f.Edit(nil)
	f.Handle(Event{Kind: Char, Rune: 'x'})
	f.Handle(key(Back))
	if f.Text() != got {
		t.Errorf("Back keeps %q", f.Text())
	}
}

type blank struct{ n int }

func (b *blank) Draw(u *UI, p *Painter) { DrawFrame(u, p, "title", "right", pageHints) }
func (b *blank) Handle(*UI, Event)      { b.n++ }

func TestUIStackDialogAndMessage(t *testing.T) {
	u := NewUI()
	base := &blank{}
	u.Push(base)
	answer := -1
	u.Push(Ask("Quit?", "Really quit? All that was not saved is lost.", func(i int) { answer = i }, "Quit", "Stay"))
	u.Say("hello")
	for _, size := range []image.Point{{320, 240}, {640, 480}, {1920, 1080}, {480, 800}, {100, 60}} {
		c := NewMemory(size.X, size.Y)
		u.Draw(c)
		if c.NRGBAAt(size.X/2, size.Y/2) == c.NRGBAAt(1, size.Y-2) && size.X > 200 {
			t.Errorf("%v: no dialog is seen", size)
		}
	}
	u.Handle(key(Right))
	if base.n != 0 {
		t.Error("an event went through the dialog")
	}
	u.Handle(key(Accept))
	if answer != 1 || u.Top() != Screen(base) {
		t.Errorf("the answer was %d, the top is %T", answer, u.Top())
	}
	u.Tick(5e9)
	if u.Message() != "" {
		t.Error("the message stays")
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct{ w, h, more, want int }{
		{640, 480, 0, 1}, {320, 240, 0, 1}, {1280, 960, 0, 2}, {1920, 1080, 0, 3}, {3840, 2160, 0, 6}, {480, 800, 0, 1}, {1920, 1080, 5, 5}, {640, 480, 9, 2},
	} {
		if got := Scale(c.w, c.h, c.more); got != c.want {
			t.Errorf("%dx%d, wish %d: scale %d, want %d", c.w, c.h, c.more, got, c.want)
		}
	}
}
