// Package secure makes authenticated, encrypted connections out of unreliable
// datagrams. It is pure: it owns no socket and no clock. Whoever does hands in
// packets and the time, and sends what comes out.
//
// A connection begins with a Noise handshake (Noise_XX_25519_ChaChaPoly_BLAKE2s),
// after which each side knows the other's public key. Whether that key is the
// right one is for the caller to decide: by a code that the host gave away, or
// by having seen it before.
//
// Packets, all integers little-endian. The first byte is the kind:
//
//	1 Hello    dialler   u16 protocol, 16 bytes cookie (zero at first), 32 bytes of handshake message 1,
//	                     zeros up to HelloSize: no answer is longer than the question
//	2 Retry    listener  16 bytes cookie: proves that the dialler gets mail at its address
//	3 Reply    listener  handshake message 2, in it: u32 connection ID of the listener
//	4 Finish   dialler   u32 ID of the listener, handshake message 3, in it: u32 ID of the dialler
//	5 Data     both      u32 ID of the receiver, u16 low bits of the counter, ciphertext
//	6 Version  listener  u16 protocol, text: version of the program. Not authenticated: only a hint
//
// Data packets are numbered by a 64-bit counter that is the nonce; the receiver
// completes it from its low bits. Old and repeated numbers are refused. A packet
// that decrypts and is newer than all before tells the peer's address, so a
// change of address (a router that forgot, another network) is survived.
package secure

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/flynn/noise"
)

// Sizes and limits.
const (
	HelloSize   = 256  // bytes of a Hello
	MaxPacket   = 1200 // bytes of any packet: fits through every path
	Overhead    = 1 + 4 + 2 + 16
	MaxPayload  = MaxPacket - Overhead
	maxPending  = 16 // handshakes that a listener has open at once
	maxConns    = 64
	pendingTime = 10 * time.Second
	cookieTime  = 30 * time.Second
	idleTime    = 2 * time.Minute // a connection that was silent for so long is forgotten
	// A listener computes at most this many handshakes a second (and as many
	// at once): two Diffie-Hellman operations each, some 100 µs.
	handshakeRate = 20
)

const (
	kindHello = 1 + iota
	kindRetry
	kindReply
	kindFinish
	kindData
	kindVersion
)

var suite = noise.NewCipherSuite(noise.DH25519, noise.CipherChaChaPoly, noise.HashBLAKE2s)

// Key is a peer's long-lived key pair.
type Key = noise.DHKey

// NewKey makes a key pair.
func NewKey(random io.Reader) (Key, error) { return suite.GenerateKeypair(random) }

// base32 of RFC 4648 in lower case, which has no 0 and no 1.
var codeEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// CodeLength is the number of characters of a code: 80 bits.
const CodeLength = 16

// Code is what a host gives away with its address, so that whoever dials can
// be sure to reach it: a hash of its public key.
func Code(public []byte) string {
	sum := sha256.Sum256(append([]byte("arcade code\x00"), public...))
	return codeEncoding.EncodeToString(sum[:10])
}

// Fingerprint is a short form of a public key for two people to compare, such
// as "k3t-9ab": 30 bits, enough against accidents, not against an attacker
// with time (that is what Code is for).
func Fingerprint(public []byte) string {
	c := Code(public)
	return c[:3] + "-" + c[3:6]
}

// NormalCode brings a code that a person typed into the form of Code.
func NormalCode(s string) string {
	return strings.NewReplacer("-", "", " ", "", "0", "o", "1", "l").Replace(strings.ToLower(s))
}

// Config says who an endpoint is.
type Config struct {
	Key      Key
	Protocol uint16 // both sides must speak the same
	Program  string // version of the program, sent to those who speak another protocol
	Listen   bool   // answer strangers
	// Send is called with every packet that is to be sent; it must not keep it.
	Send func(to netip.AddrPort, packet []byte)
	// Connected is called once a connection stands. For a dialled one too.
	Connected func(c *Conn)
	// Received is called with every payload; it must not keep it.
	Received func(c *Conn, payload []byte)
	// OtherVersion is called when a host that was dialled speaks another protocol.
	OtherVersion func(c *Conn, protocol uint16, program string)
	Random       io.Reader // nil: the system's
}

// Endpoint is one side's connections: all those over one socket.
type Endpoint struct {
	cfg     Config
	now     time.Duration
	secrets [2][32]byte // of cookies: the present and the one before
	turned  time.Duration
	budget  float64 // handshakes that may be computed now
	pending map[uint32]*Conn
	conns   map[uint32]*Conn
	packet  [MaxPacket]byte
	plain   [MaxPacket]byte
}

