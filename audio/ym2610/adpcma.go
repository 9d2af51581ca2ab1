package ym2610

import "arcade/audio/fm"

// keyA is a write to register 100.
func (c *Chip) keyA(data uint8) {
	for i := range c.s.A {
		switch a := &c.s.A[i]; {
		case data>>i&1 == 0:
		case data&0x80 != 0:
			a.Playing = 0
		default:
			*a = AState{Address: uint32(c.wordA(regStartA, i)) << 8, Playing: 1}
		}
	}
}

// wordA is a pair of a channel's registers.
func (c *Chip) wordA(low, channel int) uint16 {
	r := &c.s.Reg
	return uint16(r[low+channel]) | uint16(r[low+highByteA+channel])<<8
}

// advanceA makes n samples of ADPCM-A: a nibble in each sample with a step of
// the envelopes.
func (c *Chip) advanceA(t fm.Time, n int, heard bool) {
	steps := int(t.After(n).Count - t.Count)
	for i := range c.s.A {
		a := &c.s.A[i]
		if a.Playing == 0 && a.Signal == 0 {
			continue
		}
		end := (uint32(c.wordA(regEndA, i)) + 1) << 8
		var out []int32
		if heard {
			out = c.side(c.s.Reg[regLevelA+i], n)
		}
		mul, shift := c.volumeA(i)
		if out == nil || mul == 0 {
			for k := 0; k < steps && (a.Playing != 0 || a.Signal != 0); k++ {
				c.stepA(i, a, end)
			}
			continue
		}
		// Levels before the first step, then one for every step.
		for at, next := 0, t.First; at < n; at, next = next, next+3 {
			if at != 0 || t.First == 0 {
				if next == at { // the first sample has a step
					next += 3
				}
				c.stepA(i, a, end)
			}
			v := int32(a.Signal) * mul >> shift &^ 3
			for j := at; j < min(next, n); j++ {
				out[j] += v
			}
		}
	}
}

// volumeA gives a channel's loudness as a factor and a shift; a factor of 0 is
// silence.
func (c *Chip) volumeA(i int) (mul int32, shift uint8) {
	r := &c.s.Reg
	v := 31 - r[regLevelA+i]&31 + 63 - r[regTotalA]&63
	if v >= 63 {
		return 0, 0
	}
	return 16 * int32(15-v&7), 5 + v>>3
}

// stepA decodes a nibble.
func (c *Chip) stepA(i int, a *AState, end uint32) {
	if a.Playing == 0 {
		a.Signal = 0
		return
	}
	nibble := a.Byte & 15
	if a.Low == 0 {
		if (a.Address^end)&0xfffff == 0 {
			a.Playing, a.Signal = 0, 0
			c.s.EndFlags |= 1 << i
			return
		}
		a.Byte = 0
		if int(a.Address) < len(c.romA) {
			a.Byte = c.romA[a.Address]
		}
		a.Address = (a.Address + 1) & addressMask
		nibble = a.Byte >> 4
	}
	a.Low ^= 1
	a.Signal = (a.Signal + differencesA[a.Step][nibble]) << 4 >> 4 // 12 bits
	a.Step = uint8(max(0, min(int(a.Step)+int(changesA[nibble&7]), lastStepA)))
}

const lastStepA = 48

// stepsA has the step sizes: 16 * 1.1^i, rounded down.
var stepsA = [lastStepA + 1]int16{
	16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157,
	173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552,
}

// changesA has what a nibble adds to the index of the step size.
var changesA = [8]int8{-1, -1, -1, -1, 2, 5, 7, 9}

// differencesA has what each nibble adds to the signal at each step size.
var differencesA = makeDifferencesA()

func makeDifferencesA() (d [lastStepA + 1][16]int16) {
	for i, s := range stepsA {
		for n := range int16(8) {
			v := (2*n + 1) * s / 8
			d[i][n], d[i][n+8] = v, -v
		}
	}
	return d
}
