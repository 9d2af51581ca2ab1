package cputest

import "testing"

func TestSH2Pack(t *testing.T) { testPack(t, "sh2.cput.gz", 68_134) }
