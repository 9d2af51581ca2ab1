package m68000

import (
	"fmt"
	"strings"
)

// Disassemble implements cpu.Core. Instructions of later models and of
// coprocessors are shown as data.
func (c *CPU) Disassemble(addr uint32) (text string, length int) {
	d := disassembler{at: addr & 0xfffffe, next: addr & 0xfffffe, peek: func(a uint32) uint16 {
		v, _ := c.m.Peek(a & 0xfffffe)
		return v
	}}
	return d.instruction()
}

// disassembler takes one instruction apart.
type disassembler struct {
	at, next uint32
	peek     func(addr uint32) uint16
	op       uint16
	bad      bool
}

func (d *disassembler) word() uint16 {
	v := d.peek(d.next)
	d.next += 2
	return v
}

func (d *disassembler) instruction() (string, int) {
	d.op = d.word()
	name, args := d.decode()
	if name == "" || d.bad {
		why := "ILLEGAL"
		switch d.op >> 12 {
		case 0xa:
			why = "opcode 1010"
		case 0xf:
			why = "opcode 1111"
		}
		return fmt.Sprintf("dc.w    $%04x; %s", d.op, why), 2
	}
	if len(args) == 0 {
		return name, int(d.next - d.at)
	}
	return fmt.Sprintf("%-7s %s", name, strings.Join(args, ", ")), int(d.next - d.at)
}

// Addressing modes as bits, for what an instruction permits.
const (
	okD = 1 << iota
	okA
	okAI
	okPI
	okPD
	okDI
	okIX
	okAW
	okAL
	okPCDI
	okPCIX
	okIM

	okAll          = 1<<12 - 1
	okData         = okAll &^ okA
	okAlterable    = okAll &^ (okPCDI | okPCIX | okIM)
	okDataAlter    = okAlterable &^ okA
	okMemAlter     = okDataAlter &^ okD
	okControl      = okAI | okDI | okIX | okAW | okAL | okPCDI | okPCIX
	okControlAlter = okControl &^ (okPCDI | okPCIX)
)

var suffix = [4]string{".b", ".w", ".l", ""}

// ea shows the operand in the lower six bits of the opcode; size is 0, 1 or 2.
func (d *disassembler) ea(size, permitted int) string {
	return d.operand(int(d.op>>3&7), int(d.op&7), size, permitted)
}

func (d *disassembler) operand(mode, reg, size, permitted int) string {
	i := mode
	if mode == 7 {
		i = 7 + reg
	}
	if i > 11 || permitted>>i&1 == 0 {
		d.bad = true
		return ""
	}
	switch 1 << i {
	case okD:
		return fmt.Sprintf("D%d", reg)
	case okA:
		return fmt.Sprintf("A%d", reg)
	case okAI:
		return fmt.Sprintf("(A%d)", reg)
	case okPI:
		return fmt.Sprintf("(A%d)+", reg)
	case okPD:
		return fmt.Sprintf("-(A%d)", reg)
	case okDI:
		return fmt.Sprintf("(%s,A%d)", signed(int32(int16(d.word()))), reg)
	case okIX:
		return d.indexed(mode, reg, fmt.Sprintf("A%d", reg))
	case okAW:
		return fmt.Sprintf("$%x.w", d.word())
	case okAL:
		return fmt.Sprintf("$%x.l", d.long())
	case okPCDI:
		here := d.next
		by := int32(int16(d.word()))
		return fmt.Sprintf("(%s,PC) ; ($%x)", signed(by), here+uint32(by))
	case okPCIX:
		return d.indexed(mode, reg, "PC")
	}
	return d.immediate(size, false)
}

// indexed shows base, index and displacement. Scaled indexes and full
// extension words are those of later models.
func (d *disassembler) indexed(mode, reg int, base string) string {
	ext := d.word()
	if ext&0x700 != 0 {
		return fmt.Sprintf("INVALID %x", mode<<3|reg)
	}
	kind, size := "D", "w"
	if ext&0x8000 != 0 {
		kind = "A"
	}
	if ext&0x800 != 0 {
		size = "l"
	}
	by := ""
	if int8(ext) != 0 {
		by = signed(int32(int8(ext))) + ","
	}
	return fmt.Sprintf("(%s%s,%s%d.%s)", by, base, kind, ext>>12&7, size)
}

