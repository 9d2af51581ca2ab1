package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/online"
	"arcade/cmd/arcade/script"
	"arcade/cmd/arcade/settings"
	"arcade/cmd/arcade/window"
	"arcade/machine"
	"arcade/netplay/rollback"
)

// matchFlags are the flags that host, join and spectate have in common.
type matchFlags struct {
	Rompath  []string `help:"Folder with ROM sets (folders, zip, 7z); may be repeated." placeholder:"DIR" sep:"none"`
	Nick     string   `help:"Your name, as the other sees it; the system's if not given." placeholder:"NAME"`
	Headless bool     `help:"Play without a window, with the inputs of a script."`
	Frames   int32    `help:"Headless: leave after so many frames." placeholder:"N"`
	Report   string   `help:"Headless: write what came of it, as JSON." placeholder:"FILE"`
}

// playerFlags are the flags of those who play.
type playerFlags struct {
	Delay  string   `default:"auto" help:"Input delay in frames, 0 to 15, or auto: what fits the round trip."`
	Input  string   `help:"Headless: input script." placeholder:"FILE"`
	Chat   []string `help:"Headless: a line to say before the match; may be repeated." placeholder:"TEXT" sep:"none"`
	Resume bool     `help:"Headless: after a desync, go on from the host's state."`
	BIOS   string   `name:"bios" help:"BIOS to start with; both sides must agree; arcade info SET lists them." placeholder:"NAME"`
	Dip    []string `name:"dip" help:"Set a DIP switch, such as \"Lives=5\"; may be repeated. Both sides must agree; arcade info SET lists them." placeholder:"NAME=POSITION" sep:"none"`
	Replay string   `help:"File for the replay of the match; without it, it goes to the folder of replays." placeholder:"FILE"`
}

// delay reads --delay.
func (f *playerFlags) delay() (int, error) {
	if f.Delay == "auto" {
		return -1, nil
	}
	n, err := strconv.Atoi(f.Delay)
	if err != nil || n < 0 || n > rollback.MaxDelay {
		return 0, fail(exitUsage, fmt.Errorf("--delay %s: it is auto, or a number of frames from 0 to %d", f.Delay, rollback.MaxDelay))
	}
	return n, nil
}

// options gathers what a side needs from flags, settings and files.
func (f *matchFlags) options(p *playerFlags) (online.Options, error) {
	folders := settings.FindFolders()
	o := online.Options{Nick: f.Nick, Delay: -1, Meta: replayMeta, Bundles: filepath.Join(folders.Data, "desyncs"), Replays: filepath.Join(folders.Data, "replays")}
	if f.Headless && f.Frames < 0 || f.Frames > 1<<30 {
		return o, fail(exitUsage, fmt.Errorf("--frames %d: a number of frames is expected", f.Frames))
	}
	if !f.Headless && (f.Frames != 0 || f.Report != "" || p != nil && (p.Input != "" || len(p.Chat) > 0 || p.Resume)) {
		return o, fail(exitUsage, errors.New("--frames, --report, --input, --chat and --resume go with --headless"))
	}
	// Better now than after the match.
	if p != nil && p.Input != "" {
		if _, err := os.Stat(p.Input); err != nil {
			return o, fail(exitInput, fmt.Errorf("--input: %w", err))
		}
	}
	if f.Report != "" {
		if s, err := os.Stat(filepath.Dir(f.Report)); err != nil || !s.IsDir() {
			return o, fail(exitHost, fmt.Errorf("--report %s: there is no folder %s", f.Report, filepath.Dir(f.Report)))
		}
	}
	if o.Nick = strings.TrimSpace(o.Nick); o.Nick == "" {
		o.Nick = systemNick()
	}
	if len(o.Nick) > maxNick {
		return o, fail(exitUsage, fmt.Errorf("--nick: a name has at most %d bytes, this one has %d", maxNick, len(o.Nick)))
	}
	set := settings.Default()
	for _, problem := range settings.Load(set, folders.File(), false) {
		fmt.Fprintf(os.Stderr, "arcade: warning: %v\n", problem)
	}
	o.Agreement = online.Agreement{Program: versionString(), SOCD: set.SOCD}
	if p != nil {
		var err error
		if o.Delay, err = p.delay(); err != nil {
			return o, err
		}
		o.Replay = p.Replay
		o.Switches = func(g *load.Game, m *machine.Machine, in *machine.Input) error { return setSwitches(g, m, in, p.Dip) }
	}
	var err error
	if o.Key, err = online.LoadKey(filepath.Join(folders.Data, "identity.key")); err != nil {
		return o, fail(exitHost, err)
	}
	if o.Peers, err = loadPeers(); err != nil {
		return o, err
	}
	o.Tell = func(text string) { fmt.Fprintf(os.Stderr, "arcade: %s\n", text) }
	o.Chat = func(nick, text string, _ bool) { fmt.Printf("<%s> %s\n", nick, text) }
	return o, nil
}

