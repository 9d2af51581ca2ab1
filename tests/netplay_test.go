package tests

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"arcade/cmd/arcade/online"
	"arcade/tests/impair"
	"arcade/tests/oracle"
)

// These tests play matches between real processes, through the verbs.

// program is arcade, built once; "other" is the same with another version.
func program(t *testing.T, version string) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if p := builds.of[version]; p != "" {
		return p
	}
	dir, err := os.MkdirTemp("", "arcade-netplay")
	if err != nil {
		t.Fatal(err)
	}
	p := filepath.Join(dir, "arcade")
	out, err := exec.Command("go", "build", "-ldflags", "-X main.version="+version, "-o", p, "arcade/cmd/arcade").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	builds.of[version] = p
	return p
}

var builds = struct {
	sync.Mutex
	of map[string]string
}{of: map[string]string{}}

// proc is a process of a match.
type proc struct {
	t      *testing.T
	cmd    *exec.Cmd
	home   string
	report string
	out    *lines
	done   chan error
}

// lines collects what a process prints.
type lines struct {
	sync.Mutex
	b bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.Lock()
	defer l.Unlock()
	return l.b.String()
}

// start starts a verb of a program with a home of its own.
func start(t *testing.T, program, home string, args ...string) *proc {
	t.Helper()
	p := &proc{t: t, home: home, out: &lines{}, done: make(chan error, 1), report: filepath.Join(t.TempDir(), "report.json")}
	args = append(args, "--headless", "--report", p.report)
	p.cmd = exec.Command(program, args...)
	p.cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+home+"/data", "XDG_CONFIG_HOME="+home+"/config", "XDG_STATE_HOME="+home+"/state", "HOME="+home)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- p.cmd.Wait() }()
	t.Cleanup(func() {
		p.cmd.Process.Signal(syscall.SIGCONT)
		p.cmd.Process.Kill()
		if t.Failed() {
			t.Logf("%s printed:\n%s", args[0], p.out)
		}
	})
	return p
}

// expect waits until a process has printed something.
func (p *proc) expect(pattern string, within time.Duration) []string {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	for end := time.Now().Add(within); ; time.Sleep(20 * time.Millisecond) {
		if m := re.FindStringSubmatch(p.out.String()); m != nil {
			return m
		}
		if time.Now().After(end) {
			p.t.Fatalf("%q was not printed within %v", pattern, within)
		}
	}
}

// wait waits for the end and gives the exit code.
func (p *proc) wait(within time.Duration) int {
	p.t.Helper()
	select {
	case err := <-p.done:
		if err == nil {
			return 0
		}
		if e, ok := err.(*exec.ExitError); ok {
			return e.ExitCode()
		}
		p.t.Fatal(err)
	case <-time.After(within):
		p.t.Fatalf("it did not end within %v", within)
	}
	return -1
}

func (p *proc) result() online.Report {
	p.t.Helper()
	b, err := os.ReadFile(p.report)
	if err != nil {
		p.t.Fatal(err)
	}
	var r online.Report
	if err := json.Unmarshal(b, &r); err != nil {
		p.t.Fatal(err)
	}
	return r
}

// invite is where a host is: its port and code.
func (p *proc) invite() (port int, code string) {
	p.t.Helper()
	m := p.expect(`:(\d+)#([a-z2-7]{16})\n`, 20*time.Second)
	fmt.Sscan(m[1], &port)
	return port, m[2]
}

