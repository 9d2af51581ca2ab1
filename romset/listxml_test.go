package romset_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"sort"
	"strings"
	"testing"

	"arcade/romset"
	"arcade/romset/internal/mame"
)

// machines splits a listxml into machines, each a canonical text: elements in
// order, attributes sorted, values that equal the DTD's default left out.
func machines(t testing.TB, r io.Reader) map[string]string {
	t.Helper()
	defaults := map[string]string{"isbios": "no", "isdevice": "no", "ismechanical": "no", "runnable": "yes", "default": "no", "optional": "no",
		"writable": "no", "inverted": "no", "reverse": "no", "service": "no", "tilt": "no", "flipx": "no", "status": "good"}
	m := map[string]string{}
	d := xml.NewDecoder(r)
	var b strings.Builder
	name := ""
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return m
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if e.Name.Local == "machine" {
				b.Reset()
				for _, a := range e.Attr {
					if a.Name.Local == "name" {
						name = a.Value
					}
				}
			}
			b.WriteString("<" + e.Name.Local)
			var as []string
			for _, a := range e.Attr {
				if d, ok := defaults[a.Name.Local]; ok && d == a.Value && (a.Name.Local != "status" || e.Name.Local == "rom" || e.Name.Local == "disk") {
					continue
				}
				as = append(as, " "+a.Name.Local+"="+a.Value)
			}
			sort.Strings(as)
			b.WriteString(strings.Join(as, "") + ">")
		case xml.CharData:
			b.WriteString(strings.TrimSpace(string(e)))
		case xml.EndElement:
			b.WriteString("</" + e.Name.Local + ">\n")
			if e.Name.Local == "machine" {
				m[name] = b.String()
			}
		}
	}
}

func TestListXMLIsMAMEs(t *testing.T) {
	var names []string
	var theirs io.Reader
	switch file := os.Getenv("ROMSET_LISTXML"); { // all of `mame -listxml`
	case file != "":
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		theirs = f
		for _, title := range romset.All() {
			names = append(names, title.Name)
		}
	default:
		if _, err := os.Stat(mame.Path()); err != nil {
			t.Skip("MAME is not installed, so its listxml cannot be compared")
		}
		names = strings.Fields("puckman mspacman sf2 sf2ce dino ssf2u kof99 neogeo irrmaze jojo cps3boot arkanoid galaxian monsterz m68705p5 qsound_hle")
		out, err := exec.Command(mame.Path(), append([]string{"-listxml"}, names...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		theirs = bytes.NewReader(out)
	}
	var sets []*romset.Set
	for _, n := range names {
		s, ok := romset.Lookup(n)
		if !ok {
			t.Errorf("no set %s", n)
			continue
		}
		sets = append(sets, s)
	}
	var ours bytes.Buffer
	if err := romset.WriteListXML(&ours, "test", sets); err != nil {
		t.Fatal(err)
	}
	got, want := machines(t, &ours), machines(t, theirs)
	if len(got) == 0 {
		t.Fatal("no machines")
	}
	for name, g := range got {
		w, ok := want[name]
		if !ok {
			t.Errorf("%s: MAME has no such machine", name)
			continue
		}
		if g != w {
			t.Errorf("%s differs:\n%s", name, firstDifference(g, w))
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			other := "(nothing)"
			if i < len(w) {
				other = w[i]
			}
			return "got  " + g[i] + "\nwant " + other
		}
	}
	return "got  (nothing)\nwant " + w[len(g)]
}

// The document says of itself what it may contain; that holds.
func TestListXMLKeepsToItsDTD(t *testing.T) {
	var sets []*romset.Set
	for s := range romset.Sets() {
		sets = append(sets, s)
	}
	var out bytes.Buffer
	if err := romset.WriteListXML(&out, "test", sets); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if !strings.HasPrefix(text, "<?xml version=\"1.0\"?>\n<!DOCTYPE mame [") {
		t.Fatalf("begins with %.60q", text)
	}
	if _, err := exec.LookPath("xmllint"); err == nil {
		cmd := exec.Command("xmllint", "--valid", "--noout", "-")
		cmd.Stdin = &out
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("xmllint: %v: %.2000s", err, msg)
		}
		return
	}
	if n := len(machines(t, &out)); n != len(sets) {
		t.Errorf("%d machines, want %d", n, len(sets))
	}
}

// declarations lists what a document type declares, in order of the alphabet
// and with single spaces.
func declarations(t testing.TB, text string) []string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "<!DOCTYPE")
	begin, end := strings.Index(rest, "["), strings.Index(rest, "]>")
	if !ok || begin < 0 || end < begin {
		t.Fatalf("no document type in %.80q", text)
	}
	var list []string
	for _, d := range strings.Split(rest[begin+1:end], ">") {
		if i := strings.Index(d, "<!--"); i >= 0 {
			continue
		}
		if d = strings.Join(strings.Fields(d), " "); d != "" {
			list = append(list, d)
		}
	}
	sort.Strings(list)
	return list
}

// What our document may contain is what MAME's may: whoever reads the one
// reads the other.
func TestListXMLHasMAMEsDTD(t *testing.T) {
	if _, err := os.Stat(mame.Path()); err != nil {
		t.Skip("MAME is not installed, so its document type cannot be compared")
	}
	theirs, err := exec.Command(mame.Path(), "-listxml", "puckman").Output()
	if err != nil {
		t.Fatal(err)
	}
	puckman, _ := romset.Lookup("puckman")
	var ours bytes.Buffer
	if err := romset.WriteListXML(&ours, "test", []*romset.Set{puckman}); err != nil {
		t.Fatal(err)
	}
	got, want := declarations(t, ours.String()), declarations(t, string(theirs))
	if len(want) < 100 {
		t.Fatalf("%d declarations: MAME's document type was not understood", len(want))
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("declaration %d: got %q, want %q", i, append(got, "")[min(i, len(got))], append(want, "")[min(i, len(want))])
		}
	}
}
