// SPDX-License-Identifier: BSD-2-Clause
/* Who exchanged how much with whom. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/conversation_answers.h"
#include "base/log.h"
#include "base/table.h"

static const struct answers_column columns[] = {
	{ "proto", "PROTO", 5 },
	{ "src_ip", "FROM", 15 },
	{ "src_port", "PORT", 5 },
	{ "dest_ip", "TO", 15 },
	{ "dest_port", "PORT", 5 },
	{ "packets_out", "PACKETS OUT", 11 },
	{ "bytes_out", "BYTES OUT", 12 },
	{ "packets_in", "PACKETS IN", 11 },
	{ "bytes_in", "BYTES IN", 12 },
	{ "first_seen", "BEGAN", 30 },
	{ "duration_s", "SECONDS", 14 },
	{ "gap_frames", "GAPS", 0 },
	{ .name = NULL },
};
#define GAP_COLUMN 11

struct talk_count {
	uint64_t first_ns, last_ns;
	uint64_t packets[2], bytes[2]; /* by who sent: enum skua_side */
	uint8_t first;                 /* who sent first */
	bool syn, answered;            /* a SYN, and one that answers it */
	uint64_t before_ns;            /* its last frame, in the order of the capture */
	uint64_t gap_frames;           /* came as long after the one before as is asked for */
};

struct conversation_answers {
	struct analyst analyst;
	struct conversation_options options;
	struct table table; /* struct skua_flow_key -> struct talk_count */
	uint64_t before_ns; /* the last frame of the layer */
	bool begun;
	struct answers_column columns[GAP_COLUMN + 2];
};

static uint64_t count_worth(const void *value)
{
	const struct talk_count *count = value;

	return count->bytes[0] + count->bytes[1];
}

/* false: of another layer. */
static bool key_of(enum conversation_layer layer, const struct skua_packet *pkt,
		   struct skua_flow_key *key, unsigned *side)
{
	struct skua_packet ends = *pkt;

	if (layer == CONVERSATION_IP) {
		ends.sport = ends.dport = 0;
		ends.proto = 0;
	} else if (pkt->proto != (layer == CONVERSATION_TCP ? SKUA_TCP : SKUA_UDP) ||
		   pkt->fragment == SKUA_LATER_FRAGMENT) {
		return false;
	}
	*side = skua_flow_key_init(key, &ends);
	return true;
}

static void count_gap(struct conversation_answers *a, struct talk_count *count, uint64_t time_ns,
		      bool is_new)
{
	bool behind = a->options.per_pair ? !is_new : a->begun;
	uint64_t before_ns = a->options.per_pair ? count->before_ns : a->before_ns;

	if (behind && gap_range_holds(&a->options.gap, (int64_t)(time_ns - before_ns)))
		count->gap_frames++;
	count->before_ns = a->before_ns = time_ns;
	a->begun = true;
}

static void on_frame(struct analyst *analyst, const struct analyst_frame *frame)
{
	struct conversation_answers *a = (struct conversation_answers *)analyst;
	struct skua_flow_key key;
	struct talk_count *count;
	unsigned side;
	bool is_new;

	if (frame->verdict != SKUA_PARSED || !key_of(a->options.layer, frame->pkt, &key, &side))
		return;
	count = table_get(&a->table, &key, &is_new);
	if (is_new) {
		count->first_ns = count->last_ns = frame->time_ns;
		count->first = side;
	}
	if (a->options.by_gap)
		count_gap(a, count, frame->time_ns, is_new);
	if (frame->time_ns < count->first_ns)
		count->first_ns = frame->time_ns;
	if (frame->time_ns > count->last_ns)
		count->last_ns = frame->time_ns;
	count->packets[side]++;
	count->bytes[side] += frame->length;
	if (frame->pkt->proto != SKUA_TCP || !(frame->pkt->tcp_flags & SKUA_SYN))
		return;
	if (frame->pkt->tcp_flags & SKUA_ACK)
		count->answered = true;
	else
		count->syn = true;
}

