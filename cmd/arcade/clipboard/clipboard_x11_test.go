//go:build !windows && !darwin

package clipboard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arcade/cmd/arcade/window/desk"
)

// xclip runs another program's idea of a clipboard.
func xclip(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	c := exec.Command("xclip", append([]string{"-selection", "clipboard"}, args...)...)
	c.Stdin = strings.NewReader(stdin)
	if stdin != "" {
		return "", c.Run() // what stays in the background has no output to wait for
	}
	out, err := c.Output()
	return string(out), err
}

// What is copied here is pasted by another program, and the other way round.
func TestWithAnotherProgram(t *testing.T) {
	if _, err := exec.LookPath("xclip"); err != nil {
		t.Skip("xclip is not installed (Debian: xclip)")
	}
	t.Setenv("DISPLAY", desk.New(t, 200, 200).Display())
	if s, err := Read(); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty clipboard: %q, %v", s, err)
	}
	for _, text := range []string{"203.0.113.5:27886#k3t9abcdefghijkl", "Grüße, 餓狼\nline 2", strings.Repeat("long ", 5000)} {
		if err := Write(text); err != nil {
			t.Fatal(err)
		}
		if got, err := xclip(t, "", "-o", "-target", "UTF8_STRING"); err != nil || got != text {
			t.Errorf("%.40q: the other program gets %.40q, %v", text, got, err)
		}
		if got, err := Read(); err != nil || got != text {
			t.Errorf("%.40q: read here: %.40q, %v", text, got, err)
		}
		if got, err := xclip(t, "", "-o", "-target", "TARGETS"); err != nil || !strings.Contains(got, "UTF8_STRING") {
			t.Errorf("the targets are %q, %v", got, err)
		}
		if got, err := xclip(t, "", "-o", "-target", "image/png"); err == nil {
			t.Errorf("a picture was handed over: %q", got)
		}
		other := "back: " + text[:min(len(text), 100)]
		if _, err := xclip(t, other, "-i"); err != nil {
			t.Fatal(err)
		}
		// It goes into the background before it owns the clipboard.
		got, err := Read()
		for end := time.Now().Add(5 * time.Second); got != other && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			got, err = Read()
		}
		if err != nil || got != other {
			t.Errorf("the other program wrote %q; read %q, %v", other, got, err)
		}
	}
	if err := Write("Grüße, 餓狼"); err != nil {
		t.Fatal(err)
	}
	if got, err := xclip(t, "", "-o", "-target", "STRING"); err != nil || got != "Gr\xfc\xdfe, ??" {
		t.Errorf("as Latin-1: %q, %v", got, err)
	}
	if _, err := xclip(t, strings.Repeat("x", 3*MaxText), "-i"); err != nil {
		t.Fatal(err)
	}
	got, err := Read()
	for end := time.Now().Add(9 * time.Second); (err == nil || errors.Is(err, ErrEmpty)) && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		got, err = Read()
	}
	if err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestNoClipboard(t *testing.T) {
	for _, display := range []string{"", "nonsense", ":59999", ":x", "unix:-1"} {
		t.Setenv("DISPLAY", display)
		if _, err := Read(); !errors.Is(err, ErrNone) {
			t.Errorf("DISPLAY=%q: read: %v", display, err)
		}
		if err := Write("x"); !errors.Is(err, ErrNone) {
			t.Errorf("DISPLAY=%q: write: %v", display, err)
		}
	}
}

// A server that wants proof gets it from the file of cookies.
func TestCookie(t *testing.T) {
	if _, err := exec.LookPath("Xvfb"); err != nil {
		t.Skip("Xvfb is not installed (Debian: xvfb)")
	}
	secret := strings.Repeat("\x5a\x01", 8)
	entry := func(family uint16, parts ...string) (b []byte) {
		b = binary.BigEndian.AppendUint16(b, family)
		for _, p := range parts {
			b = append(binary.BigEndian.AppendUint16(b, uint16(len(p))), p...)
		}
		return b
	}
	auth := filepath.Join(t.TempDir(), "auth")
	file := append(entry(256, "elsewhere", "99", "MIT-MAGIC-COOKIE-1", "another secret!!"), entry(65535, "", "", "MIT-MAGIC-COOKIE-1", secret)...)
	if err := os.WriteFile(auth, file, 0o600); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-auth", auth, "-screen", "0", "64x64x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Skipf("Xvfb does not start: %v", err)
	}
	defer func() { x.Process.Kill(); x.Wait() }()
	w.Close()
	number := 0
	if n, _ := fmt.Fscan(r, &number); n != 1 {
		t.Skip("Xvfb does not start")
	}
	t.Setenv("DISPLAY", fmt.Sprintf(":%d", number))
	t.Setenv("XAUTHORITY", filepath.Join(t.TempDir(), "none"))
	if err := Write("x"); !errors.Is(err, ErrNone) {
		t.Skipf("this X server wants no proof: %v", err)
	}
	t.Setenv("XAUTHORITY", auth)
	if err := Write("let in"); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(); err != nil || got != "let in" {
		t.Errorf("%q, %v", got, err)
	}
}
