package tests

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"arcade/cmd/arcade/toolkit"
	"arcade/cmd/arcade/window/desk"
	"arcade/machine"
	cps3rom "arcade/tests/roms/cps3"
)

// TestWindowKeepsWhatTheGameKeeps plays a game that shows what its board kept,
// leaves it, and plays it again. The third time the EEPROM's file is damaged.
func TestWindowKeepsWhatTheGameKeeps(t *testing.T) {
	const set = "redearthn"
	d, folder, start := windowDesk(t)
	roms := keptROM(t, set)
	kept := filepath.Join(folder, "data", "nvram", set)

	// What should be in the machine when the program has done its work.
	m, err := openGame(t, set, roms).Build()
	if err != nil {
		t.Fatal(err)
	}
	in := m.Inputs.Released()
	for range cps3rom.KeptFrames {
		m.Frame(&in, nil)
	}
	leave := func() {
		t.Helper()
		d.Press("Escape")
		d.Choose("Leave the game")
		d.Press("Return")
		d.Text("Leave the game?")
		d.Press("Return")
		if code := d.Ended(); code != 0 {
			t.Fatalf("exit code %d", code)
		}
	}
	eeprom := func(want []byte) {
		t.Helper()
		if got, err := os.ReadFile(filepath.Join(kept, "eeprom")); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("the file of the EEPROM (%v):\n%x\nwant\n%x", err, got, want)
		}
	}

	if os.Getenv("ARCADE_LONG") != "" {
		start("play", set, "--rompath", roms, "--no-nvram")
		textShown(d)
		time.Sleep(6 * time.Second)
		leave()
		if exists(kept) {
			t.Fatalf("with --no-nvram there is %s", kept)
		}
	}
	start("play", set, "--rompath", roms)
	first := textShown(d)
	// The program has written to everything long before the first look.
	for end := time.Now().Add(30 * time.Second); !exists(filepath.Join(kept, "flash")); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is stored while the game is played")
		}
	}
	leave()
	eeprom(keptOf(m, "eeprom"))
	d.Save("1-first")

	start("play", set, "--rompath", roms)
	second := textShown(d)
	if samePicture(first, second) {
		t.Fatal("the second time nothing is seen of what was kept")
	}
	leave()
	eeprom(keptOf(m, "eeprom"))

	if err := os.WriteFile(filepath.Join(kept, "eeprom"), []byte("too short"), 0o666); err != nil {
		t.Fatal(err)
	}
	start("play", set, "--rompath", roms)
	d.Text("What the game kept")
	d.Save("2-damaged")
	d.Press("Return")
	third := textShown(d)
	if samePicture(third, first) || samePicture(third, second) {
		t.Error("it does not start with flash as kept and the EEPROM from the factory")
	}
	leave()
	eeprom(keptOf(m, "eeprom"))
	if b, err := os.ReadFile(filepath.Join(kept, "eeprom.bad")); err != nil || string(b) != "too short" {
		t.Errorf("the damaged file: %q, %v", b, err)
	}
}

// textShown waits for the program's text, and for an end of changes.
func textShown(d *desk.Desk) *image.NRGBA {
	d.Until("the program's text", func(img *image.NRGBA) bool {
		lit, menu := 0, 0
		for i := 0; i < len(img.Pix); i += 4 {
			switch r, g, b := img.Pix[i], img.Pix[i+1], img.Pix[i+2]; {
			case r == toolkit.Dark.Accent.R && g == toolkit.Dark.Accent.G && b == toolkit.Dark.Accent.B:
				menu++
			case int(r)+int(g)+int(b) > 100:
				lit++
			}
		}
		return lit > 1000 && menu == 0
	})
	return d.Still()
}

func keptOf(m *machine.Machine, name string) []byte {
	for i := range m.Kept {
		if m.Kept[i].Name == name {
			return m.Kept[i].Save()
		}
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
