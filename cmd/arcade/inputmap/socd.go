package inputmap

import "arcade/machine"

// SOCD says what happens while two opposite directions are held, which a
// joystick cannot do but keys can.
type SOCD uint8

// The modes.
const (
	SOCDNeutral SOCD = iota // neither
	SOCDLast                // the one that was pressed later
	SOCDFirst               // the one that was pressed earlier
	SOCDUp                  // up wins over down; left and right give neither
	SOCDOff                 // both: not what a cabinet can do
)

// SOCDNames are the modes' names in settings.
var SOCDNames = []string{"neutral", "last", "first", "up", "off"}

// pair is what it needs to know about two opposite directions.
type pair struct {
	held  [2]bool // in the frame before
	first int     // which was pressed earlier, while both are held
}

// resolve decides for one pair; up tells that the first is up.
func (p *pair) resolve(mode SOCD, a, b, vertical bool) (bool, bool) {
	switch {
	case a && !p.held[0] && p.held[1]:
		p.first = 1
	case b && !p.held[1] && p.held[0], a && b && !p.held[0] && !p.held[1]:
		p.first = 0
	}
	p.held = [2]bool{a, b}
	if !a || !b {
		return a, b
	}
	switch mode {
	case SOCDLast:
		return p.first == 1, p.first == 0
	case SOCDFirst:
		return p.first == 0, p.first == 1
	case SOCDUp:
		return vertical, false
	case SOCDOff:
		return true, true
	}
	return false, false
}

// stick is one player's joystick.
type stick struct {
	vertical, horizontal pair
	wasV, wasH           bool // what the frame before gave
	vNewer               bool // of a four-way stick: the vertical direction counts
}

const (
	directions  = machine.Up | machine.Down | machine.Left | machine.Right
	up2Shift    = 16 // from machine.Up to machine.Up2
	directions2 = directions << up2Shift
)

// resolve takes and returns direction bits (Up to Right).
func (s *stick) resolve(mode SOCD, ways uint8, b uint32) uint32 {
	up, down := s.vertical.resolve(mode, b&machine.Up != 0, b&machine.Down != 0, true)
	left, right := s.horizontal.resolve(mode, b&machine.Left != 0, b&machine.Right != 0, false)
	v, h := up || down, left || right
	// A four-way stick stands in one direction only: the one it was moved to
	// last.
	switch {
	case v && !s.wasV:
		s.vNewer = true
	case h && !s.wasH:
		s.vNewer = false
	}
	s.wasV, s.wasH = v, h
	if ways == 4 && v && h {
		if s.vNewer {
			left, right = false, false
		} else {
			up, down = false, false
		}
	}
	var out uint32
	for i, on := range []bool{up, down, left, right} {
		if on {
			out |= machine.Up << i
		}
	}
	return out
}
