package tests

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"arcade/machine"
	"arcade/tests/oracle"
	cpsrom "arcade/tests/roms/cps"
)

// poke is a write of the program of pokes.
type poke struct {
	addr  uint32
	value uint16
}

// pokes is a 68000 program that writes a list of words, one every 20
// microseconds or so, and then does nothing.
func pokes(list []poke) []byte {
	const start, table = 0x2000, 0x3000
	p := make([]byte, table, table+6*len(list)+4)
	be := binary.BigEndian
	be.PutUint32(p, 0xff8000) // stack
	be.PutUint32(p[4:], start)
	for i, w := range []uint16{
		0x41f9, 0, table, // LEA table,A0
		0x2218,         // MOVE.L (A0)+,D1
		0x670e,         // BEQ to the end
		0x2241,         // MOVEA.L D1,A1
		0x3018,         // MOVE.W (A0)+,D0
		0x3280,         // MOVE.W D0,(A1)
		0x720f,         // MOVEQ #15,D1
		0x51c9, 0xfffe, // DBRA D1,itself
		0x60ee, // BRA to the MOVE.L
		0x60fe, // the end: BRA itself
	} {
		be.PutUint16(p[start+2*i:], w)
	}
	for _, k := range list {
		p = be.AppendUint16(be.AppendUint32(p, k.addr), k.value)
	}
	return be.AppendUint32(p, 0)
}

// programEEPROM gives the pokes that write all cells of a 93C46 at addr, of
// which bit 0 is data, bit 6 the clock and bit 7 chip select.
func programEEPROM(addr uint32, wide bool) []poke {
	address, data, cells := 7, 8, 128
	if wide {
		address, data, cells = 6, 16, 64
	}
	var out []poke
	set := func(v uint16) { out = append(out, poke{addr, v}) }
	command := func(v uint32, bits int) {
		set(0x80)
		for i := bits - 1; i >= 0; i-- {
			d := uint16(v >> i & 1)
			set(0x80 | d)
			set(0xc0 | d)
		}
		for range 200 { // programming takes up to 2 ms
			set(0)
		}
	}
	command(0x13<<(address-2), 3+address) // EWEN
	for n := range uint32(cells) {
		v := (n*0x1357 + 0x2468) & (1<<data - 1)
		command((5<<address|n)<<data|v, 3+address+data)
	}
	return out
}

// programWorkRAM gives the pokes that fill a part of work RAM: low bytes are the
// battery RAM's.
func programWorkRAM() []poke {
	var out []poke
	for i := range uint32(0x1000) {
		out = append(out, poke{0xff0000 + 14*i, uint16(i*0x1357 + 0x2468)})
	}
	return out
}

// What CPS-1 boards keep is in MAME's file byte by byte, and MAME's file is
// taken.
func TestCPSKeepsWhatMAMEKeeps(t *testing.T) {
	cases := []struct {
		set, file string
		frames    int
		list      []poke
		ignore    int // bytes at the end, which are MAME's clock
	}{
		{"pang3b", "eeprom", 40, programEEPROM(0x80017a, true), 0},
		{"wofr1bl", "eeprom", 70, programEEPROM(0xf1c006, false), 0},
		{"ganbare", "m48t35", 20, programWorkRAM(), 8},
	}
	for _, c := range cases {
		t.Run(c.set, func(t *testing.T) {
			oracle.Need(t)
			saved := cpsrom.Program
			defer func() { cpsrom.Program = saved }()
			cpsrom.Program = pokes(c.list)
			dir := ownCPS(t, c.set)
			nvram := t.TempDir()
			oracle.Frames(t, oracle.Options{Set: c.set, Rompath: dir, Frames: c.frames, Args: []string{"--", "-nvram_directory", nvram}})
			want, err := os.ReadFile(filepath.Join(nvram, c.set, c.file))
			if err != nil {
				t.Fatal(err)
			}
			g := openGame(t, c.set, dir)
			m, err := g.Build()
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Kept) != 1 || m.Kept[0].Name != c.file || m.Kept[0].Size != len(want) {
				t.Fatalf("the board keeps %+v, MAME a file %s of %d bytes", m.Kept, c.file, len(want))
			}
			fresh := m.Kept[0].Save()
			in := m.Inputs.Released()
			for range c.frames {
				m.Frame(&in, nil)
			}
			got := m.Kept[0].Save()
			if n := len(want) - c.ignore; !bytes.Equal(got[:n], want[:n]) {
				t.Errorf("what is kept is not MAME's:\n%x\n%x", got[:64], want[:64])
			}
			if bytes.Equal(got, fresh) {
				t.Fatal("the program changed nothing")
			}
			checkComesBack(t, m, func(c machine.Config) (*machine.Machine, error) { return g.Driver.New(&c) }, g.Config)
		})
	}
}

// checkComesBack builds a machine that starts with what another keeps: it has
// the same then, and differs from one that comes from the factory.
func checkComesBack(t *testing.T, m *machine.Machine, build func(machine.Config) (*machine.Machine, error), c machine.Config) {
	t.Helper()
	kept := m.NVRAM()
	c.NVRAM = kept
	again, err := build(c)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.NVRAM(), kept) {
		t.Error("a machine that starts with what was kept has something else")
	}
	c.NVRAM = nil
	fresh, err := build(c)
	if err != nil {
		t.Fatal(err)
	}
	if fresh.Arena.Hash() == again.Arena.Hash() {
		t.Error("its state is that of a machine from the factory")
	}
}
