// SPDX-License-Identifier: BSD-2-Clause
/* Files of FTP: the control connection names them, an announced connection carries them. */
#include <errno.h>
#include <string.h>
#include "analyze/object_sources.h"
#include "dissect/bytes.h"
#include "dissect/expected.h"
#include "dissect/ftp_line.h"

struct transfer {
	uint64_t time_ns;
	struct object_text name;
	bool listing; /* of a directory: no file */
	bool resumed; /* REST: it does not begin where the file does */
};

struct control {
	uint64_t time_ns;
	struct expected_end end;
	bool restart; /* REST was said, of whatever file comes next */
};

static uint64_t time_worth(const void *value)
{
	return *(const uint64_t *)value;
}

int ftp_objects_init(struct ftp_objects *ftp, struct objects *objects)
{
	const struct table_options transfers = { .key_size = sizeof(struct expected_end),
						 .value_size = sizeof(struct transfer),
						 .capacity = FTP_OBJECTS_TRANSFERS,
						 .worth = time_worth };
	const struct table_options controls = { .key_size = sizeof(uint64_t),
						.value_size = sizeof(struct control),
						.capacity = FTP_OBJECTS_TRANSFERS,
						.worth = time_worth };

	ftp->objects = objects;
	if (table_init(&ftp->transfers, &transfers))
		return -ENOMEM;
	if (table_init(&ftp->controls, &controls)) {
		table_fini(&ftp->transfers);
		return -ENOMEM;
	}
	return 0;
}

void ftp_objects_fini(struct ftp_objects *ftp)
{
	table_fini(&ftp->transfers);
	table_fini(&ftp->controls);
}

static void announce(struct ftp_objects *ftp, const struct item_place *place, uint16_t port)
{
	struct expected_end end = expected_end_of(&place->key, place->sender);
	struct transfer *transfer;
	struct control *control;

	end.port = port;
	transfer = table_get(&ftp->transfers, &end, NULL);
	*transfer = (struct transfer){ .time_ns = place->time_ns };
	control = table_get(&ftp->controls, &place->conversation, NULL);
	*control = (struct control){ place->time_ns, end, control->restart };
}

/* RFC 3659, 5: for the next command alone, and "REST 0" asks for all of it. */
static void restart(struct ftp_objects *ftp, const struct item *item, const struct ftp_line *line)
{
	struct control *control = table_get(&ftp->controls, &item->place->conversation, NULL);

	control->time_ns = item->place->time_ns;
	control->restart = false;
	for (size_t i = 0; i < line->text.left; i++)
		control->restart |= line->text.at[i] >= '1' && line->text.at[i] <= '9';
}

static bool carries_file(const struct ftp_line *line)
{
	return ftp_line_is(line, "RETR") || ftp_line_is(line, "STOR") ||
	       ftp_line_is(line, "APPE") || ftp_line_is(line, "STOU");
}

static void on_line(struct ftp_objects *ftp, const struct item *item)
{
	const struct ftp_line *line = item->is;
	struct control *control;
	struct transfer *transfer;
	uint16_t port;

	if (ftp_line_port(line, &port)) {
		announce(ftp, item->place, port);
		return;
	}
	if (ftp_line_is(line, "REST")) {
		restart(ftp, item, line);
		return;
	}
	control = table_find(&ftp->controls, &item->place->conversation);
	transfer = control ? table_find(&ftp->transfers, &control->end) : NULL;
	if (!transfer)
		return;
	if (ftp_line_is(line, "LIST") || ftp_line_is(line, "NLST") || ftp_line_is(line, "MLSD")) {
		transfer->listing = true;
	} else if (carries_file(line)) {
		object_text_set(&transfer->name, line->text.at, line->text.left);
		transfer->resumed = control->restart || ftp_line_is(line, "APPE");
	} else {
		return;
	}
	control->restart = false;
}

static struct transfer *find_transfer(struct ftp_objects *ftp, const struct item_place *place,
				      unsigned *side)
{
	for (*side = 0; *side < 2; (*side)++) {
		const struct expected_end end = expected_end_of(&place->key, *side);
		struct transfer *transfer = table_find(&ftp->transfers, &end);

		if (transfer)
			return transfer;
	}
	return NULL;
}

static struct object_key object_key_of(const struct item *item)
{
	return (struct object_key){ item->place->conversation, { item->place->sender, 0 } };
}

static struct object *begin(struct ftp_objects *ftp, const struct item *item,
			    const struct object_key *key)
{
	struct object_origin origin = { .protocol = "ftp", .place = *item->place };
	unsigned side;
	const struct transfer *transfer = find_transfer(ftp, item->place, &side);

	if (!transfer || transfer->listing)
		return NULL;
	origin.path = transfer->name;
	origin.resumed = transfer->resumed;
	return objects_begin(ftp->objects, key, &origin);
}

static void on_bytes(struct ftp_objects *ftp, const struct item *item)
{
	const struct bytes_piece *piece = item->is;
	const struct object_key key = object_key_of(item);
	struct object *object = objects_find(ftp->objects, &key);

	if (!object)
		object = begin(ftp, item, &key);
	if (!object)
		return;
	if (piece->lost)
		object_stop(object, OBJECT_TORN);
	objects_add(ftp->objects, object, item->place, piece->bytes, piece->length);
}

static void on_end(struct ftp_objects *ftp, const struct item *item)
{
	const struct bytes_piece *piece = item->is;
	const struct object_key key = object_key_of(item);

	objects_end(ftp->objects, &key,
		    piece->whole  ? OBJECT_WHOLE
		    : piece->lost ? OBJECT_TORN
				  : OBJECT_NO_END);
}

/* The connection is over: the same end may be announced again. */
static void forget(struct ftp_objects *ftp, const struct item *item)
{
	unsigned side;
	struct transfer *transfer = find_transfer(ftp, item->place, &side);

	if (transfer)
		table_remove(&ftp->transfers, transfer);
}

void ftp_objects_item(struct ftp_objects *ftp, const struct item *item)
{
	if (item->kind == ITEM_FTP)
		on_line(ftp, item);
	else if (item->kind == ITEM_BYTES)
		on_bytes(ftp, item);
	else if (item->kind == ITEM_BYTES_END)
		on_end(ftp, item);
	else if (item->kind == ITEM_OVER && ftp->transfers.used)
		forget(ftp, item);
}
