package rollback

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// noFrame is beyond every frame.
const noFrame = int32(1<<31 - 1)

// Session is one side of a match.
type Session struct {
	cfg       Config
	frame     int32 // that runs next
	confirmed int32 // last frame for which all inputs are known
	wrong     int32 // first frame that was run with a wrong prediction
	players   []player
	peers     [MaxPlayers]peerState
	requests  []Request
	inputs    [][]byte // of requests: one for each that a Tick can make
	saved     int32    // newest frame whose state was saved
	hashes    [ring]hashEntry
	desync    *Desync
	stats     Stats
	drift     float64 // part of the speed that makes up for clocks that differ
	heard     int     // messages that told their senders' frames, when last looked at
	stalled   bool
}

type player struct {
	peer  int
	delay int
	last  int32  // last frame whose input is known
	known []byte // ring of inputs
	used  []byte // ring of what frames were run with
	gone  bool   // its peer is disconnected: nothing is pressed after end
	end   int32
}

type peerState struct {
	there     bool // it takes part; false once it is disconnected
	players   []int
	ack       int32           // last frame of ours that it has
	frame     int32           // that it was about to run when it last wrote
	local     [timeSync]int16 // how many of its inputs we lacked when its messages came
	remote    [timeSync]int16 // how many of ours it said that it lacked
	samples   int
	stalls    uint16 // how often it said that it has stalled, modulo 65536
	advantage int16
	hashes    [pendingHashes]hashEntry // that wait to be compared, by frame
	newest    int32                    // newest frame among them, ever
}

// pendingHashes is how many of a peer's hashes wait until our own frame is
// confirmed: more than the frames that it can be ahead.
const pendingHashes = 32

type hashEntry struct {
	frame int32
	hash  uint64
	set   bool
}

// timeSync is the number of messages over which the lead is averaged.
const timeSync = 32

// Desync is a difference between two sides' states of a confirmed frame, or
// between two runs of a frame in a sync test.
type Desync struct {
	Frame  int32 // the states before this frame differ
	Peer   int   // Local in a sync test
	Local  uint64
	Remote uint64
}

func (d *Desync) Error() string {
	return fmt.Sprintf("rollback: the states before frame %d differ: here %016x, peer %d has %016x", d.Frame, d.Local, d.Peer, d.Remote)
}

// Stats counts what happened.
type Stats struct {
	Frames      int64 // frames run for the first time
	Rollbacks   int64
	Again       int64 // frames run again
	MaxRollback int   // frames of the longest rollback
	Stalls      int64 // ticks without a new frame
	Predicted   int64 // inputs that were guessed
	Missed      int64 // inputs that were guessed wrongly
	Compared    int64 // hashes compared with a peer's
	Refused     int64 // messages or parts of them that made no sense
}

// New begins a session.
func New(cfg Config) (*Session, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	s := &Session{cfg: cfg, frame: cfg.Start, confirmed: cfg.Start - 1, wrong: noFrame, saved: cfg.Start - 1}
	for i, owner := range cfg.Players {
		p := player{peer: owner, delay: cfg.Delay, last: cfg.Start - 1,
			known: make([]byte, ring*cfg.InputSize), used: make([]byte, ring*cfg.InputSize)}
		s.players = append(s.players, p)
		e := &s.peers[owner]
		e.there = true
		e.players = append(e.players, i)
	}
	for i := range s.peers {
		s.peers[i].ack, s.peers[i].newest, s.peers[i].frame = cfg.Start-1, cfg.Start-1, cfg.Start
	}
	const most = 2*(MaxWindow+2) + 3
	s.requests = make([]Request, 0, most)
	for range most {
		s.inputs = append(s.inputs, make([]byte, len(cfg.Players)*cfg.InputSize))
	}
	return s, nil
}

// Frame is the frame that runs next.
func (s *Session) Frame() int32 { return s.frame }

// Confirmed is the last frame for which all inputs are known, or Start-1.
func (s *Session) Confirmed() int32 { return s.confirmed }

// Stalled reports whether the last Tick asked for no new frame, because inputs
// of others are missing for more frames than may be predicted.
func (s *Session) Stalled() bool { return s.stalled }

// Stats is what happened so far.
func (s *Session) Stats() Stats { return s.stats }

// Desync is the first difference that was seen, or nil.
func (s *Session) Desync() *Desync { return s.desync }

