/* The board: CPS-A and a CPS-B-04. */
#include "game.h"

#define R16(a) (*(volatile u16 *)(a))
#define R8(a) (*(volatile u8 *)(a))

enum {
	MAP1 = 0x900000, MAP2 = 0x904000, MAP3 = 0x908000, ROWS = 0x90c000, COLORS = 0x90c800, BRIGHT = 0x90e000,
	LISTS = 0x910000, LIST_SIZE = 0x800,
	CPSA = 0x800100, LAYERS = 0x80016e, PALETTES = 0x80016a,
};

volatile struct status status __attribute__((section(".status")));

u16 pad[2], hit[2], start;
u8 dips[3];
u16 now;
u8 demo_sound;
s16 shake, drift;
u16 dim;

static volatile u16 ticks;
static u16 seen;        /* ticks that were waited for */
static u16 system_held; /* coins and start buttons */
static u16 list;        /* which object list is written */
u16 objects;
static u16 hold; /* the objects that are shown stay */
volatile u16 *next;
static u16 colors[4 * 512];
static s16 level; /* of brightness, 0 to 16 */
static s16 scroll_x, scroll_y;
static u16 flashing;
static u16 coins[2];
static u8 queue[8];
static u16 queue_in, queue_out;
static u8 toggle;

int main(void);
extern u16 bss_end[];

__attribute__((noreturn)) static void reset(void)
{
	u16 *p;

	for (p = (u16 *)0xff0000; p < bss_end; p++)
		*p = 0;
	main();
	for (;;)
		;
}

__attribute__((interrupt_handler)) static void on_blank(void)
{
	ticks++;
}

/* Anything else stops here, where a log of registers shows it. */
__attribute__((interrupt_handler)) static void on_trap(void)
{
	for (;;)
		;
}

__attribute__((section(".vectors"), used)) static void (*const vectors[64])(void) = {
	[0] = (void (*)(void))0xfffff0,
	[1] = reset,
	[2 ... 63] = on_trap,
	[24 + 2] = on_blank,
};

/* Marsaglia's xorshift over two 16-bit words. */
static u16 rx, ry;

u16 rnd(void)
{
	u16 t = rx ^ (rx << 5);

	rx = ry;
	return ry = (ry ^ (ry >> 1)) ^ (t ^ (t >> 3));
}

#define Q 0, 6, 12, 19, 24, 30, 36, 41, 45, 49, 53, 56, 59, 61, 63, 64
#define R 64, 64, 63, 61, 59, 56, 53, 49, 45, 41, 36, 30, 24, 19, 12, 6
const s8 sines[64] = { Q, R, 0, -6, -12, -19, -24, -30, -36, -41, -45, -49, -53, -56, -59, -61, -63, -64,
	               -64, -64, -63, -61, -59, -56, -53, -49, -45, -41, -36, -30, -24, -19, -12, -6 };

/* Sound: one command a frame. The highest bit changes with each, so that the
   Z80 can tell one command given twice. */
void sound(u8 command)
{
	if ((u16)(queue_in - queue_out) < 8)
		queue[queue_in++ & 7] = command;
}

static void send_sound(void)
{
	u8 c;

	if (queue_in == queue_out)
		return;
	c = queue[queue_out++ & 7];
	if (!demo_sound && c != SOUND_STOP && c != SFX_COIN)
		return;
	toggle ^= 0x80;
	R16(0x800180) = c | toggle;
}

static void count_coin(u16 slot)
{
	/* Coins for a credit, credits for a coin; indexed by the switches, which
	   are inverted. */
	static const u8 need[8] = { 1, 1, 1, 1, 1, 2, 3, 4 }, give[8] = { 1, 2, 3, 4, 6, 1, 1, 1 };
	u16 s = dips[0] >> (slot * 3) & 7;

	sound(SFX_COIN);
	if (++coins[slot] >= need[s]) {
		coins[slot] = 0;
		status.credits += give[s];
		if (status.credits > 99)
			status.credits = 99;
	}
}

static void read_ports(void)
{
	u16 in = ~R16(0x800000), sys = (u16)~R16(0x800018) >> 8, i, fresh;

	for (i = 0; i < 2; i++) {
		u16 p = (i ? in >> 8 : in) & 0x7f;
		hit[i] = p & ~pad[i];
		pad[i] = p;
	}
	fresh = sys & ~system_held;
	system_held = sys;
	dips[0] = ~R16(0x80001a) >> 8;
	dips[1] = ~R16(0x80001c) >> 8;
	dips[2] = ~R16(0x80001e) >> 8;
	if (fresh & 1)
		count_coin(0);
	if (fresh & 2)
		count_coin(1);
	if (fresh & 4 && status.credits < 99) {
		sound(SFX_COIN);
		status.credits++;
	}
	start = fresh >> 4 & 3;
	if (sys & 0x40)
		start |= 0x80;
}

