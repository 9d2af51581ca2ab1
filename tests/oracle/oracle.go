// Package oracle runs MAME as a reference, for tests: it needs the folder that
// $ARCADE_SHARED names, or ../shared beside the repository, and MAME itself.
package oracle

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Shared is the folder with reference data, or "" if there is none.
func Shared() string {
	dir := os.Getenv("ARCADE_SHARED")
	if dir == "" {
		root, err := repository()
		if err != nil {
			return ""
		}
		dir = filepath.Join(root, "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "oracle", "run")); err != nil {
		return ""
	}
	return dir
}

// repository is the folder of go.mod, from the working directory upwards.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod in any folder above")
		}
		dir = up
	}
}

// NeedShared skips the test where there is no reference data.
func NeedShared(t testing.TB) string {
	t.Helper()
	dir := Shared()
	if dir == "" {
		t.Skip("no reference data: set ARCADE_SHARED to its folder, or put it beside the repository as ../shared")
	}
	return dir
}

// Need skips the test where MAME or the reference data are missing.
func Need(t testing.TB) string {
	t.Helper()
	dir := NeedShared(t)
	for _, tool := range []string{"python3", "/usr/games/mame"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: ./test installs it", tool)
		}
	}
	return dir
}

// Demo builds the reference's demonstration ROMs and returns their folder.
func Demo(t testing.TB, sets ...string) string {
	t.Helper()
	dir := Need(t)
	out := t.TempDir()
	Run(t, filepath.Join(dir, "oracle", "roms", "build"), append([]string{out}, sets...)...)
	return out
}

// Bench is the folder of the benchmark ROMs.
func Bench(t testing.TB) string {
	t.Helper()
	return filepath.Join(NeedShared(t), "bench")
}

// Run runs a command and fails the test if the command fails.
func Run(t testing.TB, name string, args ...string) {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// Frame is what MAME said of one frame.
type Frame struct {
	Frame uint64                       `json:"frame"`
	W     int                          `json:"w"`
	H     int                          `json:"h"`
	RGB   string                       `json:"rgb"`
	Regs  map[string]map[string]string `json:"regs"`
	Mem   map[string]string            `json:"mem"`
}

// Options says what to run.
type Options struct {
	Set     string
	Rompath string
	Frames  int
	Input   string   // an input script's text
	Args    []string // more options of the oracle's run
}

// Frames runs MAME and returns every frame's record and the output folder.
func Frames(t testing.TB, o Options) ([]Frame, string) {
	t.Helper()
	dir := Need(t)
	out := t.TempDir()
	args := []string{"--set", o.Set, "--rompath", o.Rompath, "--frames", fmt.Sprint(o.Frames), "--out", out}
	if o.Input != "" {
		name := filepath.Join(out, "input.txt")
		if err := os.WriteFile(name, []byte(o.Input), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--input", name)
	}
	Run(t, filepath.Join(dir, "oracle", "run"), append(args, o.Args...)...)
	f, err := os.Open(filepath.Join(out, "frames.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var frames []Frame
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var r Frame
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		frames = append(frames, r)
	}
	if len(frames) != o.Frames {
		t.Fatalf("MAME gave %d frames, not %d", len(frames), o.Frames)
	}
	return frames, out
}
