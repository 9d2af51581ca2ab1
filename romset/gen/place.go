package main

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"arcade/romset"
	"arcade/romset/internal/mame"
)

// place fills in what MAME's answer tells about a set: regions, steps, ports.
func (g *generator) place(s *romset.Set, seed string) error {
	if !s.Runnable || needsDisk(s) {
		return nil // nobody asked
	}
	a, err := g.answer(s.Name, seed, "")
	if err != nil {
		if a = g.suppose(s, seed); a == nil {
			return err
		}
		g.supposed = append(g.supposed, s.Name)
	}
	s.Ports = ports(a.Ports)
	s.Steps = stepsFor(s)
	hidden := opaque(s)
	files := g.allFiles(s)
	var unclear []string
	for _, r := range a.Regions {
		region := romset.Region{Name: r.Tag, Size: r.Size, Width: r.Width, BigEndian: r.BigEndian}
		if slices.Contains(hidden, r.Tag) {
			if region.Pieces, err = assume(s, files, r); err != nil {
				return err
			}
			region.Fill = assumedFill(s, r.Tag)
		} else {
			d := a.Derived[r.Tag]
			if d.Unknown > 0 {
				unclear = append(unclear, r.Tag)
			}
			region.Fill, region.Pieces = d.Fill, d.Pieces
			for _, p := range d.Patches {
				region.Patches = append(region.Patches, romset.Patch{To: p.To, Data: string(p.Data)})
			}
		}
		for _, bios := range g.choices(s, true) {
			if bios != "" && bios != s.DefaultBIOS() {
				b, err := g.answer(s.Name, seed, bios)
				if err != nil {
					return err
				}
				region.Pieces = append(region.Pieces, biosPieces(files, b.Derived[r.Tag].Pieces, bios)...)
			}
		}
		s.Regions = append(s.Regions, region)
	}
	g.inheritBIOS(s, seed)
	if unclear != nil {
		return fmt.Errorf("placement unclear: %s", strings.Join(unclear, ", "))
	}
	return nil
}

func (g *generator) allFiles(s *romset.Set) []romset.File {
	files := slices.Clone(s.Files)
	for _, d := range g.deviceSets(s) {
		files = append(files, d.Files...)
	}
	return files
}

// biosPieces keeps the pieces that belong to one BIOS choice.
func biosPieces(files []romset.File, pieces []romset.Piece, bios string) (out []romset.Piece) {
	for _, p := range pieces {
		if files[p.File].BIOS == bios {
			out = append(out, p)
		}
	}
	return out
}

// inheritBIOS gives a set the placement of the BIOS files that it shares with
// the set that it takes files from.
func (g *generator) inheritBIOS(s *romset.Set, seed string) {
	up := g.sets[s.RomOf]
	if up == nil {
		return
	}
	root := up
	for g.sets[root.RomOf] != nil {
		root = g.sets[root.RomOf]
	}
	for i := range s.Regions {
		r := &s.Regions[i]
		have := map[int]bool{}
		for _, p := range r.Pieces {
			have[p.File] = true
		}
		for fi, f := range s.Files {
			if f.BIOS == "" || f.Merge == "" || f.Region != r.Name || have[fi] {
				continue
			}
			for ri, rf := range root.Files {
				if rf.Name != f.Merge {
					continue
				}
				a, err := g.answer(root.Name, seed, rf.BIOS)
				if rf.BIOS == root.DefaultBIOS() {
					a, err = g.answer(root.Name, seed, "")
				}
				if err != nil {
					continue
				}
				for _, p := range a.Derived[r.Name].Pieces {
					if p.File == ri {
						p.File = fi
						r.Pieces = append(r.Pieces, p)
					}
				}
				break
			}
		}
	}
}

func ports(list []mame.Port) (out []romset.Port) {
	for _, p := range list {
		port := romset.Port{Tag: strings.TrimPrefix(p.Tag, ":"), Idle: p.Idle}
		for _, f := range p.Fields {
			field := romset.Field{Name: f.Name, Type: f.Token, Class: f.Class, Player: f.Player, Mask: f.Mask, Default: f.Default, Way: f.Way,
				Optional: f.Optional, Cocktail: f.Cocktail, Toggle: f.Toggle, Rotated: f.Rotated, Impulse: f.Impulse}
			if field.Type == "-" {
				field.Type = strings.ToUpper(f.Class)
			}
			if f.Analog {
				field.Analog = &romset.Analog{Min: f.Min, Max: f.Max, Sensitivity: f.Sensitivity, Delta: f.Delta, CenterDelta: f.CenterDelta,
					Reverse: f.Reverse, Reset: f.Reset, Wraps: f.Wraps, Invert: f.Invert}
			}
			for v, name := range f.Values {
				field.Values = append(field.Values, romset.FieldValue{Value: v, Name: name})
			}
			slices.SortFunc(field.Values, func(a, b romset.FieldValue) int { return cmp.Compare(a.Value, b.Value) })
			port.Fields = append(port.Fields, field)
		}
		slices.SortFunc(port.Fields, func(a, b romset.Field) int {
			return cmp.Or(cmp.Compare(a.Mask, b.Mask), cmp.Compare(a.Name, b.Name))
		})
		out = append(out, port)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Tag < out[j].Tag })
	return out
}

// assumedFill is the fill byte of regions whose content hides it.
func assumedFill(s *romset.Set, region string) byte {
	switch {
	case s.Name == "victoryc" && region == "maincpu":
		return 0xff
	}
	return 0
}
