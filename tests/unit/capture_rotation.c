// SPDX-License-Identifier: BSD-2-Clause
/* Names and turns of capture files, as tcpdump has them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "capture/rotation.h"
#include "tap.h"

#define MB 1000000ull
#define START 1700000000 /* 2023-11-14 22:13:20 UTC */

static bool named(const struct rotation *rotation, const char *expected)
{
	char name[ROTATION_NAME];

	return !rotation_name(rotation, name) && !strcmp(name, expected);
}

static void test_size(void)
{
	struct rotation r = { .file = "f%Y", .megabytes = 1, .since_s = START };
	struct rotation ring = { .file = "f", .megabytes = 2, .files = 3 };
	struct rotation eleven = { .file = "f", .megabytes = 1, .files = 11 };
	struct rotation ten = { .file = "f", .megabytes = 1, .files = 10 };
	struct rotation one = { .file = "f", .megabytes = 1, .files = 1 };

	ok(named(&r, "f%Y"), "the first file has no number, and without -G no time");
	ok(rotation_step(&r, START + 9999, MB) == ROTATION_STAY,
	   "a million bytes are not too many");
	ok(rotation_step(&r, START, MB + 1) == ROTATION_NEXT && named(&r, "f%Y1"),
	   "one more is: the next file is number 1");
	for (int i = 0; i < 11; i++)
		rotation_step(&r, START, MB + 1);
	ok(named(&r, "f%Y12"), "without -W numbers go on and grow");
	ok(named(&ring, "f0") && rotation_step(&ring, 0, 2 * MB + 1) == ROTATION_NEXT &&
		   named(&ring, "f1") && rotation_step(&ring, 0, 2 * MB + 1) == ROTATION_NEXT &&
		   named(&ring, "f2") && rotation_step(&ring, 0, 2 * MB + 1) == ROTATION_NEXT &&
		   named(&ring, "f0"),
	   "-W 3 is a ring of f0, f1, f2");
	ok(named(&eleven, "f00") && named(&ten, "f0"), "numbers are as wide as the last one's");
	ok(named(&one, "f") && rotation_step(&one, 0, MB + 1) == ROTATION_NEXT && named(&one, "f"),
	   "a ring of one file has no number and begins again");
}

static void test_time(void)
{
	struct rotation r = { .file = "f_%H%M%S", .seconds = 10, .since_s = START };
	struct rotation two = { .file = "f", .seconds = 10, .files = 2, .since_s = START };

	ok(named(&r, "f_221320"), "with -G the name is a time");
	ok(rotation_step(&r, START + 9, 9999 * MB) == ROTATION_STAY, "a period lasts to its end");
	ok(rotation_step(&r, START + 13, 24) == ROTATION_NEXT && named(&r, "f_221333"),
	   "the next begins with the first packet behind it, and is named by that");
	ok(rotation_step(&r, START + 22, 24) == ROTATION_STAY &&
		   rotation_step(&r, START + 23, 24) == ROTATION_NEXT,
	   "and lasts from there");
	ok(rotation_step(&r, START - 500, 24) == ROTATION_STAY, "a clock set back ends nothing");
	ok(rotation_step(&two, START + 10, 24) == ROTATION_NEXT &&
		   rotation_step(&two, START + 20, 24) == ROTATION_END,
	   "-G with -W ends when so many periods are over");
}

static void test_both(void)
{
	struct rotation r = {
		.file = "f_%S_", .megabytes = 1, .seconds = 10, .files = 3, .since_s = START
	};
	bool goes_on = true;

	ok(named(&r, "f_20_0") && rotation_step(&r, START + 1, MB + 1) == ROTATION_NEXT &&
		   named(&r, "f_20_1"),
	   "-C with -G: time, then number");
	ok(rotation_step(&r, START + 10, MB + 1) == ROTATION_NEXT && named(&r, "f_30_0"),
	   "a new period begins at number 0, also when the file is full as well");
	for (int i = 2; i < 20; i++)
		goes_on &= rotation_step(&r, START + 10 * i, 24) == ROTATION_NEXT;
	ok(goes_on, "and -W ends nothing");
	for (int i = 0; i < 3; i++)
		rotation_step(&r, r.since_s, MB + 1);
	ok(named(&r, "f_30_0"), "within a period -W is a ring");
}

static void test_long(void)
{
	char file[ROTATION_NAME + 10], name[ROTATION_NAME] = "untouched";
	struct rotation r = { .file = file, .megabytes = 1 };

	memset(file, 'x', sizeof(file));
	file[ROTATION_NAME] = '\0';
	ok(rotation_name(&r, name) == -ENAMETOOLONG, "a name that is too long is refused");
	file[ROTATION_NAME - 1] = '\0';
	r.number = 1;
	ok(rotation_name(&r, name) == -ENAMETOOLONG, "also when its number makes it so");
	strcpy(file + ROTATION_NAME - 4, "%c");
	r.seconds = 1;
	ok(rotation_name(&r, name) == -ENAMETOOLONG, "or its time");
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	test_size();
	test_time();
	test_both();
	test_long();
	return done();
}
