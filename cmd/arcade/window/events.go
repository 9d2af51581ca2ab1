package window

import (
	"image"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/toolkit"

	"github.com/hajimehoshi/ebiten/v2"
)

// navigation turns what is held into the toolkit's events.
type navigation struct {
	held   map[toolkit.Kind]bool
	repeat map[toolkit.Kind]time.Duration
	runes  []rune
	paste  bool // its keys are held
	mouse  inputmap.Mouse
	pos    image.Point
}

// How fast a held direction repeats.
const (
	repeatAfter = 350 * time.Millisecond
	repeatEvery = 70 * time.Millisecond
)

// navKeys are the keys of each event, and the buttons and sticks of any pad.
var navKeys = []struct {
	kind    toolkit.Kind
	keys    []string
	buttons []int // of the standard layout
	stick   int   // -1: none; else axis*2+positive
	repeats bool
}{
	{toolkit.Up, []string{"ArrowUp"}, []int{12}, 2, true},
	{toolkit.Down, []string{"ArrowDown"}, []int{13}, 3, true},
	{toolkit.Left, []string{"ArrowLeft"}, []int{14}, 0, true},
	{toolkit.Right, []string{"ArrowRight"}, []int{15}, 1, true},
	{toolkit.PageUp, []string{"PageUp"}, []int{6}, -1, true},
	{toolkit.PageDown, []string{"PageDown"}, []int{7}, -1, true},
	{toolkit.Home, []string{"Home"}, nil, -1, false},
	{toolkit.End, []string{"End"}, nil, -1, false},
	{toolkit.Accept, []string{"Enter", "NumpadEnter"}, []int{0}, -1, false},
	{toolkit.Back, []string{"Escape"}, []int{1}, -1, false},
	{toolkit.Option, []string{"Delete", "F1"}, []int{2}, -1, false},
	{toolkit.Mark, []string{"Insert"}, []int{3}, -1, false},
	{toolkit.Next, []string{"Tab"}, []int{5}, -1, false},
	{toolkit.Prev, nil, []int{4}, -1, false},
	{toolkit.Find, []string{"F3"}, []int{9}, -1, false},
	{toolkit.Erase, []string{"Backspace"}, nil, -1, true},
}

func newNavigation() *navigation {
	return &navigation{held: map[toolkit.Kind]bool{}, repeat: map[toolkit.Kind]time.Duration{}}
}

// swallow makes what is held now no event until it is let go.
func (n *navigation) swallow() {
	for _, k := range navKeys {
		n.held[k.kind] = true
		n.repeat[k.kind] = 1 << 62
	}
	n.mouse.Buttons = 7
}

// pasteHeld reports whether the keys for pasting are held: Ctrl+V, Command+V or
// Shift+Insert.
func pasteHeld(s *inputmap.State) bool {
	held := func(names ...string) bool {
		for _, name := range names {
			if k, ok := inputmap.Key(name); ok && s.Pressed(k) {
				return true
			}
		}
		return false
	}
	return held("V") && held("ControlLeft", "ControlRight", "MetaLeft", "MetaRight") || held("Insert") && held("ShiftLeft", "ShiftRight")
}

// events calls each for what happened. The text of a Paste is for the caller to
// find.
func (n *navigation) events(s *inputmap.State, now time.Duration, each func(toolkit.Event)) {
	shift, _ := inputmap.Key("ShiftLeft")
	paste := pasteHeld(s)
	if paste && !n.paste {
		each(toolkit.Event{Kind: toolkit.Paste})
	}
	n.paste = paste
	for _, k := range navKeys {
		if paste && k.kind == toolkit.Mark {
			continue // Shift+Insert
		}
		key, pad := false, false
		for _, name := range k.keys {
			src, _ := inputmap.Key(name)
			key = key || s.Pressed(src)
		}
		for p := range inputmap.MaxPads {
			for _, b := range k.buttons {
				pad = pad || s.Pressed(inputmap.PadButton(p, b))
				// Pads of unknown layout: their first buttons.
				pad = pad || b < 4 && s.Pressed(inputmap.PadRawButton(p, b))
			}
			if k.stick >= 0 {
				pad = pad || s.Pressed(inputmap.PadStick(p, k.stick/2, k.stick&1 == 1)) || s.Pressed(inputmap.PadRawAxis(p, k.stick/2, k.stick&1 == 1))
			}
		}
		kind := k.kind
		switch held := key || pad; {
		case !held:
			n.held[k.kind] = false
			continue
		case !n.held[k.kind]:
			n.repeat[k.kind] = now + repeatAfter
		case k.repeats && now >= n.repeat[k.kind]:
			n.repeat[k.kind] = now + repeatEvery
		default:
			continue
		}
		n.held[k.kind] = true
		if kind == toolkit.Next && s.Pressed(shift) {
			kind = toolkit.Prev
		}
		each(toolkit.Event{Kind: kind, Pad: pad && !key})
	}
	n.runes = ebiten.AppendInputChars(n.runes[:0])
	for _, r := range n.runes {
		if r >= ' ' && r != 0x7f {
			each(toolkit.Event{Kind: toolkit.Char, Rune: r})
		}
	}
	x, y := ebiten.CursorPosition()
	pos := image.Pt(x, y)
	if pos != n.pos {
		each(toolkit.Event{Kind: toolkit.MouseMove, Pos: pos})
	}
	n.pos = pos
	down := s.Mouse.Buttons &^ n.mouse.Buttons
	up := n.mouse.Buttons &^ s.Mouse.Buttons
	n.mouse = s.Mouse
	if down&1 != 0 {
		each(toolkit.Event{Kind: toolkit.MouseDown, Pos: pos})
	}
	if up&1 != 0 {
		each(toolkit.Event{Kind: toolkit.MouseUp, Pos: pos})
	}
	if down&2 != 0 {
		each(toolkit.Event{Kind: toolkit.Back})
	}
	if _, dy := ebiten.Wheel(); dy != 0 {
		steps := 3
		if dy > 0 {
			steps = -3
		}
		each(toolkit.Event{Kind: toolkit.Wheel, Pos: pos, Steps: steps})
	}
}
