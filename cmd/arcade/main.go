// Command arcade is an arcade emulator with netplay built in. Its verbs are
// one file each in this folder; `arcade --help` lists them.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/script"
	"arcade/machine"

	// The board families of this program.
	_ "arcade/machine/cps"
	_ "arcade/machine/cps3"
	_ "arcade/machine/pacman"

	"github.com/alecthomas/kong"
)

// Exit codes: documented in README.md, stable.
const (
	exitOK       = 0
	exitCheck    = 1 // a check ran and found a difference or a failure
	exitUsage    = 2 // the command line is wrong
	exitROMs     = 3 // no such set, or its files are missing or unreadable
	exitInput    = 4 // an input script, save or replay is wrong or damaged
	exitHost     = 5 // no display, no disk space, no permission ...
	exitInternal = 70
)

// withCode gives an error the exit code that it ends the program with.
type withCode struct {
	error
	code int
}

func (e withCode) Unwrap() error { return e.error }

func fail(code int, err error) error {
	if err == nil {
		return nil
	}
	return withCode{err, code}
}

type cli struct {
	Browse   browseCmd   `cmd:"" default:"withargs" help:"Show the game list: what happens without a verb."`
	Play     playCmd     `cmd:"" help:"Play a game in a window."`
	List     listCmd     `cmd:"" aliases:"listfull,listclones" help:"List sets, and which can be played."`
	Info     infoCmd     `cmd:"" aliases:"listroms" help:"Show what is known of sets."`
	Verify   verifyCmd   `cmd:"" aliases:"verifyroms" help:"Check the files of sets."`
	Ident    identCmd    `cmd:"" aliases:"romident" help:"Say of which sets files are."`
	Scan     scanCmd     `cmd:"" help:"Look through the ROM folders."`
	Missing  missingCmd  `cmd:"" help:"Write a fix list of what is missing."`
	Listxml  listxmlCmd  `cmd:"" help:"Write sets as XML, in MAME's format."`
	Dat      datCmd      `cmd:"" help:"Write a Logiqx DAT file of sets."`
	Run      runCmd      `cmd:"" help:"Run a game without a window and write down what it does."`
	Record   recordCmd   `cmd:"" help:"Record a replay from an input script."`
	Replay   replayCmd   `cmd:"" help:"Play or verify a replay."`
	Trace    traceCmd    `cmd:"" help:"Write down every instruction of a CPU."`
	Host     hostCmd     `cmd:"" help:"Host a match: a friend joins it."`
	Join     joinCmd     `cmd:"" help:"Join a match that a friend hosts."`
	Spectate spectateCmd `cmd:"" help:"Watch a match."`
	Peers    peersCmd    `cmd:"" help:"Whom you have played with: add, list, remove."`
	Regions  regionsCmd  `cmd:"" help:"Show the memory regions that a set's files become."`
	Cputest  cputestCmd  `cmd:"" help:"Run reference traces through the CPU cores."`
	Bench    benchCmd    `cmd:"" help:"Measure how fast a game runs."`
	Synctest synctestCmd `cmd:"" help:"Prove that a game is the same function of its inputs every time."`
	Version  versionCmd  `cmd:"" help:"Show the version of this program."`
}

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(os.Stderr, "arcade: this is a bug in arcade, please report it with what you did: %v\n", r)
			if os.Getenv("ARCADE_DEBUG") != "" {
				os.Stderr.Write(debug.Stack())
			}
			code = exitInternal
		}
	}()
	var c cli
	parser, err := kong.New(&c, kong.Name("arcade"),
		kong.Description("An arcade emulator with netplay built in. `arcade VERB --help` explains a verb, with an example."),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: true}),
		kong.Exit(func(code int) { os.Exit(code) }))
	if err != nil {
		panic(err)
	}
	ctx, err := parser.Parse(likeMAME(args))
	if err != nil {
		fmt.Fprintf(os.Stderr, "arcade: %v; `arcade --help` shows what there is\n", err)
		return exitUsage
	}
	if err := ctx.Run(); err != nil {
		fmt.Fprintf(os.Stderr, "arcade: %v\n", err)
		return codeOf(err)
	}
	return exitOK
}

func codeOf(err error) int {
	var w withCode
	switch {
	case errors.As(err, &w):
		return w.code
	case errors.Is(err, load.ErrNoSet), errors.Is(err, load.ErrNoBoard):
		return exitROMs
	case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
		return exitHost
	}
	return exitCheck
}

// game is what every verb that runs a set has in common.
type game struct {
	Set     string   `arg:"" optional:"" default:"galeride" help:"The set's name, such as puckman. Without one: the game that comes with arcade, which needs no ROM files."`
	Rompath []string `help:"Folder with ROM sets (folders, zip, 7z); may be repeated." placeholder:"DIR" sep:"none"`
	BIOS    string   `name:"bios" help:"BIOS to start with; arcade info SET lists them." placeholder:"NAME"`
	Dip     []string `name:"dip" help:"Set a DIP switch, such as \"Lives=5\"; may be repeated; arcade info SET lists them." placeholder:"NAME=POSITION" sep:"none"`
	Times   string   `name:"cpu-times" enum:"mame,manual" default:"mame" help:"How long instructions take: as in MAME, or on CPS-3 as the CPU's manual says."`
}

// choices reads --bios and --dip.
func (g *game) choices() (load.Options, error) {
	o := load.Options{BIOS: g.BIOS, DIPs: map[string]string{}, ManualTimes: g.Times == "manual"}
	for _, text := range g.Dip {
		name, position, ok := strings.Cut(text, "=")
		if !ok {
			return o, fail(exitUsage, fmt.Errorf("--dip %q is not a switch: write NAME=POSITION, such as \"Lives=5\"", text))
		}
		o.DIPs[strings.TrimSpace(name)] = strings.TrimSpace(position)
	}
	return o, nil
}

func (g *game) open() (*load.Game, error) {
	o, err := g.choices()
	if err != nil {
		return nil, err
	}
	return g.openWith(o)
}

// openWith opens the game with other choices than the command line's.
func (g *game) openWith(o load.Options) (*load.Game, error) {
	loaded, err := load.OpenWith(g.Set, romPaths(g.Rompath), o)
	if errors.Is(err, load.ErrChoice) {
		return nil, fail(exitUsage, err)
	}
	if err != nil {
		return nil, fail(exitROMs, err)
	}
	for i, w := range loaded.Warnings {
		if i == 5 && len(loaded.Warnings) > 6 {
			fmt.Fprintf(os.Stderr, "arcade: warning: and %d more files like these\n", len(loaded.Warnings)-i)
			break
		}
		fmt.Fprintf(os.Stderr, "arcade: warning: %s\n", w)
	}
	return loaded, nil
}

// build finds a game, builds its machine, and reads the input script that is to
// be played on it ("": none).
func (g *game) build(scriptFile string) (*load.Game, *machine.Machine, *script.Script, error) {
	loaded, err := g.open()
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := loaded.Build()
	if err != nil {
		return nil, nil, nil, fail(exitROMs, err)
	}
	moves, err := openScript(scriptFile, m.Inputs)
	if err != nil {
		return nil, nil, nil, err
	}
	return loaded, m, moves, nil
}
