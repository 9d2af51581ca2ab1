// Package match is a match of two, from the greeting to the end: the handshake
// that compares everything that must agree, chat, the ready ticks, play,
// desyncs, and peers that fall silent. It is pure: it owns no socket, no clock
// and no goroutine. Its owner hands in payloads that arrived and the time, once
// a frame, and sends what it is given; package secure carries that.
//
// # Payload
//
// All integers are little-endian; varints are those of encoding/binary. A
// payload is what one authenticated packet carries:
//
//	u8  flags: 1 ack, 2 play, 4 ping, 8 echo, 16 watch
//	ack    as in package lane
//	ping   u16 the sender's clock in ms, u8 frames of its longest rollback since the ping before
//	echo   u16 the receiver's newest clock, plus the ms since it came
//	play   u8 epoch, uvarint frame, varint advantage, uvarint stalls, varint start - frame,
//	       varint ack - frame, uvarint hash age (0: none, else frame - hash frame + 1024) and u64 hash,
//	       uvarint size and bytes of the inputs, see appendInputs
//	watch  to a spectator: u8 epoch, varint start, uvarint size and bytes of all players' inputs,
//	       uvarint hash frame + 1 (0: none) and u64 hash; from it: u8 epoch, varint ack
//	segments of package lane, until the end
//
// # Messages of the lane
//
//	1 hello   str nick, u16 count, count * (str name, str value)
//	2 bye     str reason
//	3 start   u8 epoch, i32 frame, u8 window, u16 hash interval, zstd of the state
//	4 loaded  u8 epoch
//	5 chat    text
//	6 ready   u8 0 or 1
//	7 go      u8 epoch
//	8 stop    u8 epoch, i32 frame of the newest confirmed state, i32 first frame that differs
//	9 state   u8 epoch, i32 frame, zstd of the state
//	10 delay  u8 input delay of the sender
//
// A spectator says hello, gets the state (start) and all confirmed inputs since,
// and says bye; nothing else.
//
// where str is a u8 length and that many bytes.
package match
