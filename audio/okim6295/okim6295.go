// Package okim6295 is OKI's MSM6295: four voices of 4-bit ADPCM from up to
// 256 KiB of ROM, one mono output.
//
// Source: MSM6295 data sheet (OKI, 1990s); behaviour compared with MAME 0.251.
//
// What is not modelled: the sample periods that the chip takes to read the
// phrase table before a voice starts (voices start at once, as in MAME); the
// refusal of commands that name several voices (all start).
package okim6295

// Clocks per sample of all voices, by the level of pin 7 (SS).
const (
	ClocksPin7High = 132
	ClocksPin7Low  = 165
)

// Voices is the number of voices.
const Voices = 4

// The ROM is seen through pages, so that boards can bank it.
const (
	Pages    = 4
	PageSize = 0x10000
)

// Chip is an MSM6295.
type Chip struct {
	s     *State
	pages [Pages][]byte
}

// New makes a chip whose state is s, with nothing in its address space.
func New(s *State) *Chip {
	c := &Chip{s: s}
	c.Reset()
	return c
}

// Map puts memory into a page (0 to 3) of the address space. What mem lacks of
// PageSize bytes reads 0. A bank switch is heard by voices that are playing.
// The map is derived from the board's latches: after a restore the board
// repeats it.
func (c *Chip) Map(page int, mem []byte) { c.pages[page] = mem[:min(len(mem), PageSize)] }

// MapAll puts a whole ROM into the address space, from address 0 on.
func (c *Chip) MapAll(rom []byte) {
	for p := range Pages {
		c.Map(p, rom[min(p*PageSize, len(rom)):])
	}
}

func (c *Chip) read(addr uint32) uint8 {
	p := c.pages[addr>>16&(Pages-1)]
	if a := int(addr & (PageSize - 1)); a < len(p) {
		return p[a]
	}
	return 0
}

// Reset stops all voices and forgets half a command.
func (c *Chip) Reset() {
	c.s.Left = [Voices]uint32{}
	c.s.Pending = 0
}

// Status reads the status register: bits 3..0 tell which voices are playing,
// the others are 1.
func (c *Chip) Status() uint8 {
	status := uint8(0xf0)
	for v, left := range c.s.Left {
		if left != 0 {
			status |= 1 << v
		}
	}
	return status
}

// Write takes one byte of a command (data sheet, "Command").
func (c *Chip) Write(data uint8) {
	s := c.s
	switch {
	case s.Pending != 0:
		phrase := s.Pending & 0x7f
		s.Pending = 0
		for v := range Voices {
			if data>>(4+v)&1 != 0 && s.Left[v] == 0 {
				c.start(v, phrase, data&15)
			}
		}
	case data&0x80 != 0:
		s.Pending = uint32(data)
	default:
		for v := range Voices {
			if data>>(3+v)&1 != 0 {
				s.Left[v] = 0
			}
		}
	}
}

// start looks a phrase up in the table at the start of the ROM.
func (c *Chip) start(v int, phrase uint32, attenuation uint8) {
	word := func(at uint32) uint32 {
		return (uint32(c.read(at))<<16 | uint32(c.read(at+1))<<8 | uint32(c.read(at+2))) & addressMask
	}
	first, last := word(8*phrase), word(8*phrase+3)
	if first >= last {
		return
	}
	s := c.s
	s.Next[v] = 2 * first
	s.Left[v] = 2 * (last - first + 1)
	s.Signal[v] = 0
	s.Step[v] = 0
	s.Attenuation[v] = attenuation
}

// Advance makes n samples of -2048 to 2048 (full scale). With out nil the
// state comes out the same, and nothing is mixed. Otherwise out has n samples.
func (c *Chip) Advance(n int, out []int16) {
	clear(out)
	for v := range Voices {
		if c.s.Left[v] != 0 {
			c.play(v, n, out)
		}
	}
	// The sum clips once all voices are in it.
	for i, x := range out {
		out[i] = max(-2048, min(x, 2048))
	}
}

// play decodes up to n nibbles of a voice and adds them to out.
func (c *Chip) play(v, n int, out []int16) {
	s := c.s
	volume := volumes[s.Attenuation[v]&15]
	signal, step := int32(s.Signal[v]), s.Step[v]
	next, left := s.Next[v], s.Left[v]
	n = min(n, int(left))
	for i := range n {
		nibble := c.read(next>>1) >> (^next & 1 << 2) & 15 // the high one first
		next++
		signal = max(-2048, min(signal+int32(differences[step][nibble]), 2047))
		step = nextStep[step][nibble&7]
		if out != nil {
			out[i] += int16(signal * volume / 32)
		}
	}
	s.Signal[v], s.Step[v] = int16(signal), step
	s.Next[v], s.Left[v] = next&nibbleMask, left-uint32(n)
}
