package screens

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"arcade/cmd/arcade/online"
	tk "arcade/cmd/arcade/toolkit"
	"arcade/netplay/match"
)

// fakeMatch is a match and the game that is played in it.
type fakeMatch struct {
	ui    *tk.UI
	view  MatchView
	st    online.Status
	calls []string
	now   time.Duration
}

func newFakeMatch() *fakeMatch {
	f := &fakeMatch{ui: tk.NewUI()}
	f.st = online.Status{Game: "puckman", Host: true, Me: "anna", Peer: "ben", Phase: match.Playing}
	return f
}

func (f *fakeMatch) call(format string, args ...any) {
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
}
func (f *fakeMatch) Status() online.Status { return f.st }
func (f *fakeMatch) Say(text string)       { f.call("say %s", text) }
func (f *fakeMatch) SetReady(ready bool)   { f.call("ready %v", ready) }
func (f *fakeMatch) SetDelay(n int)        { f.call("delay %d", n) }
func (f *fakeMatch) PlayOn()               { f.call("play on") }
func (f *fakeMatch) Restart()              { f.call("restart") }
func (f *fakeMatch) Again()                { f.call("again") }
func (f *fakeMatch) Title() string         { return "Puck Man" }
func (f *fakeMatch) TakeKeys()             { f.call("keys") }
func (f *fakeMatch) Resume()               { f.call("resume"); f.ui.Reset() }
func (f *fakeMatch) Leave()                { f.call("leave"); f.ui.Reset() }

// becomes changes how the match stands and returns the dialog that is then
// asked, or nil. The calls that were made before are forgotten.
func (f *fakeMatch) becomes(change func(st *online.Status)) *tk.Dialog {
	f.calls = nil
	change(&f.st)
	f.view.Update(f.ui, f, f, false)
	f.ui.Draw(tk.NewMemory(640, 480))
	d, _ := f.ui.Top().(*tk.Dialog)
	return d
}

// press presses keys after the time in which a dialog is deaf.
func (f *fakeMatch) press(kinds ...tk.Kind) {
	f.now += deafFor
	f.ui.Tick(f.now)
	for _, k := range kinds {
		f.ui.Handle(tk.Event{Kind: k})
		f.view.Update(f.ui, f, f, false)
	}
}

func TestLostPeer(t *testing.T) {
	lost := func(st *online.Status) { st.Phase = match.Lost }
	f := newFakeMatch()
	if d := f.becomes(lost); d == nil || !strings.Contains(d.Title, "ben is not heard any more") || !strings.Contains(d.Text, "30 s") {
		t.Fatalf("asked: %+v", d)
	}
	// Whoever was just hitting a button has not chosen, and Esc chooses nothing.
	f.ui.Handle(tk.Event{Kind: tk.Accept})
	f.press(tk.Back)
	if d := f.becomes(lost); d == nil {
		t.Fatal("the question is gone")
	}
	f.calls = nil
	f.press(tk.Accept)
	if !slices.Equal(f.calls, []string{"play on"}) {
		t.Errorf("calls %q", f.calls)
	}
	if d := f.becomes(lost); d != nil {
		t.Error("it is asked again although the answer is on its way")
	}
	if d := f.becomes(func(st *online.Status) { st.Phase = match.Alone }); d != nil || f.ui.Top() != nil {
		t.Error("something is shown over the game of one who plays on alone")
	}

	f = newFakeMatch()
	f.becomes(lost)
	f.press(tk.Right, tk.Accept)
	if !slices.Contains(f.calls, "leave") || slices.Contains(f.calls, "play on") {
		t.Errorf("calls %q", f.calls)
	}
}

