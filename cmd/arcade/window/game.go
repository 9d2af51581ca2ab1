package window

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/library"
	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/nvram"
	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/screens"
	"arcade/cmd/arcade/settings"
	"arcade/machine"
	"arcade/machine/session"
	"arcade/machine/state"

	"github.com/hajimehoshi/ebiten/v2"
)

// game is the game that is played. It is what its menu sees: screens.Play.
type game struct {
	*app
	name, title string
	m           *machine.Machine
	session     player.Session
	local       *session.Local // the session, if it is a game of one's own
	recorded    bool           // what is played becomes a replay
	at          atomic.Int64   // of a replay: the frame that comes next
	player      *player.Player
	kept        *nvram.Store // or nil
	mapper      *inputmap.Mapper
	view        view
	stale       bool
	place       place
	shader      Shader
	paused      bool
	slow        bool
	slot        int
	saved       map[int]bool // slots that were saved since the start
	slots       [screens.Slots]*screens.Slot
	beforeLoad  *state.File // the state that the last load replaced
	done        chan error
	rewinding   bool
}

func newGame(a *app, name string, m *machine.Machine) (*game, error) {
	g := &game{app: a, name: name, title: name, m: m, saved: map[int]bool{}, done: make(chan error, 1)}
	if s := a.session(name); s != nil {
		g.session = s
	} else {
		g.local = session.NewLocal(m)
		g.session = g.local
	}
	frame := a.o.Frame
	if name != a.o.Start {
		frame = nil
	}
	g.recorded = frame != nil
	if set, err := load.Lookup(name); err == nil {
		g.title = set.Description
	}
	g.mapper = inputmap.NewMapper(m.Inputs, inputmap.Config{})
	for i := range m.Inputs.Fields {
		f := &m.Inputs.Fields[i]
		for _, s := range f.Settings {
			if f.Kind == machine.KindDIP && a.now.DIPs[f.Name] == s.Name {
				g.mapper.SetField(i, s.Value)
			}
		}
	}
	kept := g.openKept()
	var err error
	g.player, err = player.New(player.Options{Session: g.session, Kept: kept, Sound: a.sound, Latency: time.Duration(a.global.Latency) * time.Millisecond,
		Input: func() machine.Input {
			s := a.host.Take()
			return g.mapper.Frame(&s)
		}, Frame: func(in *machine.Input) {
			if frame != nil {
				frame(in)
			}
			g.note()
		}})
	if err != nil {
		g.closeKept()
	}
	if err == nil && m.FrameNumber() > 0 {
		// A replay that does not begin at its start: there is a picture already.
		g.player.Post(g.player.Redraw)
	}
	g.note()
	return g, err
}

// replayed is what a replay's session can do besides playing.
type replayed interface {
	Position() int
	Len() int
	Done() bool
	Seek(frame int, progress func(at int))
}

// note remembers where a replay is; the loop calls it.
func (g *game) note() {
	if r, ok := g.session.(replayed); ok {
		at := r.Position()
		if r.Done() {
			at = r.Len()
		}
		g.at.Store(int64(at))
	}
}

// Position implements screens.Play.
func (g *game) Position() (at, of int, ok bool) {
	r, ok := g.session.(replayed)
	if !ok {
		return 0, 0, false
	}
	return int(g.at.Load()), r.Len(), true
}

// Seek implements screens.Play.
func (g *game) Seek(frame int) {
	r, ok := g.session.(replayed)
	if !ok {
		return
	}
	g.at.Store(int64(frame))
	g.player.Post(func() {
		r.Seek(frame, nil)
		g.note()
		g.player.Redraw()
	})
}

// run starts the emulation.
func (g *game) run() { go func() { g.done <- g.player.Run() }() }

// stop ends it.
func (g *game) stop() error {
	g.player.Stop()
	err := <-g.done
	g.closeKept()
	return err
}

