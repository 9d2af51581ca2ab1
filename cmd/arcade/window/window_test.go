package window

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/settings"
	"arcade/cmd/arcade/toy"
	"arcade/cmd/arcade/window/desk"
	"arcade/machine"
	_ "arcade/machine/pacman" // so that there are games to list

	"github.com/hajimehoshi/ebiten/v2"
)

// TestMain is also the program under test: the tests start themselves again
// with the toy machine in a real window.
func TestMain(m *testing.M) {
	dir := os.Getenv("ARCADE_WINDOW_TEST")
	if dir == "" {
		os.Exit(m.Run())
	}
	o := Options{
		Folders: settings.Folders{Config: filepath.Join(dir, "config"), Data: filepath.Join(dir, "data"), State: filepath.Join(dir, "state")},
		Start:   os.Getenv("ARCADE_WINDOW_START"),
		Open: func(string) (*machine.Machine, []string, error) {
			m, err := toy.New(toy.Options{})
			return m, nil, err
		},
		Tell: func(what string) { fmt.Fprintln(os.Stderr, what) },
		pads: filePads(filepath.Join(dir, "pads")),
	}
	if err := Run(o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		if errors.Is(err, ErrNoDisplay) {
			os.Exit(5)
		}
		os.Exit(1)
	}
	os.Exit(0)
}

// filePads are virtual pads: a file has a line for each that is plugged in,
// with its number, its buttons in hexadecimal, and a stick's position.
type filePads string

func (f filePads) lines() (ids []ebiten.GamepadID, pads []inputmap.Pad) {
	b, _ := os.ReadFile(string(f))
	for l := range strings.Lines(string(b)) {
		var id int
		var p inputmap.Pad
		if n, _ := fmt.Sscanf(l, "%d %x %f %f", &id, &p.Buttons, &p.Sticks[0], &p.Sticks[1]); n == 4 {
			ids, pads = append(ids, ebiten.GamepadID(id)), append(pads, p)
		}
	}
	return ids, pads
}

func (f filePads) IDs(to []ebiten.GamepadID) []ebiten.GamepadID {
	ids, _ := f.lines()
	return append(to, ids...)
}

// Model is the same for all: several of one kind are told apart all the same.
func (filePads) Model(ebiten.GamepadID) string { return "03000000000000000000000000000000" }

func (filePads) Name(id ebiten.GamepadID) string { return fmt.Sprintf("Test pad %d", id) }

func (f filePads) Read(p *inputmap.Pad, id ebiten.GamepadID) {
	ids, pads := f.lines()
	if i := slices.Index(ids, id); i >= 0 {
		*p = pads[i]
	}
}

// person is somebody at the virtual desktop.
type person struct {
	*desk.Desk
	t   *testing.T
	dir string
}

// sit starts the program, with a game or "" for the list.
func sit(t *testing.T, game string) *person {
	t.Helper()
	p := &person{desk.New(t, 1000, 760), t, t.TempDir()}
	p.plug()
	p.Start([]string{"ARCADE_WINDOW_TEST=" + p.dir, "ARCADE_WINDOW_START=" + game, "PULSE_SERVER=", "XDG_RUNTIME_DIR=" + p.dir, "HOME=" + p.dir}, os.Args[0])
	p.Until("a window", func(*image.NRGBA) bool { return true })
	p.Small(image.Rect(0, 0, 560, 420))
	return p
}

// plug sets what the pads do: a line for each.
func (p *person) plug(lines ...string) {
	p.t.Helper()
	file := filepath.Join(p.dir, "pads")
	if err := os.WriteFile(file+".new", []byte(strings.Join(lines, "\n")), 0o666); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		p.t.Fatal(err)
	}
}

// Buttons of a pad, in the order of the standard layout.
const (
	padA, padB, padY, padGuide = 0, 1, 3, 16
	padUp, padDown             = 12, 13
)

