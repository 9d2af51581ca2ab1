// Package chiptest runs recorded register streams through sound chips and
// compares every sample. The streams are reference data, which tests look for
// in $ARCADE_SHARED or in ../shared beside the repository.
package chiptest

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Line is an action at a sample position.
type Line struct {
	Kind byte // 'w' register write, 'p' port write, 'r' port read that gives Data, 'i' the IRQ line is Data after this position
	Pos  int
	Reg  uint32
	Data uint32
}

// Stream is a recording.
type Stream struct {
	Chip, Name string
	Samples    int               // a multiple of 1024
	Seeds      map[string]uint32 // roma, romb, romo
	Lines      []Line
	bytes      map[int][]byte
	crc        map[string]map[int]uint32
	start      map[string]int
	values     map[string][]int16
}

// BlockSize is the number of sample frames that a checksum covers.
const BlockSize = 1024

// Each runs f as a subtest for every stream whose name matches the pattern,
// and skips the test where there are none.
func Each(t *testing.T, pattern string, f func(t *testing.T, s *Stream)) {
	t.Helper()
	dir := os.Getenv("ARCADE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	files, err := filepath.Glob(filepath.Join(dir, "chiptests", pattern+".txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no reference data: set ARCADE_SHARED to its folder, or put it beside the repository as ../shared")
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt.gz"), func(t *testing.T) {
			s, err := read(name)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			f(t, s)
		})
	}
}

func read(name string) (*Stream, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	s := &Stream{Seeds: map[string]uint32{}, bytes: map[int][]byte{}, crc: map[string]map[int]uint32{},
		start: map[string]int{}, values: map[string][]int16{}}
	scan := bufio.NewScanner(z)
	scan.Buffer(nil, 1<<20)
	for n := 1; scan.Scan(); n++ {
		if err := s.parse(strings.Fields(scan.Text())); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return s, scan.Err()
}

func (s *Stream) parse(w []string) (err error) {
	if len(w) < 2 {
		return nil
	}
	num := func(i, base int) int {
		if i >= len(w) {
			err = fmt.Errorf("too short: %v", w)
			return 0
		}
		v, e := strconv.ParseInt(w[i], base, 64)
		if e != nil {
			err = e
		}
		return int(v)
	}
	switch w[0] {
	case "chip":
		s.Chip = w[1]
	case "name":
		s.Name = w[1]
	case "samples":
		s.Samples = num(1, 10)
	case "roma", "romb", "romo":
		s.Seeds[w[0]] = uint32(num(1, 10))
	case "b":
		b, e := hex.DecodeString(strings.Join(w[2:], ""))
		s.bytes[num(1, 16)] = b
		if e != nil {
			err = e
		}
	case "w", "p", "r":
		s.Lines = append(s.Lines, Line{w[0][0], num(1, 10), uint32(num(2, 16)), uint32(num(3, 16))})
	case "i":
		s.Lines = append(s.Lines, Line{'i', num(1, 10), 0, uint32(num(2, 10))})
	case "c":
		if s.crc[w[1]] == nil {
			s.crc[w[1]] = map[int]uint32{}
		}
		v, e := strconv.ParseUint(w[3], 16, 32)
		if e != nil {
			return e
		}
		s.crc[w[1]][num(2, 10)] = uint32(v)
	case "l":
		s.start[w[1]] = num(2, 10)
		for i := range w[3:] {
			s.values[w[1]] = append(s.values[w[1]], int16(num(3+i, 10)))
		}
	}
	return err
}

// ROM is a memory of n bytes with the bytes that the stream gives.
func (s *Stream) ROM(n int) []byte {
	rom := make([]byte, n)
	s.patch(rom)
	return rom
}

func (s *Stream) patch(rom []byte) {
	for at, b := range s.bytes {
		copy(rom[at:], b)
	}
}

// SeededROM is a memory of n bytes filled from a seed of the stream (roma,
// romb, romo), with the bytes that the stream gives on top.
func (s *Stream) SeededROM(seed string, n int) []byte {
	rom := make([]byte, n)
	add := s.Seeds[seed]
	for a := range rom {
		h := uint32(a)*2654435761 + add
		h ^= h >> 15
		h *= 2246822519
		h ^= h >> 13
		v := byte(h)
		switch a >> 12 & 3 {
		case 1:
			v &= 0xbb
		case 2:
			v &= 0x99
		case 3:
			v = 0xff
			if a&0x100 != 0 {
				v = 0x77
			}
		}
		rom[a] = v
	}
	s.patch(rom)
	return rom
}

// Tracks lists the stream's tracks.
func (s *Stream) Tracks() []string {
	var out []string
	for t := range s.crc {
		out = append(out, t)
	}
	return out
}

// Run plays the stream: act is called for every line at its position, advance
// makes the sample frames in between, interleaved over the given channels. The
// samples are compared with the track.
func (s *Stream) Run(t *testing.T, track string, channels int, act func(Line), advance func(out []int16)) {
	t.Helper()
	if len(s.crc[track]) == 0 {
		t.Fatalf("the stream has no track %q", track)
	}
	out := make([]int16, 0, s.Samples*channels)
	for _, l := range s.Lines {
		if n := l.Pos*channels - len(out); n > 0 && l.Pos <= s.Samples {
			out = out[:len(out)+n]
			advance(out[len(out)-n:])
		}
		act(l)
	}
	if n := s.Samples*channels - len(out); n > 0 {
		out = out[:len(out)+n]
		advance(out[len(out)-n:])
	}
	s.Compare(t, track, channels, out)
}

// Compare compares a whole track, and names the first difference as well as
// the recording allows.
func (s *Stream) Compare(t *testing.T, track string, channels int, out []int16) {
	t.Helper()
	size := BlockSize * channels
	wrong := 0
	var b []byte
	for k, want := range s.crc[track] {
		if k*size >= len(out) {
			t.Errorf("track %s: block %d is missing", track, k)
			continue
		}
		b = b[:0]
		for _, v := range out[k*size : min((k+1)*size, len(out))] {
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
		if crc32.ChecksumIEEE(b) != want {
			wrong++
		}
	}
	if wrong == 0 {
		return
	}
	where := "after the literal values"
	from := s.start[track] * channels
	for i, want := range s.values[track] {
		if from+i < len(out) && out[from+i] != want {
			where = fmt.Sprintf("at frame %d, channel %d: %d, want %d", (from+i)/channels, i%channels, out[from+i], want)
			break
		}
	}
	t.Errorf("track %s: %d of %d blocks differ, first %s", track, wrong, len(s.crc[track]), where)
}
