// Package udp is where matches meet the network: one UDP socket for all of a
// program's connections, over IPv4 and IPv6, with package secure on top.
package udp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"

	"arcade/netplay/secure"
)

// DefaultPort is where a host listens: the port of Open Kaillera's P2P mode.
const DefaultPort = 27886

// Protocol is the version of everything that is sent; see docs/PROTOCOL.md.
const Protocol = 1

// queued is how many packets wait for Poll; more get lost, as in any network.
const queued = 1024

// Config says who a node is. The functions are called by Poll.
type Config struct {
	Key     secure.Key
	Program string // version of the program
	Listen  bool   // answer strangers: a host
	// Connected is called once a connection stands.
	Connected func(c *secure.Conn)
	// Received is called with every payload; it must not keep it.
	Received func(c *secure.Conn, payload []byte)
	// OtherVersion is called when the host that was dialled speaks another protocol.
	OtherVersion func(protocol uint16, program string)
}

// Node is a socket and its connections. Its methods may be called by one
// goroutine only, but for Close.
type Node struct {
	*secure.Endpoint
	conn    *net.UDPConn
	v4      bool // the socket has no IPv6
	packets chan packet
	free    chan []byte
	wake    chan struct{}
	start   time.Time
	ticked  time.Duration
	traffic Traffic
}

type packet struct {
	from netip.AddrPort
	data []byte
}

// Traffic counts UDP payload.
type Traffic struct {
	PacketsSent, PacketsReceived int
	BytesSent, BytesReceived     int
}

// ErrPortTaken is wrapped by Open's error about a port that is in use.
var ErrPortTaken = errors.New("the port is taken")

// Open opens a socket; port 0 lets the system choose.
func Open(port int, cfg Config) (*Node, error) {
	n := &Node{packets: make(chan packet, queued), free: make(chan []byte, queued), wake: make(chan struct{}, 1), start: time.Now()}
	var err error
	n.conn, err = net.ListenUDP("udp", &net.UDPAddr{Port: port})
	if err != nil && !taken(err) {
		n.v4 = true // a system without IPv6
		n.conn, err = net.ListenUDP("udp4", &net.UDPAddr{Port: port})
	}
	if taken(err) {
		return nil, fmt.Errorf("%w: UDP port %d is used by another program, perhaps another arcade: end that, or choose another port (--port, or the UDP port of the Host screen)", ErrPortTaken, port)
	}
	if err != nil {
		return nil, fmt.Errorf("UDP port %d cannot be opened: %w", port, err)
	}
	// Bursts of a state must not be lost in our own socket; a system that gives less is fine.
	_ = n.conn.SetReadBuffer(1 << 20)
	n.Endpoint, err = secure.New(secure.Config{Key: cfg.Key, Protocol: Protocol, Program: cfg.Program, Listen: cfg.Listen, Send: n.send,
		Connected: cfg.Connected, Received: cfg.Received,
		OtherVersion: func(_ *secure.Conn, protocol uint16, program string) {
			if cfg.OtherVersion != nil {
				cfg.OtherVersion(protocol, program)
			}
		}})
	if err != nil {
		n.conn.Close()
		return nil, err
	}
	go n.read()
	return n, nil
}

// taken reports whether an error says that somebody has the port: Unix's, or
// Windows' WSAEADDRINUSE.
func taken(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.Errno(10048))
}

// Port is the port that the socket has.
func (n *Node) Port() int { return n.conn.LocalAddr().(*net.UDPAddr).Port }

// Now is the clock that goes with the node's connections.
func (n *Node) Now() time.Duration { return time.Since(n.start) }

// Traffic tells what went through the socket.
func (n *Node) Traffic() Traffic { return n.traffic }

// Close closes the socket.
func (n *Node) Close() error { return n.conn.Close() }

func (n *Node) send(to netip.AddrPort, p []byte) {
	if to.Addr().Is4() && !n.v4 {
		to = netip.AddrPortFrom(netip.AddrFrom16(to.Addr().As16()), to.Port())
	}
	// An error is a lost packet: networks come back.
	if _, err := n.conn.WriteToUDPAddrPort(p, to); err == nil {
		n.traffic.PacketsSent++
		n.traffic.BytesSent += len(p)
	}
}

