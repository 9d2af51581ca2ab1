package tests

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"arcade/tests/oracle"
)

// namespaces makes two network namespaces that see each other only over a cable
// with latency and loss, if the kernel lets us; both families have addresses.
func namespaces(t *testing.T) (names [2]string, ipv4, ipv6 string) {
	t.Helper()
	names = [2]string{fmt.Sprintf("arcade-a-%d", os.Getpid()), fmt.Sprintf("arcade-b-%d", os.Getpid())}
	ip := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			t.Skipf("network namespaces are not allowed here: ip %s: %v %s", strings.Join(args, " "), err, out)
		}
	}
	for _, n := range names {
		ip("netns", "add", n)
		t.Cleanup(func() { exec.Command("ip", "netns", "del", n).Run() })
	}
	ip("link", "add", "arc0", "netns", names[0], "type", "veth", "peer", "name", "arc0", "netns", names[1])
	for i, n := range names {
		ip("-n", n, "addr", "add", fmt.Sprintf("192.0.2.%d/24", i+1), "dev", "arc0")
		ip("-n", n, "addr", "add", fmt.Sprintf("fd00:a2c::%d/64", i+1), "dev", "arc0", "nodad")
		ip("-n", n, "link", "set", "arc0", "up")
		ip("-n", n, "link", "set", "lo", "up")
		// A kernel without it gives a perfect cable: a match all the same.
		if out, err := exec.Command("ip", "netns", "exec", n, "tc", "qdisc", "add", "dev", "arc0", "root", "netem", "delay", "40ms", "loss", "1%").CombinedOutput(); err != nil {
			t.Logf("no latency on the cable: %v %s", err, strings.TrimSpace(string(out)))
		}
	}
	return names, "192.0.2.1", "fd00:a2c::1"
}

// Two machines, as far as a kernel can make two of one: a match over IPv4 and
// one over IPv6.
func TestTwoNamespaces(t *testing.T) {
	t.Parallel()
	rompath := oracle.Demo(t, "puckman")
	names, ipv4, ipv6 := namespaces(t)
	bin := program(t, "1.0-test")
	const frames = 300
	for _, address := range []string{ipv4, "[" + ipv6 + "]"} {
		h := start(t, "ip", t.TempDir(), "netns", "exec", names[0], bin, "host", "puckman", "--rompath", rompath, "--port", "0", "--nick", "anna", "--frames", fmt.Sprint(frames),
			"--input", moves(t, 1, frames), "--chat", "ciao")
		port, code := h.invite()
		if !strings.Contains(h.out.String(), fmt.Sprintf("%s:%d#", address, port)) {
			t.Errorf("the host does not offer its address %s", address)
		}
		g := start(t, "ip", t.TempDir(), "netns", "exec", names[1], bin, "join", fmt.Sprintf("%s:%d#%s", address, port, code), "--rompath", rompath, "--nick", "ben",
			"--frames", fmt.Sprint(frames), "--input", moves(t, 2, frames), "--chat", "g'day")
		if a, b := h.wait(60*time.Second), g.wait(60*time.Second); a != 0 || b != 0 {
			t.Fatalf("%s: exit codes %d and %d", address, a, b)
		}
		hr, gr := h.result(), g.result()
		same(t, hr, gr, frames, hr.RTT > 60)
		if len(hr.Chat) != 1 || hr.Chat[0] != "g'day" || len(gr.Chat) != 1 || gr.Chat[0] != "ciao" {
			t.Errorf("the host read %q, the guest %q", hr.Chat, gr.Chat)
		}
		t.Logf("%s: %.0f ms round trip, %d and %d rollbacks", address, hr.RTT, hr.Rollbacks, gr.Rollbacks)
	}
}
