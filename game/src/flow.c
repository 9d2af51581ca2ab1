/* Coins, attract mode, matches, results, high scores. */
#include "game.h"

enum { SCORES = 6, OPPONENTS = 5 };

static struct high {
	u8 digits[8];
	char name[4];
} table[SCORES];

static u16 human[2];   /* a person plays this side */
static u16 reached;    /* opponents beaten by the one who is alone */
static u16 place;      /* stage of the next match */
static u16 to_win;

static const char *const places[3] = { "DAWN STRAIT", "CLOUD GARDENS", "HARBOUR LIGHTS" };
static const char *const names[OPPONENTS] = { "MOSS", "ORCHID", "AMBER", "PEARL", "ONYX" };
static const u8 songs[3] = { SONG_DAWN, SONG_CLOUDS, SONG_HARBOUR };

static u16 free_play(void)
{
	return dips[2] & 4;
}

static void show_credits(void)
{
	if (free_play()) {
		text(19, 27, "FREE PLAY ", SKY);
	} else {
		text(19, 27, "CREDIT", SKY);
		number(26, 27, status.credits, 2, SKY);
	}
}

static void digits(u16 col, u16 row, const u8 *d, u16 pal)
{
	u16 i, zero = 1;

	for (i = 0; i < 8; i++) {
		if (d[i])
			zero = 0;
		tile(col + i, row, zero && i < 7 ? 0 : 16 + d[i], pal);
	}
}

