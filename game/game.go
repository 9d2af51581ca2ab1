// Package game is Gale Riders, a game of our own for two riders on CPS-1
// hardware. It comes with the program: its memory regions, as game/build makes
// them of the sources beside this file, are embedded.
//
// It is written for the boards of ffight, whose graphics PAL, CPS-B, controls
// and switches it uses; packed into the files of that set it runs in MAME. What
// tests read is at the start of work RAM, see struct status in src/game.h: the
// word at ff0000 counts frames whose work was not done in time.
package game

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"arcade/romset"

	"github.com/klauspost/compress/zstd"
)

// Name is the game's set name, Title what people read.
const (
	Name  = "galeride"
	Title = "Gale Riders"
	Year  = "2026"
	Maker = "the arcade project"
)

// Host is the set whose boards the game is made for.
const Host = "ffight"

// Overruns is the address of the 16-bit count of frames whose work was not
// done in time, in the 68000's memory. The number after it is the most objects
// that a frame has shown.
const Overruns = 0xff0000

//go:embed galeride.pack
var packed []byte

// Pack compresses memory regions.
func Pack(regions map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(regions)) {
		mem := regions[name]
		b.WriteByte(byte(len(name)))
		b.WriteString(name)
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(mem))))
		b.Write(mem)
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return enc.EncodeAll(b.Bytes(), nil), nil
}

// Packed is the embedded file.
func Packed() []byte { return packed }

// Regions unpacks the memory regions, as the board wants them.
func Regions() (map[string][]byte, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	b, err := dec.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("the embedded game is damaged: %w", err)
	}
	out := map[string][]byte{}
	for len(b) > 0 {
		n := int(b[0])
		if len(b) < n+5 {
			return nil, errors.New("the embedded game is damaged: it ends in a region's name")
		}
		name, size := string(b[1:1+n]), int(binary.BigEndian.Uint32(b[1+n:]))
		b = b[n+5:]
		if len(b) < size {
			return nil, fmt.Errorf("the embedded game is damaged: region %s ends early", name)
		}
		out[name], b = b[:size:size], b[size:]
	}
	return out, nil
}

// switches renames the host's switches for what they do here; those that do
// nothing are left out.
var switches = map[string]string{
	"Coin A": "Coin A", "Coin B": "Coin B", "Difficulty Level 1": "Difficulty", "Lives": "Rounds to Win", "Free Play": "Free Play", "Freeze": "Freeze",
	"Flip Screen": "Flip Screen", "Demo Sounds": "Demo Sounds", "Allow Continue": "Allow Continue", "Service Mode": "Service Mode",
}

// Set describes the game like a set of the ROM database.
func Set() (*romset.Set, error) {
	host, ok := romset.Lookup(Host)
	if !ok {
		return nil, fmt.Errorf("the ROM database has no set %s, on whose boards %s runs", Host, Title)
	}
	set := *host
	set.Name, set.Description, set.Year, set.Manufacturer = Name, Title, Year, Maker
	set.Parent, set.RomOf, set.SampleOf = "", "", ""
	set.Files, set.Regions, set.Steps = nil, nil, nil
	set.DIPs = renamed(host.DIPs)
	set.Configs = renamed(host.Configs)
	set.Ports = slices.Clone(host.Ports)
	for i := range set.Ports {
		var fields []romset.Field
		for _, f := range set.Ports[i].Fields {
			f.Name = strings.TrimSuffix(f.Name, " (Cheat)")
			if f.Class == "dipswitch" {
				name, ok := switches[f.Name]
				if !ok {
					continue
				}
				if f.Name == "Lives" {
					f.Values = slices.Clone(f.Values)
					for k, v := range f.Values {
						if r, ok := rounds[v.Value]; ok {
							f.Values[k].Name = r
						}
					}
				}
				f.Name = name
			}
			fields = append(fields, f)
		}
		set.Ports[i].Fields = fields
	}
	return &set, nil
}

func renamed(switchesOf []romset.Switch) []romset.Switch {
	var out []romset.Switch
	for _, s := range switchesOf {
		name, ok := switches[s.Name]
		if !ok {
			continue
		}
		if s.Name == "Lives" {
			s.Values = slices.Clone(s.Values)
			for k, v := range s.Values {
				if r, ok := rounds[v.Value]; ok {
					s.Values[k].Name = r
				}
			}
		}
		s.Name = name
		out = append(out, s)
	}
	return out
}

// rounds are the settings of the switch that counted lives.
var rounds = map[uint32]string{0: "1", 1: "4", 2: "3", 3: "2"}
