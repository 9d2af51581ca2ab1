package settings

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"arcade/cmd/arcade/inputmap"
	"arcade/machine"
)

// Check looks for actions, switches and positions in the file of a game that
// the game does not have.
func Check(file string, in *machine.Inputs) []Problem {
	actions := inputmap.Actions(in)
	var problems []Problem
	b, err := os.ReadFile(file)
	if err != nil {
		return nil // Load says so
	}
	walk(file, b, func(line int, table, key string, v any, err error) {
		bad := func(what string) {
			problems = append(problems, Problem{file, line, table + "." + key, what})
		}
		switch table {
		case bindingsTable, autofireTable:
			a := inputmap.Action(key)
			if !slices.Contains(actions, a) && !slices.Contains(inputmap.Hotkeys(), a) {
				var names []string
				for _, a := range actions {
					names = append(names, string(a))
				}
				bad("this game has no such control; it has " + strings.Join(names, ", "))
			}
		case dipsTable:
			var switches []string
			for i := range in.Fields {
				f := &in.Fields[i]
				if f.Kind != machine.KindDIP || len(f.Settings) == 0 {
					continue
				}
				if f.Name != key {
					switches = append(switches, f.Name)
					continue
				}
				var names []string
				for _, s := range f.Settings {
					if s.Name == v {
						return
					}
					names = append(names, s.Name)
				}
				bad(fmt.Sprintf("the switch has no such position; it has %s", strings.Join(names, ", ")))
				return
			}
			bad("this game has no such switch; it has " + strings.Join(switches, ", "))
		}
	})
	return problems
}
