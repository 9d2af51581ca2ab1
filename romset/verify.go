package romset

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"sort"
	"sync"
)

// A Verdict is the judgement on the files of a set.
type Verdict string

const (
	VerdictGood       Verdict = "good"           // every file is there and as it should be
	VerdictBest       Verdict = "best available" // so is every file that anybody has; some chips are badly read, or not at all
	VerdictIncomplete Verdict = "incomplete"     // files are missing
	VerdictBad        Verdict = "bad"            // files have wrong content, or cannot be read
	VerdictNotFound   Verdict = "not found"      // nothing of the set is there
)

// State is the judgement on one file.
type State string

const (
	StateGood       State = "good"
	StateBadDump    State = "bad dump"   // as expected, but known to be badly read: nobody has better
	StateNoDump     State = "no dump"    // nobody has read this chip
	StateRenamed    State = "other name" // right content under another name: found all the same
	StateMissing    State = "missing"    //
	StateOptional   State = "missing, optional"
	StateOtherBIOS  State = "missing, other BIOS" // belongs to a BIOS choice that is not the default
	StateSize       State = "wrong size"
	StateChecksum   State = "wrong checksum"
	StateUnreadable State = "unreadable"
)

// A FileReport tells about one file of a set.
type FileReport struct {
	Set       string   `json:"set"`  // the set that lists it: the one asked about, or a device
	File      string   `json:"file"` // expected name
	Size      int64    `json:"size"`
	CRC       string   `json:"crc,omitempty"`
	SHA1      string   `json:"sha1,omitempty"`
	BIOS      string   `json:"bios,omitempty"`
	State     State    `json:"state"`
	Where     string   `json:"where,omitempty"` // archive and name in it
	Found     string   `json:"found,omitempty"` // name in the archive
	FoundSize int64    `json:"found_size,omitempty"`
	FoundCRC  string   `json:"found_crc,omitempty"`
	FoundSHA1 string   `json:"found_sha1,omitempty"`
	Is        []Owner  `json:"is,omitempty"`     // whose file it is, if it is known but not the right one
	Cause     string   `json:"cause,omitempty"`  // why it cannot be read
	Looked    []string `json:"looked,omitempty"` // where a missing file was looked for
}

// OK reports whether a file in this state takes nothing from the set's verdict.
func (s State) OK() bool {
	switch s {
	case StateMissing, StateSize, StateChecksum, StateUnreadable:
		return false
	}
	return true
}

// A Report tells about a set and all of its files.
type Report struct {
	Set         string       `json:"set"`
	Description string       `json:"description"`
	Verdict     Verdict      `json:"verdict"`
	Files       []FileReport `json:"files"`
	Archives    []Problem    `json:"archives,omitempty"` // archives that cannot be opened, or have what should not be in them
	NeedsDisk   bool         `json:"needs_disk,omitempty"`
}

// A Verifier judges sets by reading their files. It remembers what it read,
// as clones share files with their parents.
type Verifier struct {
	finder *Finder
	shelf  *shelf
	mu     sync.Mutex
	read   map[*archiveEntry]contents
}

// contents is what reading an entry showed.
type contents struct {
	size   int64
	crc    uint32
	sha1   string
	err    error
	unread bool // the checksum is not known
}

// NewVerifier returns a Verifier for the archives of a Finder. Close it.
func NewVerifier(f *Finder) *Verifier {
	return &Verifier{finder: f, shelf: f.shelf(), read: map[*archiveEntry]contents{}}
}

// Close closes the archives that were opened.
func (v *Verifier) Close() { v.shelf.close() }

// Verify judges a set.
func (v *Verifier) Verify(s *Set) *Report {
	v.mu.Lock()
	defer v.mu.Unlock()
	return judge(v.shelf, s, v.readAll)
}

