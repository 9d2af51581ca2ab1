package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arcade/romset"
	"arcade/romset/decrypt"
)

//go:embed steps.txt
var stepsText string

//go:embed raw.txt
var rawText string

// stepsFor returns the decryption of a set.
func stepsFor(s *romset.Set) (steps []string) {
	for line := range strings.Lines(stepsText) {
		line = strings.TrimSpace(line)
		sets, what, ok := strings.Cut(line, ":")
		if line == "" || line[0] == '#' || !ok {
			continue
		}
		for pattern := range strings.SplitSeq(sets, ",") {
			pattern = strings.TrimSpace(pattern)
			if source, of := strings.CutPrefix(pattern, "@"); of && source == s.Source || pattern == s.Name {
				if of && steps != nil {
					continue // a set's own line comes first and wins
				}
				for step := range strings.SplitSeq(what, ";") {
					steps = append(steps, strings.TrimSpace(step))
				}
			}
		}
	}
	return steps
}

// opaque returns the regions of a set whose placement MAME's memory does not
// show, as a step that cannot be undone changes them.
func opaque(s *romset.Set) []string {
	var list []string
	for _, step := range stepsFor(s) {
		if !decrypt.CanUndo(step) {
			list = append(list, decrypt.Touches(step)...)
		}
	}
	return list
}

// undo takes back the steps of a set on what MAME has, as far as it goes.
func undo(s *romset.Set, regions map[string][]byte) error {
	steps := stepsFor(s)
	slices.Reverse(steps)
	for _, step := range steps {
		if _, err := decrypt.Undo(&decrypt.Image{Regions: regions}, step); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return nil
}

// assume makes the pieces of an opaque region: from raw.txt, or by the rules
// of the step's boards: a 68000's program in words, low byte first, or in pairs
// of byte-wide files, everything else at its listed offset.
func assume(s *romset.Set, files []romset.File, r answerRegion) ([]romset.Piece, error) {
	region := r.Tag
	if pieces, err := listed(s, files, region); pieces != nil || err != nil {
		return pieces, err
	}
	kabuki := slices.ContainsFunc(stepsFor(s), func(step string) bool { return strings.HasPrefix(step, "kabuki") })
	var pieces []romset.Piece
	for i, f := range files {
		if f.Region != region || f.Size == 0 || f.BIOS != "" && f.BIOS != s.DefaultBIOS() {
			continue
		}
		switch {
		case kabuki && f.Offset == 0:
			pieces = append(pieces, piece(i, 0, 0, 0x8000), piece(i, 0x8000, 0x10000, int(f.Size)-0x8000))
		case paired(files, f, 1):
			pieces = append(pieces, romset.Piece{File: i, To: int(f.Offset), Count: int(f.Size), Unit: 1, FromStep: 1, ToStep: 2})
		case r.Width == 2 && r.BigEndian && paired(files, f, 2):
			pieces = append(pieces, romset.Piece{File: i, To: int(f.Offset), Count: int(f.Size) / 2, Unit: 2, FromStep: 2, ToStep: 4, Reverse: true})
		case region == "cslot1:audiocpu": // the first bank is seen twice
			pieces = append(pieces, piece(i, 0, 0, 0x10000), piece(i, 0, 0x10000, int(f.Size)))
		case r.Width == 2 && r.BigEndian:
			pieces = append(pieces, romset.Piece{File: i, To: int(f.Offset), Count: int(f.Size) / 2, Unit: 2, FromStep: 2, ToStep: 2, Reverse: true})
		default:
			pieces = append(pieces, piece(i, 0, int(f.Offset), int(f.Size)))
		}
	}
	return pieces, nil
}

// paired reports whether a file holds every second byte (or word, with apart
// 2): its partner of the same size is listed that far apart.
func paired(files []romset.File, f romset.File, apart uint32) bool {
	return slices.ContainsFunc(files, func(o romset.File) bool {
		return o.Region == f.Region && o.Size == f.Size && o.Offset == f.Offset^apart
	})
}

func piece(file, from, to, length int) romset.Piece {
	return romset.Piece{File: file, From: from, To: to, Count: length, Unit: 1, FromStep: 1, ToStep: 1}
}

// listed reads raw.txt.
func listed(s *romset.Set, files []romset.File, region string) (pieces []romset.Piece, err error) {
	for line := range strings.Lines(rawText) {
		w := strings.Fields(line)
		if len(w) < 4 || w[0] == "#" || w[0] != s.Name || w[1] != region {
			continue
		}
		i := slices.IndexFunc(files, func(f romset.File) bool { return f.Name == w[2] })
		if i < 0 {
			return nil, fmt.Errorf("raw.txt: %s has no file %s", s.Name, w[2])
		}
		for _, part := range w[3:] {
			var n [3]int
			for k, t := range strings.SplitN(part, ":", 3) {
				v, err := strconv.ParseUint(t, 16, 32)
				if err != nil {
					return nil, fmt.Errorf("raw.txt: %s: %q", s.Name, part)
				}
				n[k] = int(v)
			}
			pieces = append(pieces, piece(i, n[0], n[1], n[2]))
		}
	}
	return pieces, nil
}