/* frame shows what was put, and waits for the next vertical blank. */
void frame(void)
{
	volatile u16 *cps = (volatile u16 *)CPSA;
	s16 sx, sy;

	next[3] = 0xff00; /* the end */
	if (objects > status.most)
		status.most = objects;
	status.overruns += (u16)(ticks - seen);
	seen = ticks;
	while (ticks == seen)
		;
	seen++;

	if (!hold) {
		cps[0] = 0x9100 + (list << 3);
		list ^= 1;
		next = (volatile u16 *)(LISTS + (list ? LIST_SIZE : 0));
		objects = 0;
	}

	sx = sy = 0;
	if (shake) {
		sx = (s16)(rnd() & 7) - 3;
		sy = (s16)(rnd() & 3) - 1;
		shake--;
	}
	cps[0x0c / 2] = -64;
	cps[0x0e / 2] = -16;
	cps[0x10 / 2] = sx - 64;
	cps[0x12 / 2] = scroll_y + sy - 16;
	cps[0x14 / 2] = (scroll_x >> 2) + (drift >> 4) - 64;
	cps[0x16 / 2] = (scroll_y >> 1) + sy - 16;
	cps[0x20 / 2] = 0;
	cps[0x22 / 2] = dips[2] & 0x10 ? 0x800f : 0x000f;
	R16(LAYERS) = 0x12ce;
	R16(PALETTES) = 0x0f;
	cps[0x0a / 2] = flashing && flashing != 3 ? BRIGHT >> 8 : COLORS >> 8;
	if (flashing)
		flashing--;

	send_sound();
	do {
		read_ports();
		if (dips[2] & 8) { /* frozen */
			while (ticks == seen)
				;
			seen = ticks;
		}
	} while (dips[2] & 8);
	status.frames = ++now;
}

void pause(u16 n)
{
	while (n--)
		frame();
}

void tile(u16 col, u16 row, u16 code, u16 attr)
{
	volatile u16 *p = (volatile u16 *)(MAP1 + ((row + (col << 5)) << 2));

	p[0] = SCROLL1 + code;
	p[1] = attr;
}

void text(u16 col, u16 row, const char *s, u16 pal)
{
	for (; *s; s++, col++)
		tile(col, row, *s - 32, pal);
}

static u16 length(const char *s)
{
	u16 n = 0;

	while (s[n])
		n++;
	return n;
}

void center(u16 row, const char *s, u16 pal)
{
	text((48 - length(s)) >> 1, row, s, pal);
}

void number(u16 col, u16 row, u16 v, u16 digits, u16 pal)
{
	while (digits--) {
		tile(col + digits, row, 16 + v % 10, pal);
		v /= 10;
	}
}

void clear_rows(u16 from, u16 to)
{
	u16 c, r;

	for (c = 0; c < 48; c++) {
		volatile u32 *p = (volatile u32 *)(MAP1 + (c << 7) + (from << 2));
		for (r = from; r < to; r++)
			*p++ = (u32)SCROLL1 << 16;
	}
}

void clear_text(void)
{
	clear_rows(0, 28);
}

void letters(s16 x, s16 y, const char *s, u16 pal, s16 advance)
{
	for (; *s; s++, x += advance) {
		u16 k;

		if (*s == ' ')
			continue;
		if (*s >= 'A')
			k = *s - 'A';
		else if (*s >= '0')
			k = 26 + *s - '0';
		else
			k = *s == '!' ? 36 : *s == '-' ? 37 : 38;
		put(x, y, spr_letter[k], SIZE_LETTER | pal);
	}
}

/* banner writes large letters across the middle; spread moves them apart. */
void banner(s16 y, const char *s, u16 pal, s16 spread)
{
	s16 advance = 24 + spread;

	letters(192 - (s16)(length(s) * advance + 8) / 2, y, s, pal, advance);
}

/* apply writes the colours to where the board copies them from, as dark as
   level says. */
static void apply(void)
{
	static const u16 used[4] = { PAL_BLACK + 1, GREY + 1, 32, 32 };
	u16 page, n, dark = (16 - level) << 12;

	for (page = 0; page < 4; page++) {
		const u16 *from = colors + (page << 9);
		u16 *to = (u16 *)(COLORS + (page << 10));
		if (level >= 16 || level <= 0) {
			const u32 *f = (const u32 *)from;
			u32 *t = (u32 *)to;
			for (n = used[page] << 1; n; n--) {
				t[0] = level ? f[0] : 0;
				t[1] = level ? f[1] : 0;
				t[2] = level ? f[2] : 0;
				t[3] = level ? f[3] : 0;
				t += 4;
				f += 4;
			}
			continue;
		}
		for (n = used[page] << 4; n; n--) {
			u16 c = *from++;
			*to++ = c >= dark ? c - dark : c & 0x0fff;
		}
	}
}

static const u16 *const back_maps[4] = { back0_map, back1_map, back2_map, back3_map };
static const u16 *const back_colors[4] = { back0_colors, back1_colors, back2_colors, back3_colors };
static const u16 *const front_maps[4] = { front0_map, front1_map, front2_map, front3_map };
static const u16 *const front_colors[4] = { front0_colors, front1_colors, front2_colors, front3_colors };

static void copy(u16 *to, const u16 *from, u16 n)
{
	while (n--)
		*to++ = *from++;
}

