package cps

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"arcade/machine"
)

// The tables of the family: what the sets, the CPS-B variants and the mappers
// are. docs/adding-a-set.md explains their columns.
var (
	//go:embed data/sets.tsv
	setsTSV string
	//go:embed data/cpsb.tsv
	cpsbTSV string
	//go:embed data/mappers.tsv
	mappersTSV string
)

// none is the offset of a register that a chip does not have.
const none = -1

// set is what makes one ROM set different from another.
type set struct {
	name   string
	mhz    int64 // of the 68000
	memory string
	cpsb   *cpsbVariant
	mapper *mapper
	in2    int // CPS-B offsets of the C-board's ports, or none
	in3    int
	out2   int
	// cpsbBase is where the CPS-B lies, from 800000; cpsbAlso: also at 1c0.
	cpsbBase   uint32
	cpsbAlso   bool
	bothHalves bool  // 8-bit ports show on both halves of the bus
	kludge     uint8 // what a bootleg's program needs to look right, see bootleg.go
	quirks     []string
	copy       *copyBoard // nil for boards whose video works like the original's
}

func (s *set) has(quirk string) bool {
	_, ok := s.quirk(quirk)
	return ok
}

// quirk finds a quirk by its name and gives what follows a colon.
func (s *set) quirk(name string) (value string, ok bool) {
	for _, q := range s.quirks {
		n, v, _ := strings.Cut(q, ":")
		if n == name {
			return v, true
		}
	}
	return "", false
}

// refresh is the rate of pictures. Most copies with video logic of their own
// count as 60 Hz in MAME.
func (s *set) refresh() machine.Rational {
	if s.copy != nil && s.memory != "sf2m1" || s.memory == "varthb" {
		return machine.Hz(60)
	}
	return machine.Raster(pixelClock, hTotal, vTotal)
}

// blankLevel is the level of the interrupt at vertical blank.
func (s *set) blankLevel() uint8 {
	if s.copy != nil {
		return s.copy.level
	}
	return 2
}

// cpsbVariant says where a CPS-B has its registers. Offsets are in bytes from
// the chip's base; an absent ID or multiplier counts as offset 0, as in MAME.
type cpsbVariant struct {
	name           string
	id             int
	idValue        uint16
	factor1        int
	factor2        int
	productLo      int
	productHi      int
	layerControl   int
	priority       [4]int
	paletteControl int
	enable         [4]uint16 // of layers 1 to 3, bits of layer control; 0 is unused
	stars          [2]uint16
}

// mapper is a graphics PAL.
type mapper struct {
	name  string
	lines []mapperLine
}

type mapperLine struct {
	types      uint32
	start, end uint32
	base, mask uint32 // of the bank, in units of 64 bytes
}

type tables struct {
	sets    map[string]*set
	names   []string
	cpsb    map[string]*cpsbVariant
	mappers map[string]*mapper
}

// load parses the tables once; an error is one in the program's own data.
var load = sync.OnceValues(func() (*tables, error) {
	t := &tables{map[string]*set{}, nil, map[string]*cpsbVariant{}, map[string]*mapper{}}
	err := each(cpsbTSV, 18, t.addCPSB)
	if err == nil {
		err = each(mappersTSV, 9, t.addMapperLine)
	}
	if err == nil {
		err = each(setsTSV, 10, t.addSet)
	}
	return t, err
})

func each(tsv string, columns int, add func(f *fields) error) error {
	for i, line := range strings.Split(tsv, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := &fields{text: strings.Split(line, "\t")}
		if len(f.text) != columns {
			return fmt.Errorf("cps: line %d %q has %d columns, expected %d", i+1, line, len(f.text), columns)
		}
		err := add(f)
		if err == nil {
			err = f.err
		}
		if err != nil {
			return fmt.Errorf("cps: line %d %q: %w", i+1, line, err)
		}
	}
	return nil
}

// fields reads the columns of a line, and remembers the first error.
type fields struct {
	text []string
	err  error
}

func (f *fields) str() string {
	s := f.text[0]
	f.text = f.text[1:]
	return s
}

func (f *fields) number(base int) int {
	s := f.str()
	v, err := strconv.ParseUint(s, base, 32)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%q is not a number", s)
	}
	return int(v)
}

