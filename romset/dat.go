package romset

import (
	"bufio"
	"fmt"
	"io"
)

// DAT describes a Logiqx data file.
type DAT struct {
	Name        string
	Description string
	Version     string
	Author      string
}

func (d DAT) open(w io.Writer) *xmlWriter {
	x := &xmlWriter{w: bufio.NewWriter(w)}
	x.w.WriteString("<?xml version=\"1.0\"?>\n")
	x.w.WriteString("<!DOCTYPE datafile PUBLIC \"-//Logiqx//DTD ROM Management Datafile//EN\" \"http://www.logiqx.com/Dats/datafile.dtd\">\n\n")
	x.open("datafile", nil)
	x.open("header", nil)
	x.text("name", nil, d.Name)
	x.text("description", nil, d.Description)
	x.text("version", nil, d.Version)
	x.text("author", nil, d.Author)
	x.close()
	return x
}

func (x *xmlWriter) game(s *Set, body func()) {
	// the format knows no devices: they are games that other games need
	x.open("game", attrs{"name", s.Name, "sourcefile", s.Source, "isbios", yes(s.IsBIOS), "cloneof", s.Parent, "romof", s.RomOf})
	x.text("description", nil, s.Description)
	if s.Year != "" {
		x.text("year", nil, s.Year)
	}
	if s.Manufacturer != "" {
		x.text("manufacturer", nil, s.Manufacturer)
	}
	body()
	x.close()
}

func (x *xmlWriter) datROM(f *File) {
	crc := ""
	if f.Status != NoDump {
		crc = crcText(f.CRC)
	}
	x.leaf("rom", attrs{"name", f.Name, "size", dec(f.Size), "crc", crc, "sha1", hexText(f.SHA1), "merge", f.Merge, "status", dumpText(f.Status)})
}

// WriteDAT writes sets, and the devices that they need files of, as a Logiqx
// data file for ROM managers.
func WriteDAT(w io.Writer, d DAT, sets []*Set) error {
	x := d.open(w)
	done := map[string]bool{}
	add := func(s *Set) {
		if done[s.Name] || len(s.Files)+len(s.Disks) == 0 {
			return
		}
		done[s.Name] = true
		x.game(s, func() {
			for _, b := range s.BIOSes {
				x.leaf("biosset", attrs{"name", b.Name, "description", b.Description, "default", yes(b.Default)})
			}
			seen := map[string]bool{}
			for i := range s.Files {
				if f := &s.Files[i]; !seen[f.Name] {
					seen[f.Name] = true
					x.datROM(f)
				}
			}
			for _, k := range s.Disks {
				x.leaf("disk", attrs{"name", k.Name, "sha1", hexText(k.SHA1), "merge", k.Merge, "status", dumpText(k.Status)})
			}
		})
	}
	for _, s := range sets {
		add(s)
	}
	for _, s := range sets {
		for _, dev := range s.DeviceSets() {
			add(dev)
		}
	}
	x.close()
	return x.w.Flush()
}

// WriteFix writes the files that are missing or wrong in reports as a Logiqx
// data file, which ROM managers take as a list of what to look for. It returns
// how many files are in it.
func WriteFix(w io.Writer, d DAT, reports []*Report) (int, error) {
	x := d.open(w)
	total := 0
	done := map[string]bool{}
	for _, r := range reports {
		bySet := map[string][]*FileReport{}
		var order []string
		for i := range r.Files {
			f := &r.Files[i]
			key := f.Set + "/" + f.File
			if f.State.OK() || done[key] {
				continue
			}
			done[key] = true
			if bySet[f.Set] == nil {
				order = append(order, f.Set)
			}
			bySet[f.Set] = append(bySet[f.Set], f)
		}
		for _, name := range order {
			s, ok := Lookup(name)
			if !ok {
				return total, fmt.Errorf("no set %s", name)
			}
			x.game(s, func() {
				for _, f := range bySet[name] {
					for i := range s.Files {
						if s.Files[i].Name == f.File {
							x.datROM(&s.Files[i])
							total++
							break
						}
					}
				}
			})
		}
	}
	x.close()
	return total, x.w.Flush()
}
