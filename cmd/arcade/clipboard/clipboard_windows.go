package clipboard

import (
	"fmt"
	"runtime"
	"syscall"
	"time"
	"unicode/utf16"
	"unsafe"
)

var (
	user32           = syscall.NewLazyDLL("user32.dll")
	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	getClipboardData = user32.NewProc("GetClipboardData")
	setClipboardData = user32.NewProc("SetClipboardData")

	kernel32      = syscall.NewLazyDLL("kernel32.dll")
	globalAlloc   = kernel32.NewProc("GlobalAlloc")
	globalFree    = kernel32.NewProc("GlobalFree")
	globalLock    = kernel32.NewProc("GlobalLock")
	globalUnlock  = kernel32.NewProc("GlobalUnlock")
	globalSize    = kernel32.NewProc("GlobalSize")
	rtlMoveMemory = kernel32.NewProc("RtlMoveMemory")
)

const (
	cfUnicodeText = 13
	gmemMoveable  = 2
)

// open opens the clipboard, which belongs to a thread until close is called.
func open() (close func(), err error) {
	runtime.LockOSThread()
	for end := time.Now().Add(wait); ; time.Sleep(10 * time.Millisecond) {
		ok, _, err := openClipboard.Call(0)
		if ok != 0 {
			return func() {
				closeClipboard.Call()
				runtime.UnlockOSThread()
			}, nil
		}
		if time.Now().After(end) { // another program has it open
			runtime.UnlockOSThread()
			return nil, fmt.Errorf("%w: %w", ErrNone, err)
		}
	}
}

func read() (string, error) {
	close, err := open()
	if err != nil {
		return "", err
	}
	defer close()
	h, _, _ := getClipboardData.Call(cfUnicodeText)
	if h == 0 {
		return "", ErrEmpty
	}
	size, _, _ := globalSize.Call(h)
	n := min(int(size)/2, MaxText)
	at, _, err := globalLock.Call(h)
	if at == 0 {
		return "", fmt.Errorf("%w: %w", ErrNone, err)
	}
	defer globalUnlock.Call(h)
	if n == 0 {
		return "", ErrEmpty
	}
	b := make([]uint16, n)
	rtlMoveMemory.Call(uintptr(unsafe.Pointer(&b[0])), at, uintptr(2*n))
	return syscall.UTF16ToString(b), nil
}

func write(text string) error {
	b := append(utf16.Encode([]rune(text)), 0)
	close, err := open()
	if err != nil {
		return err
	}
	defer close()
	if ok, _, err := emptyClipboard.Call(); ok == 0 {
		return fmt.Errorf("%w: %w", ErrNone, err)
	}
	h, _, err := globalAlloc.Call(gmemMoveable, uintptr(2*len(b)))
	if h == 0 {
		return fmt.Errorf("%w: %w", ErrNone, err)
	}
	at, _, err := globalLock.Call(h)
	if at != 0 {
		rtlMoveMemory.Call(at, uintptr(unsafe.Pointer(&b[0])), uintptr(2*len(b)))
		globalUnlock.Call(h)
		var ok uintptr
		if ok, _, err = setClipboardData.Call(cfUnicodeText, h); ok != 0 {
			return nil // it is the system's now
		}
	}
	globalFree.Call(h)
	return fmt.Errorf("%w: %w", ErrNone, err)
}
