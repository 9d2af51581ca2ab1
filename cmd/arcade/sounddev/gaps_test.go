package sounddev_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"arcade/cmd/arcade/player"
	"arcade/cmd/arcade/sounddev"
	"arcade/cmd/arcade/toy"
	"arcade/machine/session"
)

// soundServer starts a PulseAudio of the test's own whose only device is one
// that nobody hears, but that takes samples at a real one's pace.
func soundServer(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pulseaudio"); err != nil {
		t.Skip("pulseaudio is not installed")
	}
	dir := t.TempDir()
	socket := filepath.Join(dir, "native")
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes",
		"-L", "module-null-sink rate=48000", "-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_RUNTIME_DIR="+dir)
	if err := cmd.Start(); err != nil {
		t.Skipf("pulseaudio does not start: %v", err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 100 {
		if _, err := os.Stat(socket); err == nil {
			t.Setenv("PULSE_SERVER", "unix:"+socket)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Skip("pulseaudio gives no socket")
}

// played is what was seen while a machine was played for some time.
type played struct {
	gaps, missed int
	most         time.Duration // sound that was buffered
	frames       uint64
}

func (p played) String() string {
	return fmt.Sprintf("%d frames, %d gaps, %d missed, at most %v of sound buffered", p.frames, p.gaps, p.missed, p.most)
}

// play plays the toy through the host's device.
func play(t *testing.T, d *sounddev.Device, how time.Duration) played {
	t.Helper()
	m, err := toy.New(toy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := player.New(player.Options{Session: session.NewLocal(m), Sound: d})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- p.Run() }()
	time.Sleep(500 * time.Millisecond) // the start counts as none
	before := p.Stats()
	var out played
	for end := time.Now().Add(how); time.Now().Before(end); time.Sleep(3 * time.Millisecond) {
		out.most = max(out.most, p.Stats().Buffered)
	}
	after := p.Stats()
	p.Stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	out.gaps, out.missed, out.frames = after.Gaps-before.Gaps, after.Missed-before.Missed, after.Frames-before.Frames
	return out
}

// TestSoundHasNoGaps plays through a sound server: for seconds, and with
// ARCADE_LONG for ten minutes idle and ten with all processors busy.
func TestSoundHasNoGaps(t *testing.T) {
	soundServer(t)
	d := sounddev.Open(0)
	defer d.Close()
	for deadline := time.Now().Add(10 * time.Second); !d.Ready(); time.Sleep(10 * time.Millisecond) {
		if err := d.Err(); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(deadline) {
			t.Fatal("the device does not open")
		}
	}
	// What the window allows, and a block of the device's.
	const most = sounddev.DefaultLatency
	if os.Getenv("ARCADE_LONG") == "" {
		// Other tests run at the same time: once in some tries nobody disturbs.
		var got played
		for range 6 {
			got = play(t, d, 3*time.Second)
			t.Log(got)
			if got.gaps == 0 && got.most <= most && got.frames > 150 {
				return
			}
		}
		t.Errorf("%v; want no gap, and at most %v", got, most)
		return
	}
	how := 10 * time.Minute
	if s, err := time.ParseDuration(os.Getenv("ARCADE_SOUND_TIME")); err == nil {
		how = s
	}
	idle := play(t, d, how)
	t.Log("idle: ", idle)
	if idle.gaps != 0 || idle.missed != 0 || idle.most > most {
		t.Errorf("idle: %v; want no gap, none missed, and at most %v", idle, most)
	}
	for range runtime.NumCPU() {
		busy := exec.Command("sh", "-c", "while :; do :; done")
		if err := busy.Start(); err != nil {
			t.Fatal(err)
		}
		defer busy.Wait()
		defer busy.Process.Kill()
	}
	load := play(t, d, how)
	t.Log("under load: ", load)
	if load.gaps != 0 || load.most > most {
		t.Errorf("under load: %v; want no gap, and at most %v", load, most)
	}
}
