package online

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"arcade/cmd/arcade/load"
	"arcade/machine"
	"arcade/netplay/match"
	"arcade/netplay/secure"
	"arcade/netplay/udp"
)

// Side is a Host or a Guest.
type Side interface {
	Poll() error
	Tick(in machine.Input, out *machine.Output) (ran, again bool)
	Speed() float64
	Match() *match.Match
	Machine() *machine.Machine
	Game() *load.Game
	Node() *udp.Node
	Replays() []string
	Desyncs() (n int, bundle string)
	PeerKey() []byte
	Over() string
	Leave(reason string)
	Farewell()
	Close()

	common() *side
}

func (s *side) common() *side { return s }

// Script is a match without a person: it ticks ready at once, plays inputs, and
// leaves after so many frames.
type Script struct {
	Frames int32
	// Input changes the input of a frame; in is that of the frame before, at
	// first with nothing pressed.
	Input func(frame int32, in *machine.Input)
	// Prepare, if set, is called once the machine is known.
	Prepare func(m *machine.Machine) error
	Chat    []string // said in the lobby
	Resume  bool     // a host goes on after a desync
	// Stop, if set, ends the match early when it is closed.
	Stop <-chan struct{}
	// EveryTick, if set, is called after each tick: for tests that plant faults.
	EveryTick func()
}

// Report is what came of a match, for scripts.
type Report struct {
	Role            string   `json:"role"`
	Set             string   `json:"set"`
	Peer            string   `json:"peer"`
	Fingerprint     string   `json:"fingerprint"`
	FinalFrame      int32    `json:"final_frame"`
	FinalHash       string   `json:"final_hash"`   // of the state before final_frame
	NoInputHash     string   `json:"noinput_hash"` // if nobody had pressed anything
	Rollbacks       int64    `json:"rollbacks"`
	MaxRollback     int      `json:"max_rollback"`
	Stalls          int64    `json:"stalls"`
	Desyncs         int      `json:"desyncs"`
	Compared        int64    `json:"compared"` // states that were compared with the peer's
	Delay           int      `json:"delay"`
	PeerDelay       int      `json:"peer_delay"`
	RTT             float64  `json:"rtt_ms"`
	Jitter          float64  `json:"jitter_ms"`
	Late            int      `json:"late_frames"` // that came more than a frame late
	PacketsSent     int      `json:"packets_sent"`
	PacketsReceived int      `json:"packets_received"`
	BytesSent       int      `json:"bytes_sent"` // of UDP payload
	BytesReceived   int      `json:"bytes_received"`
	Seconds         float64  `json:"seconds"` // of play
	Chat            []string `json:"chat"`    // that came
	Replays         []string `json:"replays"`
	Bundle          string   `json:"bundle,omitempty"`
	End             string   `json:"end"`
}

// Errors of Run. The report is filled in all the same.
var (
	ErrEnded  = errors.New("the match ended early")
	ErrDesync = errors.New("the two sides went apart")
	ErrReplay = errors.New("the inputs, run again, give another state than the match had")
)

// settle is how many frames are played beyond the last that counts: when so many
// are confirmed here, the other side has confirmed the last one.
const settle = 30

// catchUp is how late a loop may be and still run frames without pause.
const catchUp = 150 * time.Millisecond

// Run plays a match without a window.
func Run(s Side, o Script) (*Report, error) {
	c := s.common()
	c.Keep = true
	rep := &Report{Role: "host", Chat: []string{}}
	if c.seat != 0 {
		rep.Role = "guest"
	}
	said := c.o.Chat
	c.o.Chat = func(nick, text string, mine bool) {
		if !mine {
			rep.Chat = append(rep.Chat, text)
		}
		if said != nil {
			said(nick, text, mine)
		}
	}
	var start []byte
	began := c.o.Playing
	c.o.Playing = func() {
		start = slices.Clone(c.machine.Arena.Block())
		if began != nil {
			began()
		}
	}
	err := loop(s, o, rep)
	rep.End = s.Over()
	if c.started > 0 {
		rep.Seconds = (s.Node().Now() - c.started).Seconds()
	}
	// At once: to run a long match again takes a while, in which the other side
	// should not wait.
	reason := "done"
	if err != nil {
		reason = ""
	}
	s.Leave(reason)
	s.Farewell()
	fill(s, o, rep, start, &err)
	rep.Replays = s.Replays()
	return rep, err
}

