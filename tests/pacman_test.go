package tests

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"arcade/cpu"
	"arcade/machine"
	"arcade/machine/session"
	"arcade/tests/oracle"
)

const pacmanMoves = `
50 press P1 Up
60 release P1 Up
70 press Coin 1
75 release Coin 1
100 set Difficulty = 0
200 press P2 Left
300 press 1 Player Start
310 release 1 Player Start
400 release P2 Left
500 press Service 1
700 set Lives = 0
900 press P1 Right
`

func TestPacmanEqualsMAME(t *testing.T) {
	t.Run("demo", func(t *testing.T) {
		comparison{"puckman", oracle.Demo(t, "puckman"), 1200, pacmanMoves, []string{"maincpu"}, true}.run(t)
	})
	t.Run("bench", func(t *testing.T) {
		comparison{"puckman", oracle.Bench(t), 1200, pacmanMoves, []string{"maincpu"}, true}.run(t)
	})
}

func TestPacmanTraceEqualsMAME(t *testing.T) {
	traceEqualsMAME(t, "puckman", oracle.Bench(t), framesOr(30, 186), 4000) // 186: 1.26 million instructions
}

// traceEqualsMAME compares every line of an instruction trace of the main CPU
// with MAME's: cycles, registers, text. There must be some lines a frame. Returns
// at how many addresses there were instructions.
func traceEqualsMAME(t *testing.T, set, rompath string, frames, linesAFrame int) (addresses int) {
	t.Helper()
	_, dir := oracle.Frames(t, oracle.Options{Set: set, Rompath: rompath, Frames: frames, Args: []string{"--trace", "maincpu"}})
	f, err := os.Open(filepath.Join(dir, "trace.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := openGame(t, set, rompath).Build()
	if err != nil {
		t.Fatal(err)
	}
	want := bufio.NewScanner(f)
	core := m.Scheduler.CPUs()[0].Core()
	lines, wrong := 0, 0
	seen := map[uint32]bool{}
	trace := cpu.Tracer(core, func(line []byte) {
		if !want.Scan() {
			return
		}
		lines++
		seen[core.PC()] = true
		if want.Text() != string(line) {
			if wrong++; wrong <= 3 {
				t.Errorf("line %d\nhere %s\nMAME %s", lines, line, want.Text())
			}
		}
	})
	core.SetTrace(trace)
	input := m.Inputs.Released()
	for range frames {
		m.Frame(&input, nil)
	}
	if wrong > 0 || lines < frames*linesAFrame || want.Scan() {
		t.Errorf("%d lines compared, %d differ", lines, wrong)
	}
	return len(seen)
}

func TestPacmanSync(t *testing.T) {
	for _, rompath := range []string{oracle.Bench(t), oracle.Demo(t, "puckman")} {
		syncTest(t, "puckman", rompath, 10_000, rompath != oracle.Bench(t))
	}
}

// syncTest runs the sync test at distance 8. controls says whether the program
// looks at its controls.
func syncTest(t *testing.T, set, rompath string, frames int, controls bool) {
	t.Helper()
	g := openGame(t, set, rompath)
	r, err := (&session.SyncTest{Build: g.Build, Frames: frames, Distance: 8, Seed: 1}).Run()
	if err != nil {
		t.Error(err)
	}
	if controls && !r.Controls {
		t.Error("the controls never changed the state")
	}
}

// framesOr chooses the long form of a test behind ./test --long.
func framesOr(short, long int) int {
	if os.Getenv("ARCADE_LONG") != "" {
		return long
	}
	return short
}

func TestPacmanDamagedStates(t *testing.T) {
	damagedStates(t, "puckman", oracle.Bench(t))
}

// damagedStates runs 60 frames from each of many states with random faults.
func damagedStates(t *testing.T, set, rompath string) {
	t.Helper()
	rounds := framesOr(300, 10_000)
	m, err := openGame(t, set, rompath).Build()
	if err != nil {
		t.Fatal(err)
	}
	if n := machine.Damage(m, rounds, 60, 1); n != rounds {
		t.Errorf("%d of %d damaged states ran", n, rounds)
	}
}
