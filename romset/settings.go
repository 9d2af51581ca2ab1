package romset

import (
	"fmt"
	"sort"
	"strings"
)

// A Choice is a DIP switch, or a setting like one, in a certain position: the
// bits Mask of the port Tag are Value.
type Choice struct {
	Tag   string
	Mask  uint32
	Value uint32
	Name  string // of the switch
	To    string // of the position
}

// Switches returns all DIP switches and settings of a set.
func (s *Set) Switches() []Switch {
	return append(append([]Switch(nil), s.DIPs...), s.Configs...)
}

// Choose finds a switch and one of its positions by name (upper and lower case
// are the same). The switch may be written PORT/NAME where two ports have one
// of that name; the position may also be a number. Of switches of one name that
// exist at different settings of others, those come first that exist at the
// settings of the factory.
func (s *Set) Choose(name, position string) (Choice, error) {
	port, short, hasPort := strings.Cut(name, "/")
	var named []Switch
	for _, sw := range s.Switches() {
		if strings.EqualFold(sw.Name, name) || hasPort && strings.EqualFold(sw.Tag, port) && strings.EqualFold(sw.Name, short) {
			named = append(named, sw)
		}
	}
	if len(named) == 0 {
		return Choice{}, fmt.Errorf("%s has no switch %q%s", s.Name, name, s.switchNames(name))
	}
	sort.SliceStable(named, func(i, j int) bool { return s.exists(&named[i]) && !s.exists(&named[j]) })
	var positions []string
	for _, sw := range named {
		for _, v := range sw.Values {
			if strings.EqualFold(v.Name, position) || fmt.Sprint(v.Value) == position {
				return Choice{Tag: sw.Tag, Mask: sw.Mask, Value: v.Value, Name: sw.Name, To: v.Name}, nil
			}
			positions = append(positions, v.Name)
		}
	}
	return Choice{}, fmt.Errorf("%s: the switch %q has no position %q; there is %s", s.Name, named[0].Name, position, strings.Join(positions, ", "))
}

// exists reports whether a switch is there when all others are as the factory set them.
func (s *Set) exists(sw *Switch) bool {
	c := sw.Condition
	if c == nil {
		return true
	}
	for _, p := range s.Ports {
		if p.Tag == c.Tag {
			return c.holds(p.Idle)
		}
	}
	return false
}

// holds reports whether the condition is true when its port reads value.
func (c *Condition) holds(value uint32) bool {
	v := value & c.Mask
	switch c.Relation {
	case "eq":
		return v == c.Value
	case "ne":
		return v != c.Value
	case "gt":
		return v > c.Value
	case "le":
		return v <= c.Value
	case "lt":
		return v < c.Value
	case "ge":
		return v >= c.Value
	}
	return false
}

// ChooseAll is Choose for a table of switches, such as a settings file has.
// The result is in the order of the switches' names.
func (s *Set) ChooseAll(positions map[string]string) ([]Choice, error) {
	names := make([]string, 0, len(positions))
	for n := range positions {
		names = append(names, n)
	}
	sort.Strings(names)
	var list []Choice
	for _, n := range names {
		c, err := s.Choose(n, positions[n])
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// ParseChoice reads "NAME=POSITION".
func (s *Set) ParseChoice(text string) (Choice, error) {
	name, position, ok := strings.Cut(text, "=")
	if !ok {
		return Choice{}, fmt.Errorf("%q is not a switch: write NAME=POSITION, such as \"Lives=5\"", text)
	}
	return s.Choose(strings.TrimSpace(name), strings.TrimSpace(position))
}

// switchNames lists the switches for a message, similar names first.
func (s *Set) switchNames(wanted string) string {
	seen := map[string]bool{}
	var names []string
	for _, sw := range s.Switches() {
		if !seen[sw.Name] && sw.Name != "Unused" && sw.Name != "Unknown" {
			seen[sw.Name] = true
			names = append(names, sw.Name)
		}
	}
	if len(names) == 0 {
		return "; it has no switches"
	}
	wanted = strings.ToLower(wanted)
	sort.SliceStable(names, func(i, j int) bool {
		return distance(strings.ToLower(names[i]), wanted) < distance(strings.ToLower(names[j]), wanted)
	})
	return "; there is " + strings.Join(names, ", ")
}
