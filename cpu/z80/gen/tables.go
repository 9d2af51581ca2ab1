package main

import "math/bits"

// tables emits the flags that depend on a result alone.
func tables() {
	const (
		flagN = 0x02
		flagP = 0x04
		flagH = 0x10
		flagZ = 0x40
	)
	sz53 := func(i int) int {
		f := i & 0xa8
		if i == 0 {
			f |= flagZ
		}
		return f
	}
	when := func(condition bool, flag int) int {
		if condition {
			return flag
		}
		return 0
	}
	table("sz53 has S, Z and bits 5 and 3 of a result.", "sz53", sz53)
	table("sz53p is sz53 with parity.", "sz53p", func(i int) int {
		return sz53(i) | when(bits.OnesCount8(uint8(i))&1 == 0, flagP)
	})
	table("incF has the flags of INC by its result, but C.", "incF", func(i int) int {
		return sz53(i) | when(i&15 == 0, flagH) | when(i == 0x80, flagP)
	})
	table("decF has the flags of DEC by its result, but C.", "decF", func(i int) int {
		return sz53(i) | flagN | when(i&15 == 15, flagH) | when(i == 0x7f, flagP)
	})
}

func table(comment, name string, value func(int) int) {
	p("// %s", comment)
	p("var %s = [256]uint8{", name)
	for i := range 256 {
		end := ", "
		if i%16 == 15 {
			end = ",\n"
		}
		out.WriteString(hex(value(i)) + end)
	}
	p("}\n")
}

func hex(v int) string {
	const digits = "0123456789abcdef"
	return "0x" + digits[v>>4:v>>4+1] + digits[v&15:v&15+1]
}
