// Command padhost runs a program of ebiten's as a guest and plugs pads into it
// that do what a file says: for tests, as computers without a user have no pads.
// The guest's pads, keys and picture go through all of ebiten, but for its driver.
//
//	padhost PADS PROGRAM [ARG...]
//
// PADS has a line for each pad: its number, its buttons in hexadecimal (bit 0 is
// button 0 of the W3C's standard layout), and the left stick's position. The
// program must be built with the tag ebitenginevmguest.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/exp/vmhost"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: padhost PADS PROGRAM [ARG...]")
		os.Exit(2)
	}
	code, err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "padhost:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

// run runs the program and returns its exit code.
func run(pads, program string, args []string) (int, error) {
	dir, err := os.MkdirTemp("", "pad")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		return 0, err
	}
	defer l.Close()
	endpoint, err := vmhost.EndpointURLFromAddr(l.Addr())
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "EBITENGINE_VM_ENDPOINT="+endpoint)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer cmd.Process.Kill()
	l.(*net.UnixListener).SetDeadline(time.Now().Add(time.Minute))
	conn, err := l.Accept()
	if err != nil {
		return 0, fmt.Errorf("the program opens no window: %w", err)
	}
	guest, err := vmhost.NewGuestSession(conn, &vmhost.NewGuestSessionOptions{IdleTimeout: time.Minute})
	if err != nil {
		return 0, err
	}
	ebiten.SetWindowSize(560, 420)
	ebiten.SetRunnableOnUnfocused(true)
	h := &host{guest: guest, pads: pads}
	err = ebiten.RunGame(h)
	guest.Close()
	if err != nil {
		return 0, err
	}
	if err := guest.Err(); err != nil && !errors.Is(err, ebiten.Termination) {
		return 0, err
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), nil
}

// host shows the guest's picture in its own window.
type host struct {
	guest  *vmhost.GuestSession
	pads   string
	screen *ebiten.Image
}

func (h *host) Update() error {
	if h.screen == nil {
		return nil // no layout yet
	}
	h.guest.UpdateGamepads(states(h.pads))
	h.guest.AdvanceTicks(1)
	h.guest.AdvanceFrame()
	if !h.guest.WaitFrame() {
		return ebiten.Termination
	}
	if !h.guest.CompositeFrame() {
		return errors.New("the guest's picture cannot be shown")
	}
	return nil
}

func (h *host) Draw(screen *ebiten.Image) {
	if h.screen != nil {
		screen.DrawImage(h.screen, nil)
	}
}

func (h *host) Layout(w, height int) (int, int) {
	if h.screen == nil || h.screen.Bounds().Dx() != w || h.screen.Bounds().Dy() != height {
		h.screen = ebiten.NewImage(w, height)
		if err := h.guest.SetOutsideScreen(h.screen); err != nil {
			fmt.Fprintln(os.Stderr, "padhost:", err)
		}
	}
	return w, height
}

// states reads what the pads do.
func states(file string) (out []vmhost.GamepadState) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	for l := range strings.Lines(string(b)) {
		var id int
		var buttons uint32
		var x, y float64
		if n, _ := fmt.Sscanf(l, "%d %x %f %f", &id, &buttons, &x, &y); n != 4 {
			continue
		}
		s := vmhost.GamepadState{ID: ebiten.GamepadID(id), SDLID: "03000000000000000000000000000000", Name: fmt.Sprintf("Test pad %d", id),
			StandardButtons: map[ebiten.StandardGamepadButton]vmhost.GamepadStandardButtonState{},
			StandardAxes:    map[ebiten.StandardGamepadAxis]float64{ebiten.StandardGamepadAxisLeftStickHorizontal: x, ebiten.StandardGamepadAxisLeftStickVertical: y}}
		for b := ebiten.StandardGamepadButton(0); b <= ebiten.StandardGamepadButtonMax; b++ {
			if buttons>>b&1 != 0 {
				s.StandardButtons[b] = vmhost.GamepadStandardButtonState{Pressed: true, Value: 1}
			} else {
				s.StandardButtons[b] = vmhost.GamepadStandardButtonState{}
			}
		}
		out = append(out, s)
	}
	return out
}
