package online

import (
	"errors"
	"sync"
	"time"

	"arcade/machine"
	"arcade/netplay/match"
	"arcade/netplay/rollback"
	"arcade/video"
)

// Line is something that was said, or that happened.
type Line struct {
	When time.Time
	Nick string // "" if the program says it
	Text string
}

// lines is how many lines are remembered.
const lines = 60

// Status is how a match stands, for a screen.
type Status struct {
	Game     string // the set
	Host     bool
	Watching bool
	Invites  []string // of a host
	Me, Peer string
	// Waiting: nobody has come yet. Greeting, Lobby and so on else.
	Waiting          bool
	Phase            match.Phase
	Silent           bool          // the peer has not been heard for a moment
	Silence          time.Duration // how long; after match.LostAfter it is lost
	Ready, PeerReady bool
	RTT, Jitter      time.Duration
	Delay, PeerDelay int // frames of input delay
	Depth, PeerDepth int // frames of the longest rollback in the last moments
	AutoDelay        bool
	Spectators       int
	Behind           int // of a spectator: frames that are not shown yet
	Lines            []Line
	Over             string // why it ended
	// Desync is what the match stands still for, once it is known.
	Desync *Desync
}

// Live is a match as the window's loop plays it: a player.Session. Step is that
// loop's; all else may be called from any goroutine, and is done before the
// next Step.
type Live struct {
	side Side
	last *video.Picture
	debt float64 // frames that time synchronisation owes
	auto bool
	over string
	// jump: what is heard next does not follow from what was heard last, since
	// a rollback has changed the past, or frames were waited for or not heard.
	jump, jumped bool

	mu    sync.Mutex
	queue []func()
	lines []Line
	st    Status
}

// NewLive begins to play a side whose machine is known.
func NewLive(s Side) *Live {
	l := &Live{side: s, last: s.Machine().NewPicture(), auto: s.common().o.Delay < 0}
	o := &s.common().o
	told, said := o.Tell, o.Chat
	o.Tell = func(text string) {
		l.add("", text)
		if told != nil {
			told(text)
		}
	}
	o.Chat = func(nick, text string, mine bool) {
		l.add(nick, text)
		if said != nil {
			said(nick, text, mine)
		}
	}
	l.update()
	return l
}

func (l *Live) add(nick, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) == lines {
		l.lines = append(l.lines[:0], l.lines[1:]...)
	}
	l.lines = append(l.lines, Line{time.Now(), nick, text})
}

// Note adds a line of the program's.
func (l *Live) Note(text string) {
	l.add("", text)
	l.update()
}

// Machine implements player.Session.
func (l *Live) Machine() *machine.Machine { return l.side.Machine() }

// Step implements player.Session. A frame that cannot run, because there is no
// match yet or the peer is awaited, shows the last picture again.
func (l *Live) Step(in machine.Input, out *machine.Output) machine.Input {
	l.mu.Lock()
	queue := l.queue
	l.queue = nil
	l.mu.Unlock()
	for _, f := range queue {
		f()
	}
	if l.over == "" {
		if err := l.side.Poll(); err != nil {
			l.over = err.Error()
			l.side.common().o.tell("%v", err)
		}
	}
	ran := false
	if l.over == "" {
		// Time synchronisation: the side that is ahead waits, a frame at a time.
		n := 1
		switch l.debt += 1 - l.side.Speed(); {
		case l.debt >= 1:
			l.debt--
			n = 0
		case l.debt <= -1:
			l.debt++
			n = 2
		}
		for ; n > 0; n-- {
			to := out
			if n > 1 {
				to = nil
			}
			r, again := l.side.Tick(in, to)
			l.jump = l.jump || again || to == nil
			if r && n == 1 {
				ran = true
			}
		}
	}
	l.jumped = ran && l.jump
	l.jump = !ran
	if !ran && out.Sound != nil {
		for i := range out.Sound.Streams {
			out.Sound.Streams[i] = out.Sound.Streams[i][:0]
		}
	}
	if p := out.Picture; p != nil {
		if ran {
			l.last.Resize(p.W, p.H)
			copy(l.last.Pix, p.Pix)
		} else {
			p.Resize(l.last.W, l.last.H)
			copy(p.Pix, l.last.Pix)
		}
	}
	l.update()
	return in
}

// Jumped implements player.Jumper.
func (l *Live) Jumped() bool { return l.jumped }

// update makes the status.
func (l *Live) update() {
	c := l.side.common()
	st := Status{Game: c.machine.Set, Me: c.o.Nick, AutoDelay: l.auto, Over: l.over}
	if h, ok := l.side.(*Host); ok {
		st.Host, st.Spectators, st.Invites = true, h.Spectators(), h.Invites()
	}
	switch g, _ := l.side.(*Guest); {
	case g != nil && g.watch != nil:
		st.Watching, st.Phase, st.Peer, st.Behind = true, g.watch.Phase(), g.watch.Host(), g.watch.Behind()
	case c.m == nil:
		st.Waiting = true
	default:
		m := c.m
		st.Phase, st.Peer, st.Silent, st.Silence = m.Phase(), m.Peer(), m.PeerSilent(), m.Silence()
		st.Ready, st.PeerReady = m.Ready()
		st.RTT, st.Jitter = m.RTT()
		st.Delay, st.PeerDelay = m.Delay(), m.PeerDelay()
		st.Depth, st.PeerDepth = m.Depths()
		if m.Diverged() != nil {
			st.Desync = c.desync
		}
	}
	if st.Over == "" {
		st.Over = c.over
	}
	l.mu.Lock()
	if st.Host && l.st.Invites != nil {
		st.Invites = l.st.Invites
	}
	l.st = st
	l.mu.Unlock()
}

// Status tells how it stands.
func (l *Live) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	st := l.st
	st.Lines = append([]Line(nil), l.lines...)
	return st
}

// post has f called before the next Step, with the match if there is one. What
// goes wrong becomes a line.
func (l *Live) post(f func(m *match.Match) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(l.queue, func() {
		m := l.side.Match()
		if m == nil {
			return
		}
		if err := f(m); err != nil {
			l.add("", err.Error())
		}
	})
}

// Say sends a line of chat.
func (l *Live) Say(text string) {
	if text != "" {
		l.post(func(m *match.Match) error { return m.Chat(text) })
	}
}

// SetReady ticks ready.
func (l *Live) SetReady(ready bool) { l.post(func(m *match.Match) error { return m.SetReady(ready) }) }

// SetDelay changes the input delay; before play, a negative one fits the round
// trip when play starts.
func (l *Live) SetDelay(frames int) {
	l.post(func(m *match.Match) error {
		l.auto = frames < 0
		if frames < 0 {
			return m.AutoDelay()
		}
		return m.SetDelay(min(frames, rollback.MaxDelay))
	})
}

// PlayOn goes on without a peer that is lost.
func (l *Live) PlayOn() { l.post((*match.Match).PlayOn) }

// Restart goes on from the host's state after a desync.
func (l *Live) Restart() { l.post((*match.Match).Restart) }

// ErrGuest is returned for what only a host can do.
var ErrGuest = errors.New("only the host can do that")

// Again makes a host wait for the next guest, once a match is over.
func (l *Live) Again() {
	l.post(func(*match.Match) error {
		h, ok := l.side.(*Host)
		if !ok {
			return ErrGuest
		}
		return h.Again()
	})
}

// Close leaves the match. Step must not be called any more.
func (l *Live) Close() {
	l.side.Leave("")
	l.side.Farewell()
	l.side.Close()
}
