package romset_test

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"arcade/romset"
)

func TestChoose(t *testing.T) {
	s, _ := romset.Lookup("puckman")
	c, err := s.ParseChoice("lives = 5")
	if err != nil || c.Tag != "DSW1" || c.Mask != 0x0c || c.Value != 0x0c || c.To != "5" {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err = s.Choose("DSW1/Lives", "1"); err != nil || c.Value != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	for text, say := range map[string]string{
		"Lives":      "NAME=POSITION",
		"Lifes=5":    "there is Lives",
		"Lives=many": "there is 1, 2, 3, 5",
	} {
		if _, err := s.ParseChoice(text); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v, want %q", text, err, say)
		}
	}
	list, err := s.ChooseAll(map[string]string{"Lives": "2", "Bonus Life": "None"})
	if err != nil || len(list) != 2 || list[0].Name != "Bonus Life" || list[1].Value != 4 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestDatabase(t *testing.T) {
	good, disks, games := 0, 0, 0
	var unplaced []string
	for s := range romset.Sets() {
		if s.IsDevice {
			continue
		}
		games++
		if s.Driver.Status == "preliminary" {
			continue
		}
		good++
		needs := false
		for _, d := range s.Disks {
			needs = needs || !d.Optional && d.Status != romset.NoDump
		}
		if needs {
			disks++
			continue
		}
		if len(s.Regions) == 0 { // MAME was not asked about it yet: see gen
			unplaced = append(unplaced, s.Name)
			continue
		}
		files := s.AllFiles()
		used := map[int]bool{}
		for _, r := range s.Regions {
			for _, p := range r.Pieces {
				used[p.File] = true
				if p.File < 0 || p.File >= len(files) {
					t.Fatalf("%s %s: a piece of file %d of %d", s.Name, r.Name, p.File, len(files))
				}
				if end := p.To + (p.Count-1)*p.ToStep + p.Unit; p.Count < 1 || p.To < 0 || end > r.Size {
					t.Errorf("%s %s: a piece ends at %x of %x", s.Name, r.Name, end, r.Size)
				}
				if end := p.From + (p.Count-1)*p.FromStep + p.Unit; p.From < 0 || int64(end) > files[p.File].Size {
					t.Errorf("%s %s: a piece reaches %x of %s, which has %x", s.Name, r.Name, end, files[p.File].Name, files[p.File].Size)
				}
			}
		}
		if len(s.Ports) == 0 {
			t.Errorf("%s has no input ports", s.Name)
		}
		if len(used) == 0 {
			t.Errorf("%s uses no file", s.Name)
		}
	}
	if good != 1319 {
		t.Errorf("%d good or imperfect sets, want 1319", good)
	}
	if len(unplaced) > 9 {
		t.Errorf("not placed: %v", unplaced)
	}
	if disks == 0 || games <= good {
		t.Errorf("%d sets, %d with discs", games, disks)
	}
}

func TestLookup(t *testing.T) {
	if s, ok := romset.Lookup("PuckMan"); !ok || s.Name != "puckman" {
		t.Error("no PuckMan")
	}
	if _, ok := romset.Lookup("nosuchgame"); ok {
		t.Error("there is a nosuchgame")
	}
	for typo, want := range map[string]string{"puckmann": "puckman", "mspacmen": "mspacman", "sf2c": "sf2ce", "kof89": "kof98"} {
		names := romset.Near(typo)
		if len(names) == 0 || len(names) > 5 {
			t.Errorf("%s: %v", typo, names)
			continue
		}
		found := false
		for _, n := range names {
			found = found || n == want
		}
		if !found {
			t.Errorf("%s: %v has no %s", typo, names, want)
		}
	}
	if list := romset.Near("qqqqqqqqqqqqqqqq"); len(list) != 0 {
		t.Errorf("%v", list)
	}
	list, err := romset.Match("sf2ce*")
	if err != nil || len(list) < 5 || list[0].Name != "sf2ce" {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := romset.Match("[x"); err == nil {
		t.Error("a bad pattern is accepted")
	}
}

// A Logiqx data file as ROM managers read it.
func TestDAT(t *testing.T) {
	var sets []*romset.Set
	for _, n := range []string{"puckman", "pacman", "ssf2u", "redearth"} {
		s, _ := romset.Lookup(n)
		sets = append(sets, s)
	}
	var b bytes.Buffer
	if err := romset.WriteDAT(&b, romset.DAT{Name: "arcade", Description: "test", Version: "1", Author: "us"}, sets); err != nil {
		t.Fatal(err)
	}
	var file struct {
		XMLName xml.Name `xml:"datafile"`
		Header  struct {
			Name string `xml:"name"`
		} `xml:"header"`
		Games []struct {
			Name    string `xml:"name,attr"`
			CloneOf string `xml:"cloneof,attr"`
			ROMs    []struct {
				Name  string `xml:"name,attr"`
				Size  int    `xml:"size,attr"`
				CRC   string `xml:"crc,attr"`
				SHA1  string `xml:"sha1,attr"`
				Merge string `xml:"merge,attr"`
			} `xml:"rom"`
			Disks []struct {
				SHA1 string `xml:"sha1,attr"`
			} `xml:"disk"`
		} `xml:"game"`
	}
	if err := xml.Unmarshal(b.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	if file.Header.Name != "arcade" || len(file.Games) != 5 { // and the QSound device
		t.Fatalf("%d games", len(file.Games))
	}
	pac := file.Games[1]
	if pac.Name != "pacman" || pac.CloneOf != "puckman" || len(pac.ROMs) != 10 || pac.ROMs[6].Merge != "pm1-1.7f" || pac.ROMs[0].CRC != "c1e6ab10" {
		t.Errorf("%+v", pac)
	}
	if len(file.Games[3].Disks) != 1 {
		t.Errorf("%+v", file.Games[3])
	}
}
