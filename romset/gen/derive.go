package main

import (
	"bytes"
	"encoding/binary"

	"arcade/romset"
)

// Placement is found by looking, not by knowing: the files have random
// content, so eight bytes of a region tell which file they are from and where.
// At the first byte not yet explained, the region is read in every pattern
// that boards use (each byte, every second, words swapped, ...) until one shows
// a stretch of a file; then the stretch is followed as far as it goes.

// A pattern is a way of reading: units of so many bytes, the distance between
// them in file and region, and whether the bytes of a unit change order.
type pattern struct {
	unit, from, to int
	reverse        bool
}

var patterns = makePatterns()

func makePatterns() []pattern {
	list := []pattern{{1, 1, 1, false}, {2, 2, 2, true}, {1, 1, 2, false}, {2, 2, 8, false}, {1, 1, 8, false}, {2, 4, 8, false}, {1, 1, 4, false}}
	have := map[pattern]bool{}
	for _, p := range list {
		have[p] = true
	}
	for _, unit := range []int{1, 2, 4, 8} {
		for _, from := range []int{1, 2, 4} {
			for _, to := range []int{1, 2, 4, 8, 16} {
				for _, reverse := range []bool{false, true} {
					p := pattern{unit, from * unit, to * unit, reverse}
					if have[p] || reverse && unit == 1 || reverse && unit == 8 || !reverse && unit > 1 && from == 1 && to == 1 {
						continue
					}
					if from > 1 && to == 1 && unit == 1 && reverse {
						continue
					}
					list = append(list, p)
				}
			}
		}
	}
	return list
}

const (
	grain     = 64 // file positions that the index knows, in large files
	smallFile = 4096
)

type place struct{ file, offset int }

type source struct {
	index int // in Set.AllFiles
	data  []byte
}

// finder looks up stretches of files.
type finder struct {
	files   []source
	indexes map[[2]int]map[uint64]place // by unit and distance in the file
}

func newFinder(files []source) *finder {
	return &finder{files: files, indexes: map[[2]int]map[uint64]place{}}
}

// window reads eight bytes in units from data, or reports false at its end.
func window(data []byte, at, unit, step int) (uint64, bool) {
	var w [8]byte
	for n := 0; n < 8; n += unit {
		if at < 0 || at+unit > len(data) {
			return 0, false
		}
		copy(w[n:], data[at:at+unit])
		at += step
	}
	return binary.LittleEndian.Uint64(w[:]), true
}

func (f *finder) index(unit, step int) map[uint64]place {
	if step == unit {
		unit, step = 1, 1
	}
	key := [2]int{unit, step}
	if m := f.indexes[key]; m != nil {
		return m
	}
	m := map[uint64]place{}
	for i, s := range f.files {
		for at := 0; at < len(s.data); at++ {
			if len(s.data) > smallFile && at%grain >= step {
				at += grain - at%grain - 1
				continue
			}
			if at%unit != 0 {
				continue
			}
			if w, ok := window(s.data, at, unit, step); ok {
				if _, dup := m[w]; !dup {
					m[w] = place{i, at}
				}
			}
		}
	}
	f.indexes[key] = m
	return m
}

// unitAt reads the unit of pattern p at region position at into w.
func unitAt(w, region []byte, at int, p pattern) bool {
	if at+p.unit > len(region) {
		return false
	}
	if p.reverse {
		for i := range p.unit {
			w[i] = region[at+p.unit-1-i]
		}
	} else {
		copy(w, region[at:at+p.unit])
	}
	return true
}

