package online

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/toy"
	"arcade/machine"
	"arcade/netplay/match"
	"arcade/netplay/secure"
)

func TestInvites(t *testing.T) {
	for _, c := range []struct{ in, want, err string }{
		{"203.0.113.5", "203.0.113.5:27886", ""},
		{" 203.0.113.5:99#abcd-efgh-ijkl-mnop ", "203.0.113.5:99#abcdefghijklmnop", ""},
		{"fd00::2", "[fd00::2]:27886", ""},
		{"[fd00::2]:5#ABCDEFGHIJKLMN01", "[fd00::2]:5#abcdefghijklmnol", ""},
		{"example.org:5", "example.org:5", ""},
		{"example.org:0", "", "from 1 to 65535"},
		{"example.org#abc", "", "has 16 letters"},
		{"example.org#abcdefgh9jklmnop", "", `has a '9'`},
		{"example.org#abcdefghäklmnop", "", `has a 'ä'`},
		{"", "", "is not an address"},
	} {
		in, err := ParseInvite(c.in)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: %v, want %q", c.in, err, c.err)
			}
			continue
		}
		if err != nil || in.String() != c.want {
			t.Errorf("%q: %q, %v; want %q", c.in, in, err, c.want)
		}
	}
}

func TestFindInvite(t *testing.T) {
	for in, want := range map[string]string{
		"203.0.113.5:99#abcdefghijklmnop":                                "203.0.113.5:99#abcdefghijklmnop",
		"come: <203.0.113.5:99#abcdefghijklmnop>, now":                   "203.0.113.5:99#abcdefghijklmnop",
		"arcade join [fd00::2]:5#ABCDEFGHIJKLMNOP.":                      "[fd00::2]:5#abcdefghijklmnop",
		"203.0.113.5 or hunter2":                                         "",
		"#abcdefghijklmnop a#b https://example.org/#abcdefghijklmnop%20": "",
		"": "",
	} {
		got, ok := FindInvite(in)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
	}
}

