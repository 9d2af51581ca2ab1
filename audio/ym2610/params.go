package ym2610

import "arcade/audio/fm"

// tuning is what is needed to compute phase steps and attenuation anew when the
// LFO moves.
type tuning struct {
	pm, am bool             // the LFO acts on pitch, on level
	number [fm.Slots]uint32 // frequency number, 11 bits
	block  [fm.Slots]uint32
	detune [fm.Slots]int32
	mul    [fm.Slots]uint32
	pms    uint8
	ams    uint8
	amOn   uint8 // a bit a slot
	last   int8  // PM value that the parameters have now
}

// offsets has where a slot's registers are: S1, S2, S3, S4.
var offsets = [fm.Slots]int{0, 8, 4, 12}

// multi has the low bytes of the slots' frequencies in multi-frequency mode.
var multi = [fm.Slots]int{regMulti + 1, regMulti + 2, regMulti, regFLow + csmChannel}

// update takes over a channel's registers.
func (c *Chip) update(i int) {
	r := &c.s.Reg
	ch, t := &c.ch[i], &c.tune[i]
	reg := func(base int) int { return channelRegister(i, base) }
	ch.Algorithm = r[reg(regFB)] & 7
	ch.Params.Feedback = r[reg(regFB)] >> 3 & 7
	pan := r[reg(regPan)]
	t.ams, t.pms = pan>>4&3, pan&7
	t.amOn, t.last = 0, 0
	for k, o := range offsets {
		low := reg(regFLow)
		if i == csmChannel && c.s.Timer.Control&0xc0 != 0 {
			low = multi[k]
		}
		high := uint32(r[low+4])
		t.number[k], t.block[k] = high&7<<8|uint32(r[low]), high>>3&7
		key := t.block[k]<<2 | keyCode(t.number[k])
		t.detune[k] = fm.Detune(key, uint32(r[reg(regDT)+o]>>4&7))
		t.mul[k] = uint32(r[reg(regDT)+o] & 15)
		ch.Step[k] = t.step(k, 0)
		ch.TotalLevel[k] = uint16(r[reg(regTL)+o]&0x7f) << 3
		scale := key >> (3 - r[reg(regAR)+o]>>6)
		ch.Rate[k] = [4]uint8{
			fm.Attack:  fm.EffectiveRate(2*uint32(r[reg(regAR)+o]&31), scale),
			fm.Decay:   fm.EffectiveRate(2*uint32(r[reg(regDR)+o]&31), scale),
			fm.Sustain: fm.EffectiveRate(2*uint32(r[reg(regSR)+o]&31), scale),
			fm.Release: fm.EffectiveRate(4*uint32(r[reg(regSL)+o]&15)+2, scale),
		}
		sl := uint16(r[reg(regSL)+o] >> 4)
		if sl == 15 {
			sl = 31
		}
		ch.SustainLevel[k] = sl << 5
		ch.SSG[k] = r[reg(regSSG)+o] & 15
		t.amOn |= r[reg(regDR)+o] >> 7 << k
	}
	t.pm = t.pms != 0
	t.am = t.amOn != 0 && t.ams != 0
	ch.AM = [fm.Slots]uint16{}
	ch.Changed()
}

// keyCode has the two bits of a frequency number that count for detune and key
// scaling.
func keyCode(number uint32) uint32 {
	top, next := number>>10, number>>7&7
	if top != 0 {
		if next != 0 {
			return 3
		}
		return 2
	}
	if next == 7 {
		return 1
	}
	return 0
}

// pmShifts has, by PMS and |PM|, by how much the top of the frequency number is
// shifted for the two parts of the deviation. 7 shifts all of it out.
var pmShifts = [6][8][2]uint8{
	{{7, 7}, {7, 7}, {7, 7}, {7, 7}, {7, 7}, {7, 7}, {7, 7}, {7, 7}},
	{{7, 7}, {7, 7}, {7, 7}, {7, 7}, {2, 7}, {2, 7}, {2, 7}, {2, 7}},
	{{7, 7}, {7, 7}, {7, 7}, {2, 7}, {2, 7}, {2, 7}, {1, 7}, {1, 7}},
	{{7, 7}, {7, 7}, {2, 7}, {2, 7}, {1, 7}, {1, 7}, {1, 2}, {1, 2}},
	{{7, 7}, {7, 7}, {2, 7}, {1, 7}, {1, 7}, {1, 7}, {1, 2}, {0, 7}},
	{{7, 7}, {7, 7}, {1, 7}, {1, 2}, {0, 7}, {0, 7}, {0, 2}, {0, 1}},
}

// step computes a slot's phase step with a PM value of the LFO, -7 to 7.
func (t *tuning) step(k int, pm int8) uint32 {
	f := 2 * t.number[k]
	if t.pms != 0 && pm != 0 {
		shifts := pmShifts[min(t.pms, 5)][max(pm, -pm)&7]
		high := t.number[k] >> 4
		d := high>>shifts[0] + high>>shifts[1]
		if t.pms > 5 {
			d <<= t.pms - 5
		}
		d >>= 2
		if pm < 0 {
			d = -d
		}
		f = (f + d) & 0xfff
	}
	step := f << t.block[k] >> 2
	return fm.Multiple((step+uint32(t.detune[k]))&0x1ffff, t.mul[k])
}

// modulate sets the channel's parameters to the LFO's values.
func (t *tuning) modulate(ch *fm.Channel, seg segment) {
	if t.pm && seg.pm != t.last {
		t.last = seg.pm
		for k := range ch.Step {
			ch.Step[k] = t.step(k, seg.pm)
		}
	}
	if t.am {
		am := 2 * uint16(seg.am) >> amShifts[t.ams]
		for k := range ch.AM {
			ch.AM[k] = am & -uint16(t.amOn>>k&1)
		}
	}
}

// amShifts has the sensitivity by AMS.
var amShifts = [4]uint8{7, 3, 1, 0}
