// Package ym2610 is Yamaha's YM2610 (OPNB) and YM2610B: four or six channels of
// four-operator FM with SSG-EG, six channels of 12-bit ADPCM (A), one of 16-bit
// ADPCM (B), the SSG of a YM2149, two timers.
//
// Sources: YM2608 and YM2610 application manuals (Yamaha); arithmetic as in
// ymfm and MAME 0.251, see packages fm and ay8910.
//
// Time: FM and ADPCM make a sample every ClocksPerSample cycles of the master
// clock (Advance), the SSG a step every ClocksPerStep (AdvanceSSG): nine steps
// for two samples. Writes, status and timers want to know the present cycle. A
// board makes the samples and steps that it owes before anything else, and
// calls Tick when NextTimer's time has come.
//
// # What is not modelled
//
//   - Test register 21.
//   - The pipeline: writes and key-on act at the next sample for all slots at
//     once, and modulators reach their targets in the same sample (see fm).
//   - ADPCM-A channels are processed together, not in turn within three samples.
//   - Timers run from the write that starts them, as in MAME; busy is as long
//     after every register.
//   - The YM3016 converter's rounding, which is not known.
package ym2610

import (
	"arcade/audio/ay8910"
	"arcade/audio/fm"
)

// Cycles of the master clock per sample of FM and ADPCM, and per step of the
// SSG.
const (
	ClocksPerSample = 144
	ClocksPerStep   = 32
)

// busy is the number of cycles for which a write keeps the chip busy.
const busy = 192

// Channels is the number of FM channels of a YM2610B. A YM2610 lacks 0 and 3.
const Channels = 6

// blockSize is the number of samples that are made in one go.
const blockSize = 256

// Config says which chip it is, and what is connected to it.
type Config struct {
	B          bool   // YM2610B
	ROMA, ROMB []byte // samples of ADPCM-A and -B; what is missing reads 0
	// IRQ, which may be nil, is called when the /IRQ line changes.
	IRQ func(asserted bool)
	// SSG is what AdvanceSSG makes: ay8910.Mixed, unless a test wants levels.
	SSG ay8910.Output
}

// Chip is a YM2610 or YM2610B.
type Chip struct {
	s          *State
	timer      fm.Timers
	ssg        *ay8910.Chip
	romA, romB []byte
	missing    uint8 // FM channels that the chip lacks

	// Derived from the registers.
	ch    [Channels]fm.Channel
	tune  [Channels]tuning
	dirty uint8 // FM channels whose registers were written

	// Of the block being made.
	segments    []segment
	segmentRoom [blockSize + 1]segment
	both        [blockSize]int32
	left        [blockSize]int32
	right       [blockSize]int32
}

// New makes a chip whose state is s, and powers it on.
func New(s *State, config Config) *Chip {
	*s = State{}
	c := &Chip{s: s, romA: config.ROMA, romB: config.ROMB, timer: fm.Timers{
		S: &s.Timer, Sample: ClocksPerSample, Busy: busy, CSMMask: 0xc0, CSM: 0x80, IRQ: config.IRQ,
	}}
	c.ssg = ay8910.New(&s.SSG, ay8910.SSG, config.SSG)
	if !config.B {
		c.missing = 1<<0 | 1<<3
	}
	for i := range c.ch {
		c.ch[i].S = &s.Channel[i]
		c.ch[i].Halve = 1
	}
	c.Reset()
	return c
}

// Reset is the /IC line. The dividers of LFO, envelopes and timer B go on.
func (c *Chip) Reset() {
	s := c.s
	c.timer.SetFlags(0)
	s.Timer.Reset()
	s.Reg = [0x200]uint8{}
	for i := range 3 {
		s.Reg[regPan+i], s.Reg[0x100+regPan+i] = 0xc0, 0xc0
	}
	for i := range s.Channel {
		s.Channel[i].Reset()
	}
	for i := range s.A {
		s.Reg[regLevelA+i] = 0xdf
		s.A[i] = AState{}
	}
	s.Latch = [4]uint8{}
	s.Address = 0
	s.B.reset()
	s.BEnded, s.BSeen, s.EndFlags, s.EndMask = 0, 0, 0, endMask
	c.ssg.Reset()
	c.dirty = 0xff
}

