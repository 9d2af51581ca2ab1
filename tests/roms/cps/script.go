package cpsrom

import (
	"fmt"
	"strings"

	"arcade/romset"
)

// Start is the first frame in which the program looks at its inputs.
const Start = 64

// Frames is how long the program is run.
const Frames = 300

// Script is an input script that presses every control of a set, some of them
// together, and changes every switch and dial. Switches on which the meaning of
// others depends are left alone, as are those whose meaning or name is not
// unique: MAME has several switches in one place there.
func Script(set *romset.Set) string {
	count := map[string]int{}
	skip := map[string]bool{}
	for _, d := range set.DIPs {
		count[d.Tag+"/"+d.Name]++
		if d.Condition == nil {
			continue
		}
		skip[d.Tag+"/"+d.Name] = true
		for _, other := range set.DIPs {
			if other.Tag == d.Condition.Tag && other.Mask&d.Condition.Mask != 0 {
				skip[other.Tag+"/"+other.Name] = true
			}
		}
	}
	var out strings.Builder
	at := Start + 2
	seen := map[string]bool{}
	for _, p := range set.Ports {
		for _, f := range p.Fields {
			name := p.Tag + "/" + f.Name
			if f.Name == "" || f.Type == "UNUSED" || f.Type == "UNKNOWN" || seen[name] || skip[name] || count[name] > 1 {
				continue
			}
			seen[name] = true
			switch {
			case f.Class == "dipswitch":
				for _, v := range f.Values {
					if v.Value != f.Default {
						fmt.Fprintf(&out, "%d set %s = %d\n", at, name, v.Value)
					}
				}
			case f.Analog != nil && len(p.Fields) > 1:
				// A value that is forced on one is the whole port's in MAME.
			case f.Analog != nil:
				for i := range 8 {
					fmt.Fprintf(&out, "%d set %s = %d\n", at+20*i, name, (at*37+i*i*301)&int(f.Mask))
				}
			case f.Class == "controller" || f.Class == "misc":
				fmt.Fprintf(&out, "%d press %s\n%d release %s\n", at, name, at+5, name)
				fmt.Fprintf(&out, "%d press %s\n%d release %s\n", at+99, name, at+120, name)
			}
			at += 2
		}
	}
	return out.String()
}
