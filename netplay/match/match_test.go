package match

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"arcade/netplay/link"
	"arcade/netplay/rollback"
)

const (
	toyInput = 16
	toyState = 4096
)

// toy is a small game whose whole state depends on all inputs.
type toy struct {
	state [toyState / 8]uint64
	slots [rollback.Slots][toyState / 8]uint64
}

func (g *toy) Save(slot int) { g.slots[slot] = g.state }
func (g *toy) Load(slot int) { g.state = g.slots[slot] }
func (g *toy) Advance(in []byte, _ bool) {
	g.state[0]++
	for i, b := range in {
		s := &g.state[(g.state[0]+uint64(i))%500+1]
		*s = (*s+uint64(b))*0x9e3779b97f4a7c15 ^ *s>>31 ^ g.state[0]
	}
}
func (g *toy) Hash() uint64 {
	h := fnv.New64a()
	h.Write(g.AppendState(nil))
	return h.Sum64()
}
func (g *toy) AppendState(b []byte) []byte {
	for _, v := range g.state {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return b
}
func (g *toy) SetState(b []byte) error {
	for i := range g.state {
		g.state[i] = binary.LittleEndian.Uint64(b[i*8:])
	}
	return nil
}

type player struct {
	m      *Match
	g      *toy
	end    *link.End
	next   time.Duration
	events []Event
	final  []byte // confirmed inputs
	first  int32
	stop   [][2]time.Duration // times in which the process stands still
	bits   int
}

func (p *player) saw(kind EventKind) *Event {
	for i := range p.events {
		if p.events[i].Kind == kind {
			return &p.events[i]
		}
	}
	return nil
}

func (p *player) why() string {
	if e := p.saw(Over); e != nil {
		return e.Text
	}
	return ""
}

type table struct {
	t   *testing.T
	sim *link.Simulator
	p   [2]*player
	// each is called before each tick of a side.
	each func(side int, now time.Duration)
}

func newTable(t *testing.T, q link.Quality, change func(side int, c *Config)) *table {
	t.Helper()
	tb := &table{t: t, sim: link.NewSimulator(7, q, q)}
	for i := range tb.p {
		p := &player{g: &toy{}, end: tb.sim.End(i), next: time.Duration(i) * 5 * time.Millisecond}
		tb.p[i] = p
		if i == 0 {
			p.g.state[7] = 0x1234 // the host's state is what counts
		}
		c := Config{Host: i == 0, Nick: fmt.Sprintf("player %d", i+1), Terms: []Term{{Name: "program", Value: "1.0"}, {Name: "game", Value: "toy", Fix: "Choose the same game."}},
			Game: p.g, StateSize: toyState, InputSize: toyInput, Rate: 60, Window: 8, Delay: -1,
			Send:  func(b []byte) { p.bits += (len(b) + 23) * 8; p.end.Send(b) },
			Event: func(e Event) { p.events = append(p.events, e) },
			Confirmed: func(frame int32, in []byte) {
				if len(p.final) == 0 {
					p.first = frame
				}
				p.final = append(p.final, in...)
			}}
		if change != nil {
			change(i, &c)
		}
		var err error
		if p.m, err = New(c, 0); err != nil {
			t.Fatal(err)
		}
	}
	return tb
}

// run lets time pass until the given moment.
func (tb *table) run(until time.Duration) {
	var buf [2000]byte
	for {
		i := 0
		if tb.p[1].next < tb.p[0].next {
			i = 1
		}
		p := tb.p[i]
		now := p.next
		if now >= until {
			return
		}
		tb.sim.Set(now)
		for _, s := range p.stop {
			if now >= s[0] && now < s[1] {
				p.next = s[1]
			}
		}
		if p.next != now {
			continue
		}
		for {
			n, ok := p.end.Receive(buf[:])
			if !ok {
				break
			}
			p.m.Receive(buf[:n], now)
		}
		if tb.each != nil {
			tb.each(i, now)
		}
		in := make([]byte, toyInput)
		r := rand.New(rand.NewPCG(uint64(i), uint64(now/(150*time.Millisecond))))
		in[0], in[1] = 1<<r.IntN(8), byte(r.IntN(2))
		p.m.Tick(in, now)
		p.next += time.Duration(float64(time.Second) / 60 / p.m.Speed())
	}
}

func (tb *table) ready() {
	tb.t.Helper()
	for _, p := range tb.p {
		if err := p.m.SetReady(true); err != nil {
			tb.t.Fatal(err)
		}
	}
}

// same checks that both have confirmed the same inputs and are in step.
func (tb *table) same(least int) {
	tb.t.Helper()
	a, b := tb.p[0], tb.p[1]
	n := min(len(a.final), len(b.final))
	if a.first != b.first || !bytes.Equal(a.final[:n], b.final[:n]) {
		tb.t.Fatal("the confirmed inputs differ")
	}
	if n/2/toyInput < least {
		tb.t.Fatalf("only %d frames were confirmed, want %d", n/2/toyInput, least)
	}
	for i, p := range tb.p {
		if p.saw(Diverged) != nil || p.m.Session().Stats().Compared == 0 || p.m.Session().Stats().Refused != 0 {
			tb.t.Fatalf("side %d: desync %v, stats %+v", i, p.saw(Diverged), p.m.Session().Stats())
		}
	}
}

func TestMatch(t *testing.T) {
	for _, q := range []link.Quality{
		{},
		{Latency: 50 * time.Millisecond},
		{Latency: 150 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.02},
		{Latency: 40 * time.Millisecond, Jitter: 30 * time.Millisecond, Loss: 0.02, Burst: 5, Reorder: 0.05, Twice: 0.05},
	} {
		tb := newTable(t, q, nil)
		tb.run(3 * time.Second)
		for i, p := range tb.p {
			if p.m.Phase() != Lobby || p.m.Peer() != fmt.Sprintf("player %d", 2-i) {
				t.Fatalf("%+v: side %d: %v with %q: %s", q, i, p.m.Phase(), p.m.Peer(), p.why())
			}
			rtt, _ := p.m.RTT()
			if d := rtt - 2*q.Latency; d < 0 || d > 60*time.Millisecond+2*q.Jitter {
				t.Errorf("%+v: side %d measures %v", q, i, rtt)
			}
		}
		if err := tb.p[0].m.Chat("good luck\x1b[2J"); err != nil {
			t.Fatal(err)
		}
		if err := tb.p[1].m.SetReady(true); err != nil {
			t.Fatal(err)
		}
		tb.run(5 * time.Second)
		if e := tb.p[1].saw(Chatted); e == nil || e.Text != "good luck[2J" || e.Mine {
			t.Errorf("the chat is %+v", e)
		}
		if tb.p[0].m.Phase() != Lobby || tb.p[0].saw(PeerReady) == nil {
			t.Fatal("play began without the host being ready, or it was not told that the guest is")
		}
		tb.p[0].m.SetReady(true)
		tb.run(6 * time.Second)
		bits := tb.p[0].bits
		tb.run(36 * time.Second)
		tb.same(1500)
		rate := (tb.p[0].bits - bits) / 30
		st := [2]rollback.Stats{tb.p[0].m.Session().Stats(), tb.p[1].m.Session().Stats()}
		t.Logf("%+v: delays %d and %d, %d and %d rollbacks, stalls %d and %d, %.1f kbit/s", q, tb.p[0].m.Delay(), tb.p[1].m.Delay(),
			st[0].Rollbacks, st[1].Rollbacks, st[0].Stalls, st[1].Stalls, float64(rate)/1000)
		if q.Latency == 50*time.Millisecond && rate > 25_000 {
			t.Errorf("%d bit/s at 100 ms", rate)
		}
		if q.Latency >= 40*time.Millisecond && (st[0].Rollbacks == 0 || st[1].Rollbacks == 0) {
			t.Error("no rollbacks")
		}
		if tb.p[0].m.PeerDelay() != tb.p[1].m.Delay() {
			t.Errorf("the guest's delay is %d, the host shows %d", tb.p[1].m.Delay(), tb.p[0].m.PeerDelay())
		}
		// A lockstep reference, from the host's state.
		ref := &toy{}
		ref.state[7] = 0x1234
		still, checked := &toy{}, 0
		still.state[7] = 0x1234
		for f, in := int32(0), tb.p[0].final; len(in) > 0; f, in = f+1, in[2*toyInput:] {
			for i, p := range tb.p {
				if h, ok := p.m.Session().Hash(f); ok {
					checked++
					if h != ref.Hash() {
						t.Fatalf("side %d: the state before frame %d is not the reference's", i, f)
					}
				}
			}
			ref.Advance(in[:2*toyInput], true)
			still.Advance(make([]byte, 2*toyInput), true)
		}
		if checked < 4 || still.Hash() == ref.Hash() {
			t.Errorf("%d states compared, or the inputs changed nothing", checked)
		}
		tb.p[0].m.Leave("tired")
		tb.run(38 * time.Second)
		if tb.p[1].why() != "the other side left: tired" {
			t.Errorf("the guest was told %q", tb.p[1].why())
		}
	}
}

func TestDifferentTerms(t *testing.T) {
	tb := newTable(t, link.Quality{Latency: 10 * time.Millisecond}, func(side int, c *Config) {
		if side == 1 {
			c.Terms[1].Value = "other"
		}
	})
	tb.run(2 * time.Second)
	if got := tb.p[0].why(); got != `game differs: here it is "toy", the other side has "other". Choose the same game.` {
		t.Errorf("the host is told %q", got)
	}
	if got := tb.p[1].why(); !strings.HasPrefix(got, `game differs: here it is "other", the other side has "toy"`) {
		t.Errorf("the guest is told %q", got)
	}
	tb = newTable(t, link.Quality{}, func(side int, c *Config) {
		if side == 0 {
			c.Terms = append(c.Terms, Term{Name: "BIOS", Value: "x"})
		}
	})
	tb.run(2 * time.Second)
	if a, b := tb.p[0].why(), tb.p[1].why(); !strings.HasPrefix(a, "BIOS differs") || !strings.HasPrefix(b, "BIOS differs") {
		t.Errorf("told %q and %q", a, b)
	}
}

// A flipped bit: both sides stop, have both states of one frame, and go on
// from the host's.
func TestDesyncAndRestart(t *testing.T) {
	for _, q := range []link.Quality{{Latency: 50 * time.Millisecond}, {Latency: 80 * time.Millisecond, Jitter: 20 * time.Millisecond, Loss: 0.05}} {
		tb := newTable(t, q, nil)
		tb.ready()
		flipped := int32(-1)
		tb.each = func(side int, now time.Duration) {
			if p := tb.p[side]; side == 1 && flipped < 0 && p.m.Phase() == Playing && p.m.Session().Frame() > 400 {
				flipped = p.m.Session().Frame()
				p.g.state[510] ^= 8
				for i := range p.g.slots {
					p.g.slots[i][510] ^= 8
				}
			}
		}
		tb.run(20 * time.Second)
		for i, p := range tb.p {
			e := p.saw(Diverged)
			if p.m.Phase() != Desynced || e == nil || e.Bundle.Theirs == nil {
				t.Fatalf("side %d: %v, %+v %s", i, p.m.Phase(), e, p.why())
			}
			if e.Frame < flipped-HashInterval || e.Frame > flipped+3*HashInterval {
				t.Errorf("flipped at %d, seen at %d", flipped, e.Frame)
			}
		}
		a, b := tb.p[0].saw(Diverged).Bundle, tb.p[1].saw(Diverged).Bundle
		if a.Frame != b.Frame || !bytes.Equal(a.Mine, b.Theirs) || !bytes.Equal(a.Theirs, b.Mine) || !bytes.Equal(a.Inputs, b.Inputs) || a.First != 0 {
			t.Fatalf("the bundles do not fit: frames %d and %d", a.Frame, b.Frame)
		}
		if len(a.Inputs) != int(a.Frame)*2*toyInput {
			t.Errorf("%d bytes of inputs for %d frames", len(a.Inputs), a.Frame)
		}
		for i := range a.Mine {
			if (a.Mine[i] != a.Theirs[i]) != (i == 510*8) {
				t.Fatalf("byte %d: %x and %x", i, a.Mine[i], a.Theirs[i])
			}
		}
		if tb.p[1].m.Restart() == nil {
			t.Error("the guest has restarted")
		}
		if err := tb.p[0].m.Restart(); err != nil {
			t.Fatal(err)
		}
		for _, p := range tb.p {
			p.events, p.final = nil, nil
		}
		tb.run(40 * time.Second)
		tb.same(900)
		if tb.p[0].first != a.Frame || tb.p[0].m.Phase() != Playing {
			t.Errorf("play went on from %d, want %d", tb.p[0].first, a.Frame)
		}
	}
}

// A host that goes on at once does not keep the guest from knowing what differed,
// whatever comes late or in one piece.
func TestRestartAtOnce(t *testing.T) {
	for n := range 40 {
		q := link.Quality{Latency: time.Duration(5+4*n) * time.Millisecond, Jitter: time.Duration(n) * time.Millisecond, Loss: 0.1, Burst: 3}
		tb := newTable(t, q, nil)
		tb.ready()
		flipped := false
		tb.each = func(side int, now time.Duration) {
			p := tb.p[side]
			if side == 1 && !flipped && p.m.Phase() == Playing && p.m.Session().Frame() > 200 {
				flipped = true
				p.g.state[510] ^= 8
				for i := range p.g.slots {
					p.g.slots[i][510] ^= 8
				}
			}
			if side == 0 && p.m.Diverged() != nil {
				if err := p.m.Restart(); err != nil {
					t.Fatal(err)
				}
			}
		}
		tb.run(40 * time.Second)
		for i, p := range tb.p {
			if e := p.saw(Diverged); e == nil || e.Bundle.Theirs == nil || p.m.Phase() != Playing {
				t.Errorf("%+v, side %d: %v, told of %+v %s", q, i, p.m.Phase(), e, p.why())
			}
		}
	}
}

// One side stands still for 5 s, and for 40 s.
func TestStandstill(t *testing.T) {
	for _, c := range []struct {
		length time.Duration
		lost   bool
	}{{5 * time.Second, false}, {40 * time.Second, true}} {
		tb := newTable(t, link.Quality{Latency: 30 * time.Millisecond}, nil)
		tb.ready()
		tb.p[1].stop = [][2]time.Duration{{10 * time.Second, 10*time.Second + c.length}}
		tb.run(10*time.Second + c.length - time.Second/2)
		if tb.p[0].saw(Silent) == nil {
			t.Error("the host was not warned")
		}
		if (tb.p[0].m.Phase() == Lost) != c.lost {
			t.Errorf("after %v: %v", c.length, tb.p[0].m.Phase())
		}
		tb.run(30*time.Second + c.length)
		tb.same(1200)
		for i, p := range tb.p {
			if p.m.Phase() != Playing {
				t.Errorf("after %v, side %d: %v %s", c.length, i, p.m.Phase(), p.why())
			}
		}
		if tb.p[0].saw(Back) == nil {
			t.Error("the host was not told that the guest is back")
		}
	}
}

// The guest is gone for good: the host plays on alone.
func TestPlayOn(t *testing.T) {
	tb := newTable(t, link.Quality{Latency: 30 * time.Millisecond}, nil)
	tb.ready()
	tb.p[1].stop = [][2]time.Duration{{10 * time.Second, 60 * time.Second}}
	tb.run(30 * time.Second)
	if tb.p[0].m.PlayOn() == nil {
		t.Error("played on although the guest is not lost yet")
	}
	tb.run(45 * time.Second)
	if err := tb.p[0].m.PlayOn(); err != nil {
		t.Fatal(err)
	}
	frame := tb.p[0].m.Session().Frame()
	tb.run(55 * time.Second)
	if ran := tb.p[0].m.Session().Frame() - frame; tb.p[0].m.Phase() != Alone || ran < 590 || ran > 610 {
		t.Errorf("%v, %d frames in 10 s", tb.p[0].m.Phase(), ran)
	}
	// Now the guest comes back, too late: it is told so, and nothing that it
	// sends ends what the host plays.
	sent := tb.p[0].end.Sent
	tb.run(59 * time.Second)
	if tb.p[0].end.Sent != sent {
		t.Errorf("%d packets were sent to nobody", tb.p[0].end.Sent-sent)
	}
	tb.run(65 * time.Second)
	if got := tb.p[1].why(); got != "the other side left: it plays on alone" {
		t.Errorf("the guest is told %q", got)
	}
	tb.p[1].m.Leave("well then")
	tb.p[1].end.Send([]byte{flagPlay, 1, 2})
	frame = tb.p[0].m.Session().Frame()
	tb.run(75 * time.Second)
	if ran := tb.p[0].m.Session().Frame() - frame; tb.p[0].m.Phase() != Alone || ran < 590 {
		t.Errorf("after the guest came back: %v, %d frames in 10 s: %s", tb.p[0].m.Phase(), ran, tb.p[0].why())
	}
}

// Both lose each other and play on alone: when the link is back, they say so to
// each other, and then nothing more.
func TestBothPlayOn(t *testing.T) {
	tb := newTable(t, link.Quality{Latency: 30 * time.Millisecond, Cuts: []link.Cut{{From: 10 * time.Second, To: 50 * time.Second}}}, nil)
	tb.ready()
	tb.run(45 * time.Second)
	for i, p := range tb.p {
		if err := p.m.PlayOn(); err != nil {
			t.Fatalf("side %d: %v", i, err)
		}
	}
	tb.run(51 * time.Second)
	// Something late is all that wakes them.
	tb.p[0].end.Send([]byte{0})
	tb.run(55 * time.Second)
	sent := tb.p[0].end.Sent + tb.p[1].end.Sent
	tb.run(65 * time.Second)
	if more := tb.p[0].end.Sent + tb.p[1].end.Sent - sent; more > 0 {
		t.Errorf("%d packets are sent by two who play on alone", more)
	}
	// Nothing that the other sends changes anything for one who is alone.
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		b := make([]byte, r.IntN(80))
		for i := range b {
			b[i] = byte(r.Uint32() >> (r.Uint32() & 31))
		}
		tb.p[0].m.Receive(b, tb.p[0].next)
	}
	frames := tb.p[0].m.Session().Frame()
	tb.run(75 * time.Second)
	if ran := tb.p[0].m.Session().Frame() - frames; tb.p[0].m.Phase() != Alone || ran < 590 || ran > 610 {
		t.Errorf("%v, %d frames in 10 s: %s", tb.p[0].m.Phase(), ran, tb.p[0].why())
	}
}

