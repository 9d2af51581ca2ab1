package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"arcade/cmd/arcade/inputmap"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Problem is a mistake in a file.
type Problem struct {
	File string
	Line int
	Key  string
	What string
}

func (p Problem) String() string {
	where := fmt.Sprintf("%s, line %d", p.File, p.Line)
	if p.Key == "" {
		return where + ": " + p.What
	}
	return fmt.Sprintf("%s: %s: %s; ignored", where, p.Key, p.What)
}

// Load reads the file of the settings over s. A file that does not exist
// changes nothing and is no problem. game tells that it is a game's.
func Load(s *Settings, file string, game bool) []Problem {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []Problem{{File: file, Line: 1, What: err.Error()}}
	}
	return Parse(s, file, b, game)
}

// Parse reads TOML over s.
func Parse(s *Settings, file string, b []byte, game bool) []Problem {
	var problems []Problem
	seen := map[string]int{}
	end := walk(file, b, func(line int, table, key string, v any, err error) {
		full := strings.Trim(table+"."+key, ".")
		if err == nil && seen[full] > 0 {
			err = fmt.Errorf("it was set in line %d already", seen[full])
		} else if err == nil {
			seen[full] = line
			err = s.put(table, key, v, game)
		}
		if err != nil {
			problems = append(problems, Problem{file, line, full, err.Error()})
		}
	})
	if end != nil {
		problems = append(problems, *end)
	}
	return problems
}

// walk calls visit for every key of a file, also those of inline tables, with
// its line and its value, or what is wrong with that. It returns the mistake of
// syntax at which it ended, if there is one.
func walk(file string, b []byte, visit func(line int, table, key string, v any, err error)) *Problem {
	var p unstable.Parser
	p.Reset(b)
	table := ""
	var each func(line int, table, key string, n *unstable.Node)
	each = func(line int, table, key string, n *unstable.Node) {
		if n.Kind != unstable.InlineTable {
			v, err := value(n)
			visit(line, table, key, v, err)
			return
		}
		full := strings.Trim(table+"."+key, ".")
		for it := n.Children(); it.Next(); {
			kv := it.Node()
			parts := keyParts(kv.Key())
			in := strings.Join(append([]string{full}, parts[:len(parts)-1]...), ".")
			each(line, in, parts[len(parts)-1], kv.Value())
		}
	}
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = strings.Join(keyParts(e.Key()), ".")
			if !isTable(table) {
				visit(lineOf(b, e, &p), "", table, nil, errNoTable(table))
			}
		case unstable.KeyValue:
			parts := keyParts(e.Key())
			in, key := table, parts[len(parts)-1]
			if len(parts) > 1 {
				in = strings.Trim(table+"."+strings.Join(parts[:len(parts)-1], "."), ".")
			}
			if isTable(table) || table == "" {
				each(lineOf(b, e, &p), in, key, e.Value())
			}
		}
	}
	if err := p.Error(); err != nil {
		line := 1 + strings.Count(string(b), "\n")
		var pe *unstable.ParserError
		if errors.As(err, &pe) && len(pe.Highlight) > 0 {
			r := p.Range(pe.Highlight)
			line = 1 + strings.Count(string(b[:r.Offset]), "\n")
		}
		return &Problem{File: file, Line: line, What: strings.TrimPrefix(err.Error(), "toml: ") + "; nothing from here on is used"}
	}
	return nil
}

func keyParts(it unstable.Iterator) []string {
	var out []string
	for it.Next() {
		out = append(out, string(it.Node().Data))
	}
	return out
}

// lineOf is the line of a key.
func lineOf(b []byte, e *unstable.Node, p *unstable.Parser) int {
	it := e.Key()
	if !it.Next() {
		return 1
	}
	r := it.Node().Raw
	if int(r.Offset) > len(b) {
		return 1
	}
	return 1 + strings.Count(string(b[:r.Offset]), "\n")
}

