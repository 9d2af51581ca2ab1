/* Test program for CPS-3: an interpreter of the script that script.go makes, so
   that scenes are data and the program itself stays small. It runs from the boot
   ROM; the script is in program flash, or where a jump leads.

   A command is a long, followed by its operands. */

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

#define R8(a) (*(volatile u8 *)(a))
#define R16(a) (*(volatile u16 *)(a))
#define R32(a) (*(volatile u32 *)(a))

#define BLANKS 0x02000000 /* counted by the interrupts' handlers */
#define DMAS 0x02000004
#define SCRATCH 0x02000008 /* where a script may keep things */

#define TEXT 0x05040000
#define SCRIPT 0x06000000

enum { WAIT, WRITE8, WRITE16, WRITE32, BLOCK, FILL, SHOW8, SHOW16, SHOW32, JUMP, CALL, POLL, COPY };

__attribute__((used)) void on_blank(void)
{
	R16(0x05100000) = 0;
	R32(BLANKS)++;
}

__attribute__((used)) void on_dma(void)
{
	R16(0x05110000) = 0;
	R32(DMAS)++;
}

/* Eight digits: tiles 0 to 15 of the text layer, which the script has put there. */
static void show(u32 cell, u32 v)
{
	u32 at = TEXT + cell * 4, i;

	at += 7 * 4;
	for (i = 0; i < 8; i++, at -= 4) {
		R16(at) = v & 15;
		R16(at + 2) = 2;
		v >>= 4;
	}
}

__attribute__((used)) void start(void)
{
	const u32 *p = (const u32 *)SCRIPT;
	u32 n, a, v;

	for (;;) {
		switch (*p++) {
		case WAIT:
			n = R32(BLANKS);
			while (R32(BLANKS) == n)
				;
			break;
		case WRITE8:
			R8(p[0]) = p[1];
			p += 2;
			break;
		case WRITE16:
			R16(p[0]) = p[1];
			p += 2;
			break;
		case WRITE32:
			R32(p[0]) = p[1];
			p += 2;
			break;
		case BLOCK: /* address, longs, data */
			a = *p++;
			for (n = *p++; n; n--, a += 4)
				R32(a) = *p++;
			break;
		case FILL: /* address, longs, value, increment */
			a = p[0];
			v = p[2];
			for (n = p[1]; n; n--, a += 4, v += p[3])
				R32(a) = v;
			p += 4;
			break;
		case SHOW8: /* cell, address */
			show(p[0], R8(p[1]));
			p += 2;
			break;
		case SHOW16:
			show(p[0], R16(p[1]));
			p += 2;
			break;
		case SHOW32:
			show(p[0], R32(p[1]));
			p += 2;
			break;
		case JUMP:
			p = (const u32 *)*p;
			break;
		case CALL: /* address, cell that shows the result */
			show(p[1], ((u32(*)(void))p[0])());
			p += 2;
			break;
		case POLL: /* cell that shows how often the status was not 0 */
			for (n = 0; R16(0x040c000c); n++)
				;
			show(*p++, n);
			break;
		case COPY: /* to, from, longs */
			a = p[0];
			v = p[1];
			for (n = p[2]; n; n--, a += 4, v += 4)
				R32(a) = R32(v);
			p += 3;
			break;
		}
	}
}

/* Vectors: power-on and manual reset, then 4 to 68; 69 is level 10, 70 level 12. */
__asm__(
	".section .vectors,\"a\"\n"
	".long enter, 0x02080000, enter, 0x02080000\n"
	".rept 65\n .long trap\n .endr\n"
	".long enter_dma, enter_blank\n"
	".rept 57\n .long trap\n .endr\n"
	".section .text\n"
	".align 2\n"
	"enter:\n"
	" mov #0,r0\n ldc r0,vbr\n ldc r0,gbr\n"
	" mov.l 1f,r1\n mov.l r0,@r1\n mov.l r0,@(4,r1)\n"
	" ldc r0,sr\n"
	" mov.l 2f,r0\n jmp @r0\n nop\n"
	".align 2\n"
	"1: .long 0x02000000\n"
	"2: .long start\n"
	"trap:\n bra trap\n nop\n"
	".macro handler name, c\n"
	".align 2\n"
	"\\name:\n"
	" mov.l r0,@-r15\n mov.l r1,@-r15\n mov.l r2,@-r15\n mov.l r3,@-r15\n"
	" mov.l r4,@-r15\n mov.l r5,@-r15\n mov.l r6,@-r15\n mov.l r7,@-r15\n"
	" sts.l pr,@-r15\n sts.l mach,@-r15\n sts.l macl,@-r15\n"
	" mov.l 1f,r0\n jsr @r0\n nop\n"
	" lds.l @r15+,macl\n lds.l @r15+,mach\n lds.l @r15+,pr\n"
	" mov.l @r15+,r7\n mov.l @r15+,r6\n mov.l @r15+,r5\n mov.l @r15+,r4\n"
	" mov.l @r15+,r3\n mov.l @r15+,r2\n mov.l @r15+,r1\n mov.l @r15+,r0\n"
	" rte\n nop\n"
	".align 2\n"
	"1: .long \\c\n"
	".endm\n"
	"handler enter_blank, on_blank\n"
	"handler enter_dma, on_dma\n");
