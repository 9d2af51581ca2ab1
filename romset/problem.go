package romset

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Kind says what is wrong with a file.
type Kind string

const (
	Missing       Kind = "missing"        // not found: the set does not run
	WrongSize     Kind = "wrong size"     // found with another length: the set does not run
	Unreadable    Kind = "unreadable"     // found, but damaged, encrypted or forbidden: the set does not run
	WrongChecksum Kind = "wrong checksum" // found with other content: the set runs, perhaps wrongly
	LogicSize     Kind = "logic device"   // the equations of a programmable logic device, which nothing reads, have another length: the set runs
	OptionalGone  Kind = "optional"       // not found, and not needed
	BadArchive    Kind = "bad archive"    // an archive that cannot be opened, or has names that lead out of it
	NeedsDisk     Kind = "disc image"     // the set needs a disc image, which is not supported
)

// A Problem is one thing that is wrong with the files of a set, and everything
// that its owner needs to know to put it right.
type Problem struct {
	Kind  Kind   `json:"kind"`
	Set   string `json:"set"`             // the set whose file it is (a device set perhaps)
	File  string `json:"file,omitempty"`  // the file's name in the database
	Size  int64  `json:"size,omitempty"`  // expected
	CRC   string `json:"crc,omitempty"`   // expected, eight hexadecimal digits
	SHA1  string `json:"sha1,omitempty"`  // expected
	Where string `json:"where,omitempty"` // the archive and the name in it that this is about

	FoundSize int64    `json:"found_size,omitempty"`
	FoundCRC  string   `json:"found_crc,omitempty"`
	Looked    []string `json:"looked,omitempty"` // archives and ROM paths that were searched
	Cause     string   `json:"cause,omitempty"`  // what went wrong, in words
	Hint      string   `json:"hint,omitempty"`   // what there is instead, and what to do
}

// Fatal reports whether the set does not run because of it.
func (p *Problem) Fatal() bool {
	switch p.Kind {
	case Missing, WrongSize, Unreadable, NeedsDisk:
		return true
	}
	return false
}

// Error describes the problem in one line.
func (p *Problem) Error() string {
	var b strings.Builder
	want := fmt.Sprintf("%d bytes", p.Size)
	if p.CRC != "" {
		want += ", CRC " + p.CRC
	}
	switch p.Kind {
	case Missing, OptionalGone:
		fmt.Fprintf(&b, "%s: missing %s (%s), looked in %s", p.Set, p.File, want, strings.Join(p.Looked, ", "))
	case WrongSize, LogicSize:
		fmt.Fprintf(&b, "%s: %s should have %s, but %s has %d bytes", p.Set, p.File, want, p.Where, p.FoundSize)
	case Unreadable:
		fmt.Fprintf(&b, "%s: %s (%s) cannot be read from %s: %s", p.Set, p.File, want, p.Where, p.Cause)
	case WrongChecksum:
		fmt.Fprintf(&b, "%s: %s should have CRC %s, but %s has CRC %s", p.Set, p.File, p.CRC, p.Where, p.FoundCRC)
	case BadArchive:
		if p.Set != "" {
			b.WriteString(p.Set + ": ")
		}
		fmt.Fprintf(&b, "%s: %s", p.Where, p.Cause)
	case NeedsDisk:
		fmt.Fprintf(&b, "%s: needs the disc image %s.chd; sets on disc are not supported", p.Set, p.File)
	}
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// A LoadError says why a set cannot run.
type LoadError struct {
	Set      string
	Problems []Problem // all that were found, the fatal ones first
}

func (e *LoadError) Error() string {
	var lines []string
	rest := 0
	for i := range e.Problems { // an archive that cannot be opened explains the rest
		if e.Problems[i].Kind == BadArchive && len(lines) < 4 {
			lines = append(lines, e.Problems[i].Error())
		}
	}
	shown := 0
	for i := range e.Problems {
		if !e.Problems[i].Fatal() {
			continue
		}
		if shown == 8 {
			rest++
			continue
		}
		shown++
		lines = append(lines, e.Problems[i].Error())
	}
	if rest > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more files", e.Set, rest))
	}
	return strings.Join(lines, "\n")
}

func crcText(crc uint32) string { return fmt.Sprintf("%08x", crc) }

// expect fills in what the database says of f.
func (p Problem) expect(f *File) Problem {
	p.File, p.Size = f.Name, f.Size
	if f.Status != NoDump && f.CRC != 0 {
		p.CRC = crcText(f.CRC)
	}
	p.SHA1 = hex.EncodeToString([]byte(f.SHA1))
	return p
}
