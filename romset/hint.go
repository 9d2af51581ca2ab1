package romset

import "fmt"

// hints adds to fatal problems what there is in place of the missing file: an
// entry of the set's own archive that belongs to another set, say.
func (l *loader) hints() {
	used := map[*archiveEntry]bool{}
	for _, m := range l.found {
		if m.entry != nil {
			used[m.entry] = true
		}
	}
	for i := range l.problems {
		p := &l.problems[i]
		switch p.Kind {
		case WrongSize, WrongChecksum:
			p.Hint = l.identityOf(p)
		case Missing:
			p.Hint = l.instead(p, used)
		}
	}
}

// identityOf says what the file that was found in place of the right one is.
func (l *loader) identityOf(p *Problem) string {
	if p.FoundCRC == "" {
		return ""
	}
	if owners := identifyCRC(p.FoundCRC, p.FoundSize); len(owners) > 0 {
		return "that is " + describeOwners(owners, l.set.Parent)
	}
	if p.Kind == WrongSize {
		return "it is cut off, padded or of another version: find one that fits"
	}
	return ""
}

// instead looks in the set's own archives for a file that nobody used and
// whose name resembles the missing one's.
func (l *loader) instead(p *Problem, used map[*archiveEntry]bool) string {
	var best *archiveEntry
	cost := 1 << 30
	for _, a := range l.shelf.archives(p.Set) {
		for _, e := range a.list {
			if used[e] {
				continue
			}
			d := distance(e.base(), p.File)
			if e.size != p.Size {
				d += 3
			}
			if d < cost && d <= 2+len(p.File)/2 {
				best, cost = e, d
			}
		}
	}
	if best == nil {
		if others := l.shelf.archives(p.Set); len(others) == 0 && p.Set != l.set.Name {
			return fmt.Sprintf("it belongs in %s.zip", p.Set)
		}
		return ""
	}
	crc, ok := best.checksum()
	if !ok {
		return ""
	}
	text := fmt.Sprintf("your %s has %s with CRC %s", baseName(best.archive.path), best.name, crcText(crc))
	if owners := identifyCRC(crcText(crc), best.size); len(owners) > 0 {
		text += ": that is " + describeOwners(owners, l.set.Parent)
	}
	return text
}
