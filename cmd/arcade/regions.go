package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arcade/romset"
)

type regionsCmd struct {
	selection
	BIOS  string   `name:"bios" help:"BIOS to load; arcade info SET lists them." placeholder:"NAME"`
	Space []string `help:"Address range of a CPU to show too, such as maincpu/decrypted_opcodes@0+400000; may be repeated." placeholder:"SPEC" sep:"none"`
	Save  string   `help:"Also write each region to DIR/SET/REGION.bin." placeholder:"DIR"`
}

func (*regionsCmd) Help() string {
	return `Prints "SET REGION SIZE SHA1" for every memory region, as it is after interleaving, swapping and decryption. With
--json, a list of objects with "set", "region", "size" and "sha1". Exit code 3 if files are missing.

Example: arcade regions sf2 puckman --rompath roms`
}

// regionLine is what is said of a region or space.
type regionLine struct {
	Set    string `json:"set"`
	Region string `json:"region"`
	Size   int    `json:"size"`
	SHA1   string `json:"sha1"`
}

func (c *regionsCmd) Run() error {
	if len(c.Sets) == 0 {
		return fail(exitUsage, errors.New("name a set, such as sf2"))
	}
	finder := romPaths(c.Rompath)
	sets, err := c.found(finder)
	if err != nil {
		return err
	}
	lines := []regionLine{}
	for _, set := range sets {
		if err := set.CheckBIOS(c.BIOS); err != nil {
			return fail(exitUsage, err)
		}
		loaded, err := romset.Load(set, finder, romset.Options{BIOS: c.BIOS})
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
		for _, n := range slices.Sorted(maps.Keys(regions)) {
			line := regionLine{set.Name, n, len(regions[n]), hexSum(regions[n])}
			lines = append(lines, line)
			if !c.JSON {
				fmt.Println(line.Set, line.Region, line.Size, line.SHA1)
			}
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
	if c.JSON {
		return printJSON(lines)
	}
	return nil
}