// push presses a button of pad 7 and lets it go.
func (p *person) push(button int) {
	p.t.Helper()
	p.plug(fmt.Sprintf("7 %x 0 0", 1<<button))
	time.Sleep(120 * time.Millisecond)
	p.plug("7 0 0 0")
	time.Sleep(120 * time.Millisecond)
}

// choose selects a row of a page with the pad.
func (p *person) choose(text string) {
	p.t.Helper()
	p.ChooseBy(text, func(down bool) {
		if down {
			p.push(padDown)
		} else {
			p.push(padUp)
		}
	})
}

// count is how many pixels have a colour, and the leftmost of them.
func count(img *image.NRGBA, colour uint32) (n, left int) {
	left = -1
	for i := 0; i < len(img.Pix); i += 4 {
		if uint32(img.Pix[i])<<16|uint32(img.Pix[i+1])<<8|uint32(img.Pix[i+2]) == colour {
			if x := i % img.Stride / 4; left < 0 || x < left {
				left = x
			}
			n++
		}
	}
	return n, left
}

// left is where the toy's square begins, or -1.
func left(img *image.NRGBA) int {
	n, at := count(img, toy.Idle)
	if n < 200 {
		return -1
	}
	return at
}

// square waits until the toy's picture is seen with its square in the right
// place, and tells where that is.
func (p *person) square(what string, right func(left int) bool) (at int) {
	p.t.Helper()
	p.Until(what, func(img *image.NRGBA) bool {
		at = left(img)
		n, _ := count(img, toy.Background)
		return n > 1000 && at >= 0 && right(at)
	})
	return at
}

// rest is where the square stays.
func (p *person) rest() int {
	p.t.Helper()
	last, same := -1, 0
	return p.square("the square at rest", func(at int) bool {
		if at != last {
			last, same = at, 0
		}
		same++
		return same > 5
	})
}

func anywhere(int) bool { return true }

