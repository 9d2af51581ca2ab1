/* A round. Places and speeds are in 1/32 pixel. */
#include "game.h"

#define PX(v) ((v) >> 5)
#define AT(v) ((s16)((v) * 32))

struct rider riders[2];
u8 score[2][8];
s16 cam_x, cam_y;
struct shot shots[SHOTS];
struct actor actors[ACTORS];

struct particle {
	s16 x, y, vx, vy;
	u16 kind; /* 0: none */
	u16 age, rate, pal;
};
enum { PARTICLES = 110, SPARK = 1, PUFF, DROP, BLAST, INFERNO, RING, FLASH, FLAME };
static struct particle particles[PARTICLES];
static u16 next_particle;
static u16 spawn_in, spawn_kind;
static s16 bolt_x;     /* where lightning strikes */
static u16 bolt_timer;

void add_score(u16 player, u16 tens)
{
	u8 *d = score[player];
	u16 i, v, carry = 0;

	for (i = 7; i-- > 0;) { /* the last digit is always 0 */
		v = d[i] + tens % 10 + carry;
		tens /= 10;
		carry = v >= 10;
		d[i] = carry ? v - 10 : v;
	}
}

static struct particle *particle(s16 x, s16 y, u16 kind, u16 rate, u16 pal)
{
	struct particle *p = &particles[next_particle];

	if (++next_particle == PARTICLES)
		next_particle = 0;
	p->x = x;
	p->y = y;
	p->vx = p->vy = 0;
	p->kind = kind;
	p->age = 0;
	p->rate = rate;
	p->pal = pal;
	return p;
}

void burst(s16 x, s16 y, u16 n, u16 kind, u16 pal)
{
	while (n--) {
		u16 r = rnd();
		s16 v = 24 + (r >> 8 & 63);
		struct particle *p = particle(x, y, kind, 10 + (r & 7), pal);
		p->vx = muls(sine(r >> 2), v) >> 6;
		p->vy = muls(sine((r >> 2) + 16), v) >> 6;
	}
}

static void splash(s16 x, u16 n)
{
	while (n--) {
		u16 r = rnd();
		struct particle *p = particle(x + (s16)(r & 255) - 128, AT(SEA), DROP, 8, PAL_SPRAY);
		p->vx = (s16)(r >> 8 & 63) - 32;
		p->vy = -40 - (s16)(r >> 4 & 63);
	}
}

static void boom(s16 x, s16 y, u16 large)
{
	if (large) {
		particle(x, y, INFERNO, 9, PAL_FIRE);
		burst(x, y, 12, SPARK, PAL_FIRE);
		burst(x, y, 5, PUFF, PAL_SMOKE);
		shake = 10;
		sound(OKI_BOOM);
	} else {
		particle(x, y, BLAST, 12, PAL_FIRE);
		burst(x, y, 6, SPARK, PAL_FIRE);
		sound(OKI_CRACK);
	}
}

static struct shot *new_shot(u16 kind, u16 owner, s16 x, s16 y, s16 vx, s16 vy)
{
	struct shot *s;

	for (s = shots; s < shots + SHOTS; s++)
		if (!s->kind) {
			s->kind = kind;
			s->owner = owner;
			s->x = x;
			s->y = y;
			s->vx = vx;
			s->vy = vy;
			s->life = 110;
			s->dir = vx < 0 ? 8 : 0;
			return s;
		}
	return 0;
}

static struct actor *new_actor(u16 kind, s16 x, s16 y, s16 vx, s16 vy)
{
	struct actor *a;

	for (a = actors; a < actors + ACTORS; a++)
		if (!a->kind) {
			a->kind = kind;
			a->x = x;
			a->y = y;
			a->vx = vx;
			a->vy = vy;
			a->age = 0;
			a->hp = kind == BALLOON ? 2 : 1;
			a->extra = rnd() % 10;
			return a;
		}
	return 0;
}

