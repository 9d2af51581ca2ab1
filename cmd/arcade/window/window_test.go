package window

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arcade/cmd/arcade/settings"
	"arcade/cmd/arcade/toy"
	"arcade/machine"
)

// TestMain is also the program under test: the tests start themselves again
// with the toy machine in a real window.
func TestMain(m *testing.M) {
	dir := os.Getenv("ARCADE_WINDOW_TEST")
	if dir == "" {
		os.Exit(m.Run())
	}
	err := Run(Options{
		Folders: settings.Folders{Config: filepath.Join(dir, "config"), Data: filepath.Join(dir, "data"), State: filepath.Join(dir, "state")},
		Start:   "toy",
		Open: func(string) (*machine.Machine, []string, error) {
			m, err := toy.New(toy.Options{})
			return m, nil, err
		},
		Tell: func(what string) { fmt.Fprintln(os.Stderr, what) },
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		if errors.Is(err, ErrNoDisplay) {
			os.Exit(5)
		}
		os.Exit(1)
	}
	os.Exit(0)
}

// desk is a virtual display with the program on it.
type desk struct {
	t       *testing.T
	display string
	dir     string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	if os.Getenv("ARCADE_LONG") == "" {
		t.Skip("it needs a host with nothing else to do: set ARCADE_LONG=1")
	}
	for _, tool := range []string{"Xvfb", "xdotool", "import"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (Debian: xvfb xdotool imagemagick)", tool)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1000x760x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Skipf("Xvfb does not start: %v", err)
	}
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	w.Close()
	b := make([]byte, 16)
	n, _ := r.Read(b)
	number := strings.TrimSpace(string(b[:n]))
	if number == "" {
		t.Skip("Xvfb does not start")
	}
	d := &desk{t: t, display: ":" + number, dir: t.TempDir()}
	d.start()
	return d
}

func (d *desk) start() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DISPLAY="+d.display, "ARCADE_WINDOW_TEST="+d.dir, "PULSE_SERVER=", "XDG_RUNTIME_DIR="+d.dir)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if d.t.Failed() {
			d.t.Logf("the program said: %s", log.String())
		}
	})
}

func (d *desk) do(args ...string) {
	d.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
}

// hold presses a key for a while.
func (d *desk) hold(key string, t time.Duration) {
	d.t.Helper()
	d.do("keydown", key)
	time.Sleep(t)
	d.do("keyup", key)
}

func (d *desk) look() image.Image {
	d.t.Helper()
	cmd := exec.Command("import", "-window", "root", "png:-")
	cmd.Env = append(os.Environ(), "DISPLAY="+d.display)
	out, err := cmd.Output()
	if err != nil {
		d.t.Fatalf("import: %v", err)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		d.t.Fatal(err)
	}
	return img
}

// count is how many pixels have a colour, and the leftmost of them.
func count(img image.Image, colour uint32) (n, left int) {
	left = -1
	b := img.Bounds()
	for x := b.Min.X; x < b.Max.X; x++ {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			if r>>8<<16|g>>8<<8|bl>>8 == colour {
				if left < 0 {
					left = x
				}
				n++
			}
		}
	}
	return n, left
}

// until looks again and again until something is seen.
func (d *desk) until(what string, seen func(img image.Image) bool) image.Image {
	d.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		img := d.look()
		if seen(img) {
			return img
		}
		if time.Now().After(deadline) {
			if dir := os.Getenv("ARCADE_SHOTS"); dir != "" {
				if f, err := os.Create(filepath.Join(dir, "window-failed.png")); err == nil {
					png.Encode(f, img)
					f.Close()
				}
			}
			d.t.Fatalf("waited in vain for: %s", what)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func square(img image.Image) int {
	n, left := count(img, toy.Idle)
	if n < 1000 {
		return -1
	}
	return left
}

func TestPlayedWithKeys(t *testing.T) {
	d := newDesk(t)
	first := square(d.until("the square", func(img image.Image) bool { return square(img) > 0 }))
	d.hold("Right", 400*time.Millisecond)
	last := -1
	moved := square(d.until("the square at rest further right", func(img image.Image) bool {
		was := last
		last = square(img)
		return last > first+6 && last == was
	}))
	d.hold("5", 200*time.Millisecond)
	d.until("a credit", func(img image.Image) bool { n, _ := count(img, toy.Credit); return n > 100 })
	d.hold("F6", 200*time.Millisecond)
	d.until("a saved state", func(image.Image) bool {
		_, err := os.Stat(filepath.Join(d.dir, "data", "saves", "toy", "slot0.state"))
		return err == nil
	})
	d.hold("Left", 400*time.Millisecond)
	d.until("the square back at the left", func(img image.Image) bool { s := square(img); return s >= 0 && s < moved-6 })
	d.hold("F7", 200*time.Millisecond)
	d.until("the square where it was saved", func(img image.Image) bool { s := square(img); return s > moved-4 && s < moved+4 })
	// The menu hides the game, and Esc brings it back.
	d.hold("Escape", 100*time.Millisecond)
	d.until("the menu", func(img image.Image) bool { n, _ := count(img, toy.Background); return n == 0 })
	time.Sleep(500 * time.Millisecond)
	d.hold("Escape", 100*time.Millisecond)
	d.until("the game again", func(img image.Image) bool { n, _ := count(img, toy.Background); return n > 1000 })
}

func TestNoDisplaySaysWhatToDo(t *testing.T) {
	for _, env := range [][]string{{}, {"DISPLAY=:7999"}} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(env, "ARCADE_WINDOW_TEST="+t.TempDir(), "HOME="+t.TempDir())
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 5 || !bytes.Contains(out, []byte("arcade run")) || bytes.Contains(out, []byte("goroutine")) {
			t.Errorf("%v: %v, %s", env, err, out)
		}
	}
}

func TestFit(t *testing.T) {
	upright := machine.Screen{W: 288, H: 224, Rotate: 90}
	flat := machine.Screen{W: 384, H: 224}
	for _, c := range []struct {
		v    Video
		s    machine.Screen
		w, h int
		want place
	}{
		{Video{}, flat, 800, 600, place{0, 0, 800, 600, 0}},
		{Video{}, flat, 1280, 720, place{160, 0, 960, 720, 0}},
		{Video{}, upright, 1280, 720, place{370, 0, 540, 720, 90}},
		{Video{Turn: 270}, upright, 800, 600, place{0, 0, 800, 600, 0}},
		{Video{Scaling: ScaleFill}, upright, 1280, 720, place{0, 0, 1280, 720, 90}},
		{Video{Scaling: ScaleInteger}, upright, 1280, 720, place{416, 72, 448, 576, 90}},
		{Video{Scaling: ScaleInteger}, flat, 1280, 960, place{64, 32, 1152, 896, 0}},
		{Video{Aspect: AspectPixels}, flat, 768, 600, place{0, 76, 768, 448, 0}},
		{Video{Scaling: ScaleInteger}, flat, 200, 100, place{33, 0, 133, 100, 0}},
	} {
		if got := fit(c.v, c.s, c.s.W, c.s.H, c.w, c.h); got != c.want {
			t.Errorf("%+v on %dx%d, turned %d: %+v, want %+v", c.v, c.w, c.h, c.s.Rotate, got, c.want)
		}
	}
}
