package main

import (
	"fmt"

	"arcade/cpu/cputest"
)

type cputestCmd struct {
	Packs   []string `arg:"" help:"Packs (.cput.gz), or folders with files of an upstream suite."`
	Verbose bool     `short:"v" help:"Show every block, not only those with failures."`
}

func (*cputestCmd) Help() string {
	return `Runs recorded single instructions through the CPU cores: through memory handlers, where every bus cycle is
compared, and through directly mapped pages. Reads packs (.cput.gz) and folders of the public SingleStepTests suites
(m68000 .json.bin, Z80 .json). Prints, for each block with a failure and in all, how many cases have the right state
(registers, memory), bus activity and cycle count. The last line is "N of M passed"; any failure makes the exit code 1.

Example: arcade cputest z80.cput.gz`
}

func (c *cputestCmd) Run() error {
	var total cputest.Block
	total.Name = "all"
	for _, pack := range c.Packs {
		r, err := cputest.Run(pack, cputest.Options{Block: func(b cputest.Block) {
			if c.Verbose || b.Passed+b.Skipped != b.Cases {
				printBlock(b)
			}
		}})
		if err != nil {
			return fail(exitInput, err)
		}
		if len(c.Packs) > 1 || !c.Verbose {
			r.Total.Name, r.Total.FirstFailure = pack, ""
			printBlock(r.Total)
		}
		total.Cases += r.Total.Cases - r.Total.Skipped
		total.Passed += r.Total.Passed
		if r.Total.Skipped > 0 {
			fmt.Printf("%s: %d cases were left out: %s\n", pack, r.Total.Skipped, r.Total.SkippedCause)
		}
	}
	fmt.Printf("%d of %d passed\n", total.Passed, total.Cases)
	if total.Passed != total.Cases {
		return fail(exitCheck, fmt.Errorf("%d cases failed", total.Cases-total.Passed))
	}
	return nil
}

func printBlock(b cputest.Block) {
	fmt.Printf("%-24s %6d cases: state %6d, bus %6d, cycles %6d, passed %6d\n", b.Name, b.Cases, b.State, b.Bus, b.Cycles, b.Passed)
	if b.FirstFailure != "" {
		fmt.Printf("    %s\n", b.FirstFailure)
	}
}
