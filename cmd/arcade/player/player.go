// Package player runs a machine in real time: a goroutine of its own, paced at
// the board's exact refresh rate, that samples the host's input right before
// each frame, hands over the finished picture, and keeps the sound device fed.
// It knows no window; whoever shows the pictures asks for the newest one.
package player

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"arcade/machine"
	"arcade/video"
)

// Session is what the loop plays: session.Local, or a match.
type Session interface {
	Machine() *machine.Machine
	// Step runs one frame and returns the input that was in force.
	Step(in machine.Input, out *machine.Output) machine.Input
}

// Rewinder is a Session that can go back.
type Rewinder interface {
	// Rewind goes back one frame and shows it, or reports false.
	Rewind(out *machine.Output) bool
}

// Jumper is a Session whose sound does not always follow from what was heard
// before: a match, in which a rollback has changed the past.
type Jumper interface {
	// Jumped reports whether the sound of the last Step does not follow.
	Jumped() bool
}

// Keeper stores what a machine keeps without power.
type Keeper interface {
	// Look takes note of what that is now. The loop calls it between two
	// frames, and does not wait for the disk.
	Look()
}

// Options configure a Player.
type Options struct {
	Session Session
	// Input gives the input of the next frame. It is called by the loop right
	// before that frame, once for each.
	Input func() machine.Input
	// Sound is where sound goes, or nil.
	Sound Sound
	// Latency is how much sound may be buffered, the device's own buffer
	// included; 0 is DefaultLatency.
	Latency time.Duration
	// Clock is nil for the host's.
	Clock Clock
	// Frame, if not nil, is called after every frame that was played (not
	// those of rewinding), in the loop, with the input that was in force.
	Frame func(in *machine.Input)
	// Kept, if not nil, looks at the machine every few seconds, after a frame in
	// which it was reset, and at the end. Frames that are taken back later, such
	// as those of run-ahead, are never looked at.
	Kept Keeper
}

// Speed is how the loop goes on.
type Speed int32

// The speeds.
const (
	Normal Speed = iota
	Fast         // as fast as the host can, without sound
	Slow         // at half speed, without sound
	Back         // rewinding, without sound
)

// DefaultLatency is what Options.Latency 0 means.
const DefaultLatency = 40 * time.Millisecond

// keepEvery is how often Options.Kept looks.
const keepEvery = 5 * time.Second

// minLeft is the least sound that should be left when the next arrives: less
// would not survive a goroutine that wakes up a little late.
const (
	minLeft = 6 * time.Millisecond
	blocks  = 9 * time.Millisecond
)

// Player is the loop. Its methods may be called from any goroutine.
type Player struct {
	o       Options
	m       *machine.Machine
	clock   Clock
	frames  *frames
	speaker *speaker
	out     machine.Output
	period  time.Duration

	paused  atomic.Bool
	speed   atomic.Int32
	steps   atomic.Int32 // frames to run although paused
	stopped atomic.Bool
	wake    chan struct{}
	display display
	looked  time.Duration // when Options.Kept looked last

	mu    sync.Mutex
	queue []func()
	stats Stats
	rate  rateMeter
}

// Stats is what the statistics line shows.
type Stats struct {
	Frames   uint64        // played so far
	FPS      float64       // frames in the last second
	Work     time.Duration // for one frame, smoothed
	Skipped  int           // pictures not drawn because the host was too slow
	Missed   int           // frames that came more than a whole frame late
	Resyncs  int           // times that the loop gave up catching up
	Gaps     int           // times that the sound ran dry
	Buffered time.Duration // sound waiting before the device
	Locked   bool          // to the display
}

// New makes a player that does not run yet.
func New(o Options) (*Player, error) {
	m := o.Session.Machine()
	p := &Player{o: o, m: m, clock: o.Clock, wake: make(chan struct{}, 1)}
	if p.clock == nil {
		p.clock = NewSystemClock()
	}
	p.period = newPacer(m.Screen.Refresh, 1, 1).whole
	if o.Input == nil {
		p.o.Input = m.Inputs.Released
	}
	p.frames = newFrames(m.NewPicture)
	p.out.Sound = m.NewSound()
	if o.Sound != nil {
		latency := o.Latency
		if latency == 0 {
			latency = DefaultLatency
		}
		var err error
		// What is left when a frame's sound arrives, so that hardly ever more
		// than latency is there afterwards: devices take blocks, so it goes up
		// and down.
		if p.speaker, err = newSpeaker(o.Sound, m, max(latency-p.period-blocks, minLeft), max(latency, p.period+minLeft+blocks)); err != nil {
			return nil, err
		}
	}
	p.display.init(float64(m.Screen.Refresh.Num) / float64(m.Screen.Refresh.Den))
	return p, nil
}