func (d *disassembler) long() uint32 {
	hi := d.word()
	return uint32(hi)<<16 | uint32(d.word())
}

func (d *disassembler) immediate(size int, withSign bool) string {
	var v uint32
	var s int32
	switch size {
	case 0:
		w := d.word()
		v, s = uint32(w&0xff), int32(int8(w))
	case 1:
		w := d.word()
		v, s = uint32(w), int32(int16(w))
	default:
		v = d.long()
		s = int32(v)
	}
	if withSign {
		return "#" + signed(s)
	}
	return fmt.Sprintf("#$%x", v)
}

func signed(v int32) string {
	if v < 0 {
		return fmt.Sprintf("-$%x", -int64(v))
	}
	return fmt.Sprintf("$%x", v)
}

// registers shows the list of MOVEM; reversed for -(An).
func registers(list uint16, reversed bool) string {
	has := func(i int) bool {
		if i > 15 {
			return false
		}
		if reversed {
			i = 15 - i
		}
		return list>>i&1 != 0
	}
	var parts []string
	for _, bank := range []struct {
		name  string
		first int
	}{{"D", 0}, {"A", 8}} {
		for i := 0; i < 8; i++ {
			if !has(bank.first + i) {
				continue
			}
			last := i
			for last < 7 && has(bank.first+last+1) {
				last++
			}
			if last == i {
				parts = append(parts, fmt.Sprintf("%s%d", bank.name, i))
			} else {
				parts = append(parts, fmt.Sprintf("%s%d-%s%d", bank.name, i, bank.name, last))
			}
			i = last
		}
	}
	return strings.Join(parts, "/")
}

func (d *disassembler) decode() (string, []string) {
	switch d.op >> 12 {
	case 0x0:
		return d.line0()
	case 0x1, 0x2, 0x3:
		return d.move()
	case 0x4:
		return d.line4()
	case 0x5:
		return d.line5()
	case 0x6:
		return d.branch()
	case 0x7:
		if d.op&0x100 == 0 {
			return "moveq", []string{"#" + signed(int32(int8(d.op))), d.dn()}
		}
	case 0x8, 0x9, 0xb, 0xc, 0xd:
		return d.arithmetic()
	case 0xe:
		return d.shift()
	}
	return "", nil
}

// dn and an are the register in bits 11-9.
func (d *disassembler) dn() string { return fmt.Sprintf("D%d", d.op>>9&7) }
func (d *disassembler) an() string { return fmt.Sprintf("A%d", d.op>>9&7) }

// ry is the data register in bits 2-0.
func (d *disassembler) ry() string { return fmt.Sprintf("D%d", d.op&7) }

func (d *disassembler) line0() (string, []string) {
	op := d.op
	if op&0x138 == 0x108 {
		size := int(op>>6&1) + 1
		at := fmt.Sprintf("($%x,A%d)", d.word(), op&7)
		if op&0x80 == 0 {
			return "movep" + suffix[size], []string{at, d.dn()}
		}
		return "movep" + suffix[size], []string{d.dn(), at}
	}
	bit := [4]string{"btst", "bchg", "bclr", "bset"}[op>>6&3]
	permitted := okDataAlter
	if op&0x100 != 0 {
		if bit == "btst" {
			permitted = okData
		}
		return bit, []string{d.dn(), d.ea(0, permitted)}
	}
	if op>>9&7 == 4 {
		if bit == "btst" {
			permitted = okData &^ okIM
		}
		n := fmt.Sprintf("#$%x", d.word()&0xff)
		return bit, []string{n, d.ea(0, permitted)}
	}
	name := [8]string{"ori", "andi", "subi", "addi", "", "eori", "cmpi", ""}[op>>9&7]
	size := int(op >> 6 & 3)
	if name == "" || size == 3 {
		return "", nil
	}
	withSign := name == "subi" || name == "addi" || name == "cmpi"
	if op&0x3f == 0x3c && !withSign && size < 2 {
		return name, []string{d.immediate(size, false), [2]string{"CCR", "SR"}[size]}
	}
	v := d.immediate(size, withSign)
	return name + suffix[size], []string{v, d.ea(size, okDataAlter)}
}

