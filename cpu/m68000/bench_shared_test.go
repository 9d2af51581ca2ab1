package m68000

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"arcade/cpu"
)

// BenchmarkShared runs the 68000 program of the shared workload, as for a
// CPS-1 board without graphics, if its source and an assembler are there.
func BenchmarkShared(b *testing.B) {
	dir := os.Getenv("ARCADE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	source := filepath.Join(dir, "bench", "src", "k68.S")
	if _, err := os.Stat(source); err != nil {
		b.Skipf("no shared workload: set ARCADE_SHARED to its folder, or put it beside the repository as ../shared (%v)", err)
	}
	if _, err := exec.LookPath("m68k-linux-gnu-gcc"); err != nil {
		b.Skip("no assembler: install gcc-m68k-linux-gnu")
	}
	tmp := b.TempDir()
	object, linked, image := filepath.Join(tmp, "k.o"), filepath.Join(tmp, "k.elf"), filepath.Join(tmp, "k.bin")
	for _, c := range [][]string{
		{"m68k-linux-gnu-gcc", "-m68000", "-c", "-x", "assembler-with-cpp", "-Wa,--register-prefix-optional", "-DCPS1", "-DNOGFX",
			"-DS1BASE=0", "-DS1MASK=0xff", "-DS2BASE=0", "-DS2MASK=0xff", "-DS3BASE=0", "-DS3MASK=0xff", source, "-o", object},
		{"m68k-linux-gnu-ld", "-Ttext=0", object, "-o", linked},
		{"m68k-linux-gnu-objcopy", "-O", "binary", "-j", ".text", linked, image},
	} {
		if out, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil {
			b.Skipf("%v: %v\n%s", c, err, out)
		}
	}
	text, err := os.ReadFile(image)
	if err != nil {
		b.Fatal(err)
	}
	m := cpu.NewMap16(0xffff)
	rom := make([]byte, 0x10000)
	copy(rom, text)
	m.MapRead(0, 0xffff, rom)
	m.MapRAM(0x900000, 0x93ffff, make([]byte, 0x40000))
	m.MapRAM(0xff0000, 0xffffff, make([]byte, 0x10000))
	c := New(new(State), m)
	c.Reset()
	c.Run(20_000_000) // past its initialization
	measure(b, c)
}
