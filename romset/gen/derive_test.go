package main

import (
	"bytes"
	"testing"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// build makes a region as romset does.
func build(size int, d derived, files []source) []byte {
	region := bytes.Repeat([]byte{d.Fill}, size)
	for _, p := range d.Pieces {
		for i := range p.Count {
			for j := range p.Unit {
				k := j
				if p.Reverse {
					k = p.Unit - 1 - j
				}
				region[p.To+i*p.ToStep+j] = files[p.File].data[p.From+i*p.FromStep+k]
			}
		}
	}
	for _, p := range d.Patches {
		copy(region[p.To:], p.Data)
	}
	return region
}

// Placements of which one set of files tells everything hold for any other.
func TestDeriveHoldsForOtherContent(t *testing.T) {
	piece := func(file, from, to, count, unit, fromStep, toStep int, reverse bool) romset.Piece {
		return romset.Piece{File: file, From: from, To: to, Count: count, Unit: unit, FromStep: fromStep, ToStep: toStep, Reverse: reverse}
	}
	tests := map[string]derived{
		"plain":        {Pieces: []romset.Piece{piece(0, 0, 0x1000, 0x8000, 1, 1, 1, false)}},
		"swapped":      {Fill: 0xff, Pieces: []romset.Piece{piece(0, 0, 0, 0x4000, 2, 2, 2, true)}},
		"interleaved":  {Pieces: []romset.Piece{piece(0, 0, 0, 0x8000, 1, 1, 2, false), piece(1, 0, 1, 0x8000, 1, 1, 2, false)}},
		"lanes of 8":   {Pieces: []romset.Piece{piece(0, 0, 2, 0x4000, 2, 2, 8, false), piece(1, 0, 6, 0x4000, 2, 2, 8, false)}},
		"every other":  {Pieces: []romset.Piece{piece(0, 0, 0, 0x2000, 2, 4, 8, false), piece(0, 2, 0x10000, 0x2000, 2, 4, 8, false)}},
		"halves apart": {Pieces: []romset.Piece{piece(0, 0, 0x4000, 0x4000, 1, 1, 1, false), piece(0, 0x4000, 0, 0x4000, 1, 1, 1, false)}},
		"twice":        {Pieces: []romset.Piece{piece(0, 0, 0, 0x8000, 1, 1, 1, false), piece(0, 0, 0x8000, 0x8000, 1, 1, 1, false)}},
		"small":        {Pieces: []romset.Piece{piece(2, 0, 0, 32, 1, 1, 1, false), piece(3, 0, 32, 0x100, 1, 1, 1, false)}},
		"patched": {Pieces: []romset.Piece{piece(0, 0, 0, 0x8000, 1, 1, 1, false)},
			Patches: []patch{{3, []byte{1}}, {0x1234, []byte{0xde, 0xad}}, {0x7ffe, []byte{9}}}},
	}
	files := func(seed string) (list []source) {
		for i, size := range []int{0x8000, 0x8000, 32, 0x100} {
			list = append(list, source{i, fill.Content(seed, string(rune('a'+i)), size)})
		}
		return list
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			for _, seed := range []string{"0", "7"} {
				got := newFinder(files(seed)).derive(build(0x20000, want, files(seed)))
				if got.Unknown != 0 {
					t.Fatalf("seed %s: not explained: %+v", seed, got)
				}
				for _, other := range []string{"1", "2"} {
					if !bytes.Equal(build(0x20000, got, files(other)), build(0x20000, want, files(other))) {
						t.Errorf("derived with seed %s, wrong with %s: %+v", seed, other, got)
					}
				}
			}
		})
	}
}

func TestDeriveAdmitsDefeat(t *testing.T) {
	data := fill.Content("0", "a", 0x4000)
	cipher := bytes.Clone(data)
	for i := range cipher {
		cipher[i] = cipher[i]*5 + byte(i)
	}
	if d := newFinder([]source{{0, data}}).derive(cipher); d.Unknown == 0 {
		t.Errorf("explained: %+v", d)
	}
}
