package player

import (
	"errors"
	"testing"
	"time"

	"arcade/cmd/arcade/toy"
	"arcade/machine"
	"arcade/machine/session"
)

// fakeClock is a clock that stands still unless somebody sleeps or works.
type fakeClock struct {
	now  time.Duration
	late func() time.Duration // how much too late a sleeper wakes up
}

func (c *fakeClock) Now() time.Duration { return c.now }

func (c *fakeClock) SleepUntil(t time.Duration) {
	if t > c.now {
		c.now = t
	}
	if c.late != nil {
		c.now += c.late()
	}
}

// fakeDevice plays at its own idea of 48000 Hz, in blocks.
type fakeDevice struct {
	clock     *fakeClock
	rate      float64 // true samples a second
	block     int
	fill      int
	taken     int
	started   time.Duration
	most      int
	ran       bool
	underruns int
	left      []int16 // what came, if keep is set
	keep      bool
}

func (d *fakeDevice) Rate() int { return 48000 }

func (d *fakeDevice) play() {
	if !d.ran {
		d.started = d.clock.now
		return
	}
	due := int((d.clock.now-d.started).Seconds()*d.rate) / d.block * d.block
	for d.taken < due {
		d.taken += d.block
		if d.fill < d.block {
			d.underruns++
		}
		d.fill = max(d.fill-d.block, 0)
	}
}

func (d *fakeDevice) Write(samples []int16) {
	d.play()
	d.ran = true
	d.fill += len(samples) / 2
	for i := 0; d.keep && i < len(samples); i += 2 {
		d.left = append(d.left, samples[i])
	}
	d.most = max(d.most, d.fill)
}

func (d *fakeDevice) Buffered() (int, bool) {
	d.play()
	return d.fill, true
}

