package tests

import (
	"os"
	"testing"

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
