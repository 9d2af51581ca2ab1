package decrypt

import "encoding/binary"

// Bootleg Neo Geo cartridges, which cross lines and move blocks. Programs are
// handled in words of the bus's order unless a function says otherwise;
// addresses are in bytes.
var (
	_ = register("kof10th", touch(ngProgram), program(0x900000, kof10th))
	_ = register("kf10thep", touch(ngProgram), program(0x800000, kf10thep))
	_ = register("kf2k5uni", touch(ngProgram), program(0x700000, kf2k5uni))
	_ = register("lans2004", touch(ngProgram), program(0x600000, lans2004))
	_ = register("kog", touch(ngProgram), program(0x600000, kog))
	_ = register("samsho5b", touch(ngProgram), program(0x800000, samsho5b))
	_ = register("svcboot", touch(ngProgram), program(0x800000, svcboot))
	_ = register("svcplus", touch(ngProgram), program(0x600000, svcplus))
	_ = register("svcplusa", touch(ngProgram), program(0x600000, svcplusa))
	_ = register("svcsplus", touch(ngProgram), program(0x800000, svcsplus))
	_ = register("kf2k2mp", touch(ngProgram), program(0x800000, kf2k2mp))
	_ = register("kf2k3pl", touch(ngProgram), program(0x700000, kf2k3pl))
	_ = register("kf2k3upl", touch(ngProgram), program(0x800000, kf2k3upl))
	_ = register("cthd-p", touch(ngProgram), program(0x200000, cthdProgram))
	_ = register("svc-c", touch(ngSprites), svcTiles)
	_ = register("cthd-c", touch(ngSprites), cthdTiles)
	_ = register("kof2002b", touchIn, kof2002bTiles)
	_ = register("cthd-m", touch(ngSound), cthdSound)
	_ = register("cthd-s", touch(ngFixed), func(im *Image, _ []string) error { return swapBlocks(im, ngFixed, 0) })
	_ = register("ct2k3sp-s", touch(ngFixed), ct2k3spFixed)
	_ = register("matrimbl-m", touch(ngSound), matrimblSound)
)

// program makes a step of a function that works on the first size bytes of the program.
func program(size int, f func(mem []byte)) step {
	return func(im *Image, _ []string) error {
		mem, err := im.region(ngProgram, size)
		if err == nil {
			f(mem)
		}
		return err
	}
}

func word(mem []byte, a int) uint16       { return binary.BigEndian.Uint16(mem[a:]) }
func setWord(mem []byte, a int, v uint16) { binary.BigEndian.PutUint16(mem[a:], v) }
func copied(mem []byte) []byte            { return append([]byte(nil), mem...) }

// poke writes patches: pairs of address and word.
func poke(mem []byte, patches ...int) {
	for i := 0; i+1 < len(patches); i += 2 {
		setWord(mem, patches[i], uint16(patches[i+1]))
	}
}

// rewords fills mem anew: word i comes from word from(i) of the old content.
func rewords(mem []byte, from func(i int) int) {
	src := copied(mem)
	for i := range len(mem) / 2 {
		if s := 2 * from(i); s >= 0 && s+2 <= len(src) {
			copy(mem[2*i:2*i+2], src[s:])
		}
	}
}

// blocks fills mem anew with blocks of the old content.
func blocks(mem []byte, size int, source ...int) {
	src := copied(mem)
	for i, s := range source {
		copy(mem[i*size:(i+1)*size], src[s*size:])
	}
}

// kof10th crosses byte addresses in the files' order.
func kof10th(mem []byte) {
	swapWords(mem[:0x900000])
	src := append(copied(mem[0x700000:0x800000]), mem[:0x800000]...)
	order := []int{23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 2, 9, 8, 7, 1, 5, 4, 3, 10, 6, 0}
	for i, v := range src {
		mem[reorder(uint32(i), order)] = v
	}
	swapWords(mem[:0x900000])
	poke(mem, 0x124, 0x000d, 0x126, 0xf7a8, 0x8bf4, 0x4ef9, 0x8bf6, 0x000d, 0x8bf8, 0xf980)
}

// longCalls completes the addresses of instructions that call or load from a
// moved block: where a matching word is followed by 0, that becomes high.
func longCalls(mem []byte, from, to int, match func(uint16) bool, high uint16, add uint16) {
	for a := from; a < to; a += 2 {
		if match(word(mem, a)) && word(mem, a+2) == 0 {
			setWord(mem, a+2, high)
			setWord(mem, a+4, word(mem, a+4)+add)
		}
	}
}

