package match

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"arcade/netplay/lane"
	"arcade/netplay/rollback"

	"github.com/klauspost/compress/zstd"
)

// Watch is a match as a spectator sees it: a little late, and never wrong. Its
// Config's Host, Window, Delay and Confirmed mean what they can: Delay is how
// many frames it stays behind (negative: 6).
type Watch struct {
	cfg     Config
	phase   Phase
	lane    *lane.Lane
	now     time.Duration
	heard   time.Duration
	sentAt  time.Duration
	host    string
	greeted bool
	epoch   uint8
	s       *rollback.Spectator
	inputs  []byte
	out     []byte
	mine    [64]frameHash // of our own states
	theirs  frameHash
	checked int
	dec     *zstd.Decoder
}

type frameHash struct {
	frame int32
	hash  uint64
	set   bool
}

// NewWatch begins to watch over a connection that stands.
func NewWatch(cfg Config, now time.Duration) (*Watch, error) {
	if cfg.Game == nil || cfg.Send == nil || cfg.StateSize < 1 || cfg.InputSize < 1 || 2*cfg.InputSize > maxInput || len(cfg.Terms) > MaxTerms {
		return nil, errors.New("match: the configuration is incomplete")
	}
	if cfg.Delay < 0 {
		cfg.Delay = 6
	}
	w := &Watch{cfg: cfg, lane: lane.New(cfg.StateSize + cfg.StateSize/16 + smallLimit), now: now, heard: now}
	var err error
	if w.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(max(cfg.StateSize, smallLimit)))); err != nil {
		return nil, err
	}
	return w, w.lane.Send(kindHello, appendHello(nil, cfg.Nick, cfg.Terms))
}

// Phase is Greeting, Lobby (waiting for play), Playing, Desynced or Ended.
func (w *Watch) Phase() Phase { return w.phase }

// Host is the nickname of the match's host.
func (w *Watch) Host() string { return w.host }

// Behind is the number of frames that are known and not shown yet.
func (w *Watch) Behind() int {
	if w.s == nil {
		return 0
	}
	return w.s.Behind()
}

// Frame is the frame that runs next, and Compared how many states were compared
// with the host's.
func (w *Watch) Frame() (frame int32, compared int) {
	if w.s == nil {
		return 0, 0
	}
	return w.s.Frame(), w.checked
}

func (w *Watch) event(e Event) {
	if w.cfg.Event != nil {
		w.cfg.Event(e)
	}
}

func (w *Watch) enter(p Phase) {
	if w.phase != p {
		w.phase = p
		w.event(Event{Kind: PhaseChanged, Phase: p})
	}
}

func (w *Watch) end(why string) {
	if w.phase != Ended {
		w.enter(Ended)
		w.event(Event{Kind: Over, Text: why})
	}
}

// Leave stops watching.
func (w *Watch) Leave() {
	if w.phase == Ended {
		return
	}
	_ = w.lane.Send(kindBye, appendString(nil, "")) // else the host sees silence
	w.flush()
	w.end("you left")
}

// Receive takes a payload of the match.
func (w *Watch) Receive(b []byte, now time.Duration) {
	w.now = max(w.now, now)
	if w.phase == Ended {
		return
	}
	err := w.take(b)
	for err == nil && w.phase != Ended {
		msg, ok := w.lane.Receive()
		if !ok {
			break
		}
		err = w.handle(msg)
	}
	if err != nil {
		w.end("the host sent what makes no sense: " + err.Error())
		return
	}
	w.heard = w.now
}

func (w *Watch) take(b []byte) error {
	if len(b) < 1 || b[0]&^(flagAck|flagWatch) != 0 {
		return errWire
	}
	flags := b[0]
	b = b[1:]
	var err error
	if flags&flagAck != 0 {
		if b, err = w.lane.TakeAck(b, w.now); err != nil {
			return err
		}
	}
	if flags&flagWatch != 0 {
		if b, err = w.takeInputs(b); err != nil {
			return err
		}
	}
	for len(b) > 0 {
		if b, err = w.lane.TakeSegment(b); err != nil {
			return err
		}
	}
	return nil
}

