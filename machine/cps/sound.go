package cps

import (
	"arcade/audio/okim6295"
	"arcade/audio/ym2151"
	"arcade/cpu"
	"arcade/cpu/z80"
	"arcade/machine"
	"arcade/machine/state"
)

// Streams of the sound board, and the gains of MAME's mixer.
const (
	streamYM      = iota
	streamOKIHigh // the MSM6295 with pin 7 high: 7576 Hz
	streamOKILow  // with pin 7 low: 6061 Hz
)

// addSound builds the sound board: Z80, YM2151, MSM6295 and two latches. Where
// the board has other chips, a silent MSM6295 takes their place.
func (b *board) addSound(a *state.Arena, c *machine.Config) error {
	b.latch = b.Scheduler.NewEvent(a, "soundlatch", func(v uint64) { b.st.Latch = uint8(v) })
	b.latch2 = b.Scheduler.NewEvent(a, "soundlatch2", func(v uint64) { b.st.Latch2 = uint8(v) })
	kind := originalSound
	if b.set.copy != nil {
		kind = b.set.copy.sound
	}
	samples := make([]byte, 0x40000)
	if kind != noSound {
		var err error
		if samples, err = c.Region("oki", 0); err != nil {
			return err
		}
		if err := b.addZ80(a, c, kind); err != nil {
			return err
		}
	}
	b.oki = okim6295.New(state.New[okim6295.State](a, "oki"))
	b.oki.MapAll(samples)
	b.okiDue[0] = b.Scheduler.NewSampleClock(a, "oki.low", machine.Rational{Num: okiClock, Den: okim6295.ClocksPin7Low})
	b.okiDue[1] = b.Scheduler.NewSampleClock(a, "oki.high", machine.Rational{Num: okiClock, Den: okim6295.ClocksPin7High})
	b.st.Pin7 = 1
	b.Streams = []machine.Stream{
		streamYM:      {Name: "ymsnd", Rate: ymRate(), Channels: 2, Routes: []machine.Route{mono(0, 35, 100*32768), mono(1, 35, 100*32768)}},
		streamOKIHigh: {Name: "oki", Rate: machine.Rational{Num: okiClock, Den: okim6295.ClocksPin7High}, Channels: 1, Routes: []machine.Route{mono(0, 30, 100*2048)}},
		streamOKILow:  {Name: "oki.low", Rate: machine.Rational{Num: okiClock, Den: okim6295.ClocksPin7Low}, Channels: 1, Routes: []machine.Route{mono(0, 30, 100*2048)}},
	}
	if b.z80 == nil {
		b.Streams = b.Streams[streamOKIHigh:]
		b.okiStream = -1
	}
	return nil
}

// ymRate is the rate of the YM2151's samples.
func ymRate() machine.Rational {
	clock := machine.Clock(soundClock)
	return machine.Rational{Num: clock.Num, Den: clock.Den * ym2151.ClocksPerSample}
}

// mono is the route of a channel to both speakers.
func mono(channel int, num, den int64) machine.Route {
	return machine.Route{Channel: channel, Left: true, Right: true, Level: machine.Rational{Num: num, Den: den}}
}

