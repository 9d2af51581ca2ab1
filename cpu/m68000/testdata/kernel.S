| The mix of the benchmark: arithmetic, memory, branches, calls and a multiply.
| Assemble: m68k-linux-gnu-gcc -m68000 -c kernel.S && m68k-linux-gnu-objcopy -O binary -j .text kernel.o kernel.bin
 .text
 .long 0x10fff0, start
start:
 move.w #0x2700,%sr
 lea 0x100100,%a0
 move.w #0x1ff,%d1
 moveq #1,%d0
fill:
 mulu #25173,%d0
 add.w #13849,%d0
 move.w %d0,(%a0)+
 dbra %d1,fill
 lea 0x100400,%a2
pass:
 lea 0x100100,%a0
 moveq #63,%d7
loop:
 move.l (%a0),%d0
 add.l %d1,%d0
 eor.l %d0,%d2
 rol.l #5,%d2
 lsr.w #3,%d1
 move.b 3(%a0),%d3
 andi.w #0x1fe,%d3
 move.w 0(%a2,%d3.w),%d5
 add.w %d5,%d1
 btst #3,%d2
 beq.s even
 addq.l #1,%d4
 bra.s both
even:
 subq.l #1,%d4
 nop
both:
 cmp.l %d4,%d2
 scc %d6
 swap %d1
 move.l %d2,(%a0)+
 bsr.s sub
 dbra %d7,loop
 addq.l #1,0x100008
 bra.s pass
sub:
 movem.l %d0-%d3,-(%sp)
 addx.l %d0,%d1
 mulu #7,%d0
 movem.l (%sp)+,%d0-%d3
 rts
