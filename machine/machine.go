// Package machine is the contract of an emulated machine: a pure function of
// its state and the input of one frame.
//
// A board package (machine/pacman, machine/cps ...) builds a Machine: it
// places its state in the arena, its CPUs and timers under the scheduler, and
// gives the machine its Board, the few things that differ from board to board
// in a frame. Whoever runs a machine (a session, a test, a benchmark) calls
// Frame, and saves, restores and hashes the arena. A machine knows no window,
// file, socket or clock.
package machine

import (
	"fmt"

	"arcade/machine/state"
	"arcade/video"
)

// Board is what a board package adds to a Machine.
type Board interface {
	// Reset does what the board's reset line does. The CPUs have been reset
	// already.
	Reset()
	// Blank is called at the start of every frame, which is the start of
	// vertical blank: interrupts are requested, sprites latched, the watchdog
	// counts. The very first frame begins at power-on, which is no blank:
	// there Blank is not called.
	Blank()
	// EndFrame brings sound chips up to the end of the frame.
	EndFrame()
	// Draw composes the picture, as the machine's state is at the end of the
	// frame. It must not change any state.
	Draw(p *video.Picture)
}

// Screen describes the picture of a board.
type Screen struct {
	W, H    int      // in pixels, as the board draws: not rotated
	Rotate  int      // degrees clockwise that the monitor is turned: 0, 90, 180, 270
	Refresh Rational // frames a second
}

// Stream describes one output of a sound chip.
type Stream struct {
	Name     string
	Rate     Rational // samples a second
	Channels int      // interleaved in the samples
	// Routes tells where each channel is heard, and how loud.
	Routes []Route
}

// Route sends a channel of a stream to the speakers. A sample of value v adds
// v * Level to each speaker that is named, where 1 is full scale.
type Route struct {
	Channel     int
	Left, Right bool
	Level       Rational
}

// Output is where a frame's picture and sound go. Either may be nil: nothing
// is drawn or heard then, and the state is exactly the same.
type Output struct {
	Picture *video.Picture
	Sound   *Sound
}

// Sound collects the samples of one frame, per stream.
type Sound struct {
	Streams [][]int16
}

// Memory is something that a debugger can read by name.
type Memory struct {
	// Name is MAME's: "maincpu/program" for an address space, "share:videoram"
	// for memory.
	Name string
	Size int
	// Read gives n bytes from addr on, in the CPU's own order. Reading
	// registers in an address space has the effects that reading has.
	Read func(addr, n int) []byte
}

// Machine is a running board.
type Machine struct {
	Set      string // MAME's name of the set
	Board    string // the board family, such as "pacman"
	Revision int    // raised whenever emulation of this family changes
	Screen   Screen
	Inputs   *Inputs
	Streams  []Stream
	Memory   []Memory
	Kept     []Kept   // what keeps its content without power
	Notes    []string // what is left out of this set's emulation, for the user to see

	Arena     *state.Arena
	Scheduler *Scheduler

	// Ports has what each input port reads during the frame that runs, in the
	// order in which the board listed them.
	Ports [maxPorts]uint32

	board      Board
	frameTicks Rational // ticks a frame
	slicing    slicing
	st         *machineState
	out        *Output
}

type machineState struct {
	Frame uint64 // frames run since power-on
	Start int64  // tick at which the present frame began
	Fine  int64  // numerator of the fraction of a tick at the frame's start
	Slice int64  // tick of the last BeginSlice
}

// New makes a machine whose parts are still to be added: a is not sealed yet.
// hz is the rate of the scheduler's ticks.
func New(a *state.Arena, hz Rational, screen Screen) *Machine {
	m := &Machine{Arena: a, Screen: screen, Scheduler: NewScheduler(a, hz), st: state.New[machineState](a, "machine")}
	m.frameTicks = m.Scheduler.hz.over(screen.Refresh)
	a.OnRestore(func() {
		m.st.Start = min(m.st.Start&(Never-1), m.Scheduler.st.Now)
		m.st.Start = max(m.st.Start, m.Scheduler.st.Now-1)
		if m.st.Fine < 0 || m.st.Fine >= m.frameTicks.Den {
			m.st.Fine = 0
		}
		m.st.Slice = min(m.st.Slice&(Never-1), m.Scheduler.st.Now)
	})
	return m
}

// MatchMAME makes frames end in the very cycle in which they end in MAME, also
// where rounding decides; see mametime.go. The scheduler's tick must be a cycle
// of the one CPU. blank is the length of vertical blank in ticks.
func (m *Machine) MatchMAME(blank int64) { m.slicing = newSlicing(m.Scheduler.hz, blank) }

