! The mix of the benchmark: arithmetic, memory, branches, calls and a multiply.
! Assemble: sh4-linux-gnu-as --big --isa=sh2 kernel.S -o kernel.o &&
!           sh4-linux-gnu-ld -EB -Ttext=0 kernel.o -o kernel.elf &&
!           sh4-linux-gnu-objcopy -O binary -j .text kernel.elf kernel.bin
 .text
 .long start, 0x0200fff0
start:
 mov.l p_data,r4
 mov.l p_mul,r1
 mov.w p_words,r8
 mov #1,r0
fill:
 mul.l r0,r1
 sts macl,r0
 add #77,r0
 mov.l r0,@r4
 add #4,r4
 dt r8
 bf fill
 mov.l p_table,r9
 mov.l p_count,r11
 mov #0,r5
 mov #0,r6
 mov #0,r7
pass:
 mov.l p_data,r4
 mov #64,r8
loop:
 mov.l @r4,r0
 add r5,r0
 xor r0,r6
 rotl r6
 shlr r5
 mov.b @(3,r4),r0
 and #0xfc,r0
 mov.l @(r0,r9),r1
 add r1,r5
 mov r6,r0
 tst #8,r0
 bt even
 add #1,r7
 bra both
 nop
even:
 add #-1,r7
 nop
 nop
both:
 cmp/hs r7,r6
 movt r2
 swap.w r5,r5
 mov.l r6,@r4
 add #4,r4
 bsr sub
 nop
 dt r8
 bf loop
 mov.l @r11,r0
 add #1,r0
 mov.l r0,@r11
 bra pass
 nop
sub:
 mov.l r0,@-r15
 mul.l r0,r5
 sts macl,r0
 mov.l @r15+,r0
 rts
 nop
p_words: .short 512
 .align 2
p_data: .long 0x02000100
p_table: .long 0x02000400
p_count: .long 0x02000008
p_mul: .long 1103515245
