package cps

// cpsb is a register of the CPS-B; one that the chip lacks reads 0.
func (b *board) cpsb(offset int) uint16 {
	if offset == none {
		return 0
	}
	return b.st.CPSB[offset/2]
}

// readCPSB serves reads of the CPS-B, offset in bytes. Only the ID, the product
// and the C-board's inputs can be read. An absent ID or product counts as
// offset 0, tested in this order, as in MAME.
func (b *board) readCPSB(offset uint32) uint16 {
	v, o := b.set.cpsb, int(offset)
	switch o {
	case v.id:
		return v.idValue
	case v.productLo:
		return uint16(b.product())
	case v.productHi:
		return uint16(b.product() >> 16)
	case b.set.in2:
		return b.boardPort(portIN2)
	case b.set.in3:
		return b.boardPort(portIN3)
	}
	return 0xffff
}

// boardPort is a port on the C-board. Where the set has none, nothing is
// connected.
func (b *board) boardPort(port int) uint16 {
	if b.ports>>port&1 == 0 {
		return 0xffff
	}
	return uint16(b.Ports[port])
}

// product is the multiplier's.
func (b *board) product() uint32 {
	return uint32(b.cpsb(b.set.cpsb.factor1)) * uint32(b.cpsb(b.set.cpsb.factor2))
}

func (b *board) writeCPSB(offset uint32, v, mask uint16) {
	r := &b.st.CPSB[offset/2&31]
	*r = *r&^mask | v&mask
}

// priorityMasks are the pens that hide objects, for each priority group.
func (b *board) priorityMasks() (masks [4]uint16) {
	if b.set.copy != nil {
		return b.copyMasks()
	}
	for i, r := range b.set.cpsb.priority {
		masks[i] = b.cpsb(r)
	}
	return masks
}
