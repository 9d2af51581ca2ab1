// Package script reads input scripts: which inputs change in which frame.
//
//	# frame  what
//	100      press    P1 Up
//	110      release  P1 Up
//	40       set      Difficulty = 3
//
// Names are MAME's, written PORT/NAME where two ports use a name. "set" is for
// DIP switches and for dials and sticks (the raw value). An event at frame F is
// in force for all of frame F; one at frame 0 is there at power-on.
package script

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"arcade/machine"
)

// Event is one line of a script.
type Event struct {
	Frame uint64
	Field int // index in machine.Inputs.Fields
	Value uint32
	Line  int
}

// Script is a list of events and the position in it.
type Script struct {
	events map[uint64][]Event
	inputs *machine.Inputs
	last   uint64
}

var line = regexp.MustCompile(`^(\d+)\s+(?:(press|release)\s+(.+)|set\s+(.+?)\s*=\s*(\d+))$`)

// Parse reads a script for a machine with the given inputs. name is used in
// errors, which give the line number and what was expected.
func Parse(name string, r io.Reader, inputs *machine.Inputs) (*Script, error) {
	s := &Script{events: map[uint64][]Event{}, inputs: inputs}
	scan := bufio.NewScanner(r)
	for n := 1; scan.Scan(); n++ {
		text, _, _ := strings.Cut(scan.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		m := line.FindStringSubmatch(text)
		if m == nil {
			return nil, fmt.Errorf("%s:%d: %q is not an input line; expected FRAME press|release NAME, or FRAME set NAME = VALUE", name, n, text)
		}
		frame, err := strconv.ParseUint(m[1], 10, 63)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: frame %s is too large", name, n, m[1])
		}
		e := Event{Frame: frame, Line: n}
		field := m[3] + m[4]
		var ok bool
		if e.Field, ok = inputs.Find(field); !ok {
			return nil, fmt.Errorf("%s:%d: no input %q; there are: %s", name, n, field, strings.Join(names(inputs), ", "))
		}
		if m[5] != "" {
			v, err := strconv.ParseUint(m[5], 10, 32)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: value %s is too large", name, n, m[5])
			}
			e.Value = uint32(v)
		} else if m[2] == "press" {
			e.Value = 1
		}
		s.events[frame] = append(s.events[frame], e)
		s.last = max(s.last, frame)
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// Apply changes input as the script says for a frame. Frames come in order.
func (s *Script) Apply(frame uint64, input *machine.Input) {
	if s == nil {
		return
	}
	for _, e := range s.events[frame] {
		s.inputs.Set(input, e.Field, e.Value)
	}
}

func names(in *machine.Inputs) []string {
	var out []string
	for _, f := range in.Fields {
		out = append(out, f.Name)
	}
	return out
}
