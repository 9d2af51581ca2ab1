package cps3

import (
	"arcade/audio/cps3"
	"arcade/machine"
	"arcade/machine/state"
)

// sampleRate is MAME's: 42.954545 MHz / 3 / 384, without the fraction of 0.93 Hz.
const sampleRate = 37_286

func (b *board) addSound(a *state.Arena) {
	b.sound = cps3.New(state.New[cps3.State](a, "cps3sound"), b.flash.g)
	b.soundDue = b.Scheduler.NewSampleClock(a, "sound.clock", machine.Hz(sampleRate))
	full := machine.Rational{Num: 1, Den: 32768}
	b.Streams = []machine.Stream{{Name: "cps3sound", Rate: machine.Hz(sampleRate), Channels: 2, Routes: []machine.Route{
		{Channel: 0, Left: true, Level: full},
		{Channel: 1, Right: true, Level: full},
	}}}
}

// syncSound brings the voices up to now.
func (b *board) syncSound() {
	if n := b.soundDue.Owed(); n > 0 {
		b.sound.Advance(n, b.Samples(0, n))
	}
}

func (b *board) readSound(addr, _ uint32) uint32 {
	b.syncSound()
	return b.sound.Read(addr & 0xffff / 4)
}

func (b *board) writeSound(addr, v, mask uint32) {
	b.syncSound()
	b.sound.Write(addr&0xffff/4, v, mask)
}
