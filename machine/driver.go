package machine

import (
	"fmt"
	"slices"
)

// Config is everything that a machine starts from.
type Config struct {
	Set     string            // MAME's name of the set
	Regions map[string][]byte // MAME's memory regions, loaded and decrypted
	Ports   []Port            // the set's input ports
	Fields  []Field           // what is in them
	Rotate  int               // degrees clockwise that the set's monitor is turned
	NVRAM   []byte            // what the board kept without power, as Machine.NVRAM gives it, or nil: as from the factory
	BIOS    string            // choice of BIOS, or "" for the default
	// ManualTimes has instructions take the cycles of the CPU's manual instead of
	// MAME's, on boards whose Driver has them. It is part of the state from then on.
	ManualTimes bool
}

// Region returns a region and checks its size.
func (c *Config) Region(name string, size int) ([]byte, error) {
	r, ok := c.Regions[name]
	if !ok {
		return nil, fmt.Errorf("%s: the board needs memory region %q, which the set does not have", c.Set, name)
	}
	if size > 0 && len(r) != size {
		return nil, fmt.Errorf("%s: memory region %q has %#x bytes, the board needs %#x", c.Set, name, len(r), size)
	}
	return r, nil
}

// RegionTooSmall is the error about a region that ends too early.
func (c *Config) RegionTooSmall(name string, have, want int) error {
	return fmt.Errorf("%s: memory region %q has %#x bytes, the board needs at least %#x", c.Set, name, have, want)
}

// Driver builds the machines of one board family.
type Driver struct {
	Name string   // the family, such as "pacman"
	Sets []string // MAME's names of the sets that it can build
	New  func(c *Config) (*Machine, error)
	// Instead names, for sets of this hardware that cannot be built, a set
	// that has the same game and can. It may be nil.
	Instead map[string]string
	// ManualTimes tells that Config.ManualTimes may be set.
	ManualTimes bool
}

// drivers is filled by the init functions of board packages.
var drivers []Driver

// Register makes a board family known. Board packages call it from init.
func Register(d Driver) { drivers = append(drivers, d) }

// Drivers lists the board families that are part of this program, by name.
func Drivers() []Driver {
	out := slices.Clone(drivers)
	slices.SortFunc(out, func(a, b Driver) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

// FindDriver finds the family that can build a set.
func FindDriver(set string) (*Driver, bool) {
	for i := range drivers {
		if slices.Contains(drivers[i].Sets, set) {
			return &drivers[i], true
		}
	}
	return nil, false
}

// Instead finds the set that can be played in place of one that no driver
// builds.
func Instead(set string) (string, bool) {
	for i := range drivers {
		if other, ok := drivers[i].Instead[set]; ok {
			return other, true
		}
	}
	return "", false
}
