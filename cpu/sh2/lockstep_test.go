package sh2

import (
	"fmt"
	"hash/fnv"
	"testing"
)

// fingerprint hashes what a trace line shows of the state.
type fingerprint struct {
	sum   uint64
	lines int
}

func (f *fingerprint) add(c *CPU) {
	s := c.s
	mix := func(v uint64) { f.sum = (f.sum ^ v) * 0x100000001b3 } // FNV-1a by words
	mix(uint64(s.Time))
	for _, v := range s.R {
		mix(uint64(v))
	}
	for _, v := range []uint32{s.StatusRegister(), s.PR, s.GBR, s.VBR, s.MACH, s.MACL, s.PC} {
		mix(uint64(v))
	}
	f.lines++
}

// TestLockstep runs the reference workload's first fourteen frames, 5.1 million
// instructions, and compares all registers and the clock before each instruction
// with MAME's: the fingerprints were taken when every line of MAME's trace
// (-nodrc) was the same as ours. After that it does the same without a trace,
// that is in blocks.
func TestLockstep(t *testing.T) {
	path := shared(t, "bench", "redearthn.zip")
	want := [14]string{
		"349156 900a4cbcf8848a19",
		"698711 3d6fda824dedcfb0",
		"1048267 f593eb3eaf11434d",
		"1403057 3a9a598b67d69066",
		"1776200 1fa939304ddb9713",
		"2149406 133a86f0e22e97a6",
		"2522564 29d0b2b1db190227",
		"2895732 86cf85d86d48cbd9",
		"3268841 c666f5d1d973fcb3",
		"3641989 de62eabd285f2f9d",
		"4015248 3619b3446f4bd74e",
		"4388420 47f9b8b41d2e179d",
		"4761580 3ba0c5aa2e3d115b",
		"5134709 e4257b6a2dec0bfe",
	}
	traced, free := loadBoard(t, path), loadBoard(t, path)
	f := fingerprint{sum: 0xcbf29ce484222325}
	for frame := range want {
		traced.c.SetTrace(func() { f.add(traced.c) })
		traced.run(blank(int64(frame) + 1))
		if got := fmt.Sprintf("%d %016x", f.lines, f.sum); got != want[frame] {
			t.Errorf("frame %d: %q, expected %q", frame, got, want[frame])
		}
		free.run(blank(int64(frame) + 1))
		if traced.st != free.st {
			t.Fatalf("frame %d: the state is another one without a trace:\n%+v\n%+v", frame, free.st, traced.st)
		}
		h1, h2 := fnv.New64a(), fnv.New64a()
		h1.Write(traced.ram)
		h2.Write(free.ram)
		if h1.Sum64() != h2.Sum64() {
			t.Fatalf("frame %d: work RAM is another one without a trace", frame)
		}
	}
}
