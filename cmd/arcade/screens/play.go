package screens

import (
	"fmt"
	"image"
	"strings"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/settings"
	tk "arcade/cmd/arcade/toolkit"
	"arcade/machine"
)

// Slots is the number of save states of a game.
const Slots = 10

// Slot is what is known about a save state.
type Slot struct {
	Used    bool
	When    time.Time
	Picture *image.NRGBA
}

// Play is the game that is played, as its menu sees it.
type Play interface {
	Title() string
	Inputs() *machine.Inputs
	Mapper() *inputmap.Mapper
	// Resume closes the menu; Leave ends the game.
	Resume()
	Leave()
	// CanSave is false where states may not be saved or loaded: in a match.
	CanSave() bool
	Slot(n int) Slot
	Save(n int)
	Load(n int)
	UndoSave()
	UndoLoad()
	Pads() []string // names of the pads, "" where there is none
	Host
}

// Host is what the settings screens need.
type Host interface {
	// Settings are those in force; Apply makes changes to them count.
	Settings() *settings.Settings
	Apply()
	// Keep writes them down, for this game or for all.
	Keep(game bool) error
	Held() []inputmap.Source // everything that is pressed now
	Library() Library
	UI() *tk.UI
}

// PlayMenu is the menu of a running game.
func PlayMenu(g Play) tk.Screen {
	u := g.UI()
	push := func(make func() tk.Screen) func() { return func() { u.Push(make()) } }
	items := []*tk.Item{tk.Action("Resume", g.Resume)}
	if g.CanSave() {
		items = append(items, tk.Action("Save states", push(func() tk.Screen { return statesPage(g) })))
	}
	items = append(items,
		tk.Action("Controls", push(func() tk.Screen { return Controls(g, g.Inputs()) })),
		tk.Action("DIP switches", push(func() tk.Screen { return switchesPage(g) })),
		tk.Action("Video", push(func() tk.Screen { return Video(g, true) })),
		tk.Action("Sound", push(func() tk.Screen { return Sound(g, true) })),
		tk.Action("Play", push(func() tk.Screen { return Behaviour(g, true) })))
	items = append(items, tk.Heading("Cabinet"))
	for i := range g.Inputs().Fields {
		f := &g.Inputs().Fields[i]
		if f.Kind != machine.KindSystem || f.Bit == machine.ServiceMode || f.Bit == machine.Tilt {
			continue
		}
		items = append(items, tk.Action(f.Name, func() {
			g.Mapper().Pulse(f.Bit, 6)
			g.Resume()
		}))
	}
	items = append(items, tk.Action("Reset", func() {
		g.Mapper().Pulse(machine.Reset, 1)
		g.Resume()
	}), tk.Heading(""), tk.Action("Leave the game", func() {
		u.Push(tk.Ask("Leave", "Leave the game? What was not saved is lost.", func(i int) {
			if i == 0 {
				g.Leave()
			}
		}, "Leave", "Go on playing"))
	}))
	page := &tk.Page{Title: g.Title(), Form: tk.Form{Items: items}}
	page.Closed = g.Resume
	return page
}

// statesPage shows the ten slots.
func statesPage(g Play) tk.Screen {
	return &states{g: g}
}

// states is the screen of the save states: a list at the left, the picture of
// the selected one at the right.
type states struct {
	g    Play
	list tk.List
}

func (s *states) Draw(u *tk.UI, p *tk.Painter) {
	r := tk.DrawFrame(u, p, s.g.Title()+"  save states", "", []tk.Hint{{Key: "Enter", Pad: "A", Text: "load"}, {Key: "Ins", Pad: "Y", Text: "save"},
		{Key: "Del", Pad: "X", Text: "undo"}, {Key: "Esc", Pad: "B", Text: "back"}})
	s.list.Len = func() int { return Slots }
	s.list.Accept = s.load
	s.list.Row = func(i int) tk.Row {
		slot := s.g.Slot(i)
		row := tk.Row{Text: fmt.Sprintf("Slot %d", i), Right: "empty", Dim: !slot.Used}
		if slot.Used {
			row.Right = slot.When.Format("2006-01-02 15:04:05")
		}
		return row
	}
	side := r
	if r.Dx() > r.Dy() {
		r.Max.X -= r.Dx() / 2
		side.Min.X = r.Max.X
	} else {
		r.Max.Y -= r.Dy() / 2
		side.Min.Y = r.Max.Y
	}
	s.list.Draw(p, r, true)
	p.Fill(side, p.Panel)
	if pic := s.g.Slot(s.list.Selected).Picture; pic != nil {
		p.Picture(tk.Fit(side.Inset(p.U(8)), pic.Rect.Dx(), pic.Rect.Dy()), pic)
	} else {
		p.Centre(side, "no picture", p.Dim)
	}
}