// failed is the error with which the emulation ended by itself, or nil.
func (g *game) failed() error {
	select {
	case err := <-g.done:
		g.closeKept()
		if err == nil {
			err = fmt.Errorf("the emulation of %s ended", g.name)
		}
		return err
	default:
		return nil
	}
}

// apply makes settings count.
func (g *game) apply(s *settings.Settings) {
	socd := inputmap.SOCDNeutral
	for i, n := range inputmap.SOCDNames {
		if n == s.SOCD {
			socd = inputmap.SOCD(i)
		}
	}
	g.mapper.Configure(inputmap.Config{Bindings: s.AllBindings(), Autofire: s.Autofire, SOCD: socd, Mouse: float32(s.MousePace) / 100})
	volume := float64(s.Volume) / 100
	if s.Mute {
		volume = 0
	}
	g.player.SetVolume(volume)
	g.player.SetDisplayLock(s.DisplayLock)
	if g.local == nil || g.recorded {
		return
	}
	ahead, rewind := s.RunAhead, s.Rewind
	g.player.Post(func() {
		g.local.SetRunAhead(ahead)
		if rewind != g.rewinding {
			g.rewinding = rewind
			g.local.EnableRewind(map[bool]int{true: session.RewindBudget}[rewind])
		}
	})
}

// menu tells that the menu opens or closes.
func (g *game) menu(open bool) {
	g.mapper.Lock(open)
	if !open {
		// What closed the menu is no hotkey.
		for _, a := range inputmap.Hotkeys() {
			g.hot[a] = true
		}
		g.nav.swallow()
	}
}

// videoOf are the settings of the picture.
func videoOf(s *settings.Settings) Video {
	at := func(names []string, name string) int {
		for i, n := range names {
			if n == name {
				return i
			}
		}
		return 0
	}
	return Video{Scaling: Scaling(at(settings.Scalings, s.Scaling)), Aspect: Aspect(at(settings.Aspects, s.Aspect)),
		Turn: 90 * at(settings.Rotations, s.Rotation), Shader: Shader(at(settings.Shaders, s.Shader))}
}

// changed takes the newest picture and reports whether it, or its place, is
// another than what draw showed last.
func (g *game) changed(screen *ebiten.Image) bool {
	pic, fresh := g.player.Picture()
	changed := false
	if fresh || g.stale || g.view.img == nil {
		changed = g.view.upload(pic)
		g.stale = false
	}
	v := videoOf(g.now)
	p := fit(v, g.m.Screen, pic.W, pic.H, screen.Bounds().Dx(), screen.Bounds().Dy())
	if p != g.place || v.Shader != g.shader {
		g.place, g.shader, changed = p, v.Shader, true
	}
	return changed
}

// draw shows the newest picture.
func (g *game) draw(screen *ebiten.Image) { g.view.draw(screen, g.place, g.shader) }

// picture is the newest picture as it is seen on the game's monitor.
func (g *game) picture() *image.NRGBA {
	pic, fresh := g.player.Picture()
	g.stale = g.stale || fresh
	return turned(pic, g.m.Screen.Rotate)
}

// shot saves a screenshot.
func (g *game) shot() {
	pic, fresh := g.player.Picture()
	g.stale = g.stale || fresh
	name, err := saveShot(g.o.Folders.Shots(), g.name, pic, g.m.Screen.Rotate)
	if err != nil {
		g.ui.Say(err.Error())
		return
	}
	g.lib.ForgetShot(g.name)
	g.ui.Say("Saved " + name)
}

// The methods of screens.Play.

// Title implements screens.Play.
func (g *game) Title() string { return g.title }

// Inputs implements screens.Play.
func (g *game) Inputs() *machine.Inputs { return g.m.Inputs }

// Mapper implements screens.Play.
func (g *game) Mapper() *inputmap.Mapper { return g.mapper }

// Resume implements screens.Play.
func (g *game) Resume() {
	g.ui.Reset()
	g.menu(false)
}

// Leave implements screens.Play.
func (g *game) Leave() { g.leave() }

