package inputmap

import (
	"math"
	"sync"

	"arcade/machine"
)

// Autofire presses and releases a held button, counted in emulated frames.
type Autofire struct{ On, Off int }

// Config is what a Mapper is made from.
type Config struct {
	Bindings Bindings
	Autofire map[Action]Autofire
	SOCD     SOCD
	// Mouse is how many counts of an axis with 100 % sensitivity a pixel of
	// the mouse is worth; 0 is 1.
	Mouse float32
}

// Mapper makes the inputs of one machine. Its methods may be called from any
// goroutine.
type Mapper struct {
	mu     sync.Mutex
	in     *machine.Inputs
	config Config
	base   machine.Input // switches, and axes at rest
	out    machine.Input
	binds  []bind
	axes   []axis
	sticks [machine.MaxSeats][2]stick
	ways   [machine.MaxSeats]uint8
	pulses map[uint32]int // system bits that menus press, and for how many frames
	locked bool
}

// bind is a button or system field with its sources.
type bind struct {
	seat    int // -1: the system's
	bit     uint32
	sources []Source
	auto    Autofire
	held    int // frames
	toggle  bool
	on, was bool
}

// axis is an analog field with its sources.
type axis struct {
	seat, axis  int
	field       *machine.Field
	less, more  []Source
	whole       []Source // the mouse
	pos, centre float64
	byMouse     bool // the mouse moved it last: it stays where it is
}

// NewMapper makes a mapper for a machine.
func NewMapper(in *machine.Inputs, c Config) *Mapper {
	m := &Mapper{in: in, base: in.Released(), pulses: map[uint32]int{}}
	for i := range in.Fields {
		f := &in.Fields[i]
		if f.Kind == machine.KindButton && f.Bit&directions != 0 && f.Ways != 0 {
			m.ways[f.Seat] = f.Ways
		}
		if f.Kind == machine.KindAxis {
			start := float64(m.base.Seats[f.Seat].Axes[f.Axis])
			m.axes = append(m.axes, axis{seat: int(f.Seat), axis: int(f.Axis), field: f, pos: start, centre: start})
		}
	}
	m.Configure(c)
	return m
}

// Configure changes bindings, autofire and the SOCD mode.
func (m *Mapper) Configure(c Config) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.Mouse == 0 {
		c.Mouse = 1
	}
	old := m.binds
	m.config, m.binds = c, nil
	for i := range m.in.Fields {
		f := &m.in.Fields[i]
		a, ok := For(f)
		if !ok || f.Kind == machine.KindAxis {
			continue
		}
		b := bind{seat: int(f.Seat), bit: f.Bit, sources: c.Bindings[a], auto: c.Autofire[a]}
		if f.Kind == machine.KindSystem {
			b.seat = -1
			// The test switch is a switch: a key turns it on, and off again.
			b.toggle = f.Bit == machine.ServiceMode
		}
		if m.has(b.seat, b.bit) {
			continue
		}
		for _, o := range old {
			if o.seat == b.seat && o.bit == b.bit {
				b.on, b.was = o.on, o.was
			}
		}
		m.binds = append(m.binds, b)
	}
	for i := range m.axes {
		x := &m.axes[i]
		a, _ := For(x.field)
		x.less, x.more, x.whole = c.Bindings[a.Less()], c.Bindings[a.More()], c.Bindings[a]
	}
}

func (m *Mapper) has(seat int, bit uint32) bool {
	for _, b := range m.binds {
		if b.seat == seat && b.bit == bit {
			return true
		}
	}
	return false
}

// SetField puts a DIP switch into a position. value is in the bits of its
// field's mask.
func (m *Mapper) SetField(field int, value uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.in.Set(&m.base, field, value)
}

// Field is what SetField set.
func (m *Mapper) Field(field int) uint32 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.in.Get(&m.base, field)
}

// Pulse presses system bits (a coin, the reset button) for a number of frames.
func (m *Mapper) Pulse(bits uint32, frames int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pulses[bits] = frames
}

// Lock makes the players' controls rest while a menu or a chat takes the keys.
// Switches and pulses still act.
func (m *Mapper) Lock(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.locked = on
}

// Frame makes the input of the next emulated frame.
func (m *Mapper) Frame(s *State) machine.Input {
	m.mu.Lock()
	defer m.mu.Unlock()
	var none State
	if m.locked {
		s = &none
	}
	m.out = m.base
	for i := range m.binds {
		b := &m.binds[i]
		if !b.pressed(s) {
			continue
		}
		if b.seat < 0 {
			m.out.System |= b.bit
		} else {
			m.out.Seats[b.seat].Buttons |= b.bit
		}
	}
	for i := range m.out.Seats {
		b := &m.out.Seats[i].Buttons
		first := m.sticks[i][0].resolve(m.config.SOCD, m.ways[i], *b&directions)
		second := m.sticks[i][1].resolve(m.config.SOCD, m.ways[i], *b&directions2>>up2Shift)
		*b = *b&^(directions|directions2) | first | second<<up2Shift
	}
	for i := range m.axes {
		x := &m.axes[i]
		m.out.Seats[x.seat].Axes[x.axis] = x.move(s, m.config.Mouse)
	}
	for bits, n := range m.pulses {
		m.out.System |= bits
		if n <= 1 {
			delete(m.pulses, bits)
		} else {
			m.pulses[bits] = n - 1
		}
	}
	return m.out
}

// pressed tells whether a button is pressed in this frame.
func (b *bind) pressed(s *State) bool {
	held := false
	for _, src := range b.sources {
		held = held || s.Pressed(src)
	}
	if b.toggle {
		if held && !b.was {
			b.on = !b.on
		}
		b.was = held
		return b.on
	}
	if !held {
		b.held = 0
		return false
	}
	n := b.held
	b.held++
	if b.auto.On > 0 && b.auto.Off > 0 {
		return n%(b.auto.On+b.auto.Off) < b.auto.On
	}
	return true
}

// move is an axis's position in this frame.
func (x *axis) move(s *State, mouse float32) int16 {
	r := &x.field.Range
	strongest := func(sources []Source) (v float32) {
		for _, src := range sources {
			v = max(v, s.Value(src))
		}
		return v
	}
	digital := strongest(x.more) - strongest(x.less)
	var moved float32
	for _, src := range x.whole {
		moved += s.Value(src)
	}
	if r.Reverse {
		digital, moved = -digital, -moved
	}
	sensitivity := float64(r.Sensitivity) / 100
	if r.Sensitivity == 0 {
		sensitivity = 1
	}
	delta := float64(r.KeyDelta)
	if delta == 0 {
		delta = 4
	}
	x.pos += float64(moved*mouse) * sensitivity
	if r.Relative {
		x.pos += float64(digital) * delta * sensitivity
		// It goes round; what does not fit in the port is cut off there.
		x.pos = math.Mod(x.pos, 1<<16)
		return int16(uint16(int64(math.Floor(x.pos))))
	}
	// A stick goes where it is held and springs back.
	goal := x.centre
	switch {
	case digital > 0:
		goal = x.centre + (float64(r.Max)-x.centre)*float64(digital)
	case digital < 0:
		goal = x.centre + (x.centre-float64(r.Min))*float64(digital)
	}
	switch {
	case moved != 0:
		x.byMouse = true
	case digital != 0:
		x.byMouse = false
	}
	if !x.byMouse {
		x.pos += min(max(goal-x.pos, -delta), delta)
	}
	if r.Max > r.Min {
		x.pos = min(max(x.pos, float64(r.Min)), float64(r.Max))
	}
	return int16(uint16(int64(math.Round(x.pos))))
}