// Delay is a player's input delay in frames.
func (s *Session) Delay(player int) int { return s.players[player].delay }

// SetDelay changes a local player's input delay, at any time: when it grows, the
// gap is filled with the last input; when it shrinks, samples are dropped until
// the frames that are already spoken for have passed.
func (s *Session) SetDelay(player, frames int) error {
	if player < 0 || player >= len(s.players) || s.players[player].peer != Local {
		return fmt.Errorf("rollback: player %d is not local", player)
	}
	if frames < 0 || frames > MaxDelay {
		return fmt.Errorf("rollback: an input delay of %d; 0 to %d are possible", frames, MaxDelay)
	}
	s.players[player].delay = frames
	return nil
}

func (s *Session) at(buf []byte, frame int32) []byte {
	i := int(frame) % ring * s.cfg.InputSize
	return buf[i : i+s.cfg.InputSize]
}

// AddInput gives the input that a local player has now. Call it once before
// each Tick, also while the session is stalled.
func (s *Session) AddInput(player int, input []byte) error {
	if player < 0 || player >= len(s.players) || s.players[player].peer != Local {
		return fmt.Errorf("rollback: player %d is not local", player)
	}
	if len(input) != s.cfg.InputSize {
		return fmt.Errorf("rollback: an input of %d bytes, %d are expected", len(input), s.cfg.InputSize)
	}
	p := &s.players[player]
	target := s.frame + int32(p.delay)
	for p.last < target {
		next := s.at(p.known, p.last+1)
		switch {
		case p.last+1 == target:
			copy(next, input)
		case p.last >= s.cfg.Start:
			copy(next, s.at(p.known, p.last))
		default:
			clear(next) // before the first sample: nothing is pressed
		}
		p.last++
	}
	return nil
}

// ErrMessage is returned by Receive for a message that makes no sense. The
// session goes on as if it had not come.
var ErrMessage = errors.New("rollback: the message makes no sense")

// Receive takes a message of a peer.
func (s *Session) Receive(from int, m *Message) error {
	if from <= Local || from >= MaxPlayers || !s.peers[from].there {
		s.stats.Refused++
		return ErrMessage
	}
	e := &s.peers[from]
	size := s.cfg.InputSize * len(e.players)
	if len(m.Inputs)%size != 0 || len(m.Inputs)/size > MaxSend || m.Start < 0 || m.Frame < 0 ||
		m.Ack > s.lastLocal() || m.Frame > s.frame+ring/2 || m.Start > s.frame+ring/2 {
		s.stats.Refused++
		return ErrMessage
	}
	for i := range len(m.Inputs) / size {
		frame := m.Start + int32(i)
		for k, n := range e.players {
			p := &s.players[n]
			at := i*size + k*s.cfg.InputSize
			s.learn(p, frame, m.Inputs[at:at+s.cfg.InputSize])
		}
	}
	e.ack = max(e.ack, m.Ack)
	if m.Frame >= e.frame {
		e.frame = m.Frame
		// What counts is how much has to be predicted, not whose clock shows
		// what: so that unequal delays and ways are shared as well.
		e.advantage = clamp16(int(s.frame) - int(m.Start) - len(m.Inputs)/size)
		e.local[e.samples%timeSync] = e.advantage
		e.remote[e.samples%timeSync] = min(max(m.Advantage, -maxLead), maxLead)
		e.samples++
		e.stalls = m.Stalls
	}
	if m.HashFrame > e.newest && m.HashFrame <= s.frame+ring/2 {
		e.newest = m.HashFrame
		e.hashes[m.HashFrame%pendingHashes] = hashEntry{m.HashFrame, m.Hash, true}
	}
	return nil
}

// learn takes a remote player's input of a frame, if it is the next one.
func (s *Session) learn(p *player, frame int32, in []byte) {
	if frame != p.last+1 || frame >= s.frame+ring/2 || p.gone && frame > p.end {
		return // old, or there is a gap before it
	}
	input := s.at(p.known, frame)
	copy(input, in)
	p.last = frame
	if frame < s.frame && !bytes.Equal(input, s.at(p.used, frame)) {
		s.stats.Missed++
		s.wrong = min(s.wrong, frame)
	}
}

// maxLead bounds what a peer can claim, in frames: a session that works never
// comes near it.
const maxLead = 64

func clamp16(v int) int16 { return int16(min(max(v, -maxLead), maxLead)) }

