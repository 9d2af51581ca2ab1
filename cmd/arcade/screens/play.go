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
	UndoSave(n int)
	UndoLoad()
	Pads() []string // names of the pads, "" where there is none
	// Do does what a hotkey does; On tells whether one that lasts is on. Can
	// tells whether it means anything here.
	Do(a inputmap.Action)
	On(a inputmap.Action) bool
	Can(a inputmap.Action) bool
	// Position is the frame that comes next and the number of them, of a
	// replay; of anything else ok is false. Seek goes to one.
	Position() (at, of int, ok bool)
	Seek(frame int)
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
	if _, of, ok := g.Position(); ok {
		items = append(items, tk.Slider("Position", 0, of, max(of/100, 1), fmt.Sprintf("frame %%d of %d", of), func() int {
			at, _, _ := g.Position()
			return at
		}, g.Seek).With("Where in the replay. The controls are yours after its end, or with `arcade replay --take-over`."))
	}
	if g.CanSave() {
		items = append(items, tk.Action("Save states", push(func() tk.Screen { return statesPage(g) })))
	}
	items = append(items,
		tk.Action("Controls", push(func() tk.Screen { return Controls(g, g.Inputs()) })),
		tk.Action("DIP switches", push(func() tk.Screen { return switchesPage(g) })),
		tk.Action("Video", push(func() tk.Screen { return Video(g, true) })),
		tk.Action("Sound", push(func() tk.Screen { return Sound(g, true) })),
		tk.Action("Play", push(func() tk.Screen { return Behaviour(g, true) })),
		tk.Action("Time and pictures", push(func() tk.Screen { return timePage(g) })))
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

// timePage has what hotkeys do, for whoever has none at hand.
func timePage(g Play) tk.Screen {
	page := &tk.Page{Title: g.Title() + "  time and pictures"}
	once := func(label, help string, a inputmap.Action) {
		if g.Can(a) {
			page.Items = append(page.Items, tk.Value(label, keyOf(g, a), func() { g.Do(a) }).With(help))
		}
	}
	lasting := func(label, help string, a inputmap.Action) {
		if g.Can(a) {
			page.Items = append(page.Items, tk.Tick(label, func() bool { return g.On(a) }, func(bool) { g.Do(a) }).With(help+" Key: "+keyOf(g, a)()+"."))
		}
	}
	lasting("Pause", "The game stands still.", inputmap.Pause)
	once("One frame", "Runs one frame, and pauses.", inputmap.FrameStep)
	lasting("Fast forward", "As fast as this computer can, until the menu opens again; the key does it while it is held.", inputmap.FastFwd)
	lasting("Slow motion", "Half as fast.", inputmap.SlowMotion)
	once("Five seconds back", "The key goes back as long as it is held.", inputmap.Rewind)
	once("Save a picture", "A screenshot, as the list of games shows it.", inputmap.Screenshot)
	lasting("Mute", "No sound.", inputmap.Mute)
	lasting("Full screen", "Fills the screen.", inputmap.Fullscreen)
	lasting("Statistics", "A line about speed, sound and missed frames.", inputmap.Statistics)
	return page
}

// keyOf tells which keys a hotkey has.
func keyOf(h Host, a inputmap.Action) func() string {
	return func() string {
		var names []string
		for _, s := range h.Settings().AllBindings()[a] {
			names = append(names, s.String())
		}
		return strings.Join(names, ", ")
	}
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
	r := tk.DrawFrame(u, p, s.g.Title()+"  save states", "", []tk.Hint{{Key: "Enter", Pad: "A", Text: "load", Does: tk.Accept}, {Key: "Ins", Pad: "Y", Text: "save", Does: tk.Mark},
		{Key: "Del", Pad: "X", Text: "undo", Does: tk.Option}, {Key: "Esc", Pad: "B", Text: "back", Does: tk.Back}})
	s.list.Len = func() int { return Slots }
	s.list.Accept = s.load
	s.list.Row = func(i int) tk.Row {
		slot := s.g.Slot(i)
		row := tk.Row{Text: fmt.Sprintf("Slot %d", i), Right: "empty", Dim: !slot.Used}
		if slot.Used {
			row.Right = slot.When.Format("2 Jan 2006 15:04")
		}
		return row
	}
	side := r
	if r.Dx() > r.Dy() {
		r.Max.X = max(r.Max.X-r.Dx()/2, min(r.Min.X+p.U(240), r.Max.X-r.Dx()/3))
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
				s.g.UndoSave(s.list.Selected)
			}
		}, "The last load", fmt.Sprintf("The save in slot %d", s.list.Selected), "Nothing"))
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
	return keepItems(g, page, true, true)
}

