package decrypt

import "fmt"

// Boards of the Pac-Man family. "bits" and "lines" of simple.go serve the rest.
var (
	_ = register("pacplus", touch("maincpu"), pacplus(tablePacPlus))
	_ = register("jumpshot", touch("maincpu"), pacplus(tableJumpShot))
	_ = register("mspacman", touch("maincpu"), mspacman)
	_ = register("epos", touch("maincpu"), epos)
	_ = register("mspactwin", touch("maincpu"), mspactwin)
	_ = register("mspacmbe", touch("maincpu"), func(im *Image, args []string) error {
		mem, err := im.region("maincpu", 0x2000)
		if err != nil {
			return err
		}
		for a := 0x1000; a < 0x2000; a += 4 {
			if a&8 == 0 {
				mem[a+1], mem[a+2] = mem[a+2], mem[a+1]
			}
		}
		return nil
	})
)

// pacplusTable is the cipher of the ROM boards of Pac-Man Plus and Jump Shot:
// address bits pick one of six permutations with inversion.
type pacplusTable struct {
	pick   [32]byte
	orders [6]string
	xor    [6]byte
}

var tablePacPlus = pacplusTable{
	pick:   [32]byte{0, 2, 4, 2, 4, 0, 4, 2, 2, 0, 2, 2, 4, 0, 4, 2, 2, 2, 4, 0, 4, 2, 4, 0, 0, 4, 0, 4, 4, 2, 4, 2},
	orders: [6]string{"76543210", "76543210", "61325704", "61523704", "03764215", "03467215"},
	xor:    [6]byte{0x00, 0x28, 0x96, 0xbe, 0xd5, 0xdd},
}

var tableJumpShot = pacplusTable{
	pick:   [32]byte{0, 2, 4, 4, 4, 2, 0, 2, 2, 0, 2, 4, 4, 2, 0, 2, 5, 3, 5, 1, 5, 3, 5, 3, 1, 5, 1, 5, 5, 3, 5, 3},
	orders: [6]string{"76543210", "76345210", "50437126", "50437126", "23174605", "23471605"},
	xor:    [6]byte{0x00, 0x20, 0xa4, 0x8c, 0x6e, 0x4e},
}

func pacplus(t pacplusTable) step {
	return func(im *Image, args []string) error {
		mem, err := im.region("maincpu", 0x4000)
		if err != nil {
			return err
		}
		var tables [6]*[256]byte
		for i, o := range t.orders {
			tables[i] = byteTable(mustDigits(o))
		}
		for a := range 0x4000 {
			m := t.pick[reorder(uint32(a), []int{9, 7, 5, 2, 0})]
			if a&0x800 != 0 {
				m ^= 1
			}
			mem[a] = tables[m][mem[a]] ^ t.xor[m]
		}
		return nil
	}
}

// mspacman builds the picture that the auxiliary board shows when it is
// switched in, in the upper half of the region.
func mspacman(im *Image, args []string) error {
	mem, err := im.region("maincpu", 0x20000)
	if err != nil {
		return err
	}
	low, high := mem[:0x10000], mem[0x10000:]
	data := byteTable(mustDigits("04576321"))
	lines12 := []int{11, 3, 7, 9, 10, 8, 6, 5, 4, 2, 1, 0}
	lines11a := []int{8, 7, 5, 9, 10, 6, 3, 4, 2, 1, 0}
	lines11b := []int{3, 7, 9, 10, 8, 6, 5, 4, 2, 1, 0}
	copy(high[:0x3000], low)
	copy(high[0x9800:], low[0x1800:0x2000])
	copy(high[0xa000:], low[0x2000:0x3000])
	copy(high[0xb000:], low[0x3000:0x4000])
	for i := range 0x1000 {
		high[0x3000+i] = data[low[0xb000+int(reorder(uint32(i), lines12))]]
	}
	for i := range 0x800 {
		b := int(reorder(uint32(i), lines11b))
		high[0x8000+i] = data[low[0x8000+int(reorder(uint32(i), lines11a))]]
		high[0x8800+i] = data[low[0x9800+b]]
		high[0x9000+i] = data[low[0x9000+b]]
	}
	for _, p := range mspacmanPatches {
		copy(high[p[0]:p[0]+8], high[p[1]:p[1]+8])
	}
	copy(low[0x8000:0xc000], low[:0x4000])
	return nil
}

