package screens

import (
	"fmt"
	"strconv"
	"strings"

	"arcade/cmd/arcade/online"
	tk "arcade/cmd/arcade/toolkit"
	"arcade/netplay/rollback"
)

// Friend is somebody stored.
type Friend struct{ Name, Address, Fingerprint string }

// Friends is what the Host and Connect screens do.
type Friends interface {
	// Nick is the user's name, and SetNick changes it for this run of the program.
	Nick() string
	SetNick(nick string) error
	Port() int
	// Stored are the stored peers. Store adds one, or changes the one called old.
	Stored() ([]Friend, error)
	Store(old, name, invite string) error
	Forget(name string) error
	// Host and Join begin a match, with an input delay in frames; negative: auto.
	// Who only watches joins one that others play.
	Host(set string, port, delay int)
	Join(target string, delay int, watch bool)
}

// delayChoice is an item for the input delay; auto is -1.
func delayChoice(delay *int) *tk.Item {
	names := []string{"auto"}
	for n := range rollback.MaxDelay + 1 {
		names = append(names, fmt.Sprint(n))
	}
	return tk.Choice("Input delay in frames", names, func() int { return *delay + 1 }, func(i int) { *delay = i - 1 }).With("auto fits it to the round trip")
}

func nickEntry(u *tk.UI, f Friends) *tk.Item {
	field := tk.NewField(f.Nick())
	field.Max = 16
	return tk.Entry("Your name", field, func(text string) {
		if err := f.SetNick(strings.TrimSpace(text)); err != nil {
			u.Push(tk.Tell("Your name", err.Error()))
		}
		field.SetText(f.Nick())
	})
}

// HostPage begins to host a game.
func HostPage(u *tk.UI, f Friends, set, title string) tk.Screen {
	delay, port := -1, f.Port()
	field := tk.NewField(fmt.Sprint(port))
	field.Max = 5
	return &tk.Page{Title: "Host " + title, Form: tk.Form{Items: []*tk.Item{
		tk.Action("Wait for a friend", func() { f.Host(set, port, delay) }).With("What your friend needs to join is shown next."),
		nickEntry(u, f), delayChoice(&delay),
		tk.Entry("UDP port", field, func(text string) {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil || n < 0 || n > 65535 {
				u.Push(tk.Tell("UDP port", "A port is a number from 0 to 65535; 0 takes any that is free."))
				field.SetText(fmt.Sprint(port))
				return
			}
			port = n
		}).With("Friends on other networks reach it only if your router forwards it."),
	}}}
}

// ConnectPage begins to join somebody.
func ConnectPage(u *tk.UI, f Friends) tk.Screen {
	page := &tk.Page{Title: "Join a friend"}
	delay, watch := -1, false
	invite := tk.NewField("")
	fixed := []*tk.Item{
		tk.Entry("Invite", invite, func(text string) {
			if text = inviteIn(text); text != "" {
				f.Join(text, delay, watch)
			}
		}).With("ADDRESS:PORT#CODE, as your friend's program shows it. Ctrl+V pastes it."),
		tk.Action("Join by the invite that was copied", func() {
			u.Paste(func(line string) {
				in, ok := online.FindInvite(line)
				if !ok {
					u.Push(tk.Tell("No invite was copied", "What was copied is no invite: ADDRESS:PORT#CODE is expected, as your friend's program shows it."))
					return
				}
				invite.SetText(in.String())
				f.Join(in.String(), delay, watch)
			})
		}).With("It is in the clipboard after you copied it from a message."),
		tk.Tick("Only watch", func() bool { return watch }, func(on bool) { watch = on }).With("Watches a match that your friend plays with somebody else, or waits until it begins."),
		nickEntry(u, f), delayChoice(&delay),
		tk.Action("Store a friend", func() { u.Push(friendPage(u, f, Friend{})) }),
		tk.Heading("Friends"),
	}
	page.Update = func() {
		items := append([]*tk.Item(nil), fixed...)
		stored, err := f.Stored()
		if err != nil {
			items = append(items, tk.Note(err.Error()))
		}
		for _, s := range stored {
			about := strings.TrimSpace(s.Address + "  " + s.Fingerprint)
			it := tk.Value(s.Name, func() string { return about }, func() {
				if s.Address == "" {
					u.Push(tk.Tell(s.Name, "No address of "+s.Name+" is known yet, since it was "+s.Name+" who came to you. Delete or X lets you give one."))
					return
				}
				f.Join(s.Name, delay, watch)
			})
			it.Option = func() { u.Push(friendPage(u, f, s)) }
			items = append(items, it)
		}
		if len(items) == len(fixed) {
			items = append(items, tk.Note("Nobody yet. Whoever you play with is stored here."))
		}
		page.Items = items
	}
	page.Hints = []tk.Hint{{Key: "Enter", Pad: "A", Text: "choose, join", Does: tk.Accept}, {Key: "Del", Pad: "X", Text: "change, remove", Does: tk.Option},
		{Key: "Esc", Pad: "B", Text: "back", Does: tk.Back}}
	page.Update()
	return page
}

// inviteIn is the invite in a text that was typed or pasted, which may have words
// around it, or else all of the text.
func inviteIn(text string) string {
	if in, ok := online.FindInvite(text); ok {
		return in.String()
	}
	return strings.TrimSpace(text)
}

// friendPage stores, changes and forgets one.
func friendPage(u *tk.UI, f Friends, s Friend) tk.Screen {
	name, invite := tk.NewField(s.Name), tk.NewField(s.Address)
	nothing := func(string) {}
	page := &tk.Page{Title: "A friend", Form: tk.Form{Items: []*tk.Item{
		tk.Entry("Name", name, nothing), tk.Entry("Invite or address", invite, nothing),
		tk.Action("Store", func() {
			if err := f.Store(s.Name, strings.TrimSpace(name.Text()), inviteIn(invite.Text())); err != nil {
				u.Push(tk.Tell("Not stored", err.Error()))
				return
			}
			u.Pop()
		}),
	}}}
	if s.Name != "" {
		page.Items = append(page.Items, tk.Action("Forget "+s.Name, func() {
			if err := f.Forget(s.Name); err != nil {
				u.Push(tk.Tell("Not forgotten", err.Error()))
				return
			}
			u.Pop()
		}))
	}
	return page
}
