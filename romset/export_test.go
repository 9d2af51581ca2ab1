package romset

import "sync"

// ForgetForBenchmark makes the database as it is when a program starts.
func ForgetForBenchmark() {
	*db = database{index: sync.OnceValue(loadIndex), groups: db.groups, sets: map[string]*Set{}, devices: map[string][]*Set{}}
	clear(db.groups)
}