// mspacmanPatches lists eight-byte pieces of the new program: where they go
// and where they come from.
var mspacmanPatches = [40][2]uint16{
	{0x0410, 0x8008}, {0x08e0, 0x81d8}, {0x0a30, 0x8118}, {0x0bd0, 0x80d8}, {0x0c20, 0x8120}, {0x0e58, 0x8168}, {0x0ea8, 0x8198}, {0x1000, 0x8020},
	{0x1008, 0x8010}, {0x1288, 0x8098}, {0x1348, 0x8048}, {0x1688, 0x8088}, {0x16b0, 0x8188}, {0x16d8, 0x80c8}, {0x16f8, 0x81c8}, {0x19a8, 0x80a8},
	{0x19b8, 0x81a8}, {0x2060, 0x8148}, {0x2108, 0x8018}, {0x21a0, 0x81a0}, {0x2298, 0x80a0}, {0x23e0, 0x80e8}, {0x2418, 0x8000}, {0x2448, 0x8058},
	{0x2470, 0x8140}, {0x2488, 0x8080}, {0x24b0, 0x8180}, {0x24d8, 0x80c0}, {0x24f8, 0x81c0}, {0x2748, 0x8050}, {0x2780, 0x8090}, {0x27b8, 0x8190},
	{0x2800, 0x8028}, {0x2b20, 0x8100}, {0x2b30, 0x8110}, {0x2bf0, 0x81d0}, {0x2cc0, 0x80d0}, {0x2cd8, 0x80e0}, {0x2cf0, 0x81e0}, {0x2d60, 0x8160},
}

// eposBanks are the four decodings that the EPOS boards switch between.
var eposBanks = map[string][4]struct {
	xor   byte
	order string
}{
	"glob":   {{0xfc, "37064125"}, {0xf6, "17034625"}, {0x7d, "30467125"}, {0x77, "10437625"}},
	"eeekk":  {{0xfd, "76130425"}, {0xbf, "71430625"}, {0x75, "76103425"}, {0x37, "71403625"}},
	"acitya": {{0xb5, "16734025"}, {0xa7, "76134025"}, {0xfc, "10764325"}, {0xee, "70164325"}},
}

func epos(im *Image, args []string) error {
	mem, err := im.region("maincpu", 0x20000)
	if err != nil {
		return err
	}
	banks, ok := eposBanks[args[0]]
	if !ok {
		return fmt.Errorf("no such board")
	}
	for n, b := range banks {
		t := byteTable(mustDigits(b.order))
		out := mem[0x10000+n*0x4000:]
		for a := range 0x4000 {
			out[a] = t[mem[a]^b.xor]
		}
	}
	return nil
}

// mspactwin crosses data lines by A0, differently for opcodes and data.
func mspactwin(im *Image, args []string) error {
	mem, err := im.region("maincpu", 0xc000)
	if err != nil {
		return err
	}
	raw := append([]byte(nil), mem[:0xc000]...)
	even, odd := byteTable(mustDigits("01234567")), byteTable(mustDigits("24637051"))
	for _, base := range []int{0, 0x8000} {
		for a := base; a < base+0x4000; a += 2 {
			mem[a] = even[raw[a]]
			mem[a+1] = odd[raw[a+1]^0xa3]
		}
		im.add("maincpu/opcodes", uint64(base), 0x4000, func() []byte {
			even, odd := byteTable(mustDigits("45670123")), byteTable(mustDigits("64572031"))
			out := make([]byte, 0x4000)
			for a := 0; a < len(out); a += 2 {
				out[a] = even[raw[base+a]]
				out[a+1] = odd[raw[base+a+1]^0x9a]
			}
			return out
		})
	}
	return nil
}
