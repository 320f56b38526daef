// SPDX-License-Identifier: BSD-2-Clause
/* Lets packets of snapshots stand for the totals that comments tell. */
#include <errno.h>
#include <stdlib.h>
#include "base/log.h"
#include "base/table.h"
#include "capture/file_parts.h"
#include "capture/file_reader.h"
#include "record/totals_text.h"
#include "skua/parse.h"
#include "skua/quote.h"
#include "replay/told_totals.h"

/* Of a pair, by side of the sender; all in bytes of payload. */
struct told {
	uint64_t until_ns;
	uint64_t total[2];
	uint64_t shown[2];  /* by the packets until then */
	uint64_t passed[2]; /* of that, by packets that have got their share */
	uint64_t given[2];
	uint64_t missing[2]; /* packets that are told, and not in the files */
};

struct told_totals {
	struct table pairs; /* struct keep_key -> struct told */
	bool look_through;
};

/* Never asked for: who finds no room is left out. */
static uint64_t told_worth(const void *value)
{
	return ((const struct told *)value)->until_ns;
}

/* Either end may be the server. */
static struct told *find(const struct told_totals *totals, const struct skua_packet *pkt,
			 enum skua_side *side)
{
	struct skua_flow_key key;
	struct told *told = NULL;

	if (pkt->proto == SKUA_TCP || skua_is_icmp_error(pkt))
		return NULL;
	*side = skua_flow_key_init(&key, pkt);
	for (unsigned client = SKUA_LOW; client <= SKUA_HIGH && !told; client++) {
		const struct keep_key pair = keep_key_make(&key, client);

		told = table_find(&totals->pairs, &pair);
	}
	return told;
}

/* Totals that are told twice are those of two files: which packets are whose is not known. */
static void take_comment(struct told_totals *totals, const struct file_option *option)
{
	struct recorder_totals read;
	struct told *told;

	if (totals_text_read(&read, (const char *)option->value, option->size) ||
	    totals->pairs.used == TOLD_TOTALS_PAIRS || table_find(&totals->pairs, &read.key))
		return;
	told = table_insert(&totals->pairs, &read.key);
	told->until_ns = read.totals.until_ns;
	told->missing[SKUA_LOW] = read.totals.packets[SKUA_LOW];
	told->missing[SKUA_HIGH] = read.totals.packets[SKUA_HIGH];
	told->total[SKUA_LOW] = read.totals.payload[SKUA_LOW];
	told->total[SKUA_HIGH] = read.totals.payload[SKUA_HIGH];
}

typedef void part_fn(struct told_totals *totals, const struct file_parts *parts,
		     const struct file_part *part);

static void read_comments(struct told_totals *totals, const struct file_parts *parts,
			  const struct file_part *part)
{
	struct file_options options;
	struct file_option option;

	if (!part->has_block)
		return;
	options = file_parts_options(parts, part);
	while (file_option_next(&options, &option))
		if (option.code == FILE_OPTION_COMMENT)
			take_comment(totals, &option);
}

static void count_packet(struct told_totals *totals, const struct file_parts *parts,
			 const struct file_part *part)
{
	const struct frame *frame = &part->frame;
	const struct skua_frame shown = { .data = frame->bytes,
					  .end = frame->bytes + frame->captured,
					  .captured = SKUA_FRAME_WHOLE };
	int link = file_reader_link(frame->linktype);
	struct skua_parsed parsed;
	enum skua_side side;
	struct told *told;

	(void)parts;
	if (link < 0 ||
	    skua_parse(&shown, frame->length, link, totals->look_through, &parsed) != SKUA_PARSED)
		return;
	told = find(totals, &parsed.pkt, &side);
	if (!told || frame->time_ns > told->until_ns)
		return;
	told->shown[side] += parsed.pkt.payload;
	told->missing[side] -= told->missing[side] > 0;
}

static int read_packets(struct told_totals *totals, const char *path, part_fn *take)
{
	struct file_parts *parts;
	struct file_part part;
	char error[FILE_ERROR_SIZE];
	int n, err = file_parts_open(&parts, path, error);

	if (err) {
		log_error("--told-totals: %s", error);
		return err;
	}
	while ((n = file_parts_next(parts, &part)) > 0)
		if (part.kind == FILE_PART_PACKET)
			take(totals, parts, &part);
	file_parts_close(parts);
	return n;
}

int told_totals_open(struct told_totals **out, const char *const *paths, unsigned count,
		     bool look_through)
{
	const struct table_options options = { .key_size = sizeof(struct keep_key),
					       .value_size = sizeof(struct told),
					       .capacity = TOLD_TOTALS_PAIRS,
					       .worth = told_worth };
	struct told_totals *totals = calloc(1, sizeof(*totals));
	int err = totals ? table_init(&totals->pairs, &options) : -ENOMEM;

	if (err)
		log_error("--told-totals: out of memory");
	else
		totals->look_through = look_through;
	for (unsigned i = 0; i < count && !err; i++)
		err = read_packets(totals, paths[i], read_comments);
	for (unsigned i = 0; i < count && !err; i++)
		err = read_packets(totals, paths[i], count_packet);
	if (err)
		told_totals_close(totals);
	else
		*out = totals;
	return err;
}

void told_totals_close(struct told_totals *totals)
{
	if (!totals)
		return;
	table_fini(&totals->pairs);
	free(totals);
}

bool told_totals_exceed(const struct told_totals *totals)
{
	const struct told *told = NULL;

	while ((told = table_next(&totals->pairs, told)))
		if (told->missing[SKUA_LOW] || told->missing[SKUA_HIGH])
			return true;
	return false;
}

/* Rounded so that the last one gets the rest. */
static uint64_t share(const struct told *told, enum skua_side side)
{
	unsigned __int128 product = (unsigned __int128)told->total[side] * told->passed[side];

	return product / told->shown[side];
}

void told_totals_payload(void *arg, struct skua_packet *pkt, uint64_t time_ns)
{
	enum skua_side side;
	struct told *told = find(arg, pkt, &side);
	uint64_t due;

	if (!told || !pkt->payload || !told->shown[side]) /* the file may have grown since */
		return;
	if (time_ns > told->until_ns) {
		pkt->payload = 0;
		return;
	}
	told->passed[side] += pkt->payload;
	due = share(told, side) - told->given[side];
	pkt->payload = due < UINT32_MAX ? due : UINT32_MAX;
	told->given[side] += pkt->payload;
}
