package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"arcade/cmd/arcade/media"
	"arcade/cmd/arcade/script"
	"arcade/machine"
)

type runCmd struct {
	game
	Frames int       `required:"" help:"How many frames to run."`
	Input  string    `help:"Input script." placeholder:"FILE"`
	Out    string    `required:"" help:"Folder to write to (made if missing)." placeholder:"DIR"`
	Png    frameList `help:"Frames to save as PNG: 10,60 or 5-9 or all." placeholder:"LIST"`
	Rgb    frameList `help:"Frames to save as raw RGB24." placeholder:"LIST"`
	Mem    []string  `help:"Memory to hash every frame: maincpu@4c00+400, share:videoram, region:gfx1; may be repeated." placeholder:"SPEC" sep:"none"`
	Dump   frameList `help:"Frames at which every --mem is also saved whole." placeholder:"LIST"`
	Wav    string    `help:"Write the sound to this file (relative to --out)." placeholder:"FILE"`
	Rate   int       `default:"48000" help:"Sample rate of --wav."`
	keptFlag
}

func (*runCmd) Help() string {
	return `Writes DIR/frames.jsonl: a JSON object a line for every frame, with "frame" (from 0), "time" (emulated
seconds at its end), "w", "h", "rgb" (SHA-1 of the picture as RGB24), "regs" (CPU, register, value in hex), "mem"
(SPEC, SHA-1), "state" (hash of the whole state) and "sound" (SHA-1 of the frame's samples).

An input script has lines such as "100 press P1 Up", "110 release P1 Up" and "40 set Difficulty = 3". An event at
frame F is in force for all of frame F.

Example: arcade run puckman --rompath roms --frames 600 --input moves.txt --png 60,599 --wav sound.wav --out out`
}

// record is a line of frames.jsonl.
type record struct {
	Frame uint64                       `json:"frame"`
	Time  string                       `json:"time"`
	W     int                          `json:"w"`
	H     int                          `json:"h"`
	RGB   string                       `json:"rgb"`
	Regs  map[string]map[string]string `json:"regs"`
	Mem   map[string]string            `json:"mem"`
	State string                       `json:"state"`
	Sound string                       `json:"sound"`
}

func (c *runCmd) Run() error {
	g, m, moves, err := c.build(c.Input)
	if err != nil {
		return err
	}
	if _, err := c.start(m); err != nil {
		return err
	}
	memories := make([]memory, 0, len(c.Mem))
	for _, spec := range c.Mem {
		mem, err := findMemory(m, g.Config.Regions, spec)
		if err != nil {
			return fail(exitUsage, err)
		}
		memories = append(memories, mem)
	}
	if err := os.MkdirAll(c.Out, 0o777); err != nil {
		return fail(exitHost, err)
	}
	f, err := os.Create(filepath.Join(c.Out, "frames.jsonl"))
	if err != nil {
		return fail(exitHost, err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)

	var sound *wavWriter
	if c.Wav != "" {
		name := c.Wav
		if !filepath.IsAbs(name) {
			name = filepath.Join(c.Out, name)
		}
		if sound, err = newWAVWriter(name, c.Rate, m); err != nil {
			return fail(exitHost, err)
		}
	}
	bar := newProgress(c.Frames, "frames")
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	input := m.Inputs.Released()
	for n := range uint64(c.Frames) {
		moves.Apply(n, &input)
		m.Frame(&input, out)
		r := record{Frame: n, Time: emulatedTime(m), W: out.Picture.W, H: out.Picture.H, RGB: pictureHash(out), Regs: registers(m),
			Mem: map[string]string{}, State: fmt.Sprintf("%016x", m.Arena.Hash()), Sound: soundHash(out.Sound)}
		for _, mem := range memories {
			b := mem.read()
			r.Mem[mem.spec] = hexSum(b)
			if c.Dump.has(n) {
				name := fmt.Sprintf("mem-%06d-%s.bin", n, fileSafe.ReplaceAllString(mem.spec, "-"))
				if err := os.WriteFile(filepath.Join(c.Out, name), b, 0o666); err != nil {
					return fail(exitHost, err)
				}
			}
		}
		if err := enc.Encode(r); err != nil {
			return fail(exitHost, err)
		}
		if c.Png.has(n) {
			if err := media.WritePNG(filepath.Join(c.Out, fmt.Sprintf("frame-%06d.png", n)), out.Picture); err != nil {
				return fail(exitHost, err)
			}
		}
		if c.Rgb.has(n) {
			if err := media.WriteRGB(filepath.Join(c.Out, fmt.Sprintf("frame-%06d.rgb", n)), out.Picture); err != nil {
				return fail(exitHost, err)
			}
		}
		if sound != nil {
			if err := sound.frame(out.Sound); err != nil {
				return fail(exitHost, err)
			}
		}
		bar.set(int(n) + 1)
	}
	bar.done()
	if sound != nil {
		if err := sound.close(); err != nil {
			return fail(exitHost, err)
		}
	}
	if err := w.Flush(); err != nil {
		return fail(exitHost, err)
	}
	return fail(exitHost, f.Close())
}

var fileSafe = regexp.MustCompile(`[^A-Za-z0-9_+-]+`)

func openScript(name string, inputs *machine.Inputs) (*script.Script, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fail(exitInput, err)
	}
	defer f.Close()
	s, err := script.Parse(name, f, inputs)
	return s, fail(exitInput, err)
}

