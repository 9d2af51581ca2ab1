package screens

import (
	"slices"
	"strings"
	"testing"

	"arcade/cmd/arcade/online"
	tk "arcade/cmd/arcade/toolkit"
)

// fakeFriends is what the screens of friends use, and a clipboard.
type fakeFriends struct {
	fake
	copied string
}

func (f *fakeFriends) Nick() string         { return "anna" }
func (f *fakeFriends) SetNick(string) error { return nil }
func (f *fakeFriends) Port() int            { return 27886 }
func (f *fakeFriends) Stored() ([]Friend, error) {
	return []Friend{{Name: "ben", Address: "192.0.2.1:5"}}, nil
}
func (f *fakeFriends) Store(old, name, invite string) error { return nil }
func (f *fakeFriends) Forget(name string) error             { return nil }
func (f *fakeFriends) Host(set string, port, delay int)     { f.call("host %s", set) }
func (f *fakeFriends) Join(target string, delay int, watch bool) {
	f.call("join %s %d %v", target, delay, watch)
}
func (f *fakeFriends) Copy(text string) error                  { f.copied = text; return nil }
func (f *fakeFriends) Paste(done func(line string, err error)) { done(f.copied, nil) }

// An invite that was copied is joined at once; anything else is not sent to
// anybody.
func TestJoinByWhatWasCopied(t *testing.T) {
	f := &fakeFriends{fake: *newFake(t)}
	f.ui.Clip = f
	page := ConnectPage(f.ui, f).(*tk.Page)
	f.ui.Push(page)
	f.draw()
	f.press(tk.Down)
	if got := page.Current().Label; got != "Join by the invite that was copied" {
		t.Fatalf("the second item is %q", got)
	}
	f.copied = "hunter2"
	f.press(tk.Accept)
	if d, ok := f.ui.Top().(*tk.Dialog); !ok || strings.Contains(d.Text, "hunter2") || len(f.calls) > 0 {
		t.Errorf("a password is shown or sent: %+v, %q", d, f.calls)
	}
	f.press(tk.Accept)
	f.copied = "come: 203.0.113.5:99#abcdefghijklmnop"
	f.press(tk.Accept)
	if !slices.Equal(f.calls, []string{"join 203.0.113.5:99#abcdefghijklmnop -1 false"}) {
		t.Errorf("calls %q", f.calls)
	}
	// Into the field, with keys.
	f.calls = nil
	f.copied = "203.0.113.6"
	f.press(tk.Up, tk.Accept, tk.Home)
	for range 60 {
		f.press(tk.Option)
	}
	f.ui.Paste(func(line string) { f.ui.Handle(tk.Event{Kind: tk.Paste, Text: line}) })
	f.press(tk.Accept)
	if !slices.Equal(f.calls, []string{"join 203.0.113.6 -1 false"}) {
		t.Errorf("calls %q", f.calls)
	}
}

// Who only wants to watch ticks that first.
func TestWatchAFriend(t *testing.T) {
	f := &fakeFriends{fake: *newFake(t)}
	page := ConnectPage(f.ui, f).(*tk.Page)
	f.ui.Push(page)
	f.draw()
	f.press(tk.Down, tk.Down, tk.Accept, tk.End)
	if got := page.Current().Label; got != "ben" {
		t.Fatalf("the last item is %q", got)
	}
	f.press(tk.Accept)
	if !slices.Equal(f.calls, []string{"join ben -1 true"}) {
		t.Errorf("calls %q", f.calls)
	}
}

// Whoever waits for a friend has the first invite selected, and copies it with
// Enter.
func TestInviteIsCopied(t *testing.T) {
	f := newFakeMatch()
	clip := &fakeFriends{}
	f.ui.Clip = clip
	f.st = online.Status{Game: "puckman", Host: true, Waiting: true, Invites: []string{"192.0.2.1:5#abcdefghijklmnop", "[fd00::2]:5#abcdefghijklmnop"},
		Lines: []online.Line{{Text: "waiting for the next guest"}}}
	f.becomes(func(*online.Status) {})
	f.press(tk.Accept)
	if clip.copied != f.st.Invites[0] || !strings.Contains(f.ui.Message(), f.st.Invites[0]) {
		t.Errorf("copied %q, said %q", clip.copied, f.ui.Message())
	}
	f.press(tk.Down, tk.Accept)
	if clip.copied != f.st.Invites[1] {
		t.Errorf("copied %q", clip.copied)
	}
	f.becomes(func(st *online.Status) { st.Waiting, st.Peer = false, "ben" })
	if page := f.ui.Top().(*tk.Page); page.Current().Label != "Ready" {
		t.Errorf("when the friend is there, %q is selected", page.Current().Label)
	}
}
