package romset_test

import (
	"hash/crc32"
	"sort"
)

func sortedKeys[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	sort.Strings(list)
	return list
}

// forge returns size bytes with the given CRC-32: zeros but for the last four.
func forge(size int, want uint32) []byte {
	b := make([]byte, size)
	forgeEnd(b, want)
	return b
}

// forgeEnd sets the last four bytes so that the whole has the given CRC-32. A
// CRC register can be run backwards: the upper byte of a table entry tells
// which entry made it.
func forgeEnd(b []byte, want uint32) {
	t := crc32.IEEETable
	var from [256]byte
	for i, v := range t {
		from[v>>24] = byte(i)
	}
	r := ^want
	for range 4 {
		i := from[r>>24]
		r = (r^t[i])<<8 | uint32(i)
	}
	head := b[:len(b)-4]
	r ^= ^crc32.ChecksumIEEE(head)
	for i := range 4 {
		b[len(b)-4+i] = byte(r >> (8 * i))
	}
}
