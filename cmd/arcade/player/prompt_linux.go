package player

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// slice is how long the loop's thread wants to run at a time. A short one makes
// the kernel (6.12 and later) let it run soon after it wakes up, however many
// others are busy; it needs no permission.
const slice = 100 * time.Microsecond

// prompt gives the loop a thread of its own that wakes up in time. What it
// returns undoes that.
func prompt() func() {
	runtime.LockOSThread()
	was, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return runtime.UnlockOSThread
	}
	now := *was
	now.Runtime = uint64(slice)
	// Older kernels ignore it, others may forbid it: then it is as it was.
	_ = unix.SchedSetAttr(0, &now, 0)
	return func() {
		_ = unix.SchedSetAttr(0, was, 0)
		runtime.UnlockOSThread()
	}
}

// sleep sleeps in the loop's thread: through the runtime's timers, another
// thread would have to wake up first, and then wake this one.
func sleep(d time.Duration) {
	t := unix.NsecToTimespec(d.Nanoseconds())
	for unix.Nanosleep(&t, &t) == unix.EINTR {
	}
}