// IRQ reports whether the /IRQ line is asserted: a timer flag is set.
func (c *Chip) IRQ() bool { return c.s.Timer.Flags != 0 }

// Tick lets the timers expire whose time has come at cycle now.
func (c *Chip) Tick(now int64) { c.timer.Tick(now) }

// NextTimer is the cycle at which a timer does something next that others can
// notice: set a flag, or key on by CSM. ok is false if nothing is to come. It
// may change with every write of data and every Tick.
func (c *Chip) NextTimer() (cycle int64, ok bool) { return c.timer.Next() }

// Restored brings the state to legal values and rebuilds what is derived from
// it.
func (c *Chip) Restored() {
	c.s.restored()
	c.ssg.Restored()
	for i := range c.ch {
		c.ch[i].Changed()
	}
	c.dirty = 0xff
}

// AdvanceSSG makes n steps of the SSG, (A+B+C)*2/3 with a full scale of 32768.
// With out nil the state comes out the same.
func (c *Chip) AdvanceSSG(n int, out []int16) { c.ssg.Advance(n, out) }

// Advance makes n samples of FM and ADPCM, left and right interleaved. With out
// nil the state comes out the same, in a fraction of the time. Otherwise out
// has 2n values.
func (c *Chip) Advance(n int, out []int16) {
	for n > 0 {
		m := min(n, blockSize)
		if c.s.Timer.CSM != 0 || c.s.BEnded != c.s.BSeen {
			m = 1 // CSM keys on for one sample; the end flag is looked at after each
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
	heard := out != nil
	if heard {
		clear(c.both[:n])
		clear(c.left[:n])
		clear(c.right[:n])
	}
	c.modulators(n)
	t := fm.Time{Count: s.EGCount, First: 2 - int(s.EGDivider)}
	for i := range c.ch {
		if c.missing>>i&1 != 0 {
			continue
		}
		csm := uint8(0)
		if i == csmChannel {
			csm = -s.Timer.CSM & 15
		}
		c.ch[i].Key(csm)
		var dst []int32
		if heard {
			dst = c.side(s.Reg[channelRegister(i, regPan)], n)
		}
		c.channel(i, t, n, dst)
	}
	c.advanceA(t, n, heard)
	c.advanceB(n, heard)
	end := t.After(n)
	s.EGCount, s.EGDivider = end.Count, uint8(2-end.First)
	s.Timer.Prescaler = uint8(int(s.Timer.Prescaler)+n) & 15
	for i := range len(out) / 2 {
		both := c.both[i]
		out[2*i] = int16(max(-32768, min(both+c.left[i], 32767)))
		out[2*i+1] = int16(max(-32768, min(both+c.right[i], 32767)))
	}
}

// side is where a sound goes by bits 7 (left) and 6 (right) of a register, or
// nil.
func (c *Chip) side(lr uint8, n int) []int32 {
	switch lr >> 6 {
	case 1:
		return c.right[:n]
	case 2:
		return c.left[:n]
	case 3:
		return c.both[:n]
	}
	return nil
}

// channel makes n samples of an FM channel, segment by segment if the LFO acts
// on it.
func (c *Chip) channel(i int, t fm.Time, n int, out []int32) {
	ch, tune := &c.ch[i], &c.tune[i]
	if !tune.pm && !tune.am {
		ch.Advance(t, n, out)
		return
	}
	at := 0
	for _, seg := range c.segments {
		tune.modulate(ch, seg)
		var dst []int32
		if out != nil {
			dst = out[at:seg.end]
		}
		ch.Advance(t, seg.end-at, dst)
		t = t.After(seg.end - at)
		at = seg.end
	}
}