func (d *disassembler) move() (string, []string) {
	size := [4]int{0, 0, 2, 1}[d.op>>12]
	permitted := okAll
	if size == 0 {
		permitted &^= okA
	}
	from := d.ea(size, permitted)
	mode, reg := int(d.op>>6&7), int(d.op>>9&7)
	if mode == 1 {
		if size == 0 {
			return "", nil
		}
		return "movea" + suffix[size], []string{from, d.an()}
	}
	return "move" + suffix[size], []string{from, d.operand(mode, reg, size, okDataAlter)}
}

func (d *disassembler) line4() (string, []string) {
	op := d.op
	size := int(op >> 6 & 3)
	switch {
	case op&0xf1c0 == 0x41c0:
		return "lea", []string{d.ea(2, okControl), d.an()}
	case op&0xf1c0 == 0x4180:
		return "chk.w", []string{d.ea(1, okData), d.dn()}
	case op&0xffc0 == 0x40c0:
		return "move", []string{"SR", d.ea(1, okDataAlter)}
	case op&0xffc0 == 0x44c0:
		return "move", []string{d.ea(0, okData), "CCR"}
	case op&0xffc0 == 0x46c0:
		return "move", []string{d.ea(1, okData), "SR"}
	case op&0xff00 == 0x4000, op&0xff00 == 0x4200, op&0xff00 == 0x4400, op&0xff00 == 0x4600, op&0xff00 == 0x4a00:
		name := map[uint16]string{0: "negx", 2: "clr", 4: "neg", 6: "not", 0xa: "tst"}[op>>8&15]
		if size < 3 {
			return name + suffix[size], []string{d.ea(size, okDataAlter)}
		}
		if name == "tst" {
			return "tas", []string{d.ea(0, okDataAlter)}
		}
	case op&0xffc0 == 0x4800:
		return "nbcd", []string{d.ea(0, okDataAlter)}
	case op&0xfff8 == 0x4840:
		return "swap", []string{d.ry()}
	case op&0xffc0 == 0x4840:
		return "pea", []string{d.ea(2, okControl)}
	case op&0xffb8 == 0x4880:
		return "ext" + suffix[op>>6&1+1], []string{d.ry()}
	case op&0xff80 == 0x4880:
		list := d.word()
		s := registers(list, op>>3&7 == 4)
		return "movem" + suffix[op>>6&1+1], []string{s, d.ea(0, okControlAlter|okPD)}
	case op&0xff80 == 0x4c80:
		list := d.word()
		return "movem" + suffix[op>>6&1+1], []string{d.ea(0, okControl|okPI), registers(list, false)}
	case op&0xffc0 == 0x4e80:
		return "jsr", []string{d.ea(2, okControl)}
	case op&0xffc0 == 0x4ec0:
		return "jmp", []string{d.ea(2, okControl)}
	case op&0xfff0 == 0x4e40:
		return "trap", []string{fmt.Sprintf("#$%x", op&15)}
	case op&0xfff8 == 0x4e50:
		return "link", []string{fmt.Sprintf("A%d", op&7), d.immediate(1, true)}
	case op&0xfff8 == 0x4e58:
		return "unlk", []string{fmt.Sprintf("A%d", op&7)}
	case op&0xfff8 == 0x4e60:
		return "move", []string{fmt.Sprintf("A%d", op&7), "USP"}
	case op&0xfff8 == 0x4e68:
		return "move", []string{"USP", fmt.Sprintf("A%d", op&7)}
	case op == 0x4e72:
		return "stop", []string{d.immediate(1, false)}
	case op >= 0x4e70 && op <= 0x4e77:
		return [8]string{"reset", "nop", "", "rte", "", "rts", "trapv", "rtr"}[op&7], nil
	}
	return "", nil
}

// conditionNames are in the order of the condition codes.
var conditionNames = [16]string{"t", "f", "hi", "ls", "cc", "cs", "ne", "eq", "vc", "vs", "pl", "mi", "ge", "lt", "gt", "le"}

