package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"arcade/cpu"
)

type traceCmd struct {
	game
	CPU    string    `name:"cpu" required:"" help:"Tag of the CPU, such as maincpu." placeholder:"TAG"`
	Frames frameList `default:"0" help:"Frames to trace, such as 60-61." placeholder:"A-B"`
	Input  string    `help:"Input script." placeholder:"FILE"`
	Out    string    `help:"File to write to instead of standard output." placeholder:"FILE"`
}

func (*traceCmd) Help() string {
	return `A line for every instruction, with the state before it:

    CYC=6539568 D0=00000006 ... SP=00FFFFD6 SR=2204 000100: move.l  D0, -(A7)

CYC counts the CPU's clock cycles since power-on.

Example: arcade trace puckman --rompath roms --cpu maincpu --frames 60-61 --out trace.txt`
}

func (c *traceCmd) Run() error {
	if c.Frames.all || len(c.Frames.ranges) != 1 {
		return fail(exitUsage, fmt.Errorf("--frames takes one range here, such as 60-61"))
	}
	first, last := c.Frames.ranges[0][0], c.Frames.ranges[0][1]
	_, m, moves, err := c.build(c.Input)
	if err != nil {
		return err
	}
	traced, err := m.CPU(c.CPU)
	if err != nil {
		return fail(exitUsage, err)
	}
	var w io.Writer = os.Stdout
	if c.Out != "" {
		f, err := os.Create(c.Out)
		if err != nil {
			return fail(exitHost, err)
		}
		defer f.Close()
		w = f
	}
	b := bufio.NewWriterSize(w, 1<<20)
	bar := newProgress(int(last+1), "frames")
	input := m.Inputs.Released()
	for n := range last + 1 {
		moves.Apply(n, &input)
		if n == first {
			traced.Core().SetTrace(cpu.Tracer(traced.Core(), func(line []byte) {
				b.Write(line)
				b.WriteByte('\n')
			}))
		}
		m.Frame(&input, nil)
		bar.set(int(n) + 1)
	}
	bar.done()
	return fail(exitHost, b.Flush())
}
