package romset

import (
	"encoding/binary"
	"hash/crc32"
)

// fix7z repairs the checksums of a 7z's headers, so that the fuzzer gets past
// them.
func fix7z(b []byte) {
	if len(b) < 32 || string(b[:6]) != "7z\xbc\xaf\x27\x1c" {
		return
	}
	offset, length := binary.LittleEndian.Uint64(b[12:]), binary.LittleEndian.Uint64(b[20:])
	if end := 32 + offset + length; offset < uint64(len(b)) && length < uint64(len(b)) && end <= uint64(len(b)) {
		binary.LittleEndian.PutUint32(b[28:], crc32.ChecksumIEEE(b[32+offset:end]))
	}
	binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[12:32]))
}
