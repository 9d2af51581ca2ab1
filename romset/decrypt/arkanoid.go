package decrypt

// Bootlegs of Arkanoid with crossed graphics lines.
//
//	block2   8-byte tiles of gfx1 change places
var _ = register("block2", touch("gfx1"), func(im *Image, _ []string) error {
	mem, err := im.region("gfx1", 0x18000)
	if err != nil {
		return err
	}
	first := []int{15, 14, 13, 12, 11, 10, 9, 8, 7, 5, 6, 3, 1, 2, 4, 0}
	second := []int{15, 14, 13, 12, 11, 9, 10, 5, 7, 6, 8, 4, 3, 2, 1, 0}
	readdress(mem, func(a int) int {
		s := reorder(uint32(a>>3), first)
		s = reorder(s, second) ^ 0xd4
		return int(s)<<3 | a&7
	})
	return nil
})