void new_round(void)
{
	u16 i;
	struct rider *r;

	for (i = 0; i < SHOTS; i++)
		shots[i].kind = SHOT_NONE;
	for (i = 0; i < ACTORS; i++)
		actors[i].kind = NOTHING;
	for (i = 0; i < PARTICLES; i++)
		particles[i].kind = 0;
	next_particle = 0;
	spawn_in = 120;
	bolt_timer = 0;
	for (i = 0; i < 2; i++) {
		r = &riders[i];
		r->x = AT(i ? WORLD_W / 2 + 120 : WORLD_W / 2 - 120);
		r->y = AT(130);
		r->vx = r->vy = 0;
		r->hp = HP_FULL;
		r->shown = 0;
		r->energy = ENERGY_FULL;
		r->facing = i ? -1 : 1;
		r->turning = r->stun = r->safe = r->dash = r->cool = r->shield = r->power = r->ammo = r->flash = 0;
		r->nova = 1;
		r->think = r->want = r->side = 0;
		r->input = r->fresh = 0;
	}
	cam_x = (WORLD_W - 384) / 2;
	cam_y = 24;
}

static s16 absolute(s16 v)
{
	return v < 0 ? -v : v;
}

/* hurt takes from a rider, unless a shield takes it. */
static void hurt(u16 who, s16 damage, s16 kick_x, s16 kick_y, u16 stun)
{
	struct rider *r = &riders[who];

	if (r->safe || r->hp <= 0)
		return;
	if (r->shield) {
		r->shield = r->shield > 60 ? r->shield - 60 : 0;
		r->safe = 8;
		burst(r->x, r->y, 6, SPARK, PAL_SHIELD);
		sound(SFX_GUARD);
		return;
	}
	r->hp -= damage;
	if (r->hp < 0)
		r->hp = 0;
	r->vx += kick_x;
	r->vy += kick_y;
	r->flash = 8;
	if (stun) {
		r->stun = stun;
		r->safe = stun + 12;
		r->dash = 0;
		sound(who ? OKI_OUCH2 : OKI_OUCH1);
	}
	burst(r->x, r->y, 4 + (damage >> 2), SPARK, who ? PAL_BOLT2 : PAL_BOLT1);
	sound(OKI_HIT);
	add_score(who ^ 1, damage * 5);
}

static void nova_blast(u16 who)
{
	struct rider *r = &riders[who], *foe = &riders[who ^ 1];
	struct shot *s;
	struct actor *a;
	s16 dx, dy;
	u16 k;

	particle(r->x, r->y, RING, 8, PAL_SHIELD);
	particle(r->x, r->y, RING, 5, who ? PAL_BOLT2 : PAL_BOLT1);
	for (k = 0; k < 12; k++) {
		struct particle *p = particle(r->x, r->y, SPARK, 6, who ? PAL_BOLT2 : PAL_BOLT1);
		p->vx = sine(k * 5) * 2;
		p->vy = sine(k * 5 + 16) * 2;
	}
	sound(SFX_NOVA);
	sound(OKI_THUNDER);
	lightning();
	r->safe = 30;
	for (s = shots; s < shots + SHOTS; s++)
		if (s->kind && s->owner != who && absolute(PX(s->x - r->x)) < 110 && absolute(PX(s->y - r->y)) < 110) {
			particle(s->x, s->y, SPARK, 16, PAL_SHIELD);
			s->kind = SHOT_NONE;
			add_score(who, 1);
		}
	for (a = actors; a < actors + ACTORS; a++)
		if (a->kind && a->kind != ORB && absolute(PX(a->x - r->x)) < 100 && absolute(PX(a->y - r->y)) < 100)
			a->hp = 0, a->extra |= 0x100 << who;
	dx = PX(foe->x - r->x);
	dy = PX(foe->y - r->y);
	if (absolute(dx) < 92 && absolute(dy) < 92)
		hurt(who ^ 1, 26, dx < 0 ? -110 : 110, dy < 0 ? -60 : 60, 24);
}

