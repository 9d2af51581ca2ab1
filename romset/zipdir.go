package romset

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
)

// Scanning thousands of zips spends its time on their lists, and of those
// archive/zip keeps much that a scan never asks for. So the list is read here
// (APPNOTE.TXT, sections 4.3.12 to 4.3.16), and archive/zip is left to what
// unpacks. Anything unusual is left to it too.

const (
	sigEntry   = "PK\x01\x02"
	sigEnd     = "PK\x05\x06"
	sigEnd64   = "PK\x06\x06"
	sigLocator = "PK\x06\x07"

	endSize     = 22
	locatorSize = 20
	end64Size   = 56
	entrySize   = 46

	maxDirectory = 32 << 20 // bytes; that of a ROM set has some thousand
)

// listZip reads the central directory. It reports false if there is something
// that it does not understand.
func listZip(r io.ReaderAt, size int64) ([]*archiveEntry, bool) {
	tail := make([]byte, min(size, 4096)) // of most ROM sets, the whole directory
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return nil, false
	}
	at := bytes.LastIndex(tail, []byte(sigEnd))
	if at < 0 || at+endSize > len(tail) {
		return nil, false // a long comment, or no zip
	}
	end := tail[at:]
	count := uint64(binary.LittleEndian.Uint16(end[10:]))
	length := uint64(binary.LittleEndian.Uint32(end[12:]))
	offset := uint64(binary.LittleEndian.Uint32(end[16:]))
	last := size - int64(len(tail)) + int64(at) // where the directory ends
	if count == 0xffff || length == 0xffffffff || offset == 0xffffffff {
		var ok bool
		if count, length, offset, last, ok = end64(r, tail[:at], last); !ok {
			return nil, false
		}
	}
	// data put in front of the archive moves everything; the end is sure
	begin := last - int64(min(length, 1<<62))
	if length > maxDirectory || begin < 0 || offset > uint64(begin) || count > length/entrySize {
		return nil, false
	}
	if first := size - int64(len(tail)); begin >= first {
		return entriesOf(tail[begin-first:][:length], int(count))
	}
	dir := make([]byte, length)
	if _, err := r.ReadAt(dir, begin); err != nil && err != io.EOF {
		return nil, false
	}
	return entriesOf(dir, int(count))
}

// end64 reads the zip64 form of the end record.
func end64(r io.ReaderAt, before []byte, end int64) (count, length, offset uint64, last int64, ok bool) {
	if len(before) < locatorSize {
		return
	}
	locator := before[len(before)-locatorSize:]
	var record [end64Size]byte
	at := end - locatorSize - end64Size // no extensible data, so it is right in front
	if string(locator[:4]) != sigLocator || at < 0 {
		return
	}
	if _, err := r.ReadAt(record[:], at); err != nil || string(record[:4]) != sigEnd64 {
		return
	}
	return binary.LittleEndian.Uint64(record[32:]), binary.LittleEndian.Uint64(record[40:]), binary.LittleEndian.Uint64(record[48:]), at, true
}

func entriesOf(dir []byte, count int) ([]*archiveEntry, bool) {
	names := string(dir) // all names are parts of it
	entries := make([]archiveEntry, 0, count)
	for i, at := 0, 0; i < count; i++ {
		if at+entrySize > len(dir) || string(dir[at:at+4]) != sigEntry {
			return nil, false
		}
		h := dir[at:]
		name, extra, comment := int(binary.LittleEndian.Uint16(h[28:])), int(binary.LittleEndian.Uint16(h[30:])), int(binary.LittleEndian.Uint16(h[32:]))
		next := at + entrySize + name + extra + comment
		size := binary.LittleEndian.Uint32(h[24:])
		if next > len(dir) || size == 0xffffffff {
			return nil, false
		}
		e := archiveEntry{name: names[at+entrySize:][:name], size: int64(size), crc: binary.LittleEndian.Uint32(h[16:]), hasCRC: true, index: i}
		if binary.LittleEndian.Uint16(h[8:])&1 != 0 {
			e.broken = errEncrypted
		}
		if !strings.HasSuffix(e.name, "/") {
			entries = append(entries, e)
		}
		at = next
	}
	list := make([]*archiveEntry, len(entries))
	for i := range entries {
		list[i] = &entries[i]
	}
	return list, true
}
