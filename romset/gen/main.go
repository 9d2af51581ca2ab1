// Command gen makes the ROM set database of package romset from what an
// installed MAME tells: its list of machines, and what it makes of made-up
// files. It is run by `go generate ./romset`; the first run takes some hours,
// as MAME is started for every set; answers are kept in the cache folder.
// answers.tar.xz has those of the last run: unpacked there, only what is missing
// is asked again (tar -xJf romset/gen/answers.tar.xz -C ~/.cache/arcade-romset-gen).
package main

import (
	_ "embed"
	"flag"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"arcade/romset"
)

//go:embed families.txt
var families string

// sourceSpaces lists the families: source file -> address spaces to ask for.
func sourceSpaces() (order []string, spaces map[string][]string) {
	spaces = map[string][]string{}
	for line := range strings.Lines(families) {
		w := strings.Fields(line)
		if len(w) == 0 || w[0] == "#" {
			continue
		}
		order = append(order, w[0])
		spaces[w[0]] = w[1:]
	}
	return order, spaces
}

func main() {
	log.SetFlags(log.Ltime)
	userCache, _ := os.UserCacheDir()
	out := flag.String("out", "data", "folder of the database")
	cache := flag.String("cache", filepath.Join(userCache, "arcade-romset-gen"), "folder for MAME's answers")
	scratch := flag.String("scratch", os.TempDir(), "folder for ROM files and memory dumps, up to 300 MB")
	seeds := flag.String("seeds", "0,1", "content to ask about: the first to derive from, all to check")
	only := flag.String("only", "", "ask only about these: names, patterns and source files, separated by commas")
	askOnly := flag.Bool("ask-only", false, "do not write the database")
	flag.Parse()
	if err := run(*out, *cache, *scratch, strings.Split(*seeds, ","), *only, *askOnly); err != nil {
		log.Fatal(err)
	}
}

func run(out, cache, scratch string, seeds []string, only string, askOnly bool) error {
	order, spaces := sourceSpaces()
	sets, err := readMachines(order)
	if err != nil {
		return err
	}
	byName := map[string]*romset.Set{}
	for _, s := range sets {
		byName[s.Name] = s
	}
	g := &generator{cache: cache, scratch: scratch, sets: byName, spaces: spaces}
	rank := map[string]int{}
	for i, s := range order {
		rank[s] = i
	}
	games := []*romset.Set{}
	for _, s := range sets {
		if _, ok := rank[s.Source]; ok && !s.IsDevice {
			games = append(games, s)
		}
	}
	failed := 0
	for _, seed := range seeds {
		for _, s := range games {
			if only != "" && !selected(s, only) {
				continue
			}
			for _, bios := range g.choices(s, seed == seeds[0]) {
				if err := g.ask(s, seed, bios, seed == seeds[0]); err != nil {
					log.Printf("%s %s: %v", s.Name, bios, err)
					failed++
				}
			}
		}
	}
	log.Printf("%d sets asked about, %d could not be", len(games), failed)
	if askOnly {
		return nil
	}
	sort.SliceStable(sets, func(i, j int) bool { return sets[i].Name < sets[j].Name })
	for _, s := range games {
		if err := g.place(s, seeds[0]); err != nil {
			log.Printf("%s: %v", s.Name, err)
		}
	}
	if len(g.supposed) > 0 {
		log.Printf("%d sets are placed like relatives, as MAME was not asked about them: %s", len(g.supposed), strings.Join(g.supposed, " "))
	}
	if err := write(out, sets); err != nil {
		return err
	}
	return g.writeAnswers(filepath.Join(out, "..", "testdata"), games, seeds)
}

// selected reports whether a set is in a list of names, patterns and source files.
func selected(s *romset.Set, list string) bool {
	for pattern := range strings.SplitSeq(list, ",") {
		if ok, _ := filepath.Match(pattern, s.Name); ok || pattern == s.Source {
			return true
		}
	}
	return false
}
