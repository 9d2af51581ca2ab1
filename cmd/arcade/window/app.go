// Package window is what a person sees: it opens the host's window, draws the
// newest picture that the emulation has finished, and collects keys, pads and
// the mouse. It never runs a frame itself.
package window

import (
	"errors"
	"fmt"
	"image"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/library"
	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/screens"
	"arcade/cmd/arcade/settings"
	"arcade/cmd/arcade/sounddev"
	"arcade/cmd/arcade/toolkit"
	"arcade/machine"

	"github.com/hajimehoshi/ebiten/v2"
)

// Options are what Run needs.
type Options struct {
	Folders  settings.Folders
	ROMPaths []string // besides those of the settings
	// Start is a game to begin with, or "" for the list. Leaving that game
	// ends the program.
	Start string
	// Session is what is played as the game to begin with, if that is more than
	// a machine: a replay, a match.
	Session player.Session
	// Match is the match that Session is, or nil.
	Match screens.Match
	// Online makes matches for the list; nil: there are none.
	Online Online
	// Frame, if not nil, is called after every frame of the game to begin with,
	// in the loop that runs the machine, with the input that was in force: for
	// a recorder. Then there is no way back in time and no loading.
	Frame func(in *machine.Input)
	// Open loads a game by name. nil is the library's.
	Open func(name string) (*machine.Machine, []string, error)
	// Tell is told what happened and is no reason to stop.
	Tell func(what string)
	DIPs map[string]string // of the game Start: positions of switches that come before those of its settings
	pads padHost           // of tests; nil: the host's
	// NoNVRAM begins games as from the factory: what they keep without power is
	// neither read nor written.
	NoNVRAM bool
}

// Run shows the program's window until a person ends it. Its errors wrap
// ErrNoDisplay, or are those of the game to begin with.
func Run(o Options) error {
	if err := checkDisplay(); err != nil {
		return err
	}
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	a := &app{o: o, global: settings.Default(), ui: toolkit.NewUI(), nav: newNavigation(), start: time.Now(), hot: map[inputmap.Action]bool{}}
	for _, p := range settings.Load(a.global, o.Folders.File(), false) {
		o.Tell(p.String())
		a.complaints = append(a.complaints, p.String())
	}
	a.devices.host = o.pads
	a.ui.Clip = clip{a}
	a.base = a.global.Clone()
	a.now = a.base
	a.lib = library.New(o.Folders, &a.now.ROMPaths, o.ROMPaths)
	if a.o.Open == nil {
		a.o.Open = a.lib.Open
	}
	a.list = screens.NewList(a.lib, a.startGame, a.options, func() { a.quit = true })
	a.sound = sounddev.Open(time.Duration(a.global.Latency) * time.Millisecond)
	defer a.sound.Close()
	ebiten.SetWindowTitle("arcade")
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetWindowClosingHandled(true)
	size := machine.Screen{}
	if o.Start != "" {
		m, warnings, err := a.o.Open(o.Start)
		if err != nil {
			return err
		}
		for _, w := range warnings {
			o.Tell("warning: " + w)
		}
		size = m.Screen
		a.begin(o.Start, m, warnings)
	} else {
		a.ui.Reset(a.list)
	}
	w, h := windowSize(size)
	ebiten.SetWindowSize(w, h)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	ebiten.SetRunnableOnUnfocused(true)
	ebiten.SetScreenClearedEveryFrame(false) // see Draw
	ebiten.SetFullscreen(a.global.Fullscreen)
	a.complain()
	a.Apply()
	err := ebiten.RunGame(a)
	a.end()
	if err != nil {
		return noDisplay(err)
	}
	return a.fault
}

// windowSize is the first size of the window: about three times the picture.
func windowSize(s machine.Screen) (w, h int) {
	if s.Rotate%180 != 0 {
		return 540, 720
	}
	return 960, 720
}