// The peer comes back while the question is open: it is closed, and the game has
// its keys again.
func TestLostPeerComesBack(t *testing.T) {
	f := newFakeMatch()
	for range 2 {
		if f.becomes(func(st *online.Status) { st.Phase = match.Lost }) == nil {
			t.Fatal("nothing is asked")
		}
		if d := f.becomes(func(st *online.Status) { st.Phase = match.Playing }); d != nil || !slices.Equal(f.calls, []string{"resume"}) {
			t.Errorf("dialog %v, calls %q", d, f.calls)
		}
	}
	// It says that it has gone: another question takes the place of the first.
	f.becomes(func(st *online.Status) { st.Phase = match.Lost })
	d := f.becomes(func(st *online.Status) { st.Phase, st.Over = match.Ended, "the other side left: tired" })
	if d == nil || d.Title != "The match is over" || f.ui.Depth() != 1 {
		t.Errorf("dialog %+v, %d screens", d, f.ui.Depth())
	}
	f.press(tk.Accept)
	if !slices.Contains(f.calls, "again") {
		t.Errorf("calls %q", f.calls)
	}
	f.becomes(func(st *online.Status) { *st = online.Status{Game: "puckman", Host: true, Waiting: true} })
	if _, ok := f.ui.Top().(*tk.Page); !ok {
		t.Error("a host that waits again sees no connection screen")
	}
}

// After a desync both sides see which frame and what, the host may go on, and
// the guest's question goes away when it does.
func TestDesyncIsAsked(t *testing.T) {
	desync := func(st *online.Status) {
		st.Phase = match.Desynced
		st.Desync = &online.Desync{Seen: 240, Frame: 244, Total: 6, Bundle: "/data/desyncs/x",
			Fields: []string{"ram+0x900: 04 here, 00 there", "b", "c", "d", "e"}}
	}
	for _, host := range []bool{true, false} {
		f := newFakeMatch()
		f.st.Host = host
		if d := f.becomes(func(st *online.Status) { st.Phase = match.Desynced }); d != nil {
			t.Error("asked before anything is known")
		}
		d := f.becomes(desync)
		if d == nil {
			t.Fatal("nothing is asked")
		}
		for _, want := range []string{"before frame 240", "ram+0x900", "and 2 more", "/data/desyncs/x"} {
			if !strings.Contains(d.Text, want) {
				t.Errorf("host %v: no %q in %q", host, want, d.Text)
			}
		}
		f.press(tk.Back)
		f.calls = nil
		if host {
			f.press(tk.Accept)
			if !slices.Contains(f.calls, "restart") {
				t.Errorf("calls %q", f.calls)
			}
		}
		if d := f.becomes(func(st *online.Status) { st.Phase, st.Desync = match.Lobby, nil }); d != nil {
			t.Errorf("host %v: it is still asked while the state is on its way", host)
		}
		if f.becomes(func(st *online.Status) { st.Phase = match.Playing }); f.ui.Top() != nil {
			t.Errorf("host %v: %v covers the game", host, f.ui.Top())
		}
		if f.becomes(desync) == nil {
			t.Errorf("host %v: a second desync is not asked about", host)
		}
		f.press(tk.Right, tk.Accept)
		if !slices.Contains(f.calls, "leave") {
			t.Errorf("host %v: calls %q", host, f.calls)
		}
	}
}

// A long line is seen whole: it takes several rows.
func TestLongLines(t *testing.T) {
	f := newFakeMatch()
	now := time.Unix(1000, 0)
	painted := func(text string) (rows int) {
		f.st.Lines = []online.Line{{When: now, Nick: "ben", Text: text}}
		c := tk.NewMemory(320, 240)
		DrawMatch(f.ui, &tk.Painter{Canvas: c, Theme: f.ui.Theme, S: 1}, f, false, now)
		for y := range 240 {
			for x := range 320 {
				if c.NRGBAAt(x, y) != c.NRGBAAt(319, 0) {
					rows++
					break
				}
			}
		}
		return rows
	}
	short, long, endless := painted("hi"), painted(strings.Repeat("word ", 12)), painted(strings.Repeat("word ", 100))
	if short == 0 || long != 2*short || endless != lineRows*short {
		t.Errorf("a short line has %d rows of pixels, a long one %d, the longest %d", short, long, endless)
	}
}
