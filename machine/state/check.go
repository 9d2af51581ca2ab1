package state

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// check refuses types whose bytes are not a state by themselves.
func check(t reflect.Type, name string) error {
	switch t.Kind() {
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return nil
	case reflect.Array:
		return check(t.Elem(), name+"[]")
	case reflect.Struct:
		var end uintptr
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Name == "_" {
				return fmt.Errorf("state: %s has a blank field: give it a name, so that a difference can be named", name)
			}
			if f.Offset != end {
				return fmt.Errorf("state: %d bytes of padding before %s.%s: order the fields by size", f.Offset-end, name, f.Name)
			}
			if err := check(f.Type, name+"."+f.Name); err != nil {
				return err
			}
			end = f.Offset + f.Type.Size()
		}
		if end != t.Size() {
			return fmt.Errorf("state: %d bytes of padding at the end of %s (%s)", t.Size()-end, name, t)
		}
		return nil
	}
	return fmt.Errorf("state: %s is a %s: only fixed-size integers, and arrays and structs of them, can be state", name, t)
}

// describe spells a type out to its scalars, for the layout fingerprint.
func describe(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), describe(t.Elem()))
	case reflect.Struct:
		var b strings.Builder
		b.WriteString("{")
		for i := range t.NumField() {
			fmt.Fprintf(&b, "%s %s;", t.Field(i).Name, describe(t.Field(i).Type))
		}
		return b.String() + "}"
	}
	return t.Kind().String()
}

// Field is a leaf of the state: a run of equal scalars under one name.
type Field struct {
	Name   string       // such as "maincpu.D" or "vram"
	Kind   reflect.Kind // of one element
	Count  int          // number of elements; 1 and Scalar for a single value
	Scalar bool         // a single value, not an array of one
	Offset int          // from the start of the block, in bytes
}

// ElemSize is the size of one element in bytes.
func (f Field) ElemSize() int { return kindSize(f.Kind) }

// Size is the size of the field in bytes.
func (f Field) Size() int { return f.Count * f.ElemSize() }

func kindSize(k reflect.Kind) int {
	switch k {
	case reflect.Uint8, reflect.Int8:
		return 1
	case reflect.Uint16, reflect.Int16:
		return 2
	case reflect.Uint32, reflect.Int32:
		return 4
	}
	return 8
}

// Fields lists every leaf of the state in the order of offsets.
func (a *Arena) Fields() []Field {
	var out []Field
	for _, p := range a.parts {
		out = appendFields(out, p.Name, p.Type, p.Offset)
	}
	return out
}

func appendFields(out []Field, name string, t reflect.Type, offset int) []Field {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			out = appendFields(out, name+"."+f.Name, f.Type, offset+int(f.Offset))
		}
	case reflect.Array:
		e := t.Elem()
		if k := e.Kind(); k != reflect.Struct && k != reflect.Array {
			return append(out, Field{name, k, t.Len(), false, offset})
		}
		for i := range t.Len() {
			out = appendFields(out, name+"["+strconv.Itoa(i)+"]", e, offset+i*int(e.Size()))
		}
	default:
		out = append(out, Field{name, t.Kind(), 1, true, offset})
	}
	return out
}
