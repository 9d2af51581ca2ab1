package romset

import (
	"bytes"
	"hash/crc32"
	"io"
)

// checked compares a stream with the checksum and length that its archive
// claims, as archive/zip does for the methods that it opens itself.
type checked struct {
	r    io.Reader
	want uint32
	size uint64
	crc  uint32
	n    uint64
}

type damagedError struct{}

func (damagedError) Error() string {
	return "its content does not fit the archive's own checksum: the archive is damaged"
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.crc = crc32.Update(c.crc, crc32.IEEETable, b[:n])
	c.n += uint64(n)
	if err == io.EOF && (c.n != c.size || c.crc != c.want) {
		err = damagedError{}
	}
	return n, err
}

func bytesReader(b []byte) io.Reader { return bytes.NewReader(b) }