// lastLocal is the last frame for which there are inputs of local players.
func (s *Session) lastLocal() int32 {
	last := s.cfg.Start - 1
	for _, n := range s.peers[Local].players {
		last = max(last, s.players[n].last)
	}
	return last
}

// Send fills in a message for a peer. m.Inputs is reused if it is large enough.
func (s *Session) Send(to int, m *Message) {
	e := &s.peers[to]
	m.Frame, m.Advantage, m.Stalls = s.frame, e.advantage, uint16(s.stats.Stalls)
	m.Ack = noFrame
	for _, n := range e.players {
		m.Ack = min(m.Ack, s.players[n].last)
	}
	m.Start = e.ack + 1
	m.Inputs = m.Inputs[:0]
	local := s.peers[Local].players
	last := noFrame
	for _, n := range local {
		last = min(last, s.players[n].last)
	}
	if len(local) > 0 {
		for f := m.Start; f <= last && f < m.Start+MaxSend; f++ {
			for _, n := range local {
				m.Inputs = append(m.Inputs, s.at(s.players[n].known, f)...)
			}
		}
	}
	m.HashFrame, m.Hash = -1, 0
	if f, ok := s.confirmedHash(); ok {
		m.HashFrame, m.Hash = f, s.hashes[f%ring].hash
	}
}

// confirmedHash is the newest frame whose state is confirmed and hashed.
func (s *Session) confirmedHash() (int32, bool) {
	f := min(s.confirmed+1, s.saved, s.wrong)
	f -= f % int32(s.cfg.HashInterval)
	if f < s.cfg.Start {
		return 0, false
	}
	h := &s.hashes[f%ring]
	return f, h.set && h.frame == f
}

// SetHash gives the hash of the state before a frame, as a Save with Hash asks.
func (s *Session) SetHash(frame int32, hash uint64) {
	h := &s.hashes[frame%ring]
	if s.cfg.SyncTest > 0 && h.set && h.frame == frame && h.hash != hash && s.desync == nil {
		s.desync = &Desync{Frame: frame, Peer: Local, Local: hash, Remote: h.hash}
		return
	}
	*h = hashEntry{frame, hash, true}
}

// Hash is the hash of the state before a frame, if it is confirmed and still
// remembered. After a desync, comparing these from the oldest on finds the
// first frame that differs.
func (s *Session) Hash(frame int32) (uint64, bool) {
	if frame < s.cfg.Start || frame > min(s.confirmed+1, s.wrong) {
		return 0, false
	}
	h := &s.hashes[frame%ring]
	return h.hash, h.set && h.frame == frame
}

// compare compares the peers' hashes with ours, as far as both are there.
func (s *Session) compare() {
	limit := min(s.confirmed+1, s.saved, s.wrong)
	for i := range s.peers {
		e := &s.peers[i]
		for k := range e.hashes {
			theirs := &e.hashes[k]
			if !theirs.set || theirs.frame > limit {
				continue
			}
			ours := &s.hashes[theirs.frame%ring]
			if ours.frame != theirs.frame {
				theirs.set = false // too old, or a frame that we do not hash
				continue
			}
			if !ours.set {
				continue
			}
			theirs.set = false
			s.stats.Compared++
			if ours.hash != theirs.hash && (s.desync == nil || theirs.frame < s.desync.Frame) {
				s.desync = &Desync{Frame: theirs.frame, Peer: i, Local: ours.hash, Remote: theirs.hash}
			}
		}
	}
}

// Disconnect ends a peer's part: nothing is pressed by its players after frame
// last, and its messages are refused from now on.
//
// All that remain must agree on last: it is the largest LastInput that any of
// them has of the peer's players, because frames that are confirmed somewhere
// must stay what they are. Whoever knows less gets the inputs that it lacks by
// Relay; until then these are predicted like others. In a match of two, last is
// LastInput.
func (s *Session) Disconnect(peer int, last int32) error {
	if peer <= Local || peer >= MaxPlayers || !s.peers[peer].there {
		return fmt.Errorf("rollback: there is no peer %d", peer)
	}
	e := &s.peers[peer]
	for _, n := range e.players {
		if p := &s.players[n]; last < p.last {
			return fmt.Errorf("rollback: peer %d cannot end with frame %d: its inputs are known up to frame %d", peer, last, p.last)
		}
	}
	if last >= s.frame+ring/2 {
		return fmt.Errorf("rollback: peer %d cannot end with frame %d, this side is at frame %d", peer, last, s.frame)
	}
	e.there = false
	if !slices.ContainsFunc(s.peers[1:], func(o peerState) bool { return o.there }) {
		s.drift = 0 // nobody is left whose clock could differ
	}
	for _, n := range e.players {
		p := &s.players[n]
		p.gone, p.end = true, last
		for f := last + 1; f < s.frame; f++ {
			if !zero(s.at(p.used, f)) {
				s.wrong = min(s.wrong, f)
				break
			}
		}
	}
	return nil
}

