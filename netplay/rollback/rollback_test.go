package rollback_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"arcade/netplay/link"
	"arcade/netplay/linktest"
	"arcade/netplay/rollback"

	"pgregory.net/rapid"
)

func long() bool { return os.Getenv("ARCADE_LONG") != "" }

func TestMatrix(t *testing.T) {
	cells := linktest.Sample()
	if long() {
		cells = linktest.Matrix()
	}
	for i, c := range cells {
		m := match(3600)
		m.Seed, m.There, m.Back = uint64(i), c.Quality(), c.Quality()
		if c.Drift {
			m.Drift = 0.01
		}
		r, err := m.Run()
		if err == nil {
			err = c.Check(m, r, noInput(3600))
		}
		if err != nil {
			t.Errorf("%v: %v", c, err)
		}
		t.Log(c.Row("toy", r, err))
	}
}

// A long match: hashes equal at every confirmed frame, memory flat.
func TestLongMatch(t *testing.T) {
	frames := int32(30_000)
	if long() {
		frames = 1_000_000
	}
	c := linktest.Cell{RTT: 100, Loss: 5}
	m := match(frames)
	m.There, m.Back = c.Quality(), c.Quality()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := m.Run()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(m, r, noInput(3600)); err != nil {
		t.Error(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("%d bytes more after %d frames", grown, frames)
	}
	if r.Stats[0].Compared < int64(frames)/2 {
		t.Errorf("only %d hashes were compared", r.Stats[0].Compared)
	}
}

func TestLockstep(t *testing.T) {
	m := match(600)
	m.Window, m.Delay = 0, 5
	c := linktest.Cell{RTT: 60}
	m.There, m.Back = c.Quality(), c.Quality()
	r, err := m.Run()
	if err != nil || r.Desync != nil {
		t.Fatal(err, r.Desync)
	}
	if r.Stats[0].Rollbacks+r.Stats[1].Rollbacks+r.Stats[0].Predicted != 0 {
		t.Errorf("lockstep rolled back: %+v", r.Stats)
	}
}

// A flipped bit on one side is seen on both, with the right frame.
func TestFlippedBit(t *testing.T) {
	for _, at := range []int32{200, 777} {
		m := match(2000)
		m.There, m.Back = link.Quality{Latency: 40 * time.Millisecond, Loss: 0.05}, link.Quality{Latency: 40 * time.Millisecond, Loss: 0.05}
		flipped := int32(0)
		m.Before = func(side int, s *rollback.Session, g linktest.Game) {
			if side == 1 && flipped == 0 && s.Frame() >= at {
				// In the present state and in all saved ones from now on: a
				// rollback must not heal it.
				flipped = s.Frame()
				g.(*game).state[2] ^= 1 << 40
				for i := range g.(*game).slots {
					g.(*game).slots[i][2] ^= 1 << 40
				}
			}
		}
		r, err := m.Run()
		if err != nil {
			t.Fatal(err)
		}
		if r.Desync == nil {
			t.Fatalf("a bit flipped at frame %d was not seen", flipped)
		}
		if d := r.Desync.Frame - flipped; d < -12 || d > 12 {
			t.Errorf("a bit flipped at frame %d is reported at %d", flipped, r.Desync.Frame)
		}
	}
}

// A side that runs a frame without one of the inputs is found out.
func TestDroppedInput(t *testing.T) {
	m := match(2000)
	m.There, m.Back = link.Quality{Latency: 40 * time.Millisecond}, link.Quality{Latency: 40 * time.Millisecond}
	m.Game = func(side int) linktest.Game {
		if side == 0 {
			return &game{}
		}
		return &dropper{}
	}
	r, err := m.Run()
	if err != nil {
		t.Fatal(err)
	}
	if r.Desync == nil || r.Desync.Frame < 299 || r.Desync.Frame > 320 {
		t.Errorf("an input dropped at frame 300: %v", r.Desync)
	}
}

type dropper struct {
	game
	frame int
	saved [rollback.Slots]int
}

func (d *dropper) Save(slot int) { d.game.Save(slot); d.saved[slot] = d.frame }
func (d *dropper) Load(slot int) { d.game.Load(slot); d.frame = d.saved[slot] }
func (d *dropper) Advance(in []byte, shown bool) {
	if d.frame == 300 {
		in = bytes.Clone(in)
		in[0] = 0
	}
	d.frame++
	d.game.Advance(in, shown)
}

// Hashing unconfirmed frames would cry wolf: the harness shows that predicted
// states do differ, so the library must know which are confirmed.
func TestUnconfirmedHashesDiffer(t *testing.T) {
	m := match(600)
	m.There, m.Back = link.Quality{Latency: 60 * time.Millisecond}, link.Quality{Latency: 60 * time.Millisecond}
	first := [2]map[int32]uint64{{}, {}}
	m.Before = func(side int, s *rollback.Session, g linktest.Game) {
		if _, ok := first[side][s.Frame()]; !ok {
			first[side][s.Frame()] = g.Hash() // as it is before anybody knows better
		}
	}
	r, err := m.Run()
	if err != nil || r.Desync != nil {
		t.Fatal(err, r.Desync)
	}
	differ := 0
	for f, h := range first[0] {
		if other, ok := first[1][f]; ok && other != h {
			differ++
		}
	}
	if differ < 100 {
		t.Errorf("only %d unconfirmed states differ: hashing them would not have been noticed", differ)
	}
}

// The delay changes at random during the match, on both sides.
func TestChangingDelay(t *testing.T) {
	m := match(5000)
	m.There, m.Back = link.Quality{Latency: 50 * time.Millisecond, Loss: 0.03}, link.Quality{Latency: 50 * time.Millisecond, Loss: 0.03}
	r := rand.New(rand.NewPCG(3, 4))
	changes := 0
	m.Before = func(side int, s *rollback.Session, _ linktest.Game) {
		if r.IntN(40) == 0 {
			changes++
			if err := s.SetDelay(side, r.IntN(11)); err != nil {
				t.Fatal(err)
			}
		}
	}
	res, err := m.Run()
	if err != nil {
		t.Fatal(err)
	}
	if err := (linktest.Cell{RTT: 100}).Check(m, res, noInput(5000)); err != nil {
		t.Error(err)
	}
	if changes < 100 {
		t.Errorf("only %d changes", changes)
	}
}

// A drifting clock is followed by both sides bending their speed.
func TestDrift(t *testing.T) {
	m := match(6000)
	m.Drift = 0.01
	m.There, m.Back = link.Quality{Latency: 75 * time.Millisecond, Jitter: 10 * time.Millisecond}, link.Quality{Latency: 75 * time.Millisecond, Jitter: 10 * time.Millisecond}
	r, err := m.Run()
	if err != nil || r.Desync != nil {
		t.Fatal(err, r.Desync)
	}
	for i, lead := range r.Lead {
		if lead > 4 || lead < -4 {
			t.Errorf("side %d leads by %.1f frames in the end", i, lead)
		}
	}
}

func TestSyncTest(t *testing.T) {
	for _, broken := range []bool{false, true} {
		s, err := rollback.New(rollback.Config{Players: []int{0, 0}, InputSize: inputSize, Window: 0, SyncTest: 7, HashInterval: 1})
		if err != nil {
			t.Fatal(err)
		}
		g := &game{}
		in := make([]byte, inputSize)
		for f := range int32(500) {
			for p := range 2 {
				held(p, f, in)
				s.AddInput(p, in)
			}
			for _, q := range s.Tick() {
				switch q.Kind {
				case rollback.Save:
					g.Save(q.Slot)
					s.SetHash(q.Frame, g.Hash())
				case rollback.Load:
					g.Load(q.Slot)
				case rollback.Advance:
					g.Advance(q.Inputs, q.Last)
					if broken && q.Frame == 300 && q.Again {
						g.state[1]++
					}
				}
			}
		}
		if st := s.Stats(); st.Rollbacks < 490 || st.MaxRollback != 7 {
			t.Errorf("stats %+v", st)
		}
		if d := s.Desync(); broken != (d != nil) || broken && d.Frame != 301 {
			t.Errorf("broken %v: %v", broken, d)
		}
	}
}

// What both sides have confirmed is what was put in, whatever the network did:
// compared with a plain list, over random histories.
func TestAgainstLockstep(t *testing.T) {
	histories(t, 1500)
	checks := 0
	rapid.Check(t, func(t *rapid.T) {
		checks++
		window := rapid.IntRange(0, rollback.MaxWindow).Draw(t, "window")
		delays := [2]int{rapid.IntRange(0, 6).Draw(t, "delay 0"), rapid.IntRange(0, 6).Draw(t, "delay 1")}
		var s [2]*rollback.Session
		var g [2]*game
		for i := range s {
			owners := []int{0, 1}
			if i == 1 {
				owners = []int{1, 0}
			}
			var err error
			if s[i], err = rollback.New(rollback.Config{Players: owners, InputSize: 1, Window: window, Delay: delays[i], HashInterval: 1}); err != nil {
				t.Fatal(err)
			}
			g[i] = &game{}
		}
		var sent [2][]rollback.Message // on their way to the other
		steps := rapid.SliceOfN(rapid.IntRange(0, 255), 20, 120).Draw(t, "steps")
		for _, step := range steps {
			i := step & 1
			switch step >> 1 & 7 {
			case 0: // a message is lost
				if len(sent[1-i]) > 0 {
					sent[1-i] = sent[1-i][1:]
				}
			case 1: // the newest overtakes
				if n := len(sent[1-i]); n > 1 {
					sent[1-i] = append([]rollback.Message{sent[1-i][n-1]}, sent[1-i][:n-1]...)
				}
			case 2: // one comes twice
				if len(sent[1-i]) > 0 {
					s[i].Receive(1, &sent[1-i][0])
				}
			case 3:
				for k := range sent[1-i] {
					s[i].Receive(1, &sent[1-i][k])
				}
				sent[1-i] = nil
			default:
				if len(sent[1-i]) > 0 {
					s[i].Receive(1, &sent[1-i][0])
					sent[1-i] = sent[1-i][1:]
				}
			}
			s[i].AddInput(i, []byte{byte(step)})
			if err := linktest.Execute(s[i], g[i]); err != nil {
				t.Fatal(err)
			}
			var m rollback.Message
			s[i].Send(1, &m)
			sent[i] = append(sent[i], m)
		}
		// The network recovers: both come to the same end.
		for range 60 {
			for i := range s {
				var m rollback.Message
				s[1-i].Send(1, &m)
				s[i].Receive(1, &m)
				s[i].AddInput(i, []byte{7})
				if err := linktest.Execute(s[i], g[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := range s {
			if d := s[i].Desync(); d != nil {
				t.Fatal(d)
			}
			if st := s[i].Stats(); st.Refused != 0 || st.Compared == 0 {
				t.Fatalf("side %d: %+v", i, st)
			}
		}
		last := min(s[0].Confirmed(), s[1].Confirmed())
		if last < 20 {
			t.Fatalf("only %d frames were confirmed", last)
		}
		// A lockstep reference: the confirmed inputs, run once.
		ref := &game{}
		for f := int32(0); f <= last; f++ {
			a, ok1 := s[0].AppendConfirmed(nil, f)
			b, ok2 := s[1].AppendConfirmed(nil, f)
			if !ok1 || !ok2 || !bytes.Equal(a, b) {
				t.Fatalf("frame %d: confirmed inputs %v %v and %v %v", f, a, ok1, b, ok2)
			}
			for i := range s {
				if h, ok := s[i].Hash(f); ok && h != ref.Hash() {
					t.Fatalf("side %d, frame %d: not the state of the reference", i, f)
				}
			}
			ref.Advance(a, true)
		}
	})
	t.Logf("%d histories", checks)
}

func TestHostileMessages(t *testing.T) {
	s, err := rollback.New(rollback.Config{Players: []int{0, 1}, InputSize: inputSize, Window: 8, HashInterval: 1})
	if err != nil {
		t.Fatal(err)
	}
	g := &game{}
	r := rand.New(rand.NewPCG(5, 6))
	odd := func() int32 {
		switch r.IntN(4) {
		case 0:
			return int32(r.Uint32())
		case 1:
			return s.Frame() + int32(r.IntN(300)) - 150
		case 2:
			return -int32(r.IntN(10))
		}
		return s.Frame()
	}
	refused := 0
	for range 20_000 {
		m := rollback.Message{Frame: odd(), Advantage: int16(r.Uint32()), Start: odd(), Ack: odd(), HashFrame: odd(), Hash: r.Uint64(), Inputs: make([]byte, r.IntN(400))}
		if err := s.Receive(r.IntN(6)-1, &m); errors.Is(err, rollback.ErrMessage) {
			refused++
		}
		s.AddInput(0, make([]byte, inputSize))
		if err := linktest.Execute(s, g); err != nil {
			t.Fatal(err)
		}
		var out rollback.Message
		s.Send(1, &out)
		if len(out.Inputs) > rollback.MaxSend*inputSize {
			t.Fatalf("%d bytes of input are sent", len(out.Inputs))
		}
		if v := s.Speed(); v < 0.99 || v > 1.01 {
			t.Fatalf("speed %v", v)
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

func TestDisconnect(t *testing.T) {
	s, err := rollback.New(rollback.Config{Players: []int{0, 1}, InputSize: 1, Window: 6, HashInterval: 1})
	if err != nil {
		t.Fatal(err)
	}
	g := &game{}
	for f := range 10 {
		s.AddInput(0, []byte{1})
		s.Receive(1, &rollback.Message{Start: int32(f), Inputs: []byte{9}, Ack: -1, HashFrame: -1})
		linktest.Execute(s, g)
	}
	for range 20 {
		s.AddInput(0, []byte{1})
		linktest.Execute(s, g)
	}
	if !s.Stalled() {
		t.Fatal("not stalled without the peer")
	}
	frame := s.Frame()
	if err := s.Disconnect(1, s.LastInput(1)); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		s.AddInput(0, []byte{1})
		linktest.Execute(s, g)
	}
	if s.Frame() != frame+50 {
		t.Errorf("frame %d, want %d", s.Frame(), frame+50)
	}
	in, ok := s.AppendConfirmed(nil, 30)
	if !ok || !bytes.Equal(in, []byte{1, 0}) {
		t.Errorf("inputs of frame 30 are %v (%v)", in, ok)
	}
	ref := &game{}
	for f := range frame + 50 {
		in := []byte{1, 9}
		if f >= 10 {
			in[1] = 0
		}
		ref.Advance(in, true)
	}
	if ref.Hash() != g.Hash() {
		t.Error("the game alone is not what it would have been")
	}
}

func TestSpectator(t *testing.T) {
	sp, err := rollback.NewSpectator(2, 1, 5, 100)
	if err != nil {
		t.Fatal(err)
	}
	var seen []int32
	known := int32(100)
	for tick := range 400 {
		if tick%3 != 1 { // some packets are lost; the host repeats what is not acknowledged
			var in []byte
			for f := sp.Ack() + 1; f < known && len(in) < 128; f++ {
				in = append(in, byte(f), byte(f+1))
			}
			if err := sp.Receive(sp.Ack()+1, in); err != nil {
				t.Fatal(err)
			}
		}
		known++
		if tick == 200 {
			known += 300 // it had joined late
		}
		for _, q := range sp.Tick() {
			if q.Kind != rollback.Advance || q.Inputs[0] != byte(q.Frame) || !q.Confirmed {
				t.Fatalf("request %+v", q)
			}
			seen = append(seen, q.Frame)
		}
	}
	for i, f := range seen {
		if f != int32(100+i) {
			t.Fatalf("frame %d came as number %d", f, i)
		}
	}
	if behind := known - sp.Frame(); behind > 20 {
		t.Errorf("%d frames behind in the end", behind)
	}
}

func TestNoAllocations(t *testing.T) {
	s := [2]*rollback.Session{}
	g := [2]*game{{}, {}}
	for i := range s {
		owners := []int{0, 1}
		if i == 1 {
			owners = []int{1, 0}
		}
		s[i], _ = rollback.New(rollback.Config{Players: owners, InputSize: inputSize, Window: 8, Delay: 1, HashInterval: 1})
	}
	var queue [2][6]rollback.Message // delayed by six frames
	in := make([]byte, inputSize)
	f := int32(0)
	step := func() {
		for i := range s {
			held(i, f, in)
			if f >= 6 {
				s[i].Receive(1, &queue[1-i][f%6])
			}
			s[i].AddInput(i, in)
			for _, q := range s[i].Tick() {
				switch q.Kind {
				case rollback.Save:
					g[i].Save(q.Slot)
					s[i].SetHash(q.Frame, g[i].state[0])
				case rollback.Load:
					g[i].Load(q.Slot)
				case rollback.Advance:
					g[i].Advance(q.Inputs, q.Last)
				}
			}
			s[i].Send(1, &queue[i][f%6])
		}
		f++
	}
	for range 300 {
		step()
	}
	if n := testing.AllocsPerRun(500, step); n > 4 { // held makes a generator for each side
		t.Errorf("%v allocations a frame", n)
	}
	if s[0].Stats().Rollbacks == 0 {
		t.Error("no rollbacks")
	}
}

func TestErrors(t *testing.T) {
	for i, c := range []rollback.Config{
		{}, {Players: []int{0}, HashInterval: 1}, {Players: []int{0, 7}, InputSize: 1, HashInterval: 1},
		{Players: []int{0}, InputSize: 1}, {Players: []int{0}, InputSize: 1, HashInterval: 1, Window: 13},
		{Players: []int{0}, InputSize: 1, HashInterval: 1, Delay: 99}, {Players: []int{0, 1}, InputSize: 1, HashInterval: 1, SyncTest: 3},
		{Players: []int{0}, InputSize: 1, HashInterval: 1, Fields: []rollback.Field{{Offset: 0, Size: 2}}},
	} {
		if _, err := rollback.New(c); err == nil {
			t.Errorf("configuration %d was taken", i)
		}
	}
}

func BenchmarkTick(b *testing.B) {
	s, err := rollback.New(rollback.Config{Players: []int{0, 1}, InputSize: 48, Window: 8, HashInterval: 1})
	if err != nil {
		b.Fatal(err)
	}
	in := make([]byte, 48)
	var m, out rollback.Message
	b.ReportAllocs()
	for b.Loop() {
		f := s.Frame()
		in[0] = byte(f)
		// The peer is seven frames behind, and every input is a surprise.
		if f >= 7 {
			m = rollback.Message{Frame: f - 7, Start: f - 7, Inputs: in, Ack: f - 8, HashFrame: -1}
			s.Receive(1, &m)
		}
		s.AddInput(0, in)
		for _, q := range s.Tick() {
			if q.Kind == rollback.Save {
				s.SetHash(q.Frame, 1)
			}
		}
		s.Send(1, &out)
	}
	if s.Stats().Rollbacks == 0 {
		b.Fatal("no rollbacks")
	}
}

// Two players in one process, over a perfect link.
func Example() {
	// A game of one number.
	type world struct {
		value int
		slots [rollback.Slots]int
	}
	var sessions [2]*rollback.Session
	var worlds [2]world
	for i, owners := range [][]int{{rollback.Local, 1}, {1, rollback.Local}} {
		s, err := rollback.New(rollback.Config{Players: owners, InputSize: 1, Window: 8, Delay: 1, HashInterval: 10})
		if err != nil {
			fmt.Println(err)
			return
		}
		sessions[i] = s
	}
	messages := [2]rollback.Message{}
	for frame := range 100 {
		for i, s := range sessions {
			w := &worlds[i]
			if frame > 0 {
				s.Receive(1, &messages[1-i]) // in life: from a socket
			}
			s.AddInput(i, []byte{byte(frame % (3 + i))}) // in life: from a pad
			for _, r := range s.Tick() {
				switch r.Kind {
				case rollback.Save:
					w.slots[r.Slot] = w.value
					if r.Hash {
						s.SetHash(r.Frame, uint64(w.value))
					}
				case rollback.Load:
					w.value = w.slots[r.Slot]
				case rollback.Advance:
					w.value = w.value*3 + int(r.Inputs[0]) - int(r.Inputs[1])
				}
			}
			s.Send(1, &messages[i])
		}
	}
	fmt.Println("desync:", sessions[0].Desync() != nil, "confirmed:", sessions[0].Confirmed() > 90)
	// Output: desync: false confirmed: true
}
