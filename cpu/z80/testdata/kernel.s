; Work for the benchmark: loads, 8-bit arithmetic and logic, rotates, a bit
; test, taken and untaken branches, calls, pushes and pops, and 16-bit
; additions, in about the proportions of game programs. RAM is at 0x4000.
;
;   sdasz80 -o kernel.s; sdldz80 -i kernel; sdobjcopy -I ihex -O binary kernel.ihx kernel.bin
;
; TestKernelBytes does the same and compares.
	.area CODE (ABS)
	.org 0
	di
	ld sp,#0x4f00
	ld hl,#0x4000		; clear the table
	ld bc,#0x0100
clear:
	ld (hl),#0
	inc hl
	dec bc
	ld a,b
	or a,c
	jr nz,clear
	ld de,#0x2357
	ld c,#11
pass:
	ld hl,#0x4000
	ld b,#96
next:
	ld a,(hl)
	add a,e
	xor a,d
	rlca
	ld d,a
	bit 5,a
	jr z,down
	inc c
	jr both
down:
	dec c
	nop
both:
	cp a,c
	ld (hl),a
	inc hl
	push de
	call mix
	pop de
	djnz next
	ld hl,#0x40f0		; count the passes
	inc (hl)
	jr nz,pass
	inc hl
	inc (hl)
	jr pass
mix:
	ex de,hl
	add hl,bc
	ex de,hl
	ret
