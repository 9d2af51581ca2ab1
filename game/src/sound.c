/*
 * The sound Z80: songs on YM2151 channels 0 to 5 and OKI voices 0 and 1,
 * effects on channels 6 and 7 and voices 2 and 3. Commands come through the
 * latch at f008; bit 7 only tells a command from the one before.
 *
 * Music is a stream of bytes for each channel, made by gen/music.go. Time
 * passes in ticks of the YM2151's timer B.
 */
#include "sounds.h"

typedef unsigned char u8;
typedef unsigned int u16;
typedef int s16;

#define R8(a) (*(volatile u8 *)(a))
#define MUSIC 0x2000

enum { REST = 0x60, INST, VOL, JUMP, END, SLIDE, PAN, FINE, PARTS = 7, DRUMS = 6, CHANNELS = 9 };

struct header {
	const u8 *songs;
	const u8 *const *effects;
	const u8 *patches;
	u8 n_songs, n_effects;
};
#define header ((const struct header *)MUSIC)

struct channel {
	const u8 *p; /* what comes next, or 0: silent */
	u8 wait;     /* units (a song's) or ticks (an effect's) until then */
	u8 ym;       /* channel of the chip */
	u8 vol, pan, fine, key;
	const u8 *patch;
	u16 pitch; /* 1/64 semitone */
	s16 slide; /* a tick */
};

static struct channel channels[CHANNELS];
static u8 tempo, fraction;
static u8 drum_voice, sfx_voice, sfx_channel;
static u8 last;

static void ym(u8 reg, u8 value)
{
	while (R8(0xf001) & 0x80)
		;
	R8(0xf000) = reg;
	R8(0xf001) = value;
}

static void oki(u8 voice, u8 phrase, u8 attenuation)
{
	R8(0xf002) = 8 << voice; /* stop what plays there */
	R8(0xf002) = 0x80 | phrase;
	R8(0xf002) = 0x10 << voice | attenuation;
}

static void levels(struct channel *c)
{
	const u8 *r = c->patch + 3;
	u8 s, bit = 1, reg = 0x60 + c->ym, v;

	for (s = 0; s < 4; s++, bit <<= 1, reg += 8, r += 6) {
		v = r[1];
		if (c->patch[2] & bit) {
			v += c->vol;
			if (v > 127)
				v = 127;
		}
		ym(reg, v);
	}
}

static void instrument(struct channel *c, u8 n)
{
	const u8 *r;
	u8 s, reg = c->ym;

	r = header->patches;
	while (n--)
		r += 27;
	c->patch = r;
	ym(0x08, c->ym);
	c->key = 0;
	ym(0x20 + reg, c->pan | r[0]);
	ym(0x38 + reg, r[1]);
	r += 3;
	for (s = 0; s < 4; s++, reg += 8, r += 6) {
		ym(0x40 + reg, r[0]);
		ym(0x80 + reg, r[2]);
		ym(0xa0 + reg, r[3]);
		ym(0xc0 + reg, r[4]);
		ym(0xe0 + reg, r[5]);
	}
	levels(c);
}

static void tune(struct channel *c)
{
	u16 p = c->pitch + c->fine;
	u8 note = p >> 6, octave = 0;

	while (note >= 12) {
		note -= 12;
		octave += 16;
	}
	ym(0x28 + c->ym, octave | (note + note / 3));
	ym(0x30 + c->ym, (u8)p << 2);
}

static void off(struct channel *c)
{
	if (c->key)
		ym(0x08, c->ym);
	c->key = 0;
}

static void silence(struct channel *c)
{
	c->p = 0;
	if (c != channels + DRUMS)
		off(c);
}

