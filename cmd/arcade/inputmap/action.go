package inputmap

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"arcade/machine"
)

// Action is what a source does: the name of a machine's control, such as
// "P1 Up", "P2 Button 3", "Coin 1", "P1 Axis 1+", or of a hotkey of the
// program, such as "Pause".
type Action string

var buttonNames = [...]string{"Up", "Down", "Left", "Right", "Button 1", "Button 2", "Button 3", "Button 4", "Button 5",
	"Button 6", "Button 7", "Button 8", "Button 9", "Button 10", "Start", "Select", "Up 2", "Down 2", "Left 2", "Right 2"}

var systemNames = [...]string{"Coin 1", "Coin 2", "Coin 3", "Coin 4", "Service 1", "Service 2", "Service 3", "Service 4",
	"Service Mode", "Tilt", "Volume Up", "Volume Down", "Memory Card"}

// For is the action of a field that has one: DIP switches do not. For an axis
// it is the name without a direction.
func For(f *machine.Field) (Action, bool) {
	n := bits.TrailingZeros32(f.Bit)
	switch f.Kind {
	case machine.KindButton:
		if n < len(buttonNames) {
			return Action(fmt.Sprintf("P%d %s", f.Seat+1, buttonNames[n])), true
		}
		return Action(f.Name), true
	case machine.KindSystem:
		if n < len(systemNames) {
			return Action(systemNames[n]), true
		}
		return Action(f.Name), true
	case machine.KindAxis:
		return Action(fmt.Sprintf("P%d Axis %d", f.Seat+1, f.Axis+1)), true
	}
	return "", false
}

// Known reports whether an action is a hotkey or a control that many games
// have. Others exist, such as the keys of a card game, but only for one game.
func Known(a Action) bool {
	name := string(a)
	if slices.Contains(Hotkeys(), a) || slices.Contains(systemNames[:], name) {
		return true
	}
	if len(name) < 4 || name[0] != 'P' || name[1] < '1' || name[1] >= '1'+machine.MaxSeats || name[2] != ' ' {
		return false
	}
	name = name[3:]
	if axis, ok := strings.CutPrefix(name, "Axis "); ok {
		axis = strings.TrimRight(axis, "+-")
		return len(axis) == 1 && axis[0] >= '1' && axis[0] < '1'+machine.MaxAxes
	}
	return slices.Contains(buttonNames[:], name)
}

// Less and More are the two directions of an axis.
func (a Action) Less() Action { return a + "-" }

// More is the direction in which an axis counts up.
func (a Action) More() Action { return a + "+" }

// Hotkeys of the program.
const (
	Menu       Action = "Menu"
	Pause      Action = "Pause"
	FrameStep  Action = "Frame Step"
	FastFwd    Action = "Fast Forward"
	SlowMotion Action = "Slow Motion"
	Rewind     Action = "Rewind"
	Screenshot Action = "Screenshot"
	Mute       Action = "Mute"
	Fullscreen Action = "Fullscreen"
	Statistics Action = "Statistics"
	SaveState  Action = "Save State"
	LoadState  Action = "Load State"
	PrevSlot   Action = "Previous Slot"
	NextSlot   Action = "Next Slot"
	ResetGame  Action = "Reset"
)

// Hotkeys lists them in the order in which screens show them.
func Hotkeys() []Action {
	return []Action{Menu, Pause, FrameStep, FastFwd, SlowMotion, Rewind, Screenshot, Mute, Fullscreen, Statistics,
		SaveState, LoadState, PrevSlot, NextSlot, ResetGame}
}

// Actions lists the actions of a machine, in the order of its fields, each
// once; axes as their two directions.
func Actions(in *machine.Inputs) []Action {
	var out []Action
	add := func(a Action) {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	for i := range in.Fields {
		f := &in.Fields[i]
		a, ok := For(f)
		switch {
		case !ok:
		case f.Kind == machine.KindAxis:
			add(a.Less())
			add(a.More())
			add(a)
		default:
			add(a)
		}
	}
	return out
}

// Bindings say which sources an action has. Any of them will do.
type Bindings map[Action][]Source

// Over is b with the entries of more in place of its own.
func (b Bindings) Over(more Bindings) Bindings {
	out := Bindings{}
	for a, s := range b {
		out[a] = s
	}
	for a, s := range more {
		out[a] = s
	}
	return out
}
