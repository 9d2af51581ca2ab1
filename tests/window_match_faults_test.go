package tests

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"arcade/cmd/arcade/window/desk"
)

// What goes wrong in the middle of a match between two windows, and what the two
// people see of it and do about it, with keys alone.

// mark is what the game of these tests keeps in its memory, from markAt on, and
// never looks at: where a bit can flip.
var mark = []byte{0xa5, 0x5a, 0xc3, 0x3c, 0x96, 0x69, 0x0f, 0xf1}

const markAt = 0x4d00

// twoWindows begins a match between two windows with the program that shows its
// ports, and returns when both play: also its ROMs, and where the host is.
func twoWindows(t *testing.T) (h, g *desk.Desk, roms, address string) {
	t.Helper()
	h, hostFolder, startHost := windowDesk(t)
	g, guestFolder, startGuest := windowDesk(t)
	var write []byte // LD HL,mark; LD (markAt),HL ...
	for i := 0; i < len(mark); i += 2 {
		write = append(write, 0x21, mark[i], mark[i+1], 0x22, byte(markAt+i), markAt>>8)
	}
	for _, folder := range []string{hostFolder, guestFolder} {
		zip := filepath.Join(folder, "roms", "puckman.zip")
		if err := rewriteZip(zip, filepath.Join(folder, "marked", "puckman.zip"), func(name string, b []byte) {
			if strings.HasSuffix(name, "prg1.6e") {
				copy(b[0x83:], write)
				copy(b[0x80:], b[1:4])                              // LD SP,4FF0
				copy(b[0x83+len(write):], []byte{0xc3, 0x04, 0x00}) // JP 0004
				copy(b[1:], []byte{0xc3, 0x80, 0x00})               // JP 0080
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	port := fmt.Sprint(freePort(t))
	startHost("host", "puckman", "--rompath", filepath.Join(hostFolder, "marked"), "--port", port, "--nick", "anna")
	h.Text("Waiting for a friend")
	startGuest("join", "127.0.0.1:"+port, "--rompath", filepath.Join(guestFolder, "marked"), "--nick", "ben")
	for _, d := range []*desk.Desk{g, h} {
		d.Text("ready, ping")
		d.Choose("Ready")
		d.Press("Return")
	}
	inGame(h)
	inGame(g)
	return h, g, filepath.Join(hostFolder, "marked"), "127.0.0.1:" + port
}

// plays checks that a key of each of the two is seen in both windows.
func plays(t *testing.T, h, g *desk.Desk) {
	t.Helper()
	restH, restG := inGame(h), inGame(g)
	for _, d := range []*desk.Desk{h, g} {
		d.Key("Up", true)
		sees(h, "a key in the host's window", restH)
		sees(g, "a key in the guest's window", restG)
		d.Key("Up", false)
		rests(h, restH)
		rests(g, restG)
	}
}

// rests waits until a window shows the game at rest again.
func rests(d *desk.Desk, rest *image.NRGBA) {
	d.Until("the game at rest", func(img *image.NRGBA) bool { return samePicture(img, rest) })
}

// gone waits until a text is no longer seen.
func gone(d *desk.Desk, text string) {
	d.Until("the end of: "+text, func(img *image.NRGBA) bool { return !shows(img, text) })
}

// flip flips a bit of the mark wherever a process has it in its memory: in the
// machine's, and in the states that it keeps to go back to.
func flip(t *testing.T, p *os.Process) {
	t.Helper()
	stop(t, p)
	defer p.Signal(syscall.SIGCONT)
	mem, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", p.Pid), os.O_RDWR, 0)
	if err != nil {
		t.Skipf("another process's memory cannot be changed here: %v", err)
	}
	defer mem.Close()
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", p.Pid))
	if err != nil {
		t.Fatal(err)
	}
	defer maps.Close()
	found := 0
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to int64
		var rights string
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &rights); n != 3 || !strings.HasPrefix(rights, "rw-p") {
			continue
		}
		b := make([]byte, to-from)
		n, _ := mem.ReadAt(b, from)
		b = b[:n]
		for at := 0; ; {
			i := bytes.Index(b[at:], mark)
			if i < 0 {
				break
			}
			at += i
			if _, err := mem.WriteAt([]byte{mark[0] ^ 4}, from+int64(at)); err != nil {
				t.Fatal(err)
			}
			found++
			at += len(mark)
		}
	}
	if found < 2 {
		t.Fatalf("the mark is %d times in the memory of the process", found)
	}
}

// stop makes a process stand still.
func stop(t *testing.T, p *os.Process) {
	t.Helper()
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
}

// The guest's program stands still for a moment: the host is warned, waits, and
// both go on. Then a bit flips in the guest's memory: both see when and what;
// the host goes on from its state. After a second flip the guest leaves.
func TestWindowsFaults(t *testing.T) {
	h, g, _, _ := twoWindows(t)

	const silence = "nothing comes from ben: the game waits, for"
	stop(t, g.Process())
	h.Text(silence)
	h.Save("faults-1-silence")
	g.Process().Signal(syscall.SIGCONT)
	gone(h, silence)
	plays(t, h, g)

	const apart = "The two sides went apart"
	field := fmt.Sprintf("ram+%#x: ", markAt-0x4000)
	flip(t, g.Process())
	for i, d := range []*desk.Desk{h, g} {
		for _, text := range []string{apart, "The two sides differ before frame", "one value does (here, there):", field} {
			d.Text(text)
		}
		d.Save(fmt.Sprintf("faults-%d-apart", i+2))
	}
	time.Sleep(time.Second) // in which a dialog does not listen
	h.Press("Return")       // go on
	plays(t, h, g)

	flip(t, g.Process())
	h.Text(apart)
	g.Text(apart)
	time.Sleep(time.Second)
	g.Press("Return") // leave
	if code := g.Ended(); code != 0 {
		t.Errorf("the guest's exit code is %d", code)
	}
	h.Text("The match is over")
	h.Text("the other side left")
	h.Save("faults-4-over")
	time.Sleep(time.Second)
	h.Press("Right", "Return")
	if code := h.Ended(); code != 0 {
		t.Errorf("the host's exit code is %d", code)
	}
}

// The guest does not come back in time: the host plays on alone, and the guest is
// told so when it is back. Another time it comes back while the host is being
// asked, and the match goes on.
func TestWindowsLostPeer(t *testing.T) {
	if !long() {
		t.Skip("takes two minutes: ./test --long")
	}
	h, g, _, _ := twoWindows(t)
	h.Wait, g.Wait = 90*time.Second, 90*time.Second
	const lost = "ben is not heard any more"
	stop(t, g.Process())
	h.Text(lost)
	h.Save("lost-1-asked")
	g.Process().Signal(syscall.SIGCONT)
	gone(h, lost)
	plays(t, h, g)

	stop(t, g.Process())
	h.Text(lost)
	time.Sleep(time.Second)
	h.Press("Return") // play on alone
	gone(h, lost)
	h.Save("lost-2-alone")
	rest := inGame(h)
	if !matters(h, "Up", rest, true) {
		t.Error("the host's key does nothing when it plays alone")
	}
	g.Process().Signal(syscall.SIGCONT)
	g.Text("The match is over")
	g.Text("the other side left: it plays on alone")
	g.Save("lost-3-too-late")
	time.Sleep(time.Second)
	g.Press("Return")
	if code := g.Ended(); code != 0 {
		t.Errorf("the guest's exit code is %d", code)
	}
	if !matters(h, "Up", inGame(h), true) {
		t.Error("the host's key does nothing after the guest has gone")
	}

	// Leaving is the other answer.
	h, g, _, _ = twoWindows(t)
	h.Wait = 90 * time.Second
	g.Process().Kill()
	h.Text(lost)
	time.Sleep(time.Second)
	h.Press("Right", "Return")
	if code := h.Ended(); code != 0 {
		t.Errorf("the host's exit code is %d", code)
	}
}

// Somebody else watches from the list, by keys: sees what is played, can change
// nothing, and is told of the end.
func TestWindowsSpectator(t *testing.T) {
	if !long() {
		t.Skip("takes a minute: ./test --long")
	}
	if _, err := exec.LookPath("xclip"); err != nil {
		t.Skip("xclip is not installed (Debian: xclip)")
	}
	h, _, roms, address := twoWindows(t)
	s, _, start := windowDesk(t)
	putCopied(t, s, address)
	start("--rompath", roms)
	s.Text("all games")
	s.Press("F1")
	s.Choose("Join a friend")
	s.Press("Return")
	s.Choose("Only watch")
	s.Press("Return", "Home", "Return") // the first item is the invite
	s.Hold(150*time.Millisecond, "Control_L", "v")
	s.Text(address)
	s.Save("watch-1-invite")
	s.Press("Return")
	s.Text("watching, from frame")
	s.Save("watch-2-begin")
	gone(s, "watching, from frame")
	restH, restS := inGame(h), inGame(s)
	h.Key("Up", true)
	sees(s, "the host's key in the spectator's window", restS)
	h.Key("Up", false)
	rests(s, restS)
	rests(h, restH)
	if !matters(s, "Left", restS, false) {
		t.Error("a spectator's key is seen")
	}
	h.Press("Escape")
	h.Choose("Leave the game")
	h.Press("Return")
	h.Text("Leave the game?")
	h.Press("Return")
	s.Text("The match is over")
	s.Save("watch-3-over")
	time.Sleep(time.Second)
	s.Press("Return")
	s.Text("all games")
}