func loop(s Side, o Script, rep *Report) error {
	c, node := s.common(), s.Node()
	next := node.Now()
	var in machine.Input
	var out *machine.Output
	prepared, began := false, false // began: the frames of a match run
	spoken := 0
	for {
		select {
		case <-o.Stop: // never, if there is none
			return fmt.Errorf("%w: it was interrupted", ErrEnded)
		default:
		}
		if err := s.Poll(); err != nil {
			return err
		}
		if s.Machine() != nil && !prepared {
			prepared = true
			in = c.base
			// Pictures and sound are made though nobody wants them, so that
			// a frame takes as long as in a window.
			out = &machine.Output{Picture: s.Machine().NewPicture(), Sound: s.Machine().NewSound()}
			if o.Prepare != nil {
				if err := o.Prepare(s.Machine()); err != nil {
					return err
				}
			}
		}
		now := node.Now()
		if now < next {
			node.Wait(next)
			continue
		}
		period := 1.0 / 60
		if m := s.Machine(); m != nil {
			period = float64(m.Screen.Refresh.Den) / float64(m.Screen.Refresh.Num)
		}
		step := time.Duration(period / s.Speed() * float64(time.Second))
		m := s.Match()
		if playing := m != nil && m.Phase() == match.Playing; !playing {
			began = false
		} else if !began {
			began, next = true, now // what it takes to begin is nobody's lateness
		} else if now-next > step {
			rep.Late++
		}
		if now-next > catchUp {
			next = now
		}
		next += step
		if m != nil && m.Session() != nil && o.Input != nil {
			o.Input(m.Session().Frame(), &in)
		}
		s.Tick(in, out)
		if o.EveryTick != nil {
			o.EveryTick()
		}
		if g, ok := s.(*Guest); ok && g.watch != nil {
			if g.watch.Phase() == match.Ended {
				return nil
			}
			if frame, _ := g.watch.Frame(); o.Frames > 0 && frame >= o.Frames {
				return nil
			}
			continue
		}
		if m == nil {
			continue
		}
		switch m.Phase() {
		case match.Lobby:
			if spoken < len(o.Chat) {
				if err := m.Chat(o.Chat[spoken]); err != nil {
					return err
				}
				spoken++
			} else if err := m.SetReady(true); err != nil {
				return err
			}
		case match.Playing, match.Alone:
			if o.Frames > 0 && c.First+int32(len(c.Inputs)) >= o.Frames+settle {
				return nil
			}
		case match.Lost:
			return fmt.Errorf("%w: %s was silent for 30 s", ErrEnded, m.Peer())
		case match.Desynced:
			if _, done := s.Desyncs(); done != "" || c.desyncs > 0 {
				if !o.Resume {
					return ErrDesync
				}
				if rep.Role == "host" && m.Restart() == nil {
					c.o.tell("the match goes on from the host's state")
				}
			}
		case match.Ended:
			if o.Frames > 0 && c.First+int32(len(c.Inputs)) >= o.Frames {
				return nil
			}
			return fmt.Errorf("%w: %s", ErrEnded, s.Over())
		}
	}
}

// fill fills in the report.
func fill(s Side, o Script, rep *Report, start []byte, err *error) {
	c := s.common()
	if m := s.Machine(); m != nil {
		rep.Set = m.Set
	}
	if k := s.PeerKey(); k != nil {
		rep.Fingerprint = secure.Fingerprint(k)
	}
	tr := s.Node().Traffic()
	rep.PacketsSent, rep.PacketsReceived, rep.BytesSent, rep.BytesReceived = tr.PacketsSent, tr.PacketsReceived, tr.BytesSent, tr.BytesReceived
	rep.Desyncs, rep.Bundle = s.Desyncs()
	if g, ok := s.(*Guest); ok && g.watch != nil {
		rep.Role, rep.Peer = "spectator", g.watch.Host()
		var compared int
		rep.FinalFrame, compared = g.watch.Frame()
		rep.Compared = int64(compared)
		rep.FinalHash = fmt.Sprintf("%016x", g.game.Hash())
		return
	}
	m := s.Match()
	if m == nil {
		return
	}
	rep.Peer, rep.Delay, rep.PeerDelay = m.Peer(), m.Delay(), m.PeerDelay()
	rtt, jitter := m.RTT()
	rep.RTT, rep.Jitter = float64(rtt.Microseconds())/1000, float64(jitter.Microseconds())/1000
	if m.Session() == nil || start == nil {
		return
	}
	st := m.Session().Stats()
	rep.Rollbacks, rep.MaxRollback, rep.Stalls, rep.Compared = st.Rollbacks, st.MaxRollback, st.Stalls, st.Compared
	n := len(c.Inputs)
	if o.Frames > 0 {
		n = min(n, int(o.Frames-c.First))
	}
	if n < 0 {
		return
	}
	rep.FinalFrame = c.First + int32(n)
	again, e := check(c.loaded, start, c.Inputs[:n])
	if e != nil {
		*err = errors.Join(*err, e)
		return
	}
	rep.FinalHash = fmt.Sprintf("%016x", again)
	if live, ok := m.Session().Hash(rep.FinalFrame); ok && live != again && *err == nil {
		*err = fmt.Errorf("%w: before frame %d the match had %016x, run again it is %016x", ErrReplay, rep.FinalFrame, live, again)
	}
	still, e := check(c.loaded, start, quiet(c.base, n))
	if e != nil {
		*err = errors.Join(*err, e)
		return
	}
	rep.NoInputHash = fmt.Sprintf("%016x", still)
}
