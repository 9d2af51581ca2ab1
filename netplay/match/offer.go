package match

// Before a match, whoever joins learns what is played: it asks until there is
// an answer. These payloads are told from those of a match by their first byte.
//
//	64 ask    u8 role: 0 to play, 1 to watch
//	65 offer  u8 1 if there is room for that role, else 0, str set
//	66 refuse u8 why whoever joined goes again, see Refusal
const (
	kindAsk = 64 + iota
	kindOffer
	kindRefuse
)

// Refusal is why somebody who has reached a host goes again, so that the host
// knows as well.
type Refusal uint8

// The refusals.
const (
	WrongCode  Refusal = 1 + iota // the host is not the one whose code was given
	ChangedKey                    // the host at this address had another key before
	NoGame                        // the game cannot be loaded there
)

// AppendRefusal appends a refusal.
func AppendRefusal(b []byte, r Refusal) []byte { return append(b, kindRefuse, byte(r)) }

// ParseRefusal reads a payload that may be a refusal.
func ParseRefusal(b []byte) (r Refusal, ok bool) {
	if len(b) != 2 || b[0] != kindRefuse || b[1] < byte(WrongCode) || b[1] > byte(NoGame) {
		return 0, false
	}
	return Refusal(b[1]), true
}

// Role is what somebody who joins wants to be.
type Role uint8

// The roles.
const (
	Player Role = iota
	Spectator
)

// AppendAsk appends the question what is played.
func AppendAsk(b []byte, r Role) []byte { return append(b, kindAsk, byte(r)) }

// ParseAsk reads a payload that may be an ask.
func ParseAsk(b []byte) (r Role, ok bool) {
	if len(b) != 2 || b[0] != kindAsk || b[1] > byte(Spectator) {
		return 0, false
	}
	return Role(b[1]), true
}

// AppendOffer appends the answer.
func AppendOffer(b []byte, set string, room bool) []byte {
	b = append(b, kindOffer, 0)
	if room {
		b[len(b)-1] = 1
	}
	return appendString(b, set)
}

// ParseOffer reads a payload that may be an offer.
func ParseOffer(b []byte) (set string, room, ok bool) {
	if len(b) < 2 || b[0] != kindOffer || b[1] > 1 {
		return "", false, false
	}
	set, rest, err := takeString(b[2:])
	if err != nil || len(rest) > 0 {
		return "", false, false
	}
	return clean(set), b[1] == 1, true
}

// IsPrelude reports whether a payload belongs before a match.
func IsPrelude(b []byte) bool { return len(b) > 0 && b[0] >= kindAsk && b[0] <= kindRefuse }
