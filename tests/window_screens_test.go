package tests

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"
)

// TestEveryScreen visits every screen with keys in windows of 4:3, 16:9 and
// upright, each at the toolkit's first and second size, and wants the screen's
// title and a row of it to be readable in all of them. With $ARCADE_SHOTS it
// leaves a picture of each there, to be looked at.
func TestEveryScreen(t *testing.T) {
	if os.Getenv("ARCADE_LONG") == "" && os.Getenv("ARCADE_SHOTS") == "" {
		t.Skip("set ARCADE_LONG to visit every screen in six windows (5 minutes)")
	}
	d, folder, start := windowDeskOf(t, 1300, 1300)
	usual := image.Rect(0, 0, 560, 420)
	windows := []image.Rectangle{image.Rect(0, 0, 640, 480), image.Rect(0, 0, 640, 360), image.Rect(0, 0, 480, 640),
		image.Rect(0, 0, 1280, 960), image.Rect(0, 0, 1280, 720), image.Rect(0, 0, 960, 1280)}
	look := func(name string, texts ...string) {
		t.Helper()
		for _, w := range windows {
			d.Small(w)
			for _, text := range texts {
				d.Text(text)
			}
			d.Save(fmt.Sprintf("%s-%dx%d", name, w.Dx(), w.Dy()))
		}
		d.Small(usual)
		d.Still()
	}
	enter := func(row string) {
		t.Helper()
		d.Choose(row)
		d.Press("Return")
	}

	start("--rompath", filepath.Join(folder, "roms"))
	d.Text("all games")
	look("list", "all games", "Gale Riders")
	d.Type("zzz")
	d.Text("Nothing here.")
	look("list-empty", "Nothing here.")
	d.Press("Escape")
	d.Type("japan set 1 puck")
	d.Text("puckman  1980  Namco")
	look("list-found", "puckman  1980  Namco")

	d.Press("F1")
	d.Choose("Host Puck Man")
	look("friends", "Join a friend")
	d.Press("Return")
	d.Text("UDP port")
	look("host", "Host Puck Man", "Wait for a friend")
	d.Press("Escape")
	enter("Join a friend")
	look("join", "Join a friend", "Store a friend")
	enter("Store a friend")
	look("friend", "A friend", "Invite or address")
	d.Press("Escape", "Escape")
	enter("ROM folders")
	look("folders", "ROM folders", "Look again for games")
	enter("Choose a folder to add")
	d.Text("add this folder")
	look("choose-folder", "add this folder")
	d.Press("Escape", "Escape")
	for _, page := range []struct{ row, text string }{{"Controls", "P1 Button 1"}, {"Video", "Size of menus"}, {"Sound", "Volume"}, {"Play", "Run ahead"}} {
		enter(page.row)
		look("settings-"+page.row, page.text)
		d.Press("Escape")
		d.Text("ROM folders")
	}
	d.Press("Escape")
	d.Text("puckman  1980  Namco")

	d.Press("Return")
	inGame(d)
	for _, w := range windows {
		d.Small(w)
		inGame(d)
		d.Save(fmt.Sprintf("game-%dx%d", w.Dx(), w.Dy()))
	}
	d.Small(usual)
	inGame(d)
	d.Press("F10")
	d.Text("ms/frame")
	look("statistics", "ms/frame")
	d.Press("F10")
	d.Press("Escape")
	look("menu", "Resume", "Controls")
	for _, page := range []struct{ row, text string }{{"Save states", "Slot 3"}, {"Controls", "P1 Up"}, {"DIP switches", "Lives"},
		{"Video", "Size of menus"}, {"Sound", "Volume"}, {"Play", "Run ahead"}, {"Time and pictures", "Slow motion"}} {
		enter(page.row)
		d.Text(page.text)
		look("menu-"+page.row, page.text)
		if page.row == "Controls" {
			d.Choose("P1 Up")
			d.Press("Return")
			d.Text("press a key or button")
			d.Save("menu-press-a-key") // it does not wait for ever
			d.Press("Escape")          // binds nothing
			d.Until("an end of waiting", func(img *image.NRGBA) bool { return !shows(img, "press a key or button") })
		}
		d.Press("Escape")
		d.Text("Resume")
	}
	enter("Leave the game")
	d.Text("Leave the game? What was not saved is lost.")
	look("leave", "Go on playing")
}
