package machine

import (
	"fmt"
	"math/bits"
)

// Rational is an exact positive ratio, such as a clock in Hz or a refresh
// rate. 60.606061 Hz is {6144000, 384 * 264}.
type Rational struct{ Num, Den int64 }

// Hz is a whole number of cycles a second.
func Hz(n int64) Rational { return Rational{n, 1} }

// String gives the value with six decimals, rounded down.
func (r Rational) String() string {
	micro := Rational{r.Num, r.Den}.reduce().floor(1_000_000)
	return fmt.Sprintf("%d.%06d", micro/1_000_000, micro%1_000_000)
}

// reduce divides out the greatest common divisor.
func (r Rational) reduce() Rational {
	if r.Num <= 0 || r.Den <= 0 {
		panic(fmt.Sprintf("machine: %d/%d is not a positive ratio", r.Num, r.Den))
	}
	a, b := r.Num, r.Den
	for b != 0 {
		a, b = b, a%b
	}
	return Rational{r.Num / a, r.Den / a}
}

// over is r/s. It panics if that has no exact value in 63 bits.
func (r Rational) over(s Rational) Rational {
	r, s = r.reduce(), s.reduce()
	a, b := Rational{r.Num, s.Num}.reduce(), Rational{s.Den, r.Den}.reduce()
	return Rational{times(a.Num, b.Num), times(a.Den, b.Den)}
}

func times(a, b int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi != 0 || lo >= 1<<63 {
		panic(fmt.Sprintf("machine: %d * %d does not fit a ratio", a, b))
	}
	return int64(lo)
}

// inverse is 1/r.
func (r Rational) inverse() Rational { return Rational{r.Den, r.Num} }

// floor is x * Num / Den rounded down, for x >= 0 and results below 2^63.
func (r Rational) floor(x int64) int64 {
	hi, lo := bits.Mul64(uint64(x), uint64(r.Num))
	q, _ := bits.Div64(hi, lo, uint64(r.Den))
	return int64(q)
}

// ceil is x * Num / Den rounded up, for x >= 0 and results below 2^63.
func (r Rational) ceil(x int64) int64 {
	hi, lo := bits.Mul64(uint64(x), uint64(r.Num))
	lo, carry := bits.Add64(lo, uint64(r.Den-1), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(r.Den))
	return int64(q)
}