static void put_row(struct conversation_answers *a, const struct talk_count *count)
{
	static const char *const names[] = { "TCP", "UDP", "IP" };
	const struct skua_flow_key *key = table_key(&a->table, count);
	struct item_place place = { .key = *key, .sender = count->first };
	struct analyst_ends ends = analyst_ends_of(&place);
	struct answers *to = a->analyst.answers;
	unsigned other = skua_other(count->first);

	answers_begin_row(to);
	answers_put_text(to, names[a->options.layer]);
	answers_put_address(to, &ends.src);
	if (a->options.layer == CONVERSATION_IP)
		answers_put_none(to);
	else
		answers_put_number(to, ends.sport);
	answers_put_address(to, &ends.dst);
	if (a->options.layer == CONVERSATION_IP)
		answers_put_none(to);
	else
		answers_put_number(to, ends.dport);
	answers_put_number(to, count->packets[count->first]);
	answers_put_number(to, count->bytes[count->first]);
	answers_put_number(to, count->packets[other]);
	answers_put_number(to, count->bytes[other]);
	answers_put_time(to, count->first_ns);
	answers_put_real(to, (count->last_ns - count->first_ns) / 1e9, 6);
	if (a->options.by_gap)
		answers_put_number(to, count->gap_frames);
	answers_end_row(to);
}

/* Most bytes first; then the earliest. */
static int by_bytes(const void *x, const void *y)
{
	const struct talk_count *a = *(struct talk_count *const *)x;
	const struct talk_count *b = *(struct talk_count *const *)y;
	uint64_t of_a = count_worth(a), of_b = count_worth(b);

	if (of_a != of_b)
		return of_a > of_b ? -1 : 1;
	return a->first_ns < b->first_ns ? -1 : a->first_ns > b->first_ns;
}

static bool is_shown(const struct conversation_answers *a, const struct talk_count *count)
{
	if (a->options.failed && (!count->syn || count->answered))
		return false;
	return !a->options.by_gap || count->gap_frames;
}

static void on_finish(struct analyst *analyst)
{
	struct conversation_answers *a = (struct conversation_answers *)analyst;
	struct talk_count **rows = calloc(a->table.used + 1, sizeof(struct talk_count *));
	struct talk_count *count = NULL;
	uint64_t used = 0;

	if (!rows) {
		log_error("no memory to sort %u conversations", a->table.used);
		return;
	}
	while ((count = table_next(&a->table, count)))
		if (is_shown(a, count))
			rows[used++] = count;
	qsort(rows, used, sizeof(struct talk_count *), by_bytes);
	if (a->options.top && used > a->options.top)
		used = a->options.top;
	for (uint64_t i = 0; i < used; i++)
		put_row(a, rows[i]);
	free(rows);
	if (a->table.evictions)
		log_warning("%llu conversations gave way to others, more than %u were there: use a "
			    "filter",
			    (unsigned long long)a->table.evictions, a->table.options.capacity);
}

static void on_close(struct analyst *analyst)
{
	struct conversation_answers *a = (struct conversation_answers *)analyst;

	table_fini(&a->table);
	free(a);
}

int conversation_answers_open(struct analyst **out, const struct conversation_options *options)
{
	const struct table_options table = { .key_size = sizeof(struct skua_flow_key),
					     .value_size = sizeof(struct talk_count),
					     .capacity = options->capacity
								 ? options->capacity
								 : CONVERSATION_ANSWERS_MAX,
					     .worth = count_worth };
	struct conversation_answers *a = calloc(1, sizeof(*a));

	if (!a || table_init(&a->table, &table)) {
		free(a);
		return -ENOMEM;
	}
	a->options = *options;
	memcpy(a->columns, columns, sizeof(columns));
	if (!options->by_gap)
		a->columns[GAP_COLUMN].name = NULL;
	a->analyst = (struct analyst){ .name = "conversations",
				       .columns = a->columns,
				       .frame = on_frame,
				       .finish = on_finish,
				       .close = on_close };
	*out = &a->analyst;
	return 0;
}