static s16 compare(const u8 *a, const u8 *b)
{
	u16 i;

	for (i = 0; i < 8; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}


/* The start buttons at the title: 1 plays alone, 2 takes two credits and plays
   against the other. */
static u16 enter(void)
{
	if (start & 2) {
		if (free_play())
			return 3;
		if (status.credits < 2)
			return 0;
		status.credits -= 2;
		return 3;
	}
	if (start & 1) {
		if (free_play())
			return 1;
		if (!status.credits)
			return 0;
		status.credits--;
		return 1;
	}
	return 0;
}

/* What the head of the picture shows; it is only drawn where that changes. */
static struct {
	s16 hp, energy;
	u16 pal, power, ammo, nova, wins;
	u8 digits[8];
} told[2];
static u16 told_seconds;

static void bar(u16 col, u16 row, u16 base, s16 value, u16 tiles, u16 mirror, u16 pal)
{
	u16 i;

	if (!mirror) {
		pal |= 0x20;
		col += tiles - 1;
	}
	for (i = 0; i < tiles; i++, value -= 8)
		tile(mirror ? col + i : col - i, row, base + (value < 0 ? 0 : value > 8 ? 8 : value), pal);
}

static void forget(void)
{
	told[0].hp = told[1].hp = told[0].energy = told[1].energy = -1;
	told[0].power = told[1].power = told[0].nova = told[1].nova = told_seconds = 0xffff;
	told[0].digits[0] = told[1].digits[0] = 0xff;
}

/* hud tells about one player in a frame, the other in the next. */
static void hud(u16 seconds)
{
	static const char *const powers[3] = { "      ", "SPREAD", "HOMING" };
	u16 i = now & 1, k;
	struct rider *r = &riders[i];
	u16 pal = r->shown < 40 ? (now & 8 ? ROSE : YELLOW) : WHITE;

	if (told[i].hp != r->shown || told[i].pal != pal) {
		told[i].hp = r->shown;
		told[i].pal = pal;
		bar(i ? 27 : 5, 1, TILE_BAR, r->shown, 16, i, pal);
	}
	if (told[i].energy != r->energy) {
		told[i].energy = r->energy;
		bar(i ? 27 : 9, 2, TILE_THIN, r->energy, 12, i, r->energy < 22 ? ROSE : SKY);
	}
	if (compare(told[i].digits, score[i])) {
		for (k = 0; k < 8; k++)
			told[i].digits[k] = score[i][k];
		digits(i ? 36 : 4, 0, score[i], i ? SKY : ROSE);
	}
	if (told[i].power != r->power || told[i].ammo != r->ammo) {
		told[i].power = r->power;
		told[i].ammo = r->ammo;
		text(i ? 41 : 1, 3, powers[r->power], LIME);
		if (r->power)
			number(i ? 38 : 8, 3, r->ammo, 2, LIME);
		else
			text(i ? 38 : 8, 3, "  ", LIME);
	}
	if (told[i].nova != r->nova || told[i].wins != status.wins[i]) {
		told[i].nova = r->nova;
		told[i].wins = status.wins[i];
		for (k = 0; k < to_win; k++)
			tile(i ? 46 - k : 1 + k, 2, TILE_LAMP + (k < status.wins[i]), YELLOW);
		for (k = 0; k < 3; k++)
			tile(i ? 42 - k : 5 + k, 2, k < r->nova ? '*' - 32 : 0, YELLOW);
	}
	pal = seconds <= 15 && now & 16 ? ROSE : WHITE;
	if (told_seconds != (seconds | pal << 8)) {
		told_seconds = seconds | pal << 8;
		for (k = 0; k < 2; k++) {
			u16 d = k ? seconds % 10 : seconds / 10, at = 22 + 2 * k;
			for (i = 0; i < 4; i++)
				tile(at + (i & 1), 1 + (i >> 1), TILE_DIGITS + d * 4 + i, pal);
		}
	}
}

static void labels(u16 opponent)
{
	text(1, 0, "1P", ROSE);
	if (human[1] || !human[0])
		text(45, 0, "2P", SKY);
	else
		text(47 - 6, 4, names[opponent], YELLOW);
	text(1, 1, "HP", WHITE);
	text(45, 1, "HP", WHITE);
}

enum { RAIN, MOTES, PETALS, SNOW, CONFETTI };

/* weather drifts many small objects across the picture. Where each of them is
   follows from its number and the time; places wrap as the board wraps them. */
static void weather(u16 kind, u16 n, u16 t)
{
	volatile u16 *p = next;
	u16 i, x = -cam_x, y = kind < CONFETTI ? -cam_y : 0, half = t >> 1, a = half;
	u16 left = OBJECTS - objects;

	if (n > left)
		n = left;
	objects += n;
	switch (kind) {
	case RAIN:
		x -= t * 5;
		y += t * 10;
		for (i = 0; i < n; i++, x += 149 - (t & 3), y += 83) {
			*p++ = x & 511;
			*p++ = y & 255;
			*p++ = spr_streak[0];
			*p++ = SIZE_STREAK | PAL_SPRAY;
		}
		break;
	case MOTES: /* they rise from the sea */
		for (i = 0; i < n; i++, x += 149, y += 83, a += 5) {
			*p++ = (x + (sines[a & 63] >> 3)) & 511;
			*p++ = (y - (i & 1 ? half : t)) & 255;
			*p++ = spr_mote[a >> 3 & 1];
			*p++ = SIZE_MOTE | PAL_FIRE;
		}
		break;
	case PETALS:
		for (i = 0; i < n; i++, x += 149, y += 83, a += 9) {
			*p++ = (x - t + (sines[a & 63] >> 2)) & 511;
			*p++ = (y + (i & 1 ? half : t)) & 255;
			*p++ = spr_petal[a >> 3 & 3];
			*p++ = SIZE_PETAL | PAL_RED;
		}
		break;
	case SNOW:
		for (i = 0; i < n; i++, x += 149, y += 83, a += 7) {
			*p++ = (x + (sines[a & 63] >> 2)) & 511;
			*p++ = (y + (i & 1 ? half : t)) & 255;
			*p++ = spr_mote[i & 1];
			*p++ = SIZE_MOTE | PAL_SHIELD;
		}
		break;
	default: {
		static const u8 pals[4] = { PAL_GOLD, PAL_RED, PAL_BLUE, PAL_GREEN };
		for (i = 0; i < n; i++, x += 149, y += 83, a += 5) {
			*p++ = (x + (sines[a & 63] >> 2)) & 511;
			*p++ = (y + (i & 1 ? t : t + half)) & 255;
			*p++ = spr_petal[a >> 2 & 3];
			*p++ = SIZE_PETAL | pals[i >> 3 & 3];
		}
	}
	}
	next = p;
}

static void feed(void)
{
	u16 i;

	for (i = 0; i < 2; i++) {
		struct rider *r = &riders[i];
		if (r->cpu) {
			brain(r, &riders[i ^ 1]);
		} else {
			r->input = pad[i];
			r->fresh = hit[i];
		}
	}
}

static void step(u16 fighting, u16 storm, u16 seconds)
{
	if (fighting)
		feed();
	duel_step(fighting, storm);
	scroll(cam_x, cam_y, storm ? 3 : 0);
	hud(seconds);
}

/* draw shows the duel, and behind it what the weather of the place is. */
static void draw(u16 storm)
{
	duel_draw();
	weather(storm ? RAIN : MOTES + place, storm ? 90 : 48, now);
}

static void set_sides(u16 skill, u16 opponent)
{
	riders[0].pal = PAL_P1;
	riders[1].pal = human[1] ? PAL_P2 : human[0] ? PAL_CPU1 + opponent : PAL_P2;
	riders[0].cpu = human[0] ? 0 : skill;
	riders[1].cpu = human[1] ? 0 : skill;
	if (human[1] && !human[0])
		riders[0].pal = PAL_CPU1 + opponent;
}

/* joined says that somebody without a part has bought one. */
static u16 joined(void)
{
	u16 who;

	for (who = 0; who < 2; who++)
		if (!human[who] && start & (1 << who) && (free_play() || status.credits)) {
			if (!free_play())
				status.credits--;
			return 1 + who;
		}
	return 0;
}

enum { CHALLENGED = -1, DEMO_OVER = -2, NOBODY = 2 };

/* round plays one, and returns who won it, NOBODY, or why it ended. A demo lasts
   some seconds, or until a coin drops. */
static s16 round(u16 number_of, u16 opponent, u16 demo)
{
	static char title[] = "ROUND 1";
	u16 i, ticks = 60 * 60 - 1, seconds = 60, storm = 0;
	s16 winner;

	new_round();
	clear_text();
	forget();
	labels(opponent);
	title[6] = '0' + number_of;
	step(0, 0, 60);
	frame();
	step(0, 0, 60);
	draw(storm);
	fade_in();
	if (demo) {
		text(20, 6, "DEMO", YELLOW);
	} else {
		sound(OKI_ROUND);
		for (i = 0; i < 80; i++) {
			s16 away = i < 16 ? (16 - i) * 12 : i > 64 ? (i - 64) * 12 : 0;
			step(0, 0, 60);
			banner(80, title, PAL_GOLD, away);
			draw(storm);
			frame();
		}
		sound(OKI_GO);
	}
	for (i = 0;; ticks--) {
		storm = seconds <= 15;
		seconds = (ticks * 17u) >> 10; /* about 1/60 */
		step(1, storm, seconds);
		if (!demo && i < 50) {
			i++;
			if (i & 2 || i < 30)
				banner(80, "FLY!", PAL_RED, (s16)(i >> 1));
		}
		if (storm && seconds >= 13 && ticks & 8)
			banner(60, "STORM!", PAL_BLUE, 4);
		draw(storm);
		if (demo) {
			if (!(now & 31))
				text(18, 24, now & 32 ? "INSERT COIN" : "           ", YELLOW);
			if (status.credits || (free_play() && start & 3) || --demo == 0)
				return DEMO_OVER;
		} else if (joined()) {
			return CHALLENGED;
		}
		frame();
		if (!riders[0].hp || !riders[1].hp || !ticks)
			break;
	}
	winner = riders[0].hp == riders[1].hp ? NOBODY : riders[0].hp > riders[1].hp ? 0 : 1;
	/* What happened is seen to its end. */
	for (i = 0; i < 150; i++) {
		step(0, 0, seconds);
		if (i == 20)
			sound(winner == NOBODY ? OKI_DRAW : OKI_DOWN);
		if (i > 20) {
			s16 spread = i < 36 ? (36 - (s16)i) * 8 : 0;
			if (winner == NOBODY)
				banner(80, "DRAW", PAL_GREEN, spread);
			else if (!ticks)
				banner(80, "TIME UP", PAL_GOLD, spread);
			else
				banner(80, riders[winner].hp == HP_FULL ? "FLAWLESS!" : "SPLASHDOWN", PAL_GOLD, spread - 2);
		}
		if (winner != NOBODY && i > 60 && i < 60 + (u16)riders[winner].hp / 2)
			add_score(winner, 10);
		draw(storm);
		frame();
	}
	if (winner != NOBODY) {
		add_score(winner, riders[winner].hp == HP_FULL ? 1000 : 300);
		status.wins[winner]++;
	}
	return winner;
}

static void portrait(s16 x, s16 y, u16 pal, u16 flip)
{
	put(x, y, spr_portrait[0], SIZE_PORTRAIT | pal | (flip ? 0x20 : 0));
}

static void versus(u16 opponent)
{
	u16 i;
	s16 in;

	status.state = STATE_VERSUS;
	sound(SONG_VERSUS);
	dim = 5;
	scene(place);
	center(3, places[place], YELLOW);
	text(9, 21, human[0] ? "PLAYER 1" : names[opponent], WHITE);
	text(32, 21, human[1] ? "PLAYER 2" : names[opponent], WHITE);
	frame();
	for (i = 0; i < 150; i++) {
		in = i < 20 ? (20 - (s16)i) * 12 : 0;
		scroll(60 + i, 24, 1);
		put(176, 90, spr_letter['V' - 'A'], SIZE_LETTER | PAL_GOLD);
		put(196, 96, spr_letter['S' - 'A'], SIZE_LETTER | PAL_GOLD);
		portrait(24 - in, 64 + (sine(i) >> 5), riders[0].pal, 0);
		portrait(232 + in, 64 + (sine(i + 32) >> 5), riders[1].pal, 1);
		if (i == 24)
			shake = 8;
		if (i >= 24 && i < 30)
			put(176, 88, spr_inferno[i - 24], SIZE_INFERNO | PAL_FIRE);
		if (i == 0)
			fade_in();
		frame();
	}
	fade_out();
}

/* match plays rounds until one has won enough. */
static s16 match(u16 opponent)
{
	u16 n, skill = 3 + reached * 2 + (dips[1] & 7);
	s16 won = NOBODY;
	static const u8 rounds[4] = { 2, 3, 4, 1 };

	to_win = rounds[dips[2] & 3];
	if (skill > 14)
		skill = 14;
	set_sides(skill, opponent);
	status.wins[0] = status.wins[1] = 0;
	versus(opponent);
	sound(songs[place]);
	scene(place);
	status.state = STATE_FIGHT;
	for (n = 1; n < 10; n++) {
		won = round(n, opponent, 0);
		if (won == CHALLENGED)
			return CHALLENGED;
		fade_out();
		if (status.wins[0] >= to_win || status.wins[1] >= to_win)
			break;
	}
	return status.wins[0] > status.wins[1] ? 0 : 1;
}

static void firework(u16 i)
{
	if (!(i & 31))
		burst((s16)(32 * (60 + rnd() % 260)), (s16)(32 * (30 + (rnd() & 63))), 14, 1, i & 32 ? PAL_GOLD : i & 64 ? PAL_RED : PAL_BLUE);
}

/* result shows the winner; true if the loser, a person, pays to go on. */
static u16 result(u16 won)
{
	u16 i, lost = won ^ 1, again = 0, count = 9, more;

	status.state = STATE_RESULT;
	sound(SONG_WIN);
	new_round();
	riders[0].hp = riders[1].hp = 0;
	riders[0].y = riders[1].y = 32 * 260;
	cam_x = cam_y = 0;
	dim = 5;
	scene(place);
	if (human[won])
		center(4, won ? "PLAYER 2 WINS THE DUEL" : "PLAYER 1 WINS THE DUEL", won ? SKY : ROSE);
	else
		center(4, "THE SEA TAKES ANOTHER", WHITE);
	text(15, 22, "SCORE 1P", ROSE);
	digits(25, 22, score[0], WHITE);
	if (human[1]) {
		text(15, 23, "SCORE 2P", SKY);
		digits(25, 23, score[1], WHITE);
	}
	more = human[lost] && dips[2] & 0x40;
	frame();
	for (i = 0; i < (more ? 640 : 260); i++) {
		cam_x = i >> 1;
		if (human[won])
			firework(i);
		duel_step(0, 0);
		cam_x = cam_y = 0;
		scroll(i, 24, 0);
		banner(44, human[won] ? "WINNER" : "DEFEAT", human[won] ? PAL_GOLD : PAL_BLUE, sine(i) >> 4);
		portrait(128, 84 + (sine(i) >> 4), riders[won].pal, won);
		if (human[won])
			weather(CONFETTI, 180, i);
		for (again = 0; again < 5; again++)
			put(118 + (sine(i * 2 + again * 13) >> 3) - (s16)(again * 12), 132 + (sine(i) >> 4) + (sine(i * 3 + again * 21) >> 4), spr_flame[(i + again) & 3], SIZE_FLAME | PAL_FIRE);
		again = 0;
		duel_draw();
		if (more && i >= 60) {
			status.state = STATE_CONTINUE;
			count = 9 - (i - 60) / 60;
			if (count > 9)
				count = 0;
			text(14, 25, lost ? "PLAYER 2 CONTINUE?" : "PLAYER 1 CONTINUE?", YELLOW);
			number(34, 25, count, 1, ROSE);
			show_credits();
			if (start & (1 << lost) && (free_play() || status.credits)) {
				if (!free_play())
					status.credits--;
				sound(SFX_SELECT);
				again = 1;
				break;
			}
			/* A button hurries the count. */
			if (hit[lost] & (FIRE | DASH | NOVA) && i < 580)
				i += 60;
		} else if (!more && i > 90 && (hit[won] | hit[lost]) & (FIRE | DASH | NOVA)) {
			break;
		}
		if (i == 0)
			fade_in();
		frame();
	}
	fade_out();
	return again;
}

/* enter_name asks for three letters if a score is among the best. */
static void enter_name(u16 who)
{
	u16 at, k, n = 0, i, letter = 0, left = 20 * 60;

	for (at = 0; at < SCORES; at++)
		if (compare(score[who], table[at].digits) > 0)
			break;
	if (at == SCORES)
		return;
	for (i = SCORES - 1; i > at; i--)
		table[i] = table[i - 1];
	for (i = 0; i < 8; i++)
		table[at].digits[i] = score[who][i];
	for (i = 0; i < 3; i++)
		table[at].name[i] = ' ';
	status.state = STATE_NAME;
	sound(SONG_NAME);
	dim = 6;
	scene(2);
	center(8, who ? "PLAYER 2, A SCORE TO REMEMBER" : "PLAYER 1, A SCORE TO REMEMBER", YELLOW);
	center(22, "STICK CHOOSES, BUTTON 1 SETS", WHITE);
	text(18, 13, "PLACE", WHITE);
	frame();
	while (n < 3 && left) {
		scroll(left, 48, 0);
		if (hit[who] & RIGHT || (pad[who] & RIGHT && !(now & 7)))
			letter = letter == 26 ? 0 : letter + 1, sound(SFX_CURSOR);
		if (hit[who] & LEFT || (pad[who] & LEFT && !(now & 7)))
			letter = letter == 0 ? 26 : letter - 1, sound(SFX_CURSOR);
		table[at].name[n] = letter == 26 ? '-' : 'A' + letter;
		if (hit[who] & (FIRE | DASH | NOVA)) {
			n++;
			sound(SFX_SELECT);
		} else {
			left--;
		}
		for (k = 0; k < 3; k++) {
			char s[2] = { table[at].name[k], 0 };
			if (k < n || (k == n && now & 8))
				letters(150 + (s16)k * 30, 128, s, k < n ? PAL_GOLD : PAL_RED, 0);
		}
		tile(24, 13, at + 17, YELLOW);
		digits(20, 11, score[who], WHITE);
		if (left == 20 * 60 - 1)
			fade_in();
		frame();
	}
	for (i = 0; i < 3; i++)
		if (table[at].name[i] == ' ')
			table[at].name[i] = '-';
	pause(20);
	fade_out();
}

static void game_over(void)
{
	u16 i;

	status.state = STATE_OVER;
	sound(SONG_OVER);
	scene(0);
	for (i = 0; i < 200; i++) {
		scroll(i >> 1, 48, 0);
		banner(70, "GAME OVER", PAL_RED, 0);
		if (i == 0)
			fade_in();
		frame();
	}
	fade_out();
}

static void ending(u16 who)
{
	static const char *const lines[] = { "FIVE RIDERS CAME AND FIVE WERE BEATEN.", "THE WIND KNOWS YOUR NAME NOW.", "",
		                             "THANK YOU FOR PLAYING", "GALE RIDERS" };
	u16 i, k;

	status.state = STATE_ENDING;
	sound(SONG_WIN);
	new_round();
	riders[0].hp = riders[1].hp = 0;
	riders[0].y = riders[1].y = 32 * 260;
	scene(0);
	for (i = 0; i < 720; i++) {
		firework(i & 15 ? i : i * 2);
		duel_step(0, 0);
		cam_x = cam_y = 0;
		scroll(i, 10, 0);
		portrait(128, 60 + (sine(i) >> 4), riders[who].pal, 0);
		duel_draw();
		weather(CONFETTI, 180, i);
		for (k = 0; k < 5; k++)
			if (i == 60 + k * 70)
				center(17 + k * 2, lines[k], k < 3 ? WHITE : YELLOW);
		if (i == 0)
			fade_in();
		frame();
	}
	fade_out();
}

/* play is a game from the first credit to the last. */
static void play(u16 who)
{
	u16 i, p, lost;
	s16 won;

	for (p = 0; p < 2; p++) {
		human[p] = who >> p & 1;
		for (i = 0; i < 8; i++)
			score[p][i] = 0;
	}
	demo_sound = 1;
	reached = 0;
	place = 0;
	sound(SFX_SELECT);
	fade_out();
	while (human[0] || human[1]) {
		won = match(reached < OPPONENTS ? reached : OPPONENTS - 1);
		if (won == CHALLENGED) {
			p = human[0] ? 1 : 0;
			human[p] = 1;
			for (i = 0; i < 8; i++)
				score[p][i] = 0;
			sound(SOUND_STOP);
			sound(OKI_THUNDER);
			for (i = 0; i < 100; i++) {
				step(0, 0, 60);
				banner(70, "A NEW", PAL_RED, sine(i) >> 4);
				banner(104, "CHALLENGER", PAL_RED, -2);
				duel_draw();
				frame();
			}
			fade_out();
			continue;
		}
		lost = won ^ 1;
		p = result(won);
		place = place == 2 ? 0 : place + 1;
		if (human[lost] && !p) {
			human[lost] = 0;
			enter_name(lost);
		}
		if (human[won] && !human[lost] && !(who == 3 && p)) {
			/* Alone: the next opponent, except after a duel of two. */
			if (riders[lost].cpu && ++reached == OPPONENTS) {
				ending(won);
				human[won] = 0;
				enter_name(won);
			}
		}
	}
	game_over();
}

/* Attract mode: each part ends early when somebody can start. */
static u16 wants(void)
{
	return free_play() ? start & 3 : status.credits;
}

static u16 title(void)
{
	u16 i, who;

	status.state = STATE_TITLE;
	sound(SONG_TITLE);
	scene(3);
	for (i = 0; i < 900 || status.credits; i++) {
		s16 away = i < 64 ? (64 - (s16)i) * 2 : 0;
		scroll(0, 0, 2);
		wave(26, 166, away + 1);
		if (i == 64)
			lightning(), shake = 10, sound(OKI_THUNDER);
		if (i > 64 && (i & 255) == 200)
			lightning();
		/* Two riders pass. */
		if (i > 80) {
			s16 x = (s16)((i * 3) % 640) - 100, y = 150 + (sine(i) >> 3);
			put(x, y, spr_rider[2 + (sine(i + 16) < -20) - (sine(i + 16) > 20)], SIZE_RIDER | PAL_P1);
			put(x - 22, y + 18, spr_flame[i >> 1 & 3], SIZE_FLAME | PAL_FIRE);
			x = 460 - (s16)((i * 4) % 720);
			put(x, y - 20, spr_rider[2], SIZE_RIDER | PAL_P2 | 0x20);
			put(x + 54, y - 2, spr_flame[i >> 1 & 3], SIZE_FLAME | PAL_FIRE | 0x20);
		}
		if (!(i & 15)) {
			u16 on = i & 16;
			if (!status.credits && !free_play())
				center(23, on ? "INSERT COIN" : "           ", YELLOW);
			else if (status.credits == 1 && !free_play())
				center(23, on ? "PRESS 1 PLAYER START" : "                    ", YELLOW);
			else
				center(23, on ? "PRESS 1 OR 2 PLAYERS START" : "                          ", YELLOW);
			center(25, "2026 THE ARCADE PROJECT", GREY);
			show_credits();
		}
		if (i == 0)
			fade_in();
		if ((who = enter()))
			return who;
		if (start & 0x80)
			return 0x80;
		frame();
	}
	fade_out();
	return 0;
}

static u16 help(void)
{
	static const char *const what[5] = { "SPREAD  THREE BOLTS AT ONCE", "HOMING  MISSILES THAT TURN", "REPAIR  MENDS YOUR BOARD",
		                             "BARRIER TAKES HITS FOR YOU", "NOVA    ONE MORE NOVA" };
	static const u16 prize_text[5] = { YELLOW, ROSE, LIME, SKY, ROSE };
	u16 i, k;

	status.state = STATE_HELP;
	dim = 9;
	scene(1);
	center(2, "HOW TO RIDE", YELLOW);
	text(10, 5, "STICK     FLY", WHITE);
	text(10, 7, "BUTTON 1  BOLTS - AIM UP OR DOWN", WHITE);
	text(10, 9, "BUTTON 2  DASH - RAM, BREAK SHOTS", WHITE);
	text(10, 11, "BUTTON 3  NOVA - A STAR IS A CHARGE", WHITE);
	for (k = 0; k < 5; k++)
		text(14, 14 + k * 2, what[k], prize_text[k]);
	center(25, "MIND THE SEA, THE MINES AND THE STORM", WHITE);
	frame();
	for (i = 0; i < 480; i++) {
		scroll(i, 20, 0);
		for (k = 0; k < 5; k++)
			put(88, 108 + (s16)k * 16, spr_orb[k], SIZE_ORB | PAL_ORBS);
		put(20, 36, spr_rider[2 + (sine(i) >> 5)], SIZE_RIDER | PAL_P1);
		put(12 + (s16)((i * 6) % 300), 62, spr_bolt[i >> 1 & 1], SIZE_BOLT | PAL_BOLT1);
		put(28, 76, spr_rider[2], SIZE_RIDER | PAL_P1);
		put(20, 76, spr_rider[2], SIZE_RIDER | PAL_BOLT1);
		put(14, 76, spr_ring[i / 6 % 6], SIZE_RING | PAL_SHIELD);
		put(28 + (sine(i) >> 3), 128, spr_balloon[(i >> 4) % 3], SIZE_BALLOON | PAL_BALLOON);
		put(332, 112 + (sine(i) >> 2), spr_drone[i >> 2 & 3], SIZE_DRONE | PAL_DRONE | 0x20);
		put(332, 158, spr_mine[i >> 3 & 3], SIZE_MINE | PAL_MINE);
		if (i == 0)
			fade_in();
		if (wants())
			break;
		frame();
	}
	fade_out();
	return wants();
}

static u16 demo(void)
{
	static u16 turn;
	u16 i;

	status.state = STATE_DEMO;
	human[0] = human[1] = 0;
	demo_sound = (dips[2] & 0x20) != 0;
	to_win = 2;
	status.wins[0] = status.wins[1] = 0;
	for (i = 0; i < 8; i++)
		score[0][i] = score[1][i] = 0;
	place = turn;
	turn = turn == 2 ? 0 : turn + 1;
	sound(songs[place]);
	set_sides(12, place);
	scene(place);
	round(1, place, 1500);
	fade_out();
	sound(SOUND_STOP);
	return wants();
}

static u16 scores(void)
{
	u16 i, k;
	static const u8 pals[SCORES] = { YELLOW, WHITE, WHITE, SKY, SKY, GREY };

	status.state = STATE_SCORES;
	dim = 5;
	scene(2);
	for (i = 0; i < 420; i++) {
		scroll(i, 24, 0);
		banner(18, "TOP RIDERS", PAL_GOLD, -2);
		for (k = 0; k < SCORES; k++) {
			if (i == 20 + k * 16) {
				tile(13, 9 + k * 2, 17 + k, pals[k]);
				text(17, 9 + k * 2, table[k].name, pals[k]);
				digits(25, 9 + k * 2, table[k].digits, pals[k]);
			}
		}
		put(60, 64, spr_star[0], SIZE_STAR | PAL_GOLD);
		if (i == 0)
			fade_in();
		if (wants())
			break;
		frame();
	}
	fade_out();
	return wants();
}

/* The test switch: what the board reads, and sounds to listen to. */
static void test_mode(void)
{
	static const char *const rows[2] = { "PLAYER 1", "PLAYER 2" };
	u16 i, k, song = 1;

	status.state = STATE_TEST;
	demo_sound = 1;
	sound(SOUND_STOP);
	dim = 9;
	scene(2);
	center(3, "TEST", YELLOW);
	text(8, 5, "           RLDU123", GREY);
	text(8, 19, "FRAMES TOO LONG", WHITE);
	text(8, 21, "MOST OBJECTS", WHITE);
	text(8, 24, "SOUND       1P LEFT RIGHT, BUTTON 1", WHITE);
	fade_in();
	while (start & 0x80) {
		for (i = 0; i < 2; i++) {
			text(8, 7 + 2 * i, rows[i], WHITE);
			for (k = 0; k < 7; k++)
				tile(19 + k, 7 + 2 * i, 16 + (pad[i] >> k & 1), SKY);
		}
		for (i = 0; i < 3; i++) {
			text(8, 12 + 2 * i, "SWITCHES", WHITE);
			tile(17, 12 + 2 * i, 33 + i, WHITE);
			for (k = 0; k < 8; k++)
				tile(19 + k, 12 + 2 * i, 16 + (dips[i] >> k & 1), LIME);
		}
		number(25, 19, status.overruns, 5, YELLOW);
		number(25, 21, status.most, 5, YELLOW);
		if (hit[0] & RIGHT)
			song = song == SOUND_LAST ? 1 : song + 1;
		if (hit[0] & LEFT)
			song = song == 1 ? SOUND_LAST : song - 1;
		if (hit[0] & FIRE)
			sound(song);
		number(15, 24, song, 3, YELLOW);
		scroll(now, 24, 0);
		frame();
	}
	sound(SOUND_STOP);
	fade_out();
}

void game(void)
{
	u16 i, who;
	static const char first[SCORES][4] = { "GAL", "WND", "SEA", "SKY", "ARC", "ADE" };

	for (i = 0; i < SCORES; i++) {
		for (who = 0; who < 4; who++)
			table[i].name[who] = first[i][who];
		table[i].digits[2] = i == 0;
		table[i].digits[3] = i == 0 ? 0 : 10 - i * 2 + (i & 1);
		if (table[i].digits[3] > 9)
			table[i].digits[3] = 9;
	}
	for (;;) {
		demo_sound = (dips[2] & 0x20) != 0;
		who = title();
		while (!who || who == 0x80) {
			if (who == 0x80)
				test_mode();
			else if (!help() && !demo())
				scores();
			demo_sound = (dips[2] & 0x20) != 0;
			who = title();
		}
		play(who);
	}
}
