package match

import (
	"encoding/binary"
	"fmt"
	"time"

	"arcade/netplay/lane"
	"arcade/netplay/rollback"
)

// Receive takes a payload of the peer.
func (m *Match) Receive(payload []byte, now time.Duration) {
	m.now = max(m.now, now)
	if m.phase == Ended || m.phase == Alone {
		m.lateComer(payload)
		return
	}
	if err := m.take(payload); err != nil {
		m.end("the other side sent what makes no sense: " + err.Error())
		return
	}
	m.heard = m.now
	if m.silent {
		m.silent = false
		m.event(Event{Kind: Back})
	}
	if m.phase == Lost {
		m.enter(Playing)
	}
	for m.phase != Ended {
		msg, ok := m.lane.Receive()
		if !ok {
			return
		}
		if err := m.handle(msg); err != nil {
			m.end("the other side sent what makes no sense: " + err.Error())
		}
	}
}

// lateComer takes what a peer sends after the end, or after it was given up: it
// can change nothing any more, but is told so.
func (m *Match) lateComer(payload []byte) {
	_ = m.take(payload) // for what it acknowledges
	for {
		if _, ok := m.lane.Receive(); !ok {
			break
		}
	}
	m.heard, m.called = m.now, !m.lane.Idle() || m.lane.WantsAck()
}

// take reads a payload.
func (m *Match) take(b []byte) error {
	if len(b) < 1 {
		return errWire
	}
	flags := b[0]
	b = b[1:]
	var err error
	if flags&flagAck != 0 {
		if b, err = m.lane.TakeAck(b, m.now); err != nil {
			return err
		}
	}
	if flags&flagPing != 0 {
		if len(b) < 3 {
			return errWire
		}
		m.echo, m.echoAt, m.owed = binary.LittleEndian.Uint16(b), m.now, true
		m.peerDeep = min(int(b[2]), rollback.MaxWindow)
		b = b[3:]
	}
	if flags&flagEcho != 0 {
		if len(b) < 2 {
			return errWire
		}
		if d := m.clock() - binary.LittleEndian.Uint16(b); d < 10_000 {
			m.rtt.add(time.Duration(d) * time.Millisecond)
		}
		b = b[2:]
	}
	if flags&flagPlay != 0 {
		var epoch uint8
		if epoch, b, err = takePlay(b, &m.msg, m.cfg.InputSize); err != nil {
			return err
		}
		if m.session != nil && epoch == m.epoch && (m.phase == Playing || m.phase == Desynced || m.phase == Lost) {
			// What makes no sense to the session is counted there, and does no harm.
			_ = m.session.Receive(1, &m.msg)
		}
	}
	for len(b) > 0 {
		if b, err = m.lane.TakeSegment(b); err != nil {
			return err
		}
	}
	return nil
}

// clock is our clock as pings carry it.
func (m *Match) clock() uint16 { return uint16(m.now / time.Millisecond) }

// handle takes a message of the lane. Messages that come at a time when they
// mean nothing are ignored.
func (m *Match) handle(msg lane.Message) error {
	b := msg.Data
	switch msg.Kind {
	case kindHello:
		return m.gotHello(b)
	case kindBye:
		why, _, err := takeString(b)
		if err != nil {
			return err
		}
		if why = clean(why); why != "" {
			why = ": " + why
		}
		m.end("the other side left" + why)
	case kindStart:
		return m.gotStart(b)
	case kindLoaded:
		if len(b) != 1 {
			return errWire
		}
		if m.cfg.Host && m.phase == Lobby && b[0] == m.epoch {
			m.loaded = true
		}
	case kindChat:
		if len(b) > MaxChat {
			return errWire
		}
		if m.chats >= 1 {
			m.chats--
			m.event(Event{Kind: Chatted, Text: clean(string(b))})
		}
	case kindReady:
		if len(b) != 1 {
			return errWire
		}
		if m.phase <= Lobby && m.ready[1] != (b[0] == 1) {
			m.ready[1] = b[0] == 1
			m.event(Event{Kind: PeerReady})
		}
	case kindGo:
		if len(b) != 1 {
			return errWire
		}
		if !m.cfg.Host && m.phase == Lobby && m.hasOwn && b[0] == m.epoch {
			return m.begin()
		}
	case kindStop:
		return m.gotStop(b)
	case kindState:
		return m.gotState(b)
	case kindDelay:
		if len(b) != 1 || b[0] > rollback.MaxDelay {
			return errWire
		}
		m.delay = int(b[0])
	default:
		return fmt.Errorf("%w (a message of kind %d)", errWire, msg.Kind)
	}
	return nil
}