func kf10thep(mem []byte) {
	src := copied(mem)
	for i, s := range []int{0x60000, 0x100000, 0xe0000, 0x180000, 0x20000, 0x140000, 0xc0000, 0x1a0000} {
		copy(mem[i*0x20000:(i+1)*0x20000], src[s:])
	}
	copy(mem[0x2e0:0x2e0+0x6a], src[0x402e0:])
	copy(mem[0xf92bc:0xf92bc+0xb9e], src[0x492bc:])
	longCalls(mem, 0xf92bc, 0xf9e58, func(v uint16) bool { return v == 0x4eb9 || v == 0x4ef9 }, 0xf, 0)
	poke(mem, 0x342, 0x000f)
	copy(mem[0x100000:0x700000], src[0x200000:])
}

func kf2k5uni(mem []byte) {
	var unit [0x80]byte
	order := []int{0, 3, 4, 5, 6, 1, 2, 7}
	for base := 0; base+0x80 <= len(mem); base += 0x80 {
		copy(unit[:], mem[base:])
		for j := 0; j < 0x80; j += 2 {
			copy(mem[base+j:base+j+2], unit[reorder(uint32(j), order):])
		}
	}
	copy(mem[:0x100000], mem[0x600000:0x700000])
}

func lans2004(mem []byte) {
	src := copied(mem)
	blocks(mem[:0x1c0000], 0x20000, 3, 8, 7, 12, 1, 10, 6, 13)
	copy(mem[0xbbb00:0xbbb00+5904], src[0x45b00:])
	copy(mem[0x2fff0:0x2fff0+16], src[0x1a92be:])
	copy(mem[0x100000:0x500000], src[0x200000:])
	clear(mem[0x500000:0x600000])
	longCalls(mem, 0xbbb00, 0xbe000, func(v uint16) bool { return v&0xffbf == 0x4eb9 || v&0xffbf == 0x43b9 }, 0xb, 0x6000)
	poke(mem, 0x2d15c, 0x000b, 0x2d15e, 0xbb00, 0x2d1e4, 0x6002, 0x2ea7e, 0x6002, 0xbbcd0, 0x6002, 0xbbdf2, 0x6002, 0xbbe42, 0x6002)
}

func kog(mem []byte) {
	src := copied(mem)
	blocks(mem[:0x1c0000], 0x20000, 3, 8, 7, 12, 1, 10, 6, 13)
	copy(mem[0x7a6:0x7ac], src[0x407a6:])
	copy(mem[0x7c6:0x7cc], src[0x407c6:])
	copy(mem[0x7e6:0x7ec], src[0x407e6:])
	copy(mem[0x90000:0x94000], src[0x40000:])
	copy(mem[0x100000:0x500000], src[0x200000:])
	clear(mem[0x500000:0x600000])
	longCalls(mem, 0x90000, 0x94000, func(v uint16) bool { return v&0xffbf == 0x4eb9 || v == 0x43f9 }, 9, 0)
	for a := 0x90000; a < 0x94000; a += 2 {
		if word(mem, a) == 0x4eb8 {
			setWord(mem, a, 0x6100)
		}
	}
	poke(mem, 0x7a8, 0x0009, 0x7c8, 0x0009, 0x7e8, 0x0009, 0x93408, 0xf168, 0x9340c, 0xfb7a, 0x924ac, 0x0009,
		0x9251c, 0x0009, 0x93966, 0xffda, 0x93974, 0xffcc, 0x93982, 0xffbe, 0x93990, 0xffb0, 0x9399e, 0xffa2,
		0x939ac, 0xff94, 0x939ba, 0xff86, 0x939c8, 0xff78, 0x939d4, 0xfa5c, 0x939e0, 0xfa50, 0x939ec, 0xfa44,
		0x939f8, 0xfa38, 0x93a04, 0xfa2c, 0x93a10, 0xfa20, 0x93a1c, 0xfa14, 0x93a28, 0xfa08, 0x93a34, 0xf9fc,
		0x93a40, 0xf9f0, 0x93a4c, 0xfd14, 0x93a58, 0xfd08, 0x93a66, 0xf9ca, 0x93a72, 0xf9be)
}

