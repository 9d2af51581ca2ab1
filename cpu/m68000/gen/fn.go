package main

import (
	"fmt"
	"strings"
)

// size is an operand size.
type size int

const (
	byteSize size = iota
	wordSize
	longSize
)

func (z size) String() string { return "BWL"[z : z+1] }
func (z size) bits() int      { return 8 << z }
func (z size) mask() string   { return [...]string{"0xff", "0xffff", "0xffffffff"}[z] }

// up shifts an expression so that the operand's sign is bit 31.
func (z size) up(e string) string {
	if z == longSize {
		return e
	}
	return fmt.Sprintf("(%s)<<%d", e, 32-z.bits())
}

// low is the part of a register that the size covers.
func (z size) low(e string) string {
	if z == longSize {
		return e
	}
	return e + "&" + z.mask()
}

// sign extends an expression of this size to 32 bits.
func (z size) sign(e string) string {
	if z == longSize {
		return e
	}
	return fmt.Sprintf("uint32(int32(int%d(%s)))", z.bits(), e)
}

// mode is an addressing mode.
type mode int

const (
	mD    mode = iota // Dn
	mA                // An
	mAI               // (An)
	mPI               // (An)+
	mPD               // -(An)
	mDI               // (d16,An)
	mIX               // (d8,An,Xn)
	mAW               // (xxx).W
	mAL               // (xxx).L
	mPD16             // (d16,PC)
	mPX               // (d8,PC,Xn)
	mIM               // #imm
)

func (m mode) String() string {
	return [...]string{"D", "A", "AI", "PI", "PD", "DI", "IX", "AW", "AL", "PCDI", "PCIX", "IM"}[m]
}

// enc is the mode's place in an opcode's lower six bits: mask and match.
func (m mode) enc() (mask, match uint16) {
	if m < mAW {
		return 0x38, uint16(m) << 3
	}
	return 0x3f, 0x38 | uint16(m-mAW)
}

func (m mode) pcRelative() bool { return m == mPD16 || m == mPX }

// Sets of addressing modes, by the manual's names (M68000PRM section 2.3).
var (
	all            = []mode{mD, mA, mAI, mPI, mPD, mDI, mIX, mAW, mAL, mPD16, mPX, mIM}
	data           = []mode{mD, mAI, mPI, mPD, mDI, mIX, mAW, mAL, mPD16, mPX, mIM}
	alterable      = []mode{mD, mA, mAI, mPI, mPD, mDI, mIX, mAW, mAL}
	dataAlterable  = []mode{mD, mAI, mPI, mPD, mDI, mIX, mAW, mAL}
	memAlterable   = []mode{mAI, mPI, mPD, mDI, mIX, mAW, mAL}
	controlModes   = []mode{mAI, mDI, mIX, mAW, mAL, mPD16, mPX}
	byteSizes      = []size{byteSize, wordSize, longSize}
	wordAndLong    = []size{wordSize, longSize}
	srcReg, dstReg = "op&7", "op>>9&7"
)

// fn writes one handler.
type fn struct {
	f     *file
	name  string
	b     string
	t     int    // clock cycles so far
	extra string // more of them, known at run time only
	words int    // words fetched so far
	d     int    // what a fault's frame shows as PC, relative to s.PC
	ok    bool   // a variable ok is needed
	queue bool   // irc and pc are in use
	done  bool
}

// handler starts a function for the opcodes that mask and match select.
func (f *file) handler(name string, mask, match uint16) *fn {
	rows = append(rows, row{mask, match, name})
	return &fn{f: f, name: name, d: -2}
}

func (g *fn) p(format string, args ...any) {
	g.b += fmt.Sprintf(format+"\n", args...)
}

// offset is an expression and a constant.
func offset(e string, n int) string {
	switch {
	case n > 0:
		return fmt.Sprintf("%s + %d", e, n)
	case n < 0:
		return fmt.Sprintf("%s - %d", e, -n)
	}
	return e
}

func (g *fn) idle(n int) { g.t += n }

// at is the time within the instruction, as an expression.
func (g *fn) at() string { return g.plus(0) }

func (g *fn) plus(n int) string {
	if g.extra != "" {
		return fmt.Sprintf("%s+%d", g.extra, g.t+n)
	}
	return fmt.Sprint(g.t + n)
}

func (g *fn) use() {
	if !g.queue {
		g.queue = true
		g.p("pc, irc := s.PC, uint32(s.IRC)")
	}
}

// fetch moves the next word of the program into irc.
func (g *fn) fetch() {
	g.use()
	g.ok = true
	at := offset("pc", 2*g.words)
	g.p("if o := %s - c.winBase; o < c.winSize {", at)
	g.p("irc = be16(c.win, o)")
	g.p("} else if irc, ok = c.fetch(%s, %s); !ok {", at, g.at())
	g.p("return uint32(s.Next) }")
	g.words++
	g.t += 4
}

