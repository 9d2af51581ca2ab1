package udp

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"arcade/netplay/secure"
)

func node(t *testing.T, port int, listen bool, received func(c *secure.Conn, b []byte)) *Node {
	t.Helper()
	key, err := secure.NewKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	n, err := Open(port, Config{Key: key, Program: "test", Listen: listen, Connected: func(*secure.Conn) {}, Received: received})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

// Payloads go both ways, over IPv4 and IPv6, to the same socket.
func TestBothFamilies(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "::1"} {
		host := node(t, 0, true, func(c *secure.Conn, b []byte) {
			if err := c.Send(append([]byte("re: "), b...)); err != nil {
				t.Error(err)
			}
		})
		if addr == "::1" && host.v4 {
			t.Skip("this system has no IPv6")
		}
		got := ""
		guest := node(t, 0, false, func(_ *secure.Conn, b []byte) { got = string(b) })
		to := netip.AddrPortFrom(netip.MustParseAddr(addr), uint16(host.Port()))
		c, err := guest.Dial(to, guest.Now())
		if err != nil {
			t.Fatal(err)
		}
		sent := false
		for end := time.Now().Add(5 * time.Second); got == "" && time.Now().Before(end); {
			host.Poll()
			guest.Poll()
			if c.Established() && !sent {
				sent = true
				if err := c.Send([]byte("hello")); err != nil {
					t.Fatal(err)
				}
			}
			guest.Wait(guest.Now() + time.Millisecond)
		}
		if got != "re: hello" {
			t.Errorf("%s: got %q", addr, got)
		}
		if tr := guest.Traffic(); tr.PacketsSent < 3 || tr.BytesReceived == 0 {
			t.Errorf("%s: traffic %+v", addr, tr)
		}
	}
}

func TestPortTaken(t *testing.T) {
	first := node(t, 0, true, nil)
	_, err := Open(first.Port(), Config{})
	if !errors.Is(err, ErrPortTaken) || !strings.Contains(err.Error(), "--port") {
		t.Errorf("got %v", err)
	}
}

func TestSplitAddress(t *testing.T) {
	for _, c := range []struct {
		in, host string
		port     int
	}{
		{"1.2.3.4", "1.2.3.4", DefaultPort}, {"1.2.3.4:99", "1.2.3.4", 99}, {"example.org", "example.org", DefaultPort},
		{"example.org:7", "example.org", 7}, {"::1", "::1", DefaultPort}, {"[::1]:5", "::1", 5}, {"[fe80::1]", "fe80::1", DefaultPort},
		{"", "", 0}, {"a:b:c", "", 0}, {"host:0", "", 0}, {"host:70000", "", 0}, {":5", "", 0},
	} {
		host, port, err := SplitAddress(c.in)
		if host != c.host || port != c.port || (err != nil) != (c.port == 0) {
			t.Errorf("%q: %q %d %v", c.in, host, port, err)
		}
	}
}