static void shoot(u16 who)
{
	struct rider *r = &riders[who];
	s16 dir = r->facing, tilt = 0, v = dir * 224;
	s16 x = r->x + dir * AT(24), y = r->y + AT(4);

	if (r->input & UP)
		tilt = -48;
	if (r->input & DOWN)
		tilt = 48;
	if (r->power == 2 && r->ammo) {
		struct shot *s = new_shot(SHOT_MISSILE, who, x, y, dir * 100, tilt);
		if (s)
			s->life = 150;
		r->ammo--;
		r->energy -= 7;
		r->cool = 16;
		sound(SFX_MISSILE);
	} else if (r->power == 1 && r->ammo) {
		new_shot(SHOT_BOLT, who, x, y, v, tilt);
		new_shot(SHOT_BOLT, who, x, y, v - dir * 12, tilt - 44);
		new_shot(SHOT_BOLT, who, x, y, v - dir * 12, tilt + 44);
		r->ammo--;
		r->energy -= 8;
		r->cool = 10;
		sound(SFX_SPREAD);
	} else {
		new_shot(SHOT_BOLT, who, x, y, v, tilt);
		r->energy -= 6;
		r->cool = 9;
		sound(who ? SFX_SHOT2 : SFX_SHOT1);
	}
	if (!r->ammo)
		r->power = 0;
	particle(x, y, FLASH, 24, who ? PAL_BOLT2 : PAL_BOLT1);
	r->vx -= dir * 4;
}

