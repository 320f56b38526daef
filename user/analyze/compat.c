// SPDX-License-Identifier: BSD-2-Clause
/* Counts what the three simple rules of the recipe ask for. */
#include <string.h>
#include "analyze/compat_rows.h"

struct talk_key {
	uint64_t src[2], dst[2];
	uint16_t port;
	uint8_t padding[6];
};

static uint64_t row_worth(const void *value)
{
	const struct compat_row *row = value;

	return row->count;
}

int compat_init(struct compat *compat, uint32_t capacity)
{
	struct table_options options = { .key_size = 2 * sizeof(uint64_t),
					 .value_size = sizeof(struct compat_row),
					 .capacity = capacity,
					 .worth = row_worth };
	struct compat made = { 0 };
	int err = table_init(&made.targets, &options);

	if (!err)
		err = table_init(&made.askers, &options);
	options.key_size = sizeof(struct talk_key);
	if (!err)
		err = table_init(&made.talks, &options);
	if (err)
		compat_fini(&made);
	else
		*compat = made;
	return err;
}

void compat_fini(struct compat *compat)
{
	table_fini(&compat->targets);
	table_fini(&compat->askers);
	table_fini(&compat->talks);
}

/* Ten ports, frozen by the recipe; those of our own detector may change. */
static bool is_suspicious(uint16_t port)
{
	static const uint16_t ports[] = { 4444, 5555,  6666,  8888, 9999,
					  1234, 31337, 12345, 6667, 6697 };

	for (unsigned i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return false;
}

/* One more of what the entry counts. */
static void count(const struct compat *compat, struct compat_row *row, uint64_t time_ns)
{
	if (!row->count++) {
		row->first_ns = time_ns;
		row->first_frame = compat->frame;
	}
	row->last_ns = time_ns;
	row->last_frame = compat->frame;
}

static void count_syn(struct compat *compat, const struct skua_packet *pkt, uint64_t time_ns)
{
	struct compat_row *row = table_get(&compat->targets, pkt->dst, NULL);

	memcpy(row->dst.bytes, pkt->dst, sizeof(row->dst.bytes));
	count(compat, row, time_ns);
	if (row->count == COMPAT_SYNS)
		row->time_ns = time_ns;
}

/* The entry of a conversation bears the direction of its first packet. */
static struct compat_row *find_talk(struct compat *compat, const struct skua_packet *pkt,
				    uint16_t port)
{
	struct talk_key there = { .port = port }, back = { .port = port };
	struct compat_row *row;

	memcpy(there.src, pkt->src, sizeof(there.src));
	memcpy(there.dst, pkt->dst, sizeof(there.dst));
	memcpy(back.src, pkt->dst, sizeof(back.src));
	memcpy(back.dst, pkt->src, sizeof(back.dst));
	row = table_find(&compat->talks, &back);
	return row ? row : table_get(&compat->talks, &there, NULL);
}

static void count_port(struct compat *compat, const struct skua_packet *pkt, uint16_t port,
		       uint64_t time_ns)
{
	struct compat_row *row = find_talk(compat, pkt, port);

	count(compat, row, time_ns);
	if (row->count > 1)
		return;
	memcpy(row->src.bytes, pkt->src, sizeof(row->src.bytes));
	memcpy(row->dst.bytes, pkt->dst, sizeof(row->dst.bytes));
	row->port = port;
	row->time_ns = time_ns;
}

void compat_packet(struct compat *compat, const struct skua_packet *pkt, uint64_t time_ns)
{
	bool tcp = pkt->proto == SKUA_TCP;

	/* Later fragments carry no ports. */
	if ((!tcp && pkt->proto != SKUA_UDP) || pkt->fragment == SKUA_LATER_FRAGMENT)
		return;
	if (tcp && pkt->tcp_flags == SKUA_SYN)
		count_syn(compat, pkt, time_ns);
	if (is_suspicious(pkt->sport))
		count_port(compat, pkt, pkt->sport, time_ns);
	if (is_suspicious(pkt->dport) && pkt->dport != pkt->sport)
		count_port(compat, pkt, pkt->dport, time_ns);
}

/* Labels as sent, joined by dots; what is no whole label is left out. */
static size_t join_labels(char to[COMPAT_NAME_ROOM], const uint8_t *name, size_t length)
{
	size_t used = 0;

	for (size_t at = 0; at < length && name[at] && at + name[at] < length; at += name[at] + 1) {
		if (used)
			to[used++] = '.';
		memcpy(to + used, name + at + 1, name[at]);
		used += name[at];
	}
	return used;
}

void compat_query(struct compat *compat, const __u64 client[2], const uint8_t *wire, size_t size,
		  uint64_t time_ns)
{
	char name[COMPAT_NAME_ROOM];
	struct compat_row *row;
	size_t length;

	if (size > COMPAT_NAME_ROOM - 1)
		size = COMPAT_NAME_ROOM - 1;
	length = join_labels(name, wire, size);
	if (length <= COMPAT_NAME)
		return;
	row = table_get(&compat->askers, client, NULL);
	count(compat, row, time_ns);
	if (row->count == 1) {
		memcpy(row->src.bytes, client, sizeof(row->src.bytes));
		row->time_ns = time_ns;
	}
	if (length > row->length) {
		row->length = length;
		memcpy(row->name, name, length);
	}
}

void compat_dns(struct compat *compat, const struct skua_dns_event *event)
{
	const __u64 *client =
		event->sender == SKUA_LOW ? event->head.key.low : event->head.key.high;

	if (!event->dns.response)
		compat_query(compat, client, event->name, event->dns.name_length,
			     event->head.time_ns);
}
