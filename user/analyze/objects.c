// SPDX-License-Identifier: BSD-2-Clause
/* Objects are put together: bytes through decoder, hash and file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/objects.h"

#define PIECE_ALLOCATED 16 /* what malloc adds to a piece, about */

struct slot {
	struct object *object;
};

static size_t cost_of(uint32_t length)
{
	return sizeof(struct object_piece) + PIECE_ALLOCATED + length;
}

/* The one that comes first; the caller frees it. */
static struct object_piece *take_piece(struct objects *objects, struct object *object)
{
	struct object_piece *piece = object->pieces;

	object->pieces = piece->next;
	object->piece_count--;
	object->piece_bytes -= piece->length;
	objects->piece_bytes -= cost_of(piece->length);
	return piece;
}

static void free_object(struct objects *objects, struct object *object)
{
	while (object->pieces)
		free(take_piece(objects, object));
	content_decoder_close(object->decoder);
	free(object);
}

static void tell(struct objects *objects, struct object *object, enum object_state state)
{
	int err;

	if (state == OBJECT_WHOLE && object->decoder && !content_decoder_is_done(object->decoder))
		state = OBJECT_UNDECODED;
	if (object->pieces)
		state = OBJECT_TORN;
	else if (state == OBJECT_WHOLE && object->origin.resumed)
		state = OBJECT_PART;
	object_stop(object, state);
	objects->gave_way += object->state == OBJECT_GAVE_WAY;
	if (objects->options.store) {
		bool keep = object->state != OBJECT_LARGE && !object->file_error;

		err = object_store_finish(objects->options.store, &object->file, keep);
		if (err && !object->file_error)
			object->file_error = err;
	}
	objects->options.made(objects->options.arg, object);
	free_object(objects, object);
}

static uint64_t slot_worth(const void *value)
{
	return ((const struct slot *)value)->object->time_ns;
}

static void evicted(void *arg, const void *key, void *value)
{
	(void)key;
	tell(arg, ((struct slot *)value)->object, OBJECT_GAVE_WAY);
}

int objects_init(struct objects *objects, const struct objects_options *options)
{
	const struct table_options table = { .key_size = sizeof(struct object_key),
					     .value_size = sizeof(struct slot),
					     .capacity = OBJECTS_MAX,
					     .worth = slot_worth,
					     .evicted = evicted,
					     .arg = objects };

	*objects = (struct objects){ .options = *options };
	return table_init(&objects->table, &table);
}

void objects_fini(struct objects *objects)
{
	struct slot *slot = NULL;

	while (objects->table.slots && (slot = table_next(&objects->table, slot))) {
		if (objects->options.store)
			object_store_finish(objects->options.store, &slot->object->file, false);
		free_object(objects, slot->object);
	}
	table_fini(&objects->table);
}

struct object *objects_find(struct objects *objects, const struct object_key *key)
{
	struct slot *slot = table_find(&objects->table, key);

	return slot ? slot->object : NULL;
}

struct object *objects_begin(struct objects *objects, const struct object_key *key,
			     const struct object_origin *origin)
{
	struct object *object = calloc(1, sizeof(*object));
	struct slot *slot;

	objects_end(objects, key, OBJECT_NO_END);
	if (!object || (origin->coding && content_decoder_open(&object->decoder, origin->coding))) {
		free(object);
		objects->no_memory++;
		return NULL;
	}
	object->origin = *origin;
	object->last_frame = origin->place.frame;
	object->time_ns = origin->place.time_ns;
	object->file.fd = -1;
	sha256_init(&object->hash);
	slot = table_insert(&objects->table, key);
	slot->object = object;
	return object;
}

void object_stop(struct object *object, enum object_state state)
{
	if (!object->stopped)
		object->state = state;
	object->stopped = true;
}

static void write_file(struct objects *objects, struct object *object, const uint8_t *bytes,
		       size_t length)
{
	struct object_store *store = objects->options.store;
	const struct cursor name = object_name(&object->origin);
	int err = 0;

	if (!store || object->file_error)
		return;
	if (object->file.fd < 0)
		err = object_store_create(store, object->origin.place.frame, &name, &object->file);
	if (!err)
		err = object_store_write(store, &object->file, bytes, length);
	object->file_error = err;
	if (err)
		object_store_finish(store, &object->file, false);
}

struct sink {
	struct objects *objects;
	struct object *object;
};

