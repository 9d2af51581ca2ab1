package pack

import (
	"reflect"
	"sync"
)

var sharingCache sync.Map // reflect.Type -> []bool

// sharing says for each field of a struct whether it is encoded in the table.
func sharing(t reflect.Type) []bool {
	if s, ok := sharingCache.Load(t); ok {
		return s.([]bool)
	}
	s := make([]bool, t.NumField())
	for i := range s {
		s[i] = t.Field(i).Tag.Get("pack") == "shared"
	}
	sharingCache.Store(t, s)
	return s
}
