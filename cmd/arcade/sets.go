package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arcade/cmd/arcade/load"
	gale "arcade/game"
	"arcade/machine"
	"arcade/romset"

	"github.com/adrg/xdg"
)

// selection is what verbs about sets have in common.
type selection struct {
	Sets    []string `arg:"" optional:"" help:"Names of sets, or patterns such as sf2*. None: all that are there, or all."`
	Rompath []string `help:"Folder with ROM sets (folders, zip, 7z); may be repeated." placeholder:"DIR" sep:"none"`
	JSON    bool     `name:"json" help:"Print JSON."`
}

// own is the game that comes with the program.
func own() romset.Title {
	return romset.Title{Name: gale.Name, Description: gale.Title, Year: gale.Year, Manufacturer: gale.Maker, Status: "good"}
}

// boardOf is the set on whose board a set runs.
func boardOf(set string) string {
	if set == gale.Name {
		return gale.Host
	}
	return set
}

// titles are the sets that the patterns name, by name.
func (s *selection) titles() ([]romset.Title, error) {
	if len(s.Sets) == 0 {
		return append([]romset.Title{own()}, romset.All()...), nil
	}
	var out []romset.Title
	for _, pattern := range s.Sets {
		if !strings.ContainsAny(pattern, "*?[") {
			set, err := load.Lookup(pattern)
			if err != nil {
				return nil, fail(exitROMs, err)
			}
			title, ok := romset.LookupTitle(set.Name)
			if !ok {
				title = own()
			}
			out = append(out, title)
			continue
		}
		found, err := romset.Match(pattern)
		if err != nil {
			return nil, fail(exitUsage, fmt.Errorf("%q is not a pattern: %w", pattern, err))
		}
		if len(found) == 0 {
			return nil, fail(exitROMs, fmt.Errorf("no set fits %q", pattern))
		}
		out = append(out, found...)
	}
	return out, nil
}

// found are the sets that are named, or else those of which a file is there.
func (s *selection) found(finder *romset.Finder) ([]*romset.Set, error) {
	titles, err := s.titles()
	if err != nil {
		return nil, err
	}
	var out []*romset.Set
	for _, t := range titles {
		if len(s.Sets) == 0 && !finder.Has(t.Name) {
			continue
		}
		if set, err := load.Lookup(t.Name); err == nil {
			out = append(out, set)
		}
	}
	return out, nil
}

func printJSON(v any) error {
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", "  ")
	return fail(exitHost, e.Encode(v))
}

type listCmd struct {
	selection
	Playable bool `help:"Only sets whose files are there and whose board is emulated."`
}

func (*listCmd) Help() string {
	return `Lists sets, clones indented under their parents: name, year, description, and whether the set can be played. A set is
"ready" if its files are there and its board is emulated.

Example: arcade list "sf2*" --rompath roms`
}

type listed struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Year        string `json:"year"`
	Maker       string `json:"manufacturer"`
	Parent      string `json:"parent,omitempty"`
	Board       string `json:"board,omitempty"` // empty: not emulated
	Files       bool   `json:"files"`           // an archive or folder of the set is there
}

func (l *listed) state() string {
	switch {
	case l.Board != "" && l.Files:
		return "ready"
	case l.Board != "":
		return "no files"
	case l.Files:
		return "no board yet"
	}
	return ""
}

func (c *listCmd) Run() error {
	titles, err := c.titles()
	if err != nil {
		return err
	}
	finder := romPaths(c.Rompath)
	var rows []listed
	for _, t := range titles {
		if t.IsDevice || t.IsBIOS {
			continue
		}
		l := listed{Name: t.Name, Description: t.Description, Year: t.Year, Maker: t.Manufacturer, Parent: t.Parent, Files: finder.Has(t.Name)}
		l.Files = l.Files || t.Name == gale.Name // it is always here
		if d, ok := machine.FindDriver(boardOf(t.Name)); ok {
			l.Board = d.Name
		}
		if !c.Playable || l.state() == "ready" {
			rows = append(rows, l)
		}
	}
	// Clones come after their parents.
	slices.SortStableFunc(rows, func(a, b listed) int { return strings.Compare(family(a), family(b)) })
	if c.JSON {
		return printJSON(rows)
	}
	for _, l := range rows {
		indent := ""
		if l.Parent != "" {
			indent = "  "
		}
		fmt.Printf("%-16s %-5s %-70s %s\n", indent+l.Name, l.Year, l.Description, l.state())
	}
	return nil
}

func family(l listed) string {
	if l.Parent != "" {
		return l.Parent + "\x01" + l.Name
	}
	return l.Name
}

type infoCmd struct{ selection }

func (*infoCmd) Help() string {
	return `Shows what the ROM database knows of sets: files, BIOS choices, DIP switches, screen, controls.

Example: arcade info sf2`
}

func (c *infoCmd) Run() error {
	if len(c.Sets) == 0 {
		return fail(exitUsage, fmt.Errorf("name a set, such as sf2"))
	}
	sets, err := c.found(romPaths(c.Rompath))
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(sets)
	}
	for _, s := range sets {
		printInfo(s)
	}
	return nil
}