// TestWithAPadAlone does with a pad what a person on the sofa does: starts a
// game from the list, plays, saves, loads, leaves, quits. The pad is unplugged
// and plugged in again, and there is another one of its kind.
func TestWithAPadAlone(t *testing.T) {
	p := sit(t, "")
	p.Text("all games")
	p.plug("7 0 0 0")
	p.Text("Connected: Test pad 7")
	p.push(padA)
	p.square("the game", anywhere)
	first := p.rest()
	p.plug("7 0 1 0") // the stick to the right
	p.square("the square further right", func(at int) bool { return at > first+20 })
	p.plug("7 0 0 0", "8 0 -1 0") // the second one's stick is the second player's
	p.Text("Connected: Test pad 8")
	rest := p.rest()
	if rest <= first {
		t.Errorf("the second player's pad moves the first player: from %d to %d", first, rest)
	}
	p.plug("8 0 -1 0")
	p.Text("Disconnected: Test pad 7")
	p.plug("9 0 -1 0", "8 0 -1 0") // it comes back under another number
	p.square("the square moved by the pad that came back", func(at int) bool { return at < rest-20 })
	p.plug("7 0 0 0")

	p.push(padGuide)
	p.choose("Save states")
	p.push(padA)
	p.Text("Slot 9")
	p.push(padY)
	p.Text("Saved in slot 0")
	p.push(padB)
	p.push(padB)
	saved := p.rest()
	p.plug("7 0 1 0")
	p.square("the square further right", func(at int) bool { return at > saved+40 })
	p.plug("7 0 0 0")
	p.push(padGuide)
	p.choose("Save states")
	p.push(padA)
	p.Text("Slot 9")
	p.push(padA)
	p.square("the square where it was saved", func(at int) bool { return at > saved-4 && at < saved+4 })
	p.push(padGuide)
	p.choose("Leave the game")
	p.push(padA)
	p.Text("Leave the game? What was not saved is lost.")
	p.push(padA)
	p.Text("all games")
	p.push(padB)
	p.Text("Leave arcade?")
	p.push(padA)
	if code := p.Ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestHotkeys presses those whose effect is seen.
func TestHotkeys(t *testing.T) {
	p := sit(t, "toy")
	p.square("the game", anywhere)
	first := p.rest()
	p.Press("p") // paused: the stick moves nothing
	p.Hold(500*time.Millisecond, "Right")
	if at := p.rest(); at != first {
		t.Errorf("in the pause the square moves from %d to %d", first, at)
	}
	p.Key("Right", true)
	p.Press("period", "period", "period") // three frames
	p.Key("Right", false)
	stepped := p.square("three steps", func(at int) bool { return at > first })
	p.Press("p")
	p.Hold(400*time.Millisecond, "Right")
	p.square("the square further right", func(at int) bool { return at > stepped+20 })
	p.Key("BackSpace", true)
	p.square("the way back", func(at int) bool { return at <= stepped })
	p.Key("BackSpace", false)
	p.Press("F12")
	p.Text("Saved ")
	if shots, _ := filepath.Glob(filepath.Join(p.dir, "data", "screenshots", "toy-*.png")); len(shots) != 1 {
		t.Errorf("screenshots: %v", shots)
	}
	p.Press("F10")
	p.Text("ms/frame")
	p.Press("F10")
	p.Press("F6")
	p.Text("Saved in slot 0")
	at := p.rest()
	p.Hold(400*time.Millisecond, "Right")
	p.square("the square further right", func(now int) bool { return now > at+20 })
	p.Press("F7")
	p.Text("Loaded slot 0")
	p.square("the square where it was saved", func(now int) bool { return now == at })
	p.Press("5")
	p.Until("a credit", func(img *image.NRGBA) bool { n, _ := count(img, toy.Credit); return n > 30 })
	p.Press("F3")
	p.Until("no credit after a reset", func(img *image.NRGBA) bool { n, _ := count(img, toy.Credit); return n == 0 })
}

// TestFromKeyToPicture measures the time from a key's event to the changed
// pixels. A machine looks at its inputs once a frame and shows the result a
// frame later: that is its own share, up to two frames. The program may add one
// frame of the host.
func TestFromKeyToPicture(t *testing.T) {
	p := sit(t, "toy")
	p.square("the game", anywhere)
	img := p.Still()
	x, y := left(img)+6, 0
	for ; y < img.Rect.Dy() && img.NRGBAAt(x, y).R != 255; y++ {
	}
	spot := image.Rect(x, y+6, x+2, y+8)
	red := func() bool {
		c := p.LookAt(spot)
		return c != nil && c.NRGBAAt(0, 0).G < 128
	}
	tries := 12
	long := os.Getenv("ARCADE_LONG") != ""
	if long {
		tries = 100
	}
	var times []time.Duration
	for i := range tries {
		time.Sleep(time.Duration(100+7*(i%13)) * time.Millisecond)
		start := time.Now()
		p.Key("Control_L", true)
		for !red() && time.Since(start) < 5*time.Second {
			time.Sleep(500 * time.Microsecond)
		}
		times = append(times, time.Since(start))
		p.Key("Control_L", false)
		for red() && time.Since(start) < 10*time.Second {
			time.Sleep(5 * time.Millisecond)
		}
	}
	slices.Sort(times)
	frame := time.Second * 1001 / 60000
	median, p90 := times[len(times)/2], times[len(times)*9/10]
	t.Logf("from key to picture: least %v, median %v, 90 %% within %v, most %v; a frame is %v", times[0], median, p90, times[len(times)-1], frame)
	// A host that is busy with other tests adds its own; but no host makes the
	// least of many longer than what the program itself needs.
	limit := 3 * frame
	if !long {
		limit = 5 * frame
	}
	if times[0] > limit {
		t.Errorf("the fastest key takes more than %v", limit)
	}
	if long && p90 > 3*frame {
		t.Errorf("a tenth of the keys takes more than %v", 3*frame)
	}
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
