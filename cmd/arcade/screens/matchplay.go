package screens

import (
	"fmt"
	"image"
	"strings"
	"time"

	"arcade/cmd/arcade/online"
	tk "arcade/cmd/arcade/toolkit"
	"arcade/netplay/match"
)

// MatchGame is what a MatchView does with the game that is played.
type MatchGame interface {
	Title() string
	// TakeKeys tells that keys are no longer the game's; Resume closes all
	// screens and gives them back.
	TakeKeys()
	Resume()
	Leave()
}

// MatchView shows what a match asks for while it is played: the connection
// screen before it, questions when something has happened, the line of chat.
type MatchView struct {
	page   *tk.Page // the connection screen
	about  question
	dialog *tk.Dialog // that asks it
}

// question is what a person is asked about a match.
type question uint8

const (
	noQuestion question = iota
	isOver
	isLost
	isApart // the two sides went apart
)

// deafFor is how long a dialog that comes up by itself hears nothing: whoever
// was just hitting a button should not have answered it.
const deafFor = 700 * time.Millisecond

func questionOf(st online.Status) question {
	switch {
	case st.Over != "":
		return isOver
	case st.Waiting || st.Watching:
		return noQuestion
	case st.Phase == match.Lost:
		return isLost
	case st.Phase == match.Desynced && st.Desync != nil:
		return isApart
	}
	return noQuestion
}

// inPlay reports whether frames of a match run, or stand still between two.
func inPlay(st online.Status) bool {
	return !st.Waiting && (st.Phase == match.Playing || st.Phase == match.Alone || st.Phase == match.Lost || st.Phase == match.Desynced)
}

// Update brings the screens up to how the match stands; chat tells that the key
// for a line of chat was pressed.
func (v *MatchView) Update(u *tk.UI, g MatchGame, m Match, chat bool) {
	if v.page == nil {
		v.page = MatchPage(u, g.Title(), m, g.Leave)
	}
	st := m.Status()
	if q := questionOf(st); q != v.about {
		v.about = q
		// A question that nobody has answered answers itself: the peer is back, or
		// the host has decided.
		if v.dialog != nil && u.Top() == tk.Screen(v.dialog) {
			u.Pop()
			if q == noQuestion && u.Top() == nil {
				g.Resume()
			}
		}
		if v.dialog = ask(q, st, g, m); v.dialog != nil {
			v.dialog.Deaf = u.Now() + deafFor
			g.TakeKeys()
			u.Push(v.dialog)
		}
	}
	if st.Over != "" {
		return
	}
	playing := inPlay(st)
	switch {
	case !playing && u.Top() == nil:
		g.TakeKeys()
		u.Reset(v.page)
	case playing && u.Top() == tk.Screen(v.page):
		g.Resume()
	}
	if chat && playing && u.Top() == nil && !st.Watching {
		g.TakeKeys()
		u.Push(NewChatLine(m))
	}
}

// ask makes the dialog for a question, or nil if there is none.
func ask(q question, st online.Status, g MatchGame, m Match) *tk.Dialog {
	or := func(do func()) func(int) {
		return func(button int) {
			if button == 0 {
				do()
			} else {
				g.Leave()
			}
		}
	}
	switch q {
	case isOver:
		if st.Host {
			return tk.Ask("The match is over", st.Over, or(m.Again), "Wait for the next guest", "Leave")
		}
		return tk.Ask("The match is over", st.Over, or(g.Leave), "Leave")
	case isLost:
		d := tk.Ask(st.Peer+" is not heard any more", fmt.Sprintf("Nothing came from %s for %d s. If it comes back before you choose, the match goes on where it was.",
			st.Peer, int(match.LostAfter.Seconds())), or(m.PlayOn), "Play on alone", "Leave")
		d.Cancel = -1
		return d
	case isApart:
		text := apart(st)
		d := tk.Ask("The two sides went apart", text+"\nThe match can go on from your state.", or(m.Restart), "Go on", "Leave")
		if !st.Host {
			d = tk.Ask("The two sides went apart", text+"\n"+st.Peer+" can let the match go on from the state there: wait for that, or leave.", or(g.Leave), "Leave")
		}
		d.Cancel = -1
		return d
	}
	return nil
}

// apartFields is how many values that differ a dialog has room for.
const apartFields = 4