func newToy(t *testing.T) *session.Local {
	t.Helper()
	m, err := toy.New(toy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return session.NewLocal(m)
}

// play runs a player for a number of frames.
func play(t *testing.T, o Options, frames int, each func(p *Player, n int)) *Player {
	t.Helper()
	var p *Player
	n := 0
	input := o.Input
	o.Input = func() machine.Input {
		if each != nil {
			each(p, n)
		}
		n++
		if n == frames {
			p.Stop()
		}
		if input != nil {
			return input()
		}
		return o.Session.Machine().Inputs.Released()
	}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPacerIsExact(t *testing.T) {
	for _, rate := range []machine.Rational{{Num: 6144000, Den: 384 * 264}, {Num: 60000, Den: 1001}, {Num: 1, Den: 7}, machine.Hz(57)} {
		p := newPacer(rate, 1, 1)
		p.restart(0)
		const frames = 600_000
		for range frames {
			p.advance()
		}
		// frames * den/num seconds, in nanoseconds, rounded down.
		whole := frames / rate.Num * rate.Den
		rest := frames % rate.Num * rate.Den
		want := time.Duration(whole)*time.Second + time.Duration(float64(rest)/float64(rate.Num)*1e9)
		if d := p.due - want; d < -1 || d > 1 {
			t.Errorf("%v: after %d frames the next is due at %v, want %v", rate, frames, p.due, want)
		}
	}
}

func TestRunsAtTheMachinesRate(t *testing.T) {
	clock := &fakeClock{}
	s := newToy(t)
	p := play(t, Options{Session: s, Clock: clock}, 1001, nil)
	if got, want := s.Machine().FrameNumber(), uint64(1001); got != want {
		t.Errorf("%d frames were run, want %d", got, want)
	}
	// 1000 frames at 60000/1001 Hz.
	if want := 1000 * 1001 * time.Second / 60000; clock.now < want-time.Microsecond || clock.now > want+time.Microsecond {
		t.Errorf("it took %v, want %v", clock.now, want)
	}
	if st := p.Stats(); st.Frames != 1001 || st.Missed != 0 || st.Skipped != 0 {
		t.Errorf("stats: %+v", st)
	}
}

func TestInputIsSampledOnceForEachFrame(t *testing.T) {
	s := newToy(t)
	m := s.Machine()
	var seen []uint32
	n := uint32(0)
	o := Options{Session: s, Clock: &fakeClock{},
		Input: func() machine.Input {
			in := m.Inputs.Released()
			in.Seats[0].Buttons = n
			if uint64(n) != m.FrameNumber() {
				t.Errorf("input %d was taken at frame %d", n, m.FrameNumber())
			}
			n++
			return in
		},
		Frame: func(in *machine.Input) { seen = append(seen, in.Seats[0].Buttons) }}
	play(t, o, 10, nil)
	for i, got := range seen {
		if got != uint32(i) {
			t.Errorf("frame %d had input %d", i, got)
		}
	}
	if len(seen) != 10 {
		t.Errorf("%d frames were reported, want 10", len(seen))
	}
}

func TestPictureIsTheNewest(t *testing.T) {
	s := newToy(t)
	right := s.Machine().Inputs.Released()
	right.Seats[0].Buttons = machine.Right
	xs := []int{}
	play(t, Options{Session: s, Clock: &fakeClock{}, Input: func() machine.Input { return right }}, 8, func(p *Player, n int) {
		if n%3 != 2 {
			return
		}
		pic, fresh := p.Picture()
		if !fresh {
			t.Error("a new picture is called old")
		}
		if _, fresh := p.Picture(); fresh {
			t.Error("the same picture is called new twice")
		}
		row := pic.Row(toy.H / 2)
		for x, c := range row {
			if c == toy.Idle {
				xs = append(xs, x)
				break
			}
		}
	})
	start := (toy.W - toy.Square) / 2
	if len(xs) != 2 || xs[0] != start+2*toy.Step || xs[1] != start+5*toy.Step {
		t.Errorf("the square was seen at %v, want %v", xs, []int{start + 2*toy.Step, start + 5*toy.Step})
	}
}

func TestSoundNeverRunsDryAndStaysShort(t *testing.T) {
	for _, rate := range []float64{48000, 48000 * 1.0005, 48000 * 0.9995, 48000 * 1.001, 48000 * 0.999} {
		clock := &fakeClock{}
		jitter := 0
		clock.late = func() time.Duration {
			jitter = (jitter*1103515245 + 12345) & 0x7fffffff
			return time.Duration(jitter>>8%3000) * time.Microsecond
		}
		dev := &fakeDevice{clock: clock, rate: rate, block: 240}
		p := play(t, Options{Session: newToy(t), Clock: clock, Sound: dev}, 5400, nil)
		if st := p.Stats(); st.Gaps != 0 || dev.underruns != 0 {
			t.Errorf("at %.0f Hz: %d gaps noticed, %d happened", rate, st.Gaps, dev.underruns)
		}
		if ms := float64(dev.most) / 48; ms > 40.1 {
			t.Errorf("at %.0f Hz: up to %.1f ms were buffered", rate, ms)
		}
	}
}

// jumping is a session whose sound is level, and jumps to the opposite every
// 30 frames: what a rollback does at worst.
type jumping struct {
	*session.Local
	n    int
	tell bool
}

func (j *jumping) Step(in machine.Input, out *machine.Output) machine.Input {
	in = j.Local.Step(in, out)
	v := int16(20000)
	if j.n/30%2 != 0 {
		v = -v
	}
	for _, samples := range out.Sound.Streams {
		for i := range samples {
			samples[i] = v
		}
	}
	j.n++
	return in
}

func (j *jumping) Jumped() bool { return j.tell && (j.n-1)%30 == 0 }

// A rollback makes no click: the edge that it leaves in the sound is smoothed.
func TestRollbacksDoNotClick(t *testing.T) {
	edge := func(tell bool) (most, peak int) {
		clock := &fakeClock{}
		dev := &fakeDevice{clock: clock, rate: 48000, block: 240, keep: true}
		play(t, Options{Session: &jumping{Local: newToy(t), tell: tell}, Clock: clock, Sound: dev}, 300, nil)
		heard := dev.left[24000:] // after the start
		for i := 1; i < len(heard); i++ {
			most = max(most, abs(int(heard[i])-int(heard[i-1])))
			peak = max(peak, abs(int(heard[i])))
		}
		return most, peak
	}
	click, peak := edge(false)
	soft, _ := edge(true)
	if peak < 1000 || click < peak/2 {
		t.Fatalf("jumps of %d at a level of %d: the test hears nothing", click, peak)
	}
	if soft > peak/10 {
		t.Errorf("a step of %d at a level of %d; untold it is %d", soft, peak, click)
	}
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

func TestGapsAreCounted(t *testing.T) {
	clock := &fakeClock{}
	dev := &fakeDevice{clock: clock, rate: 48000, block: 480}
	n := 0
	clock.late = func() time.Duration {
		if n++; n == 100 {
			return 100 * time.Millisecond
		}
		return 0
	}
	p := play(t, Options{Session: newToy(t), Clock: clock, Sound: dev}, 900, nil)
	if dev.fill > 48*45 {
		t.Errorf("after catching up %d ms are buffered", dev.fill/48)
	}
	if st := p.Stats(); st.Gaps != 1 || st.Missed == 0 {
		t.Errorf("one long stall gave %d gaps, %d frames missed", st.Gaps, st.Missed)
	}
}

func TestSlowHostSkipsPicturesNotTime(t *testing.T) {
	clock := &fakeClock{}
	s := newToy(t)
	// Every frame takes 10 ms, and every picture 10 ms more.
	o := Options{Session: s, Clock: clock, Input: func() machine.Input {
		clock.now += 10 * time.Millisecond
		return s.Machine().Inputs.Released()
	}}
	n := uint64(0)
	p := play(t, o, 600, func(p *Player, _ int) {
		if p.frames.count != n {
			n = p.frames.count
			clock.now += 10 * time.Millisecond
		}
	})
	if got := clock.now.Seconds(); got > 10.3 {
		t.Errorf("600 frames took %.1f s", got)
	}
	if st := p.Stats(); st.Skipped == 0 || st.Resyncs != 0 {
		t.Errorf("stats: %+v", st)
	}
}

func TestHopelessHostGoesOn(t *testing.T) {
	clock := &fakeClock{}
	s := newToy(t)
	o := Options{Session: s, Clock: clock, Input: func() machine.Input {
		clock.now += 40 * time.Millisecond
		return s.Machine().Inputs.Released()
	}}
	p := play(t, o, 100, nil)
	if st := p.Stats(); st.Resyncs == 0 || p.frames.count < 10 {
		t.Errorf("%d pictures, stats: %+v", p.frames.count, st)
	}
}

func TestSpeeds(t *testing.T) {
	clock := &fakeClock{}
	s := newToy(t)
	s.EnableRewind(session.RewindBudget)
	dev := &fakeDevice{clock: clock, rate: 48000, block: 480}
	var at, slowEnd, fastEnd time.Duration
	o := Options{Session: s, Clock: clock, Sound: dev, Input: func() machine.Input {
		clock.now += 100 * time.Microsecond
		return s.Machine().Inputs.Released()
	}}
	play(t, o, 400, func(p *Player, n int) {
		switch n {
		case 100:
			p.SetSpeed(Slow)
			at = clock.now
		case 160:
			slowEnd = clock.now
			p.SetSpeed(Fast)
		case 399:
			fastEnd = clock.now
		}
	})
	if d := (slowEnd - at).Seconds(); d < 1.95 || d > 2.1 {
		t.Errorf("60 frames of slow motion took %.2f s", d)
	}
	if d := fastEnd - slowEnd; d > 100*time.Millisecond {
		t.Errorf("239 fast frames took %v", d)
	}
}

func TestRewind(t *testing.T) {
	clock := &fakeClock{}
	s := newToy(t)
	s.EnableRewind(session.RewindBudget)
	m := s.Machine()
	var p *Player
	var hash []uint64
	phase := 0
	clock.late = func() time.Duration {
		// Called before each frame, also those of rewinding.
		switch {
		case phase == 0 && m.FrameNumber() == 50:
			phase = 1
			p.SetSpeed(Back)
		case phase == 1 && m.FrameNumber() == 20:
			phase = 2
			if got := m.Arena.Hash(); got != hash[20] {
				t.Errorf("rewound to frame 20: state %016x, want %016x", got, hash[20])
			}
			p.Stop()
		}
		if phase == 0 {
			hash = append(hash, m.Arena.Hash())
		}
		return 0
	}
	p, err := New(Options{Session: s, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	if phase != 2 {
		t.Errorf("rewinding ended in phase %d at frame %d", phase, m.FrameNumber())
	}
}

func TestPauseStepAndPost(t *testing.T) {
	s := newToy(t)
	p, err := New(Options{Session: s})
	if err != nil {
		t.Fatal(err)
	}
	p.SetPaused(true)
	done := make(chan error, 1)
	go func() { done <- p.Run() }()
	ask := func() (n uint64) {
		got := make(chan uint64)
		p.Post(func() { got <- s.Machine().FrameNumber() })
		return <-got
	}
	if n := ask(); n != 0 {
		t.Errorf("paused from the start, yet at frame %d", n)
	}
	for range 3 {
		p.StepFrame()
	}
	for deadline := time.Now().Add(5 * time.Second); ask() < 3 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if n := ask(); n != 3 {
		t.Errorf("three steps led to frame %d", n)
	}
	p.SetPaused(false)
	for deadline := time.Now().Add(5 * time.Second); ask() < 10 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if n := ask(); n < 10 {
		t.Errorf("after the pause it stays at frame %d", n)
	}
	p.Stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestFaultIsReported(t *testing.T) {
	s := newToy(t)
	p, err := New(Options{Session: s, Clock: &fakeClock{}, Input: func() machine.Input { panic("a bad opcode") }})
	if err != nil {
		t.Fatal(err)
	}
	var fault *Fault
	if err := p.Run(); !errors.As(err, &fault) || fault.What != "a bad opcode" || len(fault.Stack) == 0 {
		t.Errorf("Run returned %v", err)
	}
	if !p.Stopped() {
		t.Error("it does not say that it stopped")
	}
}

func TestRedrawChangesNothing(t *testing.T) {
	s := newToy(t)
	p := play(t, Options{Session: s, Clock: &fakeClock{}}, 20, nil)
	before := s.Machine().Arena.Hash()
	p.Picture()
	p.Redraw()
	if _, fresh := p.Picture(); !fresh {
		t.Error("no new picture")
	}
	if got := s.Machine().Arena.Hash(); got != before {
		t.Error("drawing changed the state")
	}
}

func TestDisplayLock(t *testing.T) {
	s := newToy(t)
	p, err := New(Options{Session: s})
	if err != nil {
		t.Fatal(err)
	}
	tick := func(hz float64, n int, jitter time.Duration) {
		now := p.display.last
		for i := range n {
			now += time.Duration(1e9 / hz)
			p.DisplayTick(now + time.Duration(i%2)*jitter)
		}
	}
	tick(60, 500, 0)
	if p.display.locked() {
		t.Error("it follows the display although nobody allowed it")
	}
	p.SetDisplayLock(true)
	tick(60, 500, 0)
	if !p.display.locked() {
		t.Error("60 Hz is within 1 % of 59.94, yet it does not follow")
	}
	if r := p.display.ratio(); r < 1.0009 || r > 1.0011 {
		t.Errorf("the ratio is %f, want 1.001", r)
	}
	tick(75, 1500, 0)
	if p.display.locked() {
		t.Error("it follows 75 Hz")
	}
	tick(60, 3000, 0)
	if !p.display.locked() {
		t.Error("it does not come back")
	}
	tick(60, 3000, 8*time.Millisecond)
	if p.display.locked() {
		t.Error("it follows a display that is no clock")
	}
}
