/*
 * Gale Riders: two riders duel on flying boards.
 *
 * hw.c     the board: frames, pictures, ports, the sound queue
 * duel.c   a round: riders, shots, what drifts by, particles
 * brain.c  the computer's thumbs
 * flow.c   coins, attract mode, matches, results, high scores
 *
 * Everything that happens depends only on the inputs of each frame: random
 * numbers come from a fixed seed, and all RAM is cleared before it is used.
 */
#ifndef GAME_H
#define GAME_H

#include "assets.h"
#include "sounds.h"

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
typedef short s16;
typedef unsigned int u32;
typedef int s32;

/* What tests read, at ff0000. */
struct status {
	u16 overruns; /* frames whose work was not done in time */
	u16 most;     /* most objects that a frame has shown */
	u16 state;    /* what is on: see STATE_ */
	u16 stage;
	u16 wins[2];  /* rounds won in this match */
	u16 frames;   /* since power-on */
	u16 credits;
};
extern volatile struct status status;

enum { STATE_BOOT, STATE_TITLE, STATE_HELP, STATE_DEMO, STATE_SCORES, STATE_VERSUS, STATE_FIGHT, STATE_RESULT, STATE_CONTINUE, STATE_NAME,
       STATE_OVER, STATE_ENDING, STATE_TEST };

/* hw.c */
enum { RIGHT = 1, LEFT = 2, DOWN = 4, UP = 8, FIRE = 16, DASH = 32, NOVA = 64 };
extern u16 pad[2], hit[2]; /* held, and pressed in this frame */
extern u16 start;          /* start buttons pressed in this frame: 1, 2 */
extern u8 dips[3];         /* switches that are on: the ports, inverted */
extern u16 now;            /* frames since power-on */
extern u8 demo_sound;      /* 0: nothing is to be heard */

u16 rnd(void);
void frame(void);
void pause(u16 frames);
void text(u16 col, u16 row, const char *s, u16 pal);
void center(u16 row, const char *s, u16 pal);
void number(u16 col, u16 row, u16 v, u16 digits, u16 pal);
void tile(u16 col, u16 row, u16 code, u16 attr);
void clear_text(void);
void clear_rows(u16 from, u16 to);
void banner(s16 y, const char *s, u16 pal, s16 spread);
void letters(s16 x, s16 y, const char *s, u16 pal, s16 advance);
void scene(u16 n);
void fade_in(void);
void fade_out(void);
void scroll(s16 x, s16 y, u16 amplitude);
void wave(u16 from, u16 to, s16 amplitude);
void lightning(void);
void sound(u8 command);
extern s16 shake;
extern s16 drift;
extern u16 dim; /* how much darker the next scene is, 0 to 15 */

extern const s8 sines[64];

/* sine has 64 steps to a turn and goes from -64 to 64. */
static inline s16 sine(u16 angle)
{
	return sines[angle & 63];
}

/* muls is the chip's own multiplication; the compiler would call a function. */
static inline s32 muls(s16 a, s16 b)
{
	s32 r = a;

	__asm__("muls.w %1,%0" : "+d"(r) : "d"(b));
	return r;
}

enum { OBJECTS = 255 };
extern volatile u16 *next;
extern u16 objects;

/* put shows an object in the next frame. Earlier ones are in front. */
static inline void put(s16 x, s16 y, u16 code, u16 attr)
{
	volatile u16 *p = next;

	if ((u16)(x + 64) >= 448 || (u16)(y + 64) >= 288 || objects >= OBJECTS)
		return;
	objects++;
	p[0] = x + 64;
	p[1] = y + 16;
	p[2] = code;
	p[3] = attr;
	next = p + 4;
}

/* duel.c */
enum { RIDER_W = 48 };

struct rider {
	s16 x, y, vx, vy; /* 1/32 pixel; the middle */
	s16 hp;           /* to HP_FULL */
	s16 shown;        /* what the bar shows: it follows */
	s16 energy;       /* to ENERGY_FULL */
	s16 facing;       /* 1 right, -1 left */
	u16 turning, stun, safe, dash, cool, shield, power, ammo, nova, flash;
	s16 dash_x, dash_y;
	u16 pal;
	u16 cpu;          /* skill 1 to 15, or 0: a person */
	u16 input, fresh;
	/* the computer's thoughts */
	u16 think, want, side;
};
enum { HP_FULL = 128, ENERGY_FULL = 96 };

extern struct rider riders[2];
extern u8 score[2][8]; /* decimal digits, highest first */
extern s16 cam_x, cam_y;
extern u16 shots_n;

struct shot {
	s16 x, y, vx, vy;
	u8 kind, owner, life, dir;
};
enum { SHOTS = 44, SHOT_NONE = 0, SHOT_BOLT, SHOT_HEAVY, SHOT_MISSILE, SHOT_DRONE };
extern struct shot shots[SHOTS];

struct actor {
	s16 x, y, vx, vy;
	u16 kind, age, hp, extra;
};
enum { ACTORS = 14, NOTHING = 0, DRONE, MINE, BALLOON, ORB };
enum { ORB_SPREAD, ORB_HOMING, ORB_REPAIR, ORB_SHIELD, ORB_NOVA };
extern struct actor actors[ACTORS];

enum { WORLD_W = 640, WORLD_H = 272, SEA = 244 };

void add_score(u16 player, u16 tens);
void new_round(void);
void duel_step(u16 fighting, u16 storm);
void duel_draw(void);
void burst(s16 x, s16 y, u16 n, u16 kind, u16 pal);
void brain(struct rider *r, struct rider *foe);

/* flow.c */
void game(void);

#endif