// apart tells what is known about a desync.
func apart(st online.Status) string {
	d := st.Desync
	what := d.String()
	text := strings.ToUpper(what[:1]) + strings.Replace(what[1:], "; before", ".\nBefore", 1)
	for _, f := range d.Fields[:min(len(d.Fields), apartFields)] {
		text += "\n  " + f
	}
	if more := d.Total - apartFields; more > 0 {
		text += fmt.Sprintf("\n  and %d more", more)
	}
	if d.Bundle != "" {
		text += "\nAll that is known is in " + d.Bundle
	}
	return text
}

// ChatLine is where a line is typed during play.
type ChatLine struct {
	m     Match
	field *tk.Field
}

// NewChatLine begins a line.
func NewChatLine(m Match) *ChatLine {
	c := &ChatLine{m: m, field: tk.NewField("")}
	c.field.Max = match.MaxChat / 4
	c.field.Edit(m.Say)
	return c
}

// Overlay marks it as one.
func (*ChatLine) Overlay() {}

// Handle implements tk.Screen.
func (c *ChatLine) Handle(u *tk.UI, e tk.Event) {
	c.field.Handle(e)
	if !c.field.Editing() {
		u.Pop()
	}
}

// Draw implements tk.Screen.
func (c *ChatLine) Draw(u *tk.UI, p *tk.Painter) {
	w, h := p.Size()
	r := image.Rect(0, h-p.Row(), w, h)
	p.Fill(r, u.Theme.Bar)
	p.Left(image.Rect(p.U(4), r.Min.Y, w, h), "Say:", u.Theme.Accent)
	c.field.Draw(p, image.Rect(p.U(tk.Width("Say:")+12), r.Min.Y, w-p.U(4), h), true)
}

// lineRows is in how many rows a long line is shown at most.
const lineRows = 4

// chatFor is how long a line of chat is seen over the game.
const chatFor = 10 * time.Second

// DrawMatch draws what is to be seen of a match over the game: new lines,
// warnings, and the statistics line if it is wanted.
func DrawMatch(u *tk.UI, p *tk.Painter, m Match, stats bool, now time.Time) {
	st := m.Status()
	w, h := p.Size()
	if stats {
		r := image.Rect(0, h-p.Row(), w, h)
		p.Fill(r, u.Theme.Shade)
		r.Min.X += p.U(4)
		p.Left(r, MatchStats(st), u.Theme.Ink)
	}
	y := h - 2*p.Row()
	if m := u.Message(); m != "" { // the message line is at the bottom as well
		y -= p.U(8 + tk.LineHeight*len(tk.Wrap(m, max(w/p.S-24, 60))))
	}
	draw := func(text string, ink bool) {
		c := u.Theme.Ink
		if !ink {
			c = u.Theme.Accent
		}
		rows := tk.Wrap(text, max(w/p.S-12, 40))
		rows = rows[:min(len(rows), lineRows)]
		for i := len(rows) - 1; i >= 0; i-- { // upwards from the newest
			r := image.Rect(0, y, min(w, p.U(tk.Width(rows[i])+12)), y+p.Row())
			p.Fill(r, u.Theme.Shade)
			r.Min.X += p.U(4)
			p.Left(r, rows[i], c)
			y -= p.Row()
		}
	}
	switch {
	case st.Phase == match.Desynced && st.Desync == nil:
		draw("the two sides went apart; their states are being compared …", false)
	case st.Silent && st.Phase == match.Playing && !st.Watching:
		draw(fmt.Sprintf("nothing comes from %s: the game waits, for %d s more", st.Peer, max(int((match.LostAfter-st.Silence).Seconds()+0.5), 0)), false)
	}
	shown := 0
	for i := len(st.Lines) - 1; i >= 0 && shown < 5 && now.Sub(st.Lines[i].When) < chatFor; i-- {
		draw(lineText(st.Lines[i]), st.Lines[i].Nick != "")
		shown++
	}
}

// MatchStats is the statistics line of a match.
func MatchStats(st online.Status) string {
	if st.Watching {
		return fmt.Sprintf("watching %s  %d frames behind", st.Peer, st.Behind)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "ping %d ms  jitter %d ms  delay %d, %s %d  rollback %d, %s %d frames", st.RTT.Milliseconds(), st.Jitter.Milliseconds(),
		st.Delay, st.Peer, st.PeerDelay, st.Depth, st.Peer, st.PeerDepth)
	if st.Spectators > 0 {
		fmt.Fprintf(&b, "  %d watch", st.Spectators)
	}
	return b.String()
}
