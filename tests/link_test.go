package tests

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"arcade/machine"
	"arcade/machine/session"
	"arcade/machine/state"
	"arcade/netplay/link"
	"arcade/netplay/linktest"
	"arcade/netplay/rollback"
	"arcade/tests/oracle"
)

// playerInput is what each player's input has: a seat, and what the host owns.
const playerInput = machine.SeatSize + machine.SystemSize

// netGame is a machine as a match sees it.
type netGame struct {
	m     *machine.Machine
	slots [rollback.Slots]*state.Slot
}

func newNetGame(build func() (*machine.Machine, error)) (*netGame, error) {
	m, err := build()
	if err != nil {
		return nil, err
	}
	g := &netGame{m: m}
	for i := range g.slots {
		g.slots[i] = m.Arena.NewSlot()
	}
	return g, nil
}

func (g *netGame) Save(slot int) { g.m.Arena.Save(g.slots[slot]) }
func (g *netGame) Load(slot int) { g.m.Arena.Load(g.slots[slot]) }
func (g *netGame) Hash() uint64  { return g.m.Arena.Hash() }
func (g *netGame) Advance(inputs []byte, shown bool) {
	in := g.m.Inputs.Released()
	for p := range len(inputs) / playerInput {
		in.Seats[p].Decode(inputs[p*playerInput:])
	}
	in.DecodeSystem(inputs[machine.SeatSize:]) // player 1 is the host
	g.m.Frame(&in, nil)
}

// boardMatch is a match of two on a board, with random inputs on both sides.
func boardMatch(g interface {
	Build() (*machine.Machine, error)
}, frames int32, seed uint64) (*linktest.Match, error) {
	first, err := g.Build()
	if err != nil {
		return nil, err
	}
	var recorded [2][]machine.Input
	for side := range recorded {
		r := session.NewRandomInputs(first.Inputs, seed+uint64(side))
		for range min(frames+64, 1<<14) { // then again from the start
			in := r.Next()
			in.System &^= machine.Reset
			recorded[side] = append(recorded[side], in)
		}
	}
	refresh := first.Screen.Refresh
	return &linktest.Match{
		Seed: seed, Frames: frames, Rate: float64(refresh.Num) / float64(refresh.Den), InputSize: playerInput, Window: 8, Delay: 2,
		Game: func(int) linktest.Game {
			n, err := newNetGame(g.Build)
			if err != nil {
				panic(err)
			}
			return n
		},
		Input: func(side int, frame int32, in []byte) {
			w := &recorded[side][int(frame)%len(recorded[side])]
			b := w.Seats[side].Append(in[:0])
			w.AppendSystem(b)
		},
	}, nil
}

