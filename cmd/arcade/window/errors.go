package window

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

// ErrNoDisplay is wrapped by the errors about a window that cannot be opened.
var ErrNoDisplay = errors.New("no window can be opened here")

// noDisplay says why there is no window and what to do.
func noDisplay(cause error) error {
	advice := "start arcade on a desktop"
	if runtime.GOOS == "linux" {
		advice = "start arcade in a desktop session, or set DISPLAY to that of a running X server (Debian also needs the packages libx11-6 and libgl1)"
	}
	return fmt.Errorf("%w: %w; %s, or use `arcade run`, or `arcade replay` with --verify or --png, which need no display", ErrNoDisplay, cause, advice)
}

// checkDisplay finds out early, and with a better message, that there can be no
// window.
func checkDisplay() error {
	if runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" {
		return nil
	}
	// A handheld without a window system has a frame buffer instead.
	if _, err := os.Stat("/dev/fb0"); err == nil {
		return nil
	}
	return noDisplay(errors.New("DISPLAY is not set"))
}