// BeginSlice says that the CPU has changed a line of its own: MAME ends its
// slice there and begins another, which matters to MatchMAME.
func (m *Machine) BeginSlice() { m.st.Slice = m.Scheduler.Now() }

// Finish seals the arena and powers the machine on.
func (m *Machine) Finish(b Board) {
	m.board = b
	m.Arena.Seal()
	m.Reset()
}

// Reset pulls the board's reset line now.
func (m *Machine) Reset() {
	for _, c := range m.Scheduler.cpus {
		c.core.Reset()
	}
	m.board.Reset()
}

// FrameNumber is the number of frames run since power-on.
func (m *Machine) FrameNumber() uint64 { return m.st.Frame }

// Frame runs from the start of vertical blank to the start of the next and
// returns the ticks that it took. out may be nil, or have parts that are nil.
func (m *Machine) Frame(in *Input, out *Output) int64 {
	m.out = out
	if out != nil && out.Sound != nil {
		out.Sound.reset(m.Streams)
	}
	m.Inputs.Values(in, &m.Ports)
	if in.System&Reset != 0 {
		m.Reset()
	}
	if m.st.Frame > 0 {
		m.board.Blank()
	}
	ticks := (m.frameTicks.Num + m.st.Fine) / m.frameTicks.Den
	m.st.Fine = (m.frameTicks.Num + m.st.Fine) % m.frameTicks.Den
	end := m.st.Start + ticks
	m.Scheduler.RunUntil(end)
	if m.slicing.oneMore(m.st.Start, m.st.Slice, end, m.frameTicks.Den-m.st.Fine, m.frameTicks.Den) {
		m.Scheduler.RunUntil(end + 1)
	}
	m.st.Start = end
	m.st.Frame++
	m.board.EndFrame()
	if out != nil && out.Picture != nil {
		m.board.Draw(out.Picture)
	}
	m.out = nil
	return ticks
}

// FrameStart is the tick at which the present frame began; between frames, the
// time now. The exact time is fine/den ticks later.
func (m *Machine) FrameStart() (ticks, fine, den int64) {
	return m.st.Start, m.st.Fine, m.frameTicks.Den
}

// Picture is where this frame's picture goes, for boards that draw as they go
// along, or nil if it is not drawn.
func (m *Machine) Picture() *video.Picture {
	if m.out == nil {
		return nil
	}
	return m.out.Picture
}

// Samples gives room for n more sample frames of a stream, or nil if nobody
// listens.
func (m *Machine) Samples(stream, n int) []int16 {
	if m.out == nil || m.out.Sound == nil {
		return nil
	}
	s := &m.out.Sound.Streams[stream]
	at := len(*s)
	n *= m.Streams[stream].Channels
	for cap(*s) < at+n {
		*s = append((*s)[:cap(*s)], 0)
	}
	*s = (*s)[:at+n]
	return (*s)[at:]
}

// NewSound makes room for a frame's samples.
func (m *Machine) NewSound() *Sound {
	s := &Sound{}
	s.reset(m.Streams)
	for i, st := range m.Streams {
		// Twice a frame's worth, so that no frame allocates.
		n := st.Rate.over(m.Scheduler.hz).ceil(m.frameTicks.ceil(1))
		s.Streams[i] = make([]int16, 0, 2*int(n+64)*st.Channels)
	}
	return s
}

func (s *Sound) reset(streams []Stream) {
	for len(s.Streams) < len(streams) {
		s.Streams = append(s.Streams, nil)
	}
	for i := range s.Streams {
		s.Streams[i] = s.Streams[i][:0]
	}
}

// NewPicture makes a picture of the board's size.
func (m *Machine) NewPicture() *video.Picture { return video.NewPicture(m.Screen.W, m.Screen.H) }

// CPU finds a processor by its tag.
func (m *Machine) CPU(tag string) (*CPU, error) {
	var have []string
	for _, c := range m.Scheduler.cpus {
		if c.Tag == tag {
			return c, nil
		}
		have = append(have, c.Tag)
	}
	return nil, fmt.Errorf("%s has no CPU %q; it has %v", m.Set, tag, have)
}

// AddBytes lets a debugger read memory by name.
func (m *Machine) AddBytes(name string, mem []byte) {
	m.Memory = append(m.Memory, Memory{name, len(mem), func(addr, n int) []byte { return mem[addr : addr+n] }})
}

// AddSpace lets a debugger read an address space byte by byte.
func (m *Machine) AddSpace(name string, size int, read func(addr uint32) uint8) {
	m.Memory = append(m.Memory, Memory{name, size, func(addr, n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = read(uint32(addr + i))
		}
		return out
	}})
}
