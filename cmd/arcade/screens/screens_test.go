package screens

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/settings"
	tk "arcade/cmd/arcade/toolkit"
	"arcade/cmd/arcade/toy"
	"arcade/machine"
)

// fake is everything that screens use.
type fake struct {
	s       *settings.Settings
	ui      *tk.UI
	held    []inputmap.Source
	applied int
	kept    []bool
	m       *machine.Machine
	mapper  *inputmap.Mapper
	slots   [Slots]Slot
	calls   []string
	games   []Game
	stars   map[string]bool
	folders []string
	replay  bool
}

func newFake(t *testing.T) *fake {
	t.Helper()
	m, err := toy.New(toy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{s: settings.Default(), ui: tk.NewUI(), m: m, stars: map[string]bool{"sf2": true}}
	f.mapper = inputmap.NewMapper(m.Inputs, inputmap.Config{})
	f.games = []Game{
		{Name: "sf2", Title: "Street Fighter II: The World Warrior (World 910522)", Year: "1991", Maker: "Capcom"},
		{Name: "sf2j", Title: "Street Fighter II: The World Warrior (Japan 911210)", Year: "1991", Maker: "Capcom", Parent: "sf2", State: Doubt, Why: "2 files differ"},
		{Name: "puckman", Title: "Puck Man (Japan set 1)", Year: "1980", Maker: "Namco"},
		{Name: "pacman", Title: "Pac-Man (Midway)", Year: "1980", Maker: "Namco (Midway license)", Parent: "puckman", State: Missing, Why: "its files were not found"},
		{Name: "kof98", Title: "餓狼 The King of Fighters '98 격투", Year: "1998", Maker: "SNK", State: NoBoard, Why: "its board is not emulated yet"},
		{Name: "own", Title: "Zzz, the game of our own", Year: "2026", Maker: "arcade", Builtin: true},
	}
	return f
}

func (f *fake) call(format string, args ...any) {
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
}
func (f *fake) Settings() *settings.Settings      { return f.s }
func (f *fake) Apply()                            { f.applied++ }
func (f *fake) Keep(game bool) error              { f.kept = append(f.kept, game); return nil }
func (f *fake) Held() []inputmap.Source           { return f.held }
func (f *fake) Library() Library                  { return f }
func (f *fake) UI() *tk.UI                        { return f.ui }
func (f *fake) Title() string                     { return "Toy" }
func (f *fake) Inputs() *machine.Inputs           { return f.m.Inputs }
func (f *fake) Mapper() *inputmap.Mapper          { return f.mapper }
func (f *fake) Resume()                           { f.call("resume"); f.ui.Reset() }
func (f *fake) Leave()                            { f.call("leave") }
func (f *fake) CanSave() bool                     { return true }
func (f *fake) Slot(n int) Slot                   { return f.slots[n] }
func (f *fake) Save(n int)                        { f.call("save %d", n); f.slots[n].Used = true }
func (f *fake) Load(n int)                        { f.call("load %d", n) }
func (f *fake) UndoSave(n int)                    { f.call("undo save %d", n) }
func (f *fake) Do(a inputmap.Action)              { f.call("do %s", a) }
func (f *fake) On(inputmap.Action) bool           { return false }
func (f *fake) Can(inputmap.Action) bool          { return true }
func (f *fake) Position() (at, of int, ok bool)   { return 30, 600, f.replay }
func (f *fake) Seek(n int)                        { f.call("seek %d", n) }
func (f *fake) UndoLoad()                         { f.call("undo load") }
func (f *fake) Pads() []string                    { return nil }
func (f *fake) Games() []Game                     { return f.games }
func (f *fake) Generation() int                   { return 1 }
func (f *fake) Busy() string                      { return "" }
func (f *fake) Favourite(name string) bool        { return f.stars[name] }
func (f *fake) SetFavourite(name string, on bool) { f.stars[name] = on }
func (f *fake) Recent() []string                  { return []string{"puckman", "gone", "sf2j"} }
func (f *fake) Shot(string) *image.NRGBA          { return image.NewNRGBA(image.Rect(0, 0, 224, 288)) }
func (f *fake) Folders() []string                 { return f.folders }
func (f *fake) Rescan()                           { f.call("rescan") }
func (f *fake) Browse(at, sub string) (string, []string, error) {
	switch {
	case sub == "":
		return "/home", []string{"ann", "bob"}, nil
	case sub == "..":
		return "/", []string{"home", "roms"}, nil
	case sub == "bob":
		return "", nil, os.ErrPermission
	}
	return at + sub, nil, nil
}
func (f *fake) AddFolder(path string) error {
	f.folders = append(f.folders, path)
	return nil
}
func (f *fake) RemoveFolder(path string) error {
	f.folders = slices.DeleteFunc(f.folders, func(p string) bool { return p == path })
	return nil
}

func (f *fake) draw() { f.ui.Draw(tk.NewMemory(640, 480)) }

func (f *fake) press(kinds ...tk.Kind) {
	for _, k := range kinds {
		f.ui.Handle(tk.Event{Kind: k})
		f.draw()
	}
}

func (f *fake) typed(s string) {
	for _, r := range s {
		f.ui.Handle(tk.Event{Kind: tk.Char, Rune: r})
	}
	f.draw()
}

// find moves to an item of the page on top.
func (f *fake) find(t *testing.T, label string) {
	t.Helper()
	p, ok := f.ui.Top().(*tk.Page)
	if !ok {
		t.Fatalf("on top is %T", f.ui.Top())
	}
	for i, it := range p.Items {
		if it.Label == label {
			p.Selected = i
			return
		}
	}
	t.Fatalf("%q has no item %q", p.Title, label)
}

func titles(l *List) []string {
	var out []string
	for _, r := range l.rows {
		out = append(out, fmt.Sprintf("%d%s", r.indent, r.game.Name))
	}
	return out
}

func TestListGroupsFiltersAndStarts(t *testing.T) {
	f := newFake(t)
	started, quit := "", false
	l := NewList(f, func(n string) { started = n }, nil, func() { quit = true })
	f.ui.Push(l)
	f.draw()
	check := func(what string, want ...string) {
		t.Helper()
		if got := titles(l); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("folded", "0own", "0puckman", "0sf2", "0kof98")
	f.press(tk.Down, tk.Right)
	check("unfolded", "0own", "0puckman", "1pacman", "0sf2", "0kof98")
	f.press(tk.Down, tk.Left)
	check("folded from the clone", "0own", "0puckman", "0sf2", "0kof98")
	if l.list.Selected != 1 {
		t.Errorf("folding leads to row %d", l.list.Selected)
	}
	f.typed("japan 1991")
	check("filtered", "0sf2j")
	f.press(tk.Back)
	f.typed("1991")
	check("filtered by year", "0sf2", "1sf2j")
	f.press(tk.Down, tk.Accept)
	if started == "" {
		t.Error("nothing was started")
	}
	f.press(tk.Back)
	check("filter gone", "0own", "0puckman", "0sf2", "0kof98")
	f.press(tk.Next)
	check("playable", "0own", "0puckman", "0sf2")
	f.press(tk.Next)
	check("favourites", "0sf2")
	f.press(tk.Next)
	check("recent", "0puckman", "0sf2j")
	f.press(tk.Mark)
	if !f.stars["puckman"] {
		t.Error("no star was given")
	}
	f.press(tk.Back, tk.Accept)
	if !quit {
		t.Error("it does not quit")
	}
}

func TestPlayMenu(t *testing.T) {
	f := newFake(t)
	open := func() { f.ui.Reset(PlayMenu(f)); f.draw() }
	open()
	f.find(t, "Coin 1")
	f.press(tk.Accept)
	if in := f.mapper.Frame(&inputmap.State{}); in.System != machine.Coin1 {
		t.Errorf("the coin gives system bits %#x", in.System)
	}
	for range 10 {
		f.mapper.Frame(&inputmap.State{})
	}
	open()
	f.find(t, "DIP switches")
	f.press(tk.Accept)
	f.find(t, "Lives")
	f.press(tk.Right)
	lives, _ := f.m.Inputs.Find("Lives")
	if got := f.mapper.Field(lives); got != 2 || f.s.DIPs["Lives"] != "5" {
		t.Errorf("the switch is at %d, %v", got, f.s.DIPs)
	}
	f.find(t, "Keep for this game")
	f.press(tk.Accept, tk.Back)
	if !slices.Equal(f.kept, []bool{true}) {
		t.Errorf("kept: %v", f.kept)
	}
	f.find(t, "Save states")
	f.press(tk.Accept, tk.Down, tk.Mark, tk.Accept)
	open()
	f.find(t, "Save states")
	f.press(tk.Accept, tk.Option, tk.Accept)
	open()
	f.find(t, "Leave the game")
	f.press(tk.Accept, tk.Accept)
	if want := []string{"resume", "save 1", "load 1", "resume", "undo load", "resume", "leave"}; !slices.Equal(f.calls, want) {
		t.Errorf("calls %v, want %v", f.calls, want)
	}
}

func TestControlsAreBoundByPressing(t *testing.T) {
	f := newFake(t)
	f.ui.Push(Controls(f, f.m.Inputs))
	f.draw()
	f.find(t, "P1 Up")
	enter, _ := inputmap.Key("Enter")
	q, _ := inputmap.Key("Q")
	pad := inputmap.PadButton(1, 3)
	bind := func(s inputmap.Source) {
		f.held = []inputmap.Source{enter} // still held from choosing
		f.press(tk.Accept)
		f.draw()
		f.held = nil
		f.draw()
		f.held = []inputmap.Source{s}
		f.press(tk.Down) // whatever the key means elsewhere, here it is only a key
		f.held = nil
		f.draw()
	}
	bind(q)
	if got := f.s.Bindings["P1 Up"]; !slices.Equal(got, []inputmap.Source{q}) {
		t.Errorf("after one key: %v", got)
	}
	bind(pad)
	if got := f.s.Bindings["P1 Up"]; !slices.Equal(got, []inputmap.Source{q, pad}) {
		t.Errorf("after two: %v", got)
	}
	bind(q)
	if got := f.s.Bindings["P1 Up"]; !slices.Equal(got, []inputmap.Source{pad}) {
		t.Errorf("the same key again does not take it away: %v", got)
	}
	f.press(tk.Option)
	if _, ok := f.s.Bindings["P1 Up"]; ok {
		t.Error("the default does not come back")
	}
	f.find(t, "P1 Button 1")
	f.press(tk.Right, tk.Right)
	if f.s.Autofire["P1 Button 1"] != (inputmap.Autofire{On: 2, Off: 2}) {
		t.Errorf("autofire: %v", f.s.Autofire)
	}
	f.press(tk.Left, tk.Left)
	if len(f.s.Autofire) != 0 {
		t.Errorf("autofire stays: %v", f.s.Autofire)
	}
	// Nobody presses anything: it gives up.
	f.find(t, "P1 Down")
	f.press(tk.Accept)
	f.ui.Tick(9 * time.Second)
	f.draw()
	f.press(tk.Back)
	if f.ui.Depth() != 0 {
		t.Error("the screen waits for ever")
	}
}

func TestFolders(t *testing.T) {
	f := newFake(t)
	f.ui.Push(Settings(f))
	f.draw()
	f.find(t, "ROM folders")
	f.press(tk.Accept)
	f.find(t, "Or type where it is")
	f.press(tk.Accept)
	f.typed("/roms")
	f.press(tk.Accept)
	if !slices.Equal(f.folders, []string{"/roms"}) {
		t.Fatalf("folders: %v", f.folders)
	}
	// Chosen: up from home, into roms; bob may not be read.
	f.find(t, "Choose a folder to add")
	f.press(tk.Accept, tk.Down, tk.Down, tk.Accept)
	if c := f.ui.Top().(*chooser); c.bad == "" || c.at != "/home" {
		t.Errorf("a folder that cannot be read leads to %q, %q", c.at, c.bad)
	}
	f.press(tk.Left, tk.Down, tk.Accept, tk.Mark)
	if !slices.Equal(f.folders, []string{"/roms", "/roms"}) {
		t.Fatalf("folders: %v", f.folders)
	}
	f.folders = f.folders[:1]
	f.find(t, "Look again for games")
	f.press(tk.Accept)
	f.find(t, "/roms")
	f.press(tk.Option)
	if len(f.folders) != 0 {
		t.Errorf("folders: %v", f.folders)
	}
}

// TestEveryScreenAtEverySize draws all screens at sizes from a stamp to a wall.
// With ARCADE_SHOTS set to a folder, the pictures are saved there to be looked
// at.
func TestEveryScreenAtEverySize(t *testing.T) {
	f := newFake(t)
	f.slots[1] = Slot{Used: true, When: time.Unix(1e9, 0), Picture: image.NewNRGBA(image.Rect(0, 0, 320, 240))}
	list := NewList(f, nil, nil, nil)
	all := map[string]tk.Screen{"list": list, "menu": PlayMenu(f), "states": statesPage(f), "switches": switchesPage(f), "controls": Controls(f, f.m.Inputs),
		"controls-all": Controls(f, nil), "video": Video(f, true), "sound": Sound(f, false), "play": Behaviour(f, true), "settings": Settings(f),
		"folders": folders(f), "dialog": tk.Ask("Quit", "Leave arcade?", nil, "Quit", "Stay"),
		"undo": tk.Ask("Undo", "What should be as it was before?", nil, "The last load", "The save in slot 3", "Nothing"),
		"time": timePage(f), "chooser": newChooser(f, nil), "keyboard": tk.NewKeyboard("Find", "street", nil, nil)}
	f.replay = true
	all["replay"] = PlayMenu(f)
	f.replay = false
	sizes := []image.Point{{160, 120}, {640, 480}, {640, 360}, {360, 640}}
	if os.Getenv("ARCADE_SHOTS") != "" {
		sizes = append(sizes, image.Pt(1280, 960), image.Pt(1280, 720), image.Pt(1920, 1080), image.Pt(480, 854), image.Pt(1080, 1920))
	}
	for name, s := range all {
		for _, size := range sizes {
			f.ui.Reset(list)
			if s != tk.Screen(list) {
				f.ui.Push(s)
			}
			c := tk.NewMemory(size.X, size.Y)
			f.ui.Draw(c)
			colours := map[[3]uint8]bool{}
			for i := 0; i < len(c.Pix); i += 4 {
				colours[[3]uint8(c.Pix[i:])] = true
			}
			if len(colours) < 4 {
				t.Errorf("%s at %v has %d colours", name, size, len(colours))
			}
			if dir := os.Getenv("ARCADE_SHOTS"); dir != "" {
				w, err := os.Create(filepath.Join(dir, fmt.Sprintf("%s-%dx%d.png", name, size.X, size.Y)))
				if err != nil {
					t.Fatal(err)
				}
				if err := png.Encode(w, c.NRGBA); err != nil {
					t.Fatal(err)
				}
				w.Close()
			}
		}
	}
}
