// Package clipboard reads and writes the text in the host's clipboard. It needs
// no other program on Linux and Windows; on macOS it uses those of the system.
package clipboard

import (
	"errors"
	"strings"
	"time"
	"unicode"
)

// MaxText is the most bytes that are read.
const MaxText = 64 << 10

// wait is how long another program may take to hand over what it has copied.
const wait = 3 * time.Second

// Errors that are wrapped, with what is behind them.
var (
	ErrNone  = errors.New("there is no clipboard here")
	ErrEmpty = errors.New("there is no text in the clipboard")
)

// Read is the text in the clipboard. Another program may own it, and may take up
// to three seconds to hand it over.
func Read() (string, error) {
	s, err := read()
	if err == nil && s == "" {
		err = ErrEmpty
	}
	return s, err
}

// Write puts a text into the clipboard. Under X11 it is there for as long as this
// program runs, unless the desktop keeps it for longer.
func Write(text string) error { return write(text) }

// Line is a text as a field of one line takes it: its first line that is not
// empty, without control characters.
func Line(text string) string {
	for l := range strings.Lines(text) {
		l = strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) {
				return -1
			}
			return r
		}, strings.ToValidUTF8(strings.ReplaceAll(l, "\t", " "), ""))
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}
