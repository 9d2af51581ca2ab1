// Package ym2151 is Yamaha's YM2151 (OPM): eight channels of four-operator FM,
// LFO, noise, two timers; stereo, through a YM3012 converter.
//
// Sources: YM2151 application manual (Yamaha, 1983) for registers; arithmetic
// as in ymfm and MAME 0.251, see package fm.
//
// Time: samples are made by Advance, one every ClocksPerSample cycles of the
// master clock. Writes, status and timers want to know the present cycle of
// that clock. A board calls Advance for the samples that it owes before
// anything else, and Tick when NextTimer's time has come.
//
// # What is not modelled
//
//   - Test register 01 but for bit 1, which holds the LFO (manual: test only).
//   - The pipeline: writes and key-on act at the next sample for all slots at
//     once, and modulators reach their targets in the same sample (see fm).
//   - Timers run from the write that starts them, as in MAME; on the chip they
//     count samples.
//   - Busy is one sample long; on the chip a little longer.
package ym2151

import "arcade/audio/fm"

// ClocksPerSample is the number of cycles of the master clock per sample.
const ClocksPerSample = 64

// Channels is the number of FM channels.
const Channels = 8

// blockSize is the number of samples that are made in one go.
const blockSize = 256

// Chip is a YM2151.
type Chip struct {
	s     *State
	timer fm.Timers

	// Derived from the registers.
	ch    [Channels]fm.Channel
	tune  [Channels]tuning
	dirty uint8 // channels whose registers were written

	// Of the block being made.
	segments    []segment
	segmentRoom [blockSize + 1]segment
	noise       [blockSize]uint8
	both        [blockSize]int32
	left        [blockSize]int32
	right       [blockSize]int32
}

// New makes a chip whose state is s, and powers it on. irq, which may be nil,
// is called when the /IRQ line changes.
func New(s *State, irq func(asserted bool)) *Chip {
	*s = State{Noise: 1}
	c := &Chip{s: s, timer: fm.Timers{
		S: &s.Timer, Sample: ClocksPerSample, Busy: ClocksPerSample, CSMMask: 0x80, CSM: 0x80, IRQ: irq,
	}}
	for i := range c.ch {
		c.ch[i].S = &s.Channel[i]
	}
	c.Reset()
	return c
}

// Reset is the /IC line. LFO, noise and the dividers of the envelopes and of
// timer B go on.
func (c *Chip) Reset() {
	s := c.s
	c.timer.SetFlags(0)
	s.Timer.Reset()
	s.Reg = [256]uint8{}
	for i := range s.Channel {
		s.Reg[0x20+i] = 0xc0
		s.Channel[i].Reset()
	}
	s.AMD, s.PMD, s.Address = 0, 0, 0
	c.dirty = 0xff
}

// IRQ reports whether the /IRQ line is asserted: a timer flag is set.
func (c *Chip) IRQ() bool { return c.s.Timer.Flags != 0 }

// CT is the state of the output pins CT2 (bit 1) and CT1 (bit 0).
func (c *Chip) CT() uint8 { return c.s.Reg[0x1b] >> 6 }

// Status reads the status register (A0 = 1) at cycle now of the master clock:
// bit 7 busy, bits 1 and 0 flags of timers B and A.
func (c *Chip) Status(now int64) uint8 {
	c.timer.Tick(now)
	return c.timer.Status(now)
}

// Tick lets the timers expire whose time has come at cycle now.
func (c *Chip) Tick(now int64) { c.timer.Tick(now) }

// NextTimer is the cycle at which a timer does something next that others can
// notice: set a flag, or key on by CSM. ok is false if nothing is to come. It
// may change with every write of data and every Tick.
func (c *Chip) NextTimer() (cycle int64, ok bool) { return c.timer.Next() }

// Read reads a port (A0): 1 the status, 0 nothing.
func (c *Chip) Read(now int64, port uint8) uint8 {
	if port&1 == 0 {
		return 0xff
	}
	return c.Status(now)
}

// Write writes a port (A0): 0 the address, 1 data.
func (c *Chip) Write(now int64, port, data uint8) {
	if port&1 == 0 {
		c.WriteAddress(data)
	} else {
		c.WriteData(now, data)
	}
}

// WriteAddress selects a register (A0 = 0).
func (c *Chip) WriteAddress(register uint8) { c.s.Address = register }

// WriteData writes the selected register (A0 = 1) at cycle now of the master
// clock.
func (c *Chip) WriteData(now int64, data uint8) {
	c.timer.Tick(now)
	c.timer.Written(now)
	c.writeRegister(now, c.s.Address, data)
}

