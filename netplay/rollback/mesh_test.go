package rollback_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"arcade/netplay/linktest"
	"arcade/netplay/rollback"

	"pgregory.net/rapid"
)

var checksGiven = sync.OnceValue(func() (given bool) {
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	return given
})

// histories sets how many random histories a test tries, unless the command
// line says so.
func histories(t *testing.T, few int) {
	t.Helper()
	if checksGiven() {
		return
	}
	n := few
	if long() {
		n = 100_000
	}
	old := flag.Lookup("rapid.checks").Value.String()
	if err := flag.Set("rapid.checks", fmt.Sprint(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { flag.Set("rapid.checks", old) })
}

// member is one of a mesh of two to four.
type member struct {
	s     *rollback.Session
	g     *game
	log   map[int32][]byte // its own input of each frame, as the session holds it
	inbox [][]rollback.Message
	gone  bool
}

// peerOf numbers the others as each sees them: 1 and up in order of players.
func peerOf(self, other int) int {
	if other < self {
		return other + 1
	}
	return other
}

// A mesh of two to four players over a network that loses, swaps, repeats and
// holds back; delays change; one may leave, its last inputs known to some only;
// a spectator follows. What all have confirmed, and the states, are those of a
// lockstep reference.
func TestMesh(t *testing.T) {
	histories(t, 1500)
	tried, left, relayed, rolled := 0, 0, 0, int64(0)
	rapid.Check(t, func(t *rapid.T) {
		tried++
		n := rapid.IntRange(2, 4).Draw(t, "players")
		window := rapid.IntRange(0, rollback.MaxWindow).Draw(t, "window")
		leaver := rapid.IntRange(-1, n-1).Draw(t, "leaver")
		patience := rapid.IntRange(0, 9).Draw(t, "patience")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 9))
		members := make([]*member, n)
		fields := []rollback.Field{{Offset: 0, Size: 1, Predict: rollback.Velocity, Ends: true}}
		for i := range members {
			owners := make([]int, n)
			for k := range owners {
				owners[k] = peerOf(i, k)
				if k == i {
					owners[k] = rollback.Local
				}
			}
			s, err := rollback.New(rollback.Config{Players: owners, InputSize: 1, Window: window, Delay: r.IntN(5), HashInterval: 1, Fields: fields})
			if err != nil {
				t.Fatal(err)
			}
			members[i] = &member{s: s, g: &game{}, log: map[int32][]byte{}, inbox: make([][]rollback.Message, n)}
		}
		watched := 0
		if leaver == 0 {
			watched = 1
		}
		watcher, err := rollback.NewSpectator(n, 1, 3, 0)
		if err != nil {
			t.Fatal(err)
		}
		seen := &game{}
		see := func() {
			from := watcher.Ack() + 1
			var in []byte
			for f := from; f < from+40; f++ {
				b, ok := members[watched].s.AppendConfirmed(in, f)
				if !ok {
					break
				}
				in = b
			}
			if err := watcher.Receive(from, in); err != nil {
				t.Fatal(err)
			}
			for _, q := range watcher.Tick() {
				seen.Advance(q.Inputs, q.Last)
			}
		}
		step := func(i int) {
			m := members[i]
			if m.gone {
				return
			}
			if r.IntN(30) == 0 {
				if err := m.s.SetDelay(i, r.IntN(11)); err != nil {
					t.Fatal(err)
				}
			}
			before := m.s.LastInput(i)
			if err := m.s.AddInput(i, []byte{byte(r.Uint32())}); err != nil {
				t.Fatal(err)
			}
			for f := before + 1; f <= m.s.LastInput(i); f++ {
				in, ok := m.s.Input(i, f)
				if !ok {
					t.Fatalf("player %d has no input for frame %d", i, f)
				}
				m.log[f] = bytes.Clone(in)
			}
			if err := linktest.Execute(m.s, m.g); err != nil {
				t.Fatal(err)
			}
			for k, o := range members {
				if k != i && !o.gone {
					var msg rollback.Message
					m.s.Send(peerOf(i, k), &msg)
					o.inbox[i] = append(o.inbox[i], msg)
				}
			}
		}
		receive := func(i, from int, msg *rollback.Message) {
			err := members[i].s.Receive(peerOf(i, from), msg)
			if members[from].gone {
				if !errors.Is(err, rollback.ErrMessage) {
					t.Fatalf("a message of one that has left was taken (%v)", err)
				}
			} else if err != nil {
				t.Fatal(err)
			}
		}
		chaos := func(rounds int) {
			for range rounds {
				i := r.IntN(n)
				for from := range members {
					box := &members[i].inbox[from]
					switch k := len(*box); {
					case k == 0:
					case r.IntN(10) < patience: // held back
					case r.IntN(5) == 0: // lost
						*box = (*box)[1:]
					case r.IntN(5) == 0 && k > 1: // swapped, and the first comes twice
						receive(i, from, &(*box)[k-1])
						receive(i, from, &(*box)[0])
					default:
						receive(i, from, &(*box)[0])
						*box = (*box)[1:]
					}
				}
				step(i)
				see()
			}
		}
		chaos(60 + r.IntN(60))
		end := int32(-1)
		if leaver >= 0 && n > 2 {
			left++
			members[leaver].gone = true
			best := -1
			for i, m := range members {
				if i != leaver && (best < 0 || m.s.LastInput(leaver) > members[best].s.LastInput(leaver)) {
					best = i
				}
			}
			end = members[best].s.LastInput(leaver)
			for i, m := range members {
				if i == leaver {
					continue
				}
				had := m.s.LastInput(leaver)
				if had > -1 {
					if m.s.Disconnect(peerOf(i, leaver), had-1) == nil {
						t.Fatal("known inputs were thrown away")
					}
				}
				if err := m.s.Disconnect(peerOf(i, leaver), end); err != nil {
					t.Fatal(err)
				}
				var in []byte
				for f := had + 1; f <= end; f++ {
					b, ok := members[best].s.Input(leaver, f)
					if !ok {
						t.Fatalf("frame %d is forgotten", f)
					}
					in = append(in, b...)
					relayed++
				}
				if err := m.s.Relay(leaver, had+1, in); err != nil {
					t.Fatal(err)
				}
			}
			chaos(40)
		}
		for range 60 { // the network recovers
			for i := range members {
				for from := range members {
					if k := len(members[i].inbox[from]); k > 0 && !members[i].gone {
						receive(i, from, &members[i].inbox[from][k-1])
					}
					members[i].inbox[from] = nil
				}
				step(i)
			}
			see()
		}
		last := int32(1 << 30)
		for i, m := range members {
			if m.gone {
				continue
			}
			if d := m.s.Desync(); d != nil {
				t.Fatalf("member %d: %v", i, d)
			}
			if m.s.Stats().Compared == 0 {
				t.Fatalf("member %d compared nothing", i)
			}
			rolled += m.s.Stats().Rollbacks
			last = min(last, m.s.Confirmed())
		}
		if last < 30 {
			t.Fatalf("only %d frames were confirmed", last)
		}
		ref := &game{}
		for f := range last + 1 {
			var want []byte
			for _, m := range members {
				if m.gone && f > end {
					want = append(want, 0)
				} else {
					want = append(want, m.log[f]...)
				}
			}
			if watcher.Frame() == f && ref.Hash() != seen.Hash() {
				t.Fatalf("the spectator's state before frame %d is another", f)
			}
			for i, m := range members {
				if m.gone {
					continue
				}
				if got, ok := m.s.AppendConfirmed(nil, f); ok && !bytes.Equal(got, want) {
					t.Fatalf("member %d, frame %d: inputs %v, want %v", i, f, got, want)
				}
				if h, ok := m.s.Hash(f); ok && h != ref.Hash() {
					t.Fatalf("member %d, frame %d: not the state of the reference", i, f)
				}
			}
			ref.Advance(want, true)
		}
		if watcher.Frame() < 30 {
			t.Fatalf("the spectator is at frame %d", watcher.Frame())
		}
	})
	t.Logf("%d histories, %d players left, %d inputs relayed, %d rollbacks", tried, left, relayed, rolled)
	if left == 0 || relayed == 0 || rolled == 0 {
		t.Error("too little happened")
	}
}

