package ym2151

import "math/bits"

// dt2 has the offsets of DT2 in 1/64 semitones.
var dt2 = [4]int32{0, 384, 500, 608}

// The phase steps of an octave rise in rows of 16 steps of 1/64 semitone: the
// chip holds a base and a slope for each row and interpolates.
var (
	rowBase = [48]uint16{
		1299, 1318, 1337, 1356, 1376, 1396, 1416, 1437, 1458, 1479, 1501, 1523, 1545, 1567, 1590, 1613,
		1637, 1660, 1685, 1709, 1734, 1759, 1785, 1811, 1837, 1864, 1891, 1918, 1946, 1975, 2003, 2032,
		2062, 2092, 2122, 2153, 2185, 2216, 2249, 2281, 2315, 2348, 2382, 2417, 2452, 2488, 2524, 2561,
	}
	rowSlope = [48]uint16{
		19, 19, 19, 20, 20, 20, 21, 20, 21, 21, 22, 22, 22, 22, 23, 23,
		23, 24, 24, 24, 25, 25, 26, 26, 26, 27, 27, 28, 28, 28, 29, 30,
		30, 30, 31, 31, 31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30,
	}
)

// steps has the phase step of every 1/64 semitone, for octave 2 of the chip.
var steps = makeSteps()

func makeSteps() (t [768]uint16) {
	for e := range t {
		slope, low := rowSlope[e>>4], e&15
		sum := uint16(0)
		for b := range 4 {
			if low>>b&1 != 0 {
				sum += rowPart(slope, b, e>>4 >= 37)
			}
		}
		if e>>4 >= 37 && low&12 == 12 && slope&1 == 0 {
			sum += 4
		}
		t[e] = rowBase[e>>4] + sum>>1
	}
	return t
}

// rowPart is what a bit of the place in a row adds.
func rowPart(slope uint16, bit int, late bool) uint16 {
	if !late {
		return slope >> (3 - bit)
	}
	odd := slope | 1
	switch bit {
	case 0:
		return odd>>3 + 2
	case 1:
		return 8
	case 2:
		return odd >> 1
	}
	return odd + 1
}

// dacMask has the bits of a sum that the converter's mantissa does not hold.
func dacMask(v int32) int32 {
	if extra := bits.Len32(uint32(v^v>>31)) - 9; extra > 0 {
		return 1<<extra - 1
	}
	return 0
}
