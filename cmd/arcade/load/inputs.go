package load

import (
	"strconv"
	"strings"

	"arcade/machine"
	"arcade/romset"
)

// Inputs translates a set's ports from the ROM database into the layout that a
// machine is built with.
func Inputs(set *romset.Set) ([]machine.Port, []machine.Field) {
	var ports []machine.Port
	var fields []machine.Field
	next := newFreeBits()
	for _, p := range set.Ports {
		unused := p.Idle
		for _, f := range p.Fields {
			if field, ok := translate(f, next); ok {
				field.Port = p.Tag
				if field.Kind == machine.KindDIP {
					// Switches may share bits, where others decide what they
					// mean; the bits have one factory setting.
					field.Default = p.Idle & f.Mask
				}
				fields = append(fields, field)
				unused &^= f.Mask
			}
		}
		ports = append(ports, machine.Port{Tag: p.Tag, Unused: unused})
	}
	return ports, fields
}

// freeBits hands out bits for controls that have no standard place, such as
// the keys of a card game, and axes in the order in which they come.
type freeBits struct {
	seat   [machine.MaxSeats]int
	axis   [machine.MaxSeats]uint8
	system int
}

const (
	firstFreeSeatBit   = 20 // after machine.Right2
	firstFreeSystemBit = 14 // machine.Other1
)

func newFreeBits() *freeBits {
	f := &freeBits{system: firstFreeSystemBit}
	for i := range f.seat {
		f.seat[i] = firstFreeSeatBit
	}
	return f
}

func translate(f romset.Field, next *freeBits) (machine.Field, bool) {
	out := machine.Field{Name: f.Name, Mask: f.Mask, Default: f.Default, Ways: uint8(f.Way)}
	if f.Player > 0 {
		out.Seat = uint8(f.Player-1) % machine.MaxSeats
	}
	for _, v := range f.Values {
		out.Settings = append(out.Settings, machine.Setting{Value: v.Value, Name: v.Name})
	}
	switch {
	case f.Class == "dipswitch" || f.Class == "config":
		out.Kind = machine.KindDIP
		return out, true
	case f.Type == "UNUSED" || f.Type == "UNKNOWN" || f.Type == "CUSTOM" || f.Type == "OUTPUT" || f.Name == "":
		return out, false
	case f.Analog != nil:
		out.Kind = machine.KindAxis
		out.Axis = next.axis[out.Seat]
		if out.Axis == machine.MaxAxes {
			return out, false
		}
		next.axis[out.Seat]++
		out.Range = machine.Range{Relative: f.Analog.Wraps || f.Analog.Reset, Min: int32(f.Analog.Min), Max: int32(f.Analog.Max),
			Sensitivity: int32(f.Analog.Sensitivity), KeyDelta: int32(f.Analog.Delta), Reverse: f.Analog.Reverse}
		return out, true
	}
	if bit, ok := systemBit(f.Type); ok {
		out.Kind, out.Bit = machine.KindSystem, bit
		return out, true
	}
	token := f.Type
	if strings.HasPrefix(token, "START") && len(token) == len("START1") {
		out.Seat = (token[5] - '1') % machine.MaxSeats
		token = "START"
	}
	if _, rest, ok := strings.Cut(token, "_"); ok && strings.HasPrefix(token, "P") {
		token = rest
	}
	out.Kind = machine.KindButton
	if bit, ok := buttonBits[token]; ok {
		out.Bit = bit
		return out, true
	}
	if n, ok := strings.CutPrefix(token, "BUTTON"); ok {
		if i, err := strconv.Atoi(n); err == nil && i >= 1 && i <= 10 {
			out.Bit = machine.Button1 << (i - 1)
			return out, true
		}
	}
	if f.Player > 0 && next.seat[out.Seat] < 32 {
		out.Bit = 1 << next.seat[out.Seat]
		next.seat[out.Seat]++
		return out, true
	}
	if next.system < 32 {
		out.Kind, out.Bit = machine.KindSystem, 1<<next.system
		next.system++
		return out, true
	}
	return out, false
}

var buttonBits = map[string]uint32{
	"JOYSTICK_UP": machine.Up, "JOYSTICK_DOWN": machine.Down, "JOYSTICK_LEFT": machine.Left, "JOYSTICK_RIGHT": machine.Right,
	"JOYSTICKLEFT_UP": machine.Up, "JOYSTICKLEFT_DOWN": machine.Down, "JOYSTICKLEFT_LEFT": machine.Left, "JOYSTICKLEFT_RIGHT": machine.Right,
	"JOYSTICKRIGHT_UP": machine.Up2, "JOYSTICKRIGHT_DOWN": machine.Down2, "JOYSTICKRIGHT_LEFT": machine.Left2, "JOYSTICKRIGHT_RIGHT": machine.Right2,
	"START": machine.Start, "SELECT": machine.Select,
}

var systemBits = map[string]uint32{
	"COIN1": machine.Coin1, "COIN2": machine.Coin2, "COIN3": machine.Coin3, "COIN4": machine.Coin4,
	"SERVICE1": machine.Service1, "SERVICE2": machine.Service2, "SERVICE3": machine.Service3, "SERVICE4": machine.Service4,
	"SERVICE": machine.ServiceMode, "TILT": machine.Tilt, "TILT1": machine.Tilt,
	"VOLUME_UP": machine.VolumeUp, "VOLUME_DOWN": machine.VolumeDown,
}

func systemBit(token string) (uint32, bool) {
	bit, ok := systemBits[token]
	return bit, ok
}
