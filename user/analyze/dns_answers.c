// SPDX-License-Identifier: BSD-2-Clause
/* Who asked for what, and what the answer was. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/dns_answers.h"
#include "base/log.h"
#include "base/table.h"
#include "dissect/dns_view.h"
#include "skua/hash.h"

#define ANSWER_TEXT 4096

static const struct answers_column columns[] = {
	{ "timestamp", "TIME", 30 }, { "frame", NULL, 0 },    { "src_ip", "FROM", 15 },
	{ "dest_ip", "TO", 15 },     { "src_port", NULL, 0 }, { "dest_port", NULL, 0 },
	{ "proto", NULL, 0 },        { "id", NULL, 0 },       { "message", "", 8 },
	{ "type", "TYPE", 5 },       { "rcode", "RCODE", 8 }, { "name", "NAME", 32 },
	{ "answers", "ANSWERS", 0 }, { .name = NULL },
};

struct dns_answers {
	struct analyst analyst;
	struct dns_answers_options options;
	struct table names; /* said already */
	uint64_t left_out;  /* answers */
};

/* Names of all questions, with commas between; the type of the first. */
static void read_questions(const struct dns_view *view, char *names, size_t size, uint16_t *type)
{
	struct dns_reader reader = dns_view_rewind(view);
	struct dns_record record;
	size_t length = 0;

	names[0] = '\0';
	*type = 0;
	for (unsigned i = 0; i < view->questions && dns_read_question(&reader, &record); i++) {
		if (!i)
			*type = record.type;
		if (length < size)
			length += snprintf(names + length, size - length, "%s%s", i ? "," : "",
					   record.name[0] ? record.name : "<Root>");
	}
}

static bool is_wanted(struct dns_answers *a, const struct dns_view *view, const char *names)
{
	const struct dns_answers_options *o = &a->options;
	bool contained = !o->contained_count, is_new;
	struct {
		uint64_t hash[2];
	} key;

	if (view->multicast && !o->multicast)
		return false;
	if (o->queries != o->responses && o->responses != dns_view_is_response(view))
		return false;
	for (unsigned i = 0; i < o->contained_count && !contained; i++)
		contained = strcasestr(names, o->contained[i]) != NULL;
	if (!contained || !o->unique)
		return contained;
	/* Two hashes of 64 bits: that two names share both will not be seen. */
	key.hash[0] = key.hash[1] = 0;
	for (const char *at = names; *at; at++) {
		key.hash[0] = skua_mix(key.hash[0] + 1, (unsigned char)*at);
		key.hash[1] = skua_mix(key.hash[1] + 2, (unsigned char)*at);
	}
	table_get(&a->names, &key, &is_new);
	return is_new;
}

static void put_answers(struct dns_answers *a, const struct dns_view *view)
{
	struct dns_answer_reader reader = dns_read_answers(view);
	struct answers *to = a->analyst.answers;
	char text[ANSWER_TEXT];
	struct dns_record record;

	answers_begin_list(to);
	while (dns_read_answer(&reader, &record, text, sizeof(text)))
		answers_put_text(to, text);
	answers_end_list(to);
	a->left_out += reader.left_out;
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	struct dns_answers *a = (struct dns_answers *)analyst;
	const struct dns_view *view = item->is;
	struct answers *to = analyst->answers;
	char names[4 * DNS_NAME_TEXT], type[DNS_TYPE_TEXT], rcode[DNS_TYPE_TEXT];
	uint16_t number;

	if (item->kind != ITEM_DNS)
		return;
	read_questions(view, names, sizeof(names), &number);
	if (!is_wanted(a, view, names))
		return;
	answers_begin_row(to);
	analyst_put_place(to, item->place);
	answers_put_text(to, view->tcp ? "TCP" : "UDP");
	answers_put_number(to, view->id);
	answers_put_text(to, dns_view_is_response(view) ? "response" : "query");
	if (view->questions)
		answers_put_text(to, dns_type_text(number, type));
	else
		answers_put_none(to);
	if (dns_view_is_response(view))
		answers_put_text(to, dns_rcode_text(dns_view_rcode(view), rcode));
	else
		answers_put_none(to);
	answers_put_text(to, names);
	put_answers(a, view);
	answers_end_row(to);
}

static void on_finish(struct analyst *analyst)
{
	const struct dns_answers *a = (const struct dns_answers *)analyst;

	if (a->left_out)
		log_warning("%llu answers were left out, their messages say more than %u KiB",
			    (unsigned long long)a->left_out, DNS_ANSWERS_TEXT >> 10);
}

static uint64_t no_worth(const void *value)
{
	return *(const uint64_t *)value;
}

static void close_answers(struct analyst *analyst)
{
	struct dns_answers *a = (struct dns_answers *)analyst;

	table_fini(&a->names);
	free(a);
}

int dns_answers_open(struct analyst **out, const struct dns_answers_options *options)
{
	const struct table_options table = {
		.key_size = 16, .value_size = 8, .capacity = DNS_ANSWERS_NAMES, .worth = no_worth
	};
	struct dns_answers *a = calloc(1, sizeof(*a));
	int err = a ? 0 : -ENOMEM;

	if (!err && options->unique)
		err = table_init(&a->names, &table);
	if (err) {
		free(a);
		return err;
	}
	a->options = *options;
	a->analyst = (struct analyst){ .name = "dns",
				       .columns = columns,
				       .item = on_item,
				       .finish = on_finish,
				       .close = close_answers };
	*out = &a->analyst;
	return 0;
}
