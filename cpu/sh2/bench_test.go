package sh2

import (
	_ "embed"
	"testing"
)

// kernel is testdata/kernel.S, assembled.
//
//go:embed testdata/kernel.bin
var kernel []byte

// newKernel makes a CPU that runs the kernel: ROM at 0, RAM at 0x02000000.
func newKernel(frozen bool) *CPU {
	m := NewMap(0)
	rom := make([]byte, 0x10000)
	copy(rom, kernel)
	m.MapRead(0, 0xffff, rom)
	m.MapRAM(0x02000000, 0x0200ffff, make([]byte, 0x10000))
	if frozen {
		m.Freeze(0, 0xffff)
	}
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

// benchmark runs a million clock cycles an operation.
func benchmark(b *testing.B, frozen bool) {
	const cycles = 1_000_000
	c := newKernel(frozen)
	c.Run(cycles)
	perOp := countInstructions(c, 6*cycles) / 5
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		c.Run(c.Now() + cycles)
	}
	b.ReportMetric(float64(perOp)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MIPS")
}

func BenchmarkKernel(b *testing.B) { benchmark(b, true) }

// BenchmarkKernelRAM is without decoded blocks.
func BenchmarkKernelRAM(b *testing.B) { benchmark(b, false) }
