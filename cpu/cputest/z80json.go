package cputest

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxJSON is the largest file that is read; those of the suite have 1 MB.
const maxJSON = 256 << 20

// runZ80JSON runs a file of the public SingleStepTests/z80 suite.
func runZ80JSON(path string, o Options) (*Report, error) {
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".json")
	report := &Report{CPU: "z80"}
	if o.Only != nil && !o.Only(name) {
		return report, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	text, err := io.ReadAll(io.LimitReader(in, maxJSON+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(text) > maxJSON {
		return nil, fmt.Errorf("%s: more than %d bytes: no file of the Z80 suite", path, maxJSON)
	}
	run, err := newRunner(Suite{"z80", z80Regs})
	if err != nil {
		return nil, err
	}
	j := z80JSON{jsonReader: jsonReader{text: text}, cells: map[uint32]int{}}
	j.c.Before, j.c.After = make([]uint32, len(z80Regs)), make([]uint32, len(z80Regs))
	report.run(run, name, func(yield func(*Case) bool) {
		j.array(func() bool {
			j.read()
			return j.err == nil && yield(&j.c)
		})
	}, o)
	if j.end(); j.err != nil {
		return nil, fmt.Errorf("%s: not a file of the Z80 suite: case %d: %w", path, report.Total.Cases, j.err)
	}
	return report, nil
}

// z80Reg is the index of a register; the alternate set is called af_ or af'
// depending on the suite's version.
var z80Reg = map[string]int{}

func init() {
	for i, r := range z80Regs {
		z80Reg[r] = i
		if strings.HasSuffix(r, "_") {
			z80Reg[strings.TrimSuffix(r, "_")+"'"] = i
		}
	}
}

// z80JSON reads cases of the public suite, one after the other, into c.
type z80JSON struct {
	jsonReader
	c     Case
	cells map[uint32]int // index by address
}

func (j *z80JSON) read() {
	c := &j.c
	c.Name, c.Cells, c.Bus, c.IO = "", c.Cells[:0], c.Bus[:0], c.IO[:0]
	clear(j.cells)
	regs := 0
	j.object(func(key string) {
		switch key {
		case "name":
			c.Name = j.string()
		case "initial":
			regs += j.state(c.Before, false)
		case "final":
			regs += j.state(c.After, true)
		case "cycles":
			j.cycles()
		case "ports":
			j.ports()
		default:
			j.skip()
		}
	})
	c.Cycles = len(c.Bus)
	if regs != 2*len(z80Regs) {
		j.fail("it has %d values of registers, expected %d", regs, 2*len(z80Regs))
	}
}

// state reads registers and memory, and returns how many registers there were.
func (j *z80JSON) state(into []uint32, after bool) (regs int) {
	j.object(func(key string) {
		if key == "ram" {
			j.ram(after)
		} else if i, ok := z80Reg[key]; ok {
			into[i] = j.number()
			regs++
		} else {
			j.skip()
		}
	})
	return regs
}

func (j *z80JSON) ram(after bool) {
	j.array(func() bool {
		var v [2]uint32
		n := 0
		j.array(func() bool {
			x := j.number()
			if n < 2 {
				v[n] = x
			}
			n++
			return true
		})
		i, ok := j.cells[v[0]]
		if !ok {
			i = len(j.c.Cells)
			j.cells[v[0]] = i
			j.c.Cells = append(j.c.Cells, Cell{Addr: v[0], Before: uint16(v[1]), After: uint16(v[1])})
		}
		if after {
			j.c.Cells[i].After = uint16(v[1])
		}
		return true
	})
}

func (j *z80JSON) cycles() {
	addr := uint32(0)
	j.array(func() bool {
		var b Bus
		n := 0
		j.array(func() bool {
			switch {
			case n == 2:
				for k, pin := range []byte(j.string()) {
					if k < 4 && pin == "rwmi"[k] {
						b.Kind |= 1 << k
					}
				}
			case j.null():
			case n == 0:
				addr = j.number()
			case n == 1:
				b.Data, b.Driven = j.number(), true
			default:
				j.skip()
			}
			n++
			return true
		})
		b.Addr = addr
		j.c.Bus = append(j.c.Bus, b)
		return true
	})
}

func (j *z80JSON) ports() {
	j.array(func() bool {
		var e IO
		n := 0
		j.array(func() bool {
			switch n {
			case 0:
				e.Addr = j.number()
			case 1:
				e.Data = j.number()
			case 2:
				e.Write = j.string() == "w"
			default:
				j.skip()
			}
			n++
			return true
		})
		if n < 3 {
			j.fail("an access to a port has %d elements, expected 3", n)
		}
		j.c.IO = append(j.c.IO, e)
		return true
	})
}
