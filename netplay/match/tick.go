package match

import (
	"encoding/binary"
	"time"

	"arcade/netplay/lane"
	"arcade/netplay/rollback"
)

// Tick does what is due, with the input that our player has now. Call it once
// a frame, at the game's rate times Speed, in every phase. It reports whether
// a new frame was run.
func (m *Match) Tick(input []byte, now time.Duration) bool {
	m.chats = min(m.chats+max(now-m.now, 0).Seconds()*chatRate, 2*chatRate)
	m.now = max(m.now, now)
	if m.phase == Ended {
		if m.now-m.endedAt < farewell {
			m.flush() // so that the other side learns why
		}
		return false
	}
	ran, err := m.step(input)
	if err != nil {
		m.end(err.Error())
		return ran
	}
	if m.phase != Ended && (m.phase != Alone || m.called) {
		m.called = false
		m.flush()
	}
	return ran
}

func (m *Match) step(input []byte) (bool, error) {
	silence := m.now - m.heard
	switch m.phase {
	case Greeting:
		if m.now-m.began > greetTimeout {
			m.end("the other side did not greet; does it run the same version?")
		}
	case Lobby:
		if silence > LostAfter {
			m.end("the other side has been silent for 30 s")
			return false, nil
		}
		return false, m.lobby()
	case Playing:
		if silence > WarnAfter && !m.silent {
			m.silent = true
			m.event(Event{Kind: Silent})
		}
		if silence > LostAfter {
			m.enter(Lost)
			return false, nil
		}
		return m.play(input)
	case Alone:
		return m.play(input)
	case Desynced:
		if silence > LostAfter && m.bundleDone {
			m.end("the other side has been silent for 30 s")
			return false, nil
		}
		return false, m.bundleUp()
	}
	return false, nil
}

func (m *Match) lobby() error {
	if !m.cfg.Host {
		return nil
	}
	if m.going {
		if m.now >= m.goAt {
			return m.begin()
		}
		return nil
	}
	if m.loaded && m.ready[0] && m.ready[1] {
		// The peer begins when it hears of it, we half a round trip later.
		rtt, _ := m.rtt.measure()
		m.going, m.goAt = true, m.now+rtt/2
		return m.lane.Send(kindGo, []byte{m.epoch})
	}
	return nil
}

func (m *Match) play(input []byte) (bool, error) {
	s, g := m.session, m.cfg.Game
	if err := s.AddInput(m.player(), input); err != nil {
		return false, err
	}
	again := 0
	for _, q := range s.Tick() {
		if q.Kind == rollback.Advance && q.Again {
			again++
		}
		switch q.Kind {
		case rollback.Save:
			g.Save(q.Slot)
			if q.Hash {
				s.SetHash(q.Frame, g.Hash())
			}
		case rollback.Load:
			g.Load(q.Slot)
		case rollback.Advance:
			g.Advance(q.Inputs, !q.Again)
		}
	}
	m.depth[0] = max(m.depth[0], again)
	for {
		var ok bool
		if m.packed, ok = s.AppendConfirmed(m.packed[:0], m.last+1); !ok || m.last+1 >= s.Frame() {
			break
		}
		m.last++
		m.log.add(m.packed)
		if m.cfg.Confirmed != nil {
			m.cfg.Confirmed(m.last, m.packed)
		}
	}
	if d := s.Desync(); d != nil && m.phase == Playing {
		return false, m.stop(d.Frame)
	}
	return !s.Stalled(), nil
}

// flush sends what there is to send.
func (m *Match) flush() {
	playing := m.session != nil && (m.phase == Playing || m.phase == Desynced || m.phase == Lost)
	burst := lobbyBurst
	if m.phase == Playing {
		burst = 1
	}
	for i := range burst {
		b := append(m.out[:0], 0)
		if m.lane.WantsAck() {
			b[0] |= flagAck
			b = m.lane.AppendAck(b)
		}
		if i == 0 && (m.now-m.pinged >= pingEvery || m.pinged == 0) {
			b[0] |= flagPing
			b = binary.LittleEndian.AppendUint16(b, m.clock())
			b = append(b, byte(m.depth[0]))
			m.depth = [2]int{0, m.depth[0]}
			m.pinged = m.now
		}
		if m.owed {
			b[0] |= flagEcho
			b = binary.LittleEndian.AppendUint16(b, m.echo+uint16((m.now-m.echoAt)/time.Millisecond))
			m.owed = false
		}
		if i == 0 && playing {
			b[0] |= flagPlay
			b = m.appendPlay(b)
		}
		for {
			var ok bool
			if b, ok = m.lane.AppendSegment(b, MaxPayload-len(b), m.now); !ok {
				break
			}
		}
		m.out = b
		if len(b) == 1 && m.now-m.sentAt < keepAlive {
			return
		}
		m.sentAt = m.now
		m.cfg.Send(b)
		if len(b) <= lane.SegmentSize {
			return // nothing more waits
		}
	}
}

func (m *Match) appendPlay(b []byte) []byte {
	m.session.Send(1, &m.msg)
	if m.msg.HashFrame != m.hashSent {
		m.hashSent, m.hashLeft = m.msg.HashFrame, hashSends
	}
	withHash := m.hashLeft > 0
	if withHash {
		m.hashLeft--
	}
	b, m.packed = appendPlay(b, m.epoch, &m.msg, withHash, m.cfg.InputSize, m.packed)
	return b
}
