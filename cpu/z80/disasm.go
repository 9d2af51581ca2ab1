package z80

import "fmt"

// Disassemble implements cpu.Core, in MAME's syntax.
func (c *CPU) Disassemble(addr uint32) (string, int) {
	d := disassembler{pc: uint16(addr), read: func(a uint16) uint8 { v, _ := c.m.Peek(a); return v }, op: func(a uint16) uint8 {
		if p := c.m.FetchPages[a>>8]; p != nil {
			return p[uint8(a)]
		}
		v, _ := c.m.Peek(a)
		return v
	}}
	return d.text(), int(d.pc - uint16(addr))
}

type disassembler struct {
	pc   uint16
	read func(addr uint16) uint8 // operands
	op   func(addr uint16) uint8 // opcodes
}

func (d *disassembler) opcode() uint8 { d.pc++; return d.op(d.pc - 1) }
func (d *disassembler) byte() uint8   { d.pc++; return d.read(d.pc - 1) }
func (d *disassembler) word() string {
	lo := d.byte()
	return fmt.Sprintf("$%04X", uint16(d.byte())<<8|uint16(lo))
}
func (d *disassembler) relative() string {
	e := int8(d.byte())
	return fmt.Sprintf("$%04X", d.pc+uint16(e))
}

var (
	regNames  = [8]string{"b", "c", "d", "e", "h", "l", "(hl)", "a"}
	pairNames = [4]string{"bc", "de", "hl", "sp"}
	condNames = [8]string{"nz", "z", "nc", "c", "po", "pe", "p", "m"}
	aluNames  = [8]string{"add  a,", "adc  a,", "sub  ", "sbc  a,", "and  ", "xor  ", "or   ", "cp   "}
	rotNames  = [8]string{"rlc", "rrc", "rl", "rr", "sla", "sra", "sll", "srl"}
	accNames  = [8]string{"rlca", "rrca", "rla", "rra", "daa", "cpl", "scf", "ccf"}
	blockText = [4][4]string{{"ldi", "cpi", "ini", "outi"}, {"ldd", "cpd", "ind", "outd"}, {"ldir", "cpir", "inir", "otir"}, {"lddr", "cpdr", "indr", "otdr"}}
)

func (d *disassembler) text() string {
	op := d.opcode()
	index := ""
	if op == 0xdd || op == 0xfd {
		index = map[uint8]string{0xdd: "ix", 0xfd: "iy"}[op]
		if !indexable(d.op(d.pc)) {
			return fmt.Sprintf("db   $%02x", op)
		}
		op = d.opcode()
	}
	switch op {
	case 0xcb:
		return d.bits(index)
	case 0xed:
		return d.extended()
	}
	return d.plain(op, index)
}

// indexable tells whether an opcode has to do with HL, so that a DD or FD
// before it has an effect.
func indexable(op uint8) bool {
	y, z := op>>3&7, op&7
	half := func(r uint8) bool { return r >= 4 && r <= 6 }
	switch op >> 6 {
	case 0:
		switch {
		case z == 1:
			return y&1 == 1 || y == 4
		case z == 2, z == 3:
			return y>>1 == 2
		}
		return z >= 4 && z <= 6 && half(y)
	case 1:
		return op != 0x76 && (half(y) || half(z))
	case 2:
		return half(z)
	}
	switch op {
	case 0xcb, 0xe1, 0xe3, 0xe5, 0xe9, 0xf9:
		return true
	}
	return false
}

// displacement is the text of (IX+d).
func (d *disassembler) displacement(index string) string {
	e := int8(d.byte())
	if e < 0 {
		return fmt.Sprintf("(%s-$%02x)", index, -int(e))
	}
	return fmt.Sprintf("(%s+$%02x)", index, e)
}

// bits is the text after a CB prefix.
func (d *disassembler) bits(index string) string {
	if index == "" {
		op := d.opcode()
		return bitText(op, "", regNames[op&7])
	}
	place := d.displacement(index)
	op := d.byte()
	to := ""
	if op&7 != 6 {
		// Not in the manual: the result goes to a register as well. MAME
		// writes that for BIT too, which has no result.
		to = regNames[op&7] + "="
	}
	return bitText(op, to, place)
}

func bitText(op uint8, to, place string) string {
	y := op >> 3 & 7
	if op>>6 == 0 {
		return pad(rotNames[y]) + to + place
	}
	return fmt.Sprintf("%s%s%d,%s", pad([4]string{"", "bit", "res", "set"}[op>>6]), to, y, place)
}

// pad puts a mnemonic into MAME's column.
func pad(m string) string { return fmt.Sprintf("%-4s ", m) }

