package rollback_test

import (
	"hash/fnv"
	"math/rand/v2"

	"arcade/netplay/linktest"
	"arcade/netplay/rollback"
)

const inputSize = 4

// game is a small game: everything depends on everything.
type game struct {
	state [4]uint64
	slots [rollback.Slots][4]uint64
	runs  int
}

func (g *game) Save(slot int) { g.slots[slot] = g.state }
func (g *game) Load(slot int) { g.state = g.slots[slot] }
func (g *game) Advance(inputs []byte, shown bool) {
	g.runs++
	for i, b := range inputs {
		s := &g.state[i%4]
		*s = (*s+uint64(b)+1)*0x9e3779b97f4a7c15 ^ *s>>29
	}
	g.state[0] += g.state[1] ^ g.state[3]>>7
}
func (g *game) Hash() uint64 {
	h := fnv.New64a()
	for _, v := range g.state {
		for i := range 8 {
			h.Write([]byte{byte(v >> (8 * i))})
		}
	}
	return h.Sum64()
}

// held is an input as a person makes it: buttons that are held for a while.
func held(side int, frame int32, in []byte) {
	r := rand.New(rand.NewPCG(uint64(side)+77, uint64(frame/7)))
	in[0] = byte(r.Uint32())
	in[2] = byte(frame * int32(side+1)) // a dial that turns
}

func match(frames int32) *linktest.Match {
	return &linktest.Match{Seed: 1, Frames: frames, Rate: 60, InputSize: inputSize,
		Fields: []rollback.Field{{Offset: 2, Size: 1, Predict: rollback.Velocity}},
		Window: 8, Delay: 2, Game: func(int) linktest.Game { return &game{} }, Input: held}
}

func noInput(frames int32) uint64 {
	m := match(frames)
	m.Input = func(int, int32, []byte) {}
	r, err := m.Run()
	if err != nil {
		panic(err)
	}
	return r.Hash
}
