// SPDX-License-Identifier: BSD-2-Clause
/* Who sent and received how much. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/conversation_answers.h"
#include "base/log.h"
#include "base/table.h"

static const struct answers_column columns[] = {
	{ "ip", "ADDRESS", 24 },
	{ "packets", "PACKETS", 10 },
	{ "bytes", "BYTES", 12 },
	{ "packets_out", "SENT", 10 },
	{ "bytes_out", "BYTES SENT", 12 },
	{ "packets_in", "RECEIVED", 10 },
	{ "bytes_in", "BYTES RECEIVED", 0 },
	{ .name = NULL },
};

enum way { OUT, IN };

struct talker {
	uint64_t packets[2], bytes[2]; /* by enum way */
};

struct talker_answers {
	struct analyst analyst;
	struct talker_options options;
	struct table table; /* struct address -> struct talker */
};

static uint64_t talker_worth(const void *value)
{
	const struct talker *talker = value;

	return talker->bytes[OUT] + talker->bytes[IN];
}

static void count(struct talker_answers *a, const uint64_t address[2], enum way way,
		  uint32_t length)
{
	struct talker *talker = table_get(&a->table, address, NULL);

	talker->packets[way]++;
	talker->bytes[way] += length;
}

static void on_frame(struct analyst *analyst, const struct analyst_frame *frame)
{
	struct talker_answers *a = (struct talker_answers *)analyst;

	if (frame->verdict != SKUA_PARSED)
		return;
	count(a, (const uint64_t *)frame->pkt->src, OUT, frame->length);
	count(a, (const uint64_t *)frame->pkt->dst, IN, frame->length);
}

static void put_row(struct talker_answers *a, const struct talker *talker)
{
	struct answers *to = a->analyst.answers;

	answers_begin_row(to);
	answers_put_address(to, table_key(&a->table, talker));
	answers_put_number(to, talker->packets[OUT] + talker->packets[IN]);
	answers_put_number(to, talker->bytes[OUT] + talker->bytes[IN]);
	for (enum way way = OUT; way <= IN; way++) {
		answers_put_number(to, talker->packets[way]);
		answers_put_number(to, talker->bytes[way]);
	}
	answers_end_row(to);
}

struct row {
	const struct talker *talker;
	struct address address;
};

/* Most bytes first; then by address, so that the order is the same everywhere. */
static int by_bytes(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	uint64_t of_a = talker_worth(a->talker), of_b = talker_worth(b->talker);

	if (of_a != of_b)
		return of_a > of_b ? -1 : 1;
	return memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));
}

static void on_finish(struct analyst *analyst)
{
	struct talker_answers *a = (struct talker_answers *)analyst;
	struct row *rows = calloc(a->table.used + 1, sizeof(*rows));
	struct talker *talker = NULL;
	uint64_t used = 0;

	if (!rows) {
		log_error("no memory to sort %u addresses", a->table.used);
		return;
	}
	while ((talker = table_next(&a->table, talker)))
		rows[used++] = (struct row){ talker, address_from(table_key(&a->table, talker)) };
	qsort(rows, used, sizeof(*rows), by_bytes);
	if (a->options.top && used > a->options.top)
		used = a->options.top;
	for (uint64_t i = 0; i < used; i++)
		put_row(a, rows[i].talker);
	free(rows);
	if (a->table.evictions)
		log_warning(
			"%llu addresses gave way to others, more than %u were there: use a filter",
			(unsigned long long)a->table.evictions, a->table.options.capacity);
}

static void on_close(struct analyst *analyst)
{
	struct talker_answers *a = (struct talker_answers *)analyst;

	table_fini(&a->table);
	free(a);
}

int talker_answers_open(struct analyst **out, const struct talker_options *options)
{
	const struct table_options table = { .key_size = sizeof(struct address),
					     .value_size = sizeof(struct talker),
					     .capacity = options->capacity
								 ? options->capacity
								 : CONVERSATION_ANSWERS_MAX,
					     .worth = talker_worth };
	struct talker_answers *a = calloc(1, sizeof(*a));

	if (!a || table_init(&a->table, &table)) {
		free(a);
		return -ENOMEM;
	}
	a->options = *options;
	a->analyst = (struct analyst){ .name = "talkers",
				       .columns = columns,
				       .frame = on_frame,
				       .finish = on_finish,
				       .close = on_close };
	*out = &a->analyst;
	return 0;
}
