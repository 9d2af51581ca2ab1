// Package inputmap turns what a person presses on keyboard, pads and mouse
// into a machine's input. It knows no window: whoever has one fills in a State.
//
// Everything that depends on time (autofire, sticks moved by keys) counts
// emulated frames, and all of it happens before an input enters a session: the
// session, a replay and a peer only ever see what came out.
package inputmap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Source is one thing on the host that can be pressed or moved: a key, a
// button or a direction of a pad's stick, a button or an axis of the mouse.
// The zero value is no source.
type Source uint32

// kinds of sources, in the top byte; the pad's number (from 0) is in the next,
// the code in the rest.
const (
	kindKey   = 1
	kindPad   = 2
	kindMouse = 3
)

func source(kind, pad, code int) Source { return Source(kind<<24 | pad<<16 | code) }

func (s Source) kind() int { return int(s >> 24) }
func (s Source) pad() int  { return int(s >> 16 & 0xff) }
func (s Source) code() int { return int(s & 0xffff) }

// MaxPads is the number of pads that can be used at once.
const MaxPads = 8

// Codes of a pad.
const (
	padButtons    = 0   // of a pad whose layout is known
	padSticks     = 32  // 2 for each axis: negative, positive
	padRawButtons = 64  // of a pad whose layout is not known
	padRawAxes    = 128 // 2 for each axis
)

// Numbers of what a pad of known layout has.
const (
	MaxButtons    = 17
	MaxSticks     = 4
	MaxRawButtons = 32
	MaxRawAxes    = 16
)

// padNames are the buttons of a pad of known layout, in the order of the W3C's
// standard layout.
var padNames = [MaxButtons]string{"A", "B", "X", "Y", "LB", "RB", "LT", "RT", "Back", "Start", "LeftStick", "RightStick",
	"DpadUp", "DpadDown", "DpadLeft", "DpadRight", "Guide"}

// stickNames are the directions of its sticks.
var stickNames = [2 * MaxSticks]string{"LeftStickLeft", "LeftStickRight", "LeftStickUp", "LeftStickDown",
	"RightStickLeft", "RightStickRight", "RightStickUp", "RightStickDown"}

// Codes of the mouse.
const (
	mouseLeft = iota
	mouseRight
	mouseMiddle
	mouseX
	mouseY
)

var mouseNames = [...]string{"Left", "Right", "Middle", "X", "Y"}

// keyNames are the keys, named after where they are on a US keyboard (the
// W3C's codes).
var keyNames = strings.Fields(`A B C D E F G H I J K L M N O P Q R S T U V W X Y Z
	AltLeft AltRight ArrowDown ArrowLeft ArrowRight ArrowUp Backquote Backslash Backspace BracketLeft BracketRight
	CapsLock Comma ContextMenu ControlLeft ControlRight Delete
	Digit0 Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 End Enter Equal Escape
	F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24 Home Insert IntlBackslash
	MetaLeft MetaRight Minus NumLock Numpad0 Numpad1 Numpad2 Numpad3 Numpad4 Numpad5 Numpad6 Numpad7 Numpad8 Numpad9
	NumpadAdd NumpadDecimal NumpadDivide NumpadEnter NumpadEqual NumpadMultiply NumpadSubtract PageDown PageUp Pause
	Period PrintScreen Quote ScrollLock Semicolon ShiftLeft ShiftRight Slash Space Tab`)

// Keys lists the names of all keys, in the order of their numbers.
func Keys() []string { return slices.Clone(keyNames) }

// Key is the key with a name.
func Key(name string) (Source, bool) {
	i := slices.Index(keyNames, name)
	if i < 0 {
		return 0, false
	}
	return source(kindKey, 0, i), true
}

// PadButton is button n (0 to MaxButtons-1) of a pad (0 to MaxPads-1) of
// known layout.
func PadButton(pad, n int) Source { return source(kindPad, pad, padButtons+n) }

