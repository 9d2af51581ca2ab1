// Package cps3 is the sound half of Capcom's SSU (DL-3329) on CPS-3 boards: 16
// voices of signed 8-bit PCM, played straight from the graphics and sound
// SIMMs; stereo.
//
// Source: behaviour of MAME 0.251, compared with it sample by sample by the
// authors of the facts that this follows; Capcom has published nothing.
//
// Not modelled: the chip's own limit of addresses to one SIMM; what sets apart
// the two registers that hold an end address.
package cps3

// One sample is made every ClocksPerSample cycles of the 42.954545 MHz crystal:
// 37286.93 Hz.
const ClocksPerSample = 3 * 384

// Voices is the number of voices.
const Voices = 16

// Registers, as indices of longs.
const (
	registers = 8 * Voices
	regKey    = 0x80 // bits 31-16: key of voices 15 to 0
	// Of a voice:
	regStart  = 1 // low half in bits 31-16, high half in 15-0
	regLoop   = 2 // bit 0: loop
	regStep   = 3 // bits 31-16: step in 1/4096 sample; 15-0: low half of the loop address
	regLoopHi = 4 // bits 15-0
	regEnd    = 5 // as regStart
	regVolume = 7 // bits 31-16 left, 15-0 right, signed
)

// base is the address of the first byte of memory.
const base = 0x400000

// fraction is the number of bits of a step's fraction.
const fraction = 12

// State is everything in the chip that changes.
type State struct {
	Reg      [Voices][8]uint32
	Position [Voices]uint32 // samples from the start address
	Fraction [Voices]uint32 // in 1/4096 sample, not yet carried into Position
	Key      uint16         // a bit a voice
	Spare    uint16
}

// Chip is the sound of an SSU.
type Chip struct {
	s   *State
	mem []byte
}

// New makes a chip whose state is s. mem is the SIMMs' bytes from SIMM 3 on, as
// the character DMA reads them; sound reads the two bytes of each pair swapped.
// What is missing reads 0.
func New(s *State, mem []byte) *Chip {
	*s = State{}
	return &Chip{s: s, mem: mem}
}

// Restored brings the state to legal values: any bytes are a legal state.
func (c *Chip) Restored() {
	for v := range c.s.Fraction {
		c.s.Fraction[v] &= 1<<17 - 1
	}
}

// Reset keys all voices off.
func (c *Chip) Reset() { *c.s = State{} }

// Read reads the long with index i (offset / 4).
func (c *Chip) Read(i uint32) uint32 {
	switch {
	case i < registers:
		return c.s.Reg[i/8][i%8]
	case i == regKey:
		return uint32(c.s.Key) << 16
	}
	return 0
}

// Write writes the bits of mask of the long with index i (offset / 4).
func (c *Chip) Write(i, data, mask uint32) {
	s := c.s
	switch {
	case i < registers:
		r := &s.Reg[i/8][i%8]
		*r = *r&^mask | data&mask
	case i == regKey:
		key := uint16((uint32(s.Key)<<16&^mask | data&mask) >> 16)
		for v := range Voices {
			if (key&^s.Key)>>v&1 != 0 {
				s.Position[v], s.Fraction[v] = 0, 0
			}
		}
		s.Key = key
	}
}

// voice is what a voice's registers say.
type voice struct {
	start, end, loop uint32
	looped           bool
	step             uint32
	left, right      int32
}

func (c *Chip) voice(v int) voice {
	r := &c.s.Reg[v]
	swap := func(x uint32) uint32 { return x<<16 | x>>16 }
	return voice{
		start:  swap(r[regStart]) - base,
		end:    swap(r[regEnd]) - base,
		loop:   r[regStep]&0xffff + r[regLoopHi]<<16 - base,
		looped: r[regLoop]&1 != 0,
		step:   r[regStep] >> 16,
		left:   int32(int16(r[regVolume] >> 16)),
		right:  int32(int16(r[regVolume])),
	}
}

// Advance makes n samples, left and right interleaved, of a full scale of
// 32768. With out nil the state comes out the same, in a fraction of the time.
// Otherwise out has 2n values.
func (c *Chip) Advance(n int, out []int16) {
	if out == nil {
		for v := range Voices {
			if c.s.Key>>v&1 != 0 {
				c.skip(v, n)
			}
		}
		return
	}
	var sum [2 * blockSize]int32
	for n > 0 {
		m := min(n, blockSize)
		clear(sum[:])
		for v := range Voices {
			if c.s.Key>>v&1 != 0 {
				c.play(v, sum[:2*m])
			}
		}
		for i, x := range sum[:2*m] {
			out[i] = int16(max(-1<<23, min(x, 1<<23-1)) >> 8)
		}
		out = out[2*m:]
		n -= m
	}
}

const blockSize = 256

// play adds a voice to a sum in 2^-23 of full scale.
func (c *Chip) play(v int, sum []int32) {
	p := c.voice(v)
	position, frac := c.s.Position[v], c.s.Fraction[v]
	for i := 0; i+1 < len(sum); i += 2 {
		position += frac >> fraction
		frac &= 1<<fraction - 1
		if p.start+position >= p.end {
			if !p.looped {
				break // silent, where it is, until it is keyed again
			}
			position += p.loop - p.end
		}
		if at := (p.start + position) ^ 1; uint64(at) < uint64(len(c.mem)) {
			x := int32(int8(c.mem[at]))
			sum[i] += x * p.left
			sum[i+1] += x * p.right
		}
		frac += p.step
	}
	c.s.Position[v], c.s.Fraction[v] = position, frac
}

// skip moves a voice n samples on, as play does.
func (c *Chip) skip(v, n int) {
	p := c.voice(v)
	position, frac := c.s.Position[v], c.s.Fraction[v]
	for n > 0 {
		if run := p.before(position, frac, n); run > 0 {
			moved := uint64(frac) + uint64(run-1)*uint64(p.step)
			position += uint32(moved >> fraction)
			frac = uint32(moved)&(1<<fraction-1) + p.step
			n -= run
			continue
		}
		position += frac >> fraction
		frac &= 1<<fraction - 1
		if p.start+position >= p.end {
			if !p.looped {
				break
			}
			position += p.loop - p.end
		}
		frac += p.step
		n--
	}
	c.s.Position[v], c.s.Fraction[v] = position, frac
}

// before is the number of samples, n at most, before the one in which a voice
// comes to its end.
func (p *voice) before(position, frac uint32, n int) int {
	at := p.start + position
	if at >= p.end {
		return 0
	}
	way := int64(p.end-at)<<fraction - int64(frac)
	switch {
	case way <= 0:
		return 0
	case p.step == 0:
		return n
	}
	return int(min((way+int64(p.step)-1)/int64(p.step), int64(n)))
}
