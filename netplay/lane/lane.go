// Package lane delivers messages whole, once and in order over packets that
// may get lost: handshake, chat, states, control. It is pure: the caller owns
// the clock and the packets.
//
// A message is cut into segments, numbered from 0 through the life of the
// lane. A packet can carry, beside whatever else it has:
//
//	segment  uvarint number, u8 flags (bit 0: the last of its message; bits 1-7: kind, in the first only),
//	         uvarint size, that many bytes
//	ack      uvarint number of the next segment that is missing, u32 mask of those after it that are there
//
// The receiver keeps at most Window segments that came too early, and refuses
// messages over the limit that its owner sets, so a hostile peer can make it
// hold no more than that.
package lane

import (
	"encoding/binary"
	"errors"
	"time"
)

// Limits.
const (
	Window      = 128  // segments under way
	SegmentSize = 1000 // bytes of a full segment
	maxQueue    = 64 << 20
)

// ErrFull is returned by Send when too much waits to be sent.
var ErrFull = errors.New("lane: too much is waiting to be sent")

// ErrPeer is wrapped by errors about a peer that breaks the rules.
var ErrPeer = errors.New("lane: the peer breaks the protocol")

type segment struct {
	data   []byte
	flags  uint8
	sentAt time.Duration
	sends  int
	acked  bool
}

// Lane is one end.
type Lane struct {
	limit   int // of a message that is received, in bytes
	waiting []segment
	queued  int    // bytes in waiting
	base    uint64 // number of flight[0]
	flight  []segment
	window  int           // segments that may be under way now
	srtt    time.Duration // smoothed round trip
	ackDue  bool
	recover uint64 // losses of segments below this number count once

	next    uint64 // number of the next segment to deliver
	early   [Window]*segment
	message []byte
	kind    uint8
	partial bool
	inbox   []Message
}

// Message is a delivered message.
type Message struct {
	Kind uint8 // 0 to 127, for the caller's use
	Data []byte
}

// New makes an end that takes messages of up to limit bytes.
func New(limit int) *Lane { return &Lane{limit: limit, window: 16, srtt: 200 * time.Millisecond} }

// SetLimit changes the size of messages that are taken.
func (l *Lane) SetLimit(n int) { l.limit = n }

// Send queues a message.
func (l *Lane) Send(kind uint8, data []byte) error {
	if kind > 127 {
		return errors.New("lane: kinds are 0 to 127")
	}
	if l.queued+len(data) > maxQueue {
		return ErrFull
	}
	flags := kind << 1
	for {
		n := min(len(data), SegmentSize)
		s := segment{data: append([]byte(nil), data[:n]...), flags: flags}
		data = data[n:]
		if len(data) == 0 {
			s.flags |= 1
		}
		l.waiting = append(l.waiting, s)
		l.queued += n
		flags = 0
		if len(data) == 0 {
			return nil
		}
	}
}

// Idle reports whether everything that was sent has arrived.
func (l *Lane) Idle() bool { return len(l.waiting) == 0 && len(l.flight) == 0 }

// Backlog is the number of bytes that have not arrived yet, and how many
// segments of them are under way.
func (l *Lane) Backlog() int {
	n := l.queued
	for _, s := range l.flight {
		if !s.acked {
			n += len(s.data)
		}
	}
	return n
}

// rto is how long to wait for an acknowledgement.
func (l *Lane) rto(sends int) time.Duration {
	return min((l.srtt*3/2+30*time.Millisecond)<<min(sends-1, 3), 2*time.Second)
}

// WantsAck reports whether the peer waits for an acknowledgement.
func (l *Lane) WantsAck() bool { return l.ackDue }

// AppendAck appends an acknowledgement of what has come.
func (l *Lane) AppendAck(b []byte) []byte {
	l.ackDue = false
	b = binary.AppendUvarint(b, l.next)
	var mask uint32
	for i := range uint64(32) {
		if s := l.early[(l.next+1+i)%Window]; s != nil {
			mask |= 1 << i
		}
	}
	return binary.LittleEndian.AppendUint32(b, mask)
}

