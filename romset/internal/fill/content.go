// Package fill makes up the content of ROM files, so that loading can be tried
// and compared with MAME's without owning a single ROM. The bytes are those
// of the script `fill` of the reference: what Python's random.Random(seed +
// "/" + sha1).randbytes(size) returns, so both can be mixed.
package fill

import (
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Content returns the made-up content of a file: size bytes that depend on
// seed and key alone. key is the file's SHA-1 in hexadecimal, or its CRC or
// name where there is none.
func Content(seed, key string, size int) []byte {
	b := make([]byte, (size+3)&^3)
	m := newTwister(seed + "/" + key)
	for i := 0; i < len(b); i += 4 {
		binary.LittleEndian.PutUint32(b[i:], m.next())
	}
	if r := size & 3; r != 0 {
		// Python takes the upper bits of the last word
		last := binary.LittleEndian.Uint32(b[len(b)-4:]) >> (32 - 8*r)
		binary.LittleEndian.PutUint32(b[len(b)-4:], last)
	}
	return b[:size]
}

// twister is the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998).
type twister struct {
	state [624]uint32
	pos   int
}

// newTwister seeds as Python does from a string: its bytes and their SHA-512
// are one big number, whose 32-bit digits are the key of init_by_array.
func newTwister(seed string) *twister {
	sum := sha512.Sum512([]byte(seed))
	number := append([]byte(seed), sum[:]...)
	for len(number) > 0 && number[0] == 0 {
		number = number[1:]
	}
	key := make([]uint32, (len(number)+3)/4)
	for i := range number { // least significant byte last
		at := len(number) - 1 - i
		key[i/4] |= uint32(number[at]) << (8 * (i % 4))
	}
	m := &twister{pos: 624}
	s := &m.state
	s[0] = 19650218
	for i := 1; i < 624; i++ {
		s[i] = 1812433253*(s[i-1]^s[i-1]>>30) + uint32(i)
	}
	i, j := 1, 0
	for range max(624, len(key)) {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1664525) + key[j] + uint32(j)
		i, j = i+1, j+1
		if i == 624 {
			s[0], i = s[623], 1
		}
		if j == len(key) {
			j = 0
		}
	}
	for range 623 {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1566083941) - uint32(i)
		i++
		if i == 624 {
			s[0], i = s[623], 1
		}
	}
	s[0] = 1 << 31
	return m
}

func (m *twister) next() uint32 {
	if m.pos == 624 {
		s := &m.state
		for k := range 624 {
			y := s[k]&(1<<31) | s[(k+1)%624]&(1<<31-1)
			v := s[(k+397)%624] ^ y>>1
			if y&1 != 0 {
				v ^= 0x9908b0df
			}
			s[k] = v
		}
		m.pos = 0
	}
	y := m.state[m.pos]
	m.pos++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// Key returns the key of a file's content: what is known of its checksums (the
// SHA-1 as 20 bytes), else its name.
func Key(sha1 string, crc uint32, name string) string {
	switch {
	case sha1 != "":
		return hex.EncodeToString([]byte(sha1))
	case crc != 0:
		return fmt.Sprintf("%08x", crc)
	}
	return name
}
