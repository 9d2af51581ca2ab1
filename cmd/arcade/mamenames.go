package main

import "slices"

// mameNames are the commands of MAME's command line and the verbs that do the
// same here. Without the dash they are aliases in the table of verbs.
var mameNames = map[string]string{
	"-listxml":    "listxml",
	"-listfull":   "list",
	"-listclones": "list",
	"-listroms":   "info",
	"-verifyroms": "verify",
	"-romident":   "ident",
}

// likeMAME translates a command line that is written as for MAME, where a
// command is an option and may come after the set: `-verifyroms sf2` and
// `sf2 -verifyroms -rompath DIR`.
func likeMAME(args []string) []string {
	i := slices.IndexFunc(args, func(a string) bool { return mameNames[a] != "" })
	if i < 0 {
		return args
	}
	out := append([]string{mameNames[args[i]]}, args[:i]...)
	out = append(out, args[i+1:]...)
	for j, a := range out {
		if a == "-rompath" || a == "-bios" {
			out[j] = "-" + a
		}
	}
	return out
}