func printInfo(s *romset.Set) {
	fmt.Printf("%s: %s\n%s, %s; %s", s.Name, s.Description, s.Year, s.Manufacturer, s.Source)
	if s.Parent != "" {
		fmt.Printf("; clone of %s", s.Parent)
	}
	if d, ok := machine.FindDriver(boardOf(s.Name)); ok {
		fmt.Printf("; board %s\n", d.Name)
	} else {
		fmt.Println("; its board is not emulated yet")
	}
	for _, d := range s.Displays {
		fmt.Printf("screen  %dx%d at %s Hz, turned by %d degrees\n", d.Width, d.Height, d.Refresh, d.Rotate)
	}
	for _, b := range s.BIOSes {
		mark := ""
		if b.Default {
			mark = " (default)"
		}
		fmt.Printf("BIOS    %s: %s%s\n", b.Name, b.Description, mark)
	}
	for i, d := range slices.Concat(s.DIPs, s.Configs) {
		kind := "DIP"
		if i >= len(s.DIPs) {
			kind = "jumper" // on the board, not for the operator
		}
		var values []string
		for _, v := range d.Values {
			name := v.Name
			if v.Default {
				name += "*"
			}
			values = append(values, name)
		}
		fmt.Printf("%-7s %s: %s\n", kind, d.Name, strings.Join(values, ", "))
	}
	for _, f := range s.Files {
		fmt.Printf("file    %-24s %8d bytes  CRC %08x  %s\n", f.Name, f.Size, f.CRC, f.Region)
	}
}

type verifyCmd struct {
	selection
	Verbose bool `short:"v" help:"Show every file, not only what is wrong."`
}

func (*verifyCmd) Help() string {
	return `Checks the files of sets: good, best available (only files are missing that nobody has), incomplete or bad; for what is
wrong, the expected and the found file and where it was. Without names, all sets that are there. Exit code 0 if all
are good or best available, 1 if a set is incomplete, bad or not there, 3 if a name is no set's.

Example: arcade verify "sf2*" --rompath roms`
}

func (c *verifyCmd) Run() error {
	finder := romPaths(c.Rompath)
	sets, err := c.found(finder)
	if err != nil {
		return err
	}
	v := romset.NewVerifier(finder)
	defer v.Close()
	bar := newProgress(len(sets), "sets")
	var reports []*romset.Report
	for i, s := range sets {
		reports = append(reports, v.Verify(s))
		bar.set(i + 1)
	}
	bar.done()
	bad := 0
	for _, r := range reports {
		if !goodEnough(r.Verdict) {
			bad++
		}
	}
	if c.JSON {
		if err := printJSON(reports); err != nil {
			return err
		}
	} else {
		for _, r := range reports {
			fmt.Printf("%s: %s\n", r.Set, r.Verdict)
			for i := range r.Files {
				if f := &r.Files[i]; c.Verbose || !f.State.OK() {
					fmt.Printf("    %s: %s\n", f.File, describeFile(f))
				}
			}
			for i := range r.Archives {
				fmt.Printf("    %s\n", r.Archives[i].Error())
			}
		}
		fmt.Printf("%d of %d sets are good\n", len(reports)-bad, len(reports))
	}
	if bad > 0 {
		return fail(exitCheck, fmt.Errorf("%d sets are incomplete or bad", bad))
	}
	return nil
}

func goodEnough(v romset.Verdict) bool {
	return v == romset.VerdictGood || v == romset.VerdictBest
}

func describeFile(f *romset.FileReport) string {
	s := fmt.Sprintf("%s; expected %d bytes, CRC %s", f.State, f.Size, f.CRC)
	if f.Found != "" {
		s += fmt.Sprintf("; found %s with %d bytes, CRC %s", f.Found, f.FoundSize, f.FoundCRC)
	}
	if f.Where != "" {
		s += " in " + f.Where
	}
	var owners []string
	for _, o := range f.Is {
		owners = append(owners, o.File+" of "+o.Set)
	}
	if len(owners) > 0 {
		s += "; that is " + strings.Join(owners[:min(3, len(owners))], ", ")
	}
	if f.Cause != "" {
		s += "; " + f.Cause
	}
	return s
}

type identCmd struct {
	Files []string `arg:"" help:"Files, archives or folders."`
	JSON  bool     `name:"json" help:"Print JSON."`
}

func (*identCmd) Help() string {
	return `Says of which sets files are, by their content. Exit code 0 if one is known, 1 if none is, 4 if one is not there.

Example: arcade ident unknown.zip`
}

func (c *identCmd) Run() error {
	for _, f := range c.Files {
		if _, err := os.Stat(f); err != nil {
			return fail(exitInput, err)
		}
	}
	all := romset.Ident(c.Files...)
	known := 0
	for _, id := range all {
		if len(id.Owners) > 0 {
			known++
		}
	}
	if c.JSON {
		if err := printJSON(all); err != nil {
			return err
		}
	} else {
		for _, id := range all {
			var owners []string
			for _, o := range id.Owners {
				owners = append(owners, o.Set+"/"+o.File)
			}
			text := strings.Join(owners, " ")
			switch {
			case id.Error != "":
				text = id.Error
			case text == "":
				text = "not known"
			}
			fmt.Printf("%s %s: %s\n", id.Path, id.Name, text)
		}
		fmt.Printf("%d of %d files are known\n", known, len(all))
	}
	if known == 0 {
		return fail(exitCheck, fmt.Errorf("no file is known"))
	}
	return nil
}