// states judges the files of a set by the lists of its archives: like judge,
// without the report.
func states(sh *shelf, s *Set) (Verdict, []State) {
	files := s.AllFiles()
	list := make([]State, len(files))
	bios := s.DefaultBIOS()
	own, ownFound := 0, 0
	var archives []*openArchive
	var of *Set
	for i, f := range files {
		if f.Set != of {
			archives, of = sh.among(searchOrder(s, f.Set)), f.Set
		}
		var m match
		if f.Size > 0 {
			m = find(archives, f.Set, f.File)
			if f.Set == s && f.Merge == "" {
				own++
				if m.entry != nil {
					ownFound++
				}
			}
		}
		list[i], _ = stateOf(s, f, m, nil, bios)
	}
	v := verdict(list)
	if v == VerdictIncomplete && ownFound == 0 && own > 0 && !anyBroken(sh, s) {
		v = VerdictNotFound
	}
	return v, list
}

// judge reports on a set. readAll is called with the entries found, and tells
// what is in them; without it the archives' own lists are believed.
func judge(sh *shelf, s *Set, readAll func([]*archiveEntry, []SetFile) map[*archiveEntry]contents) *Report {
	r := &Report{Set: s.Name, Description: s.Description}
	for _, d := range s.Disks {
		r.NeedsDisk = r.NeedsDisk || !d.Optional && d.Status != NoDump
	}
	files := s.AllFiles()
	found := make([]match, len(files))
	var entries []*archiveEntry
	var of []SetFile
	for i, f := range files {
		if f.Size == 0 {
			continue
		}
		found[i] = find(sh.among(searchOrder(s, f.Set)), f.Set, f.File)
		if e := found[i].entry; e != nil {
			entries = append(entries, e)
			of = append(of, f)
		}
	}
	var read map[*archiveEntry]contents
	if readAll != nil {
		read = readAll(entries, of)
	}
	own, ownFound := 0, 0
	bios := s.DefaultBIOS()
	for i, f := range files {
		r.Files = append(r.Files, fileReport(sh, s, f, found[i], read, bios))
		if f.Set == s && f.Merge == "" && f.Size > 0 {
			own++
			if found[i].entry != nil {
				ownFound++
			}
		}
	}
	states := make([]State, len(r.Files))
	for i := range r.Files {
		states[i] = r.Files[i].State
	}
	r.Verdict = verdict(states)
	if r.Verdict == VerdictIncomplete && ownFound == 0 && own > 0 && !anyBroken(sh, s) {
		r.Verdict = VerdictNotFound
	}
	for _, set := range searchOrder(s, s) {
		for _, a := range sh.archives(set) {
			r.Archives = append(r.Archives, a.complaints(r.Verdict == VerdictIncomplete || r.Verdict == VerdictNotFound)...)
		}
	}
	return r
}

// anyBroken reports whether an archive named after the set cannot be opened.
func anyBroken(sh *shelf, s *Set) bool {
	for _, a := range sh.archives(s.Name) {
		if a.err != nil {
			return true
		}
	}
	return false
}

// stateOf judges one file by what was found. read has what reading showed; for
// entries that are not in it the archive's list is believed.
func stateOf(s *Set, f SetFile, m match, read map[*archiveEntry]contents, bios string) (State, contents) {
	other := f.BIOS != "" && f.Set == s && f.BIOS != bios
	e := m.entry
	if e == nil {
		switch {
		case f.Status == NoDump:
			return StateNoDump, contents{}
		case other:
			return StateOtherBIOS, contents{}
		case f.Optional:
			return StateOptional, contents{}
		}
		return StateMissing, contents{}
	}
	got := contents{size: e.size, crc: e.crc, err: e.broken, unread: !e.hasCRC}
	if c, ok := read[e]; ok {
		got = c
	}
	state := compareFile(f, m, got)
	if other && (state == StateSize || state == StateChecksum || state == StateUnreadable) {
		state = StateOtherBIOS // a spare BIOS does not spoil a set
	}
	return state, got
}

func compareFile(f SetFile, m match, got contents) State {
	known := f.Status != NoDump && (f.CRC != 0 || f.SHA1 != "")
	var size *sizeError
	switch {
	case f.Status == NoDump: // whatever it is, nobody knows better
		return StateNoDump
	case errors.As(got.err, &size):
		return StateSize
	case got.err != nil:
		return StateUnreadable
	case got.size != f.Size:
		return StateSize
	case known && got.unread:
		return StateUnreadable
	case known && (got.crc != f.CRC || got.sha1 != "" && f.SHA1 != "" && got.sha1 != f.SHA1):
		return StateChecksum
	case f.Status == Bad:
		return StateBadDump
	case m.how == ByCRC:
		return StateRenamed
	}
	return StateGood
}

