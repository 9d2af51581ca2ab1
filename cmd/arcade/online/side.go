package online

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"arcade/cmd/arcade/load"
	"arcade/machine"
	"arcade/netplay/match"
	"arcade/netplay/secure"
	"arcade/netplay/udp"
)

// Window is how many frames may be predicted.
const Window = 8

// Options are what a side of a match needs.
type Options struct {
	Nick      string
	Delay     int // input delay in frames; negative: from the round trip
	Agreement Agreement
	Key       secure.Key
	Peers     *Peers
	// Switches sets the DIP switches of an input as the user wants them.
	Switches func(g *load.Game, m *machine.Machine, in *machine.Input) error
	// Replays is the folder for the replay of every match, and Bundles for what
	// is known about desyncs.
	Replays, Bundles string
	// Replay, if set, is the file for the replay instead.
	Replay string
	// Meta describes a game for a replay.
	Meta func(g *load.Game, m *machine.Machine) map[string]string
	// Tell is told what happens, in words for the user.
	Tell func(text string)
	// Chat is told what is said; mine if by this side.
	Chat func(nick, text string, mine bool)
	// Playing is told that frames run from now on, with a session that is new.
	Playing func()
}

func (o *Options) tell(format string, args ...any) {
	if o.Tell != nil {
		o.Tell(fmt.Sprintf(format, args...))
	}
}

// side is what both sides of a match have.
type side struct {
	o       Options
	node    *udp.Node
	seat    int // of the game: 0 is the host's
	loaded  *load.Game
	machine *machine.Machine
	base    machine.Input
	power   []byte // the state when it was switched on
	game    *game
	m       *match.Match
	conn    *secure.Conn // to the other player
	rec     *recording
	rep     []string // replay files
	started time.Duration
	bundle  string
	desyncs int
	desync  *Desync // the last
	over    string
	failed  error
	in      []byte

	// Inputs are the confirmed ones, frame by frame, while Keep is set.
	Keep   bool
	Inputs []machine.Input
	First  int32
}

// setGame builds the machine of a match.
func (s *side) setGame(g *load.Game) error {
	m, err := g.Build()
	if err != nil {
		return err
	}
	s.loaded, s.machine, s.base = g, m, m.Inputs.Released()
	if s.o.Switches != nil {
		if err := s.o.Switches(g, m, &s.base); err != nil {
			return err
		}
	}
	s.game = newGame(m, s.base)
	s.power = slices.Clone(m.Arena.Block())
	return nil
}

// config is that of a match or a spectator.
func (s *side) config(c *secure.Conn) match.Config {
	r := s.machine.Screen.Refresh
	return match.Config{Host: s.seat == 0, Nick: s.o.Nick, Terms: Terms(s.loaded, s.machine, &s.base, s.o.Agreement), Game: s.game,
		StateSize: s.machine.Arena.Size(), InputSize: inputSize, Fields: fields(s.machine.Inputs), Rate: float64(r.Num) / float64(r.Den),
		Window: Window, Delay: s.o.Delay, Event: s.event, Confirmed: s.confirmed,
		Send: func(b []byte) { _ = c.Send(b) }, // what cannot be sent is lost, as packets may be
	}
}

func (s *side) begin(c *secure.Conn) error {
	s.conn = c
	var err error
	s.m, err = match.New(s.config(c), s.node.Now())
	return err
}

func (s *side) confirmed(frame int32, both []byte) {
	in := decode(&s.base, both)
	if s.rec != nil {
		s.rec.add(frame, in)
	}
	if s.Keep {
		s.Inputs = append(s.Inputs, in)
	}
}

