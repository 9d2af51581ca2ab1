package tests

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arcade/cmd/arcade/toolkit"
	"arcade/cmd/arcade/window/desk"
)

// windowDesk is a virtual desktop with the program on it, portable, in a folder
// of its own, with a game that shows what it is given.
func windowDesk(t *testing.T) (d *desk.Desk, folder string, start func(args ...string)) {
	t.Helper()
	return windowDeskOf(t, 1000, 760)
}

// windowDeskOf is windowDesk with a desktop of w x h pixels.
func windowDeskOf(t *testing.T, w, h int) (d *desk.Desk, folder string, start func(args ...string)) {
	t.Helper()
	folder = t.TempDir()
	d = desk.New(t, w, h)
	exe := windowProgram(t, folder)
	writeShowPorts(t, filepath.Join(folder, "roms"))
	if err := os.WriteFile(filepath.Join(folder, "arcade-portable"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	start = func(args ...string) {
		t.Helper()
		d.Start([]string{"HOME=" + folder, "XDG_RUNTIME_DIR=" + folder, "PULSE_SERVER=", "ARCADE_ROMPATH="}, exe, args...)
		d.Until("a window", func(*image.NRGBA) bool { return true })
		d.Small(image.Rect(0, 0, 560, 420))
	}
	return d, folder, start
}

func samePicture(a, b *image.NRGBA) bool { return a != nil && b != nil && bytes.Equal(a.Pix, b.Pix) }

func shows(img *image.NRGBA, text string) bool {
	_, ok := desk.Shown(img, text)
	return ok
}

// matters holds a key and tells whether that changes what is seen at rest; in
// the end that is seen again.
func matters(d *desk.Desk, key string, rest *image.NRGBA, want bool) bool {
	d.Key(key, true)
	got := false
	for deadline := time.Now().Add(8 * time.Second); !got && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		img := d.Look()
		got = img != nil && !samePicture(img, rest)
		if !want && time.Until(deadline) < 7*time.Second {
			break // it would have been seen by now
		}
	}
	d.Key(key, false)
	d.Until("the picture without the key "+key, func(img *image.NRGBA) bool { return samePicture(img, rest) })
	return got == want
}

// inGame waits for the game's picture: white blocks, and neither a menu nor a
// message, whose frames and titles have the accent's colour.
func inGame(d *desk.Desk) *image.NRGBA {
	d.Until("the game", func(img *image.NRGBA) bool {
		white, menu := 0, 0
		accent := toolkit.Dark.Accent
		for i := 0; i < len(img.Pix); i += 4 {
			switch r, g, b := img.Pix[i], img.Pix[i+1], img.Pix[i+2]; {
			case r > 240 && g > 240 && b > 200:
				white++
			case r == accent.R && g == accent.G && b == accent.B:
				menu++
			}
		}
		return white > 300 && menu == 0
	})
	return d.Still()
}

// TestWindowWithKeys does with the keyboard alone what a person does: finds a
// game, plays, binds a key, changes a switch, saves, leaves, and comes back.
func TestWindowWithKeys(t *testing.T) {
	d, folder, start := windowDesk(t)
	start("--rompath", filepath.Join(folder, "roms"))
	d.Text("all games")
	d.Save("1-list")
	d.Type("japan set 1 puck")
	d.Text("puckman  1980  Namco")
	d.Save("2-filtered")
	d.Press("Return")
	idle := inGame(d)
	d.Save("3-game")
	if !matters(d, "Up", idle, true) {
		t.Fatal("the key Up changes nothing")
	}
	if !matters(d, "q", idle, false) {
		t.Fatal("the key Q does something already")
	}

	// Bind Q to the stick's up, in place of the arrow.
	d.Press("Escape")
	d.Choose("Controls")
	d.Save("4-menu")
	d.Press("Return")
	d.Choose("P1 Up")
	d.Press("Return")
	d.Text("press a key or button")
	d.Press("q")
	d.Text("Q")
	d.Save("5-controls")
	d.Press("Escape")
	d.Text("Keep the changes?")
	d.Press("Return") // for this game
	d.Text("Saved for this game.")
	// Another number of lives.
	d.Choose("DIP switches")
	d.Press("Return")
	d.Choose("Lives")
	d.Press("Right")
	d.Save("6-switches")
	d.Press("Escape")
	d.Text("Keep the changes?")
	d.Press("Return")
	d.Press("Escape")
	changed := inGame(d)
	if samePicture(changed, idle) {
		t.Fatal("the switch changes nothing that the game sees")
	}
	if !matters(d, "q", changed, true) {
		t.Fatal("the key that was bound does nothing")
	}
	if !matters(d, "Up", changed, false) {
		t.Fatal("the key that was bound before still does something")
	}

	// Something that only a save state brings back.
	d.Hold(1500*time.Millisecond, "Right")
	time.Sleep(500 * time.Millisecond)
	saved := d.Still()
	if samePicture(saved, changed) {
		t.Fatal("the counter does not count")
	}
	d.Press("Escape")
	d.Choose("Save states")
	d.Press("Return")
	d.Text("Slot 3")
	d.Press("3", "Insert")
	d.Text("Saved in slot 3")
	d.Save("7-states")
	d.Press("Escape", "Escape")
	inGame(d)
	d.Press("Escape")
	d.Choose("Leave the game")
	d.Press("Return")
	d.Text("Leave the game? What was not saved is lost.")
	d.Press("Return")
	d.Text("puckman  1980  Namco")
	d.Press("Escape") // the filter
	d.Press("Escape")
	d.Text("Leave arcade?")
	d.Press("Return")
	if code := d.Ended(); code != 0 {
		t.Fatalf("exit code %d", code)
	}

	// What was kept is in the game's file, and nothing else was written.
	game, err := os.ReadFile(filepath.Join(folder, "config", "games", "puckman.toml"))
	if err != nil || !strings.Contains(string(game), "\"P1 Up\" = [\"Q\"]") || !strings.Contains(string(game), "\"Lives\" = \"5\"") {
		t.Errorf("the game's settings: %v\n%s", err, game)
	}
	if _, err := os.Stat(filepath.Join(folder, "config", "settings.toml")); !os.IsNotExist(err) {
		t.Error("the settings of all games were written although nobody asked for it")
	}

	start("--rompath", filepath.Join(folder, "roms"))
	d.Text("all games")
	d.Press("Tab", "Tab", "Tab")
	d.Text("recently played")
	d.Text("puckman  1980  Namco")
	d.Press("Return")
	if again := inGame(d); !samePicture(again, changed) {
		t.Error("after another start the game does not look the same: the switch was not kept")
	}
	if !matters(d, "q", changed, true) {
		t.Error("after another start the key is not bound")
	}
	d.Press("Escape")
	d.Choose("Save states")
	d.Press("Return")
	d.Text("Slot 3")
	d.Press("3", "Return")
	if loaded := inGame(d); !samePicture(loaded, saved) {
		t.Error("the save state shows something else than was saved")
	}
}
