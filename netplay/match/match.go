package match

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"arcade/netplay/lane"
	"arcade/netplay/rollback"

	"github.com/klauspost/compress/zstd"
)

// Limits and times.
const (
	MaxPayload   = 1100 // bytes of a payload that is sent
	MaxChat      = 500  // bytes of a line of chat
	MaxTerms     = 256
	WarnAfter    = 750 * time.Millisecond // of silence
	LostAfter    = 30 * time.Second
	HashInterval = 30 // frames
	greetTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second // for the peer's state after a desync
	keepAlive    = 200 * time.Millisecond
	chatRate     = 5 // lines a second that are taken
	lobbyBurst   = 8 // packets that a tick sends at most, outside of play
	smallLimit   = 64 << 10
	hashSends    = 3           // times that a new hash is sent
	farewell     = time.Second // after the end, in which what was said is still sent
	pingEvery    = 100 * time.Millisecond
)

// Game is what a match needs of a game.
type Game interface {
	// Save and Load copy the state to and from a slot below rollback.Slots.
	Save(slot int)
	Load(slot int)
	// Advance runs a frame with the inputs of all players; shown is false for
	// frames that are run again.
	Advance(inputs []byte, shown bool)
	// Hash is the present state's.
	Hash() uint64
	// AppendState appends the bytes of the present state, StateSize of them.
	AppendState(b []byte) []byte
	// SetState makes bytes that a peer sent the present state. They may be
	// anything, but have the right size.
	SetState(b []byte) error
}

// Term is one thing that both sides must agree on.
type Term struct {
	Name  string // such as "game", "program version", "DIP switches"
	Value string // such as a name or the hash of a region
	Fix   string // what to do if it differs; not sent
}

// Config describes one side. InputSize, Fields, StateSize and Rate must be in
// the Terms, as far as a set and a version do not imply them.
type Config struct {
	Host bool // owns player 0 and the starting state; the other owns player 1
	Nick string
	// Terms are compared one by one; the first difference ends the match.
	Terms     []Term
	Game      Game
	StateSize int
	InputSize int
	Fields    []rollback.Field
	Rate      float64 // frames a second
	Window    int     // of the host: frames that may be predicted
	Delay     int     // input delay in frames; negative: from the round trip
	// Send takes each payload; it must not keep it.
	Send func(payload []byte)
	// Event, if set, is told what happens.
	Event func(Event)
	// Confirmed, if set, gets each frame's inputs once they are final, in
	// order: for a replay. It must not keep them.
	Confirmed func(frame int32, inputs []byte)
}

// Phase is where a match stands.
type Phase uint8

// The phases of a match.
const (
	Greeting Phase = iota // the two sides' terms are compared
	Lobby                 // the state is on its way, there is chat, ready ticks are set
	Playing
	Desynced // stopped; the host may Restart
	Lost     // the peer was silent for LostAfter; PlayOn, Leave, or it comes back
	Alone    // playing on without the peer
	Ended
)

func (p Phase) String() string {
	return [...]string{"greeting", "lobby", "playing", "desynced", "lost", "alone", "ended"}[p]
}

// EventKind says what an Event is about.
type EventKind uint8

// The kinds of events.
const (
	PhaseChanged EventKind = iota // Phase
	Chatted                       // Text, and Mine if it is our own
	Silent                        // the peer has been silent for WarnAfter
	Back                          // it is heard again
	PeerReady                     // Ready of the peer changed
	Started                       // frames run from Frame on; a new recording begins
	Diverged                      // Bundle tells how
	Over                          // Text says why the match ended
)

// Event is something that happened.
type Event struct {
	Kind   EventKind
	Phase  Phase
	Text   string
	Mine   bool
	Frame  int32
	Bundle *Bundle
}

// Bundle is what is known about a desync.
type Bundle struct {
	Seen   int32  // the first compared frame that differs
	Frame  int32  // of the two states: those before it
	Mine   []byte // states; Theirs is nil if the peer's never came
	Theirs []byte
	// Inputs of all players, frame by frame from First on, up to Frame.
	First  int32
	Inputs []byte
}