// moves writes an input script that goes on to the end, with something held in
// the last frames.
func moves(t *testing.T, player, frames int) string {
	t.Helper()
	var b strings.Builder
	held := ""
	for f, n := 30+7*player, 0; f < frames+60; f, n = f+9+4*player, n+1 {
		if held != "" {
			fmt.Fprintf(&b, "%d release %s\n", f, held)
		}
		held = fmt.Sprintf("P%d %s", player, []string{"Left", "Up", "Right", "Down"}[(n*n+n/3)%4])
		fmt.Fprintf(&b, "%d press %s\n", f, held)
	}
	file := filepath.Join(t.TempDir(), "moves.txt")
	if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// same checks the two reports of a match.
func same(t *testing.T, h, g online.Report, frames int32, rollbacks bool) {
	t.Helper()
	if h.FinalFrame != frames || g.FinalFrame != frames {
		t.Fatalf("they got to frames %d and %d, not %d", h.FinalFrame, g.FinalFrame, frames)
	}
	if h.FinalHash != g.FinalHash || h.NoInputHash != g.NoInputHash {
		t.Errorf("states %s and %s, without inputs %s and %s", h.FinalHash, g.FinalHash, h.NoInputHash, g.NoInputHash)
	}
	if h.FinalHash == h.NoInputHash {
		t.Error("the inputs changed nothing")
	}
	if rollbacks && (h.Rollbacks == 0 || g.Rollbacks == 0) {
		t.Errorf("%d and %d rollbacks", h.Rollbacks, g.Rollbacks)
	}
	if h.MaxRollback > online.Window || g.MaxRollback > online.Window {
		t.Errorf("rollbacks of %d and %d frames, the window is %d", h.MaxRollback, g.MaxRollback, online.Window)
	}
	if h.Desyncs+g.Desyncs != 0 || h.Compared < int64(frames/60) || g.Compared < int64(frames/60) {
		t.Errorf("%d and %d desyncs, %d and %d states compared", h.Desyncs, g.Desyncs, h.Compared, g.Compared)
	}
}

// verified checks the replay of a process.
func verified(t *testing.T, p *proc, rompath string, least int) {
	t.Helper()
	for _, file := range p.result().Replays {
		out, err := exec.Command(p.cmd.Path, "replay", file, "--rompath", rompath, "--verify").CombinedOutput()
		m := regexp.MustCompile(`all (\d+) hashes are right`).FindStringSubmatch(string(out))
		if err != nil || m == nil {
			t.Errorf("replay %s: %v\n%s", file, err, out)
			continue
		}
		n := 0
		fmt.Sscan(m[1], &n)
		if n < least {
			t.Errorf("the replay has only %d hashes", n)
		}
	}
	if len(p.result().Replays) == 0 {
		t.Error("the match was not recorded")
	}
}

// long reports whether there is time.
func long() bool { return os.Getenv("ARCADE_LONG") != "" }

// TestTwoProcesses plays over links of several qualities, from Italy to
// Australia among them.
func TestTwoProcesses(t *testing.T) {
	for _, c := range []struct {
		set     string
		q       impair.Quality
		seconds int // with --long
	}{
		{"puckman", impair.Quality{Latency: 50 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.01}, 60},
		{"sf2", impair.Quality{Latency: 150 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.02}, 600},
		{"puckman", impair.Quality{Latency: 20 * time.Millisecond, BurstEvery: 3 * time.Second, BurstFor: 120 * time.Millisecond}, 120},
	} {
		t.Run(fmt.Sprintf("%s, %v", c.set, c.q), func(t *testing.T) {
			t.Parallel()
			rompath := oracle.Demo(t, c.set)
			frames := 600
			if long() {
				frames = c.seconds * 60
			}
			bin := program(t, "1.0-test")
			h := start(t, bin, t.TempDir(), "host", c.set, "--rompath", rompath, "--port", "0", "--nick", "anna", "--frames", fmt.Sprint(frames),
				"--input", moves(t, 1, frames), "--chat", "ciao")
			port, code := h.invite()
			proxy, err := impair.New(port, c.q, 3)
			if err != nil {
				t.Fatal(err)
			}
			defer proxy.Close()
			g := start(t, bin, t.TempDir(), "join", fmt.Sprintf("127.0.0.1:%d#%s", proxy.Port(), code), "--rompath", rompath, "--nick", "ben", "--frames", fmt.Sprint(frames),
				"--input", moves(t, 2, frames), "--chat", "g'day")
			limit := time.Duration(frames)*time.Second/50 + 60*time.Second
			if a, b := h.wait(limit), g.wait(limit); a != 0 || b != 0 {
				t.Fatalf("exit codes %d and %d", a, b)
			}
			hr, gr := h.result(), g.result()
			same(t, hr, gr, int32(frames), true)
			// Who waits more often than the other is waited for, a tick at a time.
			if diff := max(hr.Stalls, gr.Stalls) - min(hr.Stalls, gr.Stalls); diff > 12+(hr.Stalls+gr.Stalls)/5 {
				t.Errorf("%d and %d stalls: one is stalled alone", hr.Stalls, gr.Stalls)
			}
			if len(hr.Chat) != 1 || hr.Chat[0] != "g'day" || len(gr.Chat) != 1 || gr.Chat[0] != "ciao" {
				t.Errorf("the host read %q, the guest %q", hr.Chat, gr.Chat)
			}
			verified(t, h, rompath, frames/60)
			verified(t, g, rompath, frames/60)
			for _, r := range []online.Report{hr, gr} {
				if kbit := float64(r.BytesSent) * 8 / 1000 / r.Seconds; c.q.Latency == 50*time.Millisecond && kbit > 25 {
					t.Errorf("%s sends %.1f kbit/s", r.Role, kbit)
				}
				t.Logf("%s: delay %d, %d rollbacks of at most %d, %d stalls, %.0f ms round trip, %.1f kbit/s, %d frames late", r.Role, r.Delay, r.Rollbacks, r.MaxRollback,
					r.Stalls, r.RTT, float64(r.BytesSent)*8/1000/r.Seconds, r.Late)
			}
			_, lost := proxy.Counts()
			if (c.q.Loss > 0 || c.q.BurstFor > 0) && lost == 0 {
				t.Error("the proxy lost nothing")
			}
		})
	}
}

// match2 starts a match through a proxy and waits until it runs.
func match2(t *testing.T, frames int, more ...string) (h, g *proc, proxy *impair.Proxy, code string) {
	t.Helper()
	rompath := oracle.Demo(t, "puckman")
	bin := program(t, "1.0-test")
	args := append([]string{"--rompath", rompath, "--frames", fmt.Sprint(frames)}, more...)
	h = start(t, bin, t.TempDir(), append([]string{"host", "puckman", "--port", "0", "--input", moves(t, 1, frames)}, args...)...)
	port, code := h.invite()
	proxy, err := impair.New(port, impair.Quality{Latency: 20 * time.Millisecond}, 5)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	g = start(t, bin, t.TempDir(), append([]string{"join", fmt.Sprintf("127.0.0.1:%d#%s", proxy.Port(), code), "--input", moves(t, 2, frames)}, args...)...)
	g.expect("the match begins", 30*time.Second)
	h.expect("the match begins", 30*time.Second)
	return h, g, proxy, code
}

// A change of address in the middle, and a process that stands still for some
// seconds: the match goes on to the same end.
func TestInterruptions(t *testing.T) {
	t.Parallel()
	h, g, proxy, _ := match2(t, 900)
	time.Sleep(3 * time.Second)
	proxy.Rebind()
	time.Sleep(2 * time.Second)
	g.cmd.Process.Signal(syscall.SIGSTOP)
	h.expect("nothing comes from", 5*time.Second)
	time.Sleep(4 * time.Second)
	g.cmd.Process.Signal(syscall.SIGCONT)
	h.expect("is heard again", 5*time.Second)
	if a, b := h.wait(60*time.Second), g.wait(60*time.Second); a != 0 || b != 0 {
		t.Fatalf("exit codes %d and %d", a, b)
	}
	same(t, h.result(), g.result(), 900, true)
	verified(t, h, oracle.Demo(t, "puckman"), 15)
}

// Ctrl+C in the terminal of one side: the other is told at once, and both have
// their reports and replays.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	h, g, _, _ := match2(t, 100_000)
	time.Sleep(2 * time.Second)
	g.cmd.Process.Signal(os.Interrupt)
	h.expect("the other side left", 3*time.Second)
	if a, b := h.wait(20*time.Second), g.wait(20*time.Second); a != 1 || b != 1 {
		t.Errorf("exit codes %d and %d", a, b)
	}
	if end := g.result().End; !strings.Contains(end, "interrupted") {
		t.Errorf("the end is %q", end)
	}
	for _, p := range []*proc{h, g} {
		if r := p.result(); r.FinalFrame < 60 || r.FinalHash == r.NoInputHash {
			t.Errorf("%s: %+v", r.Role, r)
		}
		verified(t, p, oracle.Demo(t, "puckman"), 1)
	}
}