// app is the window of the program: the game list, and a game with its menu.
type app struct {
	o          Options
	global     *settings.Settings // as in the file
	base       *settings.Settings // those of the list, with changes that were not kept
	now        *settings.Settings // those in force
	lib        *library.Library
	ui         *toolkit.UI
	list       *screens.List
	nav        *navigation
	canvas     *canvas
	devices    devices
	host       inputmap.Host
	state      inputmap.State
	held       []inputmap.Source
	hot        map[inputmap.Action]bool
	bindings   inputmap.Bindings // of now
	sound      *sounddev.Device
	game       *game
	match      screens.MatchView
	chatHeld   bool
	live       Live // a match that was begun from the list, or nil
	start      time.Time
	quit       bool
	fault      error
	complaints []string
	soundTold  bool
	loading    bool
	stats      bool
	fast       bool          // the menu said so
	moved      time.Duration // when the mouse moved last
	cursor     image.Point
	drawn      time.Duration // when something was drawn last

	mu    sync.Mutex
	queue []func() // for Update, from other goroutines
}

// later has Update call f.
func (a *app) later(f func()) {
	a.mu.Lock()
	a.queue = append(a.queue, f)
	a.mu.Unlock()
}

// The methods of screens.Host.

// Settings implements screens.Host.
func (a *app) Settings() *settings.Settings { return a.now }

// Library implements screens.Host.
func (a *app) Library() screens.Library { return a.lib }

// UI implements screens.Host.
func (a *app) UI() *toolkit.UI { return a.ui }

// Held implements screens.Host.
func (a *app) Held() []inputmap.Source { return a.held }

// Apply implements screens.Host.
func (a *app) Apply() {
	a.bindings = a.now.AllBindings()
	a.ui.More = a.now.UIScale
	if ebiten.IsFullscreen() != a.now.Fullscreen {
		ebiten.SetFullscreen(a.now.Fullscreen)
	}
	if a.game != nil {
		a.game.apply(a.now)
	}
}

// Keep implements screens.Host.
func (a *app) Keep(forGame bool) error {
	if forGame && a.game != nil {
		own := a.now.Clone()
		for action, sources := range a.global.Bindings {
			if slices.Equal(own.Bindings[action], sources) {
				delete(own.Bindings, action)
			}
		}
		return settings.Save(a.o.Folders.GameFile(a.game.name), settings.Format(own, a.global, true))
	}
	a.global = a.now.Clone()
	a.global.DIPs = map[string]string{}
	if a.game != nil {
		a.global.ROMPaths = slices.Clone(a.base.ROMPaths)
		a.base = a.global.Clone()
		a.lib.SetPaths(&a.base.ROMPaths)
	}
	return settings.Save(a.o.Folders.File(), settings.Format(a.global, settings.Default(), false))
}

// complain shows what is wrong with the files of the settings, once.
func (a *app) complain() {
	if len(a.complaints) > 0 {
		a.ui.Push(toolkit.Tell("Settings", "There are mistakes in the settings; what they are about is as it was without them.\n"+strings.Join(a.complaints, "\n")))
		a.complaints = nil
	}
}

// startGame loads a game in the background.
func (a *app) startGame(name string) {
	if a.loading {
		return
	}
	a.loading = true
	a.ui.Say("Loading " + name + " …")
	go func() {
		m, warnings, err := a.o.Open(name)
		a.later(func() {
			a.loading = false
			if err != nil {
				a.ui.Push(toolkit.Tell("This game cannot be played", err.Error()))
				return
			}
			a.begin(name, m, warnings)
		})
	}()
}

// begin plays a machine.
func (a *app) begin(name string, m *machine.Machine, warnings []string) {
	a.end()
	a.now = a.base.Clone()
	for _, p := range settings.Load(a.now, a.o.Folders.GameFile(name), true) {
		a.o.Tell(p.String())
		a.complaints = append(a.complaints, p.String())
	}
	if name == a.o.Start {
		maps.Copy(a.now.DIPs, a.o.DIPs)
	}
	for _, p := range settings.Check(a.o.Folders.GameFile(name), m.Inputs) {
		a.o.Tell(p.String())
		a.complaints = append(a.complaints, p.String())
	}
	g, err := newGame(a, name, m)
	if err != nil {
		a.ui.Push(toolkit.Tell("This game cannot be played", err.Error()))
		return
	}
	a.game = g
	a.lib.Played(name)
	a.ui.Reset()
	a.Apply()
	ebiten.SetWindowTitle(g.title)
	a.complain()
	if len(warnings) > 0 {
		a.ui.Say(fmt.Sprintf("%s (and %d more)", warnings[0], len(warnings)-1))
		if len(warnings) == 1 {
			a.ui.Say(warnings[0])
		}
	}
	g.run()
}

