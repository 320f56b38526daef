// SPDX-License-Identifier: BSD-2-Clause
/* The three simple rules of the recipe as rules of skua suspicious. */
#include <errno.h>
#include <stdlib.h>
#include "analyze/compat_rows.h"
#include "analyze/suspicious.h"
#include "base/log.h"
#include "dissect/dns_view.h"

#define DNS_HEADER 12

static int recipe_open(void **state, const struct suspicious_options *options)
{
	struct compat *compat = calloc(1, sizeof(*compat));

	(void)options;
	if (!compat || compat_init(compat, COMPAT_CAPACITY)) {
		free(compat);
		return -ENOMEM;
	}
	*state = compat;
	return 0;
}

static void recipe_frame(void *state, const struct analyst_frame *frame, suspicion_fn *say,
			 void *arg)
{
	(void)say;
	(void)arg;
	((struct compat *)state)->frame = frame->number;
	if (frame->verdict == SKUA_PARSED)
		compat_packet(state, frame->pkt, frame->time_ns);
}

/* The first name of a message is never compressed: there is nothing before it to point to. */
static void recipe_item(void *state, const struct item *item, suspicion_fn *say, void *arg)
{
	const struct dns_view *view = item->is;
	struct analyst_ends ends;

	(void)say;
	(void)arg;
	if (item->kind != ITEM_DNS || view->multicast || dns_view_is_response(view) ||
	    !view->questions || view->length <= DNS_HEADER)
		return;
	ends = analyst_ends_of(item->place);
	compat_query(state, (const __u64 *)ends.src.words, view->message + DNS_HEADER,
		     view->length - DNS_HEADER, item->place->time_ns);
}

struct saying {
	suspicion_fn *say;
	void *arg;
};

static bool is_none(const struct address *address)
{
	return !address->words[0] && !address->words[1];
}

/* In the order of the rules: a target, an asker, a conversation. */
static const struct meaning {
	const char *trigger, *why;
} meanings[] = {
	{ "SYN packets to this target", "So many attempts to connect look for open ports; a busy "
					"service gets as many in a day." },
	{ "queries for names of more than 60 characters",
	  "Long names may carry data out; content networks have long names, too." },
	{ "packets from or to this port",
	  "Attack tools use this port by default; harmless programs may have chosen it as well." },
};

static void say_row(void *arg, const char *rule, const char *severity, const struct compat_row *row)
{
	const struct saying *saying = arg;
	bool from = !is_none(&row->src), to = !is_none(&row->dst);
	const struct meaning *meaning = &meanings[row->length ? 1 : from ? 2 : 0];
	const struct suspicion suspicion = {
		.span = { row->first_frame, row->last_frame, row->first_ns, row->last_ns },
		.finding = rule,
		.severity = severity,
		.src = from ? &row->src : NULL,
		.dst = to ? &row->dst : NULL,
		.port = row->port,
		.count = row->count,
		.trigger = meaning->trigger,
		.why = meaning->why,
		.what = row->name,
		.what_length = row->length,
	};

	saying->say(saying->arg, &suspicion);
}

static void recipe_finish(void *state, suspicion_fn *say, void *arg)
{
	struct saying saying = { say, arg };

	if (compat_walk(state, say_row, &saying))
		log_error("no memory to sort what the simple rules found");
	suspicious_say_lost(compat_lost(state), "entries of the simple rules");
}

static void recipe_close(void *state)
{
	compat_fini(state);
	free(state);
}

const struct suspicious_rule suspicious_recipe = {
	.open = recipe_open,
	.frame = recipe_frame,
	.item = recipe_item,
	.finish = recipe_finish,
	.close = recipe_close,
};
