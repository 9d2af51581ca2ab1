// Package linktest plays whole matches over simulated links, in virtual time:
// the proof that a game and the rollback library stay in step. It is for tests.
package linktest

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"arcade/netplay/link"
	"arcade/netplay/rollback"
)

// Game is what a match needs of a game.
type Game interface {
	Save(slot int)
	Load(slot int)
	// Advance runs a frame with the inputs of all players.
	Advance(inputs []byte, shown bool)
	Hash() uint64
}

// Match describes a match of two.
type Match struct {
	Seed      uint64
	There     link.Quality // from side 0 to side 1
	Back      link.Quality
	Frames    int32
	Rate      float64 // frames a second
	InputSize int
	Fields    []rollback.Field
	Window    int
	Delay     int
	// Drift makes side 1's clock faster by this factor: 0.01 is one percent.
	Drift float64
	// Game makes each side's game.
	Game func(side int) Game
	// Input gives what a side's player does in a frame, into in.
	Input func(side int, frame int32, in []byte)
	// Before, if set, is called before each tick of a side: to plant faults or
	// to change the delay.
	Before func(side int, s *rollback.Session, g Game)
	// Tamper, if set, may change a message before a side sends it.
	Tamper func(side int, m *rollback.Message, g Game)
	// HashInterval, 1 if not set.
	HashInterval int
}

// Result is what came of a match.
type Result struct {
	Frames    [2]int32
	Stats     [2]rollback.Stats
	Desync    *rollback.Desync // the first that a side saw
	Hash      uint64           // of the last common confirmed state
	HashFrame int32
	Bytes     [2]int // of messages sent, without any header
	Packets   [2]int
	Lead      [2]float64
	Virtual   time.Duration
	Depth     [2]int // longest rollback
}

// Stalls is the number of stalled ticks of both sides, and the larger share.
func (r *Result) Stalls() (total int64, share float64) {
	a, b := r.Stats[0].Stalls, r.Stats[1].Stalls
	if a+b == 0 {
		return 0, 0
	}
	return a + b, float64(max(a, b)) / float64(a+b)
}

type side struct {
	s      *rollback.Session
	g      Game
	end    *link.End
	next   time.Duration // of the next tick
	period float64       // of a tick, in its own clock
	drift  float64
	hashes map[int32]uint64
	local  int32
}

