package main

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// cipher is that of Red Earth's board, for the boot ROM (key1 and key2).
func cipher(mem []byte) {
	const key1, key2 = 0x9e300ab1, 0xa175b82c
	rotl := func(v uint16, n int) uint16 { return v<<n | v>>(16-n) }
	mix := func(v, k uint16) uint16 {
		s := v + rotl(v, 2)
		return rotl(s, 4) ^ s&(v^k)
	}
	for i := 0; i < len(mem); i += 4 {
		a := uint32(i) ^ key1
		v := mix(^uint16(a), key2&0xffff)
		v = mix(v^uint16(a>>16)^0xffff, key2>>16)
		m := uint32(v ^ uint16(a) ^ key2&0xffff)
		binary.BigEndian.PutUint32(mem[i:], binary.BigEndian.Uint32(mem[i:])^m<<16^m)
	}
}

// runMAME runs a boot ROM and returns the trace of its CPU.
func runMAME(rom []byte, frames int, dir string) (*os.File, error) {
	shared := os.Getenv("ARCADE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Create(filepath.Join(dir, "redearthn.zip"))
	if err != nil {
		return nil, err
	}
	z := zip.NewWriter(f)
	add := func(name string, b []byte) {
		if w, e := z.Create(name); e != nil {
			err = e
		} else if _, e := w.Write(b); e != nil {
			err = e
		}
	}
	secret := append([]byte(nil), rom...)
	cipher(secret)
	add("redearth_asia_nocd.29f400.u2", secret)
	empty := make([]byte, 0x200000)
	for _, simm := range [][2]int{{1, 4}, {3, 8}, {4, 8}, {5, 2}} {
		for chip := range simm[1] {
			add(fmt.Sprintf("redearth-simm%d.%d", simm[0], chip), empty)
		}
	}
	if e := z.Close(); e != nil {
		err = e
	}
	if e := f.Close(); e != nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	out := filepath.Join(dir, "out")
	c := exec.Command(filepath.Join(shared, "oracle", "run"), "--set", "redearthn", "--rompath", dir, "--out", out,
		"--frames", strconv.Itoa(frames), "--trace", fmt.Sprintf("maincpu@0-%d", frames-1))
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("MAME: %w", err)
	}
	return os.Open(filepath.Join(out, "trace.txt"))
}

// readTrace takes the cases' states from a trace.
func readTrace(in io.Reader, p program, blocks []*block) error {
	starts := map[uint32]*testCase{}
	for _, b := range blocks {
		for _, t := range b.cases {
			starts[t.start] = t
		}
	}
	var now, last *testCase
	dumping := false
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), 1<<16)
	for lines.Scan() {
		line := lines.Text()
		colon := strings.IndexByte(line, ':')
		if !strings.HasPrefix(line, "CYC=") || colon < 8 {
			continue
		}
		n, err := strconv.ParseUint(line[colon-8:colon], 16, 32)
		if err != nil {
			return err
		}
		pc := uint32(n)
		if dumping {
			dumping = false
			regs, _, err := parse(line)
			if err != nil {
				return err
			}
			if last != nil {
				last.dump = append(last.dump, regs[0])
			}
		}
		if pc == p.dumped || pc == p.dumped+10 {
			dumping = true
		}
		if now == nil {
			if now = starts[pc]; now != nil {
				if now.before, now.begin, err = parse(line); err != nil {
					return err
				}
			}
			continue
		}
		if pc == now.end {
			var at int64
			if now.after, at, err = parse(line); err != nil {
				return err
			}
			now.cycles = at - now.begin
			now.done = true
			last, now = now, nil
		}
	}
	for _, b := range blocks {
		for i, t := range b.cases {
			if !t.done || len(t.dump) != 2*regionLong {
				return fmt.Errorf("%s: case %d did not end (%d longs read back)", b.name, i, len(t.dump))
			}
		}
	}
	return lines.Err()
}

// parse reads the registers of a trace line, in the order of testCase.regs, and
// the clock cycle.
func parse(line string) (regs [23]uint32, cycle int64, err error) {
	index := map[string]int{"SR": rSR, "PR": rPR, "GBR": rGBR, "VBR": rVBR, "MACH": rMACH, "MACL": rMACL}
	for _, f := range strings.Fields(line) {
		name, v, ok := strings.Cut(f, "=")
		if !ok {
			n, err := strconv.ParseUint(strings.TrimSuffix(f, ":"), 16, 32)
			regs[rPC] = uint32(n)
			return regs, cycle, err
		}
		if name == "CYC" {
			if cycle, err = strconv.ParseInt(v, 10, 64); err != nil {
				return
			}
			continue
		}
		n, err := strconv.ParseUint(v, 16, 32)
		if err != nil {
			return regs, 0, err
		}
		i, ok := index[name]
		if !ok {
			if i, err = strconv.Atoi(name[1:]); err != nil || i > 15 {
				return regs, 0, fmt.Errorf("register %q in the trace", name)
			}
		}
		regs[i] = uint32(n)
	}
	return regs, 0, fmt.Errorf("no address in the trace line %q", line)
}