// CanSave implements screens.Play.
func (g *game) CanSave() bool { return g.local != nil && !g.recorded }

// Can implements screens.Play.
func (g *game) Can(action inputmap.Action) bool {
	_, _, replay := g.Position()
	switch action {
	case inputmap.Rewind:
		return g.CanSave() && g.now.Rewind || replay
	case inputmap.SaveState, inputmap.LoadState, inputmap.PrevSlot, inputmap.NextSlot:
		return g.CanSave()
	case inputmap.Pause, inputmap.FrameStep, inputmap.FastFwd, inputmap.SlowMotion:
		// Others in a match do not wait.
		return g.local != nil || replay
	}
	return true
}

// On implements screens.Play.
func (g *game) On(action inputmap.Action) bool {
	switch action {
	case inputmap.Pause:
		return g.paused
	case inputmap.FastFwd:
		return g.fast
	case inputmap.SlowMotion:
		return g.slow
	case inputmap.Mute:
		return g.now.Mute
	case inputmap.Fullscreen:
		return g.now.Fullscreen
	case inputmap.Statistics:
		return g.stats
	}
	return false
}

// backBy is how many frames the menu's way back goes.
const backBy = 300

// Do implements screens.Play.
func (g *game) Do(action inputmap.Action) {
	switch action {
	case inputmap.Pause:
		g.paused = !g.paused
	case inputmap.FrameStep:
		g.paused = true
		g.player.SetPaused(true)
		g.player.StepFrame()
	case inputmap.FastFwd:
		g.fast = !g.fast
	case inputmap.SlowMotion:
		g.slow = !g.slow
	case inputmap.Rewind:
		if at, _, ok := g.Position(); ok {
			g.Seek(max(at-backBy, 0))
			return
		}
		g.player.Post(func() {
			n := 0
			for n < backBy && g.local.Rewind(nil) {
				n++
			}
			g.player.Redraw()
			g.later(func() { g.ui.Say(fmt.Sprintf("%d frames back", n)) })
		})
	case inputmap.Screenshot:
		g.shot()
	case inputmap.Mute:
		g.now.Mute = !g.now.Mute
		g.Apply()
	case inputmap.Fullscreen:
		g.now.Fullscreen = !ebiten.IsFullscreen()
		g.Apply()
	case inputmap.Statistics:
		g.stats = !g.stats
	case inputmap.SaveState:
		g.Save(g.slot)
	case inputmap.LoadState:
		g.Load(g.slot)
	case inputmap.PrevSlot, inputmap.NextSlot:
		by := 1
		if action == inputmap.PrevSlot {
			by = screens.Slots - 1
		}
		g.slot = (g.slot + by) % screens.Slots
		g.ui.Say(fmt.Sprintf("Slot %d", g.slot))
	case inputmap.ResetGame:
		g.mapper.Pulse(machine.Reset, 1)
	}
}

// Pads implements screens.Play.
func (g *game) Pads() []string {
	var out []string
	for _, p := range g.devices.pads {
		if p.connected {
			out = append(out, p.name)
		} else {
			out = append(out, "")
		}
	}
	return out
}

func (g *game) slotFile(n int, ending string) string {
	return filepath.Join(g.o.Folders.Saves(g.name), fmt.Sprintf("slot%d%s", n, ending))
}

// Slot implements screens.Play.
func (g *game) Slot(n int) screens.Slot {
	if g.slots[n] == nil {
		s := &screens.Slot{}
		if info, err := os.Stat(g.slotFile(n, ".state")); err == nil {
			s.Used, s.When = true, info.ModTime()
			s.Picture = library.ReadPNG(g.slotFile(n, ".png"))
		}
		g.slots[n] = s
	}
	return *g.slots[n]
}

