package cps3

import (
	"fmt"
	"slices"
)

// set is a set that runs: those without a CD.
type set struct {
	name string
	cart cart
}

var (
	redEarth      = cart{key1: 0x9e300ab1, key2: 0xa175b82c}
	newGeneration = cart{key1: 0xb5fe053e, key2: 0xfc03925a}
	secondImpact  = cart{mode: opcodes}
	jojo          = cart{key1: 0x02203ee3, key2: 0x01301972}
	thirdStrike   = cart{key1: 0xa55432b4, key2: 0x0c129981}
	jojoHeritage  = cart{key1: 0x23323ee3, key2: 0x03021972}
)

var sets = []set{
	{"redearthn", redEarth},
	{"redearthnr1", redEarth},
	{"sfiiin", newGeneration},
	{"sfiiina", newGeneration},
	{"sfiii2n", secondImpact},
	{"jojon", jojo},
	{"jojonr1", jojo},
	{"jojonr2", jojo},
	{"sfiii3n", thirdStrike},
	{"sfiii3nr1", thirdStrike},
	{"jojoban", jojoHeritage},
	{"jojobanr1", jojoHeritage},
	{"jojobane", jojoHeritage},
	{"jojobaner1", jojoHeritage},
}

// discSets are the sets that need a CD drive, by the set without one that has
// the same game in the same revision, or the next one.
var discSets = map[string][]string{
	"redearthn":   {"redearth", "warzard"},
	"redearthnr1": {"redearthr1", "warzardr1"},
	"sfiiin":      {"sfiii", "sfiiia", "sfiiih", "sfiiij", "sfiiiu"},
	"sfiii2n":     {"sfiii2", "sfiii2h", "sfiii2j", "cps3bs32", "cps3bs32a"},
	"jojon":       {"jojo", "jojoa", "jojoj", "jojou"},
	"jojonr1":     {"jojor1", "jojoar1", "jojojr1", "jojour1"},
	"jojonr2":     {"jojor2", "jojoar2", "jojojr2", "jojour2"},
	"sfiii3n":     {"sfiii3", "sfiii3j", "sfiii3u", "cps3boot", "cps3boota", "cps3bootao", "cps3bootao2", "cps3booto", "cps3booto2"},
	"sfiii3nr1":   {"sfiii3r1", "sfiii3jr1", "sfiii3ur1"},
	"jojoban":     {"jojobaj"},
	"jojobanr1":   {"jojobajr1"},
	"jojobane":    {"jojoba"},
	"jojobaner1":  {"jojobar1"},
}

// instead turns discSets around.
func instead() map[string]string {
	out := map[string]string{}
	for n, discs := range discSets {
		for _, d := range discs {
			out[d] = n
		}
	}
	return out
}

func setNames() []string {
	var out []string
	for _, s := range sets {
		out = append(out, s.name)
	}
	return out
}

func findSet(name string) (*set, error) {
	i := slices.IndexFunc(sets, func(s set) bool { return s.name == name })
	if i < 0 {
		return nil, fmt.Errorf("cps3: there is no set %q on this board", name)
	}
	return &sets[i], nil
}
