package online

import (
	"math/rand/v2"
	"testing"
	"time"

	"arcade/cmd/arcade/toy"
	"arcade/machine"
	"arcade/netplay/link"
	"arcade/netplay/match"
)

// seat is one of two who play over a simulated link, in virtual time.
type seat struct {
	g       *game
	board   *toyGame
	m       *match.Match
	end     *link.End
	next    time.Duration
	out     machine.Output
	sampled map[int32]bool // frame -> whether the button was held when it was due
}

// toyGame is the toy, whose square only the first seat's buttons colour: swap
// gives that seat to the guest.
type toyGame struct {
	*game
	swap bool
}

func (g *toyGame) Advance(both []byte, shown bool) {
	in := decode(&g.base, both)
	if g.swap {
		in.Seats[0], in.Seats[1] = in.Seats[1], in.Seats[0]
	}
	g.advance(in, shown)
}

// From Italy to Australia and back in 300 ms, with jitter and losses: what a
// player presses when frame F is due is in the state and in the picture after
// frame F + delay has run, on the own side, for every frame, with the delay that
// is shown and while the past is changed again and again. Both sides are looked
// at.
func TestOwnInputIsSeenAfterTheShownDelay(t *testing.T) {
	for own := range 2 {
		q := link.Quality{Latency: 150 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.02}
		sim := link.NewSimulator(5, q, q)
		var seats [2]*seat
		for i := range seats {
			mach, err := toy.New(toy.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s := &seat{g: newGame(mach, mach.Inputs.Released()), end: sim.End(i), next: time.Duration(i) * 3 * time.Millisecond, sampled: map[int32]bool{}}
			s.board = &toyGame{s.g, own == 1}
			s.out.Picture = mach.NewPicture()
			seats[i] = s
			if s.m, err = match.New(match.Config{Host: i == 0, Nick: string('a' + rune(i)), Game: s.board, StateSize: mach.Arena.Size(), InputSize: inputSize,
				Fields: fields(mach.Inputs), Rate: 60, Window: Window, Delay: -1, Send: s.end.Send,
				Event: func(e match.Event) {
					if e.Kind == match.Over {
						t.Fatalf("side %d: %s", i, e.Text)
					}
				}}, 0); err != nil {
				t.Fatal(err)
			}
		}
		var buf [2000]byte
		checked, changes, deepest := 0, 0, 0
		step := func(i int) {
			s := seats[i]
			now := s.next
			sim.Set(now)
			for n, ok := s.end.Receive(buf[:]); ok; n, ok = s.end.Receive(buf[:]) {
				s.m.Receive(buf[:n], now)
			}
			if now > 3*time.Second && s.m.Phase() == match.Lobby {
				if err := s.m.SetReady(true); err != nil {
					t.Fatal(err)
				}
			}
			// Each presses and lets go at other times, a few times a second.
			held := rand.New(rand.NewPCG(uint64(i), uint64(now/(130*time.Millisecond)))).IntN(2) == 1
			in := s.g.base
			if held {
				in.Seats[i].Buttons |= machine.Button1
			}
			frame := int32(-1)
			if s.m.Phase() == match.Playing {
				frame = s.m.Session().Frame()
				if _, ok := s.sampled[frame]; !ok {
					s.sampled[frame] = held // what is pressed while frames wait belongs to the next
				}
			}
			s.g.out, s.g.ran = &s.out, 0
			s.m.Tick(encode(nil, &s.g.base, &in, i), now)
			s.g.out = nil
			s.next += time.Duration(float64(time.Second) / 60 / s.m.Speed())
			if i != own || s.g.ran == 0 || frame < 0 {
				return
			}
			mine, _ := s.m.Depths()
			deepest = max(deepest, mine)
			want, ok := s.sampled[frame-int32(s.m.Delay())]
			if !ok {
				return // before the first sample
			}
			checked++
			if before, ok := s.sampled[frame-int32(s.m.Delay())-1]; ok && before != want {
				changes++
			}
			st := s.g.m.Arena
			var x, y, buttons int32
			for _, f := range st.Fields() {
				read := func(v *int32) {
					b := st.Block()[f.Offset:]
					*v = int32(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
				}
				switch f.Name {
				case "toy.X":
					read(&x)
				case "toy.Y":
					read(&y)
				case "toy.Buttons":
					read(&buttons)
				}
			}
			colour := s.out.Picture.Row(int(y) + toy.Square/2)[int(x)+toy.Square/2]
			if (buttons == 1) != want || colour != map[bool]uint32{true: toy.Pressed, false: toy.Idle}[want] {
				t.Fatalf("side %d, delay %d: after frame %d the state has buttons %d and the picture %06x, but the button was held: %v", i, s.m.Delay(), frame, buttons, colour, want)
			}
		}
		for seats[0].next < 35*time.Second {
			i := 0
			if seats[1].next < seats[0].next {
				i = 1
			}
			step(i)
		}
		s := seats[own]
		rtt, _ := s.m.RTT()
		stats := s.m.Session().Stats()
		t.Logf("side %d: round trip %v, delay %d, %d frames looked at, %d changes of the button, %d rollbacks of at most %d frames, %d stalls",
			own, rtt, s.m.Delay(), checked, changes, stats.Rollbacks, stats.MaxRollback, stats.Stalls)
		if checked < 1500 || changes < 60 || stats.Rollbacks < 60 || deepest < 3 || rtt < 300*time.Millisecond {
			t.Error("that proves nothing")
		}
	}
}
