package romset_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"arcade/romset"
)

// logiqx is the Logiqx data file format (datafile.dtd, 1.4): for each element
// its children in their order ("+": at least one, "!": exactly one, "?": one or
// none, "*": any number) and its attributes ("!": must be there; "=": one of).
var logiqx = map[string][2]string{
	"datafile": {"header? game+", "build debug=yes|no"},
	"header":   {"name! description! category? version! date? author! email? homepage? url? comment? clrmamepro? romcenter?", ""},
	"game": {"comment* description! year? manufacturer? release* biosset* rom* disk* sample* archive*",
		"name! sourcefile isbios=yes|no cloneof romof sampleof board rebuildto"},
	"biosset": {"", "name! description! default=yes|no"},
	"rom":     {"", "name! size! crc sha1 md5 merge status=baddump|nodump|good|verified date"},
	"disk":    {"", "name! sha1 md5 merge status=baddump|nodump|good|verified"},
}

// keepsTo checks a document against logiqx.
func keepsTo(t *testing.T, r io.Reader) (games, roms int) {
	t.Helper()
	type open struct {
		name string
		kids []string
	}
	var stack []open
	d := xml.NewDecoder(r)
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return games, roms
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			name := e.Name.Local
			switch name {
			case "game":
				games++
			case "rom":
				roms++
			}
			if len(stack) > 0 {
				stack[len(stack)-1].kids = append(stack[len(stack)-1].kids, name)
			}
			stack = append(stack, open{name: name})
			rule := logiqx[name]
			have := map[string]string{}
			for _, a := range e.Attr {
				have[a.Name.Local] = a.Value
			}
			for word := range strings.FieldsSeq(rule[1]) {
				word, values, choice := strings.Cut(word, "=")
				attr, must := strings.CutSuffix(word, "!")
				v, ok := have[attr]
				if must && v == "" || ok && choice && !slices.Contains(strings.Split(values, "|"), v) {
					t.Fatalf("<%s>: %s=%q", name, attr, v)
				}
				delete(have, attr)
			}
			if len(have) > 0 {
				t.Fatalf("<%s> has attributes that the format does not know: %v", name, have)
			}
		case xml.EndElement:
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			rest := top.kids
			for word := range strings.FieldsSeq(logiqx[top.name][0]) {
				kind, count := word[len(word)-1], 0
				for len(rest) > 0 && rest[0] == word[:len(word)-1] {
					rest = rest[1:]
					count++
				}
				if kind == '!' && count != 1 || kind == '?' && count > 1 || kind == '+' && count == 0 {
					t.Fatalf("<%s> has %d of %s", top.name, count, word)
				}
			}
			if len(rest) > 0 {
				t.Fatalf("<%s>: %s is not expected there", top.name, rest[0])
			}
		}
	}
}

func TestDATIsLogiqx(t *testing.T) {
	var sets []*romset.Set
	files, filled := 0, 0
	for s := range romset.Sets() {
		sets = append(sets, s)
		if len(s.Files)+len(s.Disks) > 0 {
			filled++
		}
		names := map[string]bool{}
		for _, f := range s.Files {
			names[f.Name] = true
		}
		files += len(names)
	}
	var b bytes.Buffer
	if err := romset.WriteDAT(&b, romset.DAT{Name: "arcade", Description: "all", Version: "1", Author: "us"}, sets); err != nil {
		t.Fatal(err)
	}
	games, roms := keepsTo(t, &b)
	if games != filled || roms != files {
		t.Errorf("%d of %d games, %d of %d files", games, filled, roms, files)
	}
	v := romset.NewVerifier(romset.NewFinder(t.TempDir()))
	defer v.Close()
	var reports []*romset.Report
	for _, n := range []string{"puckman", "kof98", "ssf2u"} {
		s, _ := romset.Lookup(n)
		reports = append(reports, v.Verify(s))
	}
	b.Reset()
	n, err := romset.WriteFix(&b, romset.DAT{Name: "fix", Description: "fix", Version: "1", Author: "us"}, reports)
	if err != nil {
		t.Fatal(err)
	}
	if _, roms := keepsTo(t, &b); roms != n || n < 40 {
		t.Errorf("a fix list of %d files, %d of them written", n, roms)
	}
}
