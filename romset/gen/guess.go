package main

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"arcade/romset"
)

// Sets of one family are placed alike. What was derived for one is a good
// guess for another whose files have the same sizes and offsets; a guess that
// makes MAME's bytes is as good as what a search finds, and much quicker.

// layout describes the files of a region: two sets with equal layouts are
// likely to be placed alike. It is "" if two files cannot be told apart.
func layout(files []romset.File, region string) string {
	var list []string
	for _, f := range files {
		if f.Region == region && f.Size > 0 && f.BIOS == "" {
			list = append(list, fmt.Sprintf("%x+%x", f.Offset, f.Size))
		}
	}
	sort.Strings(list)
	for i := 1; i < len(list); i++ {
		if list[i] == list[i-1] {
			return ""
		}
	}
	return strings.Join(list, " ")
}

// relatives lists the sets of the same source that have an answer, the nearest first.
func (g *generator) relatives(s *romset.Set, seed string) []*romset.Set {
	var list []*romset.Set
	for _, r := range g.sets {
		if r != s && r.Source == s.Source && !r.IsDevice && g.known(r, seed) {
			list = append(list, r)
		}
	}
	family := func(x *romset.Set) string {
		if x.Parent != "" {
			return x.Parent
		}
		return x.Name
	}
	far := func(r *romset.Set) int {
		switch {
		case family(r) == family(s):
			return 0
		case r.Year == s.Year:
			return 1
		}
		return 2
	}
	slices.SortFunc(list, func(a, b *romset.Set) int {
		if d := far(a) - far(b); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// transfer rewrites pieces of a relative's region for the files of another set.
func transfer(from, to []romset.File, region string, pieces []romset.Piece) ([]romset.Piece, bool) {
	out := slices.Clone(pieces)
	for i := range out {
		f := from[out[i].File]
		n := slices.IndexFunc(to, func(o romset.File) bool {
			return o.Region == f.Region && o.Offset == f.Offset && o.Size == f.Size && o.BIOS == f.BIOS && (f.BIOS == "" || o.Name == f.Name)
		})
		if n < 0 {
			return nil, false
		}
		out[i].File = n
	}
	return out, true
}

// guess returns what relatives suggest for a region, and tries it.
func (g *generator) guess(s *romset.Set, seed, region string, data []byte, files []source) (derived, bool) {
	mine := g.allFiles(s)
	want := layout(mine, region)
	tried := 0
	for _, r := range g.relatives(s, seed) {
		theirs := g.allFiles(r)
		if layout(theirs, region) != want || want == "" {
			continue
		}
		a, err := g.cached(r, seed)
		if err != nil {
			continue
		}
		d, ok := a.Derived[region]
		if !ok || d.Unknown > 0 || len(d.Patches) > 0 {
			continue
		}
		pieces, ok := transfer(theirs, mine, region, d.Pieces)
		if !ok {
			continue
		}
		d.Pieces = pieces
		if makes(d, data, files) {
			return d, true
		}
		if tried++; tried == 3 {
			break
		}
	}
	return derived{}, false
}

// makes reports whether a placement makes the bytes of a region.
func makes(d derived, data []byte, files []source) bool {
	region := bytes.Repeat([]byte{d.Fill}, len(data))
	for _, p := range d.Pieces {
		i := slices.IndexFunc(files, func(s source) bool { return s.index == p.File })
		if i < 0 {
			return false
		}
		src := files[i].data
		if p.From+(p.Count-1)*p.FromStep+p.Unit > len(src) || p.To+(p.Count-1)*p.ToStep+p.Unit > len(region) {
			return false
		}
		for n := range p.Count {
			at, to := p.From+n*p.FromStep, p.To+n*p.ToStep
			for j := range p.Unit {
				if p.Reverse {
					region[to+j] = src[at+p.Unit-1-j]
				} else {
					region[to+j] = src[at+j]
				}
			}
		}
	}
	return bytes.Equal(region, data)
}

// suppose makes an answer for a set that MAME was not asked about (yet) of that
// of its nearest relative with the same layout in every region, or returns nil.
func (g *generator) suppose(s *romset.Set, seed string) *answer {
	mine := g.allFiles(s)
	for _, r := range g.relatives(s, seed) {
		theirs := g.allFiles(r)
		a, err := g.cached(r, seed)
		if err != nil || !slices.Equal(stepsFor(s), stepsFor(r)) {
			continue
		}
		out := &answer{Ports: a.Ports, Has: a.Has, Regions: a.Regions, Derived: map[string]derived{}}
		fits := len(regionsOf(mine)) == len(regionsOf(theirs))
		for _, region := range a.Regions {
			d := a.Derived[region.Tag]
			if len(d.Patches) > 0 || layout(mine, region.Tag) != layout(theirs, region.Tag) {
				fits = false
				break
			}
			var ok bool
			if d.Pieces, ok = transfer(theirs, mine, region.Tag, d.Pieces); !ok {
				fits = false
				break
			}
			out.Derived[region.Tag] = d
		}
		if fits {
			return out
		}
	}
	return nil
}

func regionsOf(files []romset.File) map[string]bool {
	m := map[string]bool{}
	for _, f := range files {
		m[f.Region] = true
	}
	return m
}