func (s *side) event(e match.Event) {
	switch e.Kind {
	case match.PhaseChanged:
		switch e.Phase {
		case match.Lobby:
			if s.desyncs == 0 {
				s.o.tell("%s is here, everything agrees", s.m.Peer())
			}
		case match.Lost:
			s.o.tell("%s has been silent for 30 s", s.m.Peer())
		case match.Alone:
			s.o.tell("you play on without %s", s.m.Peer())
		}
	case match.Chatted:
		nick := s.m.Peer()
		if e.Mine {
			nick = s.o.Nick
		}
		if s.o.Chat != nil {
			s.o.Chat(nick, e.Text, e.Mine)
		}
	case match.Silent:
		s.o.tell("nothing comes from %s; waiting", s.m.Peer())
	case match.Back:
		s.o.tell("%s is heard again", s.m.Peer())
	case match.PeerReady:
		if _, theirs := s.m.Ready(); theirs {
			s.o.tell("%s is ready", s.m.Peer())
		} else {
			s.o.tell("%s is not ready any more", s.m.Peer())
		}
	case match.Started:
		s.startRecording(e.Frame)
		s.started = s.node.Now()
		s.o.tell("the match begins; input delay %d", s.m.Delay())
		if s.o.Playing != nil {
			s.o.Playing()
		}
	case match.Diverged:
		s.desyncs++
		s.diverged(e.Bundle)
	case match.Over:
		s.over = e.Text
		s.o.tell("%s", e.Text)
	}
}

// startRecording begins a replay from the machine's state.
func (s *side) startRecording(first int32) {
	s.closeRecording()
	s.First, s.Inputs = first, nil
	path := s.o.Replay
	if path == "" {
		if s.o.Replays == "" {
			return
		}
		path = filepath.Join(s.o.Replays, fmt.Sprintf("%s-%s-%s.replay", s.machine.Set, time.Now().Format("20060102-150405"), []string{"host", "guest"}[s.seat]))
	}
	if n := len(s.rep); n > 0 {
		ext := filepath.Ext(path)
		path = fmt.Sprintf("%s-%d%s", path[:len(path)-len(ext)], n+1, ext)
	}
	rec, err := startRecording(path, s.o.Meta(s.loaded, s.machine), s.machine)
	if err != nil {
		s.o.tell("this match is not recorded: %v", err)
		return
	}
	s.rec, s.rep = rec, append(s.rep, path)
}

func (s *side) closeRecording() {
	if s.rec == nil {
		return
	}
	rec := s.rec
	s.rec = nil
	if err := rec.close(s.m.Session(), s.game); err != nil {
		s.o.tell("%v", err)
	}
}

// Match is the match, or nil before there is one.
func (s *side) Match() *match.Match { return s.m }

// Machine is what is played, or nil before that is known.
func (s *side) Machine() *machine.Machine { return s.machine }

// Game is what is played, or nil before that is known.
func (s *side) Game() *load.Game { return s.loaded }

// Replays are the files that were written.
func (s *side) Replays() []string { return s.rep }

// Desyncs counts those that were seen, and Bundle is the folder of the last.
func (s *side) Desyncs() (n int, bundle string) { return s.desyncs, s.bundle }

// Over is why the match has ended, or "".
func (s *side) Over() string { return s.over }

// Node is the socket.
func (s *side) Node() *udp.Node { return s.node }

// PeerKey is the other player's public key, or nil.
func (s *side) PeerKey() []byte {
	if s.conn == nil {
		return nil
	}
	return s.conn.Peer()
}

// Speed is the factor for the rate of Tick.
func (s *side) Speed() float64 {
	if s.m == nil {
		return 1
	}
	return s.m.Speed()
}

// tick runs a frame of the match, if one is due. It reports whether a new frame
// went to out, and whether the past was changed.
func (s *side) tick(in machine.Input, out *machine.Output) (ran, again bool) {
	if s.m == nil {
		return false, false
	}
	in = own(in, &s.base, s.seat)
	s.in = encode(s.in[:0], &s.base, &in, s.seat)
	s.game.out, s.game.ran, s.game.again = out, 0, false
	s.m.Tick(s.in, s.node.Now())
	s.game.out = nil
	if s.rec != nil {
		s.rec.flush(s.m.Session())
	}
	return s.game.ran > 0, s.game.again
}

// Close ends everything. The match should have been left before.
func (s *side) Close() {
	s.closeRecording()
	s.node.Close()
}

