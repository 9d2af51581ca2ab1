package screens

import (
	"fmt"

	"arcade/cmd/arcade/online"
	tk "arcade/cmd/arcade/toolkit"
	"arcade/netplay/match"
	"arcade/netplay/rollback"
)

// Match is a match, as its screens see it; online.Live is one.
type Match interface {
	Status() online.Status
	Say(text string)
	SetReady(ready bool)
	SetDelay(frames int) // negative: what fits the round trip
	PlayOn()             // without a peer that is lost
	Restart()            // from the host's state
	Again()              // wait for the next guest
}

// MatchPage is the connection screen: who is there, what is said, who is ready.
func MatchPage(u *tk.UI, title string, m Match, leave func()) *tk.Page {
	page := &tk.Page{Title: title}
	say := tk.NewField("")
	say.Max = match.MaxChat / 4 // runes
	names := []string{"auto"}
	for n := range rollback.MaxDelay + 1 {
		names = append(names, fmt.Sprint(n))
	}
	ask := func() {
		u.Push(tk.Ask("Leave", "Leave the match?", func(i int) {
			if i == 0 {
				leave()
			}
		}, "Leave", "Stay"))
	}
	fixed := []*tk.Item{
		tk.Tick("Ready", func() bool { return m.Status().Ready }, m.SetReady).With("The match begins when both are ready."),
		tk.Choice("Input delay in frames", names, func() int {
			st := m.Status()
			if st.AutoDelay {
				return 0
			}
			return st.Delay + 1
		}, func(i int) { m.SetDelay(i - 1) }).With("More delay, fewer corrections of what is seen. auto fits it to the round trip; it can be changed during play."),
		tk.Entry("Say", say, func(text string) {
			m.Say(text)
			say.SetText("")
		}),
		tk.Action("Leave", ask),
	}
	waited := false
	page.Update = func() {
		st := m.Status()
		items := fixed
		if st.Watching {
			items = fixed[3:]
		}
		items = append([]*tk.Item(nil), items...)
		for _, it := range items[:len(items)-1] {
			it.Disabled = st.Waiting
		}
		items = append(items, tk.Heading("Connection"))
		for _, text := range connection(st) {
			items = append(items, tk.Note(text))
		}
		if st.Waiting {
			if !waited {
				page.Selected = len(items) // the first invite
			}
			for _, invite := range st.Invites {
				items = append(items, tk.Action("    "+invite, func() { u.Copy(invite) }).With("Enter copies it, so that it can be pasted into a message to your friend."))
			}
		}
		if len(st.Lines) > 0 {
			items = append(items, tk.Heading("What happened"))
		}
		for _, l := range st.Lines[max(len(st.Lines)-8, 0):] {
			items = append(items, tk.Note(lineText(l)))
		}
		page.Items = items
		if waited && !st.Waiting {
			page.Selected = 0 // what somebody who has waited looks for
		}
		waited = st.Waiting
	}
	page.Leaving = func() bool {
		ask()
		return false
	}
	return page
}

func lineText(l online.Line) string {
	if l.Nick == "" {
		return "* " + l.Text
	}
	return "<" + l.Nick + "> " + l.Text
}

// connection says who is there and how well.
func connection(st online.Status) []string {
	out := []string{"Game: " + st.Game}
	switch {
	case st.Waiting:
		out = append(out, "Waiting for a friend, who joins with one of")
		return out
	case st.Watching:
		return append(out, "Watching "+st.Peer)
	case st.Phase == match.Greeting:
		return append(out, "Comparing games and versions …")
	}
	ready := func(b bool) string {
		if b {
			return "ready"
		}
		return "not ready"
	}
	out = append(out, fmt.Sprintf("%s (you): %s, delay %d", st.Me, ready(st.Ready), st.Delay),
		fmt.Sprintf("%s: %s, ping %d ms, jitter %d ms", st.Peer, ready(st.PeerReady), st.RTT.Milliseconds(), st.Jitter.Milliseconds()))
	if st.Spectators > 0 {
		out = append(out, fmt.Sprintf("%d watch", st.Spectators))
	}
	return out
}