/* brighten makes the colours of lightning for one page. */
static void brighten(u16 page)
{
	const u16 *from = colors + (page << 9);
	volatile u16 *to = (volatile u16 *)(BRIGHT + (page << 10));
	u16 i;

	for (i = 0; i < 512; i++) {
		u16 c = *from++;
		if (page > 1)
			c = 0xf000 | (c >> 1 & 0x777) | 0x888;
		*to++ = c;
	}
}

/* scene loads a stage's maps and colours, a part in each frame. The picture is
   dark meanwhile. */
void scene(u16 n)
{
	u16 c, r;
	const u16 *m;
	volatile u16 *p;

	level = 0;
	apply();
	frame();
	clear_text();
	frame();
	for (c = 0; c < 64; c++) {
		m = back_maps[n] + ((c & 15) << 4);
		p = (volatile u16 *)(MAP3 + (c << 5));
		for (r = 0; r < 16; r++)
			*p++ = *m++;
		if (c == 31)
			frame();
	}
	frame();
	for (c = 0; c < 64; c++) {
		m = front_maps[n] + (c & 31) * 36;
		p = (volatile u16 *)(MAP2 + (c << 6));
		for (r = 0; r < 32; r++)
			*p++ = *m++;
		p += 0x1000 / 2 - 32;
		for (r = 0; r < 4; r++)
			*p++ = *m++;
		if ((c & 15) == 15)
			frame();
	}
	copy(colors, object_colors, (PAL_BLACK + 1) * 16);
	copy(colors + 512, text_colors, (GREY + 1) * 16);
	copy(colors + 1024, front_colors[n], 512);
	copy(colors + 1536, back_colors[n], 512);
	frame();
	if (dim) {
		u16 *c = colors + 1024, less = dim << 12;
		for (r = 1024; r; r--, c++)
			*c = *c >= less ? *c - less : *c & 0x0fff;
		dim = 0;
		frame();
	}
	for (r = 0; r < 4; r++) {
		brighten(r);
		frame();
	}
	drift = 0;
	status.stage = n;
	scroll(0, 0, 0);
}

void fade_in(void)
{
	frame();
	hold = 1;
	for (level = 2; level <= 16; level += 2) {
		apply();
		frame();
	}
	hold = 0;
	level = 16;
}

void fade_out(void)
{
	if (objects)
		frame(); /* what was put already is still shown */
	hold = 1;
	for (level = 14; level >= 0; level -= 2) {
		apply();
		frame();
	}
	hold = 0;
	level = 0;
}

void lightning(void)
{
	flashing = 6;
}

/* scroll places the layers. The lines of the sea move the faster the nearer
   they are, and sway. */
void scroll(s16 x, s16 y, u16 amplitude)
{
	volatile u16 *t = (volatile u16 *)(ROWS + 16 * 2);
	s16 r = y;
	u16 n = 224;
	s32 at = (s32)x * 96, by = x * 2;
	u16 phase = now;

	scroll_x = x;
	scroll_y = y;
	if (r < 176) {
		u32 two = (u32)(at >> 8 & 0xffff) << 16 | (at >> 8 & 0xffff);
		u16 pairs = (176 - r) >> 1;
		for (n -= pairs << 1, r += pairs << 1; pairs; pairs--, t += 2)
			*(volatile u32 *)t = two;
	}
	phase = (phase >> 1) + r * 3;
	at <<= 8;
	by <<= 9;
	for (n >>= 1; n; n--, r += 2) { /* two lines together */
		u16 v = (at >> 16) + (muls(sines[phase & 63], (s16)(((r - 176) >> 4) + amplitude)) >> 6);
		*t++ = v;
		*t++ = v;
		at += by;
		phase += 6;
	}
	drift++;
}

/* wave sways lines of scroll 2 after scroll has placed them. */
void wave(u16 from, u16 to, s16 amplitude)
{
	volatile u16 *t = (volatile u16 *)(ROWS + 16 * 2) + from;

	for (; from < to; from++)
		*t++ = muls(sine(from * 2 + now), amplitude) >> 6;
}

int main(void)
{
	volatile u16 *cps = (volatile u16 *)CPSA;
	volatile u16 *p;

	rx = 0x2b7e;
	ry = 0x1516;
	demo_sound = 1;
	R16(0x800030) = 0x0c00; /* coins are welcome */
	cps[0] = 0x9100;
	cps[1] = MAP1 >> 8;
	cps[2] = MAP2 >> 8;
	cps[3] = MAP3 >> 8;
	cps[4] = ROWS >> 8;
	for (p = (volatile u16 *)0x900000; p < (volatile u16 *)0x930000; p++)
		*p = 0;
	for (p = (volatile u16 *)LISTS; p < (volatile u16 *)(LISTS + 2 * LIST_SIZE); p += 4)
		p[3] = 0xff00;
	/* Objects above the first list's end are never shown. */
	next = (volatile u16 *)LISTS;
	__asm__ volatile("move.w #0x2000,%sr");
	seen = ticks;
	while (ticks == seen)
		;
	seen = ticks;
	read_ports();
	game();
	return 0;
}