// match tries pattern p at region position at.
func (f *finder) match(region []byte, at int, p pattern) (place, bool) {
	var stream [2*grain + 8 + 16]byte
	n := 0
	for ; n+p.unit <= len(stream); n += p.unit {
		if !unitAt(stream[n:], region, at+n/p.unit*p.to, p) {
			break
		}
	}
	if n < 8 {
		return place{}, false
	}
	if first := stream[0]; bytes.Count(stream[:8], []byte{first}) == 8 {
		return place{}, false
	}
	index := f.index(p.unit, p.from) // made only now, as it takes its time
	for k := 0; k*p.unit+8 <= n && k*p.from <= grain; k++ {
		w := binary.LittleEndian.Uint64(stream[k*p.unit:])
		if hit, ok := index[w]; ok {
			start := place{hit.file, hit.offset - k*p.from}
			if start.offset < 0 {
				continue
			}
			good := true
			for i := 0; i < k && good; i++ {
				o := start.offset + i*p.from
				good = bytes.Equal(f.files[hit.file].data[o:o+p.unit], stream[i*p.unit:(i+1)*p.unit])
			}
			if good {
				return start, true
			}
		}
	}
	return place{}, false
}

// derived is what was found out about a region.
type derived struct {
	Fill    byte
	Pieces  []romset.Piece
	Patches []patch
	Unknown int // bytes that are neither file nor fill nor a few constants
}

// A patch is a run of constant bytes.
type patch struct {
	To   int
	Data []byte
}

// maxStray is how many unexplained bytes are still patches and not a cipher.
const maxStray = 600

// derive explains a region by the files.
func (f *finder) derive(region []byte) derived {
	var d derived
	done := make([]bool, len(region))    // explained
	written := make([]bool, len(region)) // under a piece, explained or not
	lost := make([]bool, len(region))    // looked for in vain
	failures := 0
	for at := 0; at < len(region); at++ {
		if done[at] {
			continue
		}
		if run := constant(region[at:], done[at:]); run >= 16 {
			at += run - 1
			continue
		}
		if emptyLane(region, lost, at) {
			lost[at] = true
			continue
		}
		piece, ok := f.piece(region, at)
		if !ok {
			lost[at] = true
			if region[at] != 0 && region[at] != 0xff {
				if failures++; failures > maxStray {
					d.Unknown = failures
					return d
				}
			}
			continue
		}
		src := f.files[piece.File].data
		f.startEarlier(region, done, &piece)
		for i := range piece.Count {
			for j := range piece.Unit {
				k := j
				if piece.Reverse {
					k = piece.Unit - 1 - j
				}
				to := piece.To + i*piece.ToStep + j
				written[to] = true
				done[to] = done[to] || region[to] == src[piece.From+i*piece.FromStep+k]
			}
		}
		piece.File = f.files[piece.File].index
		d.Pieces = append(d.Pieces, piece)
	}
	d.finish(region, done, written)
	return d
}

// emptyLane reports whether a byte continues a lane of fill bytes between
// those of files, which would take long to look for again and again.
func emptyLane(region []byte, lost []bool, at int) bool {
	v := region[at]
	if v != 0 && v != 0xff {
		return false
	}
	for _, lane := range []int{2, 4, 8, 16} {
		if at < lane || !lost[at-lane] || region[at-lane] != v {
			continue
		}
		same := true // and goes on, so that no file begins here with that byte
		for i := 1; i <= 4 && same && at+i*lane < len(region); i++ {
			same = region[at+i*lane] == v
		}
		if same {
			return true
		}
	}
	return false
}

// constant returns the length of the run of one byte, none of it explained.
func constant(region []byte, done []bool) int {
	n := 1
	for n < len(region) && region[n] == region[0] && !done[n] {
		n++
	}
	return n
}

// piece finds the stretch that begins at region position at. The longest of
// all patterns wins, as short ones may fit by chance.
func (f *finder) piece(region []byte, at int) (romset.Piece, bool) {
	var best romset.Piece
	for _, p := range patterns {
		start, ok := f.match(region, at, p)
		if !ok {
			continue
		}
		piece := f.follow(region, at, start, p)
		if piece.Count*piece.Unit > best.Count*best.Unit {
			best = piece
		}
		if n := best.Count * best.Unit; n >= 256 || n > 0 && n == len(f.files[best.File].data) {
			break
		}
	}
	return best, best.Count*best.Unit >= 8
}

