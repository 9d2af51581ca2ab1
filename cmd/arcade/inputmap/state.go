package inputmap

import "sync"

// State is what is held at a moment.
type State struct {
	Keys  [2]uint64 // bits by number of the key
	Pads  [MaxPads]Pad
	Mouse Mouse
}

// Pad is the state of one pad.
type Pad struct {
	Buttons uint32              // of a known layout: bits in the order of the standard layout
	Raw     uint32              // of an unknown layout
	Sticks  [MaxSticks]float32  // -1 to 1; right and down are positive
	Axes    [MaxRawAxes]float32 // of an unknown layout
}

// Mouse is the state of the mouse. X and Y are how far it moved since the last
// State, in counts.
type Mouse struct {
	Buttons uint32 // bits: left, right, middle
	X, Y    float32
}

// SetKey holds or releases key number n.
func (s *State) SetKey(n int, held bool) {
	if n < 0 || n >= len(keyNames) {
		return
	}
	if held {
		s.Keys[n>>6] |= 1 << (n & 63)
	} else {
		s.Keys[n>>6] &^= 1 << (n & 63)
	}
}

// pressAt is how far a stick is moved when it counts as pressed.
const pressAt = 0.5

// Pressed reports whether a source is held.
func (s *State) Pressed(src Source) bool { return s.Value(src) >= pressAt }

// Value is how far a source is pressed, 0 to 1; for a movement of the mouse,
// the counts.
func (s *State) Value(src Source) float32 {
	c := src.code()
	switch src.kind() {
	case kindKey:
		return bit(uint32(s.Keys[c>>6&1]>>(c&63)), 0)
	case kindMouse:
		switch c {
		case mouseX:
			return s.Mouse.X
		case mouseY:
			return s.Mouse.Y
		}
		return bit(s.Mouse.Buttons, c)
	case kindPad:
		p := &s.Pads[src.pad()%MaxPads]
		switch {
		case c >= padRawAxes:
			return half(p.Axes[(c-padRawAxes)/2%MaxRawAxes], c)
		case c >= padRawButtons:
			return bit(p.Raw, c-padRawButtons)
		case c >= padSticks:
			return half(p.Sticks[(c-padSticks)/2%MaxSticks], c)
		}
		return bit(p.Buttons, c)
	}
	return 0
}

func bit(word uint32, n int) float32 { return float32(word >> (n & 31) & 1) }

// half is the part of an axis in the direction of an even (negative) or odd
// (positive) code.
func half(v float32, code int) float32 {
	if code&1 == 0 {
		v = -v
	}
	return min(max(v, 0), 1)
}

// AppendPressed appends everything that is held, for screens on which a person
// presses what an action should be bound to.
func (s *State) AppendPressed(to []Source) []Source {
	add := func(src Source) {
		if s.Pressed(src) {
			to = append(to, src)
		}
	}
	for i := range keyNames {
		add(source(kindKey, 0, i))
	}
	for i := range 3 {
		add(source(kindMouse, 0, i))
	}
	for pad := range MaxPads {
		for i := range MaxButtons {
			add(PadButton(pad, i))
		}
		for i := range 2 * MaxSticks {
			add(source(kindPad, pad, padSticks+i))
		}
		for i := range MaxRawButtons {
			add(PadRawButton(pad, i))
		}
		for i := range 2 * MaxRawAxes {
			add(source(kindPad, pad, padRawAxes+i))
		}
	}
	return to
}

// Host collects what the window sees, for an emulation that looks at other
// times. A press that is over before the emulation looks is not lost: it lasts
// until it has been seen once.
type Host struct {
	mu     sync.Mutex
	held   State
	tapped State
}

// Update sets what is held now. The mouse's movement is added up.
func (h *Host) Update(s *State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range s.Keys {
		h.tapped.Keys[i] |= s.Keys[i] &^ h.held.Keys[i]
	}
	for i := range s.Pads {
		h.tapped.Pads[i].Buttons |= s.Pads[i].Buttons &^ h.held.Pads[i].Buttons
		h.tapped.Pads[i].Raw |= s.Pads[i].Raw &^ h.held.Pads[i].Raw
	}
	h.tapped.Mouse.Buttons |= s.Mouse.Buttons &^ h.held.Mouse.Buttons
	x, y := h.held.Mouse.X, h.held.Mouse.Y
	h.held = *s
	h.held.Mouse.X += x
	h.held.Mouse.Y += y
}

// Take is what is held, or was pressed since the last Take.
func (h *Host) Take() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := h.held
	for i := range out.Keys {
		out.Keys[i] |= h.tapped.Keys[i]
	}
	for i := range out.Pads {
		out.Pads[i].Buttons |= h.tapped.Pads[i].Buttons
		out.Pads[i].Raw |= h.tapped.Pads[i].Raw
	}
	out.Mouse.Buttons |= h.tapped.Mouse.Buttons
	h.tapped = State{}
	h.held.Mouse.X, h.held.Mouse.Y = 0, 0
	return out
}
