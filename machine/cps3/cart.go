package cps3

// The security cartridge has the CPU inside: everything in the boot ROM, and
// with most cartridges in the program SIMMs, is XORed with a mask of the address
// and two keys.

// cart is what differs between cartridges.
type cart struct {
	key1, key2 uint32
	mode       mode
}

// mode says what a cartridge's CPU decrypts.
type mode uint8

const (
	encrypted mode = iota // boot ROM and SIMMs
	opcodes               // of the SIMMs only opcodes: 2nd Impact and dead cartridges
	standard              // nothing: a standard SH-2 of bootlegs
)

// mask is the long that is XORed with the long at an address.
func (c *cart) mask(address uint32) uint32 {
	if c.mode == standard {
		return 0
	}
	a := address&^3 ^ c.key1
	low, high := uint16(a), uint16(a>>16)
	v := scramble(^low, uint16(c.key2))
	v = scramble(v^^high, uint16(c.key2>>16))
	m := uint32(v ^ low ^ uint16(c.key2))
	return m<<16 | m
}

// dataMask is the mask of data that the CPU reads from a SIMM.
func (c *cart) dataMask(address uint32) uint32 {
	if c.mode == opcodes {
		return 0
	}
	return c.mask(address)
}

func scramble(v, k uint16) uint16 {
	s := v + (v<<2 | v>>14)
	return (s<<4 | s>>12) ^ s&(v^k)
}

// filterDMA undoes the decryption of what the SH-2's own DMA controller reads:
// it sees the bus as it is.
func (b *board) filterDMA(source, _, v uint32, size int) uint32 {
	var mask uint32
	switch {
	case source < biosSize:
		mask = b.cart.mask(source)
	case source >= flashAt && source < flashAt+2*simmSize:
		mask = b.cart.dataMask(source)
	}
	switch size {
	case 1:
		return v ^ mask>>(^source&3*8)&0xff
	case 2:
		return v ^ mask>>(^source&2*8)&0xffff
	}
	return v ^ mask
}