func fileReport(sh *shelf, s *Set, f SetFile, m match, read map[*archiveEntry]contents, bios string) FileReport {
	r := FileReport{Set: f.Set.Name, File: f.Name, Size: f.Size, BIOS: f.BIOS, SHA1: hex.EncodeToString([]byte(f.SHA1))}
	if f.Status != NoDump && (f.CRC != 0 || f.SHA1 != "") {
		r.CRC = crcText(f.CRC)
	}
	var got contents
	r.State, got = stateOf(s, f, m, read, bios)
	if m.entry == nil {
		if r.State == StateMissing {
			r.Looked = sh.looked(searchOrder(s, f.Set))
		}
		return r
	}
	e := m.entry
	r.Where, r.Found, r.FoundSize = e.where(), e.name, got.size
	if got.err == nil && !got.unread {
		r.FoundCRC = crcText(got.crc)
		r.FoundSHA1 = hex.EncodeToString([]byte(got.sha1))
	}
	var size *sizeError
	switch {
	case errors.As(got.err, &size) && size.longer:
		r.FoundSize = max(size.got+1, e.size)
	case errors.As(got.err, &size):
		r.FoundSize = size.got
	case got.err != nil:
		r.Cause = explainOpen(got.err).Error()
	}
	if (r.State == StateChecksum || r.State == StateSize) && r.FoundCRC != "" {
		r.Is = Identify(got.crc, got.size)
	}
	return r
}

// verdict sums up a set's files.
func verdict(files []State) Verdict {
	v := VerdictGood
	missing := false
	for _, s := range files {
		switch s {
		case StateSize, StateChecksum, StateUnreadable:
			return VerdictBad
		case StateMissing:
			missing = true
		case StateBadDump, StateNoDump:
			v = VerdictBest
		}
	}
	if missing {
		return VerdictIncomplete
	}
	return v
}

// readAll reads entries, each archive once and in its order. No more is
// unpacked than the database says there should be.
func (v *Verifier) readAll(entries []*archiveEntry, files []SetFile) map[*archiveEntry]contents {
	limit := map[*archiveEntry]int64{}
	byArchive := map[*openArchive][]*archiveEntry{}
	for i, e := range entries {
		if _, done := v.read[e]; done {
			continue
		}
		if _, seen := limit[e]; !seen {
			byArchive[e.archive] = append(byArchive[e.archive], e)
		}
		limit[e] = max(limit[e], files[i].Size)
	}
	archives := make([]*openArchive, 0, len(byArchive))
	for a := range byArchive {
		archives = append(archives, a)
	}
	sort.Slice(archives, func(i, j int) bool { return archives[i].path < archives[j].path })
	for _, a := range archives {
		a.reader().read(byArchive[a], func(e *archiveEntry, r io.Reader, err error) error {
			if err == nil {
				v.read[e] = digest(r, e.size, limit[e])
			} else {
				v.read[e] = contents{size: e.size, err: err}
			}
			return nil
		})
	}
	return v.read
}

// digest computes checksums of a stream that should have size bytes, of which
// no more than limit are unpacked.
func digest(r io.Reader, size, limit int64) contents {
	crc, sha := crc32.NewIEEE(), sha1.New()
	n, err := io.Copy(io.MultiWriter(crc, sha), io.LimitReader(r, limit))
	if err == nil {
		var one [1]byte
		k, e := r.Read(one[:])
		switch {
		case k > 0 && size <= limit: // longer than its archive says
			err = damagedError{}
		case k > 0:
			return contents{size: size, err: &sizeError{limit, true}}
		case e != nil && e != io.EOF:
			err = e
		case n != size:
			err = &sizeError{n, false}
		}
	}
	if err != nil {
		return contents{size: n, err: err}
	}
	return contents{size: n, crc: crc.Sum32(), sha1: string(sha.Sum(nil))}
}
