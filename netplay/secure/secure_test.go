package secure

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// net carries packets between endpoints in virtual time.
type network struct {
	t     *testing.T
	now   time.Duration
	ends  map[netip.AddrPort]*Endpoint
	queue []datagram
	drop  func(d datagram) bool
	bytes map[netip.AddrPort]int // sent by each address
	seen  []datagram             // everything that was sent
}

type datagram struct {
	from, to netip.AddrPort
	data     []byte
}

func addr(n int) netip.AddrPort { return netip.MustParseAddrPort(fmt.Sprintf("10.0.0.%d:27886", n)) }

func newNetwork(t *testing.T) *network {
	return &network{t: t, ends: map[netip.AddrPort]*Endpoint{}, bytes: map[netip.AddrPort]int{}}
}

type side struct {
	*Endpoint
	conns    []*Conn
	received []string
	versions []string
}

func (n *network) add(at netip.AddrPort, cfg Config) *side {
	n.t.Helper()
	s := &side{}
	key, err := NewKey(chacha(at))
	if err != nil {
		n.t.Fatal(err)
	}
	cfg.Key = key
	cfg.Random = chacha(at)
	where := at
	cfg.Send = func(to netip.AddrPort, p []byte) {
		d := datagram{where, to, bytes.Clone(p)}
		n.bytes[where] += len(p)
		n.seen = append(n.seen, d)
		n.queue = append(n.queue, d)
	}
	cfg.Connected = func(c *Conn) { s.conns = append(s.conns, c) }
	cfg.Received = func(c *Conn, p []byte) { s.received = append(s.received, string(p)) }
	cfg.OtherVersion = func(c *Conn, p uint16, program string) { s.versions = append(s.versions, fmt.Sprint(p, " ", program)) }
	e, err := New(cfg)
	if err != nil {
		n.t.Fatal(err)
	}
	s.Endpoint = e
	n.ends[at] = e
	return s
}

func chacha(a netip.AddrPort) *rand.ChaCha8 {
	var seed [32]byte
	copy(seed[:], a.String())
	return rand.NewChaCha8(seed)
}

func (n *network) run(d time.Duration) {
	for end := n.now + d; n.now < end; n.now += 20 * time.Millisecond {
		queue := n.queue
		n.queue = nil
		for _, d := range queue {
			if n.drop != nil && n.drop(d) {
				continue
			}
			if e := n.ends[d.to]; e != nil {
				e.Receive(d.from, d.data, n.now)
			}
		}
		for _, e := range n.ends {
			e.Tick(n.now)
		}
	}
}

func pair(t *testing.T) (n *network, host, guest *side, dialled *Conn) {
	t.Helper()
	n = newNetwork(t)
	host = n.add(addr(1), Config{Listen: true, Protocol: 3, Program: "arcade 1.0"})
	guest = n.add(addr(2), Config{Protocol: 3})
	c, err := guest.Dial(addr(1), n.now)
	if err != nil {
		t.Fatal(err)
	}
	return n, host, guest, c
}

func TestConnect(t *testing.T) {
	n, host, guest, c := pair(t)
	n.run(time.Second)
	if len(host.conns) != 1 || len(guest.conns) != 1 || guest.conns[0] != c {
		t.Fatalf("%d and %d connections", len(host.conns), len(guest.conns))
	}
	if !bytes.Equal(c.Peer(), host.cfg.Key.Public) || !bytes.Equal(host.conns[0].Peer(), guest.cfg.Key.Public) {
		t.Error("a side has the wrong key of the other")
	}
	if Code(c.Peer()) != Code(host.cfg.Key.Public) || Code(c.Peer()) == Code(guest.cfg.Key.Public) || len(Code(c.Peer())) != CodeLength {
		t.Error("codes do not tell keys apart")
	}
	for i := range 300 {
		c.Send([]byte(fmt.Sprint("to host ", i)))
		host.conns[0].Send([]byte(fmt.Sprint("to guest ", i)))
		n.run(20 * time.Millisecond)
	}
	if len(host.received) != 300 || len(guest.received) != 300 || host.received[7] != "to host 7" {
		t.Errorf("%d and %d payloads came", len(host.received), len(guest.received))
	}
	if err := c.Send(make([]byte, MaxPayload+1)); err == nil {
		t.Error("a payload over the limit was taken")
	}
	for _, d := range n.seen {
		if bytes.Contains(d.data, []byte("to host")) {
			t.Fatal("plain text on the wire")
		}
	}
}