// addZ80 builds the Z80, its memory and the YM2151.
func (b *board) addZ80(a *state.Arena, c *machine.Config, kind copySound) error {
	var err error
	if b.zrom, err = c.Region("audiocpu", 0); err != nil {
		return err
	}
	if len(b.zrom) < 0x18000 {
		return c.RegionTooSmall("audiocpu", len(b.zrom), 0x18000)
	}
	b.zmem = cpu.NewMap8(0)
	b.z80 = z80.New(state.New[z80.State](a, "audiocpu"), b.zmem, z80.IO{})
	b.z80.State().Rules = z80.MAMERules
	b.sound = b.Scheduler.AddCPU(a, "audiocpu", b.z80, machine.Clock(soundClock))
	b.zram = a.Bytes("audioram", 0x800)
	b.ym = ym2151.New(state.New[ym2151.State](a, "ymsnd"), b.z80.SetIRQ)
	b.ymDue = b.Scheduler.NewSampleClock(a, "ymsnd.clock", ymRate())
	b.ymTimer = b.Scheduler.NewEvent(a, "ymsnd.timer", func(cycle uint64) {
		b.syncYM()
		b.ym.Tick(int64(cycle))
		b.planTimer()
	})
	b.zmem.MapRead(0x0000, 0x7fff, b.zrom[:0x8000])
	b.zmem.MapRAM(0xd000, 0xd7ff, b.zram)
	if kind == kodbSound {
		// The same chips, each in pages of its own.
		for _, chip := range [3][2]uint16{{0xe000, 0xf000}, {0xe400, 0xf002}, {0xe800, 0xf008}} {
			from, to := chip[0], chip[1]
			b.zmem.HandleRead(from, from+0xff, func(addr uint16) uint8 { return b.readSound(to + addr&1) })
			b.zmem.HandleWrite(from, from+0xff, func(addr uint16, v uint8) { b.writeSound(to+addr&1, v) })
		}
	} else {
		b.zmem.HandleRead(0xf000, 0xf0ff, b.readSound)
		b.zmem.HandleWrite(0xf000, 0xf0ff, b.writeSound)
	}
	b.mapSoundBank()
	return nil
}

func (b *board) mapSoundBank() {
	at := 0x10000 + int(b.st.Bank&1)*0x4000
	b.zmem.MapRead(0x8000, 0xbfff, b.zrom[at:at+0x4000])
}

func (b *board) readSound(addr uint16) uint8 {
	switch addr {
	case 0xf000, 0xf001:
		b.syncYM()
		return b.ym.Status(b.z80.Now())
	case 0xf002:
		b.syncOKI()
		return b.oki.Status()
	case 0xf008:
		return b.st.Latch
	case 0xf00a:
		return b.st.Latch2
	}
	return 0
}

func (b *board) writeSound(addr uint16, v uint8) {
	switch addr {
	case 0xf000, 0xf001:
		b.syncYM()
		b.ym.Write(b.z80.Now(), uint8(addr&1), v)
		b.planTimer()
	case 0xf002:
		b.syncOKI()
		b.oki.Write(v)
	case 0xf004:
		b.st.Bank = v & 1
		b.mapSoundBank()
	case 0xf006:
		b.syncOKI()
		b.st.Pin7 = v & 1
	}
}

func (b *board) syncSound() {
	b.syncYM()
	b.syncOKI()
}

// syncYM brings the YM2151 up to now.
func (b *board) syncYM() {
	if b.z80 == nil {
		return
	}
	if n := b.ymDue.Owed(); n > 0 {
		b.ym.Advance(n, b.Samples(streamYM, n))
	}
}

// planTimer schedules the expiry of the YM2151's next timer.
func (b *board) planTimer() {
	if cycle, ok := b.ym.NextTimer(); ok {
		b.ymTimer.At(b.sound.Ticks(cycle), uint64(cycle))
	} else {
		b.ymTimer.Cancel()
	}
}

// syncOKI brings the MSM6295 up to now. It has a stream for each of its two
// rates; the one that is not in use is silent.
func (b *board) syncOKI() {
	for pin, due := range b.okiDue {
		n := due.Owed()
		if n == 0 {
			continue
		}
		stream := streamOKILow
		if pin == 1 {
			stream = streamOKIHigh
		}
		out := b.Samples(stream+b.okiStream, n)
		if pin == int(b.st.Pin7) {
			b.oki.Advance(n, out)
		} else {
			clear(out)
		}
	}
}

func (b *board) resetSound() {
	b.syncSound()
	b.oki.Reset()
	if b.z80 != nil {
		b.ym.Reset()
		b.planTimer()
	}
}

func (b *board) restoredSound() {
	b.oki.Restored()
	if b.z80 != nil {
		b.ym.Restored()
		b.mapSoundBank()
	}
}