func (c *Chip) writeRegister(now int64, r, data uint8) {
	s := c.s
	switch {
	case r == regKey:
		// Bits 3 to 6 are M1, C1, M2, C2.
		s.Channel[data&7].Key = data >> 3 & 15
		return
	case r == regTimer:
		c.timer.Write(now, data)
		return
	case r == regNAH:
		s.Timer.NA = s.Timer.NA&3 | uint16(data)<<2
		return
	case r == regNAL:
		s.Timer.NA = s.Timer.NA&^3 | uint16(data&3)
		return
	case r == regNB:
		s.Timer.NB = data
		return
	case r == regDepth:
		if data&0x80 != 0 {
			s.PMD = data & 0x7f
		} else {
			s.AMD = data & 0x7f
		}
		return
	}
	if s.Reg[r] == data {
		return
	}
	s.Reg[r] = data
	if r >= 0x20 {
		c.dirty |= 1 << (r & 7)
	}
}

// Restored brings the state to legal values and rebuilds what is derived from
// it.
func (c *Chip) Restored() {
	c.s.restored()
	for i := range c.ch {
		c.ch[i].Changed()
	}
	c.dirty = 0xff
}

// Advance makes n samples, left and right interleaved. With out nil the state
// comes out the same, in a fraction of the time. Otherwise out has 2n values.
func (c *Chip) Advance(n int, out []int16) {
	for n > 0 {
		m := min(n, blockSize)
		if c.s.Timer.CSM != 0 {
			m = 1 // this key-on lasts one sample
		}
		if out == nil {
			c.block(m, nil)
		} else {
			c.block(m, out[:2*m])
			out = out[2*m:]
		}
		c.s.Timer.CSM = 0
		n -= m
	}
}

func (c *Chip) block(n int, out []int16) {
	s := c.s
	if c.dirty != 0 {
		for i := range c.ch {
			if c.dirty>>i&1 != 0 {
				c.update(i)
			}
		}
		c.dirty = 0
	}
	for i := range c.ch {
		c.ch[i].Key(-s.Timer.CSM & 15)
	}
	heard := out != nil
	noisy := heard && s.Reg[regNoise]&0x80 != 0
	c.modulators(n, noisy)
	if heard {
		clear(c.both[:n])
		clear(c.left[:n])
		clear(c.right[:n])
	}
	t := fm.Time{Count: s.EGCount, First: 2 - int(s.EGDivider)}
	for i := range c.ch {
		var dst []int32
		if heard {
			switch s.Reg[regPan+i] >> 6 {
			case 1:
				dst = c.left[:n]
			case 2:
				dst = c.right[:n]
			case 3:
				dst = c.both[:n]
			}
		}
		if i == 7 {
			c.ch[i].Noise = nil
			if noisy && dst != nil {
				c.ch[i].Noise = c.noise[:n]
			}
		}
		c.channel(i, t, n, dst)
	}
	end := t.After(n)
	s.EGCount, s.EGDivider = end.Count, uint8(2-end.First)
	s.Timer.Prescaler = uint8(int(s.Timer.Prescaler)+n) & 15
	for i := range len(out) / 2 {
		both := c.both[i]
		out[2*i] = dac(both + c.left[i])
		out[2*i+1] = dac(both + c.right[i])
	}
}

// channel makes n samples of a channel, segment by segment if the LFO acts on
// it.
func (c *Chip) channel(i int, t fm.Time, n int, out []int32) {
	ch, tune := &c.ch[i], &c.tune[i]
	if !tune.pm && !tune.am || c.s.PMD|c.s.AMD == 0 && len(c.segments) == 1 {
		if tune.moved {
			tune.modulate(ch, segment{})
			tune.moved = false
		}
		ch.Advance(t, n, out)
		return
	}
	noise := ch.Noise
	for at, k := 0, 0; at < n; k++ {
		seg := c.segments[k]
		tune.modulate(ch, seg)
		tune.moved = true
		if noise != nil {
			ch.Noise = noise[at:]
		}
		var dst []int32
		if out != nil {
			dst = out[at:seg.end]
		}
		ch.Advance(t, seg.end-at, dst)
		t = t.After(seg.end - at)
		at = seg.end
	}
}

// dac is the YM3012: a mantissa of 10 bits and an exponent of 3, which rounds
// towards minus infinity. What is too large becomes the largest.
func dac(v int32) int16 {
	switch {
	case v > 32767:
		return 32767
	case v < -32768:
		return -32768
	}
	return int16(v &^ dacMask(v))
}
