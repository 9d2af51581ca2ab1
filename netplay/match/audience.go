package match

import (
	"encoding/binary"
	"math"
	"time"

	"arcade/netplay/lane"
	"arcade/netplay/rollback"
)

const (
	flagWatch   = 16
	watchFrames = 60                    // frames of inputs in a payload at most
	watchEvery  = 30 * time.Millisecond // between two payloads with inputs
)

// Audience is one spectator, as the match that it watches sees it. It costs the
// match a copy of the state when it comes, and its packets.
type Audience struct {
	m       *Match
	send    func(payload []byte)
	lane    *lane.Lane
	now     time.Duration
	heard   time.Duration
	sentAt  time.Duration
	nick    string
	said    bool // our hello
	greeted bool
	over    string
	overAt  time.Duration
	leaving bool // our bye is on its way
	play    int  // of the match, whose state was sent
	epoch   uint8
	ack     int32
	acked   bool // an ack of this epoch came
	out     []byte
	packed  []byte
}

// NewAudience takes a spectator on whose connection stands. send takes each
// payload for it, and must not keep it.
func (m *Match) NewAudience(send func(payload []byte), now time.Duration) *Audience {
	a := &Audience{m: m, send: send, lane: lane.New(smallLimit), now: now, heard: now, ack: -1}
	return a
}

// Nick is the spectator's nickname, once it has greeted.
func (a *Audience) Nick() string { return a.nick }

// Over is why the spectator watches no more, or "" while it does.
func (a *Audience) Over() string { return a.over }

// Gone reports whether there is nothing more to tell the spectator: until then,
// Tick must be called.
func (a *Audience) Gone() bool {
	return a.over != "" && (!a.leaving || a.lane.Idle() || a.now-a.overAt > farewell)
}

// Receive takes a payload of the spectator.
func (a *Audience) Receive(b []byte, now time.Duration) {
	a.now = max(a.now, now)
	if a.over != "" {
		if a.leaving {
			_ = a.take(b) // only whether our bye has come matters now
		}
		return
	}
	if err := a.take(b); err != nil {
		a.over = err.Error()
		return
	}
	a.heard = a.now
	for a.over == "" {
		msg, ok := a.lane.Receive()
		if !ok {
			return
		}
		switch {
		case msg.Kind == kindHello && !a.greeted:
			nick, terms, err := parseHello(msg.Data)
			if err != nil {
				a.over = err.Error()
				return
			}
			a.nick, a.greeted = nick, true
			if why := compare(a.m.cfg.Terms, terms); why != "" {
				a.over = why // it compares as well, and says so to its user
			}
		case msg.Kind == kindBye:
			a.over = "left"
		default:
			a.over = errWire.Error()
		}
	}
}

func (a *Audience) take(b []byte) error {
	if len(b) < 1 || b[0]&^(flagAck|flagWatch) != 0 {
		return errWire
	}
	flags := b[0]
	b = b[1:]
	var err error
	if flags&flagAck != 0 {
		if b, err = a.lane.TakeAck(b, a.now); err != nil {
			return err
		}
	}
	if flags&flagWatch != 0 {
		if len(b) < 2 {
			return errWire
		}
		epoch := b[0]
		v, n := binary.Varint(b[1:])
		if n <= 0 || v < -1 || v > math.MaxInt32 {
			return errWire
		}
		b = b[1+n:]
		if epoch == a.epoch && int32(v) < a.m.log.next && int32(v) >= a.ack {
			a.ack, a.acked = int32(v), true
		}
	}
	for len(b) > 0 {
		if b, err = a.lane.TakeSegment(b); err != nil {
			return err
		}
	}
	return nil
}

// Tick sends what is due. Call it once a frame, after the match's Tick.
func (a *Audience) Tick(now time.Duration) error {
	a.now = max(a.now, now)
	if a.over != "" {
		if !a.Gone() {
			a.flush()
		}
		return nil
	}
	m := a.m
	if a.now-a.heard > LostAfter {
		a.over = "silent for 30 s"
		return nil
	}
	if !a.said {
		a.said = true
		if err := a.lane.Send(kindHello, appendHello(nil, m.cfg.Nick, m.cfg.Terms)); err != nil {
			return err
		}
	}
	running := m.phase == Playing || m.phase == Alone
	if a.greeted && running && (a.play != m.plays || a.acked && a.ack+1 < m.log.oldest()) {
		if err := a.sendStart(); err != nil {
			return err
		}
	}
	if m.phase == Ended {
		a.over, a.overAt, a.leaving = "the match is over", a.now, true
		if err := a.lane.Send(kindBye, appendString(nil, a.over)); err != nil {
			return err
		}
	}
	a.flush()
	return nil
}

// sendStart sends the newest confirmed state.
func (a *Audience) sendStart() error {
	m := a.m
	frame, slot, ok := m.session.ConfirmedState()
	if !ok || frame > m.log.next {
		return nil // in a moment
	}
	g := m.cfg.Game
	present := rollback.SlotOf(m.session.Frame())
	g.Save(present)
	g.Load(slot)
	state := g.AppendState(nil)
	g.Load(present)
	a.play, a.ack, a.acked = m.plays, frame-1, false
	a.epoch++
	b := binary.LittleEndian.AppendUint32([]byte{a.epoch}, uint32(frame))
	b = append(b, 0)
	b = binary.LittleEndian.AppendUint16(b, HashInterval)
	return a.lane.Send(kindStart, m.enc.EncodeAll(state, b))
}

func (a *Audience) flush() {
	for i := range lobbyBurst {
		b := append(a.out[:0], 0)
		if a.lane.WantsAck() {
			b[0] |= flagAck
			b = a.lane.AppendAck(b)
		}
		if i == 0 && a.play > 0 && a.now-a.sentAt >= watchEvery {
			b[0] |= flagWatch
			b = a.appendInputs(b)
		}
		for {
			var ok bool
			if b, ok = a.lane.AppendSegment(b, MaxPayload-len(b), a.now); !ok {
				break
			}
		}
		a.out = b
		if len(b) == 1 && a.now-a.sentAt < keepAlive {
			return
		}
		if i == 0 {
			a.sentAt = a.now
		}
		a.send(b)
		if len(b) <= lane.SegmentSize {
			return
		}
	}
}

func (a *Audience) appendInputs(b []byte) []byte {
	m := a.m
	b = append(b, a.epoch)
	b = binary.AppendVarint(b, int64(a.ack)+1)
	var in []byte
	if a.play == m.plays && a.ack+1 >= m.log.oldest() {
		in = m.log.some(a.ack+1, watchFrames)
	}
	a.packed = appendInputs(a.packed[:0], in, m.log.size)
	for len(a.packed) > maxInputs {
		in = in[:len(in)/m.log.size/2*m.log.size]
		a.packed = appendInputs(a.packed[:0], in, m.log.size)
	}
	b = binary.AppendUvarint(b, uint64(len(a.packed)))
	b = append(b, a.packed...)
	f := m.log.next - m.log.next%HashInterval
	hash, ok := m.session.Hash(f)
	if !ok || a.play != m.plays {
		return append(b, 0)
	}
	b = binary.AppendUvarint(b, uint64(f)+1)
	return binary.LittleEndian.AppendUint64(b, hash)
}
