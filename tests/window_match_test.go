package tests

import (
	"fmt"
	"image"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"arcade/cmd/arcade/window/desk"
)

// freePort is a UDP port that nobody has.
func freePort(t *testing.T) int {
	t.Helper()
	c, err := net.ListenUDP("udp", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).Port
}

// sees waits until a window shows the game otherwise than at rest.
func sees(d *desk.Desk, what string, rest *image.NRGBA) {
	d.Until(what, func(img *image.NRGBA) bool { return !samePicture(img, rest) })
}

// TestWindowsMatch is a whole match between two windows, from the list to the
// result, with keys alone: one hosts, the other joins a stored friend.
func TestWindowsMatch(t *testing.T) {
	h, hostFolder, startHost := windowDesk(t)
	g, guestFolder, startGuest := windowDesk(t)
	port := fmt.Sprint(freePort(t))
	add := exec.Command(filepath.Join(guestFolder, "arcade"), "peers", "add", "anna", "127.0.0.1:"+port)
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}

	startHost("--rompath", filepath.Join(hostFolder, "roms"))
	h.Text("all games")
	h.Type("japan set 1 puck")
	h.Text("puckman  1980  Namco")
	h.Press("F1")
	h.Choose("Host Puck Man")
	h.Press("Return")
	h.Choose("Your name")
	h.Press("Return")
	h.Press("End", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace")
	h.Type("anna")
	h.Press("Return")
	h.Choose("UDP port")
	h.Press("Return", "End", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace")
	h.Type(port)
	h.Press("Return")
	h.Save("match-1-host")
	h.Choose("Wait for a friend")
	h.Press("Return")
	h.Text("Waiting for a friend")
	h.Save("match-2-waiting")

	startGuest("--rompath", filepath.Join(guestFolder, "roms"))
	g.Text("all games")
	g.Press("F1")
	g.Choose("Join a friend")
	g.Press("Return")
	g.Choose("anna")
	g.Save("match-3-friends")
	g.Press("Return")
	g.Text("anna: not ready")
	g.Save("match-4-lobby")
	g.Choose("Ready")
	g.Press("Return")
	h.Text("ready, ping")
	h.Save("match-5-lobby")
	h.Choose("Ready")
	h.Press("Return")

	restH, restG := inGame(h), inGame(g)
	if !samePicture(restH, restG) {
		t.Error("the two windows do not show the same")
	}
	h.Key("Up", true)
	sees(h, "the host's key in its own window", restH)
	sees(g, "the host's key in the guest's window", restG)
	h.Key("Up", false)
	inGame(h)
	g.Key("Left", true)
	sees(g, "the guest's key in its own window", restG)
	sees(h, "the guest's key in the host's window", restH)
	g.Key("Left", false)

	g.Press("t")
	g.Text("Say:")
	g.Type("good game")
	g.Save("match-6-chat")
	g.Press("Return")
	h.Text("good game")
	h.Press("F10")
	h.Text("ping")
	h.Save("match-7-statistics")

	g.Press("Escape")
	g.Choose("Leave the game")
	g.Press("Return")
	g.Text("Leave the game?")
	g.Press("Return")
	g.Text("all games")
	h.Text("The match is over")
	h.Save("match-8-over")
	h.Press("Return")
	h.Text("Waiting for a friend")

	for folder, name := range map[string]string{hostFolder: "host", guestFolder: "guest"} {
		files, _ := filepath.Glob(filepath.Join(folder, "data", "replays", "*-"+name+".replay"))
		if len(files) != 1 {
			t.Errorf("the %s has %d replays", name, len(files))
			continue
		}
		out, err := exec.Command(filepath.Join(folder, "arcade"), "replay", files[0], "--rompath", filepath.Join(folder, "roms"), "--verify").CombinedOutput()
		if err != nil || !strings.Contains(string(out), "hashes are right") {
			t.Errorf("the %s's replay: %v %s", name, err, out)
		}
	}
}
