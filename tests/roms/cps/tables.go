package cpsrom

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"arcade/romset"
)

// Tables are the set tables of machine/cps, read for what the program has to
// know. If they are wrong, its pictures here and in MAME differ.
type Tables struct {
	sets    [][]string
	cpsb    map[string][]string
	mappers map[string][][]string
}

// Columns of sets.tsv.
const (
	colSet = iota
	_
	colMap
	colCPSB
	colMapper
	colIn2
	colIn3
	_
	colKludge
	colQuirks
)

// ReadTables reads the tables from a folder.
func ReadTables(dir string) (*Tables, error) {
	t := &Tables{cpsb: map[string][]string{}, mappers: map[string][][]string{}}
	sets, err1 := read(filepath.Join(dir, "sets.tsv"))
	cpsb, err2 := read(filepath.Join(dir, "cpsb.tsv"))
	mappers, err3 := read(filepath.Join(dir, "mappers.tsv"))
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return nil, err
		}
	}
	t.sets = sets
	for _, l := range cpsb {
		t.cpsb[l[0]] = l
	}
	for _, l := range mappers {
		t.mappers[l[0]] = append(t.mappers[l[0]], l)
	}
	return t, nil
}

func read(name string) ([][]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out [][]string
	s := bufio.NewScanner(f)
	for s.Scan() {
		if l := s.Text(); l != "" && l[0] != '#' {
			out = append(out, strings.Split(l, "\t"))
		}
	}
	return out, s.Err()
}

// Names lists all sets.
func (t *Tables) Names() []string {
	var out []string
	for _, l := range t.sets {
		out = append(out, l[colSet])
	}
	return out
}

// Cover lists sets that have, together, every CPS-B, mapper, memory map,
// kludge and quirk there is: the first that has something new, each.
func (t *Tables) Cover() []string {
	var out []string
	seen := map[string]bool{}
	for _, l := range t.sets {
		quirk, _, _ := strings.Cut(l[colQuirks], ":")
		news := false
		for _, k := range []string{"map " + l[colMap], "cpsb " + l[colCPSB], "mapper " + l[colMapper], "kludge " + l[colKludge], "quirk " + quirk} {
			news = news || !seen[k]
			seen[k] = true
		}
		if news {
			out = append(out, l[colSet])
		}
	}
	return out
}

// Board describes a set to the program.
func (t *Tables) Board(set *romset.Set) (*Board, error) {
	var line []string
	for _, l := range t.sets {
		if l[colSet] == set.Name {
			line = l
		}
	}
	if line == nil {
		return nil, fmt.Errorf("%s is not in the tables", set.Name)
	}
	chip := t.cpsb[line[colCPSB]]
	if chip == nil {
		return nil, fmt.Errorf("%s: there is no CPS-B %q", set.Name, line[colCPSB])
	}
	b := &Board{Seed: 0x1991_0000, CPSA: 0x800100, CPSB: 0x800140, YMask: 0xffff}
	for _, c := range set.Name {
		b.Seed = b.Seed*31 + uint32(c)
	}
	quirks := line[colQuirks]
	if strings.Contains(quirks, "cpsb-1c0") {
		b.CPSB = 0x8001c0
	}
	b.LayerControl = b.CPSB + hex(chip[7])
	b.PaletteControl = b.CPSB + hex(chip[12])
	for _, en := range chip[13:18] {
		b.Enables |= uint16(hex(en))
	}
	b.More = [8]uint32{0x400000, 0x7ffffe, 0x801000, 0x880000, 0xf18002, 0xf1c000, 0xfc0000, 0xfeff00}
	switch line[colMap] {
	case "sf2m3", "sf2cems6":
		b.CPSA = 0x8001a0
		b.LayerControl = 0x8001c4
	}
	otherBoard(b, line[colMap])
	if _, list, ok := strings.Cut(quirks, ":"); ok {
		for i, w := range strings.Split(list, ",") {
			b.More[i+1] = hex(w[:6])
		}
	}
	if strings.Contains(quirks, "pic-") {
		b.More[1] = 0x57a2b0
	}
	// MAME stops at a C-board port that the set does not have; and what an
	// EEPROM does with random words is another test's subject.
	no := b.NoAccess[:0]
	has := func(tag string) bool {
		for _, p := range set.Ports {
			if p.Tag == tag {
				return true
			}
		}
		return false
	}
	if line[colIn2] != "-" && !has("IN2") {
		no = append(no, b.CPSB+hex(line[colIn2]))
	}
	if line[colIn3] != "-" && !has("IN3") {
		no = append(no, b.CPSB+hex(line[colIn3]))
	}
	if strings.Contains(quirks, "eeprom") {
		no = append(no, 0x80017a)
	}
	if len(no) > len(b.NoAccess) {
		return nil, fmt.Errorf("%s: %d words to leave alone", set.Name, len(no))
	}
	if kludge := hex(line[colKludge]); kludge&15 == 3 {
		b.YMask = 0x7fff
	}
	t.codes(b, line[colMapper])
	return b, nil
}

