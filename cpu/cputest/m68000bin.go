package cputest

import "fmt"

func runM68000Bin(path string, o Options) (*Report, error) {
	return nil, fmt.Errorf("%s: to come", path)
}
