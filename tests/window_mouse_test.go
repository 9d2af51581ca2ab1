package tests

import (
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWindowWithTheMouse does with the mouse alone what a person does: adds a
// folder, finds a game, plays, looks at the statistics, saves, loads, leaves.
func TestWindowWithTheMouse(t *testing.T) {
	d, folder, start := windowDesk(t)
	hints := image.Rect(0, 380, 560, 420) // what can be done, at the bottom
	start("--rompath", filepath.Join(folder, "nothing"))
	d.Text("all games")
	d.ClickIn(hints, "settings")
	d.ClickText("ROM folders")
	d.ClickText("Choose a folder to add")
	// The first click selects, the second opens.
	title := "Add " + filepath.Join(folder, "roms")
	for range 8 {
		d.ClickText("roms")
		time.Sleep(300 * time.Millisecond)
		if img := d.Look(); img != nil && shows(img, title) {
			break
		}
	}
	d.Text(title)
	d.ClickIn(hints, "add this folder")
	d.Text("Look again for games")
	d.ClickIn(hints, "back")
	d.Text("Keep the changes?")
	d.ClickText("For all games")
	d.Text("Saved for all games.")
	d.ClickIn(hints, "back")
	// The second view has what can be played.
	d.ClickIn(hints, "view")
	d.Text("playable")
	d.ClickIn(hints, "find")
	d.Text("Find: ")
	keys := image.Rect(85, 260, 475, 420)
	for _, key := range []string{"q", "erase", "p", "u", "OK"} {
		d.ClickIn(keys, key)
	}
	d.Text("playable: pu")
	d.ClickIn(hints, "favourite")
	d.ClickText("Puck Man (Japan set 1)")
	inGame(d)
	d.Click(image.Pt(300, 200), 3)
	d.ClickText("Time and pictures")
	d.ClickText("Save a picture")
	d.Text("Saved ")
	d.ClickText("Statistics")
	d.ClickIn(hints, "back")
	d.ClickText("Save states")
	d.Text("Slot 0")
	d.ClickIn(hints, "save")
	d.Text("Saved in slot 0")
	d.ClickIn(hints, "load")
	d.Until("the statistics", func(img *image.NRGBA) bool { return shows(img, "ms/frame") })
	time.Sleep(300 * time.Millisecond)
	d.Click(image.Pt(300, 200), 3)
	d.ClickText("Leave the game")
	d.Text("Leave the game? What was not saved is lost.")
	d.ClickIn(image.Rect(140, 222, 560, 252), "Leave")
	d.Text("playable: pu")
	d.Save("list-with-picture")
	d.ClickIn(hints, "quit") // the filter
	d.ClickIn(hints, "quit")
	d.Text("Leave arcade?")
	d.ClickIn(image.Rect(140, 222, 560, 252), "Quit")
	if code := d.Ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, file := range []string{"config/settings.toml", "data/saves/puckman/slot0.state", "data/screenshots/puckman-0000.png"} {
		if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
			t.Error(err)
		}
	}
	if b, _ := os.ReadFile(filepath.Join(folder, "state", "library.json")); len(b) == 0 {
		t.Error("the favourite was not remembered")
	}
}
