package m68000

import (
	_ "embed"
	"testing"

	"arcade/cpu"
)

// kernel is testdata/kernel.S, assembled.
//
//go:embed testdata/kernel.bin
var kernel []byte

// newKernel makes a CPU that runs the kernel: ROM at 0, RAM at 0x100000.
func newKernel() *CPU {
	m := cpu.NewMap16(0xffff)
	rom := make([]byte, 0x1000)
	copy(rom, kernel)
	m.MapRead(0, 0xfff, rom)
	m.MapRAM(0x100000, 0x10ffff, make([]byte, 0x10000))
	c := New(new(State), m)
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

// BenchmarkKernel runs the kernel.
func BenchmarkKernel(b *testing.B) {
	c := newKernel()
	c.Run(1_000_000)
	measure(b, c)
}

// measure runs a million clock cycles an operation.
func measure(b *testing.B, c *CPU) {
	const cycles = 1_000_000
	perOp := countInstructions(c, c.Now()+10*cycles) / 10
	b.ResetTimer()
	for range b.N {
		c.Run(c.Now() + cycles)
	}
	b.ReportMetric(float64(perOp)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MIPS")
}