// Save implements screens.Play. What was in the slot is kept for UndoSave.
func (g *game) Save(n int) {
	pic := g.picture()
	g.player.Post(func() {
		meta := session.Meta(g.m)
		meta["frame"] = strconv.FormatUint(g.m.FrameNumber(), 10)
		data := g.m.Arena.NewFile(meta).Marshal()
		g.later(func() {
			g.slots[n] = nil
			if err := g.writeSlot(n, data, pic); err != nil {
				g.ui.Say("Not saved: " + err.Error())
				return
			}
			g.slot = n
			g.ui.Say(fmt.Sprintf("Saved in slot %d", n))
		})
	})
}

func (g *game) writeSlot(n int, data []byte, pic *image.NRGBA) error {
	if err := os.MkdirAll(g.o.Folders.Saves(g.name), 0o777); err != nil {
		return err
	}
	var img bytes.Buffer
	if err := png.Encode(&img, pic); err != nil {
		return err
	}
	for _, ending := range []string{".state", ".png"} {
		undo := g.slotFile(n, ".undo"+ending)
		err := os.Rename(g.slotFile(n, ending), undo)
		if isMissing(err) {
			// The slot was empty: then that is what undoing leads to.
			err = os.Remove(undo)
		}
		if err != nil && !isMissing(err) {
			return err
		}
	}
	g.saved[n] = true
	if err := os.WriteFile(g.slotFile(n, ".png"), img.Bytes(), 0o666); err != nil {
		return err
	}
	return os.WriteFile(g.slotFile(n, ".state"), data, 0o666)
}

// UndoSave implements screens.Play: a slot is again as it was before the last
// time that something was saved in it.
func (g *game) UndoSave(n int) {
	_, err := os.Stat(g.slotFile(n, ".undo.state"))
	if err != nil && !g.saved[n] {
		g.ui.Say(fmt.Sprintf("Nothing is known about what was in slot %d before.", n))
		return
	}
	for _, ending := range []string{".state", ".png"} {
		err := os.Rename(g.slotFile(n, ".undo"+ending), g.slotFile(n, ending))
		if isMissing(err) {
			err = os.Remove(g.slotFile(n, ending))
		}
		if err != nil && !isMissing(err) {
			g.ui.Say(err.Error())
			return
		}
	}
	g.slots[n] = nil
	delete(g.saved, n)
	g.ui.Say(fmt.Sprintf("Slot %d is as it was before.", n))
}

// Load implements screens.Play.
func (g *game) Load(n int) {
	b, err := os.ReadFile(g.slotFile(n, ".state"))
	if isMissing(err) {
		g.ui.Say(fmt.Sprintf("Slot %d is empty.", n))
		return
	}
	var file *state.File
	if err == nil {
		file, err = state.ParseFile(b)
	}
	if err == nil && file.Meta[session.MetaSet] != g.m.Set {
		err = fmt.Errorf("it is a save of %s", file.Meta[session.MetaSet])
	}
	if err != nil {
		g.ui.Say(fmt.Sprintf("Slot %d cannot be loaded: %v", n, err))
		return
	}
	g.slot = n
	g.restore(file, fmt.Sprintf("Loaded slot %d", n))
}

// UndoLoad implements screens.Play: the game goes on where it was before the
// last load.
func (g *game) UndoLoad() {
	if g.beforeLoad == nil {
		g.ui.Say("No state was loaded yet.")
		return
	}
	g.restore(g.beforeLoad, "The load is undone.")
}

// restore puts a state into the machine, between two frames.
func (g *game) restore(file *state.File, what string) {
	g.player.Post(func() {
		before := g.m.Arena.NewFile(session.Meta(g.m))
		g.m.Reset()
		report := g.m.Arena.LoadFile(file)
		if g.rewinding {
			// The past of another state is no past of this one.
			g.local.EnableRewind(session.RewindBudget)
		}
		g.player.Redraw()
		g.later(func() {
			g.beforeLoad = before
			if !report.Empty() {
				what += ". The save is of another version: " + report.String()
			}
			g.ui.Say(what)
		})
	})
}

var _ screens.Play = (*game)(nil)
