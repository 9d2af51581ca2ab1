package decrypt

// pang3 decrypts the low bytes of the upper half of Pang! 3's program. Each
// bit of the stored byte that is set (bits 3 and 7: clear) inverts some bits.
var _ = register("pang3", touch("maincpu"), func(im *Image, _ []string) error { return pang3(im, pang3Table()) })

func pang3Table() *[256]byte {
	inverts := [8]byte{0x04, 0x21, 0x01, 0x50, 0x40, 0x06, 0x08, 0x88}
	var t [256]byte
	for i := range t {
		for bit, v := range inverts {
			if (i^0x88)>>bit&1 != 0 {
				t[i] ^= v
			}
		}
	}
	return &t
}

func pang3(im *Image, table *[256]byte) error {
	mem, err := im.region("maincpu", 0x100000)
	if err != nil {
		return err
	}
	for a := 0x80001; a < 0x100000; a += 2 {
		mem[a] = table[mem[a]]
	}
	return nil
}
