package machine

import "math/bits"

// The reference's arithmetic of time. MAME counts attoseconds and rounds in a
// few places; where one of our boundaries coincides with one of these, a CPU
// stops an instruction earlier or later. Boards use the same arithmetic, so
// that registers at the end of a frame can be compared one to one. The error
// against the real crystal is below one part in 10^11.

// attoseconds in a second.
const attoseconds = 1_000_000_000_000_000_000

// Clock is a clock of hz with the period cut off to a whole number of
// attoseconds: 3.072 MHz runs at 3.072000000003146 MHz.
func Clock(hz int64) Rational { return Rational{attoseconds, attoseconds / hz} }

// Raster is the refresh rate of a screen with the given pixel clock in Hz and
// total width and height in pixels and lines; its pixel's period is cut off in
// the same way. So a frame of 50688 cycles may end in cycle 50687.
func Raster(pixelClock, width, height int64) Rational {
	return Rational{attoseconds, attoseconds / pixelClock * width * height}
}

// slicing models how MAME turns the time to the end of a frame into cycles: it
// divides by the period without the bits below the upper 31, which gives a
// little too much. Over a long slice that makes up for the cut-off, and the CPU
// runs one cycle more.
type slicing struct {
	divisor int64    // the period as it is divided by, shifted back
	cut     int64    // what was cut off: period - divisor
	blank   int64    // ticks of vertical blank, whose end begins a slice
	update  Rational // ticks between two updates of sound, each of which begins one
}

func newSlicing(hz Rational, blank int64) slicing {
	hz = hz.reduce()
	period := hz.Den // ticks are cycles of a Clock: its period is the denominator
	shift := max(bits.Len64(uint64(period))-31, 0)
	divisor := period >> shift << shift
	return slicing{divisor: divisor, cut: period - divisor, blank: blank, update: hz.over(Hz(50))}
}

// oneMore reports whether MAME runs a cycle more than the whole ticks of the
// frame that begins at start and ends at end, where missing/den of a tick is
// missing to the next. slice is when a slice last began for the board's own
// reasons.
func (s *slicing) oneMore(start, slice, end, missing, den int64) bool {
	if s.cut == 0 || missing == 0 || missing > den>>16 {
		return false
	}
	from := min(end, max(start+s.blank, slice, s.update.floor(s.update.inverse().floor(end))))
	// missing/den <= (end-from) * cut/divisor
	a, b := bits.Mul64(uint64(missing), uint64(s.divisor))
	hi, lo := bits.Mul64(uint64(end-from)*uint64(s.cut), uint64(den))
	return a < hi || a == hi && b <= lo
}
