package online

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"arcade/cmd/arcade/load"
	"arcade/machine"
	"arcade/netplay/match"
	"arcade/netplay/secure"
	"arcade/netplay/udp"
)

// Times of joining.
const (
	answerTimeout = 15 * time.Second
	askEvery      = 250 * time.Millisecond
)

// maxKept is how many payloads are kept for a match that is about to begin; more
// are repeated by the host.
const maxKept = 32

// Errors of joining; each is wrapped by one that says what to do.
var (
	ErrNoAnswer = errors.New("no answer")
	ErrIdentity = errors.New("somebody else answers")
	ErrBusy     = errors.New("there is no room")
	ErrVersion  = errors.New("another version")
)

// Target is whom to join.
type Target struct {
	Invite
	Peer *Peer // stored, or nil
}

// FindTarget reads HOST[:PORT][#CODE], or the name of a stored peer.
func FindTarget(s string, peers *Peers) (Target, error) {
	if p := peers.Find(s); p != nil {
		if p.Address == "" {
			return Target{}, fmt.Errorf("%w: no address of %s is stored: it came to you; join ADDRESS:PORT#CODE instead", ErrPeers, p.Name)
		}
		return Target{Invite{p.Address, p.Code}, p}, nil
	}
	in, err := ParseInvite(s)
	if err != nil {
		return Target{}, err
	}
	return Target{in, peers.FindAddress(in.Address)}, nil
}

// Guest is the side that joins a host, to play or to watch.
type Guest struct {
	side
	role    match.Role
	target  Target
	load    func(set string) (*load.Game, error)
	dialled []*secure.Conn
	began   time.Duration
	asked   time.Duration
	offered string   // the set
	kept    [][]byte // what the host sent while the game was not loaded
	early   bool     // a spectator was told that there is no match yet
	watch   *match.Watch
	other   error // what another version said
	refused *secure.Conn
	refusal match.Refusal // told to refused
}

// NewGuest begins to join. load loads the game, once it is known.
func NewGuest(o Options, t Target, role match.Role, load func(set string) (*load.Game, error)) (*Guest, error) {
	g := &Guest{side: side{o: o, seat: 1}, role: role, target: t, load: load}
	addrs, err := udp.Resolve(t.Address)
	if host, _, _ := udp.SplitAddress(t.Address); err != nil && t.Peer == nil && !strings.ContainsAny(host, ".:") {
		err = fmt.Errorf("%w. Nor is anybody stored who is called %s: `arcade peers list` shows who is", err, host)
	}
	if err != nil {
		return nil, err
	}
	g.node, err = udp.Open(0, udp.Config{Key: o.Key, Program: o.Agreement.Program, Connected: g.connected, Received: g.received,
		OtherVersion: func(protocol uint16, program string) {
			g.other = fmt.Errorf("%w: %s runs arcade %s, which speaks protocol %d; this is %s with protocol %d. Both must run the same version",
				ErrVersion, t.Address, program, protocol, o.Agreement.Program, udp.Protocol)
		}})
	if err != nil {
		return nil, err
	}
	g.began = g.node.Now()
	for _, a := range addrs[:min(len(addrs), 4)] {
		c, err := g.node.Dial(a, g.node.Now())
		if err != nil {
			g.node.Close()
			return nil, err
		}
		g.dialled = append(g.dialled, c)
	}
	return g, nil
}

// connected checks who answers.
func (g *Guest) connected(c *secure.Conn) {
	if g.conn != nil || g.failed != nil {
		c.Close() // another address of the same host was faster
		return
	}
	print := secure.Fingerprint(c.Peer())
	p := g.target.Peer
	switch {
	case g.target.Code != "" && secure.Code(c.Peer()) != g.target.Code:
		g.failed = fmt.Errorf("%w at %s (fingerprint %s): the code does not fit. Ask the host for a new invite; it shows one when it starts", ErrIdentity, g.target.Address, print)
		g.refused, g.refusal = c, match.WrongCode
		return
	case g.target.Code == "" && p != nil && p.Key != "" && p.Key != fmt.Sprintf("%x", c.Peer()):
		g.failed = fmt.Errorf("%w at %s: the fingerprint is %s, last time it was %s. If your friend has a new installation, `arcade peers remove %s` forgets the old one",
			ErrIdentity, g.target.Address, print, p.Fingerprint(), p.Name)
		g.refused, g.refusal = c, match.ChangedKey
		return
	}
	g.conn = c
	switch {
	case g.target.Code != "":
		g.o.tell("connected to %s, fingerprint %s, proven by its code", g.target.Address, print)
	case p != nil && p.Key != "":
		g.o.tell("connected to %s, fingerprint %s, known", g.target.Address, print)
	default:
		g.o.tell("connected to %s, fingerprint %s, for the first time: does your friend see the same?", g.target.Address, print)
	}
}

// remember stores the host's key, once its nickname is known.
func (g *Guest) remember(nick string) {
	key := fmt.Sprintf("%x", g.conn.Peer())
	p := g.target.Peer
	switch {
	case p != nil && p.Key == key:
		return
	case p != nil && p.Key == "":
		p.Key = key
	default:
		if p != nil {
			p.Address = "" // the code proves that somebody else is there now
		}
		if known := g.o.Peers.FindKey(g.conn.Peer()); known != nil {
			known.Address = g.target.Address
			g.target.Peer = known
			break
		}
		g.o.Peers.List = append(g.o.Peers.List, Peer{Name: g.o.Peers.unusedName(nick), Address: g.target.Address, Key: key})
		g.target.Peer = &g.o.Peers.List[len(g.o.Peers.List)-1]
	}
	if err := g.o.Peers.Save(); err != nil {
		g.o.tell("the host is not remembered: %v", err)
	}
}

