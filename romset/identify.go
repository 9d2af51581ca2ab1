package romset

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
)

// An Owner is a set and the name under which it has a file.
type Owner struct {
	Set  string `json:"set"`
	File string `json:"file"`
	SHA1 string `json:"sha1,omitempty"` // hexadecimal
	Bad  bool   `json:"bad,omitempty"`  // the dump is known to be bad
}

type dumpKey struct {
	crc  uint32
	size int64
}

// dumps maps every known file to the sets that have it, in the order of their names.
var dumps = sync.OnceValue(func() map[dumpKey][]*Set {
	m := map[dumpKey][]*Set{}
	for s := range Sets() {
		for i := range s.Files {
			f := &s.Files[i]
			if f.Status == NoDump || f.Size == 0 {
				continue
			}
			k := dumpKey{f.CRC, f.Size}
			if list := m[k]; len(list) == 0 || list[len(list)-1] != s {
				m[k] = append(list, s)
			}
		}
	}
	return m
})

// Identify returns the sets that have a file with this CRC-32 and size, parents first.
func Identify(crc uint32, size int64) []Owner {
	var parents, clones []Owner
	for _, s := range dumps()[dumpKey{crc, size}] {
		for i := range s.Files {
			f := &s.Files[i]
			if f.CRC != crc || f.Size != size || f.Status == NoDump {
				continue
			}
			o := Owner{Set: s.Name, File: f.Name, SHA1: fmt.Sprintf("%x", f.SHA1), Bad: f.Status == Bad}
			if s.Parent == "" {
				parents = append(parents, o)
			} else {
				clones = append(clones, o)
			}
			break
		}
	}
	return append(parents, clones...)
}

func identifyCRC(crc string, size int64) []Owner {
	var v uint32
	if _, err := fmt.Sscanf(crc, "%x", &v); err != nil {
		return nil
	}
	return Identify(v, size)
}

// describeOwners says whose file it is: "sf2ceua's", "sf2's s92_01.3a" or
// "kof99's, and that of 2 others".
func describeOwners(owners []Owner, _ string) string {
	o := owners[0]
	text := o.Set + "'s " + o.File
	if n := len(owners) - 1; n == 1 {
		text += ", and " + owners[1].Set + "'s"
	} else if n > 1 {
		text += fmt.Sprintf(", and that of %d other sets", n)
	}
	return text
}

func baseName(path string) string { return strings.TrimSuffix(filepath.Base(path), "/") }
