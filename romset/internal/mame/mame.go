// Package mame asks an installed MAME what it makes of a ROM set's files.
package mame

import (
	"bufio"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed ask.lua
var script []byte

// Path is the program to run: the environment's MAME, else where Debian puts it.
func Path() string {
	if p := os.Getenv("MAME"); p != "" {
		return p
	}
	return "/usr/games/mame"
}

// An Answer is what one run of MAME told.
type Answer struct {
	Regions []Region
	Spaces  []Space
	Ports   []Port
	Has     []string // "device/space" of every address space
}

// A Region is a memory region after loading and decryption. Data is in the byte order of its bus.
type Region struct {
	Tag       string
	Size      int
	Width     int
	BigEndian bool
	Data      []byte
}

// A Space is a part of a CPU's address space.
type Space struct {
	Spec string // CPU/SPACE@ADDR+LEN, hexadecimal
	Data []byte
}

// A Port is one input port.
type Port struct {
	Tag    string
	Idle   uint32
	Fields []Field
}

// A Field is a named part of a port.
type Field struct {
	Name          string
	Mask, Default uint32
	Type          int
	Token, Class  string
	Player, Way   int
	Analog        bool

	Min, Max, Sensitivity, Delta, CenterDelta int
	Reverse, Reset, Wraps, Invert             bool
	Optional, Cocktail, Toggle, Rotated       bool
	Impulse                                   int
	Values                                    map[uint32]string
}

// Ask runs MAME with the set's files from rompath, in the folder dir, which
// should be empty. spaces are the parts of address spaces wanted; those that
// the machine lacks are left out. args are further options for MAME.
func Ask(dir, set, rompath string, spaces []string, args ...string) (*Answer, error) {
	lua := filepath.Join(dir, "ask.lua")
	if err := os.WriteFile(lua, script, 0o644); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(rompath)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(Path(), append([]string{set, "-rompath", path, "-debug", "-debugger", "none", "-video", "none", "-sound", "none",
		"-nothrottle", "-skip_gameinfo", "-seconds_to_run", "5", "-autoboot_delay", "0", "-autoboot_script", lua}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "ASK_SPACES="+strings.Join(spaces, " "))
	log, runErr := cmd.CombinedOutput()
	f, err := os.Open(filepath.Join(dir, "answer.txt"))
	if err != nil {
		return nil, fmt.Errorf("MAME did not run %s (%v): %s", set, runErr, tail(string(log), 600))
	}
	defer f.Close()
	a := &Answer{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if err := a.line(dir, strings.Split(lines.Text(), "\t")); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", set, lines.Text(), err)
		}
	}
	return a, lines.Err()
}

func (a *Answer) line(dir string, w []string) error {
	switch w[0] {
	case "region":
		r := Region{Tag: w[2], Size: num(w[3]), Width: num(w[4]), BigEndian: w[5] == "big"}
		data, err := os.ReadFile(filepath.Join(dir, w[1]+".bin"))
		if err != nil {
			return err
		}
		if len(data) != r.Size {
			return fmt.Errorf("region %s: %d bytes saved", r.Tag, len(data))
		}
		if r.BigEndian { // memory is kept in host words
			for i := 0; i+r.Width <= len(data); i += r.Width {
				reverse(data[i : i+r.Width])
			}
		}
		r.Data = data
		a.Regions = append(a.Regions, r)
	case "space":
		data, err := os.ReadFile(filepath.Join(dir, w[1]+".bin"))
		if err != nil {
			return err
		}
		a.Spaces = append(a.Spaces, Space{w[2], data})
	case "has":
		a.Has = append(a.Has, w[1]+"/"+w[2])
	case "port":
		a.Ports = append(a.Ports, Port{Tag: w[1], Idle: uint32(num(w[2]))})
	case "field":
		yes := func(i int) bool { return w[i] == "1" }
		p := &a.Ports[len(a.Ports)-1]
		p.Fields = append(p.Fields, Field{Name: w[2], Mask: uint32(num(w[3])), Default: uint32(num(w[4])), Type: num(w[5]), Token: w[6], Class: w[7],
			Player: num(w[8]) + 1, Way: num(w[9]), Analog: yes(10), Min: num(w[11]), Max: num(w[12]), Sensitivity: num(w[13]), Delta: num(w[14]),
			CenterDelta: num(w[15]), Reverse: yes(16), Reset: yes(17), Wraps: yes(18), Invert: yes(19), Optional: yes(20), Cocktail: yes(21),
			Toggle: yes(22), Rotated: yes(23), Impulse: num(w[24])})
	case "value":
		p := &a.Ports[len(a.Ports)-1]
		f := &p.Fields[len(p.Fields)-1]
		if f.Values == nil {
			f.Values = map[uint32]string{}
		}
		f.Values[uint32(num(w[1]))] = w[2]
	}
	return nil
}

// num reads a number as Lua prints it; "-" is 0.
func num(s string) int {
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return int(v)
	}
	v, _ := strconv.ParseFloat(s, 64)
	return int(v)
}

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

func tail(s string, n int) string {
	if len(s) > n {
		return s[len(s)-n:]
	}
	return s
}
