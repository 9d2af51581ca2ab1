package machine

import (
	"arcade/cpu"
	"arcade/machine/state"
)

// Never is the time of an event that is not scheduled, in ticks.
const Never = int64(1) << 62

// Scheduler runs a board's CPUs side by side and calls events at their time.
//
// Time is counted in ticks of the board's master clock since power-on. Every
// clock of the board is an exact ratio of it, so boards with unrelated
// crystals stay exact for ever.
//
// CPUs take turns in the order in which they were added, each up to the next
// event (or for a quantum, where a board sets one). A CPU that does something
// which another CPU can see calls Sync: it is stopped, all CPUs are brought up
// to that moment, and only then does the effect take place. A CPU runs whole
// instructions, so it may be past an event by a part of one; that overshoot is
// in its state. An event between two cycles counts as at the first, as in MAME.
type Scheduler struct {
	hz      Rational
	st      *schedulerState
	cpus    []*CPU
	events  []*Event
	quantum int64 // longest slice, in ticks
	target  int64 // end of the running slice
	running *CPU  // whose Run is on the stack, or nil
}

type schedulerState struct {
	Now int64 // ticks since power-on; all CPUs have come this far
}

// NewScheduler makes a scheduler whose ticks come at hz.
func NewScheduler(a *state.Arena, hz Rational) *Scheduler {
	s := &Scheduler{hz: hz.reduce(), quantum: Never, st: state.New[schedulerState](a, "scheduler")}
	a.OnRestore(func() {
		// Any bytes are a legal state: time may not be absurd.
		s.st.Now &= Never - 1
		for _, c := range s.cpus {
			c.st.Suspended &= 1
			c.core.Restored()
			// A clock that is far off would run for years to catch up.
			if due := c.ratio.ceil(s.st.Now); c.core.Now() < due-maxLag || c.core.Now() > due+maxLag {
				c.core.SetTime(due)
			}
		}
		for _, e := range s.events {
			if e.st.Time < s.st.Now {
				e.st.Time = s.st.Now
			}
		}
	})
	return s
}

// maxLag is how far, in its cycles, a CPU of a restored state may be from the
// machine's time: far more than any instruction or exception takes.
const maxLag = 4096

// Hz is the rate of ticks.
func (s *Scheduler) Hz() Rational { return s.hz }

// SetQuantum limits how long one CPU runs before the others get their turn.
func (s *Scheduler) SetQuantum(ticks int64) { s.quantum = ticks }

// CPU is one processor of the board.
type CPU struct {
	Tag   string   // MAME's, such as "maincpu"
	Hz    Rational // clock
	core  cpu.Core
	st    *cpuState
	ratio Rational // cycles a tick
	back  Rational // ticks a cycle
	sched *Scheduler
}

type cpuState struct {
	Suspended uint64 // 1: a line holds the CPU in reset or off the bus
}

// AddCPU puts a core under the scheduler's control.
func (s *Scheduler) AddCPU(a *state.Arena, tag string, core cpu.Core, hz Rational) *CPU {
	c := &CPU{Tag: tag, Hz: hz, core: core, sched: s, ratio: hz.over(s.hz), back: s.hz.over(hz)}
	c.st = state.New[cpuState](a, tag+".line")
	s.cpus = append(s.cpus, c)
	return c
}

// CPUs lists the processors in the order in which they run.
func (s *Scheduler) CPUs() []*CPU { return s.cpus }

// Core is the processor core itself.
func (c *CPU) Core() cpu.Core { return c.core }

// Wrap replaces the core that the scheduler runs, by one that measures it, say.
// It must behave the same.
func (c *CPU) Wrap(core cpu.Core) { c.core = core }

// Suspended reports whether a line holds the CPU.
func (c *CPU) Suspended() bool { return c.st.Suspended != 0 }