static void move_rider(u16 who, u16 fighting)
{
	struct rider *r = &riders[who], *foe = &riders[who ^ 1];
	u16 in = fighting && r->hp > 0 ? r->input : 0;
	s16 dx = foe->x - r->x, low, high;

	if (r->stun) {
		r->stun--;
		in = 0;
		r->vy += 2;
	}
	if (r->safe)
		r->safe--;
	if (r->cool)
		r->cool--;
	if (r->flash)
		r->flash--;
	if (r->shield)
		r->shield--;
	if (!(now & 1) && r->energy < ENERGY_FULL && !(in & FIRE && r->cool))
		r->energy++;
	if (r->shown < r->hp)
		r->shown += 4;
	if (r->shown > r->hp)
		r->shown--;

	if (r->dash) {
		r->dash--;
		r->vx = r->dash_x;
		r->vy = r->dash_y;
		if (!(r->dash & 1))
			particle(r->x, r->y, PUFF, 14, who ? PAL_BOLT2 : PAL_BOLT1);
		if (absolute(PX(dx)) < 30 && absolute(PX(foe->y - r->y)) < 24 && !foe->safe) {
			hurt(who ^ 1, 16, r->dash_x, r->dash_y - 20, 20);
			particle(foe->x, foe->y, BLAST, 14, PAL_FIRE);
			r->vx = -r->vx / 2;
			r->dash = 0;
			shake = 6;
		}
	} else {
		if (in & LEFT)
			r->vx -= 7;
		if (in & RIGHT)
			r->vx += 7;
		if (in & UP)
			r->vy -= 7;
		if (in & DOWN)
			r->vy += 7;
		r->vx -= r->vx >> 4;
		r->vy -= r->vy >> 4;
		if (!in)
			r->vy += (sine((now << 1) + (who << 5)) >> 5);
		if (r->hp <= 0)
			r->vy += 5;
	}
	if (in && !r->dash) {
		if (r->fresh & DASH && r->energy >= 22) {
			s16 x = (in & RIGHT ? 1 : 0) - (in & LEFT ? 1 : 0), y = (in & DOWN ? 1 : 0) - (in & UP ? 1 : 0);
			if (!x && !y)
				x = r->facing;
			r->dash_x = x * (y ? 150 : 208);
			r->dash_y = y * (x ? 130 : 176);
			r->dash = 14;
			r->safe = 10;
			r->energy -= 22;
			sound(SFX_DASH);
		} else if (in & FIRE && !r->cool && r->energy >= 8) {
			shoot(who);
		}
		if (r->fresh & NOVA && r->nova) {
			r->nova--;
			nova_blast(who);
		}
	}
	r->x += r->vx;
	r->y += r->vy;

	/* The edges: of the picture, of the world. */
	low = AT(cam_x + 22);
	high = AT(cam_x + 384 - 22);
	if (r->x < low)
		r->x = low, r->vx = 0;
	if (r->x > high)
		r->x = high, r->vx = 0;
	if (r->y < AT(36))
		r->y = AT(36), r->vy = 0;
	if (r->y > AT(SEA - 8)) {
		if (r->vy > 20) {
			splash(r->x, 10);
			sound(OKI_SPLASH);
		}
		r->y = AT(SEA - 8);
		r->vy = r->hp > 0 ? -absolute(r->vy) / 2 - 12 : 0;
		r->vx -= r->vx >> 3;
		if (fighting && !r->safe && r->hp > 4)
			r->hp -= 2, r->flash = 4;
	} else if (r->y > AT(SEA - 26) && !(now & 3)) {
		splash(r->x, 1);
	}
	if (r->turning)
		r->turning--;
	if (!r->dash && !r->turning && ((dx > AT(14) && r->facing < 0) || (dx < -AT(14) && r->facing > 0))) {
		r->facing = -r->facing;
		r->turning = 9;
	}
	if (r->hp <= 0 && !(now & 7)) {
		particle(r->x, r->y, BLAST, 12, PAL_FIRE);
		particle(r->x, r->y - 100, PUFF, 5, PAL_SMOKE);
	}
	if (!(now & 3) && r->hp > 0) {
		struct particle *p = particle(r->x - r->facing * AT(25), r->y + AT(5), FLAME, 22, r->hp < 40 ? PAL_SMOKE : PAL_FIRE);
		p->vx = r->vx / 2 - r->facing * 30;
		p->vy = r->vy / 2;
	}
	if (r->hp > 0 && r->hp < 40 && !(now & 7))
		particle(r->x, r->y, PUFF, 6, PAL_SMOKE)->vy = -24;
}

static void strike_actor(struct actor *a, u16 who)
{
	if (a->hp)
		a->hp--;
	a->extra = (a->extra & 0xff) | 0x100 << who;
	particle(a->x, a->y, FLASH, 20, PAL_FIRE);
}

/* near says whether two places are less than w and h pixels apart. */
static inline __attribute__((always_inline)) u16 near(s16 ax, s16 ay, s16 bx, s16 by, s16 w, s16 h)
{
	return (u16)(ax - bx + w * 32) < (u16)(w * 64) && (u16)(ay - by + h * 32) < (u16)(h * 64);
}

static const s16 compass_x[16] = { 112, 103, 79, 43, 0, -43, -79, -103, -112, -103, -79, -43, 0, 43, 79, 103 };

