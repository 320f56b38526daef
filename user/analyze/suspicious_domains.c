// SPDX-License-Identifier: BSD-2-Clause
/* Finds lookups of names below top-level domains that are known for abuse. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/sightings.h"
#include "dissect/dns_view.h"

struct domains {
	const struct lists *lists;
	struct sightings found;
};

/* The name's last two labels: who registered it, as near as can be told without a list of suffixes.
 */
static const char *registered(const char *name)
{
	const char *last = strrchr(name, '.'), *at = last;

	while (at && at > name && at[-1] != '.')
		at--;
	return at ? at : name;
}

static void on_query(struct domains *d, const struct item *item)
{
	struct dns_reader reader = dns_view_rewind(item->is);
	const struct analyst_ends ends = analyst_ends_of(item->place);
	const struct suspicion_span span = sighting_at(item->place);
	struct sighting_key key = { .src = ends.src, .dst = ends.dst, .port = ends.dport };
	struct dns_record question;
	const char *name;

	if (!dns_read_question(&reader, &question) ||
	    !lists_match_name(d->lists, LIST_SUSPICIOUS_TLDS, question.name))
		return;
	name = registered(question.name);
	sighting_name(&key, name, strlen(name));
	for (unsigned i = 0; i < key.length; i++)
		key.name[i] = tolower((unsigned char)key.name[i]);
	sightings_add(&d->found, &key, &span);
}

static void domains_item(void *state, const struct item *item, suspicion_fn *say, void *arg)
{
	const struct dns_view *view = item->is;

	(void)say;
	(void)arg;
	if (item->kind == ITEM_DNS && !view->multicast && !dns_view_is_response(view) &&
	    view->questions)
		on_query(state, item);
}

static const struct sighting_words words = {
	.finding = "SUSPICIOUS_TLD",
	.severity = "LOW",
	.trigger = "queries for names below this domain",
	.why = "Its top-level domain is cheap or free to register in and stands high in lists of "
	       "abuse; most names there are harmless all the same.",
};

static int domains_open(void **state, const struct suspicious_options *options)
{
	struct domains *d = calloc(1, sizeof(*d));

	if (!d || sightings_init(&d->found)) {
		free(d);
		return -ENOMEM;
	}
	d->lists = options->lists;
	*state = d;
	return 0;
}

static void domains_finish(void *state, suspicion_fn *say, void *arg)
{
	sightings_say(&((struct domains *)state)->found, "names", sighting_fill, (void *)&words,
		      say, arg);
}

static void domains_close(void *state)
{
	sightings_fini(&((struct domains *)state)->found);
	free(state);
}

const struct suspicious_rule suspicious_domains = {
	.open = domains_open,
	.item = domains_item,
	.finish = domains_finish,
	.close = domains_close,
};