// Relay takes inputs of a player whose peer is disconnected, from frame start
// on, as another peer knows them (from Input). What is known already, or lies
// beyond the end, is ignored.
func (s *Session) Relay(player int, start int32, inputs []byte) error {
	if player < 0 || player >= len(s.players) || !s.players[player].gone || start < 0 || len(inputs)%s.cfg.InputSize != 0 {
		s.stats.Refused++
		return ErrMessage
	}
	for i := 0; i < len(inputs) && start < noFrame; i, start = i+s.cfg.InputSize, start+1 {
		s.learn(&s.players[player], start, inputs[i:i+s.cfg.InputSize])
	}
	return nil
}

// LastInput is the last frame for which a player's input is known.
func (s *Session) LastInput(player int) int32 { return s.players[player].last }

func zero(b []byte) bool {
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}

// Tick asks for what is to be done now: after a wrong prediction, loading an
// older state and running the frames since then again; then the new frame,
// unless the session is stalled.
func (s *Session) Tick() []Request {
	s.requests = s.requests[:0]
	s.confirmed = noFrame
	for i := range s.players {
		if p := &s.players[i]; !p.gone || p.last < p.end {
			s.confirmed = min(s.confirmed, p.last)
		}
	}
	if s.confirmed == noFrame { // everybody has gone
		s.confirmed = s.frame
	}
	if s.cfg.SyncTest > 0 && s.frame-int32(s.cfg.SyncTest) >= s.cfg.Start {
		s.save(s.frame) // as it was the first time
		s.wrong = s.frame - int32(s.cfg.SyncTest)
	}
	if s.wrong < s.frame {
		s.rollback()
	}
	s.wrong = noFrame
	s.stalled = s.frame > s.confirmed+int32(s.cfg.Window) || s.share()
	if s.stalled {
		s.stats.Stalls++
	} else {
		if s.saved < s.frame {
			s.save(s.frame)
		}
		s.advance(s.frame, false)
		s.frame++
		s.stats.Frames++
	}
	for i := len(s.requests) - 1; i >= 0; i-- {
		if s.requests[i].Kind == Advance {
			s.requests[i].Last = true
			break
		}
	}
	s.compare()
	// A lead that stays is one that bending has not removed: our clock is fast.
	// While nobody is heard, nothing is learned about that.
	heard := 0
	for i := range s.peers {
		if i != Local && s.peers[i].there {
			heard += s.peers[i].samples
		}
	}
	if heard != s.heard {
		s.drift = min(max(s.drift+15e-6*s.Lead(), -MaxBend), MaxBend)
	}
	s.heard = heard
	return s.requests
}

// share reports whether to wait for a tick, because a peer that is behind us
// has stalled more often: packets that were lost on the way to it made it wait.
// So nobody is stalled alone, and the lead that it got us is given back at once.
func (s *Session) share() bool {
	if s.cfg.Window == 0 {
		return false // in lockstep everybody waits anyway
	}
	for i := range s.peers {
		e := &s.peers[i]
		if i == Local || !e.there || e.samples == 0 || int16(e.stalls-uint16(s.stats.Stalls)) <= 2 {
			continue
		}
		if last := (e.samples - 1) % timeSync; e.local[last] > e.remote[last] || s.Lead() > 0.25 {
			return true
		}
	}
	return false
}

func (s *Session) rollback() {
	n := int(s.frame - s.wrong)
	s.stats.Rollbacks++
	s.stats.Again += int64(n)
	s.stats.MaxRollback = max(s.stats.MaxRollback, n)
	s.requests = append(s.requests, Request{Kind: Load, Frame: s.wrong, Slot: slot(s.wrong)})
	for f := s.wrong; f < s.frame; f++ {
		if f > s.wrong {
			s.save(f)
		}
		s.advance(f, true)
	}
	s.save(s.frame)
}

