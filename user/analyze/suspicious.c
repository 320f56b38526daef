// SPDX-License-Identifier: BSD-2-Clause
/* Asks all rules of skua suspicious, and prints what they found. */
#include <errno.h>
#include <stdlib.h>
#include "analyze/suspicious.h"
#include "base/log.h"

static const struct suspicious_rule *const rules[] = {
	&suspicious_recipe, &suspicious_programs, &suspicious_shares,
	&suspicious_logins, &suspicious_shapes,   &suspicious_domains,
};
#define RULES (sizeof(rules) / sizeof(rules[0]))

static const struct answers_column columns[] = {
	{ "timestamp", "FIRST SEEN", 30 },
	{ "last_timestamp", "LAST SEEN", 30 },
	{ "first_frame", "FRAME", 8 },
	{ "last_frame", "TO FRAME", 8 },
	{ "severity", "SEVERITY", 8 },
	{ "finding", "FINDING", 19 },
	{ "src_ip", "FROM", 15 },
	{ "dest_ip", "TO", 15 },
	{ "port", "PORT", 5 },
	{ "count", "COUNT", 8 },
	{ "trigger", "OF", 45 },
	{ "what", "WHAT", 40 },
	{ "why", "WHY", 0 },
	{ .name = NULL },
};

struct suspicious {
	struct analyst analyst;
	void *states[RULES];
	unsigned open; /* so many of them are */
};

/* Told at its end, what began earlier may come later. */
void suspicion_span_join(struct suspicion_span *span, const struct suspicion_span *other)
{
	if (other->first_frame < span->first_frame) {
		span->first_frame = other->first_frame;
		span->first_ns = other->first_ns;
	}
	if (other->last_frame > span->last_frame) {
		span->last_frame = other->last_frame;
		span->last_ns = other->last_ns;
	}
}

void suspicious_say_lost(uint64_t count, const char *what)
{
	if (count)
		log_warning("%llu %s gave way to others: some findings may be missing; use a "
			    "filter",
			    (unsigned long long)count, what);
}

static void put_end(struct answers *to, const struct address *address)
{
	if (address)
		answers_put_address(to, address);
	else
		answers_put_none(to);
}

static void put_row(void *arg, const struct suspicion *s)
{
	struct suspicious *suspicious = arg;
	struct answers *to = suspicious->analyst.answers;

	answers_begin_row(to);
	answers_put_time(to, s->span.first_ns);
	answers_put_time(to, s->span.last_ns);
	answers_put_number(to, s->span.first_frame);
	answers_put_number(to, s->span.last_frame);
	answers_put_text(to, s->severity);
	answers_put_text(to, s->finding);
	put_end(to, s->src);
	put_end(to, s->dst);
	if (s->port)
		answers_put_number(to, s->port);
	else
		answers_put_none(to);
	answers_put_number(to, s->count);
	answers_put_text(to, s->trigger);
	if (s->what_length)
		answers_put_bytes(to, s->what, s->what_length);
	else
		answers_put_none(to);
	answers_put_text(to, s->why);
	answers_end_row(to);
}

static void on_frame(struct analyst *analyst, const struct analyst_frame *frame)
{
	struct suspicious *s = (struct suspicious *)analyst;

	for (unsigned i = 0; i < RULES; i++)
		if (rules[i]->frame)
			rules[i]->frame(s->states[i], frame, put_row, s);
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	struct suspicious *s = (struct suspicious *)analyst;

	for (unsigned i = 0; i < RULES; i++)
		if (rules[i]->item)
			rules[i]->item(s->states[i], item, put_row, s);
}

static void on_finish(struct analyst *analyst)
{
	struct suspicious *s = (struct suspicious *)analyst;

	for (unsigned i = 0; i < RULES; i++)
		if (rules[i]->finish)
			rules[i]->finish(s->states[i], put_row, s);
}

static void on_close(struct analyst *analyst)
{
	struct suspicious *s = (struct suspicious *)analyst;

	for (unsigned i = 0; i < s->open; i++)
		rules[i]->close(s->states[i]);
	free(s);
}

int suspicious_open(struct analyst **out, const struct suspicious_options *options)
{
	struct suspicious *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->analyst = (struct analyst){ .name = "suspicious",
				       .columns = columns,
				       .frame = on_frame,
				       .item = on_item,
				       .finish = on_finish,
				       .close = on_close };
	for (; s->open < RULES; s->open++) {
		int err = rules[s->open]->open(&s->states[s->open], options);

		if (err) {
			on_close(&s->analyst);
			return err;
		}
	}
	*out = &s->analyst;
	return 0;
}
