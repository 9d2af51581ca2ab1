package match

import (
	"bytes"
	"testing"
	"time"

	"arcade/netplay/link"
)

// seat is a spectator of a table's host.
type seat struct {
	w        *Watch
	a        *Audience
	g        *toy
	events   []Event
	seen     []byte
	first    int32
	sim      *link.Simulator
	shown    int
	mostTick int
}

func (tb *table) spectate(q link.Quality, now time.Duration, terms []Term) *seat {
	tb.t.Helper()
	s := &seat{g: &toy{}, sim: link.NewSimulator(3, q, q)}
	s.sim.Set(now)
	s.a = tb.p[0].m.NewAudience(func(b []byte) { s.sim.End(0).Send(b) }, now)
	var err error
	s.w, err = NewWatch(Config{Nick: "aunt", Terms: terms, Game: s.g, StateSize: toyState, InputSize: toyInput, Rate: 60, Delay: -1,
		Send:  func(b []byte) { s.sim.End(1).Send(b) },
		Event: func(e Event) { s.events = append(s.events, e) },
		Confirmed: func(frame int32, in []byte) {
			if s.seen == nil {
				s.first = frame
			}
			s.seen = append(s.seen, in...)
		}}, now)
	if err != nil {
		tb.t.Fatal(err)
	}
	before := tb.each
	tb.each = func(side int, now time.Duration) {
		if before != nil {
			before(side, now)
		}
		if side == 1 {
			return
		}
		var buf [2000]byte
		s.sim.Set(now)
		for i := range 2 {
			for {
				n, ok := s.sim.End(i).Receive(buf[:])
				if !ok {
					break
				}
				if i == 0 {
					s.a.Receive(buf[:n], now)
				} else {
					s.w.Receive(buf[:n], now)
				}
			}
		}
		if err := s.a.Tick(now); err != nil {
			tb.t.Fatal(err)
		}
		n := s.w.Tick(now)
		s.shown += n
		s.mostTick = max(s.mostTick, n)
	}
	return s
}

func (s *seat) saw(kind EventKind) *Event {
	for i := range s.events {
		if s.events[i].Kind == kind {
			return &s.events[i]
		}
	}
	return nil
}

// A spectator that comes late, over good and bad links, sees what was played,
// also after a hole in its link, and does not disturb.
func TestSpectator(t *testing.T) {
	for _, q := range []link.Quality{
		{Latency: 40 * time.Millisecond},
		{Latency: 100 * time.Millisecond, Jitter: 20 * time.Millisecond, Loss: 0.1},
		{Latency: 50 * time.Millisecond, Cuts: []link.Cut{{From: 20 * time.Second, To: 28 * time.Second}}},
	} {
		tb := newTable(t, link.Quality{Latency: 50 * time.Millisecond}, nil)
		tb.ready()
		tb.run(12 * time.Second)
		s := tb.spectate(q, 12*time.Second, tb.p[0].m.cfg.Terms)
		tb.run(40 * time.Second)
		tb.same(2000)
		if s.w.Phase() != Playing || s.w.Host() != "player 1" || s.a.Nick() != "aunt" {
			t.Fatalf("%v with %q, %q: %v", s.w.Phase(), s.w.Host(), s.a.Nick(), s.events)
		}
		at := int(s.first) * 2 * toyInput
		if s.first < 500 || !bytes.HasPrefix(tb.p[0].final[at:], s.seen) {
			t.Fatalf("from frame %d on it saw what was not played", s.first)
		}
		frame, compared := s.w.Frame()
		if behind := tb.p[0].m.Session().Frame() - frame; behind > 60 {
			t.Errorf("%+v: %d frames behind", q, behind)
		}
		if compared < 10 {
			t.Errorf("%+v: only %d states were compared", q, compared)
		}
		if q.Cuts != nil && s.mostTick < 2 {
			t.Error("it did not catch up")
		}
		tb.p[0].m.Leave("")
		tb.run(45 * time.Second)
		if e := s.saw(Over); e == nil || e.Text != "the match is over" && q.Loss == 0 {
			t.Errorf("told %+v", e)
		}
	}
}

// A spectator from the lobby on, whose state is damaged, knows; after a desync
// of the players it follows them to the new start.
func TestSpectatorFollows(t *testing.T) {
	tb := newTable(t, link.Quality{Latency: 30 * time.Millisecond}, nil)
	s := tb.spectate(link.Quality{Latency: 30 * time.Millisecond}, 0, tb.p[0].m.cfg.Terms)
	tb.ready()
	tb.run(10 * time.Second)
	if s.w.Phase() != Playing {
		t.Fatalf("%v", s.w.Phase())
	}
	tb.p[1].g.state[510] ^= 1
	for i := range tb.p[1].g.slots {
		tb.p[1].g.slots[i][510] ^= 1
	}
	tb.run(15 * time.Second)
	if err := tb.p[0].m.Restart(); err != nil {
		t.Fatal(err)
	}
	tb.run(25 * time.Second)
	frame, _ := s.w.Frame()
	if behind := tb.p[0].m.Session().Frame() - frame; s.w.Phase() != Playing || behind < 0 || behind > 40 {
		t.Fatalf("%v, %d frames behind", s.w.Phase(), behind)
	}
	s.g.state[510] ^= 1
	tb.run(27 * time.Second)
	if s.w.Phase() != Desynced || s.saw(Diverged) == nil {
		t.Errorf("a damaged state was not noticed: %v", s.w.Phase())
	}
}

func TestSpectatorOfAnotherGame(t *testing.T) {
	tb := newTable(t, link.Quality{}, nil)
	s := tb.spectate(link.Quality{}, 0, []Term{{Name: "program", Value: "1.0"}, {Name: "game", Value: "other"}})
	tb.run(time.Second)
	if e := s.saw(Over); e == nil || e.Text != `game differs: here it is "other", the other side has "toy"` {
		t.Errorf("told %+v", e)
	}
	if s.a.Over() == "" {
		t.Error("the host serves it")
	}
}

// FuzzWatch: neither a host can harm a spectator, nor a spectator a host.
func FuzzWatch(f *testing.F) {
	tb := newTable(&testing.T{}, link.Quality{}, nil)
	tb.ready()
	s := tb.spectate(link.Quality{}, 0, tb.p[0].m.cfg.Terms)
	var real [][]byte
	sendA, sendW := s.a.send, s.w.cfg.Send
	s.a.send = func(b []byte) { real = append(real, bytes.Clone(b)); sendA(b) }
	s.w.cfg.Send = func(b []byte) { real = append(real, bytes.Clone(b)); sendW(b) }
	tb.run(2 * time.Second)
	for i := 0; i < len(real); i += 9 {
		f.Add(real[i], real[min(i+1, len(real)-1)])
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		tb := newTable(&testing.T{}, link.Quality{}, nil)
		tb.ready()
		s := tb.spectate(link.Quality{}, 0, tb.p[0].m.cfg.Terms)
		tb.run(time.Second)
		for i, p := range [][]byte{a, b, a} {
			now := time.Second + time.Duration(i)*17*time.Millisecond
			s.a.Receive(p, now)
			s.w.Receive(p, now)
			if err := s.a.Tick(now); err != nil {
				t.Fatal(err)
			}
			if n := s.w.Tick(now); n > 8 {
				t.Fatalf("%d frames in a tick", n)
			}
		}
		if tb.p[0].m.Phase() != Playing {
			t.Fatal("a spectator disturbed the match")
		}
	})
}
