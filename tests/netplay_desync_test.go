package tests

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/online"
	"arcade/machine"
	"arcade/netplay/match"
	"arcade/netplay/secure"
	"arcade/romset"
	"arcade/tests/oracle"
)

// station is a side of a match within this process, so that faults can be
// planted in it.
type station struct {
	side online.Side
	mu   sync.Mutex
	told []string
	dir  string
	rep  *online.Report
	err  error
}

func (s *station) tell(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, text)
}

func (s *station) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.told, "\n")
}

func (s *station) options(t *testing.T, nick string) online.Options {
	t.Helper()
	s.dir = t.TempDir()
	key, err := secure.NewKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	peers, err := online.LoadPeers(filepath.Join(s.dir, "peers.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return online.Options{Nick: nick, Delay: -1, Key: key, Peers: peers, Agreement: online.Agreement{Program: "1.0-test", SOCD: "neutral"},
		Replays: filepath.Join(s.dir, "replays"), Bundles: filepath.Join(s.dir, "desyncs"), Tell: s.tell,
		Meta: func(g *load.Game, m *machine.Machine) map[string]string { return map[string]string{"set": m.Set} }}
}

// stations joins two sides over loopback. change, if not nil, changes the game of
// one of them (0: the host) after it was loaded; through, if not nil, puts something
// between them and the host's port and returns where the guest connects to.
func stations(t *testing.T, set string, change func(side int, g *load.Game), through func(port int) int) (h, g *station) {
	t.Helper()
	finder := romset.NewFinder(oracle.Demo(t, set))
	open := func(side int) func(name string) (*load.Game, error) {
		return func(name string) (*load.Game, error) {
			g, err := load.Open(name, finder)
			if err == nil && change != nil {
				change(side, g)
			}
			return g, err
		}
	}
	game, err := open(0)(set)
	if err != nil {
		t.Fatal(err)
	}
	h, g = &station{}, &station{}
	host, err := online.NewHost(h.options(t, "anna"), game, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	_, code, _ := strings.Cut(host.Invites()[0], "#")
	o := g.options(t, "ben")
	port := host.Node().Port()
	if through != nil {
		port = through(port)
	}
	target, err := online.FindTarget(fmt.Sprintf("127.0.0.1:%d#%s", port, code), o.Peers)
	if err != nil {
		t.Fatal(err)
	}
	guest, err := online.NewGuest(o, target, match.Player, open(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guest.Close)
	h.side, g.side = host, guest
	return h, g
}

// play lets both play scripts to the end.
func play(t *testing.T, h, g *station, frames int32, resume bool, each func()) {
	t.Helper()
	var wg sync.WaitGroup
	for i, s := range []*station{h, g} {
		o := online.Script{Frames: frames, Resume: resume, Input: func(frame int32, in *machine.Input) {
			in.Seats[i].Buttons = uint32(frame/int32(11+3*i)) & 0xf
		}}
		if s == g {
			o.EveryTick = each
		}
		wg.Go(func() { s.rep, s.err = online.Run(s.side, o) })
	}
	done := make(chan bool)
	go func() { wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(60 * time.Second):
		t.Fatalf("the match does not end:\n%s\n\n%s", h.text(), g.text())
	}
}

// A bit of the guest's memory flips in the middle: both sides stop, say so and
// write a bundle that names the memory; then they go on from the host's state.
func TestFlippedBitOnTheNet(t *testing.T) {
	t.Parallel()
	h, g := stations(t, "puckman", nil, nil)
	flipped := false
	play(t, h, g, 420, true, func() {
		m := g.side.Match()
		if m == nil || m.Phase() != match.Playing || m.Session().Frame() < 150 || flipped {
			return
		}
		flipped = true
		for _, f := range g.side.Machine().Arena.Fields() {
			if f.Name == "ram" {
				g.side.Machine().Arena.Block()[f.Offset+0x900] ^= 4 // nothing writes there
				return
			}
		}
		t.Error("the machine has no ram")
	})
	for _, s := range []*station{h, g} {
		if s.err != nil {
			t.Fatalf("%s: %v\n%s", s.rep.Role, s.err, s.text())
		}
		if s.rep.Desyncs != 1 || !strings.Contains(s.text(), "DESYNC: the two sides differ before frame") || !strings.Contains(s.text(), "ram+0x900") {
			t.Errorf("%s: %d desyncs; it said:\n%s", s.rep.Role, s.rep.Desyncs, s.text())
		}
		for _, name := range []string{"about.txt", "inputs.bin", "mine.state", "theirs.state"} {
			if b, err := os.ReadFile(filepath.Join(s.rep.Bundle, name)); err != nil || len(b) == 0 {
				t.Errorf("the bundle's %s: %d bytes, %v", name, len(b), err)
			}
		}
		if len(s.rep.Replays) != 2 {
			t.Errorf("%s: replays %q, want one before and one after", s.rep.Role, s.rep.Replays)
		}
	}
	if h.rep.FinalFrame != 420 || h.rep.FinalHash != g.rep.FinalHash || h.rep.FinalHash == h.rep.NoInputHash {
		t.Errorf("frame %d, states %s and %s, without inputs %s", h.rep.FinalFrame, h.rep.FinalHash, g.rep.FinalHash, h.rep.NoInputHash)
	}
	a, _ := os.ReadFile(filepath.Join(h.rep.Bundle, "mine.state"))
	b, _ := os.ReadFile(filepath.Join(g.rep.Bundle, "theirs.state"))
	if !bytes.Equal(a, b) {
		t.Error("the host's state is another in the guest's bundle")
	}
}

// otherBIOS gives the host a choice that the guest has not made.
func otherBIOS(side int, g *load.Game) {
	if side == 0 {
		g.Config.BIOS = "asia"
	}
}

// Another BIOS is caught and named on both sides. No board that is emulated today
// has a choice of BIOSes (of the sets in the database only those of the Neo Geo
// do), so two processes cannot be started with different ones: here the choice is
// invented after a set was loaded, and all else is what processes do, handshake
// and sockets included.
func TestOtherBIOSOnTheNet(t *testing.T) {
	t.Parallel()
	h, g := stations(t, "puckman", otherBIOS, nil)
	play(t, h, g, 60, false, nil)
	for s, want := range map[*station]string{
		h: `BIOS differs: here it is "asia", the other side has "default". Choose the same BIOS on both sides.`,
		g: `BIOS differs: here it is "default", the other side has "asia". Choose the same BIOS on both sides.`,
	} {
		if !errors.Is(s.err, online.ErrEnded) || s.rep.End != want || !strings.Contains(s.text(), want) {
			t.Errorf("%s: %v; it said:\n%s\nwant %s", s.rep.Role, s.err, s.text(), want)
		}
	}
}

// What differs is named on both sides also if the host's first words are lost: it
// knows at once that the match is over, and repeats them before it goes.
func TestDifferenceIsNamedOverALoss(t *testing.T) {
	t.Parallel()
	h, g := stations(t, "puckman", otherBIOS, func(port int) int { return forgetful(t, port) })
	play(t, h, g, 60, false, nil)
	for _, s := range []*station{h, g} {
		if !strings.HasPrefix(s.rep.End, "BIOS differs") {
			t.Errorf("%s: the end is %q", s.rep.Role, s.rep.End)
		}
	}
}

// forgetful is a way to a port of this machine that takes the first data that
// comes back (what is played), and then none for 250 ms. It returns its own port.
func forgetful(t *testing.T, port int) int {
	t.Helper()
	open := func() *net.UDPConn {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	front, back := open(), open()
	guests := make(chan *net.UDPAddr, 1)
	go func() {
		b := make([]byte, 2000)
		for {
			n, from, err := front.ReadFromUDP(b)
			if err != nil {
				return
			}
			select {
			case guests <- from:
			default:
			}
			back.WriteToUDP(b[:n], &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		}
	}()
	go func() {
		b := make([]byte, 2000)
		guest := <-guests
		var first time.Time
		for {
			n, err := back.Read(b)
			if err != nil {
				return
			}
			const kindData = 5
			if n > 0 && b[0] == kindData {
				if first.IsZero() {
					first = time.Now()
				} else if time.Since(first) < 250*time.Millisecond {
					continue
				}
			}
			front.WriteToUDP(b[:n], guest)
		}
	}()
	return front.LocalAddr().(*net.UDPAddr).Port
}
