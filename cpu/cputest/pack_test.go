package cputest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packBuilder writes packs of Z80 cases for tests.
type packBuilder struct{ bytes.Buffer }

func (b *packBuilder) str(s string) { b.WriteByte(byte(len(s))); b.WriteString(s) }

func (b *packBuilder) num(width int, v uint32) {
	var le [4]byte
	binary.LittleEndian.PutUint32(le[:], v)
	b.Write(le[:width])
}

// z80Header writes the header of a pack with a number of blocks.
func (b *packBuilder) z80Header(blocks uint32) {
	b.WriteString("CPUT\x01")
	b.str("z80")
	b.WriteByte(byte(len(z80Regs)))
	for i, r := range z80Regs {
		b.str(r)
		b.WriteByte(byte(1 + count(i < 9)))
	}
	b.Write([]byte{2, 1, 1, 1})
	b.num(4, blocks)
}

// increment is a case of INC A at 0x1234, with A = 0x7f before.
func increment(after byte) []byte {
	var b packBuilder
	b.str("")
	b.WriteByte(0)
	b.num(2, 4)
	for i := range z80Regs {
		b.num(1+count(i < 9), map[int]uint32{0: 0x1234, 9: 0x7f, 18: 0x30}[i])
	}
	b.Write([]byte{1, 0x06, 0x04, 1}) // pc; a, f; r; q
	b.num(2, 0x1235)
	b.WriteByte(after)
	b.Write([]byte{0x94, 0x31, 0x94}) // f, r, q
	b.WriteByte(1)                    // cells
	b.num(2, 0x1234)
	b.Write([]byte{1, 0x3c})
	b.WriteByte(4) // bus
	b.WriteByte(0x20)
	b.num(2, 0x1234)
	b.WriteByte(5)
	b.WriteByte(0x60)
	b.num(2, 0x30)
	b.WriteByte(0x3c)
	b.WriteByte(0)
	b.WriteByte(0) // ports
	return b.Bytes()
}

// block writes a block.
func (b *packBuilder) block(name string, cases ...[]byte) {
	b.str(name)
	b.num(4, uint32(len(cases)))
	body := bytes.Join(cases, nil)
	b.num(4, uint32(len(body)))
	b.Write(body)
}

