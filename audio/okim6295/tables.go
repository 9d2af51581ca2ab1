package okim6295

const lastStep = 48

// steps has the step sizes: 16 * 1.1^i, rounded down.
var steps = [lastStep + 1]int16{
	16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157,
	173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552,
}

// volumes has the loudness of an attenuation code, in 32nds: about -3 dB each,
// and silence from code 9 on.
var volumes = [16]int32{32, 22, 16, 11, 8, 6, 4, 3, 2}

// differences has what each nibble adds to the signal at each step size.
var differences = makeDifferences()

func makeDifferences() (d [lastStep + 1][16]int16) {
	for i, s := range steps {
		for n := range d[i] {
			v := s / 8
			if n&4 != 0 {
				v += s
			}
			if n&2 != 0 {
				v += s / 2
			}
			if n&1 != 0 {
				v += s / 4
			}
			if n&8 != 0 {
				v = -v
			}
			d[i][n] = v
		}
	}
	return d
}

// nextStep has the step index that follows each nibble.
var nextStep = makeNextStep()

func makeNextStep() (t [lastStep + 1][8]uint8) {
	for i := range t {
		for n, change := range [8]int{-1, -1, -1, -1, 2, 4, 6, 8} {
			t[i][n] = uint8(max(0, min(i+change, lastStep)))
		}
	}
	return t
}
