package cps

import (
	"arcade/machine"
	"arcade/machine/parts"
)

// m48t35Size is the size of the battery RAM in bytes.
const m48t35Size = 0x8000

// keep adds what some boards keep without power: an EEPROM (pang3 and its
// copies, wofr1bl), or a battery RAM that is the low bytes of work RAM
// (ganbare). Its last eight bytes are the clock's: MAME puts the host's time
// there, here they are RAM.
func (b *board) keep(c *machine.Config) error {
	if b.eeprom != nil {
		if err := b.Keep(c, machine.Kept{Name: "eeprom", Size: parts.EEPROMSize, Save: b.eeprom.Bytes, Load: b.eeprom.SetBytes}); err != nil {
			return err
		}
	}
	if !b.set.has("m48t35") {
		return nil
	}
	return b.Keep(c, machine.Kept{Name: "m48t35", Size: m48t35Size, Save: func() []byte {
		out := make([]byte, m48t35Size)
		for i := range out {
			out[i] = b.workram[2*i+1]
		}
		return out
	}, Load: func(in []byte) error {
		for i, v := range in {
			b.workram[2*i+1] = v
		}
		return nil
	}})
}
