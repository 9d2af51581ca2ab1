package machine

import (
	"encoding/binary"
	"fmt"
)

// Limits of the fixed-size input of a frame.
const (
	MaxSeats = 4  // players
	MaxAxes  = 4  // dials, sticks and guns of a player
	MaxBanks = 8  // input ports that hold DIP switches
	maxPorts = 16 // input ports of a board
)

// Input is everything from outside that can change a running machine during
// one frame. It holds for the whole frame. It is a value: comparable, without
// pointers, and the same on every host.
type Input struct {
	Seats  [MaxSeats]Seat
	System uint32           // what the host owns: System... bits
	DIPs   [MaxBanks]uint32 // switch positions, as bits of their ports
}

// Seat is one player's part of an Input.
type Seat struct {
	Buttons uint32         // Button bits; 1 is pressed
	Axes    [MaxAxes]int16 // raw positions as the port counts them
}

// Bits of Seat.Buttons.
const (
	Up uint32 = 1 << iota
	Down
	Left
	Right
	Button1
	Button2
	Button3
	Button4
	Button5
	Button6
	Button7
	Button8
	Button9
	Button10
	Start
	Select
	Up2 // second stick
	Down2
	Left2
	Right2
)

// Bits of Input.System.
const (
	Coin1 uint32 = 1 << iota
	Coin2
	Coin3
	Coin4
	Service1 // service credit
	Service2
	Service3
	Service4
	ServiceMode // the test switch
	Tilt
	VolumeUp
	VolumeDown
	MemoryCard // a memory card is in its slot
	Reset      // the reset button: pressed in a frame, the machine is reset at its start
	Other1     // what a board has besides, described by its fields
	Other2
	Other3
	Other4
)

// Kind says which part of an Input a field reads.
type Kind uint8

// The kinds of fields.
const (
	KindButton Kind = iota // Seats[Seat].Buttons & Bit
	KindSystem             // System & Bit
	KindAxis               // Seats[Seat].Axes[Axis]
	KindDIP                // DIPs[bank of its port], masked
)

// Field describes one thing that a person or the host can change: a button, a
// coin slot, a dial, a DIP switch. Fields are data: boards list them per set.
type Field struct {
	Name    string // MAME's, such as "P1 Up" or "Difficulty"
	Port    string // MAME's tag of the port, such as "IN0"
	Mask    uint32 // bits of the port
	Default uint32 // value of those bits when released, or the factory setting
	Kind    Kind
	Seat    uint8  // of buttons and axes: 0 is player 1
	Axis    uint8  // of axes: index in Seat.Axes
	Bit     uint32 // of buttons and system fields: one bit

	Settings []Setting // of DIP switches
	Range    Range     // of axes
	Ways     uint8     // of sticks: 2, 4 or 8 directions; 0 is 8
}

// Setting is one position of a DIP switch.
type Setting struct {
	Value uint32 // in the bits of the mask
	Name  string // such as "Very Hard"
}

// Range is how an axis moves.
type Range struct {
	Relative    bool  // a dial or trackball: it wraps round; else a stick with two ends
	Min, Max    int32 // ends of a stick
	Sensitivity int32 // percent: 100 is one count for one count of a mouse
	KeyDelta    int32 // counts a frame while a key is held
	Reverse     bool
}

// Inputs is the input layout of a machine: its fields, compiled.
type Inputs struct {
	Fields []Field
	ports  []string
	idle   [maxPorts]uint32 // value of a port with nothing pressed
	banks  []int            // DIPs index -> port index
	of     []fieldPlace
}

type fieldPlace struct {
	port, bank int
}

// NewInputs compiles a layout. tags lists the ports in the board's own order,
// which is that of Machine.Ports; ports has what those bits read that no field
// covers (a port that is not in it reads 0 there).
func NewInputs(tags []string, ports []Port, fields []Field) (*Inputs, error) {
	in := &Inputs{Fields: fields, ports: tags}
	if len(tags) > maxPorts {
		return nil, fmt.Errorf("machine: %d input ports, at most %d are possible", len(tags), maxPorts)
	}
	index := map[string]int{}
	for i, tag := range tags {
		index[tag] = i
	}
	for _, p := range ports {
		if i, ok := index[p.Tag]; ok {
			in.idle[i] = p.Unused
		}
	}
	banks := map[int]int{}
	for _, f := range fields {
		i, ok := index[f.Port]
		if !ok {
			return nil, fmt.Errorf("machine: input %q is in port %q, which the board does not have", f.Name, f.Port)
		}
		place := fieldPlace{port: i}
		in.idle[i] = in.idle[i]&^f.Mask | f.Default&f.Mask
		switch f.Kind {
		case KindDIP:
			b, ok := banks[i]
			if !ok {
				b = len(in.banks)
				if b == MaxBanks {
					return nil, fmt.Errorf("machine: DIP switches in more than %d ports", MaxBanks)
				}
				banks[i] = b
				in.banks = append(in.banks, i)
			}
			place.bank = b
		case KindAxis:
			if f.Axis >= MaxAxes || f.Seat >= MaxSeats {
				return nil, fmt.Errorf("machine: input %q is axis %d of seat %d", f.Name, f.Axis, f.Seat)
			}
		case KindButton, KindSystem:
			if f.Bit == 0 || f.Bit&(f.Bit-1) != 0 || f.Seat >= MaxSeats {
				return nil, fmt.Errorf("machine: input %q has bit %#x of seat %d", f.Name, f.Bit, f.Seat)
			}
		}
		in.of = append(in.of, place)
	}
	return in, nil
}