func runBytes(t *testing.T, pack []byte, o Options) (*Report, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.cput.gz")
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(pack)
	w.Close()
	if err := os.WriteFile(name, z.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return Run(name, o)
}

// A pack's report counts and describes what fails.
func TestReport(t *testing.T) {
	var b packBuilder
	b.z80Header(2)
	b.block("3c", increment(0x80), increment(0x81), increment(0x80))
	b.block("other", increment(0x80))
	seen := 0
	r, err := runBytes(t, b.Bytes(), Options{Block: func(Block) { seen++ }})
	if err != nil {
		t.Fatal(err)
	}
	first := "case 1 : through handlers: a is 80, expected 81"
	if want := (Block{Name: "3c", Cases: 3, State: 2, Bus: 3, Cycles: 3, Passed: 2, FirstFailure: first}); r.Blocks[0] != want {
		t.Errorf("%+v\nexpected %+v", r.Blocks[0], want)
	}
	if want := (Block{Cases: 4, State: 3, Bus: 4, Cycles: 4, Passed: 3, FirstFailure: "3c: " + first}); r.Total != want {
		t.Errorf("%+v\nexpected %+v", r.Total, want)
	}
	if seen != 2 {
		t.Errorf("%d blocks were reported", seen)
	}
	r, err = runBytes(t, b.Bytes(), Options{Only: func(name string) bool { return name == "other" }})
	if err != nil || len(r.Blocks) != 1 || r.Total.Cases != 1 || r.Total.Passed != 1 {
		t.Errorf("one block chosen: %+v, %v", r, err)
	}
}

// The other two verdicts: time and bus activity.
func TestReportBusAndCycles(t *testing.T) {
	edit := func(at int, v byte) []byte { c := bytes.Clone(increment(0x80)); c[at] = v; return c }
	n := len(increment(0x80))
	var b packBuilder
	b.z80Header(1)
	b.block("3c", edit(2, 5), edit(n-3, 0x3d))
	r, err := runBytes(t, b.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total.State != 2 || r.Total.Cycles != 1 || r.Total.Bus != 1 || r.Total.Passed != 0 {
		t.Errorf("%+v", r.Total)
	}
	if want := "3c: case 0 : through handlers: 4 T-states, expected 5"; r.Total.FirstFailure != want {
		t.Errorf("%q, expected %q", r.Total.FirstFailure, want)
	}
}

// Damaged packs are errors that say what is wrong, not crashes or huge
// allocations; each prefix of a pack is damaged.
func TestDamagedPacks(t *testing.T) {
	var good packBuilder
	good.z80Header(1)
	good.block("3c", increment(0x80))
	whole := good.Bytes()
	for n := range whole {
		if _, err := runBytes(t, whole[:n], Options{}); err == nil {
			t.Errorf("the first %d of %d bytes are read without an error", n, len(whole))
		}
	}
	for _, c := range []struct {
		what  string
		build func(b *packBuilder)
		want  string
	}{
		{"magic", func(b *packBuilder) { b.WriteString("CPUX\x01") }, `begin with "CPUT"`},
		{"version", func(b *packBuilder) { b.WriteString("CPUT\x02") }, "version 2"},
		{"CPU", func(b *packBuilder) {
			b.WriteString("CPUT\x01")
			b.str("6502")
			b.Write([]byte{0, 2, 1, 1, 1, 0, 0, 0, 0})
		}, `no CPU "6502"`},
		{"registers", func(b *packBuilder) {
			b.WriteString("CPUT\x01")
			b.str("z80")
			b.WriteByte(1)
			b.str("pc")
			b.Write([]byte{2, 2, 1, 1, 1, 0, 0, 0, 0})
		}, "expected [pc sp"},
		{"width", func(b *packBuilder) {
			b.WriteString("CPUT\x01")
			b.str("z80")
			b.WriteByte(1)
			b.str("pc")
			b.Write([]byte{3, 2, 1, 1, 1, 0, 0, 0, 0})
		}, "width of 3"},
		{"huge block", func(b *packBuilder) {
			b.z80Header(1)
			b.str("x")
			b.num(4, 1)
			b.num(4, 0xffffffff)
		}, "claims 4294967295 bytes"},
		{"more cases than bytes", func(b *packBuilder) {
			b.z80Header(1)
			b.str("x")
			b.num(4, 0xffffffff)
			b.num(4, 0)
		}, `damaged in block "x"`},
		{"more bytes than cases", func(b *packBuilder) {
			b.z80Header(1)
			b.block("x", append(increment(0x80), 0))
		}, `damaged in block "x"`},
	} {
		var b packBuilder
		c.build(&b)
		_, err := runBytes(t, b.Bytes(), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, expected an error with %q", c.what, err, c.want)
		}
	}
}

// FuzzPack feeds the reader random bytes.
func FuzzPack(f *testing.F) {
	var good packBuilder
	good.z80Header(1)
	good.block("3c", increment(0x80))
	f.Add(good.Bytes())
	f.Fuzz(func(t *testing.T, pack []byte) { runBytes(t, pack, Options{}) })
}

// Files and folders that are no suites.
func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Run(filepath.Join(dir, "absent"), Options{}); err == nil {
		t.Error("an absent file is no error")
	}
	if _, err := Run(dir, Options{}); err == nil || !strings.Contains(err.Error(), "no .json.bin") {
		t.Errorf("an empty folder: %v", err)
	}
	for name, content := range map[string]string{"a.txt": "", "b.cput.gz": "text", "c.json": "[", "d.json": `[{"initial":{},"final":{}}]`, "e.json.gz": "text"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(path, Options{}); err == nil {
			t.Errorf("%s is no error", name)
		} else if !strings.Contains(err.Error(), path) {
			t.Errorf("%s: the error does not name the file: %v", name, err)
		}
	}
}

// z80Upstream writes a case as the public suite does.
func z80Upstream(c *Case) string {
	var b strings.Builder
	state := func(name string, regs []uint32, cell func(Cell) uint16) {
		fmt.Fprintf(&b, `,"%s":{`, name)
		for i, r := range z80Regs {
			fmt.Fprintf(&b, `"%s":%d,`, r, regs[i])
		}
		b.WriteString(`"ram":[`)
		for i, c := range c.Cells {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "[%d,%d]", c.Addr, cell(c))
		}
		b.WriteString("]}")
	}
	b.WriteString(`{"name":"x"`)
	state("initial", c.Before, func(c Cell) uint16 { return c.Before })
	state("final", c.After, func(c Cell) uint16 { return c.After })
	b.WriteString(`,"cycles":[`)
	for i, e := range c.Bus {
		if i > 0 {
			b.WriteByte(',')
		}
		pins := []byte("----")
		for k := range pins {
			if e.Kind>>k&1 != 0 {
				pins[k] = "rwmi"[k]
			}
		}
		data := "null"
		if e.Driven {
			data = fmt.Sprint(e.Data)
		}
		fmt.Fprintf(&b, `[%d,%s,"%s"]`, e.Addr, data, pins)
	}
	b.WriteString("]")
	if len(c.IO) > 0 {
		b.WriteString(`,"ports":[`)
		for i, e := range c.IO {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `[%d,%d,"%s"]`, e.Addr, e.Data, map[bool]string{false: "r", true: "w"}[e.Write])
		}
		b.WriteString("]")
	}
	b.WriteString("}")
	return b.String()
}

// Cases of the pack, written in the public suite's format and read from there.
func TestZ80JSON(t *testing.T) {
	f, err := os.Open(pack(t, "z80.cput.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := newPackReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, wrong := 0, 0
	for i := range p.blocks {
		name, _, err := p.block()
		if err != nil {
			t.Fatal(err)
		}
		if i%40 != 0 && name != "ed b2" && name != "ed bb" {
			continue
		}
		files++
		var cases []string
		var c Case
		for range 20 {
			if !p.next(&c) {
				t.Fatal("no case")
			}
			if files == 1 && len(cases) == 0 {
				c.After[9] ^= 1
				wrong++
			}
			cases = append(cases, z80Upstream(&c))
		}
		text := []byte("[" + strings.Join(cases, ",\n") + "]\n")
		path := filepath.Join(dir, name+".json")
		if files%2 == 0 {
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			w.Write(text)
			w.Close()
			text, path = z.Bytes(), path+".gz"
		}
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Run(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total.Cases != files*20 || r.Total.Passed != files*20-wrong || r.Total.Bus != files*20 || files < 40 {
		t.Errorf("%d files: %+v", files, r.Total)
	}
}

// FuzzZ80JSON feeds the reader of the public suite's format random bytes.
func FuzzZ80JSON(f *testing.F) {
	regs := make([]uint32, len(z80Regs))
	f.Add("[" + z80Upstream(&Case{Before: regs, After: regs, Cells: []Cell{{}}, Bus: []Bus{{Kind: 5, Driven: true}}, IO: []IO{{}}}) + "]")
	f.Add(`[{"name":"\u0000","x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`)
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "00.json")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		Run(path, Options{})
	})
}
