package main

import (
	"fmt"
	"os"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/online"
	"arcade/netplay/match"
)

type joinCmd struct {
	Host string `arg:"" help:"ADDRESS[:PORT][#CODE], or the name of a stored peer."`
	matchFlags
	playerFlags
}

func (*joinCmd) Help() string {
	return `Joins a match that a friend hosts. ADDRESS:PORT#CODE is what the host's program shows; the code proves that it is the
host who answers. Without a code, the host's key is remembered at the first time, and must be the same ever after; both
sides show its short fingerprint.

Which game is played, the host says; you need the same ROM files.

Example: arcade join 203.0.113.5:27886#k3t7abcdefghijkl --rompath roms --nick ben

Example: arcade join anna --rompath roms`
}

func (c *joinCmd) Run() error {
	o, err := c.options(&c.playerFlags)
	if err != nil {
		return err
	}
	g, err := c.guest(o, c.Host, match.Player, c.BIOS)
	if err != nil {
		return err
	}
	if c.Headless {
		return c.finish(g, &c.playerFlags)
	}
	return c.show(g, &c.playerFlags)
}

// guest begins to join.
func (f *matchFlags) guest(o online.Options, host string, role match.Role, bios string) (*online.Guest, error) {
	t, err := online.FindTarget(host, o.Peers)
	if err != nil {
		return nil, fail(exitUsage, err)
	}
	if t.Peer != nil {
		fmt.Fprintf(os.Stderr, "arcade: joining %s at %s\n", t.Peer.Name, t.Address)
	} else {
		fmt.Fprintf(os.Stderr, "arcade: joining %s\n", t.Address)
	}
	g, err := online.NewGuest(o, t, role, func(set string) (*load.Game, error) {
		g := game{Set: set, Rompath: f.Rompath, BIOS: f.bios(set, bios)}
		return g.open()
	})
	return g, onlineError(err)
}

type spectateCmd struct {
	Host string `arg:"" help:"ADDRESS[:PORT][#CODE], or the name of a stored peer."`
	matchFlags
}

func (*spectateCmd) Help() string {
	return `Watches a match: from its newest state on, a little behind those who play, who are not disturbed. It may be begun
before or during a match.

Example: arcade spectate 203.0.113.5:27886#k3t7abcdefghijkl --rompath roms`
}

func (c *spectateCmd) Run() error {
	o, err := c.options(nil)
	if err != nil {
		return err
	}
	g, err := c.guest(o, c.Host, match.Spectator, "")
	if err != nil {
		return err
	}
	if c.Headless {
		return c.finish(g, nil)
	}
	return c.show(g, nil)
}
