package main

import (
	"fmt"
	"os"

	"arcade/cmd/arcade/online"
	"arcade/netplay/udp"
)

type hostCmd struct {
	Set  string `arg:"" optional:"" default:"galeride" help:"The set to play; without one, the game that comes with arcade."`
	Port int    `default:"27886" help:"UDP port; 0 takes any that is free."`
	matchFlags
	playerFlags
	Times string `name:"cpu-times" enum:"mame,manual" default:"mame" help:"How long instructions take: as in MAME, or on CPS-3 as the CPU's manual says. Your friend gets it with the starting state."`
}

func (*hostCmd) Help() string {
	return `Waits for a friend to join, and shows what to give to the friend: ADDRESS:PORT#CODE. The code proves to the friend's
program that it is you who answers. Friends on other networks need your public address instead of the one shown, and your
router must forward the UDP port.

Both sides must have the same version of arcade and the same ROM files; what differs is named. The match begins when both
are ready. It is recorded as a replay.

Example: arcade host sf2 --rompath roms --nick anna

Example: arcade host sf2 --rompath roms --headless --frames 3600 --input moves.txt --report report.json`
}

func (c *hostCmd) Run() error {
	if c.Port < 0 || c.Port > 65535 {
		return fail(exitUsage, fmt.Errorf("--port %d: a port is a number from 0 to 65535; usual is %d", c.Port, udp.DefaultPort))
	}
	o, err := c.options(&c.playerFlags)
	if err != nil {
		return err
	}
	set := game{Set: c.Set, Rompath: c.Rompath, BIOS: c.bios(c.Set, c.BIOS), Times: c.Times}
	g, err := set.open()
	if err != nil {
		return err
	}
	h, err := online.NewHost(o, g, c.Port)
	if err != nil {
		return onlineError(err)
	}
	fmt.Fprintf(os.Stderr, "arcade: hosting %s as %s; your friend joins with one of\n", c.Set, o.Nick)
	for _, invite := range h.Invites() {
		fmt.Println(invite)
	}
	if c.Headless {
		return c.finish(h, &c.playerFlags)
	}
	return c.show(h, &c.playerFlags)
}