// keepItems adds what writes the settings down.
func keepItems(h Host, page *tk.Page, game, gameOnly bool) *tk.Page {
	var kept *settings.Settings
	keep := func(game bool, what string) func() {
		return func() {
			if err := h.Keep(game); err != nil {
				h.UI().Push(tk.Tell("Not saved", err.Error()))
				return
			}
			kept = h.Settings().Clone()
			h.UI().Say(what)
		}
	}
	if game {
		page.Items = append(page.Items, tk.Action("Keep for this game", keep(true, "Saved for this game.")))
	}
	if !gameOnly {
		page.Items = append(page.Items, tk.Action("Keep for all games", keep(false, "Saved for all games.")).
			With("Changes count at once, but only this writes them into the settings file (the old one is kept as .old)."))
	}
	// Whoever leaves with changes is asked: nothing is written unasked, and
	// nothing is lost by surprise.
	before := h.Settings().Clone()
	page.Leaving = func() bool {
		if h.Settings().Same(before) || h.Settings().Same(kept) {
			return true
		}
		u := h.UI()
		buttons := []string{"For all games", "Only for now"}
		if game {
			buttons = append([]string{"For this game"}, buttons...)
			if gameOnly {
				buttons = []string{"For this game", "Only for now"}
			}
		}
		u.Push(tk.Ask("Keep the changes?", "They count already. Kept, they are written into the settings file and count at the next start too.", func(i int) {
			u.Pop() // the page
			switch buttons[i] {
			case "For this game":
				keep(true, "Saved for this game.")()
			case "For all games":
				keep(false, "Saved for all games.")()
			}
		}, buttons...))
		return false
	}
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
	}}}, game, false)
}

// Sound is the screen of the sound's settings.
func Sound(h Host, game bool) tk.Screen {
	return keepItems(h, &tk.Page{Title: "Sound", Form: tk.Form{Items: []*tk.Item{
		slider(h, "Volume", 0, 100, 5, "%d %%", func(s *settings.Settings) *int { return &s.Volume }),
		tick(h, "Mute", func(s *settings.Settings) *bool { return &s.Mute }),
		slider(h, "Latency", 20, 200, 5, "%d ms", func(s *settings.Settings) *int { return &s.Latency }).With("The most sound that waits to be heard. More helps against gaps. Counts from the next start."),
	}}}, game, false)
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
	}}}, game, false)
}

// autofires are the choices for a button.
var autofires = []inputmap.Autofire{{}, {On: 1, Off: 1}, {On: 2, Off: 2}, {On: 3, Off: 3}, {On: 4, Off: 4}, {On: 6, Off: 6}, {On: 10, Off: 10}}