// TestLinkMatrix plays matches on real boards over bad links. With --long it
// plays the whole matrix and writes docs/LINKS.md.
func TestLinkMatrix(t *testing.T) {
	cells, frames := linktest.Sample(), int32(1200)
	if os.Getenv("ARCADE_LONG") != "" {
		cells, frames = linktest.Matrix(), 3600
	}
	var rows []string
	for _, b := range []struct{ set, rompath string }{{"puckman", oracle.Demo(t, "puckman")}, {"sf2", oracle.Demo(t, "sf2")}} {
		g := openGame(t, b.set, b.rompath)
		quiet, err := boardMatch(g, frames, 1)
		if err != nil {
			t.Fatal(err)
		}
		released, err := g.Build()
		if err != nil {
			t.Fatal(err)
		}
		none := released.Inputs.Released()
		quiet.Input = func(side int, frame int32, in []byte) { none.AppendSystem(none.Seats[side].Append(in[:0])) }
		still, err := quiet.Run()
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			m, err := boardMatch(g, frames, uint64(i)+1)
			if err != nil {
				t.Fatal(err)
			}
			m.There, m.Back = c.Quality(), c.Quality()
			if c.Drift {
				m.Drift = 0.01
			}
			r, err := m.Run()
			if err == nil {
				err = c.Check(m, r, still.Hash)
			}
			if err != nil {
				t.Errorf("%s, %v: %v", b.set, c, err)
			}
			rows = append(rows, c.Row(b.set, r, err))
		}
	}
	t.Log("\n" + linktest.TableHead + "\n" + strings.Join(rows, "\n"))
	if os.Getenv("ARCADE_LONG") != "" {
		text := fmt.Sprintf("# Matches over bad links\n\nMade by `./test --long`: %d frames on each link, random inputs on both sides, an input delay of 2 and a\nprediction window of 8 frames. Latency is constant, jitter comes on top of it, both each way.\n\n%s\n%s\n",
			frames, linktest.TableHead, strings.Join(rows, "\n"))
		if err := os.WriteFile("../docs/LINKS.md", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// A million frames at 100 ms and 5 % loss: in step at every confirmed frame, and
// no more memory in the end than in the beginning.
func TestMillionFrames(t *testing.T) {
	if os.Getenv("ARCADE_LONG") == "" {
		t.Skip("takes many minutes: ./test --long")
	}
	g := openGame(t, "puckman", oracle.Demo(t, "puckman"))
	m, err := boardMatch(g, 1_000_000, 7)
	if err != nil {
		t.Fatal(err)
	}
	c := linktest.Cell{RTT: 100, Loss: 5}
	m.There, m.Back = c.Quality(), c.Quality()
	var early, late runtime.MemStats
	m.Before = func(side int, s *rollback.Session, _ linktest.Game) {
		if side == 0 && s.Frame() == 50_000 && early.HeapAlloc == 0 {
			runtime.GC()
			runtime.ReadMemStats(&early)
		}
	}
	r, err := m.Run()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(m, r, 0); err != nil {
		t.Error(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&late)
	if grown := int64(late.HeapAlloc) - int64(early.HeapAlloc); grown > 4<<20 {
		t.Errorf("%d bytes more in the end than after 50,000 frames", grown)
	}
	t.Logf("%d rollbacks, %d hashes compared, %d stalls", r.Stats[0].Rollbacks, r.Stats[0].Compared, r.Stats[0].Stalls+r.Stats[1].Stalls)
}

// A bit that flips on one side of a match is seen, and its field named.
func TestFlippedBitIsNamed(t *testing.T) {
	g := openGame(t, "puckman", oracle.Demo(t, "puckman"))
	m, err := boardMatch(g, 900, 5)
	if err != nil {
		t.Fatal(err)
	}
	m.There, m.Back = link.Quality{Latency: 40 * time.Millisecond}, link.Quality{Latency: 40 * time.Millisecond}
	var games [2]*netGame
	make := m.Game
	m.Game = func(side int) linktest.Game {
		games[side] = make(side).(*netGame)
		return games[side]
	}
	at := int32(-1)
	m.Before = func(side int, s *rollback.Session, game linktest.Game) {
		if side != 1 || at >= 0 || s.Frame() < 400 {
			return
		}
		at = s.Frame()
		// In work RAM that the program does not use, so that nothing else follows from it.
		flip := func() {
			block := append([]byte(nil), games[1].m.Arena.Block()...)
			for _, f := range games[1].m.Arena.Fields() {
				if f.Name == "ram" {
					block[f.Offset+0xe00] ^= 4
				}
			}
			if err := games[1].m.Arena.SetBlock(block); err != nil {
				t.Fatal(err)
			}
		}
		now := games[1].m.Arena.NewSlot()
		games[1].m.Arena.Save(now)
		for i := range games[1].slots {
			games[1].Load(i)
			flip()
			games[1].Save(i)
		}
		games[1].m.Arena.Load(now)
		flip()
	}
	r, err := m.Run()
	if err != nil {
		t.Fatal(err)
	}
	if r.Desync == nil || r.Desync.Frame < at-10 || r.Desync.Frame > at+10 {
		t.Fatalf("a bit flipped at frame %d: %v", at, r.Desync)
	}
	diff, n := games[0].m.Arena.Diff(games[0].m.Arena.Block(), games[1].m.Arena.Block(), 1000)
	named := false
	for _, d := range diff {
		named = named || d.Name == "ram+0xe00"
	}
	if !named {
		t.Errorf("ram+0xe00 is not among the %d differences: %v", n, diff)
	}
}