// end stops the game.
func (a *app) end() {
	if a.game == nil {
		return
	}
	if err := a.game.stop(); err != nil {
		a.report(err)
	}
	a.game = nil
	a.endMatch()
}

// report shows an error of the emulation.
func (a *app) report(err error) {
	var f *player.Fault
	if errors.As(err, &f) {
		a.o.Tell(fmt.Sprintf("%v\n%s", err, f.Stack))
	}
	if a.o.Start != "" {
		a.fault, a.quit = err, true
		return
	}
	a.ui.Push(toolkit.Tell("The game stopped", err.Error()))
}

// leave goes from the game back to the list.
func (a *app) leave() {
	if a.o.Start != "" {
		a.quit = true
		return
	}
	a.end()
	a.now, a.fast = a.base, false
	a.ui.Reset(a.list)
	a.Apply()
	a.nav.swallow()
	ebiten.SetWindowTitle("arcade")
}

// Update implements ebiten.Game.
func (a *app) Update() error {
	now := time.Since(a.start)
	a.ui.Tick(now)
	a.devices.read(&a.state)
	a.held = a.state.AppendPressed(a.held[:0])
	a.mu.Lock()
	queue := a.queue
	a.queue = nil
	a.mu.Unlock()
	for _, f := range queue {
		f()
	}
	for _, name := range a.devices.arrived {
		a.ui.Say("Connected: " + name)
	}
	for _, name := range a.devices.left {
		a.ui.Say("Disconnected: " + name)
	}
	a.devices.arrived, a.devices.left = a.devices.arrived[:0], a.devices.left[:0]
	if !a.soundTold {
		if err := a.sound.Err(); err != nil {
			a.soundTold = true
			a.ui.Say(err.Error())
			a.o.Tell(err.Error())
		}
	}
	if ebiten.IsWindowBeingClosed() {
		a.quit = true
	}
	if a.quit {
		return ebiten.Termination
	}
	a.hideCursor(now)
	if g := a.game; g != nil {
		g.player.DisplayTick(now)
		if err := g.failed(); err != nil {
			a.game, a.now = nil, a.base
			a.ui.Reset(a.list)
			a.Apply()
			a.report(err)
			return nil
		}
	}
	if a.game != nil && a.ui.Top() == nil {
		a.host.Update(&a.state)
		a.hotkeys()
	} else {
		a.host.Update(&inputmap.State{})
		a.nav.events(&a.state, now, a.handle)
		// Esc left the menu, or F11 was pressed in one.
		a.oneHotkey(inputmap.Fullscreen)
		if a.game != nil && a.ui.Top() == nil {
			a.game.menu(false)
		}
	}
	a.updateMatch()
	if g := a.game; g != nil {
		g.player.SetPaused(g.paused || a.playedMatch() == nil && (a.ui.Top() != nil && a.now.MenuPauses || a.now.BlurPauses && !ebiten.IsFocused()))
	}
	return nil
}

// pressed reports whether a hotkey is held, and whether it was pressed just
// now.
func (a *app) pressed(action inputmap.Action) (held, now bool) {
	if a.bindings == nil {
		a.bindings = a.now.AllBindings()
	}
	for _, s := range a.bindings[action] {
		held = held || a.state.Pressed(s)
	}
	now = held && !a.hot[action]
	a.hot[action] = held
	return held, now
}

func (a *app) oneHotkey(action inputmap.Action) {
	if _, now := a.pressed(action); now {
		a.now.Fullscreen = !ebiten.IsFullscreen()
		a.Apply()
	}
}

// hotkeys are those while a game is played.
func (a *app) hotkeys() {
	g := a.game
	speed := player.Normal
	switch {
	case a.fast:
		speed = player.Fast
	case g.slow:
		speed = player.Slow
	}
	for _, action := range inputmap.Hotkeys() {
		held, now := a.pressed(action)
		switch {
		case !g.Can(action):
		case held && action == inputmap.FastFwd:
			speed = player.Fast
		case held && action == inputmap.Rewind:
			speed = player.Back
		case now && action == inputmap.Menu:
			a.openMenu()
			return
		case now && action != inputmap.FastFwd && action != inputmap.Rewind:
			g.Do(action)
		}
	}
	g.player.SetSpeed(speed)
}

