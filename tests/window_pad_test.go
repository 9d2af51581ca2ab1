package tests

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arcade/cmd/arcade/window/desk"
)

// Buttons of a pad in the order of the W3C's standard layout.
const (
	padA, padB, padY, padLB, padRB     = 0, 1, 3, 4, 5
	padGuide, padUp, padDown, padRight = 16, 12, 13, 15
)

// gamer has nothing but a pad.
type gamer struct {
	*desk.Desk
	t    *testing.T
	file string
}

// plug sets what the pads do: a line for each.
func (g *gamer) plug(lines ...string) {
	g.t.Helper()
	if err := os.WriteFile(g.file+".new", []byte(strings.Join(lines, "\n")), 0o666); err != nil {
		g.t.Fatal(err)
	}
	if err := os.Rename(g.file+".new", g.file); err != nil {
		g.t.Fatal(err)
	}
}

// hold is a pad with these buttons held.
func hold(buttons ...int) string {
	mask := 0
	for _, b := range buttons {
		mask |= 1 << b
	}
	return fmt.Sprintf("7 %x 0 0", mask)
}

// push presses buttons one after another, each for as long as it takes until
// that is seen.
func (g *gamer) push(buttons ...int) {
	g.t.Helper()
	for _, b := range buttons {
		before := g.Look()
		g.plug(hold(b))
		time.Sleep(150 * time.Millisecond)
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end) && samePicture(g.Look(), before); {
			time.Sleep(20 * time.Millisecond)
		}
		g.plug(hold())
		time.Sleep(200 * time.Millisecond)
	}
}

// choose selects the row that begins with a text.
func (g *gamer) choose(text string) {
	g.t.Helper()
	g.ChooseBy(text, func(down bool) {
		if down {
			g.push(padDown)
		} else {
			g.push(padUp)
		}
	})
}

// changes tells whether something that the pad does changes what is seen at
// rest; in the end that is seen again.
func (g *gamer) changes(pad string, rest *image.NRGBA) bool {
	g.t.Helper()
	g.plug(pad)
	changed := false
	for end := time.Now().Add(1500 * time.Millisecond); !changed && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		img := g.Look()
		changed = img != nil && !samePicture(img, rest)
	}
	g.plug(hold())
	g.Until("the picture with the pad at rest", func(img *image.NRGBA) bool { return samePicture(img, rest) })
	return changed
}

// TestWindowWithAPad does with a pad alone what TestWindowWithKeys does with
// keys. The pad is one of ebiten's own virtual host, so that it comes the way of
// every pad.
func TestWindowWithAPad(t *testing.T) {
	folder := t.TempDir()
	g := &gamer{desk.New(t, 1000, 760), t, filepath.Join(folder, "pads")}
	writeShowPorts(t, filepath.Join(folder, "roms"))
	if err := os.WriteFile(filepath.Join(folder, "arcade-portable"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	guest, host := filepath.Join(folder, "arcade"), filepath.Join(folder, "padhost")
	for _, args := range [][]string{{"-o", host, "./padhost"}, {"-tags", "ebitenginevmguest", "-o", guest, "../cmd/arcade"}} {
		if out, err := exec.Command("go", append([]string{"build"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	start := func() {
		t.Helper()
		g.Start([]string{"HOME=" + folder, "XDG_RUNTIME_DIR=" + folder, "PULSE_SERVER=", "ARCADE_ROMPATH="}, host, g.file, guest, "--rompath", filepath.Join(folder, "roms"))
		g.Until("a window", func(*image.NRGBA) bool { return true })
		g.Small(image.Rect(0, 0, 560, 420))
	}
	keep := func(what string) {
		t.Helper()
		g.push(padB)
		g.Text("Keep the changes?")
		g.push(padA) // for this game
		g.Text(what)
	}

	g.plug() // it is plugged in later
	start()
	g.Text("all games")
	g.plug(hold())
	g.Text("Test pad 7")
	g.push(padRB)
	g.Text("playable")
	g.push(padDown)
	g.Text("puckman  1980  Namco")
	g.push(padA)
	rest := inGame(g.Desk)
	up, stick, shoulder := hold(padUp), "7 0 0 -1", hold(padLB)
	if !g.changes(up, rest) || !g.changes(stick, rest) {
		t.Fatal("the pad's directions change nothing")
	}
	if g.changes(shoulder, rest) {
		t.Fatal("the button LB does something already")
	}

	g.push(padGuide)
	g.choose("Controls")
	g.push(padA)
	g.choose("P1 Up")
	g.push(padA)
	g.Text("press a key or button")
	g.push(padLB)
	g.Text("Pad1.LB")
	keep("Saved for this game.")
	g.choose("DIP switches")
	g.push(padA)
	g.choose("Lives")
	g.push(padRight)
	keep("Saved for this game.")
	g.push(padB)
	changed := inGame(g.Desk)
	if samePicture(changed, rest) {
		t.Error("the switch changes nothing that the game sees")
	}
	if !g.changes(shoulder, changed) || g.changes(up, changed) {
		t.Error("the button that was bound does nothing, or the one before still does something")
	}

	// Something that only a save state brings back.
	g.plug(hold(padRight))
	time.Sleep(1500 * time.Millisecond)
	g.plug(hold())
	time.Sleep(300 * time.Millisecond)
	saved := g.Still()
	if samePicture(saved, changed) {
		t.Fatal("the counter does not count")
	}
	g.push(padGuide)
	g.choose("Save states")
	g.push(padA)
	g.Text("Slot 3")
	g.choose("Slot 3")
	g.push(padY)
	g.Text("Saved in slot 3")
	g.push(padB, padB)
	inGame(g.Desk)

	// A pad that is pulled out is missed, and is the same again afterwards.
	g.plug()
	g.Text("Test pad 7")
	g.plug(hold())
	now := inGame(g.Desk)
	if !g.changes(shoulder, now) {
		t.Error("plugged in again, the pad does nothing")
	}

	g.push(padGuide)
	g.choose("Leave the game")
	g.push(padA)
	g.Text("Leave the game? What was not saved is lost.")
	g.push(padA)
	g.Text("puckman  1980  Namco")
	g.push(padB)
	g.Text("Leave arcade?")
	g.push(padA)
	if code := g.Ended(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	game, err := os.ReadFile(filepath.Join(folder, "config", "games", "puckman.toml"))
	if err != nil || !bytes.Contains(game, []byte("\"P1 Up\" = [\"Pad1.LB\"]")) || !bytes.Contains(game, []byte("\"Lives\" = ")) {
		t.Errorf("the game's settings: %v\n%s", err, game)
	}

	start()
	g.Text("all games")
	g.push(padRB, padRB, padRB)
	g.Text("recently played")
	g.Text("puckman  1980  Namco")
	g.push(padA)
	if again := inGame(g.Desk); !samePicture(again, changed) {
		t.Error("after another start the game does not look the same: the switch was not kept")
	}
	if !g.changes(shoulder, changed) {
		t.Error("after another start the button is not bound")
	}
	g.push(padGuide)
	g.choose("Save states")
	g.push(padA)
	g.Text("Slot 3")
	g.choose("Slot 3")
	g.push(padA)
	if loaded := inGame(g.Desk); !samePicture(loaded, saved) {
		t.Error("the save state shows something else than was saved")
	}
}