// Match is one side of a match.
type Match struct {
	cfg      Config
	phase    Phase
	lane     *lane.Lane
	now      time.Duration
	began    time.Duration
	endedAt  time.Duration
	heard    time.Duration
	silent   bool
	sentAt   time.Duration
	pinged   time.Duration
	echo     uint16 // the peer's newest clock
	echoAt   time.Duration
	owed     bool // an echo
	rtt      roundTrip
	greeted  bool
	peer     string // nick
	ready    [2]bool
	loaded   bool // the peer has the state of this epoch
	hasOwn   bool // so have we
	epoch    uint8
	start    int32
	window   int
	goAt     time.Duration // host: when to begin, so that both begin together
	going    bool
	plays    int    // begun so far
	delay    int    // the peer's
	depth    [2]int // frames of the longest rollback since the last ping: being counted, and told
	peerDeep int    // that of the peer
	called   bool   // Alone: the peer that was given up has come back

	session  *rollback.Session
	msg      rollback.Message
	out      []byte
	packed   []byte
	last     int32 // last frame given to Confirmed
	hashSent int32
	hashLeft int
	chats    float64
	log      inputLog

	stopped    bool // Desynced: our stop is sent
	stopAt     time.Duration
	seen       int32
	ownStop    int32 // frame of our confirmed state
	ownSlot    int
	theirStop  int32
	theirs     []byte // the peer's state
	bundle     *Bundle
	bundleDone bool

	enc *zstd.Encoder
	dec *zstd.Decoder
}

// New begins a match over a connection that stands. now is any clock that
// only goes forward; all times given later are of the same.
func New(cfg Config, now time.Duration) (*Match, error) {
	if cfg.Game == nil || cfg.Send == nil || cfg.StateSize < 1 || cfg.Rate <= 0 || 2*cfg.InputSize > maxInput || len(cfg.Terms) > MaxTerms {
		return nil, errors.New("match: the configuration is incomplete")
	}
	m := &Match{cfg: cfg, lane: lane.New(smallLimit), now: now, began: now, heard: now, window: cfg.Window, last: -1, theirStop: -1, chats: 2 * chatRate}
	m.log.size = 2 * cfg.InputSize
	if _, err := m.newSession(0); err != nil {
		return nil, err
	}
	var err error
	if m.enc, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)); err != nil {
		return nil, err
	}
	// A decoder that may use less than a frame's smallest window refuses all.
	if m.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(max(cfg.StateSize, smallLimit)))); err != nil {
		return nil, err
	}
	return m, m.lane.Send(kindHello, appendHello(nil, cfg.Nick, cfg.Terms))
}

func (m *Match) newSession(start int32) (*rollback.Session, error) {
	owners := []int{rollback.Local, 1}
	if !m.cfg.Host {
		owners = []int{1, rollback.Local}
	}
	return rollback.New(rollback.Config{Players: owners, InputSize: m.cfg.InputSize, Fields: m.cfg.Fields, Window: m.window,
		Delay: m.Delay(), HashInterval: HashInterval, Start: start})
}

// Phase is where the match stands.
func (m *Match) Phase() Phase { return m.phase }

// Peer is the other's nickname, once it has greeted.
func (m *Match) Peer() string { return m.peer }

// Ready tells who has ticked ready: this side, and the other.
func (m *Match) Ready() (mine, theirs bool) { return m.ready[0], m.ready[1] }

// RTT is the median round trip and how much it varies.
func (m *Match) RTT() (median, jitter time.Duration) { return m.rtt.measure() }

// Session is the rollback session of the present or last play, or nil.
func (m *Match) Session() *rollback.Session { return m.session }

// Delay is our input delay in frames: the one that was asked for, or one that
// fits the round trip. It is fixed when play starts; SetDelay changes it.
func (m *Match) Delay() int {
	if m.session != nil {
		return m.session.Delay(m.player())
	}
	if m.cfg.Delay >= 0 {
		return m.cfg.Delay
	}
	return m.autoDelay()
}

// Depths are the frames of the longest rollbacks in the last moments: here, and
// on the other side.
func (m *Match) Depths() (mine, theirs int) { return m.depth[1], m.peerDeep }

// PeerSilent reports whether the peer has been silent for WarnAfter in play.
func (m *Match) PeerSilent() bool { return m.silent }

// Said reports whether the peer has acknowledged all that it was told: once a
// match has ended, nothing more is to be done then.
func (m *Match) Said() bool { return m.lane.Idle() }

// Silence is how long nothing has come from the peer.
func (m *Match) Silence() time.Duration { return m.now - m.heard }

// Diverged is what is known about the desync that the match stands still after,
// or nil.
func (m *Match) Diverged() *Bundle {
	if m.phase != Desynced || !m.bundleDone {
		return nil
	}
	return m.bundle
}

// PeerDelay is the other's.
func (m *Match) PeerDelay() int { return m.delay }

// Speed is the factor for the rate of Tick.
func (m *Match) Speed() float64 {
	if m.phase != Playing {
		return 1
	}
	return m.session.Speed()
}

// player is the number of our player.
func (m *Match) player() int {
	if m.cfg.Host {
		return 0
	}
	return 1
}

func (m *Match) event(e Event) {
	if m.cfg.Event != nil {
		m.cfg.Event(e)
	}
}

func (m *Match) enter(p Phase) {
	if m.phase != p {
		m.phase = p
		m.event(Event{Kind: PhaseChanged, Phase: p})
	}
}

