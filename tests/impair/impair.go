// Package impair is a UDP proxy that makes a good network bad, in real time: for
// tests of whole programs.
package impair

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Quality is what the proxy does to packets, in each direction.
type Quality struct {
	Latency time.Duration // of every packet
	Jitter  time.Duration // up to so much more
	Loss    float64       // probability of losing a packet
	// Every BurstEvery, nothing passes for BurstFor, as on a busy Wi-Fi.
	BurstEvery, BurstFor time.Duration
}

// Proxy stands between guests and a host.
type Proxy struct {
	q      Quality
	front  *net.UDPConn // for guests
	target netip.AddrPort
	start  time.Time

	mu     sync.Mutex
	rnd    *rand.Rand
	flows  map[netip.AddrPort]*net.UDPConn // guest -> the socket that the host sees
	closed bool
	passed int
	lost   int
}

// New makes a proxy for a host at a port of this machine.
func New(port int, q Quality, seed uint64) (*Proxy, error) {
	front, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	p := &Proxy{q: q, front: front, target: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(port)), start: time.Now(),
		rnd: rand.New(rand.NewPCG(seed, 1)), flows: map[netip.AddrPort]*net.UDPConn{}}
	go p.guests()
	return p, nil
}

// Port is where guests connect to.
func (p *Proxy) Port() int { return p.front.LocalAddr().(*net.UDPAddr).Port }

// Counts are the packets that passed and that were lost.
func (p *Proxy) Counts() (passed, lost int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.passed, p.lost
}

// Rebind gives every guest another address, as the host sees it: what a router
// does that forgot.
func (p *Proxy) Rebind() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for guest, c := range p.flows {
		c.Close()
		delete(p.flows, guest)
	}
}

// Close ends the proxy.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.front.Close()
	p.Rebind()
}

// guests takes packets of guests to the host.
func (p *Proxy) guests() {
	var buf [2048]byte
	for {
		n, from, err := p.front.ReadFromUDPAddrPort(buf[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.mu.Lock()
		c := p.flows[from]
		if c == nil && !p.closed {
			if c, err = net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(p.target)); err == nil {
				p.flows[from] = c
				go p.host(c, from)
			}
		}
		p.mu.Unlock()
		if c != nil {
			p.pass(buf[:n], func(b []byte) { c.Write(b) })
		}
	}
}

// host takes packets of the host to a guest.
func (p *Proxy) host(c *net.UDPConn, guest netip.AddrPort) {
	var buf [2048]byte
	for {
		n, err := c.Read(buf[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(time.Millisecond) // nobody listens there at the moment
			continue
		}
		p.pass(buf[:n], func(b []byte) { p.front.WriteToUDPAddrPort(b, guest) })
	}
}

func (p *Proxy) pass(b []byte, send func(b []byte)) {
	p.mu.Lock()
	q := p.q
	lost := p.rnd.Float64() < q.Loss || q.BurstEvery > 0 && time.Since(p.start)%q.BurstEvery < q.BurstFor
	d := q.Latency
	if q.Jitter > 0 {
		d += time.Duration(p.rnd.Int64N(int64(q.Jitter)))
	}
	if lost {
		p.lost++
	} else {
		p.passed++
	}
	p.mu.Unlock()
	if lost {
		return
	}
	b = append([]byte(nil), b...)
	time.AfterFunc(d, func() { send(b) })
}