func (m *Match) gotHello(b []byte) error {
	if m.greeted {
		return errWire
	}
	nick, theirs, err := parseHello(b)
	if err != nil {
		return err
	}
	m.peer = nick
	m.greeted = true
	if why := compare(m.cfg.Terms, theirs); why != "" {
		m.end(why)
		return nil
	}
	if !m.cfg.Host {
		m.lane.SetLimit(m.stateLimit())
	}
	m.enter(Lobby)
	if m.cfg.Host {
		return m.sendStart()
	}
	return nil
}

// appendHello makes the greeting.
func appendHello(b []byte, nick string, terms []Term) []byte {
	b = appendString(b, nick)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(terms)))
	for _, t := range terms {
		b = appendString(appendString(b, t.Name), t.Value)
	}
	return b
}

func parseHello(b []byte) (nick string, terms []Term, err error) {
	nick, b, err = takeString(b)
	if err != nil || len(b) < 2 {
		return "", nil, errWire
	}
	n := int(binary.LittleEndian.Uint16(b))
	b = b[2:]
	if n > MaxTerms {
		return "", nil, errWire
	}
	terms = make([]Term, n)
	for i := range terms {
		if terms[i].Name, b, err = takeString(b); err != nil {
			return "", nil, err
		}
		if terms[i].Value, b, err = takeString(b); err != nil {
			return "", nil, err
		}
	}
	return clean(nick), terms, nil
}

// compare names the first difference of two sides' terms, or returns "".
func compare(mine, theirs []Term) string {
	have := map[string]string{}
	for _, t := range theirs {
		have[t.Name] = t.Value
	}
	for _, t := range mine {
		v, ok := have[t.Name]
		delete(have, t.Name)
		t.Value = t.Value[:min(len(t.Value), 255)]
		if ok && v == t.Value {
			continue
		}
		there := "there is none"
		if ok {
			there = fmt.Sprintf("the other side has %q", clean(v))
		}
		why := fmt.Sprintf("%s differs: here it is %q, %s", t.Name, t.Value, there)
		if t.Fix != "" {
			why += ". " + t.Fix
		}
		return why
	}
	for _, t := range theirs {
		if _, left := have[t.Name]; left {
			return fmt.Sprintf("%s differs: the other side has %q, here there is none", clean(t.Name), clean(t.Value))
		}
	}
	return ""
}

// stateLimit bounds a message with a packed state.
func (m *Match) stateLimit() int { return m.cfg.StateSize + m.cfg.StateSize/16 + smallLimit }

func (m *Match) gotStart(b []byte) error {
	if len(b) < 8 || m.cfg.Host {
		return errWire
	}
	epoch, start := b[0], int32(binary.LittleEndian.Uint32(b[1:]))
	window, interval := int(b[5]), binary.LittleEndian.Uint16(b[6:])
	switch {
	case m.phase == Lobby && epoch == 0 && !m.hasOwn:
	case m.phase == Desynced && epoch == m.epoch+1:
		// The host's state may have come just before, in the same packet.
		if err := m.bundleUp(); err != nil {
			return err
		}
	default:
		return errWire
	}
	if start < 0 || start > 1<<30 || window > rollback.MaxWindow || interval != HashInterval {
		return errWire
	}
	block, err := m.unpack(b[8:])
	if err != nil {
		return err
	}
	if err := m.cfg.Game.SetState(block); err != nil {
		return err
	}
	m.epoch, m.start, m.window, m.hasOwn = epoch, start, window, true
	m.enter(Lobby)
	return m.lane.Send(kindLoaded, []byte{epoch})
}