// Port is an input port of a board.
type Port struct {
	Tag    string
	Unused uint32 // value of the bits that no field covers
}

// Released is the input of a frame in which nothing is pressed and every DIP
// switch and axis is in its default position.
func (in *Inputs) Released() Input {
	var out Input
	for i, f := range in.Fields {
		switch f.Kind {
		case KindDIP:
			out.DIPs[in.of[i].bank] |= f.Default & f.Mask
		case KindAxis:
			out.Seats[f.Seat].Axes[f.Axis] = int16(f.Default & f.Mask >> shift(f.Mask))
		}
	}
	return out
}

// Values computes what each port reads, in the order of NewInputs' ports.
func (in *Inputs) Values(input *Input, values *[maxPorts]uint32) {
	*values = in.idle
	for i := range in.Fields {
		f := &in.Fields[i]
		v := &values[in.of[i].port]
		switch f.Kind {
		case KindButton:
			if input.Seats[f.Seat%MaxSeats].Buttons&f.Bit != 0 {
				*v ^= f.Mask
			}
		case KindSystem:
			if input.System&f.Bit != 0 {
				*v ^= f.Mask
			}
		case KindDIP:
			*v = *v&^f.Mask | input.DIPs[in.of[i].bank]&f.Mask
		case KindAxis:
			raw := uint32(input.Seats[f.Seat%MaxSeats].Axes[f.Axis%MaxAxes])
			*v = *v&^f.Mask | raw<<shift(f.Mask)&f.Mask
		}
	}
}

// Find returns the index of the field with MAME's name, or PORT/NAME where two
// ports use a name.
func (in *Inputs) Find(name string) (int, bool) {
	for i, f := range in.Fields {
		if f.Name == name || f.Port+"/"+f.Name == name {
			return i, true
		}
	}
	return 0, false
}

// Set changes one field of an input: for buttons and system fields, value 0
// is released and anything else pressed; for DIP switches and axes it is the
// raw value (of switches: in place, in the bits of the mask).
func (in *Inputs) Set(input *Input, field int, value uint32) {
	f := &in.Fields[field]
	set := func(word *uint32) {
		*word &^= f.Bit
		if value != 0 {
			*word |= f.Bit
		}
	}
	switch f.Kind {
	case KindButton:
		set(&input.Seats[f.Seat].Buttons)
	case KindSystem:
		set(&input.System)
	case KindDIP:
		bank := &input.DIPs[in.of[field].bank]
		*bank = *bank&^f.Mask | value&f.Mask
	case KindAxis:
		input.Seats[f.Seat].Axes[f.Axis] = int16(value)
	}
}

// Get is the opposite of Set.
func (in *Inputs) Get(input *Input, field int) uint32 {
	f := &in.Fields[field]
	var bits uint32
	switch f.Kind {
	case KindButton:
		bits = input.Seats[f.Seat].Buttons & f.Bit
	case KindSystem:
		bits = input.System & f.Bit
	case KindDIP:
		return input.DIPs[in.of[field].bank] & f.Mask
	case KindAxis:
		return uint32(uint16(input.Seats[f.Seat].Axes[f.Axis]))
	}
	if bits != 0 {
		return 1
	}
	return 0
}

// Seats is the number of players that the layout has fields for.
func (in *Inputs) Seats() int {
	n := 0
	for _, f := range in.Fields {
		if f.Kind == KindButton || f.Kind == KindAxis {
			n = max(n, int(f.Seat)+1)
		}
	}
	return n
}

func shift(mask uint32) (n int) {
	for ; mask != 0 && mask&1 == 0; mask >>= 1 {
		n++
	}
	return n
}

// Sizes of encoded inputs, in bytes.
const (
	SeatSize   = 4 + 2*MaxAxes
	SystemSize = 4 + 4*MaxBanks
	InputSize  = MaxSeats*SeatSize + SystemSize
)

// Append appends the encoding of the seat: SeatSize bytes, little-endian.
func (s *Seat) Append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, s.Buttons)
	for _, a := range s.Axes {
		b = binary.LittleEndian.AppendUint16(b, uint16(a))
	}
	return b
}

// Decode reads what Append wrote; b must have SeatSize bytes.
func (s *Seat) Decode(b []byte) {
	_ = b[SeatSize-1]
	s.Buttons = binary.LittleEndian.Uint32(b)
	for i := range s.Axes {
		s.Axes[i] = int16(binary.LittleEndian.Uint16(b[4+2*i:]))
	}
}

// AppendSystem appends the encoding of the host's part: SystemSize bytes.
func (in *Input) AppendSystem(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, in.System)
	for _, d := range in.DIPs {
		b = binary.LittleEndian.AppendUint32(b, d)
	}
	return b
}

// DecodeSystem reads what AppendSystem wrote; b must have SystemSize bytes.
func (in *Input) DecodeSystem(b []byte) {
	_ = b[SystemSize-1]
	in.System = binary.LittleEndian.Uint32(b)
	for i := range in.DIPs {
		in.DIPs[i] = binary.LittleEndian.Uint32(b[4+4*i:])
	}
}

// Append appends the encoding of the whole input: InputSize bytes, the seats
// first.
func (in *Input) Append(b []byte) []byte {
	for i := range in.Seats {
		b = in.Seats[i].Append(b)
	}
	return in.AppendSystem(b)
}

// Decode reads what Append wrote; b must have InputSize bytes.
func (in *Input) Decode(b []byte) {
	_ = b[InputSize-1]
	for i := range in.Seats {
		in.Seats[i].Decode(b[i*SeatSize:])
	}
	in.DecodeSystem(b[MaxSeats*SeatSize:])
}
