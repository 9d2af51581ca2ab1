package ym2610

// Bits of register 10.
const (
	startB  = 0x80
	repeatB = 0x10
	resetB  = 0x01
)

const (
	minStepB = 127
	maxStepB = 24576
)

// scaleB has by how many 64ths a nibble scales the step size.
var scaleB = [8]uint32{57, 57, 57, 57, 77, 102, 128, 153}

// wordB is a pair of registers.
func (c *Chip) wordB(low int) uint32 { return uint32(c.s.Reg[low]) | uint32(c.s.Reg[low+1])<<8 }

// controlB is a write to register 10.
func (c *Chip) controlB(data uint8) {
	if data&startB != 0 {
		c.loadB()
	} else {
		c.s.BEnded = 0
	}
	if data&resetB != 0 {
		c.s.B.reset()
		c.s.BEnded = 0
	}
}

// loadB starts from the start address.
func (c *Chip) loadB() {
	c.s.B.reset()
	c.s.B.Address = c.wordB(regStartB) << 8
	c.s.B.Playing = 1
	c.s.BEnded = 0
}

// advanceB makes n samples of ADPCM-B, and brings its end flag up to date.
func (c *Chip) advanceB(n int, heard bool) {
	s, b := c.s, &c.s.B
	if s.Reg[regControlB]&startB == 0 {
		b.Playing = 0
	}
	delta := c.wordB(regDeltaN)
	level := int64(s.Reg[regLevelB])
	var out []int32
	if heard {
		out = c.side(s.Reg[regPanB], n)
	}
	for i := 0; i < n; {
		// Samples in which no nibble is due.
		run := n - i
		if b.Playing != 0 && delta != 0 {
			run = min(run, int((0xffff-uint32(b.Position))/delta))
		}
		if out != nil && level != 0 && b.Before|b.Signal != 0 {
			for j := range out[i : i+run] {
				if b.Playing != 0 {
					b.Position += uint16(delta)
				}
				out[i+j] += b.output(level)
			}
		} else if b.Playing != 0 {
			b.Position += uint16(delta * uint32(run))
		}
		i += run
		if i < n {
			b.Position += uint16(delta)
			c.nibbleB()
			if out != nil {
				out[i] += b.output(level)
			}
			i++
		}
	}
	if s.BEnded != s.BSeen {
		s.BSeen = s.BEnded
		s.EndFlags = s.EndFlags&^0x80 | s.BEnded<<7
	}
}

// output interpolates between the last two signals.
func (b *BState) output(level int64) int32 {
	p := int64(b.Position)
	v := (int64(b.Before)*(0x10000-p) + int64(b.Signal)*p) >> 16
	return int32(v * level >> 9)
}

// nibbleB plays the next nibble.
func (c *Chip) nibbleB() {
	b := &c.s.B
	if b.Low == 0 {
		b.Byte = 0
		if int(b.Address) < len(c.romB) {
			b.Byte = c.romB[b.Address]
		}
	}
	nibble := b.Byte >> 4
	if b.Low != 0 {
		nibble = b.Byte & 15
		if b.Address != c.wordB(regEndB)<<8|0xff {
			b.Address = (b.Address + 1) & addressMask
			b.Low = 0
		} else if c.s.Reg[regControlB]&repeatB != 0 {
			c.loadB()
		} else {
			b.Before, b.Signal = 0, 0
			b.Low, b.Playing = 0, 0
			c.s.BEnded = 1
			return
		}
	} else {
		b.Low = 1
	}
	b.Before = b.Signal
	v := (2*int32(nibble&7) + 1) * int32(b.Step) / 8
	if nibble&8 != 0 {
		v = -v
	}
	b.Signal = int16(max(-32768, min(int32(b.Signal)+v, 32767)))
	b.Step = max(minStepB, min(b.Step*scaleB[nibble&7]/64, maxStepB))
}
