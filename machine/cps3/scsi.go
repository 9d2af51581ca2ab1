package cps3

import (
	"arcade/machine"
	"arcade/machine/state"
)

// scsi is the 33C93A (data sheet, "Register Description") on a bus to which
// nothing is connected: it can be reset and set up, and every selection ends
// with a timeout. Programs poll it; its interrupt goes nowhere.
type scsi struct {
	st   *scsiState
	done *machine.Event
}

type scsiState struct {
	Reg    [32]uint8
	Index  uint8
	Aux    uint8
	Status uint8
	Spare  [5]uint8
}

// Registers, and bits of the auxiliary status.
const (
	scsiOwnID   = 0x00
	scsiTimeout = 0x02
	scsiStatus  = 0x17
	scsiCommand = 0x18
	scsiData    = 0x19
	scsiAux     = 0x1f

	auxInterrupt = 0x80
	auxBusy      = 0x20
	auxInProcess = 0x10

	statusNoTarget = 0x42
)

// timeoutUnit is the time of one unit of the timeout register, in cycles: 8 ms
// at 10 MHz.
const timeoutUnit = cpuClock / 125

func newSCSI(a *state.Arena, s *machine.Scheduler) *scsi {
	c := &scsi{st: state.New[scsiState](a, "scsi")}
	c.done = s.NewEvent(a, "scsi.done", func(status uint64) {
		c.st.Status = uint8(status)
		c.st.Aux = auxInterrupt
	})
	a.OnRestore(func() { c.st.Index &= 0x1f })
	return c
}

// reset is the chip's reset pin; the interrupt tells of it.
func (c *scsi) reset() {
	*c.st = scsiState{Aux: auxInterrupt}
	c.done.Cancel()
}

func (b *board) readSCSI(addr, mask uint32) uint32 {
	if addr&0xffff != 0 {
		return 0
	}
	var v uint32
	if mask&0x00ff0000 != 0 {
		v |= uint32(b.scsi.st.Aux) << 16
	}
	if mask&0x000000ff != 0 {
		v |= uint32(b.scsi.read())
	}
	return v
}

func (b *board) writeSCSI(addr, v, mask uint32) {
	if addr&0xffff != 0 {
		return
	}
	if mask&0x00ff0000 != 0 {
		b.scsi.st.Index = uint8(v>>16) & 0x1f
	}
	if mask&0x000000ff != 0 {
		b.scsi.write(uint8(v), b.Scheduler.Now())
	}
}

func (c *scsi) read() uint8 {
	i := c.st.Index
	c.advance()
	switch i {
	case scsiStatus:
		c.st.Aux &^= auxInterrupt
		return c.st.Status
	case scsiAux:
		return c.st.Aux
	}
	return c.st.Reg[i]
}

func (c *scsi) write(v uint8, now int64) {
	i := c.st.Index
	c.advance()
	if i == scsiStatus || i == scsiAux {
		return
	}
	c.st.Reg[i] = v
	if i != scsiCommand {
		return
	}
	switch v & 0x7f {
	case 0x00: // reset: with advanced features the status is another one
		c.st.Status = c.st.Reg[scsiOwnID] >> 3 & 1
		c.st.Aux = auxInterrupt
		c.done.Cancel()
	case 0x06, 0x07, 0x08, 0x09: // selections
		c.st.Aux = auxBusy | auxInProcess
		c.done.At(now+int64(c.st.Reg[scsiTimeout])*timeoutUnit+1, statusNoTarget)
	}
}

// advance goes to the next register, except from those that are ports.
func (c *scsi) advance() {
	switch c.st.Index {
	case scsiCommand, scsiData, scsiAux:
	default:
		c.st.Index = (c.st.Index + 1) & 0x1f
	}
}