func (s *states) load(i int) {
	if !s.g.Slot(i).Used {
		s.g.UI().Say(fmt.Sprintf("Slot %d is empty.", i))
		return
	}
	s.g.Load(i)
	s.g.Resume()
}

func (s *states) Handle(u *tk.UI, e tk.Event) {
	switch e.Kind {
	case tk.Back:
		u.Pop()
	case tk.Mark:
		s.g.Save(s.list.Selected)
	case tk.Char:
		if e.Rune >= '0' && e.Rune <= '9' {
			s.list.Selected = int(e.Rune - '0')
		}
	case tk.Option:
		u.Push(tk.Ask("Undo", "What should be as it was before?", func(i int) {
			switch i {
			case 0:
				s.g.UndoLoad()
				s.g.Resume()
			case 1:
				s.g.UndoSave()
			}
		}, "The last load", "The last save", "Nothing"))
	default:
		s.list.Handle(e)
	}
}

// switchesPage shows the DIP switches by name.
func switchesPage(g Play) tk.Screen {
	in := g.Inputs()
	page := &tk.Page{Title: g.Title() + "  DIP switches"}
	for i := range in.Fields {
		f := &in.Fields[i]
		if f.Kind != machine.KindDIP || len(f.Settings) == 0 {
			continue
		}
		names := make([]string, len(f.Settings))
		for j, s := range f.Settings {
			names[j] = s.Name
		}
		page.Items = append(page.Items, tk.Choice(f.Name, names, func() int {
			now := g.Mapper().Field(i)
			for j, s := range f.Settings {
				if s.Value == now {
					return j
				}
			}
			return -1
		}, func(j int) {
			g.Mapper().SetField(i, f.Settings[j].Value)
			g.Settings().DIPs[f.Name] = f.Settings[j].Name
		}).With("Many games look at their switches only when they are switched on: reset the game to see the change."))
	}
	if len(page.Items) == 0 {
		page.Items = append(page.Items, tk.Note("This game has none."))
	}
	page.Items = append(page.Items, tk.Heading(""), tk.Action("Reset the game", func() {
		g.Mapper().Pulse(machine.Reset, 1)
		g.Resume()
	}))
	return keepItems(g, page, true)
}

// keepItems adds what writes the settings down.
func keepItems(h Host, page *tk.Page, game bool) *tk.Page {
	keep := func(game bool, what string) func() {
		return func() {
			if err := h.Keep(game); err != nil {
				h.UI().Push(tk.Tell("Not saved", err.Error()))
				return
			}
			h.UI().Say(what)
		}
	}
	if game {
		page.Items = append(page.Items, tk.Action("Keep for this game", keep(true, "Saved for this game.")))
	}
	page.Items = append(page.Items, tk.Action("Keep for all games", keep(false, "Saved for all games.")).
		With("Changes count at once, but only this writes them into the settings file (the old one is kept as .old)."))
	return page
}

func nameChoice(h Host, label string, names []string, at func(s *settings.Settings) *string) *tk.Item {
	return tk.Choice(label, names, func() int {
		for i, n := range names {
			if n == *at(h.Settings()) {
				return i
			}
		}
		return -1
	}, func(i int) {
		*at(h.Settings()) = names[i]
		h.Apply()
	})
}

func tick(h Host, label string, at func(s *settings.Settings) *bool) *tk.Item {
	return tk.Tick(label, func() bool { return *at(h.Settings()) }, func(on bool) {
		*at(h.Settings()) = on
		h.Apply()
	})
}

func slider(h Host, label string, lo, hi, step int, format string, at func(s *settings.Settings) *int) *tk.Item {
	return tk.Slider(label, lo, hi, step, format, func() int { return *at(h.Settings()) }, func(v int) {
		*at(h.Settings()) = v
		h.Apply()
	})
}

