	; Z80 start-up: no interrupts, the driver polls.
	.globl _main
	.area _HEADER (ABS)
	.org 0
	di
	ld	sp, #0xd800
	im	1
	jp	_main
	.org 0x38
	reti
	.org 0x66
	retn
	.area _CODE
	.area _DATA