func (d *disassembler) extended() string {
	op := d.op(d.pc)
	y, z := op>>3&7, op&7
	if op>>6 != 1 && (op>>6 != 2 || z >= 4 || y < 4) || op == 0x77 || op == 0x7f {
		return "db   $ed"
	}
	d.pc++
	if op>>6 == 2 {
		return blockText[y-4][z]
	}
	pair := pairNames[y>>1]
	switch z {
	case 0:
		if y == 6 {
			return "in   0,(c)"
		}
		return "in   " + regNames[y] + ",(c)"
	case 1:
		if y == 6 {
			return "out  (c),0"
		}
		return "out  (c)," + regNames[y]
	case 2:
		return [2]string{"sbc", "adc"}[y&1] + "  hl," + pair
	case 3:
		if y&1 == 0 {
			return "ld   (" + d.word() + ")," + pair
		}
		return "ld   " + pair + ",(" + d.word() + ")"
	case 4:
		if y != 0 {
			return "neg  *" // not in the manual
		}
		return "neg"
	case 5:
		if y&1 == 1 {
			return "reti"
		}
		return "retn"
	case 6:
		return [4]string{"im   0", "im   0", "im   1", "im   2"}[y&3]
	}
	return [6]string{"ld   i,a", "ld   r,a", "ld   a,i", "ld   a,r", "rrd  (hl)", "rld  (hl)"}[y]
}

func (d *disassembler) plain(op uint8, index string) string {
	x, y, z := op>>6, op>>3&7, op&7
	hl := "hl"
	if index != "" {
		hl = index
	}
	pair := func(n uint8) string {
		if n == 2 {
			return hl
		}
		return pairNames[n]
	}
	// reg names a register; h and l become halves of the index register
	// unless the instruction uses memory.
	memory := z == 6 || x == 1 && y == 6 || x == 0 && y == 6
	reg := func(n uint8) string {
		switch {
		case index == "":
			return regNames[n]
		case n == 6:
			return d.displacement(index)
		case (n == 4 || n == 5) && (x != 1 && x != 2 || !memory):
			return index + regNames[n]
		}
		return regNames[n]
	}
	switch x {
	case 0:
		switch z {
		case 0:
			switch y {
			case 0:
				return "nop"
			case 1:
				return "ex   af,af'"
			case 2:
				return "djnz " + d.relative()
			case 3:
				return "jr   " + d.relative()
			}
			return "jr   " + condNames[y-4] + "," + d.relative()
		case 1:
			if y&1 == 0 {
				return "ld   " + pair(y>>1) + "," + d.word()
			}
			return "add  " + hl + "," + pair(y>>1)
		case 2:
			switch y {
			case 0, 2:
				return "ld   (" + pairNames[y>>1] + "),a"
			case 1, 3:
				return "ld   a,(" + pairNames[y>>1] + ")"
			case 4:
				return "ld   (" + d.word() + ")," + hl
			case 5:
				return "ld   " + hl + ",(" + d.word() + ")"
			case 6:
				return "ld   (" + d.word() + "),a"
			}
			return "ld   a,(" + d.word() + ")"
		case 3:
			return [2]string{"inc", "dec"}[y&1] + "  " + pair(y>>1)
		case 4:
			return "inc  " + reg(y)
		case 5:
			return "dec  " + reg(y)
		case 6:
			r := reg(y)
			return fmt.Sprintf("ld   %s,$%02X", r, d.byte())
		}
		return accNames[y]
	case 1:
		if op == 0x76 {
			return "halt"
		}
		a := reg(y)
		return "ld   " + a + "," + reg(z)
	case 2:
		return aluNames[y] + reg(z)
	}
	switch z {
	case 0:
		return "ret  " + condNames[y]
	case 1:
		if y&1 == 0 {
			if y == 6 {
				return "pop  af"
			}
			return "pop  " + pair(y>>1)
		}
		return [4]string{"ret", "exx", "jp   (" + hl + ")", "ld   sp," + hl}[y>>1]
	case 2:
		return "jp   " + condNames[y] + "," + d.word()
	case 3:
		switch y {
		case 0:
			return "jp   " + d.word()
		case 2:
			return fmt.Sprintf("out  ($%02X),a", d.byte())
		case 3:
			return fmt.Sprintf("in   a,($%02X)", d.byte())
		case 4:
			return "ex   (sp)," + hl
		case 5:
			return "ex   de,hl"
		case 6:
			return "di"
		}
		return "ei"
	case 4:
		return "call " + condNames[y] + "," + d.word()
	case 5:
		if y&1 == 0 {
			if y == 6 {
				return "push af"
			}
			return "push " + pair(y>>1)
		}
		return "call " + d.word()
	case 6:
		return fmt.Sprintf("%s$%02X", aluNames[y], d.byte())
	}
	return fmt.Sprintf("rst  $%02X", op&0x38)
}
