//go:build !linux

package player

import "time"

// prompt does what other systems do not need.
func prompt() func() { return func() {} }

func sleep(d time.Duration) { time.Sleep(d) }
