// SPDX-License-Identifier: BSD-2-Clause
/* Pieces that wait for what comes before them are held within the memory that is stated. */
#include "analyze/objects.h"
#include "tap.h"

#define FILES 450 /* of one-byte pieces more than all may have, less than there may be objects */

static struct objects objects;
static unsigned torn, whole;

static void made(void *arg, struct object *object)
{
	(void)arg;
	torn += object->state == OBJECT_TORN;
	whole += object->state == OBJECT_WHOLE && object->bytes == OBJECT_PIECES + 1;
}

static struct object *begin(uint64_t number)
{
	const struct object_key key = { .conversation = number };
	const struct object_origin origin = { .protocol = "smb" };

	return objects_begin(&objects, &key, &origin);
}

/* From the end to the beginning, so that each finds its place at once; not the first byte. */
static unsigned fill(struct object *object)
{
	const struct item_place place = { .frame = 1 };

	for (uint64_t at = OBJECT_PIECES; at; at--)
		objects_add_at(&objects, object, &place, at, (const uint8_t *)"x", 1);
	return object->piece_count;
}

static void end(uint64_t number)
{
	const struct object_key key = { .conversation = number };

	objects_end(&objects, &key, OBJECT_WHOLE);
}

int main(void)
{
	const struct objects_options options = { .max_bytes = UINT64_MAX, .made = made };
	const struct item_place place = { .frame = 2 };
	struct object *object;
	uint64_t held = 0;

	ok(!objects_init(&objects, &options), "objects are made");
	object = begin(0);
	ok(fill(object) == OBJECT_PIECES && objects.piece_bytes > OBJECT_PIECES * 25,
	   "a piece costs its head, too");
	objects_add_at(&objects, object, &place, 0, (const uint8_t *)"x", 1);
	end(0);
	ok(whole == 1 && !objects.piece_bytes, "what came before them ends their waiting");
	for (unsigned i = 0; i < FILES; i++)
		held += fill(begin(i));
	ok(held * sizeof(struct object_piece) < OBJECTS_PIECES_MAX &&
		   objects.piece_bytes <= OBJECTS_PIECES_MAX,
	   "all of them, with their heads, keep within the bound");
	ok(OBJECTS_PIECES_MAX - objects.piece_bytes < 64, "which they reach");
	for (unsigned i = 0; i < FILES; i++)
		end(i);
	ok(torn == FILES && !objects.piece_bytes, "without their beginnings they are torn");
	objects_fini(&objects);
	return done();
}