// Run plays the match.
func (m *Match) Run() (*Result, error) {
	sim := link.NewSimulator(m.Seed, m.There, m.Back)
	var sides [2]*side
	interval := max(m.HashInterval, 1)
	for i := range sides {
		owners := []int{rollback.Local, 1}
		if i == 1 {
			owners = []int{1, rollback.Local}
		}
		s, err := rollback.New(rollback.Config{Players: owners, InputSize: m.InputSize, Fields: m.Fields, Window: m.Window, Delay: m.Delay, HashInterval: interval})
		if err != nil {
			return nil, err
		}
		sides[i] = &side{s: s, g: m.Game(i), end: sim.End(i), period: float64(time.Second) / m.Rate, drift: 1, hashes: map[int32]uint64{}}
		// The second side starts a little later, as in life.
		sides[i].next = time.Duration(i) * 7 * time.Millisecond
	}
	sides[1].drift = 1 / (1 + m.Drift)
	r := &Result{HashFrame: -1}
	unseen := int32(-1)
	var msg rollback.Message
	var wire []byte
	var buf [4096]byte
	input := make([]byte, m.InputSize)
	limit := time.Duration(float64(m.Frames)/m.Rate*20*float64(time.Second)) + time.Minute
	for sides[0].s.Frame() < m.Frames || sides[1].s.Frame() < m.Frames {
		i := 0
		if sides[1].next < sides[0].next {
			i = 1
		}
		d := sides[i]
		if d.next > limit {
			return r, fmt.Errorf("linktest: frames %d and %d of %d after %v", sides[0].s.Frame(), sides[1].s.Frame(), m.Frames, limit)
		}
		sim.Set(d.next)
		for {
			n, ok := d.end.Receive(buf[:])
			if !ok {
				break
			}
			if err := Decode(buf[:n], &msg); err != nil {
				return r, err
			}
			if err := d.s.Receive(1, &msg); err != nil {
				return r, err
			}
		}
		if m.Before != nil {
			m.Before(i, d.s, d.g)
		}
		clear(input)
		m.Input(i, d.s.Frame(), input)
		if err := d.s.AddInput(i, input); err != nil {
			return r, err
		}
		if d.s.Frame() < m.Frames { // who is ready waits for the other
			if err := d.tick(); err != nil {
				return r, err
			}
		}
		d.s.Send(1, &msg)
		if m.Tamper != nil {
			m.Tamper(i, &msg, d.g)
		}
		wire = Encode(wire[:0], &msg)
		d.end.Send(wire)
		d.next += time.Duration(math.Round(d.period * d.drift / d.s.Speed()))
		if ds := d.s.Desync(); ds != nil && r.Desync == nil {
			r.Desync = ds
		}
		// The two sides' confirmed states are compared by us as well.
		for f := d.local; ; f++ {
			h, ok := d.s.Hash(f)
			if !ok {
				if f < min(d.s.Confirmed()+1, d.s.Frame())-int32(interval) {
					d.local = f + 1 // not a frame that is hashed, or forgotten
					continue
				}
				break
			}
			d.hashes[f] = h
			d.local = f + 1
			o := sides[1-i].hashes
			if other, ok := o[f]; ok {
				if other != h && unseen < 0 {
					unseen = f // the library sees it when the other's message comes
				}
				r.Hash, r.HashFrame = h, f
				delete(o, f)
				delete(d.hashes, f)
			}
		}
		if r.Desync != nil && d.next > 0 && sides[0].s.Desync() != nil && sides[1].s.Desync() != nil {
			break
		}
	}
	if unseen >= 0 && r.Desync == nil {
		return r, fmt.Errorf("linktest: the states before frame %d differ, and the library did not see it", unseen)
	}
	for i, d := range sides {
		r.Frames[i], r.Stats[i], r.Lead[i] = d.s.Frame(), d.s.Stats(), d.s.Lead()
		r.Bytes[i], r.Packets[i] = d.end.Bytes, d.end.Sent
		r.Depth[i] = r.Stats[i].MaxRollback
		r.Virtual = max(r.Virtual, d.next)
	}
	return r, nil
}

// tick executes a session's requests.
func (d *side) tick() error { return Execute(d.s, d.g) }

// Execute runs a tick of a session on a game.
func Execute(s *rollback.Session, g Game) error {
	for _, q := range s.Tick() {
		switch q.Kind {
		case rollback.Save:
			g.Save(q.Slot)
			if q.Hash {
				s.SetHash(q.Frame, g.Hash())
			}
		case rollback.Load:
			g.Load(q.Slot)
		case rollback.Advance:
			g.Advance(q.Inputs, q.Last)
		}
	}
	return nil
}

// Encode appends a message in a simple form.
func Encode(b []byte, m *rollback.Message) []byte {
	b = binary.AppendVarint(b, int64(m.Frame))
	b = binary.AppendVarint(b, int64(m.Advantage))
	b = binary.AppendVarint(b, int64(m.Stalls))
	b = binary.AppendVarint(b, int64(m.Start))
	b = binary.AppendVarint(b, int64(m.Ack))
	b = binary.AppendVarint(b, int64(m.HashFrame))
	b = binary.LittleEndian.AppendUint64(b, m.Hash)
	return append(b, m.Inputs...)
}

// Decode reads what Encode wrote.
func Decode(b []byte, m *rollback.Message) error {
	var v [6]int64
	for i := range v {
		x, n := binary.Varint(b)
		if n <= 0 {
			return fmt.Errorf("linktest: a message is cut off")
		}
		v[i], b = x, b[n:]
	}
	if len(b) < 8 {
		return fmt.Errorf("linktest: a message is cut off")
	}
	m.Frame, m.Advantage, m.Stalls, m.Start, m.Ack, m.HashFrame = int32(v[0]), int16(v[1]), uint16(v[2]), int32(v[3]), int32(v[4]), int32(v[5])
	m.Hash = binary.LittleEndian.Uint64(b)
	m.Inputs = append(m.Inputs[:0], b[8:]...)
	return nil
}