// Controls is the screen on which keys and buttons are bound. in is nil for
// those of all games.
func Controls(h Host, in *machine.Inputs) tk.Screen {
	b := &binder{h: h}
	page := &tk.Page{Title: "Controls", Grab: b.grab, Update: b.update,
		Hints: []tk.Hint{{Key: "Enter", Pad: "A", Text: "press a key", Does: tk.Accept}, {Key: "Del", Pad: "X", Text: "default", Does: tk.Option},
			{Key: "← →", Pad: "← →", Text: "autofire", Does: tk.Right}, {Key: "Esc", Pad: "B", Text: "back", Does: tk.Back}}}
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
	return keepItems(h, page, in != nil, false)
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
			return "press a key or button (Esc: as it was) …"
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
	if src.String() == "Escape" && a != inputmap.Menu {
		return // a change of mind: what leaves the menu leaves this too
	}
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
	page := &tk.Page{Title: "ROM folders", Hints: []tk.Hint{{Key: "Enter", Pad: "A", Text: "choose", Does: tk.Accept}, {Key: "Del", Pad: "X", Text: "remove", Does: tk.Option}, {Key: "Esc", Pad: "B", Text: "back", Does: tk.Back}}}
	var fill func()
	var keep []*tk.Item
	add := func(path string) {
		if strings.TrimSpace(path) == "" {
			return
		}
		if err := h.Library().AddFolder(path); err != nil {
			h.UI().Push(tk.Tell("Not added", err.Error()))
			return
		}
		fill()
	}
	field := tk.NewField("")
	fill = func() {
		page.Items = []*tk.Item{
			tk.Action("Choose a folder to add", func() { h.UI().Push(newChooser(h.Library(), add)) }),
			tk.Entry("Or type where it is", field, func(path string) {
				field.SetText("")
				add(path)
			}),
			tk.Action("Look again for games", h.Library().Rescan), tk.Heading("Folders")}
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
		page.Items = append(page.Items, keep...)
	}
	none := len(page.Items)
	keepItems(h, page, false, false)
	keep = page.Items[none:]
	fill()
	return page
}

// chooser is a screen on which a folder is looked for.
type chooser struct {
	lib  Library
	at   string
	subs []string
	bad  string
	list tk.List
	done func(path string)
}

// upwards is the row that leads to the folder above.
const upwards = ".."

func newChooser(lib Library, done func(path string)) *chooser {
	c := &chooser{lib: lib, done: done}
	c.list = tk.List{Len: func() int { return len(c.subs) }, Row: func(i int) tk.Row { return tk.Row{Text: c.subs[i]} },
		Accept: func(i int) { c.enter(c.subs[i]) }}
	c.enter("")
	return c
}

// enter goes into a folder of the present one; "" is where to begin.
func (c *chooser) enter(sub string) {
	at, subs, err := c.lib.Browse(c.at, sub)
	if err != nil {
		c.bad = err.Error()
		return
	}
	from := c.at
	c.at, c.bad, c.subs, c.list.Selected = at, "", append([]string{upwards}, subs...), 0
	if sub == upwards {
		for i, s := range subs {
			if strings.HasSuffix(from, s) {
				c.list.Selected = i + 1
			}
		}
	}
}

func (c *chooser) Draw(u *tk.UI, p *tk.Painter) {
	r := tk.DrawFrame(u, p, "Add "+c.at, "", []tk.Hint{{Key: "Ins", Pad: "Y", Text: "add this folder", Does: tk.Mark}, {Key: "Enter", Pad: "A", Text: "open", Does: tk.Accept},
		{Key: "← ", Pad: "←", Text: "up", Does: tk.Left}, {Key: "Esc", Pad: "B", Text: "back", Does: tk.Back}})
	if c.bad != "" {
		line := r
		line.Max.Y = line.Min.Y + p.Row()
		p.Left(line.Inset(p.U(2)), c.bad, p.Bad)
		r.Min.Y = line.Max.Y
	}
	c.list.Draw(p, r, true)
}

func (c *chooser) Handle(u *tk.UI, e tk.Event) {
	switch e.Kind {
	case tk.Back:
		u.Pop()
	case tk.Mark:
		u.Pop()
		c.done(c.at)
	case tk.Left:
		c.enter(upwards)
	case tk.Right:
		c.enter(c.subs[c.list.Selected])
	case tk.Char:
		// The next one that begins with the letter.
		for i := range c.subs {
			n := (c.list.Selected + 1 + i) % len(c.subs)
			if strings.HasPrefix(strings.ToLower(c.subs[n]), strings.ToLower(string(e.Rune))) {
				c.list.Selected = n
				return
			}
		}
	default:
		c.list.Handle(e)
	}
}
