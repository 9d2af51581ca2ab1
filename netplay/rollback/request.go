package rollback

// Kind is what a request asks for.
type Kind uint8

const (
	// Save: copy the game's state into slot Slot. It is the state before frame
	// Frame. If Hash is set, also give its hash to Session.SetHash, before
	// anything else.
	Save Kind = iota
	// Load: make the state in slot Slot, that before frame Frame, the game's.
	Load
	// Advance: run frame Frame with Inputs.
	Advance
)

func (k Kind) String() string { return [...]string{"save", "load", "advance"}[k] }

// Request is one thing for the caller to do. Requests are executed in order,
// and are valid until the next call of Tick.
type Request struct {
	Kind  Kind
	Frame int32
	Slot  int
	Hash  bool
	// Inputs of all players, one after another.
	Inputs []byte
	// Again: the frame was run before, with inputs that were wrong in part. It
	// is neither seen nor heard.
	Again bool
	// Confirmed: all inputs are known; the frame will never be run again.
	Confirmed bool
	// Last: no further frame follows in this list. Show it.
	Last bool
}
