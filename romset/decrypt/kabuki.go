package decrypt

import (
	"errors"
	"fmt"
	"strconv"
)

// Kabuki is the Z80 of late CPS-1 boards (and of Mitchell's): bytes of the
// lower 32 KB are decrypted on the way in, opcodes otherwise than data.
//
//	kabuki SWAPKEY1 SWAPKEY2 ADDRESSKEY XORKEY
//
// The region audiocpu keeps the data; opcodes are a space of their own.
var _ = register("kabuki", touch("audiocpu"), func(im *Image, args []string) error {
	if len(args) != 4 || len(args[0]) != 8 || len(args[1]) != 8 {
		return errors.New("needs two swap keys, the address key and the XOR key")
	}
	var k kabuki
	for i := range 8 {
		k.swap1[i], k.swap2[i] = args[0][i]-'0', args[1][i]-'0'
	}
	addr, err1 := strconv.ParseUint(args[2], 16, 16)
	xor, err2 := strconv.ParseUint(args[3], 16, 8)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("bad key: %w", err)
	}
	k.addr, k.xor = uint16(addr), byte(xor)
	mem, err := im.region("audiocpu", 0x8000)
	if err != nil {
		return err
	}
	raw := append([]byte(nil), mem[:0x8000]...)
	for a := range 0x8000 {
		mem[a] = k.decode(raw[a], (uint16(a)^0x1fc0)+k.addr+1)
	}
	im.add("audiocpu/opcodes", 0, 0x8000, func() []byte {
		out := make([]byte, 0x8000)
		for a := range out {
			out[a] = k.decode(raw[a], uint16(a)+k.addr)
		}
		return out
	})
	return nil
})

type kabuki struct {
	swap1, swap2 [8]byte // key digits from the left
	addr         uint16
	xor          byte
}

// decode decrypts one byte under a select word. Pairs of bits change places
// where the select bit that the key names is set; between these stages the
// byte is rotated.
func (k *kabuki) decode(v byte, sel uint16) byte {
	low, high := byte(sel), byte(sel>>8)
	s1, s2 := &k.swap1, &k.swap2
	v = swapPairs(v, low, s1[7], s1[6], s1[5], s1[4])
	v = v<<1 | v>>7
	v = swapPairs(v, low, s1[0], s1[1], s1[2], s1[3])
	v ^= k.xor
	v = v<<1 | v>>7
	v = swapPairs(v, high, s2[4], s2[5], s2[6], s2[7])
	v = v<<1 | v>>7
	return swapPairs(v, high, s2[3], s2[2], s2[1], s2[0])
}

// swapPairs exchanges bits 2n and 2n+1 of v where bit d[n] of sel is set.
func swapPairs(v, sel byte, d ...byte) byte {
	for n, bit := range d {
		if sel>>bit&1 != 0 {
			pair := v >> (2 * n) & 3
			v = v&^(3<<(2*n)) | (pair<<1&2|pair>>1)<<(2*n)
		}
	}
	return v
}
