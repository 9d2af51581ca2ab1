package main

import (
	"bytes"
	"fmt"
	"os"

	"arcade/cmd/arcade/nvram"
	"arcade/cmd/arcade/settings"
	"arcade/machine"
	"arcade/machine/session"
	"arcade/machine/state"
)

// keptFlag is of verbs that begin as from the factory unless told otherwise.
type keptFlag struct {
	NVRAM bool `name:"nvram" help:"Start with what the game kept when it was last played, not as from the factory. Nothing is written there."`
}

// start gives a machine what the flag asks for. It returns the state in which a
// replay starts, or nil for the usual one.
func (f keptFlag) start(m *machine.Machine) (*state.File, error) {
	if !f.NVRAM {
		return nil, nil
	}
	fresh := m.NVRAM()
	if err := nvram.Read(settings.FindFolders().NVRAM(m.Set), m); err != nil {
		return nil, fail(exitInput, err)
	}
	return startOf(m, fresh), nil
}

// startOf is the state in which a replay starts: nil, if the machine keeps
// what it has from the factory.
func startOf(m *machine.Machine, fresh []byte) *state.File {
	if bytes.Equal(m.NVRAM(), fresh) {
		return nil
	}
	return m.Arena.NewFile(session.Meta(m))
}

// withKept gives a machine that is to be played what its game kept, and returns
// the state in which a replay starts.
func withKept(dir string, m *machine.Machine) *state.File {
	fresh := m.NVRAM()
	s, warnings := nvram.Open(dir, m, func(string) {})
	for _, w := range warnings {
		fmt.Fprintf(os.Stderr, "arcade: warning: %s\n", w)
	}
	if s != nil {
		_ = s.Close() // nothing was looked at, so nothing is written
	}
	return startOf(m, fresh)
}
