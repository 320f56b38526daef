// SPDX-License-Identifier: BSD-2-Clause
/* Bytes that wait: how far they grow, what is refused, and that refusing changes nothing. */
#include <string.h>
#include "dissect/waiting.h"
#include "tap.h"

static uint8_t bytes[WAITING_MAX + 1];

static bool add(struct waiting_room *room, struct waiting *waiting, uint32_t length)
{
	return waiting_add(room, waiting, bytes, length);
}

static void test_growth(void)
{
	struct waiting_room room = { .limit = UINT32_MAX };
	struct waiting waiting = { 0 };

	ok(add(&room, &waiting, 1) && waiting.room == 2048 && room.used == 2048,
	   "the first byte takes 2 KiB");
	ok(add(&room, &waiting, 2047) && waiting.room == 2048 && waiting.length == 2048,
	   "which can be filled");
	ok(add(&room, &waiting, 1) && waiting.room == 4096 && room.used == 4096 &&
		   waiting.length == 2049,
	   "one byte more takes twice as much");
	ok(add(&room, &waiting, 20000) && waiting.room == 32768 && room.used == 32768,
	   "and many as much as they need");
	waiting_drop(&room, &waiting);
	ok(room.used == 0 && !waiting.bytes && !waiting.length && !waiting.room,
	   "what is dropped gives it back");
}

static void test_order(void)
{
	struct waiting_room room = { .limit = UINT32_MAX };
	struct waiting waiting = { 0 };

	waiting_add(&room, &waiting, (const uint8_t *)"abc", 3);
	waiting_add(&room, &waiting, (const uint8_t *)"defg", 4);
	waiting_take(&room, &waiting, 2);
	ok(waiting.length == 5 && !memcmp(waiting.bytes, "cdefg", 5) && room.used == 2048,
	   "what is taken goes from the beginning");
	waiting_take(&room, &waiting, 0);
	ok(waiting.length == 5, "nothing taken, nothing gone");
	waiting_take(&room, &waiting, 5);
	ok(waiting.length == 0 && !waiting.bytes && room.used == 0, "all taken, the room is free");
}

static void test_overlong(void)
{
	struct waiting_room room = { .limit = UINT32_MAX };
	struct waiting waiting = { 0 };

	ok(add(&room, &waiting, WAITING_MAX) && waiting.length == 262144,
	   "256 KiB of a side may wait");
	ok(!add(&room, &waiting, 1) && waiting.length == 262144 && room.overlong == 1 &&
		   room.used == 262144,
	   "a byte more may not, and nothing changes");
	waiting_drop(&room, &waiting);
	ok(!add(&room, &waiting, WAITING_MAX + 1) && room.overlong == 2 && room.used == 0,
	   "nor may more at once");
	ok(!waiting_add(&room, &waiting, bytes, UINT32_MAX) && room.overlong == 3, "however much");
	ok(room.no_memory == 0, "which is not told as a lack of room");
}

static void test_limit(void)
{
	struct waiting_room room = { .limit = 4096 };
	struct waiting one = { 0 }, two = { 0 }, three = { 0 };

	ok(add(&room, &one, 10) && add(&room, &two, 10) && room.used == 4096,
	   "the room of all may be filled");
	ok(!add(&room, &three, 1) && room.no_memory == 1 && !three.bytes && room.used == 4096,
	   "one more finds none");
	ok(!add(&room, &one, 2048) && room.no_memory == 2 && one.length == 10 && room.used == 4096,
	   "nor does who would need more");
	ok(add(&room, &one, 2038) && one.length == 2048, "who has room goes on");
	waiting_drop(&room, &two);
	ok(add(&room, &three, 1) && room.used == 4096 && room.overlong == 0,
	   "what is dropped is free");
	waiting_drop(&room, &one);
	waiting_drop(&room, &three);
	ok(room.used == 0, "at the end all is");
}

int main(void)
{
	test_growth();
	test_order();
	test_overlong();
	test_limit();
	return done();
}
