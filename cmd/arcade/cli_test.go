package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"arcade/romset"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"arcade": func() { os.Exit(run(os.Args[1:])) },
	})
}

// TestCommandLine runs the scripts in testdata: what a person types, what
// comes out, and the exit code.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"mkset": mkset,
			"cut":   cut,
			"exits": exits,
		},
		Setup: func(e *testscript.Env) error {
			// Nothing of the host's: no ROM paths, no settings.
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("ARCADE_ROMPATH", "")
			e.Setenv("DISPLAY", "")
			e.Setenv("WAYLAND_DISPLAY", "")
			return nil
		},
	})
}

// mkset SET FILE writes a zip with all files of a set, of the right sizes and
// filled with zeros: a program of nothing but NOPs. With a 1 behind, it is
// filled with ones.
func mkset(ts *testscript.TestScript, neg bool, args []string) {
	fill := byte(0)
	if len(args) == 3 && args[2] == "1" {
		fill = 1
	} else if len(args) != 2 {
		ts.Fatalf("usage: mkset SET FILE [1]")
	}
	set, ok := romset.Lookup(args[0])
	if !ok {
		ts.Fatalf("no set %s", args[0])
	}
	name := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o777))
	f, err := os.Create(name)
	ts.Check(err)
	z := zip.NewWriter(f)
	for _, file := range set.Files {
		w, err := z.Create(file.Name)
		ts.Check(err)
		_, err = w.Write(bytes.Repeat([]byte{fill}, int(file.Size)))
		ts.Check(err)
	}
	ts.Check(z.Close())
	ts.Check(f.Close())
}

// cut FILE N leaves the first N bytes of a file.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// exits CODE COMMAND... runs arcade and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		if _, err := fmt.Sscanf(err.Error(), "exit status %d", &got); err != nil {
			ts.Fatalf("%v", err)
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
