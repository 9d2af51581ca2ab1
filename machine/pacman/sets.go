package pacman

import (
	"fmt"
	"strings"
)

// kind is a board with its own address decoder.
type kind uint8

const (
	plain   kind = iota // Namco's: 16 KB of program, mirrored at 8000
	woodpek             // 16 KB more at 8000 (most Ms. Pac-Man copies)
)

// set is what makes one ROM set different from another.
type set struct {
	name          string
	board         kind
	protection    protection
	swapGreenBlue bool // colour PROM wired differently
	piranha       bool // a PAL changes the interrupt vector
}

func (s *set) romSize() int {
	switch {
	case s.protection == msPacMan:
		return 0x20000
	case s.board == woodpek:
		return 0xc000
	}
	return 0x4000
}

// vector is what the interrupt vector latch holds after v was written.
func (s *set) vector(v uint8) uint8 {
	if s.piranha && v == 0xfa {
		return 0x78
	}
	return v
}

// sets describes every set of this board: names of equal sets, then what is
// particular about them. To add a set, put its name in the line of its board.
// (What files it has is in the ROM database.)
var sets = []struct {
	names string
	set
}{
	{`puckman puckmanb puckmanf puckmanh puckmod pacman pacmanf pacmanfm pacmanjpm pacmanpe pacmanso pacmansp
	  pacmanug pacmanvg pacmod pacheart pacplus pacuman hangly hangly2 hangly3 joyman newpuc2 newpuc2b newpuckx
	  popeyeman bucaner bucanera baracuda crockman crockmnf ctrpllrp piranhah eggor gorkans mrtnt eyes eyes2 eyesb
	  eyeszac eyeszacb jumpshot jumpshotp shootbul painter paintrlr sprglbpg crush2 crush4 crushbl crushrlf`,
		set{board: plain}},
	{`woodpeck woodpeca lizwiz ponpoko ponpokov candory theglobme mspackpls mspacmab mspacmab2 mspacmab4 mspacmanbcc
	  mspacmanbg mspacmanbg2 mspacmanbgd mspacmanbhe mspacmanbi mspacmanblt mspacmanblt2 mspacmanlai mspacmbe
	  mspacmbmc mspacmbn mspacpls pacgal`,
		set{board: woodpek}},
	{`mspacmanbco`, set{board: woodpek, swapGreenBlue: true}},
	{`abscam piranha piranhao titanpac`, set{board: woodpek, piranha: true}},
	{`crush crush3 crushbl3 maketrax maketrxb korosuke`, set{board: plain, protection: makeTrax}},
	{`crushbl2 mbrush`, set{board: plain, protection: magicBrush}},
	{`mspacman mspacmnf`, set{board: woodpek, protection: msPacMan}},
}

func setNames() []string {
	var out []string
	for _, s := range sets {
		out = append(out, strings.Fields(s.names)...)
	}
	return out
}

func findSet(name string) (*set, error) {
	for _, s := range sets {
		for _, n := range strings.Fields(s.names) {
			if n == name {
				found := s.set
				found.name = name
				return &found, nil
			}
		}
	}
	return nil, fmt.Errorf("%s is not a set of the Pac-Man board", name)
}
