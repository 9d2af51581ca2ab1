// Package romset knows ROM sets: which files a machine needs, where to find
// them, what is wrong with those that are there, and how they become the
// memory regions of the machine.
//
// A set is what MAME calls a machine: a game, a BIOS, or a device with ROMs
// of its own. Names, sizes, checksums, regions and their contents are those of
// MAME 0.251, and so are the tags of regions ("maincpu", "cslot1:sprites").
//
// The database is embedded, compressed, and decoded when it is asked. It is
// made by the command in the folder gen; see the go:generate line in db.go.
//
//	set, ok := romset.Lookup("puckman")
//	loaded, err := romset.Load(set, romset.Paths{"roms"}, romset.Options{})
//	rom := loaded.Regions["maincpu"]
//
// ROM paths are only read, never written.
package romset
