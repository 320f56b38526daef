// SPDX-License-Identifier: BSD-2-Clause
/* Counts what the one-shot report says of a capture. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/link.h"
#include "analyze/forensic_state.h"
#include "base/log.h"

#define LLMNR_PORT 5355 /* its messages look like DNS, and are another protocol (RFC 4795) */

static const struct answers_column columns[] = { { .name = NULL } };

static uint64_t count_worth(const void *value)
{
	return ((const struct forensic_count *)value)->bytes;
}

static uint64_t talk_worth(const void *value)
{
	return ((const struct forensic_talk *)value)->packets;
}

static void count(struct forensic *f, struct forensic_count *to, uint32_t length)
{
	if (!to->packets++)
		to->order = ++f->order;
	to->bytes += length;
}

static void count_pair(struct forensic *f, const struct skua_packet *pkt, uint32_t length)
{
	struct skua_flow_key key;
	struct address pair[2];

	skua_flow_key_order(&key, pkt->src, pkt->dst, 0, 0);
	pair[0] = address_from(key.low);
	pair[1] = address_from(key.high);
	count(f, table_get(&f->pairs, pair, NULL), length);
}

static unsigned __int128 squares_of(const struct forensic_talk *talk)
{
	return (unsigned __int128)talk->squares_high << 64 | talk->squares_low;
}

/* A capture may be out of order: gaps have a sign, which squares do not. */
static void count_gap(struct forensic_talk *talk, uint64_t time_ns)
{
	int64_t gap = (int64_t)(time_ns - talk->last_ns);
	unsigned __int128 magnitude = gap < 0 ? -(unsigned __int128)gap : (unsigned __int128)gap;
	unsigned __int128 before = squares_of(talk), sum = before + magnitude * magnitude;

	if (sum < before)
		sum = ~(unsigned __int128)0;
	talk->squares_high = (uint64_t)(sum >> 64);
	talk->squares_low = (uint64_t)sum;
	talk->last_ns = time_ns;
}

static void count_talk(struct forensic *f, const struct skua_packet *pkt, uint64_t time_ns)
{
	struct forensic_talk_key key = { .src = address_from(pkt->src),
					 .dst = address_from(pkt->dst),
					 .port = pkt->dport };
	struct forensic_talk *talk;
	bool is_new;

	talk = table_get(&f->talks, &key, &is_new);
	if (is_new) {
		talk->order = ++f->order;
		talk->first_ns = talk->last_ns = time_ns;
	}
	if (talk->packets++)
		count_gap(talk, time_ns);
}

static void on_frame(struct analyst *analyst, const struct analyst_frame *frame)
{
	struct forensic *f = (struct forensic *)analyst;
	const struct skua_packet *pkt = frame->pkt;
	struct address src, dst;
	bool tcp;

	f->packets++;
	if (frame->verdict != SKUA_PARSED)
		return;
	src = address_from(pkt->src);
	dst = address_from(pkt->dst);
	count(f, table_get(&f->sources, &src, NULL), frame->length);
	count(f, table_get(&f->sinks, &dst, NULL), frame->length);
	if (pkt->ethertype == SKUA_ETH_IPV4)
		count_pair(f, pkt, frame->length);
	tcp = pkt->proto == SKUA_TCP;
	if ((!tcp && pkt->proto != SKUA_UDP) || pkt->fragment == SKUA_LATER_FRAGMENT)
		return;
	count(f, &f->ports[!tcp][pkt->dport], frame->length);
	if (tcp)
		count_talk(f, pkt, frame->time_ns);
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	struct forensic *f = (struct forensic *)analyst;
	const struct dns_view *view = item->is;
	const struct skua_flow_key *key = &item->place->key;
	struct forensic_query *query;
	struct dns_record question;
	struct dns_reader reader;

	if (item->kind != ITEM_DNS || dns_view_is_response(view) || !view->questions ||
	    key->low_port == LLMNR_PORT || key->high_port == LLMNR_PORT)
		return;
	reader = dns_view_rewind(view);
	if (!dns_read_question(&reader, &question) || ++f->query_count > FORENSIC_QUERIES)
		return;
	query = &f->queries[f->query_count - 1];
	query->src = analyst_ends_of(item->place).src;
	query->type = question.type;
	query->name = strdup(question.name);
	f->no_memory |= !query->name;
}

bool forensic_gaps(const struct forensic_talk *talk, double *mean, double *variance)
{
	double gaps = (double)(talk->packets - 1);

	if (talk->packets < FORENSIC_BEACON_PACKETS)
		return false;
	/* Gaps add up to the time from the first packet to the last. */
	*mean = (double)(int64_t)(talk->last_ns - talk->first_ns) / gaps / 1e9;
	*variance = (double)squares_of(talk) / gaps / 1e18 - *mean * *mean;
	if (*variance < 0)
		*variance = 0;
	return true;
}

static void on_finish(struct analyst *analyst)
{
	struct forensic *f = (struct forensic *)analyst;
	uint64_t lost =
		f->pairs.evictions + f->sources.evictions + f->sinks.evictions + f->talks.evictions;

	forensic_write(f);
	if (lost)
		log_warning("%llu conversations and addresses gave way to others, more than %u of "
			    "a kind were there: use a filter",
			    (unsigned long long)lost, FORENSIC_ENTRIES);
	if (f->no_memory)
		log_error("no memory for the name of a DNS query: it is missing");
}

static void on_close(struct analyst *analyst)
{
	struct forensic *f = (struct forensic *)analyst;

	for (unsigned i = 0; i < FORENSIC_QUERIES; i++)
		free(f->queries[i].name);
	table_fini(&f->pairs);
	table_fini(&f->sources);
	table_fini(&f->sinks);
	table_fini(&f->talks);
	free(f);
}

static int make_tables(struct forensic *f)
{
	struct table_options options = { .key_size = 2 * sizeof(struct address),
					 .value_size = sizeof(struct forensic_count),
					 .capacity = FORENSIC_ENTRIES,
					 .worth = count_worth };
	int err = table_init(&f->pairs, &options);

	options.key_size = sizeof(struct address);
	if (!err)
		err = table_init(&f->sources, &options);
	if (!err)
		err = table_init(&f->sinks, &options);
	options.key_size = sizeof(struct forensic_talk_key);
	options.value_size = sizeof(struct forensic_talk);
	options.worth = talk_worth;
	return err ? err : table_init(&f->talks, &options);
}

int forensic_open(struct analyst **out, const struct forensic_options *options)
{
	struct forensic *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return -ENOMEM;
	f->options = *options;
	f->analyst = (struct analyst){ .name = "analyze",
				       .columns = columns,
				       .frame = on_frame,
				       .item = on_item,
				       .finish = on_finish,
				       .close = on_close };
	err = make_tables(f);
	if (err) {
		on_close(&f->analyst);
		return err;
	}
	*out = &f->analyst;
	return 0;
}
