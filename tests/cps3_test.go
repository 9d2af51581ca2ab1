package tests

import (
	"os"
	"testing"

	"arcade/machine"
	"arcade/romset"
	"arcade/tests/oracle"
	cps3rom "arcade/tests/roms/cps3"
)

const cps3Moves = `
30 press P1 Up
40 release P1 Up
50 press Coin 1
55 release Coin 1
150 press P2 Left
200 press P1 Start / Change Orb
210 release P1 Start / Change Orb
300 release P2 Left
400 press Service 1
401 press P1 Right
500 press P1 Roundhouse Kick
520 press P2 Jab Punch
900 press P1 Down
1000 release P1 Right
`

// Pictures, all registers and the sound of the reference's demonstration and
// of the benchmark are MAME's, frame by frame.
func TestCPS3EqualsMAME(t *testing.T) {
	t.Run("demo", func(t *testing.T) {
		comparison{"redearthn", oracle.Demo(t, "redearthn"), framesOr(300, 1200), cps3Moves, []string{"maincpu"}, true}.run(t)
	})
	t.Run("bench", func(t *testing.T) {
		comparison{"redearthn", oracle.Bench(t), framesOr(120, 1200), cps3Moves, []string{"maincpu"}, true}.run(t)
	})
}

// Each instruction of the demonstration and of the benchmark finds the cycle and
// the registers that it finds in MAME: 5 million of each with $ARCADE_LONG, in
// two parts, because MAME writes 300 MB a million; else one frame.
func TestCPS3TraceEqualsMAME(t *testing.T) {
	const moves = `
1 press P1 Up
3 press Coin 1
5 release P1 Up
9 press P2 Left
11 press P1 Start / Change Orb
`
	demo := oracle.Demo(t, "redearthn")
	if os.Getenv("ARCADE_LONG") == "" {
		traced{"redearthn", demo, moves, 9, 9, 270_000}.equalsMAME(t)
		return
	}
	for _, c := range []struct {
		name string
		traced
	}{
		{"demo from the start", traced{"redearthn", demo, moves, 0, 8, 2_500_000}},
		{"demo later", traced{"redearthn", demo, moves, 9, 17, 2_500_000}},
		{"bench from the start", traced{"redearthn", oracle.Bench(t), moves, 0, 6, 2_500_000}},
		{"bench later", traced{"redearthn", oracle.Bench(t), moves, 7, 13, 2_500_000}},
	} {
		t.Run(c.name, func(t *testing.T) { c.equalsMAME(t) })
	}
}

func TestCPS3Sync(t *testing.T) {
	syncTest(t, "redearthn", oracle.Demo(t, "redearthn"), framesOr(400, 10_000), true)
	syncTest(t, "redearthn", oracle.Bench(t), framesOr(100, 10_000), false)
}

func TestCPS3DamagedStates(t *testing.T) {
	m, err := openGame(t, "redearthn", oracle.Demo(t, "redearthn")).Build()
	if err != nil {
		t.Fatal(err)
	}
	rounds := framesOr(40, 10_000)
	if n := machine.Damage(m, rounds, 30, 1); n != rounds {
		t.Errorf("%d of %d damaged states ran", n, rounds)
	}
}

// What the program writes to flash, among all else, is part of the state.
func TestCPS3OwnProgramSync(t *testing.T) {
	set, ok := romset.Lookup("sfiii2n")
	if !ok {
		t.Fatal("there is no set sfiii2n")
	}
	dir := t.TempDir()
	if err := cps3rom.Write(dir, set, cps3rom.NewScript(2)); err != nil {
		t.Fatal(err)
	}
	syncTest(t, "sfiii2n", dir, cps3rom.Frames, false)
}