type listxmlCmd struct{ selection }

func (*listxmlCmd) Help() string {
	return `Writes what the ROM database knows of sets as XML, in MAME's format; with --json, the same as JSON.

Example: arcade listxml sf2 puckman`
}

func (c *listxmlCmd) Run() error {
	titles, err := c.titles()
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(setsOf(titles))
	}
	return fail(exitHost, romset.WriteListXML(os.Stdout, "arcade "+versionString(), setsOf(titles)))
}

func setsOf(titles []romset.Title) []*romset.Set {
	var out []*romset.Set
	for _, t := range titles {
		if set, ok := romset.Lookup(t.Name); ok {
			out = append(out, set)
		}
	}
	return out
}

type datCmd struct{ selection }

func (*datCmd) Help() string {
	return `Writes a Logiqx DAT file of sets, for ROM managers; with --json, a list of sets and their files.

Example: arcade dat > arcade.dat`
}

// datSet is what dat --json tells of a set.
type datSet struct {
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Parent      string        `json:"parent,omitempty"`
	RomOf       string        `json:"rom_of,omitempty"`
	Files       []romset.File `json:"files"`
	Disks       []romset.Disk `json:"disks,omitempty"`
}

func datHeader() romset.DAT {
	return romset.DAT{Name: "arcade", Description: "arcade " + versionString(), Version: versionString(), Author: "arcade"}
}

func (c *datCmd) Run() error {
	titles, err := c.titles()
	if err != nil {
		return err
	}
	if c.JSON {
		list := []datSet{}
		for _, set := range setsOf(titles) {
			list = append(list, datSet{set.Name, set.Description, set.Parent, set.RomOf, set.Files, set.Disks})
		}
		return printJSON(list)
	}
	return fail(exitHost, romset.WriteDAT(os.Stdout, datHeader(), setsOf(titles)))
}

type missingCmd struct{ selection }

func (*missingCmd) Help() string {
	return `Writes a DAT file of what is missing or bad in sets: a fix list for ROM managers; with --json, a list of those
files, with what was found in their place.

Example: arcade missing "sf2*" --rompath roms > fix.dat`
}

func (c *missingCmd) Run() error {
	finder := romPaths(c.Rompath)
	sets, err := c.found(finder)
	if err != nil {
		return err
	}
	v := romset.NewVerifier(finder)
	defer v.Close()
	var reports []*romset.Report
	for _, s := range sets {
		reports = append(reports, v.Verify(s))
	}
	if c.JSON {
		list := []romset.FileReport{}
		for _, r := range reports {
			for _, f := range r.Files {
				if !f.State.OK() {
					list = append(list, f)
				}
			}
		}
		return printJSON(list)
	}
	n, err := romset.WriteFix(os.Stdout, datHeader(), reports)
	if err != nil {
		return fail(exitHost, err)
	}
	fmt.Fprintf(os.Stderr, "arcade: %d files are missing in %d sets\n", n, len(sets))
	return nil
}

type scanCmd struct {
	Rompath []string `help:"Folder with ROM sets (folders, zip, 7z); may be repeated." placeholder:"DIR" sep:"none"`
	JSON    bool     `name:"json" help:"Print JSON."`
}

func (*scanCmd) Help() string {
	return `Looks through the ROM folders and remembers what is there, so that the next look is quick; prints the sets that are
complete, and warns of archives that cannot be opened. Only lists of archives are read: verify reads the files.

Example: arcade scan --rompath roms`
}

func (c *scanCmd) Run() error {
	file := filepath.Join(xdg.CacheHome, "arcade", "index")
	x := romset.OpenIndex(file)
	var bar progress
	begun := false
	collection, err := x.Scan(context.Background(), romPaths(c.Rompath), func(done, total int) {
		if !begun {
			bar, begun = newProgress(total, "archives"), true
		}
		bar.set(done)
	})
	bar.done()
	if err != nil {
		return fail(exitHost, err)
	}
	if err := x.Save(); err != nil {
		fmt.Fprintf(os.Stderr, "arcade: warning: the index was not saved: %v\n", err)
	}
	if c.JSON {
		return printJSON(collection)
	}
	for i := range collection.Problems {
		fmt.Fprintf(os.Stderr, "arcade: warning: %s\n", collection.Problems[i].Error())
	}
	ready := 0
	for i := range collection.Sets {
		s := &collection.Sets[i]
		if !s.Playable() {
			continue
		}
		ready++
		fmt.Printf("%-16s %s\n", s.Title.Name, s.Title.Description)
	}
	fmt.Printf("%d of %d sets that were found are complete\n", ready, len(collection.Sets))
	return nil
}
