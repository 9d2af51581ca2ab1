package sh2

import (
	"crypto/sha256"
	"fmt"
	"testing"
)

// The disassembly of all codes, at 20000h + 2 x code, is MAME 0.251's: the hash
// is that of what its debugger's dasm command writes.
func TestDisassembleAll(t *testing.T) {
	const want = "b8e9f0e940c1305b681804f7ea426e873428ef6d95786b3692c124ec00b16768"
	h := sha256.New()
	for code := range uint32(0x10000) {
		pc := 0x20000 + 2*code
		fmt.Fprintf(h, "%08X: %s\n", pc, disassemble(pc, uint16(code)))
	}
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != want {
		t.Errorf("the hash of all is %s, expected %s", got, want)
	}
	for code, want := range map[uint16]string{
		0x0009: "NOP",
		0x0012: "STS     GBR,R0",
		0x012f: "MAC.L   @R1+,@R2+",
		0x412f: "MAC.W   @R2+,@R1+",
		0x1234: "MOV.L   R3,@($10,R2)",
		0x8456: "MOV.B   @($06,R5),R0",
		0x8bfe: "BF      $00001000",
		0xa001: "BRA     $00001006",
		0xc701: "MOVA    @($0004,PC),R0 [00001008]",
		0xd101: "MOV.L   @($0004,PC),R1 [00001008]",
		0xe1ff: "MOV     #$FF,R1",
		0xffff: "unknown $FFFF",
	} {
		if got := disassemble(0x1000, code); got != want {
			t.Errorf("%04x is %q, expected %q", code, got, want)
		}
	}
}
