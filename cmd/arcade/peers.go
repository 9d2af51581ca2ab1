package main

import (
	"encoding/json"
	"fmt"
	"os"

	"arcade/cmd/arcade/online"
)

type peersCmd struct {
	Add    peersAddCmd    `cmd:"" help:"Store a host under a name."`
	List   peersListCmd   `cmd:"" help:"List the stored peers."`
	Remove peersRemoveCmd `cmd:"" help:"Forget a peer and its key."`
}

type peersAddCmd struct {
	Name   string `arg:"" help:"The name for it."`
	Invite string `arg:"" help:"ADDRESS[:PORT][#CODE]."`
}

func (*peersAddCmd) Help() string {
	return `Example: arcade peers add anna 203.0.113.5:27886#k3t7abcdefghijkl`
}

func (c *peersAddCmd) Run() error {
	p, err := loadPeers()
	if err != nil {
		return err
	}
	in, err := online.ParseInvite(c.Invite)
	if err != nil {
		return fail(exitUsage, err)
	}
	if err := p.Add(online.Peer{Name: c.Name, Address: in.Address, Code: in.Code}); err != nil {
		return fail(exitUsage, err)
	}
	return fail(exitHost, p.Save())
}

type peersListCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (*peersListCmd) Help() string { return `Example: arcade peers list --json` }

func (c *peersListCmd) Run() error {
	p, err := loadPeers()
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(append([]online.Peer{}, p.List...))
	}
	if len(p.List) == 0 {
		fmt.Println("nobody yet; `arcade peers add NAME ADDRESS#CODE` stores somebody, and so does joining")
	}
	for _, q := range p.List {
		print := q.Fingerprint()
		if print == "" {
			print = "not met yet"
		}
		fmt.Printf("%-20s %-24s %s\n", q.Name, q.Address, print)
	}
	return nil
}

type peersRemoveCmd struct {
	Name string `arg:"" help:"Whom to forget."`
}

func (*peersRemoveCmd) Help() string { return `Example: arcade peers remove anna` }

func (c *peersRemoveCmd) Run() error {
	p, err := loadPeers()
	if err != nil {
		return err
	}
	if err := p.Remove(c.Name); err != nil {
		return fail(exitUsage, err)
	}
	return fail(exitHost, p.Save())
}
