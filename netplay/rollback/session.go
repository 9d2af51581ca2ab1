package rollback

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
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
	peers     [MaxPlayers]peer
	requests  []Request
	inputs    [][]byte // of requests: one for each that a Tick can make
	saved     int32    // newest frame whose state was saved
	hashes    [ring]hashEntry
	desync    *Desync
	stats     Stats
	drift     float64 // part of the speed that makes up for clocks that differ
	stalled   bool
}

type player struct {
	peer  int
	delay int
	last  int32  // last frame whose input is known
	known []byte // ring of inputs
	used  []byte // ring of what frames were run with
	gone  bool   // its peer is disconnected: no input after last
}

type peer struct {
	there     bool
	players   []int
	ack       int32           // last frame of ours that it has
	frame     int32           // that it was about to run when it last wrote
	local     [timeSync]int16 // how far we were ahead when its messages came
	remote    [timeSync]int16 // how far it said that it was
	samples   int
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
const timeSync = 64

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
	if size == 0 || len(m.Inputs)%size != 0 || len(m.Inputs)/size > MaxSend || m.Start < 0 || m.Frame < 0 ||
		m.Ack > s.lastLocal() || m.Frame > s.frame+ring/2 || m.Start > s.frame+ring/2 {
		s.stats.Refused++
		return ErrMessage
	}
	for i := range len(m.Inputs) / size {
		frame := m.Start + int32(i)
		for k, n := range e.players {
			p := &s.players[n]
			if p.gone || frame != p.last+1 || frame >= s.frame+ring/2 {
				continue // old, or there is a gap before it
			}
			at := i*size + k*s.cfg.InputSize
			input := s.at(p.known, frame)
			copy(input, m.Inputs[at:at+s.cfg.InputSize])
			p.last = frame
			if frame < s.frame && !bytes.Equal(input, s.at(p.used, frame)) {
				s.stats.Missed++
				s.wrong = min(s.wrong, frame)
			}
		}
	}
	e.ack = max(e.ack, m.Ack)
	if m.Frame >= e.frame {
		e.frame = m.Frame
		e.local[e.samples%timeSync] = clamp16(int(s.frame - m.Frame))
		e.remote[e.samples%timeSync] = m.Advantage
		e.advantage = clamp16(int(s.frame - m.Frame))
		e.samples++
	}
	if m.HashFrame > e.newest && m.HashFrame <= s.frame+ring/2 {
		e.newest = m.HashFrame
		e.hashes[m.HashFrame%pendingHashes] = hashEntry{m.HashFrame, m.Hash, true}
	}
	return nil
}

func clamp16(v int) int16 { return int16(min(max(v, -1000), 1000)) }

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
	m.Frame, m.Advantage = s.frame, e.advantage
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

// Disconnect ends a peer's part: its players' inputs are zero after the last
// known frame. Sessions of three or more must agree on that frame: each passes
// the smallest that any of them has, see LastInput.
func (s *Session) Disconnect(peer int, last int32) error {
	if peer <= Local || peer >= MaxPlayers || !s.peers[peer].there {
		return fmt.Errorf("rollback: there is no peer %d", peer)
	}
	for _, n := range s.peers[peer].players {
		p := &s.players[n]
		if last < p.last && last+1 < s.frame-(Slots-2) {
			return fmt.Errorf("rollback: the state before frame %d is not there any more", last+1)
		}
		p.last = min(p.last, last)
		p.gone = true
		for f := p.last + 1; f < s.frame; f++ {
			if !zero(s.at(p.used, f)) {
				s.wrong = min(s.wrong, f)
				break
			}
		}
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
		if p := &s.players[i]; !p.gone {
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
	s.stalled = s.frame > s.confirmed+int32(s.cfg.Window)
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
	s.drift = min(max(s.drift+6e-6*s.Lead(), -MaxBend), MaxBend)
	return s.requests
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
		case p.gone:
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
	for _, f := range s.cfg.Fields {
		if f.Predict != Velocity {
			continue
		}
		v := get(last, f)
		put(out, f, v+(v-get(before, f))*uint32(frame-p.last))
	}
}

func get(b []byte, f Field) uint32 {
	switch f.Size {
	case 1:
		return uint32(b[f.Offset])
	case 2:
		return uint32(binary.LittleEndian.Uint16(b[f.Offset:]))
	}
	return binary.LittleEndian.Uint32(b[f.Offset:])
}

func put(b []byte, f Field, v uint32) {
	switch f.Size {
	case 1:
		b[f.Offset] = byte(v)
	case 2:
		binary.LittleEndian.PutUint16(b[f.Offset:], uint16(v))
	default:
		binary.LittleEndian.PutUint32(b[f.Offset:], v)
	}
}

// Lead is how many frames this side is ahead of the others, averaged; latency
// cancels out as long as it is the same both ways. Negative: behind.
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
