package pack

import (
	"reflect"
	"testing"
)

type inner struct {
	Name  string
	Value int
}

type record struct {
	Text   string
	Number uint32
	Small  int8
	Yes    bool
	List   []inner
	None   *inner
	Some   *inner
	Same   []inner `pack:"shared"`
}

func records() []record {
	same := []inner{{"shared", -7}, {"again", 1 << 40}}
	return []record{
		{Text: "a", Number: 1<<32 - 1, Small: -128, Yes: true, List: []inner{{"x", 0}, {"", -1}}, Some: &inner{"y", 2}, Same: same},
		{},
		{Text: "a", Same: same},
	}
}

func TestRoundTrip(t *testing.T) {
	e := NewEncoder()
	for _, r := range records() {
		e.Add(r)
	}
	d, err := NewDecoder(e.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != 3 {
		t.Fatalf("%d records", d.Len())
	}
	var got [3]record
	for i, want := range records() {
		if err := d.Record(i, &got[i]); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got[i], want) {
			t.Errorf("record %d: got %+v, want %+v", i, got[i], want)
		}
	}
	if &got[0].Same[0] != &got[2].Same[0] {
		t.Error("a shared value was decoded twice")
	}
}

// Index files come from disks: damage must be an error, never a panic or a
// large allocation.
func TestDamage(t *testing.T) {
	e := NewEncoder()
	for _, r := range records() {
		e.Add(r)
	}
	whole := e.Bytes()
	try := func(b []byte) {
		d, err := NewDecoder(b)
		if err != nil {
			return
		}
		for i := range d.Len() {
			var r record
			d.Record(i, &r)
		}
	}
	failed := false
	for n := range whole {
		if _, err := NewDecoder(whole[:n]); err != nil {
			failed = true
		}
		try(whole[:n])
		for _, v := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			b := append([]byte(nil), whole...)
			b[n] = v
			try(b)
		}
	}
	if !failed {
		t.Error("no cut was noticed")
	}
}