// codes lists tile numbers: the ends of every range of the mapper, and evenly
// spread ones in between.
func (t *Tables) codes(b *Board, mapper string) {
	for kind, shift := range []uint32{1, 0, 1, 3} {
		var ranges [][2]uint32
		for _, l := range t.mappers[mapper] {
			if hex(l[5])>>kind&1 != 0 {
				ranges = append(ranges, [2]uint32{hex(l[6]) >> shift, hex(l[7]) >> shift})
			}
		}
		if len(ranges) == 0 {
			ranges = [][2]uint32{{0, 0xffff}}
		}
		for n := range b.Codes[kind] {
			r := ranges[n%len(ranges)]
			k := uint32(n / len(ranges))
			var v uint32
			switch k {
			case 0:
				v = r[0]
			case 1:
				v = r[1]
			case 2:
				v = r[0] - 1
			case 3:
				v = r[1] + 1
			default:
				v = r[0] + (r[1]-r[0]+1)*(k*0x9e37&0xffff)/0x10000
			}
			b.Codes[kind][n] = uint16(v)
		}
	}
}

// hex reads a hexadecimal number of the tables; "-" is 0.
func hex(s string) uint32 {
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return 0
	}
	return uint32(v)
}

// otherBoard describes copies whose objects, layer registers and ports are
// elsewhere.
func otherBoard(b *Board, memory string) {
	ports88 := [8]uint32{0x880000, 0x880006, 0x880008, 0x88000a, 0x88000c, 0x88000e, 0x890000, 0x882000}
	control := uint32(0x20)
	b.ListEnd, b.Palette = 0x8000, 0x9200
	switch memory {
	case "fcrash":
		b.List, b.More = 0x9050c6, ports88
	case "ffightblb":
		b.List, b.More = 0x905006, ports88
	case "cawingbl":
		b.List, b.More, control = 0x900ffe, ports88, 0x0c
		b.More[6] = 0x882008
	case "kodb":
		b.List, b.ListEnd, b.Palette = 0x900ffe, 0xffff, 0x9100
		b.Pokes = [12]uint32{0x98000c, 0x980020, 0x980022}
	case "mtwinsb":
		b.List, control = 0x990ffe, 0x12
		b.Pokes = [12]uint32{0x980000, 0x980002, 0x980004, 0x980006, 0x980008, 0x98000a}
	case "sf2m1":
		b.List, control = 0x990ffe, 0x26
		b.Pokes = [12]uint32{0x980000, 0x980002, 0x980004, 0x980006, 0x980008, 0x98000a, 0x980166, 0x930000, 0x93fffe, 0x980016, 0x980036}
		b.Preset = 0x98000c
		b.More[0], b.More[1] = 0x930000, 0x93fffe
	case "sgyxz", "wofabl":
		b.List, b.More = 0x900ffe, ports88
	case "wofr1bl":
		b.List, control = 0x992ffe, 0x26
		b.Pokes = [12]uint32{0x980000, 0x980002, 0x980004, 0x980006, 0x980008, 0x98000a, 0x990000, 0, 0x800008}
		b.Preset = 0x98000c
	case "varthb":
		b.Pokes = [12]uint32{0x980000, 0x980002, 0x980004, 0x980006, 0x980008, 0x98000a, 0, 0, 0x800188}
		return
	default:
		return
	}
	b.LayerControl = b.CPSB + control
	b.PaletteControl = b.CPSB + 0x3e
}
