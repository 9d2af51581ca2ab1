/*
 * A test of CPS-1 picture hardware, for every CPS-B, mapper and memory map.
 *
 * After power-on it fills graphics RAM with pseudo-random words. From tick
 * START on, every frame has other registers, draw orders, enables, priority
 * masks, row scroll, palettes, objects and stars, all from one random
 * sequence. What the board's ports and chips answer is mixed into the
 * sequence: one wrong bit read from anywhere changes all pictures from there on.
 *
 * What a frame shows does not depend on how long an instruction takes: all
 * writes of a frame are done when two thirds of it have passed.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

#define R8(a) (*(volatile u8 *)(a))
#define R16(a) (*(volatile u16 *)(a))

enum { START = 64, OBJECTS = 72, WORDS = 0x30000 / 2 };

/* What is particular about the board. Whoever packs the program into a set's
   files writes it here, at address 100. */
__attribute__((section(".board"), used)) static const volatile struct {
	u32 seed;
	u32 cpsa;          /* address of the CPS-A's registers */
	u32 cpsb;          /* of the CPS-B's */
	u32 layer_control; /* of the register itself */
	u32 palette_control;
	u32 no_access[2];  /* words of the I/O area that are left alone, or 0 */
	u32 more[8];       /* words elsewhere that are read every frame, or 0 */
	u16 enables;       /* bits of layer control that show a layer */
	u16 y_mask;        /* bits that Y of an object may have */
	u16 codes[4][256]; /* interesting tile numbers: objects, scroll 1, 2, 3 */
	u32 list;          /* where a list of objects of another layout begins, or 0 */
	u32 pokes[12];     /* words that get a random value every frame, or 0; of the
	                      last four, that of a base register */
	u32 preset;        /* a word that gets a number up to 15 in some, or 0 */
	u16 list_end;      /* the Y that ends such a list */
	u16 palette;       /* where the palette often is: a base register's value */
} board = { .seed = 1 };

static volatile u16 ticks;  /* vertical blanks so far */
static volatile u16 raster; /* interrupts of level 4 so far */

int main(void);

__attribute__((noreturn, section(".start"), used)) static void start(void)
{
	main();
	for (;;)
		;
}

__attribute__((interrupt_handler)) static void on_blank(void) { ticks++; }
__attribute__((interrupt_handler)) static void on_raster(void) { raster++; }

/* Anything else stops here, where a log of registers shows it. */
__attribute__((interrupt_handler)) static void on_trap(void)
{
	for (;;)
		;
}

__attribute__((section(".vectors"), used)) static void (*const vectors[64])(void) = {
	[0] = (void (*)(void))0xfff000,
	[1] = start,
	[2 ... 63] = on_trap,
	[24 + 2] = on_blank,
	[24 + 4] = on_raster,
	[24 + 6] = on_blank,
};

/* Marsaglia's xorshift over two 16-bit words; its period is 2^32 - 1. */
static u16 rx, ry;

static u16 rnd(void)
{
	u16 t = rx ^ (rx << 5);
	rx = ry;
	return ry = (ry ^ (ry >> 1)) ^ (t ^ (t >> 3));
}

/* Every answer of the hardware goes in here; the last round stays in RAM. */
static u16 mixed;
static volatile u16 answers[320];
static volatile u16 *answer;

static void mix(u16 v)
{
	*answer++ = v;
	mixed = (u16)(mixed << 3 | mixed >> 13) ^ v;
}

#define ROWS 0x92c000
static const u32 lists[] = { 0x910000, 0x92e800, 0x92e000 };

/* A tile number: mostly one that the mapper knows. */
static u16 code(u16 layer)
{
	u16 r = rnd();
	return r & 7 ? board.codes[layer][r >> 8] : rnd();
}

/* Fill graphics RAM: an additive lagged Fibonacci sequence is fast. */
static void fill(void)
{
	volatile u16 *p = (volatile u16 *)0x900000;
	u32 i;
	u16 v, layer;

	for (i = 0; i < 17; i++)
		*p++ = rnd();
	for (i = 17; i < WORDS; i++) {
		v = p[-5] + p[-17];
		*p++ = v << 1 | v >> 15;
	}
	p = (volatile u16 *)0x900000;
	for (layer = 1; layer < 4; layer++)
		for (i = 0; i < 0x1000; i++, p += 2)
			*p = code(layer);
	/* Row scroll: the first table is smooth, the second in steps. */
	p = (volatile u16 *)ROWS;
	for (v = 0, i = 0; i < 0x400; i++)
		*p++ = v += (rnd() & 7) - 3;
	for (i = 0; i < 0x400; i++) {
		if (!(rnd() & 15))
			v = rnd();
		*p++ = v;
	}
}