// AppendSegment appends the next segment that is due, if there is one that
// takes at most room bytes, and reports whether it did.
func (l *Lane) AppendSegment(b []byte, room int, now time.Duration) ([]byte, bool) {
	for i := range l.flight {
		s := &l.flight[i]
		if s.acked || now-s.sentAt < l.rto(s.sends) || len(s.data)+16 > room {
			continue
		}
		if n := l.base + uint64(i); n >= l.recover { // a loss: go slower, once a window
			l.recover = l.base + uint64(len(l.flight))
			l.window = max(l.window/2, 8)
		}
		return l.put(b, i, now), true
	}
	if len(l.waiting) == 0 || len(l.flight) >= l.window || len(l.waiting[0].data)+16 > room {
		return b, false
	}
	l.queued -= len(l.waiting[0].data)
	l.flight = append(l.flight, l.waiting[0])
	l.waiting = l.waiting[1:]
	return l.put(b, len(l.flight)-1, now), true
}

func (l *Lane) put(b []byte, i int, now time.Duration) []byte {
	s := &l.flight[i]
	s.sentAt = now
	s.sends++
	b = binary.AppendUvarint(b, l.base+uint64(i))
	b = append(b, s.flags)
	b = binary.AppendUvarint(b, uint64(len(s.data)))
	return append(b, s.data...)
}

// TakeAck reads an acknowledgement off the front of b and returns the rest.
func (l *Lane) TakeAck(b []byte, now time.Duration) ([]byte, error) {
	next, n := binary.Uvarint(b)
	if n <= 0 || len(b) < n+4 {
		return nil, ErrPeer
	}
	mask := binary.LittleEndian.Uint32(b[n:])
	b = b[n+4:]
	if next > l.base+uint64(len(l.flight)) {
		return nil, ErrPeer
	}
	ack := func(i int) {
		s := &l.flight[i]
		if s.acked {
			return
		}
		s.acked = true
		if s.sends == 1 { // only then is it known which sending is meant
			l.srtt += (now - s.sentAt - l.srtt) / 8
		}
		l.window = min(l.window+1, Window)
	}
	for i := range l.flight {
		num := l.base + uint64(i)
		if num < next || num > next && num-next-1 < 32 && mask>>(num-next-1)&1 != 0 {
			ack(i)
		}
	}
	for len(l.flight) > 0 && l.flight[0].acked {
		l.flight = l.flight[1:]
		l.base++
	}
	if len(l.flight) == 0 {
		l.flight = nil
	}
	return b, nil
}

// TakeSegment reads a segment off the front of b and returns the rest.
func (l *Lane) TakeSegment(b []byte) ([]byte, error) {
	num, n := binary.Uvarint(b)
	if n <= 0 || len(b) < n+1 {
		return nil, ErrPeer
	}
	flags := b[n]
	b = b[n+1:]
	size, n := binary.Uvarint(b)
	if n <= 0 || size > SegmentSize || uint64(len(b)-n) < size {
		return nil, ErrPeer
	}
	data, rest := b[n:n+int(size)], b[n+int(size):]
	l.ackDue = true
	if num < l.next || num-l.next >= Window || l.early[num%Window] != nil {
		return rest, nil // it was there before, or is too early to be kept
	}
	l.early[num%Window] = &segment{data: append([]byte(nil), data...), flags: flags}
	for {
		s := l.early[l.next%Window]
		if s == nil {
			return rest, nil
		}
		l.early[l.next%Window] = nil
		l.next++
		if !l.partial {
			l.kind, l.partial = s.flags>>1, true
		}
		if len(l.message)+len(s.data) > l.limit {
			return nil, ErrPeer
		}
		l.message = append(l.message, s.data...)
		if s.flags&1 != 0 {
			l.inbox = append(l.inbox, Message{l.kind, l.message})
			l.message, l.partial = nil, false
		}
	}
}

// Receive returns the next delivered message.
func (l *Lane) Receive() (Message, bool) {
	if len(l.inbox) == 0 {
		return Message{}, false
	}
	m := l.inbox[0]
	l.inbox = l.inbox[1:]
	return m, true
}

// Progress is the number of bytes of the message that is arriving.
func (l *Lane) Progress() int { return len(l.message) }
