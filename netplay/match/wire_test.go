package match

import (
	"bytes"
	"testing"

	"arcade/netplay/rollback"
)

// FuzzWire: whatever is read is bounded, and what is written again is read as
// the same.
func FuzzWire(f *testing.F) {
	var m rollback.Message
	m.Frame, m.Start, m.Ack, m.HashFrame, m.Hash = 600, 598, 590, 570, 1<<60
	m.Inputs = append(make([]byte, toyInput), bytes.Repeat([]byte{1, 2}, toyInput/2)...)
	b, _ := appendPlay(nil, 3, &m, true, toyInput, nil)
	f.Add(b)
	f.Add(appendHello(nil, "anna", []Term{{Name: "game", Value: "toy"}}))
	f.Add(appendInputs(nil, m.Inputs, toyInput))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m, again rollback.Message
		if epoch, _, err := takePlay(b, &m, toyInput); err == nil {
			if len(m.Inputs) > rollback.MaxSend*toyInput || len(m.Inputs)%toyInput != 0 {
				t.Fatalf("%d bytes of inputs", len(m.Inputs))
			}
			out, _ := appendPlay(nil, epoch, &m, true, toyInput, nil)
			e, rest, err := takePlay(out, &again, toyInput)
			if err != nil || e != epoch || len(rest) != 0 || again.Frame != m.Frame || again.Start != m.Start || again.Ack != m.Ack ||
				again.Advantage != m.Advantage || again.Stalls != m.Stalls || !bytes.HasPrefix(m.Inputs, again.Inputs) {
				t.Fatalf("%+v is read as %+v (%v)", m, again, err)
			}
		}
		if in, err := unpackInputs(nil, b, toyInput); err == nil {
			if out, err := unpackInputs(nil, appendInputs(nil, in, toyInput), toyInput); err != nil || !bytes.Equal(in, out) {
				t.Fatalf("inputs do not go round: %v", err)
			}
		}
		if nick, terms, err := parseHello(b); err == nil && (len(nick) > 300 || len(terms) > MaxTerms) {
			t.Fatalf("%d bytes of nickname, %d terms", len(nick), len(terms))
		}
		ParseAsk(b)
		ParseOffer(b)
		ParseRefusal(b)
	})
}
