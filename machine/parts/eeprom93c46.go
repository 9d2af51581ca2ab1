package parts

import (
	"fmt"

	"arcade/machine/state"
)

// EEPROM93C46 is a serial EEPROM of 1024 bits, as 64 words of 16 bits or 128
// of 8. Source: Microchip 93C46 data sheet, section "Functional description".
//
// Programming takes effect at once: the busy time of some milliseconds, which
// programs wait for by polling DO, is not modelled.
type EEPROM93C46 struct {
	wide bool
	st   *eepromState
}

type eepromState struct {
	Cells    [64]uint16 // or 128 bytes, the even address in the low half
	In       uint32     // bits that were clocked in since the start bit, with it
	Out      uint32     // bits that are to be clocked out, upper first
	Count    uint8      // bits in In
	OutBits  uint8      // bits left in Out
	CS       uint8
	Clock    uint8
	DO       uint8
	Writable uint8 // after EWEN
	Address  uint8 // of the read that goes on
	Reading  uint8
}

// NewEEPROM93C46 makes an erased chip; wide chooses 64 words of 16 bits.
func NewEEPROM93C46(a *state.Arena, name string, wide bool) *EEPROM93C46 {
	e := &EEPROM93C46{wide: wide, st: state.New[eepromState](a, name)}
	for i := range e.st.Cells {
		e.st.Cells[i] = 0xffff
	}
	e.st.DO = 1
	a.OnRestore(func() {
		e.st.Count &= 31
		e.st.OutBits &= 31
		e.st.DO &= 1
	})
	return e
}

// width is the number of address bits and of data bits.
func (e *EEPROM93C46) width() (address, data uint) {
	if e.wide {
		return 6, 16
	}
	return 7, 8
}

// EEPROMSize is the size of the content in bytes.
const EEPROMSize = 128

// Bytes is the content in the order of MAME's file: cell after cell, of 16-bit
// cells the lower byte first.
func (e *EEPROM93C46) Bytes() []byte {
	out := make([]byte, 0, EEPROMSize)
	for _, c := range e.st.Cells {
		out = append(out, uint8(c), uint8(c>>8))
	}
	return out
}

// SetBytes replaces the content by what Bytes gave.
func (e *EEPROM93C46) SetBytes(b []byte) error {
	if len(b) != EEPROMSize {
		return fmt.Errorf("%d bytes are there, a 93C46 has %d", len(b), EEPROMSize)
	}
	for i := range e.st.Cells {
		e.st.Cells[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
	}
	return nil
}

// DO is the data output: 1 when idle.
func (e *EEPROM93C46) DO() uint8 { return e.st.DO }

// Write drives the three inputs.
func (e *EEPROM93C46) Write(cs, clock, di bool) {
	s := e.st
	if !cs {
		s.CS, s.Clock, s.In, s.Count, s.OutBits, s.Reading, s.DO = 0, bit(clock), 0, 0, 0, 0, 1
		return
	}
	s.CS = 1
	rising := clock && s.Clock == 0
	s.Clock = bit(clock)
	if !rising {
		return
	}
	if s.Reading != 0 {
		e.shiftOut()
		return
	}
	if s.In == 0 && !di {
		return // waiting for the start bit
	}
	s.In = s.In<<1 | uint32(bit(di))
	s.Count++
	e.command()
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// command acts once a whole command is in.
func (e *EEPROM93C46) command() {
	s := e.st
	address, data := e.width()
	n := uint(s.Count)
	if n < 3+address {
		return
	}
	if n == 3+address {
		op, a := s.In>>address&3, s.In&(1<<address-1)
		switch op {
		case 2: // READ: a dummy 0, then the data
			s.Address, s.Reading, s.DO = uint8(a), 1, 0
			s.Out, s.OutBits = uint32(e.get(a)), uint8(data)
		case 3: // ERASE
			if s.Writable != 0 {
				e.put(a, 0xffff)
			}
		case 0:
			switch a >> (address - 2) {
			case 0: // EWDS
				s.Writable = 0
			case 2: // ERAL
				if s.Writable != 0 {
					for i := range s.Cells {
						s.Cells[i] = 0xffff
					}
				}
			case 3: // EWEN
				s.Writable = 1
			}
		}
		return
	}
	if n != 3+address+data {
		return
	}
	v := uint16(s.In & (1<<data - 1))
	in := s.In >> data
	op, a := in>>address&3, in&(1<<address-1)
	switch {
	case s.Writable == 0:
	case op == 1: // WRITE
		e.put(a, v)
	case op == 0 && a>>(address-2) == 1: // WRAL
		for i := range uint32(1) << address {
			e.put(i, v)
		}
	}
	s.In, s.Count = 0, 0
}

func (e *EEPROM93C46) shiftOut() {
	s := e.st
	_, data := e.width()
	if s.OutBits == 0 { // the next cell follows
		s.Address++
		s.Out, s.OutBits = uint32(e.get(uint32(s.Address))), uint8(data)
	}
	s.OutBits--
	s.DO = uint8(s.Out>>s.OutBits) & 1
}

func (e *EEPROM93C46) get(a uint32) uint16 {
	if e.wide {
		return e.st.Cells[a&63]
	}
	return e.st.Cells[a>>1&63] >> (a & 1 * 8) & 0xff
}

func (e *EEPROM93C46) put(a uint32, v uint16) {
	if e.wide {
		e.st.Cells[a&63] = v
		return
	}
	shift := a & 1 * 8
	c := &e.st.Cells[a>>1&63]
	*c = *c&^(0xff<<shift) | v&0xff<<shift
}