func samsho5b(mem []byte) {
	mem = mem[:0x800000]
	order := []int{7, 6, 5, 4, 3, 0, 1, 2}
	rewords(mem, func(i int) int { return (i&^0xff | int(reorder(uint32(i&0xff), order))) ^ 0x60005 })
	blocks(mem, 0x100000, 7, 0, 1, 2, 3, 4, 5, 6)
}

func svcboot(mem []byte) {
	mem = mem[:0x800000]
	blocks(mem, 0x100000, 6, 7, 1, 2, 3, 4, 5, 0)
	order := []int{7, 6, 1, 0, 3, 2, 5, 4}
	rewords(mem, func(i int) int { return i&^0xff | int(reorder(uint32(i&0xff), order)) })
}

func svcplus(mem []byte) {
	mem = mem[:0x600000]
	order := []int{23, 22, 21, 20, 19, 0, 1, 2, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 16, 17, 18}
	rewords(mem, func(i int) int {
		s := int(reorder(uint32(i), order)) ^ 0xf0007
		return s&0xfffff | i&^0xfffff
	})
	blocks(mem, 0x100000, 0, 3, 2, 5, 4, 1)
	poke(mem, 0xf8016, 0x33c1)
}

func svcplusa(mem []byte) {
	mem = mem[:0x600000]
	blocks(mem, 0x100000, 1, 2, 3, 4, 5, 0)
	poke(mem, 0xf8016, 0x33c1)
}

func svcsplus(mem []byte) {
	mem = mem[:0x800000]
	order := []int{15, 0, 8, 9, 11, 10, 12, 13, 4, 3, 1, 7, 6, 2, 5, 14}
	megabyte := [8]int{6, 7, 1, 2, 3, 4, 5, 0}
	rewords(mem, func(i int) int {
		return int(reorder(uint32(i&0x7fff), order)) + i&0x78000 + megabyte[i>>19]<<19
	})
	poke(mem, 0x9e90, 0x000f, 0x9e92, 0xc9c0, 0xa10c, 0x4eb9, 0xa10e, 0x000e, 0xa110, 0x9750)
}

func kf2k2mp(mem []byte) {
	mem = mem[:0x800000]
	copy(mem[:0x500000], mem[0x300000:])
	order := []int{6, 7, 2, 3, 4, 5, 0, 1}
	rewords(mem, func(i int) int { return i&^0x3f | int(reorder(uint32(i&0x3f), order)) })
}

func kf2k3pl(mem []byte) {
	order := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}
	rewords(mem[:0x700000], func(i int) int { return i&^0x7ffff | int(reorder(uint32(i&0x7ffff), order)) })
	poke(mem, 0xf38ac, 0x4e75)
}

func kf2k3upl(mem []byte) {
	copy(mem[0x100000:0x700000], mem[:0x600000])
	copy(mem[:0x100000], mem[0x700000:0x800000])
	src := copied(mem[0xd0610 : 0xd0610+0x2000])
	order := []int{7, 6, 0, 4, 3, 2, 1, 5}
	for i := range 0x1000 {
		s := i&^0xff | int(reorder(uint32(i&0xff), order))
		copy(mem[0xfe000+2*i:0xfe000+2*i+2], src[2*s:])
	}
}

func cthdProgram(mem []byte) {
	poke(mem, 0xf415a, 0x4ef9, 0xf415c, 0x000f, 0xf415e, 0x4cf2,
		0x991d0, 0xdd03, 0x99306, 0xdd03, 0x99354, 0xdd03, 0x9943e, 0xdd03)
	clear(mem[0x1ae290:0x1ae8d0])
	for a := 0x1f8ef0; a < 0x1fa1f0; a += 4 {
		setWord(mem, a, word(mem, a)-0x7000)
		setWord(mem, a+2, word(mem, a+2)-0x10)
	}
	for a := 0xac500; a < 0xac520; a++ {
		mem[a] = 0xff
	}
}

const tileSize = 128 // bytes of a 16 x 16 tile

// retile moves tiles inside of groups: tile i comes from tile from(i) of its group.
func retile(mem []byte, group int, from func(i int) int) {
	src := make([]byte, group*tileSize)
	for base := 0; base+len(src) <= len(mem); base += len(src) {
		copy(src, mem[base:])
		first := base / tileSize
		for i := range group {
			s := (from(first+i) - first) * tileSize
			copy(mem[base+i*tileSize:][:tileSize], src[s:])
		}
	}
}

