package tests

import (
	"fmt"
	"image"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// copied is what was copied on a desktop, as another program gets it.
func copied(t *testing.T, d *desk.Desk) string {
	t.Helper()
	out, err := exec.Command("xclip", "-display", d.Display(), "-selection", "clipboard", "-o").Output()
	if err != nil {
		t.Fatalf("xclip: %v", err)
	}
	return string(out)
}

// putCopied has another program copy a text.
func putCopied(t *testing.T, d *desk.Desk, text string) {
	t.Helper()
	c := exec.Command("xclip", "-display", d.Display(), "-selection", "clipboard", "-i")
	c.Stdin = strings.NewReader(text)
	if err := c.Run(); err != nil {
		t.Fatalf("xclip: %v", err)
	}
	for deadline := time.Now().Add(10 * time.Second); copied(t, d) != text; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("xclip does not copy")
		}
	}
}

// TestWindowsMatch is a whole match between two windows, from the list to the
// result, with keys alone: one hosts and copies the invite, the other joins by
// what was copied, and a second time by the name that is stored by then.
func TestWindowsMatch(t *testing.T) {
	h, hostFolder, startHost := windowDesk(t)
	g, guestFolder, startGuest := windowDesk(t)
	if _, err := exec.LookPath("xclip"); err != nil {
		t.Skip("xclip is not installed (Debian: xclip)")
	}
	port := fmt.Sprint(freePort(t))

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
	h.Press("Return") // the first invite is selected
	h.Text("Copied ")
	h.Save("match-2-waiting")
	invite := copied(t, h)
	address, code, _ := strings.Cut(invite, "#")
	if !strings.HasSuffix(address, ":"+port) || len(code) != 16 {
		t.Fatalf("the invite that was copied is %q", invite)
	}

	startGuest("--rompath", filepath.Join(guestFolder, "roms"))
	g.Text("all games")
	g.Press("F1")
	g.Choose("Join a friend")
	g.Press("Return")
	putCopied(t, g, "come and play: 127.0.0.1:"+port+"#"+code+"\n")
	g.Choose("Invite")
	g.Press("Return")
	g.Hold(150*time.Millisecond, "Control_L", "v")
	g.Text("#" + code)
	g.Save("match-3-pasted")
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
	time.Sleep(time.Second) // in which the dialog does not listen
	h.Press("Return")
	h.Text("Waiting for a friend")

	// Again, as a friend who is stored.
	g.Press("F1")
	g.Choose("Join a friend")
	g.Press("Return")
	g.Choose("anna")
	g.Save("match-9-friends")
	g.Press("Return")
	g.Text("anna: not ready")
	h.Text("not ready, ping")

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