// read takes packets off the socket until it is closed.
func (n *Node) read() {
	for {
		var b []byte
		select {
		case b = <-n.free:
		default:
			b = make([]byte, secure.MaxPacket+1)
		}
		size, from, err := n.conn.ReadFromUDPAddrPort(b[:cap(b)])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Such as "connection refused" for a packet sent before: nothing
			// that ends a match. But an error that stays must not spin.
			time.Sleep(time.Millisecond)
			continue
		}
		select {
		case n.packets <- packet{from, b[:size]}:
		default:
			n.recycle(b)
		}
		select {
		case n.wake <- struct{}{}:
		default:
		}
	}
}

func (n *Node) recycle(b []byte) {
	select {
	case n.free <- b[:0]:
	default:
	}
}

// Poll handles what has come, and repeats what may be lost. Call it before each
// frame, and whenever Wait returns.
func (n *Node) Poll() {
	now := n.Now()
	for range queued { // a flood must not keep the frame waiting for ever
		select {
		case p := <-n.packets:
			n.traffic.PacketsReceived++
			n.traffic.BytesReceived += len(p.data)
			n.Endpoint.Receive(p.from, p.data, now)
			n.recycle(p.data)
			continue
		default:
		}
		break
	}
	if now-n.ticked >= 20*time.Millisecond {
		n.ticked = now
		n.Endpoint.Tick(now)
	}
}

// Wait returns when a packet has come, or at the latest when the node's clock
// is at until, or 20 ms from now.
func (n *Node) Wait(until time.Duration) {
	d := min(until-n.Now(), 20*time.Millisecond)
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-n.wake:
	case <-t.C:
	}
}

// Resolve finds the addresses of HOST, HOST:PORT or [IPv6]:PORT. Without a port
// it is DefaultPort.
func Resolve(address string) ([]netip.AddrPort, error) {
	host, port, err := SplitAddress(address)
	if err != nil {
		return nil, err
	}
	if a, err := netip.ParseAddr(host); err == nil {
		if a.IsUnspecified() || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			return nil, fmt.Errorf("%v is nobody's own address: ask the host for the invite that is shown there", a)
		}
		return []netip.AddrPort{netip.AddrPortFrom(a, uint16(port))}, nil
	}
	ips, err := net.LookupIP(host)
	if err != nil {
		return nil, fmt.Errorf("no address is known for %q: is it spelled right? (%w)", host, err)
	}
	var out []netip.AddrPort
	for _, ip := range ips {
		if a, ok := netip.AddrFromSlice(ip); ok {
			out = append(out, netip.AddrPortFrom(a.Unmap(), uint16(port)))
		}
	}
	// IPv4 first: it is what a host's forwarded port is, more often than not.
	slices.SortStableFunc(out, func(a, b netip.AddrPort) int {
		switch {
		case a.Addr().Is4() == b.Addr().Is4():
			return 0
		case a.Addr().Is4():
			return -1
		}
		return 1
	})
	return out, nil
}

// SplitAddress takes an address apart.
func SplitAddress(address string) (host string, port int, err error) {
	if a, err := netip.ParseAddr(address); err == nil { // also IPv6 without brackets
		return a.String(), DefaultPort, nil
	}
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		if host, _, err2 := net.SplitHostPort(address + ":1"); err2 == nil && host != "" {
			return host, DefaultPort, nil
		}
		return "", 0, fmt.Errorf("%q is not an address: write HOST, HOST:PORT or [IPV6]:PORT", address)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 65535 || host == "" {
		return "", 0, fmt.Errorf("%q is not an address: the port is a number from 1 to 65535, such as %d", address, DefaultPort)
	}
	return host, n, nil
}

// LocalAddresses are this machine's own addresses that others may reach, the
// likelier first.
func LocalAddresses() []netip.Addr {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var v4, v6 []netip.Addr
	for _, a := range list {
		p, err := netip.ParsePrefix(a.String())
		if err != nil || p.Addr().IsLoopback() || p.Addr().IsLinkLocalUnicast() {
			continue
		}
		if p.Addr().Is4() {
			v4 = append(v4, p.Addr())
		} else {
			v6 = append(v6, p.Addr())
		}
	}
	return append(v4, v6...)
}