// Somebody who comes late to watch sees what is played.
func TestLateSpectator(t *testing.T) {
	t.Parallel()
	h, g, proxy, code := match2(t, 900)
	time.Sleep(4 * time.Second)
	s := start(t, h.cmd.Path, t.TempDir(), "spectate", fmt.Sprintf("127.0.0.1:%d#%s", proxy.Port(), code), "--rompath", oracle.Demo(t, "puckman"), "--nick", "aunt")
	from := s.expect(`watching, from frame (\d+) on`, 20*time.Second)
	if a, b, c := h.wait(60*time.Second), g.wait(60*time.Second), s.wait(60*time.Second); a != 0 || b != 0 || c != 0 {
		t.Fatalf("exit codes %d, %d and %d", a, b, c)
	}
	same(t, h.result(), g.result(), 900, true)
	r := s.result()
	first := int32(0)
	fmt.Sscan(from[1], &first)
	if first < 100 || r.Role != "spectator" || r.FinalFrame < 850 || r.Compared < 5 || r.Desyncs != 0 || r.Peer != h.result().Peer && r.Peer == "" {
		t.Errorf("it watched from frame %d: %+v", first, r)
	}
}

// One side is killed, or stands still for longer than anybody waits.
func TestPeerIsGone(t *testing.T) {
	if !long() {
		t.Skip("takes a minute: ./test --long")
	}
	t.Run("killed", func(t *testing.T) {
		t.Parallel()
		h, g, _, _ := match2(t, 100_000)
		time.Sleep(2 * time.Second)
		g.cmd.Process.Kill()
		h.expect("nothing comes from", 5*time.Second)
		if code := h.wait(45 * time.Second); code != 1 {
			t.Errorf("exit code %d", code)
		}
		if !strings.Contains(h.result().End, "silent for 30 s") {
			t.Errorf("the end is %q", h.result().End)
		}
		verified(t, h, oracle.Demo(t, "puckman"), 1)
	})
	t.Run("stopped for 40 s", func(t *testing.T) {
		t.Parallel()
		h, g, _, _ := match2(t, 100_000)
		time.Sleep(2 * time.Second)
		g.cmd.Process.Signal(syscall.SIGSTOP)
		time.Sleep(40 * time.Second)
		g.cmd.Process.Signal(syscall.SIGCONT)
		if a, b := h.wait(10*time.Second), g.wait(60*time.Second); a != 1 || b != 1 {
			t.Errorf("exit codes %d and %d", a, b)
		}
	})
}

