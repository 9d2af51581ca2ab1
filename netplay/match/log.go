package match

// logFrames is how many confirmed frames are remembered: several minutes.
const logFrames = 1 << 15

// inputLog remembers the newest confirmed inputs, for a bundle and for those
// who come late. It grows as needed, up to logFrames.
type inputLog struct {
	size  int
	first int32 // frame that the log began with
	next  int32
	data  []byte
}

func (l *inputLog) reset(start int32) { l.first, l.next, l.data = start, start, l.data[:0] }

func (l *inputLog) add(inputs []byte) {
	at := int(l.next-l.first) % logFrames * l.size
	if at < len(l.data) {
		copy(l.data[at:], inputs)
	} else {
		l.data = append(l.data, inputs...)
	}
	l.next++
}

// oldest is the first frame that is remembered.
func (l *inputLog) oldest() int32 { return max(l.first, l.next-logFrames) }

// from returns the inputs from a frame on; it takes the oldest if need be.
func (l *inputLog) from(frame int32) (int32, []byte) {
	frame = max(frame, l.oldest())
	var out []byte
	for f := frame; f < l.next; f++ {
		at := int(f-l.first) % logFrames * l.size
		out = append(out, l.data[at:at+l.size]...)
	}
	return frame, out
}

// some returns at most n frames of inputs from a frame on, which must be
// remembered.
func (l *inputLog) some(frame int32, n int) []byte {
	var out []byte
	for f := frame; f < min(l.next, frame+int32(n)); f++ {
		at := int(f-l.first) % logFrames * l.size
		out = append(out, l.data[at:at+l.size]...)
	}
	return out
}