static void read(struct channel *c)
{
	u8 e;
	u8 drums = c == channels + DRUMS;

	for (;;) {
		e = *c->p++;
		if (e < REST) {
			c->wait = *c->p++;
			if (drums) {
				oki(drum_voice, e, 2);
				drum_voice ^= 1;
				return;
			}
			off(c);
			c->pitch = (u16)e << 6;
			tune(c);
			ym(0x08, 0x78 | c->ym);
			c->key = 1;
			return;
		}
		switch (e) {
		case REST:
			c->wait = *c->p++;
			if (!drums)
				off(c);
			return;
		case INST:
			instrument(c, *c->p++);
			break;
		case VOL:
			c->vol = *c->p++;
			levels(c);
			break;
		case JUMP:
			c->p = *(const u8 *const *)c->p;
			break;
		case SLIDE:
			c->slide = *(const s16 *)c->p;
			c->p += 2;
			break;
		case PAN:
			c->pan = *c->p++;
			ym(0x20 + c->ym, c->pan | c->patch[0]);
			break;
		case FINE:
			c->fine = *c->p++;
			break;
		default:
			silence(c);
			return;
		}
	}
}

/* advance lets a unit of time pass for a channel. */
static void advance(struct channel *c)
{
	if (!c->p)
		return;
	if (--c->wait) {
		if (c->wait == 1 && c != channels + DRUMS && *c->p < REST + 1)
			off(c); /* a gap before the next note */
		return;
	}
	read(c);
}

static void play(u8 n)
{
	const u8 *s = header->songs;
	u8 i;

	while (n--)
		s += 1 + 2 * PARTS;
	tempo = *s++;
	fraction = 0;
	for (i = 0; i < PARTS; i++, s += 2) {
		struct channel *c = channels + i;
		silence(c);
		c->p = *(const u8 *const *)s;
		c->wait = 1;
		c->slide = 0;
		c->fine = 0;
	}
}

static void effect(u8 n)
{
	struct channel *c;

	sfx_channel ^= 1;
	c = channels + PARTS + sfx_channel;
	off(c);
	c->slide = 0;
	c->fine = 0;
	c->p = header->effects[n];
	c->wait = 1;
}

static void command(u8 n)
{
	u8 i;

	if (n == SOUND_STOP) {
		for (i = 0; i < CHANNELS; i++)
			silence(channels + i);
		R8(0xf002) = 0x78;
	} else if (n >= FIRST_FX) {
		if (n - FIRST_FX < header->n_effects)
			effect(n - FIRST_FX);
	} else if (n >= FIRST_OKI) {
		sfx_voice ^= 1;
		oki(2 + sfx_voice, n - FIRST_OKI + 1, 0);
	} else if (n && n - FIRST_SONG < header->n_songs) {
		play(n - FIRST_SONG);
	}
}

void main(void)
{
	u8 i, sum;
	u8 *p;

	for (p = (u8 *)channels; p < (u8 *)(channels + CHANNELS); p++)
		*p = 0;
	tempo = fraction = drum_voice = sfx_voice = sfx_channel = last = 0;
	R8(0xf006) = 1;
	for (i = 0; i < CHANNELS; i++) {
		channels[i].ym = i < DRUMS ? i : i - 1;
		channels[i].patch = header->patches;
		channels[i].pan = 0xc0;
	}
	channels[DRUMS].ym = 0;
	for (i = 0; i < 8; i++)
		ym(0x08, i);
	ym(0x18, 200); /* vibrato: LFO, 6 Hz or so */
	ym(0x19, 0x80 | 12);
	ym(0x1b, 2);
	ym(0x12, 227);
	ym(0x14, 0x2a);
	for (;;) {
		i = R8(0xf008);
		if (i != last) {
			last = i;
			command(i & 0x7f);
		}
		if (!(R8(0xf001) & 2))
			continue;
		ym(0x14, 0x2a);
		sum = fraction + tempo;
		if (sum < fraction)
			for (i = 0; i < PARTS; i++)
				advance(channels + i);
		fraction = sum;
		for (i = PARTS; i < CHANNELS; i++) {
			struct channel *c = channels + i;
			advance(c);
			if (c->p && c->slide && c->key) {
				c->pitch += c->slide;
				if (c->pitch >= 96 * 64)
					c->pitch = 0, off(c);
				else
					tune(c);
			}
		}
	}
}