// New makes an endpoint.
func New(cfg Config) (*Endpoint, error) {
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	e := &Endpoint{cfg: cfg, pending: map[uint32]*Conn{}, conns: map[uint32]*Conn{}, budget: handshakeRate}
	for i := range e.secrets {
		if _, err := io.ReadFull(cfg.Random, e.secrets[i][:]); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// Conn is a connection to a peer.
type Conn struct {
	e          *Endpoint
	addr       netip.AddrPort
	dialled    bool
	hs         *noise.HandshakeState
	hello      []byte // dialler: the Hello; listener: handshake message 1 that this answers
	reply      []byte // listener: the Reply, for repeated Hellos
	finish     []byte // dialler: the Finish, repeated until the first Data
	started    time.Duration
	repeat     time.Duration // when to send hello or finish again
	tries      int
	id, peerID uint32
	peer       []byte
	tx, rx     noise.Cipher
	sent       uint64
	highest    uint64
	window     [windowWords]uint64
	heard      time.Duration
	closed     bool
	user       any
}

// replayWindow is how far a packet may be behind the newest, in packets: all but
// one word of a Conn's window, whose oldest word is being reused.
const replayWindow = windowWords*64 - 64

const windowWords = 16

// Established reports whether the handshake is over.
func (c *Conn) Established() bool { return c.tx != nil }

// Dialled reports whether this side began.
func (c *Conn) Dialled() bool { return c.dialled }

// Peer is the other side's public key, known once established.
func (c *Conn) Peer() []byte { return c.peer }

// Addr is where the peer was last heard from.
func (c *Conn) Addr() netip.AddrPort { return c.addr }

// Heard is when the last authentic packet came.
func (c *Conn) Heard() time.Duration { return c.heard }

// SetUser and User keep something of the caller's with the connection.
func (c *Conn) SetUser(u any) { c.user = u }

// User is what SetUser kept.
func (c *Conn) User() any { return c.user }

// Close forgets the connection. It sends nothing.
func (c *Conn) Close() {
	c.closed = true
	delete(c.e.conns, c.id)
	delete(c.e.pending, c.id)
}

// ErrPayload is returned for a payload that does not fit into a packet.
var ErrPayload = errors.New("secure: payload is too large")

// Send encrypts and sends a payload of at most MaxPayload bytes.
func (c *Conn) Send(payload []byte) error {
	if len(payload) > MaxPayload {
		return ErrPayload
	}
	if !c.Established() || c.closed {
		return errors.New("secure: not connected")
	}
	p := append(c.e.packet[:0], kindData)
	p = binary.LittleEndian.AppendUint32(p, c.peerID)
	p = binary.LittleEndian.AppendUint16(p, uint16(c.sent))
	p = c.tx.Encrypt(p, c.sent, p[:7], payload)
	c.sent++
	c.e.cfg.Send(c.addr, p)
	return nil
}

// Dial begins a connection. Tick repeats what gets lost; when to give up is
// the caller's decision.
func (e *Endpoint) Dial(to netip.AddrPort, now time.Duration) (*Conn, error) {
	e.now = max(e.now, now)
	hs, err := noise.NewHandshakeState(noise.Config{CipherSuite: suite, Random: e.cfg.Random, Pattern: noise.HandshakeXX,
		Initiator: true, StaticKeypair: e.cfg.Key, Prologue: prologue(e.cfg.Protocol)})
	if err != nil {
		return nil, err
	}
	msg, _, _, err := hs.WriteMessage(nil, nil)
	if err != nil {
		return nil, err
	}
	c := &Conn{e: e, addr: unmap(to), dialled: true, hs: hs, started: e.now}
	if c.id, err = e.newID(); err != nil {
		return nil, err
	}
	c.hello = make([]byte, HelloSize)
	c.hello[0] = kindHello
	binary.LittleEndian.PutUint16(c.hello[1:], e.cfg.Protocol)
	copy(c.hello[19:], msg)
	e.pending[c.id] = c
	e.resend(c)
	return c, nil
}

func prologue(protocol uint16) []byte {
	return binary.LittleEndian.AppendUint16([]byte("arcade"), protocol)
}

// unmap makes an IPv4 address in IPv6 form equal to the plain one.
func unmap(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

func (e *Endpoint) newID() (uint32, error) {
	for {
		var b [4]byte
		if _, err := io.ReadFull(e.cfg.Random, b[:]); err != nil {
			return 0, err
		}
		id := binary.LittleEndian.Uint32(b[:])
		if e.conns[id] == nil && e.pending[id] == nil && id != 0 {
			return id, nil
		}
	}
}

// resend sends what the dialler waits for an answer to.
func (e *Endpoint) resend(c *Conn) {
	p := c.hello
	if c.finish != nil {
		p = c.finish
	}
	e.cfg.Send(c.addr, p)
	c.repeat = e.now + min(250*time.Millisecond<<min(c.tries, 1), 500*time.Millisecond)
	c.tries++
}

// Tick repeats packets that may be lost and forgets handshakes that came to
// nothing. Call it some ten times a second.
func (e *Endpoint) Tick(now time.Duration) {
	e.advance(now)
	for id, c := range e.pending {
		switch {
		case c.dialled && e.now >= c.repeat:
			e.resend(c)
		case !c.dialled && e.now-c.started > pendingTime:
			delete(e.pending, id)
		}
	}
	for _, c := range e.conns {
		switch {
		case e.now-c.heard > idleTime:
			c.Close()
		case c.finish != nil && e.now >= c.repeat:
			e.resend(c)
		}
	}
}

func (e *Endpoint) advance(now time.Duration) {
	if now <= e.now {
		return
	}
	e.budget = min(handshakeRate, e.budget+(now-e.now).Seconds()*handshakeRate)
	e.now = now
	if e.now-e.turned >= cookieTime {
		e.turned = e.now
		e.secrets[1] = e.secrets[0]
		// A failure leaves the old secret in force: cookies live longer.
		_, _ = io.ReadFull(e.cfg.Random, e.secrets[0][:])
	}
}

// Receive takes a packet from the network. Whatever it is, it does no harm.
func (e *Endpoint) Receive(from netip.AddrPort, p []byte, now time.Duration) {
	e.advance(now)
	from = unmap(from)
	if len(p) == 0 || len(p) > MaxPacket {
		return
	}
	switch p[0] {
	case kindHello:
		e.gotHello(from, p)
	case kindRetry:
		if c := e.dialling(from); c != nil && len(p) == 17 && c.finish == nil {
			if !bytes.Equal(c.hello[3:19], p[1:]) { // a repeated Retry is not answered again
				copy(c.hello[3:19], p[1:])
				e.resend(c)
			}
		}
	case kindReply:
		e.gotReply(from, p)
	case kindFinish:
		e.gotFinish(from, p)
	case kindData:
		e.gotData(from, p)
	case kindVersion:
		if c := e.dialling(from); c != nil && len(p) >= 3 && len(p) <= HelloSize && c.finish == nil && e.cfg.OtherVersion != nil {
			e.cfg.OtherVersion(c, binary.LittleEndian.Uint16(p[1:]), strings.ToValidUTF8(string(p[3:]), "?"))
		}
	}
}

// dialling finds the handshake that was begun with an address.
func (e *Endpoint) dialling(from netip.AddrPort) *Conn {
	for _, c := range e.pending {
		if c.dialled && c.addr == from {
			return c
		}
	}
	return nil
}

func (e *Endpoint) cookie(from netip.AddrPort, secret *[32]byte) []byte {
	mac := hmac.New(sha256.New, secret[:])
	b, _ := from.MarshalBinary() // cannot fail
	mac.Write(b)
	return mac.Sum(nil)[:16]
}

func (e *Endpoint) gotHello(from netip.AddrPort, p []byte) {
	if !e.cfg.Listen || len(p) != HelloSize {
		return
	}
	if protocol := binary.LittleEndian.Uint16(p[1:]); protocol != e.cfg.Protocol {
		v := append(e.packet[:0], kindVersion)
		v = binary.LittleEndian.AppendUint16(v, e.cfg.Protocol)
		e.cfg.Send(from, append(v, e.cfg.Program[:min(len(e.cfg.Program), 64)]...))
		return
	}
	if !hmac.Equal(p[3:19], e.cookie(from, &e.secrets[0])) && !hmac.Equal(p[3:19], e.cookie(from, &e.secrets[1])) {
		e.cfg.Send(from, append(append(e.packet[:0], kindRetry), e.cookie(from, &e.secrets[0])...))
		return
	}
	msg := p[19 : 19+32]
	for _, c := range e.pending { // the Reply was lost
		if !c.dialled && c.addr == from && bytes.Equal(c.hello, msg) {
			e.cfg.Send(from, c.reply)
			return
		}
	}
	if len(e.pending) >= maxPending || len(e.conns) >= maxConns || e.budget < 1 {
		return
	}
	e.budget--
	hs, err := noise.NewHandshakeState(noise.Config{CipherSuite: suite, Random: e.cfg.Random, Pattern: noise.HandshakeXX,
		StaticKeypair: e.cfg.Key, Prologue: prologue(e.cfg.Protocol)})
	if err != nil {
		return
	}
	if _, _, _, err := hs.ReadMessage(nil, msg); err != nil {
		return
	}
	c := &Conn{e: e, addr: from, hs: hs, hello: bytes.Clone(msg), started: e.now}
	if c.id, err = e.newID(); err != nil {
		return
	}
	reply, _, _, err := hs.WriteMessage([]byte{kindReply}, binary.LittleEndian.AppendUint32(nil, c.id))
	if err != nil {
		return
	}
	c.reply = reply
	e.pending[c.id] = c
	e.cfg.Send(from, reply)
}

func (e *Endpoint) gotReply(from netip.AddrPort, p []byte) {
	c := e.dialling(from)
	if c == nil || c.finish != nil || e.budget < 1 {
		return
	}
	e.budget--
	payload, _, _, err := c.hs.ReadMessage(nil, p[1:])
	if err != nil || len(payload) != 4 {
		return // forged or damaged: noise restores its state, the real one may still come
	}
	c.peerID = binary.LittleEndian.Uint32(payload)
	head := binary.LittleEndian.AppendUint32([]byte{kindFinish}, c.peerID)
	finish, tx, rx, err := c.hs.WriteMessage(head, binary.LittleEndian.AppendUint32(nil, c.id))
	if err != nil {
		return
	}
	c.finish, c.tries = finish, 0
	e.establish(c, tx, rx)
	e.resend(c)
	e.cfg.Connected(c)
}

func (e *Endpoint) gotFinish(from netip.AddrPort, p []byte) {
	if len(p) < 5 {
		return
	}
	c := e.pending[binary.LittleEndian.Uint32(p[1:])]
	if c == nil || c.dialled || e.budget < 1 {
		return
	}
	e.budget--
	payload, rx, tx, err := c.hs.ReadMessage(nil, p[5:])
	if err != nil || len(payload) != 4 {
		return
	}
	c.addr, c.peerID = from, binary.LittleEndian.Uint32(payload)
	e.establish(c, tx, rx)
	e.cfg.Connected(c)
}

func (e *Endpoint) establish(c *Conn, tx, rx *noise.CipherState) {
	c.tx, c.rx = tx.Cipher(), rx.Cipher()
	c.peer = c.hs.PeerStatic()
	c.heard = e.now
	c.hs, c.reply = nil, nil
	delete(e.pending, c.id)
	e.conns[c.id] = c
}

func (e *Endpoint) gotData(from netip.AddrPort, p []byte) {
	if len(p) < Overhead {
		return
	}
	c := e.conns[binary.LittleEndian.Uint32(p[1:])]
	if c == nil {
		return
	}
	n := c.complete(binary.LittleEndian.Uint16(p[5:]))
	if c.seen(n) {
		return
	}
	plain, err := c.rx.Decrypt(e.plain[:0], n, p[:7], p[7:])
	if err != nil {
		return
	}
	if c.mark(n) {
		c.addr = from // the newest packet tells where the peer is
	}
	c.finish = nil
	c.heard = e.now
	e.cfg.Received(c, plain)
}

// complete makes the counter nearest to the newest one out of its low bits.
func (c *Conn) complete(low uint16) uint64 {
	n := c.highest&^0xffff | uint64(low)
	switch diff := int64(n - c.highest); {
	case diff > 0x8000 && n >= 0x10000:
		n -= 0x10000
	case diff < -0x8000:
		n += 0x10000
	}
	return n
}

// Counters are kept one higher than they are, so that 0 means none.

// seen reports whether a counter is too old or was there before.
func (c *Conn) seen(n uint64) bool {
	n++
	if n > c.highest {
		return false
	}
	if c.highest-n >= replayWindow {
		return true
	}
	return c.window[n/64%uint64(len(c.window))]>>(n%64)&1 != 0
}

// mark remembers a counter and reports whether it is the newest.
func (c *Conn) mark(n uint64) bool {
	n++
	newest := n > c.highest
	if newest {
		for w := c.highest/64 + 1; w <= n/64 && w <= c.highest/64+uint64(len(c.window)); w++ {
			c.window[w%uint64(len(c.window))] = 0
		}
		c.highest = n
	}
	c.window[n/64%uint64(len(c.window))] |= 1 << (n % 64)
	return newest
}
