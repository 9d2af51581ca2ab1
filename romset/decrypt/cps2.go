package decrypt

import "encoding/binary"

// CPS-2: what the 68000 fetches from its program ROM is decrypted, data is
// not. The key is in the region "key". Opcodes are the space
// maincpu/decrypted_opcodes; the region keeps what data reads see.
//
//	cps2            decrypt with the key of the set; a dead board's key leaves all plain
//	cps2 gigaman2   a bootleg with its opcodes in the upper half of the ROM
var _ = register("cps2", touch(), func(im *Image, args []string) error {
	const size = 0x400000
	rom, err := im.region("maincpu", size)
	if err != nil {
		return err
	}
	if len(args) > 0 && args[0] == "gigaman2" {
		im.add("maincpu/decrypted_opcodes", 0, size, func() []byte {
			return append(append(make([]byte, 0, size), rom[size/2:size]...), make([]byte, size/2)...)
		})
		return nil
	}
	file := im.Regions["key"]
	if len(file) < 20 {
		im.add("maincpu/decrypted_opcodes", 0, size, func() []byte { return rom[:size] })
		return nil
	}
	key := newCPS2Key(file)
	im.add("maincpu/decrypted_opcodes", 0, size, func() []byte { return key.decrypt(rom[:size]) })
	return nil
})

type cps2Key struct {
	master uint64
	end    int // first byte address that is plain
}

// newCPS2Key reads a key file: 160 bits, from the last to the first and
// rotated by two, in ten words. The last word says how far the program is
// encrypted.
func newCPS2Key(file []byte) cps2Key {
	var w [10]uint16
	for b := range 160 {
		q := (317 - b) % 160
		w[b/16] = w[b/16]<<1 | uint16(file[q/8]>>(7-q%8)&1)
	}
	k := cps2Key{master: uint64(w[0])<<16 | uint64(w[1]) | uint64(w[2])<<48 | uint64(w[3])<<32}
	if w[9] != 0xffff {
		k.end = (int(^w[9]&0x3ff)+1)*0x4000 + 2
	}
	return k
}

// cps2Keys are the six-bit keys of the four boxes of the four rounds, 24 bits a round.
type cps2Keys [4]uint32

// schedule makes round keys of a 64-bit key. It is linear: the keys of a XOR
// of two keys are the XOR of theirs.
func (n *cps2Network) schedule(key uint64) (k cps2Keys) {
	var bits [96]uint8
	for i, b := range n.keyBits {
		bits[i] = uint8(key >> b & 1)
	}
	for _, f := range n.fold {
		bits[f[1]] ^= bits[f[0]]
	}
	for i, b := range bits {
		k[i/24] |= uint32(b) << (i % 24)
	}
	return k
}

// cps2Machine is a network with its bit selections worked out for all bytes.
type cps2Machine struct {
	split [2][256]uint16  // input bytes -> half bits: left half in the upper byte
	merge [2][256]uint16  // left, right half -> result bits
	index [4][256]uint32  // half -> the four box inputs of a round
	out   [4][4][64]uint8 // box -> output bits
}

func newCPS2Machine(n *cps2Network) *cps2Machine {
	m := &cps2Machine{}
	for i := range 8 {
		for v := range 256 {
			for b := range 2 {
				in := uint32(v) << (8 * b)
				m.split[b][v] |= uint16(in>>n.left[i]&1)<<(8+i) | uint16(in>>n.right[i]&1)<<i
			}
			m.merge[0][v] |= uint16(v>>i&1) << n.right[i]
			m.merge[1][v] |= uint16(v>>i&1) << n.left[i]
		}
	}
	for r := range 4 {
		for b := range 4 {
			box := &n.rounds[r][b]
			for v := range 256 {
				for j, in := range box.inputs {
					if in >= 0 {
						m.index[r][v] |= uint32(v>>in&1) << (6*b + j)
					}
				}
			}
			for i := range 64 {
				d := box.table[i] - '0'
				m.out[r][b][i] = d&1<<box.outputs[0] | d>>1<<box.outputs[1]
			}
		}
	}
	return m
}

func (m *cps2Machine) round(r int, half uint8, key uint32) uint8 {
	x := m.index[r][half] ^ key
	o := &m.out[r]
	return o[0][x&63] | o[1][x>>6&63] | o[2][x>>12&63] | o[3][x>>18&63]
}

func (m *cps2Machine) run(v uint16, k *cps2Keys) uint16 {
	h := m.split[0][v&0xff] | m.split[1][v>>8]
	left, right := uint8(h>>8), uint8(h)
	left ^= m.round(0, right, k[0])
	right ^= m.round(1, left, k[1])
	left ^= m.round(2, right, k[2])
	right ^= m.round(3, left, k[3])
	return m.merge[0][left] | m.merge[1][right]
}

// decrypt returns the opcodes of a program in the byte order of the bus. The
// first network turns the low 16 bits of a word's address into a seed that
// changes the key of the second.
func (k cps2Key) decrypt(rom []byte) []byte {
	out := append([]byte(nil), rom...)
	end := min(k.end, len(rom))
	if end == 0 {
		return out
	}
	first, second := newCPS2Machine(&cps2Address), newCPS2Machine(&cps2Opcode)
	keys1, base := cps2Address.schedule(k.master), cps2Opcode.schedule(k.master)
	var seedKeys [16]cps2Keys
	for b := range seedKeys {
		var spread uint64
		for i, s := range cps2Spread {
			if int(s) == b {
				spread |= 1 << i
			}
		}
		seedKeys[b] = cps2Opcode.schedule(spread)
	}
	for word := range min(0x10000, end/2) {
		seed := first.run(uint16(word), &keys1)
		keys := base
		for b := range seedKeys {
			if seed>>b&1 != 0 {
				for r := range keys {
					keys[r] ^= seedKeys[b][r]
				}
			}
		}
		for a := 2 * word; a+1 < end; a += 0x20000 {
			v := binary.BigEndian.Uint16(rom[a:])
			binary.BigEndian.PutUint16(out[a:], second.run(v, &keys))
		}
	}
	return out
}