static bool add_decoded(void *arg, const uint8_t *bytes, size_t length)
{
	const struct sink *sink = arg;
	struct object *object = sink->object;
	size_t head = 0;

	if (length > sink->objects->options.max_bytes - object->bytes) {
		object_stop(object, OBJECT_LARGE);
		return false;
	}
	if (object->bytes < CONTENT_TYPE_HEAD) {
		head = CONTENT_TYPE_HEAD - object->bytes;
		head = head < length ? head : length;
		memcpy(object->head + object->bytes, bytes, head);
	}
	object->bytes += length;
	if (sink->objects->options.look) {
		sink->objects->options.look(sink->objects->options.arg, object, bytes, length);
		return !object->stopped;
	}
	sha256_update(&object->hash, length, bytes);
	write_file(sink->objects, object, bytes, length);
	return true;
}

static void see(struct object *object, const struct item_place *place)
{
	object->last_frame = place->frame ? place->frame : object->last_frame;
	object->time_ns = place->time_ns;
}

void objects_add(struct objects *objects, struct object *object, const struct item_place *place,
		 const uint8_t *bytes, size_t length)
{
	struct sink sink = { objects, object };

	see(object, place);
	if (object->stopped || !length)
		return;
	if (!object->decoder)
		add_decoded(&sink, bytes, length);
	else if (content_decode(object->decoder, bytes, length, add_decoded, &sink) == -EBADMSG)
		object_stop(object, OBJECT_UNDECODED);
}

static void add_pieces(struct objects *objects, struct object *object,
		       const struct item_place *place)
{
	struct object_piece *piece;

	while ((piece = object->pieces) && piece->at <= object->bytes) {
		uint64_t skip = object->bytes - piece->at;

		take_piece(objects, object);
		if (skip < piece->length)
			objects_add(objects, object, place, piece->bytes + skip,
				    piece->length - skip);
		free(piece);
	}
}

static void hold_piece(struct objects *objects, struct object *object, uint64_t at,
		       const uint8_t *bytes, size_t length)
{
	struct object_piece **where = &object->pieces, *piece;
	bool room = object->piece_count < OBJECT_PIECES &&
		    length <= OBJECT_PIECES_MAX - object->piece_bytes &&
		    objects->piece_bytes + cost_of(length) <= OBJECTS_PIECES_MAX;

	piece = room ? malloc(sizeof(*piece) + length) : NULL;
	if (!piece) {
		object_stop(object, OBJECT_TORN);
		return;
	}
	while (*where && (*where)->at <= at)
		where = &(*where)->next;
	*piece = (struct object_piece){ .next = *where, .at = at, .length = length };
	memcpy(piece->bytes, bytes, length);
	object->piece_count++;
	object->piece_bytes += length;
	objects->piece_bytes += cost_of(length);
	*where = piece;
}

void objects_add_at(struct objects *objects, struct object *object, const struct item_place *place,
		    uint64_t at, const uint8_t *bytes, size_t length)
{
	uint64_t again = at < object->bytes ? object->bytes - at : 0;

	see(object, place);
	if (object->stopped || !length)
		return;
	if (again && object->written)
		object_stop(object, OBJECT_REWRITTEN);
	if (at > object->bytes)
		hold_piece(objects, object, at, bytes, length);
	else if (again < length)
		objects_add(objects, object, place, bytes + again, length - again);
	add_pieces(objects, object, place);
}

void objects_end(struct objects *objects, const struct object_key *key, enum object_state state)
{
	struct slot *slot = table_find(&objects->table, key);

	if (!slot)
		return;
	tell(objects, slot->object, state);
	table_remove(&objects->table, slot);
}

void objects_end_all(struct objects *objects, uint64_t conversation)
{
	struct slot *slot = NULL;

	while ((slot = table_next(&objects->table, slot))) {
		const struct object_key *key = table_key(&objects->table, slot);

		if (key->conversation != conversation)
			continue;
		tell(objects, slot->object, OBJECT_NO_END);
		table_remove(&objects->table, slot);
	}
}

static int by_frame(const void *x, const void *y)
{
	const struct object *a = (*(struct slot *const *)x)->object;
	const struct object *b = (*(struct slot *const *)y)->object;

	if (a->origin.place.frame != b->origin.place.frame)
		return a->origin.place.frame < b->origin.place.frame ? -1 : 1;
	return a->bytes < b->bytes ? -1 : a->bytes > b->bytes;
}

void objects_finish(struct objects *objects)
{
	struct slot *slots[OBJECTS_MAX], *slot = NULL;
	unsigned count = 0;

	while (count < OBJECTS_MAX && (slot = table_next(&objects->table, slot)))
		slots[count++] = slot;
	qsort(slots, count, sizeof(slots[0]), by_frame);
	for (unsigned i = 0; i < count; i++) {
		tell(objects, slots[i]->object, OBJECT_NO_END);
		table_remove(&objects->table, slots[i]);
	}
}
