package main

import (
	"errors"
	"fmt"
	"time"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/online"
	"arcade/cmd/arcade/screens"
	"arcade/cmd/arcade/window"
	"arcade/netplay/match"
	"arcade/netplay/udp"
	"arcade/romset"
)

// matches makes matches for the window's list: window.Online.
type matches struct{ nick string }

// errStopped is what a connection ends with that nobody wants any more.
var errStopped = errors.New("stopped")

// options are those of `arcade host` without flags.
func (m *matches) options(delay int) (online.Options, error) {
	f, p := matchFlags{Nick: m.nick}, playerFlags{Delay: "auto"}
	if delay >= 0 {
		p.Delay = fmt.Sprint(delay)
	}
	return f.options(&p)
}

// Nick implements window.Online.
func (m *matches) Nick() string {
	if m.nick == "" {
		m.nick = systemNick()
	}
	return m.nick
}

// SetNick implements window.Online.
func (m *matches) SetNick(nick string) error {
	if nick == "" || len(nick) > maxNick {
		return fmt.Errorf("a name has 1 to %d bytes", maxNick)
	}
	m.nick = nick
	return nil
}

// Port implements window.Online.
func (m *matches) Port() int { return udp.DefaultPort }

// Stored implements window.Online.
func (m *matches) Stored() ([]screens.Friend, error) {
	p, err := loadPeers()
	if err != nil {
		return nil, err
	}
	var out []screens.Friend
	for i := range p.List {
		q := &p.List[i]
		out = append(out, screens.Friend{Name: q.Name, Address: online.Invite{Address: q.Address, Code: q.Code}.String(), Fingerprint: q.Fingerprint()})
	}
	return out, nil
}

// Store implements window.Online.
func (m *matches) Store(old, name, invite string) error {
	p, err := loadPeers()
	if err != nil {
		return err
	}
	q := online.Peer{Name: name}
	if invite != "" {
		in, err := online.ParseInvite(invite)
		if err != nil {
			return err
		}
		q.Address, q.Code = in.Address, in.Code
	}
	if was := p.Find(old); old != "" && was != nil {
		q.Key = was.Key
		if err := p.Remove(old); err != nil {
			return err
		}
	}
	if err := p.Add(q); err != nil {
		return err
	}
	return p.Save()
}

// Forget implements window.Online.
func (m *matches) Forget(name string) error {
	p, err := loadPeers()
	if err != nil {
		return err
	}
	if err := p.Remove(name); err != nil {
		return err
	}
	return p.Save()
}

// open loads a game as its settings say; switches are the host's to turn.
func (*matches) open(set string, paths *romset.Finder) (*load.Game, error) {
	return load.OpenWith(set, paths, load.Options{BIOS: ownBIOS(set)})
}

// Host implements window.Online.
func (m *matches) Host(set string, port, delay int, paths *romset.Finder) (window.Live, error) {
	o, err := m.options(delay)
	if err != nil {
		return nil, err
	}
	g, err := m.open(set, paths)
	if err != nil {
		return nil, err
	}
	h, err := online.NewHost(o, g, port)
	if err != nil {
		return nil, err
	}
	return online.NewLive(h), nil
}

// Join implements window.Online.
func (m *matches) Join(target string, delay int, watch bool, paths *romset.Finder, stop func() bool) (window.Live, error) {
	o, err := m.options(delay)
	if err != nil {
		return nil, err
	}
	t, err := online.FindTarget(target, o.Peers)
	if err != nil {
		return nil, err
	}
	var early []string // what is told before there is a screen for it
	tell, connecting := o.Tell, true
	o.Tell = func(text string) {
		if tell(text); connecting {
			early = append(early, text)
		}
	}
	role := match.Player
	if watch {
		role = match.Spectator
	}
	g, err := online.NewGuest(o, t, role, func(set string) (*load.Game, error) { return m.open(set, paths) })
	if err != nil {
		return nil, err
	}
	err = connect(g, stop)
	connecting = false
	if err != nil {
		g.Farewell()
		g.Close()
		return nil, err
	}
	live := online.NewLive(g)
	for _, text := range early {
		live.Note(text)
	}
	return live, nil
}

// connect waits until a guest knows what is played.
func connect(s online.Side, stop func() bool) error {
	for s.Machine() == nil {
		if stop != nil && stop() {
			return errStopped
		}
		if err := s.Poll(); err != nil {
			return err
		}
		s.Node().Wait(s.Node().Now() + 20*time.Millisecond)
	}
	return nil
}