// ext takes an extension word.
func (g *fn) ext(name string) {
	g.use()
	g.p("%s := irc", name)
	g.fetch()
}

// prefetch does what nearly every instruction ends with: the word in irc is
// the next opcode, and one more is fetched.
func (g *fn) prefetch() {
	g.use()
	g.p("next := irc")
	g.fetch()
}

// end finishes the handler after prefetch.
func (g *fn) end() {
	g.p("s.IRC = uint16(irc)")
	g.p("s.PC = pc + %d", 2*g.words)
	g.time(0)
	g.p("return next")
	g.finish()
}

// inMAME adds to the time of the handler, after prefetch, with MAME's timing.
func (g *fn) inMAME(n int) { g.extra = fmt.Sprintf("s.inMAME(%d)", n) }

func (g *fn) time(n int) {
	if g.extra != "" {
		g.p("s.Time += int64(%s)", g.plus(n))
	} else {
		g.p("s.Time += %d", g.t+n)
	}
}

// jump ends the handler by continuing at address to; stacked is the program
// counter that the frame of an address error shows, end the address behind the
// instruction.
func (g *fn) jump(to, stacked, end string) {
	g.p("if o := %s - c.winBase; o < c.winJump && %s&1 == 0 {", to, to)
	g.p("w := be32(c.win, o)")
	g.p("s.JumpEnd, s.JumpTo = %s, %s", end, to)
	g.p("s.PC = %s + 4", to)
	g.p("s.IRC = uint16(w)")
	g.time(8)
	g.p("return w >> 16 }")
	g.p("return c.jump(%s, %s, %s, %s)", to, g.at(), stacked, end)
}

func (g *fn) finish() {
	g.done = true
	out := &g.f.body
	out.WriteString("//go:nosplit\n")
	fmt.Fprintf(out, "func %s(c *CPU, s *State, op uint32) uint32 {\n", g.name)
	if g.ok && strings.Contains(g.b, ", ok =") {
		out.WriteString("var ok bool\n")
	}
	out.WriteString(g.b)
	out.WriteString("}\n\n")
}

// address computes the effective address into a variable. For (An)+ the
// register is counted up by the read (see read), for -(An) it is counted down
// here.
func (g *fn) address(ea string, m mode, z size, reg string) {
	base := 2 * g.words // bytes of immediate data
	g.d = base - 2
	an := fmt.Sprintf("s.R[%s|8]", reg)
	switch m {
	case mAI, mPI:
		g.p("%s := %s", ea, an)
	case mPD:
		g.idle(2)
		g.p("%s := %s - %s", ea, an, step(z, reg))
		g.p("%s = %s", an, ea)
		if z != longSize {
			g.d += 2
		}
	case mDI:
		g.use()
		g.p("%s := %s + uint32(int32(int16(irc)))", ea, an)
		g.fetch()
	case mIX:
		g.idle(2)
		g.use()
		g.p("%s := s.index(%s, irc)", ea, an)
		g.fetch()
	case mAW:
		g.use()
		g.p("%s := uint32(int32(int16(irc)))", ea)
		g.fetch()
		g.d += 2
	case mAL:
		g.ext(ea + "Hi")
		g.p("%s := %sHi<<16 | irc", ea, ea)
		g.fetch()
		g.d += 4
	case mPD16:
		g.use()
		g.p("%s := %s + uint32(int32(int16(irc)))", ea, g.here())
		g.fetch()
	case mPX:
		g.idle(2)
		g.use()
		g.p("%s := s.index(%s, irc)", ea, g.here())
		g.fetch()
	default:
		panic("no address")
	}
}

// here is the address of the extension word that is next.
func (g *fn) here() string {
	return offset("pc", 2*g.words-2)
}

// step is what (An)+ and -(An) count by; the stack pointer stays even.
func step(z size, reg string) string {
	switch z {
	case byteSize:
		return fmt.Sprintf("(1 + (%s&7+1)>>3)", paren(reg))
	case wordSize:
		return "2"
	}
	return "4"
}

func paren(e string) string {
	if strings.ContainsAny(e, ">") {
		return "(" + e + ")"
	}
	return e
}

const fault = "return uint32(s.Next) }"

// readAt reads memory at address ea into a new variable v.
func (g *fn) readAt(v, ea string, z size, program bool, order string) {
	g.ok = true
	pages, kind := "ReadPages", ""
	if program {
		pages, kind = "FetchPages", "P"
	}
	g.p("var %s uint32", v)
	page := fmt.Sprintf("p := c.m.%s[%s>>12&0xfff]", pages, ea)
	switch z {
	case byteSize:
		g.p("if %s; p != nil {", page)
		g.p("%s = uint32(p[%s&0xfff])", v, ea)
	case wordSize:
		g.p("if %s; p != nil && %s&1 == 0 {", page, ea)
		g.p("%s = be16(unsafe.Pointer(p), %s&0xffe)", v, ea)
	case longSize:
		g.p("if %s; p != nil && halfOffset(%s) < 0x7ff {", page, ea)
		g.p("%s = be32(unsafe.Pointer(p), halfOffset(%s)<<1)", v, ea)
	}
	g.p("} else if %s, ok = c.read%s%s%s(%s, %s, %d); !ok {", v, kind, z, order, ea, g.at(), g.d)
	g.p(fault)
	g.t += cycles(z)
}