// Video is the screen of the picture's settings.
func Video(h Host, game bool) tk.Screen {
	return keepItems(h, &tk.Page{Title: "Video", Form: tk.Form{Items: []*tk.Item{
		nameChoice(h, "Size", settings.Scalings, func(s *settings.Settings) *string { return &s.Scaling }).With("As large as it fits, in whole multiples of the game's pixels, or the whole window."),
		nameChoice(h, "Shape", settings.Aspects, func(s *settings.Settings) *string { return &s.Aspect }).With("That of the game's monitor, or square pixels."),
		nameChoice(h, "Turn", settings.Rotations, func(s *settings.Settings) *string { return &s.Rotation }).With("For displays that stand upright."),
		nameChoice(h, "Effect", settings.Shaders, func(s *settings.Settings) *string { return &s.Shader }),
		tick(h, "Full screen", func(s *settings.Settings) *bool { return &s.Fullscreen }),
		tick(h, "Follow the display", func(s *settings.Settings) *bool { return &s.DisplayLock }).With("Where its rate is within 1 % of the game's, every picture is shown once; the sound is adapted."),
		slider(h, "Size of menus", 0, 6, 1, "%d", func(s *settings.Settings) *int { return &s.UIScale }).With("0 chooses by the size of the window."),
	}}}, game)
}

// Sound is the screen of the sound's settings.
func Sound(h Host, game bool) tk.Screen {
	return keepItems(h, &tk.Page{Title: "Sound", Form: tk.Form{Items: []*tk.Item{
		slider(h, "Volume", 0, 100, 5, "%d %%", func(s *settings.Settings) *int { return &s.Volume }),
		tick(h, "Mute", func(s *settings.Settings) *bool { return &s.Mute }),
		slider(h, "Latency", 20, 200, 5, "%d ms", func(s *settings.Settings) *int { return &s.Latency }).With("The most sound that waits to be heard. More helps against gaps. Counts from the next start."),
	}}}, game)
}

// Behaviour is the screen of the rest.
func Behaviour(h Host, game bool) tk.Screen {
	return keepItems(h, &tk.Page{Title: "Play", Form: tk.Form{Items: []*tk.Item{
		slider(h, "Run ahead", 0, 4, 1, "%d frames", func(s *settings.Settings) *int { return &s.RunAhead }).With("The picture comes so many frames early, which hides the game's own lag."),
		tick(h, "Rewinding", func(s *settings.Settings) *bool { return &s.Rewind }),
		tick(h, "Pause in menus", func(s *settings.Settings) *bool { return &s.MenuPauses }),
		tick(h, "Pause in the background", func(s *settings.Settings) *bool { return &s.BlurPauses }),
		nameChoice(h, "Opposite directions", inputmap.SOCDNames, func(s *settings.Settings) *string { return &s.SOCD }).With("What left and right, or up and down, give while both are held."),
		slider(h, "Speed of the mouse", 10, 400, 10, "%d %%", func(s *settings.Settings) *int { return &s.MousePace }),
	}}}, game)
}

// autofires are the choices for a button.
var autofires = []inputmap.Autofire{{}, {On: 1, Off: 1}, {On: 2, Off: 2}, {On: 3, Off: 3}, {On: 4, Off: 4}, {On: 6, Off: 6}, {On: 10, Off: 10}}

// Controls is the screen on which keys and buttons are bound. in is nil for
// those of all games.
func Controls(h Host, in *machine.Inputs) tk.Screen {
	b := &binder{h: h}
	page := &tk.Page{Title: "Controls", Grab: b.grab, Update: b.update,
		Hints: []tk.Hint{{Key: "Enter", Pad: "A", Text: "press a key"}, {Key: "Del", Pad: "X", Text: "default"}, {Key: "← →", Pad: "← →", Text: "autofire"}, {Key: "Esc", Pad: "B", Text: "back"}}}
	var actions []inputmap.Action
	labels := map[inputmap.Action]string{}
	if in != nil {
		actions = inputmap.Actions(in)
		for i := range in.Fields {
			if a, ok := inputmap.For(&in.Fields[i]); ok {
				labels[a] = in.Fields[i].Name
			}
		}
		page.Items = append(page.Items, tk.Heading("This game"))
	} else {
		for seat := 1; seat <= 4; seat++ {
			for _, n := range []string{"Up", "Down", "Left", "Right", "Button 1", "Button 2", "Button 3", "Button 4", "Button 5", "Button 6", "Start"} {
				actions = append(actions, inputmap.Action(fmt.Sprintf("P%d %s", seat, n)))
			}
			actions = append(actions, inputmap.Action(fmt.Sprintf("Coin %d", seat)))
		}
		actions = append(actions, "Service 1", "Service Mode", "Tilt")
		page.Items = append(page.Items, tk.Heading("All games"))
	}
	for _, a := range actions {
		page.Items = append(page.Items, b.item(a, labels[a], strings.Contains(string(a), "Button")))
	}
	page.Items = append(page.Items, tk.Heading("The program"))
	for _, a := range inputmap.Hotkeys() {
		page.Items = append(page.Items, b.item(a, "", false))
	}
	return keepItems(h, page, in != nil)
}

