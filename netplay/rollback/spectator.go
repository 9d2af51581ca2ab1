package rollback

import "fmt"

// Spectator follows a match by its confirmed inputs: nothing is predicted, so
// nothing is rolled back, and it is a little later than the players. One that
// joins late or falls behind catches up by running several frames a tick.
type Spectator struct {
	size     int // bytes of all players' inputs of a frame
	delay    int
	next     int32 // frame that runs next
	last     int32 // last frame whose inputs are there
	inputs   []byte
	requests []Request
}

// Limits of a spectator.
const (
	spectatorRing = 1 << 13 // frames that may wait: more than two minutes
	// MaxCatchUp is the number of frames that a tick runs at most.
	MaxCatchUp = 8
)

// NewSpectator makes a spectator of a game with the given number of players and
// bytes of input, from frame start on. It stays delay frames behind what it
// knows, so that jitter is not seen.
func NewSpectator(players, inputSize, delay int, start int32) (*Spectator, error) {
	if players < 1 || players > MaxPlayers || inputSize < 1 || inputSize > MaxInput || delay < 0 || delay > spectatorRing/2 || start < 0 {
		return nil, fmt.Errorf("rollback: a spectator of %d players with %d bytes, delay %d, from frame %d", players, inputSize, delay, start)
	}
	return &Spectator{size: players * inputSize, delay: delay, next: start, last: start - 1,
		inputs: make([]byte, spectatorRing*players*inputSize), requests: make([]Request, 0, MaxCatchUp)}, nil
}

// Receive takes the inputs of all players of the frames from start on. Frames
// that are there already, or that come after a gap, are ignored.
func (s *Spectator) Receive(start int32, inputs []byte) error {
	if len(inputs)%s.size != 0 || start < 0 {
		return ErrMessage
	}
	for i := 0; i < len(inputs); i += s.size {
		frame := start + int32(i/s.size)
		if frame != s.last+1 || frame >= s.next+spectatorRing {
			continue
		}
		copy(s.inputs[int(frame)%spectatorRing*s.size:], inputs[i:i+s.size])
		s.last = frame
	}
	return nil
}

// Ack is the last frame whose inputs are there: the next that is wanted is the
// one after it.
func (s *Spectator) Ack() int32 { return s.last }

// Frame is the frame that runs next.
func (s *Spectator) Frame() int32 { return s.next }

// Behind is the number of frames that wait.
func (s *Spectator) Behind() int { return int(s.last + 1 - s.next) }

// Tick asks for the next frame, or for several if many wait, or for none.
func (s *Spectator) Tick() []Request {
	s.requests = s.requests[:0]
	wait := s.Behind()
	n := 0
	switch {
	case wait > s.delay+30:
		n = min(MaxCatchUp, wait-s.delay)
	case wait > s.delay+2:
		n = 2
	case wait > s.delay || wait > 0 && s.delay == 0:
		n = 1
	}
	for range n {
		at := int(s.next) % spectatorRing * s.size
		s.requests = append(s.requests, Request{Kind: Advance, Frame: s.next, Inputs: s.inputs[at : at+s.size], Confirmed: true, Again: true})
		s.next++
	}
	if n > 0 {
		s.requests[n-1].Last, s.requests[n-1].Again = true, false
	}
	return s.requests
}

// SlotOf is the slot that a session keeps the state before a frame in. The slot
// of Session.Frame is free for the caller's use between two Ticks, if it holds
// the present state again by the next.
func SlotOf(frame int32) int { return slot(frame) }