func (g *Guest) received(c *secure.Conn, b []byte) {
	if c != g.conn {
		return
	}
	if match.IsPrelude(b) {
		set, room, ok := match.ParseOffer(b)
		if ok && !room && g.role == match.Spectator && !g.early {
			g.early = true
			g.o.tell("%s is to be played there; waiting until two play", set)
		}
		switch {
		case !ok || g.offered != "":
		case room:
			g.offered = set
		case g.role == match.Player:
			g.failed = fmt.Errorf("%w: two are playing %s at %s already; they can be watched (`arcade spectate`, or \"Only watch\" in the window)", ErrBusy, set, g.target.Address)
		}
		return
	}
	switch {
	case g.m != nil:
		g.m.Receive(b, g.node.Now())
	case g.watch != nil:
		g.watch.Receive(b, g.node.Now())
	case len(g.kept) < maxKept:
		g.kept = append(g.kept, slices.Clone(b))
	}
}

// Poll handles what the network has brought, and goes on with joining. Loading
// the game happens in it.
func (g *Guest) Poll() error {
	g.node.Poll()
	if g.failed != nil {
		return g.failed
	}
	now := g.node.Now()
	switch {
	case g.m != nil || g.watch != nil:
	case g.conn == nil:
		if g.other != nil {
			return g.other
		}
		if now-g.began > answerTimeout {
			return fmt.Errorf("%w from %s in %d s: is arcade hosting there, is the address right, and is its UDP port open (forwarded by the router, let through by the firewall)?",
				ErrNoAnswer, g.target.Address, int(answerTimeout.Seconds()))
		}
	case g.offered == "":
		if now-g.conn.Heard() > answerTimeout {
			return fmt.Errorf("%w from %s any more: the host has gone", ErrNoAnswer, g.target.Address)
		}
		if g.asked == 0 || now-g.asked >= askEvery {
			g.asked = now
			return g.conn.Send(match.AppendAsk(nil, g.role))
		}
	default:
		return g.start()
	}
	return nil
}

// start loads the game and begins.
func (g *Guest) start() error {
	g.o.tell("%s is played there", g.offered)
	loaded, err := g.load(g.offered)
	if err != nil {
		g.refused, g.refusal = g.conn, match.NoGame
		return err
	}
	if err := g.setGame(loaded); err != nil {
		return err
	}
	if g.role == match.Player {
		err := g.begin(g.conn)
		for _, b := range g.kept {
			if err == nil {
				g.m.Receive(b, g.node.Now())
			}
		}
		g.kept = nil
		return err
	}
	cfg := g.config(g.conn)
	cfg.Event = g.watched
	cfg.Delay = -1
	g.watch, err = match.NewWatch(cfg, g.node.Now())
	return err
}

// watched is what happens to a spectator.
func (g *Guest) watched(e match.Event) {
	switch e.Kind {
	case match.Started:
		g.started = g.node.Now()
		g.o.tell("watching, from frame %d on", e.Frame)
		g.First, g.Inputs = e.Frame, nil
		if g.o.Playing != nil {
			g.o.Playing()
		}
	case match.Diverged:
		g.desyncs++
		g.o.tell("DESYNC: what is watched here is not what is played, from frame %d on", e.Frame)
	case match.Over:
		g.over = e.Text
		g.o.tell("%s", e.Text)
	}
}

// Watch is what a spectator sees, or nil.
func (g *Guest) Watch() *match.Watch { return g.watch }

// Tick runs a frame, or several to catch up when watching. It reports whether a
// new one went to out, and whether the past was changed.
func (g *Guest) Tick(in machine.Input, out *machine.Output) (ran, again bool) {
	if g.watch != nil {
		g.game.out, g.game.ran = out, 0
		n := g.watch.Tick(g.node.Now())
		g.game.out = nil
		if g.watch.Phase() >= match.Lobby && g.watch.Host() != "" && g.watch.Phase() != match.Ended {
			g.remember(g.watch.Host())
		}
		return g.game.ran > 0, n > 1
	}
	ran, again = g.tick(in, out)
	if g.m != nil && g.m.Phase() == match.Lobby {
		g.remember(g.m.Peer())
	}
	return ran, again
}

// Farewell ends watching, or tells a host why nothing comes of it; players Leave.
func (g *Guest) Farewell() {
	if g.refused != nil {
		for range 4 { // any of them will do
			_ = g.refused.Send(match.AppendRefusal(nil, g.refusal))
			g.node.Wait(g.node.Now() + 15*time.Millisecond)
			g.node.Poll()
			time.Sleep(40 * time.Millisecond)
		}
		g.refused = nil
	}
	if g.watch != nil && g.watch.Phase() != match.Ended {
		g.watch.Leave()
	}
}

// Addr is where the host is.
func (g *Guest) Addr() netip.AddrPort {
	if g.conn == nil {
		return netip.AddrPort{}
	}
	return g.conn.Addr()
}