// catchUp is how late the loop may be and still run frames without pause to
// catch up; later than that, it goes on from now.
const catchUp = 150 * time.Millisecond

// maxSkip is how many pictures in a row may be left out to catch up.
const maxSkip = 5

// Run plays until Stop. It returns an error only for a fault in a machine.
func (p *Player) Run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Fault{Frame: p.m.FrameNumber(), What: r, Stack: debug.Stack()}
		}
		if p.speaker != nil {
			p.speaker.stop()
		}
		p.stopped.Store(true)
		p.runQueue() // nobody waits for ever
		if err == nil && p.o.Kept != nil {
			p.o.Kept.Look()
		}
	}()
	defer prompt()()
	pacers := map[Speed]*pacer{}
	for s, n := range map[Speed][2]int64{Normal: {1, 1}, Slow: {1, 2}, Back: {1, 1}} {
		pace := newPacer(p.m.Screen.Refresh, n[0], n[1])
		pacers[s] = &pace
	}
	speed := Normal
	pace := pacers[Normal]
	pace.restart(p.clock.Now())
	skipped := 0
	drawn := time.Duration(-1 << 62) // when a picture was last drawn
	for {
		p.runQueue()
		if p.stopped.Load() {
			return nil
		}
		if s := Speed(p.speed.Load()); s != speed {
			speed = s
			if pacers[s] != nil {
				pace = pacers[s]
			}
			pace.restart(p.clock.Now())
		}
		if p.paused.Load() {
			if p.steps.Load() == 0 {
				p.idle()
				pace.restart(p.clock.Now())
				continue
			}
			p.steps.Add(-1)
			pace.restart(p.clock.Now())
		}
		draw := true
		switch {
		case speed == Fast:
			now := p.clock.Now()
			draw = now-drawn >= p.period
			pace.restart(now)
		case speed == Normal && p.display.wait(p.period):
			pace.restart(p.clock.Now())
		default:
			p.clock.SleepUntil(pace.due)
			late := p.clock.Now() - pace.due
			if late > pace.whole {
				p.count(func(s *Stats) { s.Missed++ })
			}
			switch {
			case late > catchUp:
				pace.restart(p.clock.Now())
				p.count(func(s *Stats) { s.Resyncs++ })
			case late > 2*pace.whole && skipped < maxSkip:
				draw = false
			}
		}
		if p.stopped.Load() {
			return nil
		}
		if draw {
			skipped, drawn = 0, p.clock.Now()
		} else {
			skipped++
		}
		p.frame(speed, draw)
		pace.advance()
	}
}

// frame runs one frame.
func (p *Player) frame(speed Speed, draw bool) {
	out := machine.Output{Sound: p.out.Sound}
	if draw {
		out.Picture = p.frames.drawing()
	}
	if speed != Normal {
		out.Sound = nil
	}
	played := true
	start := p.clock.Now()
	if speed == Back {
		r, ok := p.o.Session.(Rewinder)
		played = false
		draw = ok && r.Rewind(&out)
	} else {
		in := p.o.Input()
		in = p.o.Session.Step(in, &out)
		if j, ok := p.o.Session.(Jumper); ok && p.speaker != nil && j.Jumped() {
			p.speaker.splice()
		}
		if p.o.Frame != nil {
			p.o.Frame(&in)
		}
		p.keep(in.System&machine.Reset != 0)
	}
	if draw {
		p.frames.finish()
	}
	var buffered time.Duration
	gaps := 0
	if s := p.speaker; s != nil {
		if out.Sound != nil {
			s.base = p.display.ratio()
			s.frame(out.Sound)
		} else {
			s.stop()
		}
		n, _ := s.out.Buffered()
		buffered, gaps = time.Duration(n)*time.Second/time.Duration(s.out.Rate()), s.gaps
	}
	now := p.clock.Now()
	p.count(func(s *Stats) {
		if played {
			s.Frames++
			s.FPS = p.rate.add(now)
		}
		if played && !draw && speed == Normal {
			s.Skipped++
		}
		s.Work += (now - start - s.Work) / 16
		s.Buffered, s.Gaps = buffered, gaps
		s.Locked = p.display.locked()
	})
}

