package window

import (
	"arcade/cmd/arcade/clipboard"
	"arcade/cmd/arcade/toolkit"
)

// clip is the host's clipboard as the toolkit uses it.
type clip struct{ a *app }

// Copy implements toolkit.Clipboard.
func (clip) Copy(text string) error { return clipboard.Write(text) }

// Paste implements toolkit.Clipboard.
func (c clip) Paste(done func(line string, err error)) {
	go func() {
		text, err := clipboard.Read()
		c.a.later(func() { done(clipboard.Line(text), err) })
	}()
}

// handle gives an event to the UI; that of pasting once there is something to
// paste.
func (a *app) handle(e toolkit.Event) {
	if e.Kind != toolkit.Paste {
		a.ui.Handle(e)
		return
	}
	a.ui.Paste(func(line string) {
		e.Text = line
		a.ui.Handle(e)
	})
}
