// Package machinetest has a very small machine, for tests of whatever runs
// machines, and faults that can be planted in it to see them caught.
package machinetest

import (
	"arcade/cpu"
	"arcade/machine"
	"arcade/machine/state"
	"arcade/video"
)

// Fault is something wrong with the machine.
type Fault int

// The faults.
const (
	None           Fault = iota
	NonDeterminism       // one value depends on something outside the state
	StaleBank            // a derived bank pointer is not rebuilt after a restore
	DeadControls         // the players' controls change nothing; the reset button does
	DeadInput            // nothing at all that is pressed changes anything
	DirtyPicture         // drawing depends on what was drawn before
	DirtySound           // samples depend on something outside the state
	UntrackedWrite       // tracked memory is written without Touch
	FreshOnly            // the second machine that is built behaves differently
)

// Core is a processor with one instruction: mix the accumulator with a byte
// that the bus gives, in 4 to 7 cycles.
type Core struct {
	st    *CoreState
	stuck bool // for a fault: the reset pin is not connected
	Read  func(addr uint32) uint8
	Write func(addr uint32, v uint8)
	yield bool
	trace func()
}

// CoreState is the Core's state.
type CoreState struct {
	Cycles int64
	Acc    uint32
	PC     uint32
}

// NewCore makes a core whose reads give 0.
func NewCore(st *CoreState) *Core {
	return &Core{st: st, Read: func(uint32) uint8 { return 0 }, Write: func(uint32, uint8) {}}
}

// Run implements cpu.Core.
func (c *Core) Run(until int64) {
	c.yield = false
	for c.st.Cycles < until && !c.yield {
		if c.trace != nil {
			c.trace()
		}
		c.st.Acc = c.st.Acc*1664525 + 1013904223 + uint32(c.Read(c.st.PC))
		if c.st.Acc>>28 == 0 {
			c.Write(c.st.PC, uint8(c.st.Acc>>16))
		}
		c.st.PC++
		c.st.Cycles += 4 + int64(c.st.Acc>>30)
	}
}

// The rest of cpu.Core.

// Now implements cpu.Core.
func (c *Core) Now() int64 { return c.st.Cycles }

// Yield implements cpu.Core.
func (c *Core) Yield() { c.yield = true }

// SetTime implements cpu.Core.
func (c *Core) SetTime(t int64) { c.st.Cycles = t }

// Reset implements cpu.Core.
func (c *Core) Reset() {
	if !c.stuck {
		c.st.Acc, c.st.PC = 1, 0
	}
}

// Restored implements cpu.Core.
func (c *Core) Restored() {}

// Registers implements cpu.Core.
func (c *Core) Registers() []cpu.Register {
	return []cpu.Register{
		{Name: "ACC", Digits: 8, Value: func() uint64 { return uint64(c.st.Acc) }},
		{Name: "PC", Digits: 8, Value: func() uint64 { return uint64(c.st.PC) }},
	}
}

// TraceRegisters implements cpu.Core.
func (c *Core) TraceRegisters() []cpu.Register { return c.Registers() }

// PC implements cpu.Core.
func (c *Core) PC() uint32 { return c.st.PC }

// Disassemble implements cpu.Core.
func (c *Core) Disassemble(uint32) (string, int) { return "mix", 1 }

// AddressDigits implements cpu.Core.
func (c *Core) AddressDigits() int { return 8 }

// SetTrace implements cpu.Core.
func (c *Core) SetTrace(hook func()) { c.trace = hook }

type board struct {
	*machine.Machine
	fault  Fault
	serial uint8
	a, b   *Core
	st     *boardState
	flash  *state.Tracked
	rom    [4][256]uint8
	bank   *[256]uint8 // derived from st.Bank
	due    *machine.SampleClock
	latch  *machine.Event
	frames int    // for faults: not part of the state
	drawn  uint32 // for faults: not part of the state
}

type boardState struct {
	Phase uint32
	Bank  uint8
	Latch uint8
	Pad   [2]uint8
}

// Build returns a constructor of machines with a fault, as a game loader would.
func Build(fault Fault) func() (*machine.Machine, error) {
	built := uint8(0)
	return func() (*machine.Machine, error) {
		built++
		return build(fault, built)
	}
}

// New builds a machine: two processors, the second of which gets a byte from
// the first through a latch, a banked ROM, tracked memory, one stream.
func New(fault Fault) (*machine.Machine, error) { return build(fault, 1) }