// binder waits for the key that an action should have.
type binder struct {
	h       Host
	waiting inputmap.Action
	since   time.Duration
	free    bool // everything was let go since it began to wait
}

func (b *binder) item(a inputmap.Action, label string, fires bool) *tk.Item {
	if label == "" {
		label = string(a)
	}
	value := func() string {
		if b.waiting == a {
			return "press a key or button …"
		}
		var names []string
		for _, s := range b.h.Settings().AllBindings()[a] {
			names = append(names, s.String())
		}
		text := strings.Join(names, ", ")
		if text == "" {
			text = "nothing"
		}
		if f := b.h.Settings().Autofire[a]; f.On > 0 {
			text = fmt.Sprintf("[%d/%d] ", f.On, f.Off) + text
		}
		return text
	}
	it := tk.Value(label, value, func() { b.waiting, b.since, b.free = a, b.h.UI().Now(), false })
	it.Option = func() {
		delete(b.h.Settings().Bindings, a)
		b.h.Apply()
	}
	if fires {
		it.SetChange(func(by int) {
			fire := b.h.Settings().Autofire
			at := 0
			for i, f := range autofires {
				if f == fire[a] {
					at = i
				}
			}
			at = (at + by + len(autofires)) % len(autofires)
			fire[a] = autofires[at]
			if at == 0 {
				delete(fire, a)
			}
			b.h.Apply()
		})
	}
	return it
}

// grab swallows everything while it waits.
func (b *binder) grab(e tk.Event) bool { return b.waiting != "" }

// update looks for the key. A source that is bound already is taken away: so
// several can be given one after another.
func (b *binder) update() {
	if b.waiting == "" {
		return
	}
	held := b.h.Held()
	if len(held) == 0 {
		b.free = true
	}
	if b.h.UI().Now()-b.since > 8*time.Second {
		b.waiting = ""
		return
	}
	if !b.free || len(held) == 0 {
		return
	}
	src := held[0]
	a := b.waiting
	b.waiting = ""
	have := b.h.Settings().AllBindings()[a]
	if _, mine := b.h.Settings().Bindings[a]; !mine {
		have = nil // the first key replaces the defaults
	}
	out := []inputmap.Source{}
	taken := false
	for _, s := range have {
		if s == src {
			taken = true
			continue
		}
		out = append(out, s)
	}
	if !taken {
		out = append(out, src)
	}
	b.h.Settings().Bindings[a] = out
	b.h.Apply()
}

// Settings is the screen of the settings for all games.
func Settings(h Host) tk.Screen {
	u := h.UI()
	push := func(make func() tk.Screen) func() { return func() { u.Push(make()) } }
	return &tk.Page{Title: "Settings", Form: tk.Form{Items: []*tk.Item{
		tk.Action("ROM folders", push(func() tk.Screen { return folders(h) })),
		tk.Action("Controls", push(func() tk.Screen { return Controls(h, nil) })),
		tk.Action("Video", push(func() tk.Screen { return Video(h, false) })),
		tk.Action("Sound", push(func() tk.Screen { return Sound(h, false) })),
		tk.Action("Play", push(func() tk.Screen { return Behaviour(h, false) })),
	}}}
}

// folders is the screen of the ROM folders.
func folders(h Host) tk.Screen {
	page := &tk.Page{Title: "ROM folders", Hints: []tk.Hint{{Key: "Enter", Pad: "A", Text: "add"}, {Key: "Del", Pad: "X", Text: "remove"}, {Key: "Esc", Pad: "B", Text: "back"}}}
	var fill func()
	field := tk.NewField("")
	fill = func() {
		page.Items = []*tk.Item{tk.Entry("Add a folder", field, func(path string) {
			if strings.TrimSpace(path) == "" {
				return
			}
			if err := h.Library().AddFolder(path); err != nil {
				h.UI().Push(tk.Tell("Not added", err.Error()))
				return
			}
			field.SetText("")
			fill()
		}), tk.Action("Look again for games", h.Library().Rescan), tk.Heading("Folders")}
		for _, f := range h.Library().Folders() {
			it := tk.Action(f, nil)
			it.Option = func() {
				if err := h.Library().RemoveFolder(f); err != nil {
					h.UI().Push(tk.Tell("Not removed", err.Error()))
				}
				fill()
			}
			page.Items = append(page.Items, it)
		}
		keepItems(h, page, false)
	}
	fill()
	return page
}
