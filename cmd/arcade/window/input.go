package window

import (
	"sync"

	"arcade/cmd/arcade/inputmap"

	"github.com/hajimehoshi/ebiten/v2"
)

// keys are ebiten's keys in the order of inputmap.Keys.
var keys = sync.OnceValue(func() []ebiten.Key {
	var out []ebiten.Key
	for _, name := range inputmap.Keys() {
		var k ebiten.Key
		if err := k.UnmarshalText([]byte(name)); err != nil {
			panic("window: ebiten has no key " + name)
		}
		out = append(out, k)
	}
	return out
})

// devices reads keyboard, mouse and pads. Pads may come and go: one that comes
// back gets its old number if that is still free, else the lowest free one.
type devices struct {
	host    padHost // nil: the host's own
	pads    [inputmap.MaxPads]padSlot
	ids     []ebiten.GamepadID
	cursorX float64
	cursorY float64
	moved   bool // cursor position is known
	arrived []string
	left    []string
}

// padHost is where pads are looked for.
type padHost interface {
	IDs(to []ebiten.GamepadID) []ebiten.GamepadID
	Model(id ebiten.GamepadID) string
	Name(id ebiten.GamepadID) string
	Read(p *inputmap.Pad, id ebiten.GamepadID)
}

type padSlot struct {
	connected bool
	id        ebiten.GamepadID
	model     string // what this slot last was, to recognise it
	name      string
}

// read fills in what is held now.
func (d *devices) read(s *inputmap.State) {
	*s = inputmap.State{}
	for i, k := range keys() {
		if ebiten.IsKeyPressed(k) {
			s.SetKey(i, true)
		}
	}
	for i, b := range []ebiten.MouseButton{ebiten.MouseButtonLeft, ebiten.MouseButtonRight, ebiten.MouseButtonMiddle} {
		if ebiten.IsMouseButtonPressed(b) {
			s.Mouse.Buttons |= 1 << i
		}
	}
	x, y := ebiten.CursorPositionF()
	if d.moved {
		s.Mouse.X, s.Mouse.Y = float32(x-d.cursorX), float32(y-d.cursorY)
	}
	d.cursorX, d.cursorY, d.moved = x, y, true
	d.plug()
	for i := range d.pads {
		if d.pads[i].connected {
			d.host.Read(&s.Pads[i], d.pads[i].id)
		}
	}
}

// plug keeps track of pads that come and go.
func (d *devices) plug() {
	if d.host == nil {
		d.host = hostPads{}
	}
	d.ids = d.host.IDs(d.ids[:0])
	for i := range d.pads {
		p := &d.pads[i]
		if p.connected && !contains(d.ids, p.id) {
			p.connected = false
			d.left = append(d.left, p.name)
		}
	}
	for _, id := range d.ids {
		if d.slotOf(id) >= 0 {
			continue
		}
		model := d.host.Model(id)
		slot := d.freeSlot(model)
		if slot < 0 {
			continue
		}
		d.pads[slot] = padSlot{true, id, model, d.host.Name(id)}
		d.arrived = append(d.arrived, d.pads[slot].name)
	}
}

func (d *devices) slotOf(id ebiten.GamepadID) int {
	for i := range d.pads {
		if d.pads[i].connected && d.pads[i].id == id {
			return i
		}
	}
	return -1
}

// freeSlot is the slot for a new pad: one in which a pad of this model was,
// else one that was never used, else any.
func (d *devices) freeSlot(model string) int {
	never, any := -1, -1
	for i := range d.pads {
		p := &d.pads[i]
		switch {
		case p.connected:
		case p.model == model && model != "":
			return i
		case p.model == "" && never < 0:
			never = i
		case any < 0:
			any = i
		}
	}
	if never >= 0 {
		return never
	}
	return any
}

func contains(ids []ebiten.GamepadID, id ebiten.GamepadID) bool {
	for _, have := range ids {
		if have == id {
			return true
		}
	}
	return false
}

// hostPads are the pads of the host.
type hostPads struct{}

func (hostPads) IDs(to []ebiten.GamepadID) []ebiten.GamepadID { return ebiten.AppendGamepadIDs(to) }

func (hostPads) Model(id ebiten.GamepadID) string { return ebiten.GamepadSDLID(id) }

func (hostPads) Name(id ebiten.GamepadID) string { return ebiten.GamepadName(id) }

func (hostPads) Read(p *inputmap.Pad, id ebiten.GamepadID) {
	if ebiten.IsStandardGamepadLayoutAvailable(id) {
		for b := range inputmap.MaxButtons {
			if ebiten.IsStandardGamepadButtonPressed(id, ebiten.StandardGamepadButton(b)) {
				p.Buttons |= 1 << b
			}
		}
		for a := range inputmap.MaxSticks {
			p.Sticks[a] = float32(ebiten.StandardGamepadAxisValue(id, ebiten.StandardGamepadAxis(a)))
		}
		return
	}
	for b := range min(ebiten.GamepadButtonCount(id), inputmap.MaxRawButtons) {
		if ebiten.IsGamepadButtonPressed(id, ebiten.GamepadButton(b)) {
			p.Raw |= 1 << b
		}
	}
	for a := range min(ebiten.GamepadAxisCount(id), inputmap.MaxRawAxes) {
		p.Axes[a] = float32(ebiten.GamepadAxisValue(id, ebiten.GamepadAxisType(a)))
	}
}
