package cputest

import "testing"

func TestM68000Pack(t *testing.T) { testPack(t, "m68000.cput.gz", 254_000) }