// Half of all packets are lost, and yet a connection comes about.
func TestConnectOverLossyLink(t *testing.T) {
	connected := 0
	for seed := range uint64(40) {
		n, host, guest, _ := pair(t)
		r := rand.New(rand.NewPCG(seed, 1))
		n.drop = func(datagram) bool { return r.IntN(2) == 0 }
		n.run(15 * time.Second)
		if len(host.conns) > 1 || len(guest.conns) > 1 {
			t.Fatalf("seed %d: %d and %d connections", seed, len(host.conns), len(guest.conns))
		}
		connected += len(host.conns)
	}
	if connected < 39 {
		t.Errorf("%d of 40 connected", connected)
	}
}

func TestOtherProtocol(t *testing.T) {
	n := newNetwork(t)
	host := n.add(addr(1), Config{Listen: true, Protocol: 4, Program: "arcade 2.0"})
	guest := n.add(addr(2), Config{Protocol: 3})
	if _, err := guest.Dial(addr(1), 0); err != nil {
		t.Fatal(err)
	}
	n.run(time.Second)
	if len(host.conns) != 0 || len(guest.versions) == 0 || guest.versions[0] != "4 arcade 2.0" {
		t.Errorf("connections %d, versions %q", len(host.conns), guest.versions)
	}
}

func TestReplayedAndForgedPackets(t *testing.T) {
	n, host, _, c := pair(t)
	n.run(time.Second)
	for i := range 200 {
		c.Send([]byte(fmt.Sprint(i)))
		n.run(20 * time.Millisecond)
	}
	count := len(host.received)
	for _, d := range n.seen { // all again, from somewhere else
		if d.to == addr(1) {
			host.Receive(addr(9), d.data, n.now)
		}
	}
	if len(host.received) != count {
		t.Errorf("%d repeated packets were taken", len(host.received)-count)
	}
	if host.conns[0].Addr() != addr(2) {
		t.Error("a repeated packet moved the peer's address")
	}
	last := n.seen[len(n.seen)-1].data
	for i := range last {
		p := bytes.Clone(last)
		p[i] ^= 1
		host.Receive(addr(9), p, n.now)
	}
	if len(host.received) != count || host.conns[0].Addr() != addr(2) {
		t.Error("a forged packet had an effect")
	}
}

func TestLateAndReorderedPackets(t *testing.T) {
	n, host, _, c := pair(t)
	n.run(time.Second)
	n.queue = nil
	for i := range 70_000 { // the counter's low bits go round
		c.Send([]byte{byte(i)})
		if len(n.queue) == 50 {
			r := rand.New(rand.NewPCG(uint64(i), 0))
			r.Shuffle(len(n.queue), func(a, b int) { n.queue[a], n.queue[b] = n.queue[b], n.queue[a] })
			n.seen = nil
			n.run(20 * time.Millisecond)
		}
	}
	n.run(20 * time.Millisecond)
	if len(host.received) != 70_000 {
		t.Errorf("%d of 70000 came", len(host.received))
	}
}

func TestChangeOfAddress(t *testing.T) {
	n, host, guest, c := pair(t)
	n.run(time.Second)
	n.queue = nil
	// The guest's router gives it another address.
	n.ends[addr(7)] = guest.Endpoint
	delete(n.ends, addr(2))
	p := func() datagram { c.Send([]byte("hello")); d := n.queue[len(n.queue)-1]; n.queue = nil; return d }()
	host.Receive(addr(7), p.data, n.now)
	host.conns[0].Send([]byte("there you are"))
	n.run(time.Second)
	if len(guest.received) != 1 || guest.received[0] != "there you are" {
		t.Errorf("got %q", guest.received)
	}
}

// No stranger gets more bytes out of a listener than he puts in, nor makes it
// remember much.
func TestStrangers(t *testing.T) {
	n := newNetwork(t)
	host := n.add(addr(1), Config{Listen: true, Protocol: 3, Program: strings.Repeat("x", 300)})
	r := rand.New(rand.NewPCG(1, 1))
	in := 0
	hello := make([]byte, HelloSize)
	for i := range 50_000 {
		p := make([]byte, r.IntN(MaxPacket+50))
		for j := range p {
			p[j] = byte(r.Uint32())
		}
		if len(p) > 0 && i%2 == 0 {
			p[0] = byte(1 + r.IntN(6))
		}
		if i%3 == 0 {
			p = bytes.Clone(hello)
			p[0] = kindHello
			p[1] = 3
			copy(p[3:], host.cookie(addr(2+i%200), &host.secrets[0])) // even with a good cookie
			for j := 19; j < 51; j++ {
				p[j] = byte(r.Uint32())
			}
		}
		in += len(p)
		host.Receive(addr(2+i%200), p, n.now)
		n.now += time.Millisecond
		if len(host.pending) > maxPending || len(host.conns) > 0 {
			t.Fatalf("%d handshakes are open, %d connections", len(host.pending), len(host.conns))
		}
		if i%100 == 0 {
			host.Tick(n.now)
		}
	}
	if out := n.bytes[addr(1)]; out > in {
		t.Errorf("%d bytes came, %d went out", in, out)
	} else if out == 0 {
		t.Error("nothing was answered: the test proves nothing")
	}
}