static void objects(u32 list)
{
	static const u16 sizes[8] = { 0x00ff, 0x00ff, 0x00ff, 0x11ff, 0x11ff, 0x33ff, 0x30ff, 0xffff };
	volatile u16 *p = (volatile u16 *)list;
	u16 i, attr;

	for (i = 0; i < OBJECTS; i++) {
		p[0] = rnd();
		p[1] = rnd() & board.y_mask;
		p[2] = code(0);
		attr = rnd();
		attr &= sizes[rnd() & 7];
		if (attr >= 0xff00)
			attr -= 0x1000;
		p[3] = attr;
		p += 4;
	}
	p[1] = 0xffff; /* what ends the list of some copies of the board */
	p[3] = 0xff00;
}

/* A value for a base register: one of so many multiples of 256 in graphics
   RAM. Upper address bits do not count. */
static u16 anywhere(u16 count)
{
	u16 r = rnd();
	return rnd() % count | (r & 0xfc00);
}

/* The list of boards with objects of their own: anything. */
static void other_objects(void)
{
	volatile u16 *p = (volatile u16 *)board.list;
	u16 i;

	for (i = 0; i < 4 * OBJECTS; i++)
		*p++ = rnd();
	*p = board.list_end;
}

static void ask(void)
{
	u16 i;
	u32 a;

	answer = answers;
	for (a = 0x800000; a < 0x800200; a += 2)
		if (a != board.no_access[0] && a != board.no_access[1])
			mix(R16(a));
	for (i = 0; i < 8; i++)
		if (board.more[i])
			mix(R16(board.more[i]));
	mix(R8(0x800018) << 8 | R8(0x800001));
	mix(raster);
	raster = 0;
	rx ^= mixed;
	ry |= !rx; /* both 0 would last for ever */
}

static void round(void)
{
	static const u16 orders[8] = { 0x1b << 6, 0x2d << 6, 0x63 << 6, 0x72 << 6, 0x87 << 6, 0x8d << 6, 0xd2 << 6, 0x36 << 6 };
	u32 list = lists[rnd() % 3];
	u16 i, r, v;

	/* CPS-B: anything everywhere, then its answers. */
	for (i = 0; i < 0x40; i += 2) {
		r = rnd();
		if (board.cpsb + i != board.no_access[0] && board.cpsb + i != board.no_access[1])
			R16(board.cpsb + i) = r;
	}
	R8(0x800041) = r;
	if (r & 1)
		R8(0x800049) = r;
	ask();

	/* Coins always count; everything else on these outputs is seen by nobody. */
	R16(0x800030) = rnd() | 0x0c00;
	R8(0x800181) = rnd();
	R8(0x800189) = rnd();

	/* CPS-A */
	r = rnd();
	R16(board.cpsa + 0x00) = r & 0xf000 ? (list >> 8 & 0x3ff) | (rnd() & 0xfc07) : anywhere(0x300);
	for (i = 0; i < 3; i++, r >>= 3)
		R16(board.cpsa + 2 + 2 * i) = r & 7 ? 0x9000 + (i << 6) + (rnd() & 63) : anywhere(0x300);
	R16(board.cpsa + 0x08) = r & 1 ? anywhere(0x300) : (ROWS >> 8) | (rnd() & 15);
	for (i = 0x0c; i < 0x22; i += 2)
		R16(board.cpsa + i) = rnd();
	r = rnd();
	v = rnd() & 0x7ff2;
	v |= r & 7 ? 0x000c : r >> 10 & 0x000c;
	v |= r >> 3 & 1;
	v |= r & 0x30 ? 0 : 0x8000;
	R16(board.cpsa + 0x22) = v;

	/* Palette: all pages or some, from anywhere or a place of its own, or a
	   change of the source only. */
	R16(0x920000 + (rnd() % 0xc00) * 2) = rnd();
	r = rnd();
	R16(board.palette_control) = r & 7 ? 0x3f : rnd();
	if (r & 0x30 || ticks < START + 4)
		R16(board.cpsa + 0x0a) = r & 0x40 ? board.palette : anywhere(0x2ec);

	/* Draw order and enables */
	r = rnd();
	v = r & 1 ? orders[r >> 1 & 7] : rnd();
	v &= ~0x003e;
	v |= r & 0x60 ? board.enables : rnd() & 0x3e;
	R16(board.layer_control) = v;

	/* Maps */
	for (i = 0; i < 32; i++) {
		u32 at = 0x900000 + (rnd() % 0x3000) * 4;
		R16(at) = code(1 + (at >> 14 & 3) % 3);
		R16(at + 2) = rnd();
	}
	for (i = 0; i < 12; i++)
		if (board.pokes[i])
			R16(board.pokes[i]) = i < 8 ? rnd() : anywhere(0x300);
	if (board.preset) {
		r = rnd();
		if (r & 0x30)
			R16(board.preset) = r & 15;
	}
	if (board.list)
		other_objects();
	else
		objects(list);
}

int main(void)
{
	u16 now;

	ticks = raster = 0;
	mixed = 0;
	rx = board.seed >> 16;
	ry = board.seed | 1;
	__asm__ volatile("move.w #0x2000,%sr");
	fill();
	while (ticks < START)
		;
	for (;;) {
		now = ticks;
		while (ticks == now)
			;
		round();
	}
}
