package decrypt

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Neo Geo cartridges: the protection chips that SNK made. Everything is done
// once, at loading.
//
//	cmc42 KEY [fix], cmc50 KEY [fix]   graphics; with fix the text tiles are at their end
//	cmc-fix                            only that last part
//	cmc50m1                            sound program of CMC50 cartridges
//	sma NAME, pvc NAME                 program
//	pcm2 N                             samples
//	kof98                              program
const (
	ngProgram = "cslot1:maincpu"
	ngSprites = "cslot1:sprites"
	ngFixed   = "cslot1:fixed"
	ngSound   = "cslot1:audiocpu"
	ngCrypt   = "cslot1:audiocrypt"
	ngSamples = "cslot1:ymsnd:adpcma"
)

var (
	_ = register("cmc42", touchCMC, func(im *Image, args []string) error { return cmc(im, args, &cmc42Table) })
	_ = register("cmc50", touchCMC, func(im *Image, args []string) error { return cmc(im, args, &cmc50Table) })
	_ = register("cmc-fix", touch(ngFixed), func(im *Image, _ []string) error { return cmcFix(im, im.Regions[ngSprites]) })
	_ = register("cmc50m1", touch(ngCrypt, ngSound), cmc50m1)
	_ = register("sma", touch(ngProgram), sma)
	_ = register("pvc", touch(ngProgram), pvc)
	_ = register("pcm2", touch(ngSamples), pcm2)
	_ = register("kof98", touch(ngProgram), kof98)
)

// touchCMC: text tiles come from the graphics only if the step says so.
func touchCMC(args []string) []string {
	if len(args) > 1 {
		return []string{ngSprites, ngFixed}
	}
	return []string{ngSprites}
}

// unhex reads a table of 256 bytes.
func unhex(s string) (t [256]byte) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 256 {
		panic("decrypt: bad table")
	}
	copy(t[:], b)
	return t
}

// cmc decrypts graphics: data bytes are XORed in pairs, and long words change
// places.
func cmc(im *Image, args []string, t *cmcTable) error {
	mem, err := im.region(ngSprites, 4)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return fmt.Errorf("needs a key")
	}
	key, err := strconv.ParseUint(args[0], 16, 8)
	if err != nil {
		return err
	}
	if err := cmcGraphics(mem, byte(key), t); err != nil {
		return err
	}
	if len(args) > 1 && args[1] == "fix" {
		return cmcFix(im, mem)
	}
	return nil
}

// cmcGraphics decrypts in place. Word w of the result comes from word s, where
// each of the three bytes of s depends on others:
//
//	low  = w.low ^ key
//	mid  = w.mid ^ a(w.high) ^ b(low)
//	high = w.high ^ c(low) ^ d(mid)
//	s    = high, mid, low ^ e(mid)
//
// Taken word by word this jumps all over 64 MB. But high changes only between
// words of equal low and mid, and mid only inside of 256 KB; so it is done in
// two steps, each on 256 KB that fit into a cache.
func cmcGraphics(mem []byte, key byte, t *cmcTable) error {
	t0a, t0b := unhex(t.type0T03), unhex(t.type0T12)
	t1a, t1b := unhex(t.type1T03), unhex(t.type1T12)
	a, b := unhex(t.addr8to15a), unhex(t.addr8to15b)
	c, d, e := unhex(t.addr16to23a), unhex(t.addr16to23b), unhex(t.addr0to7)
	const block = 0x40000 // 65536 words: all of one high byte
	blocks := len(mem) / block
	if len(mem)%block != 0 || blocks > 256 {
		return fmt.Errorf("graphics of %x bytes", len(mem))
	}
	from := func(high int, x byte) int { // the block that a word comes from
		high ^= int(x)
		switch {
		case blocks != 192:
			return high % blocks
		case high^int(x) < 128: // 48 MB: two chips of unequal size
			return high & 127
		}
		return 128 + high&63
	}
	rows := make([][256]uint32, max(blocks, 256))
	for mid := range 256 {
		for high := range blocks {
			row := mem[high*block+mid*1024:][:1024]
			for low := range 256 {
				s := low ^ int(e[mid])
				v := binary.LittleEndian.Uint32(row[4*s:])
				x := t1a[low]
				x0, x1 := t0a[mid]&0xfe|x&1, x&0xfe|t0b[mid]&1
				b0, b3 := byte(v), byte(v>>24)
				if mid&1 != 0 {
					b0, b3 = b3, b0
				}
				x = t1b[low]
				x2, x3 := t0b[mid]&0xfe|x&1, x&0xfe|t0a[mid]&1
				b1, b2 := byte(v>>8), byte(v>>16)
				if (byte(high)^d[mid])&1 != 0 {
					b1, b2 = b2, b1
				}
				rows[high][low] = uint32(b0^x0) | uint32(b1^x2)<<8 | uint32(b2^x3)<<16 | uint32(b3^x1)<<24
			}
		}
		for high := range blocks {
			row := mem[high*block+mid*1024:][:1024]
			for low := range 256 {
				binary.LittleEndian.PutUint32(row[4*low:], rows[from(high, c[low]^d[mid])][low])
			}
		}
	}
	for high := range blocks {
		part := mem[high*block:][:block]
		for i := range 65536 {
			rows[i>>8][i&255] = binary.LittleEndian.Uint32(part[4*i:])
		}
		for mid := range 256 {
			for low := range 256 {
				l := byte(low) ^ key
				binary.LittleEndian.PutUint32(part[1024*mid+4*low:], rows[byte(mid)^a[high]^b[l]][l])
			}
		}
	}
	return nil
}

