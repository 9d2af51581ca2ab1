package ym2151

import "arcade/audio/fm"

// tuning is what is needed to compute phase steps and attenuation anew when the
// LFO moves.
type tuning struct {
	pm, am bool // the LFO acts on pitch, on level
	moved  bool // the channel's parameters have the LFO in them
	octave int32
	key    uint32           // key code for detune and key scaling
	pitch  [fm.Slots]int32  // note, fraction and DT2 in 1/64 semitones
	detune [fm.Slots]int32  // DT1
	mul    [fm.Slots]uint32 // MUL
	base   [fm.Slots]uint32 // step without LFO
	pms    uint8
	ams    uint8
	amOn   uint8 // AMS-EN, a bit a slot
	last   int32 // offset that the parameters have now
}

// offsets has where a slot's registers are among the 32: M1, C1, M2, C2.
var offsets = [fm.Slots]int{0, 16, 8, 24}

// update takes over a channel's registers.
func (c *Chip) update(i int) {
	r := &c.s.Reg
	ch, t := &c.ch[i], &c.tune[i]
	ch.Algorithm = r[regPan+i] & 7
	ch.Feedback = r[regPan+i] >> 3 & 7
	kc := uint32(r[regKC+i] & 0x7f)
	t.octave, t.key = int32(kc>>4), kc>>2
	note := int32(kc & 15)
	pitch := (note-note>>2)<<6 + int32(r[regKF+i]>>2)
	t.pms, t.ams = r[regPMS+i]>>4&7, r[regPMS+i]&3
	t.amOn = 0
	for k, o := range offsets {
		s := i + o
		t.pitch[k] = pitch + dt2[r[regD2R+s]>>6]
		t.detune[k] = fm.Detune(t.key, uint32(r[regDT1+s]>>4&7))
		t.mul[k] = uint32(r[regDT1+s] & 15)
		t.base[k] = t.step(k, 0)
		ch.TotalLevel[k] = uint16(r[regTL+s]&0x7f) << 3
		scale := t.key >> (3 - r[regAR+s]>>6)
		ch.Rate[k] = [4]uint8{
			fm.Attack:  fm.EffectiveRate(2*uint32(r[regAR+s]&31), scale),
			fm.Decay:   fm.EffectiveRate(2*uint32(r[regD1R+s]&31), scale),
			fm.Sustain: fm.EffectiveRate(2*uint32(r[regD2R+s]&31), scale),
			fm.Release: fm.EffectiveRate(4*uint32(r[regD1L+s]&15)+2, scale),
		}
		d1l := uint16(r[regD1L+s] >> 4)
		if d1l == 15 {
			d1l = 31
		}
		ch.SustainLevel[k] = d1l << 5
		t.amOn |= r[regD1R+s] >> 7 << k
	}
	t.pm = t.pms != 0
	t.am = t.ams != 0 && t.amOn != 0
	t.last = 0
	ch.Step = t.base
	ch.AM = [fm.Slots]uint16{}
	ch.Changed()
}

// step computes a slot's phase step with an offset of pitch by the LFO.
func (t *tuning) step(k int, offset int32) uint32 {
	e := t.pitch[k] + offset
	octave := t.octave
	for e >= 768 {
		e -= 768
		octave++
	}
	if e < 0 {
		e += 768
		octave--
	}
	switch {
	case octave < 0:
		e, octave = 0, 0
	case octave > 7:
		e, octave = 767, 7
	}
	step := uint32(steps[e]) << 5 >> (7 - octave)
	return fm.Multiple(step+uint32(t.detune[k]), t.mul[k])
}

// modulate sets the channel's parameters to the LFO's values.
func (t *tuning) modulate(ch *fm.Channel, seg segment) {
	if t.pm {
		p := int32(seg.pm)
		if t.pms < 6 {
			p >>= 6 - t.pms
		} else {
			p <<= t.pms - 5
		}
		if p != t.last {
			t.last = p
			if p == 0 {
				ch.Step = t.base
			} else {
				for k := range ch.Step {
					ch.Step[k] = t.step(k, p)
				}
			}
		}
	}
	if t.am {
		am := uint16(seg.am) << (t.ams - 1)
		for k := range ch.AM {
			ch.AM[k] = am & -uint16(t.amOn>>k&1)
		}
	}
}
