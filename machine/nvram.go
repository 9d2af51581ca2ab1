package machine

import (
	"encoding/binary"
	"fmt"
)

// Kept is a part of a board that keeps its content without power: an EEPROM,
// RAM with a battery, flash. Its content is state like any other; this is the
// way in before the first frame, and the way out between two frames. Whether
// and where it is stored is the host's business.
type Kept struct {
	// Name is that of MAME's device, and so of the file in MAME's nvram folder.
	Name string
	// Size is that of the content in bytes, which are then those of MAME's file
	// on a PC. 0 means that only differences to the ROM are given, in a format of
	// the board's own and of any length: none at all if nothing was written.
	Size int
	// Save gives the content now, as bytes of their own.
	Save func() []byte
	// Load replaces the content. Its error says what is wrong with b, and then
	// nothing was changed. Use Set, which checks the size as well.
	Load func(b []byte) error
}

// Set replaces the content by what Save gave. It may be called before the first
// frame only.
func (k *Kept) Set(b []byte) error {
	if k.Size > 0 && len(b) != k.Size {
		return fmt.Errorf("%d bytes are there, %d are expected", len(b), k.Size)
	}
	return k.Load(b)
}

// Keep adds a part that keeps its content, and gives it the content that c has
// for it. Boards call it while they are built.
func (m *Machine) Keep(c *Config, k Kept) error {
	m.Kept = append(m.Kept, k)
	content, ok, err := findKept(c.NVRAM, k.Name)
	if err == nil && ok {
		err = k.Set(content)
	}
	if err != nil {
		return fmt.Errorf("%s: what %s is to start with: %w", c.Set, k.Name, err)
	}
	return nil
}

// NVRAM is the content of everything that keeps it, as Config.NVRAM takes it:
// u8 length and name, u32 little-endian length and content, of each part. It is
// nil for boards without such parts.
func (m *Machine) NVRAM() []byte {
	var out []byte
	for i := range m.Kept {
		k := &m.Kept[i]
		content := k.Save()
		out = append(out, uint8(len(k.Name)))
		out = append(out, k.Name...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(content)))
		out = append(out, content...)
	}
	return out
}

// findKept looks for a part's content in what NVRAM gave.
func findKept(b []byte, name string) (content []byte, ok bool, err error) {
	for len(b) > 0 {
		n := int(b[0])
		if len(b) < 1+n+4 {
			return nil, false, fmt.Errorf("the NVRAM is cut off within a name")
		}
		this := string(b[1 : 1+n])
		size := binary.LittleEndian.Uint32(b[1+n:])
		b = b[1+n+4:]
		if uint64(size) > uint64(len(b)) {
			return nil, false, fmt.Errorf("the NVRAM is cut off: %d bytes of %s are expected, %d are there", size, this, len(b))
		}
		if this == name {
			return b[:size], true, nil
		}
		b = b[size:]
	}
	return nil, false, nil
}
