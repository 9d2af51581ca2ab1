// Command gen makes testdata/sh7604.cput.gz: what MAME 0.251's interpreter does
// with the things that the public SH-2 suite leaves out (MAC, exceptions, SLEEP,
// interrupts, the division unit, DMA, timers). It needs MAME as ../shared/oracle
// runs it.
//
//	go run ./gen [-keep DIR] testdata/sh7604.cput.gz
//
// Each case is a few instructions in the boot ROM of a CPS-3, between code that
// sets registers and memory and code that reads memory back; the trace has the
// state before and after, and the clock cycles.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	keep := flag.String("keep", "", "folder for the ROM set and the trace (default: a temporary one)")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *keep); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out, dir string) error {
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "sh7604-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	blocks := makeBlocks()
	p := assemble(blocks)
	trace, err := runMAME(p.rom, 4+countBlanks(blocks), dir)
	if err != nil {
		return err
	}
	defer trace.Close()
	if err := readTrace(trace, p, blocks); err != nil {
		return err
	}
	return writePack(out, blocks, p.rom)
}

// countBlanks is the number of frames that cases wait for.
func countBlanks(blocks []*block) int {
	n := 0
	for _, b := range blocks {
		for _, t := range b.cases {
			if t.blank {
				n++
			}
		}
	}
	return n
}
