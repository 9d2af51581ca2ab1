package cputest

import "fmt"

// jsonReader reads the JSON of the upstream suites: as much of the language as
// they use (whole numbers, strings without escapes). It is many times faster
// than encoding/json, which matters at 1.6 million cases. After an error,
// everything reads as nothing.
type jsonReader struct {
	text []byte
	pos  int
	err  error
}

func (j *jsonReader) fail(format string, args ...any) {
	if j.err == nil {
		j.err = fmt.Errorf("at byte %d: %s", j.pos, fmt.Sprintf(format, args...))
	}
}

// peek is the next byte that is not white space, or 0.
func (j *jsonReader) peek() byte {
	for j.err == nil && j.pos < len(j.text) {
		switch b := j.text[j.pos]; b {
		case ' ', '\t', '\n', '\r':
			j.pos++
		default:
			return b
		}
	}
	return 0
}

// next takes the byte b.
func (j *jsonReader) next(b byte) bool {
	if j.peek() != b {
		if j.pos >= len(j.text) {
			j.fail("the text ends, expected %q", b)
		} else {
			j.fail("found %q, expected %q", j.text[j.pos], b)
		}
		return false
	}
	j.pos++
	return true
}

// array calls element for each, until it returns false.
func (j *jsonReader) array(element func() bool) { j.list('[', ']', element) }

// object calls member for each member, which must read its value.
func (j *jsonReader) object(member func(key string)) {
	j.list('{', '}', func() bool {
		key := j.string()
		if j.next(':') {
			member(key)
		}
		return true
	})
}

func (j *jsonReader) list(first, last byte, element func() bool) {
	if !j.next(first) {
		return
	}
	if j.peek() == last {
		j.pos++
		return
	}
	for element() && j.err == nil {
		if j.peek() != ',' {
			j.next(last)
			return
		}
		j.pos++
	}
}

func (j *jsonReader) string() string {
	if !j.next('"') {
		return ""
	}
	from := j.pos
	for ; j.pos < len(j.text); j.pos++ {
		switch j.text[j.pos] {
		case '"':
			j.pos++
			return string(j.text[from : j.pos-1])
		case '\\':
			j.fail("a string with escapes")
			return ""
		}
	}
	j.fail("a string does not end")
	return ""
}

// number reads a whole number of 32 bits that is not negative.
func (j *jsonReader) number() uint32 {
	j.peek()
	from, v := j.pos, uint64(0)
	for j.err == nil && j.pos < len(j.text) && j.text[j.pos]-'0' <= 9 && v <= 1<<32 {
		v = v*10 + uint64(j.text[j.pos]-'0')
		j.pos++
	}
	if j.pos == from || v >= 1<<32 {
		j.fail("expected a whole number of 32 bits")
	}
	return uint32(v)
}

// null takes the word null, if it is next.
func (j *jsonReader) null() bool {
	if j.peek() != 'n' || j.pos+4 > len(j.text) || string(j.text[j.pos:j.pos+4]) != "null" {
		return false
	}
	j.pos += 4
	return true
}

// skip takes a value of any kind that the suites use.
func (j *jsonReader) skip() { j.skipDeep(16) }

func (j *jsonReader) skipDeep(depth int) {
	if depth == 0 {
		j.fail("lists within lists without end")
		return
	}
	switch b := j.peek(); {
	case b == '"':
		j.string()
	case b == '[':
		j.array(func() bool { j.skipDeep(depth - 1); return true })
	case b == '{':
		j.object(func(string) { j.skipDeep(depth - 1) })
	case j.null():
	default:
		j.number()
	}
}

// end demands that nothing is left.
func (j *jsonReader) end() {
	if j.peek(); j.err == nil && j.pos < len(j.text) {
		j.fail("found %q after the end", j.text[j.pos])
	}
}
