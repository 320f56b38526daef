// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzzes what reads UDP: QUIC, SNMP, DNS and HTTP's form.  The input is a list
 * of datagrams, each a byte of ports and sender, two of length, and its
 * content.  Each is shown twice to readers of their own, who must say the same.
 */
#include <assert.h>
#include <stdio.h>
#include "dissect/datagrams.h"
#include "item_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

#define HEADER 3
#define DATAGRAMS_MAX 64

static void on_item(void *arg, const struct item *item)
{
	const struct dns_view *view = item->is;
	struct dns_record record;

	assert(item->kind && item->kind < ITEM_KINDS);
	log_item(arg, item);
	if (item->kind == ITEM_DNS) {
		struct dns_reader reader = dns_view_rewind(view);

		for (unsigned i = 0; i < view->questions; i++)
			if (!dns_read_question(&reader, &record))
				break;
		while (dns_read_record(&reader, &record)) {
			char text[64];

			assert(strlen(dns_record_text(view, &record, text, sizeof(text))) < 64);
		}
	}
}

static void show(struct quic *quic, uint8_t kind, struct cursor payload, uint64_t frame,
		 struct item_log *log)
{
	static const uint16_t ports[] = { 53, 5353, 5355, 137, 161, 443, 1900, 8000 };
	struct skua_packet pkt = { .proto = SKUA_UDP,
				   .src = { 1 + (kind & 1) },
				   .dst = { 2 - (kind & 1) },
				   .sport = kind & 1 ? ports[kind >> 1 & 7] : 2000,
				   .dport = kind & 1 ? 2000 : ports[kind >> 1 & 7],
				   .payload = payload.left };
	const struct conversation_packet packet = { .pkt = &pkt,
						    .payload = payload.at,
						    .captured = payload.left,
						    .frame = frame,
						    .time_ns = frame };

	datagrams_show(quic, &packet, on_item, log);
}

static void play(struct cursor input, struct item_log *log)
{
	struct quic quic;

	if (quic_init(&quic))
		abort();
	for (unsigned frame = 1; frame <= DATAGRAMS_MAX && input.left > HEADER; frame++) {
		size_t length = input.at[1] << 8 | input.at[2];
		uint8_t kind = input.at[0], *bytes;
		struct cursor part;

		input.at += HEADER;
		input.left -= HEADER;
		cursor_take(&input, length < input.left ? length : input.left, &part);
		/* A block of exactly that size shows who reads beyond it. */
		bytes = malloc(part.left ? part.left : 1);
		memcpy(bytes, part.at, part.left);
		show(&quic, kind, (struct cursor){ bytes, part.left }, frame, log);
		free(bytes);
	}
	quic_fini(&quic);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	struct item_log one = { 0 }, other = { 0 };

	play((struct cursor){ input, length }, &one);
	play((struct cursor){ input, length }, &other);
	assert(one.length == other.length);
	assert(!one.length || !memcmp(one.bytes, other.bytes, one.length));
	free(one.bytes);
	free(other.bytes);
	return 0;
}
