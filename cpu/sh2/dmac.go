package sh2

// The DMA controller (manual, section 9), as MAME times it: a transfer begins
// when it is enabled, whatever its request source, and moves a unit every two
// clock cycles. In burst mode the CPU stands still meanwhile.

// Bits of CHCR.
const (
	dmaDE    = 0x001 // enabled
	dmaTE    = 0x002 // ended
	dmaIE    = 0x004 // interrupt at the end
	dmaBurst = 0x010
)

const dmaUnitCycles = 2

// Values of DMAChannel.Active.
const (
	dmaIdle = iota
	dmaRuns
	dmaWaits
)

func (c *CPU) writeCHCR(ch int, v, mask uint32) {
	d := &c.s.DMA[ch]
	old := d.CHCR
	v = old&^mask | v&mask
	d.CHCR = v&^dmaTE | old&v&dmaTE
	c.checkDMA(ch)
}

func (c *CPU) writeDMAOR(v, mask uint32) {
	if mask&0xff == 0 {
		return
	}
	s := c.s
	s.DMAOR = v&9 | s.DMAOR&v&6 // the flags can only be cleared
	c.checkDMA(0)
	c.checkDMA(1)
}

// checkDMA begins or cancels a transfer.
func (c *CPU) checkDMA(ch int) {
	s := c.s
	d := &s.DMA[ch]
	if d.CHCR&s.DMAOR&dmaDE == 0 {
		d.Active = dmaIdle
		s.Halted &^= 1 << ch
		s.DMAEvent[ch] = never
		c.schedule()
		return
	}
	if d.Active != dmaIdle || d.CHCR&dmaTE != 0 {
		return
	}
	mode := uint8(d.CHCR >> 10 & 0x3f)
	if mode>>4 == 3 || mode>>2&3 == 3 {
		return // no such address mode
	}
	d.Mode = mode
	align := uint32(0xffffffff) << min(mode&3, 2)
	d.Source = d.SAR & 0xc7ffffff & align
	d.Dest = d.DAR & 0xc7ffffff & align
	d.Count = d.TCR
	if d.Count == 0 {
		d.Count = 1 << 24
	}
	if mode&3 == 3 {
		d.Count &^= 3
	}
	d.Active = dmaRuns
	if d.CHCR&dmaBurst != 0 {
		s.Halted |= 1 << ch
	}
	s.DMAEvent[ch] = c.Now() + dmaUnitCycles
	c.schedule()
}

// DMARequest lets channels go on that wait since DMAReady said no.
func (c *CPU) DMARequest() {
	for ch := range c.s.DMA {
		if d := &c.s.DMA[ch]; d.Active == dmaWaits {
			d.Active = dmaRuns
			c.s.DMAEvent[ch] = c.Now()
		}
	}
	c.schedule()
}

// transfer moves a channel's next unit, or ends the transfer.
func (c *CPU) transfer(ch int) {
	s := c.s
	d := &s.DMA[ch]
	if d.Count == 0 {
		s.Halted &^= 1 << ch
		d.TCR = 0
		d.CHCR |= dmaTE
		d.Active = dmaIdle
		d.Requests = 1
		s.DMAEvent[ch] = never
		if s.Model == Manual {
			d.SAR, d.DAR = d.Source, d.Dest
		}
		c.request()
		return
	}
	size := uint32(1) << (d.Mode & 3)
	if size == 8 {
		size = 16
	}
	source, dest := d.Source, d.Dest
	if d.Mode>>2&3 == 2 && size != 16 {
		source -= size
	}
	if d.Mode>>4 == 2 {
		dest -= size
	}
	if c.DMAReady != nil && !c.DMAReady(ch, source, dest, int(size)) {
		d.Active = dmaWaits
		s.DMAEvent[ch] = never
		return
	}
	s.DMAEvent[ch] += dmaUnitCycles
	for i := uint32(0); i < size; i += 4 {
		c.move(source+i, dest+i, min(size, 4))
	}
	if d.Mode>>2&3 == 1 || size == 16 {
		source += size
	}
	if d.Mode>>4 == 1 {
		dest += size
	}
	d.Source, d.Dest = source, dest
	if size == 16 {
		d.Count -= min(d.Count, 4)
	} else {
		d.Count--
	}
}

// move copies size bytes, at most 4.
func (c *CPU) move(source, dest, size uint32) {
	var v uint32
	o := c.opNone()
	switch size {
	case 1:
		v = c.readByte(o, source)
	case 2:
		v = c.readWord(o, source&^1)
	default:
		v = c.readLong(o, source&^3)
	}
	if c.DMAFilter != nil {
		v = c.DMAFilter(source, dest, v, int(size))
	}
	switch size {
	case 1:
		c.writeByte(o, dest, v)
	case 2:
		c.writeWord(o, dest&^1, v)
	default:
		c.writeLong(o, dest&^3, v)
	}
}