func (f *fields) hex() int { return f.number(16) }

// offset is a hexadecimal offset; absent is its value for "-".
func (f *fields) offset(absent int) int {
	if f.text[0] == "-" {
		f.str()
		return absent
	}
	v := f.hex()
	if v&1 != 0 || v > 0x3e {
		f.err = fmt.Errorf("%x is no register of a CPS-B", v)
	}
	return v
}

func (t *tables) addCPSB(f *fields) error {
	v := &cpsbVariant{name: f.str(), id: f.offset(0), idValue: uint16(f.hex())}
	v.factor1, v.factor2, v.productLo, v.productHi = f.offset(0), f.offset(0), f.offset(0), f.offset(0)
	v.layerControl = f.offset(none)
	for i := range v.priority {
		v.priority[i] = f.offset(none)
	}
	v.paletteControl = f.offset(none)
	for i := 1; i < 4; i++ {
		v.enable[i] = uint16(f.hex())
	}
	for i := range v.stars {
		v.stars[i] = uint16(f.hex())
	}
	t.cpsb[v.name] = v
	return nil
}

func (t *tables) addMapperLine(f *fields) error {
	name := f.str()
	m := t.mappers[name]
	if m == nil {
		m = &mapper{name: name}
		t.mappers[name] = m
	}
	var size [4]uint32
	for i := range size {
		size[i] = uint32(f.hex())
	}
	l := mapperLine{types: uint32(f.hex()), start: uint32(f.hex()), end: uint32(f.hex())}
	bank := f.hex()
	if bank > 3 {
		return fmt.Errorf("bank %d", bank)
	}
	if l.start&0x3ff != 0 || l.end&0x3ff != 0x3ff || size[bank] < 1024 {
		return fmt.Errorf("the mapper decodes no less than 400 units")
	}
	for _, s := range size[:bank] {
		l.base += s
	}
	l.mask = size[bank] - 1
	m.lines = append(m.lines, l)
	return nil
}

func (t *tables) addSet(f *fields) error {
	s := &set{name: f.str(), mhz: int64(f.number(10)), memory: f.str()}
	cpsb, mapper := f.str(), f.str()
	s.cpsb, s.mapper = t.cpsb[cpsb], t.mappers[mapper]
	if s.cpsb == nil || s.mapper == nil {
		return fmt.Errorf("there is no CPS-B %q, or no mapper %q", cpsb, mapper)
	}
	s.in2, s.in3, s.out2 = f.offset(none), f.offset(none), f.offset(none)
	s.kludge = uint8(f.hex())
	if q := f.str(); q != "-" {
		s.quirks = strings.Split(q, ",")
		for i := 0; i < len(s.quirks); i++ { // a quirk's own values are separated by commas too
			for strings.Contains(s.quirks[i], ":") && i+1 < len(s.quirks) && strings.Contains(s.quirks[i+1], "=") && !strings.Contains(s.quirks[i+1], ":") {
				s.quirks[i] += "," + s.quirks[i+1]
				s.quirks = append(s.quirks[:i+1], s.quirks[i+2:]...)
			}
		}
	}
	s.cpsbBase = 0x140
	if s.has("cpsb-1c0") {
		s.cpsbBase = 0x1c0
	}
	s.cpsbAlso = s.has("cpsb-also-1c0")
	s.copy = copyBoards[s.memory]
	switch s.memory {
	case "sf2m3", "sf2cems6", "sf2m10", "varthb2":
		s.bothHalves = true
	default:
		s.bothHalves = s.has("bothhalves")
	}
	if s.memory == "sf2cems6" {
		s.memory = "sf2m3" // but for a write that is ignored anyway
	}
	t.sets[s.name] = s
	t.names = append(t.names, s.name)
	return nil
}

// setNames lists the sets without parsing the tables.
func setNames() []string {
	var out []string
	for line := range strings.SplitSeq(setsTSV, "\n") {
		if name, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(name, "#") {
			out = append(out, name)
		}
	}
	return out
}

func findSet(name string) (*set, error) {
	t, err := load()
	if err != nil {
		return nil, err
	}
	s := t.sets[name]
	if s == nil {
		return nil, fmt.Errorf("%s is not a set of the CPS-1 board", name)
	}
	return s, nil
}
