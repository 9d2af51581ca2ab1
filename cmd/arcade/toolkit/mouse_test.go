package toolkit

import (
	"image"
	"testing"
)

func click(u *UI, p image.Point) {
	u.Handle(Event{Kind: MouseDown, Pos: p})
	u.Handle(Event{Kind: MouseUp, Pos: p})
	u.Draw(NewMemory(560, 360))
}

func TestHintsSlidersAndChoicesByMouse(t *testing.T) {
	volume, colour, left := 50, 0, false
	u := NewUI()
	slider := Slider("Volume", 0, 100, 5, "%d", func() int { return volume }, func(v int) { volume = v })
	choice := Choice("Colour", []string{"red", "green", "blue"}, func() int { return colour }, func(i int) { colour = i })
	u.Push(&Page{Title: "P", Form: Form{Items: []*Item{slider, choice}}, Closed: func() { left = true }})
	u.Draw(NewMemory(560, 360))
	at := slider.active
	u.Handle(Event{Kind: MouseDown, Pos: image.Pt(at.Min.X+at.Dx()/4, at.Min.Y+1)})
	if volume != 25 {
		t.Errorf("a click at a quarter of the slider gives %d", volume)
	}
	u.Handle(Event{Kind: MouseMove, Pos: image.Pt(at.Max.X+50, at.Min.Y+1)})
	if volume != 100 {
		t.Errorf("drawn to its end it gives %d", volume)
	}
	u.Handle(Event{Kind: MouseUp})
	u.Handle(Event{Kind: MouseMove, Pos: image.Pt(at.Min.X, at.Min.Y+1)})
	if volume != 100 {
		t.Error("it follows a mouse that does not hold it")
	}
	c := choice.active
	click(u, image.Pt(c.Max.X-4, c.Min.Y+4))
	click(u, image.Pt(choice.active.Max.X-4, c.Min.Y+4))
	if colour != 2 {
		t.Errorf("two clicks at the right lead to %d", colour)
	}
	click(u, image.Pt(choice.active.Min.X+4, c.Min.Y+4))
	if colour != 1 {
		t.Errorf("a click at the left leads to %d", colour)
	}
	if len(u.hints) != 1 {
		t.Fatalf("%d hints can be clicked", len(u.hints))
	}
	click(u, u.hints[0].rect.Min.Add(image.Pt(3, 3)))
	if !left || u.Depth() != 0 {
		t.Error("a click on the hint about Back does not go back")
	}
}

func TestKeyboardOnTheScreen(t *testing.T) {
	u := NewUI()
	var way []string
	done := ""
	k := NewKeyboard("Find", "x", func(s string) { way = append(way, s) }, func(s string) { done = s })
	u.Push(k)
	u.Draw(NewMemory(560, 360))
	press := func(kinds ...Kind) {
		for _, kind := range kinds {
			u.Handle(Event{Kind: kind, Pad: true})
		}
	}
	press(Option, Accept, Right, Accept, Next, Right, Accept, Mark) // erase, q, w, shift, E, space
	if got := way[len(way)-1]; got != "qwE " {
		t.Errorf("a pad writes %q", got)
	}
	click(u, k.rects[0][9].Min.Add(image.Pt(2, 2)))
	u.Handle(Event{Kind: Char, Rune: 'é'})
	u.Handle(Event{Kind: Accept})
	if done != "qwE 0é" || u.Depth() != 0 {
		t.Errorf("mouse, typing and Enter give %q", done)
	}
	way = nil
	u.Push(NewKeyboard("Find", "before", func(s string) { way = append(way, s) }, func(string) { t.Error("it was left with Back") }))
	press(Accept, Back)
	if len(way) != 2 || way[1] != "before" {
		t.Errorf("Back leads from %q", way)
	}
}
