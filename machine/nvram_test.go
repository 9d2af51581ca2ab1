package machine

import (
	"bytes"
	"strings"
	"testing"
)

// keeper is a part of n bytes (0: any number).
type keeper struct{ mem []byte }

func (k *keeper) part(name string, size int) Kept {
	return Kept{Name: name, Size: size, Save: func() []byte { return bytes.Clone(k.mem) }, Load: func(b []byte) error {
		k.mem = bytes.Clone(b)
		return nil
	}}
}

func TestNVRAMReachesItsParts(t *testing.T) {
	build := func(nvram []byte) (m *Machine, a, b *keeper, err error) {
		m, a, b = &Machine{}, &keeper{mem: make([]byte, 4)}, &keeper{}
		c := &Config{Set: "toy", NVRAM: nvram}
		if err = m.Keep(c, a.part("eeprom", 4)); err == nil {
			err = m.Keep(c, b.part("flash", 0))
		}
		return
	}
	m, a, b, err := build(nil)
	if err != nil || len(m.Kept) != 2 {
		t.Fatal(err, m.Kept)
	}
	a.mem, b.mem = []byte{1, 2, 3, 4}, []byte("anything")
	kept := m.NVRAM()
	_, a2, b2, err := build(kept)
	if err != nil || !bytes.Equal(a2.mem, a.mem) || !bytes.Equal(b2.mem, b.mem) {
		t.Errorf("came back: %v %q, %v", a2.mem, b2.mem, err)
	}
	for n := 1; n < len(kept); n++ {
		whole := n == 1+len("eeprom")+4+4 // the first part, and no second
		if _, _, _, err := build(kept[:n]); (err == nil) != whole {
			t.Errorf("the first %d of %d bytes: %v", n, len(kept), err)
		}
	}
	a.mem = a.mem[:3]
	if _, _, _, err := build(m.NVRAM()); err == nil || !strings.Contains(err.Error(), "toy: what eeprom is to start with: 3 bytes are there, 4 are expected") {
		t.Errorf("a byte too few: %v", err)
	}
	if (&Machine{}).NVRAM() != nil {
		t.Error("a board that keeps nothing has NVRAM")
	}
}
