package machine_test

import (
	"fmt"
	"slices"
	"testing"

	"arcade/machine"
	"arcade/machine/machinetest"
	"arcade/machine/state"
)

// Two CPUs with unrelated crystals stay within an instruction of the exact
// time for ever.
func TestUnrelatedClocks(t *testing.T) {
	a := state.NewArena(4096)
	s := machine.NewScheduler(a, machine.Hz(16_000_000))
	x := machinetest.NewCore(state.New[machinetest.CoreState](a, "x"))
	y := machinetest.NewCore(state.New[machinetest.CoreState](a, "y"))
	s.AddCPU(a, "x", x, machine.Hz(12_000_000))
	s.AddCPU(a, "y", y, machine.Hz(3_579_545))
	a.Seal()
	for second := range int64(3) {
		s.RunUntil((second + 1) * 16_000_000)
		if over := x.Now() - (second+1)*12_000_000; over < 0 || over > 7 {
			t.Errorf("second %d: x is %d cycles past the time", second, over)
		}
		if over := y.Now() - (second+1)*3_579_545; over < 0 || over > 7 {
			t.Errorf("second %d: y is %d cycles past the time", second, over)
		}
	}
}

func TestEventsComeInOrder(t *testing.T) {
	a := state.NewArena(4096)
	s := machine.NewScheduler(a, machine.Hz(1000))
	var log []string
	note := func(name string) func(uint64) {
		return func(arg uint64) { log = append(log, fmt.Sprintf("%s%d@%d", name, arg, s.Now())) }
	}
	first := s.NewEvent(a, "first", note("first"))
	second := s.NewEvent(a, "second", note("second"))
	var again *machine.Event
	again = s.NewEvent(a, "again", func(arg uint64) {
		note("again")(arg)
		if arg < 3 {
			again.At(s.Now()+10, arg+1)
		}
	})
	never := s.NewEvent(a, "never", note("never"))
	a.Seal()
	second.At(20, 0)
	first.At(20, 0)
	again.At(5, 1)
	never.At(7, 0)
	never.Cancel()
	s.RunUntil(25)
	want := []string{"again1@5", "again2@15", "first0@20", "second0@20"}
	if !slices.Equal(log, want) {
		t.Errorf("got %v, want %v", log, want)
	}
	s.RunUntil(26) // an event that is due exactly at the end is left for the next call
	if want = append(want, "again3@25"); !slices.Equal(log, want) {
		t.Errorf("got %v, want %v", log, want)
	}
}

// A write that the other CPU can see happens when both have come that far.
func TestSync(t *testing.T) {
	a := state.NewArena(4096)
	s := machine.NewScheduler(a, machine.Hz(1_000_000))
	x := machinetest.NewCore(state.New[machinetest.CoreState](a, "x"))
	y := machinetest.NewCore(state.New[machinetest.CoreState](a, "y"))
	s.AddCPU(a, "x", x, machine.Hz(1_000_000))
	s.AddCPU(a, "y", y, machine.Hz(500_000))
	writes := 0
	e := s.NewEvent(a, "latch", func(at uint64) {
		writes++
		if s.Now() != int64(at) {
			t.Errorf("the write at %d takes effect at %d", at, s.Now())
		}
		if x.Now() < int64(at) || x.Now() > int64(at)+8 {
			t.Errorf("write at %d: x is at %d", at, x.Now())
		}
		if 2*y.Now() < int64(at)-1 || 2*y.Now() > int64(at)+16 {
			t.Errorf("write at %d: y is at tick %d", at, 2*y.Now())
		}
	})
	x.Write = func(uint32, uint8) { e.Sync(uint64(s.Now())) }
	a.Seal()
	x.Reset()
	for end := int64(20_000); end < 500_000; end += 20_000 {
		s.RunUntil(end)
	}
	if writes < 1000 {
		t.Errorf("only %d writes: the test proves nothing", writes)
	}
}

func TestSuspend(t *testing.T) {
	a := state.NewArena(4096)
	s := machine.NewScheduler(a, machine.Hz(1_000_000))
	x := machinetest.NewCore(state.New[machinetest.CoreState](a, "x"))
	c := s.AddCPU(a, "x", x, machine.Hz(1_000_000))
	a.Seal()
	s.RunUntil(100)
	c.Suspend(true)
	pc := x.PC()
	s.RunUntil(1000)
	if x.PC() != pc {
		t.Error("a suspended CPU ran")
	}
	c.Suspend(false)
	s.RunUntil(1100)
	if n := x.PC() - pc; n < 100/7 || n > 100/4 {
		t.Errorf("%d instructions in 100 cycles after the pause", n)
	}
}

// Any bytes are a legal state: a machine with a damaged one runs on.
func TestDamagedStateRuns(t *testing.T) {
	m, err := machinetest.New(machinetest.None)
	if err != nil {
		t.Fatal(err)
	}
	if n := machine.Damage(m, 300, 60, 1); n != 300 {
		t.Errorf("%d of 300 damaged states ran", n)
	}
}

func TestInputsRoundTrip(t *testing.T) {
	m, err := machinetest.New(machinetest.None)
	if err != nil {
		t.Fatal(err)
	}
	in := m.Inputs.Released()
	for i, f := range m.Inputs.Fields {
		v := uint32(1)
		if f.Kind == machine.KindAxis {
			v = 0x7f
		}
		m.Inputs.Set(&in, i, v)
		if got := m.Inputs.Get(&in, i); got != v {
			t.Errorf("%s: set to %d, reads %d", f.Name, v, got)
		}
	}
	b := in.Append(nil)
	if len(b) != machine.InputSize {
		t.Fatalf("an input is encoded in %d bytes, not %d", len(b), machine.InputSize)
	}
	var out machine.Input
	if out.Decode(b); out != in {
		t.Errorf("decoded %+v, want %+v", out, in)
	}
	var ports [16]uint32
	m.Inputs.Values(&in, &ports)
	if ports[0] != 0x7f00 || ports[1] != 1 {
		t.Errorf("ports read %x, want 7f00 and 1", ports[:2])
	}
}

func TestFrameAllocatesNothing(t *testing.T) {
	m, err := machinetest.New(machinetest.None)
	if err != nil {
		t.Fatal(err)
	}
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	in := m.Inputs.Released()
	if n := testing.AllocsPerRun(200, func() { m.Frame(&in, out) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}