// cmcFix takes the text tiles from the end of the graphics.
func cmcFix(im *Image, sprites []byte) error {
	fixed, err := im.region(ngFixed, 1)
	if err != nil {
		return err
	}
	if len(fixed) > len(sprites) {
		return fmt.Errorf("the text tiles do not fit into the graphics")
	}
	end := sprites[len(sprites)-len(fixed):]
	for i := range fixed {
		fixed[i] = end[i&^0x1f+i&7<<2+(^i&8)>>2+i&0x10>>4]
	}
	return nil
}

// cmc50m1 decrypts the sound program: bytes change places inside of each 64 KB,
// by a key that is the sum of the first of them.
func cmc50m1(im *Image, _ []string) error {
	mem, err := im.region(ngCrypt, 0x80000)
	if err != nil {
		return err
	}
	sound, err := im.region(ngSound, 0x90000)
	if err != nil {
		return err
	}
	var sum uint16
	for _, v := range mem[:0x10000] {
		sum += uint16(v)
	}
	key := reorder(uint32(sum), m1KeyBits)
	low, high := unhex(m1XorLow), unhex(m1XorHigh)
	src := append([]byte(nil), mem[:0x80000]...)
	for a := range 0x80000 {
		block := a >> 16
		x := uint32(a&0xffff) ^ key
		var y uint32
		for j, b := range m1Permutations[block] {
			y |= x >> b & 1 << j
		}
		y ^= uint32(low[y>>8])
		y ^= uint32(high[y&0xff]) << 8
		mem[a] = src[block<<16|int(reorder(y, m1FinalBits))]
	}
	copy(sound, mem[:0x10000])
	copy(sound[0x10000:], mem[:0x80000])
	return nil
}

// sma decrypts the program of the cartridges with an SMA chip.
func sma(im *Image, args []string) error {
	t := smaTables[first(args)]
	if t == nil {
		return fmt.Errorf("no such chip")
	}
	mem, err := im.region(ngProgram, 0x900000)
	if err != nil {
		return err
	}
	word := func(b []byte, i int) uint16 { return binary.BigEndian.Uint16(b[2*i:]) }
	order := wordTable(t.data)
	for a := 0x100000; a < 0x900000; a += 2 {
		binary.BigEndian.PutUint16(mem[a:], order[word(mem, a/2)])
	}
	fixed := func() {
		mask := 1<<len(t.fixedAddr) - 1
		for i := range 0xc0000 / 2 {
			n := i&^mask | int(reorder(uint32(i&mask), t.fixedAddr))
			copy(mem[2*i:2*i+2], mem[t.fixedSrc+2*n:])
		}
	}
	if t.fixedFirst {
		fixed()
	}
	block := make([]byte, t.bankBlock)
	for base := 0x100000; base < 0x100000+t.bankLen; base += t.bankBlock {
		copy(block, mem[base:])
		for i := range t.bankBlock / 2 {
			n := int(reorder(uint32(i), t.bankAddr))
			copy(mem[base+2*i:base+2*i+2], block[2*n:])
		}
	}
	if !t.fixedFirst {
		fixed()
	}
	return nil
}