func value(n *unstable.Node) (any, error) {
	switch n.Kind {
	case unstable.String:
		return string(n.Data), nil
	case unstable.Bool:
		return string(n.Data) == "true", nil
	case unstable.Integer:
		i, err := strconv.ParseInt(strings.ReplaceAll(string(n.Data), "_", ""), 0, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is no number that can be used", n.Data)
		}
		return i, nil
	case unstable.Array:
		out := []any{}
		for it := n.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			v, err := value(it.Node())
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s is no value that any setting has", n.Kind)
}

// Format writes settings as TOML. Those that are as in base are commented out,
// so that a later program's better default is used.
func Format(s, base *Settings, game bool) []byte {
	var b strings.Builder
	if game {
		b.WriteString("# Settings of one game. What is not set here is as in ../settings.toml.\n")
	} else {
		b.WriteString("# Settings of arcade. Lines that begin with # show the defaults.\n")
	}
	table := ""
	for _, o := range options {
		if !o.fits(game) {
			continue
		}
		t, key, _ := strings.Cut(o.key, ".")
		if t != table {
			fmt.Fprintf(&b, "\n[%s]\n", t)
			table = t
		}
		for _, l := range wrap(o.doc, 100) {
			fmt.Fprintf(&b, "# %s\n", l)
		}
		mark := ""
		if o.get(s) == o.get(base) {
			mark = "#"
		}
		fmt.Fprintf(&b, "%s%s = %s\n", mark, key, o.get(s))
	}
	b.WriteString("\n# What does what: \"P1 Button 1\" = [\"ControlLeft\", \"Pad1.A\"]\n[input.bindings]\n")
	for _, a := range slices.Sorted(maps.Keys(s.Bindings)) {
		var names []string
		for _, src := range s.Bindings[a] {
			names = append(names, src.String())
		}
		fmt.Fprintf(&b, "%q = %s\n", string(a), quoteList(names))
	}
	b.WriteString("\n# Buttons that repeat while they are held, in frames: \"P1 Button 1\" = [2, 2]\n[input.autofire]\n")
	for _, a := range slices.Sorted(maps.Keys(s.Autofire)) {
		fmt.Fprintf(&b, "%q = [%d, %d]\n", string(a), s.Autofire[a].On, s.Autofire[a].Off)
	}
	if game {
		b.WriteString("\n# DIP switches: \"Lives\" = \"5\"\n[dips]\n")
		for _, k := range slices.Sorted(maps.Keys(s.DIPs)) {
			fmt.Fprintf(&b, "%q = %q\n", k, s.DIPs[k])
		}
	}
	return []byte(b.String())
}

func wrap(s string, width int) []string {
	var out []string
	line := ""
	for _, w := range strings.Fields(s) {
		if len(line)+len(w) >= width && line != "" {
			out = append(out, line)
			line = ""
		}
		line = strings.TrimLeft(line+" "+w, " ")
	}
	return append(out, line)
}

// Save writes a file that a person asked for. What was there before is kept
// beside it, with the ending .old.
func Save(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	tmp := file + ".new"
	if err := os.WriteFile(tmp, content, 0o666); err != nil {
		return err
	}
	if _, err := os.Stat(file); err == nil {
		if err := os.Rename(file, file+".old"); err != nil {
			return err
		}
	}
	return os.Rename(tmp, file)
}

// Clone copies settings.
func (s *Settings) Clone() *Settings {
	c := *s
	c.ROMPaths = slices.Clone(s.ROMPaths)
	c.Bindings = s.Bindings.Over(nil)
	c.Autofire = maps.Clone(s.Autofire)
	c.DIPs = maps.Clone(s.DIPs)
	return &c
}

// Same reports whether two settings are equal; nil is like no other.
func (s *Settings) Same(as *Settings) bool {
	return as != nil && string(Format(s, as, false)) == string(Format(as, as, false)) && maps.Equal(s.DIPs, as.DIPs)
}

// AllBindings are the defaults with what is set over them.
func (s *Settings) AllBindings() inputmap.Bindings { return inputmap.Defaults().Over(s.Bindings) }