func (w *Watch) takeInputs(b []byte) ([]byte, error) {
	if len(b) < 1 {
		return nil, errWire
	}
	epoch := b[0]
	b = b[1:]
	start, n := binary.Varint(b)
	if n <= 0 || start < 0 || start > math.MaxInt32 {
		return nil, errWire
	}
	b = b[n:]
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, errWire
	}
	var err error
	if w.inputs, err = unpackInputs(w.inputs[:0], b[n:n+int(size)], 2*w.cfg.InputSize); err != nil {
		return nil, err
	}
	b = b[n+int(size):]
	f, n := binary.Uvarint(b)
	if n <= 0 || f > math.MaxInt32 || f > 0 && len(b) < n+8 {
		return nil, errWire
	}
	b = b[n:]
	mine := w.s != nil && epoch == w.epoch && w.phase == Playing
	if f > 0 {
		if mine && !w.theirs.set {
			w.theirs = frameHash{int32(f) - 1, binary.LittleEndian.Uint64(b), true}
		}
		b = b[8:]
	}
	if !mine {
		return b, nil
	}
	return b, w.s.Receive(int32(start), w.inputs)
}

func (w *Watch) handle(msg lane.Message) error {
	b := msg.Data
	switch msg.Kind {
	case kindHello:
		if w.greeted {
			return errWire
		}
		nick, terms, err := parseHello(b)
		if err != nil {
			return err
		}
		w.host, w.greeted = nick, true
		if why := compare(w.cfg.Terms, terms); why != "" {
			w.end(why)
			return nil
		}
		w.enter(Lobby)
	case kindBye:
		why, _, err := takeString(b)
		if err != nil {
			return err
		}
		w.end(clean(why))
	case kindStart:
		return w.gotStart(b)
	default:
		return fmt.Errorf("%w (a message of kind %d)", errWire, msg.Kind)
	}
	return nil
}

func (w *Watch) gotStart(b []byte) error {
	if len(b) < 8 || !w.greeted {
		return errWire
	}
	start := int32(binary.LittleEndian.Uint32(b[1:]))
	if start < 0 || start > 1<<30 || binary.LittleEndian.Uint16(b[6:]) != HashInterval {
		return errWire
	}
	block, err := w.dec.DecodeAll(b[8:], nil)
	if err != nil || len(block) != w.cfg.StateSize {
		return errWire
	}
	if err := w.cfg.Game.SetState(block); err != nil {
		return err
	}
	if w.s, err = rollback.NewSpectator(2, w.cfg.InputSize, w.cfg.Delay, start); err != nil {
		return err
	}
	w.epoch = b[0]
	w.mine, w.theirs = [64]frameHash{}, frameHash{}
	w.enter(Playing)
	w.event(Event{Kind: Started, Frame: start})
	return nil
}

// Tick runs the frames that are due: none, one, or several to catch up. Call it
// once a frame. It returns how many it ran.
func (w *Watch) Tick(now time.Duration) int {
	w.now = max(w.now, now)
	if w.phase == Ended {
		return 0
	}
	if w.now-w.heard > LostAfter {
		w.end("the host has been silent for 30 s")
		return 0
	}
	n := 0
	if w.phase == Playing {
		for _, q := range w.s.Tick() {
			w.keep(q.Frame)
			w.cfg.Game.Advance(q.Inputs, q.Last)
			if w.cfg.Confirmed != nil {
				w.cfg.Confirmed(q.Frame, q.Inputs)
			}
			n++
		}
		w.keep(w.s.Frame())
		w.compare()
	}
	w.flush()
	return n
}

// keep remembers the hash of the present state, that before a frame.
func (w *Watch) keep(frame int32) {
	if frame%HashInterval == 0 {
		if h := &w.mine[frame/HashInterval%int32(len(w.mine))]; !h.set || h.frame != frame {
			*h = frameHash{frame, w.cfg.Game.Hash(), true}
		}
	}
}

func (w *Watch) compare() {
	t := &w.theirs
	if !t.set || t.frame > w.s.Frame() {
		return
	}
	t.set = false
	if h := w.mine[t.frame/HashInterval%int32(len(w.mine))]; h.set && h.frame == t.frame {
		w.checked++
		if h.hash != t.hash {
			w.enter(Desynced)
			w.event(Event{Kind: Diverged, Frame: t.frame})
		}
	}
}

func (w *Watch) flush() {
	b := append(w.out[:0], 0)
	if w.lane.WantsAck() {
		b[0] |= flagAck
		b = w.lane.AppendAck(b)
	}
	if w.s != nil && (w.now-w.sentAt >= watchEvery) {
		b[0] |= flagWatch
		b = append(b, w.epoch)
		b = binary.AppendVarint(b, int64(w.s.Ack()))
	}
	for {
		var ok bool
		if b, ok = w.lane.AppendSegment(b, MaxPayload-len(b), w.now); !ok {
			break
		}
	}
	w.out = b
	if len(b) > 1 || w.now-w.sentAt >= keepAlive {
		if b[0]&flagWatch != 0 || len(b) == 1 {
			w.sentAt = w.now
		}
		w.cfg.Send(b)
	}
}