// What differs between the two sides is named on both, and nothing is played.
func TestDifferencesAreNamed(t *testing.T) {
	t.Parallel()
	rompath := oracle.Demo(t, "puckman")
	// The same set with one bit of the sound's waveforms changed.
	other := filepath.Join(t.TempDir(), "roms")
	if err := copySet(filepath.Join(rompath, "puckman.zip"), filepath.Join(other, "puckman.zip")); err != nil {
		t.Fatal(err)
	}
	bin, newer := program(t, "1.0-test"), program(t, "1.1-test")
	for _, c := range []struct {
		name     string
		bin      string
		args     []string
		rompath  string
		code     func(string) string
		host     string // what the host prints, or "" if it cannot know
		guest    string
		exitCode int
	}{
		{"version", newer, nil, rompath, nil, `program version differs: here it is "1.0-test", the other side has "1.1-test"`, `program version differs: here it is "1.1-test"`, 1},
		{"DIP switches", bin, []string{"--dip", "Lives=5"}, rompath, nil, `DIP switches differs: here it is "as the factory set them", the other side has "Lives = 5"`, `DIP switches differs: here it is "Lives = 5"`, 1},
		{"no such BIOS", bin, []string{"--bios", "asia"}, rompath, nil, "puckman cannot be loaded at 127.0.0.1", "puckman has no BIOS to choose", 2},
		{"ROM content", bin, nil, other, nil, "content of the ROM region namco differs", "`arcade verify` says which", 1},
		{"wrong code", bin, nil, rompath, func(s string) string { return strings.Map(swapped, s) }, "looked for another host: the code there does not fit", "the code does not fit", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, bin, t.TempDir(), "host", "puckman", "--rompath", rompath, "--port", "0", "--frames", "60")
			port, code := h.invite()
			if c.code != nil {
				code = c.code(code)
			}
			g := start(t, c.bin, t.TempDir(), append([]string{"join", fmt.Sprintf("127.0.0.1:%d#%s", port, code), "--rompath", c.rompath, "--frames", "60"}, c.args...)...)
			g.expect(regexp.QuoteMeta(c.guest), 20*time.Second)
			if got := g.wait(20 * time.Second); got != c.exitCode {
				t.Errorf("the guest's exit code is %d", got)
			}
			if c.host != "" {
				h.expect(regexp.QuoteMeta(c.host), 20*time.Second)
				if c.code == nil && c.exitCode == 1 { // else it waits for the right one
					if got := h.wait(20 * time.Second); got != 1 {
						t.Errorf("the host's exit code is %d", got)
					}
				}
			}
		})
	}
	t.Run("changed key", func(t *testing.T) {
		home := t.TempDir()
		for i, want := range []string{"for the first time", "the fingerprint is"} {
			h := start(t, bin, t.TempDir(), "host", "puckman", "--rompath", rompath, "--port", fmt.Sprint(knownPort), "--frames", "60")
			_, code := h.invite()
			g := start(t, bin, home, "join", fmt.Sprintf("127.0.0.1:%d", knownPort), "--rompath", rompath, "--frames", "60")
			g.expect(want, 20*time.Second)
			if got := g.wait(30 * time.Second); got != i {
				t.Errorf("time %d: exit code %d", i, got)
			}
			if i == 1 {
				h.expect("knows this address with another key than yours", 5*time.Second)
				// With the code it is the one who is meant. The first host's key stays its
				// own, and its name no longer leads here.
				p, err := online.LoadPeers(filepath.Join(home, "config", "arcade", "peers.toml"))
				if err != nil || len(p.List) != 1 {
					t.Fatalf("%+v, %v", p, err)
				}
				first := p.List[0]
				g := start(t, bin, home, "join", fmt.Sprintf("127.0.0.1:%d#%s", knownPort, code), "--rompath", rompath, "--frames", "60")
				if got := g.wait(30 * time.Second); got != 0 {
					t.Errorf("with the code: exit code %d", got)
				}
				if p, err = online.LoadPeers(filepath.Join(home, "config", "arcade", "peers.toml")); err != nil || len(p.List) != 2 {
					t.Fatalf("%+v, %v", p, err)
				}
				if again := p.Find(first.Name); again.Key != first.Key || again.Address != "" || p.FindAddress(first.Address).Key == first.Key {
					t.Errorf("the stored peers are %+v, the first was %+v", p.List, first)
				}
			}
			h.cmd.Process.Kill()
			h.wait(5 * time.Second)
		}
	})
}

