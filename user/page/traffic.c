// SPDX-License-Identifier: BSD-2-Clause
/* Bytes over time and by address. */
#include <string.h>
#include "page/traffic.h"

struct host {
	uint64_t packets[2], bytes[2];
};

static uint64_t host_worth(const void *value)
{
	const struct host *host = value;

	return host->bytes[TRAFFIC_SENT] + host->bytes[TRAFFIC_RECEIVED];
}

int traffic_init(struct traffic *traffic)
{
	const struct table_options options = { .key_size = sizeof(struct address),
					       .value_size = sizeof(struct host),
					       .capacity = TRAFFIC_HOSTS,
					       .worth = host_worth };

	memset(traffic, 0, sizeof(*traffic));
	return table_init(&traffic->hosts, &options);
}

void traffic_fini(struct traffic *traffic)
{
	table_fini(&traffic->hosts);
}

static void join_bins(struct traffic *traffic)
{
	for (unsigned i = 0; i < TRAFFIC_BINS; i++) {
		struct traffic_bin bin = traffic->bins[i];

		memset(&traffic->bins[i], 0, sizeof(bin));
		traffic->bins[i / 2].packets += bin.packets;
		for (int kind = 0; kind < TRAFFIC_KINDS; kind++)
			traffic->bins[i / 2].bytes[kind] += bin.bytes[kind];
	}
	traffic->bin_ns *= 2;
	traffic->used = (traffic->used + 1) / 2;
}

static unsigned bin_of(struct traffic *traffic, uint64_t time_ns)
{
	if (!traffic->bin_ns) {
		traffic->first_ns = time_ns;
		traffic->bin_ns = TRAFFIC_BIN_NS;
	}
	if (time_ns < traffic->first_ns) {
		traffic->early++;
		return 0;
	}
	while ((time_ns - traffic->first_ns) / traffic->bin_ns >= TRAFFIC_BINS)
		join_bins(traffic);
	return (time_ns - traffic->first_ns) / traffic->bin_ns;
}

static void count_host(struct traffic *traffic, const uint64_t words[2], enum traffic_way way,
		       uint32_t length)
{
	struct host *host = table_get(&traffic->hosts, words, NULL);

	host->packets[way]++;
	host->bytes[way] += length;
}

void traffic_packet(struct traffic *traffic, const struct skua_packet *pkt, uint64_t time_ns)
{
	enum traffic_kind kind = pkt->proto == SKUA_TCP   ? TRAFFIC_TCP
				 : pkt->proto == SKUA_UDP ? TRAFFIC_UDP
							  : TRAFFIC_OTHER;
	unsigned bin = bin_of(traffic, time_ns);
	const uint64_t src[2] = { pkt->src[0], pkt->src[1] };
	const uint64_t dst[2] = { pkt->dst[0], pkt->dst[1] };

	traffic->bins[bin].packets++;
	traffic->bins[bin].bytes[kind] += pkt->length;
	if (bin >= traffic->used)
		traffic->used = bin + 1;
	count_host(traffic, src, TRAFFIC_SENT, pkt->length);
	count_host(traffic, dst, TRAFFIC_RECEIVED, pkt->length);
}

static bool is_before(const struct traffic_host *a, const struct traffic_host *b)
{
	uint64_t of_a = a->bytes[0] + a->bytes[1], of_b = b->bytes[0] + b->bytes[1];

	if (of_a != of_b)
		return of_a > of_b;
	return memcmp(&a->address, &b->address, sizeof(a->address)) < 0;
}

unsigned traffic_top(const struct traffic *traffic, struct traffic_host top[TRAFFIC_TOP])
{
	unsigned count = 0;

	for (const struct host *host = NULL; (host = table_next(&traffic->hosts, host));) {
		struct traffic_host row = { .address = address_from(
						    table_key(&traffic->hosts, host)) };
		unsigned at = count;

		memcpy(row.packets, host->packets, sizeof(row.packets));
		memcpy(row.bytes, host->bytes, sizeof(row.bytes));
		if (count == TRAFFIC_TOP && !is_before(&row, &top[--at]))
			continue;
		for (; at && is_before(&row, &top[at - 1]); at--)
			top[at] = top[at - 1];
		top[at] = row;
		count += count < TRAFFIC_TOP;
	}
	return count;
}