// Suspend stops the CPU (held in reset, or off the bus) or lets it go on.
func (c *CPU) Suspend(on bool) {
	if on == c.Suspended() {
		return
	}
	if on {
		c.st.Suspended = 1
		if c.sched.running == c {
			c.core.Yield()
		}
		return
	}
	c.st.Suspended = 0
	c.core.SetTime(max(c.core.Now(), c.ratio.ceil(c.sched.Now())))
}

// Stall takes n of the CPU's cycles away from it: a DMA that holds the bus.
func (c *CPU) Stall(n int64) { c.core.SetTime(c.core.Now() + n) }

// Ticks is the time of the CPU's cycle n.
func (c *CPU) Ticks(n int64) int64 { return c.back.floor(n) }

// Event is something that happens at a time: the expiry of a timer, a raster
// line, an effect that waits for all CPUs. Events are made at construction;
// only their time and argument are state.
type Event struct {
	name  string
	st    *eventState
	fn    func(arg uint64)
	sched *Scheduler
}

type eventState struct {
	Time int64 // ticks; Never when not scheduled
	Arg  uint64
}

// NewEvent makes an event that is not scheduled yet. fn must depend on the
// machine's state and arg alone. Of events at the same time, the one that was
// made first comes first.
func (s *Scheduler) NewEvent(a *state.Arena, name string, fn func(arg uint64)) *Event {
	e := &Event{name: name, fn: fn, sched: s, st: state.New[eventState](a, name)}
	e.st.Time = Never
	s.events = append(s.events, e)
	return e
}

// At schedules the event for a time in ticks; a time that has passed means
// now. An event has one time: a later call replaces it.
func (e *Event) At(ticks int64, arg uint64) {
	s := e.sched
	e.st.Time, e.st.Arg = max(ticks, s.st.Now), arg
	if s.running != nil && e.st.Time < s.target {
		s.target = e.st.Time
		s.running.core.Yield() // it goes on, up to the new target
	}
}

// Cancel makes the event not happen.
func (e *Event) Cancel() { e.st.Time = Never }

// Time is when the event is due, in ticks, or Never.
func (e *Event) Time() int64 { return e.st.Time }

// Sync makes the event happen as soon as every CPU has reached the present
// moment: how a write becomes visible to another CPU.
func (e *Event) Sync(arg uint64) { e.At(e.sched.Now(), arg) }

// Now is the present time in ticks. Inside a memory handler it is the time of
// the bus cycle that is being served, rounded down; in an event, the event's.
func (s *Scheduler) Now() int64 {
	if c := s.running; c != nil {
		return max(c.back.floor(c.core.Now()), s.st.Now)
	}
	return s.st.Now
}

// Running is the CPU whose instruction is being executed, or nil.
func (s *Scheduler) Running() *CPU { return s.running }

// RunUntil runs CPUs and events up to the given time. Events due exactly then
// are left for the next call, so that a frame ends before the interrupt of the
// blank that ends it.
func (s *Scheduler) RunUntil(end int64) {
	for {
		limit, next := end, s.next()
		due := next != nil && next.st.Time < end
		if due {
			limit = next.st.Time
		}
		switch {
		case s.st.Now < limit:
			s.runCPUs(limit) // may come back early, with a new event
		case due:
			next.st.Time = Never
			next.fn(next.st.Arg)
		default:
			return
		}
	}
}

// next is the event that is due first.
func (s *Scheduler) next() *Event {
	var first *Event
	for _, e := range s.events {
		if e.st.Time < Never && (first == nil || e.st.Time < first.st.Time) {
			first = e
		}
	}
	return first
}

// runCPUs brings all CPUs to the time end, or to the first moment before it at
// which one of them scheduled an event.
func (s *Scheduler) runCPUs(end int64) {
	s.target = min(end, s.st.Now+s.quantum)
	for _, c := range s.cpus {
		s.running = c
		for c.st.Suspended == 0 {
			until := c.ratio.floor(s.target)
			if c.core.Now() >= until {
				break
			}
			c.core.Run(until)
		}
	}
	s.running = nil
	s.st.Now = max(s.target, s.st.Now)
}