// Leave leaves the match, and repeats for a moment what the other side has not
// acknowledged: the farewell, or before that why it ended by itself.
func (s *side) Leave(reason string) {
	if s.m == nil {
		return
	}
	wait := time.Second // for the terms: they may have been lost, and are repeated after 330 ms
	if s.m.Phase() != match.Ended {
		wait = 300 * time.Millisecond
		s.closeRecording()
		s.m.Leave(reason)
	}
	for end := s.node.Now() + wait; s.node.Now() < end && !s.m.Said(); {
		s.node.Wait(s.node.Now() + 15*time.Millisecond)
		s.node.Poll()
		s.m.Tick(s.in, s.node.Now())
	}
}

// Desync is what a person is told about two sides that went apart.
type Desync struct {
	Seen   int32    // the first compared frame that differs
	Frame  int32    // of the states that were exchanged: those before it
	Total  int      // values that differ in them; -1 if the other's did not come
	Fields []string // the first of them, with their values here and there
	Bundle string   // folder with all that is known, or "" if it could not be written
}

// String tells all but the fields and the folder.
func (d *Desync) String() string {
	what := fmt.Sprintf("the two sides differ before frame %d", d.Seen)
	switch d.Total {
	case -1:
		return what + "; the other side's state did not come"
	case 0:
		return what + fmt.Sprintf("; before frame %d they are alike again", d.Frame)
	case 1:
		return what + fmt.Sprintf("; before frame %d, one value does (here, there):", d.Frame)
	}
	return what + fmt.Sprintf("; before frame %d, %d values do (here, there):", d.Frame, d.Total)
}

// diverged writes what is known about a desync, and says what differs.
func (s *side) diverged(b *match.Bundle) {
	d := &Desync{Seen: b.Seen, Frame: b.Frame, Total: -1}
	s.desync = d
	if b.Theirs != nil {
		list, total := s.machine.Arena.Diff(b.Mine, b.Theirs, 8)
		d.Total = total
		for _, f := range list {
			d.Fields = append(d.Fields, f.String())
		}
	}
	what, names := "DESYNC: "+d.String(), d.Fields
	s.o.tell("%s", what)
	for _, n := range names {
		s.o.tell("  %s", n)
	}
	if s.o.Bundles == "" {
		return
	}
	dir := filepath.Join(s.o.Bundles, fmt.Sprintf("%s-%s-%s", s.machine.Set, time.Now().Format("20060102-150405"), []string{"host", "guest"}[s.seat]))
	if err := s.writeBundle(dir, what, names, b); err != nil {
		s.o.tell("what is known about it could not be written: %v", err)
		return
	}
	s.bundle, d.Bundle = dir, dir
	s.o.tell("what is known about it is in %s", dir)
}

func (s *side) writeBundle(dir, what string, names []string, b *match.Bundle) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	text := what + "\n"
	for _, n := range names {
		text += "  " + n + "\n"
	}
	text += fmt.Sprintf("\ninputs.bin has the inputs of both players (%d bytes each) from frame %d on\n\n", inputSize, b.First)
	for _, t := range Terms(s.loaded, s.machine, &s.base, s.o.Agreement) {
		text += t.Name + ": " + t.Value + "\n"
	}
	var errs []error
	write := func(name string, b []byte) { errs = append(errs, os.WriteFile(filepath.Join(dir, name), b, 0o666)) }
	write("about.txt", []byte(text))
	write("inputs.bin", b.Inputs)
	write("mine.state", b.Mine)
	if b.Theirs != nil {
		write("theirs.state", b.Theirs)
	}
	return errors.Join(errs...)
}

// check is a state after frames of inputs from the start of a match, computed
// anew: it must be what the match has.
func check(g *load.Game, start []byte, inputs []machine.Input) (uint64, error) {
	m, err := g.Build()
	if err != nil {
		return 0, err
	}
	if err := m.Arena.SetBlock(start); err != nil {
		return 0, err
	}
	for i := range inputs {
		m.Frame(&inputs[i], nil)
	}
	return m.Arena.Hash(), nil
}

// quiet is so many frames in which nothing is pressed.
func quiet(base machine.Input, frames int) []machine.Input {
	out := make([]machine.Input, frames)
	for i := range out {
		out[i] = base
	}
	return out
}
