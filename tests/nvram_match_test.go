package tests

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	cpsrom "arcade/tests/roms/cps"
)

// Two play a game that writes to its EEPROM. One has changed it before, the
// other has not: the match begins as from the factory on both sides, and neither
// has another file afterwards.
func TestMatchesLeaveAloneWhatGamesKeep(t *testing.T) {
	const set, frames = "pang3b", 130
	saved := cpsrom.Program
	defer func() { cpsrom.Program = saved }()
	cpsrom.Program = pokes(programEEPROM(0x80017a, true))
	roms := ownCPS(t, set)
	mine := bytes.Repeat([]byte("changed!"), 16)
	home := []string{t.TempDir(), t.TempDir()}
	file := func(i int) string { return filepath.Join(home[i], "data", "arcade", "nvram", set, "eeprom") }
	if err := os.MkdirAll(filepath.Dir(file(1)), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file(1), mine, 0o666); err != nil {
		t.Fatal(err)
	}

	bin := program(t, "1.0-test")
	more := []string{"--rompath", roms, "--frames", fmt.Sprint(frames)}
	h := start(t, bin, home[0], append([]string{"host", set, "--port", "0"}, more...)...)
	port, code := h.invite()
	g := start(t, bin, home[1], append([]string{"join", fmt.Sprintf("127.0.0.1:%d#%s", port, code)}, more...)...)
	if a, b := h.wait(60*time.Second), g.wait(60*time.Second); a != 0 || b != 0 {
		t.Fatalf("exit codes %d and %d", a, b)
	}
	m, err := openGame(t, set, roms).Build()
	if err != nil {
		t.Fatal(err)
	}
	fresh := m.NVRAM()
	in := m.Inputs.Released()
	for range frames {
		m.Frame(&in, nil)
	}
	if bytes.Equal(m.NVRAM(), fresh) {
		t.Fatal("the program writes nothing")
	}
	want := fmt.Sprintf("%016x", m.Arena.Hash())
	if hr, gr := h.result(), g.result(); hr.FinalHash != want || gr.FinalHash != want || hr.FinalFrame != frames {
		t.Errorf("after %d frames the states are %s and %s; a machine from the factory has %s then", hr.FinalFrame, hr.FinalHash, gr.FinalHash, want)
	}
	verified(t, h, roms, 2)
	verified(t, g, roms, 2)
	if exists(filepath.Dir(file(0))) {
		t.Error("the host has a file now")
	}
	if b, err := os.ReadFile(file(1)); err != nil || !bytes.Equal(b, mine) {
		t.Errorf("the guest's file is another now: %q, %v", b, err)
	}
}
