package decrypt

import (
	"fmt"
	"strconv"
	"strings"
)

// reorder builds a value from bits of v: order lists the source bits from the
// result's highest bit down.
func reorder(v uint32, order []int) uint32 {
	var r uint32
	for _, b := range order {
		r = r<<1 | v>>b&1
	}
	return r
}

// byteTable is reorder for all bytes.
func byteTable(order []int) *[256]byte {
	var t [256]byte
	for i := range t {
		t[i] = byte(reorder(uint32(i), order))
	}
	return &t
}

// digits reads "76543210" as a bit order.
func digits(s string) ([]int, error) {
	order := make([]int, len(s))
	for i, c := range s {
		if c < '0' || c > '9' {
			return nil, fmt.Errorf("%q is not a bit order", s)
		}
		order[i] = int(c - '0')
	}
	return order, nil
}

func mustDigits(s string) []int {
	order, err := digits(s)
	if err != nil {
		panic(err)
	}
	return order
}

// options reads arguments of the form name=value.
type options map[string]string

func parse(args []string) options {
	o := options{}
	for _, a := range args {
		k, v, _ := strings.Cut(a, "=")
		o[k] = v
	}
	return o
}

// hex returns a hexadecimal option, or def if it is not given.
func (o options) hex(name string, def int) (int, error) {
	s, ok := o[name]
	if !ok {
		return def, nil
	}
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return 0, fmt.Errorf("%s=%s is not a hexadecimal number", name, s)
	}
	return int(v), nil
}

// span returns the part of region o["in"] that from= and to= bound.
func (im *Image) span(o options) ([]byte, error) {
	r, err := im.region(o["in"], 1)
	if err != nil {
		return nil, err
	}
	from, err := o.hex("from", 0)
	if err != nil {
		return nil, err
	}
	to, err := o.hex("to", len(r))
	if err != nil {
		return nil, err
	}
	if from > to || to > len(r) {
		return nil, fmt.Errorf("%x-%x is outside of region %s of %x bytes", from, to, o["in"], len(r))
	}
	return r[from:to], nil
}
