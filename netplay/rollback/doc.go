// Package rollback keeps several copies of a deterministic game in step over
// an unreliable network, by predicting inputs that have not arrived and rolling
// back when a prediction was wrong. The words are GGPO's.
//
// It is a pure library: no socket, no clock, no goroutine. What it wants done
// comes as data, a list of [Request] values that the caller executes in order:
// save the game's state into a slot, load it from one, advance the game by a
// frame with given inputs. What is to be sent is a [Message] that the caller
// encodes and sends as it likes, and what arrives is given to [Session.Receive].
//
// # A frame
//
// The caller does the following once a frame, at the game's rate times
// [Session.Speed]:
//
//	for each packet that came: s.Receive(peer, &m)
//	s.AddInput(player, input)         // for each local player
//	for _, r := range s.Tick() { ... } // save, load, advance
//	for each peer: s.Send(peer, &m)   // and put m on the wire
//
// # The model
//
// An input sampled at frame f is used in frame f + delay; the delay hides
// latency at the price of lag. Frames up to the last for which every player's
// input is known are confirmed. Beyond them inputs are predicted, for at most
// Window frames; then the session stalls: Tick asks for no new frame. With a
// window of 0 that is lockstep.
//
// Messages repeat all inputs that the peer has not acknowledged, so a lost one
// costs nothing but time.
//
// States of confirmed frames are hashed and compared, always. The first
// difference is a desync, see [Session.Desync]. Predicted frames are never
// compared, since they may well differ.
//
// Both sides measure how far they are ahead of each other in a way in which
// latency cancels out, and bend their speed by at most one percent until they
// run side by side; neither is made to wait for the other alone.
//
// All players' inputs have the same size in bytes. What they mean is the
// game's business, but for the fields that are predicted by velocity.
//
// After start-up nothing is allocated.
package rollback
