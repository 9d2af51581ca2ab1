// Package toy has a small machine for tests of everything that a person sees
// and hears: a square that the stick moves, colours that the buttons change, a
// tone that never rests, a coin counter.
package toy

import (
	"arcade/machine"
	"arcade/machine/machinetest"
	"arcade/machine/state"
	"arcade/video"
)

// The size of the picture and of the square.
const (
	W, H   = 320, 240
	Square = 16
	// Step is how far the stick moves the square in a frame.
	Step = 4
)

// Colours of the picture.
const (
	Background = 0x203040
	Idle       = 0xffffff // the square
	Pressed    = 0xff4040 // the square while a button is held
	Credit     = 0x40ff40 // one block at the top for each coin
)

type board struct {
	*machine.Machine
	st    *State
	clock *machine.SampleClock
}

// State is the machine's own state.
type State struct {
	X, Y    int32
	Phase   uint32
	Credits uint32
	Coin    uint32 // in the frame before
	Buttons uint32
	Dial    int32
	Lives   uint32
}

// Options choose a kind of toy.
type Options struct {
	Rotate  int
	Refresh machine.Rational // zero: 60000/1001 Hz
	Silent  bool
	Seats   int // 0: 2
}

// New builds a toy.
func New(o Options) (*machine.Machine, error) {
	if o.Refresh.Num == 0 {
		o.Refresh = machine.Rational{Num: 60000, Den: 1001}
	}
	a := state.NewArena(1 << 16)
	b := &board{Machine: machine.New(a, machine.Hz(200_000), machine.Screen{W: W, H: H, Rotate: o.Rotate, Refresh: o.Refresh})}
	b.Set, b.Board, b.Revision = "toy", "toy", 1
	var fields []machine.Field
	in := func(name string, seat uint8, bit uint32, mask uint32) {
		fields = append(fields, machine.Field{Name: name, Port: []string{"IN0", "IN1"}[seat], Mask: mask, Default: mask, Kind: machine.KindButton, Seat: seat, Bit: bit})
	}
	for seat := range uint8(2) {
		p := string('1' + rune(seat))
		in("P"+p+" Up", seat, machine.Up, 1)
		in("P"+p+" Down", seat, machine.Down, 2)
		in("P"+p+" Left", seat, machine.Left, 4)
		in("P"+p+" Right", seat, machine.Right, 8)
		in("P"+p+" Button 1", seat, machine.Button1, 16)
		in("P"+p+" Button 2", seat, machine.Button2, 32)
		in(p+" Player Start", seat, machine.Start, 64)
	}
	fields = append(fields,
		machine.Field{Name: "Coin 1", Port: "SYS", Mask: 1, Default: 1, Kind: machine.KindSystem, Bit: machine.Coin1},
		machine.Field{Name: "Service 1", Port: "SYS", Mask: 2, Default: 2, Kind: machine.KindSystem, Bit: machine.Service1},
		machine.Field{Name: "Service Mode", Port: "SYS", Mask: 4, Default: 4, Kind: machine.KindSystem, Bit: machine.ServiceMode},
		machine.Field{Name: "Dial", Port: "DIAL", Mask: 0xff, Kind: machine.KindAxis, Range: machine.Range{Relative: true, Sensitivity: 50, KeyDelta: 10}},
		machine.Field{Name: "Lives", Port: "DSW", Mask: 3, Default: 1, Kind: machine.KindDIP,
			Settings: []machine.Setting{{Value: 0, Name: "1"}, {Value: 1, Name: "3"}, {Value: 2, Name: "5"}, {Value: 3, Name: "Free Play"}}},
		machine.Field{Name: "Demo Sounds", Port: "DSW", Mask: 4, Default: 4, Kind: machine.KindDIP,
			Settings: []machine.Setting{{Value: 0, Name: "Off"}, {Value: 4, Name: "On"}}})
	var err error
	if b.Inputs, err = machine.NewInputs([]string{"IN0", "IN1", "SYS", "DIAL", "DSW"}, nil, fields); err != nil {
		return nil, err
	}
	b.st = state.New[State](a, "toy")
	core := machinetest.NewCore(state.New[machinetest.CoreState](a, "maincpu"))
	b.Scheduler.AddCPU(a, "maincpu", core, machine.Hz(200_000))
	b.clock = b.Scheduler.NewSampleClock(a, "tone", machine.Hz(44_100))
	if !o.Silent {
		b.Streams = []machine.Stream{{Name: "tone", Rate: machine.Hz(44_100), Channels: 1,
			Routes: []machine.Route{{Left: true, Right: true, Level: machine.Rational{Num: 1, Den: 32768}}}}}
	}
	a.OnRestore(func() {
		b.st.X, b.st.Y = b.st.X&0x7fff%(W-Square), b.st.Y&0x7fff%(H-Square)
		b.st.Credits &= 15
	})
	b.Finish(b)
	return b.Machine, nil
}

// Reset implements machine.Board.
func (b *board) Reset() {
	*b.st = State{X: (W - Square) / 2, Y: (H - Square) / 2}
}

// Blank implements machine.Board.
func (b *board) Blank() {}

// EndFrame implements machine.Board.
func (b *board) EndFrame() {
	s := b.st
	in, sys := ^b.Ports[0], ^b.Ports[2]
	move := func(v *int32, by, end int32) { *v = min(max(*v+by, 0), end) }
	move(&s.X, Step*(int32(in>>3&1)-int32(in>>2&1)), W-Square)
	move(&s.Y, Step*(int32(in>>1&1)-int32(in&1)), H-Square)
	s.Buttons = in >> 4 & 3
	if coin := sys & 3; coin != 0 && s.Coin == 0 {
		s.Credits = min(s.Credits+1, 15)
	}
	s.Coin = sys & 3
	s.Dial = int32(b.Ports[3])
	s.Lives = b.Ports[4] & 3
	n := b.clock.Owed()
	if len(b.Streams) == 0 {
		s.Phase += uint32(n)
		return
	}
	out := b.Samples(0, n)
	for i := range n {
		s.Phase += 440 << 16 / 44100 * 65536
		if out != nil {
			// A triangle wave that stays above zero, so that silence is told
			// from sound.
			v := int32(s.Phase >> 17)
			if v > 16383 {
				v = 32767 - v
			}
			out[i] = int16(4096 + v/2)
		}
	}
}

// Draw implements machine.Board.
func (b *board) Draw(p *video.Picture) {
	for i := range p.Pix {
		p.Pix[i] = Background
	}
	rect := func(x, y, w, h int, c uint32) {
		for j := y; j < y+h && j < p.H; j++ {
			row := p.Row(j)
			for i := x; i < x+w && i < p.W; i++ {
				row[i] = c
			}
		}
	}
	// A frame of one pixel and a corner, to see edges and turns.
	rect(0, 0, W, 1, 0x808080)
	rect(0, H-1, W, 1, 0x808080)
	rect(0, 0, 1, H, 0x808080)
	rect(W-1, 0, 1, H, 0x808080)
	rect(2, 2, 12, 12, 0xffff00)
	for i := range int(b.st.Credits) {
		rect(20+i*12, 4, 8, 8, Credit)
	}
	for i := range int(b.st.Lives) + 1 {
		rect(W-12-i*12, 4, 8, 8, 0x40a0ff)
	}
	rect(4+int(b.st.Dial), H-8, 8, 4, 0xff80ff)
	c := uint32(Idle)
	if b.st.Buttons != 0 {
		c = Pressed
	}
	rect(int(b.st.X), int(b.st.Y), Square, Square, c)
}