func TestPeers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "peers.toml")
	p, err := LoadPeers(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Add(Peer{Name: "anna", Address: "192.0.2.1:27886", Code: "abcdefghijklmnop", Key: strings.Repeat("0b", 32)}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "a b", "a#b", "Anna", "192.0.2.7"} {
		if err := p.Add(Peer{Name: name}); !errors.Is(err, ErrPeers) {
			t.Errorf("%q was taken as a name (%v)", name, err)
		}
	}
	if err := p.Save(); err != nil {
		t.Fatal(err)
	}
	if p, err = LoadPeers(file); err != nil || len(p.List) != 1 {
		t.Fatalf("%d peers, %v", len(p.List), err)
	}
	q := p.Find("ANNA")
	if q == nil || q.Code != "abcdefghijklmnop" || q.Fingerprint() != secure.Fingerprint(bytes.Repeat([]byte{11}, 32)) || p.FindKey(bytes.Repeat([]byte{11}, 32)) != q {
		t.Errorf("%+v", q)
	}
	if got := p.unusedName("anna"); got != "anna-2" {
		t.Errorf("a second anna becomes %q", got)
	}
	if got := p.unusedName("198.51.100.7:27886"); strings.ContainsAny(got, ".:") {
		t.Errorf("a peer that calls itself as an address is stored as %q: joining that address would reach it", got)
	}
	if target, err := FindTarget("anna", p); err != nil || target.Peer != q || target.Code != q.Code {
		t.Errorf("anna is %+v, %v", target, err)
	}
	if target, err := FindTarget("192.0.2.1", p); err != nil || target.Peer != q {
		t.Errorf("her address is %+v, %v", target, err)
	}
	if err := p.Remove("nobody"); err == nil {
		t.Error("nobody was removed")
	}
	if err := p.Remove("anna"); err != nil || len(p.List) != 0 {
		t.Errorf("%v, %d are left", err, len(p.List))
	}
	for _, text := range []string{"peer = 3", "[[peer]]\nadress = \"x\"\n", "[[peer]]\ncode = \"x\"\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadPeers(file); !errors.Is(err, ErrPeers) || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestKeyIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "identity.key")
	a, err := LoadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadKey(file)
	if err != nil || !bytes.Equal(a.Public, b.Public) || !bytes.Equal(a.Private, b.Private) {
		t.Errorf("the key changed (%v)", err)
	}
	if s, _ := os.Stat(file); s.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the key: %v", s.Mode())
	}
	if err := os.WriteFile(file, []byte("zz"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(file); err == nil {
		t.Error("a damaged key was taken")
	}
}

// What both players send gives the frame's input again, whatever it is.
func TestInputsGoRound(t *testing.T) {
	m, err := toy.New(toy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	base := m.Inputs.Released()
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		in := base
		for p := range 2 {
			in.Seats[p].Buttons = r.Uint32()
			for i := range in.Seats[p].Axes {
				in.Seats[p].Axes[i] = int16(r.Uint32())
			}
		}
		in.System, in.DIPs[0] = r.Uint32(), r.Uint32()
		guest := base
		guest.Seats[1] = in.Seats[1]
		both := encode(encode(nil, &base, &in, 0), &base, &guest, 1)
		if got := decode(&base, both); got != in {
			t.Fatalf("sent %+v, got %+v", in, got)
		}
	}
	if got := encode(nil, &base, &base, 0); !bytes.Equal(got, make([]byte, inputSize)) {
		t.Errorf("nothing pressed is sent as %x", got)
	}
	// A guest may insert a coin, and nothing else of what is the host's.
	guest := base
	guest.System ^= machine.Coin1 | machine.Reset
	both := encode(encode(nil, &base, &base, 0), &base, &guest, 1)
	if got := decode(&base, both); got.System != base.System|machine.Coin1 {
		t.Errorf("system bits %#x", got.System)
	}
}

// Everything that two sides may differ in is a term of its own, with advice.
func TestTerms(t *testing.T) {
	type all struct {
		g    load.Game
		m    machine.Machine
		base machine.Input
		a    Agreement
	}
	fresh := func() *all {
		m, err := toy.New(toy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		x := &all{m: *m, base: m.Inputs.Released(), a: Agreement{Program: "1.0", SOCD: "neutral"}}
		x.g.Config.Regions = map[string][]byte{"maincpu": {1, 2}, "gfx1": {3}}
		return x
	}
	terms := func(x *all) []match.Term { return Terms(&x.g, &x.m, &x.base, x.a) }
	for _, c := range []struct {
		want   string
		change func(x *all)
	}{
		{"game", func(x *all) { x.m.Set = "other" }},
		{"program version", func(x *all) { x.a.Program = "1.1" }},
		{"board", func(x *all) { x.m.Board = "other" }},
		{"behaviour revision", func(x *all) { x.m.Revision++ }},
		{"BIOS", func(x *all) { x.g.Config.BIOS = "asia" }},
		{"content of the ROM region gfx1", func(x *all) { x.g.Config.Regions["gfx1"] = []byte{4} }},
		{"content of the ROM region maincpu", func(x *all) { x.g.Config.Regions["maincpu"] = []byte{1, 2, 0} }},
		{"inputs at rest", func(x *all) { x.base.DIPs[7] ^= 1 }},
		{"NVRAM", func(x *all) { x.g.Config.NVRAM = []byte{} }},
		{"SOCD mode", func(x *all) { x.a.SOCD = "last" }},
	} {
		a, x := terms(fresh()), fresh()
		c.change(x)
		b := terms(x)
		if len(a) != len(b) {
			t.Fatalf("%s: %d and %d terms", c.want, len(a), len(b))
		}
		first := ""
		for i := range a {
			if a[i].Name != b[i].Name {
				t.Fatalf("%s: %q and %q", c.want, a[i].Name, b[i].Name)
			}
			if a[i].Value != b[i].Value && first == "" {
				first = a[i].Name
				if a[i].Fix == "" {
					t.Errorf("%s: no advice", first)
				}
			}
		}
		if first != c.want {
			t.Errorf("%s: %q differs first", c.want, first)
		}
	}
}
