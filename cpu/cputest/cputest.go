// Package cputest runs recorded single instructions through the CPU cores and
// compares registers, memory, bus activity and cycle counts.
//
// It reads packs (.cput.gz) and the upstream formats of the public
// SingleStepTests suites: a folder of Z80 .json files (also gzipped), or of
// 68000 .json.bin files.
//
// Each case is run twice: through memory handlers, where every bus cycle is
// compared, and through directly mapped pages, the cores' fast path, where the
// state must come out the same.
package cputest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Case is one recorded instruction.
type Case struct {
	Name          string
	Flags         uint8
	Cycles        int
	Before, After []uint32 // registers, in the order of Suite.Regs
	Cells         []Cell
	Bus           []Bus
	IO            []IO
}

// Cell is a piece of memory that the case uses: a byte, or a word for the
// 68000.
type Cell struct {
	Addr          uint32
	Before, After uint16
	Unset         bool // not set before the run: take it as anything
}

// Bus is an entry of the bus record: a T-state for the Z80, a bus cycle or
// idle time for the 68000, an access for the SH-2.
type Bus struct {
	Kind   uint8
	Clocks uint8
	Addr   uint32
	Data   uint32
	Driven bool // Data has a meaning
	Aux    uint8
}

// IO is an access to a port.
type IO struct {
	Write bool
	Addr  uint32
	Data  uint32
}

// Suite says which CPU the cases are for, and which registers they have.
type Suite struct {
	CPU  string // m68000, z80 or sh2
	Regs []string
}

// Result is what one case came to.
type Result struct {
	State  bool // registers and memory, both times
	Bus    bool
	Cycles bool
	Skip   string // why the case was not run
	Detail string // the first difference
}

// Block is the result of the cases of one kind of instruction.
type Block struct {
	Name                       string
	Cases, State, Bus, Cycles  int
	Passed, Skipped            int
	FirstFailure, SkippedCause string
}

// Report is the result of a whole run.
type Report struct {
	CPU    string
	Blocks []Block
	Total  Block
}

// Options of Run.
type Options struct {
	// Block, if set, is called after each block.
	Block func(b Block)
	// Only, if set, chooses blocks by name.
	Only func(name string) bool
}

// runner runs cases on one CPU.
type runner interface {
	run(c *Case) Result
}

// newRunner makes a runner for a suite.
func newRunner(s Suite) (runner, error) {
	make, ok := runners[s.CPU]
	if !ok {
		return nil, fmt.Errorf("cputest: no CPU %q; there are m68000, sh2, sh7604 and z80", s.CPU)
	}
	return make(s)
}

// runners has a constructor for each CPU.
var runners = map[string]func(Suite) (runner, error){}

// Run runs a pack or a folder of upstream files.
func Run(path string, o Options) (*Report, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return runFile(path, o)
	}
	var files []string
	for _, pattern := range []string{"*.json.bin", "*.json", "*.json.gz", "*.cput.gz"} {
		m, err := filepath.Glob(filepath.Join(path, pattern))
		if err != nil {
			return nil, err
		}
		files = append(files, m...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no .json.bin, .json or .cput.gz files in this folder", path)
	}
	slices.Sort(files)
	var all *Report
	for _, f := range files {
		r, err := runFile(f, o)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = r
			continue
		}
		all.Blocks = append(all.Blocks, r.Blocks...)
		all.Total.add(r.Total)
	}
	return all, nil
}

func runFile(path string, o Options) (*Report, error) {
	name := filepath.Base(path)
	switch {
	case strings.HasSuffix(name, ".cput.gz"), strings.HasSuffix(name, ".cput"):
		return runPack(path, o)
	case strings.HasSuffix(name, ".json.bin"):
		return runM68000Bin(path, o)
	case strings.HasSuffix(name, ".json"), strings.HasSuffix(name, ".json.gz"):
		return runZ80JSON(path, o)
	}
	return nil, fmt.Errorf("%s: expected a pack (.cput.gz), or files of an upstream suite (.json.bin, .json)", path)
}

// run runs one block's cases.
func (r *Report) run(run runner, name string, cases func(yield func(*Case) bool), o Options) {
	b := Block{Name: name}
	for c := range cases {
		res := run.run(c)
		b.Cases++
		switch {
		case res.Skip != "":
			b.Skipped++
			b.SkippedCause = res.Skip
			continue
		case res.State && res.Bus && res.Cycles:
			b.Passed++
		case b.FirstFailure == "":
			b.FirstFailure = strings.TrimSpace(fmt.Sprintf("case %d %s: %s", b.Cases-1, c.Name, res.Detail))
		}
		b.State += count(res.State)
		b.Bus += count(res.Bus)
		b.Cycles += count(res.Cycles)
	}
	r.Blocks = append(r.Blocks, b)
	r.Total.add(b)
	if o.Block != nil {
		o.Block(b)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (b *Block) add(o Block) {
	b.Cases += o.Cases
	b.State += o.State
	b.Bus += o.Bus
	b.Cycles += o.Cycles
	b.Passed += o.Passed
	b.Skipped += o.Skipped
	if o.SkippedCause != "" {
		b.SkippedCause = o.SkippedCause
	}
	if b.FirstFailure == "" && o.FirstFailure != "" {
		b.FirstFailure = o.Name + ": " + o.FirstFailure
	}
}
