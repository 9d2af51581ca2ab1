// Package window is what a person sees: it opens the host's window, draws the
// newest picture that the emulation has finished, and collects keys, pads and
// the mouse. It never runs a frame itself.
package window

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/sounddev"
	"arcade/machine"
	"arcade/machine/session"
	"arcade/video"

	"github.com/hajimehoshi/ebiten/v2"
)

// PlayOptions are what Play needs.
type PlayOptions struct {
	Machine *machine.Machine
	// Session is what is played; nil is the machine itself.
	Session player.Session
	// Frame, if not nil, is called after every frame, in the loop that runs
	// the machine, with the input that was in force.
	Frame func(in *machine.Input)
	Title string // of the window
	Video Video
	Mute  bool   // no sound device is opened
	Shots string // folder for screenshots
	// Tell is told what happened (a picture was saved) or is not as it should
	// be, and yet no reason to stop.
	Tell func(what string)
}

// Play shows a machine in a window until it is closed. Its errors wrap
// ErrNoDisplay, or are *player.Fault.
func Play(o PlayOptions) error {
	if err := checkDisplay(); err != nil {
		return err
	}
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	g := &plain{o: o, start: time.Now(), last: make(map[inputmap.Action]bool), bindings: inputmap.Defaults()}
	g.mapper = inputmap.NewMapper(o.Machine.Inputs, inputmap.Config{Bindings: g.bindings})
	if o.Session == nil {
		o.Session = session.NewLocal(o.Machine)
	}
	opts := player.Options{Session: o.Session, Frame: o.Frame, Input: func() machine.Input {
		s := g.host.Take()
		return g.mapper.Frame(&s)
	}}
	if !o.Mute {
		g.sound = sounddev.Open(0)
		defer g.sound.Close()
		opts.Sound = g.sound
	}
	var err error
	if g.player, err = player.New(opts); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- g.player.Run() }()
	ebiten.SetWindowTitle(o.Title)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	w, h := windowSize(o.Machine.Screen)
	ebiten.SetWindowSize(w, h)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	ebiten.SetRunnableOnUnfocused(true)
	if err := ebiten.RunGame(g); err != nil {
		g.player.Stop()
		<-done
		return noDisplay(err)
	}
	g.player.Stop()
	return <-done
}

// windowSize is the first size of the window: about three times the picture.
func windowSize(s machine.Screen) (w, h int) {
	if s.Rotate%180 != 0 {
		return 540, 720
	}
	return 960, 720
}

// plain is the window of Play.
type plain struct {
	o        PlayOptions
	player   *player.Player
	sound    *sounddev.Device
	mapper   *inputmap.Mapper
	bindings inputmap.Bindings
	host     inputmap.Host
	devices  devices
	state    inputmap.State
	last     map[inputmap.Action]bool
	view     view
	start    time.Time
	warned   bool
	stale    bool // the texture is older than the picture
}

// Update implements ebiten.Game: it runs once for each picture of the display.
func (g *plain) Update() error {
	g.player.DisplayTick(time.Since(g.start))
	g.devices.read(&g.state)
	g.host.Update(&g.state)
	if g.sound != nil && !g.warned {
		if err := g.sound.Err(); err != nil {
			g.warned = true
			g.o.Tell(err.Error())
		}
	}
	for _, a := range inputmap.Hotkeys() {
		held := false
		for _, s := range g.bindings[a] {
			held = held || g.state.Pressed(s)
		}
		pressed := held && !g.last[a]
		g.last[a] = held
		if pressed {
			if err := g.hotkey(a); err != nil {
				return err
			}
		}
		if a == inputmap.FastFwd {
			speed := player.Normal
			if held {
				speed = player.Fast
			}
			g.player.SetSpeed(speed)
		}
	}
	if g.player.Stopped() {
		return ebiten.Termination
	}
	return nil
}

func (g *plain) hotkey(a inputmap.Action) error {
	switch a {
	case inputmap.Menu:
		return ebiten.Termination
	case inputmap.Pause:
		g.player.SetPaused(!g.player.Paused())
	case inputmap.FrameStep:
		g.player.StepFrame()
	case inputmap.ResetGame:
		g.mapper.Pulse(machine.Reset, 1)
	case inputmap.Fullscreen:
		ebiten.SetFullscreen(!ebiten.IsFullscreen())
	case inputmap.Screenshot:
		pic, fresh := g.player.Picture()
		g.stale = g.stale || fresh
		if name, err := saveShot(g.o.Shots, g.o.Machine.Set, pic, g.o.Machine.Screen.Rotate); err != nil {
			g.o.Tell(err.Error())
		} else {
			g.o.Tell("saved " + name)
		}
	}
	return nil
}

// Draw implements ebiten.Game.
func (g *plain) Draw(screen *ebiten.Image) {
	pic, fresh := g.player.Picture()
	if fresh || g.stale || g.view.img == nil {
		g.view.upload(pic)
		g.stale = false
	}
	g.view.draw(screen, fit(g.o.Video, g.o.Machine.Screen, pic.W, pic.H, screen.Bounds().Dx(), screen.Bounds().Dy()), g.o.Video.Shader)
}

// Layout implements ebiten.Game.
func (g *plain) Layout(w, h int) (int, int) { panic("ebiten calls LayoutF") }

// LayoutF implements ebiten.LayoutFer: the screen has the display's own pixels.
func (g *plain) LayoutF(w, h float64) (float64, float64) {
	s := ebiten.Monitor().DeviceScaleFactor()
	return w * s, h * s
}

// saveShot writes a picture as PNG, as a person sees it, under a new name.
func saveShot(folder, set string, p *video.Picture, turn int) (string, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	for n := 0; ; n++ {
		name := filepath.Join(folder, fmt.Sprintf("%s-%04d.png", set, n))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if os.IsExist(err) && n < 9999 {
			continue
		}
		if err != nil {
			return "", err
		}
		if err := png.Encode(f, turned(p, turn)); err != nil {
			f.Close()
			return "", err
		}
		return name, f.Close()
	}
}

// turned is a picture as it is seen on a monitor that is turned clockwise.
func turned(p *video.Picture, turn int) *image.NRGBA {
	w, h := p.W, p.H
	if turn%180 != 0 {
		w, h = h, w
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range p.H {
		for x, c := range p.Row(y) {
			dx, dy := x, y
			switch turn {
			case 90:
				dx, dy = p.H-1-y, x
			case 180:
				dx, dy = p.W-1-x, p.H-1-y
			case 270:
				dx, dy = y, p.W-1-x
			}
			img.SetNRGBA(dx, dy, color.NRGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255})
		}
	}
	return img
}
