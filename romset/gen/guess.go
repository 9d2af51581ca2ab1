package main

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
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

// suppose makes an answer for a set that MAME was not asked about (yet): each
// region as in the nearest relative that has the same layout there, ports as
// in the nearest one with the same controls. It returns nil if that is not
// enough.
func (g *generator) suppose(s *romset.Set, seed string) *answer {
	mine := g.allFiles(s)
	relatives := g.relatives(s, seed)
	out := &answer{Derived: map[string]derived{}}
	var model *answer // whose regions are the pattern
	for _, r := range relatives {
		if a, err := g.cached(r, seed); err == nil && slices.Equal(stepsFor(s), stepsFor(r)) && reflect.DeepEqual(r.Input, s.Input) {
			model = a
			break
		}
	}
	if model == nil {
		return nil
	}
	out.Ports, out.Has = model.Ports, model.Has
	tags := map[string]bool{}
	for _, r := range model.Regions {
		tags[r.Tag] = true
	}
	for region := range regionsOf(s.Files) {
		tags[region] = true
	}
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		region, d, ok := g.supposeRegion(mine, relatives, seed, tag)
		if !ok {
			return nil
		}
		out.Regions = append(out.Regions, region)
		out.Derived[tag] = d
	}
	return out
}

func (g *generator) supposeRegion(mine []romset.File, relatives []*romset.Set, seed, tag string) (answerRegion, derived, bool) {
	for _, r := range relatives {
		theirs := g.allFiles(r)
		if layout(mine, tag) != layout(theirs, tag) {
			continue
		}
		a, err := g.cached(r, seed)
		if err != nil {
			continue
		}
		i := slices.IndexFunc(a.Regions, func(x answerRegion) bool { return x.Tag == tag })
		d, ok := a.Derived[tag]
		if i < 0 || !ok || len(d.Patches) > 0 || d.Unknown > 0 {
			continue
		}
		if d.Pieces, ok = transfer(theirs, mine, tag, d.Pieces); ok {
			return a.Regions[i], d, true
		}
	}
	return answerRegion{}, derived{}, false
}

func regionsOf(files []romset.File) map[string]bool {
	m := map[string]bool{}
	for _, f := range files {
		if f.Size > 0 {
			m[f.Region] = true
		}
	}
	return m
}