func cycles(z size) int {
	if z == longSize {
		return 8
	}
	return 4
}

// writeAt writes expression v to memory at address ea. order is "Low" if the
// lower word of a long goes first, and "After" if the next opcode is in the
// instruction register already.
func (g *fn) writeAt(v, ea string, z size, order string) {
	page := fmt.Sprintf("p := c.m.WritePages[%s>>12&0xfff]", ea)
	switch z {
	case byteSize:
		g.p("if %s; p != nil {", page)
		g.p("p[%s&0xfff] = uint8(%s)", ea, v)
	case wordSize:
		g.p("if %s; p != nil && %s&1 == 0 {", page, ea)
		g.p("put16(unsafe.Pointer(p), %s&0xffe, %s)", ea, v)
	case longSize:
		g.p("if %s; p != nil && halfOffset(%s) < 0x7ff {", page, ea)
		g.p("put32(unsafe.Pointer(p), halfOffset(%s)<<1, %s)", ea, v)
	}
	if order == "After" {
		g.p("} else if !c.write%s%s(%s, %s, %s, %d, next) {", z, order, ea, v, g.at(), g.d)
	} else {
		g.p("} else if !c.write%s%s(%s, %s, %s, %d) {", z, order, ea, v, g.at(), g.d)
	}
	g.p(fault)
	g.t += cycles(z)
}

// operand reads the operand of a mode into v; the address stays in ea.
func (g *fn) operand(v, ea string, m mode, z size, reg string) {
	switch m {
	case mD:
		g.p("%s := %s", v, z.low(fmt.Sprintf("s.R[%s]", reg)))
	case mA:
		g.p("%s := %s", v, z.low(fmt.Sprintf("s.R[%s|8]", reg)))
	case mIM:
		g.immediate(v, z)
	default:
		g.address(ea, m, z, reg)
		count := func() {
			if m == mPI {
				g.p("s.R[%s|8] = %s + %s", reg, ea, step(z, reg))
			}
		}
		if z != longSize {
			count()
		}
		g.readAt(v, ea, z, m.pcRelative(), "")
		if z == longSize {
			count()
		}
	}
}

// immediate takes immediate data into v.
func (g *fn) immediate(v string, z size) {
	g.use()
	if z == longSize {
		g.ext(v + "Hi")
		g.p("%s := %sHi<<16 | irc", v, v)
	} else {
		g.p("%s := %s", v, z.low("irc"))
	}
	g.fetch()
}

// putD writes r into data register reg.
func (g *fn) putD(reg, r string, z size) {
	if z == longSize {
		g.p("s.R[%s] = %s", reg, r)
		return
	}
	g.p("s.R[%s] = s.R[%s]&^%s | %s&%s", reg, reg, z.mask(), r, z.mask())
}

// logic sets the flags of a move or logical operation.
func (g *fn) logic(r string, z size) {
	g.p("s.N, s.Z, s.V, s.C = %s, %s, 0, 0", z.up(r), z.up(r))
}

// compute emits r := d op v with its flags.
func (g *fn) compute(name, d, v string, z size) {
	switch name {
	case "ADD", "SUB", "CMP":
		sign, carry := "+", "s.C"
		if name != "ADD" {
			sign = "-"
		}
		if z == longSize {
			g.p("wide := uint64(%s) %s uint64(%s)", d, sign, v)
			g.p("r := uint32(wide)")
			g.p("%s = uint32(wide>>32)&1", carry)
		} else {
			g.p("r := %s %s %s", d, sign, v)
			g.p("%s = r>>%d&1", carry, z.bits())
		}
		if name != "CMP" {
			g.p("s.X = s.C")
		}
		g.p("s.N, s.Z = %s, %s", z.up("r"), z.up("r"))
		if name == "ADD" {
			g.p("s.V = %s", z.up(fmt.Sprintf("(%s^r)&(%s^r)", d, v)))
		} else {
			g.p("s.V = %s", z.up(fmt.Sprintf("(%s^%s)&(%s^r)", d, v, d)))
		}
	case "AND", "OR", "EOR":
		g.p("r := %s %s %s", d, map[string]string{"AND": "&", "OR": "|", "EOR": "^"}[name], v)
		g.logic("r", z)
	default:
		panic(name)
	}
}

// opcode puts a mode's bits into an opcode pattern.
func opcode(mask, match uint16, m mode) (uint16, uint16) {
	em, ev := m.enc()
	return mask | em, match | ev
}