static void move_shots(void)
{
	struct shot *s;
	struct actor *a;
	u16 who;
	s16 x, y;

	for (s = shots; s < shots + SHOTS; s++) {
		if (!s->kind)
			continue;
		s->x += s->vx;
		s->y += s->vy;
		x = PX(s->x) - cam_x;
		if (!--s->life || x < -20 || x > 404) {
			if (s->kind == SHOT_MISSILE)
				particle(s->x, s->y, BLAST, 16, PAL_FIRE);
			s->kind = SHOT_NONE;
			continue;
		}
		y = PX(s->y);
		if (y > SEA) {
			splash(s->x, 2);
			s->kind = SHOT_NONE;
			continue;
		}
		if (y < 8) {
			s->kind = SHOT_NONE;
			continue;
		}
		if (s->kind == SHOT_MISSILE) {
			struct rider *foe = &riders[s->owner ^ 1];
			s16 hx = PX(foe->x - s->x), hy = PX(foe->y - s->y), cross;
			if (!(s->life & 3)) {
				cross = muls(compass_x[s->dir] >> 2, hy) - muls(compass_x[(s->dir + 12) & 15] >> 2, hx);
				s->dir = (s->dir + (cross > 0 ? 1 : 15)) & 15;
				s->vx = compass_x[s->dir];
				s->vy = compass_x[(s->dir + 12) & 15];
				particle(s->x, s->y, PUFF, 14, PAL_SMOKE);
			}
		}
		for (who = 0; who < 2; who++) {
			struct rider *r = &riders[who];
			if (who == s->owner || r->hp <= 0)
				continue;
			if (near(s->x, s->y, r->x, r->y, 20, 15)) {
				if (r->dash) { /* a dash breaks shots */
					particle(s->x, s->y, SPARK, 14, PAL_SHIELD);
					add_score(who, 2);
				} else if (!r->safe) {
					u16 missile = s->kind == SHOT_MISSILE;
					hurt(who, missile ? 11 : s->kind == SHOT_DRONE ? 4 : 6, s->vx >> 2, s->vy >> 2, missile ? 10 : 0);
					if (missile)
						particle(s->x, s->y, BLAST, 12, PAL_FIRE);
				} else {
					continue;
				}
				s->kind = SHOT_NONE;
				break;
			}
		}
		/* They move less than a target is wide: every second frame will do. */
		if (!s->kind || s->owner > 1 || s->life & 1)
			continue;
		for (a = actors; a < actors + ACTORS; a++)
			if (a->kind && near(s->x, s->y, a->x, a->y, 16, 20) && a->kind != ORB && a->hp) {
				strike_actor(a, s->owner);
				s->kind = SHOT_NONE;
				break;
			}
	}
}

static void take_orb(u16 who, u16 kind)
{
	struct rider *r = &riders[who];

	add_score(who, 50);
	sound(SFX_PICKUP);
	burst(r->x, r->y, 8, SPARK, PAL_GOLD);
	switch (kind) {
	case ORB_SPREAD:
		r->power = 1;
		r->ammo = 24;
		break;
	case ORB_HOMING:
		r->power = 2;
		r->ammo = 10;
		break;
	case ORB_REPAIR:
		r->hp += 30;
		if (r->hp > HP_FULL)
			r->hp = HP_FULL;
		break;
	case ORB_SHIELD:
		r->shield = 420;
		break;
	default:
		if (r->nova < 3)
			r->nova++;
	}
}

