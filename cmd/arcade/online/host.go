package online

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"arcade/cmd/arcade/load"
	"arcade/machine"
	"arcade/netplay/match"
	"arcade/netplay/secure"
	"arcade/netplay/udp"
)

// maxSpectators is how many may watch a match.
const maxSpectators = 8

// Host is the side that others join.
type Host struct {
	side
	audience map[*secure.Conn]*match.Audience
	order    []*secure.Conn // of audience
}

// NewHost opens a port for a game.
func NewHost(o Options, g *load.Game, port int) (*Host, error) {
	h := &Host{side: side{o: o}, audience: map[*secure.Conn]*match.Audience{}}
	if err := h.setGame(g); err != nil {
		return nil, err
	}
	var err error
	h.node, err = udp.Open(port, udp.Config{Key: o.Key, Program: o.Agreement.Program, Listen: true,
		Connected: func(*secure.Conn) {}, Received: h.received})
	return h, err
}

// Invites are what to give to a guest, the likeliest first.
func (h *Host) Invites() []string {
	code := secure.Code(h.o.Key.Public)
	var out []string
	for _, a := range udp.LocalAddresses() {
		out = append(out, Invite{joinAddress(a.String(), h.node.Port()), code}.String())
	}
	if out == nil {
		out = append(out, Invite{joinAddress("127.0.0.1", h.node.Port()), code}.String())
	}
	return out
}

func (h *Host) received(c *secure.Conn, b []byte) {
	if role, ok := match.ParseAsk(b); ok {
		h.asked(c, role)
		return
	}
	if why, ok := match.ParseRefusal(b); ok {
		h.refused(c, why)
		return
	}
	if h.m != nil && c == h.conn {
		h.m.Receive(b, h.node.Now())
		return
	}
	if a := h.audience[c]; a != nil {
		a.Receive(b, h.node.Now())
	}
}

// refused says why somebody who had reached this host went again.
func (h *Host) refused(c *secure.Conn, why match.Refusal) {
	print := secure.Fingerprint(h.o.Key.Public)
	switch why {
	case match.WrongCode:
		h.o.tell("somebody at %v looked for another host: the code there does not fit. Yours is %s; give your friend a whole invite", c.Addr(), secure.Code(h.o.Key.Public))
	case match.ChangedKey:
		h.o.tell("somebody at %v knows this address with another key than yours (fingerprint %s): if this is a new installation, your friend forgets the old key with `arcade peers remove`", c.Addr(), print)
	case match.NoGame:
		h.o.tell("%s cannot be loaded at %v: are the ROM files there?", h.machine.Set, c.Addr())
	}
	if c == h.conn && h.m != nil && h.m.Phase() == match.Greeting {
		h.forget() // nothing has happened yet
		h.o.tell("waiting for the next guest")
	}
	c.Close()
}

// asked answers somebody who joins.
func (h *Host) asked(c *secure.Conn, role match.Role) {
	room := false
	switch {
	case role == match.Player:
		room = h.m == nil || c == h.conn
	case h.m != nil:
		room = h.audience[c] != nil || len(h.audience) < maxSpectators
	}
	_ = c.Send(match.AppendOffer(nil, h.machine.Set, room)) // it asks again
	switch {
	case !room:
	case role == match.Player && h.m == nil:
		h.welcome(c)
		if err := h.begin(c); err != nil {
			h.failed = err
		}
	case role == match.Spectator && h.audience[c] == nil:
		h.audience[c] = h.m.NewAudience(func(b []byte) { _ = c.Send(b) }, h.node.Now())
		h.order = append(h.order, c)
		h.o.tell("somebody watches, from %v (%s)", c.Addr(), secure.Fingerprint(c.Peer()))
	}
}

// welcome says who comes, and remembers the key.
func (h *Host) welcome(c *secure.Conn) {
	if p := h.o.Peers.FindKey(c.Peer()); p != nil {
		h.o.tell("%s joins from %v, fingerprint %s, known", p.Name, c.Addr(), p.Fingerprint())
		return
	}
	h.o.tell("somebody new joins from %v, fingerprint %s", c.Addr(), secure.Fingerprint(c.Peer()))
}

// Poll handles what the network has brought.
func (h *Host) Poll() error {
	h.node.Poll()
	return h.failed
}

// Tick runs a frame. It reports whether a new one went to out, and whether the
// past was changed.
func (h *Host) Tick(in machine.Input, out *machine.Output) (ran, again bool) {
	ran, again = h.tick(in, out)
	for _, c := range h.order {
		a := h.audience[c]
		if err := a.Tick(h.node.Now()); err != nil {
			h.o.tell("a spectator is lost: %v", err)
		}
		if a.Gone() {
			h.o.tell("%s watches no more: %s", or(a.Nick(), "a spectator"), a.Over())
			delete(h.audience, c)
			c.Close()
		}
	}
	h.order = slices.DeleteFunc(h.order, func(c *secure.Conn) bool { return h.audience[c] == nil })
	if h.m != nil {
		h.remember()
	}
	return ran, again
}

// remember stores the guest's key under its nickname, once that is known.
func (h *Host) remember() {
	if h.m.Phase() != match.Lobby || h.o.Peers.FindKey(h.conn.Peer()) != nil {
		return
	}
	name := h.o.Peers.unusedName(h.m.Peer())
	if known := h.o.Peers.Find(h.m.Peer()); known != nil && known.Key != "" {
		h.o.tell("WARNING: you know another %s, whose fingerprint is %s; this one is stored as %s", known.Name, known.Fingerprint(), name)
	}
	h.o.Peers.List = append(h.o.Peers.List, Peer{Name: name, Key: fmt.Sprintf("%x", h.conn.Peer())})
	if err := h.o.Peers.Save(); err != nil {
		h.o.tell("%s is not remembered: %v", name, err)
	}
}

// Again forgets a match that is over and waits for the next guest, with a
// machine as it was when it was switched on.
func (h *Host) Again() error {
	if h.m == nil || h.m.Phase() != match.Ended && h.m.Phase() != match.Alone {
		return errors.New("the match is not over")
	}
	h.closeRecording()
	if h.m.Phase() == match.Alone {
		h.m.Leave("")
	}
	h.forget()
	h.o.tell("waiting for the next guest")
	return h.machine.Arena.SetBlock(h.power)
}

// forget forgets the match and everybody who takes part in it.
func (h *Host) forget() {
	for c := range h.audience {
		c.Close()
	}
	clear(h.audience)
	h.order = nil
	if h.conn != nil {
		h.conn.Close()
	}
	h.m, h.conn, h.over, h.bundle, h.desyncs, h.desync, h.started = nil, nil, "", "", 0, nil, 0
}

// Spectators is how many watch.
func (h *Host) Spectators() int { return len(h.audience) }

// Farewell gives spectators the time to see the end.
func (h *Host) Farewell() {
	if len(h.audience) == 0 {
		return
	}
	for end := h.node.Now() + 2*time.Second; h.node.Now() < end && len(h.audience) > 0; {
		h.node.Wait(h.node.Now() + 15*time.Millisecond)
		h.node.Poll()
		h.Tick(h.base, nil)
	}
}