// end ends the match for a reason.
func (m *Match) end(why string) {
	if m.phase == Ended {
		return
	}
	m.endedAt = m.now
	m.enter(Ended)
	m.event(Event{Kind: Over, Text: why})
}

// Leave tells the peer that we go, and ends the match. The farewell goes out at
// once, and again for as long as Tick is called, up to a second.
func (m *Match) Leave(reason string) {
	if m.phase == Ended {
		return
	}
	_ = m.lane.Send(kindBye, appendString(nil, reason)) // if it is full, the peer sees silence
	m.flush()
	m.end("you left")
}

// Chat sends a line.
func (m *Match) Chat(text string) error {
	text = clean(text)
	if len(text) > MaxChat {
		return fmt.Errorf("a line of chat has at most %d bytes", MaxChat)
	}
	if err := m.lane.Send(kindChat, []byte(text)); err != nil {
		return err
	}
	m.event(Event{Kind: Chatted, Text: text, Mine: true})
	return nil
}

// clean makes a peer's text safe to show: one line without control characters.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// SetReady ticks ready, or takes it back. Play begins when both have.
func (m *Match) SetReady(ready bool) error {
	if m.phase > Lobby || m.ready[0] == ready {
		return nil
	}
	m.ready[0] = ready
	b := byte(0)
	if ready {
		b = 1
	}
	return m.lane.Send(kindReady, []byte{b})
}

// SetDelay changes our input delay, at any time.
func (m *Match) SetDelay(frames int) error {
	if frames < 0 || frames > rollback.MaxDelay {
		return fmt.Errorf("an input delay of %d frames; 0 to %d are possible", frames, rollback.MaxDelay)
	}
	m.cfg.Delay = frames
	if m.session != nil {
		if err := m.session.SetDelay(m.player(), frames); err != nil {
			return err
		}
	}
	return m.lane.Send(kindDelay, []byte{byte(frames)})
}

// AutoDelay makes our input delay the one that fits the round trip: now, or when
// play starts.
func (m *Match) AutoDelay() error {
	if m.session != nil {
		return m.SetDelay(m.autoDelay())
	}
	m.cfg.Delay = -1
	return nil
}

// Restart makes both sides play on from the host's newest confirmed state,
// after a desync. Only the host can.
func (m *Match) Restart() error {
	if !m.cfg.Host || m.phase != Desynced || !m.bundleDone {
		return errors.New("only the host can go on from its state, and only after a desync that was looked at")
	}
	if err := m.cfg.Game.SetState(m.bundle.Mine); err != nil {
		return err
	}
	m.start = m.bundle.Frame
	m.epoch++
	m.enter(Lobby)
	return m.sendStart()
}

// PlayOn goes on without a peer that is lost. If that peer comes back all the
// same, it is told that the match is over.
func (m *Match) PlayOn() error {
	if m.phase != Lost || m.session == nil {
		return errors.New("the peer is not lost")
	}
	other := 1 - m.player()
	if err := m.session.Disconnect(1, m.session.LastInput(other)); err != nil {
		return err
	}
	_ = m.lane.Send(kindBye, appendString(nil, "it plays on alone")) // if it is full, the peer sees silence
	m.silent, m.called = false, false
	m.enter(Alone)
	return nil
}

// sendStart sends the present state as that before frame start.
func (m *Match) sendStart() error {
	m.loaded, m.hasOwn, m.going = false, true, false
	b := []byte{m.epoch}
	b = binary.LittleEndian.AppendUint32(b, uint32(m.start))
	b = append(b, byte(m.window))
	b = binary.LittleEndian.AppendUint16(b, HashInterval)
	return m.lane.Send(kindStart, m.enc.EncodeAll(m.cfg.Game.AppendState(nil), b))
}

// unpack is a state that a peer sent.
func (m *Match) unpack(z []byte) ([]byte, error) {
	b, err := m.dec.DecodeAll(z, nil)
	if err != nil || len(b) != m.cfg.StateSize {
		return nil, errWire
	}
	return b, nil
}

// begin starts play.
func (m *Match) begin() error {
	if m.session == nil && m.cfg.Delay < 0 {
		m.cfg.Delay = m.autoDelay()
	}
	s, err := m.newSession(m.start)
	if err != nil {
		return err
	}
	m.session = s
	m.last, m.hashSent, m.hashLeft = m.start-1, -1, 0
	m.stopped, m.bundle, m.bundleDone, m.theirStop, m.theirs = false, nil, false, -1, nil
	m.going = false
	m.lane.SetLimit(smallLimit)
	m.plays++
	m.log.reset(m.start)
	m.enter(Playing)
	m.event(Event{Kind: Started, Frame: m.start})
	return m.lane.Send(kindDelay, []byte{byte(m.Delay())})
}