func build(fault Fault, serial uint8) (*machine.Machine, error) {
	a := state.NewArena(1 << 20)
	b := &board{fault: fault, serial: serial}
	b.Machine = machine.New(a, machine.Hz(1_000_000), machine.Screen{W: 64, H: 32, Refresh: machine.Rational{Num: 2_000_000, Den: 33_333}})
	b.Set, b.Board, b.Revision = "toy", "toy", 1
	var err error
	b.Inputs, err = machine.NewInputs([]string{"IN0", "DSW"}, nil, []machine.Field{
		{Name: "P1 Up", Port: "IN0", Mask: 1, Default: 1, Kind: machine.KindButton, Bit: machine.Up},
		{Name: "P2 Up", Port: "IN0", Mask: 2, Default: 2, Kind: machine.KindButton, Seat: 1, Bit: machine.Up},
		{Name: "Coin 1", Port: "IN0", Mask: 4, Default: 4, Kind: machine.KindSystem, Bit: machine.Coin1},
		{Name: "Dial", Port: "IN0", Mask: 0xff00, Kind: machine.KindAxis},
		{Name: "Lives", Port: "DSW", Mask: 3, Kind: machine.KindDIP, Settings: []machine.Setting{{Value: 0, Name: "3"}, {Value: 1, Name: "5"}}},
	})
	if err != nil {
		return nil, err
	}
	for i := range b.rom {
		for j := range b.rom[i] {
			b.rom[i][j] = uint8(i*77 + j*j)
		}
	}
	b.st = state.New[boardState](a, "board")
	b.a = NewCore(state.New[CoreState](a, "maincpu"))
	b.b = NewCore(state.New[CoreState](a, "audiocpu"))
	b.a.stuck, b.b.stuck = fault == DeadInput, fault == DeadInput
	b.Scheduler.AddCPU(a, "maincpu", b.a, machine.Hz(1_000_000))
	b.Scheduler.AddCPU(a, "audiocpu", b.b, machine.Rational{Num: 3_579_545, Den: 7})
	b.latch = b.Scheduler.NewEvent(a, "latch", func(v uint64) { b.st.Latch = uint8(v) })
	b.due = b.Scheduler.NewSampleClock(a, "stream", machine.Hz(48_000))
	b.Streams = []machine.Stream{{Name: "stream", Rate: machine.Hz(48_000), Channels: 1,
		Routes: []machine.Route{{Left: true, Right: true, Level: machine.Rational{Num: 1, Den: 32768}}}}}
	b.flash = a.Tracked("flash", 8*state.PageSize)
	b.bank = &b.rom[0]
	a.OnRestore(func() {
		b.st.Bank &= 3
		if fault != StaleBank {
			b.bank = &b.rom[b.st.Bank]
		}
	})
	b.a.Read = func(addr uint32) uint8 {
		v := b.bank[uint8(addr)]
		if fault != DeadInput && fault != DeadControls {
			v ^= uint8(b.Ports[0]) ^ uint8(b.Ports[0]>>8) ^ uint8(b.Ports[1])
		}
		if fault == NonDeterminism && b.frames == 100 {
			v++
		}
		return v
	}
	b.a.Write = func(addr uint32, v uint8) {
		b.latch.Sync(uint64(v))
		b.st.Bank = v & 3
		b.bank = &b.rom[v&3]
		at := uint32(v) << 7 % uint32(len(b.flash.Mem))
		b.flash.Mem[at] += v | 1
		if fault != UntrackedWrite {
			b.flash.Touch(at)
		}
	}
	b.b.Read = func(uint32) uint8 { return b.st.Latch }
	b.AddBytes("share:flash", b.flash.Mem)
	b.Finish(b)
	return b.Machine, nil
}

// Reset implements machine.Board.
func (b *board) Reset() {
	if b.fault == DeadInput {
		return
	}
	b.st.Bank, b.st.Latch = 0, 0
	b.bank = &b.rom[0]
}

// Blank implements machine.Board.
func (b *board) Blank() {
	b.frames++
	b.st.Phase += 3
	if b.fault == FreshOnly {
		b.st.Pad[0] = b.serial
	}
}

// EndFrame implements machine.Board.
func (b *board) EndFrame() {
	n := b.due.Owed()
	out := b.Samples(0, n)
	for i := range out {
		out[i] = int16(b.st.Latch) << 4
		if b.fault == DirtySound {
			out[i] += int16(b.frames)
		}
	}
}

// Draw implements machine.Board.
func (b *board) Draw(p *video.Picture) {
	b.drawn++
	for i := range p.Pix {
		p.Pix[i] = uint32(b.st.Phase)*uint32(i) + uint32(b.flash.Mem[i]) + uint32(b.Arena.Block()[8])
	}
	if b.fault == DirtyPicture {
		p.Pix[7] = b.drawn
	}
}
