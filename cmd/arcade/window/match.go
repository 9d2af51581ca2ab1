package window

import (
	"sync/atomic"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/screens"
	"arcade/cmd/arcade/toolkit"
	"arcade/netplay/match"
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
	Stored() []screens.Friend
	Store(old, name, invite string) error
	Forget(name string) error
	Host(set string, port, delay int, paths *romset.Finder) (Live, error)
	// Join connects, which may take seconds; it gives up once stop tells it to.
	Join(target string, delay int, paths *romset.Finder, stop func() bool) (Live, error)
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
func (f friends) Join(target string, delay int) {
	paths := f.a.lib.Finder()
	f.a.connect("Connecting to "+target+" …", func(stop func() bool) (Live, error) { return f.Online.Join(target, delay, paths, stop) })
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
	a.live, a.match = nil, matchView{}
}

// matchView is what the window keeps of a match that is played in it.
type matchView struct {
	page  *toolkit.Page // the connection screen
	asked match.Phase   // that a question was asked in
	typed bool          // the chat key is held
}

// updateMatch shows the screen that the match's phase asks for.
func (a *app) updateMatch() {
	m, g := a.playedMatch(), a.game
	if m != nil && g == nil {
		a.endMatch() // its game has failed
	}
	if m == nil || g == nil {
		return
	}
	v := &a.match
	if v.page == nil {
		v.page = screens.MatchPage(a.ui, g.title, m, g.Leave)
	}
	st := m.Status()
	playing := !st.Waiting && (st.Phase == match.Playing || st.Phase == match.Alone || st.Phase == match.Lost || st.Phase == match.Desynced)
	switch {
	case st.Over != "" && v.asked != match.Ended:
		v.asked = match.Ended
		a.ask("The match is over", st.Over, st.Host, "Wait for the next guest", m.Again)
		return
	case st.Over != "" && !st.Waiting:
		return
	case !playing && a.ui.Top() == nil:
		v.asked = match.Greeting
		g.menu(true)
		a.nav.swallow()
		a.ui.Reset(v.page)
	case playing && a.ui.Top() == toolkit.Screen(v.page):
		g.Resume()
	}
	switch {
	case !playing || v.asked == st.Phase:
	case st.Phase == match.Lost:
		v.asked = st.Phase
		a.ask(st.Peer+" is not heard any more", "If it comes back, the match goes on where it was.", true, "Play on alone", m.PlayOn)
	case st.Phase == match.Desynced && st.CanRestart:
		v.asked = st.Phase
		a.ask("The two sides went apart", "What is known about it was written down. The match can go on from your state.", true, "Go on", m.Restart)
	case st.Phase == match.Playing:
		v.asked = st.Phase
	}
	key, _ := inputmap.Key("T")
	held := a.state.Pressed(key)
	if held && !v.typed && playing && a.ui.Top() == nil && !st.Watching {
		g.menu(true)
		a.nav.swallow()
		a.ui.Push(screens.NewChatLine(m))
	}
	v.typed = held
}

// ask asks what to do; the first answer is there only if it is possible.
func (a *app) ask(title, text string, possible bool, answer string, do func()) {
	a.game.menu(true)
	a.nav.swallow()
	if !possible {
		a.ui.Push(toolkit.Ask(title, text, func(int) { a.game.Leave() }, "Leave"))
		return
	}
	a.ui.Push(toolkit.Ask(title, text, func(i int) {
		if i == 0 {
			do()
		} else {
			a.game.Leave()
		}
	}, answer, "Leave"))
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