// stop stops play after a desync that was first seen at a frame. It must not be
// called between a Tick of the session and the execution of its requests.
func (m *Match) stop(seen int32) error {
	if m.stopped {
		return nil
	}
	m.stopped, m.stopAt, m.seen = true, m.now, seen
	frame, slot, ok := m.session.ConfirmedState()
	if !ok {
		return fmt.Errorf("%w (no state is confirmed)", errWire)
	}
	m.ownStop, m.ownSlot = frame, slot
	m.lane.SetLimit(m.stateLimit())
	m.enter(Desynced)
	b := binary.LittleEndian.AppendUint32([]byte{m.epoch}, uint32(frame))
	return m.lane.Send(kindStop, binary.LittleEndian.AppendUint32(b, uint32(seen)))
}

func (m *Match) gotStop(b []byte) error {
	if len(b) != 9 {
		return errWire
	}
	if m.session == nil || b[0] != m.epoch || m.phase != Playing && m.phase != Desynced || m.theirStop >= 0 {
		return nil
	}
	frame, seen := int32(binary.LittleEndian.Uint32(b[1:])), int32(binary.LittleEndian.Uint32(b[5:]))
	if err := m.stop(seen); err != nil {
		return err
	}
	if frame < m.start || frame > m.ownStop+100 || frame < m.ownStop-100 {
		return errWire
	}
	m.theirStop = frame
	m.seen = min(m.seen, seen)
	return nil
}

func (m *Match) gotState(b []byte) error {
	if len(b) < 5 {
		return errWire
	}
	if m.phase != Desynced || b[0] != m.epoch || m.theirStop < 0 || m.theirs != nil {
		return nil
	}
	if int32(binary.LittleEndian.Uint32(b[1:])) != max(m.ownStop, m.theirStop) {
		return errWire
	}
	block, err := m.unpack(b[5:])
	m.theirs = block
	return err
}

// bundleUp runs to the frame that both sides' states are to be of, sends ours,
// and waits for theirs.
func (m *Match) bundleUp() error {
	late := m.now-m.stopAt > stopTimeout
	if m.bundleDone || m.theirStop < 0 && !late {
		return nil
	}
	if m.bundle == nil {
		frame := max(m.ownStop, m.theirStop)
		if late {
			frame = m.ownStop
		} else if m.session.LastInput(0) < frame-1 || m.session.LastInput(1) < frame-1 {
			return nil // they come, as long as the peer does
		}
		m.cfg.Game.Load(m.ownSlot)
		for f := m.ownStop; f < frame; f++ {
			a, ok1 := m.session.Input(0, f)
			b, ok2 := m.session.Input(1, f)
			if !ok1 || !ok2 {
				return fmt.Errorf("%w (the inputs of frame %d are not there any more)", errWire, f)
			}
			both := append(append([]byte(nil), a...), b...)
			m.cfg.Game.Advance(both, false)
			if f == m.log.next {
				m.log.add(both)
			}
		}
		m.bundle = &Bundle{Seen: m.seen, Frame: frame, Mine: m.cfg.Game.AppendState(nil)}
		m.bundle.First, m.bundle.Inputs = m.log.from(frame - 3600)
		b := binary.LittleEndian.AppendUint32([]byte{m.epoch}, uint32(frame))
		if err := m.lane.Send(kindState, m.enc.EncodeAll(m.bundle.Mine, b)); err != nil {
			return err
		}
	}
	if m.theirs == nil && !late {
		return nil
	}
	m.bundle.Theirs, m.bundleDone = m.theirs, true
	m.event(Event{Kind: Diverged, Frame: m.seen, Bundle: m.bundle})
	return nil
}