// A process that never answers does not keep us.
func TestNoGreeting(t *testing.T) {
	tb := newTable(t, link.Quality{Loss: 1}, nil)
	tb.run(25 * time.Second)
	if tb.p[0].m.Phase() != Ended || !strings.Contains(tb.p[0].why(), "did not greet") {
		t.Errorf("%v: %s", tb.p[0].m.Phase(), tb.p[0].why())
	}
}

func TestInputsRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		size, n := 1+r.IntN(40), r.IntN(rollback.MaxSend+1)
		var in []byte
		for range n {
			if len(in) > 0 && r.IntN(2) == 0 {
				in = append(in, in[len(in)-size:]...)
				continue
			}
			for range size {
				in = append(in, byte(r.IntN(3)))
			}
		}
		out, err := unpackInputs(nil, appendInputs(nil, in, size), size)
		if err != nil || !bytes.Equal(in, out) {
			t.Fatalf("%d inputs of %d bytes: %v", n, size, err)
		}
	}
}

// hostile feeds a match in mid-play with payloads, in both roles.
func hostile(t testing.TB, payloads [][]byte) {
	for side := range 2 {
		for _, play := range []bool{false, true} {
			tb := newTable(&testing.T{}, link.Quality{}, nil)
			if play {
				tb.ready()
			}
			tb.run(2 * time.Second)
			p := tb.p[side]
			for i, b := range payloads {
				now := p.next + time.Duration(i)*time.Millisecond
				p.m.Receive(b, now)
				p.m.Tick(make([]byte, toyInput), now)
			}
			if v := p.m.Speed(); p.m.Phase() == Playing && (v < 0.99 || v > 1.01) {
				t.Fatalf("speed %v", v)
			}
		}
	}
}

