package toolkit

import (
	"errors"
	"strings"
	"testing"
)

// clip is a clipboard that hands over at once.
type clip struct {
	text string
	err  error
}

func (c *clip) Copy(text string) error {
	c.text = text
	return c.err
}

func (c *clip) Paste(done func(string, error)) { done(c.text, c.err) }

func TestPasteIntoAField(t *testing.T) {
	f := NewField("ac")
	f.Max = 6
	if f.Handle(Event{Kind: Paste, Text: "x"}) {
		t.Error("a field that is not edited takes what is pasted")
	}
	got := ""
	f.Edit(func(text string) { got = text })
	f.Handle(Event{Kind: Left})
	f.Handle(Event{Kind: Paste, Text: "bß"})
	f.Handle(Event{Kind: Char, Rune: '-'})
	f.Handle(Event{Kind: Paste, Text: "too long"})
	f.Handle(Event{Kind: Accept})
	if got != "abß-tc" {
		t.Errorf("the field has %q", got)
	}
}

func TestPasteOntoTheKeyboard(t *testing.T) {
	u, got := NewUI(), ""
	u.Push(NewKeyboard("Name", "a", nil, func(text string) { got = text }))
	u.Handle(Event{Kind: Paste, Text: "bc:1#d"})
	u.Handle(Event{Kind: Accept})
	if got != "abc:1#d" {
		t.Errorf("the keyboard wrote %q", got)
	}
}

// What was copied is said, and so is why not.
func TestCopyAndPasteTell(t *testing.T) {
	u := NewUI()
	u.Copy("x")
	if !strings.Contains(u.Message(), "no clipboard") {
		t.Errorf("without a clipboard: %q", u.Message())
	}
	c := &clip{}
	u.Clip = c
	u.Copy("192.0.2.1:5#abc")
	if c.text != "192.0.2.1:5#abc" || u.Message() != "Copied 192.0.2.1:5#abc" {
		t.Errorf("copied %q, said %q", c.text, u.Message())
	}
	got := ""
	u.Paste(func(line string) { got = line })
	if got != c.text {
		t.Errorf("pasted %q", got)
	}
	c.err = errors.New("it burns")
	u.Paste(func(string) { t.Error("an error was pasted") })
	if u.Message() != "Nothing to paste: it burns" {
		t.Errorf("said %q", u.Message())
	}
}
