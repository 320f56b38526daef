// SPDX-License-Identifier: BSD-2-Clause
/*
 * Samples, reports and selections in any order, on small areas: what is
 * selected is in order, each once, and is written as a file.  The input is a
 * row of orders: a byte that says what, and bytes that say which.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record/recorder.h"
#include "record/snapshot.h"
#include "skua/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define ORDER 8
#define LARGEST 4096

static void check(bool good)
{
	if (!good)
		abort();
}

/* Few hosts and ports, so that pairs meet again. */
static struct skua_flow_key key_of(const uint8_t *order)
{
	static const uint8_t protocols[] = { SKUA_TCP, SKUA_UDP, SKUA_ICMP, SKUA_SCTP };
	struct skua_flow_key key = { .low_port = 1000 + order[1] % 4,
				     .high_port = order[1] & 64 ? 53 : 443,
				     .proto = protocols[order[1] >> 4 & 3] };

	((uint8_t *)key.low)[15] = order[2] % 16;
	((uint8_t *)key.high)[15] = 16 + order[2] / 16;
	return key;
}

static void give_sample(struct recorder *recorder, const uint8_t *order, uint64_t now_ns)
{
	static const uint8_t filling[LARGEST];
	const struct skua_flow_key key = key_of(order);
	struct skua_sample_event event = { .captured = order[3] * 16u + order[4] % 16,
					   .payload = order[4],
					   .offset = order[5],
					   .tcp_flags = order[6],
					   .link = order[7] % 6,
					   .sender = order[7] >> 3 & 1,
					   .flags = order[7] >> 4 };
	uint8_t *copy = malloc(event.captured + 1);

	check(copy != NULL);
	memcpy(copy, filling, event.captured);
	memcpy(copy, order, event.captured < ORDER ? event.captured : ORDER);
	event.length = event.captured + order[5];
	skua_event_init(&event.head, SKUA_EVENT_SAMPLE, &key, order[5], now_ns);
	recorder_sample(recorder, &event, copy, event.captured);
	free(copy);
}

static void give_flow(struct recorder *recorder, const uint8_t *order, uint64_t now_ns)
{
	const struct skua_flow_key key = key_of(order);
	struct skua_flow_event event = { .flow = { .first_ns = now_ns - order[3],
						   .last_ns = now_ns,
						   .reported_s = order[4] & 1,
						   .report_shift = SKUA_REPORT_SHIFT_MIN },
					 .reason = order[4] >> 1 & 3 };

	event.flow.way[0].payload = order[5] * 1000ull;
	event.flow.way[1].packets = order[6];
	skua_event_init(&event.head, SKUA_EVENT_FLOW, &key, 1, now_ns);
	recorder_flow(recorder, &event);
}

static void check_selection(const struct recorder_selection *selection, uint64_t bytes_max)
{
	struct snapshot_about about = { .application = "skua" };
	struct finding finding = { .kind = FINDING_BEACON, .dport = 443, .proto = SKUA_TCP };
	struct snapshot_result result = {};
	uint64_t bytes = 0;
	char *file = NULL;
	size_t length;
	FILE *stream = open_memstream(&file, &length);

	check(selection->count && stream);
	for (size_t i = 0; i < selection->count; i++) {
		bytes += selection->rows[i].captured;
		check(!i || selection->rows[i - 1].number < selection->rows[i].number);
	}
	check(!bytes_max || bytes <= bytes_max);
	about.finding = &finding;
	check(!snapshot_write(stream, &about, selection, snapshot_link(selection), &result));
	check(result.packets + result.other_links == selection->count);
	fclose(stream);
	free(file);
}

static void ask(struct recorder *recorder, const uint8_t *order, uint64_t now_ns)
{
	struct recorder_selector selector = { .what = order[3] % 5,
					      .port = order[4] & 1 ? 443 : 0,
					      .name_hash = order[5],
					      .bytes_max = order[6] * 64u,
					      .since_ns =
						      order[4] & 2 ? now_ns - order[7] * 1000 : 0 };
	const struct skua_flow_key key = key_of(order);
	struct recorder_selection selection;

	selector.a = address_from(key.low);
	selector.b = address_from(key.high);
	if (order[4] & 4)
		strcpy(selector.domain, "a.b");
	if (recorder_select(recorder, &selector, &selection))
		return;
	check_selection(&selection, selector.bytes_max);
	recorder_selection_fini(&selection);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct recorder_options options = { .ring_bytes = 64 << 10,
					    .keep_bytes = 16 << 10,
					    .pairs = 8 };
	struct recorder_counts counts;
	struct recorder *recorder;
	uint64_t now_ns = 1767225600000000000;

	if (size && bytes[0] & 1)
		options.keep_bytes = 0;
	check(!recorder_open(&recorder, &options));
	for (; size >= ORDER; bytes += ORDER, size -= ORDER) {
		const struct skua_flow_key key = key_of(bytes);

		now_ns += bytes[0] * 10000000ull;
		if (bytes[0] % 8 == 0)
			give_flow(recorder, bytes, now_ns);
		else if (bytes[0] % 8 == 1)
			recorder_name(recorder, &key, bytes[3] & 1, bytes[5]);
		else if (bytes[0] % 32 == 2)
			ask(recorder, bytes, now_ns);
		else
			give_sample(recorder, bytes, now_ns);
	}
	recorder_counts(recorder, &counts);
	check(counts.ring_used <= counts.ring_size && counts.keep_used <= counts.keep_size &&
	      counts.pairs <= counts.pairs_capacity);
	recorder_close(recorder);
	return 0;
}