static void move_actors(void)
{
	static const u8 prizes[10] = { ORB_SPREAD, ORB_HOMING, ORB_REPAIR, ORB_SHIELD, ORB_NOVA, ORB_SPREAD, ORB_HOMING, ORB_SHIELD, ORB_REPAIR, ORB_SPREAD };
	struct actor *a;
	u16 who;

	for (a = actors; a < actors + ACTORS; a++) {
		if (!a->kind)
			continue;
		a->age++;
		a->x += a->vx;
		a->y += a->vy;
		if (a->x < -AT(40) || a->x > AT(WORLD_W + 40) || a->y < -AT(40) || a->age > 1500) {
			a->kind = NOTHING;
			continue;
		}
		switch (a->kind) {
		case DRONE:
			a->vy = sine(a->age + (a->extra << 3 & 0x3f)) >> 1;
			if ((a->age & 127) == 60 + (a->extra & 15)) {
				struct rider *r = &riders[rnd() & 1];
				s16 dx = PX(r->x - a->x), dy = PX(r->y - a->y), n = absolute(dx) + absolute(dy);
				if (n > 20)
					new_shot(SHOT_DRONE, 2, a->x, a->y, (s16)(dx * 72) / n, (s16)(dy * 72) / n);
			}
			break;
		case BALLOON:
			a->vx = sine(a->age >> 1) >> 3;
			break;
		case MINE:
			a->vy += a->y > AT(210) ? -1 : a->y < AT(60) ? 1 : 0;
			break;
		case ORB:
			if (a->vy < 20)
				a->vy++;
			if (a->y > AT(SEA - 8)) {
				if (a->vy > 10)
					splash(a->x, 3);
				a->vy = -a->vy / 2;
				a->y = AT(SEA - 8) + (sine(now) >> 3);
			}
			if (a->age > 700)
				a->kind = NOTHING;
			break;
		}
		for (who = 0; who < 2; who++) {
			struct rider *r = &riders[who];
			if (r->hp <= 0 || !near(a->x, a->y, r->x, r->y, 24, 22))
				continue;
			if (a->kind == ORB) {
				take_orb(who, a->hp);
				a->kind = NOTHING;
				break;
			}
			if (r->dash) {
				a->hp = 0;
				a->extra |= 0x100 << who;
			} else if (a->kind == MINE && !r->safe) {
				a->hp = 0;
			} else if (a->kind == DRONE && !r->safe) {
				hurt(who, 8, a->vx, 0, 8);
				a->hp = 0;
			}
		}
		if (!a->kind || a->hp)
			continue;
		who = a->extra & 0x200 ? 1 : 0;
		if (a->kind == BALLOON) {
			struct actor *o;
			s16 x = a->x, y = a->y;
			u16 prize = prizes[(a->extra & 0xff) % 10];
			a->kind = NOTHING;
			burst(x, y, 8, SPARK, PAL_BALLOON);
			sound(OKI_CRACK);
			if ((o = new_actor(ORB, x, y, 0, -50)))
				o->hp = prize;
			add_score(who, 10);
		} else if (a->kind == MINE) {
			s16 x = a->x, y = a->y;
			a->kind = NOTHING;
			boom(x, y, 1);
			for (who = 0; who < 2; who++)
				if (near(x, y, riders[who].x, riders[who].y, 46, 42))
					hurt(who, 16, x < riders[who].x ? 90 : -90, y < riders[who].y ? 50 : -50, 16);
		} else {
			boom(a->x, a->y, 0);
			a->kind = NOTHING;
			if (a->extra & 0x300)
				add_score(who, 20);
		}
	}
}

static void spawn(u16 storm)
{
	u16 i, side = rnd() & 1;
	s16 y = 60 + (rnd() & 127);

	if (--spawn_in)
		return;
	spawn_in = (storm ? 110 : 190) + (rnd() & 63);
	switch (spawn_kind++ & 3) {
	case 0:
	case 2:
		new_actor(BALLOON, AT(cam_x + 50 + (rnd() & 255)), AT(SEA + 20), 0, -18);
		break;
	case 1:
		for (i = 0; i < 4; i++)
			new_actor(DRONE, side ? AT(WORLD_W + 30) : AT(-30), AT(y), side ? -40 - (s16)i * 7 : 40 + (s16)i * 7, 0);
		break;
	default:
		for (i = 0; i < (storm ? 3 : 2); i++)
			new_actor(MINE, AT(cam_x + 30 + rnd() % 324), AT(i & 1 ? -20 : -36), (s16)(rnd() & 15) - 8, 12 + (rnd() & 7));
	}
}

/* The last seconds: lightning strikes where a line of sparks has warned. */
static void thunder(void)
{
	u16 who;

	if (!bolt_timer) {
		if (rnd() & 15)
			return;
		bolt_x = cam_x + 30 + rnd() % 324;
		bolt_timer = 80;
		sound(SFX_WARN);
	}
	bolt_timer--;
	if (bolt_timer == 20) {
		lightning();
		shake = 12;
		sound(OKI_THUNDER);
		splash(AT(bolt_x), 16);
		for (who = 0; who < 2; who++)
			if (absolute(PX(riders[who].x) - bolt_x) < 28)
				hurt(who, 18, PX(riders[who].x) < bolt_x ? -90 : 90, -30, 22);
	}
}