// bios is the BIOS for a game: the one that was given, else in a window that of
// the game's settings, as when it is played alone.
func (f *matchFlags) bios(set, given string) string {
	if given != "" || f.Headless {
		return given
	}
	return ownBIOS(set)
}

// ownBIOS is the BIOS that the settings of a game choose, or "".
func ownBIOS(set string) string {
	if _, err := load.Lookup(set); err != nil {
		return "" // the name may be anything that a host has sent
	}
	own := settings.Default()
	settings.Load(own, settings.FindFolders().GameFile(set), true) // mistakes are said when the game begins
	return own.BIOS
}

// maxNick is how long a name may be, in bytes.
const maxNick = 32

// systemNick is a name for whoever has given none.
func systemNick() string {
	if u, err := user.Current(); err == nil && u.Username != "" && len(u.Username) <= maxNick {
		return u.Username
	}
	return "player"
}

// setSwitches sets DIP switches by name.
func setSwitches(g *load.Game, m *machine.Machine, in *machine.Input, list []string) error {
	for _, text := range list {
		c, err := g.Set.ParseChoice(text)
		if err != nil {
			return fail(exitUsage, err)
		}
		found := false
		for i, f := range m.Inputs.Fields {
			if f.Kind == machine.KindDIP && f.Port == c.Tag && f.Mask == c.Mask {
				m.Inputs.Set(in, i, c.Value)
				found = true
			}
		}
		if !found {
			return fail(exitUsage, fmt.Errorf("%s: the switch %q is not emulated", g.Set.Name, c.Name))
		}
	}
	return nil
}

func loadPeers() (*online.Peers, error) {
	p, err := online.LoadPeers(filepath.Join(settings.FindFolders().Config, "peers.toml"))
	return p, fail(exitInput, err)
}

// finish runs a side without a window, and writes the report.
func (f *matchFlags) finish(side online.Side, p *playerFlags) error {
	defer side.Close()
	// Ctrl+C ends a match politely: the other side is told, the report written.
	stop, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer restore()
	o := online.Script{Frames: f.Frames, Stop: stop.Done()}
	if p != nil {
		o.Chat, o.Resume = p.Chat, p.Resume
		var moves *script.Script
		o.Prepare = func(m *machine.Machine) (err error) {
			moves, err = openScript(p.Input, m.Inputs)
			return err
		}
		o.Input = func(frame int32, in *machine.Input) { moves.Apply(uint64(frame), in) }
	}
	rep, err := online.Run(side, o)
	if err != nil && rep.End == "" {
		rep.End = err.Error()
	}
	if f.Report != "" {
		b, _ := json.MarshalIndent(rep, "", "  ") // has nothing that cannot be written
		if werr := os.WriteFile(f.Report, append(b, '\n'), 0o666); werr != nil {
			return fail(exitHost, werr)
		}
	}
	if rep.FinalFrame > 0 {
		fmt.Printf("%d frames of %s, state %s; %d rollbacks of at most %d frames, %d stalls, %d desyncs, round trip %.0f ms\n",
			rep.FinalFrame, rep.Set, rep.FinalHash, rep.Rollbacks, rep.MaxRollback, rep.Stalls, rep.Desyncs, rep.RTT)
	}
	return onlineError(err)
}

// onlineError gives an error of a match its exit code.
func onlineError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, online.ErrEnded), errors.Is(err, online.ErrDesync), errors.Is(err, online.ErrReplay), errors.Is(err, online.ErrIdentity):
		return fail(exitCheck, err)
	case errors.Is(err, online.ErrPeers):
		return fail(exitInput, err)
	}
	var w withCode
	if errors.As(err, &w) || errors.Is(err, load.ErrNoSet) || errors.Is(err, load.ErrNoBoard) {
		return err
	}
	return fail(exitHost, err)
}

// show plays in a window. A guest connects before there is one, since only then
// it is known what is played.
func (f *matchFlags) show(side online.Side, p *playerFlags) error {
	defer side.Close()
	defer side.Farewell()
	if err := connect(side, nil); err != nil {
		return onlineError(err)
	}
	live := online.NewLive(side)
	o := window.Options{ROMPaths: romFolders(f.Rompath), Start: side.Machine().Set, Session: live, Match: live,
		Open: func(string) (*machine.Machine, []string, error) { return side.Machine(), nil, nil }}
	if p != nil {
		given, err := (&game{Dip: p.Dip}).choices()
		if err != nil {
			return err
		}
		o.DIPs = named(side.Game().Set, given.DIPs)
	}
	err := runWindow(o)
	side.Leave("")
	return err
}
