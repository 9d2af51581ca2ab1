// Package parts holds small chips and circuits that boards share.
package parts

import "arcade/machine/state"

// Watchdog resets a board whose program does not kick it often enough: it
// counts vertical blanks.
type Watchdog struct {
	limit uint32
	st    *watchdogState
	bite  func()
}

type watchdogState struct {
	Blanks uint32 // since the last kick
	Bites  uint32 // resets so far: for statistics
}

// NewWatchdog makes a watchdog that calls bite at the given number of blanks
// without a kick.
func NewWatchdog(a *state.Arena, blanks uint32, bite func()) *Watchdog {
	return &Watchdog{limit: blanks, st: state.New[watchdogState](a, "watchdog"), bite: bite}
}

// Kick starts the count anew.
func (w *Watchdog) Kick() { w.st.Blanks = 0 }

// Blank counts a vertical blank.
func (w *Watchdog) Blank() {
	w.st.Blanks++
	if w.st.Blanks >= w.limit {
		w.st.Blanks = 0
		w.st.Bites++
		w.bite()
	}
}