// keep has what the machine keeps without power looked at, if it is time.
func (p *Player) keep(now bool) {
	if p.o.Kept == nil {
		return
	}
	if t := p.clock.Now(); now || t-p.looked >= keepEvery {
		p.looked = t
		p.o.Kept.Look()
	}
}

// idle waits while paused.
func (p *Player) idle() {
	if p.speaker != nil {
		p.speaker.stop()
	}
	<-p.wake
}

func (p *Player) count(f func(s *Stats)) {
	p.mu.Lock()
	f(&p.stats)
	p.mu.Unlock()
}

// Stats tells how it goes.
func (p *Player) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stats
}

// runQueue runs what Do and Post left.
func (p *Player) runQueue() {
	p.mu.Lock()
	queue := p.queue
	p.queue = nil
	p.mu.Unlock()
	for _, f := range queue {
		f()
	}
}

func (p *Player) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Post has the loop call f between two frames; also while it is paused. Only
// there may the machine be looked at, saved or restored. After Stop, f may
// never be called.
func (p *Player) Post(f func()) {
	p.mu.Lock()
	p.queue = append(p.queue, f)
	p.mu.Unlock()
	p.poke()
}

// Stop ends Run.
func (p *Player) Stop() {
	p.stopped.Store(true)
	p.poke()
}

// Stopped reports whether Run has ended or is about to.
func (p *Player) Stopped() bool { return p.stopped.Load() }

// SetPaused stops and continues.
func (p *Player) SetPaused(paused bool) {
	p.paused.Store(paused)
	p.poke()
}

// Paused reports whether frames run only by StepFrame.
func (p *Player) Paused() bool { return p.paused.Load() }

// StepFrame runs one frame although the loop is paused.
func (p *Player) StepFrame() {
	p.steps.Add(1)
	p.poke()
}

// SetSpeed changes how the loop goes on.
func (p *Player) SetSpeed(s Speed) { p.speed.Store(int32(s)) }

// Speed is what SetSpeed set.
func (p *Player) Speed() Speed { return Speed(p.speed.Load()) }

// SetVolume is 0 to 1.
func (p *Player) SetVolume(v float64) {
	if p.speaker != nil {
		p.Post(func() { p.speaker.setVolume(v) })
	}
}

// Picture is the newest finished picture, which stays as it is until the next
// call, and whether it is another than that of the call before. Only one
// goroutine may call it.
func (p *Player) Picture() (pic *video.Picture, fresh bool) { return p.frames.newest() }

// Redraw shows the machine as it is now, without running it: after a state was
// loaded while paused. It may only be called by a function given to Post. The
// picture comes from a frame that is run and taken back, since boards may draw
// as they go along.
func (p *Player) Redraw() {
	a := p.m.Arena
	slot := a.NewSlot()
	a.Save(slot)
	in := p.m.Inputs.Released()
	p.m.Frame(&in, &machine.Output{Picture: p.frames.drawing()})
	a.Load(slot)
	p.frames.finish()
}

// Fault is a panic within emulation.
type Fault struct {
	Frame uint64
	What  any
	Stack []byte
}

func (f *Fault) Error() string {
	return fmt.Sprintf("emulation failed in frame %d: %v; this is a bug in arcade, please report it with the name of the game", f.Frame, f.What)
}

// rateMeter counts frames a second.
type rateMeter struct {
	since time.Duration
	n     int
	value float64
}

func (r *rateMeter) add(now time.Duration) float64 {
	r.n++
	if d := now - r.since; d >= time.Second {
		r.value = float64(r.n) / d.Seconds()
		r.since, r.n = now, 0
	}
	return r.value
}
