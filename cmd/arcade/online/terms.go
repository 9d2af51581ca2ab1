package online

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"arcade/cmd/arcade/load"
	"arcade/machine"
	"arcade/netplay/match"

	"github.com/zeebo/xxh3"
)

// Agreement is what two sides must agree on besides the game.
type Agreement struct {
	Program string // version
	SOCD    string // what opposite directions at once give
}

// Terms lists everything that must be equal on both sides, what decides most
// first.
func Terms(g *load.Game, m *machine.Machine, base *machine.Input, a Agreement) []match.Term {
	const files = "The files of one of the two are not those of the set: `arcade verify` says which."
	t := []match.Term{
		{Name: "game", Value: m.Set, Fix: "Both must have the same set."},
		{Name: "program version", Value: a.Program, Fix: "Both must run the same version of arcade."},
		{Name: "board", Value: m.Board, Fix: "Both must run the same version of arcade."},
		{Name: "behaviour revision", Value: fmt.Sprint(m.Revision), Fix: "Both must run the same version of arcade."},
		{Name: "state layout", Value: fmt.Sprintf("%016x", m.Arena.Layout()), Fix: "Both must run the same version of arcade."},
		{Name: "BIOS", Value: or(g.Config.BIOS, "default"), Fix: "Choose the same BIOS on both sides."},
	}
	for _, name := range slices.Sorted(maps.Keys(g.Config.Regions)) {
		r := g.Config.Regions[name]
		t = append(t, match.Term{Name: "content of the ROM region " + name, Value: fmt.Sprintf("%d bytes, %016x", len(r), xxh3.Hash(r)), Fix: files})
	}
	t = append(t,
		match.Term{Name: "DIP switches", Value: switches(m.Inputs, base), Fix: "Set them alike on both sides."},
		match.Term{Name: "inputs at rest", Value: fmt.Sprintf("%016x", xxh3.Hash(base.Append(nil))), Fix: "Set the DIP switches alike on both sides, and run the same version of arcade."},
		match.Term{Name: "NVRAM", Value: hashOf(g.Config.NVRAM), Fix: "Start both without it."},
		match.Term{Name: "cheats", Value: "none"},
		match.Term{Name: "SOCD mode", Value: a.SOCD, Fix: "Choose the same input.socd in the settings of both sides."})
	if len(t) > match.MaxTerms { // never so on a real board; a hash of the rest would do as well
		t = t[:match.MaxTerms]
	}
	return t
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

func hashOf(b []byte) string {
	if b == nil {
		return "none"
	}
	return fmt.Sprintf("%016x", xxh3.Hash(b))
}

// switches lists the DIP switches that are not as the factory set them.
func switches(inputs *machine.Inputs, in *machine.Input) string {
	var out []string
	released := inputs.Released()
	for i, f := range inputs.Fields {
		v := inputs.Get(in, i)
		if f.Kind != machine.KindDIP || v == inputs.Get(&released, i) {
			continue
		}
		name := fmt.Sprint(v)
		for _, s := range f.Settings {
			if s.Value == v {
				name = s.Name
			}
		}
		out = append(out, f.Name+" = "+name)
	}
	if out == nil {
		return "as the factory set them"
	}
	text := strings.Join(out, ", ")
	if len(text) > 200 { // values are cut at 255 bytes: the rest must count as well
		text = fmt.Sprintf("%s ... (%016x)", text[:160], xxh3.HashString(text))
	}
	return text
}
