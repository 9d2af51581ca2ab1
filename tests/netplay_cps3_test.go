package tests

import (
	"fmt"
	"testing"
	"time"

	"arcade/cmd/arcade/online"
	"arcade/tests/impair"
	"arcade/tests/oracle"
)

// TestCPS3TwoProcesses plays the heaviest board over a round trip of 150 ms: a
// rollback and the frames after it have to fit into a frame's time, so none may
// be late. That holds on a computer that has nothing else to do, so it is only
// asked with ARCADE_LONG.
func TestCPS3TwoProcesses(t *testing.T) {
	if !long() {
		t.Parallel()
	}
	frames := 300
	if long() {
		frames = 3600
	}
	rompath := oracle.Demo(t, "redearthn")
	bin := program(t, "1.0-test")
	h := start(t, bin, t.TempDir(), "host", "redearthn", "--rompath", rompath, "--port", "0", "--nick", "anna", "--frames", fmt.Sprint(frames),
		"--input", moves(t, 1, frames))
	port, code := h.invite()
	proxy, err := impair.New(port, impair.Quality{Latency: 75 * time.Millisecond, Jitter: 3 * time.Millisecond}, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	g := start(t, bin, t.TempDir(), "join", fmt.Sprintf("127.0.0.1:%d#%s", proxy.Port(), code), "--rompath", rompath, "--nick", "ben", "--frames", fmt.Sprint(frames),
		"--input", moves(t, 2, frames))
	limit := time.Duration(frames)*time.Second/50 + 60*time.Second
	if a, b := h.wait(limit), g.wait(limit); a != 0 || b != 0 {
		t.Fatalf("exit codes %d and %d", a, b)
	}
	hr, gr := h.result(), g.result()
	same(t, hr, gr, int32(frames), true)
	verified(t, h, rompath, frames/60)
	verified(t, g, rompath, frames/60)
	for _, r := range []online.Report{hr, gr} {
		t.Logf("%s: delay %d, %d rollbacks of at most %d, %d stalls, %.0f ms round trip, %d frames late", r.Role, r.Delay, r.Rollbacks, r.MaxRollback,
			r.Stalls, r.RTT, r.Late)
		if long() && r.Late > 0 {
			t.Errorf("%s: %d frames late", r.Role, r.Late)
		}
	}
}
