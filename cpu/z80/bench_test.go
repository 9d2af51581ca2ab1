package z80

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"arcade/cpu"
)

// kernel is testdata/kernel.s, assembled.
//
//go:embed testdata/kernel.bin
var kernel []byte

// newBench makes a CPU that runs program: ROM below 0x4000, RAM above.
func newBench(program []byte) *CPU {
	m := cpu.NewMap8(0xff)
	rom := make([]byte, 0x4000)
	copy(rom, program)
	m.MapRead(0, 0x3fff, rom)
	m.MapRAM(0x4000, 0xffff, make([]byte, 0xc000))
	c := New(new(State), m, IO{})
	c.Reset()
	return c
}

// countInstructions runs for a time and counts the instructions.
func countInstructions(c *CPU, until int64) int {
	n := 0
	c.SetTrace(func() { n++ })
	c.Run(until)
	c.SetTrace(nil)
	return n
}

// benchmark runs a million T-states an operation.
func benchmark(b *testing.B, program []byte) {
	const cycles = 1_000_000
	c := newBench(program)
	c.Run(cycles)
	perOp := countInstructions(c, 11*cycles) / 10
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		c.Run(c.Now() + cycles)
	}
	b.ReportMetric(float64(perOp)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MIPS")
}

func BenchmarkKernel(b *testing.B) { benchmark(b, kernel) }

// BenchmarkShared runs the program that other emulators were measured with.
func BenchmarkShared(b *testing.B) {
	z, err := zip.OpenReader(filepath.Join(shared(b), "bench", "puckman.zip"))
	if err != nil {
		b.Skip(err)
	}
	defer z.Close()
	var program []byte
	for _, n := range []string{"1.6e", "2.6k", "3.6f", "4.6m", "5.6h", "6.6n", "7.6j", "8.6p"} {
		f, err := z.Open("pm1_prg" + n)
		if err != nil {
			b.Fatal(err)
		}
		part, err := io.ReadAll(f)
		if err != nil {
			b.Fatal(err)
		}
		program = append(program, part...)
	}
	benchmark(b, program)
}

// shared is the folder of reference data, or skips the test.
func shared(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("ARCADE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no reference data: set ARCADE_SHARED to its folder, or put it beside the repository as ../shared (%v)", err)
	}
	return dir
}

// TestKernelBytes assembles the kernel anew.
func TestKernelBytes(t *testing.T) {
	if _, err := exec.LookPath("sdasz80"); err != nil {
		t.Skip("no sdasz80 (Debian package sdcc)")
	}
	src, err := os.ReadFile("testdata/kernel.s")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "kernel.s"), src, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"sdasz80", "-o", "kernel.s"}, {"sdldz80", "-i", "kernel"},
		{"sdobjcopy", "-I", "ihex", "-O", "binary", "kernel.ihx", "kernel.bin"},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatal(fmt.Errorf("%v: %w\n%s", args, err, out))
		}
	}
	built, err := os.ReadFile(filepath.Join(dir, "kernel.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(built, kernel) {
		t.Error("testdata/kernel.bin is not what testdata/kernel.s assembles to")
	}
}