// knownPort is a port that two hosts have after one another.
const knownPort = 27997

func swapped(r rune) rune {
	if r == 'a' {
		return 'b'
	}
	return 'a'
}

// copySet copies a zip and changes its first PROM of the sound.
func copySet(from, to string) error {
	return rewriteZip(from, to, func(name string, b []byte) {
		if name == "pm1-3.1m" {
			b[0] ^= 1
		}
	})
}

// What goes wrong before a match is said, with what to do.
func TestErrorsOfMatches(t *testing.T) {
	t.Parallel()
	rompath := oracle.Demo(t, "puckman")
	bin := program(t, "1.0-test")
	h := start(t, bin, t.TempDir(), "host", "puckman", "--rompath", rompath, "--port", "0")
	port, _ := h.invite()
	cases := []struct {
		args []string
		want string
		code int
	}{
		{[]string{"host", "puckman", "--rompath", rompath, "--port", fmt.Sprint(port)}, fmt.Sprintf("UDP port %d is used by another program", port), 5},
		{[]string{"join", "127.0.0.1:9", "--rompath", rompath}, "no answer from 127.0.0.1:9", 5},
		{[]string{"join", "127.0.0.1:70000"}, "a number from 1 to 65535", 2},
		{[]string{"join", "127.0.0.1#abc"}, "a code has 16 letters and digits", 2},
		{[]string{"join", "127.0.0.1#abcdefghijklmno9"}, "codes are made of letters and the digits 2 to 7", 2},
		{[]string{"join", "0.0.0.0"}, "nobody's own address", 5},
		{[]string{"join", "no-such-host.invalid"}, "no address is known", 5},
		{[]string{"host", "puckmann"}, "did you mean puckman", 3},
		{[]string{"host", "puckman", "--rompath", rompath, "--delay", "99"}, "from 0 to 15", 2},
		{[]string{"host", "puckman", "--rompath", rompath, "--port", "0", "--dip", "Lifes=3"}, `has no switch "Lifes"`, 2},
	}
	var procs []*proc
	for _, c := range cases { // one of them waits for 15 s
		procs = append(procs, start(t, bin, t.TempDir(), c.args...))
	}
	for i, c := range cases {
		p := procs[i]
		if got := p.wait(30 * time.Second); got != c.code || !strings.Contains(p.out.String(), c.want) {
			t.Errorf("%v: exit code %d, want %d with %q:\n%s", c.args, got, c.code, c.want, p.out)
		}
	}
}

// rewriteZip copies a zip and lets change edit each file.
func rewriteZip(from, to string, change func(name string, b []byte)) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	r, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	w := zip.NewWriter(f)
	for _, e := range r.File {
		in, err := e.Open()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		change(e.Name, b)
		out, err := w.Create(e.Name)
		if err != nil {
			return err
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return f.Close()
}
