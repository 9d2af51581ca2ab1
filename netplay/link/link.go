// Package link carries packets between peers: the small interface that the rest
// of netplay sends through, and a simulator of bad links in virtual time.
package link

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Transport sends and receives datagrams, which may get lost, come late, twice
// or out of order. A Transport keeps nothing that it is given.
type Transport interface {
	// Send sends a packet; it does not wait.
	Send(packet []byte)
	// Receive copies the next packet that has come into buf and returns its
	// length, or reports that there is none.
	Receive(buf []byte) (n int, ok bool)
}

// Quality is what a link does to packets in one direction.
type Quality struct {
	Latency time.Duration // of every packet
	Jitter  time.Duration // up to so much more, evenly spread; packets may overtake
	Loss    float64       // probability of losing a packet, 0 to 1
	Burst   int           // packets that are lost in a row, once one is (0 and 1: each by itself)
	Reorder float64       // probability of 30 ms more
	Twice   float64       // probability of coming twice
	Rate    int           // bytes a second; more waits in a queue. 0: no limit
	Queue   int           // bytes that may wait for Rate; more is lost. 0: no limit
	// Cuts are times in which nothing passes.
	Cuts []Cut
}

// Cut is a time in which nothing passes.
type Cut struct{ From, To time.Duration }

// Simulator is a link between two ends in virtual time. Everything that is
// random depends on the seed alone.
type Simulator struct {
	now  time.Duration
	ends [2]End
	seq  uint64
}

// End is one end of a simulated link. It is a Transport.
type End struct {
	sim     *Simulator
	other   *End
	quality Quality
	rnd     *rand.Rand
	losing  int           // packets of a burst that are still to be lost
	free    time.Duration // when the line is free again
	inbox   []parcel
	// Sent and Lost count packets, Bytes what was sent.
	Sent, Lost, Bytes int
}

type parcel struct {
	at   time.Duration
	seq  uint64
	data []byte
}

// NewSimulator makes a link; there is the quality from end 0 to end 1, back
// that of the other direction.
func NewSimulator(seed uint64, there, back Quality) *Simulator {
	s := &Simulator{}
	for i := range s.ends {
		e := &s.ends[i]
		e.sim, e.other = s, &s.ends[1-i]
		e.quality = there
		if i == 1 {
			e.quality = back
		}
		e.rnd = rand.New(rand.NewPCG(seed, uint64(i)))
	}
	return s
}

// End is one of the two ends, 0 or 1.
func (s *Simulator) End(i int) *End { return &s.ends[i] }

// Set moves virtual time on.
func (s *Simulator) Set(now time.Duration) { s.now = max(s.now, now) }

// SetQuality changes an end's direction from now on.
func (e *End) SetQuality(q Quality) { e.quality = q }

// Send implements Transport.
func (e *End) Send(packet []byte) {
	q := &e.quality
	e.Sent++
	e.Bytes += len(packet)
	lost := e.rnd.Float64() < q.Loss
	// All dice are thrown every time, so that one setting does not change the
	// luck of another.
	jitter := time.Duration(e.rnd.Float64() * float64(q.Jitter))
	late, twice := e.rnd.Float64() < q.Reorder, e.rnd.Float64() < q.Twice
	if e.losing > 0 {
		e.losing--
		lost = true
	} else if lost && q.Burst > 1 {
		e.losing = q.Burst - 1
	}
	for _, c := range q.Cuts {
		if e.sim.now >= c.From && e.sim.now < c.To {
			lost = true
		}
	}
	at := e.sim.now
	if q.Rate > 0 {
		start := max(e.free, at)
		if q.Queue > 0 && (start-at).Seconds()*float64(q.Rate) > float64(q.Queue) {
			lost = true
		} else {
			e.free = start + time.Duration(float64(len(packet))/float64(q.Rate)*float64(time.Second))
			at = e.free
		}
	}
	if lost {
		e.Lost++
		return
	}
	at += q.Latency + jitter
	if late {
		at += 30 * time.Millisecond
	}
	e.deliver(at, packet)
	if twice {
		e.deliver(at+5*time.Millisecond, packet)
	}
}

func (e *End) deliver(at time.Duration, packet []byte) {
	e.sim.seq++
	p := parcel{at, e.sim.seq, slices.Clone(packet)}
	box := &e.other.inbox
	i, _ := slices.BinarySearchFunc(*box, p, func(a, b parcel) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return int(a.seq) - int(b.seq)
	})
	*box = slices.Insert(*box, i, p)
}

// Receive implements Transport.
func (e *End) Receive(buf []byte) (int, bool) {
	if len(e.inbox) == 0 || e.inbox[0].at > e.sim.now {
		return 0, false
	}
	n := copy(buf, e.inbox[0].data)
	e.inbox = slices.Delete(e.inbox, 0, 1)
	return n, true
}