func hexSum(b []byte) string {
	sum := sha1.Sum(b)
	return hex.EncodeToString(sum[:])
}

func pictureHash(out *machine.Output) string { return hexSum(out.Picture.AppendRGB(nil)) }

// soundHash is the SHA-1 of all streams' samples, 16-bit little-endian, one
// stream after another.
func soundHash(s *machine.Sound) string {
	var b []byte
	for _, stream := range s.Streams {
		for _, v := range stream {
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
	}
	return hexSum(b)
}

func registers(m *machine.Machine) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, c := range m.Scheduler.CPUs() {
		regs := map[string]string{}
		for _, r := range c.Core().Registers() {
			regs[r.Name] = fmt.Sprintf("%x", r.Value())
		}
		out[c.Tag] = regs
	}
	return out
}

// emulatedTime is the time at the end of the last frame: seconds with 18
// decimals.
func emulatedTime(m *machine.Machine) string {
	ticks, fine, den := m.FrameStart()
	hz := m.Scheduler.Hz()
	n := new(big.Int).Mul(big.NewInt(ticks), big.NewInt(den))
	n.Add(n, big.NewInt(fine))
	n.Mul(n, big.NewInt(hz.Den))
	n.Mul(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil))
	n.Quo(n, new(big.Int).Mul(big.NewInt(hz.Num), big.NewInt(den)))
	s := fmt.Sprintf("%019s", n)
	return s[:len(s)-18] + "." + s[len(s)-18:]
}

// memory is something that --mem names.
type memory struct {
	spec string
	read func() []byte
}

var rangeSpec = regexp.MustCompile(`^([^/@:]+)(?:/([^@]+))?@([0-9a-fA-F]+)\+([0-9a-fA-F]+)$`)

func findMemory(m *machine.Machine, regions map[string][]byte, spec string) (memory, error) {
	if name, ok := strings.CutPrefix(spec, "region:"); ok {
		if r, ok := regions[name]; ok {
			return memory{spec, func() []byte { return r }}, nil
		}
	}
	for _, mem := range m.Memory {
		if mem.Name == spec {
			return memory{spec, func() []byte { return mem.Read(0, mem.Size) }}, nil
		}
	}
	if p := rangeSpec.FindStringSubmatch(spec); p != nil {
		space := p[2]
		if space == "" {
			space = "program"
		}
		var addr, n int
		fmt.Sscanf(p[3], "%x", &addr)
		fmt.Sscanf(p[4], "%x", &n)
		for _, mem := range m.Memory {
			if mem.Name != p[1]+"/"+space {
				continue
			}
			if addr < 0 || n < 0 || addr+n > mem.Size {
				return memory{}, fmt.Errorf("%s: the space ends at %x", spec, mem.Size)
			}
			return memory{spec, func() []byte { return mem.Read(addr, n) }}, nil
		}
	}
	var have []string
	for _, mem := range m.Memory {
		if strings.Contains(mem.Name, "/") {
			have = append(have, fmt.Sprintf("%s@0+%x", mem.Name, mem.Size))
		} else {
			have = append(have, mem.Name)
		}
	}
	for name := range regions {
		have = append(have, "region:"+name)
	}
	return memory{}, fmt.Errorf("%s has no memory %q; there are: %s", m.Set, spec, strings.Join(have, ", "))
}