// wordTable is reorder for all 16-bit values.
func wordTable(order []int) []uint16 {
	t := make([]uint16, 0x10000)
	for v := range t {
		t[v] = uint16(reorder(uint32(v), order))
	}
	return t
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// swapWords turns a program from the bus's order of bytes into the files', or back.
func swapWords(mem []byte) {
	for i := 0; i+1 < len(mem); i += 2 {
		mem[i], mem[i+1] = mem[i+1], mem[i]
	}
}

// pvc decrypts the program of the cartridges with a PVC chip. It is described
// in the files' order of bytes.
func pvc(im *Image, args []string) error {
	t := pvcTables[first(args)]
	if t == nil {
		return fmt.Errorf("no such chip")
	}
	mem, err := im.region(ngProgram, t.size)
	if err != nil {
		return err
	}
	mem = mem[:t.size]
	swapWords(mem)
	defer swapWords(mem)
	if t.size > 0x800000 {
		for i := range 0x100000 {
			mem[0x800000+i] ^= mem[0x100002|i]
		}
	}
	for i := range 0x100000 {
		mem[i] ^= t.xor1[i%32]
	}
	for i := 0x100000; i < 0x800000; i++ {
		mem[i] ^= t.xor2[i%32]
	}
	mid := wordTable(t.mid16)
	for i := 0x100000; i < 0x800000; i += 4 {
		v := mid[binary.LittleEndian.Uint16(mem[i+1:])]
		binary.LittleEndian.PutUint16(mem[i+1:], v)
	}
	src := append([]byte(nil), mem...)
	for i := range 16 {
		copy(mem[i<<16:][:0x10000], src[reorder(uint32(i), t.blk64k)<<16:])
	}
	for a := 0x100000; a < t.size; a += 0x100 {
		from := a&0xf000ff + (a&0xf00 ^ t.xorF00) + int(reorder(uint32(a>>12&0xff), t.blk4k))<<12
		copy(mem[a:a+0x100], src[from:])
	}
	copy(src, mem)
	copy(mem[0x100000:0x200000], src[t.size-0x100000:])
	copy(mem[0x200000:], src[0x100000:t.size-0x100000])
	return nil
}

// pcm2 decrypts 16 MB of samples.
func pcm2(im *Image, args []string) error {
	n, err := strconv.Atoi(first(args))
	if err != nil || n < 0 || n >= len(pcm2Keys) {
		return fmt.Errorf("no such key")
	}
	const size = 0x1000000
	mem, err := im.region(ngSamples, size)
	if err != nil {
		return err
	}
	k := &pcm2Keys[n]
	src := append([]byte(nil), mem[:size]...)
	for i := range size {
		j := i&^0x10001 | i&1<<16 | i>>16&1
		j ^= k.xor
		mem[j] = src[(i+k.add)&(size-1)] ^ k.data[j&7]
	}
	return nil
}

// kof98 sorts the words of the first 2 MB, of which every 512 bytes took one
// half from each chip.
func kof98(im *Image, _ []string) error {
	mem, err := im.region(ngProgram, 0x600000)
	if err != nil {
		return err
	}
	order := [8]int{0, 0x100000, 4, 0x100004, 0x10000a, 0xa, 0x10000e, 0xe}
	keep := [4]int{0, 4, 0xa, 0xe}
	src := append([]byte(nil), mem[:0x200000]...)
	word := func(to, from int) { copy(mem[to:to+2], src[from:]) }
	for i := 0x800; i < 0x100000; i += 0x200 {
		for j := i; j < i+0x100; j += 0x10 {
			for k, o := range order {
				word(j+2*k, j+o+0x100)
				word(j+2*k+0x100, j+o)
			}
			for _, o := range keep {
				switch {
				case i >= 0xc0000:
					word(j+o, j+o+0x100)
					word(j+o+0x100, j+o)
				case i >= 0x80000:
					word(j+o, j+o)
					word(j+o+0x100, j+o+0x100)
				}
			}
		}
		word(i, i)
		word(i+2, i+0x100000)
		word(i+0x100, i+0x100)
		word(i+0x102, i+0x100100)
	}
	copy(mem[0x100000:], mem[0x200000:0x600000])
	return nil
}