func (d *disassembler) line5() (string, []string) {
	op := d.op
	size := int(op >> 6 & 3)
	if size == 3 {
		name := conditionNames[op>>8&15]
		if op>>3&7 == 1 {
			if name == "f" {
				name = "ra"
			}
			here := d.next
			return "db" + name, []string{d.ry(), fmt.Sprintf("$%x", here+uint32(int32(int16(d.word()))))}
		}
		return "s" + name, []string{d.ea(0, okDataAlter)}
	}
	name := "addq"
	if op&0x100 != 0 {
		name = "subq"
	}
	permitted := okAlterable
	if size == 0 {
		permitted = okDataAlter
	}
	return name + suffix[size], []string{fmt.Sprintf("#%d", (op>>9-1)&7+1), d.ea(size, permitted)}
}

func (d *disassembler) branch() (string, []string) {
	name := "b" + conditionNames[d.op>>8&15]
	switch name {
	case "bt":
		name = "bra"
	case "bf":
		name = "bsr"
	}
	here := d.next
	by := int32(int8(d.op))
	switch by {
	case 0:
		by = int32(int16(d.word()))
	case -1: // a long branch of later models
		return "", nil
	}
	return name, []string{fmt.Sprintf("$%x", here+uint32(by))}
}

func (d *disassembler) arithmetic() (string, []string) {
	op := d.op
	line, size, reversed := op>>12, int(op>>6&3), op&0x100 != 0
	pair := func() []string {
		if op&8 != 0 {
			return []string{fmt.Sprintf("-(A%d)", op&7), fmt.Sprintf("-(A%d)", op>>9&7)}
		}
		return []string{d.ry(), d.dn()}
	}
	name := map[uint16]string{8: "or", 9: "sub", 0xb: "cmp", 0xc: "and", 0xd: "add"}[line]
	if size == 3 {
		i := 0
		if reversed {
			i = 1
		}
		switch line {
		case 8:
			return [2]string{"divu.w", "divs.w"}[i], []string{d.ea(1, okData), d.dn()}
		case 0xc:
			return [2]string{"mulu.w", "muls.w"}[i], []string{d.ea(1, okData), d.dn()}
		}
		return name + "a" + suffix[i+1], []string{d.ea(i+1, okAll), d.an()}
	}
	if !reversed {
		permitted := okAll
		if size == 0 || line == 8 || line == 0xc {
			permitted = okData
		}
		return name + suffix[size], []string{d.ea(size, permitted), d.dn()}
	}
	low := op >> 3 & 7
	switch {
	case line == 0xb && low == 1:
		return "cmpm" + suffix[size], []string{fmt.Sprintf("(A%d)+", op&7), fmt.Sprintf("(A%d)+", op>>9&7)}
	case line == 0xb:
		return "eor" + suffix[size], []string{d.dn(), d.ea(size, okDataAlter)}
	case low > 1:
	case line == 9 || line == 0xd:
		return name + "x" + suffix[size], pair()
	case size == 0:
		return map[uint16]string{8: "sbcd", 0xc: "abcd"}[line], pair()
	case line == 0xc && size == 1 && low == 0:
		return "exg", []string{d.dn(), d.ry()}
	case line == 0xc && size == 1:
		return "exg", []string{d.an(), fmt.Sprintf("A%d", op&7)}
	case line == 0xc && low == 1:
		return "exg", []string{d.dn(), fmt.Sprintf("A%d", op&7)}
	default:
		return "", nil
	}
	return name + suffix[size], []string{d.dn(), d.ea(size, okMemAlter)}
}

func (d *disassembler) shift() (string, []string) {
	op := d.op
	dir := "r"
	if op&0x100 != 0 {
		dir = "l"
	}
	names := [4]string{"as", "ls", "rox", "ro"}
	size := int(op >> 6 & 3)
	if size == 3 {
		if op&0x800 != 0 {
			return "", nil
		}
		return names[op>>9&3] + dir + ".w", []string{d.ea(1, okMemAlter)}
	}
	name := names[op>>3&3] + dir + suffix[size]
	if op&0x20 != 0 {
		return name, []string{d.dn(), d.ry()}
	}
	return name, []string{fmt.Sprintf("#%d", (op>>9-1)&7+1), d.ry()}
}
