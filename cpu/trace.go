package cpu

import "fmt"

// Tracer makes a trace hook that writes one line for every instruction: the
// state before it, its address and its text, in the format
//
//	CYC=6539568 D0=00000006 ... SR=2204 000100: move.l  D0, -(A7)
//
// line is valid until write returns.
func Tracer(core Core, write func(line []byte)) func() {
	regs := core.TraceRegisters()
	digits := core.AddressDigits()
	var line []byte
	return func() {
		line = fmt.Appendf(line[:0], "CYC=%d ", core.Now())
		for _, r := range regs {
			line = fmt.Appendf(line, "%s=%0*X ", r.Name, r.Digits, r.Value())
		}
		pc := core.PC()
		text, _ := core.Disassemble(pc)
		line = fmt.Appendf(line, "%0*X: %s", digits, pc, text)
		write(line)
	}
}
