package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// frameList is a choice of frames: "10,60", "5-9", "all".
type frameList struct {
	all    bool
	ranges [][2]uint64
}

func (l *frameList) has(n uint64) bool {
	if l.all {
		return true
	}
	for _, r := range l.ranges {
		if n >= r[0] && n <= r[1] {
			return true
		}
	}
	return false
}

// Decode reads the list from the command line.
func (l *frameList) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("list", &text); err != nil {
		return err
	}
	return l.parse(text)
}

func (l *frameList) parse(text string) error {
	if text == "all" {
		l.all = true
		return nil
	}
	for _, part := range strings.Split(text, ",") {
		first, last, ok := strings.Cut(part, "-")
		if !ok {
			last = first
		}
		a, err1 := strconv.ParseUint(first, 10, 63)
		b, err2 := strconv.ParseUint(last, 10, 63)
		if err1 != nil || err2 != nil || a > b {
			return fmt.Errorf("%q is not a list of frames; write 10,60 or 5-9 or all", text)
		}
		l.ranges = append(l.ranges, [2]uint64{a, b})
	}
	return nil
}