void duel_step(u16 fighting, u16 storm)
{
	struct particle *p;
	s16 x, y;
	u16 i;

	for (i = 0; i < 2; i++)
		move_rider(i, fighting);
	/* Two boards push each other away. */
	if (near(riders[0].x, riders[0].y, riders[1].x, riders[1].y, 28, 18) && riders[0].hp > 0 && riders[1].hp > 0) {
		s16 push = riders[0].x < riders[1].x ? 14 : -14;
		riders[0].vx -= push;
		riders[1].vx += push;
	}
	move_shots();
	if (fighting) {
		spawn(storm);
		if (storm)
			thunder();
	}
	move_actors();
	for (p = particles; p < particles + PARTICLES; p++) {
		if (!p->kind)
			continue;
		p->x += p->vx;
		p->y += p->vy;
		if (p->kind == DROP) {
			p->vy += 5;
			if (p->y > AT(SEA + 16))
				p->kind = 0;
		} else if (p->kind == SPARK) {
			p->vx -= p->vx >> 4;
			p->vy -= p->vy >> 4;
		}
		p->age += p->rate;
		if (p->age >= 256)
			p->kind = 0;
	}
	/* The camera keeps both in the picture. */
	x = (PX(riders[0].x) + PX(riders[1].x)) / 2 - 192;
	y = (PX(riders[0].y) + PX(riders[1].y)) / 2 - 118;
	x = x < 0 ? 0 : x > WORLD_W - 384 ? WORLD_W - 384 : x;
	y = y < 0 ? 0 : y > WORLD_H - 224 ? WORLD_H - 224 : y;
	x -= cam_x;
	y -= cam_y;
	cam_x += x > 3 ? 3 : x < -3 ? -3 : x;
	cam_y += y > 2 ? 2 : y < -2 ? -2 : y;
}

static void draw_rider(u16 who)
{
	struct rider *r = &riders[who];
	s16 x = PX(r->x) - cam_x - 24, y = PX(r->y) - cam_y - 24;
	u16 f, flip = r->facing < 0 ? 0x20 : 0, pal = r->pal;

	if (r->hp <= 0 && r->y >= AT(SEA - 9))
		return;
	if (r->stun || r->hp <= 0)
		f = 8;
	else if (r->turning)
		/* The turn begins with the side that the rider faced. */
		f = r->turning > 6 ? 7 : r->turning > 3 ? 6 : 5;
	else {
		s16 k = 2 - r->vy / 26;
		f = k < 0 ? 0 : k > 4 ? 4 : k;
	}
	if (r->shield && (r->shield > 90 || now & 2))
		put(x - 8, y - 8, spr_bubble[now >> 2 & 3], SIZE_BUBBLE | PAL_SHIELD);
	if (r->flash & 2)
		pal = PAL_RED;
	if (r->safe && !r->stun && !r->dash && now & 1)
		pal = PAL_SHIELD;
	put(x, y, spr_rider[f], SIZE_RIDER | pal | flip);
	if (r->dash) {
		put(x - r->dash_x / 16, y - r->dash_y / 16, spr_rider[f], SIZE_RIDER | (who ? PAL_BOLT2 : PAL_BOLT1) | flip);
		if (now & 1)
			put(x - r->dash_x / 8, y - r->dash_y / 8, spr_rider[f], SIZE_RIDER | (who ? PAL_BOLT2 : PAL_BOLT1) | flip);
	}
}