// PadStick is a direction of axis n (0 to MaxSticks-1) of a pad of known
// layout.
func PadStick(pad, n int, positive bool) Source {
	return source(kindPad, pad, padSticks+direction(n, positive))
}

// PadRawButton is button n of a pad of unknown layout.
func PadRawButton(pad, n int) Source { return source(kindPad, pad, padRawButtons+n) }

// PadRawAxis is a direction of axis n of a pad of unknown layout.
func PadRawAxis(pad, n int, positive bool) Source {
	return source(kindPad, pad, padRawAxes+direction(n, positive))
}

func direction(axis int, positive bool) int {
	if positive {
		return 2*axis + 1
	}
	return 2 * axis
}

// IsKey reports whether s is on the keyboard.
func (s Source) IsKey() bool { return s.kind() == kindKey }

// String is the name that ParseSource reads: "ArrowUp", "Pad1.A",
// "Pad2.LeftStickUp", "Pad1.Button7", "Pad1.Axis3+", "Mouse.X".
func (s Source) String() string {
	c := s.code()
	switch s.kind() {
	case kindKey:
		if c < len(keyNames) {
			return keyNames[c]
		}
	case kindMouse:
		if c < len(mouseNames) {
			return "Mouse." + mouseNames[c]
		}
	case kindPad:
		name := ""
		switch {
		case c >= padRawAxes && c < padRawAxes+2*MaxRawAxes:
			name = fmt.Sprintf("Axis%d%c", (c-padRawAxes)/2+1, "-+"[c&1])
		case c >= padRawButtons && c < padRawButtons+MaxRawButtons:
			name = fmt.Sprintf("Button%d", c-padRawButtons+1)
		case c >= padSticks && c < padSticks+2*MaxSticks:
			name = stickNames[c-padSticks]
		case c < MaxButtons:
			name = padNames[c]
		}
		if name != "" {
			return fmt.Sprintf("Pad%d.%s", s.pad()+1, name)
		}
	}
	return "none"
}

// ParseSource reads what String writes.
func ParseSource(name string) (Source, error) {
	bad := func() (Source, error) {
		return 0, fmt.Errorf("%q is no key or button; keys have names such as ArrowUp, ControlLeft, Digit5, A; pads Pad1.A, Pad1.DpadUp, Pad1.LeftStickUp, Pad1.Button7, Pad1.Axis3+; the mouse Mouse.Left, Mouse.X", name)
	}
	device, rest, ok := strings.Cut(name, ".")
	if !ok {
		if s, ok := Key(name); ok {
			return s, nil
		}
		return bad()
	}
	if device == "Mouse" {
		if i := slices.Index(mouseNames[:], rest); i >= 0 {
			return source(kindMouse, 0, i), nil
		}
		return bad()
	}
	number, ok := strings.CutPrefix(device, "Pad")
	pad, err := strconv.Atoi(number)
	if !ok || err != nil || pad < 1 || pad > MaxPads {
		return bad()
	}
	pad--
	if i := slices.Index(padNames[:], rest); i >= 0 {
		return PadButton(pad, i), nil
	}
	if i := slices.Index(stickNames[:], rest); i >= 0 {
		return source(kindPad, pad, padSticks+i), nil
	}
	if n, ok := strings.CutPrefix(rest, "Button"); ok {
		if i, err := strconv.Atoi(n); err == nil && i >= 1 && i <= MaxRawButtons {
			return PadRawButton(pad, i-1), nil
		}
	}
	if n, ok := strings.CutPrefix(rest, "Axis"); ok && len(n) >= 2 && (n[len(n)-1] == '+' || n[len(n)-1] == '-') {
		if i, err := strconv.Atoi(n[:len(n)-1]); err == nil && i >= 1 && i <= MaxRawAxes {
			return PadRawAxis(pad, i-1, n[len(n)-1] == '+'), nil
		}
	}
	return bad()
}