func svcTiles(im *Image, _ []string) error {
	mem, err := im.region(ngSprites, 1)
	if err != nil {
		return err
	}
	orders := [6][4]int{{3, 0, 1, 2}, {2, 3, 0, 1}, {1, 2, 3, 0}, {0, 1, 2, 3}, {3, 2, 1, 0}, {3, 0, 2, 1}}
	which := [16]int{0, 1, 0, 1, 2, 3, 2, 3, 3, 4, 3, 4, 4, 5, 4, 5}
	retile(mem, 16, func(i int) int {
		s := i &^ 15
		for bit, b := range orders[which[i>>8&15]] {
			s |= i >> b & 1 << bit
		}
		return s
	})
	return nil
}

func cthdTiles(im *Image, _ []string) error {
	mem, err := im.region(ngSprites, 1)
	if err != nil {
		return err
	}
	orders := [8][]int{{0, 3, 2, 1}, {1, 0, 3, 2}, {2, 1, 0, 3}, nil, nil, {0, 1, 2, 3}, {0, 1, 2, 3}, {0, 2, 3, 1}}
	retile(mem, 16, func(i int) int {
		order := orders[i>>9&7]
		if order == nil {
			return i
		}
		s := i &^ 15
		for n, position := range order {
			s |= i >> (3 - n) & 1 << position
		}
		return s
	})
	return nil
}

// kof2002bTiles serves graphics and text tiles.
func kof2002bTiles(im *Image, args []string) error {
	mem, err := im.region(parse(args)["in"], 1)
	if err != nil {
		return err
	}
	orders := [8][6]int{{0, 8, 7, 6, 2, 1}, {1, 0, 8, 7, 6, 2}, {2, 1, 0, 8, 7, 6}, {6, 2, 1, 0, 8, 7},
		{7, 6, 2, 1, 0, 8}, {0, 1, 2, 6, 7, 8}, {2, 1, 0, 6, 7, 8}, {8, 0, 7, 6, 2, 1}}
	const group = 512
	src := make([]byte, group*tileSize)
	for base := 0; base+len(src) <= len(mem); base += len(src) {
		copy(src, mem[base:])
		for j := range group {
			o := orders[j>>3&7]
			to := int(reorder(uint32(j), []int{o[0], o[1], o[2], 5, 4, 3, o[3], o[4], o[5]}))
			copy(mem[base+to*tileSize:], src[j*tileSize:(j+1)*tileSize])
		}
	}
	return nil
}

// swapBlocks exchanges the second and third 32 KB of the 128 KB at an address.
func swapBlocks(im *Image, region string, at int) error {
	mem, err := im.region(region, at+0x20000)
	if err != nil {
		return err
	}
	b := copied(mem[at+0x8000 : at+0x10000])
	copy(mem[at+0x8000:], mem[at+0x10000:at+0x18000])
	copy(mem[at+0x10000:], b)
	return nil
}

func cthdSound(im *Image, _ []string) error {
	if err := swapBlocks(im, ngSound, 0x10000); err != nil {
		return err
	}
	mem := im.Regions[ngSound]
	copy(mem[:0x10000], mem[0x10000:0x20000])
	return nil
}

func ct2k3spFixed(im *Image, _ []string) error {
	mem, err := im.region(ngFixed, 0x20000)
	if err != nil {
		return err
	}
	lines := []int{3, 0, 1, 4, 2, 13, 14, 16, 15, 5, 6, 11, 10, 9, 8, 7, 12}
	readdress(mem, func(a int) int { return a&^0x1ffff | int(reorder(uint32(a&0x1ffff), lines)) })
	for at := 0; at+0x20000 <= len(mem); at += 0x20000 {
		if err := swapBlocks(im, ngFixed, at); err != nil {
			return err
		}
	}
	return nil
}

func matrimblSound(im *Image, _ []string) error {
	mem, err := im.region(ngSound, 0x30000)
	if err != nil {
		return err
	}
	src := copied(mem[0x10000:0x30000])
	z := func(n int) int { return n ^ int(reorder(uint32(n&3), []int{4, 3, 1, 2, 0, 7, 6, 5}))<<8 }
	for i, v := range src {
		var j int
		switch i>>16&1<<1 | i>>11&1 {
		case 0:
			j = z(i)
		case 1:
			j = z(i^1) ^ 0x10000
		case 2:
			j = z(i ^ 1)
		case 3:
			j = z(i) ^ 0x10000
		}
		mem[0x10000+j&0x1ffff] = v
	}
	copy(mem[:0x10000], mem[0x10000:0x20000])
	return nil
}
