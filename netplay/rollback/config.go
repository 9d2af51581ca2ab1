package rollback

import (
	"errors"
	"fmt"
)

// Limits of a session.
const (
	MaxPlayers = 4
	MaxWindow  = 12  // frames that may be predicted
	MaxDelay   = 15  // frames of input delay
	MaxInput   = 256 // bytes of a player's input
	// MaxSend is the number of inputs that a message repeats at most.
	MaxSend = 64
	// Slots is the number of state slots that a caller must have: Request.Slot
	// is below it.
	Slots = MaxWindow + 3
	ring  = 256 // frames that inputs and hashes are remembered for
)

// Local is the peer number of this side.
const Local = 0

// Config describes a session. All sides must agree on Players' count, InputSize,
// Fields, HashInterval and Start.
type Config struct {
	// Players tells for each player, 1 to MaxPlayers of them, which peer owns
	// it: Local, or 1 and up in the caller's own numbering.
	Players   []int
	InputSize int     // bytes of one player's input
	Fields    []Field // for prediction
	Window    int     // frames that may be predicted, 0 to MaxWindow
	Delay     int     // input delay of local players at first, 0 to MaxDelay
	// HashInterval is the number of frames between two states that are hashed
	// and compared: 1 compares every frame.
	HashInterval int
	// Start is the number of the first frame: not 0 if the session resumes a
	// game from a state that all sides have.
	Start int32
	// SyncTest, if not 0, makes every Tick roll back that many frames and run
	// them again. All players must be local. Hashes of a frame that differ
	// from one time to the next are a desync.
	SyncTest int
}

func (c *Config) check() error {
	if len(c.Players) < 1 || len(c.Players) > MaxPlayers {
		return fmt.Errorf("rollback: %d players; 1 to %d are possible", len(c.Players), MaxPlayers)
	}
	if c.InputSize < 1 || c.InputSize > MaxInput {
		return fmt.Errorf("rollback: inputs of %d bytes; 1 to %d are possible", c.InputSize, MaxInput)
	}
	for _, p := range c.Players {
		if p < 0 || p >= MaxPlayers {
			return fmt.Errorf("rollback: peer %d; 0 to %d are possible", p, MaxPlayers-1)
		}
		if p != Local && c.SyncTest != 0 {
			return errors.New("rollback: a sync test has local players only")
		}
	}
	for _, f := range c.Fields {
		if err := f.check(c.InputSize); err != nil {
			return err
		}
	}
	if c.Window < 0 || c.Window > MaxWindow {
		return fmt.Errorf("rollback: a prediction window of %d; 0 to %d are possible", c.Window, MaxWindow)
	}
	if c.SyncTest < 0 || c.SyncTest > MaxWindow {
		return fmt.Errorf("rollback: a sync test of distance %d; 1 to %d are possible", c.SyncTest, MaxWindow)
	}
	if c.Delay < 0 || c.Delay > MaxDelay {
		return fmt.Errorf("rollback: an input delay of %d; 0 to %d are possible", c.Delay, MaxDelay)
	}
	if c.HashInterval < 1 {
		return errors.New("rollback: HashInterval must be at least 1")
	}
	if c.Start < 0 {
		return fmt.Errorf("rollback: the first frame is %d", c.Start)
	}
	return nil
}
