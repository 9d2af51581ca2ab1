package window

import (
	"sync/atomic"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/screens"
	"arcade/cmd/arcade/toolkit"
	"arcade/romset"
)

// Live is a match that is played in the window.
type Live interface {
	player.Session
	screens.Match
	// Close leaves it; the loop has ended before.
	Close()
}

// Online makes matches for the list.
type Online interface {
	Nick() string
	SetNick(nick string) error
	Port() int
	Stored() ([]screens.Friend, error)
	Store(old, name, invite string) error
	Forget(name string) error
	Host(set string, port, delay int, paths *romset.Finder) (Live, error)
	// Join connects, which may take seconds; it gives up once stop tells it to.
	Join(target string, delay int, watch bool, paths *romset.Finder, stop func() bool) (Live, error)
}

// friends is screens.Friends.
type friends struct {
	Online
	a *app
}

// Host implements screens.Friends.
func (f friends) Host(set string, port, delay int) {
	paths := f.a.lib.Finder()
	f.a.connect("Loading the game …", func(func() bool) (Live, error) { return f.Online.Host(set, port, delay, paths) })
}

// Join implements screens.Friends.
func (f friends) Join(target string, delay int, watch bool) {
	paths := f.a.lib.Finder()
	f.a.connect("Connecting to "+target+" …", func(stop func() bool) (Live, error) { return f.Online.Join(target, delay, watch, paths, stop) })
}

// connect makes a match in the background and then plays it.
func (a *app) connect(what string, make func(stop func() bool) (Live, error)) {
	var stopped atomic.Bool
	wait := toolkit.Ask("A match", what, func(int) { stopped.Store(true) }, "Stop")
	a.ui.Push(wait)
	go func() {
		live, err := make(stopped.Load)
		a.later(func() {
			if stopped.Load() {
				if live != nil {
					live.Close()
				}
				return
			}
			if a.ui.Top() == toolkit.Screen(wait) {
				a.ui.Pop()
			}
			if err != nil {
				a.ui.Push(toolkit.Tell("There is no match", err.Error()))
				return
			}
			a.end()
			a.live = live
			a.begin(live.Machine().Set, live.Machine(), nil)
		})
	}()
}

// options opens what there is besides the list: settings, and matches.
func (a *app) options() {
	page, ok := screens.Settings(a).(*toolkit.Page)
	if !ok || a.o.Online == nil {
		a.ui.Push(screens.Settings(a))
		return
	}
	f := friends{a.o.Online, a}
	items := []*toolkit.Item{toolkit.Action("Join a friend", func() { a.ui.Push(screens.ConnectPage(a.ui, f)) })}
	if g, ok := a.list.Current(); ok && (g.State == screens.Ready || g.State == screens.Doubt) {
		items = append(items, toolkit.Action("Host "+g.Title, func() { a.ui.Push(screens.HostPage(a.ui, f, g.Name, g.Title)) }))
	}
	page.Items = append(append(items, toolkit.Heading("Settings")), page.Items...)
	page.Title = "Friends and settings"
	a.ui.Push(page)
}

// session is what is played as a game, if that is more than its machine.
func (a *app) session(name string) player.Session {
	switch {
	case a.live != nil:
		return a.live
	case name == a.o.Start:
		return a.o.Session
	}
	return nil
}

// playedMatch is the match that is played, or nil.
func (a *app) playedMatch() screens.Match {
	if a.live != nil {
		return a.live
	}
	return a.o.Match
}

// endMatch leaves a match that was begun from the list.
func (a *app) endMatch() {
	if a.live != nil {
		a.live.Close()
	}
	a.live, a.match = nil, screens.MatchView{}
}

// updateMatch shows what the match asks for.
func (a *app) updateMatch() {
	m, g := a.playedMatch(), a.game
	if m != nil && g == nil {
		a.endMatch() // its game has failed
	}
	if m == nil || g == nil {
		return
	}
	key, _ := inputmap.Key("T")
	held := a.state.Pressed(key)
	chat := held && !a.chatHeld
	a.chatHeld = held
	a.match.Update(a.ui, g, m, chat)
}

// TakeKeys implements screens.MatchGame.
func (g *game) TakeKeys() {
	g.menu(true)
	g.nav.swallow()
}

// drawMatch draws what is to be seen of a match over the game.
func (a *app) drawMatch(c *canvas) {
	_, typing := a.ui.Top().(*screens.ChatLine)
	if a.playedMatch() == nil || a.game == nil || a.ui.Top() != nil && !typing {
		return
	}
	w, h := c.Size()
	p := &toolkit.Painter{Canvas: c, Theme: a.ui.Theme, S: toolkit.Scale(w, h, a.ui.More)}
	screens.DrawMatch(a.ui, p, a.playedMatch(), a.stats, time.Now())
}