func slot(frame int32) int { return int(frame) % Slots }

func (s *Session) save(frame int32) {
	s.requests = append(s.requests, Request{Kind: Save, Frame: frame, Slot: slot(frame), Hash: frame%int32(s.cfg.HashInterval) == 0})
	s.saved = max(s.saved, frame)
	if s.cfg.SyncTest == 0 {
		s.hashes[frame%ring] = hashEntry{frame: frame} // until the caller gives it
	}
}

func (s *Session) advance(frame int32, again bool) {
	in := s.inputs[len(s.requests)]
	size := s.cfg.InputSize
	for i := range s.players {
		p := &s.players[i]
		used := s.at(p.used, frame)
		switch {
		case frame <= p.last:
			copy(used, s.at(p.known, frame))
		case p.gone && frame > p.end:
			clear(used)
		default:
			s.predict(p, frame, used)
			s.stats.Predicted++
		}
		copy(in[i*size:], used)
	}
	s.requests = append(s.requests, Request{Kind: Advance, Frame: frame, Inputs: in, Again: again, Confirmed: frame <= s.confirmed})
}

// predict guesses an input after the last known one.
func (s *Session) predict(p *player, frame int32, out []byte) {
	if p.last < s.cfg.Start {
		clear(out)
		return
	}
	last := s.at(p.known, p.last)
	copy(out, last)
	if p.last == s.cfg.Start {
		return
	}
	before := s.at(p.known, p.last-1)
	for i := range s.cfg.Fields {
		if f := &s.cfg.Fields[i]; f.Predict == Velocity {
			f.predict(before, last, out, frame-p.last)
		}
	}
}

// Lead is how many frames this side is ahead of the others, averaged: half the
// difference between what it has to predict of them and what they have to
// predict of it, so that latency cancels out. Negative: behind.
func (s *Session) Lead() float64 {
	lead, n := 0.0, 0
	for i := range s.peers {
		e := &s.peers[i]
		if i == Local || !e.there || e.samples == 0 {
			continue
		}
		k := min(e.samples, timeSync)
		sum := 0
		for j := range k {
			sum += int(e.local[j]) - int(e.remote[j])
		}
		lead += float64(sum) / float64(2*k)
		n++
	}
	if n == 0 {
		return 0
	}
	return lead / float64(n)
}

// MaxBend is the largest change of speed.
const MaxBend = 0.01

// Speed is the factor by which the game should run faster or slower for now, to
// end up side by side with the others: 1 - MaxBend to 1 + MaxBend.
func (s *Session) Speed() float64 {
	const gain = 0.004 // of the rate for each frame of lead
	return 1 - min(max(s.Lead()*gain+s.drift, -MaxBend), MaxBend)
}

// ConfirmedState is the newest frame whose saved state is confirmed, and its
// slot: from there a match can be resumed (Config.Start) after a pause or a
// desync. The slot is good until the next Tick. It reports false if no such
// state is there yet. Call it after the requests of a Tick were executed.
func (s *Session) ConfirmedState() (frame int32, slotNumber int, ok bool) {
	f := min(s.confirmed+1, s.saved, s.wrong)
	return f, slot(f), f >= s.cfg.Start && f > s.saved-Slots
}

// Input is a player's input for a frame, if it is known and still remembered:
// for recording and for spectators. It is valid until the next call.
func (s *Session) Input(player int, frame int32) ([]byte, bool) {
	p := &s.players[player]
	if frame < s.cfg.Start || frame > p.last || frame <= p.last-ring || frame <= s.frame-ring {
		return nil, false
	}
	return s.at(p.known, frame), true
}

// AppendConfirmed appends all players' inputs of a confirmed frame. It reports
// false if the frame is not confirmed, or too old to be remembered.
func (s *Session) AppendConfirmed(dst []byte, frame int32) ([]byte, bool) {
	if frame < s.cfg.Start || frame > s.confirmed || frame <= s.frame-ring/2 {
		return dst, false
	}
	for i := range s.players {
		p := &s.players[i]
		if frame > p.last { // its peer has gone
			for range s.cfg.InputSize {
				dst = append(dst, 0)
			}
			continue
		}
		dst = append(dst, s.at(p.known, frame)...)
	}
	return dst, true
}
