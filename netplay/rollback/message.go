package rollback

// Message is what one peer tells another in every packet. Its slices belong to
// the caller, who may reuse them.
type Message struct {
	// Frame is the frame that the sender runs next, and Advantage how many of
	// the receiver's inputs it lacked for that when it last heard of them.
	Frame     int32
	Advantage int16
	// Stalls is how often the sender has stalled so far, modulo 65536.
	Stalls uint16
	// Start is the frame of the first input in Inputs; Inputs holds those of
	// all players that the sender owns, frame by frame, players in order.
	Start  int32
	Inputs []byte
	// Ack is the last frame for which the sender has the receiver's inputs.
	Ack int32
	// HashFrame and Hash are the newest confirmed state that the sender has
	// hashed: the state before that frame. HashFrame is -1 if there is none.
	HashFrame int32
	Hash      uint64
}