void duel_draw(void)
{
	struct shot *s;
	struct actor *a;
	struct particle *p;
	u16 first = now & 1;

	draw_rider(first);
	draw_rider(first ^ 1);
	for (s = shots; s < shots + SHOTS; s++) {
		s16 x, y;
		if (!s->kind)
			continue;
		x = PX(s->x) - cam_x - 8;
		y = PX(s->y) - cam_y - 8;
		if (s->kind == SHOT_MISSILE)
			put(x, y, spr_missile[s->dir], SIZE_MISSILE | (s->owner ? PAL_BOLT2 : PAL_BOLT1));
		else if (s->kind == SHOT_DRONE)
			put(x, y, spr_spark[now >> 1 & 1], SIZE_SPARK | PAL_RED);
		else
			put(x, y, spr_bolt[now >> 1 & 1], SIZE_BOLT | (s->owner ? PAL_BOLT2 : PAL_BOLT1));
	}
	for (a = actors; a < actors + ACTORS; a++) {
		s16 x = PX(a->x) - cam_x, y = PX(a->y) - cam_y;
		switch (a->kind) {
		case DRONE:
			put(x - 16, y - 16, spr_drone[a->age >> 2 & 3], SIZE_DRONE | PAL_DRONE | (a->vx < 0 ? 0x20 : 0));
			break;
		case MINE:
			put(x - 16, y - 16, spr_mine[a->age >> 3 & 3], SIZE_MINE | PAL_MINE);
			break;
		case BALLOON:
			put(x - 16, y - 24, spr_balloon[(a->age >> 4) % 3], SIZE_BALLOON | PAL_BALLOON);
			break;
		case ORB:
			if (a->age < 560 || now & 2) {
				put(x - 8, y - 8, spr_orb[a->hp], SIZE_ORB | PAL_ORBS);
				put(x - 8 + (sine(now << 1) >> 2), y - 8 + (sine((now << 1) + 16) >> 3), spr_spark[2], SIZE_SPARK | PAL_GOLD);
			}
		}
	}
	if (bolt_timer) {
		s16 y = -cam_y;
		s16 x = bolt_x - cam_x;
		if (bolt_timer > 20) {
			for (; y < 224; y += 24)
				put(x - 8, y + (now & 7) * 3, spr_spark[2 + (now & 1)], SIZE_SPARK | PAL_GOLD);
		} else if (bolt_timer > 8) {
			for (; y < SEA - cam_y; y += 12) {
				put(x - 16, y - 8, spr_flash[(now + y) & 1], SIZE_FLASH | PAL_SHIELD);
				x += (s16)(rnd() & 15) - 7;
			}
		}
	}
	for (p = particles; p < particles + PARTICLES; p++) {
		s16 x, y;
		u16 age;
		if (!p->kind)
			continue;
		x = PX(p->x) - cam_x;
		y = PX(p->y) - cam_y;
		age = p->age;
		switch (p->kind) {
		case SPARK:
			put(x - 8, y - 8, spr_spark[age >> 6], SIZE_SPARK | p->pal);
			break;
		case PUFF:
			put(x - 8, y - 8, spr_puff[(u16)(age * 5) >> 8], SIZE_PUFF | p->pal);
			break;
		case DROP:
			put(x - 8, y - 8, spr_drop[(u16)(age * 3) >> 8], SIZE_DROP | p->pal);
			break;
		case FLAME:
			put(x - 8, y - 8, spr_flame[age >> 6], SIZE_FLAME | p->pal | (p->vx > 0 ? 0x20 : 0));
			break;
		case FLASH:
			put(x - 16, y - 16, spr_flash[(u16)(age * 3) >> 8], SIZE_FLASH | p->pal);
			break;
		case BLAST:
			put(x - 16, y - 16, spr_blast[age >> 5], SIZE_BLAST | p->pal);
			break;
		case INFERNO:
			put(x - 32, y - 32, spr_inferno[(u16)(age * 10) >> 8], SIZE_INFERNO | p->pal);
			break;
		case RING:
			put(x - 32, y - 32, spr_ring[(u16)(age * 6) >> 8], SIZE_RING | p->pal);
		}
	}
}
