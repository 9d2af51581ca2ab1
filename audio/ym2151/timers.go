package ym2151

// Bits of register 14.
const (
	timerRun    = 0x01 // and 0x02 for B
	timerEnable = 0x04
	timerClear  = 0x10
	timerCSM    = 0x80
)

const (
	timerA = iota
	timerB
)

// period is the length of a timer's whole period in cycles.
func (c *Chip) period(timer int) int64 {
	r := &c.s.Reg
	if timer == timerA {
		return ClocksPerSample * int64(1024-(int(r[regNAH])<<2|int(r[regNAL]&3)))
	}
	return ClocksPerSample * 16 * int64(256-int(r[regNB]))
}

// timerControl is a write to register 14.
func (c *Chip) timerControl(now int64, data uint8) {
	s := c.s
	c.setStatus(s.Status &^ (data / timerClear & 3))
	for timer := range s.Running {
		run := data / timerRun >> timer & 1
		if run != 0 && s.Running[timer] == 0 {
			s.Expiry[timer] = now + c.period(timer)
			if timer == timerB {
				// Its divider by 16 runs freely.
				s.Expiry[timer] -= ClocksPerSample * int64(s.Prescaler)
			}
		}
		s.Running[timer] = run
	}
}

func (c *Chip) setStatus(status uint8) {
	before := c.s.Status
	c.s.Status = status
	if (before != 0) != (status != 0) {
		c.irq(status != 0)
	}
}

// Tick lets the timers expire whose time has come at cycle now.
func (c *Chip) Tick(now int64) {
	s := c.s
	for timer := range s.Running {
		if s.Running[timer] == 0 || s.Expiry[timer] > now && s.Expiry[timer]-now <= 0x10000*ClocksPerSample {
			continue
		}
		period := c.period(timer)
		late := now - s.Expiry[timer]
		if late < 0 || s.Expiry[timer] < 0 { // no write leads here
			s.Expiry[timer] = now + period
			continue
		}
		s.Expiry[timer] += (late/period + 1) * period
		control := s.Reg[regTimer]
		if control/timerEnable>>timer&1 != 0 {
			c.setStatus(s.Status | 1<<timer)
		}
		if timer == timerA && control&timerCSM != 0 {
			s.CSM = 1
		}
	}
}

// NextTimer is the cycle at which a timer does something next that others can
// notice: set a flag, or key on by CSM. ok is false if nothing is to come.
// It may change with every write to the chip.
func (c *Chip) NextTimer() (cycle int64, ok bool) {
	s := c.s
	control := s.Reg[regTimer]
	for timer := range s.Running {
		notable := control/timerEnable>>timer&1 != 0 || timer == timerA && control&timerCSM != 0
		if s.Running[timer] != 0 && notable && (!ok || s.Expiry[timer] < cycle) {
			cycle, ok = s.Expiry[timer], true
		}
	}
	return cycle, ok
}
