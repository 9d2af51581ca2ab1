/* The computer's thumbs: it sees what a person sees, a little late. */
#include "game.h"

static s16 px(s16 v)
{
	return v >> 5;
}

void brain(struct rider *r, struct rider *foe)
{
	u16 skill = r->cpu, in, me = r - riders;
	s16 dx = px(foe->x - r->x), dy = px(foe->y - r->y), ax = dx < 0 ? -dx : dx, ay = dy < 0 ? -dy : dy;
	struct shot *s;
	struct actor *a;
	s16 goal_x, goal_y;

	if (r->think) {
		r->think--;
		in = r->want;
		/* The trigger is quicker than thought. */
		in &= ~(FIRE | DASH | NOVA);
		if (ay < 26 && r->energy > 20 && (rnd() & 15) < 4 + skill)
			in |= FIRE;
		r->fresh = in & ~r->input;
		r->input = in;
		return;
	}
	r->think = 14 - (skill >> 1) * 2 + (rnd() & 3);
	in = 0;
	if (!(rnd() & 7))
		r->side = rnd() & 3;
	goal_x = dx < 0 ? dx + 110 + (r->side << 4) : dx - 110 - (r->side << 4);
	goal_y = dy + (s16)(r->side << 3) - 12;

	/* Prizes tempt, mines do not. */
	for (a = actors; a < actors + ACTORS; a++) {
		s16 x = px(a->x - r->x), y = px(a->y - r->y);
		s16 d = (x < 0 ? -x : x) + (y < 0 ? -y : y);
		if (a->kind == ORB && d < 60 + (s16)skill * 10) {
			goal_x = x;
			goal_y = y;
			break;
		}
		if (a->kind == MINE && d < 60) {
			goal_x = -x;
			goal_y = -y;
		}
	}
	/* Shots that come near are left above or below. */
	for (s = shots; s < shots + SHOTS; s++) {
		s16 x, y;
		if (!s->kind || s->owner == me)
			continue;
		x = px(s->x - r->x);
		y = px(s->y - r->y);
		if ((x < 0) == (s->vx < 0) || x > 110 || x < -110 || y > 24 || y < -24)
			continue;
		if ((rnd() & 15) < skill) {
			goal_y = y > 0 ? -60 : 60;
			if (px(r->y) < 60)
				goal_y = 60;
			if ((rnd() & 31) < skill && r->energy > 40)
				in |= DASH;
			break;
		}
	}
	if (px(r->y) > SEA - 44)
		goal_y = -60;
	if (goal_x > 10)
		in |= RIGHT;
	if (goal_x < -10)
		in |= LEFT;
	if (goal_y > 8)
		in |= DOWN;
	if (goal_y < -8)
		in |= UP;
	if (ay < 28 && r->energy > 24)
		in |= FIRE;
	if (ax < 90 && ay < 30 && r->energy > 50 && (rnd() & 31) < skill)
		in = (in & ~(LEFT | RIGHT | FIRE)) | DASH | (dx < 0 ? LEFT : RIGHT);
	if (r->nova && ax < 80 && ay < 80 && (rnd() & 31) < skill)
		in |= NOVA;
	r->want = in;
	r->fresh = in & ~r->input;
	r->input = in;
}