// Whoever has left does not bend the others' speed any more.
func TestLeadOfTheGone(t *testing.T) {
	s, err := rollback.New(rollback.Config{Players: []int{0, 1}, InputSize: 1, Window: 8, HashInterval: 1})
	if err != nil {
		t.Fatal(err)
	}
	for f := range int32(100) {
		s.Receive(1, &rollback.Message{Frame: f, Advantage: -5, Start: f, Inputs: []byte{1}, Ack: -1, HashFrame: -1})
		s.AddInput(0, []byte{1})
		s.Tick()
	}
	if s.Speed() > 0.995 {
		t.Fatalf("speed %v: the peer was far behind", s.Speed())
	}
	if err := s.Disconnect(1, s.LastInput(1)); err != nil {
		t.Fatal(err)
	}
	if s.Speed() < 0.999 || s.Lead() != 0 {
		t.Errorf("speed %v, lead %v after the peer has left", s.Speed(), s.Lead())
	}
}

// Velocity wraps or stops, in the bits that count.
func TestFields(t *testing.T) {
	for _, c := range []struct {
		field        rollback.Field
		before, last [2]byte
		want         [2]byte // three frames on
	}{
		{rollback.Field{Size: 1}, [2]byte{1, 7}, [2]byte{3, 7}, [2]byte{3, 7}},
		{rollback.Field{Size: 1, Predict: rollback.Velocity}, [2]byte{1, 7}, [2]byte{3, 7}, [2]byte{9, 7}},
		{rollback.Field{Size: 1, Predict: rollback.Velocity}, [2]byte{0xfe}, [2]byte{0x02}, [2]byte{0x0e}},
		{rollback.Field{Size: 1, Predict: rollback.Velocity, Ends: true}, [2]byte{0xf0}, [2]byte{0xfa}, [2]byte{0xff}},
		{rollback.Field{Size: 1, Predict: rollback.Velocity, Ends: true, Signed: true}, [2]byte{0xa0}, [2]byte{0x88}, [2]byte{0x80}},
		{rollback.Field{Size: 2, Predict: rollback.Velocity, Bits: 12}, [2]byte{0xf0, 0x5f}, [2]byte{0xff, 0x5f}, [2]byte{0x2c, 0x50}},
		{rollback.Field{Size: 2, Predict: rollback.Velocity, Bits: 12, Ends: true}, [2]byte{0xf0, 0x0f}, [2]byte{0xff, 0x0f}, [2]byte{0xff, 0x0f}},
	} {
		s, err := rollback.New(rollback.Config{Players: []int{0, 1}, InputSize: 2, Window: 8, HashInterval: 1, Fields: []rollback.Field{c.field}})
		if err != nil {
			t.Fatal(err)
		}
		s.Receive(1, &rollback.Message{Frame: 2, Inputs: append(c.before[:], c.last[:]...), Ack: -1, HashFrame: -1})
		var got []byte
		for range 5 { // frames 0 to 4; the last known is 1
			s.AddInput(0, make([]byte, 2))
			for _, q := range s.Tick() {
				if q.Kind == rollback.Advance {
					got = bytes.Clone(q.Inputs[2:])
				}
			}
		}
		if !bytes.Equal(got, c.want[:]) {
			t.Errorf("%+v: %v, %v is followed by %v, want %v", c.field, c.before, c.last, got, c.want)
		}
	}
}