// openMenu shows the menu of the game.
func (a *app) openMenu() {
	a.fast = false
	a.game.player.SetSpeed(player.Normal)
	a.game.menu(true)
	a.nav.swallow()
	a.ui.Push(screens.PlayMenu(a.game))
}

// hideCursor takes the mouse's pointer away where it would only cover the game.
func (a *app) hideCursor(now time.Duration) {
	x, y := ebiten.CursorPosition()
	if pos := image.Pt(x, y); pos != a.cursor {
		a.cursor, a.moved = pos, now
	}
	mode := ebiten.CursorModeVisible
	if a.game != nil && a.ui.Top() == nil && now-a.moved > 2*time.Second {
		mode = ebiten.CursorModeHidden
	}
	if ebiten.CursorMode() != mode {
		ebiten.SetCursorMode(mode)
	}
}

// Draw implements ebiten.Game.
func (a *app) Draw(screen *ebiten.Image) {
	if a.canvas == nil {
		a.canvas = newCanvas()
	}
	c := a.canvas
	c.begin(screen.Bounds().Dx(), screen.Bounds().Dy())
	a.ui.Draw(c)
	if a.game != nil && a.ui.Top() == nil {
		a.drawPosition(c)
		if a.stats {
			a.drawStats(c)
		}
	}
	a.drawMatch(c)
	changed := c.changed()
	if a.game != nil && a.game.changed(screen) {
		changed = true
	}
	// Once a second in any case, should the host have lost the window's content.
	now := time.Since(a.start)
	if !changed && now-a.drawn < time.Second {
		return
	}
	a.drawn = now
	screen.Clear()
	if a.game != nil {
		a.game.draw(screen)
	}
	c.draw(screen)
}

// drawStats draws the statistics line.
func (a *app) drawStats(c *canvas) {
	s := a.game.player.Stats()
	text := fmt.Sprintf("%.2f fps  %.2f ms/frame  sound %d ms  missed %d  skipped %d  gaps %d", s.FPS, s.Work.Seconds()*1e3,
		s.Buffered.Milliseconds(), s.Missed, s.Skipped, s.Gaps)
	text += fmt.Sprintf("  display %.0f Hz", ebiten.ActualFPS())
	if s.Locked {
		text += ", locked"
	}
	w, h := c.Size()
	scale := toolkit.Scale(w, h, a.ui.More)
	p := &toolkit.Painter{Canvas: c, Theme: a.ui.Theme, S: scale}
	lines := toolkit.Wrap(text, w/scale-8)
	p.Fill(image.Rect(0, 0, w, len(lines)*p.Row()), a.ui.Theme.Shade)
	for i, l := range lines {
		p.Left(image.Rect(p.U(4), i*p.Row(), w, (i+1)*p.Row()), l, a.ui.Theme.Ink)
	}
}

// drawPosition draws where a replay is, at the bottom.
func (a *app) drawPosition(c *canvas) {
	at, of, ok := a.game.Position()
	if !ok || at >= of || a.ui.Message() != "" {
		return
	}
	w, h := c.Size()
	p := &toolkit.Painter{Canvas: c, Theme: a.ui.Theme, S: toolkit.Scale(w, h, a.ui.More)}
	r := image.Rect(0, h-p.Row(), w, h)
	p.Fill(r, a.ui.Theme.Shade)
	p.Fill(image.Rect(0, r.Max.Y-p.U(2), int(int64(w)*int64(at)/int64(of)), r.Max.Y), a.ui.Theme.Accent)
	text := fmt.Sprintf("replay: frame %d of %d", at, of)
	if a.game.paused {
		text += ", paused"
	}
	r.Min.X += p.U(4)
	p.Left(r, text, a.ui.Theme.Ink)
}

// Layout implements ebiten.Game.
func (a *app) Layout(int, int) (int, int) { panic("ebiten calls LayoutF") }

// LayoutF implements ebiten.LayoutFer.
func (a *app) LayoutF(w, h float64) (float64, float64) {
	s := ebiten.Monitor().DeviceScaleFactor()
	return w * s, h * s
}

// isMissing reports whether an error says that a file does not exist.
func isMissing(err error) bool { return errors.Is(err, os.ErrNotExist) }
