package tests

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arcade/cmd/arcade/script"
	"arcade/cpu"
	"arcade/tests/oracle"
)

// traceEqualsMAME compares the trace of a program's first frames. There must be
// some lines a frame. Returns at how many addresses there were instructions.
func traceEqualsMAME(t *testing.T, set, rompath string, frames, linesAFrame int) (addresses int) {
	t.Helper()
	return traced{set: set, rompath: rompath, last: frames - 1, lines: frames * linesAFrame}.equalsMAME(t)
}

// traced is some frames of a program of which every instruction is compared.
type traced struct {
	set, rompath string
	input        string
	first, last  int // frames
	lines        int // so many there must be at least
}

// equalsMAME compares every line of an instruction trace of the main CPU with
// MAME's: cycles, registers, text. Returns at how many addresses there were
// instructions.
func (c traced) equalsMAME(t *testing.T) (addresses int) {
	t.Helper()
	_, dir := oracle.Frames(t, oracle.Options{
		Set: c.set, Rompath: c.rompath, Frames: c.last + 1, Input: c.input,
		Args: []string{"--trace", fmt.Sprintf("maincpu@%d-%d", c.first, c.last)},
	})
	f, err := os.Open(filepath.Join(dir, "trace.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := openGame(t, c.set, c.rompath).Build()
	if err != nil {
		t.Fatal(err)
	}
	moves, err := script.Parse("input", strings.NewReader(c.input), m.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	want := bufio.NewScanner(f)
	core := m.Scheduler.CPUs()[0].Core()
	lines, wrong, missing := 0, 0, 0
	seen := map[uint32]bool{}
	trace := cpu.Tracer(core, func(line []byte) {
		if !want.Scan() {
			missing++
			return
		}
		lines++
		seen[core.PC()] = true
		if !bytes.Equal(want.Bytes(), line) {
			if wrong++; wrong <= 3 {
				t.Errorf("line %d\nhere %s\nMAME %s", lines, line, want.Bytes())
			}
		}
	})
	input := m.Inputs.Released()
	for n := range c.last + 1 {
		moves.Apply(uint64(n), &input)
		if n == c.first {
			core.SetTrace(trace)
		}
		m.Frame(&input, nil)
	}
	more := want.Scan()
	if err := want.Err(); err != nil {
		t.Fatal(err)
	}
	if wrong > 0 || missing > 0 || more || lines < c.lines {
		t.Errorf("%d lines compared, of at least %d; %d differ, %d more here, more in MAME: %v", lines, c.lines, wrong, missing, more)
	}
	t.Logf("%d instructions compared", lines)
	return len(seen)
}
