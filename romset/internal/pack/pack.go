// Package pack is the encoding of the ROM set database: structs of strings,
// integers, bools, slices and pointers as varints, field after field, with all
// strings in one table. There are no field names in it: writer and reader must
// have the same types.
//
// A field with the tag `pack:"shared"` is encoded into the table as if it were
// a string, so that equal values are stored once.
package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"sync"
)

// An Encoder collects records and the strings that they share.
type Encoder struct {
	strings map[string]uint64
	table   []string
	records [][]byte
}

// NewEncoder returns an empty Encoder.
func NewEncoder() *Encoder { return &Encoder{strings: map[string]uint64{"": 0}, table: []string{""}} }

// Add encodes v, a struct, as the next record.
func (e *Encoder) Add(v any) { e.records = append(e.records, e.value(nil, reflect.ValueOf(v))) }

func (e *Encoder) intern(s string) uint64 {
	i, ok := e.strings[s]
	if !ok {
		i = uint64(len(e.table))
		e.strings[s] = i
		e.table = append(e.table, s)
	}
	return i
}

func (e *Encoder) value(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		return binary.AppendUvarint(b, e.intern(v.String()))
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		return binary.AppendVarint(b, v.Int())
	case reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		return binary.AppendUvarint(b, v.Uint())
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return e.value(append(b, 1), v.Elem())
	case reflect.Slice:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := range v.Len() {
			b = e.value(b, v.Index(i))
		}
		return b
	case reflect.Struct:
		t := v.Type()
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("pack") == "shared" {
				b = binary.AppendUvarint(b, e.intern(string(e.value(nil, v.Field(i)))))
			} else {
				b = e.value(b, v.Field(i))
			}
		}
		return b
	}
	panic(fmt.Sprintf("pack: cannot encode %s", v.Type()))
}

// Bytes returns everything added so far: two tables of byte strings, the
// shared strings and the records.
func (e *Encoder) Bytes() []byte {
	b := binary.AppendUvarint(nil, uint64(len(e.table)))
	b = binary.AppendUvarint(b, uint64(len(e.records)))
	for _, s := range e.table {
		b = binary.AppendUvarint(b, uint64(len(s)))
	}
	for _, r := range e.records {
		b = binary.AppendUvarint(b, uint64(len(r)))
	}
	for _, s := range e.table {
		b = append(b, s...)
	}
	for _, r := range e.records {
		b = append(b, r...)
	}
	return b
}

// A Decoder reads what an Encoder wrote. It may be used by several goroutines.
// Shared values are decoded once: records have the same slices and pointers,
// which must not be changed.
type Decoder struct {
	table   []string
	records []string
	shared  sync.Map // sharedKey -> reflect.Value
}

type sharedKey struct {
	index uint64
	typ   reflect.Type
}

var errCut = errors.New("pack: data is cut off")

// NewDecoder reads the tables of data.
func NewDecoder(data []byte) (*Decoder, error) {
	all := string(data) // one copy; every string of the database is a part of it
	next := func() (uint64, error) {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			return 0, errCut
		}
		data = data[n:]
		return v, nil
	}
	strings, err := next()
	if err != nil {
		return nil, err
	}
	records, err := next()
	if err != nil {
		return nil, err
	}
	if strings+records > uint64(len(data)) {
		return nil, errCut
	}
	d := &Decoder{table: make([]string, strings), records: make([]string, records)}
	sizes := make([]uint64, strings+records)
	for i := range sizes {
		if sizes[i], err = next(); err != nil {
			return nil, err
		}
	}
	all = all[len(all)-len(data):]
	for i, n := range sizes {
		if n > uint64(len(all)) {
			return nil, errCut
		}
		if i < len(d.table) {
			d.table[i] = all[:n]
		} else {
			d.records[i-len(d.table)] = all[:n]
		}
		all = all[n:]
	}
	return d, nil
}

// Len returns the number of records.
func (d *Decoder) Len() int { return len(d.records) }

// Record decodes record i into v, a pointer to a zero value of the type that was added.
func (d *Decoder) Record(i int, v any) error {
	r := reader{d: d, rest: d.records[i]}
	r.value(reflect.ValueOf(v).Elem())
	return r.err
}

type reader struct {
	d    *Decoder
	rest string
	err  error
}

func (r *reader) uvarint() uint64 {
	var v uint64
	for i := 0; i < len(r.rest) && i < 10; i++ {
		c := r.rest[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.rest = r.rest[i+1:]
			return v
		}
	}
	r.rest, r.err = "", errCut
	return 0
}

func (r *reader) string() string {
	i := r.uvarint()
	if i >= uint64(len(r.d.table)) {
		r.err = errCut
		return ""
	}
	return r.d.table[i]
}

func (r *reader) value(v reflect.Value) {
	if r.err != nil {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(r.string())
	case reflect.Bool:
		v.SetBool(r.uvarint() != 0)
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		u := r.uvarint()
		v.SetInt(int64(u>>1) ^ -int64(u&1))
	case reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		v.SetUint(r.uvarint())
	case reflect.Pointer:
		if r.uvarint() != 0 {
			v.Set(reflect.New(v.Type().Elem()))
			r.value(v.Elem())
		}
	case reflect.Slice:
		n := r.uvarint()
		if n > uint64(len(r.rest)) && n > 0 {
			r.err = errCut
			return
		}
		if n == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
		for i := range int(n) {
			r.value(v.Index(i))
		}
	case reflect.Struct:
		for i, shared := range sharing(v.Type()) {
			if !shared {
				r.value(v.Field(i))
				continue
			}
			r.shared(v.Field(i))
		}
	}
}

// shared decodes a value out of the table.
func (r *reader) shared(v reflect.Value) {
	index := r.uvarint()
	if r.err != nil || index >= uint64(len(r.d.table)) {
		r.err = errCut
		return
	}
	key := sharedKey{index, v.Type()}
	if known, ok := r.d.shared.Load(key); ok {
		v.Set(known.(reflect.Value))
		return
	}
	inner := reader{d: r.d, rest: r.d.table[index]}
	inner.value(v)
	if inner.err != nil {
		r.err = inner.err
		return
	}
	kept := reflect.New(v.Type()).Elem()
	kept.Set(v)
	r.d.shared.Store(key, kept)
}
