package session

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"arcade/machine"
	"arcade/machine/machinetest"
)

func record(t *testing.T, frames int, fromState bool) ([]byte, *machine.Machine) {
	t.Helper()
	m, err := machinetest.New(machinetest.None)
	if err != nil {
		t.Fatal(err)
	}
	inputs := NewRandomInputs(m.Inputs, 9)
	var b bytes.Buffer
	rec, err := func() (*Recorder, error) {
		if !fromState {
			return NewRecorder(&b, Meta(m), nil)
		}
		for range 100 {
			in := inputs.Next()
			m.Frame(&in, nil)
		}
		return NewRecorder(&b, Meta(m), m.Arena.NewFile(nil))
	}()
	if err != nil {
		t.Fatal(err)
	}
	for range frames {
		in := inputs.Next()
		m.Frame(&in, nil)
		if err := rec.Frame(&in, m.Arena.Hash); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.Close(m.Arena.Hash()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

func TestReplay(t *testing.T) {
	for _, fromState := range []bool{false, true} {
		b, played := record(t, 1000, fromState)
		r, err := ReadReplay(b)
		if err != nil || r.Cut != nil {
			t.Fatal(err, r.Cut)
		}
		if err := r.Check(Meta(played)); err != nil {
			t.Error(err)
		}
		m, _ := machinetest.New(machinetest.None)
		n, err := r.Verify(m, nil)
		if err != nil || n != 17 || len(r.Inputs) != 1000 {
			t.Errorf("%d hashes of %d frames compared, want 17 of 1000 (%v)", n, len(r.Inputs), err)
		}
		if m.Arena.Hash() != played.Arena.Hash() {
			t.Error("the replay ends in another state")
		}
		t.Logf("1000 frames of random input take %d bytes", len(b))

		// One changed input is seen, in the right interval.
		r.Inputs[500].Seats[0].Buttons ^= machine.Up
		m, _ = machinetest.New(machinetest.None)
		_, err = r.Verify(m, nil)
		var mm *Mismatch
		if !errors.As(err, &mm) || mm.Frame != 539 || !strings.Contains(err.Error(), "between frames 480 and 539") {
			t.Errorf("a changed input: %v", err)
		}
	}
}

func TestDamagedReplays(t *testing.T) {
	b, _ := record(t, 300, false)
	for n := range b {
		r, err := ReadReplay(b[:n])
		if err != nil {
			if !errors.Is(err, ErrReplay) {
				t.Fatalf("cut to %d bytes: %v", n, err)
			}
			continue
		}
		if len(r.Inputs) == 300 || n%17 != 0 {
			continue
		}
		// What is left is good.
		m, _ := machinetest.New(machinetest.None)
		if _, err := r.Verify(m, nil); err != nil && !errors.Is(err, ErrReplay) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	for i := range b {
		c := bytes.Clone(b)
		c[i] ^= 0x10
		r, err := ReadReplay(c)
		if err == nil && r.Cut == nil {
			t.Fatalf("a flipped bit in byte %d was not seen", i)
		}
	}
}

func TestReplayOfAnother(t *testing.T) {
	b, m := record(t, 60, false)
	r, err := ReadReplay(b)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{MetaSet: "set is", MetaRevision: "behaviour revision is", MetaBoard: "board is"} {
		meta := Meta(m)
		meta[key] = "x"
		if err := r.Check(meta); !errors.Is(err, ErrOtherReplay) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
