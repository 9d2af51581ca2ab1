package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arcade/cmd/arcade/load"
	"arcade/romset"
)

type regionsCmd struct {
	Sets    []string `arg:"" help:"Names of sets."`
	Rompath []string `help:"Folder with ROM sets (folders, zip, 7z); may be repeated." placeholder:"DIR" sep:"none"`
	Space   []string `help:"Address range of a CPU to show too, such as maincpu/decrypted_opcodes@0+400000; may be repeated." placeholder:"SPEC" sep:"none"`
	Save    string   `help:"Also write each region to DIR/SET/REGION.bin." placeholder:"DIR"`
}

func (*regionsCmd) Help() string {
	return `Prints "SET REGION SIZE SHA1" for every memory region, as it is after interleaving, swapping and decryption.

Example: arcade regions sf2 puckman --rompath roms`
}

func (c *regionsCmd) Run() error {
	for _, name := range c.Sets {
		set, err := load.Lookup(name)
		if err != nil {
			return fail(exitROMs, err)
		}
		loaded, err := romset.Load(set, romPaths(c.Rompath), romset.Options{})
		if err != nil {
			return fail(exitROMs, err)
		}
		regions := loaded.Regions
		for _, spec := range c.Space {
			b, err := loaded.Space(spec)
			if err != nil {
				return fail(exitUsage, err)
			}
			regions[spec] = b
		}
		var names []string
		for n := range regions {
			names = append(names, n)
		}
		slices.Sort(names)
		for _, n := range names {
			fmt.Println(set.Name, n, len(regions[n]), hexSum(regions[n]))
			if c.Save == "" {
				continue
			}
			dir := filepath.Join(c.Save, set.Name)
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return fail(exitHost, err)
			}
			file := strings.NewReplacer("/", "_", ":", ".").Replace(n) + ".bin"
			if err := os.WriteFile(filepath.Join(dir, file), regions[n], 0o666); err != nil {
				return fail(exitHost, err)
			}
		}
	}
	return nil
}