// Connections that nobody uses do not take the place of others for ever.
func TestIdleConnectionsAreForgotten(t *testing.T) {
	n, host, guest, c := pair(t)
	n.run(time.Second)
	if len(host.conns) != 1 {
		t.Fatal("no connection")
	}
	for range 10 {
		c.Send([]byte("here"))
		host.conns[0].Send([]byte("here"))
		n.run(idleTime / 4)
	}
	if len(host.Endpoint.conns) != 1 || len(guest.Endpoint.conns) != 1 {
		t.Fatal("a connection in use was forgotten")
	}
	n.run(idleTime + time.Second)
	if len(host.Endpoint.conns) != 0 || len(guest.Endpoint.conns) != 0 {
		t.Errorf("%d and %d connections are remembered", len(host.Endpoint.conns), len(guest.Endpoint.conns))
	}
	if err := c.Send([]byte("x")); err == nil {
		t.Error("a forgotten connection sends")
	}
}

func TestCodes(t *testing.T) {
	if got := NormalCode(" ABCD-efgh 0123 "); got != "abcdefgho l23"[:9]+"l23" {
		t.Errorf("got %q", got)
	}
	f := Fingerprint([]byte("key"))
	if len(f) != 7 || f[3] != '-' {
		t.Errorf("fingerprint %q", f)
	}
}

func FuzzReceive(f *testing.F) {
	key, err := NewKey(chacha(addr(1)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{kindHello, 3, 0})
	f.Add(append([]byte{kindData}, make([]byte, 40)...))
	f.Add(append([]byte{kindFinish}, make([]byte, 100)...))
	f.Fuzz(func(t *testing.T, p []byte) {
		e, err := New(Config{Key: key, Listen: true, Protocol: 3, Random: chacha(addr(1)), Send: func(netip.AddrPort, []byte) {},
			Connected: func(*Conn) { t.Error("connected") }, Received: func(*Conn, []byte) { t.Error("received") }})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			e.Receive(addr(2), p, time.Duration(i)*time.Second)
		}
		c, err := e.Dial(addr(2), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		e.Receive(addr(2), p, time.Minute)
		if c.Established() {
			t.Error("established")
		}
	})
}

// FuzzHandshake changes packets of a handshake on their way, and adds others:
// nobody gets a connection with somebody else than he thinks.
func FuzzHandshake(f *testing.F) {
	f.Add([]byte{0, 3, 1}, []byte{kindRetry, 1, 2, 3})
	f.Add([]byte{2, 40, 128}, []byte{kindReply})
	f.Add([]byte{3, 20, 255, 4, 9, 1}, []byte{kindFinish, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, changes, extra []byte) {
		n := newNetwork(&testing.T{})
		host := n.add(addr(1), Config{Listen: true, Protocol: 3, Program: "arcade 1.0"})
		guest := n.add(addr(2), Config{Protocol: 3})
		c, err := guest.Dial(addr(1), 0)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		n.drop = func(d datagram) bool {
			for i := 0; i+2 < len(changes); i += 3 {
				if int(changes[i]) == count && int(changes[i+1]) < len(d.data) {
					d.data[changes[i+1]] ^= changes[i+2]
				}
			}
			count++
			return false
		}
		for i := range 50 {
			host.Receive(addr(3+i%2), extra, n.now)
			guest.Receive(addr(1), extra, n.now)
			n.run(60 * time.Millisecond)
		}
		for _, k := range host.conns {
			if !bytes.Equal(k.Peer(), guest.cfg.Key.Public) {
				t.Fatal("the host is connected with a stranger")
			}
		}
		if c.Established() && !bytes.Equal(c.Peer(), host.cfg.Key.Public) {
			t.Fatal("the guest is connected with a stranger")
		}
		if len(host.Endpoint.pending) > maxPending {
			t.Fatal("too many handshakes are open")
		}
	})
}