// FuzzReceive: what an authenticated peer may send can end a match, and no more.
func FuzzReceive(f *testing.F) {
	tb := newTable(&testing.T{}, link.Quality{}, nil)
	var real [][]byte
	for i, p := range tb.p {
		send := p.m.cfg.Send
		p.m.cfg.Send = func(b []byte) {
			if i == 1 && len(b) < 300 {
				real = append(real, bytes.Clone(b))
			}
			send(b)
		}
	}
	tb.ready()
	tb.run(3 * time.Second)
	tb.p[1].m.stop(3)
	tb.run(4 * time.Second)
	for i := 0; i < len(real); i += 7 {
		f.Add(real[i], real[min(i+1, len(real)-1)])
	}
	f.Fuzz(func(t *testing.T, a, b []byte) { hostile(t, [][]byte{a, b, a}) })
}

// A hostile peer that knows the protocol: true payloads with flipped bits.
func TestHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	ended := 0
	for n := range 150 {
		tb := newTable(t, link.Quality{Latency: 10 * time.Millisecond}, nil)
		tb.ready()
		p := tb.p[1]
		p.m.cfg.Send = func(b []byte) {
			if r.IntN(40) == 0 {
				b = bytes.Clone(b)
				for range 1 + r.IntN(3) {
					b[r.IntN(len(b))] ^= 1 << r.IntN(8)
				}
			}
			p.end.Send(b)
		}
		tb.run(time.Duration(2+n%5) * time.Second)
		if tb.p[0].m.Phase() == Ended {
			ended++
		}
	}
	if ended < 20 {
		t.Errorf("only %d of 150 matches were ended", ended)
	}
}
