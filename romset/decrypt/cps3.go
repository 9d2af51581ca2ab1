package decrypt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// CPS-3: every long of the boot ROM and of the program flash is XORed with a
// mask of its address and two keys.
//
//	cps3 KEY1 KEY2           boot ROM and flash, data and opcodes
//	cps3 KEY1 KEY2 opcodes   of the flash only opcodes (2nd Impact and dead cartridges)
//	cps3 plain               nothing (bootleg for a standard SH-2)
//
// The region bios is decrypted in place. The flash, in the CPU's order of
// bytes, is maincpu/program and maincpu/decrypted_opcodes from 06000000h.
var _ = register("cps3", touch("bios"), func(im *Image, args []string) error {
	bios, err := im.region("bios", 0x80000)
	if err != nil {
		return err
	}
	var key1, key2 uint32
	plain := len(args) == 1 && args[0] == "plain"
	if !plain {
		if len(args) < 2 {
			return errors.New("needs two keys")
		}
		k1, err1 := strconv.ParseUint(args[0], 16, 32)
		k2, err2 := strconv.ParseUint(args[1], 16, 32)
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("bad key: %w", err)
		}
		key1, key2 = uint32(k1), uint32(k2)
		cps3Mask(bios, 0, key1, key2)
	}
	opcodesOnly := len(args) == 3
	im.add("maincpu/decrypted_opcodes", 0, 0x80000, func() []byte { return bios[:0x80000] })
	var chips [2][4][]byte
	for simm := range chips {
		for chip := range 4 {
			chips[simm][chip] = im.Regions[fmt.Sprintf("simm%d.%d", simm+1, chip)]
		}
	}
	flash := func(opcodes bool) []byte {
		out := make([]byte, 0x1000000)
		for simm := range chips {
			half := out[simm*0x800000:][:0x800000]
			there := assembleFlash(half, &chips[simm])
			switch {
			case !there && opcodes:
				continue // nothing is fetched from an empty socket
			case !there:
				for i := range half {
					half[i] = 0xff // the bus floats
				}
			}
			if !plain && (opcodes || !opcodesOnly) {
				cps3Mask(half, 0x6000000+uint32(simm)*0x800000, key1, key2)
			}
		}
		return out
	}
	im.add("maincpu/program", 0x6000000, 0x1000000, func() []byte { return flash(false) })
	im.add("maincpu/decrypted_opcodes", 0x6000000, 0x1000000, func() []byte { return flash(true) })
	return nil
})

// assembleFlash puts four chips of a program SIMM side by side: chip 0 has the
// first byte of every long. It reports false if the socket is empty.
func assembleFlash(out []byte, chips *[4][]byte) bool {
	for c, data := range chips {
		if len(data) == 0 {
			return false
		}
		for i := 0; i < len(data) && 4*i+c < len(out); i++ {
			out[4*i+c] = data[i]
		}
	}
	return true
}

// cps3Mask encrypts or decrypts big-endian longs that begin at an address.
func cps3Mask(mem []byte, address, key1, key2 uint32) {
	for i := 0; i+4 <= len(mem); i += 4 {
		v := binary.BigEndian.Uint32(mem[i:])
		binary.BigEndian.PutUint32(mem[i:], v^cps3MaskAt(address+uint32(i), key1, key2))
	}
}

func cps3MaskAt(address, key1, key2 uint32) uint32 {
	a := address ^ key1
	low, high := uint16(a), uint16(a>>16)
	v := cps3Mix(^low, uint16(key2))
	v = cps3Mix(v^high^0xffff, uint16(key2>>16))
	m := uint32(v ^ low ^ uint16(key2))
	return m<<16 | m
}

func cps3Mix(v, k uint16) uint16 {
	s := v + (v<<2 | v>>14)
	return (s<<4 | s>>12) ^ s&(v^k)
}
