package fm

// TimerState is what changes in the two timers of an FM chip and its busy
// flag. Any bytes are legal after Restored.
type TimerState struct {
	Expiry    [2]int64 // cycle of the master clock at which timer A, B expires next, if it runs
	BusyUntil int64    // cycle
	NA        uint16   // 10 bits
	NB        uint8
	Control   uint8 // register 14 (OPN: 27)
	Running   uint8 // a bit a timer
	Flags     uint8 // a bit a timer
	Prescaler uint8 // samples made, modulo 16
	CSM       uint8 // 1: timer A keys slots on in the next sample
}

// Restored brings the state to legal values.
func (s *TimerState) Restored() {
	s.NA &= 0x3ff
	s.Running &= 3
	s.Flags &= 3
	s.Prescaler &= 15
	s.CSM &= 1
}

// Reset stops the timers. The prescaler goes on.
func (s *TimerState) Reset() { *s = TimerState{Prescaler: s.Prescaler} }

// Bits of the control register. Those of timer A; B's are the next higher.
const (
	timerRun    = 0x01
	timerEnable = 0x04
	timerClear  = 0x10
)

// longest is above the longest period of a timer, in samples.
const longest = 16*256 + 1

// Timers is the two timers of an FM chip and its busy flag. Timers run from the
// write that starts them, as in MAME; on the chips they count samples.
type Timers struct {
	S      *TimerState
	Sample int64 // cycles of the master clock per sample
	Busy   int64 // cycles for which a write keeps the chip busy
	// CSM is on where these bits of the control register have this value.
	CSMMask, CSM uint8
	IRQ          func(asserted bool)
}

func (t *Timers) period(timer int) int64 {
	if timer == 0 {
		return t.Sample * (1024 - int64(t.S.NA))
	}
	return t.Sample * 16 * (256 - int64(t.S.NB))
}

// Write writes the control register: flags are cleared, timers started and
// stopped. Tick must have been called for this cycle.
func (t *Timers) Write(now int64, data uint8) {
	s := t.S
	s.Control = data
	t.SetFlags(s.Flags &^ (data / timerClear & 3))
	run := data / timerRun & 3
	for timer := range s.Expiry {
		if run&^s.Running>>timer&1 == 0 {
			continue
		}
		s.Expiry[timer] = now + t.period(timer)
		if timer == 1 {
			// B's divider by 16 runs freely.
			s.Expiry[timer] -= t.Sample * int64(s.Prescaler)
		}
	}
	s.Running = run
}

// SetFlags sets the flags and the interrupt line.
func (t *Timers) SetFlags(flags uint8) {
	before := t.S.Flags
	t.S.Flags = flags
	if (before != 0) != (flags != 0) && t.IRQ != nil {
		t.IRQ(flags != 0)
	}
}

// Tick lets the timers expire whose time has come at cycle now.
func (t *Timers) Tick(now int64) {
	s := t.S
	if s.Running == 0 {
		return
	}
	for timer := range s.Expiry {
		left := s.Expiry[timer] - now
		if s.Running>>timer&1 == 0 || left > 0 && left < longest*t.Sample {
			continue
		}
		period := t.period(timer)
		if s.Expiry[timer] < 0 || left > 0 || -left < 0 {
			s.Expiry[timer] = now + period // no write leads here
			continue
		}
		s.Expiry[timer] += (-left/period + 1) * period
		if s.Control/timerEnable>>timer&1 != 0 {
			t.SetFlags(s.Flags | 1<<timer)
		}
		if timer == 0 && t.csm() {
			s.CSM = 1
		}
	}
}

func (t *Timers) csm() bool { return t.S.Control&t.CSMMask == t.CSM }

// Next is the cycle at which a timer does something next that others can
// notice: set a flag, or key on by CSM. ok is false if nothing is to come.
func (t *Timers) Next() (cycle int64, ok bool) {
	s := t.S
	for timer := range s.Expiry {
		notable := s.Control/timerEnable>>timer&1 != 0 || timer == 0 && t.csm()
		if s.Running>>timer&1 != 0 && notable && (!ok || s.Expiry[timer] < cycle) {
			cycle, ok = s.Expiry[timer], true
		}
	}
	return cycle, ok
}

// Written makes the chip busy from cycle now on.
func (t *Timers) Written(now int64) { t.S.BusyUntil = now + t.Busy }

// Status is the status register: bit 7 busy, bits 1 and 0 flags of B and A.
// Tick must have been called for this cycle.
func (t *Timers) Status(now int64) uint8 {
	// Whatever the state holds, nothing is busy longer than a write makes it.
	if left := t.S.BusyUntil - now; left > 0 && left <= t.Busy {
		return t.S.Flags | 0x80
	}
	return t.S.Flags
}