// follow extends a match. It steps over a few differing bytes (patches), but
// not over the end of the stretch.
func (f *finder) follow(region []byte, at int, start place, p pattern) romset.Piece {
	src := f.files[start.file].data
	same := func(i int) bool {
		o, t := start.offset+i*p.from, at+i*p.to
		if o+p.unit > len(src) || t+p.unit > len(region) {
			return false
		}
		var w [8]byte
		unitAt(w[:], region, t, p)
		return bytes.Equal(w[:p.unit], src[o:o+p.unit])
	}
	n := 0
	for {
		if same(n) {
			n++
			continue
		}
		resumed := false
		for skip := 1; skip <= 16 && !resumed; skip++ {
			good := 0
			look := min(32, (len(src)-start.offset-(n+skip)*p.from+p.from-1)/p.from) // near the file's end there is less to see
			for i := range look {
				if same(n + skip + i) {
					good++
				}
			}
			resume := look >= 4 && good >= look-2 && same(n+skip) && same(n+skip+1)
			if look > 0 && look < 4 { // the file's last bytes
				resume = good == look && n*p.unit >= 256
			}
			if resume {
				n += skip
				resumed = true
			}
		}
		if !resumed {
			break
		}
	}
	// a byte or two that fit by chance beyond the true end
	if excess := n * p.unit % 16; excess > 0 && excess <= 3 && start.offset+n*p.from < len(src) && n*p.unit > 16 {
		n -= excess / p.unit
	}
	return romset.Piece{File: start.file, From: start.offset, To: at, Count: n, Unit: p.unit, FromStep: p.from, ToStep: p.to, Reverse: p.reverse}
}

// startEarlier moves the start of a piece that begins a few units into a block
// of its file back to the beginning: those units were taken for something else,
// as a byte of the file was by chance the fill value, or was patched.
func (f *finder) startEarlier(region []byte, done []bool, p *romset.Piece) {
	src := f.files[p.File].data
	units := p.From % grain / p.FromStep
	if units == 0 || p.From-units*p.FromStep < 0 || p.To-units*p.ToStep < 0 {
		return
	}
	wrong := 0
	for i := 1; i <= units; i++ {
		for j := range p.Unit {
			k := j
			if p.Reverse {
				k = p.Unit - 1 - j
			}
			to := p.To - i*p.ToStep + j
			if done[to] {
				return
			}
			if region[to] != src[p.From-i*p.FromStep+k] {
				wrong++
			}
		}
	}
	if wrong > 8 || wrong > units*p.Unit/2 {
		return
	}
	p.From -= units * p.FromStep
	p.To -= units * p.ToStep
	p.Count += units
}

// finish turns the bytes that no file explains into a fill value and patches.
func (d *derived) finish(region []byte, done, written []bool) {
	var count [256]int
	for at, v := range region {
		if !done[at] && !written[at] {
			count[v]++
		}
	}
	for v, n := range count {
		if n > count[d.Fill] {
			d.Fill = byte(v)
		}
	}
	stray := func(at int) bool { return at < len(region) && !done[at] && (written[at] || region[at] != d.Fill) }
	for at := 0; at < len(region); at++ {
		end := at
		for stray(end) {
			end++
		}
		if end > at {
			d.Patches = append(d.Patches, patch{at, append([]byte(nil), region[at:end]...)})
			d.Unknown += end - at
			at = end
		}
	}
	if d.Unknown <= maxStray {
		d.Unknown = 0
	}
	d.Pieces = join(d.Pieces)
}

// join writes pieces of one unit or of contiguous bytes in the plainest form.
func join(pieces []romset.Piece) []romset.Piece {
	for i := range pieces {
		p := &pieces[i]
		if p.FromStep == p.Unit && p.ToStep == p.Unit && !p.Reverse {
			p.Count *= p.Unit
			p.Unit, p.FromStep, p.ToStep = 1, 1, 1
		}
	}
	return pieces
}
