package window

import (
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/screens"
	"arcade/cmd/arcade/toolkit"
	"arcade/netplay/match"
)

// matchView is what the window keeps of a match that is played in it.
type matchView struct {
	page  *toolkit.Page // the connection screen
	asked match.Phase   // that a question was asked in
	typed bool          // the chat key is held
}

// updateMatch shows the screen that the match's phase asks for.
func (a *app) updateMatch() {
	m, g := a.o.Match, a.game
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
	if a.o.Match == nil || a.ui.Top() != nil && !typing {
		return
	}
	w, h := c.Size()
	p := &toolkit.Painter{Canvas: c, Theme: a.ui.Theme, S: toolkit.Scale(w, h, a.ui.More)}
	screens.DrawMatch(a.ui, p, a.o.Match, a.stats, time.Now())
}
